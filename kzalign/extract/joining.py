"""Wrapped lines to running text: hyphens at line ends, paragraphs, line spans."""

import re
from collections.abc import Sequence

from kzalign.extract.letters import LOWER, UPPER
from kzalign.extract.lines import Line
from kzalign.records import Spans

ENDS_SENTENCE = re.compile(r"[.!?…][\"'”’»)\]]*$")
HYPHENS = ("-", "‐", "\u00ad")
GLUED = re.compile(rf"\S[–—][\d{UPPER}]$|[%°)\]»”]-[{LOWER}]$")
"""A dash within a range or between names (`2022–`), a hyphen behind a sign (`47%-`), each with how the next line begins."""

DOUBLED = 4
"""Letters with which both halves of a doubled word begin."""

HYPHEN_END = re.compile(r"([^\W_]+)([-‐\u00ad])$")
COMPOUND_FIRST = re.compile(
    r"(?:.{2,}[оеө]|.*ға|.*ге|.*қа|.*ке|.*да|.*де|жан|кез|бір|екі|үш|анда|оқта|іс|қарым|өзін|ақ|by|in|of|the|and|to|on|self|non|co|pre|post|"
    r"e|x|it|hr|кейс|онлайн|офлайн|веб|интернет|медиа|пресс|топ|экс|вице|мини|бизнес|арт|контент|online|offline|web|well|long|short|high|"
    r"low|large|small|full|real|one|two|three|first|second|cross|multi|socio|inter|anti|semi|half|all|ever|time|state|data|work|"
    r"decision|problem|student|teacher|learner|child|practice|evidence|school|community|object|user|human|peer|game|project|task|"
    r"computer|knowledge|research|science|market|risk|cost|energy|carbon|water)$",
    re.I,
)
"""First halves that usually keep their hyphen: Russian and Kazakh compound adjectives, paired words, English prefixes."""


class Words:
    """What the whole document says about a word broken at a line end: is it written with or without its hyphen?"""

    def __init__(self, text: str) -> None:
        self._text = text
        self._lowered: str | None = None

    def count(self, word: str) -> int:
        """Returns how often a word of the document begins with this."""
        if self._lowered is None:
            self._lowered = self._text.lower()
        text, word = self._lowered, word.lower()
        found, at = 0, text.find(word)
        while at >= 0:
            found += at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_")
            at = text.find(word, at + 1)
        return found


def keeps_hyphen(first: str, second: str, words: Words) -> bool:
    """Says whether `first-` at a line's end and `second` on the next are a compound written with a hyphen."""
    if first.isupper() and second.isupper() and len(second) > 1:
        first, second = first.lower(), second.lower()
    if first.isascii() != second.isascii() or (len(first) >= DOUBLED and second.startswith(first[:DOUBLED].lower())):
        return True
    if not second or not re.match(rf"[{LOWER}]", second) or len(first) < 2 or first[-1].isdigit() or first[-1].isupper():
        return True
    joined, hyphened = words.count(first + second), words.count(f"{first}-{second}")
    if joined != hyphened:
        return hyphened > joined
    stem = second[: max(4, len(second) - 3)]
    joined, hyphened = words.count(first + stem), words.count(f"{first}-{stem}")
    if joined != hyphened:
        return hyphened > joined
    return COMPOUND_FIRST.match(first) is not None


def join_lines(lines: Sequence[Line], words: Words) -> list[str]:
    """Returns the paragraphs that the lines wrap, hyphens of line breaks undone."""
    width = _width(lines)
    paragraphs: list[str] = []
    text = ""
    for k, line in enumerate(lines):
        if not text:
            text = line.text
        elif _paragraph_ends(lines[k - 1], line, width):
            paragraphs.append(text)
            text = line.text
        else:
            text = _append(text, line.text, words)
    if text:
        paragraphs.append(text)
    return [clean for p in paragraphs if (clean := " ".join(p.replace("\u00ad", "").split()))]


def _append(text: str, following: str, words: Words) -> str:
    broken = HYPHEN_END.search(text.rsplit(maxsplit=1)[-1]) if text.endswith(HYPHENS) else None
    if not broken:
        return f"{text}{'' if GLUED.search(f'{text}{following[:1]}') else ' '}{following}"
    second = re.match(r"[^\W_]*", following)
    if broken[2] == "\u00ad":
        return text[:-1] + following
    if keeps_hyphen(broken[1], second[0] if second else "", words):
        return text + following
    return text[:-1] + following


def _width(lines: Sequence[Line]) -> float:
    """Returns the width the text was set to: the 90th percentile of the line lengths."""
    lengths = sorted(len(line.text) for line in lines)
    return lengths[int(0.9 * (len(lengths) - 1))] if lengths else 0


def _paragraph_ends(line: Line, following: Line, width: float) -> bool:
    """A line that was broken early, or that is a paragraph itself, ends one: its next word would have fitted."""
    first = following.text.lstrip("«“\"'(•–—-● ")[:1]
    if not (first.isupper() or following.text[:1] in "•●▪" or re.match(r"\d{1,2}[.)]\s", following.text)):
        return False
    if line.text.endswith((",", ";", ":", "-", "–", "—", "(", "«")):
        return False
    word = following.text.split(maxsplit=1)[0]
    return len(line.text) + 1 + len(word) < 0.85 * width or width > 250


def spans_of(lines: Sequence[Line], skipped: Sequence[int]) -> Spans:
    """Returns the line ranges of `lines`, broken where a line of `skipped` (furniture) lies between two of them."""
    spans: list[tuple[int, int]] = []
    for line in lines:
        if spans and not any(spans[-1][1] < number < line.number for number in skipped):
            spans[-1] = (spans[-1][0], line.number)
        elif not spans or line.number > spans[-1][1]:
            spans.append((line.number, line.number))
    return tuple(spans)
