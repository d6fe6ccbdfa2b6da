"""The dataset folder: it opens everywhere, it is whole, the same input gives the same bytes, nothing is lost."""

import json
import re
import warnings
from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from kzalign.align.trilingual import triples
from kzalign.config import BuildConfig, Config, FiltersConfig
from kzalign.corpus import Given, build
from kzalign.corpus.card import card
from kzalign.corpus.filters import FILTERS
from kzalign.corpus.parquet import ARTICLES, CONFIGS, Table, segment_row, segment_schema
from kzalign.corpus.segments import SPLITS, TRIPLE, article_reject
from kzalign.errors import KzalignError
from kzalign.extract.readers import READERS
from kzalign.pipeline import Document, cut_article, process_all
from kzalign.records import LANGS, PAIRS, Article, Bead, Reject, Segment, Spans, Version
from kzalign.store import read_rejects

TESTS = Path(__file__).resolve().parent
EXAMPLES = sorted(path for path in (TESTS.parent / "examples").iterdir() if path.suffix in READERS)
NAMES = (*CONFIGS, ARTICLES)


def items(documents: list[Document]) -> list[Any]:
    """Returns what a build is fed, in the command line's order."""
    return [item for d in documents for item in (d.entry, *d.rejects, *d.articles)]


def made(fed: list[Any], folder: Path, config: Config | None = None) -> dict[str, Any]:
    """Builds a folder and returns its manifest."""
    return build(fed, folder, config or Config(), cut_article, given=Given(jobs=1))


