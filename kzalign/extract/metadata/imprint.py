"""Where an issue says what it is: journal, volume, issue, year, ISSN in mastheads and running heads."""

import re
from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from kzalign.extract.layout import JOURNAL_NAME, PAGE_NUMBER, YEAR, Page
from kzalign.extract.metadata.scan import Scan
from kzalign.extract.metadata.view import View
from kzalign.extract.people import PERSON_WITH_INITIALS
from kzalign.extract.references import OPENING

_NUMBER = r"\d{1,4}(?:[-–/]\d{1,3}(?!\d))?(?:\s?\((?!(?:19|20)\d\d\))\d{1,4}(?:[-–]\d{1,4})?\))?(?!\w|-[^\W\d])"
ISSUE = re.compile(
    rf"(?:№|\bN[o°º]\.?|\bNumber|\bIssue|\bIss\.|\bВып(?:уск|\.)|\bНомер|\bШығарылым)\s?(?P<number>{_NUMBER})|"
    r"(?P<before>\b\d{1,3})-?(?:ші|шы)?\s?(?:шығарылым|нөмір|сан\b|выпуск)",
    re.I,
)
VOLUME = re.compile(
    r"(?:\bТом|\bТ\.|\bVol(?:ume|\.)?|\bЖинақ|\bКітап)\s?(?P<number>\d{1,4}|[IVXLC]{1,7}\b)|(?P<before>\b\d{1,3})\s?-?\s?том\b",
    re.I,
)
YEAR_FIRST = re.compile(r"\b(?P<year>(?:19|20)\d\d),?\s(?P<issue>\d{1,3})\s?\((?:Т\.|Vol\.|Том)\s?(?P<volume>\d{1,3})\)", re.I)
"""2020, 3 (Т.22)."""

YEAR_LAST = re.compile(r"^\W*(?P<issue>\d{1,3})\s?[·⋅•∙]\s?(?P<year>(?:19|20)\d\d)\b")
"""1 ⋅ 2012."""

YEAR_MIDDLE = re.compile(r"\b(?P<year>(?:19|20)\d\d),\s(?P<volume>\d{1,3})\s?\((?P<issue>\d{1,3})\)")
"""2024, 3(2)."""

COLON = re.compile(r"(?<!\d)(?P<volume>\d{1,3}):(?P<issue>\d{1,3})\s?\((?P<year>(?:19|20)\d\d)\)")
"""21:1 (2021)."""

PAGED = re.compile(rf"\W*{COLON.pattern}[\s,]*\d{{1,4}}\s?[–—-]\s?\d{{1,4}}")
"""The same with pages."""

DATED = re.compile(r"(?:^|[,–—-])\s*(?P<year>(?:19|20)\d\d)\s?(?:г\.|год|ж\.|жыл|y\.)?\W*$", re.I)
"""A place and a year, as title pages of collections end."""

AFFILIATED = re.compile(r"^\W{0,2}\d{1,2}\s?\*?\s?[^\W\d]")
"""An author's mark before the place of work."""

ISSN = re.compile(r"(?<![A-Za-z])[ep]?-?ISSN\b[^\d]{0,25}(?P<number>\d{4}[-–]\d{3}[\dXxХх])", re.I)
ISSN_CHUNK = re.compile(
    r"(?<![A-Za-z])[ep]?-?ISSN\b\W{0,3}(?:\((?:print|online)\)|(?:print|online))?\W{0,3}[\d–-]*[\dXxХх]?(?:\s\((?:print|online)\))?",
    re.I,
)
CONFERENCE = re.compile(r"конференци|conference|symposium|симпозиум|форум\b", re.I)
COLUMNS = re.compile(r"\t+|\s{3,}|\s[|~]\s|·")
PAGES = re.compile(r"(?<![\d.])(?P<pages>\d{1,4}\s?[–—-]\s?\d{1,4})(?:-?\s?(?:бб?|с|б|pp?)\b)?[\s.]*$")

PERSON = re.compile(rf"(?<!\w)(?:{PERSON_WITH_INITIALS.pattern})")
NAMED_AFTER = re.compile(r"атындағы|атынд\.|имени|\bим\.|named after", re.I)
SERIES = re.compile(r"^(?:серия|сериясы|series)\b", re.I)

MASTHEAD = 14
"""Lines at a document's beginning where its masthead stands."""

ABOVE = 6
"""Lines above an article's first that may be its masthead."""

BELOW = 2
"""Lines below its last that may be its foot."""

NEAR_NAME = 5
"""Lines above the number of an issue where the journal's name stands."""

HEAD_NUMBER = re.compile(r"\d{1,4}\s+(?=[^\W\d])")
"""A page's number before a running head."""

FIRST_NUMBER = re.compile(r"\d{1,4}(?:\s*\||\s{3,}|\t)")
LAST_NUMBER = re.compile(r"(?:\s{3,}|\t|\|\s?)\d{1,4}$")
"""A page's number beside a running head, on its line."""

