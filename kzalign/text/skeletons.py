"""Kazakh words of every alphabet folded to one skeleton, and what of it shows that a word is Kazakh."""

import re
import unicodedata
from functools import lru_cache

from kzalign.text.function_words import KAZAKH, KAZAKH_SKELETON_ENDING, KAZAKH_SKELETON_WEAK_ENDING, KAZAKH_SKELETONS
from kzalign.text.words import FREQUENT_KAZAKH

APOSTROPHE = re.compile(r"(?<=[^\W\d_])['’‘ʼʻ`´ʹ]")
"""An apostrophe after a letter, of whatever form."""

LATIN_FOLDS = (
    *(("s'", "sh"), ("c'", "ch"), ("y'", "u"), ("ş", "sh"), ("ý", "u"), ("zh", "j"), ("kh", "h"), ("gh", "g")),
    *(("ə", "a"), ("ı", "i"), ("q", "k"), ("w", "u"), ("y", "i")),
)
CYRILLIC_FOLD = str.maketrans(
    dict(zip("абвгдезийклмнопрстуфхыэәғқңөұүһі", "abvgdeziiklmnoprstufhieagknouuhi", strict=True))
    | {"ж": "j", "ш": "sh", "щ": "sh", "ч": "ch", "ц": "ts", "ю": "iu", "я": "ia", "ё": "io", "ь": "", "ъ": ""}
)
ARABIC_FOLD = str.maketrans(
    dict(zip("ابۆگعدەزيكقلمنڭوپرستۋۇفحھخى", "abvggdezikklmnnoprstuufhhhi", strict=True))
    | {"ج": "j", "ش": "sh", "چ": "ch", "ٴ": "", "ء": ""}
)


def latin_skeleton(word: str) -> str:
    """Returns the skeleton of a lower-case word in a Latin alphabet; apostrophes are plain ones."""
    for letters, folded in LATIN_FOLDS:
        if letters in word:
            word = word.replace(letters, folded)
    if not word.isalpha() or not word.isascii():
        word = "".join(letter for letter in unicodedata.normalize("NFD", word) if letter.isalpha())
    return _single(word)


def arabic_skeleton(word: str) -> str:
    """Returns the skeleton of a word in Arabic letters."""
    return _single(word.translate(ARABIC_FOLD))


def kazakh_skeleton(skeleton: str) -> float:
    """Returns the evidence that a skeleton is a Kazakh word's: 2 for a frequent word or beginning, 1 for an ending, or 0."""
    words, beginnings = _known()
    if skeleton in words or any(skeleton[:n] in beginnings for n in range(4, min(len(skeleton), 9) + 1)):
        return 2.0
    if len(skeleton) > 5 and skeleton.endswith(KAZAKH_SKELETON_ENDING):
        return 1.0
    return 0.5 if len(skeleton) > 3 and skeleton.endswith(KAZAKH_SKELETON_WEAK_ENDING) else 0.0


@lru_cache(maxsize=1)
def _known() -> tuple[frozenset[str], frozenset[str]]:
    """Returns the skeletons of frequent Kazakh words, and of beginnings, four letters or longer."""
    words, beginnings = ({_single(w.translate(CYRILLIC_FOLD)) for w in known} for known in (KAZAKH, FREQUENT_KAZAKH))
    return KAZAKH_SKELETONS | {w for w in words if len(w) >= 4}, frozenset(w for w in beginnings if len(w) >= 4)


def _single(skeleton: str) -> str:
    """Returns the skeleton with runs of i as one, because alphabets differ in how they write ый and ій."""
    return re.sub("ii+", "i", skeleton)
