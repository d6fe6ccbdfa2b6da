"""Splits: shares that are exact on average, likeness that never straddles, articles that never move."""

import json
import random
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, changed, text

from kzalign.config import BuildConfig
from kzalign.corpus.duplicates import Entry, Fingerprints, Relations
from kzalign.corpus.parquet import ARTICLES, SCHEMAS, article_row, open_tables
from kzalign.corpus.segments import SPLITS
from kzalign.corpus.splits import Assignment, assign, draw, read_splits
from kzalign.errors import KzalignError
from kzalign.records import Article
from kzalign.text.wording import text_key, wording

EVEN = BuildConfig(validation=0.3, test=0.3)
"""Splits of like size, so that few articles show what goes wrong."""


def related(articles: list[Article], kept: dict[int, str] | None = None) -> Relations:
    """Returns the relations of articles, some of them perhaps of an earlier corpus."""
    prints = Fingerprints(kept)
    for one in articles:
        prints.add(one)
    return prints.resolve(BuildConfig())


def entries(sizes: list[int]) -> list[Entry]:
    """Returns articles of issues of these sizes."""
    rng = random.Random(1)
    return [Entry(f"{i}-{n}", str(i), rng.getrandbits(64), (), 3, 9) for i, size in enumerate(sizes) for n in range(size)]


@pytest.mark.parametrize("size", [1, 2, 7, 19, 20, 40])
@pytest.mark.parametrize("config", [BuildConfig(), EVEN, BuildConfig(validation=0.0, test=0.125)])
def test_each_issue_gives_its_share_and_all_together_the_exact_one(size: int, config: BuildConfig) -> None:
    issues = 2000 // size
    drawn = draw(entries([size] * issues), config)
    for name, share in (("test", config.test), ("validation", config.validation)):
        counts = [drawn[n * size : (n + 1) * size].count(name) for n in range(issues)]
        assert max(counts) - min(counts) <= 1 + (name == "validation")
        assert all(abs(count - size * share) < 1 + (name == "validation") for count in counts)
        assert sum(counts) / (issues * size) == pytest.approx(share, abs=0.025)


@pytest.mark.parametrize(
    ("config", "only"),
    [
        (BuildConfig(validation=0.0, test=0.0), "train"),
        (BuildConfig(validation=0.0, test=1.0), "test"),
        (BuildConfig(validation=1.0, test=0.0), "validation"),
    ],
)
def test_shares_of_nothing_and_of_all(config: BuildConfig, only: str) -> None:
    assert set(draw(entries([1, 2, 3, 50]), config)) == {only}


def test_names_and_order_draw_nothing() -> None:
    first = entries([30, 5])
    again = [Entry(f"new {e.id}", f"new {e.issue_id}", e.key, e.earlier, e.versions, e.sentences) for e in reversed(first)]
    assert draw(first, EVEN) == draw(again, EVEN)[::-1]


VARIANTS = st.lists(st.tuples(st.integers(0, 9), st.integers(0, 14), st.integers(0, 3)), max_size=25)
"""Text, words changed, issue: likenesses of all degrees within an issue and across."""


def invented(variants: list[tuple[int, int, int]]) -> list[Article]:
    """Returns an article of each variant."""
    return [
        article(f"a{n}", f"issue{issue}", kk=changed(text(seed), words) if words else text(seed))
        for n, (seed, words, issue) in enumerate(variants)
    ]


@settings(max_examples=60, deadline=None)
@given(VARIANTS)
def test_every_article_has_one_split_or_a_conflict_and_no_tie_straddles(variants: list[tuple[int, int, int]]) -> None:
    relations = related(invented(variants))
    assignment = assign(relations, EVEN)
    ids = {entry.id for entry in relations.entries}
    assert assignment.splits.keys() | assignment.conflicts.keys() == ids
    assert not assignment.splits.keys() & assignment.conflicts.keys()
    assert set(assignment.splits.values()) <= set(SPLITS)
    for tie in relations.ties:
        ends = {assignment.splits.get(relations.entries[n].id) for n in (tie.first, tie.second)} - {None}
        assert len(ends) <= 1


