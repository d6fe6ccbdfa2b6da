"""The card: what the Hub reads is what it takes, every figure is the manifest's, no name breaks it."""

import json
import re
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from kzalign.config import Config
from kzalign.corpus import build
from kzalign.corpus.card import card
from kzalign.corpus.card.markdown import escape, link, table, visible, yaml_text
from kzalign.corpus.card.origin import SHOWN
from kzalign.corpus.card.version import dataset_version
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.publish.readme import problems_of
from kzalign.corpus.segments import SPLITS
from kzalign.extract.readers import READERS
from kzalign.pipeline import cut_article, process_all

NAMES = (*CONFIGS, ARTICLES)
EXAMPLES = sorted(path for path in (Path(__file__).parents[1] / "examples").iterdir() if path.suffix in READERS)
HOSTILE = (
    "|x<script>",
    "a|b",
    "`c`",
    "*d*_e_",
    "[f](http://g)",
    "h\nj",
    "\u202ek",
    "$l$",
    "<!-- m",
    "\\|n",
    "&lt;o",
    "---",
    "# p",
)
BY = {"licence": "cc-by-4.0", "publisher": "A publisher", "url": "https://example.org/"}


def manifest(**changes: Any) -> dict[str, Any]:
    """Returns a whole manifest of a build of two documents."""
    rows = {name: dict(zip(SPLITS, (10 * k + 100, k, 0), strict=True)) for k, name in enumerate(NAMES)}
    statistics = {
        name: {
            split: {"rows": n, "articles": n + 7, "words": {lang: n + len(lang) * 1000 for lang in ("kk", "ru", "en")}}
            for split, n in counts.items()
        }
        for name, counts in rows.items()
    }
    return {
        "stage": "build",
        "versions": {"kzalign": "0.1.0", "python": "3.11.2"},
        "config": {
            "extract": {"min_chars": 80},
            "align": {
                "aligner": "encoder",
                "encoder": "/home/someone/models/labse",
                "lexicons": ["/home/someone/a.tsv", "b.tsv"],
            },
            "build": {"validation": 0.05, "near_duplicate": 0.8},
            "filters": {"alignment": 0.75, "length": 3},
        },
        "inputs": [
            {"id": "a", "file": "a.txt", "articles": 5, "repairs": {"hooks": 4, "latin": 3}},
            {"id": "b", "file": "b.md", "articles": 6},
            {"id": "c", "file": "c.txt"},
        ],
        "sources": {"a": BY, "b": BY},
        "articles": 11,
        "rows": rows,
        "statistics": statistics,
        "scores": {"kk-ru": [0] * 16 + [1, 40, 0, 80], "kk-en": [0] * 20},
        "filters": [
            {"name": "alignment", "measures": "the score", "threshold": 0.75, "keeps": "at least", "alone": 21, "in_order": 20},
            {"name": "length", "measures": "a ratio", "threshold": 3.0, "keeps": "at most", "alone": 9, "in_order": 2},
        ],
        "duplicates": {"articles": {"exact": 31, "near": 32}, "segments": 33},
        "decontaminated": {"test.kk": 41},
        "rejects": {"score below 0.75": 51, "no counterpart in ru": 52},
    } | changes


LIMITED = {
    # the manifest's limit and inputs, what the card says of it
    "documents": (
        {"limit": 2},
        "- Not of all that was given: built with `--limit 2`, from the first documents only, 2 at most.",
    ),
    "articles of a file": (
        {"limit": 11, "inputs": [{"id": "a", "file": "a", "from": {"id": "aligned", "file": "aligned.jsonl"}}]},
        "- Not of all that was given: built with `--limit 11`, from the first articles only, 11 at most.",
    ),
    "none": ({}, ""),
}


@pytest.mark.parametrize(("changes", "said"), LIMITED.values(), ids=LIMITED)
def test_a_build_that_was_cut_short_is_no_whole_one(changes: dict[str, Any], said: str) -> None:
    lines = card(manifest(**changes)).splitlines()
    assert [line for line in lines if "--limit" in line] == ([said] if said else [])
    if said:
        assert lines.index("## Known limits") + 2 == lines.index(said)


