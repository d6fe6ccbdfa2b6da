"""Records and JSON: what is written is read back; gold and output are the same type."""

import dataclasses
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.records import LANGS, PAIRS, Article, Bead, Issue, Machine, Reject, Segment, Version, dumps
from kzalign.schema import problems_of

GOLD = Path(__file__).resolve().parents[1] / "examples" / "gold"

line_number = st.integers(1, 10**6)
spans = st.lists(st.tuples(line_number, line_number)).map(tuple)
texts = st.lists(st.text()).map(tuple)
scores = st.integers(0, 10_000).map(lambda n: n / 10_000)
indices = st.lists(st.integers(0, 50)).map(tuple)
beads = st.lists(st.builds(Bead, indices, indices, scores)).map(tuple)
machines = st.builds(
    Machine,
    *[st.text()] * 4,
    texts,
    st.dictionaries(st.text(), texts),
)


def versions(lang: str) -> st.SearchStrategy[Version]:
    """Versions as stages make them: with sentences there is an abstract."""
    return st.builds(
        Version,
        lang=st.just(lang),
        title=st.none() | st.text(),
        abstract=st.text(min_size=1),
        sentences=texts,
        keywords=texts,
        title_lines=spans,
        heading_line=st.none() | line_number,
        abstract_lines=spans,
        keywords_lines=spans,
        confidence=st.floats(0, 1),
        original=st.none() | st.text(),
        machine=st.none() | machines,
    )


articles = st.builds(
    Article,
    id=st.text(min_size=1),
    issue_id=st.text(min_size=1),
    article_lines=st.tuples(line_number, line_number),
    versions=st.fixed_dictionaries({}, optional={lang: versions(lang) for lang in LANGS}),
    alignment=st.fixed_dictionaries({}, optional=dict.fromkeys(PAIRS, beads)),
    notes=texts,
)


@settings(max_examples=60, deadline=None)
@given(articles)
def test_an_article_comes_back(article: Article) -> None:
    line = dumps(article.to_json())
    assert "\n" not in line
    assert Article.from_json(json.loads(line)) == article
    assert dumps(Article.from_json(json.loads(line)).to_json()) == line


def test_the_json_of_an_article() -> None:
    article = Article(
        "i-01",
        "i",
        (3, 9),
        {"en": Version("en", "T", "A. B.", ("A.", "B.")), "kk": Version("kk", original="о")},
        {"ru-en": (Bead((0,), (0, 1), 0.87654),), "kk-ru": ()},
        ("note",),
    )
    data = article.to_json()
    assert list(data) == ["id", "issue_id", "article_lines", "versions", "alignment", "notes"]
    assert list(data["versions"]) == ["kk", "en"]
    assert list(data["alignment"]) == ["kk-ru", "ru-en"]
    assert data["alignment"]["ru-en"] == [[[0], [0, 1], 0.8765]]
    assert "lang" not in data["versions"]["kk"]
    assert data["versions"]["kk"]["original"] == "о"
    assert "original" not in data["versions"]["en"]
    assert "machine" not in data["versions"]["en"]


def test_the_json_of_a_machine_translation() -> None:
    machine = Machine("m@r", "0123", "2026-01-31", "ru", ("abstract",), {"abstract/1": ("numbers", "copy")})
    article = Article("a", "i", versions={"kk": Version("kk", abstract="А.", sentences=("А.",), machine=machine)})
    data = json.loads(dumps(article.to_json()))
    assert data["versions"]["kk"]["machine"] == {
        "model": "m@r",
        "settings": "0123",
        "date": "2026-01-31",
        "source": "ru",
        "fields": ["abstract"],
        "flags": {"abstract/1": ["numbers", "copy"]},
    }
    assert problems_of(data) == []
    assert Article.from_json(data) == article


GOOD_MACHINE = Machine("m@r", "0123", "2026-01-31", "ru", ("abstract",))


@pytest.mark.parametrize(
    "machine",
    ["m@r", {}, asdict(GOOD_MACHINE) | {"flags": None}, asdict(GOOD_MACHINE) | {"model": 5}],
    ids=["a text", "nothing in it", "flags that are none", "a model that is a number"],
)
def test_what_is_no_machine(machine: Any) -> None:
    data = {"id": "a", "issue_id": "i", "versions": {"kk": {"machine": machine}}}
    assert problems_of(data) == ["kk: 'machine' is not {model, settings, date, source, fields, flags}"]


@pytest.mark.parametrize("path", sorted(GOLD.glob("*.json")), ids=lambda path: path.stem)
def test_gold_is_an_article(path: Path) -> None:
    data = json.loads(path.read_text(encoding="utf-8"))
    article = Article.from_json(data)
    assert article.id == data["id"]
    assert article.issue_id
    assert set(article.versions) == set(data["versions"])
    for version in article.versions.values():
        assert version.abstract == " ".join(version.sentences)
    assert Article.from_json(json.loads(dumps(article.to_json()))) == article


def test_gold_names_its_document() -> None:
    assert Article.from_json({"id": "a", "seed": "issue.v2.txt", "versions": {}}).issue_id == "issue.v2"


WRONG: dict[str, dict[str, Any]] = {
    "no versions": {"versions": None},
    "versions that are a list": {"versions": []},
    "an unknown language": {"versions": {"de": {}}},
    "a version that is text": {"versions": {"kk": "мәтін"}},
    "spans that are numbers": {"versions": {"kk": {"title_lines": [1, 2]}}},
    "a confidence that is a word": {"versions": {"kk": {"confidence": "high"}}},
    "a bead without a side": {"alignment": {"kk-ru": [[[0]]]}},
    "a score that is a word": {"alignment": {"kk-ru": [[[0], [0], "high"]]}},
    "notes that are a number": {"notes": 5},
    "lines that are a number": {"article_lines": 5},
}


@pytest.mark.parametrize("change", WRONG.values(), ids=WRONG)
def test_what_is_no_article(change: dict[str, Any]) -> None:
    good = {"id": "a", "issue_id": "i", "versions": {"kk": {"sentences": ["Су."]}, "ru": {"sentences": ["Вода."]}}}
    assert Article.from_json(good).id == "a"
    with pytest.raises((KeyError, TypeError, ValueError, IndexError, AttributeError)):
        Article.from_json(good | change)


def test_a_reject_as_json() -> None:
    reject = Reject("read", "a", "empty")
    assert reject.to_json() == {"stage": "read", "id": "a", "reason": "empty", "record": {}}


@pytest.mark.parametrize("record", [Issue, Machine, Version, Bead, Article, Segment, Reject])
def test_records_are_frozen(record: type) -> None:
    assert dataclasses.is_dataclass(record)
    assert record.__dataclass_params__.frozen  # type: ignore[attr-defined]
    assert "__slots__" in vars(record)


DUMPED = [("қ", '"қ"'), ({"b": 1, "a": [1, 2]}, '{"b":1,"a":[1,2]}'), ("а\nб", '"а\\nб"')]


@pytest.mark.parametrize(("value", "line"), DUMPED)
def test_dumps(value: Any, line: str) -> None:
    assert dumps(value) == line