@settings(max_examples=60, deadline=None)
@given(VARIANTS, VARIANTS)
def test_documents_added_after_move_nothing(before: list[tuple[int, int, int]], after: list[tuple[int, int, int]]) -> None:
    added = [(seed, words, issue + 10) for seed, words, issue in after]
    first, second = (assign(related(invented(variants)), EVEN) for variants in (before, before + added))
    assert {name: second.splits.get(name) for name in first.splits} == first.splits
    assert {name for name in second.conflicts if name in first.splits} == set()


@settings(max_examples=60, deadline=None)
@given(VARIANTS, VARIANTS, st.randoms(use_true_random=False))
def test_an_earlier_corpus_is_kept_in_any_order(
    before: list[tuple[int, int, int]], after: list[tuple[int, int, int]], rng: random.Random
) -> None:
    """Of equal texts one article stands for all: the others are duplicates."""
    old = list({one.versions["kk"].abstract: one for one in invented(before)}.values())
    first = assign(related(old), EVEN)
    kept = {text_key(wording(one.versions["kk"].abstract)): first.splits[one.id] for one in old if one.id in first.splits}
    renamed = [Article(f"b{n}", f"again {one.issue_id}", versions=one.versions) for n, one in enumerate(old)]
    new = [Article(f"c{n}", f"new {one.issue_id}", versions=one.versions) for n, one in enumerate(invented(after))]
    second = assign(related(rng.sample(renamed + new, len(renamed + new)), kept), EVEN)
    for one, other in zip(old, renamed, strict=True):
        if one.id in first.splits:
            assert second.splits[other.id] == first.splits[one.id]


A, B, C, D = text("a"), text("b"), text("c"), text("d")
BOTH = {"kk": changed(A, 6), "ru": changed(B, 6)}
"""Abstracts like those of two articles that are not alike."""


def keys(**splits: str) -> dict[int, str]:
    """Returns an earlier corpus that holds the texts A, B, C and D so."""
    return {text_key(wording({"a": A, "b": B, "c": C, "d": D}[name])): split for name, split in splits.items()}


KEPT: dict[str, tuple[list[Article], dict[int, str], Assignment]] = {
    "as it was": ([article("x", kk=A)], keys(a="test"), Assignment({"x": "test"}, {})),
    "another language's label": ([article("x", ru=A, en=C)], keys(a="test"), Assignment({"x": "test"}, {})),
    "a near copy follows": (
        [article("new", kk=changed(A, 2)), article("x", kk=A)],
        keys(a="validation"),
        Assignment({"new": "validation", "x": "validation"}, {}),
    ),
    "old articles stay apart though alike": (
        [article("x", kk=A), article("y", kk=changed(A, 8))],
        keys(a="test") | {text_key(wording(changed(A, 8))): "train"},
        Assignment({"x": "test", "y": "train"}, {}),
    ),
    "a new one ties them": (
        [article("new", **BOTH), article("x", kk=A), article("y", kk=B)],
        keys(a="test", b="train"),
        Assignment({"x": "test", "y": "train"}, {"new": "too like articles of different splits: y (train), x (test)"}),
    ),
    "a new one between articles of one split": (
        [article("new", **BOTH), article("x", kk=A), article("y", kk=B)],
        keys(a="test", b="test"),
        Assignment({"x": "test", "y": "test", "new": "test"}, {}),
    ),
    "abstracts of two splits": (
        [article("new", kk=A, ru=B)],
        keys(a="test", b="train"),
        Assignment({}, {"new": "abstracts of the earlier corpus's splits test and train in one article"}),
    ),
}


@pytest.mark.parametrize("case", KEPT.values(), ids=KEPT)
def test_an_earlier_corpus(case: tuple[list[Article], dict[int, str], Assignment]) -> None:
    articles, kept, expected = case
    assert assign(related(articles, kept), BuildConfig(validation=0.0, test=0.0)) == expected


def test_one_id_twice() -> None:
    with pytest.raises(KzalignError, match=r"^article id 'x' comes twice: give each article an id of its own$"):
        assign(related([article("x", kk=A), article("x", kk=B)]), BuildConfig())


@pytest.fixture
def corpus(tmp_path: Path) -> Path:
    """Returns a folder that holds A in train, B in test, C in both, and an article without abstract."""
    tables = open_tables(tmp_path / "data")
    rows = [("x", "train", {"kk": A, "ru": C}), ("y", "test", {"kk": B}), ("z", "test", {"en": C}), ("w", "train", {})]
    for name, split, abstracts in rows:
        tables[ARTICLES, split].add(
            pa.Table.from_pylist([article_row(article(name, **abstracts), None)], schema=SCHEMAS[ARTICLES])
        )
    for table in tables.values():
        table.close()
    return tmp_path


