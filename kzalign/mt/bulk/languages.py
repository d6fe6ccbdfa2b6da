"""Is a hypothesis in the language that was asked for? The letters tell most; lingua is asked where they leave doubt."""

import re

from kzalign.text.language import detect

LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
KAZAKH = re.compile(r"[ӘәҒғҚқҢңӨөҰұҮүҺһІі]")

MIN_LETTERS = 12
"""A shorter text may be all names and abbreviations."""
SURE_LETTERS = 40
"""From here on a Cyrillic text without a Kazakh letter is not Kazakh; lingua is worth asking."""
OFTEN, SELDOM = 0.06, 0.015
"""Shares of Kazakh letters: Kazakh prose has 0.15 to 0.25 of them; Russian has them in names alone."""


NONE_KNOWN: frozenset[str] = frozenset()


def languages_of(text: str) -> frozenset[str] | None:
    """Returns those of kk, ru and en that the text may be in, none for other letters; None where it is too short to tell."""
    letters = sum(map(str.isalpha, text))
    if letters < MIN_LETTERS:
        return None
    cyrillic, latin = len(CYRILLIC.findall(text)), len(LATIN.findall(text))
    if 2 * max(cyrillic, latin) < letters:
        return NONE_KNOWN
    if latin > cyrillic:
        return frozenset(("en",))
    share = len(KAZAKH.findall(text)) / cyrillic
    if share > OFTEN:
        return frozenset(("kk",))
    if letters < SURE_LETTERS:
        return frozenset(("kk", "ru"))
    if share < SELDOM:
        return frozenset(("ru",))
    found = detect(text)
    return frozenset((found.lang,)) if found else None


def is_off_target(text: str, target: str) -> bool:
    """Says whether the text is surely not in the target language, one of kk, ru and en."""
    found = languages_of(text)
    return found is not None and target not in found
