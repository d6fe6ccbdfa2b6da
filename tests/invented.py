"""Invented articles: words without meaning, of which some are changed."""

import random
from collections.abc import Mapping

from kzalign.records import Article, Segment, Version


def text(seed: object, words: int = 60) -> str:
    """Returns words drawn by a seed: texts of two seeds have almost none in common."""
    rng = random.Random(f"text {seed}")
    return " ".join(f"w{rng.randrange(10**6)}" for _ in range(words))


def changed(original: str, places: Mapping[int, str] | int) -> str:
    """Returns the text with some words replaced: those at the places, or so many spread evenly."""
    words = original.split()
    if isinstance(places, int):
        places = {(k * len(words)) // places: f"changed{k}" for k in range(places)}
    return " ".join(places.get(k, word) for k, word in enumerate(words))


def article(name: str, issue: str | None = None, sentences: int = 1, **abstracts: str) -> Article:
    """Returns an article with the abstracts by language, each of so many sentences."""
    versions = {lang: Version(lang, None, text, (text,) * sentences) for lang, text in abstracts.items()}
    return Article(name, issue or name, versions=versions)


def segment(name: str = "a/kk-ru/000", **texts: str) -> Segment:
    """Returns a row with the texts by language."""
    article_id = name.split("/")[0]
    return Segment(name, article_id, article_id, texts, {}, {}, {}, "train")
