"""An article's authors: the lines beside its title that hold names and hardly anything else.

A name with initials is one anywhere beside a title. A name in full looks like any capitalised words: it counts with a
patronymic, among others of its kind, or above a place of work or an address.
"""

import re
from collections import Counter
from collections.abc import Sequence

from kzalign.extract.anchors import LABEL, heading_word
from kzalign.extract.layout import JOURNAL_NAME, Kind, Page
from kzalign.extract.letters import LOWER, UPPER
from kzalign.extract.metadata.view import View
from kzalign.extract.openings import CLASSIFICATION
from kzalign.extract.people import PATRONYMIC, names_degree, names_institution, names_place
from kzalign.extract.references import ENTRY

_WORD = rf"(?:(?:[{UPPER}]['’])?[{UPPER}]['’]?[{LOWER}]+(?:['’`][{LOWER}]+)?|[{UPPER}]{{2,}}(?:['’][{UPPER}]+)?)"
_SURNAME = rf"{_WORD}(?:[-‑–]{_WORD})?"
_INITIAL = rf"[{UPPER}][{LOWER}]{{0,2}}\."
_INITIALS = rf"{_INITIAL}(?:[\s-]?{_INITIAL}){{0,2}}"
SHORT = re.compile(
    rf"{_WORD}\s{_INITIAL}\s{_SURNAME}(?=\s*(?:[,;]|$))|{_INITIALS}\s?{_SURNAME}(?![.\w])|{_SURNAME},?\s{_INITIALS}|"
    rf"{_SURNAME}\s[{UPPER}]{{1,2}}(?=\s*(?:[,;]|$))"
)
"""A name with initials, in any order."""

FULL = re.compile(rf"{_SURNAME}(?:\s(?:{_SURNAME}|(?:оглы|кызы|қызы|ұлы|улы|von|van|de)\b)){{1,3}}(?![.\w])")
"""A name in full, two to four words."""

MARKS = re.compile(
    r"[*†‡§#¹²³⁴⁵⁶⁷⁸⁹⁰✉]+|\^[\w,*]+\^|(?<=[^\W\d_])\d+(?:\s?,\s?\d+)*|"
    r"(?<=\.)\s?\d+(?:\s?,\s?\d+)*|(?<![\w/-])\d{1,2}(?![\w/-])|(?<![\w/-])\d{1,2}(?:,\d)?(?=[^\W\d_])"
)
LETTER_MARK = re.compile(rf"(?<=[{LOWER}.])\s[a-e](?:,[a-e])*(?=\s*(?:,|;|$))")
"""A letter that sends the reader to a place of work: "Z. Toktamysov a, K. Hrabovsky b"."""

ADDRESS = re.compile(r"\(?\s*(?:e-?mail\s*:?\s*)?[\w.+-]+@[\w.-]+\s*\)?|https?://\S+|\borcid\b.*$", re.I)
LABELLED = re.compile(
    r"^\W*(?:dc\.(?:contributor\.author|creator)|автор(?:ы|лар|лары|лардың аты-жөні)?|authors?|by)(?:\s*:\s*|\t+\s*|\s{2,})", re.I
)
"""What may stand before names: it is as good as their place beside a title."""

SUPERVISOR = re.compile(
    r"\b(?:ғылыми жетекші\w*|жетекшісі|научн\w+ руководител\w*|supervisor|scientific adviser|рецензент\w*|reviewer)\b", re.I
)
AND = re.compile(r"^\s*(?:[,;/&·|(]|\b(?:and|и|және|мен)\b|\s[–—-]+\s)(?:\s|[,;/&·|(]|\b(?:and|и|және|мен)\b|[–—-]+\s)*", re.I)
NO_NAME = re.compile(
    r"^(?:автор|ключев|түйін|кілт|тірек|key|abstract|аннотац|аңдатпа|андатпа|резюме|summary|жоқ|том|серия|серія|research|review|"
    r"article|original|статья|мақала|раздел|секция|бөлім|full|open|republic|республик|respublika|received|published)",
    re.I,
)
"""Words that begin a line in capitals or capitalised words that are no name."""

