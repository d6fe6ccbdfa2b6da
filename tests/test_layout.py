"""What a line is, told by its form and by what repeats in the document."""

import pytest

from kzalign.extract.layout import Kind, Page, is_capitals, running_key
from kzalign.extract.lines import plain, read_lines
from kzalign.extract.middle import is_centred
from kzalign.extract.sections import section_of


def page(*lines: str) -> Page:
    """Returns a page of raw lines."""
    return Page(read_lines("\n".join(lines)))


FURNITURE = """
27
- 27 -
• 114 •
12 | Page
12 | Көкжиде хабаршысы
Page | 12
стр. 14
бет 5
p. 7
https://orcid.org/0000-0000-1111-2040
www.dala.example; https://arna.example
mailto:ed@arna.example
E-mail: ed@arna.example
эл. почта: ed@arna.example
ORCID: 0000-0000-1111-2040
ed@arna.example
ISSN 0000-1111 (Print)
Арна жазбалары, e-ISSN 0000-1111
© Арна университеті, 2024
(c) Arna University 2024
![](figure.png)
Жыл        2019        2020
Арна хабаршысы. Қоғам сериясы. № 1 (12), 2024
Вестник Арны. Серия «Общество». № 1 (12). 2024 г.
Vol. 3, No. 2, 2021
Том 4, № 2. 2019
"""

CODES = """
УДК 330.1
ӘОЖ 81'33
UDC 004.9
**УДК 330.1**
МРНТИ 06.81.12
ҒТАМР 06.81.12
IRSTI 14.25.09
JEL: D12, Q25
DOI: 10.0000/abc
https://doi.org/10.0000/abc
Received 12.03.2024
Accepted: 2 May 2024
Статья поступила в редакцию 5 мая 2023 г.
Поступила в редакцию 5.05.2023
Қабылданды: 01.02.2024
ORIGINAL RESEARCH
Original Research Article
ОРИГИНАЛЬНОЕ ИССЛЕДОВАНИЕ
Тип статьи: обзорная статья
Түпнұсқа зерттеу
Case report
Communicated by: Marat Q. Abenov
Представлено членом-корреспондентом Академии Н. Абеновым
Рецензент: д.т.н. Абенов Н.Т.
Мақаланы ұсынған: Н. Т. Әбенов
"""

PEOPLE = """
А.Н. Сарыөзекова1* , Л. Хольт2
С. Есенов, Д. Клейн
Klein D., Yessenov S.
САРЫӨЗЕКОВА А.Н., ХОЛЬТ Л.
Айгүл Нұрланқызы Сарыөзекова
Иванов Пётр Сергеевич
1 Арна гуманитарлық университеті, Арна, Қазақстан
¹Arna University, Arna, Kazakhstan
Кафедра экономики, Арна университеті, Алматы
PhD, доцент
Corresponding author: d.klein@arna.example
S. Yessenov, s.yessenov@arna.example
С. Есенов, Д. Клейн, Арна су шаруашылығы ғылыми орталығы, Ар-
Department of water and soil of the Arna State University, Arna, Kazakhstan
А.Ж. ЕСЕНОВ, к.т.н., И.В. КЛЕЙНЕ,
С.К. ЕСЕНОВ, д.т.н., профессор, Р.А.
A.B. YESSENOV, ZH.E. KLEIN, SH.T. ABENOV
Есенов Д.Е. – КазНПУ им. Абая, ст. преподаватель
"""

SECTIONS = """
Кіріспе
ВВЕДЕНИЕ
1. Introduction
III. Қорытынды
Р е з у л ь т а т ы
Материалы и методы
Список литературы:
**Заключение**
## Нәтижелер
Әдебиеттер
"""

CAPITALS = """
ЦИФРЛЫҚ СЕНІМ: КІМ ЖӘНЕ НЕ ҮШІН
ЦИФРОВОЕ ДОВЕРИЕ И eGov
DIGITAL TRUST AMONG RETIREES
**DIGITAL TRUST**
"""

PROSE = """
В 2020 году вышел сборник стихов.
Сайт https://dala.example открыт для всех.
Результаты показали, что доверие растёт.
Introduction to the theory of trust
Journal editors were asked in 2020.
Абай және Шоқан туралы мақала.
The survey was held in 2019–2020
GDP 2020
Университет играет роль в жизни города, и это показано ниже.
Ученый Ахметов исследовал степные реки в начале прошлого века
Алматы қаласының тұрғындары су тарифіне қатысты сауалнамаға жауап берді
Метод А. Смита применён к данным опроса, который шёл два года
первого сорта на качество хлеба.    При доле просяной    муки до 10 % объем хлеба
hours. The lowest force (28.3 N) was observed at    62 °C   after 18 hours.    Weight
Every fifth teacher in Kazakhstan leaves school within the first three years, and nobody asks
"""

