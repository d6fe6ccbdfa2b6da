"""Which language and script a sentence is in, also where Kazakh is written in Latin or Arabic letters.

Script is a count of letters. In Cyrillic, letters tell Kazakh from Russian and from their neighbours; in Latin and Arabic
the words are folded to one skeleton for all alphabets and compared with frequent Kazakh word beginnings. lingua decides
between Kazakh, Russian and English where that leaves doubt. Measured in eval/results/offtarget.json.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

from kzalign.text.language import detect
from kzalign.text.words import FREQUENT_KAZAKH

OTHER = "other"
"""The language of a text that is in none of Kazakh, Russian and English."""


class Identified(NamedTuple):
    """Language (kk, ru, en, `other`, or None where there is no word), ISO 15924 script (None without a letter), 0 to 1."""

    lang: str | None
    script: str | None
    confidence: float


KAZAKH_LETTERS = frozenset("әғқңөұүһі")
NEIGHBOURS = frozenset("ўҳїєґҙҡҫҗӯӣљњћђџјѓќ")
"""Cyrillic letters of languages other than Kazakh and Russian."""
NO_NEIGHBOUR = frozenset("іқғұ")
"""Kazakh letters that Kyrgyz and Tatar, which share ң, ө and ү, do without; a Kazakh sentence of some length has one."""
KAZAKH_SHARE = 0.09
RUSSIAN_SHARE = 0.015
ENOUGH = 30
"""A share of Kazakh letters at or above the first is Kazakh; below the second, in as many letters as the third and with a
Russian word, Russian; lingua decides the rest."""
RUSSIAN_WORDS = re.compile(r"\b(?:и|в|на|с|по|для|что|как|не|от|из|это|при|или|за|к|о|у|его|их|также|который|был[аои]?)\b")

KAZAKH_ARABIC = frozenset("ەۇڭۋ")
OTHER_ARABIC = frozenset("ېئۈةذضطظثصأإہےٹڑہه")
"""Letters of Uyghur, Arabic, Persian and Urdu that Kazakh in Arabic letters does not use."""

TURKISH = frozenset("çâî")
KAZAKH_LATIN = re.compile(r"[äñūáńǵə]|q(?!u)")
"""What Kazakh in Latin letters has, and English and Turkish have not."""

ENGLISH_WORDS = frozenset(
    """
    the of and in to a is for on with by as are this that from was were an at be it which or their have has been its these
    not also can between based study used using research more than such his her they we who how into through both other
    results paper article aim our may about most will one during under there all it's what while however was only
    """.split()
)
RUSSIAN_SKELETONS = frozenset(
    "na po dlia dlja chto kak iz ot eto etot pri ili bil bila bili ih takje kotorie kotori etoi".split()
)
RUSSIAN_ENDING = re.compile(r"(?:etsia|iutsia|utsia|ovania|ovanie|enie|enia|ogo|skoi|skih|nosti|nost|anie|tsii)$")
KAZAKH_SKELETONS = frozenset(
    """
    jane bul ushin turali arkili bolip bolgan retinde boinsha sondai kazirgi jagdai kazak onin olardin dep bar jok emes
    eken kana gana kerek mumkin tabiladi boladi sonimen katar birak nemese iagni arasinda negizinde degen boldi bolsa dedi
    kuradi dein deingi biz olar bir eki ush tort jil jili jilgi jildin jilga jildan adam adamdar kop barlik birinshi ulken osi
    budan oni onda olarga meni bizdin jalpi kazirgi jasaldi sebebi sosin tagi arbir koi katisti tenge mlrd mln kr
    """.split()
)
ENDING = re.compile(
    r"(?:nin|din|tin|inda|inde|sina|sine|asin|esin|lari|leri|dari|deri|tari|teri|dagi|degi|tagi|tegi|ladi|ledi|nadi|nedi|"
    r"iladi|iledi|ildi|indi|andi|endi|aldi|eldi|ardi|erdi|tti|aidi|eidi|gan|gen|kan|ken|lik|dik|tik|lari?na|leri?ne|larin|lerin|men|ligi|digi|ulari|uleri|ilip|inip)$"
)
"""How many Kazakh words end, in the skeleton."""

MANY_WORDS = 8
"""So many words of a language hold some that are known; fewer in Latin letters are most often an English title or a name."""

LATIN_FOLDS = (
    *(("s'", "sh"), ("c'", "ch"), ("y'", "u"), ("ş", "sh"), ("ç", "ch"), ("ý", "u"), ("zh", "j"), ("kh", "h"), ("gh", "g")),
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
WORD = re.compile(r"[^\W\d_]+(?:['’ʼ`][^\W\d_]+)*'?")
APOSTROPHES = str.maketrans("’ʼ`´ʹ", "'''''")

NAMES = {
    "CYRILLIC": "Cyrl",
    "LATIN": "Latn",
    "ARABIC": "Arab",
    "GREEK": "Grek",
    "HEBREW": "Hebr",
    "CJK": "Hani",
    "HANGUL": "Hang",
}


@lru_cache(maxsize=4096)
def _script_of(letter: str) -> str | None:
    """Returns a letter's script, Zyyy where its name begins with none in the table, None for what is no letter."""
    return NAMES.get(unicodedata.name(letter, "").split(" ")[0], "Zyyy") if letter.isalpha() else None


