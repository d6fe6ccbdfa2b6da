"""The title above an abstract, past authors, places of work, codes and dates.

Above an abstract stands a header: lines that are no prose. Its parts are told apart by what they are (capitals,
people, text), and the part that can be a title is the title, whatever order the journal puts them in.
"""

import re
from dataclasses import dataclass

from kzalign.extract.anchors import LABEL
from kzalign.extract.coded import CODE
from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.layout import MAX_FOOTNOTE, TITLE_LABEL, Kind, Page, is_article_info, is_capitals
from kzalign.extract.letters import LOWER
from kzalign.extract.people import (
    FULL_NAMES,
    MAX_PLACE,
    NAMED_INSTITUTION,
    PERSON,
    is_people,
    is_running_prose,
    names_degree,
    names_institution,
    names_place,
)
from kzalign.extract.references import DOI, REFERENCE
from kzalign.extract.sections import section_of

REACH = 30
MAX_TITLE_LINES = 7
MAX_TITLE_CHARS = 420
CAPITALS_NEAR = 6
"""Lines below a line in ordinary case among which one in capitals is the title, and the first a collection's name."""

UNFINISHED = re.compile(
    r"\s(?:\d+(?:st|nd|rd|th)|"
    r"of|the|an?|in|and|for|on|to|with|by|at|from|under|into|through|between|during|without|в|во|на|и|по|с|со|к|о|об|от|для|при|из|за|у|мен|және|бен|үшін)$",
    re.I,
)
"""A title's line that ends with such a word goes on below."""

BEGINNING = re.compile(
    r"(?:(?:бұл\s)?(?:мақала(?:да|ның)?|жұмыс(?:та|тың)?|зерттеу(?:де|дің)?|баяндама(?:да)?)|автор(?:лар)?"
    r"|(?:в\s)?(?:данн\w+\s|настоящ\w+\s|эт\w+\s)?(?:стать[яеи]|работ[аеы]|исследовани\w+|доклад\w*)|автор(?:ы|ами)?"
    r"|исследован[аоы]?|рассм[ао]тр\w+|проведен[аоы]?|изучен[аоы]?|предложен[аоы]?"
    r"|(?:in\s)?(?:the|this|our)\s(?:present\s)?(?:articles?|papers?|study|work|research|authors?))\b",
    re.I,
)
"""What an abstract begins with, and hardly ever a title's second line."""

EMAIL = re.compile(r"\be-?mail\b|@", re.I)
UNDERSCORES = re.compile(r"_{5,}")
APART = frozenset((Kind.PEOPLE, Kind.CODE, Kind.FURNITURE))


@dataclass(slots=True)
class Part:
    """Neighbouring lines of one role in a header."""

    role: str
    indices: list[int]


def find_title(page: Page, top: int, floor: int) -> list[int]:
    """Returns the indices of the title's lines above index `top`, not above `floor`; empty where there is none."""
    above = range(top - 1, max(floor, top - REACH) - 1, -1)
    tops = (top, *(i for i in above if is_article_info(page.lines[i].text)))
    return next(filter(None, (_title_above(page, i, floor) for i in tops)), [])


def _title_above(page: Page, top: int, floor: int) -> list[int]:
    parts = _header(page, top, floor)
    capitals = next((p for p in parts if p.role == "capitals" and _weight(page, p) >= 12), None)
    texts = [p for p in parts if p.role == "text"]
    text = next((p for p in texts if not _is_name(page, p)), next(iter(texts), None))
    chosen = capitals or text or next((p for p in parts if p.role == "capitals"), None)
    if capitals and text and parts.index(text) < parts.index(capitals):
        between = parts[parts.index(text) : parts.index(capitals)]
        coded = any(CODE.match(page.lines[i].text) for p in between if p.role == "people" for i in p.indices)
        if coded or (_weight(page, capitals) < 25 and not any(p.role == "people" for p in between)):
            chosen = text
    return _to_its_end(page, sorted(chosen.indices), top) if chosen else []


def _is_name(page: Page, part: Part) -> bool:
    """Says whether a part is several authors in full, or one in Cyrillic, where a title has not one capital letter a word."""
    text = " ".join(page.lines[i].text for i in part.indices)
    if "," in text:
        return FULL_NAMES.fullmatch(text) is not None
    return not text.isascii() and PERSON.fullmatch(text) is not None


def _to_its_end(page: Page, indices: list[int], top: int) -> list[int]:
    """Returns the title's lines and those that end it: a place of work in capitals may be its end, or a running head."""
    while indices[-1] + 1 < top and page.lines[indices[-1] + 1].gap == 0 and UNFINISHED.search(page.lines[indices[-1]].text):
        indices = [*indices, indices[-1] + 1]
    return indices


