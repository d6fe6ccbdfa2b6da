"""Stressed gold is gold: every sentence in one bead, the beads those of the new texts."""

import random
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.gold import load_gold, violations
from kzalign.bench.stress import Groups, Stress, _carry, _draw, parse_stress, stress
from kzalign.errors import KzalignError
from kzalign.records import Article, Bead, Version

SHARED = Path(__file__).resolve().parents[2] / "shared"
PROBABILITY = st.floats(0, 1)


def beads(text: str) -> tuple[Bead, ...]:
    """Reads `0:0 1:1,2 2:` as three beads."""
    sides = [tuple(tuple(int(i) for i in side.split(",") if i) for side in bead.split(":")) for bead in text.split()]
    return tuple(Bead(left, right) for left, right in sides)


def groups(text: str) -> Groups:
    """Reads `0 1,2` as two new sentences, of old 0 and of old 1 and 2."""
    return tuple(tuple(int(i) for i in group.split(",")) for group in text.split())


@st.composite
def articles(draw: st.DrawFn) -> Article:
    """Draws an article in two languages with minimal beads, some one-sided, in the gold's order."""
    kinds = draw(st.lists(st.sampled_from([(1, 1), (1, 1), (1, 2), (2, 1), (2, 2), (1, 0), (0, 1)]), min_size=1, max_size=10))
    left = right = 0
    found: list[Bead] = []
    for lefts, rights in kinds:
        if found and not lefts and not found[-1].right:
            continue  # the gold's rules leave open which of the two comes first
        found.append(Bead(tuple(range(left, left + lefts)), tuple(range(right, right + rights))))
        left, right = left + lefts, right + rights
    sentences = {"kk": tuple(f"Сөйлем {i}." for i in range(left)), "en": tuple(f"Sentence {i}." for i in range(right))}
    versions = {lang: Version(lang, abstract=" ".join(texts), sentences=texts) for lang, texts in sentences.items()}
    name = draw(st.sampled_from(["a", "b", "c"]))
    return Article(name, "issue", versions=versions, alignment={"kk-en": tuple(found)})


@given(articles(), PROBABILITY, PROBABILITY, st.integers())
def test_each_sentence_is_in_one_bead(article: Article, delete: float, merge: float, seed: int) -> None:
    stressed = stress(article, delete, merge, seed)
    assert list(violations(stressed)) == []
    for lang, version in stressed.versions.items():
        assert version.abstract == " ".join(version.sentences)
        assert bool(version.sentences) == bool(article.versions[lang].sentences)
        kept = re.findall(r"\d+", version.abstract)
        assert kept == sorted(set(kept), key=int)
        assert all(len(re.findall(r"\d+", sentence)) <= 2 for sentence in version.sentences)


@given(articles(), st.integers())
def test_no_stress_changes_nothing(article: Article, seed: int) -> None:
    assert stress(article, 0, 0, seed) == article


@given(articles())
def test_carrying_over_unchanged_texts_changes_nothing(article: Article) -> None:
    same = [tuple((i,) for i in range(len(article.versions[lang].sentences))) for lang in ("kk", "en")]
    assert _carry(article.alignment["kk-en"], same[0], same[1]) == article.alignment["kk-en"]


@given(articles(), PROBABILITY, PROBABILITY, st.integers())
def test_reproducible(article: Article, delete: float, merge: float, seed: int) -> None:
    assert stress(article, delete, merge, seed) == stress(article, delete, merge, seed)


def test_languages_articles_and_seeds_are_drawn_apart() -> None:
    sentences = tuple(f"S{i}." for i in range(40))
    versions = {lang: Version(lang, sentences=sentences) for lang in ("kk", "ru", "en")}
    drawn = [stress(Article(name, "i", versions=versions), 0.5, 0, seed).versions for name in "ab" for seed in (1, 2)]
    assert len({version.sentences for versions in drawn for version in versions.values()}) == 12
    alone = stress(Article("a", "i", versions={"en": versions["en"]}), 0.5, 0, 1)
    assert alone.versions["en"] == drawn[0]["en"]


def test_the_same_on_every_machine() -> None:
    assert _draw(8, 0.3, 0.3, random.Random("3 001-07 kk")) == ((0, 3), (4,), (5,), (6, 7))


@pytest.mark.parametrize(("delete", "merge", "sizes"), [(1, 0, {1}), (0, 1, {5}), (1, 1, {1}), (0, 0, {10})])
def test_extremes(delete: float, merge: float, sizes: set[int]) -> None:
    assert {len(_draw(10, delete, merge, random.Random(seed))) for seed in range(20)} == sizes


