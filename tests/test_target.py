"""The threshold for a wanted precision."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.corpus.filters import Threshold, find_threshold
from kzalign.errors import KzalignError

SCORES = [0.9, 0.8, 0.8, 0.6, 0.4, 0.2]
RIGHT = [True, True, False, True, False, False]

FOUND = {
    "all that can be kept": (SCORES, RIGHT, 0.75, True, Threshold(0.6, 0.75, 4 / 6, 1.0)),
    "equal scores stand together": (SCORES, RIGHT, 0.9, True, Threshold(0.9, 1.0, 1 / 6, 1 / 3)),
    "low scores are good": ([0, 0, 1, 3], [True, True, True, False], 1.0, False, Threshold(1, 1.0, 0.75, 1.0)),
    "nothing is wrong": ([0.5, 0.7], [True, True], 1.0, True, Threshold(0.5, 1.0, 1.0, 1.0)),
}


@pytest.mark.parametrize(("scores", "right", "target", "at_least", "expected"), FOUND.values(), ids=FOUND)
def test_threshold(scores: list[float], right: list[bool], target: float, at_least: bool, expected: Threshold) -> None:
    assert find_threshold("x", scores, right, target, at_least) == expected


REFUSED = {
    "out of reach": (
        [0.9, 0.9, 0.1],
        [True, False, False],
        0.99,
        r"filter 'x': .* the best is 0.5000 at 0.9, with 100.0% of the right",
    ),
    "nothing is right": ([0.9], [False], 0.5, "none of 1 segments is right"),
    "no segment": ([], [], 0.5, "none of 0 segments is right"),
    "lengths differ": ([0.9], [True, False], 0.5, "1 scores and 2 labels"),
    "no precision": ([0.9], [True], 0.0, "a precision of 0 cannot be asked for"),
    "more than all": ([0.9], [True], 1.5, "a precision of 1.5 cannot be asked for"),
}


@pytest.mark.parametrize(("scores", "right", "target", "message"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_had_is_said(scores: list[float], right: list[bool], target: float, message: str) -> None:
    with pytest.raises(KzalignError, match=message):
        find_threshold("x", scores, right, target, True)


LABELLED = st.lists(st.tuples(st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]), st.booleans()), min_size=1, max_size=12)


@given(LABELLED, st.sampled_from([0.3, 0.5, 0.8, 1.0]), st.booleans())
def test_no_threshold_does_better(labelled: list[tuple[float, bool]], target: float, at_least: bool) -> None:
    scores, right = [score for score, _ in labelled], [label for _, label in labelled]
    reachable = []
    for value in set(scores):
        kept = [label for score, label in labelled if (score >= value if at_least else score <= value)]
        if any(kept) and sum(kept) / len(kept) >= target:
            reachable.append(sum(kept))
    if not reachable:
        with pytest.raises(KzalignError):
            find_threshold("x", scores, right, target, at_least)
        return
    found = find_threshold("x", scores, right, target, at_least)
    assert found.precision >= target
    assert round(found.recall * sum(right)) == max(reachable)
