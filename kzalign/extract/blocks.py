"""From anchors to blocks: which lines are an abstract's text and which its keywords.

A block hangs on a heading, on a keywords label, or on both. Text is read from a heading down to the label
or to whatever cannot belong to an abstract, and from a label without a heading up to the title.
"""

import itertools
import re
from dataclasses import dataclass, field, replace

from kzalign.extract.anchors import CODED, Anchor
from kzalign.extract.furniture import finished, without_furniture
from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.keywords import RUN_IN_SECTION, STOPS, keyword_lines
from kzalign.extract.layout import Kind, Page, is_article_info
from kzalign.extract.letters import LOWER, script_language
from kzalign.extract.people import PERSON_WITH_INITIALS, is_people, names_degree
from kzalign.extract.sections import CLOSING_SECTIONS, OPENING_SECTIONS, section_of
from kzalign.extract.titles import BEGINNING, MAX_TITLE_LINES, UNFINISHED
from kzalign.extract.titles_below import split_header

MAX_LINES = 110
LONG_LINES, LONG = 25, 1800
"""Lines and characters above which a text in sections is an article's body."""

MAX_TITLE_LINE = 300
MAX_HEADER = 8
"""Lines of a title and authors between a heading and the keywords, at most."""

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
    bare: bool = False
    """Neither a heading nor keywords mark it."""
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
    return _reunite(page, blocks)


def _keywords_first(page: Page, heading: Anchor, label: int) -> bool:
    """Says whether the keywords stand between a heading, or the title and authors under it, and its text."""
    lines = (i for i in range(heading.index + 1, label) if page.kind(i) is not Kind.FURNITURE)
    between = list(itertools.islice(lines, MAX_HEADER + 1))
    if not between:
        return True
    headed = len(between) <= MAX_HEADER and page.kind(between[-1]) is Kind.PEOPLE
    return headed and not any(finished(page, i) for i in between if page.kind(i) is not Kind.PEOPLE)


def _below_keywords(page: Page, max_chars: int, heading: Anchor, label: int, ceiling: int) -> Block:
    """Returns the block whose text stands below its keywords, which stand below its heading."""
    keywords = keyword_lines(page, label, ceiling)
    block = _down(page, max_chars, replace(heading, index=keywords[-1]), ceiling)
    header = [i for i in range(heading.index + 1, label) if page.kind(i) is not Kind.FURNITURE]
    return replace(block, heading=heading.index, label=label, keywords=keywords, header=header or block.header)


def _between(page: Page, max_chars: int, heading: Anchor, label: int) -> Block | None:
    """Returns the block from heading to label, or None where what lies between is more than an abstract."""
    indices = range(heading.index + 1, label)
    if len(indices) > MAX_LINES or sum(len(page.lines[i].text) for i in indices) > 2 * max_chars:
        return None
    if any(is_article_info(page.lines[i].text) or _opens_article(page, i) for i in indices[1:]):
        return None
    header, body = split_header(page, list(indices))
    text, skipped = without_furniture(page, body)
    if sum(len(page.lines[i].text) for i in text) > max_chars:
        return None
    usual = page.usual_gap(heading.index)
    text = _before_aside(page, text)
    long = len(text) > LONG_LINES and sum(len(page.lines[i].text) for i in text) > LONG
    for before, i in itertools.pairwise(text):
        kind, line = page.kind(i), page.lines[i]
        section = section_of(line.text) if kind is Kind.SECTION else None
        authors = kind is Kind.PEOPLE and line.gap > usual and (finished(page, before) or _ends_title(page, text, before, usual))
        opens = CODED.match(line.text) is not None and line.gap > usual and finished(page, before)
        if (section and (section in CLOSING_SECTIONS or long)) or authors or opens or _is_title_line(page, i):
            return None
    return Block(heading.index, header, text, skipped, weak=heading.weak, shared=heading.shared)


def _opens_article(page: Page, index: int) -> bool:
    """Says whether a line is a code that follows a whole sentence and is followed by authors or a title in capitals."""
    if page.kind(index) is not Kind.CODE or not CODED.match(page.lines[index].text) or index + 1 == len(page.lines):
        return False
    above = next((i for i in range(index - 1, -1, -1) if page.kind(i) is not Kind.FURNITURE), None)
    return page.kind(index + 1) in (Kind.PEOPLE, Kind.CAPITALS) and (above is None or finished(page, above))


def _ends_title(page: Page, text: list[int], index: int, usual: int) -> bool:
    """Says whether a line ends a title that stands apart below a finished sentence."""
    at = text.index(index)
    first = next((k for k in range(at, max(0, at - MAX_TITLE_LINES), -1) if page.lines[text[k]].gap > usual), 0)
    return first > 0 and finished(page, text[first - 1]) and not any(finished(page, i) for i in text[first : at + 1])


