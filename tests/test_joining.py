"""Wrapped lines to text: hyphens, paragraphs, the line spans that the text came from."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.extract.joining import Words, join_lines, keeps_hyphen, spans_of
from kzalign.extract.lines import Line, read_lines


def joined(*lines: str, document: str = "") -> list[str]:
    """Returns the paragraphs of the lines, in a document that also holds `document`."""
    text = "\n".join(lines)
    return join_lines(read_lines(text), Words(f"{text}\n{document}"))


BREAKS = [
    ("социаль-", "ный опрос", "", "социальный опрос"),
    ("диффе-", "ренциальных уравнений", "", "дифференциальных уравнений"),
    ("мето-", "дом анализа", "", "методом анализа"),
    ("депо-", "зитов банка", "", "депозитов банка"),
    ("эконо-", "мический рост", "", "экономический рост"),
    ("Северо-", "Запада", "", "Северо-Запада"),
    ("салыстырмалы-", "тарихи әдіс", "", "салыстырмалы-тарихи әдіс"),
    ("ХАЛЫҚАРАЛЫҚ-", "ҚҰҚЫҚТЫҚ НЕГІЗ", "", "ХАЛЫҚАРАЛЫҚ-ҚҰҚЫҚТЫҚ НЕГІЗ"),
    ("сондай-", "ақ бар", "", "сондай-ақ бар"),
    ("баға-", "ланды", "", "бағаланды"),
    ("оспари-", "вании сделки", "", "оспаривании сделки"),
    ("болатынын-", "болмайтынын", "", "болатынын-болмайтынын"),
    ("әлеуметтік-", "тің бәрі", "", "әлеуметтіктің бәрі"),
    ("β-", "and σ-convergence", "", "β- and σ-convergence"),
    ("микро-", "және макроэкономика", "", "микро- және макроэкономика"),
    ("пере-", "работка нефти", "", "переработка нефти"),
    ("про-", "изводство стали", "", "производство стали"),
    ("нано-", "структуры меди", "", "наноструктуры меди"),
    ("средне-", "годовой сток", "", "среднегодовой сток"),
    ("ниже-", "следующий список", "", "нижеследующий список"),
    ("бірте-", "бірте өсті", "", "бірте-бірте өсті"),
    ("жұмыс-", "тың мәні", "", "жұмыстың мәні"),
    ("infor-", "mation is kept", "", "information is kept"),
    ("научно-", "исследовательский труд", "", "научно-исследовательский труд"),
    ("оқу-", "тәрбие ісі", "оқу-тәрбие", "оқу-тәрбие ісі"),
    ("long-", "term care", "", "long-term care"),
    ("co-", "operation grew", "cooperation cooperation", "cooperation grew"),
    ("long-", "standing habits", "longstanding", "longstanding habits"),
    ("сауал-", "нама жүргізілді", "сауалнама", "сауалнама жүргізілді"),
    ("қарым-", "қатынас түрі", "", "қарым-қатынас түрі"),
    ("Арна-", "Дала жолы", "", "Арна-Дала жолы"),
    ("2019-", "2023 жылдары", "", "2019-2023 жылдары"),
    ("COVID-", "positive cases", "", "COVID-positive cases"),
    ("т-", "статистика", "", "т-статистика"),
    ("су\u00ad", "лы жер", "", "сулы жер"),
    ("оқу -", "тәрбие ісі", "", "оқу - тәрбие ісі"),
    ("бір-", "бірімен байланысты", "", "бір-бірімен байланысты"),
    ("Ұлы Дала —", "атамекен", "", "Ұлы Дала — атамекен"),
    ("2019–", "2023 жылдары", "", "2019–2023 жылдары"),
    ("Гаусс–", "Маркус әдісі", "", "Гаусс–Маркус әдісі"),
    ("Ұлы Дала–", "атамекен", "", "Ұлы Дала– атамекен"),
    ("47%-", "ға өсті", "", "47%-ға өсті"),
    ("NaCl-", "мен тұздалды", "", "NaCl-мен тұздалды"),
    ("сақтайтынын-", "сақтамайтынын бағалау", "", "сақтайтынын-сақтамайтынын бағалау"),
]


@pytest.mark.parametrize(("first", "second", "document", "text"), BREAKS)
def test_hyphens_at_a_line_end(first: str, second: str, document: str, text: str) -> None:
    assert joined(first, second, document=document) == [text]


def test_soft_hyphens_vanish_everywhere() -> None:
    assert joined("су\u00adлы, ша\u00ad", "ғын қала", document="") == ["сулы, шағын қала"]


EVIDENCE = [
    ("см", "ден", "", True),
    ("мәселе", "ден", "", False),
    ("медиа", "грамотность", "медиаграмотность растёт", False),
    ("медиа", "грамотность", "медиа-грамотность растёт", True),
    ("медиа", "грамотность", "", True),
    ("социаль", "ный", "", False),
    ("эко", "логического", "экологический подход", False),
    ("эко", "логического", "эко-логический подход", True),
    ("", "слово", "", True),
    ("слово", "", "", True),
    ("слово", "Слово", "", True),
]


@pytest.mark.parametrize(("first", "second", "document", "kept"), EVIDENCE)
def test_the_document_decides_about_a_hyphen(first: str, second: str, document: str, kept: bool) -> None:
    assert keeps_hyphen(first, second, Words(document)) is kept


COUNTS = [("су", 2), ("СУ", 2), ("тариф", 1), ("рифі", 0), ("жоқ", 0)]


@pytest.mark.parametrize(("word", "times"), COUNTS)
def test_words_are_counted_by_their_beginnings(word: str, times: int) -> None:
    assert Words("Су тарифі, сулы жер; басу.").count(word) == times


WIDE = "Бұл жол бетінің ұзына бойына толық жазылған және сөйлемімен осы жерде аяқталады."
SHORT = "Бұл жол ерте үзілген."


PARAGRAPHS: list[tuple[list[str], int]] = [
    ([WIDE, WIDE, WIDE], 1),
    ([WIDE, SHORT, WIDE], 2),
    ([WIDE, SHORT, "бірақ кіші әріптен жалғасады."], 1),
    ([WIDE, "Мынадай үш топ бар:", "Біріншісі – сулы жердегі отбасылар."], 1),
    ([WIDE, WIDE, SHORT, "• бірінші тармақ"], 2),
    ([WIDE, WIDE, SHORT, "1) бірінші тармақ"], 2),
    ([WIDE, WIDE, SHORT, "«Су» тарифі енгізілді."], 2),
    ([WIDE * 4, WIDE * 4], 2),
    ([SHORT], 1),
    ([], 0),
]


@pytest.mark.parametrize(("lines", "paragraphs"), PARAGRAPHS)
def test_paragraphs(lines: list[str], paragraphs: int) -> None:
    found = joined(*lines)
    assert len(found) == paragraphs
    assert " ".join(found) == " ".join(lines)


SPANS: list[tuple[list[int], list[int], tuple[tuple[int, int], ...]]] = [
    ([4, 5, 6], [], ((4, 6),)),
    ([4, 6, 9], [], ((4, 9),)),
    ([4, 5, 9, 10], [7], ((4, 5), (9, 10))),
    ([4, 5, 9, 10], [2, 12], ((4, 10),)),
    ([4, 8, 12], [6, 10], ((4, 4), (8, 8), (12, 12))),
    ([4, 4, 5], [], ((4, 5),)),
    ([4, 5], [4, 5], ((4, 5),)),
    ([], [3], ()),
]


@pytest.mark.parametrize(("numbers", "skipped", "spans"), SPANS)
def test_spans_leave_out_what_was_skipped(numbers: list[int], skipped: list[int], spans: tuple[tuple[int, int], ...]) -> None:
    assert spans_of([Line(number, "мәтін", 0) for number in numbers], skipped) == spans


@given(st.lists(st.integers(1, 60), unique=True), st.sets(st.integers(1, 60)))
def test_spans_hold_every_line_and_nothing_skipped(numbers: list[int], skipped: set[int]) -> None:
    own = sorted(set(numbers) - skipped)
    spans = spans_of([Line(number, "мәтін", 0) for number in own], sorted(skipped))
    covered = [number for first, last in spans for number in range(first, last + 1)]
    assert set(own) <= set(covered)
    assert not skipped & set(covered)
    assert covered == sorted(set(covered))


LETTERS = st.text(alphabet="абвқңөabcXЖ.,:-\u00ad («»\t", max_size=30)


@settings(max_examples=200)
@given(st.lists(LETTERS, max_size=8))
def test_joining_loses_no_letter_and_leaves_no_wrap(lines: list[str]) -> None:
    found = joined(*lines)

    def letters(text: str) -> str:
        return "".join(c for c in text if c.isalpha())

    assert letters("".join(found)) == letters("".join(lines))
    assert all(paragraph == " ".join(paragraph.split()) and paragraph and "\u00ad" not in paragraph for paragraph in found)
