"""What a line of a document is: prose, page furniture, an author block, a heading, capitals.

Everything here follows from how journals and PDF dumps are made. Running heads are found by repetition
in the document itself, page numbers and link lists by their form.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from functools import cached_property, lru_cache

from kzalign.extract.lines import Line
from kzalign.extract.sections import SPACED, section_of

UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
LOWER = "a-zа-яёәғқңөұүһі"


class Kind(StrEnum):
    """What a line is."""

    PROSE = "prose"
    FURNITURE = "furniture"
    CODE = "code"
    PEOPLE = "people"
    SECTION = "section"
    CAPITALS = "capitals"


LINK = re.compile(r"\W*(?:https?://|www\.|mailto:|file:///|doi\.org/|orcid\.org/)", re.I)
PAGE_NUMBER = re.compile(r"[^\w.]*\d{1,4}[^\w.]*$")
FURNITURE = re.compile(
    rf"^(?:{PAGE_NUMBER.pattern}"
    r"""
    | [\W_]{5,} $                                                     # a rule
    | \d{1,4}\s*\|\s*\S.{0,60} $ | .{0,60}\S\s*\|\s*\d{1,4} $         # 12 | Page
    | (?:стр|бет|page|p|с)\.?\s*\d{1,4}\W* $
    | \W*(?:e-?mail|эл\.?\s*почта|orcid)\b[\s\w]{0,12}[:–—-].{0,200} $ | \W*orcid\b.{0,60} $
    | \W*[\w.+-]+@[\w-]+\.[\w.-]+\W* $
    | .{0,80}\b[ep]?-?ISSN\b.{0,120} $
    | .{0,60}(?:©|\(c\)\s(?:[\w\s.,]{0,60}\s)?(?:19|20)\d\d).{0,200} $
    | !\[.*\]\(.*\) $
    )""",
    re.X | re.I,
)
GAP = re.compile(r"(?<=\S)[ \t]+(?=\S)")
COLUMN_GAP = 4
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
CODE = re.compile(
    r"^\W*(?:УДК|ӘОЖ|UDC|UDK|МРНТИ|[ХX]?ҒТАМР|ҒТАХР|[ХX]ҒТАР|FTAMR|ГТАМР|IRSTI|SRSTI|ISRTI|МРТНИ|DOI|JEL|ББК|КБЖ|BBC|"
    r"https?://doi\.org|(?:JEL|MSC)\s+code)\b.{0,120}$",
    re.I,
)
ARTICLE_INFO = re.compile(
    r"^\W*(?:article\s?(?:info(?:rmation)?|history)|(?:информация\s?|сведения\s?)?о\s?статье|история\s?статьи|"
    r"мақала\s?(?:туралы(?:\s?(?:ақпарат|мәлімет))?|тарихы))\W*$",
    re.I,
)
"""What heads a side column with an article's dates and keywords."""

DATES = re.compile(
    r"""^\W*(?:
      (?:(?:manuscript|article)\s)?(?:received|accepted|revised|published(?:\sonline)?|available\sonline)
    | (?:(?:статья|материал)\s)?(?:дата\s)?(?:поступи(?:л|ла|ло|ления)|принят[аоы]?|получен[аоы]?|одобрен[аоы]?)
    | опубликован[аоы]?(?:\sonline)?
    | (?:мақала\s)?(?:редакцияға\s)?(?:келіп\s)?түст?і|қабылданды|жарияланды|жіберілді
    )(?:\s(?:в\sредакцию|к\sпечати|к\sпубликации|в\sпечать|после\sдоработки|баспаға|басуға|in\srevised\sform))?
    \s*[:–—-]?\s*(?:\d{1,2}[./]|\d{4}\s*[-./жг]|\d{1,2}\s(?:янв|фев|мар|апр|ма[йя]|июн|июл|авг|сен|окт|ноя|дек|қаң|ақп|нау|сәу|мам|мау|шіл|там|қыр|қаз|қар|жел
    |jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?\s\d).{0,120}$""",
    re.I | re.X,
)
_NAME = rf"[{UPPER}][{LOWER}]+(?:[-‑’'`][{UPPER}{LOWER}]?[{LOWER}]+)?"
_INITIALS = rf"(?:[{UPPER}][{LOWER}]?\.\s?-?){{1,3}}"
PERSON = re.compile(rf"{_INITIALS}\s?{_NAME}|{_NAME}\s{_INITIALS}|(?:{_NAME}\s){{1,2}}{_NAME}")
PERSON_WITH_INITIALS = re.compile(rf"{_INITIALS}\s?{_NAME}|{_NAME},?\s{_INITIALS}")
CAPITAL_PEOPLE = re.compile(
    rf"^(?:(?:[{UPPER}]\.\s?){{1,3}}[{UPPER}-]{{3,}}[\s,;*\d]*|[{UPPER}-]{{3,}}\s(?:[{UPPER}]\.\s?){{1,3}}[\s,;*\d]*)+$"
)
PATRONYMIC = re.compile(rf"\b{_NAME}(?:ұлы|улы|қызы|кызы|ович|евич|овна|евна|ична)\b")
MARKED_NAME = re.compile(rf"[{LOWER}](?:[*†‡¹²³⁴⁵⁶⁷⁸⁹]|\d(?:\s?,\s?\d)*\b)")
RUNNING_PROSE = re.compile(rf"[{LOWER}]{{3,}}[.,]?\)?\.\s+[{UPPER}][{LOWER}]*\s+[{LOWER}]")
"""A sentence's end and the next one's beginning on one line."""

