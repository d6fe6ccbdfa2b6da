"""Repairs: old-font letters each way, living alphabets left alone, look-alikes, invisible characters, counts."""

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.text.normalise import CYRILLIC_TO_LATIN, FONTS, LATIN_TO_CYRILLIC, NEEDS_EVIDENCE, repair

EXAMPLES = Path(__file__).resolve().parents[1] / "examples"

OLD_FONTS = {
    # a document's text, what it means, the count
    "ӛ is ө": ("ӛнер", "өнер", {"ӛ→ө": 1}),
    "ҽ is ә": ("және жҽне", "және және", {"ҽ→ә": 1}),
    "ҿ is ө": ("тҿмен", "төмен", {"ҿ→ө": 1}),
    "ҧ is ұ": ("тҧлға", "тұлға", {"ҧ→ұ": 1}),
    "ҥ is ү": ("ҥшін", "үшін", {"ҥ→ү": 1}),
    "ҥ is ң": ("жаҥа", "жаңа", {"ҥ→ң": 1}),
    "ќ is қ": ("ќазаќ", "қазақ", {"ќ→қ": 2}),
    "є is ғ": ("єылым, баєыт, маєан", "ғылым, бағыт, маған", {"є→ғ": 3}),
    "є is ә": ("єдіс, мєселе, жєне", "әдіс, мәселе, және", {"є→ә": 3}),
    "ѕ is ң": ("жаѕа", "жаңа", {"ѕ→ң": 1}),
    "ѕ is ұ": ("ѕлт, жѕмыс", "ұлт, жұмыс", {"ѕ→ұ": 2}),
    "ў is ұ": ("ўлт", "ұлт", {"ў→ұ": 1}),
    "ў is ү": ("ўшін, тўрлі", "үшін, түрлі", {"ў→ү": 2}),
    "ї is ү": ("їлгі", "үлгі", {"ї→ү": 1}),
    "ї is ң": ("жаїа, маїызды", "жаңа, маңызды", {"ї→ң": 2}),
    "ј is ә": ("јдіс", "әдіс", {"ј→ә": 1}),
    "ј is ө": ("јнер, кјмек", "өнер, көмек", {"ј→ө": 2}),
    "ґ is ө": ("ґнер", "өнер", {"ґ→ө": 1}),
    "ґ is ғ": ("ґасыр", "ғасыр", {"ґ→ғ": 1}),
    "ћ is һ": ("ќазаќ ќаћарманы, жаћандыќ єылым", "қазақ қаһарманы, жаһандық ғылым", {"є→ғ": 1, "ћ→һ": 2, "ќ→қ": 4}),
    "capitals": ("ЖҼНЕ Ќазаќстан", "ЖӘНЕ Қазақстан", {"ҽ→ә": 1, "ќ→қ": 2}),
    "two letters in a word": ("ҽлеумет, кҿмек, ҿзгерҥ, ҥшін", "әлеумет, көмек, өзгерү, үшін", {"ҥ→ү": 2, "ҽ→ә": 1, "ҿ→ө": 2}),
    "most words decide": ("єдіс мєселе жєне єылым", "әдіс мәселе және әылым", {"є→ә": 4}),
}


@pytest.mark.parametrize(("text", "meant", "counts"), OLD_FONTS.values(), ids=OLD_FONTS)
def test_old_font_letters(text: str, meant: str, counts: dict[str, int]) -> None:
    repaired = repair(text)
    assert repaired.text == meant
    assert repaired.counts == counts


UKRAINIAN = (
    "У статті розглянуто особливості розвитку освіти. Автор аналізує її значення для країни, її місце в Європі та твої думки. "
    "Є підстави вважати, що ці зміни має підтримати кожен їхній учасник; ґрунтовне дослідження ще триває."
)
SAKHA = (
    "Саха тыла — түүр тылларын бөлөҕөр киирэр. Бу үлэҕэ норуот ырыаларын тылын-өһүн уратыларын көрөбүт. "
    "Күҥҥэ, сиргэ, түҥ былыргы үгэскэ сүгүрүйүү туһунан этиллэр; өҥ, доҕор, мэҥэ халлаан."
)
BELARUSIAN = "У артыкуле разглядаецца гісторыя ўніверсітэта, яго ўплыў на культуру краіны і ўсе этапы развіцця."
SERBIAN = "У раду се разматра историја универзитета, његов утицај на културу и кућа у којој је ћирилица настала; ћуприја, јесен."
KAZAKH = "Бұл мақалада қазақ тілінің даму жолдары қарастырылды. Зерттеу нәтижелері маңызды және жаңа."
RUSSIAN = "В статье рассматривается развитие языка. Объём работы невелик, но её результаты новы."

UNTOUCHED = {
    "Ukrainian": UKRAINIAN,
    "Sakha": SAKHA,
    "Belarusian": BELARUSIAN,
    "Serbian": SERBIAN,
    "Kazakh": KAZAKH,
    "Russian": RUSSIAN,
    "English": "The paper deals with naïve façades, Ångström and COVID-19; see https://example.kz/a_b?c=1.",
    "a Ukrainian source in a Kazakh document": KAZAKH * 5 + "\n1. Шевченко Т. Моє місце в країні. Київ, її ґрунт.",
    "a Sakha source in a Kazakh document": KAZAKH * 5 + "\n1. Саха тыла. Күҥҥэ сүгүрүйүү. Өҥ.",
    "a formula with a Kazakh ending": "CO2-нің, DNA-ны, XX-ғасыр",
    "letters that have no look-alike": "COVИD",
    "initials in different scripts": "А.B. Иванов",
    "soft hyphens": "зерт\xadтеу",
    "typography": "«а» — “б” … №5 – 7 °C ½ ² ™",
    "nothing": "",
    "empty lines": "\n\n\n",
}