ROLE = re.compile(
    r"\b(?:доктор|кандидат|магистр|бакалавр|профессор|доцент|инженер|студент|аспирант|докторант|преподаватель|учитель|"
    r"научный сотрудник|ғылыми қызметкер|мұғалім|оқытушы|кандидаты|докторы|магистрі|студенті|professor|engineer|student|"
    r"researcher|lecturer|teacher|master|doctor|candidate|d\.?\s?sc|m\.?\s?sc|ph\.?\s?d)|(?-i:(?<!\w)[а-я]{1,4}\.\s?(?:[а-я]{1,4}\.\s?)?(?:н|ғ)\.|(?<!\w)[а-я]\.ғ\.[кд]\.)",
    re.I,
)
"""Degrees and posts that follow a name, besides those of `names_degree`."""

NO_PERSON = re.compile(
    r"университет|university|институт|institute|академ|academy|колледж|college|\bшкол|\bschool|мектеб|мектеп|кафедр|department|факульт|"
    r"faculty|орталығы|центр\b|cent(?:er|re)\b|қазақстан|казахстан|kazakhstan|республик|republic|\b(?:the|of|and|in|for|на|по|для|от)\b|"
    r"ғылым|\bнаук|scienc|секция|қаласы|облыс|област|region|алматы|астана|almaty|astana|шымкент|shymkent",
    re.I,
)
"""Words that capitalised words hold which are no name."""

LEADERS = re.compile(r"\.{4,}|(?:\.\s){4,}|…{2,}")

SENTENCE = 70
"""Characters from which on a line of prose that ends as sentences do is no part of a header."""

LONGEST_ROLE = 60
LONGEST = 300
MOST = 25
"""Authors that an article has at most; more names are a board's."""


def authors(view: View) -> tuple[str, ...]:
    """Returns the authors as the first lines beside a title name them."""
    labelled = _labelled(view)
    if labelled:
        return labelled
    for zone in view.zones():
        sides = [_named(view.page, _header(view.page, side)) for side in (zone.below, zone.above)]
        nearest = min((side for side in sides if side[1]), key=lambda side: side[0], default=None)
        if nearest:
            found = _in(nearest[1])
            return found if len(found) <= MOST else ()
    return ()


def _labelled(view: View) -> tuple[str, ...]:
    """Returns the names of the first lines that a label says to be authors."""
    found: dict[str, None] = {}
    last = 0
    for index in view.head:
        match = LABELLED.match(view.page.lines[index].text)
        if match and (not found or index == last + 1):
            names, rest = names_in(view.page.lines[index].text[match.end() :], sure=True)
            if names and not rest:
                found |= dict.fromkeys(names)
                last = index
    return tuple(found)


def _header(page: Page, side: range) -> list[int]:
    """Returns the indices of a side from the title on, up to what is no part of a header."""
    found: list[int] = []
    for index in side:
        coded = bool(found) and side.step < 0 and CLASSIFICATION.match(page.lines[found[-1]].text) is not None
        if _ends_header(page, index) or (coded and page.kind(index) is not Kind.CODE):
            break
        found.append(index)
    return found


def _ends_header(page: Page, index: int) -> bool:
    """Says whether a line is running text, a section's heading, a keyword list, a reference or an entry of a contents."""
    text = page.lines[index].text
    kind = page.kind(index)
    if kind is Kind.SECTION:
        return True
    if kind is Kind.PROSE:
        running = len(text) > SENTENCE and text.endswith((".", ":", "!", "?"))
        if running or (text[0].islower() and not _is_place(text)):
            return True
    return bool((len(text) < SENTENCE and heading_word(text)) or LABEL.match(text) or LEADERS.search(text) or ENTRY.search(text))


def _named(page: Page, side: Sequence[int]) -> tuple[int, list[list[str]]]:
    """Returns how far from the title the nearest names of a side stand, and the names of its lines in the document's order."""
    found = [(k, index, names) for k, index in enumerate(side) if (names := _names_of(page, index))]
    return (found[0][0] if found else 0), [names for _, _, names in sorted(found, key=lambda one: one[1])]


