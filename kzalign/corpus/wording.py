"""The wordings by which an article is known again."""

from collections.abc import Iterable, Mapping

from kzalign.records import LANGS
from kzalign.text.wording import text_key, wording

MIN_WORDS = 20
"""A shorter abstract is no evidence alone: "The article has no abstract" stands in many articles."""


def joined_key(texts: Iterable[str]) -> int:
    """Returns the key of texts in their order; where one ends matters."""
    return text_key("\n".join(texts))


def evidence(abstracts: Mapping[str, str | None]) -> list[tuple[str, str]]:
    """Returns the wordings by which an article is known again, each with its language.

    Each abstract of MIN_WORDS words; where all are shorter, one text of them all if that is long enough.
    """
    texts = [(lang, wording(text)) for lang in LANGS if (text := abstracts.get(lang))]
    long = [(lang, text) for lang, text in texts if _is_long(text)]
    together = " ".join(text for _, text in texts)
    return long or ([(texts[0][0], together)] if _is_long(together) else [])


def _is_long(text: str) -> bool:
    return text.count(" ") + 1 >= MIN_WORDS