@pytest.mark.parametrize("text", UNTOUCHED.values(), ids=UNTOUCHED)
def test_text_that_is_right_stays(text: str) -> None:
    repaired = repair(text)
    assert repaired.text == text
    assert repaired.counts == {}


LOOK_ALIKES = {
    "Latin schwa": ("мəселе", "мәселе", 1),
    "Latin capital schwa": ("Əлем", "Әлем", 1),
    "all capitals with schwa": ("ƏДІС", "ӘДІС", 1),
    "Latin x": ("xалық", "халық", 1),
    "capital K": ("Kазақстан", "Қазақстан".replace("Қ", "К"), 1),
    "Latin in the middle": ("иccледование", "исследование", 2),
    "Cyrillic in English": ("wаter", "water", 1),
    "Cyrillic capital in English": ("Тhe", "The", 1),
    "Kazakh і in English": ("mіn", "min", 1),
    "Roman numeral": ("XIХ", "XIX", 1),
    "two words": ("pыба и wаter", "рыба и water", 2),
    "more Latin than Cyrillic, all with look-alikes": ("бpk", "брк", 2),
    "hyphened": ("cоциально-эконoмический", "социально-экономический", 2),
}


@pytest.mark.parametrize(("text", "meant", "count"), LOOK_ALIKES.values(), ids=LOOK_ALIKES)
def test_look_alikes(text: str, meant: str, count: int) -> None:
    repaired = repair(text)
    assert repaired.text == meant
    assert repaired.counts == {"look-alike letters": count}


def test_look_alike_tables_are_inverse() -> None:
    for latin, cyrillic in LATIN_TO_CYRILLIC.items():
        if cyrillic in CYRILLIC_TO_LATIN and chr(latin).isascii():
            assert CYRILLIC_TO_LATIN[cyrillic] == latin


INVISIBLE = {
    "zero-width space": ("зерт\u200bтеу", "зерттеу", {"invisible characters": 1}),
    "byte order mark inside": ("\ufeffа\ufeffб", "аб", {"invisible characters": 2}),
    "direction marks": ("\u200eа\u202aб\u202c", "аб", {"invisible characters": 3}),
    "word joiner": ("а\u2060б", "аб", {"invisible characters": 1}),
    "no-break spaces": ("5\xa0млн\u202fтг", "5 млн тг", {}),
    "wide spaces": ("а\u2003б\u3000в", "а б в", {}),
    "decomposed й": ("и\u0306", "й", {"decomposed letters": 1}),
    "decomposed ё and й": ("е\u0308и\u0306", "ёй", {"decomposed letters": 2}),
    "decomposed across a zero-width space": ("и\u200b\u0306", "й", {"decomposed letters": 1, "invisible characters": 1}),
}


@pytest.mark.parametrize(("text", "meant", "counts"), INVISIBLE.values(), ids=INVISIBLE)
def test_invisible_characters(text: str, meant: str, counts: dict[str, int]) -> None:
    repaired = repair(text)
    assert repaired.text == meant
    assert repaired.counts == counts


def kazakh_words() -> list[str]:
    text = (EXAMPLES / "arna-habarshysy.txt").read_text(encoding="utf-8")
    return [word for word in re.findall(r"\w+", text) if re.search("[әғқңөұүіӘҒҚҢӨҰҮІ]", word)]


FONTS_WHOLE = {
    # every letter of one broken font, as PDF makers and KazWin wrote them
    "PDF": dict(zip("әөұүӘӨҰҮ", "ҽӛҧҥҼӚҦҤ", strict=True)),
    "KazWin": dict(zip("қғңұүәөҚҒҢҰҮӘӨ", "ќєѕўїјґЌЄЅЎЇЈҐ", strict=True)),
}


@pytest.mark.parametrize("font", FONTS_WHOLE.values(), ids=FONTS_WHOLE)
def test_a_whole_document_in_an_old_font(font: dict[str, str]) -> None:
    text = "\n".join(kazakh_words())
    broken = text.translate({ord(right): wrong for right, wrong in font.items()})
    assert broken != text
    repaired = repair(broken)
    assert repaired.text == text
    letters = sum(text.count(letter) for letter in font)
    assert sum(repaired.counts.values()) == letters


def test_every_wrong_letter_is_named_once() -> None:
    assert set(FONTS) >= NEEDS_EVIDENCE
    assert all(len(set(targets)) == len(targets) for targets in FONTS.values())


ALPHABET = "абвгеийкмноп рстухыі әғқңөұүһ" + "aceikopxyAKT" + "".join(FONTS) + "ə\n\n \t\r\u200b\xa0\u0306\u2028.,-_5"


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet=ALPHABET) | st.text())
def test_lines_are_as_many_as_before(text: str) -> None:
    repaired = repair(text)
    assert repaired.text.count("\n") == text.count("\n")
    assert all(count > 0 for count in repaired.counts.values())


@settings(max_examples=100, deadline=None)
@given(
    st.lists(
        st.text(alphabet="абвгдежзийклмнопрстуфхцчшщъыьэюяёәғқңөұүһі", min_size=1) | st.text(alphabet="abcdefghxyz", min_size=1)
    )
)
def test_words_of_one_script_stay(words: list[str]) -> None:
    text = " ".join(words)
    assert repair(text).text == text
