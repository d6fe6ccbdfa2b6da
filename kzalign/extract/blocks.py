"""From anchors to blocks: which lines are an abstract's text and which its keywords.

A block hangs on a heading, on a keywords label, or on both. Text is read from a heading down to the label
or to whatever cannot belong to an abstract, and from a label without a heading up to the title.
"""

import itertools
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from kzalign.extract.anchors import CODED, Anchor
from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.keywords import RUN_IN_SECTION, STOPS, keyword_lines
from kzalign.extract.layout import JOURNAL_NAME, LOWER, UPPER, Kind, Page, is_links
from kzalign.extract.sections import CLOSING_SECTIONS, OPENING_SECTIONS, section_of
from kzalign.extract.titles import split_header

MAX_LINES = 110
MAX_TITLE_LINE = 300
RULE = re.compile(r"[_–—-]{5,}")
"""The rule above a page's footnotes."""

MAX_NAME = 60
"""Characters of a journal's name on a line of its own."""

MAX_RUNNING = 3
"""Lines of a title that runs from page to page."""

MAX_FOOTNOTE = 8
"""Lines between that rule and the page's end."""

CITE = re.compile(
    r"^\W*(?:(?:ссылка\s)?для цитирования|библиографическая ссылка|как цитировать|(?:for|to|how to) cit(?:e|ation)|cite this|"
    r"дәйексөз|сілтеме жасау|корреспондент|автор для корреспонденции|corresponding author|хат[- ]хабар)",
    re.I,
)
"""How a note at a page's foot begins that no rule parts from the text."""

TABLE = re.compile(r"^(?:\d{1,2}\s*-?\s*)?(?:таблица|кесте|table|рисунок|рис\.|сурет|figure|fig\.)\s*(?:\d|[.–—-])", re.I)


@dataclass(slots=True)
class Block:
    """Indices into the page's lines: heading, the header under it, abstract text, furniture left out, label, keywords."""

    heading: int | None = None
    header: list[int] = field(default_factory=list)
    text: list[int] = field(default_factory=list)
    skipped: list[int] = field(default_factory=list)
    label: int | None = None
    keywords: list[int] = field(default_factory=list)
    weak: bool = False
    shared: bool = False
    """The heading names several languages: a text of each follows."""
    follows: bool = False
    """Another version's text or keywords stand directly above."""

    @property
    def first(self) -> int:
        """Index of the block's first line."""
        return min(i for i in (self.heading, self.label, *self.text[:1]) if i is not None)

    @property
    def last(self) -> int:
        """Index of the block's last line."""
        return max(i for i in (self.heading, self.label, *self.text[-1:], *self.keywords[-1:]) if i is not None)


def find_blocks(page: Page, anchors: list[Anchor], max_chars: int) -> list[Block]:
    """Returns the blocks in document order; no line belongs to two of them."""
    blocks: list[Block] = []
    floor = 0
    heading: Anchor | None = None
    ceilings = [*(a.index for a in anchors[1:]), len(page.lines)][: len(anchors)]
    for anchor, ceiling in zip(anchors, ceilings, strict=True):
        if not anchor.is_label:
            if heading is not None:
                blocks.append(_down(page, max_chars, heading, anchor.index))
                floor = blocks[-1].last + 1
            heading = anchor
            continue
        if heading and _keywords_first(page, heading, anchor.index):
            blocks.append(_below_keywords(page, max_chars, heading, anchor.index, ceiling))
            floor, heading = blocks[-1].last + 1, None
            continue
        block = _between(page, max_chars, heading, anchor.index) if heading else None
        if heading and block is None:
            blocks.append(_down(page, max_chars, heading, anchor.index))
            floor = blocks[-1].last + 1
        if block is None:
            block = _up(page, max_chars, anchor.index, floor)
        heading = None
        block.label = anchor.index
        block.keywords = keyword_lines(page, anchor.index, ceiling)
        blocks.append(block)
        floor = block.last + 1
    if heading is not None:
        blocks.append(_down(page, max_chars, heading, len(page.lines)))
    return _reunite(blocks)


def _keywords_first(page: Page, heading: Anchor, label: int) -> bool:
    """Says whether the keywords stand between a heading and its text."""
    return all(page.kind(i) is Kind.FURNITURE for i in range(heading.index + 1, label))


def _below_keywords(page: Page, max_chars: int, heading: Anchor, label: int, ceiling: int) -> Block:
    """Returns the block whose text stands below its keywords, which stand below its heading."""
    keywords = keyword_lines(page, label, ceiling)
    block = _down(page, max_chars, replace(heading, index=keywords[-1]), ceiling)
    return replace(block, heading=heading.index, label=label, keywords=keywords)