def _weight(page: Page, part: Part) -> int:
    return sum(c.isalpha() for i in part.indices for c in page.lines[i].text)


def _header(page: Page, top: int, floor: int) -> list[Part]:
    """Returns the header's parts from the bottom up; it ends at prose, at a section's heading or at a keywords line."""
    parts: list[Part] = []
    below = top
    for i in range(top - 1, max(floor, top - REACH) - 1, -1):
        role = _role(page, i, below)
        if role is None:
            break
        if role == "people" and parts and _goes_on(page, i, below):
            role = parts[-1].role
        if role == "text" and (begun := _runs_over(page, parts)):
            del parts[begun:]
            parts[-1].indices.append(i)
            below = i
            continue
        gap = page.lines[below].gap if below < len(page.lines) else 0
        full = parts and (len(parts[-1].indices) >= MAX_TITLE_LINES or _chars(page, parts[-1], i) > MAX_TITLE_CHARS)
        if parts and parts[-1].role == role and gap <= _title_gap(page, i, below, role) and not full:
            parts[-1].indices.append(i)
        else:
            parts.append(Part(role, [i]))
        below = i
    return parts


def _runs_over(page: Page, parts: list[Part]) -> int:
    """Returns how many parts are left where the last ones are a page's furniture in the middle of a title; 0 where they are not.

    Small letters below the furniture go on with what stands above it.
    """
    kept = len(parts)
    while kept and all(page.kind(i) is Kind.FURNITURE for i in parts[kept - 1].indices):
        kept -= 1
    title = parts[kept - 1] if 0 < kept < len(parts) else None
    return kept if title and title.role == "text" and page.lines[title.indices[-1]].text[0].islower() else 0


def _goes_on(page: Page, index: int, below: int) -> bool:
    """Says whether a line that looks like a place of work, or stands in the contents too, is a title's: small letters go on."""
    line = page.lines[below] if below == index + 1 and below < len(page.lines) else None
    if line is None or line.gap or not re.match(rf"[{LOWER}]", line.text):
        return False
    text = page.lines[index].text
    listed = page.kind(index) is Kind.FURNITURE and UNFINISHED.search(text) is not None and page.is_running_head(text)
    return listed or page.kind(index) not in APART


def _title_gap(page: Page, index: int, below: int, role: str) -> int:
    """Returns how many blank lines may stand between two lines of a title: one in capitals, if the upper line is full."""
    usual = page.usual_gap(index)
    upper, lower = page.lines[index].text, page.lines[below].text
    full = len(upper) >= 0.5 * len(lower) or upper.endswith((",", ":", "-", "–"))
    return max(usual, 1) if role == "capitals" and full else usual


def _chars(page: Page, part: Part, index: int) -> int:
    return sum(len(page.lines[i].text) for i in (*part.indices, index))


def _role(page: Page, index: int, below: int) -> str | None:
    """Returns what a header's line is: people, capitals, text; None where it belongs to no header."""
    text = page.lines[index].text
    kind = page.kind(index)
    if kind in APART or is_place_line(text) or TITLE_LABEL.match(text) or DOI.search(text) or _is_footnote(page, index):
        return "people"
    ends_title = kind is Kind.SECTION and text.isupper() and page.lines[index].gap == 0 and page.kind(index - 1) is Kind.CAPITALS
    if (kind is Kind.SECTION and not ends_title) or LABEL.match(text) or REFERENCE.search(text):
        return None
    if ends_title or kind is Kind.CAPITALS or (text.isupper() and len(text) > 2):
        return "capitals"
    if text.startswith("(") and text.endswith(")") and index and is_capitals(page.lines[index - 1].text):
        return "capitals"
    if (_is_address(text) and _beside_people(page, index)) or _are_names(page, index) or _ends_place(page, index):
        return "people"
    if _begins_place(page, index):
        return "people"
    if len(text) > 300 or (re.search(r"[.;:,]$", text) and not _wraps(page, index, below)):
        return None
    if len(text) < 110 and _is_institution(text) and _beside_people(page, index):
        return "people"
    goes_on = (
        page.lines[index].gap == 0
        and index > 0
        and page.kind(index - 1) is Kind.PROSE
        and not ENDS_SENTENCE.search(page.lines[index - 1].text)
    )
    return "text" if goes_on or sum(c.isalpha() for c in text) >= 5 else "people"


