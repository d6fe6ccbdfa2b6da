"""Wrapped lines to running text: hyphens at line ends, paragraphs, line spans."""

import re
from collections.abc import Iterator, Sequence
from functools import cached_property

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
    r"(?:.{2,}ө|сондай|мақал|жан|кез|бір|екі|үш|анда|оқта|іс|қарым|өзін|ақ|by|in|of|the|and|to|on|self|non|co|pre|post|"
    r"e|x|it|hr|кейс|вейвлет|блок|генерал|дизель|онлайн|офлайн|веб|интернет|медиа|пресс|топ|экс|вице|мини|бизнес|арт|контент|online|offline|web|well|long|short|high|"
    r"low|large|small|full|real|one|two|three|first|second|cross|multi|socio|inter|anti|semi|half|all|ever|time|state|data|work|"
    r"decision|problem|student|teacher|learner|child|practice|evidence|school|community|object|user|human|peer|game|project|task|"
    r"computer|knowledge|research|science|market|risk|cost|energy|carbon|water)$",
    re.I,
)
"""First halves that usually keep their hyphen: paired words of Kazakh, English prefixes."""

PAIRED_FIRST = re.compile(r".{2,}(?:льно|нно|чно|тно|вно|рно|дно|сно|шно|щно|ско|ико|лого|финансово|торгово|правово)$", re.I)
ADJECTIVE = re.compile(r".{3,}(?:[ыиоея]й|[ая]я|[оеиы]е|[оеы]го|[оеы]му|[иы][мх]и?|ую|юю)$", re.I)
"""The first half of a Russian compound adjective, научно-технический, and any adjective, which its second half is."""

KAZAKH_ADJECTIVE = re.compile(
    r"(?:.{3,}(?:[лдт][ыі]қ|[лдт]ік|лы|лі)|тарихи|мәдени|саяси|әдеби|ғылыми|рухани|ресми|діни|заманауи)$", re.I
)
"""Both halves of a Kazakh one: салыстырмалы-тарихи, халықаралық-құқықтық."""

UNITS = frozenset("мм см км нм га мг кг мл вт квт ом па кпа мпа гц кгц эв мэв".split())
UNIT_ENDINGS = frozenset("дан ден тан тен нан нен ға ге қа ке да де та те ды ді ты ті ны ні дың дің тың тің ның нің".split())
"""Kazakh endings behind a unit: 3 см-ден."""

STEM = 5
"""Letters by which the second half is known elsewhere in the document."""

ENGLISH_SUFFIX = re.compile(
    r"(?:a?tion|sion|ment|ness|ship|able|ible|ance|ence|ing|ally|ical|ative|ively|ities|ization|isation|ological|ering|erable|ously|"
    r"iveness|fulness|lessness|edly)"
)
"""What an English word of its own does not begin with."""

HYPHENED = re.compile(r"[^\W\d_]+-[^\W\d_]")
SUSPENDED = frozenset("and or to и или до және немесе".split())
"""Words before which a hyphen stands for what the next word says: β- and σ-convergence."""

JOINED_FIRST = re.compile(
    r"(?:[псд]о|про|воз|обо|ото|надо|подо|изо|эко|техно|био|гео|гидро|электро|авто|фото|микро|макро|нано|агро|нейро|психо|моно|термо|"
    r"энерго|радио|метео|палео|нео|зоо|крио|лито|магнито|морфо|пневмо|прото|псевдо|пьезо|стерео|токсо|фито|хроно|цито|этно|"
    r"само|много|мало|одно|равно|разно|водо|хлоро|ферро|спектро|хромато)$",
    re.I,
)
"""Prefixes and first halves in -о that Russian and Kazakh write in one word with what follows."""


class Words:
    """What the whole document says about a word broken at a line end: is it written with or without its hyphen?"""

    def __init__(self, text: str) -> None:
        self._text = text

    @cached_property
    def _small(self) -> str:
        return self._text.lower()

    def count(self, word: str) -> int:
        """Returns how often a word of the document begins with this."""
        return sum(1 for _ in self._places(word))

    def whole(self, word: str) -> int:
        """Returns how often a word of the document, or a half of one with a hyphen, is this."""
        return sum(not self._small[at + len(word) : at + len(word) + 1].isalnum() for at in self._places(word))

    def _places(self, word: str) -> Iterator[int]:
        text, word = self._small, word.lower()
        at = text.find(word)
        while at >= 0:
            if at == 0 or not (text[at - 1].isalnum() or text[at - 1] == "_"):
                yield at
            at = text.find(word, at + 1)


def keeps_hyphen(first: str, following: str, words: Words) -> bool:
    """Says whether `first-` at a line's end and the word that the next line begins with are a compound written with a hyphen."""
    second = first_word(following)
    if first.isupper() and second.isupper() and len(second) > 1:
        first, second = first.lower(), second.lower()
    if first.lower() in UNITS and second in UNIT_ENDINGS:
        return True
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
    if HYPHENED.match(following):
        return True
    if JOINED_FIRST.match(first):
        return False
    if first.isascii() and len(second) > STEM and words.whole(first) > 1 and not ENGLISH_SUFFIX.match(second):
        return True
    if first.endswith("о"):
        paired = ADJECTIVE.search(second) is not None and (PAIRED_FIRST.match(first) or words.count(second[:STEM]) > 1)
        return bool(paired) or first.lower() in ("северо", "юго")
    if KAZAKH_ADJECTIVE.match(first) and KAZAKH_ADJECTIVE.match(second):
        return True
    alike = first[:3] == second[:3] and (second.startswith(first) or first[-4:] == second[-4:])
    return alike or COMPOUND_FIRST.match(first) is not None


def first_word(line: str) -> str:
    """Returns the word that a line begins with, empty where it begins otherwise."""
    match = re.match(r"[^\W_]*", line)
    return match[0] if match else ""


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
        return f"{text}{'' if GLUED.search(f'{text[-2:]}{following[:1]}') else ' '}{following}"
    if first_word(following) in SUSPENDED:
        return f"{text} {following}"
    if broken[2] == "\u00ad":
        return text[:-1] + following
    if keeps_hyphen(broken[1], following, words):
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
