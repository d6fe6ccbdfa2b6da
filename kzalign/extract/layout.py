"""What a line of a document is: prose, page furniture, an author block, a heading, capitals.

Everything here follows from how journals and PDF dumps are made. Running heads are found by repetition
in the document itself, page numbers and link lists by their form.
"""

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property, lru_cache
from itertools import pairwise

from kzalign.extract.coded import is_coded
from kzalign.extract.lines import Line
from kzalign.extract.people import is_capital_people, is_people
from kzalign.extract.sections import SPACED, section_of


class Kind(StrEnum):
    """What a line is."""

    PROSE = "prose"
    FURNITURE = "furniture"
    CODE = "code"
    PEOPLE = "people"
    SECTION = "section"
    CAPITALS = "capitals"


LINK = re.compile(r"\W*(?:https?://|www\.|mailto:|file:///|doi\.org/|orcid\.org/)", re.I)
LONGEST_FURNITURE = 400
PAGE_NUMBER = re.compile(r"[^\w.]*\d{1,4}[^\w.]*$")
FURNITURE = re.compile(
    rf"^(?:{PAGE_NUMBER.pattern}"
    r"""
    | \W*\d{1,3}\s?[·⋅•∙]\s?(?:19|20)\d\d\b.{0,160} $                    # 1 ⋅ 2012
    | [\W_]{3,} $                                                     # a rule
    | \d{1,4}\s*\|\s*\S.{0,60} $                                     # 12 | Page
    | (?:стр|бет|page|p|с)\.?\s*\d{1,4}\W* $
    | \W*(?:e-?mail|эл\.?\s*почта|orcid)\b[\s\w]{0,12}[:–—-].{0,200} $ | \W*orcid\b.{0,60} $
    | \W*[\w.+-]+@[\w-]+\.[\w.-]+\W* $
    | dc\.(?!description|subject)[\w.]+\s.{0,300} $                    # a repository's record
    | !\[.*\]\(.*\) $
    )""",
    re.X | re.I,
)
MARKED_FURNITURE = (
    ("|", re.compile(r"^.{0,60}\S\s*\|\s*\d{1,4}$")),
    ("issn", re.compile(r"^.{0,80}\b[ep]?-?issn\b.{0,120}$")),
    ("©", re.compile(r"^.{0,60}©.{0,200}$")),
    ("(c)", re.compile(r"^.{0,60}\(c\)\s(?:[\w\s.,]{0,60}\s)?(?:19|20)\d\d.{0,200}$")),
)
"""Furniture that a mark inside the line shows, for text in small letters: only lines that hold the mark are matched."""

RULE = re.compile(r"[_–—-]{5,}")
"""The rule above a page's footnotes."""

MAX_FOOTNOTE = 8
"""Lines between that rule and the page's end."""

GAP = re.compile(r"(?<=\S)[ \t]+(?=\S)")
COLUMN_GAP = 4
LEAST_STRETCHED = 8
"""Blanks between two columns; justified text has as many between any two words."""
ISSUE_LINE = re.compile(r"(?:№|\bN[o°]\.?\s?|\bVol(?:ume)?\b\.?|\bтом\b|\bвып(?:уск)?\b\.?|\bшығарылым\b)\s*\d", re.I)
MOST_ISSUE_LETTERS = 25
"""Letters of a line that gives an issue's number and year without the journal's name; a sentence has more."""

YEAR = re.compile(r"\b(?:19|20)\d\d\b")
JOURNAL_NAME = re.compile(
    r"\b(?:хабаршы(?:сы)?|вестник|bulletin|известия|хабарлар(?:ы)?|журнал(?:ы)?|journal|proceedings|ғылыми еңбектер|"
    r"труды|жаршы(?:сы)?|серия(?:сы)?|series|жинағы|сборник)\b",
    re.I,
)
JOURNAL_SERIES = re.compile(
    r"\b(?:хабаршы|вестник|bulletin|известия|хабарлар|journal|жаршы)\w*\b.{0,80}\b(?:серия\w*|series)\b|"
    r"\b(?:серия\w*|series)\b.{0,60}\b(?:№|no\.?)\s?\d",
    re.I,
)
TITLE_LABEL = re.compile(
    r"""^\W*(?:
      dc\.title(?:\.[\w-]+)?(?:\[\w+\])?
    | (?:название|наименование|заглавие|тема)(?:\s(?:статьи|работы|доклада))?
    | (?:(?:мақала|жұмыс|баяндама)(?:ның)?\s)?(?:атауы|тақырыбы)
    | (?:(?:article|paper)\s)?title(?:\sof\s(?:the\s)?(?:article|paper))?
    )(?:\s?[(\[][\w.\s]{2,12}[)\]])?(?:\s*:\s*|\s*\t\s*|\s+[–—-]\s+)(?=\S)""",
    re.I | re.X,
)
"""What names a title in a record of a repository or a digest."""
ARTICLE_INFO = re.compile(
    r"^\W*(?:article\s?(?:info(?:rmation)?|history)|(?:информация\s?|сведения\s?)?о\s?статье|история\s?статьи|"
    r"мақала\s?(?:туралы(?:\s?(?:ақпарат|мәлімет))?|тарихы)|(?:research\s?)?highlights|graphical\s?abstract|"
    r"графическая\s?аннотация|графикалық\s?(?:аннотация|аңдатпа))\W*$",
    re.I,
)
"""What heads what a journal sets between authors and abstract: dates, keywords, findings in a line each, a picture."""


