"""Numbers in all their forms, and where two texts' numbers agree."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.text.numbers import agreement, numbers

AGREE = {
    "thousands": ("1,156 человек", "1156 адам", 1),
    "thousands by spaces": ("1 156 000 человек", "1,156,000 people", 1),
    "thousands by spaces that do not break": ("1\u00a0156 человек", "1156 people", 1),
    "dates": ("26.09.2019 ж.", "26 September 2019", 2),
    "dates backwards": ("2019.09.26 ж.", "26.09.2019", 2),
    "zeros at the end": ("10,0 % и 0,50 %", "10 % and 0.5 %", 2),
    "decimals": ("2,5 %", "2.5%", 1),
    "a leading zero": ("0,125 және 07", "0.125 and 7", 2),
    "ranges": ("20-25%", "20–25 %", 2),
    "years shortened": ("1941-45 жж.", "1941–1945", 2),
    "centuries": ("XX ғ.", "20th century", 1),
    "centuries in a row": ("XIX–XX вв.", "19th and 20th centuries", 2),
    "one Roman letter": ("V в. до н.э.", "5th century BC", 1),
    "Cyrillic Roman letters": ("ХІХ ғасыр", "XIX век", 1),
    "decades": ("20-е годы", "the 1920s", 1),
    "millions": ("2 млн теңге", "2,000,000 tenge", 1),
    "thousands in a word": ("150 тыс. чел.", "150 000 people", 1),
    "ordinals": ("9-шы сынып", "the 9th grade", 1),
    "said twice": ("в 2019 году", "in 2019 and 2019", 1),
    "in words": ("3 топ", "three groups", 0),
    "in two words": ("84 больных", "eighty-four patients", 0),
    "list items": ("1) көл; 2) өзен", "a lake; a river", 0),
    "an initial is no number": ("С. Сейфуллин V", "C. Seifullin", 0),
    "nothing": ("көл", "lake", 0),
}


@pytest.mark.parametrize(("one", "other", "agreed"), AGREE.values(), ids=AGREE)
def test_agreement(one: str, other: str, agreed: int) -> None:
    assert agreement(numbers(one), numbers(other)) == (agreed, 0, 0)
    assert agreement(numbers(other), numbers(one)) == (agreed, 0, 0)


DIFFER = {
    "contradicted": ("1156 адам", "1165 people", (0, 1, 0)),
    "another century": ("1920 ж.", "2020", (0, 1, 0)),
    "a decimal": ("2,5 %", "2.6 %", (0, 1, 0)),
    "one of a range": ("2016–2017", "2017–2017", (1, 1, 0)),
    "missing": ("25 тапсырма", "tasks", (0, 0, 1)),
    "one of two missing": ("1920 және 1925", "1920", (1, 0, 1)),
}


@pytest.mark.parametrize(("one", "other", "expected"), DIFFER.values(), ids=DIFFER)
def test_disagreement(one: str, other: str, expected: tuple[int, int, int]) -> None:
    assert agreement(numbers(one), numbers(other)) == expected
    assert agreement(numbers(other), numbers(one)) == expected


@given(st.text(st.sampled_from("0123456789 ,.-–)(IVXмлн%"), max_size=30))
def test_a_text_agrees_with_itself(text: str) -> None:
    found = numbers(text)
    assert agreement(found, found) == (len(found.figures), 0, 0)
