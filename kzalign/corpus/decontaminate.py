"""Training rows that repeat a sentence of a test set.

A row is contaminated if one of its sides
- has the words of a test sentence, where these are MIN_EQUAL or more;
- shares SHARED words in a row with one (13-grams: Brown et al. 2020, Language Models are Few-Shot Learners, appendix C);
- shares GRAM_SHARE of the 8-grams of the shorter of the two with it (Chowdhery et al. 2022, PaLM, section 8), which
  is so where one of at least GRAM words contains the other.
"""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path

from kzalign.corpus.testsets import read_test_set
from kzalign.records import LANGS, Article, Segment
from kzalign.text.wording import wording

MIN_EQUAL = 4
"""Shorter test sentences are set phrases ("Results and discussion") or codes of another column."""
GRAM = 8
GRAM_SHARE = 0.7
SHARED = 13


class Contamination:
    """The sentences of test sets, found again by their runs of words: about 5 KB a sentence of 20 words."""

    def __init__(self, sentences: Iterable[tuple[str, str]]) -> None:
        """Takes places and texts; of texts with the same words the first counts."""
        self._whole: dict[str, int] = {}
        self._places: list[str] = []
        self._wordings: list[str] = []
        self._grams: defaultdict[int, array[int]] = defaultdict(lambda: array("I"))
        self._repeated = lru_cache(maxsize=256)(self._repeats)  # the sides of a row come again in other configurations
        for place, text in sentences:
            words = wording(text)
            if words.count(" ") + 1 < MIN_EQUAL or words in self._whole:
                continue
            self._whole[words] = number = len(self._places)
            self._places.append(place)
            self._wordings.append(words)
            for gram in set(_hashes(words.split())):
                self._grams[gram].append(number)

    @classmethod
    def read(cls, paths: Sequence[Path]) -> "Contamination":
        """Returns the test sets of files; raises KzalignError for a file that cannot be read whole or has no text."""
        return cls((f"{path.name}:{number}", text) for path in paths for number, text in read_test_set(path))

    def __len__(self) -> int:
        return len(self._places)

    def overlap(self, segment: Segment) -> str | None:
        """Returns `FILE:line` of the first test sentence that a side of the row repeats, or None."""
        return self._first(text for lang in LANGS if (text := segment.text.get(lang)))

    def overlap_of_article(self, article: Article) -> str | None:
        """Returns `FILE:line` of the first test sentence that a title or a sentence of the article repeats, or None."""
        return self._first(
            text for version in article.versions.values() for text in (version.title or "", *version.sentences) if text
        )

    def _first(self, texts: Iterable[str]) -> str | None:
        found = [number for text in texts if (number := self._repeated(text)) is not None]
        return self._places[min(found)] if found else None

    def _repeats(self, text: str) -> int | None:
        words = wording(text)
        equal = self._whole.get(words)
        if equal is not None:
            return equal
        row = words.split(" ")
        near = {number for gram in _hashes(row) if gram in self._grams for number in self._grams[gram]}
        return next((number for number in sorted(near) if _repeat(row, self._wordings[number].split(" "))), None)


def _hashes(words: Sequence[str]) -> list[int]:
    """Returns a hash of each run of GRAM words; they differ between processes, so what they find is looked at again."""
    return [hash(run) for run in zip(*(words[start:] for start in range(GRAM)), strict=False)]


def _runs(words: Sequence[str], length: int) -> set[tuple[str, ...]]:
    return {tuple(words[start : start + length]) for start in range(len(words) - length + 1)}


def _repeat(row: Sequence[str], test: Sequence[str]) -> bool:
    if _runs(row, SHARED) & _runs(test, SHARED):
        return True
    grams, tested = _runs(row, GRAM), _runs(test, GRAM)
    return len(grams & tested) >= GRAM_SHARE * min(len(grams), len(tested)) > 0
