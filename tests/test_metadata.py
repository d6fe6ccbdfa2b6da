"""What plain lines say about where an article comes from: codes, authors, the issue, pages, the licence."""

import re
from pathlib import Path

import pytest

from kzalign.align.relate import relatedness
from kzalign.config import ExtractConfig
from kzalign.extract import extract
from kzalign.extract.metadata.codes import licence_in
from kzalign.extract.metadata.people import names_in
from kzalign.extract.readers import read_issue
from kzalign.records import SOURCE, Issue
from kzalign.text.normalise import repair

DOCUMENTS = sorted(
    path
    for folder in ("tests/documents", "examples")
    for path in (Path(__file__).resolve().parents[1] / folder).iterdir()
    if path.is_file()
)
TITLE = "ЗАСУХОУСТОЙЧИВОСТЬ СОРТОВ ТРИТИКАЛЕ НА БОГАРЕ"
ABSTRACT = (
    "Аннотация\n"
    "В статье приведены результаты испытания двенадцати сортов тритикале на богарных землях предгорной зоны. "
    "Опыты закладывали в трёх повторностях на светло-каштановой почве. Лучшие сорта превысили стандарт на треть.\n"
    "Ключевые слова: тритикале, засуха, сорт, богара, урожайность.\n"
)
BODY = (
    "\nВведение\nТритикале хорошо переносит засуху и даёт зерно там, где пшеница не родит. Работа начата весной.\n"
    "Литература\n1. Осокин П. К. Тритикале // Вестник полей. 2003. Том 9. № 7 (81). С. 3–9. https://doi.org/10.5555/other.1\n"
)


def source_of(text: str) -> dict[str, tuple[str, ...]]:
    """Returns the source of the first article of a text."""
    issue = Issue("i", "i.txt", "0", "utf-8", tuple(text.split("\n")))
    return extract(issue, ExtractConfig(), relatedness).articles[0].source


def article(head: str, title: str = TITLE, below: str = "", after: str = "") -> str:
    """Returns an article's text with lines above and below its title, and after its end."""
    return f"{head}\n\n{title}\n\n{below}\n\n{ABSTRACT}{BODY}{after}"


@pytest.mark.parametrize(
    ("line", "name", "values"),
    [
        ("УДК 633.11:631.526", "udc", ("633.11:631.526",)),
        ("УДК: 94(574)", "udc", ("94(574)",)),
        ("ӘОЖ 81’373", "udc", ("81’373",)),
        ("ӘОЖ 811.512.122'42", "udc", ("811.512.122'42",)),
        ("UDC 541.183; 661.183", "udc", ("541.183", "661.183")),
        ("УДК 621.397.13 (045)", "udc", ("621.397.13 (045)",)),
        ("УДК 616.12-008.331.1:616-053.9", "udc", ("616.12-008.331.1:616-053.9",)),
        ("УДК 625.7/.8", "udc", ("625.7/.8",)),
        ("УДК 1(091)", "udc", ("1(091)",)),
        ("МРНТИ 68.35.03, 68.05.29      УДК 631.6", "udc", ("631.6",)),
        ("УДК 619:616.9 МРНТИ 68.41.53", "irsti", ("68.41.53",)),
        ("МРНТИ 68.35.03, 68.05.29", "irsti", ("68.35.03", "68.05.29")),
        ("ҒТАМР 14.35.07", "irsti", ("14.35.07",)),
        ("XҒТАМР 11.25.67", "irsti", ("11.25.67",)),
        ("FTAMP   02.31.21", "irsti", ("02.31.21",)),
        ("IRSTI: 06.75, 06.81", "irsti", ("06.75", "06.81")),
        ("ГРНТИ 10.79.01", "irsti", ("10.79.01",)),
        ("Право и степь | № 4 (17) | 2020 ГРНТИ 10.79.01 УДК 343.13", "irsti", ("10.79.01",)),
        ("Право и степь | № 4 (17) | 2020 ГРНТИ 10.79.01 УДК 343.13", "udc", ("343.13",)),
        ("DOI 10.26577/JOS.2021.v99.i4.05", "doi", ("10.26577/JOS.2021.v99.i4.05",)),
        ("https://doi.org/10.31489/2021L4/6-13.", "doi", ("10.31489/2021L4/6-13",)),
        ("doi:10.5555/a(b)c", "doi", ("10.5555/a(b)c",)),
        ("DOI: https://doi.org/10.5555/x-1", "doi", ("10.5555/x-1",)),
        ("IRSTI 06.77.64                 DOI 10.5555/vau.24.18", "doi", ("10.5555/vau.24.18",)),
        ("DOI:\nhttps://doi.org/10.5555/x-2", "doi", ("10.5555/x-2",)),
    ],
)
def test_codes(line: str, name: str, values: tuple[str, ...]) -> None:
    """Codes are read under their names in three languages."""
    assert source_of(article(line))[name] == values