def is_links(text: str) -> bool:
    """Says whether a line holds links and nothing else."""
    linked = False
    for word in text.split():
        if LINK.match(word):
            linked = True
        elif any(map(str.isalnum, word)):
            return False
    return linked


def is_furniture(text: str) -> bool:
    """Says whether a line's form shows it to be furniture: a page's number, an address, a copyright notice."""
    if len(text) >= LONGEST_FURNITURE:
        return False
    if FURNITURE.match(text):
        return True
    lowered = text.lower()
    return any(mark in lowered and pattern.match(lowered) for mark, pattern in MARKED_FURNITURE)


def is_table_row(text: str) -> bool:
    """Says whether a line is set in three columns or more, and not only justified: its gaps are not all alike."""
    if len(text) >= LONGEST_FURNITURE or not ("\t" in text or " " * COLUMN_GAP in text):
        return False
    gaps = [len(gap) for gap in GAP.findall(text)]
    justified = len(gaps) > 2 and max(gaps) - min(gaps) <= 1 and sum(map(str.isalpha, text)) > 5 * len(gaps)
    return sum(gap >= COLUMN_GAP for gap in gaps) > 1 and not justified and not _is_stretched(text)


def _is_stretched(text: str) -> bool:
    """Says whether sentences go on over every wide gap: a converter stretched their blanks."""
    cells = re.split(rf"\s{{{COLUMN_GAP},}}", text)
    if len(text.split()) < LEAST_STRETCHED or not all(cell.endswith(",") or any(map(str.isalpha, cell)) for cell in cells):
        return False
    return all(not cell[:1].isupper() or before.endswith(".") for before, cell in pairwise(cells))


def is_article_info(text: str) -> bool:
    """Says whether a line heads what a journal tells about an article beside or above its abstract."""
    return len(text) < 50 and ARTICLE_INFO.match(text.replace(" ", "") if SPACED.match(text) else text) is not None


def is_capitals(text: str) -> bool:
    """Says whether a line is set in capitals: at least eight letters, nearly all of them capital."""
    if text.isupper():
        return sum(map(str.isalpha, text)) >= 8
    capitals = sum(map(str.isupper, text))
    return capitals >= 8 and capitals >= 0.8 * sum(map(str.isalpha, text))


