"""An article's pages by the numbers printed at the foot of each page, where the document keeps them on lines of their own."""

import re
from bisect import bisect_left
from itertools import pairwise

from kzalign.extract.layout import Page
from kzalign.extract.metadata.scan import Scan
from kzalign.extract.metadata.view import View

PRINTED = re.compile(r"^\W{0,4}(?P<number>[1-9]\d{0,3})\W{0,4}$")
LEAST = 2
"""Pages, numbered one after the other, below which a number on a line is a number in a table."""

SURE = 3
"""Pages numbered so from which on other numbers on lines may be those in tables."""

LINES = 4
"""Lines of a page at least."""

BEFORE = 5
"""Lines of text above the first number that make it the foot of its page."""

AFTER = 3
"""Lines below the last number that are no page any more."""

TOP = 3
"""Lines at the document's beginning where the first page's running head stands."""

SHORTEST = 8
"""Letters of such a head at least."""

Mark = tuple[int, int]
"""The index of a line, and the number on it."""


class Feet:
    """The numbered feet of a document's pages, in order; none where the numbers stand at the head, or are not in order."""

    def __init__(self, page: Page, found: Scan) -> None:
        matches = ((index, PRINTED.match(page.lines[index].text)) for index in found.short)
        marks = _counted([(index, int(match["number"])) for index, match in matches if match])
        self._marks = marks if marks and _at_foot(page, marks) else []

    def of(self, view: View) -> tuple[str, ...]:
        """Returns the numbers of an article's first and last page; nothing where one is not printed."""
        if view.opens is None:
            return ()
        indices = [index for index, _ in self._marks]
        start, end = bisect_left(indices, view.opens), bisect_left(indices, view.closes)
        ended = start < end and view.tail - 1 <= indices[end - 1]
        end -= ended
        if end >= len(indices) or not self._complete(start) or not (ended or self._complete(end)):
            return ()
        first, last = self._marks[start][1], self._marks[end][1]
        return tuple(dict.fromkeys((str(first), str(last))))

    def _complete(self, k: int) -> bool:
        """Says whether the page before one is numbered too: else a line between the two numbers may stand on a page without."""
        return k == 0 or self._marks[k][1] == self._marks[k - 1][1] + 1


def _counted(marks: list[Mark]) -> list[Mark]:
    """Returns the numbers that count pages: all of them, or the longest row that counts on, a page left out here and there."""
    if all(after[1] == before[1] + 1 for before, after in pairwise(marks)):
        return marks if len(marks) >= LEAST else []
    rows: list[list[Mark]] = []
    for mark in marks:
        fitting = [row for row in rows if 1 <= mark[1] - row[-1][1] <= 2 and mark[0] - row[-1][0] > LINES]
        best = max(fitting, key=len, default=[])
        rows.append([*best, mark])
        rows = [row for row in rows if row is not best]
    longest = max(rows, key=len)
    gaps = sum(after[1] - before[1] > 1 for before, after in pairwise(longest))
    return longest if len(longest) >= SURE and 2 * gaps < len(longest) else []


def _at_foot(page: Page, marks: list[Mark]) -> bool:
    """Says whether the numbers stand at the foot: the first page has none at its head, but the head that others have.

    It is a sign as good that the document ends with a number.
    """
    if marks[0][0] < BEFORE:
        return False
    if len(page.lines) - marks[-1][0] <= AFTER:
        return True
    heads = {_bare(page.lines[index + 1].text) for index, _ in marks if index + 1 < len(page.lines)}
    return any(len(head) >= SHORTEST and head in heads for head in (_bare(line.text) for line in page.lines[:TOP]))


def _bare(text: str) -> str:
    """Returns a line's letters: a running head is the same in them from page to page."""
    return "".join(filter(str.isalpha, text)).casefold()
