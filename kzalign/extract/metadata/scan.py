"""One look at every line of a document, so that the patterns need not look at each: which may say something of the issue."""

from dataclasses import dataclass

from kzalign.extract.layout import Page

LONGEST_NUMBER = 13
"""Characters below which a line may be a page's number alone."""

DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Scan:
    """The lines' numbers, and indices in order: of running heads, short lines, lines with a number at an end, lines with ISSN."""

    numbers: list[int]
    heads: list[int]
    short: list[int]
    edged: list[int]
    issn: list[int]


def scan(page: Page, running: frozenset[int], margins: frozenset[int] = frozenset()) -> Scan:
    """Returns what a page's lines are, by their form alone; the lines numbered `running` and at `margins` are running heads."""
    found = Scan([line.number for line in page.lines], [], [], [], [])
    for index, line in enumerate(page.lines):
        text = line.text
        if index in margins:
            found.heads.append(index)
            if "ISSN" in text:
                found.issn.append(index)
            continue
        if line.number in running:
            found.heads.append(index)
        if len(text) < LONGEST_NUMBER:
            found.short.append(index)
        elif text[-1] in DIGITS or text[0] in DIGITS:
            found.edged.append(index)
        if "ISSN" in text:
            found.issn.append(index)
    return found
