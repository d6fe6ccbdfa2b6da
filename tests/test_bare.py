"""Summaries without heading and keywords: where their language gives them away, and where it does not."""

from textwrap import fill, indent

import pytest

from kzalign.align.relate import relatedness
from kzalign.config import ExtractConfig
from kzalign.extract import extract
from kzalign.records import Article, Issue

KK = (
    "Мақалада Арна қаласындағы су тарифінің 2010–2020 жылдардағы өзгерісі мен отбасылардың әдеті қарастырылады. "
    "412 отбасының сауалнамасы пайдаланылды. Тариф өскен сайын су шығыны азайғаны анықталды."
)
RU = (
    "В статье рассматривается изменение тарифа на воду в городе Арна в 2010–2020 годах и привычки семей. "
    "Использован опрос 412 семей. Установлено, что с ростом тарифа расход воды снижался."
)
EN = (
    "The article considers the change of the water tariff in the town of Arna in 2010–2020 and the habits of families. "
    "A survey of 412 families was used. It is established that the consumption of water fell as the tariff grew."
)
SENTENCES = (
    "Вопросы водоснабжения малых городов обсуждаются давно и по разным поводам.",
    "Первые водопроводы строились на средства купцов и городских управ.",
    "После войны сети перешли на баланс коммунальных предприятий.",
    "Учёт велся по числу жильцов, поэтому экономить было незачем.",
    "Счётчики ставили сперва в новых домах, затем в старых.",
    "Жители окраин по-прежнему носят воду из колонок.",
)
BODY = "\n".join(" ".join((SENTENCES * 5)[k : k + 3]) for k in range(0, 24, 2))
QUOTE = (
    "«The towns of the steppe drank from wells,» a traveller wrote, «and every well had a keeper of its own. "
    "He took a coin from strangers and nothing from neighbours, and nobody thought of any other tariff than this one.»"
)
HEAD = "УДК 330.1\n\nС.Б. Есенов\nАрнинский университет, г. Арна\n\nТАРИФ НА ВОДУ В ГОРОДЕ АРНА\n\n"
REFERENCES = (
    "\n\nЛИТЕРАТУРА\n1. Есенов С.Б. Вода и город. – Арна: Борозда, 2001. – 98 с.\n2. Клейн Д. Тарифы. – Арна, 2005. – 12 с.\n\n"
)
NEXT = "\n\nУДК 331.2\n\nД. Клейн\n\nО ДРУГОМ\n\n" + BODY

CASES = {
    "two translations at the end, the article's own at its head": (
        f"{HEAD}{RU}\n\n{BODY}{REFERENCES}С.Б. Есенов\nАРНА ҚАЛАСЫНДАҒЫ СУ ТАРИФІ\n\n{KK}\n\nS.B. Yessenov\n\nWATER\n\n{EN}\n",
        {"kk": KK, "ru": RU, "en": EN},
    ),
    "two translations under the authors, none of its own": (
        f"{HEAD}   {KK}\n\n   {EN}\n\n{BODY}{REFERENCES}",
        {"kk": KK, "en": EN},
    ),
    "a block with a margin left of it, and a body whose first line runs from page to page": (
        f"{HEAD}{indent(fill(RU, 60), '        ')}\n\n     {SENTENCES[0]}\n{BODY}{REFERENCES}{KK}\n\n{EN}\n\n"
        f"{SENTENCES[0]}\n\n{SENTENCES[0]}\n",
        {"kk": KK, "ru": RU, "en": EN},
    ),
    "a heading, authors and a title over each of them": (
        f"{HEAD}{RU}\n\n{BODY}{REFERENCES}Р е з ю м е\n\nС.Б. Есенов\n\nАРНА ҚАЛАСЫНДАҒЫ СУ ТАРИФІ\n\n{KK}\n\nS u m m a r y\n\n"
        f"S.B. Yessenov\n\nWATER TARIFF IN THE TOWN OF ARNA\n\n{EN}\n",
        {"kk": KK, "ru": RU, "en": EN},
    ),
    "a title in the middle of the page over each": (
        fill(BODY, 76).join((HEAD, REFERENCES))
        + "".join(f"{title.center(76)}\n   {fill(text, 76)}\n" for title, text in (("Су тарифі", KK), ("Water tariff", EN))),
        {"kk": KK, "en": EN},
    ),
    "stars between": (f"{HEAD}{BODY}{REFERENCES}* * *\n{KK}\n* * *\n{EN}\n", {"kk": KK, "en": EN}),
    "one straight after the other": (f"{HEAD}{BODY}{REFERENCES}{KK}\n{EN}\n", {"kk": KK, "en": EN}),
    "a quotation in the body": (f"{HEAD}{BODY}\n\n{QUOTE}\n\n{BODY}{REFERENCES}", {}),
    "one language alone has no translation beside it": (f"{HEAD}{BODY}{REFERENCES}{EN}\n", {}),
    "a text of something else": (f"{HEAD}{BODY}{REFERENCES}{QUOTE}\n\n{KK}\n", {}),
    "the next article's summaries are its own": (
        f"{HEAD}{BODY}{REFERENCES}{KK}\n\n{EN}{NEXT}",
        {"kk": KK, "en": EN},
    ),
}


def first(text: str) -> Article:
    """Returns the first article of a text."""
    return extract(Issue("d", "d.txt", "0" * 64, "utf-8", tuple(text.split("\n"))), ExtractConfig(), relatedness).articles[0]


@pytest.mark.parametrize("case", CASES)
def test_bare_summaries(case: str) -> None:
    text, wanted = CASES[case]
    assert {lang: v.abstract for lang, v in first(text).versions.items() if v.abstract} == wanted


def test_what_is_marked_is_not_sought_again() -> None:
    """Where all three languages have a heading, nothing else is an abstract."""
    marked = f"{HEAD}Аннотация\n{RU}\n\nАңдатпа\n{KK}\n\nAbstract\n{EN}\n\nВведение\n{BODY}{REFERENCES}{QUOTE}\n"
    assert {lang: v.abstract for lang, v in first(marked).versions.items()} == {"ru": RU, "kk": KK, "en": EN}


def test_a_later_article_is_looked_at_where_the_first_has_all_marked() -> None:
    marked = f"{HEAD}Аннотация\n{RU}\n\nАңдатпа\n{KK}\n\nAbstract\n{EN}\n\nВведение\n{BODY}{REFERENCES}"
    later = [text.replace("Арна", "Борте").replace("Arna", "Borte").replace("412", "77") for text in (KK, EN)]
    issue = Issue("d", "d.txt", "0" * 64, "utf-8", tuple(f"{marked}{NEXT}{REFERENCES}{later[0]}\n\n{later[1]}\n".split("\n")))
    first_found, second = extract(issue, ExtractConfig(), relatedness).articles
    assert {lang: v.abstract for lang, v in first_found.versions.items()} == {"ru": RU, "kk": KK, "en": EN}
    assert {lang: v.abstract for lang, v in second.versions.items() if v.abstract} == {"kk": later[0], "en": later[1]}