class Cells(HTMLParser):
    """Collects the texts of a page's cells by row, and the tags that it has."""

    def __init__(self, markdown: str) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.tags: list[str] = []
        self._in = False
        self.feed(MarkdownIt("commonmark").enable("table").render(markdown))

    def handle_starttag(self, tag: str, attrs: Any) -> None:
        self.tags.append(tag)
        if tag == "tr":
            self.rows.append([])
        elif tag in ("td", "th"):
            self.rows[-1].append("")
            self._in = True

    def handle_endtag(self, tag: str) -> None:
        self._in = self._in and tag not in ("td", "th")

    def handle_data(self, data: str) -> None:
        if self._in:
            self.rows[-1][-1] += data


def body(text: str) -> str:
    """Returns a card without its metadata."""
    return text.split("\n---\n", 1)[1]


def cells(text: str) -> list[list[str]]:
    """Returns the rows of all tables of a card, as a reader sees them."""
    return Cells(body(text)).rows


def data_of(text: str) -> dict[str, Any]:
    """Returns a card's metadata, as the Hub's library reads it."""
    hub = pytest.importorskip("huggingface_hub")
    data: dict[str, Any] = hub.DatasetCard(text).data.to_dict()
    return data


def data_files(own: dict[str, Any]) -> frozenset[str]:
    """Returns the names of data files that a manifest counts."""
    return frozenset(
        f"data/{name}/{split}-00000-of-00001.parquet" for name, counts in own["rows"].items() for split, n in counts.items() if n
    )


# what the Hub reads


def test_the_library_reads_the_metadata_and_nothing_is_wrong_with_it() -> None:
    own = manifest()
    data = data_of(card(own))
    assert data["language"] == ["kk", "ru", "en"]
    assert (data["license"], data["multilinguality"], data["source_datasets"]) == ("cc-by-4.0", ["translation"], ["original"])
    assert "translation" in data["task_categories"]
    assert data["pretty_name"] in body(card(own))
    assert [(c["config_name"], [f["split"] for f in c["data_files"]]) for c in data["configs"]] == [
        (name, [split for split in SPLITS if own["rows"][name][split]]) for name in NAMES
    ]
    assert problems_of(card(own), data_files(own)) == []


def named(*licences: str | None, **more: str) -> dict[str, Any]:
    """Returns the changes of a manifest whose documents, with articles, have these licences."""
    inputs = [{"id": str(k), "file": f"{k}.txt", "articles": 1} for k in range(len(licences))]
    sources = {str(k): BY | {"licence": licence} | more for k, licence in enumerate(licences) if licence}
    return {"inputs": [*inputs, {"id": "none", "file": "none.txt"}], "sources": sources}


OWN = {"licence_name": "house-1.0", "licence_url": "https://example.org/house?a=1"}
LICENCES: dict[str, tuple[dict[str, Any], dict[str, str]]] = {
    "one": (named("cc-by-4.0"), {"license": "cc-by-4.0"}),
    "the same": (named("odc-by", "odc-by"), {"license": "odc-by"}),
    "two": (named("cc-by-4.0", "cc-by-sa-4.0"), {"license": "other", "license_name": "mixed"}),
    "one and none": (named("cc-by-4.0", None), {"license": "other", "license_name": "mixed"}),
    "none": (named(None, None), {"license": "unknown"}),
    "no documents": ({"inputs": [], "sources": {}}, {"license": "unknown"}),
    "one of their own": (
        named("other", "other", **OWN),
        {"license": "other", "license_name": "house-1.0", "license_link": "https://example.org/house?a=1"},
    ),
    "one that the Hub does not list": (
        named("cc-by-sa-2.5"),
        {
            "license": "other",
            "license_name": "cc-by-sa-2.5",
            "license_link": "https://creativecommons.org/licenses/by-sa/2.5/",
        },
    ),
}


@pytest.mark.parametrize("case", LICENCES)
def test_the_licence_is_told_as_the_hub_wants_it(case: str) -> None:
    changes, wanted = LICENCES[case]
    own = manifest(**changes)
    data = data_of(card(own))
    assert {key: data[key] for key in ("license", "license_name", "license_link") if key in data} == wanted
    assert problems_of(card(own), data_files(own)) == []


def test_documents_without_a_licence_are_counted() -> None:
    assert "No licence is named for 2 of 3 documents: the texts are" in card(manifest(**named("cc-by-4.0", None, None)))
    assert "No licence is named: the texts are" in card(manifest(**named(None)))
    assert "No licence is named" not in card(manifest())


