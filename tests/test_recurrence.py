"""How many articles a sentence stands in."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.corpus.filters.recurrence import Recurrence, folded_words
from kzalign.records import Article, Version


def counted(articles: list[list[str]]) -> Recurrence:
    counts = Recurrence()
    for number, sentences in enumerate(articles):
        counts.add(Article(str(number), "i", versions={"en": Version("en", sentences=tuple(sentences))}))
    return counts.freeze()


SAME = {
    "another case": "THE LAKE IS DEEP.",
    "other marks and spaces": "The lake  is deep!",
    "other figures": "The 2 lake is 15 deep.",
}


@pytest.mark.parametrize("other", SAME.values(), ids=SAME)
def test_letters_alone_count(other: str) -> None:
    assert counted([["The lake is deep."], [other]]).articles(folded_words("The lake is deep.")) == 2


def test_an_article_counts_once() -> None:
    counts = Recurrence()
    versions = {"en": Version("en", sentences=("A lake.", "A lake.", "A lake."))}
    counts.add(Article("1", "i", versions=versions))
    assert counts.freeze().articles(["a", "lake"]) == 1


def test_no_article() -> None:
    assert Recurrence().freeze().articles(["lake"]) == 1


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), max_size=6), max_size=12))
def test_counts_are_those_of_a_dictionary(articles: list[list[str]]) -> None:
    expected = Counter(sentence for sentences in articles for sentence in set(sentences))
    counts = counted(articles)
    assert {letter: counts.articles([letter]) for letter in "abcdefgh"} == {
        letter: max(1, expected[letter]) for letter in "abcdefgh"
    }
