"""The threshold that a wanted precision asks for."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from kzalign.errors import KzalignError


@dataclass(frozen=True, slots=True)
class Threshold:
    """A filter's threshold and what it gives on labelled segments: shares in [0, 1]."""

    value: float
    precision: float
    kept: float
    """Share of all segments accepted."""
    recall: float
    """Share of the right ones accepted."""


def find_threshold(name: str, scores: Sequence[float], right: Sequence[bool], target: float, at_least: bool) -> Threshold:
    """Returns the threshold of the filter `name` that keeps the most right segments with a precision of `target` or more.

    Of thresholds that keep the same right segments it is the most precise. Raises KzalignError, with the best
    there is, where none reaches the target, and where there is no right segment to keep.
    """
    if len(scores) != len(right):
        raise KzalignError(f"filter '{name}': {len(scores)} scores and {len(right)} labels; each segment needs both")
    if not 0 < target <= 1:
        raise KzalignError(f"filter '{name}': a precision of {target:g} cannot be asked for; give one above 0 and up to 1")
    if not any(right):
        raise KzalignError(f"filter '{name}': none of {len(right)} segments is right; no threshold can be found")
    curve = _curve(scores, right, at_least)
    reached = [point for point in curve if point.precision >= target]
    if not reached:
        best = max(curve, key=lambda point: (point.precision, point.recall))
        raise KzalignError(
            f"filter '{name}': no threshold reaches a precision of {target:g}; the best is {best.precision:.4f} "
            f"at {best.value:g}, with {best.recall:.1%} of the right segments kept"
        )
    return max(reached, key=lambda point: (point.recall, point.precision))


def _curve(scores: Sequence[float], right: Sequence[bool], at_least: bool) -> list[Threshold]:
    """Returns what each score gives as the threshold, the strictest first; equal scores stand or fall together."""
    ranked = sorted(zip(scores, right, strict=True), key=lambda item: item[0], reverse=at_least)
    wanted = sum(right)
    points: list[Threshold] = []
    accepted = good = 0
    for value, group in groupby(ranked, key=lambda item: item[0]):
        labels = [label for _, label in group]
        accepted, good = accepted + len(labels), good + sum(labels)
        points.append(Threshold(value, good / accepted, accepted / len(ranked), good / wanted))
    return points
