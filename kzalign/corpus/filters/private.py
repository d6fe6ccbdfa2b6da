"""Personal data, and what belongs to a page rather than to a sentence."""

import re

from kzalign.corpus.filters.sides import Side

DIGITS = re.compile(r"\d[\d\s()+./–-]{5,}\d")
"""Where a phone number or an identity number can be: looked for before they are."""

EMAIL = re.compile(r"[\w.+-]+\s?(?:@|\[at\]|\(at\))\s?[\w-]+(?:\.[\w-]+)+|\be-?mail\s*:")
PHONE = re.compile(
    r"(?<![\w.,/-])(?:(?:\+\s?7|8)[\s(–-]*\d{3}[\s)–-]*\d{3}[\s–-]?\d{2}[\s–-]?\d{2}"  # Kazakhstan, Russia
    r"|\+\s?[1-9]\d{0,2}[\s(–-]+\d{1,4}(?:[\s)–-]*\d{2,4}){2,4}|\+[1-9]\d{9,13}"  # international
    r"|8\s?\(\d{3,5}\)\s?\d[\d\s–-]{4,8})(?![\d/])"  # with the town's code
)
CALL = re.compile(r"(?<!\w)(?:тел|моб|ұялы|факс|tel|phone|fax|mob)(?:\.|:|ефон\w*:?|\.:)\s*\+?[\d(][\d\s()–-]{4,}", re.IGNORECASE)
ORCID = re.compile(r"(?<!\w)orcid", re.IGNORECASE)
ORCID_NUMBER = re.compile(r"(?<!\d)\d{4}-\d{4}-\d{4}-\d{3}[\dXХ](?!\w)")
IIN = re.compile(r"(?<![\w.,/-])\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])[0-6]\d{5}(?![\w/-])")
"""Kazakhstan's identity number: birthday, century and sex, five digits."""

LINK = re.compile(r"https?:|www\.")
FURNITURE = re.compile(
    r"(?<!\w)(?:doi|issn|isbn|udc|irsti|grnti|jel|мрнти|ғтамр|xғтар|ғтахр|грнти)\s*[:\d]|(?<!\w)(?:удк|әож|ббк)\s*:?\s*\d"
    r"|10\.\d{4,}/|©|(?<!\w)(?:received|accepted|поступила|түсті|қабылданды)\s*:|all rights reserved|//\s*[a-zа-яәғқңөұүһі]"
    r"|(?<!\w)(?:vol|т|том)\.\s?\d+,?\s?(?:no|№)\.?\s?\d+"
    r"|(?<!\w)(?:keywords|key words|ключевые слова|түйін сөздер|кілт сөздер|түйінді сөздер)\s*[:.–-]"
)
"""This and LINK are for text in small letters: ignoring case costs three times as much."""


SIGNS_OF_PERSONS = frozenset(("at", "mail", "email", "orcid"))
SIGNS_OF_PAGES = frozenset(
    """
    http https www doi issn isbn udc irsti grnti jel мрнти ғтамр xғтар ғтахр грнти удк әож ббк
    10 received accepted поступила түсті қабылданды reserved vol т том keywords words ключевые түйін кілт түйінді
    """.split()
)
"""Words without one of which the expressions above find nothing."""


def personal_places(side: Side) -> float:
    """Returns how many e-mail addresses, phone numbers, ORCIDs and identity numbers a side holds."""
    text, found = side.text, 0
    if "@" in text or not SIGNS_OF_PERSONS.isdisjoint(side.vocabulary):
        found = len(EMAIL.findall(text)) + len(ORCID.findall(text))
    if side.figures and DIGITS.search(text):
        found += sum(len(kind.findall(text)) for kind in (PHONE, CALL, ORCID_NUMBER, IIN))
    return float(found)


def furniture_places(side: Side) -> float:
    """Returns how many links and marks of a page, a reference or a keywords list a side holds."""
    if SIGNS_OF_PAGES.isdisjoint(side.vocabulary) and "©" not in side.text and "//" not in side.text:
        return 0.0
    lowered = side.text.lower()
    return float(len(FURNITURE.findall(lowered)) + len(LINK.findall(lowered)))
