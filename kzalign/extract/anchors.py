"""Where a document says "here is an abstract" or "here are the keywords".

Headings come in three languages, many words, any case, misspelt, spaced out, alone on a line or run into
the text. Which language a heading is in says nothing: the text decides.
"""

import re
from dataclasses import dataclass, replace

from kzalign.extract.layout import Page
from kzalign.extract.letters import UPPER
from kzalign.extract.people import is_capital_people, is_people
from kzalign.extract.sections import SPACED

STRONG = (
    *(
        "аңдатпа",
        "андатпа",
        "аннотация",
        "аннотациясы",
        "аннотации",
        "аңдатпасы",
        "андатпасы",
        "abstract",
        "abstracts",
        "annotation",
        "annotations",
    ),
    *("түйіндеме", "түйіндемесі", "реферат"),
)
WEAK = ("түйін", "түйіні", "резюме", "resume", "résumé", "summary", "тұжырым", "тұжырымдама")
"""Words that also head a conclusion: they count only with a keywords line or a translation beside them."""

FLAGS = frozenset(
    (
        *("қазақша", "қазақ тілінде", "қазақ тілі", "орысша", "орыс тілінде", "ағылшынша", "ағылшын тілінде"),
        *("на русском", "на русском языке", "на казахском языке", "на английском языке", "по-русски"),
        *("in english", "in kazakh", "in russian", "english"),
    )
)
"""Names of languages that some journals write over a text in place of a heading."""

REFERENCE_NOTE = re.compile(r"\[(?:in|на|қазақ|орыс|ағылшын)\s")
"""[in Russian], at an entry's end in a list of references."""

HEADING_WORDS = frozenset(STRONG + WEAK)
_QUALIFIER = r"(?:\s+(?:к\s+статье|статьи|мақалаға|of the article|\((?:[^()]{2,25})\)))?"
_MARK = r"(?:[\[(]?(?:en|eng|ru|rus|kz|kk|kaz|қаз|рус|англ|ағыл)[\])][.:]?\s*)?"
"""A language's mark before the heading: [EN], (рус)."""

_BEFORE = rf"^(?:\W*|\W*\d{{1,2}}[.)]?\s*){_MARK}(?:мақала(?:ның)?\s+|article\s+)?"
RUN_IN = re.compile(
    rf"{_BEFORE}(?P<word>{'|'.join(sorted(HEADING_WORDS, key=len, reverse=True))}){_QUALIFIER}"
    rf"(?:\s*[.:;–—]+\s*|\s+-\s+|\s+(?=(?-i:[{UPPER}«\"“])))(?P<text>\S.*)$",
    re.I,
)
_LABEL = (
    r"(?:түйін(?:ді|дi)?|кілт(?:тік|ті|тi|iк)?|негізгі|тірек|тipeк|маңызды|өзекті)\s+(?:сөз(?:дер|дері|деp)?(?:\s+мен\s+сөз\s+тіркестер[іi]?)?"
    r"|ұғымдар)|(?:ключ[её]в[ыі]е|опорные)\s+слов[ао](?:\s+и\s+(?:фразы|словосочетания))?|key\s*-?\s*words?(?:\s+and\s+phrases)?|index\s+terms|түйінсөздер|кілтсөздер"
)
LABEL = re.compile(
    rf"^\W*(?:\d{{1,2}}[.)]\s*)?{_MARK}(?P<label>{_LABEL})(?:\s*[/|]\s*(?:{_LABEL}))*\s*(?:\([^()]{{2,20}}\)\s*)?(?P<mark>[:.;–—-]|$|(?=\s))\s*(?P<text>.*)$",
    re.I,
)
INNER_LABEL = re.compile(rf"(?<=[.!?…»\")\]])\s+(?P<label>{_LABEL})\s*[:–—]\s*(?P<text>\S.*)$", re.I)
SPACED_LABEL = re.compile(r"^((?:\w\s+){4,}\w)(\s*[:.].*)$")
"""A label set with a space between its letters, two between its words."""

