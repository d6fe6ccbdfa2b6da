"""Repair of what old fonts and keyboards did to Kazakh text, with every repair counted.

`repair` works on a whole document, because the meaning of a wrong letter is a property of the font the
document was set in: є is ғ in one KazWin font and ә in another.
"""

import re
import unicodedata
from collections import Counter
from dataclasses import dataclass

from kzalign.text.words import FREQUENT_KAZAKH

FONTS: dict[str, tuple[str, ...]] = {
    # letters that PDF makers put for Kazakh ones when the font's table is read as another Cyrillic one
    "ӛ": ("ө",),
    "ҽ": ("ә",),
    "ҿ": ("ө",),
    "ҧ": ("ұ",),
    "ҥ": ("ү", "ң"),
    # KazWin: Kazakh letters in the places that CP1251 gives to Serbian, Belarusian and Ukrainian
    "ќ": ("қ",),
    "є": ("ғ", "ә"),
    "ѕ": ("ң", "ұ"),
    "ў": ("ұ", "ү"),
    "ї": ("ү", "ң"),
    "ј": ("ә", "ө"),
    "ґ": ("ө", "ғ"),
    "ћ": ("һ",),
}
"""Wrong letter to what it may stand for, most usual first. Capitals follow."""

WRONG = re.compile(f"[{''.join(FONTS)}{''.join(FONTS).upper()}]")
NEEDS_EVIDENCE = frozenset("ҥќєѕўїјґћ")
"""Letters of living alphabets (Sakha, Ukrainian, Belarusian, Serbian): repaired only where the words say so."""

LATIN_TO_CYRILLIC = str.maketrans("AaBCcEeHIiKkMOoPpTXxyhəƏӘ", "АаВСсЕеНІіКкМОоРрТХхуһәӘӘ")
CYRILLIC_TO_LATIN = str.maketrans("АаВСсЕеНІіКкМОоРрТХхуһ", "AaBCcEeHIiKkMOoPpTXxyh")
MIXED = re.compile(r"[A-Za-zəƏ][Ѐ-ӿ]|[Ѐ-ӿ][A-Za-zəƏ]")
CYRILLIC = re.compile(r"[Ѐ-ӿ]")
LATIN = re.compile(r"[A-Za-zəƏ]")
INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]")
SPACES = re.compile("[\xa0\u2000-\u200a\u202f\u205f\u3000]")
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Repaired:
    """Text with as many lines as before, and how many letters each repair changed."""

    text: str
    counts: dict[str, int]


def repair(text: str) -> Repaired:
    """Returns the document's text with old-font letters, look-alikes and invisible characters put right."""
    counts: Counter[str] = Counter()
    text, invisible = INVISIBLE.subn("", text)
    text = _compose(text, counts)
    counts["invisible characters"] += invisible
    text = SPACES.sub(" ", text)
    text = _fonts(text, counts)
    text = _look_alikes(text, counts)
    return Repaired(text, {name: n for name, n in sorted(counts.items()) if n})


def _compose(text: str, counts: Counter[str]) -> str:
    if unicodedata.is_normalized("NFC", text):
        return text
    composed = unicodedata.normalize("NFC", text)
    counts["decomposed letters"] += max(1, len(text) - len(composed))
    return composed


def _fonts(text: str, counts: Counter[str]) -> str:
    """Replaces each wrong letter by what the document's own words show it to mean."""
    repaired = text
    words: Counter[str] = Counter()
    for wrong, targets in FONTS.items():
        n = text.count(wrong) + text.count(wrong.upper())
        if not n:
            continue
        words = words or _words_with(WRONG, text)
        right = _decide(words, wrong, targets)
        if right is None:
            continue
        repaired = repaired.replace(wrong, right).replace(wrong.upper(), right.upper())
        counts[f"{wrong}→{right}"] += n
    return repaired


def _words_with(letter: re.Pattern[str], text: str) -> Counter[str]:
    """Returns the words, in small letters, of the lines that hold such a letter."""
    return Counter(WORD.findall("\n".join([line for line in text.split("\n") if letter.search(line)]).lower()))


def _decide(all_words: Counter[str], wrong: str, targets: tuple[str, ...]) -> str | None:
    """Returns the target letter that makes most Kazakh words of the text's words that hold the wrong one."""
    others = str.maketrans({w: t[0] for w, t in FONTS.items() if w != wrong})
    words = Counter({word: n for word, n in all_words.items() if wrong in word})
    sample = [(w.translate(others), n) for w, n in words.most_common(2000)]
    votes = {target: sum(n for w, n in sample if _frequent(w.replace(wrong, target))) for target in targets}
    best = max(targets, key=lambda target: votes[target])
    if votes[best] == 0:
        return None if wrong in NEEDS_EVIDENCE else targets[0]
    if wrong in NEEDS_EVIDENCE and votes[best] < 0.05 * sum(words.values()):
        return None
    return best


def _frequent(word: str) -> bool:
    return any(word[:n] in FREQUENT_KAZAKH for n in range(min(len(word), 9), 2, -1))


def _look_alikes(text: str, counts: Counter[str]) -> str:
    """Puts Latin letters inside Cyrillic words, and the reverse, into the script of the rest of the word."""
    pieces: list[str] = []
    done = 0
    for match in MIXED.finditer(text):
        if match.start() < done:
            continue
        start, end = match.span()
        while start > done and _in_word(text[start - 1]):
            start -= 1
        while end < len(text) and _in_word(text[end]):
            end += 1
        word = text[start:end]
        mended = _one_script(word)
        counts["look-alike letters"] += sum(a != b for a, b in zip(word, mended, strict=True))
        pieces += (text[done:start], mended)
        done = end
    return "".join((*pieces, text[done:])) if pieces else text


def _in_word(char: str) -> bool:
    return char.isalnum() or char == "_"


def _one_script(word: str) -> str:
    """Returns the word in the script of most of its letters, or as it is where some letter has no look-alike."""
    cyrillic, latin = word.translate(LATIN_TO_CYRILLIC), word.translate(CYRILLIC_TO_LATIN)
    choices = [(cyrillic, LATIN), (latin, CYRILLIC)]
    if len(LATIN.findall(word)) > len(CYRILLIC.findall(word)):
        choices.reverse()
    return next((mended for mended, other in choices if not other.search(mended)), word)