@pytest.mark.parametrize("line", ["УДК", "УДК и ББК ставятся в начале", "МРНТИ: см. правила", "Цена 631 тенге", "DOI будет дан"])
def test_no_codes(line: str) -> None:
    """A label without a code is none, nor is a reference's DOI the article's."""
    assert not source_of(article(line)).keys() & {"udc", "irsti", "doi"}


@pytest.mark.parametrize(
    ("line", "authors"),
    [
        ("Б.Қ. Сұлтанова¹, А.С. Ким²*", ("Б.Қ. Сұлтанова", "А.С. Ким")),
        ("Сұлтанова Б.Қ., Ким А.С.", ("Сұлтанова Б.Қ.", "Ким А.С.")),
        ("1Сұлтанова Б.Қ., 2Ким А.С.", ("Сұлтанова Б.Қ.", "Ким А.С.")),
        ("Жанұзақ Г.О.,1* Сүлейменқызы Ш.1", ("Жанұзақ Г.О.", "Сүлейменқызы Ш.")),
        ("А.Н. Сарыөзекова1* , Л. Хольт2", ("А.Н. Сарыөзекова", "Л. Хольт")),
        ("A. S. Imanbay¹, R. Cole², Zh. K. Orazov³", ("A. S. Imanbay", "R. Cole", "Zh. K. Orazov")),
        ("A. Lim, Ph. D., K. Yermek", ("A. Lim", "K. Yermek")),
        ("Z. Toktamysov a, K. Hrabovsky b", ("Z. Toktamysov", "K. Hrabovsky")),
        ("Айгуль М. Тлеубаева ¹, http://orcid.example/0000-0001", ("Айгуль М. Тлеубаева",)),
        ("Madi Aubakir, Vera Chistova and Yerlan Dosanov", ("Madi Aubakir", "Vera Chistova", "Yerlan Dosanov")),
        ("О.Н. Лаптева, к.соц.н.", ("О.Н. Лаптева",)),
        ("А. Ж. Тәңірбердиев, кандидат сельскохозяйственных наук, доцент", ("А. Ж. Тәңірбердиев",)),
        ("А.Б. ТӨЛЕБИ – PhD, ассоциированный профессор", ("А.Б. ТӨЛЕБИ",)),
        ("С. Ж. ДҮЙСЕНҒАЛИЕВ, П.-К. ФЕДОРЧУК", ("С. Ж. ДҮЙСЕНҒАЛИЕВ", "П.-К. ФЕДОРЧУК")),
        ("КАСЫМОВА АЙГЕРИМ ТАЛГАТОВНА", ("КАСЫМОВА АЙГЕРИМ ТАЛГАТОВНА",)),
        ("Ли Виктор Андреевич, Серикбаева Назерке", ("Ли Виктор Андреевич", "Серикбаева Назерке")),
        ("Ахметжанова Балнұр\nakhmet@mail.example", ("Ахметжанова Балнұр",)),
        ("Aigul Torebekqyzy\nSteppe Pedagogical University\nMarat Sh. Kenzhin", ("Aigul Torebekqyzy", "Marat Sh. Kenzhin")),
        ("Сейдахан Ә.Б., 3-курс студенті; ғылыми жетекшісі – PhD Қойшыман Р.Т.", ("Сейдахан Ә.Б.",)),
        ("АВТОРЫ: Голубева Т.И., Есжан А.", ("Голубева Т.И.", "Есжан А.")),
        ("Авторы: Есмұқан, А. Б.", ("Есмұқан, А. Б.",)),
        ("О'Коннор Дж., К.Ә. Нұр-Ахмет", ("О'Коннор Дж.", "К.Ә. Нұр-Ахмет")),
    ],
)
def test_authors(line: str, authors: tuple[str, ...]) -> None:
    """Names are read beside the title, on either side of it."""
    assert source_of(article("УДК 633.11", below=line))["authors"] == authors
    assert source_of(article(f"УДК 633.11\n{line}"))["authors"] == authors


@pytest.mark.parametrize(
    "line",
    [
        "Л.Н. Дала атындағы Еуразия университеті",
        "Қ.И. Сәтбай атындағы институт, Алматы қ.",
        "Казахский университет имени И.И. Сухова",
        "г. Алматы, Казахстан",
        "Алматы, Қазақстан Республикасы",
        "Научный руководитель – д.т.н. П.К. Осокин",
        "Рецензент: П.К. Осокин, профессор",
        "Северный НИИ земледелия",
        "Раздел 2. Агрономия и лесное дело",
        "1. Осокин П.К. Тритикале в степи. – Алматы, 2003. – 90 с.",
    ],
)
def test_no_authors(line: str) -> None:
    """Places, universities that bear a name, supervisors and references are no authors."""
    assert "authors" not in source_of(article("УДК 633.11", below=line))


