"""The report page: what it holds, that it holds it safely, and that a browser shows it."""

import base64
import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pages import HOSTILE, Page, browse, needs_chromium

from kzalign.corpus.reasons import kind_of
from kzalign.corpus.report import BLOCK, write_report
from kzalign.corpus.report.figures import Figures
from kzalign.records import LANGS, Article, Bead, Reject, Version

LOW = 0.5


def article(name: str = "a.1", *texts: str, score: float = 0.9) -> Article:
    """An article that says each of the texts in each language."""
    versions = {
        lang: Version(lang, f"{lang} {name}", " ".join(texts), texts, texts, ((1, 2),), None, ((4, 9), (12, 12)), ((14, 14),))
        for lang in LANGS
    }
    beads = tuple(Bead((place,), (place,), score) for place in range(len(texts)))
    return Article(name, name.split(".")[0], (1, 20), versions, {"kk-ru": beads, "kk-en": beads, "ru-en": beads}, texts)


def counted(articles: Any, rejects: Any) -> Figures:
    figures = Figures(LOW)
    for item in articles:
        figures.add_article(item)
    for reject in rejects:
        figures.add_reject(reject)
    return figures


def write(folder: Path, articles: Any = (), rejects: Any = (), manifest: Any = None, title: str = "Corpus") -> Path:
    path = folder / "report.html"
    figures = counted(*(item if isinstance(item, list) else () for item in (articles, rejects)))
    write_report(path, title, articles, rejects, manifest or {}, figures)
    return path


def read(path: Path) -> Page:
    return Page(path.read_text(encoding="utf-8"))


def whole(row: dict[str, Any]) -> dict[str, Any]:
    for version in row["versions"].values():
        version.setdefault("abstract", " ".join(version["sentences"]))
    return row


hostile_text = st.lists(st.one_of(st.sampled_from(HOSTILE), st.text(max_size=8))).map("".join)
values = st.recursive(st.none() | st.booleans() | st.integers() | hostile_text, lambda inner: st.lists(inner, max_size=3))
records = st.dictionaries(hostile_text, values, max_size=3)


@settings(max_examples=60, deadline=None)
@given(names=st.lists(hostile_text, max_size=3), text=hostile_text, record=records, title=hostile_text)
def test_what_goes_in_comes_out(tmp_path_factory: Any, names: list[str], text: str, record: dict[str, Any], title: str) -> None:
    articles = [article(name, text, "plain") for name in names]
    rejects = [Reject(text, name, text, record) for name in names]
    page = read(write(tmp_path_factory.mktemp("page"), articles, rejects, record, title))
    assert [whole(row) for row in page.blocks("articles")] == [json.loads(json.dumps(item.to_json())) for item in articles]
    assert page.blocks("rejects") == [reject.to_json() | {"kind": kind_of(reject.reason)} for reject in rejects]
    assert page.blocks("manifest") == [record]
    plain = read(write(tmp_path_factory.mktemp("plain"), [article("b.1")] * bool(names), [Reject("", "", "")] * bool(names)))
    assert [tag for tag, _ in page.tags] == [tag for tag, _ in plain.tags], "the data has added an element"


def test_an_abstract_that_is_not_its_sentences_is_kept(tmp_path: Path) -> None:
    odd = Article("a", "a", versions={"kk": Version("kk", abstract="Бір.  Екі.", sentences=("Бір.", "Екі."))})
    [row] = read(write(tmp_path, [odd])).blocks("articles")
    assert Article.from_json(row) == odd


@pytest.mark.parametrize(
    ("value", "shown"),
    [(float("nan"), None), (float("-inf"), None), ("half \ud800 letter", "half \ud800 letter"), ((1, 2.5), [1, 2.5])],
)
def test_values_json_or_utf8_lack(tmp_path: Path, value: Any, shown: Any) -> None:
    page = read(write(tmp_path, rejects=[Reject("s", "i", "r", {"deep": [value]})], manifest={"value": value}))
    assert page.blocks("rejects")[0]["record"] == {"deep": [shown]}
    assert page.blocks("manifest") == [{"value": shown}]


def test_the_policy_allows_this_script_and_style_alone(tmp_path: Path) -> None:
    page = read(write(tmp_path, [article("a.1", *HOSTILE)], title=HOSTILE[0]))
    [policy] = [attrs["content"] for tag, attrs in page.tags if attrs.get("http-equiv") == "Content-Security-Policy"]
    digests = [
        base64.b64encode(hashlib.sha256(t.encode()).digest()).decode() for t in (page.texts["script"][-1], *page.texts["style"])
    ]
    assert policy == (
        f"default-src 'none'; script-src 'sha256-{digests[0]}'; style-src 'sha256-{digests[1]}'; "
        "base-uri 'none'; form-action 'none'"
    )
    assert not any({"src", "href", "style", "onload", "onerror"} & attrs.keys() for _, attrs in page.tags)
    assert page.texts["title"] == [HOSTILE[0]]


