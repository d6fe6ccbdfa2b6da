"""What OCR with several languages mixes up: letters of the same shape, dashes and hyphens, the number sign."""

import re

from kzalign.text.normalise import CYRILLIC_TO_LATIN, LATIN_TO_CYRILLIC

TO_LATIN = CYRILLIC_TO_LATIN | str.maketrans("УҒғ", "YFf")
TO_CYRILLIC = LATIN_TO_CYRILLIC | str.maketrans("Y", "У")
CYRILLIC, LATIN = re.compile(r"[Ѐ-ԯ]"), re.compile(r"[A-Za-z]")
WORD = re.compile(r"(?<![\w-])[^\W\d_]+(?![\w-])")
SINGLE = frozenset("acoABCKOасоАВСКО")
"""Letters that alone are words; others may be signs of formulas."""

MOST = 0.7
"""Share of a line's letters that tells its script."""

DASH = re.compile(r"(?<=\S )-(?= \S)")
NUMBER_SIGN = re.compile(r"\bNe(?=\s?\d)")


def unmixed(line: str) -> str:
    """Returns a line with the words that may be of either script in its own, dashes and number signs put right."""
    line = NUMBER_SIGN.sub("№", DASH.sub("–", line))
    cyrillic, latin = len(CYRILLIC.findall(line)), len(LATIN.findall(line))
    if max(cyrillic, latin) < MOST * (cyrillic + latin) or not (cyrillic and latin):
        return line
    table, other = (TO_CYRILLIC, LATIN) if cyrillic > latin else (TO_LATIN, CYRILLIC)

    def mended(match: re.Match[str]) -> str:
        word = match[0]
        changed = word.translate(table)
        wrong = len(word) == len(other.findall(word)) and not other.search(changed)
        return changed if wrong and (len(word) > 1 or word in SINGLE) else word

    return WORD.sub(mended, line)