# what people read

FIGURES: dict[str, list[str]] = {
    "sizes": ["kk-en", "110", "1", "0"],
    "statistics": ["ru-en", "train", "120", "127", "2120", "2120", "2120"],
    "filter": ["alignment", "the score", "at least 0.75", "21", "20"],
    "filter by a ceiling": ["length", "a ratio", "at most 3", "9", "2"],
    "exact duplicates": ["the same article again", "31"],
    "near duplicates": ["nearly the same article again", "32"],
    "segments": ["the same segment again", "33"],
    "decontamination": ["found in the test set test.kk", "41"],
    "rejects": ["no counterpart in ru", "52"],
    "licence": ["cc-by-4.0 https://creativecommons.org/licenses/by/4.0/", "2"],
    "a source": ["a.txt", "cc-by-4.0 https://creativecommons.org/licenses/by/4.0/", "A publisher", "https://example.org/", "5"],
    "no source": ["c.txt", "not named", "–", "–", "0"],
    "a setting": ["build.near_duplicate", "0.8"],
    "settings that are paths": ["align.lexicons", "a.tsv, b.tsv"],
}


@pytest.mark.parametrize("case", FIGURES)
def test_the_tables_have_the_manifests_figures(case: str) -> None:
    assert FIGURES[case] in cells(card(manifest()))


def test_the_text_has_the_manifests_figures() -> None:
    text = card(manifest())
    assert "abstracts of 11 research articles from 3 documents" in text
    assert "and 7 letters of old fonts" in text
    assert "(aligner encoder, encoder labse)" in text
    assert "Versions: kzalign 0.1.0, python 3.11.2." in text
    assert "score is below 0.75" in text
    assert "someone" not in text


def test_scores_are_a_histogram_of_the_bins_between_the_first_and_the_last() -> None:
    text = card(manifest())
    lines = text.split("```text\n")[1].split("```")[0].splitlines()
    assert [(line.split()[0], line.count("█"), line.split()[-1]) for line in lines] == [
        ("0.80–0.85", 1, "1"),
        ("0.85–0.90", 20, "40"),
        ("0.90–0.95", 0, "0"),
        ("0.95–1.00", 40, "80"),
    ]
    assert text.count("```text") == 1


def test_many_documents_are_cut_short() -> None:
    inputs = [{"id": str(k), "file": f"{k}.txt", "articles": 1} for k in range(SHOWN + 5)]
    text = card(manifest(inputs=inputs))
    assert sum(len(row) == 5 and row[0].endswith(".txt") for row in cells(text)) == SHOWN
    assert "… and 5 more documents, listed in `manifest.json`." in text


def test_sections_whose_figures_are_not_there_are_left_out() -> None:
    own = manifest()
    kept = {key: own[key] for key in ("inputs", "rows", "rejects", "articles")}
    titles = re.findall(r"^## (.*)", card(kept), re.MULTILINE)
    assert titles == ["How to load it", "What was left out", "Personal data"]
    assert len(re.findall(r"^## ", card(own), re.MULTILINE)) == 12


def test_the_details_and_rights_of_a_source_are_told() -> None:
    more = {"journal": "A | journal", "year": "2024", "issue": "3", "issn": "2049-3630", "rights": "With * leave."}
    own = manifest(sources={"a": BY | more})
    assert "A publisher; A | journal; 2024; 3; 2049-3630" in [row[2] for row in cells(card(own)) if len(row) == 5]
    assert "Note on rights: With \\* leave." in card(own)


# the same manifest, the same bytes


def test_the_card_is_a_function_of_the_manifest_alone() -> None:
    own = manifest()
    shuffled = dict(reversed(json.loads(json.dumps(own)).items()))
    assert card(own) == card(own) == card(shuffled)
    assert dataset_version(own) in card(own)
    assert dataset_version(own) != dataset_version(manifest(articles=12))
    assert re.fullmatch(r"build-[0-9a-f]{12}", dataset_version(own))


def test_the_citation_invents_nothing() -> None:
    entry = card(manifest()).split("```bibtex\n")[1].split("```")[0]
    assert re.findall(r"^  (\w+) = ", entry, re.MULTILINE) == ["title", "version", "note"]
    assert "Dataset built with kzalign 0.1.0 from 3 documents" in entry


# no name breaks it

