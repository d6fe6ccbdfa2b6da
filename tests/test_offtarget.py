"""Language and script of sentences; the sentences are invented."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.text.offtarget import OTHER, identify

CASES: dict[str, tuple[str, str | None, str | None]] = {
    "Kazakh": ("Бұл еңбекте көшпелі мектептердің тарихы қысқаша баяндалады.", "kk", "Cyrl"),
    "Kazakh without its letters": ("Адам мен заман туралы баян", "kk", "Cyrl"),
    "Kazakh, Latin of 2017": ("Bul en'bekte ko's'peli mektepterdin' tarihy qysqas'a bai'andalady.", "kk", "Latn"),
    "Kazakh, Latin of 2018": ("Bul eńbekte kóshpeli mektepterdiń tarıhy qysqasha baıandalady.", "kk", "Latn"),
    "Kazakh, Latin of 2021": ("Būl eñbekte köşpelı mektepterdıñ tarihy qysqaşa baiandalady.", "kk", "Latn"),
    "Kazakh, ASCII": ("Bul enbekte koshpeli mektepterdin tarihy kyskasha bayandalady.", "kk", "Latn"),
    "Kazakh, capitals with dots": ("ZERTTEUDİÑ NEGIZGI NÄTİJELERİ", "kk", "Latn"),
    "Kazakh, Arabic letters": ("بۇل ەڭبەكتە كوشپەلى مەكتەپتەردىڭ تاريحى قىسقاشا باياندالادى.", "kk", "Arab"),
    "Russian": ("В этой работе кратко изложена история кочевых школ.", "ru", "Cyrl"),
    "Russian with a Kazakh name": ("В этой работе речь идёт о школах при жизни Ғалымжана Өтегенұлы.", "ru", "Cyrl"),
    "Russian, Latin letters": ("Rassmatrivaetsya razvitie obrazovaniya na yuge strany pri pervykh shkolakh.", "ru", "Latn"),
    "English": ("This work is a short history of the nomadic schools.", "en", "Latn"),
    "an English title": ("History of nomadic schools", "en", "Latn"),
    "English with a Kazakh name": ("The school of Qojanasyr was the first in the valley and one of the best.", "en", "Latn"),
    "Turkish": ("Bu çalışmada göçebe okulların kısa bir tarihi sunulmuş ve tartışılmıştır.", OTHER, "Latn"),
    "Kyrgyz": ("Бул эмгекте көчмөн мектептердин тарыхы кыскача баяндалат жана өнүгүүсү каралат.", OTHER, "Cyrl"),
    "Ukrainian": ("У цій праці коротко викладено історію кочових шкіл та її значення.", OTHER, "Cyrl"),
    "Arabic": ("يعرض هذا العمل تاريخ المدارس البدوية بإيجاز", OTHER, "Arab"),
    "Chinese": ("本文简述游牧学校的历史", OTHER, "Hani"),
    "Greek": ("Η ιστορία των σχολείων", OTHER, "Grek"),
    "Georgian": ("სკოლების ისტორია", OTHER, "Zyyy"),
    "numbers": ("12,5 % (2020–2021)", None, None),
    "nothing": ("", None, None),
}


@pytest.mark.parametrize("case", CASES)
def test_language_and_script(case: str) -> None:
    text, lang, script = CASES[case]
    found = identify(text)
    assert (found.lang, found.script) == (lang, script)
    assert 0 < found.confidence <= 1


def test_a_mixture_is_less_sure() -> None:
    whole = identify("Бұл еңбекте көшпелі мектептердің тарихы баяндалады")
    mixed = identify("Бұл еңбекте көшпелі мектептердің history of schools and their pupils баяндалады")
    assert mixed.script == "Cyrl"
    assert mixed.confidence < whole.confidence


@given(st.text(max_size=60))
def test_any_text_has_an_answer(text: str) -> None:
    found = identify(text)
    assert (found.script is None) == (not any(letter.isalpha() for letter in text))
    assert found.lang in ("kk", "ru", "en", OTHER, None)
    assert 0 <= found.confidence <= 1
