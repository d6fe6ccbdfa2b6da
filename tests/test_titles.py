"""The title of a version: above it past authors and codes, below its heading, or at the article's opening."""

import pytest

from kzalign.extract.joining import Words
from kzalign.extract.labelled import labelled_titles
from kzalign.extract.layout import Page
from kzalign.extract.lines import read_lines
from kzalign.extract.titles import find_title, first_title
from kzalign.extract.titles_below import split_header, title_below, title_run_on, title_within

TEXT = "Мақалада шағын қалалардағы су тарифінің отбасыларға әсері екі жыл бойы қарастырылады."


def page(text: str) -> Page:
    """Returns the page of a text."""
    return Page(read_lines(text))


def title(found: Page, indices: list[int]) -> str:
    """Returns the text of these lines."""
    return " ".join(found.lines[i].text for i in indices)


ENGLISH = (
    "The article considers how tariffs for water in small towns changed the habits of families\n"
    "within two years. Families of three towns were asked twice, and their bills were compared."
)

ABOVE = {
    "capitals, authors, places": (
        "УДК 330.1\n\nВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ\n\nС. Есенов1, Д. Клейн2\n1 Арнинский университет, Арна, Казахстан\n",
        "ВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ",
    ),
    "capitals over two lines": (
        "С. Есенов, Д. Клейн\n\nВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ\nИ ПРИВЫЧКИ ИХ СЕМЕЙ\n",
        "ВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ И ПРИВЫЧКИ ИХ СЕМЕЙ",
    ),
    "capitals over two lines with a blank between": (
        "С. Есенов, Д. Клейн\n\nВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ:\n\nПРИВЫЧКИ ИХ СЕМЕЙ\n",
        "ВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ: ПРИВЫЧКИ ИХ СЕМЕЙ",
    ),
    "authors above the title": (
        "S. Yessenov, D. Klein\nArna University, Arna, Kazakhstan\n\nWater tariffs and habits in small towns\n",
        "Water tariffs and habits in small towns",
    ),
    "ordinary case under authors": (
        "ӘОЖ 330.1\n\nШағын қалалардағы су тарифі\n\nС. Есенов, Д. Клейн\n",
        "Шағын қалалардағы су тарифі",
    ),
    "authors in capitals": ("Шағын қалалардағы су тарифі\n\nЕСЕНОВ С.Қ., КЛЕЙН Д.\n", "Шағын қалалардағы су тарифі"),
    "degrees in small letters under the authors": (
        "Водный тариф в малых городах\n\nС. Есенов\nмагистр экономических наук, адвокат\n",
        "Водный тариф в малых городах",
    ),
    "an address, a code and dates between": (
        "WATER TARIFFS IN SMALL TOWNS\n\nS. Yessenov\ns.yessenov@arna.example\nhttps://orcid.org/0000-0000-1111-2040\n"
        "Received 12.03.2024\nDOI: 10.0000/abc\n",
        "WATER TARIFFS IN SMALL TOWNS",
    ),
    "the other language's keywords end the header": (
        "СУ ТАРИФІ ТУРАЛЫ\n\nТүйін сөздер: су, тариф\n\nВОДНЫЙ ТАРИФ В ГОРОДЕ\n\nС. Есенов\n",
        "ВОДНЫЙ ТАРИФ В ГОРОДЕ",
    ),
    "prose ends the header": (f"ЖУРНАЛДЫҢ АТАУЫ ЖӘНЕ БӨЛІМІ\n\n{TEXT}\n", ""),
    "a section ends the header": ("ВОДНЫЙ ТАРИФ В ГОРОДЕ\n\nЗаключение\n", ""),
    "nothing above": ("", ""),
    "only authors above": ("С. Есенов, Д. Клейн\nАрна университеті, Арна, Қазақстан\n", ""),
    "a school in another case, beside authors": (
        "УДК 37\n\nЧтение в малой сельской школе\n\nС. Есенов, Д. Клейн\nАрнинский университет, г. Арна\n",
        "Чтение в малой сельской школе",
    ),
    "libraries of a university, beside authors": (
        "Reading rooms of university libraries\nS. Yessenov, D. Klein\nArna State University\n",
        "Reading rooms of university libraries",
    ),
    "Central Asia is no centre": (
        "С. Есенов, Д. Клейн\n\nОрталық Азиядағы су дипломатиясы\n",
        "Орталық Азиядағы су дипломатиясы",
    ),
    "a kind of article over the title": ("RESEARCH ARTICLE\nWater tariffs in towns\n\nS. Yessenov\n", "Water tariffs in towns"),
    "a part of the issue over the title": (
        "РАЗДЕЛ 2. ЭКОНОМИКА. ФИНАНСЫ\n\nУДК 330.1\n\nВодный тариф в городах\n\nС. Есенов\n",
        "Водный тариф в городах",
    ),
    "people in capitals without initials": (
        "Water tariffs in towns\n\nAINUR SERIK, VADIM KLEIN, ELENA OH\n",
        "Water tariffs in towns",
    ),
    "a surname in capitals": ("Водный тариф в городах\n\nЛИ Артём, СЕРІК Айнұр\n", "Водный тариф в городах"),
    "an author in full under the title": (
        "Водный тариф в малых городах\n\nЕлена Ворошко\n\nИнститут воды, Томск, Россия\n",
        "Водный тариф в малых городах",
    ),
    "a university in capitals of words, and the title goes on": (
        "S. Yessenov\n\nThe Image of the University City in Prose\nof the early century\n",
        "The Image of the University City in Prose of the early century",
    ),
    "a place of work ends the title": (
        "DRIP IRRIGATION IN THE FIELD OF THE\nNORTHERN UNIVERSITY\n\nS. Yessenov\nNorthern University\nNorthern University\n",
        "DRIP IRRIGATION IN THE FIELD OF THE NORTHERN UNIVERSITY",
    ),
    "initials between name and surname": (
        "Водный тариф в малых городах\n\nСамат Т. Нуркенов1, Ольга В. Клейн2, Айым Қ. Есен1\n",
        "Водный тариф в малых городах",
    ),
    "a doctor of sciences": (
        "Водный тариф в малых городах\nЕ. Тлеухан, доктор филологических наук\n",
        "Водный тариф в малых городах",
    ),
    "an ordinal goes on": (
        "WATER IN THE SECOND HALF OF THE 19TH\nCENTURY\n\nS. Yessenov\n",
        "WATER IN THE SECOND HALF OF THE 19TH CENTURY",
    ),
    "a rubric in three languages above the codes": (
        "ВОДА\nИ ГОРОД\nWATER AND TOWN\n\nУДК 330.1\n\nС. Есенов, Д. Клейн\n\nВодный тариф в малых городах\n",
        "Водный тариф в малых городах",
    ),
    "degrees and addresses that break off": (
        "ВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ:\nПРИВЫЧКИ СЕМЕЙ\nЕсенова Айгуль\nPhD-докторант, Арнинский университет им. Л.Н.\n"
        "Абенова; Арна, Казахстан; e-mail: a@arna.example\nКлейн Дина\nдоцент, Арнинский универси-\nтет имени Абенова; e-mail:\n"
        "d@arna.example\n",
        "ВОДНЫЙ ТАРИФ В МАЛЫХ ГОРОДАХ: ПРИВЫЧКИ СЕМЕЙ",
    ),
    "a town and its country on a line of their own": (
        "СУ ТАРИФІ ТУРАЛЫ ОЙ\n\nСерік Есенов1*\nмагистр, Арна университеті\nАлматы, Қазақстан\n",
        "СУ ТАРИФІ ТУРАЛЫ ОЙ",
    ),
    "a title that ends with a section's name": (
        "ДОИ\n\nСУ ТАРИФІ ТУРАЛЫ: ЕКІ ЖЫЛДЫҢ САУАЛНАМАСЫНЫҢ\nНӘТИЖЕЛЕРІ\n\nС. Есенов, Д. Клейн\n",
        "СУ ТАРИФІ ТУРАЛЫ: ЕКІ ЖЫЛДЫҢ САУАЛНАМАСЫНЫҢ НӘТИЖЕЛЕРІ",
    ),
    "another version's citation above": (
        "2023. Т. 26.\n№ 2. 328-341. DOI 10.0000/1814_2_328\n\nВОДНЫЙ ТАРИФ В ГОРОДЕ\n\nС. Есенов\n",
        "ВОДНЫЙ ТАРИФ В ГОРОДЕ",
    ),
    "a page's footnotes between authors": (
        "WATER TARIFFS IN SMALL TOWNS\n\nS. Yessenov1*\n____________________\n* The study was funded by the town of Arna.\n11\n"
        "D. Klein2\n",
        "WATER TARIFFS IN SMALL TOWNS",
    ),
    "schools of a town in a title": (
        "ӘОЖ 37\n\nТьютордың рөлі: Астана мектептерінің тәжірибесінен\n\n"
        "Есенов Серік, Клейн Дина, Арна университеті, Арна, Қазақстан\n",
        "Тьютордың рөлі: Астана мектептерінің тәжірибесінен",
    ),
    "a town that ends a place of work": (
        "УДК 330.1\n\nС. Есенов, Д. Клейн, Арнинский научно-производственный центр\nводного хозяйства, г. Арна, Казахстан\n"
        "Водный тариф в малых городах\n",
        "Водный тариф в малых городах",
    ),
    "a university over two lines": (
        "УДК 330.1\n\nВодный тариф в малых городах\n\nС.К. ЕСЕНОВ, д.т.н., профессор, Р.А.\nКЛЕЙНЕ, магистрант,\n"
        "Арнинский государственный технический\nуниверситет\n",
        "Водный тариф в малых городах",
    ),
    "a rule above the authors, and a page's end below the title": (
        "Статья поступила 21.03.2011\n\n________________________\n\nЕсенов Н. Ж., Клейн С. А.\nШағын қалалардағы су тарифі\n\n"
        "22          Арна журналы 2011. Том 11. № 2 (40)\n",
        "Шағын қалалардағы су тарифі",
    ),
    "a page's end in the middle": (
        "Water tariffs and the habits of families under\n\n14\n\nISSN 1111-2222   Arna Bulletin. 2024. № 2\n\nlong drought\n\n"
        "S. Yessenov, D. Klein\n",
        "Water tariffs and the habits of families under long drought",
    ),
    "a school that is no place of work": (
        "УДК 330.1\n\nШағын қаладағы мектеп мұғалімдерінің цифрлық қажуы\nС. Есенов, Д. Клейн\nАрна университеті, Арна\n",
        "Шағын қаладағы мектеп мұғалімдерінің цифрлық қажуы",
    ),
    "several authors in full": (
        "УДК 330.1\n\nWater tariffs in small towns\n\nSerik Yessenov, Dina Klein\n",
        "Water tariffs in small towns",
    ),
    "findings and a picture between": (
        "Water tariffs in small towns\n\nS. Yessenov, D. Klein\n\nH I G H L I G H T S\n• Bills fell by a third.\n\n"
        "G R A P H I C A L  A B S T R A C T\n\nA R T I C L E  I N F O\nReceived 14 May 2023\n",
        "Water tariffs in small towns",
    ),
    "a question": ("IS WATER TOO CHEAP IN SMALL TOWNS?\n\nS. Yessenov\n", "IS WATER TOO CHEAP IN SMALL TOWNS?"),
}


