"""In which language and script a sentence is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.text.script import identify

CASES = {
    "Kazakh": ("Мақалада көл суының тұздылығы қарастырылады.", "kk", "Cyrl"),
    "Kazakh of plain letters": ("Автор бала мен ата арасындагы байланысты баяндайды.", "kk", "Cyrl"),
    "Russian": ("В статье рассматривается солёность воды озера.", "ru", "Cyrl"),
    "English": ("The article considers the salinity of the lake.", "en", "Latn"),
    "capitals": ("THE SALINITY OF THE LAKE IS CONSIDERED", "en", "Latn"),
    "Kazakh in Latin of 2021": ("Maqalada köl suynyñ tūzdylyğy qarastyrylady.", "kk", "Latn"),
    "Kazakh in Latin of 2018": ("Maqalada kól sýynyń tuzdylyǵy qarastyrylady.", "kk", "Latn"),
    "Kazakh in plain Latin": ("Maqalada kol suynyn tuzdylygy men balyqtardyn sany qarastyrylady.", "kk", "Latn"),
    "Kazakh in Arabic letters": ("ماقالادا كول سۋىنىڭ تۇزدىلىعى قاراستىرىلادى.", "kk", "Arab"),
    "Kazakh with Latin names": ("Деректер Microsoft Excel, Google Forms және SPSS Statistics арқылы өңделді.", "kk", "Cyrl"),
    "German": ("Die Arbeit behandelt den Salzgehalt des Sees und die Zahl der Fischarten.", "und", "Latn"),
    "Kyrgyz": ("Бул макалада көлдүн суусу жана балыктардын түрлөрү каралат.", "und", "Cyrl"),
    "Tatar": ("Бу мәкаләдә күл суы һәм балык төрләре өйрәнелә.", "und", "Cyrl"),
    "Persian": ("در این مقاله شوری آب دریاچه بررسی شده است", "und", "Arab"),
    "Chinese": ("本文研究湖水的盐度", "und", "Zyyy"),
    "no word": ("12 345 — 6,7 %", "und", "Zyyy"),
    "nothing": ("", "und", "Zyyy"),
    "figures of another script": ("²³ ٣٤", "und", "Zyyy"),
}


@pytest.mark.parametrize(("text", "lang", "script"), CASES.values(), ids=CASES)
def test_language_and_script(text: str, lang: str, script: str) -> None:
    found = identify(text)
    assert (found.lang, found.script) == (lang, script)


@given(st.text(max_size=60))
def test_the_confidence_is_a_probability(text: str) -> None:
    assert 0 <= identify(text).confidence <= 1
