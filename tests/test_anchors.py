"""Headings and keyword labels in every spelling, and the sentences that only begin like them."""

import pytest

from kzalign.extract.anchors import STRONG, WEAK, find_anchors, heading_word, label_text, one_edit
from kzalign.extract.joining import Words
from kzalign.extract.keywords import keyword_items, keyword_lines
from kzalign.extract.layout import Page
from kzalign.extract.lines import read_lines

TEXT = "The study follows forty families of a small town through two winters of water saving."
LIST = "water, tariff, town"


def page(*lines: str) -> Page:
    """Returns a page of raw lines."""
    return Page(read_lines("\n".join(lines)))


def kinds(found: Page) -> list[tuple[int, str]]:
    """Returns the anchors as (index, H, h for a weak one, S for a shared one, or L for a label)."""
    return [(a.index, "L" if a.is_label else "S" if a.shared else "h" if a.weak else "H") for a in find_anchors(found)]


ALONE = """
Аңдатпа
АҢДАТПА
аңдатпа
Андатпа
Аңдатпа.
Аңдатпа :
ABSTRACT —
_Abstract_
**Abstract.**
### Abstract
1. Abstract
2) Аннотация
A b s t r a c t
А н н о т а ц и я
А ң д а т п а
Анотация
Аннтоация
Abstrac
Abstarct
Annotation
[EN] Abstract
[ҚАЗ]. Аңдатпа
(рус) Аннотация
Abstract (in English)
Аннотация к статье
Мақаланың аңдатпасы
Article abstract
Түйіндеме
Түйіндемесі
Реферат
"""


@pytest.mark.parametrize("text", ALONE.strip().split("\n"))
def test_a_heading_alone_on_its_line(text: str) -> None:
    assert kinds(page(text, TEXT)) == [(0, "H")]


@pytest.mark.parametrize("word", STRONG)
@pytest.mark.parametrize("form", ["{}", "{}.", "{}: " + TEXT, "{} – " + TEXT])
def test_every_strong_word_is_a_heading(word: str, form: str) -> None:
    for spelt in (word.capitalize(), word.upper()):
        assert kinds(page(form.format(spelt), TEXT)) == [(0, "H")]


@pytest.mark.parametrize("word", WEAK)
@pytest.mark.parametrize("form", ["{}", "{}. " + TEXT])
def test_weak_words_are_weak_headings(word: str, form: str) -> None:
    assert kinds(page(form.format(word.capitalize()), TEXT)) == [(0, "h")]


@pytest.mark.parametrize("text", ["Аңдатпа / Аннотация / Abstract", "Abstract | Аннотация", "АҢДАТПА/АННОТАЦИЯ"])
def test_a_shared_heading(text: str) -> None:
    assert kinds(page(text, TEXT)) == [(0, "S")]


RUN_IN = [
    ("Abstract. ", TEXT),
    ("ABSTRACT: ", TEXT),
    ("Abstract ", TEXT),
    ("**Abstract.** ", TEXT),
    ("Abstract - ", TEXT),
    ("Аннотация — ", "Статья рассматривает водный тариф в малых городах."),
    ("Аңдатпа. ", "Мақалада шағын қалалардағы су тарифі қарастырылады."),
    ("[RU] Аннотация. ", "Статья рассматривает водный тариф в малых городах."),
    ("Аннотация ", "«Водный тариф» рассматривается как мера политики малого города."),
]


@pytest.mark.parametrize(("head", "text"), RUN_IN)
def test_a_heading_run_into_its_text_is_split_off(head: str, text: str) -> None:
    found = page(head + text, "Next.")
    assert kinds(found) == [(0, "H")]
    assert [line.text for line in found.lines[1:]] == [text, "Next."]
    assert {line.number for line in found.lines[:2]} == {1}


def test_a_heading_after_the_authors_is_split_off() -> None:
    found = page(f"S. Yessenov, D. Klein. Abstract. {TEXT}")
    assert kinds(found) == [(1, "H")]
    assert [line.text for line in found.lines] == ["S. Yessenov, D. Klein.", "Abstract", TEXT]


