"""In which language and script a text is: letters, function words and endings decide, lingua only where they leave doubt.

Languages are kk, ru, en and `und` (another); scripts are ISO 15924 codes. Every word's evidence is remembered, a text's is
the sum. Kazakh is known in Cyrillic, Arabic and every Latin alphabet it has had since 2017. Measured in
eval/results/offtarget.json.
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from kzalign.text.function_words import (
    ELSEWHERE,
    ENGLISH,
    ENGLISH_ENDING,
    ENGLISH_SIGN,
    FOREIGN_I,
    KAZAKH,
    KAZAKH_ENDING,
    KAZAKH_LATIN_OWN,
    KAZAKH_LATIN_SIGN,
    NOT_KAZAKH,
    NOT_KAZAKH_ARABIC,
    NOT_KAZAKH_ENDING,
    NOT_KAZAKH_LATIN,
    NOT_KAZAKH_LATIN_ENDING,
    RUSSIAN,
    RUSSIAN_ENDING,
    RUSSIAN_SKELETON_ENDING,
    RUSSIAN_SKELETONS,
    SHARED,
)
from kzalign.text.language import detect
from kzalign.text.normalise import MIXED
from kzalign.text.skeletons import APOSTROPHE, arabic_skeleton, kazakh_skeleton, latin_skeleton

NO_LETTER = "Zyyy"
"""The script of a text without letters."""

TOKEN = re.compile(r"\w+")
FORMULA = re.compile(r"[\d_]")
SPELT = re.compile(r"[^\W_]+(?:['’‘ʼ`´ʹ][^\W_]+)*(?:(?<=[ngyNGY])['’ʼ`´ʹ])?")
"""A word with the apostrophes that are part of a letter: the Latin alphabet of 2017 writes ң as n'."""

LONGEST = 60
"""Characters of a word that are read: patterns take the square of its length, and a system in a loop writes long ones."""

DOUBT = 0.9
"""Confidence below which lingua is asked about Cyrillic text."""

THIRD = 0.8
"""Probability of a third language from which on lingua, which knows kk, ru and en, is not asked."""

CERTAIN = 12.0
"""Evidence more than the next language's that makes a probability of 1 to four digits."""

ELSE, ELSE_LATIN = 0.35, 0.5
"""Evidence for another language that every word gives, or a Latin one that tells nothing: the three have to beat it."""
NO_WORD = 0.1
"""The same of a letter, or letters with figures, as in a formula."""

EXPECTED = 0.7
"""Evidence for English of any text in Latin letters: it is what they are used for most."""

ENOUGH = 4
"""Words from which on the want of evidence is evidence."""

KAZAKH_STRONG = frozenset("ғқұіҒҚҰІ")
MANY, PENALTY = 30, 2.0
"""In that many letters of Kazakh one of these is missing once in thirty texts, and the evidence is that much less."""
KAZAKH_WEAK = frozenset("әңөүһ")
"""Letters that other languages of the region have too."""
RUSSIAN_LETTERS = frozenset("вёфцчщъь")
"""Letters that Kazakh has in loanwords alone."""
HINT = 0.6
"""Evidence of one such letter: by itself it shows no word to be Russian."""

OLD_FONTS = "ӛҽҿҧҥ"
"""What PDF makers put for Kazakh letters."""
FOREIGN_CYRILLIC = frozenset(map(chr, range(0x430, 0x530))) - set("абвгдеёжзийклмнопрстуфхцчшщъыьэюяәғқңөұүһіӏ" + OLD_FONTS)
"""Small letters of neither Kazakh nor Russian, old fonts' wrong ones apart."""

LATIN_LETTERS = frozenset("abcdefghijklmnopqrstuvwxyzäáǵğñńöóşūúüýıəŋ'" + OLD_FONTS)
"""Small letters of the Kazakh Latin alphabets."""
TURKIC_LETTERS = frozenset("äáğöóşúüýıə")
"""Letters of Kazakh alphabets that Turkish, German or others have too."""

LOAN_LETTERS = frozenset("ивхцчщфюяоаь")
"""Letters that stand in one word with і often in Ukrainian, and in Kazakh in loanwords alone."""

KAZAKH_ARABIC = frozenset("ەۇۋڭىگ")
"""Letters that Kazakh and Uyghur have and Arabic has seldom or never."""
KAZAKH_ARABIC_OWN = frozenset("ٴع")
"""What shows such a word to be Kazakh: Uyghur has no hamza there and no ع."""
OTHER_ARABIC = frozenset("ئېۈةےٹںغخژذضطظثصأإہڑه")
"""Letters of Uyghur, Arabic, Persian and Urdu."""