class Page:
    """A document's lines with what the document as a whole says about each of them."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = list(lines)
        self._kinds: list[Kind | None] = [None] * len(self.lines)

    def split(self, index: int, *parts: str) -> None:
        """Puts several lines, with the number of the one at `index`, in its place."""
        first = self.lines[index]
        self.lines[index : index + 1] = [
            replace(first, text=part, gap=first.gap if k == 0 else 0) for k, part in enumerate(parts)
        ]
        self._kinds[index : index + 1] = [None] * len(parts)

    def kind(self, index: int) -> Kind:
        """Returns what the line at `index` is."""
        known = self._kinds[index]
        if known is None:
            known = self._kinds[index] = self._classify(self.lines[index].text)
        return known

    def _classify(self, text: str) -> Kind:
        for kind, test in TESTS:
            if test(self, text):
                return kind
        return Kind.PROSE

    @cached_property
    def repeated(self) -> frozenset[str]:
        """Line beginnings that run from page to page: three times in all, or twice with a year beside a page number."""
        return self._repetition[0]

    @cached_property
    def running(self) -> frozenset[int]:
        """The numbers of the lines with such a beginning."""
        return self._repetition[1]

    @cached_property
    def _repetition(self) -> tuple[frozenset[str], frozenset[int]]:
        keys = [running_key(line.text) if may_run(line.text) else "" for line in self.lines]
        counts: Counter[str] = Counter(filter(None, keys))
        beside: Counter[str] = Counter(
            key
            for key, line, *around in zip(keys[1:-1], self.lines[1:-1], self.lines, self.lines[2:], strict=False)
            if key and YEAR.search(line.text) and any(PAGE_NUMBER.match(other.text) for other in around)
        )
        repeated = frozenset(key for key, n in counts.items() if n >= 3 or beside[key] >= 2)
        return repeated, frozenset(line.number for key, line in zip(keys, self.lines, strict=True) if key in repeated)

    def is_running_head(self, text: str) -> bool:
        """Says whether the line repeats over the document's pages or names a journal's issue."""
        if not may_run(text):
            return False
        lowered = text.lower()
        numbered = text[0].isdigit() or text[-1].isdigit()
        if numbered and NUMBERED_HEAD.match(text) and JOURNAL_NAME.search(text):
            return True
        if len(text) < 160 and ("сери" in lowered or "series" in lowered) and JOURNAL_SERIES.search(text):
            return True
        if ISSUE_LINE.search(text) and len(text) < 160 and (YEAR.search(text) or JOURNAL_NAME.search(text)):
            named = JOURNAL_NAME.search(text) is not None or len(ISSUE_LINE.findall(text)) > 1
            if named or sum(map(str.isalpha, text)) <= MOST_ISSUE_LETTERS:
                return True
        if text.endswith(CUT) and self._is_shortened(text):
            return True
        if text.endswith((".", "!", "?", "…")) and not JOURNAL_NAME.search(text) and not re.search(r"\d", text):
            return False
        return running_key(text) in self.repeated and section_of(text) is None

    def _is_shortened(self, text: str) -> bool:
        """Says whether a line that breaks off is a title's beginning, as running heads shorten it."""
        head = text.rstrip("…. ").casefold()
        if len(head) < LEAST_SHORTENED:
            return False
        ordered, whole = self._whole_lines
        at = bisect_left(ordered, head)
        return (at < len(ordered) and ordered[at].startswith(head)) or any(
            head[:end] in whole for end in range(LEAST_SHORTENED, len(head) + 1)
        )

    @cached_property
    def _whole_lines(self) -> tuple[list[str], frozenset[str]]:
        """The lines that do not break off, in small letters: in their order as texts, and to be looked up."""
        lines = {line.text.casefold() for line in self.lines if not line.text.endswith(CUT)}
        return sorted(lines), frozenset(lines)

    def usual_gap(self, index: int, reach: int = 40) -> int:
        """Returns how many blank lines stand between the wrapped lines around `index`: 0, or 1 in a double-spaced dump."""
        around = self.lines[max(1, index - reach) : index + reach]
        continued = [line.gap for line in around if line.gap <= 2 and line.text[:1].islower() and len(line.text) > 30]
        return 1 if continued and sum(gap >= 1 for gap in continued) > 0.6 * len(continued) else 0


CUT = ("…", "...")
"""What a line ends with that breaks off."""

LEAST_SHORTENED = 20
"""Characters of a title's beginning."""

NUMBERED_HEAD = re.compile(r"\d{1,4}(?:\t|\s{3,})\S.{0,100}$|\S.{0,100}(?:\t|\s{3,})\d{1,4}$")
"""A page's number at an end of a line, apart from the rest."""

DROPPED = dict.fromkeys(map(ord, "0123456789 .,:;/|()[]№–—-_~*«»\"'"))


def may_run(text: str) -> bool:
    """Says whether a line can be a running head at all: not long, not begun in the middle of a sentence."""
    return len(text) < 220 and not text[0].islower()


@lru_cache(maxsize=20_000)
def running_key(text: str) -> str:
    """Returns what is the same in a running head from page to page: its first chunk with letters, without numbers and marks."""
    chunks = (chunk.translate(DROPPED) for chunk in text.replace("\t", "   ").split("   "))
    key = next(filter(None, chunks), "").casefold()
    return key if len(key) >= 7 else ""


TESTS: tuple[tuple[Kind, Callable[[Page, str], bool]], ...] = (
    (Kind.CODE, lambda page, text: is_coded(text) or is_article_info(text)),
    (
        Kind.FURNITURE,
        lambda page, text: is_furniture(text) or is_links(text) or is_table_row(text),
    ),
    (Kind.SECTION, lambda page, text: section_of(text) is not None),
    (Kind.FURNITURE, lambda page, text: page.is_running_head(text)),
    (Kind.PEOPLE, lambda page, text: is_capital_people(text) and is_capitals(text)),
    (Kind.CAPITALS, lambda page, text: is_capitals(text)),
    (Kind.PEOPLE, lambda page, text: is_people(text)),
)
"""Tried in this order; the first that holds names the line."""