NO_HEADING = """
Abstract thinking of pupils develops in stages and depends on the teacher.
Abstract expressionism came late to the steppe cities, as the letters of painters show.
Abstracts of the conference
Abstract art
Abstraction
The abstract
Annotations in the corpus were made by two linguists who knew the dialect well.
Annotation of a corpus takes time, and so two linguists shared the work for a year.
Аннотация научной статьи является особым жанром академического письма.
Аннотация научной статьи
Реферат студента оценивался двумя преподавателями по единой шкале качества.
Реферативный журнал
Резюме выпускников изучались по трём признакам в течение двух лет наблюдений.
Summary statistics of the sample are given in the second table of the appendix.
Түйіндеме жазу үшін студенттер он сабақ бойы арнайы жаттығулар орындады.
Түйін жасау қабілеті балада ерте қалыптасады, оны мұғалімдер жақсы біледі.
Тұжырымдаманың негізі
Аңдатпаның көлемі
abstract. the word is small, so this is a sentence that goes on from the line above
"""


@pytest.mark.parametrize("text", NO_HEADING.strip().split("\n"))
def test_a_sentence_that_begins_like_a_heading_is_none(text: str) -> None:
    found = page(text, "И это продолжается на второй строке без всякого заголовка.")
    assert kinds(found) == []
    assert len(found.lines) == 2


WORDS = [
    ("Abstract", "abstract"),
    ("ABSTRAKT", "abstract"),
    ("Анотация:", "аннотация"),
    ("Реферат", "реферат"),
    ("Рефират", None),
    ("Abs", None),
    ("Abstract view", None),
    ("", None),
]


@pytest.mark.parametrize(("text", "word"), WORDS)
def test_heading_word(text: str, word: str | None) -> None:
    assert heading_word(text) == word


EDITS = [
    ("abc", "abc", True),
    ("abc", "abd", True),
    ("abc", "ab", True),
    ("abc", "abcd", True),
    ("abc", "xabc", True),
    ("abc", "acb", True),
    ("abcd", "badc", False),
    ("abc", "a", False),
    ("abc", "xyz", False),
    ("", "a", True),
]


@pytest.mark.parametrize(("a", "b", "one"), EDITS)
def test_one_edit_either_way(a: str, b: str, one: bool) -> None:
    assert one_edit(a, b) is one
    assert one_edit(b, a) is one


LABELS = """
Keywords: water, tariff
KEYWORDS: water
Keywords : water
Key words: water, tariff
Key-words. water
Keywords — water
Keywords; water
Keywords and phrases: water
Index terms: water
1. Keywords: water
[EN] Keywords: water
Keywords (in English): water
**Keywords:** water
K e y w o r d s: water
Keywords water, tariff, town
Ключевые слова: вода
КЛЮЧЕВЫЕ СЛОВА: вода
Ключевые слова и фразы: вода
Ключевые слова и словосочетания: вода
Опорные слова: вода
Ключевые слова вода, тариф, город
Түйін сөздер: су
Түйінді сөздер: су
Кілт сөздер: су
Кілттік сөздер: су
Тірек сөздер: су
Негізгі сөздер: су
Маңызды сөздер: су
Түйінсөздер: су
Түйін сөздер мен сөз тіркестері: су
Негізгі ұғымдар: су
"""


@pytest.mark.parametrize("text", LABELS.strip().split("\n"))
def test_a_keywords_label(text: str) -> None:
    found = page(text, "Next line.")
    assert kinds(found) == [(0, "L")]
    assert label_text(found.lines[0].text).startswith(("water", "вода", "су"))


@pytest.mark.parametrize("text", ["Keywords", "Keywords:", "Түйін сөздер / Ключевые слова / Keywords:", "Ключевые слова"])
def test_a_label_alone_needs_a_list_below(text: str) -> None:
    assert kinds(page(text, LIST)) == [(0, "L")]
    assert kinds(page(text)) == []


def test_a_bare_label_above_no_list_is_none() -> None:
    assert kinds(page("Ключевые слова", "Введение")) == []


NO_LABEL = """
Ключевые слова в тексте отбирались вручную.
Keyword search is slow
Key words of the texts were counted by hand, then compared.
keywords: the small letter says that the line above goes on here
Кілт сөздерді іздеу
Маңызды сөз айтылды.
Негізгі сөздіктер: тізім
"""


@pytest.mark.parametrize("text", NO_LABEL.strip().split("\n"))
def test_a_sentence_that_begins_like_a_label_is_none(text: str) -> None:
    assert kinds(page(text, "Және бұл келесі жол.")) == []


def test_a_label_inside_a_line_is_split_off() -> None:
    found = page(f"{TEXT} It ends with their own words on tariffs. Keywords: {LIST}.", "Next.")
    assert kinds(found) == [(1, "L")]
    assert [line.text for line in found.lines] == [
        f"{TEXT} It ends with their own words on tariffs.",
        f"Keywords: {LIST}.",
        "Next.",
    ]


