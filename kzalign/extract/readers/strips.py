"""Columns one above another: where two columns end at a strip that both leave white, and begin anew below it.

A page may hold an abstract in two columns above a body in two columns, without a line across the page between them. A strip may
as well be a gap between paragraphs that happens to stand on both sides; how the text goes on from line to line decides.
"""

import itertools
import re
from collections.abc import Iterator, Sequence
from statistics import median

from kzalign.extract.letters import LOWER
from kzalign.extract.readers.boxes import Row
from kzalign.extract.readers.columns import SIDE_COLUMN, Side
from kzalign.extract.readers.footnotes import SMALL

STRIP = 1.3
"""Distance between lines of a column, in usual ones, from which on both columns may begin anew below."""

ALIKE = 2.0
"""How much higher than the lower one the higher of the two columns' gaps is, at most."""

SURE = 2
"""How much better the text must go on where columns end at a gap: capitals and names after a full line are common."""

COUNTED = re.compile(rf"\d+(?:[.,]\d+)?\s?[%{LOWER}]")
"""A number and what is counted; items of a list and footnotes begin otherwise."""

RAGGED = 2.0
"""How much further from the edge than at the median a full line may end."""

LINK = re.compile(r"\S+(?:@|://)")

ENDED = re.compile(r"[.!?:;…*][\"'”’»)\]]*$")

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
    (left, right), (lower_left, lower_right) = above, tuple(_text(*both) for both in zip(above, below, strict=True))
    if not lower_left or not lower_right:
        return False
    ends = _full(left + lower_left), _full(right + lower_right)
    over = (left, ends[0], lower_left), (right, ends[1], lower_right), (lower_left, ends[0], right)
    anew = (left, ends[0], right), (right, ends[1], lower_left), (lower_left, ends[0], lower_right)
    return sum(_joint(*joint) for joint in anew) >= sum(_joint(*joint) for joint in over) + SURE


def _text(above: list[Row], below: list[Row]) -> list[Row]:
    """Returns the lower part of a column without the small lines at its foot."""
    usual = median(row[0].size for row in above + below)
    return below[: next((k for k in range(len(below), 0, -1) if below[k - 1][0].size > SMALL * usual or not usual), 0)]


def _full(column: Sequence[Row]) -> float:
    """Returns where a column's full lines end at the earliest: near its edge, or not where its lines differ in length."""
    ends = [row[-1].right for row in column]
    edge = max(ends)
    return edge - max(median(row[-1].height for row in column), RAGGED * (edge - median(ends)))


def _joint(column: Sequence[Row], full: float, following: Sequence[Row]) -> int:
    """Returns how well a column's first line goes on another's last one: 2 within a sentence, 0 after one, else less."""
    last = next((row for row in reversed(column) if _has_letters(row)), column[-1])
    first = next((row for row in following if _has_letters(row)), following[0])
    text = " ".join(run.text for run in first)
    small = text[0].islower() and not LINK.match(text)
    ended = ENDED.search(last[-1].text) is not None
    if ended or last[-1].right < full or all(run.text.isupper() for run in last):
        return -small - (small and ended)
    if small or COUNTED.match(text):
        return 2 if small else 1
    return -2 if last[-1].text.endswith("-") else -1


def _has_letters(row: Row) -> bool:
    """Says whether a row is more than a page's number."""
    return any(any(map(str.isalpha, run.text)) for run in row)
