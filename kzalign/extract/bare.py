"""Summaries that neither a heading nor keywords mark: old issues print them bare, and their language gives them away.

In an article that lacks abstracts in some language, a short text in a language that is not the article's, at its
beginning or at its end, is taken for a summary; with one, so is a short text apart between the header and the body.
All of these count only beside a translation (`Found.needs_support`).
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from kzalign.extract.anchors import LABEL
from kzalign.extract.blocks import Block
from kzalign.extract.furniture import finished, without_furniture
from kzalign.extract.layout import Kind, Page
from kzalign.extract.letters import LOWER, script_language
from kzalign.extract.middle import is_centred
from kzalign.extract.openings import coded_openings, may_be_title, openings
from kzalign.extract.people import names_institution
from kzalign.extract.references import ENTRY_LINE
from kzalign.extract.sections import section_of
from kzalign.records import LANGS

LEAST, MOST = 120, 2_600
"""Characters of a summary."""

AROUND = 2
"""Lines by which a change of language is seen."""

BODY = 1_000
"""Characters of an article's own prose, at least."""

HEAD = 40
"""Lines after an article's opening, at most, where its first summaries stand."""


@dataclass(slots=True)
class Chunk:
    """Lines of prose that no gap, header or section parts, and the language their letters show."""

    indices: list[int]
    lang: str | None
    chars: int


def bare_blocks(page: Page, blocks: Sequence[Block]) -> list[Block]:
    """Returns the blocks and the bare summaries in the document's order."""
    taken = {i: block for block in blocks for i in (*block.text, *block.keywords, *block.header)}
    found: list[Block] = []
    langs = [script_language(_text(page, block.text)) for block in blocks]
    # as many in each language as there are articles: nothing is missing, and most documents are done with this
    covered = Counter(lang for lang in langs if lang)
    if len(covered) == len(LANGS) and min(covered.values()) == max(covered.values()) >= len(coded_openings(page)):
        return list(blocks)
    starts = _starts(page)
    for start, end in pairwise([*starts, len(page.lines)]):
        have = {lang for lang, block in zip(langs, blocks, strict=True) if start <= block.first < end}
        if not set(LANGS) <= have:
            found += _in_article(page, range(start, end), taken, have)
    return sorted([*blocks, *found], key=lambda block: block.first)


def _starts(page: Page) -> list[int]:
    """Returns where the articles begin: at their codes, or at headers of authors and a title with a body below."""
    coded = openings(page, 0, len(page.lines))
    if coded:
        return sorted({0, *coded})
    heads = [i for i in range(len(page.lines)) if _is_header(page, i)]
    starts = {0}
    for head, following in pairwise([*heads, len(page.lines)]):
        below = range(head + 1, following)
        if sum(len(page.lines[i].text) for i in below if page.kind(i) is Kind.PROSE) > BODY:
            starts.add(head)
    return sorted(starts)


def _is_header(page: Page, index: int) -> bool:
    """Says whether authors stand apart at a line, and a title right above or below them."""
    line = page.lines[index]
    if page.kind(index) is not Kind.PEOPLE or line.gap == 0 or line.text[0].isdigit():
        return False
    return any(0 <= i < len(page.lines) and may_be_title(page, i) for i in (index - 1, index + 1, index + 2))


def _in_article(page: Page, lines: range, taken: dict[int, Block], have: set[str | None]) -> Iterator[Block]:
    """Yields the bare summaries of one article."""
    chunks = list(_chunks(page, lines, taken))
    sizes = Counter({lang: sum(chunk.chars for chunk in chunks if chunk.lang == lang) for lang in LANGS})
    body, size = sizes.most_common(1)[0]
    if size < BODY:
        return
    foreign: list[Block] = []
    for group in (_head(chunks, body, lines.start), _tail(chunks, body)):
        for lang in LANGS:
            if lang in (body, *have):
                continue
            block = _block(page, max(_runs(page, group, lang), key=len, default=[]))
            if block:
                foreign.append(block)
                have = {*have, lang}
    yield from foreign
    if body not in have and (foreign or have & set(LANGS)):
        own_block = _own(page, chunks, body, lines)
        if own_block:
            yield own_block


