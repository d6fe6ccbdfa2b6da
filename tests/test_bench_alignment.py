"""The scorer of alignment: the published definitions on cases computed by hand, and what holds for any beads."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.alignment import Beads, format_bead, read_vecalign, reliability, roc_auc, score_alignment
from kzalign.errors import KzalignError
from kzalign.records import Bead


def beads(text: str) -> tuple[Bead, ...]:
    """Reads `0:0 1:1,2 2:` as three beads."""
    sides = [tuple(tuple(int(i) for i in side.split(",") if i) for side in bead.split(":")) for bead in text.split()]
    return tuple(Bead(left, right) for left, right in sides)


def score(gold: tuple[Bead, ...], system: tuple[Bead, ...]) -> dict[str, list[str]]:
    report = score_alignment({"a": {"kk-ru": gold}}, {"a": {"kk-ru": system}})
    figures = {"strict": report.strict["kk-ru"], "lax": report.lax["kk-ru"]}
    return {k: [f"{a.precision.hit}/{a.precision.of}", f"{a.recall.hit}/{a.recall.of}"] for k, a in figures.items()}


CASES = {
    # gold, system, strict precision and recall, lax precision and recall
    "equal": ("0:0 1:1,2", "0:0 1:1,2", "2/2 2/2", "2/2 2/2"),
    "part of a bead": ("0:0,1", "0:0 :1", "0/2 0/1", "1/2 1/1"),
    "wider bead": ("0:0 1:1", "0,1:0,1", "0/1 0/2", "1/1 2/2"),
    "disjoint": ("0:0 1:1", "0:1 1:0", "0/2 0/2", "0/2 0/2"),
    "overlap on one side only": ("0:0 1:1", "0:1,2", "0/1 0/2", "0/1 0/2"),
    "sides from two beads": ("0:0 1:1", "0,2:1,2", "0/1 0/2", "0/1 0/2"),
    "deletion found": ("0:0 1: 2:1", "0:0 1: 2:1", "3/3 2/2", "3/3 2/2"),
    "deletion missed": ("0:0 1: 2:1", "0,1:0 2:1", "1/2 1/2", "2/2 2/2"),
    "deletion invented": ("0:0 1:1", "0:0 1: :1", "1/3 1/2", "1/3 1/2"),
    "deletions alone": ("0: :0", "0: :0", "2/2 0/0", "2/2 0/0"),
    "nothing given": ("0:0 1:1", "", "0/0 0/2", "0/0 0/2"),
    "nothing to find": ("", "0:0", "0/1 0/0", "0/1 0/0"),
    "given twice": ("0:0 1:1", "0:0 0:0", "1/1 1/2", "1/1 1/2"),
    "empty on both sides": ("0:0 :", "0:0 :", "1/1 1/1", "1/1 1/1"),
    "crossing": ("0:1 1:0", "0:1 1:0", "2/2 2/2", "2/2 2/2"),
}


@pytest.mark.parametrize("name", CASES)
def test_hand_computed(name: str) -> None:
    gold, system, strict, lax = CASES[name]
    assert score(beads(gold), beads(system)) == {"strict": strict.split(), "lax": lax.split()}


ONE_TO_MANY = beads("0:0,1 1:2 2:3,4,5 3:6")
SYMMETRIC = {"one-to-many": ONE_TO_MANY, "many-to-one": tuple(Bead(bead.right, bead.left) for bead in ONE_TO_MANY)}


@pytest.mark.parametrize("name", SYMMETRIC)
def test_sides_may_be_exchanged(name: str) -> None:
    one_to_one = beads("0:0 1:1 2:2 3:3")
    gold = SYMMETRIC[name]
    assert score(gold, one_to_one) == {"strict": ["0/4", "0/4"], "lax": ["1/4", "1/4"]}
    assert score(one_to_one, gold) == {"strict": ["0/4", "0/4"], "lax": ["1/4", "1/4"]}


def test_without_beads_figures_are_zero() -> None:
    report = score_alignment({"a": {"kk-ru": ()}}, {"a": {"kk-ru": ()}})
    agreement = report.strict["all"]
    assert [agreement.precision.value, agreement.recall.value, agreement.f1.value] == [0, 0, 0]


def test_pooled_over_articles_by_pair_and_over_all() -> None:
    right, wrong = beads("0:0 1:1"), beads("0:1 1:0")
    gold: dict[str, Beads] = {"a": {"kk-ru": right, "kk-en": right}, "b": {"kk-ru": right}, "monolingual": {}}
    system: dict[str, Beads] = {"a": {"kk-ru": right, "kk-en": wrong}, "b": {"kk-ru": beads("0:0")}, "monolingual": {}}
    report = score_alignment(gold, system)
    figures = {pair: (a.precision.value, a.recall.value) for pair, a in report.strict.items()}
    assert figures == {"kk-ru": (1, 0.75), "kk-en": (0, 0), "all": (0.6, 0.5)}
    assert report.strict["all"].f1.value == pytest.approx(0.6 / 1.1)
    assert "articles:2|" in report.signature


def test_intervals_come_from_the_articles() -> None:
    right, wrong = beads("0:0 1:1"), beads("0:1 1:0")
    gold: dict[str, Beads] = {str(n): {"kk-ru": right} for n in range(20)}
    system: dict[str, Beads] = {str(n): {"kk-ru": right if n < 15 else wrong} for n in range(20)}
    report = score_alignment(gold, system)
    f1 = report.strict["kk-ru"].f1
    assert 0.5 < f1.low < 0.65 < f1.value == 0.75 < 0.85 < f1.high <= 1
    assert report == score_alignment(gold, system)


MISMATCHED: dict[str, tuple[dict[str, Beads], str]] = {
    "article": ({}, "the system lacks a kk-en, a kk-ru"),
    "pair": ({"a": {"kk-ru": ()}}, "the system lacks a kk-en"),
    "more": ({"a": {"kk-ru": (), "kk-en": (), "ru-en": ()}}, "the system has, and the gold lacks, a ru-en"),
}


@pytest.mark.parametrize("name", MISMATCHED)
def test_what_differs_is_never_cut_to_the_shorter(name: str) -> None:
    system, message = MISMATCHED[name]
    with pytest.raises(KzalignError, match=message):
        score_alignment({"a": {"kk-ru": (), "kk-en": ()}}, system)


def test_pairs_come_in_the_house_order_and_others_after_them() -> None:
    beads_of: dict[str, Beads] = {"a": {"ru-en": (), "de-fr": ()}, "b": {"kk-ru": ()}}
    assert list(score_alignment(beads_of, beads_of).strict) == ["kk-ru", "ru-en", "de-fr", "all"]


def test_no_aligned_article_is_refused() -> None:
    with pytest.raises(KzalignError, match="nothing to score"):
        score_alignment({"a": {}}, {"a": {}})


SIDE = st.lists(st.integers(0, 6), max_size=3, unique=True).map(lambda side: tuple(sorted(side)))
ANY_BEADS = st.lists(st.builds(Bead, SIDE, SIDE, st.floats(0, 1)), max_size=8).map(tuple)


@given(ANY_BEADS.filter(lambda gold: any(bead.left and bead.right for bead in gold)))
def test_gold_against_itself_is_perfect(gold: tuple[Bead, ...]) -> None:
    report = score_alignment({"a": {"kk-ru": gold}}, {"a": {"kk-ru": gold}})
    for agreement in (report.strict["all"], report.lax["all"]):
        assert [agreement.precision.value, agreement.recall.value, agreement.f1.value] == [1, 1, 1]


@given(ANY_BEADS, ANY_BEADS)
def test_lax_is_never_below_strict(gold: tuple[Bead, ...], system: tuple[Bead, ...]) -> None:
    report = score_alignment({"a": {"kk-ru": gold}}, {"a": {"kk-ru": system}})
    strict, lax = report.strict["all"], report.lax["all"]
    assert strict.precision.hit <= lax.precision.hit <= lax.precision.of == strict.precision.of
    assert strict.recall.hit <= lax.recall.hit <= lax.recall.of == strict.recall.of


def test_reliability_by_hand() -> None:
    found = reliability([(0.95, True), (1.0, False), (0.2, False), (0.25, True)])
    rows = [figure for b in found.bins for figure in (b.low, b.high, b.n, b.score, b.right)]
    assert rows == pytest.approx([0.2, 0.3, 2, 0.225, 0.5, 0.9, 1.0, 2, 0.975, 0.5])
    assert found.error == pytest.approx((0.275 + 0.475) / 2)
    assert found.lines()[-1] == "expected calibration error 0.3750"


def test_reliability_is_of_beads_with_two_sides() -> None:
    gold = {"a": {"kk-ru": beads("0:0 1: 2:1")}}
    system: dict[str, Beads] = {"a": {"kk-ru": (Bead((0,), (0,), 0.9), Bead((1,), (), 0.1), Bead((2,), (2,), 0.5))}}
    found = score_alignment(gold, system).reliability
    assert found and [(b.n, b.right) for b in found.bins] == [(1, 0), (1, 1)]


def test_costs_are_no_probabilities() -> None:
    report = score_alignment({"a": {"kk-ru": beads("0:0")}}, {"a": {"kk-ru": (Bead((0,), (0,), 1.2),)}})
    assert report.reliability is None
    assert "scores outside 0 to 1 are no probabilities: no reliability" in report.lines()
    assert report.to_json()["reliability"] is None


AREAS = [
    ([1, 2, 3], [0], 1.0),
    ([0], [1, 2], 0.0),
    ([1], [1], 0.5),
    ([0.9, 0.4], [0.5, 0.1], 0.75),
    ([0.5, 0.5], [0.5, 0.1], 0.75),
]


@pytest.mark.parametrize(("right", "wrong", "expected"), AREAS)
def test_area_under_the_curve(right: list[float], wrong: list[float], expected: float) -> None:
    area = roc_auc(right, wrong)
    assert area.value == expected
    assert 0 <= area.low <= expected <= area.high <= 1
    assert area == roc_auc(right, wrong)


@given(st.lists(st.integers(0, 5), min_size=1, max_size=6), st.lists(st.integers(0, 5), min_size=1, max_size=6))
def test_area_is_the_share_of_ordered_pairs(right: list[int], wrong: list[int]) -> None:
    wins = [1.0 if a > b else 0.5 if a == b else 0.0 for a in right for b in wrong]
    assert roc_auc(right, wrong).value == pytest.approx(sum(wins) / len(wins))


@pytest.mark.parametrize(("right", "wrong"), [([], [1.0]), ([1.0], []), ([float("nan")], [1.0])])
def test_area_needs_both_kinds(right: list[float], wrong: list[float]) -> None:
    with pytest.raises(KzalignError, match="needs scores of both kinds"):
        roc_auc(right, wrong)


LINES = [
    ("[0]:[0, 1]:0.87", Bead((0,), (0, 1), 0.87)),
    ("[0]:[0,1]", Bead((0,), (0, 1))),
    ("[]:[12]:0.000000", Bead((), (12,), 0.0)),
    (" [3 , 4] : [] : 1e-3", Bead((3, 4), (), 0.001)),
]


@pytest.mark.parametrize(("line", "bead"), LINES)
def test_lines_of_vecalign(line: str, bead: Bead, tmp_path: Path) -> None:
    path = tmp_path / "beads.txt"
    path.write_text(f"{line}\n", encoding="utf-8")
    assert read_vecalign(path) == (bead,)


@pytest.mark.parametrize("line", ["", "[0]", "[0]:[a]", "0:0", "[0,,1]:[0]", "[0]:[0]:high", "[0]:[0]:1.2.3", "[-1]:[0]"])
def test_a_bad_line_is_named(line: str, tmp_path: Path) -> None:
    path = tmp_path / "beads.txt"
    path.write_text(f"[0]:[0]\n{line}\n", encoding="utf-8")
    with pytest.raises(KzalignError, match=r"beads.txt: line 2 is"):
        read_vecalign(path)


def test_a_bead_is_written_as_vecalign_writes_it() -> None:
    assert [format_bead(bead) for bead in (Bead((0,), (0, 1), 0.87), Bead((), (3,), 1 / 3))] == [
        "[0]:[0, 1]:0.87",
        "[]:[3]:0.3333",
    ]


@given(found=ANY_BEADS)
def test_written_beads_are_read_back(found: tuple[Bead, ...], tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.mktemp("beads") / "beads.txt"
    path.write_text("".join(f"{format_bead(bead)}\n" for bead in found), encoding="utf-8")
    assert [bead.to_json() for bead in read_vecalign(path)] == [bead.to_json() for bead in found]


def test_report_as_json_and_lines() -> None:
    report = score_alignment({"a": {"kk-ru": beads("0:0 1:1")}}, {"a": {"kk-ru": beads("0:0")}})
    data: dict[str, Any] = json.loads(json.dumps(report.to_json()))
    assert data["strict"]["kk-ru"]["R"] == {"value": 0.5, "interval": [0.5, 0.5], "hit": 1, "of": 2}
    assert data["lax"]["all"]["F1"] == {"value": 0.6667, "interval": [0.6667, 0.6667]}
    assert data["reliability"] == {"bins": [[0.9, 1.0, 1, 1.0, 1.0]], "error": 0.0}
    row = "kk-ru strict  1.000 [1.000, 1.000]  0.500 [0.500, 0.500]  0.667 [0.667, 0.667]"
    assert row in report.lines()
    assert report.lines()[-1] == data["signature"]