NAMES = {
    **{"CYRILLIC": "Cyrl", "LATIN": "Latn", "ARABIC": "Arab", "GREEK": "Grek", "HEBREW": "Hebr", "CJK": "Hani"},
    **{"HANGUL": "Hang", "GEORGIAN": "Geor", "ARMENIAN": "Armn", "HIRAGANA": "Hira", "KATAKANA": "Kana", "MONGOLIAN": "Mong"},
}
"""Script by the first word of its letters' Unicode names."""


class Identified(NamedTuple):
    """A language, the script that it is written in (Zzzz: one that NAMES lacks), and the probability of the language."""

    lang: str
    script: str
    confidence: float


class Word(NamedTuple):
    """One word's evidence for a language in a script, and its letters; or the sums of a text's words."""

    kk: float = 0
    ru: float = 0
    en: float = 0
    kk_latin: float = 0
    ru_latin: float = 0
    kk_arabic: float = 0
    other: float = 0
    cyrillic: int = 0
    latin: int = 0
    letters: int = 0
    worded: int = 0
    """1 where it holds a letter."""
    common: int = 0
    """1 for a word of four small letters or more: neither name nor abbreviation."""
    latin_common: int = 0
    """1 for a word of three small Latin letters or more, or a shorter one of English."""
    mixed: int = 0
    """1 where Latin and Cyrillic letters stand together."""


NOTHING = Word()

CERTAINLY = tuple(
    Identified(lang, script, 1.0)
    for lang, script in (("kk", "Cyrl"), ("ru", "Cyrl"), ("en", "Latn"), ("kk", "Latn"), ("ru", "Latn"), ("kk", "Arab"))
)
"""The answer by the first fields of Word, where one of them is much more than the others."""


@lru_cache(maxsize=50_000)
def word_evidence(word: str) -> Word:
    """Returns the evidence of a token; one without letters gives none."""
    letters = sum(map(str.isalpha, word))
    if not letters:
        return NOTHING
    # not str.lower: it puts a combining dot after the i of İ
    low, lower = word.replace("İ", "i").lower(), word.islower()
    common, mixed = int(lower and letters > 3), int(bool(MIXED.search(word)))
    first = next(filter(str.isalpha, low))
    low = low[:LONGEST]
    # a name is often foreign, and says less
    scale = 1.0 if lower else 0.5
    if "Ѐ" <= first <= "ԯ":
        kk, ru, other = _cyrillic(low, lower)
        return Word(kk, ru, 0, 0, 0, 0, other * scale, letters, 0, letters, 1, common, 0, mixed)
    if first < "ɐ" or "Ḁ" <= first <= "ỿ":
        en, kk, ru, other = _latin(low)
        latin_common = int(lower and (letters > 2 or low in ENGLISH))
        return Word(0, 0, en, kk, ru, 0, other * scale, 0, letters, letters, 1, common, latin_common, mixed)
    if "؀" <= first <= "ۿ":
        kk, other = _arabic(low)
        return Word(kk_arabic=kk, other=other, letters=letters, worded=1)
    return Word(other=1.0 if letters > 1 else NO_WORD, letters=letters, worded=1)


def total(words: Sequence[Word]) -> Word:
    """Returns the sums of the words' evidence."""
    return Word(*map(sum, zip(*words, strict=True))) if words else NOTHING


def _cyrillic(word: str, lower: bool) -> tuple[float, float, float]:
    """Returns the evidence of a lower-cased Cyrillic word for Kazakh, Russian and another language."""
    letters = set(word)
    if letters & FOREIGN_CYRILLIC or word in ELSEWHERE:
        return 0.0, 0.0, 3.0
    if word in SHARED:
        return 2.0, 0.0, 1.2
    if word.endswith(NOT_KAZAKH_ENDING) or NOT_KAZAKH.search(word):
        return 0.0, 0.0, 2.0
    if strong := letters & KAZAKH_STRONG:
        if strong != {"і"} or letters & KAZAKH_WEAK or not letters & LOAN_LETTERS:
            return 3.0, 0.0, ELSE
        return (1.0, 0.0, 1.5) if FOREIGN_I.search(word) else (1.5, 0.0, 1.0)
    if letters & KAZAKH_WEAK:
        return (2.5, 0.0, ELSE) if word in KAZAKH else (1.3, 0.0, 1.0)
    kk, ru = (2.0 if word in KAZAKH else 0.0), 0.0
    if word in RUSSIAN and (lower or len(word) > 1):
        ru = 2.0 if len(word) > 1 else 1.5
    elif len(word) > 4 and word.endswith(RUSSIAN_ENDING):
        ru = 1.5
    elif not kk and len(word) > 4 and word.endswith(KAZAKH_ENDING):
        kk = 1.0
    if not kk and letters & RUSSIAN_LETTERS:
        ru += HINT
    return kk, ru, ELSE