def _between(page: Page, max_chars: int, heading: Anchor, label: int) -> Block | None:
    """Returns the block from heading to label, or None where what lies between is more than an abstract."""
    indices = range(heading.index + 1, label)
    if len(indices) > MAX_LINES or sum(len(page.lines[i].text) for i in indices) > 2 * max_chars:
        return None
    header, body = split_header(page, list(indices))
    text, skipped = without_furniture(page, body)
    if sum(len(page.lines[i].text) for i in text) > max_chars:
        return None
    usual = page.usual_gap(heading.index)
    text = _before_table(page, text)
    for before, i in itertools.pairwise(text):
        kind, line = page.kind(i), page.lines[i]
        section = section_of(line.text) if kind is Kind.SECTION else None
        authors = kind is Kind.PEOPLE and line.gap > usual and _finished(page, before)
        opens = CODED.match(line.text) is not None and line.gap > usual and _finished(page, before)
        if (section and (section in CLOSING_SECTIONS or len(text) > 25)) or authors or opens or _is_title_line(page, i):
            return None
    return Block(heading.index, header, text, skipped, weak=heading.weak, shared=heading.shared)


def _before_table(page: Page, text: list[int]) -> list[int]:
    """Returns the text up to a table or figure that stands between it and the keywords."""
    for k, i in enumerate(text[1:], 1):
        if TABLE.match(page.lines[i].text) and _finished(page, text[k - 1]):
            return text[:k]
    return text


def _is_title_line(page: Page, index: int) -> bool:
    """Capitals after a finished sentence are the next version's title, not part of the text."""
    line, before = page.lines[index].text, page.lines[index - 1].text
    return page.kind(index) is Kind.CAPITALS and len(line.split()) > 2 and ENDS_SENTENCE.search(before) is not None


def _down(page: Page, max_chars: int, heading: Anchor, ceiling: int) -> Block:
    """Returns the text below a heading that has no keywords label."""
    stop = min(ceiling, len(page.lines))
    header, rest = split_header(page, list(range(heading.index + 1, stop))[:MAX_LINES])
    usual = page.usual_gap(heading.index)
    candidates: list[int] = []
    body_follows = heading.brief or len(rest) == MAX_LINES
    chars = 0
    for i in rest:
        line = page.lines[i]
        if page.kind(i) in STOPS or RUN_IN_SECTION.match(line.text):
            section = page.kind(i) is Kind.SECTION and section_of(line.text) not in OPENING_SECTIONS
            body_follows = heading.brief or section
            break
        furniture = page.kind(i) is Kind.FURNITURE
        if candidates and _finished(page, candidates[-1]) and (heading.brief if furniture else line.gap > max(usual, 1) + 1):
            break
        chars += len(line.text)
        if chars > max_chars:
            body_follows = True
            break
        candidates.append(i)
    if body_follows:
        candidates = _first_paragraph(page, max_chars, candidates, usual)
    text, skipped = without_furniture(page, _trim_title(page, candidates))
    return Block(heading.index, header, text, skipped, weak=heading.weak, shared=heading.shared)


def _finished(page: Page, index: int) -> bool:
    return ENDS_SENTENCE.search(page.lines[index].text) is not None


def _trim_title(page: Page, candidates: list[int]) -> list[int]:
    """Drops unfinished short lines at the end: the next version's title in ordinary case, page furniture."""
    end = len(candidates)
    while end > 1 and not _finished(page, candidates[end - 1]):
        end -= 1
        if (
            page.kind(candidates[end]) is not Kind.FURNITURE
            and page.lines[candidates[end]].gap
            and _finished(page, candidates[end - 1])
        ):
            return candidates[:end]
    return candidates if end == 1 or end == len(candidates) else candidates[:end]


def _first_paragraph(page: Page, max_chars: int, candidates: list[int], usual: int) -> list[int]:
    for k, i in enumerate(candidates[1:], 1):
        if page.lines[i].gap > usual and _finished(page, candidates[k - 1]) and page.kind(i) is not Kind.FURNITURE:
            return candidates[:k]
    return candidates if sum(len(page.lines[i].text) for i in candidates) < max_chars / 2 else []


def _up(page: Page, max_chars: int, label: int, floor: int) -> Block:
    """Returns the text above a label that has no heading, up to the title or the authors."""
    usual = page.usual_gap(label)
    taken: list[int] = []
    chars = 0
    for i in range(label - 1, floor - 1, -1):
        kind = page.kind(i)
        if kind is Kind.FURNITURE:
            taken.append(i)
            continue
        below = next((j for j in reversed(taken) if page.kind(j) is not Kind.FURNITURE), None)
        if kind in STOPS:
            if not _is_running(page, i, below):
                break
            taken.append(i)
            continue
        if below is not None and _title_above(page, i, below, usual):
            break
        taken.append(i)
        chars += len(page.lines[i].text)
        if chars > max_chars or len(taken) > MAX_LINES:
            return Block()
    while taken and page.kind(taken[-1]) is Kind.FURNITURE:
        taken.pop()
    text, skipped = without_furniture(page, reversed(taken))
    return Block(text=text, skipped=skipped, follows=bool(text) and floor > 0 and text[0] == floor)


