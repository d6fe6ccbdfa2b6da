"""Authors, their degrees and places of work, as the lines of a header name them."""

import re

from kzalign.extract.letters import LOWER, UPPER

_NAME = rf"[{UPPER}][{LOWER}]+(?:[-‑’'`][{UPPER}{LOWER}]?[{LOWER}]+)?"
_INITIALS = rf"(?:[{UPPER}][{LOWER}]?\.\s?-?){{1,3}}"
PERSON = re.compile(rf"{_NAME}\s{_INITIALS}\s?{_NAME}|{_INITIALS}\s?{_NAME}|{_NAME}\s{_INITIALS}|(?:{_NAME}\s){{1,2}}{_NAME}")
PERSON_WITH_INITIALS = re.compile(rf"{_NAME}\s{_INITIALS}\s?{_NAME}|{_INITIALS}\s?{_NAME}|{_NAME},?\s{_INITIALS}")
_CAPITAL_INITIALS = rf"(?:(?:[{UPPER}][{LOWER}]?|[ZSCKTYДЖ][HSUAEЖ])\.\s?){{1,3}}"
CAPITAL_PEOPLE = re.compile(
    rf"^(?:{_CAPITAL_INITIALS}[{UPPER}-]{{3,}}[\s,;*\d¹²³⁴⁵⁶⁷⁸⁹]*|[{UPPER}-]{{3,}}\s{_CAPITAL_INITIALS}[\s,;*\d¹²³⁴⁵⁶⁷⁸⁹]*)+(?:{_CAPITAL_INITIALS})?$"
)
SHORT_DEGREE = re.compile(
    r",\s?(?:[кд]\.\s?[\w-]{1,6}\.(?:[\w-]{1,6}\.)?\s?н\.|ф\.\s?ғ\.\s?[кд]\.|профессор|доцент|магистрант|докторант|аспирант|PhD)"
)
"""What stands behind a name in small letters."""
CAPITAL_NAMES = re.compile(rf"(?:[{UPPER}-]{{2,}}(?:\s[{UPPER}-]{{2,}}){{1,2}}[\s*\d]*(?:,\s?|$)){{3,}}$")
"""Three people and more, each with a name and a surname; titles enumerate single words."""
CAPITAL_SURNAMES = re.compile(
    rf"(?:(?:[{UPPER}]{{2,}}(?:-[{UPPER}]{{2,}})?\s{_NAME}|{_NAME}\s[{UPPER}]{{2,}}(?:-[{UPPER}]{{2,}})?)[\s*\d]*(?:,\s?|$))+$"
)
PATRONYMIC = re.compile(rf"\b{_NAME}(?:ұлы|улы|қызы|кызы|ович|евич|овна|евна|ична)\b")
MARKED_NAME = re.compile(rf"[{LOWER}](?:[*†‡¹²³⁴⁵⁶⁷⁸⁹]|\d(?:\s?,\s?\d)*\b)")
DASHED = re.compile(rf"(?:{PERSON_WITH_INITIALS.pattern})\s[–—-]\s(?!.*\b(?:19|20)\d\d\b)")
"""An author before a place of work or a post; a reference has a year."""
AUTHORS_FIRST = re.compile(rf"(?:(?:{PERSON_WITH_INITIALS.pattern})[\s*\d]*,\s?)+(?=\S)")
"""Authors before what follows in the same line."""
FULL_NAMES = re.compile(rf"\W*{_NAME}(?:\s{_NAME}){{1,2}}[a-e]?[*\d,]*(?:,\s?{_NAME}(?:\s{_NAME}){{1,2}}[a-e]?[*\d,]*)*\W*")
"""Names in full, which any capitalised words may be: a place of work beside them tells."""

