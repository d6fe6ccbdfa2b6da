"""Words in their boxes on a page, and the rows they stand in."""

import itertools
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

BREAK = 1.0
"""Gap, in heights of a letter, that may be a gutter between columns; a justified line has smaller ones."""

ALIKE = 1.3
"""How much larger than the least the largest gap of a stretched line is, at most."""

STRETCHED = 0.4
"""Share of a stretched line that its words take, at least."""

BLANKS = "    "
"""What the layout takes for the gap between two columns of a table."""

GOES_ON = re.compile(r"[^\W\dA-ZА-ЯЁӘҒҚҢӨҰҮҺІ]")
"""How a line begins that goes on a sentence."""


@dataclass(slots=True)
class Word:
    """A text and its box, in points, y upwards; also a run of words, which are its `pieces`."""

    text: str
    left: float
    bottom: float
    right: float
    top: float
    size: float = 0.0
    """The letters' size as the file gives it, which says more than the box where boxes fit their letters."""
    pieces: list["Word"] = field(default_factory=list, repr=False, compare=False)

    @property
    def height(self) -> float:
        """Returns the height of the box."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Returns the height on the page of the box's middle."""
        return (self.top + self.bottom) / 2


Row = list[Word]
"""Runs beside each other, from left to right."""


def same_row(a: Word, b: Word) -> bool:
    """Says whether the smaller of two boxes has its middle within the larger one: raised marks go with their line."""
    small, large = (a, b) if a.height < b.height else (b, a)
    return large.bottom <= small.middle <= large.top


def ink(row: Sequence[Word]) -> float:
    """Returns how much of a row its runs take."""
    return sum(run.right - run.left for run in row)


def is_stretched(row: Sequence[Word]) -> bool:
    """Says whether a row is one line stretched to the width of its column: single words, with gaps that are all alike."""
    if len(row) < 2 or any(" " in run.text for run in row):
        return False
    gaps = [b.left - a.right for a, b in itertools.pairwise(row)]
    return ink(row) > STRETCHED * (row[-1].right - row[0].left) and max(gaps) < ALIKE * min(gaps)


def rows_of(runs: Iterable[Word]) -> list[Row]:
    """Returns the runs of each row from left to right, rows from top to bottom."""
    rows: list[Row] = []
    for run in sorted(runs, key=lambda run: (-run.middle, run.left)):
        if rows and any(same_row(rows[-1][k], run) for k in (0, -1)):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows
