"""What running heads, feet and page numbers that a reader took off the pages say about where articles come from."""

import pytest

from kzalign.align.relate import relatedness
from kzalign.config import ExtractConfig
from kzalign.extract import extract
from kzalign.extract.metadata.printed import numbers_of, starts_in
from kzalign.records import Issue, Margin

Sources = list[dict[str, tuple[str, ...]]]
CROPS = (("тритикале", "ЗАСУХОУСТОЙЧИВОСТЬ СОРТОВ ТРИТИКАЛЕ НА БОГАРЕ"), ("сорго", "ХРАНЕНИЕ ЗЕРНА СОРГО В МЯГКИХ ЁМКОСТЯХ"))
PAGES = tuple(
    page
    for k, (crop, title) in enumerate(CROPS)
    for page in (
        f"УДК 633.{k + 1}\n\n{title}\n\nАннотация\nВ статье приведены результаты испытания сортов {crop} на богарных землях. "
        f"Опыты закладывали в трёх повторностях на почве. Лучшие сорта превысили стандарт на треть.\n"
        f"Ключевые слова: {crop}, засуха, сорт, богара.\n\nВведение\nКультура {crop} переносит засуху.\n",
        f"Зерно {crop} сушили весной и осенью.\nЛитература\n1. Осокин П. К. Зерно // Вестник полей. 2003. № 7. С. 3–9.\n",
    )
)
"""Two articles of two pages."""


def sources(heads: list[str], feet: list[str], pages: tuple[str, ...] = PAGES) -> Sources:
    """Returns the source of each article of an issue whose pages have these heads and feet."""
    lines: list[str] = []
    starts = []
    for page in pages:
        starts.append(len(lines) + 1)
        lines += page.split("\n")
    margins = [
        Margin(k, text, foot)
        for k, pair in enumerate(zip(heads, feet, strict=True), 1)
        for text, foot in zip(pair, (False, True), strict=True)
        if text
    ]
    issue = Issue("i", "i.pdf", "0", "pdf", tuple(lines), tuple(starts), margins=tuple(margins))
    return [article.source for article in extract(issue, ExtractConfig(), relatedness).articles]


HEAD = "Вестник степи. № 3 (58), 2021"
IMPRINTS = {
    "a head": ([HEAD] * 4, [""] * 4, {"journal": "Вестник степи", "issue": "3 (58)", "year": "2021"}),
    "a foot": ([""] * 4, ["Вестник степи, Том 4, 2020"] * 4, {"journal": "Вестник степи", "volume": "4", "year": "2020"}),
    "a number before the head": ([f"{k} {HEAD}" for k in range(5, 9)], [""] * 4, {"journal": "Вестник степи", "issue": "3 (58)"}),
    "letters of an old font": (["Дала жаршысы. №2. 2019. ҽдебиет"] * 4, [""] * 4, {"issue": "2", "year": "2019"}),
    "an ISSN": ([HEAD] * 4, ["ISSN 2049-3630"] * 4, {"issn": "2049-3630"}),
    "nothing": ([""] * 4, [""] * 4, {}),
    "an author": (["Осокин П. К. Зерно в 2021 году, № 5"] * 4, [""] * 4, {}),
}


@pytest.mark.parametrize(("heads", "feet", "expected"), IMPRINTS.values(), ids=IMPRINTS)
def test_imprint(heads: list[str], feet: list[str], expected: dict[str, str]) -> None:
    names = set(expected) or {"journal", "volume", "issue", "year", "issn"}
    for source in sources(heads, feet):
        assert {name: source[name][0] for name in names if name in source} == expected