def _in(lines: Sequence[list[str]]) -> tuple[str, ...]:
    """Returns the names of a header's lines, each once; below the first initials, those in full are places."""
    first = next((k for k, names in enumerate(lines) if _has_initials(names)), len(lines))
    lines = [names for k, names in enumerate(lines) if k <= first or _has_initials(names) or _full(names[:1], "")]
    return tuple(dict.fromkeys(name for names in lines for name in names))


def _has_initials(names: Sequence[str]) -> bool:
    return any(SHORT.fullmatch(name) for name in names)


def _is_place(text: str) -> bool:
    return names_institution(text) or names_place(text) or is_role(text) or "@" in text


def is_role(text: str) -> bool:
    """Says whether a text names a degree or a post."""
    return names_degree(text) or ROLE.search(text) is not None


def _names_of(page: Page, index: int) -> list[str]:
    """Returns the authors whom a line names, if it names authors and nothing that is none."""
    text = page.lines[index].text
    kind = page.kind(index)
    head = kind is Kind.FURNITURE and JOURNAL_NAME.search(text) is not None
    title = kind is Kind.CAPITALS and SHORT.search(text) is None
    if len(text) > LONGEST or kind is Kind.CODE or head or title:
        return []
    below = page.lines[index + 1].text if index + 1 < len(page.lines) else ""
    names, rest = names_in(text, sure=False, placed=_is_place(below) and not _is_place(text))
    return names if not rest or _is_place(rest) else []


def names_in(text: str, sure: bool, placed: bool = False) -> tuple[list[str], str]:
    """Returns the names that a line begins with, and what follows them; `sure`, `placed`: a name may be in full."""
    supervisor = SUPERVISOR.search(text)
    text = text[: supervisor.start()] if supervisor else text
    text = " ".join(LETTER_MARK.sub("", MARKS.sub(" ", ADDRESS.sub(" ", text))).replace(" ,", ",").split()).strip(" ,;:_")
    if not text or NO_NAME.match(text):
        return [], text
    found, rest = _split(text)
    short = [name for name, full in found if not full]
    names = [name for name, _ in found]
    if len(short) < len(names) and not (sure or placed or short or _full(names, rest)):
        return [], text
    return names, rest


def _split(text: str) -> tuple[list[tuple[str, bool]], str]:
    """Returns the names at a text's beginning, each with whether it is in full, and the rest."""
    found: list[tuple[str, bool]] = []
    rest = text
    while rest:
        match, full = SHORT.match(rest), False
        if not match:
            match, full = FULL.match(rest), True
        if not match or (full and (NO_PERSON.search(match[0]) or JOURNAL_NAME.search(match[0]))):
            break
        after = rest[match.end() :]
        apart = AND.match(after)
        if after and not apart and not SHORT.match(after.strip()):
            break
        found.append((match[0], full))
        rest = after[apart.end() :] if apart else after.strip()
        role, _, following = rest.partition(",")
        if is_role(role) and len(role) < LONGEST_ROLE and SHORT.match(following.strip()):
            rest = following.strip()
    return found, rest.strip(" ,;:–—-")


def _full(names: Sequence[str], rest: str) -> bool:
    """Says whether names in full are surely names: one has a patronymic, or there are several and nothing else."""
    if any(PATRONYMIC.search(name.title()) for name in names):
        return True
    return len(names) > 1 and not rest and not any(name.isupper() for name in names)


def running_authors(view: View) -> tuple[str, ...]:
    """Returns the names in a column of the article's running heads, where they stand twice or more in it."""
    counts: Counter[str] = Counter()
    for index in view.heads:
        text = view.page.lines[index].text
        if ("   " in text or "\t" in text) and "." in text:
            column = re.split(r"\s{3,}|\t", text)[-1].strip()
            if SHORT.match(column):
                counts[column] += 1
    for column, times in counts.most_common(1):
        names, rest = names_in(column, sure=False)
        if times > 1 and not rest:
            return tuple(dict.fromkeys(names))
    return ()