BESIDE = 2
"""Lines between a page's number and its running head."""

LAST_CHARS = 12
"""Characters at a line's end among which such a number stands."""

LONGEST = 220
SHORTEST_NAME, LONGEST_NAME = 5, 150


@dataclass(frozen=True, slots=True)
class Imprint:
    """What a line says of the issue; a field that it does not name is empty."""

    index: int
    journal: str = ""
    volume: str = ""
    issue: str = ""
    year: str = ""
    pages: str = ""

    @property
    def numbers(self) -> tuple[str, str, str]:
        """What tells one issue from another."""
        return self.volume, self.issue, self.year


class Imprints:
    """The lines of a document that say which issue it is."""

    def __init__(self, page: Page, found: Scan, titles: frozenset[int]) -> None:
        """Reads the page; the lines at the indices `titles` are articles' titles, and none of a journal's names."""
        self._page, self._scan, self._titles = page, found, titles
        self._heads = frozenset(found.heads)
        lines = page.lines
        read = [one for i in self._places() if len(lines[i].text) < LONGEST and (one := self._read(i, lines[i].text))]
        self.lines = [one for one in read if one.year or one.journal]
        self._journals = Counter(one.journal for one in self.lines if one.journal)
        self.lines = [self._named(one) for one in self.lines]
        self._journals = Counter(one.journal for one in self.lines if one.journal)
        self.issn = self._issn()

    def of(self, view: View) -> dict[str, tuple[str, ...]]:
        """Returns the journal, volume, issue, year and ISSN of an article, and its pages where its own head has them."""
        inside = [one for one in self.lines if view.first <= one.index < view.end]
        before = [one for one in self.lines if one.index < view.first]
        kinds = {one.numbers for one in self.lines}
        chosen = self.lines if len(kinds) < 2 or self._agree() else inside or before[-1:]
        found: dict[str, tuple[str, ...]] = {}
        for name in ("volume", "issue", "year"):
            values = Counter(value for one in chosen if (value := getattr(one, name)))
            if values:
                found[name] = (values.most_common(1)[0][0],)
        journal = Counter(one.journal for one in chosen if one.journal) or self._journals
        name = journal.most_common(1)[0][0] if journal else self._masthead
        if name:
            found["journal"] = (name,)
        if self.issn:
            found["issn"] = self.issn
        if "year" not in found and (year := self._dated):
            found["year"] = (year,)
        if own := self._own_pages(view):
            found["pages"] = (own,)
        return found

    def _own_pages(self, view: View) -> str:
        """Returns the pages that stand at the article's head, and about no other article; else nothing."""
        paged = [one for one in self.lines if one.pages]
        head = [one for one in paged if view.first <= one.index < min(view.end, view.first + MASTHEAD)]
        above = [one for one in paged if view.first - ABOVE <= one.index < view.first]
        for stated in head[:1] or above[-1:]:
            about = range(view.first - ABOVE, view.end + BELOW)
            # what stands last above the next article is that one's, not this one's foot
            following = [one for one in paged if view.end - ABOVE <= one.index < view.end and one is not stated][-1:]
            if all(one.index in about for one in paged if one.pages == stated.pages) and not any(
                one.pages == stated.pages for one in following
            ):
                return stated.pages
        return ""

    def _agree(self) -> bool:
        """Says whether the lines contradict each other nowhere: one names the year alone, another the number too."""
        for name in ("volume", "issue", "year"):
            if len({re.sub(r"\W", "", value) for one in self.lines if (value := getattr(one, name))}) > 1:
                return False
        return True

    def _read(self, index: int, text: str) -> Imprint | None:
        """Returns what a line says of the issue, None where it has no number of one beside a year or a journal's name."""
        if index in self._heads:
            text = HEAD_NUMBER.sub("", text, count=1) if HEAD_NUMBER.match(text) else text
        if not any(map(str.isdigit, text)) or OPENING.search(text):
            return None
        text = ISSN_CHUNK.sub(lambda match: " " * max(3, len(match[0])), text)
        odd = YEAR_FIRST.search(text) or YEAR_MIDDLE.search(text) or COLON.search(text)
        if odd:
            pages = PAGES.search(text, odd.end())
            return Imprint(
                index, self._name(text[: odd.start()]), odd["volume"], odd["issue"], odd["year"], pages["pages"] if pages else ""
            )
        if odd := YEAR_LAST.match(text):
            return Imprint(index, "", "", odd["issue"], odd["year"])
        if AFFILIATED.match(text) and not JOURNAL_NAME.search(text):
            return None
        issue, volume, year = ISSUE.search(text), VOLUME.search(text), YEAR.search(text)
        numbered = [match for match in (issue, volume) if match]
        alone = not numbered and "ISSN" in self._page.lines[index].text and not year
        if (
            not (numbered and (year or JOURNAL_NAME.search(text) or index < MASTHEAD))
            and not alone
            and not (year and CONFERENCE.search(text))
        ):
            return None
        if _is_person(COLUMNS.split(text)[0]) or text[-1] in ":;" or text[0].islower() or (index in self._titles and not issue):
            return None
        first = min((match.start() for match in (*numbered, year) if match), default=len(text))
        name = self._name(text[:first] if numbered or alone else COLUMNS.split(text)[0])
        if numbered and not name:
            after = self._name(text[max(match.end() for match in (*numbered, year) if match) :])
            name = after if JOURNAL_NAME.search(after) else ""
        if alone and not name:
            return None
        pages = PAGES.search(COLUMNS.split(text)[0])
        return Imprint(
            index,
            name,
            _value(volume),
            _value(issue),
            year[0] if year else "",
            pages["pages"] if pages and numbered and not (year and year.start() >= pages.start()) else "",
        )

    def _name(self, text: str) -> str:
        """Returns the name of a journal that stands before its numbers on a line."""
        chunks = [_clean(chunk) for chunk in COLUMNS.split(ISSN_CHUNK.sub("   ", text))]
        named = [chunk for chunk in chunks if SHORTEST_NAME <= len(chunk) <= LONGEST_NAME and sum(map(str.isalpha, chunk)) > 4]
        return next((chunk for chunk in named if JOURNAL_NAME.search(chunk)), named[-1] if named else "")

    def _places(self) -> list[int]:
        """Returns the indices of the lines that stand where a masthead or a running head does."""
        lines = self._page.lines
        found = {*range(min(MASTHEAD, len(lines))), *self._scan.heads}
        for index in self._scan.short:
            if PAGE_NUMBER.match(lines[index].text):
                found.update(range(max(0, index - BESIDE), min(len(lines), index + BESIDE + 1)))
        for index in self._scan.edged:
            text = lines[index].text
            if PAGED.fullmatch(text) or LAST_NUMBER.search(text, max(0, len(text) - LAST_CHARS)) or FIRST_NUMBER.match(text):
                found.add(index)
        return sorted(found)

    def _named(self, one: Imprint) -> Imprint:
        """Returns an imprint with the journal's name from the lines above where its own line has none."""
        if (
            one.journal
            and not SERIES.match(one.journal)
            and (JOURNAL_NAME.search(one.journal) or self._journals[one.journal] > 1)
        ):
            return one
        name = self._stacked(range(max(0, one.index - NEAR_NAME), one.index))
        return replace(one, journal=name) if name else one

    @cached_property
    def _dated(self) -> str:
        """The one year that the masthead's lines end with; empty where they name none, or several."""
        heads = (line.text for i, line in enumerate(self._page.lines[:MASTHEAD]) if i not in self._titles)
        years = {match["year"] for text in heads if len(text) < LONGEST_NAME and (match := DATED.search(text))}
        return years.pop() if len(years) == 1 else ""

    @cached_property
    def _masthead(self) -> str:
        return self._stacked(range(min(MASTHEAD, len(self._page.lines))))

    def _stacked(self, indices: range) -> str:
        """Returns the first journal's name among lines, closed up where it is spaced, with the line below if it is one word."""
        lines = self._page.lines
        for index in indices:
            text = lines[index].text
            if index in self._titles or OPENING.search(text) or len(text) > LONGEST_NAME or _is_person(text):
                continue
            for chunk in COLUMNS.split(ISSN_CHUNK.sub("   ", text)):
                plain = _clean(DATED.sub("", _closed(chunk)))
                named = len(plain) >= SHORTEST_NAME and JOURNAL_NAME.search(plain) and not SERIES.match(plain)
                if named or plain == "NEWS":
                    below = lines[index + 1].text if index + 1 < len(lines) else ""
                    joined = len(plain.split()) == 1 and re.match(r"of\b", below, re.I)
                    return f"{plain} {_clean(below)}" if joined else plain
        return ""

    def _issn(self) -> tuple[str, ...]:
        """Returns the ISSNs of mastheads and running heads: those in lines that repeat, or that stand at the beginning."""
        counts: Counter[str] = Counter()
        for index in self._scan.issn:
            for match in ISSN.finditer(self._page.lines[index].text):
                counts[match["number"]] += 2 if index < MASTHEAD else 1
        return tuple(number for number, times in counts.items() if times > 1)[:2]


def _is_person(text: str) -> bool:
    """Says whether a text names a person, and no journal or institution that bears the person's name."""
    return PERSON.search(text) is not None and not NAMED_AFTER.search(text)


def _value(match: re.Match[str] | None) -> str:
    return (match["number"] or match["before"] or "").strip() if match else ""


def _closed(text: str) -> str:
    """Returns a word set with blanks between its letters without them."""
    return re.sub(r"\s", "", text) if re.fullmatch(r"\W*(?:\w\s){2,}\w\W*", text) else text


def _clean(text: str) -> str:
    text = " ".join(text.split()).strip(" .,;:|/–—-_*#=~·")
    quoted = re.fullmatch(r"[«\"“](?P<inside>[^«»\"“”]+)[»\"”]", text)
    return quoted["inside"] if quoted else text
