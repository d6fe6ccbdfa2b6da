"""The headings of an article's sections, in kk, ru and en: what an abstract is not, and where a body begins and ends."""

import re

RECORD_SECTIONS = frozenset(
    name.strip()
    for name in """
    author biography | author biographies | downloads | how to cite | license | licence | жүктеулер | скачивания | загрузки |
    биография автора | биографии авторов | автор өмірбаяны | как цитировать | лицензия | лицензиясы | дәйексөз келтіру
    """.replace("\n", " ").split("|")
)
"""What stands below an abstract on a repository's page of an article."""

SECTIONS = RECORD_SECTIONS | frozenset(
    name.strip()
    for name in """
    acknowledgements | acknowledgments | appendix | bibliography | conclusion | conclusions | contents | discussion |
    discussions | funding | information about authors | introduction | literature review | main body | main part |
    main provisions | materials and methods | methodology | methods | methods and materials | references |
    research methods | results | results and discussion | авторлар туралы мәлімет | алғыс | благодарности |
    благодарность | введение | выводы | заключение | зерттеу материалдары | зерттеу материалдары мен әдістері |
    зерттеу нәтижелері | зерттеу әдіснамасы | зерттеу әдістері | кіріспе | литература | мазмұны |
    материалдар және әдістер | материалдар мен зерттеу әдістері | материалдар мен әдістер | материалы и методы |
    материалы и методы исследования | методика | методология | методология исследования | методы | методы исследования
    | негізгі бөлім | негізгі ережелер | нәтижелер | нәтижелер және талқылау | нәтижелер мен талқылау | нәтижелері |
    обзор литературы | обсуждение | обсуждения | основная часть | основные положения | пайдаланылған әдебиеттер |
    пайдаланылған әдебиеттер тізімі | приложение | результаты | результаты и обсуждение | результаты исследования |
    сведения об авторах | содержание | список использованной литературы | список использованных источников |
    список литературы | список опубликованных работ | талқылау | талқылаулар | тұжырым | финансирование | қаржыландыру
    | қорытынды | қорытындылар | қосымша | әдебиет | әдебиетке шолу | әдебиеттер | әдебиеттер тізімі |
    әдебиеттерге шолу | әдіснама | әдістеме | әдістер
    """.replace("\n", " ").split("|")
)
CLOSING_SECTIONS = RECORD_SECTIONS | frozenset(
    name for name in SECTIONS if re.search("әдебиет|литератур|источник|references|bibliography", name)
)
"""What an article, or a repository's page of it, ends with: no abstract reaches over one of these."""

OPENING_SECTIONS = frozenset(("кіріспе", "введение", "introduction", "негізгі бөлім", "основная часть", "main part"))
"""What an article's body begins with: all that stands before it may be an abstract."""

SPACED = re.compile(r"^\W*(?:\w\s+){3,}\w\W*$")
"""A word set with a space between its letters."""

NUMBERED = re.compile(r"^\W*(?:\d{1,2}(?:\.\d{1,2})*\.?|[IVX]{1,4}\.)?\s*")


def section_of(text: str) -> str | None:
    """Returns the section a line heads alone ("1. Кіріспе" → "кіріспе", spaced letters closed up), or None."""
    if len(text) > 60 or text[:1].islower():
        return None
    if SPACED.match(text):
        text = re.sub(r"(?<=\w)\s(?=\w)", "", text)
    name = " ".join(NUMBERED.sub("", text, count=1).strip(" .:–—-*").lower().split())
    return name if name in SECTIONS else None