LISTED, SHORT = 3, 45
"""Lines under a label alone, and characters of each, that show a list with a keyword on each line."""

NUMBERED_ITEM = re.compile(r"\d{1,2}[.)]\s+(?=[^\W\d])")
"""A keyword on a line of its own in a numbered list."""

LABEL_START = re.compile(rf"^\W*(?:\d{{1,2}}[.)]\s*)?{_MARK}(?:[түкнмөоkiж])", re.I)
MARK = re.compile(rf"^\W*{_MARK}", re.I)
AFTER_AUTHORS = re.compile(
    rf"^(?P<authors>.{{5,150}}?[.;])\s+(?P<word>{'|'.join(STRONG)})\s*[.:—]\s+(?P<text>(?-i:[{UPPER}]).{{30,}})$", re.I
)


CODED = re.compile(r"^\W*(?:УДК|ӘОЖ|UDC|UDK)[\s:]*(?P<code>\d[\d.:/()+=\[\]–-]*?)\.?(?:\s+(?P<people>.{0,200}))?$")


@dataclass(frozen=True, slots=True)
class Anchor:
    """A heading or a keywords label at a line of the page; `weak` needs other evidence."""

    index: int
    is_label: bool
    weak: bool = False
    shared: bool = False
    """The line names the heading in several languages."""
    brief: bool = False
    """One paragraph follows."""


def find_anchors(page: Page) -> list[Anchor]:
    """Returns the page's headings and labels in order, splitting lines so that each stands at its line's start."""
    anchors: list[Anchor] = []
    codes: set[str] = set()
    index = 0
    while index < len(page.lines):
        text = page.lines[index].text
        anchor = _heading(page, index, text) or _label(page, index, text) or _summary(index, text, codes)
        if anchor:
            anchors.append(anchor)
        index += 1
    return _in_a_row(anchors)


def _in_a_row(anchors: list[Anchor]) -> list[Anchor]:
    """Headings that follow each other with no line between are one, over texts in these languages."""
    joined: list[Anchor] = []
    for anchor in anchors:
        above = joined[-1] if joined else None
        if above and not above.is_label and not anchor.is_label and anchor.index == above.index + 1:
            joined[-1] = replace(anchor, shared=True, weak=above.weak and anchor.weak)
        else:
            joined.append(anchor)
    return joined


def _heading(page: Page, index: int, text: str) -> Anchor | None:
    if len(text) <= 30 and not REFERENCE_NOTE.match(text) and text.strip(' []()«»"“”*_:.–—-').casefold() in FLAGS:
        return Anchor(index, False, weak=True)
    if not _may_be_heading(text):
        return _heading_after_authors(page, index, text)
    if len(text) <= 60 and ("/" in text or "|" in text):
        words = [heading_word(part) for part in re.split(r"[/|]", text)]
        if len(words) > 1 and all(words):
            return Anchor(index, False, shared=True)
    if len(text) <= 60:
        word = heading_word(text)
        if word:
            return Anchor(index, False, weak=word in WEAK)
    match = RUN_IN.match(text)
    if not match:
        return _heading_after_authors(page, index, text)
    glued = not re.search(r"[.:;–—-]\s*$", text[: match.start("text")])
    word = match["word"].lower()
    if glued and (word in WEAK or len(match["text"]) < 40 or not match["word"][0].isupper()):
        return None
    if not match["word"][0].isupper() or LABEL.match(match["text"]):
        return None
    page.split(index, text[: match.start("text")].strip(), match["text"].strip())
    return Anchor(index, False, weak=word in WEAK)


def _heading_after_authors(page: Page, index: int, text: str) -> Anchor | None:
    """A heading run in after the authors' names: "S. Yessenov, D. Klein. Abstract. The profile …"."""
    match = AFTER_AUTHORS.match(text) if ". " in text else None
    if not match or not match["word"][0].isupper() or not is_people(match["authors"]):
        return None
    page.split(index, match["authors"], match["word"], match["text"])
    return None


