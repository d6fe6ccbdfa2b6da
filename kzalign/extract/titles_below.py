"""The title between a heading, or authors, and the text: in a header of its own, or with nothing that parts it from the text."""

import re

from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.layout import TITLE_LABEL, Kind, Page
from kzalign.extract.letters import LOWER, UPPER
from kzalign.extract.middle import is_centred
from kzalign.extract.people import MAX_PLACE, NAMED_INSTITUTION, PERSON, names_place
from kzalign.extract.titles import APART, BEGINNING, MAX_TITLE_LINES, UNFINISHED, is_place_line

MAX_RUN_ON = 4
"""Lines among which a text begins that stands directly under its title."""

HEADER_BELOW = 12
"""Lines under a heading among which a title, authors and places of work may stand before the text."""

ROOM = 0.9
"""Share of the text's width that a line broken for its own sake leaves to the next word; letters differ in width."""

FULL = 0.97
"""The same where a blank line follows too."""


def split_header(page: Page, indices: list[int]) -> tuple[list[int], list[int]]:
    """Returns the header (capitals, authors, places) that stands under a heading before its text, and the text."""
    head = 0
    if indices and page.lines[indices[0]].text[0].isupper() and BEGINNING.match(page.lines[indices[0]].text):
        return [], indices
    for k, i in enumerate(indices[:HEADER_BELOW]):
        text = page.lines[i].text
        kinds = (Kind.PEOPLE, Kind.CODE, Kind.CAPITALS, *((Kind.FURNITURE,) if head and head == k else ()))
        if page.kind(i) in kinds or is_place_line(text) or is_centred(page, i):
            head = k + 1
        elif k == head > 0 and (lines := _workplace(page, indices[k : k + 2])):
            head = k + lines
        elif ENDS_SENTENCE.search(text) or text.endswith(",") or k + 1 - head > 3:
            break
    if head and _begins_text(page, indices, head):
        return indices[:head], indices[head:]
    return [], indices


def _workplace(page: Page, indices: list[int]) -> int:
    """Returns of how many lines, one or two, a place of work with its town is that stands below a title; 0 if none does."""
    first, *more = (page.lines[i].text for i in indices)
    if not NAMED_INSTITUTION.search(first) or ENDS_SENTENCE.search(first):
        return 0
    if more and first.endswith((",", "-")) and len(more[0]) < MAX_PLACE and names_place(more[0]):
        return 2
    return int("," in first and names_place(first))


def title_below(page: Page, indices: list[int]) -> tuple[list[int], list[int]]:
    """Returns a title in ordinary case between a heading and its text (lines broken early, then a gap), and the text."""
    width = max((len(page.lines[i].text) for i in indices), default=0)
    for k in range(1, min(5, len(indices))):
        line, following = page.lines[indices[k - 1]].text, page.lines[indices[k]]
        if re.search(r"[.,;:!?-]$", line):
            break
        fits = _has_room(line, following.text, FULL * width)
        apart = fits or (indices[k] == indices[k - 1] + 1 and page.kind(indices[0] - 1) in APART)
        if following.gap > page.usual_gap(indices[k]) and not re.match(rf"[{LOWER}]", following.text) and apart:
            if PERSON.fullmatch(line):
                continue
            named = [i for i in indices[:k] if not PERSON.fullmatch(page.lines[i].text)]
            return named, indices[k:]
    return _broken_early(page, indices, width)


def title_run_on(page: Page, indices: list[int]) -> list[int]:
    """Returns the title that nothing parts from its text: under authors, first lines that end no sentence before one begins."""
    first = page.lines[indices[0]].text if indices else ""
    if not first or page.kind(indices[0] - 1) not in APART or BEGINNING.match(first) or TITLE_LABEL.match(first):
        return []
    for k in range(1, min(MAX_RUN_ON, len(indices))):
        line, following = page.lines[indices[k - 1]].text, page.lines[indices[k]].text
        if re.search(r"[.,;:!-]$", line) or UNFINISHED.search(line):
            return []
        if re.match(rf"[{UPPER}«\"]", following):
            return indices[:k] if sum(len(page.lines[i].text.split()) for i in indices[:k]) > 2 else []
    return []


def _broken_early(page: Page, indices: list[int], width: int) -> tuple[list[int], list[int]]:
    """Returns a title that no blank line parts from its text: its lines end though more would fit, and a sentence begins."""
    full = False
    run_in = indices and indices[0] > 0 and page.lines[indices[0] - 1].number == page.lines[indices[0]].number
    for k in range(1, 0 if run_in else min(5, len(indices))):
        line, following = page.lines[indices[k - 1]].text, page.lines[indices[k]].text
        if re.search(r"[.,;:!-]$", line) or page.kind(indices[k]) is not Kind.PROSE:
            break
        room = _has_room(line, following, ROOM * width)
        begins = following[0].isupper() and BEGINNING.match(following) is not None
        ends = re.match(rf"[{UPPER}«\"]", following) and not UNFINISHED.search(line) and not _is_short(page, indices, k, width)
        if ((ends and room and not full) or (begins and (room or not full))) and sum(c.isalpha() for c in line) >= 5:
            return indices[:k], indices[k:]
        full = full or not room
    return [], indices


def _has_room(line: str, following: str, width: float) -> bool:
    """Says whether the next line's first word would have fitted on a line of so many characters."""
    return len(line) + 1 + len(following.split(maxsplit=1)[0]) < width


def _is_short(page: Page, indices: list[int], k: int, width: int) -> bool:
    """Says whether the `k`th line, too, ends for its own sake and without a sentence's end: a title with capitals goes on."""
    if k + 1 >= len(indices):
        return False
    line, following = page.lines[indices[k]].text, page.lines[indices[k + 1]].text
    return not re.search(r"[.,;:!-]$", line) and _has_room(line, following, ROOM * width)


def _begins_text(page: Page, indices: list[int], head: int) -> bool:
    """Says whether the line after a supposed header begins a sentence, and the header is cut off from it."""
    if head == len(indices):
        return False
    last, following = page.lines[indices[head - 1]].text, page.lines[indices[head]].text
    return not re.match(rf"[{LOWER})]|\d+[.)]?\s?[{UPPER}]", following) and not last.endswith((",", "-", "–"))


def title_within(page: Page, header: list[int]) -> list[int]:
    """Returns the title's lines of a header that stands under a heading."""
    capitals = [i for i in header if page.kind(i) is Kind.CAPITALS]
    if capitals:
        first = capitals[0]
        return [i for i in header if i >= first and (page.kind(i) is Kind.CAPITALS or page.lines[i].text.isupper())][
            :MAX_TITLE_LINES
        ]
    prose = [i for i in header if page.kind(i) is Kind.PROSE and not is_place_line(page.lines[i].text)]
    return [i for i in prose if not PERSON.fullmatch(page.lines[i].text)][:MAX_TITLE_LINES]