def test_read_splits(corpus: Path) -> None:
    assert read_splits(corpus) == keys(a="train", b="test")


def left_out(**changes: Any) -> str:
    """Returns the line of a reject of an article that a test set kept out."""
    record = {"config": ARTICLES, "split": "train", "abstracts": [f"{key:016x}" for key in keys(d="train")]} | changes
    return json.dumps({"stage": "decontaminate", "id": "v", "reason": "overlaps", "record": record})


REJECTS: dict[str, tuple[str, dict[int, str]]] = {
    # the lines of rejects.jsonl, the splits
    "an article": (left_out(), keys(a="train", b="test", d="train")),
    "one that is in test as well": (
        left_out(abstracts=[f"{key:016x}" for key in keys(b="train", d="train")]),
        keys(a="train", d="train"),
    ),
    "a row of a pair": (left_out(config="kk-ru", abstracts=None), keys(a="train", b="test")),
    "one of an older kzalign": (left_out(abstracts=None), keys(a="train", b="test")),
    "another stage": (left_out().replace("decontaminate", "filter"), keys(a="train", b="test")),
    "another stage that names this one": ('{"stage": "read", "record": "decontaminate"}', keys(a="train", b="test")),
}


@pytest.mark.parametrize(("line", "expected"), REJECTS.values(), ids=REJECTS)
def test_read_splits_of_articles_left_out(corpus: Path, line: str, expected: dict[int, str]) -> None:
    (corpus / "rejects.jsonl").write_text(f'{{"stage": "read"}}\n{line}\n', encoding="utf-8")
    assert read_splits(corpus) == expected


BAD_REJECTS = {
    "half a line": left_out()[:-5],
    "another split": left_out(split="dev"),
    "no hash": left_out(abstracts=["x"]),
    "no list": left_out(abstracts=7),
    "no record": '{"stage": "decontaminate", "record": 1}',
}


@pytest.mark.parametrize("line", BAD_REJECTS.values(), ids=BAD_REJECTS)
def test_read_splits_refuses_rejects(corpus: Path, line: str) -> None:
    path = corpus / "rejects.jsonl"
    path.write_text(f"{line}\n", encoding="utf-8")
    with pytest.raises(KzalignError, match=rf"^{path}:1: not a reject that a build wrote: build the corpus again"):
        read_splits(corpus)


def test_read_splits_needs_the_rejects_of_a_decontaminated_corpus(corpus: Path) -> None:
    (corpus / "manifest.json").write_text('{"decontaminated": {}}')
    assert read_splits(corpus) == keys(a="train", b="test")
    (corpus / "manifest.json").write_text('{"decontaminated": {"flores.kk": 3}}')
    with pytest.raises(KzalignError, match=rf"^{corpus}/rejects.jsonl: no such file, though articles were left out"):
        read_splits(corpus)


def spoilt(corpus: Path, columns: dict[str, pa.Array]) -> Path:
    """Writes a file of articles with these columns and returns it."""
    path = corpus / "data" / "articles" / "train-00000-of-00001.parquet"
    pq.write_table(pa.table(columns), path)
    return path


def test_read_splits_refuses(corpus: Path, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere"
    with pytest.raises(KzalignError, match=rf"^{missing}: no earlier corpus \(no data/articles"):
        read_splits(missing)
    for columns in ({"id": pa.array(["x"])}, {"abstract": pa.array(["x"])}, {"abstract": pa.array([{"de": "x"}])}):
        path = spoilt(corpus, columns)
        with pytest.raises(KzalignError, match=rf"^{path}: no column 'abstract' with texts by language"):
            read_splits(corpus)
    path.write_bytes(b"PAR1 and then nothing")
    with pytest.raises(KzalignError, match=rf"^{path}: cannot be read as Parquet: [^\n]+$"):
        read_splits(corpus)
    other = path.rename(path.with_name("dev-00000-of-00001.parquet"))
    with pytest.raises(KzalignError, match=rf"^{other}: not of a split"):
        read_splits(corpus)
