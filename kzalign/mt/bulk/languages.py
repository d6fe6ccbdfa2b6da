"""Is a hypothesis in the language that was asked for? Its letters are counted; Kazakh and Russian differ in words."""

import re

from kzalign.text.script import identify

LATIN = re.compile(r"[A-Za-z]")
CYRILLIC = re.compile(r"[А-Яа-яЁёӘәҒғҚқҢңӨөҰұҮүҺһІі]")
SCRIPTS = {"kk": CYRILLIC, "ru": CYRILLIC, "en": LATIN}

MIN_LETTERS = 12
"""A shorter text may be all names and abbreviations."""
SURE = 0.95
"""Confidence from which on another language is believed: no title or keyword of the gold is refused by mistake."""


def is_off_target(text: str, target: str) -> bool:
    """Says whether the text is surely not in the target language, one of kk, ru and en."""
    letters = sum(map(str.isalpha, text))
    if letters < MIN_LETTERS:
        return False
    if 2 * len(SCRIPTS[target].findall(text)) < letters:
        return True
    found = identify(text)
    return found.lang != target and found.confidence >= SURE
