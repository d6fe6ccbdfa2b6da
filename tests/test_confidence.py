"""Seams and the probability of a bead: whose words are a half, who joins, and does the probability say how often it is right."""

import json
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from itertools import chain
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.align import align
from kzalign.align.confidence import DEFAULT as CURVE
from kzalign.align.confidence import NEEDED, Doubts, doubts_of, probability
from kzalign.align.evidence import DEFAULT, WIDEST, Evidence, Side
from kzalign.align.lexical import LexicalAligner
from kzalign.align.refine import Sides, left_alone, with_unaligned
from kzalign.align.seam import JOIN, REACH, Neighbour, joined, neighbours, seam
from kzalign.align.tokens import Sort, Token
from kzalign.bench.alignment import reliability
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress
from kzalign.config import FiltersConfig
from kzalign.records import Article

TESTS = Path(__file__).resolve().parent
GOLD = {"examples": TESTS.parent / "examples" / "gold", "documents": TESTS / "documents" / "gold"}
FITTED = TESTS.parent / "eval" / "results" / "fit_confidence.json"


def evidence_of(left: str, right: str) -> Evidence:
    """Reads `ab cd` as two sentences of two names each; a name is its own translation, and sets its sentence's length."""
    sides = [
        Side.of(
            [[Token((f"~{letter}",), int(Sort.NAME)) for letter in word] for word in text.split()],
            ["сөз " * len(word) for word in text.split()],
            lang,
        )
        for text, lang in ((left, "kk"), (right, "ru"))
    ]
    return Evidence(sides[0], sides[1], DEFAULT)


def sides_of(text: str) -> list[Sides]:
    """Reads `0:0 1:1,2 2:` as three beads."""
    sides = [tuple(tuple(int(i) for i in side.split(",") if i) for side in bead.split(":")) for bead in text.split()]
    return [(left, right) for left, right in sides]


FAR = "uvwxyz UVWXYZ"
"""Sentences that have nothing to do with the others, so that chance is small."""

SEAMS = {
    "the second half is the next sentence's": (f"abc def {FAR}", f"abcdef {FAR}", "0:0", Neighbour(0, 1, True), True),
    "the first half is the sentence's before": (f"abc def {FAR}", f"abcdef {FAR}", "1:0", Neighbour(0, 0, False), True),
    "the same seen from the other side": (f"abcdef {FAR}", f"abc def {FAR}", "0:0", Neighbour(1, 1, True), True),
    "the halves in the wrong order": (f"abc def {FAR}", f"defabc {FAR}", "0:0", Neighbour(0, 1, True), False),
    "the neighbour has words of its own": (f"abc ghi {FAR}", f"abcdef {FAR}", "0:0", Neighbour(0, 1, True), False),
    "the neighbour repeats the bead's words": (f"abc abc {FAR}", f"abc {FAR}", "0:0", Neighbour(0, 1, True), False),
    "over two sentences of the other side": (f"abc defg {FAR}", f"abc defg {FAR}", "0:0,1", Neighbour(0, 1, True), True),
}


@pytest.mark.parametrize("case", SEAMS)
def test_a_seam_is_where_the_words_change_hands(case: str) -> None:
    left, right, bead, neighbour, there = SEAMS[case]
    found = seam(evidence_of(left, right), sides_of(bead)[0], neighbour)
    assert found >= JOIN if there else found == 0


JOINS = {
    "a half left alone": (f"abc def {FAR}", f"abcdef {FAR}", "0:0 1: 2:1 3:2", "0,1:0 2:1 3:2"),
    "the half before": (f"abc def {FAR}", f"abcdef {FAR}", "0: 1:0 2:1 3:2", "0,1:0 2:1 3:2"),
    "on the right": (f"abcdef {FAR}", f"abc def {FAR}", "0:0 :1 1:2 2:3", "0:0,1 1:2 2:3"),
    "a half beyond one that stays alone": (f"abc ghi def {FAR}", f"abcdef {FAR}", "0:0 1: 2: 3:1 4:2", "0,2:0 1: 3:1 4:2"),
    "thirds join one after the other": (f"abc def ghi {FAR}", f"abcdefghi {FAR}", "0: 1:0 2: 3:1 4:2", "0,1,2:0 3:1 4:2"),
    "nothing to do with it": (f"abc ghi {FAR}", f"abc {FAR}", "0:0 1: 2:1 3:2", "0:0 1: 2:1 3:2"),
    "none left alone": (f"abc {FAR}", f"abc {FAR}", "0:0 1:1 2:2", "0:0 1:1 2:2"),
    "no bead at all": ("abc", "abc", "0: :0", "0: :0"),
}


@pytest.mark.parametrize("case", JOINS)
def test_a_sentence_left_alone_joins_the_bead_whose_half_it_is(case: str) -> None:
    left, right, before, after = JOINS[case]
    assert joined(sides_of(before), evidence_of(left, right)) == sides_of(after)