def _summary(index: int, text: str, codes: set[str]) -> Anchor | None:
    """An article's code once more, now with its authors behind it, heads a summary; `codes` are those before this line."""
    match = CODED.match(text)
    if match is None:
        return None
    known = match["code"] in codes
    codes.add(match["code"])
    people = (match["people"] or "").rstrip(" .")
    heads = known and people and (is_people(people) or is_capital_people(people))
    return Anchor(index, False, weak=True, brief=True) if heads else None


def _may_be_heading(text: str) -> bool:
    first = text.lstrip(" \t*_#.-–•0123456789()")[:1].lower()
    return first in "аaтtрrsсм" or first == "["


def heading_word(text: str) -> str | None:
    """Returns the heading word a short line consists of, allowing for one misspelt letter, or None."""
    bare = re.sub(r"\s*\([^()]{2,25}\)\W*$", "", MARK.sub("", text))
    bare = re.sub(r"^\W*(?:\d{1,2}[.)]?\s*)?|\W+$", "", bare)
    if SPACED.match(text):
        bare = re.sub(r"\s+", "", bare)
    bare = re.sub(r"^(?:мақаланың|мақала|article)\s+|\s+(?:к\s+статье|статьи|of the article)$", "", bare.casefold())
    if bare in HEADING_WORDS:
        return bare
    if not 6 <= len(bare) <= 15 or " " in bare or bare[0] not in "аaт":
        return None
    return next((word for word in STRONG if len(word) >= 7 and one_edit(bare, word)), None)


def one_edit(a: str, b: str) -> bool:
    """Says whether one insertion, deletion, substitution or swap of neighbours makes a into b."""
    if abs(len(a) - len(b)) > 1:
        return False
    i = next((k for k, (x, y) in enumerate(zip(a, b, strict=False)) if x != y), min(len(a), len(b)))
    rest_a, rest_b = a[i:], b[i:]
    swapped = rest_a[:2] == rest_b[1::-1] if len(rest_b) >= 2 else False
    return rest_a[1:] == rest_b or rest_a == rest_b[1:] or rest_a[1:] == rest_b[1:] or (swapped and rest_a[2:] == rest_b[2:])


def _label(page: Page, index: int, text: str) -> Anchor | None:
    spaced = SPACED_LABEL.match(text)
    if spaced:
        closed = " ".join(word.replace(" ", "") for word in re.split(r"\s{2,}", spaced[1])) + spaced[2]
        if LABEL.match(closed):
            page.split(index, text := closed)
    match = LABEL.match(text) if LABEL_START.match(text) else None
    if match:
        return Anchor(index, True) if _is_label(match, page, index) else None
    if len(text) > 120:
        inner = INNER_LABEL.search(text)
        if inner:
            page.split(index, text[: inner.start()].rstrip(), text[inner.start("label") :])
    return None


def _is_label(match: re.Match[str], page: Page, index: int) -> bool:
    label, mark, text = match["label"], match["mark"], match["text"]
    if not label[0].isupper():
        return False
    if mark in (":", ".", ";", "–", "—", "-"):
        return bool(text) or index + 1 < len(page.lines)
    if not text:
        below = page.lines[index + 1].text if index + 1 < len(page.lines) else ""
        return "," in below or NUMBERED_ITEM.match(below) is not None or _is_list(page, index)
    return text.count(",") + text.count(";") >= 2


def _is_list(page: Page, index: int) -> bool:
    """Says whether short lines without marks stand directly under a label: a keyword on each."""
    lines = page.lines[index + 1 : index + 1 + LISTED]
    return len(lines) == LISTED and all(len(line.text) < SHORT and not re.search(r"[.,;:!?]", line.text) for line in lines)


def label_text(text: str) -> str:
    """Returns what follows the label on its line."""
    match = LABEL.match(text)
    return match["text"] if match else text
