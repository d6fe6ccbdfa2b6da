"""Columns one above another: where two columns end at a strip that both leave white, and begin anew below it.

A page may hold an abstract in two columns above a body in two columns, without a line across the page between them. A strip may
as well be a gap between paragraphs that happens to stand on both sides; how the text goes on from line to line decides.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from kzalign.extract.letters import LOWER
from kzalign.extract.readers.boxes import GOES_ON, Row
from kzalign.extract.readers.columns import SIDE_COLUMN, Side

STRIP = 1.15
"""Distance between lines of a column, in usual ones, from which on both columns may begin anew below."""

ALIKE = 2.0
"""How much higher than the lower one the higher of the two columns' gaps is, at most."""

SURE = 2
"""How much better the text must go on where columns end at a gap: capitals and names after a full line are common."""

COUNTED = re.compile(rf"\d+(?:[.,]\d+)?\s?[%{LOWER}]")
"""A number and what is counted; items of a list and footnotes begin otherwise."""

ENDED = re.compile(r"[.!?:;…][\"'”’»)\]]*$")

Columns = tuple[list[Row], list[Row]]
"""The lines of a left and of a right column, from top to bottom."""


def strips_of(left: list[Row], right: list[Row], page: float) -> list[Columns]:
    """Returns the columns, or the parts of both that stand one above another, from top to bottom."""
    gaps = list(_common(left, right)) if left and right else []
    if not gaps or not _are_text(left, right, page):
        return [(left, right)]
    parts: list[Columns] = []
    first = (0, 0)
    for cut in gaps:
        above = left[first[0] : cut[0]], right[first[1] : cut[1]]
        if all(len(column) > 1 for column in above) and _begin_anew(above, (left[cut[0] :], right[cut[1] :])):
            parts.append(above)
            first = cut
    return [*parts, (left[first[0] :], right[first[1] :])]


def _common(left: list[Row], right: list[Row]) -> Iterator[tuple[int, int]]:
    """Yields the gaps that both columns have at the same height, as the lines below them."""
    others = list(_gaps(right))
    for k, top, bottom in _gaps(left):
        for j, upper, lower in others:
            least, most = sorted((top - bottom, upper - lower))
            if max(bottom, lower) < min(top, upper) and most < ALIKE * least:
                yield k, j


def _gaps(column: Sequence[Row]) -> Iterator[tuple[int, float, float]]:
    """Yields a column's gaps wider than between lines: the line below, the heights of the lines above and below."""
    steps = [a[0].middle - b[0].middle for a, b in itertools.pairwise(column)]
    least = STRIP * median(steps or (0.0,))
    for k, step in enumerate(steps, 1):
        if step > least:
            yield k, column[k - 1][0].middle, column[k][0].middle


def _are_text(left: list[Row], right: list[Row], page: float) -> bool:
    """Says whether both columns are running text: one of them may be a side column, whose lines go on nowhere."""
    sides = Side.of(left, page), Side.of(right, page)
    narrow, broad = sorted(side.width for side in sides)
    return all(side.is_text for side in sides) and narrow >= SIDE_COLUMN * (narrow + broad)


def _begin_anew(above: Columns, below: Columns) -> bool:
    """Says whether columns end at a strip: so read, more lines go on where the one before breaks off."""
    (left, right), (lower_left, lower_right) = above, below
    edges = _edge(left + lower_left), _edge(right + lower_right)
    over = (left, edges[0], lower_left), (right, edges[1], lower_right), (lower_left, edges[0], right)
    anew = (left, edges[0], right), (right, edges[1], lower_left), (lower_left, edges[0], lower_right)
    return sum(_joint(*joint) for joint in anew) >= sum(_joint(*joint) for joint in over) + SURE


def _edge(column: Sequence[Row]) -> float:
    return max(run.right for row in column for run in row)


def _joint(column: Sequence[Row], edge: float, following: Sequence[Row]) -> int:
    """Returns how well a column's first line goes on another's last one: 2 within a sentence, 0 after one, else less.

    `edge` is where full lines of the other column end.
    """
    last, first = column[-1], following[0]
    small = GOES_ON.match(first[0].text) is not None
    full = edge - max(w.right for w in last) < median(w.height for w in last)
    if ENDED.search(last[-1].text) or not full:
        return -2 if small else 0
    if small or COUNTED.match(" ".join(run.text for run in first)):
        return 2 if small else 1
    return -2 if last[-1].text.endswith("-") else -1