SENTENCE_END = re.compile(rf"[{LOWER}]{{4,}}[)\"»]?[.!?]\s+[{UPPER}]")
NUMBERED_PLACE = re.compile(rf"^\W*(?:[¹²³⁴⁵⁶⁷⁸⁹*†]|\d\s?\*?)\s*(?:№\s?\d+\s)?[{UPPER}{LOWER}«\"“]")
NOT_NAMES = re.compile(r"[\s,;.*†‡¹²³⁴⁵⁶⁷⁸⁹\d()&@–—-]+|\b(?:and|и|және|мен)\b")
INSTITUTION = re.compile(
    r"университет|university|институт|institute|академи|academy|колледж|college|мектеп|школа|школы|school\b|"
    r"\bмузе(?:й|я|и|ев)\b|museum|мұражай|библиотек|library|кітапхана|кафедр|department|faculty|факультет|центр\b|орталы[қғ]|center|centre|министрл|ministry|АҚ\b|ЖШС|ТОО\b|НАО\b|KeAҚ|КеАҚ|LLP",
    re.I,
)
PLACE = re.compile(
    r"\b(?:қазақстан|казахстан|kazakhstan|ресей|россия|russia|кыргызстан|kyrgyzstan|өзбекстан|узбекистан|uzbekistan|түркия|"
    r"турция|turkey|türkiye|қытай|китай|china|usa|ақш|сша|poland|польша|germany|алматы|almaty|астана|astana|нұр-сұлтан|"
    r"нур-султан|nur-sultan|қаласы|қ\.|г\.|city|республикасы|республика|republic)(?=\W|$)",
    re.I,
)
DEGREE = re.compile(
    r"\bph\.?\s?d\b|докторант|магистр|аспирант|бакалавр|адвокат\b|ғылымдарының|к\.\s?\w{1,4}\.\s?н\.|д\.\s?\w{1,4}\.\s?н\.|ғ\.\s?к\.|ғ\.\s?д\.|"
    r"\bпрофессор\b|\bдоцент\b|\bprofessor\b|\blecturer\b|аға оқытушы|старший преподаватель|candidate of|doctor of|кандидаты\b|"
    r"master'?s? (?:student|of)|ғылыми жетекші|научный руководитель|supervisor|студент\w*\s*$|\bавторлар?\b|автор-корреспондент|"
    r"corresponding author|хат[- ]хабар",
    re.I,
)


def is_links(text: str) -> bool:
    """Says whether a line holds links and nothing else."""
    linked = False
    for word in text.split():
        if LINK.match(word):
            linked = True
        elif any(map(str.isalnum, word)):
            return False
    return linked


def is_table_row(text: str) -> bool:
    """Says whether a line is set in three columns or more, and not only justified: its gaps are not all alike."""
    if len(text) >= 400 or not ("\t" in text or " " * COLUMN_GAP in text):
        return False
    gaps = [len(gap) for gap in GAP.findall(text)]
    justified = len(gaps) > 2 and max(gaps) - min(gaps) <= 1 and sum(map(str.isalpha, text)) > 5 * len(gaps)
    return sum(gap >= COLUMN_GAP for gap in gaps) > 1 and not justified


def is_article_info(text: str) -> bool:
    """Says whether a line heads what a journal tells about an article beside its abstract."""
    return len(text) < 50 and ARTICLE_INFO.match(text.replace(" ", "") if SPACED.match(text) else text) is not None


def is_capitals(text: str) -> bool:
    """Says whether a line is set in capitals: at least eight letters, nearly all of them capital."""
    if text.isupper():
        return sum(map(str.isalpha, text)) >= 8
    capitals = sum(map(str.isupper, text))
    return capitals >= 8 and capitals >= 0.8 * sum(map(str.isalpha, text))


def is_capital_people(text: str) -> bool:
    """Says whether a line in capitals is made of names: initials and surnames, or a name with a patronymic."""
    if CAPITAL_PEOPLE.match(text):
        return True
    return len(text.split()) <= 4 and PATRONYMIC.search(text.title()) is not None