def rows(folder: Path, name: str, split: str = "*") -> list[dict[str, Any]]:
    """Returns the rows of a configuration's split."""
    files = sorted((folder / "data" / name).glob(f"{split}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def filled(sizes: dict[str, int]) -> dict[str, int]:
    """Returns the splits that have rows, and how many."""
    return {split: n for split, n in sizes.items() if n}


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> list[Document]:
    """Returns the examples, one of them twice, and an empty document."""
    empty = tmp_path_factory.mktemp("input") / "empty.txt"
    empty.write_bytes(b"")
    return list(process_all([*EXAMPLES, EXAMPLES[0], empty], Config(), True, 1))


@pytest.fixture(scope="module")
def corpus(documents: list[Document], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the dataset folder of the examples."""
    folder = tmp_path_factory.mktemp("output") / "corpus"
    made(items(documents), folder)
    return folder


@pytest.fixture(scope="module")
def manifest(corpus: Path) -> dict[str, Any]:
    """Returns the folder's manifest."""
    data: dict[str, Any] = json.loads((corpus / "manifest.json").read_text(encoding="utf-8"))
    return data


@pytest.fixture(scope="module")
def rejects(corpus: Path) -> list[Reject]:
    """Returns the folder's rejects."""
    return list(read_rejects(corpus / "rejects.jsonl"))


# it opens everywhere


@pytest.mark.parametrize("name", NAMES)
def test_datasets_opens_every_configuration(corpus: Path, manifest: dict[str, Any], tmp_path: Path, name: str) -> None:
    datasets = pytest.importorskip("datasets")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = datasets.load_dataset(str(corpus), name, cache_dir=str(tmp_path))
    assert filled({split: found[split].num_rows for split in found}) == filled(manifest["rows"][name])
    if name in CONFIGS:
        for split in found.values():
            assert isinstance(split.features["translation"], datasets.Translation)
            assert set(split.features["translation"].languages) == set(CONFIGS[name])
        row = found["train"][0]
        assert set(row["translation"]) == set(CONFIGS[name])
        assert all(isinstance(text, str) and text for text in row["translation"].values())


@pytest.mark.parametrize("name", NAMES)
def test_pandas_and_pyarrow_read_every_file(corpus: Path, manifest: dict[str, Any], name: str) -> None:
    pandas = pytest.importorskip("pandas")
    for split in filled(manifest["rows"][name]):
        (file,) = (corpus / "data" / name).glob(f"{split}-*.parquet")
        assert file.name == f"{split}-00000-of-00001.parquet"
        assert pq.read_table(file).num_rows == manifest["rows"][name][split] == len(pandas.read_parquet(file))


def test_the_rows_say_where_they_come_from(corpus: Path, documents: list[Document]) -> None:
    articles = {a.id: a for d in documents for a in d.articles}
    for name, langs in CONFIGS.items():
        for row in rows(corpus, name):
            article = articles[row["article_id"]]
            assert row["id"].startswith(f"{article.id}/{name}/")
            for lang in langs:
                version = article.versions[lang]
                assert row["translation"][lang] == " ".join(version.sentences[i] for i in row["sentence_ids"][lang])
                assert row["lines"][lang] == [list(span) for span in version.abstract_lines]
            assert 0.5 <= row["score"] <= 1


def test_the_articles_are_whole(corpus: Path, documents: list[Document]) -> None:
    articles = {a.id: a for d in documents for a in d.articles}
    found = {row["id"]: row for row in rows(corpus, ARTICLES)}
    assert found.keys() == articles.keys()
    for key, article in articles.items():
        row = found[key]
        assert (row["issue_id"], tuple(row["notes"])) == (article.issue_id, article.notes)
        for lang in LANGS:
            version = article.versions.get(lang)
            assert row["abstract"][lang] == (version.abstract or None if version else None)
            assert row["title"][lang] == (version.title if version else None)
            assert row["sentences"][lang] == (list(version.sentences) if version else None)
            assert row["keywords"][lang] == (list(version.keywords) if version else None)
        for pair in PAIRS:
            wanted = [(list(b.left), list(b.right), pytest.approx(b.score, abs=1e-4)) for b in article.alignment.get(pair, ())]
            assert [(b["left"], b["right"], b["score"]) for b in row["alignment"][pair] or ()] == wanted


# it is whole and says so


def test_every_document_is_an_entry(manifest: dict[str, Any], rejects: list[Reject], documents: list[Document]) -> None:
    assert manifest["inputs"] == [d.entry for d in documents]
    assert sum(entry.get("articles", 0) for entry in manifest["inputs"]) == manifest["articles"]
    read = {r.id for r in rejects if r.stage == "read"}
    assert {entry["id"] for entry in manifest["inputs"] if not entry.get("articles")} == read
    assert len(read) == 2


def test_input_is_output_and_rejects(corpus: Path, rejects: list[Reject], documents: list[Document]) -> None:
    out = Counter((row["article_id"], name) for name in CONFIGS for row in rows(corpus, name))
    dropped = Counter((r.record["article_id"], r.record["config"]) for r in rejects if "config" in r.record)
    for article in (a for d in documents for a in d.articles):
        for pair in PAIRS:
            assert out[article.id, pair] + dropped[article.id, pair] == len(article.alignment.get(pair, ()))
        rows_of, contradictions = triples(article)
        assert out[article.id, TRIPLE] + dropped[article.id, TRIPLE] == len(rows_of) + len(contradictions)
    early = [r for d in documents for r in d.rejects]
    lone = [r for d in documents for a in d.articles if (r := article_reject(a))]
    assert len(rejects) == len(early) + len(lone) + dropped.total()
    assert all(r.reason and r.id and r.stage in ("read", "extract", "build", "filter") for r in rejects)


def test_every_sentence_is_in_a_row_or_a_reject(corpus: Path, rejects: list[Reject], documents: list[Document]) -> None:
    seen = Counter(
        (row["article_id"], name, lang, i)
        for name in PAIRS
        for row in rows(corpus, name)
        for lang, indices in row["sentence_ids"].items()
        for i in indices
    )
    seen += Counter(
        (r.record["article_id"], r.record["config"], lang, i)
        for r in rejects
        if r.record.get("config") in PAIRS
        for lang, indices in r.record["sentence_ids"].items()
        for i in indices
    )
    wanted = Counter(
        (a.id, pair, lang, i)
        for d in documents
        for a in d.articles
        for pair in a.alignment
        for lang in pair.split("-")
        for i in range(len(a.versions[lang].sentences))
    )
    assert seen == wanted


def test_the_manifest_counts_what_is_there(corpus: Path, manifest: dict[str, Any], rejects: list[Reject]) -> None:
    assert manifest["rows"] == {name: {split: len(rows(corpus, name, split)) for split in SPLITS} for name in NAMES}
    assert sum(manifest["rejects"].values()) == len(rejects)
    assert manifest["articles"] == sum(manifest["rows"][ARTICLES].values())
    assert manifest["config"]["filters"]["alignment"] == FiltersConfig().alignment
    assert sorted(p.name for p in corpus.iterdir()) == ["README.md", "data", "manifest.json", "rejects.jsonl", "report.html"]


def test_the_card_names_what_is_there(corpus: Path, manifest: dict[str, Any]) -> None:
    yaml = pytest.importorskip("yaml")
    text = (corpus / "README.md").read_text(encoding="utf-8")
    _, head, body = text.split("---\n", 2)
    data = yaml.safe_load(head)
    assert data["language"] == list(LANGS)
    assert data["size_categories"] == ["n<1K"]
    assert [entry["config_name"] for entry in data["configs"]] == list(NAMES)
    for entry in data["configs"]:
        named = [file["split"] for file in entry["data_files"]]
        assert set(filled(manifest["rows"][entry["config_name"]])) <= set(named) <= set(SPLITS)
        assert all(len(list(corpus.glob(file["path"]))) == 1 for file in entry["data_files"])
    lines = [[cell.strip() for cell in line.strip("| ").split("|")] for line in body.split("\n")]
    table = {cells[0]: cells[1:] for cells in lines if len(cells) == 4}
    for name in NAMES:
        assert [int(n) for n in table[name]] == [manifest["rows"][name][split] for split in SPLITS]
    for reason, n in manifest["rejects"].items():
        assert f"| {reason} | {n} |" in body


SIZES = [(0, "n<1K"), (999, "n<1K"), (1_000, "1K<n<10K"), (9_999, "1K<n<10K"), (10_000, "10K<n<100K"), (10_000_000, "10M<n<100M")]


@pytest.mark.parametrize(("n", "label"), SIZES)
def test_the_card_sorts_a_corpus_by_size(n: int, label: str) -> None:
    counts = {name: dict.fromkeys(SPLITS, 0) for name in NAMES}
    counts["kk-ru"]["train"] = n
    assert f"- {label}\n" in card({"rows": counts, "inputs": [], "rejects": {}})


# the same input gives the same bytes, and more input moves nothing


def files(folder: Path) -> dict[str, bytes]:
    """Returns the bytes of every file of a folder."""
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_same_input_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty.txt"
    empty.write_bytes(b"")
    again = list(process_all([*EXAMPLES, EXAMPLES[0], empty], Config(), True, 2))
    made(items(again), tmp_path / "corpus")
    first, second = files(corpus), files(tmp_path / "corpus")
    assert first.keys() == second.keys()
    assert [name for name in first if first[name] != second[name]] == []


SHARES = Config(build=BuildConfig(validation=0.3, test=0.3))


def splits(folder: Path) -> dict[str, dict[str, set[str]]]:
    """Returns by configuration the articles of each split."""
    return {
        name: {split: {row["id" if name == ARTICLES else "article_id"] for row in rows(folder, name, split)} for split in SPLITS}
        for name in NAMES
    }


def test_no_article_is_in_two_splits_and_more_documents_move_none(documents: list[Document], tmp_path: Path) -> None:
    made(items(documents[:2]), tmp_path / "small", SHARES)
    made(items([documents[2], *documents[:2]]), tmp_path / "large", SHARES)
    small, large = splits(tmp_path / "small"), splits(tmp_path / "large")
    home = {key: split for split, own in large[ARTICLES].items() for key in own}
    assert len(set(home.values())) > 1
    for name in NAMES:
        for found in (small, large):
            assert all(home[key] == split for split, own in found[name].items() for key in own)
    assert sum(map(len, large[ARTICLES].values())) == sum(d.entry["articles"] for d in documents[:3])


# odd corpora

OPEN = Config(filters=FiltersConfig(skip=tuple(name for name in FILTERS if name != "alignment")))
"""All filters but the alignment's are off."""


def one(article: Article) -> list[Any]:
    """Returns the input of a corpus of one article."""
    return [{"id": article.issue_id, "file": f"{article.issue_id}.txt"}, article]


def paired(kk: tuple[str, ...], ru: tuple[str, ...], *own: Bead) -> Article:
    """Returns an article in two languages."""
    versions = {lang: Version(lang, None, " ".join(text), text) for lang, text in (("kk", kk), ("ru", ru))}
    return Article("i-01", "i", (1, 9), versions, {"kk-ru": own})


ODD: dict[str, tuple[Article, dict[str, int], list[str]]] = {
    "a pair": (paired(("Бір.",), ("Один.",), Bead((0,), (0,), 0.9)), {"kk-ru": 1}, []),
    "a doubtful pair": (paired(("Бір.",), ("Один.",), Bead((0,), (0,), 0.2)), {}, ["filters.alignment: below 0.89"]),
    "a score at the limit": (paired(("Бір.",), ("Один.",), Bead((0,), (0,), 0.89)), {"kk-ru": 1}, []),
    "sentences alone": (
        paired(("Бір.",), ("Один.",), Bead((0,), ()), Bead((), (0,))),
        {},
        ["no counterpart in ru", "no counterpart in kk"],
    ),
    "one language": (
        Article("i-01", "i", versions={"kk": Version("kk", None, "Бір.", ("Бір.",))}),
        {},
        ["an abstract in one language only"],
    ),
    "no abstract, with a note": (
        Article("i-01", "i", versions={"kk": Version("kk", "Тақырып")}, notes=("no abstract: no prose in the document",)),
        {},
        ["no abstract: no prose in the document"],
    ),
    "nothing": (Article("i-01", "i"), {}, ["no abstract"]),
    "odd characters": (paired(('<b>|"\\\n\u2028\U0001f600',), ("</script>\x00",), Bead((0,), (0,), 0.9)), {"kk-ru": 1}, []),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_articles(case: str, tmp_path: Path) -> None:
    article, counts, reasons = ODD[case]
    manifest = made(one(article), tmp_path / "corpus", OPEN)
    assert {name: sum(manifest["rows"][name].values()) for name in CONFIGS} == dict.fromkeys(CONFIGS, 0) | counts
    assert [r.reason for r in read_rejects(tmp_path / "corpus" / "rejects.jsonl")] == reasons
    assert manifest["rejects"] == Counter(reasons)
    if counts:
        (row,) = rows(tmp_path / "corpus", "kk-ru")
        assert row["translation"] == {lang: article.versions[lang].sentences[0] for lang in ("kk", "ru")}


def test_a_corpus_with_empty_splits_opens(tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    made(
        one(paired(("Бір.",), ("Один.",), Bead((0,), (0,), 0.9))), tmp_path / "corpus", replace(OPEN, build=BuildConfig(test=1.0))
    )
    for name in NAMES:
        if name in ("kk-ru", ARTICLES):
            found = datasets.load_dataset(str(tmp_path / "corpus"), name, cache_dir=str(tmp_path / "cache"))
            assert filled({split: found[split].num_rows for split in found}) == {"test": 1}


def test_reasons_are_counted_by_their_kind(tmp_path: Path) -> None:
    sentences = ("А.", "Б.")
    versions = {lang: Version(lang, None, "А. Б.", sentences) for lang in LANGS}
    linked, apart = (Bead((0,), (0,)), Bead((1,), (1,))), (Bead((0,), ()), Bead((), (0,)), Bead((1,), ()), Bead((), (1,)))
    article = Article("i-01", "i", (1, 9), versions, {"kk-ru": linked, "kk-en": apart, "ru-en": linked})
    manifest = made(one(article), tmp_path / "corpus")
    assert manifest["rejects"]["the alignments disagree"] == 2


FEEDS: list[tuple[Callable[[], list[Any]], str]] = [
    (list, "nothing to build"),
    (lambda: [{"id": "i", "file": "i.txt"}, Reject("read", "i", "empty")], "1 x empty"),
]


@pytest.mark.parametrize(("feed", "message"), FEEDS)
def test_a_corpus_of_nothing_is_refused_and_leaves_nothing(feed: Callable[[], list[Any]], message: str, tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match=message):
        made(feed(), tmp_path / "corpus")
    assert list(tmp_path.iterdir()) == []


def test_a_build_that_breaks_leaves_nothing(tmp_path: Path) -> None:
    def broken(article: Article, split: str) -> Any:
        raise RuntimeError(article.id)

    with pytest.raises(RuntimeError, match="i-01"):
        build(one(Article("i-01", "i")), tmp_path / "corpus", Config(), broken, given=Given(jobs=1))
    assert list(tmp_path.iterdir()) == []


def test_large_tables_become_numbered_files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzalign.corpus.parquet.ROWS_PER_GROUP", 3)
    monkeypatch.setattr("kzalign.corpus.parquet.ROWS_PER_FILE", 6)
    langs = CONFIGS["kk-ru"]
    schema = segment_schema(langs)
    table = Table(tmp_path, "train", schema)
    for k in range(14):
        ids: dict[str, tuple[int, ...]] = dict.fromkeys(langs, (k,))
        lines: dict[str, Spans] = dict.fromkeys(langs, ((1, 2),))
        segment = Segment(str(k), "a", "i", dict.fromkeys(langs, "x"), ids, lines, {"alignment": 1.0}, "train")
        table.add(pa.Table.from_pylist([segment_row(segment, "MIT", {})], schema=schema))
    names = [path.name for path in table.close()]
    assert names == [f"train-{k:05d}-of-00003.parquet" for k in range(3)]
    assert sorted(p.name for p in tmp_path.iterdir()) == names
    assert [row["id"] for name in names for row in pq.read_table(tmp_path / name).to_pylist()] == [str(k) for k in range(14)]
    assert table.count == 14


@pytest.mark.parametrize("name", CONFIGS)
def test_the_schema_carries_the_translation_feature(name: str) -> None:
    schema = segment_schema(CONFIGS[name])
    features = json.loads(schema.metadata[b"huggingface"])["info"]["features"]
    assert list(features) == schema.names
    assert features["translation"]["_type"] == "Translation"
    assert pa.types.is_struct(schema.field("translation").type)
    assert re.fullmatch(r"(kk|ru|en)(-(kk|ru|en))+", name)