def _wraps(page: Page, index: int, below: int) -> bool:
    """A title's line may end with a comma or colon when the title goes on below."""
    text = page.lines[index].text
    following = page.lines[below] if below < len(page.lines) else None
    if following is None or not text.endswith((",", ":")) or len(text) > 160:
        return False
    return following.gap <= page.usual_gap(index) and page.kind(below) in (Kind.PROSE, Kind.CAPITALS) and below - index == 1


def _is_footnote(page: Page, index: int) -> bool:
    """Says whether a line stands between the rule above a page's footnotes and the page's end."""
    rule = next(
        (i for i in range(index - 1, max(0, index - MAX_FOOTNOTE) - 1, -1) if UNDERSCORES.fullmatch(page.lines[i].text)), None
    )
    if rule is None or page.kind(rule + 1) is Kind.PEOPLE:
        return False
    return any(page.kind(i) is Kind.FURNITURE for i in range(index + 1, min(len(page.lines), index + MAX_FOOTNOTE)))


def _are_names(page: Page, index: int) -> bool:
    """Says whether a line is names in full above a place of work."""
    below = index + 1
    if below == len(page.lines) or page.kind(below) not in (Kind.PEOPLE, Kind.FURNITURE):
        return False
    placed = names_institution(page.lines[below].text) and is_people(page.lines[below].text)
    return placed and FULL_NAMES.fullmatch(page.lines[index].text) is not None


def _begins_place(page: Page, index: int) -> bool:
    """Says whether a line under authors begins a place of work that the line below ends: a university's name is long."""
    above, below = index - 1, index + 1
    if above < 0 or below == len(page.lines) or page.lines[index].gap or page.lines[below].gap:
        return False
    ends = page.lines[below].text[0].islower() and names_institution(page.lines[below].text)
    return ends and page.kind(above) is Kind.PEOPLE and page.lines[above].text.endswith(",")


def _ends_place(page: Page, index: int) -> bool:
    """Says whether a line is the town and the country that end a place of work above."""
    line = page.lines[index]
    if not index or line.gap or page.kind(index - 1) is not Kind.PEOPLE or len(line.text) > MAX_PLACE:
        return False
    goes_on = page.lines[index - 1].text.endswith((",", "-")) or line.text[0].islower()
    return goes_on and "," in line.text and names_place(line.text)


def _is_address(text: str) -> bool:
    """Says whether a line is an author's degree and place of work, or leads to an address: it may end in the middle."""
    return len(text) < 110 and (EMAIL.search(text) is not None or (names_degree(text) and names_institution(text)))


def _is_institution(text: str) -> bool:
    """Says whether a line is a place of work; a title may tell of one too, but in another case and without its town."""
    if NAMED_INSTITUTION.search(text):
        return True
    apart = "," in text or ";" in text
    return apart and names_institution(text) and (names_place(text) or names_degree(text))


def _beside_people(page: Page, index: int) -> bool:
    return any(0 <= i < len(page.lines) and page.kind(i) in APART for i in (index - 1, index - 2, index + 1))


def is_place_line(text: str) -> bool:
    """Says whether a short line is a town or a country that ends with a mark."""
    short = len(text) < 90 and text.endswith((";", ",", ".")) and len(text.split()) <= 6
    return short and (not text[0].islower() or text[1] == ".") and names_place(text)


def first_title(page: Page, start: int = 0, end: int | None = None) -> list[int]:
    """Returns the indices of the title that an article opens with at `start`; empty where there is none."""
    stop = min(start + REACH, len(page.lines) if end is None else end)
    for index in range(start, stop):
        role = _role(page, index, index + 1)
        if role == "people":
            continue
        text = page.lines[index].text
        if role is None or len(text.split()) < 2 or section_of(text):
            return []
        if role == "text" and any(page.kind(k) is Kind.CAPITALS for k in range(index + 1, min(stop, index + CAPITALS_NEAR))):
            continue
        if is_running_prose(text):
            return []
        taken = [index]
        while taken[-1] + 1 < stop and len(taken) < MAX_TITLE_LINES:
            below = taken[-1] + 1
            limit = max(page.usual_gap(below), 1 if role == "capitals" else 0)
            if page.lines[below].gap > limit or _role(page, below, below + 1) != role:
                break
            taken.append(below)
        if is_running_prose(" ".join(page.lines[i].text for i in taken)):
            return []
        return taken if taken[-1] + 1 < stop and _chars(page, Part(role, taken[:-1]), taken[-1]) <= MAX_TITLE_CHARS else []
    return []