LOOKS_LIKE = """
Закон № 319 от 27 июля 2007 года определяет основы
№ 45 қаулы 2019 жылы қабылданған, ал оның орындалуы
with the help of (a) a survey, (b) interviews, and (c) a panel of homes
e-mail services were used by 63 % of them, while the others
email marketing is the cheapest way to reach the readers of
published between 2015 and 2020 in journals of the region
Published between 2015 and 2020, the stories speak of water
accepted in 2015, the law changed the price of water and
принятые в 2015 году законы позволили снизить цену воды
получены 15 образцов, которые хранились в лаборатории
опубликованных в 2019 году статей вдвое больше, чем раньше
түсті металдар 2019 жылдан бастап қайтадан өндіріле бастағаны
"""
"""Lines of an abstract that begin like a date, an issue or an address."""

KINDS = {
    Kind.FURNITURE: FURNITURE,
    Kind.CODE: CODES,
    Kind.PEOPLE: PEOPLE,
    Kind.SECTION: SECTIONS,
    Kind.CAPITALS: CAPITALS,
    Kind.PROSE: PROSE + LOOKS_LIKE.lstrip(),
}


@pytest.mark.parametrize(("kind", "text"), [(kind, text) for kind, table in KINDS.items() for text in table.strip().split("\n")])
def test_what_a_line_is(kind: Kind, text: str) -> None:
    assert page(text).kind(0) is kind


HEADS = [
    (3, "Арна жазбалары", Kind.FURNITURE),
    (2, "Арна жазбалары", Kind.PROSE),
    (3, "Арна", Kind.PROSE),
    (3, "Кіріспе бөлімі мен", Kind.FURNITURE),
    (3, "Кіріспе", Kind.SECTION),
    (3, "УДК 330.1", Kind.CODE),
]


@pytest.mark.parametrize(("times", "text", "kind"), HEADS)
def test_running_heads_repeat(times: int, text: str, kind: Kind) -> None:
    lines = [
        line for k in range(times) for line in (f"{text} {k + 11}" if kind is not Kind.SECTION else text, f"Сөйлем {k}.", "")
    ]
    assert page(*lines).kind(0) is kind


ROWS = [
    "Показатель качества воды в реке    12,5    13,1    14,2",
    "Тұз мөлшері, %    2,1    2,3    2,4",
    "Water    Soil    Crop",
]


@pytest.mark.parametrize("text", ROWS)
def test_a_row_of_a_table_is_furniture(text: str) -> None:
    assert page(text).kind(0) is Kind.FURNITURE


CENTRED = {
    "a title": (
        ["    Body of the text over the whole", "", "             Water of towns", "", "Body of the text, whole"],
        1,
        True,
    ),
    "a title of two lines": (
        [
            "Body of the text over the whole wide page",
            "",
            "     Water tariffs in the small towns",
            "              of the North",
            "",
            "Text",
        ],
        1,
        True,
    ),
    "names above a paragraph": (
        [
            "Body of the text over the whole wide page",
            "",
            "              S. Yessenov",
            "     Body of it over the whole of the page",
            "and on.",
        ],
        1,
        True,
    ),
    "a paragraph's first line": (
        ["Body of the text over the whole wide page", "", "   Body of it over the whole of the page", "and on to its end here."],
        1,
        False,
    ),
    "a line of a narrow block": (
        [
            "Body of the text over the whole wide page",
            "",
            "        It is shown what the",
            "     towns of the North need now",
            "     and what they will have soon",
        ],
        2,
        False,
    ),
    "a line that goes on in small letters": (
        ["Body of the text over the whole wide page", "", "     Waters", "          of the north", "     Body of it"],
        2,
        False,
    ),
    "a short last line": (["Body of the text over the whole wide page", "          and its end.", "", "Text"], 1, False),
}


@pytest.mark.parametrize(("lines", "index", "wanted"), CENTRED.values(), ids=CENTRED)
def test_a_line_in_the_middle(lines: list[str], index: int, wanted: bool) -> None:
    assert is_centred(page(*lines, *["Body of the text over the whole wide page"] * 4), index) is wanted


SHORTENED = [
    ("Water tariffs and habits in…", Kind.FURNITURE),
    ("WATER TARIFFS AND HABITS IN SMALL TOWNS OF...", Kind.FURNITURE),
    ("Water tariffs and bills…", Kind.PROSE),
    ("Water…", Kind.PROSE),
    ("Water tariffs and habits in", Kind.PROSE),
]


@pytest.mark.parametrize(("head", "kind"), SHORTENED)
def test_a_running_head_cuts_a_title_short(head: str, kind: Kind) -> None:
    assert page("Water tariffs and habits in small", "towns", "", "S. Yessenov", "", head).kind(3) is kind


