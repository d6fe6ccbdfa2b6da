"""Which of kk, ru, en a text is in, with a confidence.

lingua (restricted to the three) measured better on the gold than py3langid: see eval/results/language.json.
"""

from functools import lru_cache
from typing import Any, NamedTuple

PREFIX = 600
"""Characters read: more changes no answer on the gold and costs time."""


class Detected(NamedTuple):
    """A language code and the probability that it is right."""

    lang: str
    confidence: float


@lru_cache(maxsize=1)
def _detector() -> tuple[Any, dict[Any, str]]:
    from lingua import Language, LanguageDetectorBuilder

    codes = {Language.KAZAKH: "kk", Language.RUSSIAN: "ru", Language.ENGLISH: "en"}
    return LanguageDetectorBuilder.from_languages(*codes).build(), codes


def detect(text: str) -> Detected | None:
    """Returns the likeliest language of the text, or None where it holds no word of any."""
    detector, codes = _detector()
    text = text[:PREFIX]
    values = detector.compute_language_confidence_values(text.lower() if text.isupper() else text)
    if not values or values[0].value == 0:
        return None
    return Detected(codes[values[0].language], round(float(values[0].value), 4))