@pytest.mark.parametrize("case", ABOVE)
def test_the_title_above(case: str) -> None:
    header, wanted = ABOVE[case]
    found = page(f"{header}\nАңдатпа\n{TEXT}")
    assert title(found, find_title(found, len(found.lines) - 2, 0)) == wanted


def test_no_title_is_sought_above_the_floor() -> None:
    found = page(f"ВОДНЫЙ ТАРИФ В ГОРОДЕ\n\nС. Есенов, Д. Клейн\n\nАннотация\n{TEXT}")
    assert find_title(found, 2, 1) == []


BELOW = {
    "capitals and authors": (f"СУ ТАРИФІ ТУРАЛЫ ОЙ\n\nС. Есенов, Д. Клейн\n\n{TEXT}\nЕкінші жол.", 2, "СУ ТАРИФІ ТУРАЛЫ ОЙ"),
    "authors first": (f"С. Есенов, Д. Клейн\n\nСУ ТАРИФІ ТУРАЛЫ ОЙ\n\n{TEXT}\nЕкінші жол.", 2, "СУ ТАРИФІ ТУРАЛЫ ОЙ"),
    "text at once": (f"{TEXT}\nЕкінші жол.", 0, ""),
    "a place of work that runs from page to page": (
        f"СУ ТАРИФІ ТУРАЛЫ ОЙ\n\nС. Есенов1, Д. Клейн1\n1 Арна университеті, Арна, Қазақстан\n12\n\n{TEXT}\nЕкінші жол.",
        4,
        "СУ ТАРИФІ ТУРАЛЫ ОЙ",
    ),
    "a place of work with its town under the title": (
        f"С. Есенов, Д. Клейн\n\nСУ ТАРИФІ ТУРАЛЫ ОЙ\n\nАрна су шаруашылығы ҒЗИ, Алматы облысы, Қазақстан\n\n{TEXT}\nЕкінші жол.",
        3,
        "СУ ТАРИФІ ТУРАЛЫ ОЙ",
    ),
    "a place of work over two lines": (
        f"СУ ТАРИФІ ТУРАЛЫ ОЙ\n\nС. Есенов атындағы Арна мемлекеттік университеті,\nАрна, Қазақстан\n\n{TEXT}\nЕкінші жол.",
        3,
        "СУ ТАРИФІ ТУРАЛЫ ОЙ",
    ),
    "a title and a post in the middle of the page": (
        f"          Су тарифі туралы ой\n     Есенов Д.Е. – КазНПУ, доцент\n     {TEXT}\n{TEXT}",
        2,
        "Су тарифі туралы ой",
    ),
    "a text that begins with a university": (
        f"СУ ТАРИФІ ТУРАЛЫ ОЙ\n\nУниверситет қала суын зерттейді, ал оның жолы ұзақ\nболды. {TEXT}",
        1,
        "СУ ТАРИФІ ТУРАЛЫ ОЙ",
    ),
    "a text of one line under authors": (f"С. Есенов, Д. Клейн\n\n{TEXT}", 1, ""),
}


