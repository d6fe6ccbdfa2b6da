"""An article's authors: the lines beside its title that hold names and hardly anything else.

A name with initials is one anywhere beside a title. A name in full looks like any capitalised words: it counts with a
patronymic, among others of its kind, or above a place of work or an address.
"""

import re
from collections import Counter
from collections.abc import Sequence

from kzalign.extract.anchors import LABEL, heading_word
from kzalign.extract.layout import DEGREE, INSTITUTION, JOURNAL_NAME, LOWER, PATRONYMIC, PLACE, UPPER, Kind, Page
from kzalign.extract.metadata.view import View, Zone

_WORD = rf"(?:[{UPPER}]['’]?[{LOWER}]+(?:['’`][{LOWER}]+)?|[{UPPER}]{{2,}}(?:['’][{UPPER}]+)?)"
_SURNAME = rf"{_WORD}(?:[-‑–]{_WORD})?"
_INITIAL = rf"[{UPPER}][{LOWER}]{{0,2}}\."
_INITIALS = rf"{_INITIAL}(?:[\s-]?{_INITIAL}){{0,2}}"
SHORT = re.compile(
    rf"{_INITIALS}\s?{_SURNAME}(?![.\w])|{_SURNAME},?\s{_INITIALS}|{_SURNAME}\s(?:[{UPPER}]\.?){{1,2}}(?=$|[,;*\s])|"
    rf"{_WORD}\s{_INITIALS}\s{_SURNAME}(?![.\w])"
)
"""A name with initials, in any order."""

FULL = re.compile(rf"{_SURNAME}(?:\s(?:{_SURNAME}|(?:оглы|кызы|қызы|ұлы|улы|von|van|de)\b)){{1,3}}(?![.\w])")
"""A name in full, two to four words."""

MARKS = re.compile(r"[*†‡§#¹²³⁴⁵⁶⁷⁸⁹⁰✉]+|\^[\w,*]+\^|(?<=[^\W\d_])\d+(?:\s?,\s?\d+)*|(?<=\.)\s?\d+(?:\s?,\s?\d+)*|(?<![\w/-])\d{1,2}(?![\w/-])")
LETTER_MARK = re.compile(rf"(?<=[{LOWER}.])\s[a-e](?:,[a-e])*(?=\s*(?:,|;|$))")
"""A letter that sends the reader to a place of work: "Z. Toktamysov a, K. Hrabovsky b"."""

ADDRESS = re.compile(r"\(?\s*(?:e-?mail\s*:?\s*)?[\w.+-]+@[\w.-]+\s*\)?|https?://\S+|\borcid\b.*$", re.I)
LABELLED = re.compile(
    r"^\W*(?:dc\.(?:contributor\.author|creator)|автор(?:ы|лар|лары|лардың аты-жөні)?|authors?|by)(?:\s*:\s*|\t+\s*|\s{2,})", re.I
)
"""What may stand before names: it is as good as their place beside a title."""

SUPERVISOR = re.compile(r"\b(?:ғылыми жетекші\w*|жетекшісі|научн\w+ руководител\w*|supervisor|scientific adviser|рецензент\w*|reviewer)\b", re.I)
AND = re.compile(r"^\s*(?:[,;/&·|]|and\b|и\b|және\b|мен\b|\s[–—-]\s)*\s*", re.I)
NO_NAME = re.compile(
    r"^(?:автор|ключев|түйін|кілт|тірек|key|abstract|аннотац|аңдатпа|андатпа|резюме|summary|жоқ|том|серия|серія|research|review|"
    r"article|original|статья|мақала|раздел|секция|бөлім|full|open|republic|республик|respublika|received|published)",
    re.I,
)
"""Words that begin a line in capitals or capitalised words that are no name."""

LONGEST = 300
MOST = 25
"""Authors that an article has at most; more names are a board's."""


def authors(view: View) -> tuple[str, ...]:
    """Returns the authors as the first lines beside a title name them, else as the article's running heads do."""
    labelled = _labelled(view)
    if labelled:
        return labelled
    for zone in view.zones():
        for side in sorted((zone.above, zone.below), key=lambda side: _distance(view.page, zone, side)):
            found = _in(view.page, side)
            if found:
                return found if len(found) <= MOST else ()
    return _running(view)


