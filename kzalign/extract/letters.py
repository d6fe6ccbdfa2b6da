"""Letters of the three languages, as parts of patterns, and what they alone show."""

import re

UPPER = "A-ZА-ЯЁӘҒҚҢӨҰҮҺІ"
LOWER = "a-zа-яёәғқңөұүһі"
LATIN = re.compile(r"[A-Za-z]")
KAZAKH = re.compile(r"[әғқңөұүһіӘҒҚҢӨҰҮҺІ]")

SAMPLE = 300
"""Characters that are looked at."""


def script_language(text: str) -> str | None:
    """Returns the language that the letters alone show, None where they are too few: a rough guess made for every paragraph."""
    text = text[:SAMPLE]
    latin = len(LATIN.findall(text))
    cyrillic = sum(map(str.isalpha, text)) - latin
    if latin + cyrillic < 15:
        return None
    if latin > cyrillic:
        return "en"
    return "kk" if len(KAZAKH.findall(text)) > 0.03 * cyrillic else "ru"