PLACES: dict[str, Callable[[str], dict[str, Any]]] = {
    "a file": lambda x: {"inputs": [{"id": "a", "file": x, "articles": 5}]},
    "a publisher": lambda x: {"sources": {"a": BY | {"publisher": x}}},
    "an address": lambda x: {"sources": {"a": BY | {"url": x}}},
    "an address of the web": lambda x: {"sources": {"a": BY | {"url": f"https://example.org/{x}"}}},
    "a licence": lambda x: {"sources": {"a": BY | {"licence": "other", "licence_name": x, "licence_url": x}}},
    "a note": lambda x: {"sources": {"a": BY | {"rights": x}}},
    "a reason": lambda x: {"rejects": {x: 1}},
    "a test set": lambda x: {"decontaminated": {x: 1}},
    "a filter": lambda x: {"filters": [manifest()["filters"][0] | {"name": x, "measures": x}]},
    "a version": lambda x: {"versions": {"kzalign": x, x: "1"}},
    "a setting": lambda x: {"config": manifest()["config"] | {"align": {"aligner": x, "encoder": x}}},
}


@pytest.mark.parametrize("place", PLACES)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_no_value_changes_the_cards_shape(place: str, hostile: str) -> None:
    harmless, broken = (card(manifest(**PLACES[place](x))) for x in ("harmless", hostile))
    wanted, found = (Cells(body(text)) for text in (harmless, broken))
    assert [len(row) for row in found.rows] == [len(row) for row in wanted.rows]
    assert [tag for tag in found.tags if tag != "a"] == [tag for tag in wanted.tags if tag != "a"]
    assert data_of(broken).keys() - {"license_link"} == data_of(harmless).keys() - {"license_link"}


TEXTS = st.text(alphabet=st.one_of(st.sampled_from("|\\`*_[]<>&$~#-! \n\tҚқ"), st.characters(codec="utf-8")), max_size=30)


@given(st.lists(TEXTS, min_size=2, max_size=2))
def test_a_cell_shows_its_text(texts: list[str]) -> None:
    found = Cells("\n".join(table(("one", "two"), [tuple(escape(text) for text in texts)])))
    assert found.rows[1] == [visible(text) for text in texts]
    assert set(found.tags) == {"table", "thead", "tr", "th", "tbody", "td"}


@given(TEXTS)
def test_an_address_is_one_link_or_text(text: str) -> None:
    found = Cells("\n".join(table(("one", "two"), [(link(f"https://example.org/{text}"), link(text))])))
    assert len(found.rows[1]) == 2
    assert found.tags.count("a") == 1 + text.strip().startswith(("https://", "http://"))


@given(TEXTS)
def test_a_yaml_text_is_read_as_it_was(text: str) -> None:
    yaml = pytest.importorskip("yaml")
    assert yaml.safe_load(f"a: {yaml_text(text)}\nb: 1") == {"a": "".join(c if c.isprintable() else " " for c in text), "b": 1}


# the lines of code do what they say


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the dataset folder of the examples."""
    folder = tmp_path_factory.mktemp("output") / "corpus"
    documents = process_all(EXAMPLES, Config(), True, 1)
    fed = [item for d in documents for item in (d.entry, *d.rejects, *d.articles)]
    build(fed, folder, Config(), cut_article)
    return folder


def block(corpus: Path, language: str, word: str) -> str:
    """Returns a card's block of code that has a word."""
    blocks = re.findall(rf"```{language}\n(.*?)```", (corpus / "README.md").read_text(encoding="utf-8"), re.DOTALL)
    (found,) = (code for code in blocks if word in code)
    return str(found)


@pytest.mark.parametrize("package", ["datasets", "pandas"])
def test_the_lines_of_python_run(
    corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, package: str, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip(package)
    monkeypatch.chdir(corpus)
    if package == "datasets":
        monkeypatch.setattr("datasets.config.HF_DATASETS_CACHE", tmp_path)
    names: dict[str, Any] = {}
    exec(block(corpus, "python", package).replace("ORG/NAME", str(corpus)), names)
    assert len(names["rows"]) > 0
    assert package == "pandas" or "kk" in capsys.readouterr().out


def test_the_line_of_sql_runs(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(corpus)
    found = duckdb.connect().execute(block(corpus, "sql", "SELECT"))
    assert {column[0] for column in found.description} == {"kk", "ru"}
    assert found.fetchall()
