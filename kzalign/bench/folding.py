"""When two texts count as the same: differences that no reader would call an error are folded away."""

import difflib
import re
import unicodedata

LOOK_ALIKES = str.maketrans("AaBCcEeHIiKkMOoPpTXxyhə", "АаВСсЕеНІіКкМОоРрТХхуһә")
"""Latin letters, and the Cyrillic ones they are taken for. `ə` is the Latin schwa."""

OLD_FONTS = str.maketrans("ӛӚҽҼҾҿҧҦҥҤ", "өӨәӘӨөұҰүҮ")
WORD = re.compile(r"\w+")
CYRILLIC = re.compile("[\u0400-\u04ff]")
LATIN = re.compile("[A-Za-zə]")
IGNORED = re.compile("[\\s\\-\u2010\u2011\u2013\u2014\u2212\u00ad\"'“”„«»‘’`´]")
SLOW = 6000
"""Characters from which on the exact comparison takes seconds, so that the heuristic one has to do."""


def fold(text: str) -> str:
    """Returns the text for comparing: NFKC, one script a word, today's letters, no case, spaces, hyphens or quotes."""
    text = unicodedata.normalize("NFKC", text).translate(OLD_FONTS)
    return IGNORED.sub("", WORD.sub(_one_script, text)).casefold()


def _one_script(match: re.Match[str]) -> str:
    word = match[0]
    return word.translate(LOOK_ALIKES) if CYRILLIC.search(word) and LATIN.search(word) else word


def similarity(want: str, have: str) -> float:
    """Returns how alike two folded texts are: 1 equal, 0 when one is empty or more than twice as long as the other."""
    if not want or not have:
        return 0.0
    if want == have:
        return 1.0
    if min(len(want), len(have)) / max(len(want), len(have)) < 0.5:
        return 0.0
    return difflib.SequenceMatcher(None, want, have, autojunk=len(want) >= SLOW).ratio()