def test_rates_are_those_asked_for() -> None:
    drawn = _draw(20000, 0.2, 0.1, random.Random(1))
    kept = sum(len(group) for group in drawn)
    assert kept / 20000 == pytest.approx(0.8, abs=0.01)
    assert sum(len(group) == 2 for group in drawn) / len(drawn) == pytest.approx(0.1, abs=0.01)


CARRIED = {
    # old beads, left and right sentences kept or merged, new beads
    "nothing happens": ("0:0 1:1", "0 1", "0 1", "0:0 1:1"),
    "left lost": ("0:0 1:1 2:2", "0 2", "0 1 2", "0:0 :1 1:2"),
    "right lost": ("0:0 1:1 2:2", "0 1 2", "0 2", "0:0 1: 2:1"),
    "first left lost": ("0:0 1:1", "1", "0 1", ":0 0:1"),
    "both lost": ("0:0 1:1 2:2", "0 2", "0 2", "0:0 1:1"),
    "one of two lost": ("0,1:0 2:1", "1 2", "0 1", "0:0 1:1"),
    "wide bead loses a side": ("0:0,1,2 1:3", "1", "0 1 2 3", ":0 :1 :2 0:3"),
    "merged on the left": ("0:0 1:1", "0,1", "0 1", "0:0,1"),
    "merged on both sides": ("0:0 1:1 2:2", "0,1 2", "0 1,2", "0,1:0,1"),
    "merged on both sides alike": ("0:0 1:1 2:2", "0,1 2", "0,1 2", "0:0 1:1"),
    "merged over a lost one": ("0:0 1:1 2:2", "0,2", "0 1 2", "0:0,2 :1"),
    "merged with a lonely one": ("0:0 1: 2:1", "0,1 2", "0 1", "0:0 1:1"),
    "two lonely ones merged": ("0:0 1: 2: 3:1", "0 1,2 3", "0 1", "0:0 1: 2:1"),
    "crossing": ("0:1 1:0 2:2", "0 1 2", "0 1", "0:1 1:0 2:"),
    "lonely right after a crossing": ("0:2 1:0 2:1", "0 1", "0 1 2", "0:2 1:0 :1"),
    "all lost but one a side": ("0:0 1:1", "0", "1", ":0 0:"),
}


@pytest.mark.parametrize("name", CARRIED)
def test_beads_are_carried(name: str) -> None:
    old, left, right, new = CARRIED[name]
    assert _carry(beads(old), groups(left), groups(right)) == beads(new)


PARSED = [
    ("delete=0.2,merge=0.1,seed=3", Stress(0.2, 0.1, 3)),
    (" seed = 7 , delete = 1", Stress(delete=1, seed=7)),
    ("merge=0", Stress()),
]


@pytest.mark.parametrize(("text", "expected"), PARSED)
def test_parsed(text: str, expected: Stress) -> None:
    assert parse_stress(text) == expected


REFUSED = [
    ("delte=0.2", "unknown stress key 'delte': did you mean 'delete'"),
    ("merge", "'merge' is not like 'delete=0.2'"),
    ("", "'' is not like"),
    ("delete=0.2,delete=0.3", "'delete' is there twice"),
    ("delete=much", "delete 'much' is not a number from 0 to 1"),
    ("merge=1.5", "merge '1.5' is not a number from 0 to 1"),
    ("delete=nan", "delete 'nan' is not a number from 0 to 1"),
    ("seed=3.5", "seed '3.5' is not a whole number"),
]


@pytest.mark.parametrize(("text", "message"), REFUSED)
def test_refused(text: str, message: str) -> None:
    with pytest.raises(KzalignError, match=re.escape(message)):
        parse_stress(text)


@pytest.mark.skipif(not (SHARED / "gold" / "dev").exists(), reason="the gold is not here (../shared/gold)")
def test_stressed_gold_is_gold() -> None:
    for article in load_gold(SHARED / "gold" / "dev"):
        same = {lang: tuple((i,) for i in range(len(version.sentences))) for lang, version in article.versions.items()}
        for pair, old in article.alignment.items():
            left, right = pair.split("-")
            assert _carry(old, same[left], same[right]) == old
        for seed in range(5):
            assert list(violations(stress(article, 0.2, 0.1, seed))) == []