def _before_aside(page: Page, text: list[int]) -> list[int]:
    """Returns the text up to a table, a figure or thanks that stand between it and the keywords."""
    for k, i in enumerate(text[1:], 1):
        line = page.lines[i].text
        if (TABLE.match(line) or RUN_IN_SECTION.match(line)) and finished(page, text[k - 1]):
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
        if line.gap > usual and _are_authors(page, i) and (title := _foreign_title(page, candidates, usual)):
            candidates = candidates[:title]
            break
        stops = page.kind(i) in STOPS and not _is_sentence(page, i, usual)
        if stops or (candidates and RUN_IN_SECTION.match(line.text)):
            section = page.kind(i) is Kind.SECTION and section_of(line.text) not in OPENING_SECTIONS
            body_follows = heading.brief or section
            break
        furniture = page.kind(i) is Kind.FURNITURE
        if candidates and finished(page, candidates[-1]) and (heading.brief if furniture else line.gap > max(usual, 1) + 1):
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


def _trim_title(page: Page, candidates: list[int]) -> list[int]:
    """Drops unfinished short lines at the end: the next version's title in ordinary case, page furniture."""
    end = len(candidates)
    while end > 1 and not finished(page, candidates[end - 1]):
        end -= 1
        if (
            page.kind(candidates[end]) is not Kind.FURNITURE
            and page.lines[candidates[end]].gap
            and finished(page, candidates[end - 1])
        ):
            return candidates[:end]
    return candidates if end == 1 or end == len(candidates) else candidates[:end]


def _is_sentence(page: Page, index: int, usual: int) -> bool:
    """Says whether a line names a post or a degree within a text: no name, and the next line goes on with it in small letters."""
    line, following = page.lines[index], page.lines[index + 1] if index + 1 < len(page.lines) else None
    if page.kind(index) is not Kind.PEOPLE or following is None or following.gap > usual:
        return False
    goes_on = re.match(rf"[{LOWER}\d]", following.text) is not None and page.kind(index + 1) is Kind.PROSE
    return goes_on and names_degree(line.text) and not PERSON_WITH_INITIALS.search(line.text) and "," not in line.text


def _are_authors(page: Page, index: int) -> bool:
    """Says whether a line names authors, also those who have written more than one article of the document."""
    kind = page.kind(index)
    return kind is Kind.PEOPLE or (kind is Kind.FURNITURE and is_people(page.lines[index].text))


def _foreign_title(page: Page, candidates: list[int], usual: int) -> int:
    """Returns where a last paragraph of a title's size in another language begins: a title that ends as a sentence does, or 0."""
    for k in range(len(candidates) - 1, max(0, len(candidates) - 1 - MAX_TITLE_LINES), -1):
        if page.lines[candidates[k]].gap > usual:
            title, text = (" ".join(page.lines[i].text for i in part) for part in (candidates[k:], candidates[:k]))
            foreign = len(title) < MAX_TITLE_LINE and script_language(title) not in (None, script_language(text))
            return k if foreign and finished(page, candidates[k - 1]) else 0
    return 0


def _first_paragraph(page: Page, max_chars: int, candidates: list[int], usual: int) -> list[int]:
    for k, i in enumerate(candidates[1:], 1):
        if page.lines[i].gap > usual and finished(page, candidates[k - 1]) and page.kind(i) is not Kind.FURNITURE:
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
    text = _before_aside(page, text)
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
    apart = page.lines[below].gap > usual and below == i + 1 and "." not in line
    if re.match(rf"[{LOWER}(]", following) or (following[0].isdigit() and not apart) or len(line) > MAX_TITLE_LINE:
        return False
    if BEGINNING.match(following) and not UNFINISHED.search(line):
        return True
    return page.lines[below].gap > usual or len(line) < 0.7 * len(following) or len(following) > 250


def _reunite(page: Page, blocks: list[Block]) -> list[Block]:
    """Joins a list of keywords that stands before its abstract, under what is no text, with the heading block below it."""
    joined: list[Block] = []
    for block in blocks:
        previous = joined[-1] if joined else None
        listed = previous is not None and previous.heading is None and not (previous.text and finished(page, previous.text[-1]))
        if previous and listed and block.label is None and block.heading is not None and _is_next(page, previous, block.heading):
            block.label, block.keywords = previous.label, previous.keywords
            joined[-1] = block
        else:
            joined.append(block)
    return joined


def _is_next(page: Page, block: Block, index: int) -> bool:
    """Says whether nothing but a page's furniture stands between a block and a line."""
    return all(page.kind(i) is Kind.FURNITURE for i in range(block.last + 1, index))