@pytest.mark.parametrize("case", BELOW)
def test_the_header_under_a_heading(case: str) -> None:
    text, size, wanted = BELOW[case]
    found = page(f"Аңдатпа\n{text}")
    header, rest = split_header(found, list(range(1, len(found.lines))))
    assert [*header, *rest] == list(range(1, len(found.lines)))
    assert len(header) == size
    assert title(found, title_within(found, header)) == wanted


ORDINARY = [
    (f"Шағын қаладағы су тарифі\n\n{TEXT}\n{TEXT}", "Шағын қаладағы су тарифі"),
    (f"Шағын қаладағы су тарифі\nжәне отбасылар\n\n{TEXT}\n{TEXT}", "Шағын қаладағы су тарифі және отбасылар"),
    (f"{TEXT}\n\n{TEXT}", ""),
    (f"{TEXT}\n{TEXT}", ""),
    (f"Шағын қаладағы су тарифі\nмен отбасылар\n{TEXT}\n{TEXT}", "Шағын қаладағы су тарифі мен отбасылар"),
    (f"Problems of Water in\nSmall Towns of the North\n{ENGLISH}", "Problems of Water in Small Towns of the North"),
    (
        f"Substantiation of the Tariffs of Water for all Small Towns of the Whole Northern Region\n{ENGLISH}",
        "Substantiation of the Tariffs of Water for all Small Towns of the Whole Northern Region",
    ),
    (
        "The water tariffs of small towns and of the villages beside them are compared in the\n"
        "Northern region. They differ by a third, and nobody can say what a family gains by it.",
        "",
    ),
    (f"Шағын қаладағы су тарифі\n\nжәне оның отбасыларға әсері екі жыл бойы қарастырылды, бұл ұзақ уақыт болды.\n{TEXT}", ""),
]


