"""Fields to paragraphs, and paragraphs to runs of one language: neither markup nor a language's code is taken at its word."""

import html
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kzalign.text.language import detect
from kzalign.text.script import identify
from kzalign.text.sentences import split_sentences

UNESCAPED = 3
"""Times that a field may have been escaped: &amp;amp;nbsp; is seen."""

_NAMES = """a abbr article b big blockquote body br center cite code dd div dl dt em font h1 h2 h3 h4 h5 h6 hr i img li o:p ol
    p pre q s section small span strike strong sub sup table tbody td th tr tt u ul"""
_TAG_NAME = rf"(?:jats:)?(?:{'|'.join(_NAMES.split())}|italic|bold|title|sec)"
_ATTRIBUTES = r"(?:\s+[\w:-]+\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*'|[^\s\"'<>]+))*"
TAG = re.compile(rf"</?{_TAG_NAME}{_ATTRIBUTES}\s*/?>|<!--.*?-->", re.I | re.S)
BREAK = re.compile(rf"</?(?:jats:)?(?:p|div|br|li|h[1-6]|tr|ul|ol|table|title|sec|blockquote){_ATTRIBUTES}\s*/?>", re.I)
UNSEEN = re.compile(r"<(script|style)\b[^<>]*>.*?</\1\s*>", re.I | re.S)
INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff]")
ENDS = re.compile(r"[.!?…:;»”\")\]]\s*$")

MIN_RUN = 80
"""Characters below which a change of language is a quotation, a name or a term."""
MIN_SENTENCE = 25
"""Letters below which a sentence's language is that of its neighbours."""
MIN_SCRIPT = 40
"""Letters of one script, and then of another, that show two texts where no full stop parts them."""
PURE = 0.85
"""Share of one script in such a text."""
SAMPLE = 600
DOUBT = 0.8
"""Confidence below which a sentence goes with its neighbours."""
SURE = 0.9
"""Confidence from which on letters and words agreed with lingua on every abstract of this project's gold."""
WRITTEN = {"kk": "Cyrl", "ru": "Cyrl", "en": "Latn"}

HEADING = re.compile(
    r"^\W*(?:аңдатпа|андатпа|түйін(?:деме)?|түйіндеме|аннотация|резюме|реферат|abstract|summary|annotation|"
    r"(?:түйін(?:ді)?|кілт|тірек)\s+сөз(?:дер|дері)?|ключевые\s+слова|key\s*words?)\b",
    re.I,
)
WORD = re.compile(r"[^\W\d_]+")
LATIN = re.compile(r"[A-Za-z]")


class Unit(NamedTuple):
    """A sentence, the number of its paragraph, and its place in that."""

    paragraph: int
    start: int
    end: int
    text: str


Stretch = tuple[str, list[Unit]]
"""Sentences that follow one another in a language."""


@dataclass(frozen=True, slots=True)
class Run:
    """Paragraphs in one language; `lang` is empty where it is none of kk, ru and en."""

    lang: str
    confidence: float
    paragraphs: tuple[str, ...]

    @property
    def text(self) -> str:
        """The paragraphs as one."""
        return " ".join(self.paragraphs)


def language_of(text: str) -> tuple[str, float]:
    """Returns the language of a text, kk, ru or en, with the confidence; empty for another, or another script."""
    found = identify(text[:SAMPLE])
    if found.confidence >= SURE:
        return (found.lang, found.confidence) if WRITTEN.get(found.lang) == found.script else ("", found.confidence)
    detected = detect(text)
    return (detected.lang, detected.confidence) if detected else ("", 0.0)


def paragraphs_of(text: str) -> list[str]:
    """Returns the paragraphs of a field without markup, whether that was escaped once, twice or not at all."""
    for _ in range(UNESCAPED):
        known, text = text, html.unescape(text)
        if text == known:
            break
    text = INVISIBLE.sub("", UNSEEN.sub(" ", text))
    found = []
    for block in re.split(r"\n\s*\n", BREAK.sub("\n\n", text)):
        found += _lines(TAG.sub("", block))
    return found


def _lines(block: str) -> list[str]:
    """Returns the paragraphs of a block: a line goes on in the next unless a sentence ends in it."""
    found: list[str] = []
    goes_on = False
    for line in block.splitlines():
        clean = " ".join(line.split())
        if not clean:
            continue
        if goes_on:
            found[-1] = f"{found[-1]} {clean}"
        else:
            found.append(clean)
        goes_on = not ENDS.search(clean)
    return found


def runs_of(paragraphs: Sequence[str]) -> list[Run]:
    """Returns the runs of one language; a short stretch in another language belongs to what stands around it."""
    units = [unit for number, paragraph in enumerate(paragraphs) for unit in _units(number, paragraph)]
    found: list[Stretch] = []
    for unit, lang in zip(units, _filled(units, [_sentence_language(unit.text) for unit in units]), strict=True):
        if found and found[-1][0] == lang:
            found[-1][1].append(unit)
        else:
            found.append((lang, [unit]))
    runs: list[Run] = []
    for run in (_run(units, paragraphs) for _, units in _merged(found)):
        if runs and runs[-1].lang == run.lang:
            runs[-1] = Run(run.lang, max(runs[-1].confidence, run.confidence), runs[-1].paragraphs + run.paragraphs)
        else:
            runs.append(run)
    return runs


