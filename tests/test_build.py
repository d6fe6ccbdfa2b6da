"""The build over a whole corpus: what comes twice, splits that hold, tests kept clear of, sources, many processes."""

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kzalign.config import BuildConfig, Config, FiltersConfig
from kzalign.corpus import Given, build
from kzalign.corpus.decontaminate import Contamination
from kzalign.corpus.filters import FILTERS
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.sources import read_sources
from kzalign.corpus.splits import read_splits
from kzalign.pipeline import cut_article
from kzalign.records import LANGS, PAIRS, Article, Bead, Machine, Reject, Version
from kzalign.store import read_rejects

OFF = tuple(name for name in FILTERS if name not in ("alignment", "numbers"))
OPEN = Config(filters=FiltersConfig(skip=OFF))
LETTERS = {"kk": "қазғылымөуебі", "ru": "исследванмяхтр", "en": "researchtopicl"}


def article(number: int, issue: str = "i", sentences: int = 4, seed: int = 0, langs: Sequence[str] = LANGS) -> Article:
    """Returns an article of made-up words, one to one in all its languages."""
    versions = {}
    for lang in langs:
        rng = random.Random(f"{number} {seed} {lang}")
        texts = tuple(
            " ".join("".join(rng.choices(LETTERS[lang], k=rng.randint(4, 9))) for _ in range(12)).capitalize() + "."
            for _ in range(sentences)
        )
        versions[lang] = Version(lang, f"{lang} {number}", " ".join(texts), texts, abstract_lines=((1, 4),))
    beads = tuple(Bead((k,), (k,), 0.95) for k in range(sentences))
    pairs = {pair: beads for pair in PAIRS if set(pair.split("-")) <= set(langs)}
    return Article(f"{issue}-{number:04d}", issue, (1, 9), versions, pairs)


def made(articles: Sequence[Article], folder: Path, config: Config = OPEN, **given: Any) -> dict[str, Any]:
    """Builds a corpus of the articles and returns its manifest."""
    inputs = [{"id": issue, "file": f"{issue}.txt"} for issue in dict.fromkeys(a.issue_id for a in articles)]
    return build([*inputs, *articles], folder, config, cut_article, given=Given(**{"jobs": 1} | given))


def rows(folder: Path, name: str, split: str = "*") -> list[dict[str, Any]]:
    files = sorted((folder / "data" / name).glob(f"{split}-*.parquet"))
    return [row for file in files for row in pq.read_table(file).to_pylist()]


def rejects(folder: Path, stage: str) -> list[Reject]:
    return [r for r in read_rejects(folder / "rejects.jsonl") if r.stage == stage]


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_the_processes_change_nothing(tmp_path: Path) -> None:
    articles = [article(k, f"i{k % 7}") for k in range(450)]
    manifests = [made(articles, tmp_path / f"{jobs}", jobs=jobs) for jobs in (1, 3)]
    assert manifests[0] == manifests[1]
    assert manifests[0]["rows"]["kk-ru"]["train"] + manifests[0]["rows"]["kk-ru"]["validation"] > 1500
    assert files(tmp_path / "1") == files(tmp_path / "3")


def test_an_article_published_twice_counts_once(tmp_path: Path) -> None:
    again = article(0, "j")
    fewer = article(1, "j", langs=("ru", "en"))
    manifest = made([article(0), article(1), again, fewer, article(2, "j")], tmp_path / "c")
    assert [row["id"] for row in rows(tmp_path / "c", ARTICLES)] == ["i-0000", "i-0001", "j-0002"]
    found = {r.id: (r.reason, r.record["of"], r.record["score"]) for r in rejects(tmp_path / "c", "deduplicate")}
    assert found == {
        "j-0000": ("published twice: exact duplicate of i-0000", "i-0000", 1.0),
        "j-0001": ("published twice: exact duplicate of i-0001", "i-0001", 1.0),
    }
    assert manifest["duplicates"] == {"articles": {"exact": 2, "near": 0}, "segments": 0}
    assert manifest["rejects"] == {"published twice": 2}
    assert manifest["articles"] == sum(manifest["rows"][ARTICLES].values()) + 2


def test_a_row_that_comes_again_is_left_out(tmp_path: Path) -> None:
    first, second = article(0), article(1)
    same = {lang: first.versions[lang].sentences[:1] + v.sentences[1:] for lang, v in second.versions.items()}
    versions = {lang: Version(lang, None, " ".join(texts), texts) for lang, texts in same.items()}
    manifest = made([first, Article("i-0001", "i", (1, 9), versions, second.alignment)], tmp_path / "c")
    found = rejects(tmp_path / "c", "deduplicate")
    assert [(r.id, r.reason) for r in found] == [
        (f"i-0001/{name}/000", f"the same text as: i-0000/{name}/000") for name in CONFIGS
    ]
    assert found[0].record["text"] == {lang: first.versions[lang].sentences[0] for lang in ("kk", "ru")}
    assert manifest["duplicates"]["segments"] == manifest["rejects"]["the same text as"] == 4
    assert sum(manifest["rows"]["kk-ru"].values()) == 7


