"""What stands among an abstract's lines and is none of it: heads and feet of pages, footnotes, citations."""

import itertools
import re
from collections.abc import Iterable, Iterator

from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.layout import JOURNAL_NAME, MAX_FOOTNOTE, RULE, Kind, Page, is_furniture, is_links
from kzalign.extract.letters import LOWER, UPPER

MAX_NAME = 60
"""Characters of a journal's name on a line of its own."""

MAX_RUNNING = 3
"""Lines of a title that runs from page to page."""

NOTE = re.compile(rf"(?:\d{{1,2}}|[*¹²³⁴⁵⁶⁷⁸⁹]+)\s?[{UPPER}]")
"""How a footnote begins."""

CITE = re.compile(
    r"^\W*(?:(?:ссылка\s)?для цитирования|библиографическая ссылка|как цитировать|(?:for|to|how to) cit(?:e|ation)|cite this|"
    r"дәйексөз|сілтеме жасау|корреспондент|автор для корреспонденции|corresponding author|хат[- ]хабар)",
    re.I,
)
"""How a note at a page's foot begins that no rule parts from the text."""


def finished(page: Page, index: int) -> bool:
    """Says whether a line ends a sentence."""
    return ENDS_SENTENCE.search(page.lines[index].text) is not None


def without_furniture(page: Page, indices: Iterable[int]) -> tuple[list[int], list[int]]:
    """Returns the indices that are text and those that are not: furniture, and what stands between furniture."""
    order = list(indices)
    cites = {i for i in order if CITE.match(page.lines[i].text)}
    is_text = {
        i: (page.kind(i) is not Kind.FURNITURE or _opens_sentence(page, order, k)) and not _is_link(page, i) and i not in cites
        for k, i in enumerate(order)
    }
    is_text |= dict.fromkeys(_cited(page, order, cites), False)
    furniture = [k for k, i in enumerate(order) if not is_text[i]]
    for a, b in itertools.pairwise(furniture):
        between = order[a + 1 : b]
        opens = RULE.fullmatch(page.lines[order[a]].text) is not None or order[a] in cites
        footnote = len(between) <= MAX_FOOTNOTE and opens
        if footnote or (0 < len(between) <= 3 and all(_stands_apart(page, i) for i in between)):
            is_text |= dict.fromkeys(between, False)
    for k in furniture:
        for neighbour in (k - 1, k + 1):
            if 0 <= neighbour < len(order) and _is_head(page, order[neighbour]):
                is_text[order[neighbour]] = False
    is_text |= dict.fromkeys(_running_titles(page, order, is_text), False)
    is_text |= dict.fromkeys(_notes_in_words(page, [i for i in order if is_text[i]]), False)
    return [i for i in order if is_text[i]], [i for i in order if not is_text[i]]


def _cited(page: Page, order: list[int], cites: set[int]) -> Iterator[int]:
    """Yields the lines of paragraphs that say how to cite the article; `cites` are the lines that may begin one."""
    within = False
    for k, i in enumerate(order):
        if within or i in cites:
            apart = page.lines[i].gap > page.usual_gap(i) or (k > 0 and page.kind(order[k - 1]) is Kind.FURNITURE)
            within = not apart if within else apart and (k == 0 or finished(page, order[k - 1]))
        if within:
            yield i


def _opens_sentence(page: Page, order: list[int], k: int) -> bool:
    """Says whether a line that other pages have too is no running head: a sentence opens with it and goes on in the next line.

    What runs between the pages of a text stands within a sentence, or before one that begins.
    """
    begins = k == 0 or finished(page, order[k - 1])
    following = page.lines[order[k + 1]] if k + 1 < len(order) else None
    goes_on = following is not None and not following.gap and re.match(rf"[{LOWER}]", following.text) is not None
    text = page.lines[order[k]].text
    return begins and goes_on and not is_furniture(text) and page.is_running_head(text)


def _is_head(page: Page, index: int) -> bool:
    """Says whether a line beside furniture is part of it: authors, capitals, codes, a journal's name."""
    text = page.lines[index].text
    named = len(text) < MAX_NAME and not ENDS_SENTENCE.search(text) and JOURNAL_NAME.match(text) is not None
    return named or page.kind(index) in (Kind.PEOPLE, Kind.CAPITALS, Kind.CODE)


def _running_titles(page: Page, order: list[int], is_text: dict[int, bool]) -> Iterator[int]:
    """Yields lines under a page's furniture where the sentence above it goes on only below a blank line.

    Above the text's first full stop that line may be the text's first, and what stands above it the title.
    """
    stopped = False
    for k, i in enumerate(order):
        stopped = stopped or ". " in page.lines[i].text or finished(page, i)
        above = next((order[n] for n in range(k - 1, -1, -1) if is_text[order[n]]), None)
        if not stopped or not is_text[i] or k == 0 or is_text[order[k - 1]] or above is None or finished(page, above):
            continue
        end = next((n for n in range(k + 1, min(len(order), k + 1 + MAX_RUNNING)) if page.lines[order[n]].gap), None)
        if end and re.match(rf"[{UPPER}]", page.lines[i].text) and re.match(rf"[{LOWER}]", page.lines[order[end]].text):
            yield from order[k:end]


def _notes_in_words(page: Page, text: list[int]) -> Iterator[int]:
    """Yields footnotes of one line, without a rule, that stand between the halves of a broken word."""
    for before, index, after in zip(text, text[1:], text[2:], strict=False):
        broken, note, rest = (page.lines[i].text for i in (before, index, after))
        if broken.endswith("-") and NOTE.match(note) and re.match(rf"[{LOWER}]", rest):
            yield index


def _is_link(page: Page, index: int) -> bool:
    """Says whether a line that may name an article by its DOI is a link and nothing else: part of no text."""
    return page.kind(index) is Kind.CODE and is_links(page.lines[index].text)


def _stands_apart(page: Page, index: int) -> bool:
    """A short line between pieces of furniture that neither ends nor goes on a sentence."""
    text = page.lines[index].text
    return len(text) < 160 and not ENDS_SENTENCE.search(text) and not re.match(rf"[{LOWER}]", text) and not text.endswith("-")