def test_full_names_need_evidence() -> None:
    """Two capitalised words may be anything; a comma and others like them, or a place of work below, make them names."""
    assert names_in("Новая Земля", sure=False)[0] == []
    assert names_in("Новая Земля", sure=True)[0] == ["Новая Земля"]
    assert names_in("Madi Aubakir, Vera Chistova", sure=False)[0] == ["Madi Aubakir", "Vera Chistova"]


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        ("Вестник степного университета. 2013. № 2", {"journal": "Вестник степного университета", "issue": "2", "year": "2013"}),
        (
            "ISSN 2049-3630          Вестник степного университета. № 2 (57) 2021",
            {"journal": "Вестник степного университета", "issn": "2049-3630", "issue": "2 (57)", "year": "2021"},
        ),
        (
            "Спорт және дала. 2023. Том 7. № 2.",
            {"journal": "Спорт және дала", "volume": "7", "issue": "2", "year": "2023"},
        ),
        (
            "Journal of Steppe Studies, Vol. 12, No. 3, 2021",
            {"journal": "Journal of Steppe Studies", "volume": "12", "issue": "3", "year": "2021"},
        ),
        (
            "Дала университетінің ХАБАРШЫСЫ, «Тарих» сериясы, №1(34), 2018 ж.",
            {"journal": "Дала университетінің ХАБАРШЫСЫ, «Тарих» сериясы", "issue": "1(34)", "year": "2018"},
        ),
        ("Вестник степи №3-2018", {"journal": "Вестник степи", "issue": "3", "year": "2018"}),
        ("Вестник степи. – 2020. – №2(83)", {"journal": "Вестник степи", "issue": "2(83)", "year": "2020"}),
        (
            "58      № 2(139)/2022        Құқық сериясы. Жаршы",
            {"issue": "2(139)", "year": "2022", "journal": "Құқық сериясы. Жаршы"},
        ),
        ("Право и степь, вып. 6, 2008", {"journal": "Право и степь", "issue": "6", "year": "2008"}),
        ("Наука и степь, 2020, 3 (Т.22)", {"journal": "Наука и степь", "volume": "22", "issue": "3", "year": "2020"}),
        (
            "Вестник степного университета    ISSN 2049-3630. eISSN 2049-3631    № 2 (57) 2021",
            {"journal": "Вестник степного университета", "issue": "2 (57)", "year": "2021"},
        ),
        ("Steppe Ecology – 2024, 3(2)", {"journal": "Steppe Ecology", "volume": "3", "issue": "2", "year": "2024"}),
        (
            "Вестник степного университета\n1 ⋅ 2012                                   27",
            {"journal": "Вестник степного университета", "issue": "1", "year": "2012"},
        ),
        ("Дала дәстүрі\nСтуденттер жинағы\nҚостанай, 2020", {"journal": "Студенттер жинағы", "year": "2020"}),
        ("Вестник степи, 2021\n2* Школа-гимназия № 31, Арна", {"journal": "Вестник степи", "year": "2021"}),
        (
            "ИЗВЕСТИЯ СТЕПНОЙ АКАДЕМИИ\nСЕРИЯ ОБЩЕСТВЕННЫХ НАУК.  2006.  № 4",
            {"journal": "ИЗВЕСТИЯ СТЕПНОЙ АКАДЕМИИ", "issue": "4", "year": "2006"},
        ),
        (
            "N E W S\nOF THE STEPPE ACADEMY\nISSN 2049-3630\nVolume 4, Number 442 (2020), 61 – 68",
            {"journal": "NEWS OF THE STEPPE ACADEMY", "volume": "4", "issue": "442", "year": "2020", "pages": "61 – 68"},
        ),
    ],
)
def test_imprint(head: str, expected: dict[str, str]) -> None:
    """The issue is read from mastheads and heads."""
    found = source_of(article(f"{head}\n\nУДК 633.11"))
    names = ("journal", "issn", "volume", "issue", "year", "pages")
    assert {name: found[name][0] for name in names if name in found and (name in expected or name != "issn")} == expected


def test_a_doi_above_the_code_that_an_article_opens_with() -> None:
    other = article("https://doi.org/10.5555/steppe.2\nУДК 633.12", title="ХРАНЕНИЕ ЗЕРНА СОРГО В МЯГКИХ ЁМКОСТЯХ")
    text = article("DOI 10.5555/steppe.1\nУДК 633.11") + "\n\n12\n\n" + other.replace("тритикале", "сорго")
    found = extract(Issue("i", "i.txt", "0", "utf-8", tuple(text.split("\n"))), ExtractConfig(), relatedness).articles
    assert [a.source["doi"] for a in found] == [("10.5555/steppe.1",), ("10.5555/steppe.2",)]


