"""The numbers printed on a document's pages, where it is known which lines are a page's."""

import re
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import pairwise

from kzalign.extract.layout import Page
from kzalign.extract.metadata.view import View
from kzalign.records import Margin

ALONE = re.compile(r"^\W{0,4}(?P<number>[1-9]\d{0,3})\W{0,4}$")
COLUMNS = re.compile(r"\t+|\s{2,}|\s?[|~·]\s?")
APART = re.compile(r"\t+|\s{3,}|\s?[|~·]\s?")
LABELLED = r"(?:с|стр|б|бет|беті|p|page)"
ENDS = re.compile(
    rf"^\W{{0,4}}(?:{LABELLED}\b\.?\s*)?(?P<first>[1-9]\d{{0,3}})\b|\b(?P<last>[1-9]\d{{0,3}})(?:\s?-?{LABELLED}\b)?\W{{0,4}}$",
    re.I,
)
"""A number at an end of a column of a head."""

NEAR = 3
"""Pages from one numbered page to the next that bears it out, at most; those between are numbered with them."""

EDGE = 2
"""Lines at either edge of a page in a text that may hold its number."""

CONSTANT = 3
"""A number on a third of the pages is no page's: a volume's, an issue's."""

SURE = 3
"""Pages that bear a second numbering out, at least, after a row of pages without numbers."""

LEAST = {True: 2, False: 3}
"""Pages that bear a numbering out, at least: where margins are known, and where they stand among the lines."""


class Printed:
    """The printed number of each page: numbers of its margins that run on by one from page to page."""

    def __init__(self, page: Page, starts: Sequence[int], margins: Sequence[Margin]) -> None:
        """Reads the pages that begin with the lines numbered `starts`; without `margins` the edges of pages are looked at."""
        self._starts = list(starts)
        edges = _edges(page, self._starts) if starts else []
        sought: list[set[int]] = [set() for _ in starts]
        if margins:
            for margin in margins:
                sought[margin.page - 1] |= set(_ends(margin.text))
        else:
            sought = [{number for text in texts for number in _columns(text)} for texts in edges]
        alone = [{int(match["number"]) for text in texts if (match := ALONE.match(text))} for texts in edges]
        self._numbers = numbers_of(sought, alone, LEAST[bool(margins)])

    def of(self, view: View) -> tuple[str, ...]:
        """Returns the numbers of an article's first and last page; nothing where one of them is not known."""
        if not self._numbers or view.opens is None:
            return ()
        lines = view.page.lines
        first = self._page(lines[view.opens].number)
        last = self._page(lines[view.closes].number)
        if last > first and self._page(lines[max(view.opens, view.tail - 1)].number) < last:
            last -= 1
        if first not in self._numbers or last not in self._numbers or self._numbers[first] > self._numbers[last]:
            return ()
        return tuple(dict.fromkeys((str(self._numbers[first]), str(self._numbers[last]))))

    def _page(self, number: int) -> int:
        return max(0, bisect_right(self._starts, number) - 1)


def numbers_of(sought: Sequence[set[int]], alone: Sequence[set[int]], least: int) -> dict[int, int]:
    """Returns the number of each page, by its index, that other pages bear out.

    `sought`: numbers of each page of which one may be the page's; `alone`: others that may be if those of pages near say so.
    """
    times = Counter(number for numbers in sought for number in numbers)
    pages: defaultdict[int, list[int]] = defaultdict(list)
    for index, numbers in enumerate(sought):
        for number in numbers:
            if times[number] == 1 or times[number] * CONSTANT < len(sought):
                pages[number - index].append(index)
    runs = sorted((run for offset, indices in pages.items() for run in _runs(offset, indices)), key=lambda run: -len(run[1]))
    found: dict[int, int] = {}
    for offset, indices in runs:
        if len(indices) < least or (found and len(indices) < SURE):
            break
        numbered = {index: index + offset for index in range(indices[0], indices[-1] + 1)}
        if _goes_with(numbered, found):
            found |= numbered
    for index in [*range(len(alone)), *reversed(range(len(alone)))]:
        near = {found[k] - k for k in (index - 1, index + 1) if k in found}
        if index not in found and (fitting := [offset for offset in near if index + offset in alone[index]]):
            found[index] = index + fitting[0]
    return found


def _goes_with(numbered: dict[int, int], found: dict[int, int]) -> bool:
    """Says whether numbers of pages go with those of others: none has two, and later pages have larger ones."""
    first, last = min(numbered), max(numbered)
    below = [number for index, number in found.items() if index < first]
    above = [number for index, number in found.items() if index > last]
    apart = len(below) + len(above) == len(found)
    return apart and max(below, default=0) < numbered[first] and numbered[last] < min(above, default=numbered[last] + 1)


def _runs(offset: int, indices: Sequence[int]) -> Iterable[tuple[int, list[int]]]:
    """Yields the offset with each row of pages that follow one another closely."""
    run = [indices[0]]
    for before, after in pairwise(indices):
        if after - before > NEAR:
            yield offset, run
            run = []
        run.append(after)
    yield offset, run


def _ends(text: str) -> Iterable[int]:
    """Yields the numbers at the ends of a margin's columns."""
    for column in COLUMNS.split(text):
        for match in ENDS.finditer(column):
            yield int(match["first"] or match["last"])


def _columns(text: str) -> Iterable[int]:
    """Yields the numbers that are a column of a text's line: one at the beginning of prose is no page's."""
    for column in APART.split(text):
        match = ENDS.fullmatch(column.strip(" –—-.~*"))
        if match:
            yield int(match["first"] or match["last"])


def _edges(page: Page, starts: Sequence[int]) -> list[list[str]]:
    """Returns the first and last lines of each page."""
    lines: list[list[str]] = [[] for _ in starts]
    for line in page.lines:
        lines[max(0, bisect_right(starts, line.number) - 1)].append(line.text)
    return [texts[:EDGE] + texts[EDGE:][-EDGE:] for texts in lines]


def starts_in(lines: Sequence[str]) -> tuple[int, ...]:
    """Returns the first line of each page of a text that has form feeds between pages; nothing of one without."""
    found = [1]
    for number, line in enumerate(lines, 1):
        if "\f" in line:
            before, _, after = line.partition("\f")
            found.append(number + 1 if before.strip() and not after.strip() else number)
    return tuple(dict.fromkeys(found)) if len(found) > 1 else ()