@pytest.mark.parametrize(("text", "wanted"), ORDINARY)
def test_a_title_in_ordinary_case_below_a_heading(text: str, wanted: str) -> None:
    found = page(f"Аңдатпа\n{text}")
    indices = list(range(1, len(found.lines)))
    own, rest = title_below(found, indices)
    assert title(found, own) == wanted
    assert [*own, *rest] == indices


RUN_ON = [
    (f"Шағын қаладағы су тарифі мен отбасылар\n{TEXT}\n{TEXT}", "Шағын қаладағы су тарифі мен отбасылар"),
    (f"Шағын қаладағы су тарифі\nмен отбасылардың әдеті\n{TEXT}", "Шағын қаладағы су тарифі мен отбасылардың әдеті"),
    ("Мақалада шағын қаладағы су тарифі\nАлматы мен Арна бойынша салыстырылады.", ""),
    ("Тариф туралы\nАлматы мен Арна бойынша деректер салыстырылады.", ""),
    (f"{TEXT}\n{TEXT}", ""),
    ("Су тарифі қалалар мен ауылдар үшін\nӘр түрлі болып келеді және салыстырылады.", ""),
]


@pytest.mark.parametrize(("text", "wanted"), RUN_ON)
def test_a_title_directly_above_a_text_without_a_heading(text: str, wanted: str) -> None:
    """Only under authors: without them the first line is the text's."""
    under = page(f"С. Есенов, Д. Клейн\n{text}")
    assert title(under, title_run_on(under, list(range(1, len(under.lines))))) == wanted
    alone = page(f"Су туралы әңгіме басталады.\n{text}")
    assert title_run_on(alone, list(range(1, len(alone.lines)))) == []


