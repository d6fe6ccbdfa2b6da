"""An article's place on the page: which lines it has, where its texts begin, where its references are."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from kzalign.extract.layout import PAGE_NUMBER, Kind, Page
from kzalign.extract.metadata.scan import Scan
from kzalign.extract.openings import CLASSIFICATION
from kzalign.extract.references import ENTRY
from kzalign.extract.sections import CLOSING_SECTIONS, section_of
from kzalign.records import Article, Version

HEAD = 60
"""Lines from where an article begins, or from its first abstract, that may be its head."""

ABOVE = 12
"""Lines above a title or an abstract that may belong to its head."""


FIRST_PAGES = 160
LAST_PAGE = 40
"""Lines that an article's first two or three pages, and its last, have at most."""

CODED = 4
"""Lines among which codes stand where an article opens with them."""


TAIL = 12
"""Lines at an article's end that may be the head of the next one, at most."""

HEADLINE = 110
"""Characters of such a line, at most."""


BACK = re.compile(
    r"^\W*(?:мазмұны|содержание|(?:table of )?contents|правила (?:для авторов|оформления)|"
    r"требования к (?:стат|публикац|оформлен)\w*|(?:инструкция|информация|памятка) для авторов|авторлар(?:ға|дың назарына)|"
    r"мақалаларға қойылатын|(?:guidelines?|instructions?|information) (?:for|to) (?:the )?authors|publication ethics|"
    r"подписано в печать|сдано в набор|теруге|басуға (?:қол|\d+)|басылуға қол|тираж|таралымы|учредитель|құрылтайшы)(?!\w)",
    re.I,
)
"""What stands at an issue's end, after its articles."""


@dataclass(frozen=True, slots=True)
class Zone:
    """The head of one language version, as indices of lines: up from its title, and from there down to its abstract."""

    above: range
    below: range