def is_people(text: str) -> bool:
    """Says whether a line names authors, their degrees, places of work or addresses."""
    if len(text) > 400:
        return False
    if "@" in text and len(text) < 200:
        return True
    if DEGREE.match(text) and len(text) < 90 and len(text.split()) <= 8 and not text.endswith("."):
        return True
    ends_sentence = text[0].islower() and SENTENCE_END.search(text) is not None
    if len(text.split()) <= 5 and DEGREE.search(text) and not text.endswith((".", ",")) and not ends_sentence:
        return True
    if text[0].islower() or RUNNING_PROSE.search(text):
        return False
    return _is_names(text) or _is_institution(text) or _is_degree(text)


def _is_names(text: str) -> bool:
    """Says whether hardly anything is left of a line once its names, initials and marks are taken out."""
    marked = PERSON_WITH_INITIALS.search(text) or PATRONYMIC.search(text) or MARKED_NAME.search(text) or text.count(",") > 1
    if not marked or not PERSON.search(text):
        return False
    rest = NOT_NAMES.sub(" ", PATRONYMIC.sub("", PERSON.sub("", PERSON_WITH_INITIALS.sub("", text))))
    return len(rest.replace(" ", "")) <= 0.25 * len(text) and not re.search(rf"(?<!\w)[{LOWER}]{{4,}}", rest)


def _is_institution(text: str) -> bool:
    numbered = NUMBERED_PLACE.match(text) is not None
    if INSTITUTION.search(text) and (PLACE.search(text) or numbered) and ("," in text or numbered):
        return True
    return numbered and PLACE.search(text) is not None and len(text) < 160


def _is_degree(text: str) -> bool:
    short = len(text) < 180 and len(text.split()) <= 14 and not text.endswith(".")
    return short and DEGREE.search(text) is not None and ("," in text or len(text.split()) <= 5)


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
        counts: Counter[str] = Counter(key for line in self.lines if may_run(line.text) and (key := running_key(line.text)))
        beside: Counter[str] = Counter(
            running_key(line.text)
            for line, *around in zip(self.lines[1:-1], self.lines, self.lines[2:], strict=False)
            if may_run(line.text) and YEAR.search(line.text) and any(PAGE_NUMBER.match(other.text) for other in around)
        )
        return frozenset(key for key, n in counts.items() if n >= 3 or beside[key] >= 2)

    def is_running_head(self, text: str) -> bool:
        """Says whether the line repeats over the document's pages or names a journal's issue."""
        if not may_run(text):
            return False
        lowered = text.lower()
        if len(text) < 160 and ("сери" in lowered or "series" in lowered) and JOURNAL_SERIES.search(text):
            return True
        if ISSUE_LINE.search(text) and len(text) < 160 and (YEAR.search(text) or JOURNAL_NAME.search(text)):
            named = JOURNAL_NAME.search(text) is not None or len(ISSUE_LINE.findall(text)) > 1
            if named or sum(map(str.isalpha, text)) <= MOST_ISSUE_LETTERS:
                return True
        if text.endswith((".", "!", "?", "…")) and not JOURNAL_NAME.search(text) and not re.search(r"\d", text):
            return False
        return running_key(text) in self.repeated and section_of(text) is None

    def usual_gap(self, index: int, reach: int = 40) -> int:
        """Returns how many blank lines stand between the wrapped lines around `index`: 0, or 1 in a double-spaced dump."""
        around = self.lines[max(1, index - reach) : index + reach]
        continued = [line.gap for line in around if line.gap <= 2 and line.text[:1].islower() and len(line.text) > 30]
        return 1 if continued and sum(gap >= 1 for gap in continued) > 0.6 * len(continued) else 0


DROPPED = dict.fromkeys(map(ord, "0123456789 .,:;/|()[]№–—-_~*«»\"'"))


def may_run(text: str) -> bool:
    """Says whether a line can be a running head at all: not long, not begun in the middle of a sentence."""
    return len(text) < 220 and not text[0].islower()


@lru_cache(maxsize=20_000)
def running_key(text: str) -> str:
    """Returns what is the same in a running head from page to page: its first chunk without numbers and marks."""
    key = text.partition("   ")[0].partition("\t")[0].translate(DROPPED).casefold()
    return key if len(key) >= 7 else ""


TESTS: tuple[tuple[Kind, Callable[[Page, str], bool]], ...] = (
    (Kind.CODE, lambda page, text: CODE.match(text) is not None or DATES.match(text) is not None or is_article_info(text)),
    (
        Kind.FURNITURE,
        lambda page, text: (len(text) < 400 and FURNITURE.match(text) is not None) or is_links(text) or is_table_row(text),
    ),
    (Kind.SECTION, lambda page, text: section_of(text) is not None),
    (Kind.FURNITURE, lambda page, text: page.is_running_head(text)),
    (Kind.PEOPLE, lambda page, text: is_capital_people(text) if is_capitals(text) else is_people(text)),
    (Kind.CAPITALS, lambda page, text: is_capitals(text)),
)
"""Tried in this order; the first that holds names the line."""
