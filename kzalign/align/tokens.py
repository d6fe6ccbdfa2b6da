"""A sentence as evidence: for each word, the keys under which its translation would show on the other side.

Keys are lexicon concepts (integers), cognate keys (`~` and the word's beginning after transliteration),
numbers (`#` and the value) and terms of the article's own keyword lists.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from functools import lru_cache
from typing import NamedTuple

from kzalign.align.lexicon import SECOND, Lexicon, Phrase, default_lexicon
from kzalign.align.stems import fold
from kzalign.text.numbers import number_key, roman_value

Key = int | str

TOKEN = re.compile(
    r"[a-zA-ZÀ-ÖØ-öø-ɏЀ-ӿ]+(?:[-'’][^\W\d_]+)*|[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[ ,.]\d{3})+(?!\d)|\d+(?:[.,]\d+)?"
)
"""A word (the ranges of the three languages first: faster), a number with or without separators."""

NAME = 3
"""`Sort.NAME` as the integer that tokens hold: words from here on are in no lexicon."""

MAX_MET = 500
MAX_WORDS = 50_000
"""Words remembered by language: bounds memory over long runs."""

MAX_SENTENCES = 2_000
"""Sentences remembered: extraction relates an issue's texts by their words, and alignment reads the same sentences after it."""

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


class Token(NamedTuple):
    """One word's keys and sort (a plain integer: it indexes the weights in the innermost loop)."""

    keys: tuple[Key, ...]
    sort: int


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


@dataclass(slots=True)
class Word:
    """What is known of a running word: its folded form, its token, the phrases it may begin."""

    folded: str
    token: Token
    begins: Mapping[str, Sequence[Phrase]]
    """The rest of each phrase, by the first letters of its second word."""
    met: dict[str, tuple[Phrase, ...]] = field(default_factory=dict)
    """The same by the words that have followed this one."""

    def phrases_before(self, following: "Word") -> tuple[Phrase, ...]:
        """Returns the phrases whose second word the following one may be."""
        found = self.met.get(following.folded)
        if found is None:
            candidates = self.begins.get(following.folded[:SECOND], ())
            found = tuple(phrase for phrase in candidates if following.folded.startswith(phrase[0][0]))
            if len(self.met) < MAX_MET:
                self.met[following.folded] = found
        return found


class Tokeniser:
    """Turns sentences into tokens with a lexicon; words are looked up once."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self._words: dict[str, dict[str, Word]] = {}
        self._sentences: dict[tuple[str, str], tuple[list[Word], list[Token]]] = {}

    def __call__(self, sentence: str, lang: str, terms: Mapping[str, tuple[str, ...]] | None = None) -> list[Token]:
        """Returns the sentence's tokens in order; `terms` gives keys to words of the article's own keywords."""
        words, tokens = self._sentences.get((sentence, lang)) or self._read(sentence, lang)
        if terms:
            tokens = list(tokens)
            for i, word in enumerate(words):
                if word.token.sort >= NAME and word.folded[:STEM] in terms:
                    tokens[i] = Token((*tokens[i].keys, *terms[word.folded[:STEM]]), tokens[i].sort)
        return [token for token in tokens if token[0]]

    def _read(self, sentence: str, lang: str) -> tuple[list[Word], list[Token]]:
        """Returns a sentence's words and their tokens, with the concepts of the phrases in it."""
        known = self._words.setdefault(lang, {})
        if len(known) > MAX_WORDS:
            known.clear()
        words = [known.get(raw) or self._learn(known, raw, lang) for raw in TOKEN.findall(sentence)]
        tokens = [word.token for word in words]
        for i in [i for i, word in enumerate(words[:-1]) if word.begins]:
            for rest, concept in words[i].phrases_before(words[i + 1]):
                run = words[i + 1 : i + 1 + len(rest)]
                if len(run) == len(rest) and all(w.folded.startswith(s) for w, s in zip(run, rest, strict=True)):
                    for k in range(i, i + len(rest) + 1):
                        tokens[k] = Token((*tokens[k].keys, concept), tokens[k].sort)
        if len(self._sentences) >= MAX_SENTENCES:
            self._sentences.clear()
        self._sentences[sentence, lang] = words, tokens
        return words, tokens

    def _learn(self, known: dict[str, Word], raw: str, lang: str) -> Word:
        folded = fold(raw)
        word = known[raw] = Word(folded, self._token(raw, folded, lang), self.lexicon.phrases_beginning(folded, lang))
        return word

    def _token(self, raw: str, folded: str, lang: str) -> Token:
        if raw[0].isdigit():
            return Token((number_key(raw),), int(Sort.NUMBER))
        if len(raw) >= 2 and (value := roman_value(raw)):
            return Token((f"#{value}",), int(Sort.NUMBER))
        concepts = self.lexicon.concepts(folded, lang)
        cognates = cognate_keys(folded)
        if concepts <= self.lexicon.common and concepts:
            return Token(tuple(sorted(concepts)), int(Sort.COMMON))
        if concepts:
            return Token((*sorted(concepts), *cognates[:1]), int(Sort.CONTENT))
        return Token(cognates, int(Sort.NAME if raw[0].isupper() else Sort.UNKNOWN))


@lru_cache(maxsize=1)
def default_tokeniser() -> Tokeniser:
    """Returns the tokeniser with the lexicon that ships, one a process: the words it knows grow with every document."""
    return Tokeniser(default_lexicon())