def test_an_id_that_comes_again_is_a_reject(tmp_path: Path) -> None:
    other = article(5)
    twin = Article("i-0000", "i", other.article_lines, other.versions, other.alignment)
    manifest = made([article(0), twin], tmp_path / "c")
    [reject] = rejects(tmp_path / "c", "build")
    assert (reject.id, reject.reason) == ("i-0000", "an article with the id of another")
    assert reject.record == json.loads(json.dumps(twin.to_json()))
    assert manifest["articles"] == 1


SHARES = Config(build=BuildConfig(validation=0.2, test=0.2), filters=OPEN.filters)


def homes(folder: Path) -> dict[str, str]:
    """Returns each article's split."""
    return {row["id"]: split for split in ("train", "validation", "test") for row in rows(folder, ARTICLES, split)}


def test_splits_hold_when_documents_are_added_and_when_an_earlier_corpus_is_named(tmp_path: Path) -> None:
    old = [article(k, f"i{k % 3}") for k in range(30)]
    new = [article(k, "j", seed=9) for k in range(12)]
    made(old, tmp_path / "old", SHARES)
    made([*new, *old], tmp_path / "more", SHARES)
    before, after = homes(tmp_path / "old"), homes(tmp_path / "more")
    assert set(before.values()) == {"train", "validation", "test"}
    assert {name: after[name] for name in before} == before
    renamed = [Article(f"x-{k}", "x", a.article_lines, a.versions, a.alignment) for k, a in enumerate(old)]
    made(renamed, tmp_path / "renamed", SHARES, kept_splits=read_splits(tmp_path / "old"))
    kept = homes(tmp_path / "renamed")
    assert [kept[f"x-{k}"] for k in range(30)] == [before[a.id] for a in old]


def test_an_article_that_a_test_set_kept_out_stays_in_its_split_too(tmp_path: Path) -> None:
    """Its other sentences are in training: drawn anew, it could come into the test split of the next corpus."""
    old = [article(k, f"i{k % 3}") for k in range(40)]
    tests = tmp_path / "flores.kk"
    tests.write_text("".join(a.versions["kk"].sentences[2] + "\n" for a in old), encoding="utf-8")
    made(old, tmp_path / "old", SHARES, contamination=Contamination.read([tests]))
    trained = {row["article_id"] for row in rows(tmp_path / "old", "kk-ru", "train")}
    assert len(trained) > 10 and rows(tmp_path / "old", ARTICLES, "train") == []
    renamed = [Article(f"x-{k}", "x", a.article_lines, a.versions, a.alignment) for k, a in enumerate(old)]
    made(renamed, tmp_path / "renamed", SHARES, kept_splits=read_splits(tmp_path / "old"))
    kept = homes(tmp_path / "renamed")
    assert {a.id for k, a in enumerate(old) if kept[f"x-{k}"] == "train"} == trained


def test_training_rows_keep_clear_of_a_test_set(tmp_path: Path) -> None:
    articles = [article(k) for k in range(20)]
    tests = tmp_path / "flores.kk"
    clear = {a.id for a in articles[::5]}
    tests.write_text("".join(a.versions["kk"].sentences[2] + "\n" for a in articles if a.id not in clear), encoding="utf-8")
    manifest = made(articles, tmp_path / "c", SHARES, contamination=Contamination.read([tests]))
    training = {row["article_id"] for row in rows(tmp_path / "c", "kk-ru", "train")}
    found = rejects(tmp_path / "c", "decontaminate")
    for name in ("kk-ru", ARTICLES):
        assert {r.record["article_id"] for r in found if r.record["config"] == name} == training - clear
    assert {row["id"] for row in rows(tmp_path / "c", ARTICLES, "train")} == training & clear
    assert all(r.reason.startswith(f"overlaps a test set: {tests.name}:") for r in found)
    assert manifest["decontaminated"] == {tests.name: len(found)}
    for name in ("kk-ru", "kk-en", "kk-ru-en"):
        held = {row["article_id"] for row in rows(tmp_path / "c", name, "train") if row["sentence_ids"]["kk"] == [2]}
        assert held == training & clear
        assert any(row["sentence_ids"]["kk"] == [2] for row in rows(tmp_path / "c", name, "test"))