def _latin(word: str) -> tuple[float, float, float, float]:
    """Returns the evidence of a lower-cased Latin word for English, for Kazakh and Russian in Latin script, and for another."""
    if not word.isascii():
        # the letter of Uzbek, which no Kazakh alphabet has
        if "ʻ" in word:
            return 0.0, 0.0, 0.0, 2.5
        word = APOSTROPHE.sub("'", word)
    if word in ENGLISH or word.removesuffix("'s") in ENGLISH:
        return 2.0, 0.0, 0.0, ELSE
    if word in ELSEWHERE:
        return 0.0, 0.0, 0.0, 2.5
    if len(word) == 1 or FORMULA.search(word):
        return 0.0, 0.0, 0.0, NO_WORD
    letters = set(word)
    if letters - LATIN_LETTERS:
        return 0.0, 0.0, 0.0, 2.0
    skeleton = latin_skeleton(word)
    kk = kazakh_skeleton(skeleton)
    ru = 1.5 if skeleton in RUSSIAN_SKELETONS or skeleton.endswith(RUSSIAN_SKELETON_ENDING) else 0.0
    other = ELSE
    if KAZAKH_LATIN_OWN.search(word):
        kk = min(kk + 1.5, 2.5)
    elif word.endswith(NOT_KAZAKH_LATIN_ENDING) or NOT_KAZAKH_LATIN.search(word):
        kk, other = 0.0, 2.0
    elif KAZAKH_LATIN_SIGN.search(word):
        kk = min(kk + 1.5, 2.5)
    elif letters & TURKIC_LETTERS:
        kk, other = kk + 1.0, other + 0.5
    english = 0.0
    if len(word) > 4:
        english = 1.0 if word.endswith(ENGLISH_ENDING) else 0.7 if ENGLISH_SIGN.search(word) else 0.0
    return english, kk, ru, other if kk or english or ru else max(other, ELSE_LATIN)


def _arabic(word: str) -> tuple[float, float]:
    """Returns the evidence of a word in Arabic letters for Kazakh and for another language."""
    letters = set(word)
    if letters & OTHER_ARABIC or word in ELSEWHERE:
        return 0.0, 3.0
    if NOT_KAZAKH_ARABIC.search(word):
        return 0.0, 2.0
    own = kazakh_skeleton(arabic_skeleton(word)) / 2
    if not letters & KAZAKH_ARABIC:
        return own, ELSE
    return (3.0, ELSE) if letters & KAZAKH_ARABIC_OWN else (own + 2.0, 1.3)


def identify(text: str) -> Identified:
    """Returns the language, the script and the confidence of a text; (`und`, `Zyyy`, 0) where it holds no letter."""
    if not unicodedata.is_normalized("NFC", text):
        text = unicodedata.normalize("NFC", text)
    return identify_total(text, total(list(map(word_evidence, TOKEN.findall(text)))))


def identify_total(text: str, sums: Word) -> Identified:
    """Returns the same for a composed text whose words' evidence is summed."""
    if not sums.letters:
        return Identified("und", NO_LETTER, 0.0)
    evidence = sums[:7]
    *_, second, best = sorted(evidence)
    if best - second > CERTAIN and best > sums.other:
        return CERTAINLY[evidence.index(best)]
    if sums.latin > sums.cyrillic and APOSTROPHE.search(text):
        sums = total(list(map(word_evidence, SPELT.findall(text))))
    kk, ru, en, kk_latin, ru_latin, kk_arabic, other, cyrillic, latin, letters, worded, *_ = sums
    most, script = max((cyrillic, "Cyrl"), (latin, "Latn"))
    if 2 * most < letters:
        script = _most(text)
    if kk > ru and cyrillic >= MANY and KAZAKH_STRONG.isdisjoint(text):
        kk -= PENALTY
    ranked = sorted(
        (
            (*max((kk, "Cyrl"), (kk_latin, "Latn"), (kk_arabic, "Arab")), "kk"),
            (*max((ru, "Cyrl"), (ru_latin, "Latn")), "ru"),
            (en + EXPECTED * (script == "Latn"), "Latn", "en"),
            (other * min(1.0, worded / ENOUGH), script, "und"),
        )
    )
    best, written, lang = ranked[3]
    confidence = 1 / sum(math.exp(weight - best) for weight, _, _ in ranked)
    if confidence < DOUBT and script == "Cyrl":
        # lingua does not know the third languages, so their probability is taken off its own
        elsewhere = next(math.exp(weight - best) * confidence for weight, _, name in ranked if name == "und")
        found = detect(text)
        if found and found.lang != "en" and elsewhere < THIRD:
            return Identified(found.lang, script, round(found.confidence * (1 - elsewhere**2), 4))
    return Identified(lang, written, round(confidence, 4))


def _most(text: str) -> str:
    """Returns the script of most letters."""
    counts = Counter(NAMES.get(unicodedata.name(letter, "").split(" ")[0], "Zzzz") for letter in text if letter.isalpha())
    return counts.most_common(1)[0][0]
