"""Where articles open: at their classification codes, or at a title and authors after a list of references."""

import re

from kzalign.extract.anchors import heading_word
from kzalign.extract.layout import Kind, Page
from kzalign.extract.people import PERSON_WITH_INITIALS
from kzalign.extract.sections import CLOSING_SECTIONS, section_of

NEAR = 8
MUCH_PROSE = 200
"""Characters of running text below a header that make it an article's."""

CLASSIFICATION = re.compile(
    r"^\W*(?:УДК|ӘОЖ|UDC|UDK|ГРНТИ|МРНТИ|[ХX]?ҒТАМР|ҒТАХР|[ХX]ҒТАР|FTAM[RP]|IRSTI|SRSTI|GRNTI)\b.{0,40}\d", re.I
)
"""Codes that stand once at an article's head, two or three of them together."""


def openings(page: Page, start: int, end: int) -> list[int]:
    """Returns where articles open between two lines: at classification codes (near ones together), or at a title and
    authors after a list of references."""
    found: list[int] = []
    closed = False
    for i in range(start, end):
        text = page.lines[i].text
        code = CLASSIFICATION.match(text) is not None
        if code and (not found or i - found[-1] >= NEAR):
            found.append(i)
        closed = (closed and not code) or section_of(text) in CLOSING_SECTIONS
        if closed and not code and _opens_after_references(page, i, end):
            title = next((k for k in (i - 1, i - 2) if k >= start and may_be_title(page, k)), i)
            found.append(title)
            closed = False
    return found


def coded_openings(page: Page) -> list[int]:
    """Returns where articles open at classification codes, near ones together."""
    found: list[int] = []
    for i, line in enumerate(page.lines):
        if CLASSIFICATION.match(line.text) and (not found or i - found[-1] >= NEAR):
            found.append(i)
    return found


def _opens_after_references(page: Page, index: int, end: int) -> bool:
    """Says whether authors stand at a line, beside a title and above prose: a reference has no title beside it.

    Below a summary's heading they are those of the article that ends with it.
    """
    line = page.lines[index]
    if line.gap == 0 or line.text[0].isdigit() or len(line.text) > 150 or page.kind(index) is not Kind.PEOPLE:
        return False
    if not PERSON_WITH_INITIALS.search(line.text) or re.search(r"\s[–—-]\s", line.text):
        return False
    if any(heading_word(page.lines[k].text) for k in range(max(0, index - 3), index)):
        return False
    below = range(index + 1, min(end, index + 8))
    prose = sum(len(page.lines[k].text) for k in below if page.kind(k) is Kind.PROSE)
    titled = any(may_be_title(page, k) for k in (index - 2, index - 1, index + 1, index + 2) if 0 <= k < end)
    return titled and prose > MUCH_PROSE


def may_be_title(page: Page, index: int) -> bool:
    """Says whether a line that stands apart may be a title: some words that end no sentence."""
    text = page.lines[index].text
    plain = page.kind(index) in (Kind.PROSE, Kind.CAPITALS) and page.lines[index].gap > 0
    return plain and 2 < len(text.split()) < 30 and not text[0].isdigit() and not text.endswith((".", ";", ","))