def _labelled(view: View) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for index in view.head:
        text = view.page.lines[index].text
        match = LABELLED.match(text)
        if match:
            names, rest = names_in(text[match.end() :], sure=True)
            if names and not rest:
                found |= dict.fromkeys(names)
    return tuple(found)


def _distance(page: Page, zone: Zone, side: range) -> int:
    """Returns how far from the title the nearest names of a side stand."""
    order = list(side)[::-1] if side is zone.above else list(side)
    return next((k for k, index in enumerate(order) if _names_of(page, index, side)), len(order) + 100)


def _in(page: Page, side: range) -> tuple[str, ...]:
    """Returns the names of a side's lines, each once; from the last text above the names on."""
    found: dict[str, None] = {}
    for index in side:
        names = _names_of(page, index, side)
        if names:
            found |= dict.fromkeys(names)
        elif found and not _belongs(page, index):
            break
    return tuple(found)


def _belongs(page: Page, index: int) -> bool:
    """Says whether a line may stand among authors: a place of work, a degree, an address, a number of a page."""
    text = page.lines[index].text
    return page.kind(index) in (Kind.PEOPLE, Kind.FURNITURE, Kind.CODE) or _is_place(text) or text.endswith(",")


def _is_place(text: str) -> bool:
    return bool(INSTITUTION.search(text) or PLACE.search(text) or DEGREE.search(text) or "@" in text)


def _names_of(page: Page, index: int, side: range) -> list[str]:
    """Returns the authors whom a line names, if it names authors and nothing that is none."""
    text = page.lines[index].text
    if len(text) > LONGEST or page.kind(index) in (Kind.SECTION, Kind.CODE) or heading_word(text) or LABEL.match(text):
        return []
    below = page.lines[index + 1].text if index + 1 in side or index + 1 < len(page.lines) else ""
    names, rest = names_in(text, sure=False, placed=_is_place(below) and not _is_place(text))
    return names if not rest or _is_place(rest) else []


def names_in(text: str, sure: bool, placed: bool = False) -> tuple[list[str], str]:
    """Returns the names that a line begins with, and what follows them; `sure`, `placed`: a name may be in full."""
    supervisor = SUPERVISOR.search(text)
    text = text[: supervisor.start()] if supervisor else text
    text = " ".join(LETTER_MARK.sub("", MARKS.sub(" ", ADDRESS.sub(" ", text))).replace(" ,", ",").split()).strip(" ,;:_")
    if not text or NO_NAME.match(text):
        return [], text
    short: list[str] = []
    full: list[str] = []
    rest = text
    while rest:
        match = SHORT.match(rest)
        kind = short
        if not match:
            match, kind = FULL.match(rest), full
            if match and (_is_place(match[0]) or JOURNAL_NAME.search(match[0])):
                match = None
        if not match:
            break
        kind.append(match[0])
        if not AND.match(rest[match.end() :]):
            break
        rest = AND.sub("", rest[match.end() :], count=1)
    if full and not (sure or placed or short or _full(full, rest)):
        return [], text
    order = sorted([*short, *full], key=text.index)
    return order, rest.strip(" .,;:–—-")


def _full(names: Sequence[str], rest: str) -> bool:
    """Says whether names in full are surely names: one has a patronymic, or there are several and nothing else."""
    if any(PATRONYMIC.search(name.title()) for name in names):
        return True
    return len(names) > 1 and not rest and not any(name.isupper() for name in names)


def _running(view: View) -> tuple[str, ...]:
    """Returns the names in a column of the article's running heads, where they stand twice or more in it."""
    counts: Counter[str] = Counter()
    for index in range(view.first, view.end):
        text = view.page.lines[index].text
        if len(text) < LONGEST and ("   " in text or "\t" in text) and "." in text:
            column = re.split(r"\s{3,}|\t", text)[-1].strip()
            if SHORT.match(column):
                counts[column] += 1
    for column, times in counts.most_common(1):
        names, rest = names_in(column, sure=False)
        if times > 1 and not rest:
            return tuple(dict.fromkeys(names))
    return ()