@pytest.mark.parametrize(
    "forbidden", ["innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "fetch(", "https:"]
)
def test_the_script_never_makes_html_of_text_or_loads(tmp_path: Path, forbidden: str) -> None:
    assert forbidden not in read(write(tmp_path)).texts["script"][-1]


def test_same_input_same_bytes_list_or_generator(tmp_path: Path) -> None:
    articles = [article(f"a.{n}", "Бір.", "Екі.") for n in range(BLOCK + 3)]
    rejects = [Reject("build", f"a.{n}", "short" if n % 2 else "long") for n in range(5)]
    first = write(tmp_path, articles, rejects, {"seed": 1}).read_bytes()
    write_report(tmp_path / "report.html", "Corpus", iter(articles), iter(rejects), {"seed": 1}, counted(articles, rejects))
    assert (tmp_path / "report.html").read_bytes() == first
    assert len(read(tmp_path / "report.html").blocks("articles")) == BLOCK + 3


def test_articles_are_written_as_they_come(tmp_path: Path) -> None:
    part = tmp_path / "report.html.part"
    sizes = []

    def stream() -> Iterator[Article]:
        for number in range(10 * BLOCK):
            yield article(f"a.{number}", "word " * 50)
            sizes.append(part.stat().st_size)

    write(tmp_path, stream())
    assert sizes[-1] > sizes[BLOCK * 5] > sizes[0]
    assert [path.name for path in tmp_path.iterdir()] == ["report.html"]


def test_a_failure_leaves_the_old_page(tmp_path: Path) -> None:
    def broken() -> Iterator[Article]:
        yield article()
        raise OSError("disk")

    before = write(tmp_path, title="old").read_bytes()
    with pytest.raises(OSError, match="disk"):
        write(tmp_path, broken(), title="new")
    assert (tmp_path / "report.html").read_bytes() == before


def test_an_empty_corpus(tmp_path: Path) -> None:
    page = read(write(tmp_path))
    [figures] = page.blocks("figures")
    assert (page.blocks("articles"), page.blocks("rejects"), page.blocks("manifest")) == ([], [], [{}])
    assert (figures["documents"], figures["articles"], figures["languages"], figures["reasons"]) == (0, 0, [], [])
    assert figures["words"]["kk"]["median"] is None


def figures_of(*articles: Article, rejects: tuple[Reject, ...] = ()) -> dict[str, Any]:
    """Returns the figures of records counted in two heaps and added up."""
    half = len(articles) // 2
    figures = counted(articles[:half], rejects[:1])
    figures.add(counted(articles[half:], rejects[1:]))
    return figures.to_json()


@pytest.mark.parametrize(
    ("words", "place"), [("one", 0), ("w " * 5, 0), ("w " * 6, 1), ("w " * 60, 11), ("w " * 61, 12), ("w " * 900, 12), ("", 0)]
)
def test_sentence_lengths_fall_into_their_bin(words: str, place: int) -> None:
    bins = figures_of(article("a.1", words))["words"]["ru"]["bins"]
    assert bins == [int(number == place) for number in range(13)]


@pytest.mark.parametrize(
    ("score", "place", "low"), [(0.0, 0, 1), (0.4999, 9, 1), (0.49999, 10, 0), (0.5, 10, 0), (0.99, 19, 0), (1.0, 19, 0)]
)
def test_scores_fall_into_their_bin(score: float, place: int, low: int) -> None:
    found = figures_of(article("a.1", "Бір.", score=score))["scores"]["kk-en"]
    assert found == {"pairs": 1, "low": low, "bins": [int(number == place) for number in range(20)]}


def test_counts() -> None:
    alone = Article(
        "b.1", "b", versions={"ru": Version("ru", sentences=("А б.", "В.", "Г д е ж."))}, alignment={"kk-ru": (Bead((), (0,)),)}
    )
    rejects = tuple(Reject("s", str(n), reason) for n, reason in enumerate(["b", "c", "a", "c"]))
    found = figures_of(article("a.1", "Бір."), article("a.2"), alone, rejects=rejects)
    assert (found["documents"], found["articles"], found["rejects"]) == (2, 3, 4)
    assert found["languages"] == [[["kk", "ru", "en"], 2], [["ru"], 1]]
    assert found["reasons"] == [("c", 2), ("a", 1), ("b", 1)]
    assert found["scores"]["kk-ru"]["pairs"] == 1
    assert (found["words"]["ru"]["sentences"], found["words"]["ru"]["median"]) == (4, 1)


@needs_chromium
def test_a_browser_shows_hostile_text_as_text(tmp_path: Path) -> None:
    name = f"a.1/{HOSTILE[0]}"
    path = write(tmp_path, [article(name, *HOSTILE, score=0.1)], [Reject(*HOSTILE[:3], {"text": HOSTILE[1]})], {}, HOSTILE[0])
    shown = browse(path, f"articles/{quote(name, safe='')}")
    assert all(shown.text.count(text) >= 6 for text in HOSTILE), "each is a sentence and a keyword in three languages"
    assert ("lines 4-9, 12" in shown.text, "low" in shown.text) == (True, True)
    assert not any(tag == "img" or "onload" in attrs for tag, attrs in shown.tags)
    assert sum(tag == "script" for tag, _ in shown.tags) == 5
    assert "<title>owned" not in shown.source


ALIGNMENTS: list[tuple[str, dict[str, list[tuple[list[int], list[int]]]], tuple[int, int, int], list[str]]] = [
    ("one to one", {"kk-ru": [([0], [0]), ([1], [1])], "kk-en": [([0], [0]), ([1], [1])]}, (2, 2, 2), ["k0 r0 e0", "k1 r1 e1"]),
    ("merged through the third", {"kk-ru": [([0], [0]), ([1], [1])], "kk-en": [([0, 1], [0])]}, (2, 2, 1), ["k0 k1 r0 r1 e0"]),
    ("only by way of Russian", {"kk-ru": [([0], [0])], "ru-en": [([0], [0])], "kk-en": [([0], [])]}, (1, 1, 1), ["k0 r0 e0"]),
    (
        "a gap in each",
        {"kk-ru": [([0], [0]), ([], [1]), ([1], [2])], "kk-en": [([0], [0]), ([1], [1])]},
        (2, 3, 2),
        ["k0 r0 e0", "r1", "k1 r2 e1"],
    ),
    ("crossing", {"kk-ru": [([0], [1]), ([1], [0])]}, (2, 2, 0), ["k0 r1", "k1 r0"]),
    ("beads of sentences that are not there", {"kk-ru": [([0], [5]), ([0], [0])]}, (1, 1, 0), ["k0 r0"]),
    ("none yet", {}, (1, 2, 0), ["k0", "r0", "r1"]),
]


@needs_chromium
def test_a_browser_shows_trilingual_rows(tmp_path: Path) -> None:
    """All cases on one page would show one article; each is a page, opened at its article."""
    for name, beads, sizes, rows in ALIGNMENTS:
        versions = {lang: Version(lang, sentences=tuple("abc"[:size])) for lang, size in zip(LANGS, sizes, strict=True) if size}
        alignment = {pair: tuple(Bead(tuple(left), tuple(right), 0.9) for left, right in found) for pair, found in beads.items()}
        shown = browse(write(tmp_path, [Article("a.1", "a", versions=versions, alignment=alignment)]), "articles/a.1")
        assert [" ".join(key[0] + key[3:] for key in row) for row in shown.rows if row] == rows, name
        assert ("unaligned" in shown.text) == (name == "a gap in each"), name


@needs_chromium
def test_a_browser_lists_only_what_is_in_view(tmp_path: Path) -> None:
    shown = browse(write(tmp_path, [article(f"a.{n}", "Бір.") for n in range(1500)]), "articles")
    assert "1,500 articles" in shown.text
    assert 5 < sum(attrs.get("role") == "option" for _, attrs in shown.tags) < 60


@needs_chromium
def test_a_browser_says_that_the_page_holds_a_sample(tmp_path: Path) -> None:
    articles = [article(f"a.{n}", "Бір.") for n in range(30)]
    rejects = [Reject("align", f"r{n}", f"the alignments disagree: {n}") for n in range(40)]
    path = tmp_path / "report.html"
    filters = [{"name": "odd<b>", "measures": "oddness", "keeps": "at least", "threshold": 0.5, "alone": 7, "in_order": 3}]
    write_report(path, "Corpus", articles[::3], rejects[::4], {"filters": filters}, counted(articles, rejects))
    assert "10 articles; an even sample of all 30" in browse(path, "articles").text
    assert "of 10; the page holds 10 of all 40" in browse(path, "rejects").text
    assert "odd<b>oddnessat least 0.573" in browse(path, "overview").text


@needs_chromium
@pytest.mark.parametrize(
    ("address", "count"), [("rejects", 50), ("rejects/rare%2Fodd", 3), ("rejects/unknown", 50), ("rejects/%", 50)]
)
def test_a_browser_filters_rejects(tmp_path: Path, address: str, count: int) -> None:
    rejects = [Reject("align", f"r{n}", "rare/odd" if n < 3 else "common", {"text": {"kk": f"мәтін {n}"}}) for n in range(120)]
    shown = browse(write(tmp_path, rejects=rejects), address)
    assert shown.text.count("Whole record") == count
    assert "No articles in this corpus" in shown.text
