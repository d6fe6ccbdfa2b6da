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

BEFORE = 5
"""Lines of text above the first number that make it the foot of its page."""

AFTER = 3
"""Lines below the last number that are no page any more."""


class Feet:
    """The numbered feet of a document's pages, in order; none where the numbers stand at the head, or are not in order."""

    def __init__(self, page: Page, found: Scan) -> None:
        matches = ((index, PRINTED.match(page.lines[index].text)) for index in found.short)
        marks = [(index, int(match["number"])) for index, match in matches if match]
        self._marks = marks if _in_order(marks) and _at_foot(page, marks) else []

    def of(self, view: View) -> tuple[str, ...]:
        """Returns the numbers of an article's first and last page; nothing where one is not printed."""
        indices = [index for index, _ in self._marks]
        start, end = bisect_left(indices, view.first), bisect_left(indices, view.end - 1)
        if not indices or end >= len(indices):
            return ()
        first, last = self._marks[start][1], self._marks[end][1]
        return tuple(dict.fromkeys((str(first), str(last))))


def _in_order(marks: list[tuple[int, int]]) -> bool:
    """Says whether the numbers count pages without a gap."""
    return len(marks) >= LEAST and all(after[1] == before[1] + 1 for before, after in pairwise(marks))


def _at_foot(page: Page, marks: list[tuple[int, int]]) -> bool:
    return marks[0][0] >= BEFORE and len(page.lines) - marks[-1][0] <= AFTER