def test_heading_and_label_of_one_line() -> None:
    found = page(f"Abstract. {TEXT} It ends with their own words on tariffs. Keywords: {LIST}.")
    assert kinds(found) == [(0, "H"), (2, "L")]
    assert [line.number for line in found.lines] == [1, 1, 1]


ENDS = {
    "a full stop": (["Keywords: water, tariff, town.", "The next paragraph begins here, and it has commas."], 1),
    "a comma goes on": (["Keywords: water, tariff,", "small town.", "The next."], 2),
    "a semicolon goes on past a blank line": (["Keywords: water; tariff;", "", "small town.", "The next."], 2),
    "a wrapped line goes on": (
        ["Keywords: water tariffs of the region, small towns of the steppe, habits of their", "families and homes.", "The next."],
        2,
    ),
    "a short line ends": ([TEXT, "Keywords: water, tariff", "The next paragraph begins with a capital."], 1),
    "a blank line ends": (["Keywords: water, tariff", "", "and the text goes on"], 1),
    "a section ends": (["Keywords: water, tariff,", "Introduction", "The text."], 1),
    "people end": (["Keywords: water, tariff,", "S. Yessenov, D. Klein", "The text."], 1),
    "capitals end": (["Keywords: water, tariff,", "WATER TARIFFS IN SMALL TOWNS", "The text."], 1),
    "a code ends": (["Keywords: water, tariff,", "УДК 330.1", "The text."], 1),
    "a page's number within": (["Keywords: water, tariff,", "", "27", "", "small town.", "The next."], 2),
    "a page's number after": (["Keywords: water, tariff", "27", "small town"], 1),
    "a list under its label": (["Keywords:", "water, tariff, town.", "The next."], 2),
    "a run-in section ends": (["Keywords: water, tariff,", "Introduction. The text begins here.", "It goes on."], 1),
    "the document ends": (["Keywords: water, tariff,"], 1),
}
"""Lines around the label, and how many of them are the list."""


@pytest.mark.parametrize("case", ENDS)
def test_where_a_keyword_list_ends(case: str) -> None:
    lines, size = ENDS[case]
    found = page(*lines)
    label = next(i for i, line in enumerate(found.lines) if line.text.startswith("Keywords"))
    taken = keyword_lines(found, label, len(found.lines))
    assert len(taken) == size
    assert "27" not in [found.lines[i].text for i in taken]


def test_a_keyword_list_ends_at_the_next_anchor() -> None:
    found = page("Keywords: water, tariff,", "Abstract of the other", "small town.")
    assert keyword_lines(found, 0, 1) == [0]


NARROW = {
    "small letters go on": ("Ключевые слова: академическое\nвыгорание; студенты;\nадаптация", 3),
    "the text begins": ("Ключевые слова: выгорание; студенты\nСтуденты первого курса устают, и это видно.", 1),
    "nothing parts items": ("Ключевые слова: выгорание\nстуденты устают", 1),
}


@pytest.mark.parametrize(("text", "count"), NARROW.values(), ids=NARROW)
def test_a_list_of_keywords_in_a_narrow_box(text: str, count: int) -> None:
    wide = "Институт педагогики и психологии, кафедра возрастной психологии, город Костанай, Казахстан"
    found = Page(read_lines(f"{wide}\n\n{text}"))
    assert len(keyword_lines(found, 1, len(found.lines))) == count


ITEMS = [
    ("Keywords: water, tariff; small town.", ["water", "tariff", "small town"]),
    ("Keywords: water (rain, snow), tariff", ["water (rain, snow)", "tariff"]),
    ("Ключевые слова: «вода, тариф», город.", ["«вода, тариф»", "город"]),
    ("Keywords: pH 7,5, water", ["pH 7,5", "water"]),
    ("Keywords: 2019, 2020", ["2019", "2020"]),
    ("Keywords: water,, tariff,", ["water", "tariff"]),
    ("Keywords: water) and, tariff", ["water) and", "tariff"]),
    ("Keywords: U.S. policy, tariff etc.", ["U.S. policy", "tariff etc"]),
    ("Keywords:", []),
    ("Keywords: small\u00ad town", ["small town"]),
]


@pytest.mark.parametrize(("text", "items"), ITEMS)
def test_keyword_items(text: str, items: list[str]) -> None:
    assert keyword_items(page(text), [0], Words(text)) == items


def test_wrapped_keywords_are_joined() -> None:
    found = page("Keywords: water tar-", "iffs, small", "towns.")
    assert keyword_items(found, [0, 1, 2], Words("")) == ["water tariffs", "small towns"]
    assert keyword_items(found, [], Words("")) == []