def test_a_long_line_that_repeats_is_no_running_head() -> None:
    line = "Бұл жолда айтылған ой мақаланың үш жерінде бірдей қайталанады, бірақ ол беттің басы емес. " * 3
    assert page(line, "А.", line, "Б.", line).kind(0) is Kind.PROSE


KEYS = [
    ("Арна жазбалары 2024, № 3", "арнажазбалары"),
    ("27   Арна жазбалары", "арнажазбалары"),
    ("27   28", ""),
    ("Арна жазбалары      27", "арнажазбалары"),
    ("Арна жазбалары\tС. Есенов", "арнажазбалары"),
    ("Ой", ""),
]


@pytest.mark.parametrize(("text", "key"), KEYS)
def test_running_key(text: str, key: str) -> None:
    assert running_key(text) == key


NAMED_SECTIONS = [
    ("Кіріспе", "кіріспе"),
    ("1. КІРІСПЕ.", "кіріспе"),
    ("2.1 Results and  discussion:", "results and discussion"),
    ("К і р і с п е", "кіріспе"),
    ("— Заключение —", "заключение"),
    ("Кіріспе сөз", None),
    ("Results were", None),
    ("Introduction " + "x" * 60, None),
    ("27", None),
]


@pytest.mark.parametrize(("text", "name"), NAMED_SECTIONS)
def test_section_of(text: str, name: str | None) -> None:
    assert section_of(text) == name


@pytest.mark.parametrize(
    ("text", "capitals"),
    [
        ("ҚАЛАДАҒЫ СУ", True),
        ("СУ", False),
        ("ШЫҒЫС-А 2020", False),
        ("ТАРИФ pH СУДА", True),
        ("Қаладағы су", False),
        ("12345678", False),
    ],
)
def test_is_capitals(text: str, capitals: bool) -> None:
    assert is_capitals(text) is capitals


PLAIN = [
    ("**Abstract**", "Abstract"),
    ("### Abstract", "Abstract"),
    ("*Аңдатпа.* Мәтін", "Аңдатпа. Мәтін"),
    ("__Keywords:__ water", "Keywords: water"),
    ("<b>Abstract</b>", "Abstract"),
    ("> Abstract", "Abstract"),
    (">", ""),
    ("## Түйін {#түйін .unnumbered}", "Түйін"),
    ("Резюме {-}", "Резюме"),
    ("при x из {-1, 0, 1}", "при x из {-1, 0, 1}"),
    ("[Мадина Бөріқызы, Ольга Штейн]{.underline}", "Мадина Бөріқызы, Ольга Штейн"),
    ("см. [3]{4}", "см. [3]{4}"),
    ("p \\< 0,05; a\\@b.kz", "p < 0,05; a@b.kz"),
    ("* Хат-хабар авторы", "* Хат-хабар авторы"),
    ("snake_case_name", "snake_case_name"),
    ("N \\* 2", "N * 2"),
    ("түсі (L*, a*, b*) сақталды", "түсі (L*, a*, b*) сақталды"),
    ("the end of emphasis* here", "the end of emphasis here"),
    ("***Both*** kinds", "Both kinds"),
    ("p < 0,05 болды", "p < 0,05 болды"),
    ("10^5 cells of *Bacillus*", "10^5 cells of Bacillus"),
    ("С. Есенов^1,2^", "С. Есенов1,2"),
    ("ages <18 and >65 years", "ages <18 and >65 years"),
    ("при p<0,05 и r>0,3", "при p<0,05 и r>0,3"),
]


@pytest.mark.parametrize(("raw", "text"), PLAIN)
def test_markdown_is_taken_off(raw: str, text: str) -> None:
    assert plain(raw) == text


def test_lines_keep_their_numbers_and_gaps() -> None:
    lines = read_lines("\n  Бір  \n\n\n\fЕкі\nҮш\n")
    assert [(line.number, line.text, line.gap) for line in lines] == [(2, "Бір", 1), (5, "Екі", 2), (6, "Үш", 0)]


def test_a_split_keeps_numbers_and_forgets_kinds() -> None:
    found = page("Бір сөйлем.", "", "27", "Екі.")
    assert found.kind(1) is Kind.FURNITURE
    found.split(1, "УДК 1", "Мәтін басталады.")
    assert [(line.number, line.gap) for line in found.lines] == [(1, 0), (3, 1), (3, 0), (4, 0)]
    assert [found.kind(i) for i in range(4)] == [Kind.PROSE, Kind.CODE, Kind.PROSE, Kind.PROSE]


def test_usual_gap_is_one_in_a_double_spaced_dump() -> None:
    wrapped = "және бұл жол алдыңғысының жалғасы болып табылады"
    assert page("Басы.", *[wrapped] * 6).usual_gap(3) == 0
    assert page("Басы.", *["", wrapped] * 6).usual_gap(3) == 1