def _is_running(page: Page, i: int, below: int | None) -> bool:
    """Says whether authors or capitals beside furniture run over a page's text, in the middle of its sentence."""
    beside = any(0 <= j < len(page.lines) and page.kind(j) is Kind.FURNITURE for j in (i - 1, i + 1))
    return beside and below is not None and re.match(rf"[{LOWER}]", page.lines[below].text) is not None


def _title_above(page: Page, i: int, below: int, usual: int) -> bool:
    """Says whether line `i`, above text that begins at `below`, ends a title rather than a sentence's part."""
    line, following = page.lines[i].text, page.lines[below].text
    question = line.endswith("?") and len(line) < 200 and page.lines[below].gap > usual and page.lines[i].gap > usual
    if (ENDS_SENTENCE.search(line) and not question) or line.endswith((",", ";", "-", "–", "—")):
        return False
    if re.match(rf"[{LOWER}\d(]", following) or len(line) > MAX_TITLE_LINE:
        return False
    return page.lines[below].gap > usual or len(line) < 0.7 * len(following) or len(following) > 250


def without_furniture(page: Page, indices: Iterable[int]) -> tuple[list[int], list[int]]:
    """Returns the indices that are text and those that are not: furniture, and what stands between furniture."""
    order = list(indices)
    is_text = {
        i: page.kind(i) is not Kind.FURNITURE and not _is_link(page, i) and not CITE.match(page.lines[i].text) for i in order
    }
    furniture = [k for k, i in enumerate(order) if not is_text[i]]
    for a, b in itertools.pairwise(furniture):
        between = order[a + 1 : b]
        opens = RULE.fullmatch(page.lines[order[a]].text) or CITE.match(page.lines[order[a]].text)
        footnote = len(between) <= MAX_FOOTNOTE and opens is not None
        if footnote or (0 < len(between) <= 3 and all(_stands_apart(page, i) for i in between)):
            is_text |= dict.fromkeys(between, False)
    for k in furniture:
        for neighbour in (k - 1, k + 1):
            if 0 <= neighbour < len(order) and _is_head(page, order[neighbour]):
                is_text[order[neighbour]] = False
    is_text |= dict.fromkeys(_running_titles(page, order, is_text), False)
    return [i for i in order if is_text[i]], [i for i in order if not is_text[i]]


def _is_head(page: Page, index: int) -> bool:
    """Says whether a line beside furniture is part of it: authors, capitals, codes, a journal's name."""
    text = page.lines[index].text
    named = len(text) < MAX_NAME and not ENDS_SENTENCE.search(text) and JOURNAL_NAME.match(text) is not None
    return named or page.kind(index) in (Kind.PEOPLE, Kind.CAPITALS, Kind.CODE)


def _running_titles(page: Page, order: list[int], is_text: dict[int, bool]) -> Iterator[int]:
    """Yields lines under a page's furniture where the sentence above it goes on only below a blank line."""
    for k, i in enumerate(order):
        above = next((order[n] for n in range(k - 1, -1, -1) if is_text[order[n]]), None)
        if not is_text[i] or k == 0 or is_text[order[k - 1]] or above is None or _finished(page, above):
            continue
        end = next((n for n in range(k + 1, min(len(order), k + 1 + MAX_RUNNING)) if page.lines[order[n]].gap), None)
        if end and re.match(rf"[{UPPER}]", page.lines[i].text) and re.match(rf"[{LOWER}]", page.lines[order[end]].text):
            yield from order[k:end]


def _is_link(page: Page, index: int) -> bool:
    """Says whether a line that may name an article by its DOI is a link and nothing else: part of no text."""
    return page.kind(index) is Kind.CODE and is_links(page.lines[index].text)


def _stands_apart(page: Page, index: int) -> bool:
    """A short line between pieces of furniture that neither ends nor goes on a sentence."""
    text = page.lines[index].text
    return len(text) < 160 and not ENDS_SENTENCE.search(text) and not re.match(rf"[{LOWER}]", text) and not text.endswith("-")


def _reunite(blocks: list[Block]) -> list[Block]:
    """Joins a list of keywords that stands before its abstract with the heading block that follows it."""
    joined: list[Block] = []
    for block in blocks:
        previous = joined[-1] if joined else None
        if (
            previous
            and block.label is None
            and previous.heading is None
            and not previous.text
            and block.heading == previous.last + 1
        ):
            block.label, block.keywords = previous.label, previous.keywords
            joined[-1] = block
        else:
            joined.append(block)
    return joined
