"""From blocks to versions: text joined, language read from it, what is no abstract refused with a reason."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import groupby

from kzalign.config import ExtractConfig
from kzalign.extract.blocks import Block
from kzalign.extract.joining import Words, join_lines, spans_of
from kzalign.extract.keywords import keyword_items
from kzalign.extract.languages import language_of
from kzalign.extract.layout import Kind, Page
from kzalign.extract.letters import script_language
from kzalign.extract.lines import Line
from kzalign.extract.titles import find_title
from kzalign.extract.titles_below import title_below, title_run_on, title_within
from kzalign.records import LANGS, Spans, Version
from kzalign.text.language import Detected
from kzalign.text.sentences import split_sentences

MIN_LETTERS = 0.6
GUIDELINE_WORDS = re.compile(
    r"шрифт|кегль|выравнивани|межстрочн|интервал\b|times new roman|қаріп|туралау|жиек|font size|line spacing|alignment|margins|"
    r"word(?<=\bword)\b|объ[её]м|көлем[іi]|рукопис|қолжазба|manuscript|оформля|ресімде|құрылымдық аңдатпа|структурированн\w* анн|"
    r"не допуска(?:е|ю)тся|болмауы керек|should not contain|не должн|құрамында болмауы"
)
"""Each alternative begins with a letter, so that the search may leap to those letters."""

GUIDELINE_LENGTH = re.compile(r"\d+\s*(?:слов|сөз|words)\b|\d+\s?[–—-]\s?(?=\d+\s*(?:слов|сөз|words)\b)")
"""A number of words asked for; a span of them counts twice."""
CITATION = re.compile(
    r"с(?<!\wс)\.\s?\d|p(?<!\wp)\.\s?\d|pp(?<!\wpp)\.\s?\d|б(?<!\wб)\.\s?\d|бб(?<!\wбб)\.\s?\d|//|"
    r"retrieved(?<=\bretrieved) from\b|\[\s*(?:in russian|in kazakh|электрон)"
)
"""All for text in small letters: ignoring case costs three times as much."""

SENTENCE_END = re.compile(r"[.!?…](?:\s|\W*$)")


@dataclass(frozen=True, slots=True)
class Stray:
    """A keyword list that stands directly under another one, apart from its abstract."""

    lang: str
    keywords: tuple[str, ...]
    lines: Spans
    index: int


@dataclass(frozen=True, slots=True)
class Found:
    """A version and where its block lies on the page; what stands beside it in other languages: titles, a keyword list."""

    version: Version
    block: Block
    first: int
    foreign_titles: tuple[Version, ...] = ()
    stray: Stray | None = None

    @property
    def needs_support(self) -> bool:
        """Says whether only a translation beside it would show this to be an abstract."""
        return self.block.weak and self.block.label is None


def build_version(page: Page, block: Block, floor: int, words: Words, config: ExtractConfig) -> Found | Stray | str:
    """Returns the version a block holds, the keywords it holds alone, or the reason why it holds nothing."""
    above = block.heading if block.shared and block.heading is not None else block.first
    title_indices = title_within(page, block.header) or find_title(page, above, floor)
    if block.heading is not None and not title_indices:
        title_indices, block.text = title_below(page, block.text)
    if block.heading is None and not title_indices and _authors_above(page, block.first, floor):
        title_indices = title_run_on(page, block.text)
        block.text = block.text[len(title_indices) :]
    lines = [page.lines[i] for i in block.text]
    paragraphs = join_lines(lines, words)
    abstract = " ".join(paragraphs)
    keywords = keyword_items(page, block.keywords, words)
    if not abstract:
        return _stray(page, block, keywords) or "no text between heading or title and keywords"
    if block.heading is None and not SENTENCE_END.search(abstract) and (not title_indices or len(abstract) < config.min_chars):
        return _stray(page, block, keywords) or "a title above keywords, and no text"
    reason = refuse(abstract, config)
    if reason:
        return reason
    detected = language_of(abstract)
    if detected is None:
        return "no language of kk, ru, en found in the text"
    version = Version(
        lang=detected.lang,
        abstract=abstract,
        sentences=tuple(split_sentences(paragraphs)),
        keywords=tuple(keywords),
        heading_line=page.lines[block.heading].number if block.heading is not None else None,
        abstract_lines=spans_of(lines, [page.lines[i].number for i in block.skipped]),
        keywords_lines=spans_of([page.lines[i] for i in block.keywords], []),
        confidence=detected.confidence,
    )
    unmarked = block.heading is None and not block.bare
    if unmarked and not title_indices and not block.follows and not _authors_above(page, block.first, floor):
        return "keywords without a heading, a title or authors above their text"
    first = min([block.first, *title_indices[:1]])
    version, foreign = _with_title(page, version, title_indices, words)
    while version.title is None and title_indices and len(foreign) < len(LANGS) - 1:
        title_indices = find_title(page, title_indices[0], floor)
        version, others = _with_title(page, version, title_indices, words)
        foreign = (*foreign, *others)
    stray = _foreign_keywords(page, block, version)
    if stray:
        version = replace(version, keywords=(), keywords_lines=())
    return Found(version, block, first, foreign, stray)


def _stray(page: Page, block: Block, keywords: list[str]) -> Stray | None:
    found = language_of(", ".join(keywords)) if len(keywords) > 1 else None
    if not found or block.heading is not None:
        return None
    return Stray(found.lang, tuple(keywords), spans_of([page.lines[i] for i in block.keywords], []), block.first)


def refuse(abstract: str, config: ExtractConfig) -> str | None:
    """Returns why a text is no abstract, None where nothing says so."""
    letters = sum(map(str.isalpha, abstract))
    lowered = abstract.lower()
    rules = {*GUIDELINE_WORDS.findall(lowered), *GUIDELINE_LENGTH.findall(lowered)}
    checks = (
        (len(abstract) < config.min_chars, f"too short for an abstract ({len(abstract)} characters)"),
        (len(abstract) > config.max_chars, f"too long for an abstract ({len(abstract)} characters)"),
        (letters < MIN_LETTERS * len(abstract), "mostly not letters"),
        (len(rules) >= 3, "guidelines for authors, not an abstract"),
        (len(CITATION.findall(lowered)) > max(2, len(abstract) // 250), "a list of references, not an abstract"),
    )
    return next((reason for failed, reason in checks if failed), None)


def _authors_above(page: Page, top: int, floor: int) -> bool:
    return any(page.kind(i) in (Kind.PEOPLE, Kind.CODE) for i in range(max(floor, top - 4), top))


def _foreign_keywords(page: Page, block: Block, version: Version) -> Stray | None:
    """Returns the block's keywords where they are surely another language's."""
    text = ", ".join(version.keywords)
    if not version.keywords or script_language(text) in (version.lang, None):
        return None
    found = language_of(text)
    sure = found is not None and found.lang != version.lang and _surely(found, text, version.lang)
    return Stray(found.lang, version.keywords, version.keywords_lines, block.first) if found and sure else None


def _with_title(page: Page, version: Version, indices: list[int], words: Words) -> tuple[Version, tuple[Version, ...]]:
    """Gives the title to the version, or to other languages' where it, or lines of it, are surely not in the version's own."""
    lines = [page.lines[i] for i in indices]
    foreign = [line for line in lines if _foreign(line.text, version.lang)]
    own = [line for line in lines if line not in foreign]
    if foreign and own:
        left = language_of(" ".join(line.text for line in own))
        if left is None or left.lang != version.lang:
            own, foreign = lines, []
    others = [_as_title(group, words) for _, group in groupby(foreign, lambda line: script_language(line.text))]
    if not own:
        return version, tuple(filter(None, others))
    title = _as_title(own, words)
    if title and title.lang != version.lang and _surely(Detected(title.lang, title.confidence), title.title or "", version.lang):
        return version, (title,)
    text = " ".join(join_lines(own, words))
    return replace(version, title=text, title_lines=spans_of(own, [])), tuple(filter(None, others))


def _as_title(group: Iterable[Line], words: Words) -> Version | None:
    """Returns a version that has these lines for its title, by their language."""
    lines = list(group)
    title = " ".join(join_lines(lines, words))
    found = language_of(title)
    return Version(found.lang, title, title_lines=spans_of(lines, []), confidence=found.confidence) if found else None


def _foreign(line: str, lang: str) -> bool:
    """Says whether one line of a title is surely another language's title: the two stand above one another."""
    if script_language(line) in (lang, None):
        return False
    found = language_of(line)
    return found is not None and found.lang != lang and found.confidence > 0.9


def _surely(found: Detected, title: str, lang: str) -> bool:
    """A short title of names and loanwords may pass for Russian in a Kazakh article: scripts decide, then confidence."""
    latin = sum(c.isascii() for c in title if c.isalpha())
    cyrillic = sum(c.isalpha() for c in title) - latin
    if (lang == "en") != (latin > cyrillic):
        return True
    return found.confidence > 0.9 and (found.lang == "kk" or len(title) > 20)