SPANS = {
    "at the foot": ([HEAD] * 4, ["14", "15", "16", "17"], [("14", "15"), ("16", "17")]),
    "in the head": ([f"{HEAD}    {k}" for k in range(98, 102)], [""] * 4, [("98", "99"), ("100", "101")]),
    "even and odd": ([f"8    {HEAD}", "Зерно    9", f"10    {HEAD}", "Зерно    11"], [""] * 4, [("8", "9"), ("10", "11")]),
    "between dashes": ([""] * 4, ["– 5 –", "– 6 –", "– 7 –", "– 8 –"], [("5", "6"), ("7", "8")]),
    "in words": ([""] * 4, ["Бет 5", "6 бет", "стр. 7", "Page 8"], [("5", "6"), ("7", "8")]),
    "one between two left out": ([""] * 4, ["14", "15", "", "17"], [("14", "15"), ("16", "17")]),
    "the first left out": ([""] * 4, ["", "15", "16", "17"], [None, ("16", "17")]),
    "the last left out": ([""] * 4, ["14", "15", "16", ""], [("14", "15"), None]),
    "not in order": ([""] * 4, ["14", "18", "3", "40"], [None, None]),
    "a volume and an issue": (["Вестник степи    2    3    4"] * 4, [""] * 4, [None, None]),
    "Roman, then others": ([HEAD] * 4, ["iii", "iv", "1", "2"], [None, ("1", "2")]),
}


@pytest.mark.parametrize(("heads", "feet", "pages"), SPANS.values(), ids=SPANS)
def test_pages(heads: list[str], feet: list[str], pages: list[tuple[str, ...] | None]) -> None:
    """Pages are printed numbers that run on; none is made up before the first or after the last."""
    assert [source.get("pages") for source in sources(heads, feet)] == pages


def test_the_next_article_s_head_is_no_page_of_this_one() -> None:
    pages = (*PAGES[:2], f"ЭКОНОМИКА\n\n{PAGES[2]}", PAGES[3] + "\nСОДЕРЖАНИЕ\n")
    assert [s["pages"] for s in sources([""] * 4, ["14", "15", "16", "17"], pages)] == [("14", "15"), ("16", "17")]
    front = ("Вестник степи\nРедакция алқасы\n", *PAGES)
    assert sources([""] * 5, ["3", "4", "5", "6", "7"], front)[0]["pages"] == ("4", "5")
    back = (*PAGES, "СОДЕРЖАНИЕ\nЗерно\n")
    assert sources([""] * 5, ["3", "4", "5", "6", "7"], back)[1]["pages"] == ("5", "6")


@pytest.mark.parametrize(
    ("sought", "alone", "numbers"),
    [
        ([{5, 2021}, {6, 2021}, {7, 2021}], [], {0: 5, 1: 6, 2: 7}),
        ([{5}, set(), set(), {8}], [], {0: 5, 1: 6, 2: 7, 3: 8}),
        ([{5}, set(), set(), set(), {9}], [], {}),
        ([set(), {6}, {7}], [{5}, set(), set()], {0: 5, 1: 6, 2: 7}),
        ([set(), {6}, {7}], [{4}, set(), set()], {1: 6, 2: 7}),
        ([{5}, {6}, {7}, set(), set(), set(), set(), {3}, {4}, {5}], [], {0: 5, 1: 6, 2: 7}),
        ([], [], {}),
    ],
)
def test_numbers_of_pages(sought: list[set[int]], alone: list[set[int]], numbers: dict[int, int]) -> None:
    assert numbers_of(sought, alone, 2) == numbers


@pytest.mark.parametrize(
    ("lines", "starts"),
    [(("а", "б"), ()), (("а", "\fб", "в"), (1, 2)), (("а\f", "б"), (1, 2)), (("а", "\f", "б"), (1, 2)), (("\fа", "\fб"), (1, 2))],
)
def test_form_feeds_part_pages(lines: tuple[str, ...], starts: tuple[int, ...]) -> None:
    assert starts_in(lines) == starts


def test_pages_of_a_text_with_form_feeds() -> None:
    text = "\f".join(f"{page}{HEAD}    {number}\n" for page, number in zip(PAGES, range(44, 48), strict=True))
    issue = Issue("i", "i.txt", "0", "utf-8", tuple(text.split("\n")))
    found = extract(issue, ExtractConfig(), relatedness).articles
    assert [a.source["pages"] for a in found] == [("44", "45"), ("46", "47")]
