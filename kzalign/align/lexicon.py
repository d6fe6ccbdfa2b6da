"""The trilingual lexicon: stems of three languages to the concepts they name.

The file is TSV with the columns kk, ru, en, domain; a cell holds variants separated by `|`.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from kzalign.align.stems import fold, lemma_stems, may_follow, prefixes
from kzalign.errors import KzalignError
from kzalign.records import LANGS

Phrase = tuple[tuple[str, ...], int]
"""The stems of a phrase after its first, and its concept."""

SECOND = 3
"""Letters of a phrase's second stem by which it is looked up."""

MAX_KNOWN = 150_000
"""Words remembered: bounds memory over long runs."""

COLUMNS = (*LANGS, "domain")
COMMON = frozenset(("research", "connective", "function", "quality", "general"))
"""Domains whose words stand in any abstract: weak evidence that two texts are about the same thing."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept: its variants by language and its domain."""

    words: dict[str, tuple[str, ...]]
    domain: str


def read_entries(lines: Iterable[str], origin: str) -> list[Entry]:
    """Returns the entries of a lexicon's lines; raises KzalignError naming file, line and what is wrong."""
    entries = []
    for number, line in enumerate(lines, 1):
        cells = line.rstrip("\r\n").split("\t")
        if not line.strip() or (number == 1 and tuple(cells) == COLUMNS):
            continue
        if len(cells) != len(COLUMNS):
            raise KzalignError(f"{origin}:{number}: {len(cells)} columns where {', '.join(COLUMNS)} are expected")
        words = {lang: tuple(v for v in cell.split("|") if v) for lang, cell in zip(LANGS, cells, strict=False)}
        if sum(bool(v) for v in words.values()) < 2:
            raise KzalignError(f"{origin}:{number}: fewer than two languages have a word")
        entries.append(Entry(words, cells[3]))
    return entries


class Lexicon:
    """Looks a word up in one language: which concepts may it name?"""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.common: set[int] = set()
        self._stems: dict[str, dict[str, set[int]]] = {lang: defaultdict(set) for lang in LANGS}
        self._phrases: dict[str, dict[str, list[Phrase]]] = {lang: defaultdict(list) for lang in LANGS}
        self._known: dict[tuple[str, str], frozenset[int]] = {}
        self.size = 0
        for entry in entries:
            self._add(entry)

    def _add(self, entry: Entry) -> None:
        concept = self.size
        self.size += 1
        if entry.domain in COMMON:
            self.common.add(concept)
        for lang, variants in entry.words.items():
            for variant in variants:
                parts = variant.split()
                if len(parts) > 1:
                    stems = tuple(min(lemma_stems(part, lang), key=lambda stem: (len(stem), stem)) for part in parts)
                    if all(len(stem) >= SECOND for stem in stems[1:2]):
                        self._phrases[lang][stems[0]].append((stems[1:], concept))
                for stem in lemma_stems(variant, lang) if len(parts) == 1 else ():
                    self._stems[lang][stem].add(concept)

    def concepts(self, word: str, lang: str) -> frozenset[int]:
        """Returns the concepts of a running word (folded by `stems.fold`), by its longest stem; empty if unknown."""
        known = self._known.get((word, lang))
        if known is None:
            if len(self._known) > MAX_KNOWN:
                self._known.clear()
            known = self._known[word, lang] = self._look_up(word, lang)
        return known

    def _look_up(self, word: str, lang: str) -> frozenset[int]:
        stems = self._stems.get(lang, {})
        for stem in prefixes(word):
            if stem in stems and may_follow(word[len(stem) :], stem, lang):
                return frozenset(stems[stem])
        if "-" in word:
            parts = [self.concepts(part, lang) for part in word.split("-") if len(part) > 2]
            return frozenset().union(*parts)
        return frozenset()

    def phrases_beginning(self, word: str, lang: str) -> dict[str, list[Phrase]]:
        """Returns the phrases whose first stem the word begins with, by the beginning of their second."""
        phrases = self._phrases.get(lang, {})
        table: dict[str, list[Phrase]] = {}
        for stem in filter(phrases.__contains__, prefixes(word)):
            for rest, concept in phrases[stem]:
                table.setdefault(rest[0][:SECOND], []).append((rest, concept))
        return table


def read_lexicon(path: Path) -> list[Entry]:
    """Returns the entries of a lexicon file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read as a lexicon: {error}") from None
    return read_entries(text.split("\n"), str(path))


def shipped_entries() -> list[Entry]:
    """Returns the entries of the lexicon that ships with kzalign."""
    text = files("kzalign.align").joinpath("lexicon.tsv").read_text(encoding="utf-8")
    return read_entries(text.split("\n"), "lexicon.tsv")


@lru_cache(maxsize=1)
def default_lexicon() -> Lexicon:
    """Returns the lexicon that ships with kzalign."""
    return Lexicon(shipped_entries())


__all__ = ["Entry", "Lexicon", "default_lexicon", "fold", "read_entries", "read_lexicon", "shipped_entries"]