RUNNING_PROSE = re.compile(rf"[{LOWER}]{{3,}}[.,]?\)?\.\s+[{UPPER}][{LOWER}]*\s+[{LOWER}]")
SENTENCE_END = re.compile(rf"[{LOWER}]{{4,}}[)\"»]?[.!?]\s+[{UPPER}]")
NUMBERED_PLACE = re.compile(rf"^\W*(?:[¹²³⁴⁵⁶⁷⁸⁹*†]|\d\s?\*?|[a-e](?=\s[{UPPER}«]))\s*(?:№\s?\d+\s)?[{UPPER}{LOWER}«\"“]")
NOT_NAMES = re.compile(r"[\s,;.*†‡¹²³⁴⁵⁶⁷⁸⁹\d()&@–—-]+|\b(?:and|и|және|мен)\b")
INSTITUTION = re.compile(
    r"университет|university|институт|institute|академи|academy|колледж|college|мектеп|школ[аы]\b|school\b|"
    r"\bмузе(?:й|я|и|ев)\b|museum|мұражай|библиотек|library|кітапхана|кафедр|department|faculty|факультет|центр\b|орталы[қғ](?!\sази)|center|centre|министрл|ministry|"
    r"\b(?:ақ|жшс|тоо|нао|keaқ|кеақ|llp)\b"
)
"""This, PLACE and DEGREE are for text in small letters: ignoring case costs three to five times as much."""

UNIVERSITY = re.compile(rf"(?<!\w)[{UPPER}][{UPPER}{LOWER}]{{0,4}}[{UPPER}][УU](?!\w)")
"""A university's letters: ЕҰУ, КазНУ."""

NAMED_INSTITUTION = re.compile(
    r"\b(?i:университет[іi]?|институты?|академия(?:сы)?|колледж[іi]?|мектебі|школа|музей|мұражай(?:ы)?|библиотека|"
    r"кітапхана(?:сы)?|кафедра(?:сы)?|факультет[іi]?|центр|орталы(?:қ|ғы)(?!\sази)|министрлігі|министерство|станция(?:сы)?|стансасы|обсерватория(?:сы)?|"
    r"заповедник|лаборатория(?:сы)?|зертханасы|больница|аурухана(?:сы)?)\b|"
    r"\b(?:University|Institute|Academy|College|School|Museum|Library|Department|Faculty|Cent(?:er|re)|Ministry|Observatory|"
    r"(?:Field|Research|Experimental|Biological)\s[Ss]tation)\b|"
    rf"\b(?i:мектеп)\b(?!\s[{LOWER}])|"
    r"\b(?:АҚ|ЖШС|ТОО|НАО|KeAҚ|КеАҚ|LLP|НИИ|ҒЗИ|РГП|РМК)\b"
)
"""An institution in the nominative, as an author's place of work has it; a title that tells of one seldom does."""
PLACE = re.compile(
    r"\b(?:қазақстан|казахстан|kazakhstan|ресей|россия|russia|кыргызстан|kyrgyzstan|өзбекстан|узбекистан|uzbekistan|түркия|"
    r"турция|turkey|türkiye|қытай|китай|china|usa|ақш|сша|poland|польша|germany|алматы|almaty|астана|astana|нұр-сұлтан|"
    r"нур-султан|nur-sultan|қаласы|қ\.|г\.|city|республикасы|республика|republic)(?=\W|$)"
)
DEGREE = re.compile(
    r"\bph\.?\s?d\b|докторант|магистр|аспирант|бакалавр|адвокат\b|ғылымдарының|к\.\s?\w{1,4}\.\s?н\.|д\.\s?\w{1,4}\.\s?н\.|ғ\.\s?к\.|ғ\.\s?д\.|"
    r"\b(?:доктор|кандидат)\s\w+\sнаук\b|"
    r"\bпрофессор\b|\bдоцент\b|\bprofessor\b|\blecturer\b|аға оқытушы|старший преподаватель|candidate of|doctor of|кандидаты\b|"
    r"master'?s? (?:student|of)|ғылыми жетекші|научный руководитель|supervisor|студент\w*\s*$|\bавторлар?\b|автор-корреспондент|"
    r"corresponding author|хат[- ]хабар"
)


SMALL_IN_NAMES = frozenset(("of", "and", "the", "for", "in", "at", "named", "after", "by"))
MIN_PROSE, MOST_SMALL = 8, 0.6
"""Words of a line that may be told for prose; share of them in small letters that no place of work has."""

MAX_PLACE = 60
"""Characters of a town and a country."""

