"""From blocks to versions: text joined, language read from it, what is no abstract refused with a reason."""

import re
from dataclasses import dataclass, replace

from kzalign.config import ExtractConfig
from kzalign.extract.blocks import Block
from kzalign.extract.joining import Words, join_lines, spans_of
from kzalign.extract.keywords import keyword_items
from kzalign.extract.languages import language_of, script_language
from kzalign.extract.layout import Kind, Page
from kzalign.extract.titles import find_title, title_below, title_within
from kzalign.records import Spans, Version
from kzalign.text.language import Detected
from kzalign.text.sentences import split_sentences

MIN_LETTERS = 0.6
GUIDELINE_WORDS = re.compile(
    r"шрифт|кегль|выравнивани|межстрочн|интервал\b|times new roman|қаріп|туралау|жиек|font size|line spacing|alignment|margins|"
    r"\bword\b|объ[её]м|көлем[іi]|\d+\s*(?:слов|сөз|words)\b|рукопис|қолжазба|manuscript|оформля|ресімде|құрылымдық аңдатпа|"
    r"структурированн\w* анн"
)
CITATION = re.compile(r"\b(?:с|p|б|pp|бб?)\.\s?\d|//|\bretrieved from\b|\bhttps?://|\[\s*(?:in russian|in kazakh|электрон)")
"""Both for text in small letters: ignoring case costs three times as much."""

SENTENCE_END = re.compile(r"[.!?…](?:\s|\W*$)")


@dataclass(frozen=True, slots=True)
class Found:
    """A version and where its block lies on the page; `foreign_title` is a title in another language above it."""

    version: Version
    block: Block
    first: int
    foreign_title: Version | None = None

    @property
    def needs_support(self) -> bool:
        """Says whether only a translation beside it would show this to be an abstract."""
        return self.block.weak and self.block.label is None


@dataclass(frozen=True, slots=True)
class Stray:
    """A keyword list that stands directly under another one, apart from its abstract."""

    lang: str
    keywords: tuple[str, ...]
    lines: Spans
    index: int


def build_version(page: Page, block: Block, floor: int, words: Words, config: ExtractConfig) -> Found | Stray | str:
    """Returns the version a block holds, the keywords it holds alone, or the reason why it holds nothing."""
    above = block.heading if block.shared and block.heading is not None else block.first
    title_indices = title_within(page, block.header) or find_title(page, above, floor)
    if block.heading is not None and not title_indices:
        title_indices, block.text = title_below(page, block.text)
    lines = [page.lines[i] for i in block.text]
    paragraphs = join_lines(lines, words)
    abstract = " ".join(paragraphs)
    keywords = keyword_items(page, block.keywords, words)
    if not abstract:
        return _stray(page, block, keywords) or "no text between heading or title and keywords"
    if block.heading is None and not title_indices and not SENTENCE_END.search(abstract):
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
    if block.heading is None and not title_indices and not block.follows and not _authors_above(page, block.first, floor):
        return "keywords without a heading, a title or authors above their text"
    first = min([block.first, *title_indices[:1]])
    version, foreign = _with_title(page, version, title_indices, words)
    return Found(version, block, first, foreign)


def _stray(page: Page, block: Block, keywords: list[str]) -> Stray | None:
    found = language_of(", ".join(keywords)) if len(keywords) > 1 else None
    if not found or block.heading is not None:
        return None
    return Stray(found.lang, tuple(keywords), spans_of([page.lines[i] for i in block.keywords], []), block.first)


def refuse(abstract: str, config: ExtractConfig) -> str | None:
    """Returns why a text is no abstract, None where nothing says so."""
    letters = sum(map(str.isalpha, abstract))
    lowered = abstract.lower()
    checks = (
        (len(abstract) < config.min_chars, f"too short for an abstract ({len(abstract)} characters)"),
        (len(abstract) > config.max_chars, f"too long for an abstract ({len(abstract)} characters)"),
        (letters < MIN_LETTERS * len(abstract), "mostly not letters"),
        (len(set(GUIDELINE_WORDS.findall(lowered))) >= 3, "guidelines for authors, not an abstract"),
        (len(CITATION.findall(lowered)) > max(2, len(abstract) // 250), "a list of references, not an abstract"),
    )
    return next((reason for failed, reason in checks if failed), None)


def _authors_above(page: Page, top: int, floor: int) -> bool:
    return any(page.kind(i) in (Kind.PEOPLE, Kind.CODE) for i in range(max(floor, top - 4), top))


def _with_title(page: Page, version: Version, indices: list[int], words: Words) -> tuple[Version, Version | None]:
    """Gives the title to the version, or to another language's where it is surely not in the version's own."""
    if not indices:
        return version, None
    lines = [page.lines[i] for i in indices]
    own = [line for line in lines if not _foreign(line.text, version.lang)]
    if own and len(own) < len(lines):
        left = language_of(" ".join(line.text for line in own))
        lines = own if left and left.lang == version.lang else lines
    title = " ".join(join_lines(lines, words))
    spans = spans_of(lines, [])
    found = None if version.lang in ("kk", "en") and script_language(title) == version.lang else language_of(title)
    if found and found.lang != version.lang and _surely(found, title, version.lang):
        return version, Version(lang=found.lang, title=title, title_lines=spans, confidence=found.confidence)
    return replace(version, title=title, title_lines=spans), None


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