def _units(number: int, paragraph: str) -> Iterator[Unit]:
    """Yields the sentences of a paragraph with their places in it."""
    end = 0
    for sentence in split_sentences([paragraph]):
        for piece in _by_script(sentence):
            start = paragraph.index(piece, end)
            end = start + len(piece)
            yield Unit(number, start, end, piece)


def _filled(units: Sequence[Unit], labels: Sequence[str | None]) -> list[str]:
    """Returns the languages with those in doubt decided: between two languages, by where they change most likely."""
    filled: list[str] = []
    while len(filled) < len(labels):
        first = len(filled)
        label = labels[first]
        if label is not None:
            filled.append(label)
            continue
        last = next((k for k in range(first, len(labels)) if labels[k] is not None), len(labels))
        before = filled[-1] if filled else None
        after = labels[last] if last < len(labels) else None
        if before is not None and after is not None and before != after:
            cut = _change([unit.text for unit in units[first:last]], before, after)
        else:
            before = after = before or after or ""
            cut = 0
        filled += [before] * cut + [after] * (last - first - cut)
    return filled


def _change(texts: Sequence[str], before: str, after: str) -> int:
    """Returns how many of the texts are in the language before; a heading begins what comes after."""
    guesses = [after if HEADING.match(text) else language_of(text)[0] for text in texts]
    return max(range(len(texts), -1, -1), key=lambda k: guesses[:k].count(before) + guesses[k:].count(after))


def _sentence_language(sentence: str) -> str | None:
    """Returns the language of a sentence, empty for another one, None where it is too short or too doubtful to tell."""
    if sum(map(str.isalpha, sentence)) < MIN_SENTENCE:
        return None
    lang, confidence = language_of(sentence)
    return lang if confidence >= DOUBT else None


def _merged(found: list[Stretch]) -> list[Stretch]:
    """Returns the runs without those that are too short, or a quotation amid a text in one language."""
    runs = list(found)
    while len(runs) > 1:
        k = next((k for k in range(len(runs)) if _is_aside(runs, k)), None)
        if k is None:
            break
        at = k - 1 if k else 1
        first, second = sorted((k, at))
        lang = runs[at][0]
        runs[first : second + 1] = [(lang, [*runs[first][1], *runs[second][1]])]
        if 0 < first < len(runs) and runs[first - 1][0] == lang:
            runs[first - 1 : first + 1] = [(lang, [*runs[first - 1][1], *runs[first][1]])]
            first -= 1
        if first + 1 < len(runs) and runs[first + 1][0] == lang:
            runs[first : first + 2] = [(lang, [*runs[first][1], *runs[first + 1][1]])]
    return runs


def _is_aside(runs: Sequence[Stretch], k: int) -> bool:
    size = _size(runs[k][1])
    if size < MIN_RUN:
        return True
    amid = 0 < k < len(runs) - 1 and runs[k - 1][0] == runs[k + 1][0]
    return amid and size < min(_size(runs[k - 1][1]), _size(runs[k + 1][1]))


def _size(units: Sequence[Unit]) -> int:
    return sum(len(unit.text) for unit in units)


def _run(units: Sequence[Unit], paragraphs: Sequence[str]) -> Run:
    places: dict[int, tuple[int, int]] = {}
    for unit in units:
        start, _ = places.get(unit.paragraph, (unit.start, 0))
        places[unit.paragraph] = (start, unit.end)
    cut = tuple(paragraphs[number][start:end] for number, (start, end) in places.items())
    lang, confidence = language_of(" ".join(cut))
    return Run(lang, confidence, cut)


def _by_script(sentence: str) -> list[str]:
    """Returns a sentence, or the two texts in it: one in Latin and one in Cyrillic letters with no full stop between."""
    words = list(WORD.finditer(sentence))
    latin = [len(word[0]) * (1 if LATIN.match(word[0]) else -1) for word in words]
    total = sum(map(abs, latin))
    if total < 2 * MIN_SCRIPT or abs(sum(latin)) > total - 2 * MIN_SCRIPT * PURE:
        return [sentence]
    before, best, at = 0, 0, 0
    for k in range(len(words) - 1):
        before += latin[k]
        if abs(before - (sum(latin) - before)) > best:
            best, at = abs(before - (sum(latin) - before)), k + 1
    sides = latin[:at], latin[at:]
    sizes = [sum(map(abs, side)) for side in sides]
    if min(sizes) < MIN_SCRIPT or any(abs(sum(side)) < (2 * PURE - 1) * size for side, size in zip(sides, sizes, strict=True)):
        return [sentence]
    cut = sentence.rfind(" ", 0, words[at].start())
    if cut < 0:
        return [sentence]
    return [part for half in (sentence[:cut].strip(), sentence[cut:].strip()) for part in _by_script(half)]
