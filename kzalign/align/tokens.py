"""A sentence as evidence: for each word, the keys under which its translation would show on the other side.

Keys are lexicon concepts (integers), cognate keys (`~` and the word's beginning after transliteration),
numbers (`#` and the value) and terms of the article's own keyword lists.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache

from kzalign.align.lexicon import Lexicon
from kzalign.align.stems import fold

Key = int | str

TOKEN = re.compile(r"\d+(?:[ ,.]\d{3})+(?!\d)|\d+(?:[.,]\d+)?|[^\W\d_]+(?:[-'’][^\W\d_]+)*")
ROMAN = re.compile(r"(?=[IVXХІ])M{0,3}(?:C[MD]|D?C{0,3})(?:[XХ][CL]|L?[XХ]{0,3})(?:[IІ][XХV]|V?[IІ]{0,3})$")
ROMAN_VALUES = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100, "D": 500, "M": 1000}
COGNATE_LETTERS = 5
STEM = 5
"""Letters by which a word of a keyword is found in a sentence."""
SKELETON_LETTERS = 4


class Sort(IntEnum):
    """What kind of evidence a token is; the scorer has a match rate for each."""

    NUMBER = 0
    CONTENT = 1
    COMMON = 2
    NAME = 3
    UNKNOWN = 4
    LINK = 5
    LEARNT = 6


@dataclass(frozen=True, slots=True)
class Token:
    """One word's keys and sort."""

    keys: tuple[Key, ...]
    sort: Sort


CYRILLIC = dict(
    zip(
        "абвгғдеёжзийкқлмнңоөпрстуұүфхһцчшщыіэюяә",
        """
    a b v g g d e e j z i i k k l m n n o o p r s t u u u f h h s c s s i i e u a a
    """.split(),
        strict=True,
    )
)
ROMANISE = str.maketrans(CYRILLIC | {"ъ": "", "ь": "", "-": "", "'": "", "’": ""})
ENGLISH = (
    ("tsch", "c"), ("sch", "s"), ("sh", "s"), ("ch", "c"), ("kh", "h"), ("zh", "j"), ("ts", "s"), ("ph", "f"), ("th", "t"),
    ("gh", "g"), ("ck", "k"), ("qu", "kv"), ("x", "ks"), ("q", "k"), ("w", "v"), ("y", "i"), ("j", "j"),
)  # fmt: skip
SOFT_C = re.compile(r"c(?=[eiy])")
DOUBLED = re.compile(r"(.)\1+")
VOWELS = re.compile(r"[aeiou]")


def romanise(word: str) -> str:
    """Returns a folded word in the letters that Kazakh, Russian and English cognates share."""
    if word.isascii():
        word = SOFT_C.sub("s", word)
        for a, b in ENGLISH:
            word = word.replace(a, b)
        word = word.replace("-", "").replace("'", "").replace("c", "k" if "ch" not in word else "c")
    else:
        word = word.translate(ROMANISE)
    return DOUBLED.sub(r"\1", word)


def cognate_keys(word: str) -> tuple[str, ...]:
    """Returns the keys of a folded word: its romanised beginning, and its consonants' where there are enough."""
    roman = romanise(word)
    if len(roman) < 4:
        return ()
    consonants = VOWELS.sub("", roman).replace("h", "g")
    keys = [f"~{roman[:COGNATE_LETTERS]}"]
    if len(consonants) >= SKELETON_LETTERS:
        keys.append(f"^{(roman[0] in 'aeiou' and 'a') or ''}{consonants[:SKELETON_LETTERS]}")
    return tuple(keys)


def number_key(token: str) -> str:
    """Returns the value of a number however it is written: 1,156 = 1156 = 1 156; 2,5 = 2.5."""
    if re.fullmatch(r"\d+(?:[ ,.]\d{3})+", token):
        return "#" + re.sub(r"\D", "", token)
    return "#" + token.replace(",", ".")


def roman_value(token: str) -> int:
    """Returns the value of a Roman numeral (Latin or Cyrillic letters), 0 if it is none."""
    if not ROMAN.match(token):
        return 0
    values = [ROMAN_VALUES[c] for c in token.replace("Х", "X").replace("І", "I")]
    return sum(-v if v < following else v for v, following in zip(values, [*values[1:], 0], strict=True))


class Tokeniser:
    """Turns sentences into tokens with a lexicon; words are looked up once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._word = lru_cache(maxsize=200_000)(self._word_token)

    def __call__(self, sentence: str, lang: str, terms: Mapping[str, tuple[str, ...]] | None = None) -> list[Token]:
        """Returns the sentence's tokens in order; `terms` gives keys to words of the article's own keywords."""
        raw = TOKEN.findall(sentence)
        tokens = [self._word(word, lang) for word in raw]
        words = [fold(word) for word in raw]
        for first, length, concept in self.lexicon.phrases(words, lang):
            for i in range(first, first + length):
                tokens[i] = Token((*tokens[i].keys, concept), tokens[i].sort)
        if terms:
            for i, word in enumerate(words):
                if tokens[i].sort >= Sort.NAME and word[:STEM] in terms:
                    tokens[i] = Token((*tokens[i].keys, *terms[word[:STEM]]), tokens[i].sort)
        return [token for token in tokens if token.keys]

    def _word_token(self, raw: str, lang: str) -> Token:
        if raw[0].isdigit():
            return Token((number_key(raw),), Sort.NUMBER)
        if len(raw) >= 2 and (value := roman_value(raw)):
            return Token((f"#{value}",), Sort.NUMBER)
        word = fold(raw)
        concepts = self.lexicon.concepts(word, lang)
        cognates = cognate_keys(word)
        if concepts:
            sort = Sort.COMMON if concepts <= self.lexicon.common else Sort.CONTENT
            return Token((*sorted(concepts), *cognates), sort)
        return Token(cognates, Sort.NAME if raw[0].isupper() else Sort.UNKNOWN)
