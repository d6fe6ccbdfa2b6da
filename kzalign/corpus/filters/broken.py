"""Text that a font, an encoding or a scanner broke."""

import re

from kzalign.corpus.filters.sides import Side
from kzalign.text.normalise import FONTS

_HIGH = "".join(bytes([code]).decode("cp1251", "ignore") for code in range(0x80, 0xC0))
WRECKED = re.compile(
    "|".join(
        (
            r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ue000-\uf8ff\u2400-\u243f\u2500-\u25ff]",  # control, private, boxes
            "[ÐÑÒÓ][\xa0-¿\u0080-\u009f‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]",  # Cyrillic in UTF-8 read as CP1252
            "Ã[\x80-¿‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]|â€|Â[\xa0-¿]",  # Latin letters in UTF-8 read as CP1252
            f"(?:[РСТУ][{re.escape(_HIGH)}]){{2,}}|рџ|вЂ",  # Cyrillic in UTF-8 read as CP1251
            r"[À-ÿ]{4,}",  # CP1251 read as CP1252
            r"\?{3,}|&(?:#\d+|[a-z]{2,6});|</?[a-z][^>]{0,40}>|\\(?:text|frac|math)\w*",  # lost letters, marks of HTML and TeX
            rf"[{''.join(FONTS)}{''.join(FONTS).upper()}]",  # letters of old fonts
            r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\xad]",  # invisible
        )
    )
)
ODD = re.compile(r"[^a-zA-Zа-яА-ЯёЁәғқңөұүһіӘҒҚҢӨҰҮҺІ0-9 .,:;!()\[\]/%«»“”\"'’‘–—+=*№…-]")
"""Characters without one of which a text need not be searched."""

LOST = "\ufffd"
SPACED = re.compile(r"(?<!\w)[^\W\d_](?: [a-zа-яёәғқңөұүһі]){3,}(?!\w)|(?<!\w)[^\W\d_](?: [A-ZА-ЯЁӘҒҚҢӨҰҮҺІ]){5,}(?!\w)")
SPACED_LETTERS = 4


def broken_share(side: Side) -> float:
    """Returns the share of a side's words that are broken: places of broken characters, and words of two alphabets.

    It is 1 where a character is lost, however long the side is: what stood there can only be guessed.
    """
    text, words = side.text, side.sums.worded
    if not words:
        return 0.0
    if LOST in text:
        return 1.0
    places = side.sums.mixed
    if ODD.search(text):
        places += len(WRECKED.findall(text))
    if list(map(len, side.tokens)).count(1) >= SPACED_LETTERS:
        places += sum(1 + found.count(" ") for found in SPACED.findall(text))
    return min(1.0, places / words)