OPENINGS = [
    ("УДК 330.1\n\nВОДНЫЙ ТАРИФ В ГОРОДЕ\n\nС. Есенов\n\nТекст начинается.", "ВОДНЫЙ ТАРИФ В ГОРОДЕ"),
    ("УДК 330.1\nС. Есенов\n\nВодный тариф в городе\nи его семьи\n\nТекст начинается.", "Водный тариф в городе и его семьи"),
    ("Введение\n\nТекст начинается.", ""),
    ("Ключевые слова: вода\n\nТекст начинается.", ""),
    (f"{TEXT}\n{TEXT}", ""),
    ("РАЗДЕЛ II. ЭКОНОМИКА\n\nВодный тариф в городе\n\nС. Есенов\n\nТекст начинается.", "Водный тариф в городе"),
    ("Тариф растёт быстро. Города молчат о нём долго\n\nС. Есенов\n\nТекст начинается.", ""),
    ("", ""),
]


@pytest.mark.parametrize(("text", "wanted"), OPENINGS)
def test_the_title_an_article_opens_with(text: str, wanted: str) -> None:
    found = page(text)
    assert title(found, first_title(found)) == wanted


LABELLED = {
    "three languages": (
        "АТАУЫ: Шағын қаладағы су тарифі\nНАЗВАНИЕ: Водный тариф в малом городе\nTITLE: Water tariffs in a small town",
        {"kk": "Шағын қаладағы су тарифі", "ru": "Водный тариф в малом городе", "en": "Water tariffs in a small town"},
    ),
    "a repository's record": (
        "dc.title\tВодный тариф в малом городе\ndc.title.alternative\tWater tariffs in a small town",
        {"ru": "Водный тариф в малом городе", "en": "Water tariffs in a small town"},
    ),
    "over two lines": (
        "Мақаланың атауы: Шағын қаладағы су тарифі мен оның\nотбасы бюджетіне әсері\nАвторы: С. Есенов",
        {"kk": "Шағын қаладағы су тарифі мен оның отбасы бюджетіне әсері"},
    ),
    "the first of a language": (
        "Title: Water tariffs in a small town\nTitle: The second article of the digest",
        {"en": "Water tariffs in a small town"},
    ),
    "guidelines": ("Название статьи: прописными буквами, по центру", {}),
    "a label and nothing more": ("Название:\nTITLE", {}),
    "no label": ("Название журнала: Вестник Арны\nТема вызвала споры у всех коллег", {}),
}


@pytest.mark.parametrize("case", LABELLED)
def test_titles_that_a_label_names(case: str) -> None:
    text, wanted = LABELLED[case]
    found = page(text)
    titles = labelled_titles(found, 0, len(found.lines), Words(text))
    assert {lang: version.title for lang, version in titles.items()} == wanted