def _chunks(page: Page, lines: range, taken: dict[int, Block]) -> Iterator[Chunk]:
    """Yields the article's pieces of prose; a page's furniture parts none of them, entries of references are left out."""
    usual = page.usual_gap(lines.start + len(lines) // 2)
    indices: list[int] = []
    gapped = False
    for i in lines:
        line = page.lines[i]
        kind = page.kind(i)
        if kind is Kind.FURNITURE and i not in taken and not names_institution(line.text):
            gapped = gapped or (line.gap > usual and bool(indices) and finished(page, indices[-1]))
            continue
        marked = LABEL.match(line.text) or ENTRY_LINE.search(line.text) or is_centred(page, i)
        prose = kind is Kind.PROSE and i not in taken and not marked
        apart = bool(indices) and _is_apart(page, indices, i, usual, gapped)
        if indices and (not prose or apart):
            yield _chunk(page, indices)
            indices = []
        gapped = False
        if prose:
            indices.append(i)
    if indices:
        yield _chunk(page, indices)


def _is_apart(page: Page, before: list[int], index: int, usual: int, gapped: bool) -> bool:
    """Says whether a line is not of one piece with those before; `gapped`: a gap was before the furniture between them."""
    gap = page.lines[index].gap > usual
    broken = index > before[-1] + 1
    ended = finished(page, before[-1])
    if (gap and not broken) or (ended and (gapped or broken)):
        return True
    return (gap or ended) and _changes(page, before, index)


def _changes(page: Page, indices: list[int], index: int) -> bool:
    """Says whether the lines from `index` on are in another language than those before."""
    before, after = script_language(_text(page, indices[-AROUND:])), script_language(_text(page, range(index, index + AROUND)))
    return None not in (before, after) and before != after


def _chunk(page: Page, indices: list[int]) -> Chunk:
    text = _text(page, indices)
    return Chunk(indices, script_language(text), len(text))


def _head(chunks: Sequence[Chunk], body: str, start: int) -> list[Chunk]:
    """Returns the pieces before the first long one of the article's language."""
    first = next((k for k, chunk in enumerate(chunks) if chunk.lang == body and chunk.chars >= LEAST), len(chunks))
    return [chunk for chunk in chunks[:first] if chunk.indices[0] < start + HEAD]


def _tail(chunks: Sequence[Chunk], body: str) -> list[Chunk]:
    """Returns the pieces after the last long one of the article's language."""
    last = max((k for k, chunk in enumerate(chunks) if chunk.lang == body and chunk.chars >= LEAST), default=-1)
    return list(chunks[last + 1 :]) if last >= 0 else []


def _runs(page: Page, group: Sequence[Chunk], lang: str) -> Iterator[list[int]]:
    """Yields the lines of a language's paragraphs that follow one another with nothing but furniture between."""
    run: list[int] = []
    for chunk in group:
        between = range(run[-1] + 1, chunk.indices[0]) if run else range(0)
        if run and (chunk.lang != lang or any(page.kind(i) is not Kind.FURNITURE for i in between)):
            yield run
            run = []
        if chunk.lang == lang:
            run = [*run, *chunk.indices]
    if run:
        yield run


def _own(page: Page, chunks: Sequence[Chunk], body: str, lines: range) -> Block | None:
    """Returns the piece directly below the article's header that a gap parts from its body."""
    first = next((k for k, chunk in enumerate(chunks) if chunk.chars >= LEAST), None)
    if first is None or chunks[first].lang != body or chunks[first].indices[0] >= lines.start + HEAD:
        return None
    own = chunks[first]
    above = range(max(lines.start, own.indices[0] - 4), own.indices[0])
    headed = any(page.kind(i) in (Kind.PEOPLE, Kind.CAPITALS) for i in above)
    below = own.indices[-1] + 1
    while below < lines.stop and page.kind(below) is Kind.FURNITURE:
        below += 1
    if not headed or below == lines.stop:
        return None
    gapped = any(page.lines[i].gap > page.usual_gap(below) for i in range(own.indices[-1] + 1, below + 1))
    parted = gapped or section_of(page.lines[below].text) is not None
    return _block(page, own.indices) if parted else None


def _block(page: Page, indices: list[int]) -> Block | None:
    """Returns the block of a summary's lines, None where they are too few or too many, or no whole sentences."""
    while indices and not any(map(str.isalnum, page.lines[indices[-1]].text)):
        indices = indices[:-1]
    text, skipped = without_furniture(page, range(indices[0], indices[-1] + 1)) if indices else ([], [])
    chars = sum(len(page.lines[i].text) for i in text)
    if (
        not text
        or not LEAST <= chars <= MOST
        or not finished(page, text[-1])
        or re.match(rf"[{LOWER}]", page.lines[text[0]].text)
    ):
        return None
    return Block(text=text, skipped=skipped, weak=True, bare=True)


def _text(page: Page, indices: Sequence[int]) -> str:
    return " ".join(page.lines[i].text for i in indices if i < len(page.lines))