def _script(text: str) -> tuple[str | None, float]:
    counts: Counter[str] = Counter()
    for letter, n in Counter(text).items():
        script = _script_of(letter)
        if script:
            counts[script] += n
    if not counts:
        return None, 1.0
    script, n = counts.most_common(1)[0]
    return script, n / counts.total()


def identify(text: str) -> Identified:
    """Returns the language and the script that most of the text is in, with how sure that is."""
    text = unicodedata.normalize("NFC", text).translate(APOSTROPHES)
    # not str.lower: it puts a combining dot after the i of İ
    text = text.replace("İ", "i").lower()
    script, share = _script(text)
    if script is None:
        return Identified(None, None, 1.0)
    lang, confidence = DECIDE[script](text) if script in DECIDE else (OTHER, 1.0)
    return Identified(lang, script, round(confidence * share, 4))


def _cyrillic(text: str) -> tuple[str | None, float]:
    counts = Counter(letter for letter in text if _script_of(letter) == "Cyrl")
    total = counts.total()
    share = sum(counts[letter] for letter in KAZAKH_LETTERS) / total
    if sum(counts[letter] for letter in NEIGHBOURS) / total > RUSSIAN_SHARE:
        return OTHER, 0.9
    if share >= KAZAKH_SHARE / 2 and total >= ENOUGH and not any(counts[letter] for letter in NO_NEIGHBOUR):
        return OTHER, 0.8
    if share >= KAZAKH_SHARE:
        return "kk", min(1.0, 0.8 + share)
    if share < RUSSIAN_SHARE and total >= ENOUGH and RUSSIAN_WORDS.search(text):
        return "ru", 1.0
    return _lingua(text)


def _lingua(text: str) -> tuple[str | None, float]:
    found = detect(text)
    return (found.lang, found.confidence) if found else (None, 0.0)


def _latin(text: str) -> tuple[str | None, float]:
    words = WORD.findall(text)
    skeletons = [_latin_skeleton(word) for word in words]
    marked = sum(KAZAKH_LATIN.search(word) is not None for word in words)
    evidence = {
        "kk": _kazakh(skeletons) + marked,
        "en": 2.0 * sum(word in ENGLISH_WORDS for word in words),
        "ru": sum(2.0 if s in RUSSIAN_SKELETONS else float(RUSSIAN_ENDING.search(s) is not None) for s in skeletons),
    }
    best, second = sorted(evidence.values(), reverse=True)[:2]
    if best == 0 or (best == evidence["kk"] and not marked and TURKISH & set(text)):
        return (OTHER, 0.6) if len(words) >= MANY_WORDS else ("en", 0.5)
    if best == second:
        return "en", 0.5
    return max(evidence, key=evidence.__getitem__), (best - second + 1) / (best + second + 1)


def _arabic(text: str) -> tuple[str | None, float]:
    letters = Counter(text)
    seen, other = (sum(letters[letter] for letter in known) for known in (KAZAKH_ARABIC, OTHER_ARABIC))
    own = seen + _kazakh([word.translate(ARABIC_FOLD) for word in WORD.findall(text.replace("ٴ", ""))])
    return ("kk" if own > other else OTHER), (max(own, other) + 1) / (own + other + 2)


DECIDE: dict[str, Callable[[str], tuple[str | None, float]]] = {"Cyrl": _cyrillic, "Latn": _latin, "Arab": _arabic}


def _kazakh(skeletons: list[str]) -> float:
    """Returns the evidence that the words are Kazakh: 2 for a frequent one, 1 for an ending."""
    frequent = _frequent()
    return sum(
        2.0
        if word in KAZAKH_SKELETONS or any(word[:n] in frequent for n in range(4, min(len(word), 9) + 1))
        else float(len(word) > 5 and ENDING.search(word) is not None)
        for word in skeletons
    )


def _latin_skeleton(word: str) -> str:
    for letters, folded in LATIN_FOLDS:
        word = word.replace(letters, folded)
    return _single("".join(letter for letter in unicodedata.normalize("NFD", word) if letter.isalpha()))


@lru_cache(maxsize=1)
def _frequent() -> frozenset[str]:
    """Returns the skeletons of frequent Kazakh word beginnings, four letters or longer."""
    folded = {_single(word.translate(CYRILLIC_FOLD)) for word in FREQUENT_KAZAKH}
    return frozenset(word for word in folded if len(word) >= 4)


def _single(skeleton: str) -> str:
    """Returns the skeleton with runs of i as one, because alphabets differ in how they write ый and ій."""
    return re.sub("ii+", "i", skeleton)