def test_references_are_no_imprint() -> None:
    """What an article cites says nothing about its own issue."""
    assert source_of(article("УДК 633.11")) == {"udc": ("633.11",)}


def test_issues_of_one_document_are_kept_apart() -> None:
    """Where a document holds two issues, each article has its own number and year."""
    other = article("Вестник степи. 2015. № 3\n\nУДК 633.12", title="ХРАНЕНИЕ ЗЕРНА СОРГО В МЯГКИХ ЁМКОСТЯХ")
    text = article("Вестник степи. 2014. № 1\n\nУДК 633.11") + "\n\n12\n" + other.replace("тритикале", "сорго")
    issue = Issue("i", "i.txt", "0", "utf-8", tuple(text.split("\n")))
    found = extract(issue, ExtractConfig(), relatedness).articles
    assert [(a.source["udc"], a.source["year"]) for a in found] == [(("633.11",), ("2014",)), (("633.12",), ("2015",))]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            "Для цитирования: Осокин П.К. Засухоустойчивость // Право и степь. 2020. № 4 (17). С. 33–39.",
            {"journal": "Право и степь", "issue": "4 (17)", "year": "2020", "pages": "33–39"},
        ),
        (
            "Библиографическая ссылка:\nОсокин П.К. Сорта // Медицинский журнал «Дала». 2022. Т. 24, № 2. С. 71-78.",
            {"journal": "Медицинский журнал «Дала»", "volume": "24", "issue": "2", "year": "2022", "pages": "71-78"},
        ),
        (
            "Cite this article: Osokin, P. (2022). Drought and triticale. Steppe Review of Economics, 7(2), 14–29.",
            {"journal": "Steppe Review of Economics", "volume": "7", "issue": "2", "year": "2022", "pages": "14–29"},
        ),
        (
            "Дәйексөз үшін: Осокин П.К. Құрғақшылық // Дала. 2018. № 1. Б. 40-48.",
            {"year": "2018", "issue": "1", "pages": "40-48"},
        ),
    ],
)
def test_citation(line: str, expected: dict[str, str]) -> None:
    """An article's own citation says what its issue is."""
    found = source_of(article("УДК 633.11", below=line))
    assert {name: found[name][0] for name in expected} == expected


def test_pages_at_the_foot() -> None:
    """Numbers in order on lines of their own, at the document's foot too, give an article's pages; otherwise none."""
    text = article("Вестник степи. 2014. № 1\n\nУДК 633.11").replace("Введение", "45\n\nВведение")
    assert source_of(text + "\n46")["pages"] == ("45", "46")
    assert "pages" not in source_of(text + "\n48")
    assert "pages" not in source_of(text + "\n46\n" + "Текст без конца.\n" * 9)


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("This work is licensed under CC BY 4.0.", "CC BY 4.0"),
        ("Статья доступна по лицензии CC BY-NC-ND 4.0", "CC BY-NC-ND 4.0"),
        ("under a Creative Commons Attribution 4.0 International License", "Creative Commons Attribution 4.0 International"),
        ("Creative Commons Attribution-NonCommercial 4.0", "Creative Commons Attribution-NonCommercial 4.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0/deed.ru", "https://creativecommons.org/licenses/by-sa/4.0"),
        ("© Дала университеті, 2019", None),
        ("The cc by the author", None),
    ],
)
def test_licence(text: str, licence: str | None) -> None:
    """A licence is taken where it is named."""
    assert licence_in(text) == licence


def test_licence_of_the_whole_document() -> None:
    """What the masthead states holds for all articles."""
    assert source_of(article("Вестник степи. 2014. № 1. CC BY 4.0\n\nУДК 633.11"))["licence"] == ("CC BY 4.0",)


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_value_stands_in_the_document(path: Path) -> None:
    """No value is made up: without blanks and the marks of notes it stands in the repaired text, each name in SOURCE's order."""
    issue = read_issue(path, ExtractConfig())
    text = bare(repair("\n".join(issue.lines)).text)
    for found in extract(issue, ExtractConfig(), relatedness).articles:
        assert list(found.source) == [name for name in SOURCE if name in found.source]
        for name, values in found.source.items():
            assert values
            assert len(set(values)) == len(values)
            for value in values:
                assert bare(value) in text, (name, value)


def bare(text: str) -> str:
    """Returns a text without blanks and without what marks a name."""
    return re.sub(r"[\s\\*_^#¹²³⁴⁵⁶⁷⁸⁹]", "", text)