LINKS = re.compile(r"[,;]?\s*(?:https?://\S+|\borcid\b.*)$", re.I)
"""A link behind a line's names."""


def names_institution(text: str) -> bool:
    """Says whether a text holds the name of a kind of institution."""
    return INSTITUTION.search(text.lower()) is not None


def names_place(text: str) -> bool:
    """Says whether a text names a town or a country."""
    return PLACE.search(text.lower()) is not None


def names_degree(text: str) -> bool:
    """Says whether a text names a degree or a post."""
    return DEGREE.search(text.lower()) is not None


def is_running_prose(text: str) -> bool:
    """Says whether a sentence ends and another begins on a line."""
    return "." in text and RUNNING_PROSE.search(text) is not None


def is_capital_people(text: str) -> bool:
    """Says whether a line in capitals is made of names: initials and surnames, or a name with a patronymic."""
    if CAPITAL_PEOPLE.match(SHORT_DEGREE.sub("", text)) or CAPITAL_NAMES.match(text):
        return True
    return len(text.split()) <= 4 and PATRONYMIC.search(text.title()) is not None


def is_people(text: str) -> bool:
    """Says whether a line names authors, their degrees, places of work or addresses."""
    if len(text) > 400:
        return False
    if "@" in text and len(text) < 200:
        return True
    words = len(text.split())
    if words <= 8 and len(text) < 90 and DEGREE.match(text.lower()) and not text.endswith("."):
        return True
    ends_sentence = text[0].islower() and SENTENCE_END.search(text) is not None
    if words <= 5 and not text.endswith((".", ",")) and not ends_sentence and names_degree(text):
        return True
    if (text[0].islower() and not NUMBERED_PLACE.match(text)) or is_running_prose(text):
        return False
    if SHORT_DEGREE.search(text) and is_capital_people(text):
        return True
    if DASHED.match(text) and (names_institution(text) or names_degree(text) or UNIVERSITY.search(text)):
        return True
    named = CAPITAL_SURNAMES.match(text) is not None or _is_names(text)
    return named or _is_institution(text) or _is_degree(text) or _is_place(text)


def _is_names(text: str) -> bool:
    """Says whether hardly anything is left of a line once its names, initials, marks and a link are taken out."""
    if "orcid" in text.lower():
        text = LINKS.sub("", text)
    marked = text.count(",") > 1 or PERSON_WITH_INITIALS.search(text) or PATRONYMIC.search(text) or MARKED_NAME.search(text)
    if not marked or not PERSON.search(text):
        return False
    rest = NOT_NAMES.sub(" ", PATRONYMIC.sub("", PERSON.sub("", PERSON_WITH_INITIALS.sub("", text))))
    return len(rest.replace(" ", "")) <= 0.25 * len(text) and not re.search(rf"(?<!\w)[{LOWER}]{{4,}}", rest)


def _is_place(text: str) -> bool:
    """Says whether a line is a town and its country: "Алматы, Қазақстан"."""
    if not 0 < text.count(",") < 3 or len(text) > MAX_PLACE:
        return False
    rest, places = PLACE.subn("", text.lower())
    return places > 1 and not any(map(str.isalpha, rest))


def _is_institution(text: str) -> bool:
    numbered = NUMBERED_PLACE.match(text) is not None
    if not numbered and ("," not in text or _is_english_prose(text)):
        return False
    lowered = text.lower()
    placed = PLACE.search(lowered) is not None
    if (placed or numbered or AUTHORS_FIRST.match(text)) and (INSTITUTION.search(lowered) or UNIVERSITY.search(text)):
        return True
    return numbered and placed and len(text) < 160


def _is_english_prose(text: str) -> bool:
    """Says whether most words of an English line are in small letters, those aside that names of institutions have too."""
    words = text.split()
    small = [word for word in words if word[0].islower() and word not in SMALL_IN_NAMES]
    return text.isascii() and len(words) >= MIN_PROSE and len(small) > MOST_SMALL * len(words)


def _is_degree(text: str) -> bool:
    words = len(text.split())
    short = len(text) < 180 and words <= 14 and not text.endswith(".")
    return short and ("," in text or words <= 5) and names_degree(text)
