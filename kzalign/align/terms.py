"""The article's own term list: authors give the same keywords in the same order in each language."""

from collections import defaultdict
from collections.abc import Mapping, Sequence

from kzalign.align.stems import fold
from kzalign.align.tokens import STEM, TOKEN

MIN_LIST = 3
"""Shorter lists are no evidence that their order means anything."""

Terms = dict[str, tuple[str, ...]]
"""From a word's beginning to the keys of the keywords that hold it."""


def terms_of(keywords: Mapping[str, Sequence[str]]) -> dict[str, Terms]:
    """Returns by language the term keys of the keyword lists that are as long as another language's."""
    lengths = [len(words) for words in keywords.values()]
    return {
        lang: _index(words) if len(words) >= MIN_LIST and lengths.count(len(words)) > 1 else {}
        for lang, words in keywords.items()
    }


def _index(words: Sequence[str]) -> Terms:
    table: dict[str, list[str]] = defaultdict(list)
    for number, keyword in enumerate(words):
        for word in TOKEN.findall(keyword):
            if len(word) > 3:
                table[fold(word)[:STEM]].append(f"%{number}")
    return {stem: tuple(dict.fromkeys(keys)) for stem, keys in table.items()}
