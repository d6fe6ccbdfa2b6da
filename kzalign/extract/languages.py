"""A block that holds more than one language: texts one after another under one heading or above one keywords label."""

from dataclasses import replace

from kzalign.extract.blocks import Block
from kzalign.extract.joining import ENDS_SENTENCE
from kzalign.extract.layout import Page
from kzalign.extract.letters import script_language
from kzalign.text.language import PREFIX, Detected, detect
from kzalign.text.script import identify

MIN_RUN = 80
"""Characters below which a change of language is a quotation, a name or a term."""

SURE = 0.9
"""Confidence from which on letters and words agreed with lingua on every abstract and title of the gold and the tests."""

WRITTEN = frozenset({("kk", "Cyrl"), ("ru", "Cyrl"), ("en", "Latn")})


def language_of(text: str) -> Detected | None:
    """Returns the likeliest language of a text, None where it holds no word of kk, ru or en.

    Letters, words and endings decide where they are sure, four times as fast as lingua, which decides the rest.
    """
    known = identify(text[:PREFIX])
    if known.confidence >= SURE and (known.lang, known.script) in WRITTEN:
        return Detected(known.lang, known.confidence)
    return detect(text)


def by_language(page: Page, block: Block) -> list[Block]:
    """Returns the block, or the blocks it falls into where whole paragraphs of it are in different languages."""
    runs = _runs(page, block.text)
    if len(runs) < 2:
        return [block]
    below = block.label is not None and block.label > block.text[-1]
    if not below and not block.shared:
        return [replace(block, text=runs[0][1])]
    if len({lang for lang, _ in runs}) < len(runs):
        return [block]
    parts = []
    for k, (lang, indices) in enumerate(runs):
        skipped = [i for i in block.skipped if indices[0] < i < indices[-1]]
        parts.append(
            Block(text=indices, skipped=skipped, keywords=_keywords(page, block, lang, k == len(runs) - 1), weak=block.weak)
        )
        if parts[-1].keywords:
            parts[-1].label = block.label
    parts[0].heading, parts[0].header, parts[0].shared = block.heading, block.header, block.shared
    for part in parts[1:]:
        part.heading = block.heading if block.shared else None
        part.shared, part.follows = block.shared, True
    return parts


def _runs(page: Page, indices: list[int]) -> list[tuple[str, list[int]]]:
    """Returns the text's lines by language, in order; a paragraph too short to tell goes with the one before."""
    paragraphs: list[list[int]] = []
    for i in indices:
        before = page.lines[paragraphs[-1][-1]].text if paragraphs else ""
        line = page.lines[i]
        if paragraphs and not (ENDS_SENTENCE.search(before) and (line.gap or _changes(before, line.text))):
            paragraphs[-1].append(i)
        else:
            paragraphs.append([i])
    runs: list[tuple[str, list[int]]] = []
    for paragraph in paragraphs:
        text = " ".join(page.lines[i].text for i in paragraph)
        lang = script_language(text) if len(text) >= MIN_RUN else None
        if runs and lang in (None, runs[-1][0]):
            runs[-1][1].extend(paragraph)
        else:
            runs.append((lang or "", paragraph))
    if len(runs) > 1 and not runs[0][0]:
        runs[:2] = [(runs[1][0], runs[0][1] + runs[1][1])]
    return runs


def _changes(before: str, text: str) -> bool:
    """Says whether two lines, each long enough to be a text of its own, are in different languages."""
    return min(len(before), len(text)) >= MIN_RUN and script_language(before) != script_language(text)


def _keywords(page: Page, block: Block, lang: str, last: bool) -> list[int]:
    """Returns the keyword lines that belong to a language: a list a line under a shared label, or all with the last text."""
    own = [i for i in block.keywords if script_language(page.lines[i].text) == lang]
    if len(own) < len(block.keywords):
        return own
    return block.keywords if last or own else []