NEIGHBOURS = {
    "one on each of the four sides": ("1:1", ({0, 2}, {0, 2}), [(0, 0, False), (0, 2, True), (1, 0, False), (1, 2, True)]),
    "in a row": ("0:0", ({1, 2, 4}, set()), [(0, 1, True), (0, 2, True)]),
    "no farther than the reach": ("0:0", (set(range(1, 9)), set()), [(0, k + 1, True) for k in range(REACH)]),
    "between the bead's own": ("0,2:0", ({1}, set()), [(0, 1, True)]),
    "behind another bead": ("0:0", ({2}, {2}), []),
}


@pytest.mark.parametrize("case", NEIGHBOURS)
def test_neighbours_are_left_alone_and_near(case: str) -> None:
    bead, unaligned, wanted = NEIGHBOURS[case]
    assert list(neighbours(sides_of(bead)[0], unaligned)) == wanted


TEXTS = st.lists(st.text("abcdefgh", min_size=1, max_size=6), min_size=1, max_size=8).map(" ".join)


@settings(max_examples=150, deadline=None)
@given(TEXTS, TEXTS, st.integers(0, 8))
def test_joining_keeps_each_sentence_once_and_ends(left: str, right: str, shared: int) -> None:
    n, m = len(left.split()), len(right.split())
    evidence = evidence_of(left, right)
    start = with_unaligned([((k,), (k,)) for k in range(0, min(n, m, shared), 2)], n, m)
    found = joined(start, evidence)
    assert sorted(chain.from_iterable(a for a, _ in found)) == list(range(n))
    assert sorted(chain.from_iterable(b for _, b in found)) == list(range(m))
    assert all(max(len(a), len(b)) <= WIDEST for a, b in found)
    assert joined(found, evidence) == found


DOUBTS: dict[str, tuple[str, str, str, int, set[str]]] = {
    "nothing": (f"abcdef {FAR}", f"abcdef {FAR}", "0:0 1:1 2:2", 0, set()),
    "no word in common": (f"abc {FAR}", f"def {FAR}", "0:0 1:1 2:2", 0, {"weak"}),
    "a half that another bead has": (f"abc def {FAR}", f"abcdef ghi {FAR}", "0:0 1:1 2:2 3:3", 0, {"taken"}),
    "a sentence that its bead does not need": (f"abcdef ghi {FAR}", f"abcdef {FAR}", "0,1:0 2:1 3:2", 0, {"loose"}),
    "a half left alone": (f"abcd efgh {FAR}", f"abcdefgh {FAR}", "0:0 1: 2:1 3:2", 0, {"alone"}),
}


@pytest.mark.parametrize("case", DOUBTS)
def test_doubts_say_what_speaks_against_a_bead(case: str) -> None:
    left, right, text, number, wanted = DOUBTS[case]
    beads = sides_of(text)
    doubts = doubts_of(beads[number], left_alone(beads), evidence_of(left, right))
    assert min(doubts) >= 0 and doubts.loose <= NEEDED
    assert {name for name, value in doubts._asdict().items() if value > 2} == wanted


@pytest.mark.parametrize("name", Doubts._fields)
def test_every_doubt_makes_a_bead_less_likely(name: str) -> None:
    none = Doubts(0, 0, 0, 0)
    falling = [probability(none._replace(**{name: size})) for size in (0, 1, 3, 9, 1e6)]
    assert falling == sorted(set(falling), reverse=True)
    assert falling[0] > 0.95 and falling[-1] < 0.01


def test_the_curve_and_the_threshold_are_those_last_fitted() -> None:
    fitted = json.loads(FITTED.read_text(encoding="utf-8"))
    assert fitted["calibration"] == {"constant": CURVE.constant, **CURVE.weights._asdict()}
    assert fitted["score that reaches the target"] == FiltersConfig().alignment


# gold


@cache
def scored(name: str, damaged: bool) -> tuple[tuple[float, bool], ...]:
    """Returns the probability of each two-sided bead and whether it is right, over a few seeds if damaged."""
    aligner = LexicalAligner.with_lexicon()
    gold = load_gold(GOLD[name])
    made: Iterable[Article] = [stress(a, 0.2, 0.1, seed) for a in gold for seed in range(1, 7)] if damaged else gold
    return tuple(
        (bead.score, replace(bead, score=1.0) in article.alignment[pair])
        for article in made
        for pair, beads in align(article, aligner).alignment.items()
        for bead in beads
        if bead.left and bead.right
    )


FLOORS = [
    ("documents", False, 0.99, 0.96),
    ("documents", True, 0.985, 0.935),
    ("examples", False, 0.97, 0.96),
    ("examples", True, 0.95, 0.92),
]
"""Share right from the threshold on, and share of the right ones kept; the examples were written to be hard."""


@pytest.mark.parametrize(("name", "damaged", "right", "kept"), FLOORS)
def test_beads_from_the_threshold_on_are_right_and_few_right_ones_are_lost(
    name: str, damaged: bool, right: float, kept: float
) -> None:
    beads = scored(name, damaged)
    over = [hit for score, hit in beads if score >= FiltersConfig().alignment]
    assert sum(over) / len(over) >= right
    assert sum(over) / sum(hit for _, hit in beads) >= kept


@pytest.mark.parametrize(("name", "error"), [("documents", 0.015), ("examples", 0.035)])
def test_a_probability_says_how_often_a_bead_is_right(name: str, error: float) -> None:
    assert reliability(scored(name, damaged=True)).error <= error