def test_what_a_machine_made_is_marked_and_kept_to_training(tmp_path: Path) -> None:
    def with_machine(article: Article) -> Article:
        machine = Machine("m@1", "s", "2026-01-01", "ru", ("title", "abstract"))
        return replace(article, versions=article.versions | {"en": replace(article.versions["en"], machine=machine)})

    articles = [with_machine(article(k)) for k in range(40)]
    made(articles, tmp_path / "c", SHARES)
    assert sum(len(rows(tmp_path / "c", name)) for name in ("kk-en", "ru-en", "kk-ru-en")) == 0
    assert len(rows(tmp_path / "c", "kk-ru")) == 160
    nobody = {"kk": None, "ru": None, "en": None}
    for row in rows(tmp_path / "c", ARTICLES, "train"):
        assert row["machine_translated"] == nobody | {"en": "m@1"}
        assert row["abstract"]["en"]
    for split in ("validation", "test"):
        for row in rows(tmp_path / "c", ARTICLES, split):
            assert (row["machine_translated"], row["abstract"]["en"], row["alignment"]["kk-en"]) == (nobody, None, None)
    human = [a.human() for a in articles]
    assert homes(tmp_path / "c") == (made(human, tmp_path / "h", SHARES), homes(tmp_path / "h"))[1]


def test_rows_carry_the_licence_of_their_source(tmp_path: Path) -> None:
    toml = tmp_path / "sources.toml"
    toml.write_text('[documents."a*"]\nlicence = "CC-BY-4.0"\npublisher = "P"\nurl = "https://example.org/a"\n', encoding="utf-8")
    manifest = made([article(0, "abc"), article(1, "xyz")], tmp_path / "c", sources=read_sources(toml))
    assert {name: source["publisher"] for name, source in manifest["sources"].items()} == {"abc": "P"}
    for name in (*CONFIGS, ARTICLES):
        assert {(row["issue_id"], row["licence"]) for row in rows(tmp_path / "c", name)} == {
            ("abc", manifest["sources"]["abc"]["licence"]),
            ("xyz", None),
        }


def test_what_a_filter_refuses_is_counted_alone_and_in_order(tmp_path: Path) -> None:
    base = article(0)
    texts = {lang: (f"{v.sentences[0][:-1]} 1941 1945.", *v.sentences[1:]) for lang, v in base.versions.items()}
    texts["ru"] = (base.versions["ru"].sentences[0][:-1] + " 1812 1815.", *texts["ru"][1:])
    versions = {lang: Version(lang, None, " ".join(own), own) for lang, own in texts.items()}
    low = (Bead((0,), (0,), 0.3), *base.alignment["kk-ru"][1:])
    manifest = made([Article("i-0000", "i", (1, 9), versions, base.alignment | {"kk-ru": low})], tmp_path / "c")
    counts = {row["name"]: (row["alone"], row["in_order"]) for row in manifest["filters"]}
    assert counts == {"alignment": (2, 2), "numbers": (3, 1)}
    found = {r.id: r for r in rejects(tmp_path / "c", "filter")}
    assert {key: (r.reason, r.record["refused"]) for key, r in found.items()} == {
        "i-0000/kk-ru/000": ("filters.alignment: below 0.89", ["alignment", "numbers"]),
        "i-0000/ru-en/000": ("filters.numbers: below 0.6", ["numbers"]),
        "i-0000/kk-ru-en/000": ("filters.alignment: below 0.89", ["alignment", "numbers"]),
    }
    assert found["i-0000/ru-en/000"].record["score"] < 0.6
    assert set(found["i-0000/ru-en/000"].record["scores"]) == {"alignment", "numbers"}


def test_a_corpus_without_the_alignment_filter_keeps_its_scores(tmp_path: Path) -> None:
    everything = Config(filters=FiltersConfig(skip=tuple(FILTERS)))
    manifest = made([article(0)], tmp_path / "c", everything)
    assert [row["score"] for row in rows(tmp_path / "c", "kk-ru")] == [pytest.approx(0.95)] * 4
    assert manifest["filters"] == []


def test_the_report_of_a_large_corpus_holds_a_sample(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kzalign.corpus.SHOWN_ARTICLES", 10)
    monkeypatch.setattr("kzalign.corpus.SHOWN_REJECTS", 5)
    articles = [article(k, langs=("kk", "ru") if k % 2 else ("kk",)) for k in range(40)]
    manifest = made(articles, tmp_path / "c")
    page = (tmp_path / "c" / "report.html").read_text(encoding="utf-8")
    figures = json.loads(page.split('data-kind="figures">')[1].split("</script>")[0])[0]
    assert figures["articles"] == 40
    assert figures["shown"] == {"articles": 10, "rejects": 5}
    assert manifest["rejects"] == {"an abstract in one language only": 20}


def test_statistics_say_what_the_rows_are(tmp_path: Path) -> None:
    manifest = made([article(k) for k in range(30)], tmp_path / "c", SHARES)
    for name, langs in CONFIGS.items():
        for split, figures in manifest["statistics"][name].items():
            own = rows(tmp_path / "c", name, split)
            words = {lang: sum(len(row["translation"][lang].split()) for row in own) for lang in langs}
            assert figures == {"rows": len(own), "articles": len({row["article_id"] for row in own}), "words": words}
        assert sum(manifest["scores"][name]) == sum(manifest["rows"][name].values())