class View:
    """An article's lines by their index on the page."""

    def __init__(self, page: Page, found: Scan, article: Article) -> None:
        self.page = page
        self.article = article
        self._numbers = found.numbers
        first, last = article.article_lines
        self.first, self.end = bisect_left(found.numbers, first), bisect_right(found.numbers, last)
        self.heads = found.heads[bisect_left(found.heads, self.first) : bisect_left(found.heads, self.end)]

    def at(self, number: int) -> int:
        """Returns the index of the line with a number, or of the first one after it."""
        return bisect_left(self._numbers, number)

    @cached_property
    def texts(self) -> list[tuple[int, int]]:
        """The index where each version's title, heading or abstract begins, and that of the end of its abstract or title."""
        found = []
        for version in self.article.versions.values():
            spans = [*version.title_lines, *version.abstract_lines]
            starts = [first for first, _ in spans] + ([version.heading_line] if version.heading_line else [])
            if starts:
                found.append((self.at(min(starts)), self.at(max([*starts, *(last for _, last in spans)]))))
        return sorted(found)

    @cached_property
    def core(self) -> int:
        """The index where the article's first text begins."""
        return self.texts[0][0] if self.texts else self.first

    @cached_property
    def titles(self) -> list[int]:
        """Indices of the lines of its titles."""
        spans = [span for version in self.article.versions.values() for span in version.title_lines]
        return [i for first, last in spans for i in range(self.at(first), self.at(last + 1))]

    @cached_property
    def head(self) -> list[int]:
        """Indices of the lines at the article's beginning and about its first text, up to the first section."""
        starts = {self.first, *(max(self.first, start - ABOVE) for start, _ in self.texts[:1])}
        found: dict[int, None] = dict.fromkeys(self._codes_above)
        for start in sorted(starts):
            for index in range(start, min(self.end, start + HEAD)):
                if section_of(self.page.lines[index].text):
                    break
                found[index] = None
        return list(found)

    @property
    def _codes_above(self) -> list[int]:
        """The lines of codes that stand directly above the one that the article opens with."""
        start = self.first
        if not (start < self.end and CLASSIFICATION.match(self.page.lines[start].text)):
            return []
        while start > max(0, self.first - CODED) and self.page.lines[start].gap <= 1 and self.page.kind(start - 1) is Kind.CODE:
            start -= 1
        return list(range(start, self.first))

    @property
    def edges(self) -> Iterator[int]:
        """Yields the indices of the lines of its first pages and its last: where citations and licences stand."""
        first = min(self.end, self.first + FIRST_PAGES)
        yield from range(self.first, first)
        yield from range(max(first, self.end - LAST_PAGE), self.end)

    @cached_property
    def closed(self) -> int:
        """The index of the first heading of a list of references, or the article's end."""
        inside = range(self.first, self.end)
        return next((i for i in inside if section_of(self.page.lines[i].text) in CLOSING_SECTIONS), self.end)

    @cached_property
    def opens(self) -> int | None:
        """The index where the article begins on its first page; None where an issue's front matter may stand above it."""
        if self.first or not self.end:
            return self.first or None
        before = range(min(self.core + 1, self.end))
        coded = [i for i in before if CLASSIFICATION.match(self.page.lines[i].text)]
        if coded:
            # the codes of a whole collection may stand above those of its first article
            return coded[-1] if self.core - coded[-1] < FIRST_PAGES else None
        if any(section_of(self.page.lines[i].text) for i in before):
            return 0
        return min(self.core, self.end - 1) if self.core < HEAD else None

    @cached_property
    def closes(self) -> int:
        """The index of its last line, without what stands at an issue's end after all articles."""
        if self.end < len(self.page.lines):
            return self.end - 1
        references = min(self.closed, self.end - 1)
        last = max([references, *(end for _, end in self.texts)])
        back = (i for i in range(last + 1, self.end) if BACK.match(self.page.lines[i].text))
        return next(back, self.end) - 1

    @cached_property
    def tail(self) -> int:
        """The index from which on its last lines may be the head of what follows it: codes, names, rubrics, running heads."""
        index = self.closes + 1
        while index > max(self.first + 1, self.closes + 1 - TAIL) and self._may_head(index - 1):
            index -= 1
        return index

    def _may_head(self, index: int) -> bool:
        text = self.page.lines[index].text
        if ENTRY.search(text):
            return False
        if self.page.kind(index) in (Kind.CODE, Kind.FURNITURE, Kind.PEOPLE, Kind.CAPITALS):
            return not PAGE_NUMBER.match(text)
        return len(text) < HEADLINE and text[0].isupper() and text[-1] not in ".;:" and not any(map(str.isdigit, text))

    def zones(self) -> Iterator[Zone]:
        """Yields the heads of the versions, and of an article that opens with none of them, in the document's order."""
        floors = [end + 1 for _, end in self.texts]
        spots = [spot for version in self.article.versions.values() if (spot := self._spot(version))]
        opening = self._opening(spots)
        if opening is not None:
            yield Zone(range(0), range(opening, min(self.end, opening + ABOVE)))
        for top, bottom, body in sorted(spots):
            floor = max([self.first, *(floor for floor in floors if floor <= top)])
            yield Zone(
                range(top - 1, max(floor, top - ABOVE) - 1, -1), range(bottom + 1, min(body, bottom + 1 + ABOVE, self.end))
            )

    def _opening(self, spots: Sequence[tuple[int, int, int]]) -> int | None:
        """Returns where the article opens: at its codes, or above all its texts; None where a document's masthead is."""
        near = range(self.first, min(self.end, self.first + CODED))
        coded = next((i for i in near if CLASSIFICATION.match(self.page.lines[i].text)), None)
        apart = not spots or min(spots)[0] - self.first > ABOVE
        return coded if coded is not None else self.first if apart and self.first else None

    def _spot(self, version: Version) -> tuple[int, int, int] | None:
        """Returns where a version's title begins and ends and where its text begins; without a title all three are the text's."""
        starts = [version.heading_line, *(first for first, _ in version.abstract_lines[:1])]
        text = min((n for n in starts if n), default=None)
        if version.title_lines:
            top, bottom = version.title_lines[0][0], version.title_lines[-1][1]
            below = version.abstract_lines[0][0] if version.abstract_lines else bottom
            return self.at(top), self.at(bottom), self.at(below) if below > bottom else self.end
        return (self.at(text), self.at(text), self.at(text)) if text else None
