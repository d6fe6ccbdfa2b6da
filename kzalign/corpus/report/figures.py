"""The figures of the report's overview, counted record by record."""

from collections import Counter
from typing import Any, TypeVar

from kzalign.corpus.reasons import kind_of
from kzalign.records import LANGS, PAIRS, Article, Reject

WORDS_PER_BIN = 5
WORD_BINS = 13
"""The last bin holds every longer sentence."""

SCORE_BINS = 20

T = TypeVar("T")


class Figures:
    """Counts articles and rejects; its size depends on the documents, not the articles."""

    def __init__(self, low_score: float) -> None:
        """Starts from nothing counted; a bead under `low_score` counts as low."""
        self.low_score = low_score
        self.issues: set[str] = set()
        self.languages: Counter[tuple[str, ...]] = Counter()
        self.words: dict[str, Counter[int]] = {lang: Counter() for lang in LANGS}
        self.scores: dict[str, Counter[int]] = {pair: Counter() for pair in PAIRS}
        self.low: Counter[str] = Counter()
        self.reasons: Counter[str] = Counter()

    def add_article(self, article: Article) -> None:
        """Counts an article."""
        self.issues.add(article.issue_id)
        self.languages[tuple(lang for lang in LANGS if lang in article.versions)] += 1
        for lang, version in article.versions.items():
            self.words[lang].update(len(sentence.split()) for sentence in version.sentences)
        for pair in PAIRS:
            for bead in article.alignment.get(pair, ()):
                if bead.left and bead.right:
                    self._score(pair, round(bead.score, 4))

    def add_reject(self, reject: Reject) -> None:
        """Counts a reject."""
        self.reasons[kind_of(reject.reason)] += 1

    def add(self, other: "Figures") -> None:
        """Adds what another has counted."""
        self.issues |= other.issues
        self.languages += other.languages
        self.low += other.low
        self.reasons += other.reasons
        for lang, words in self.words.items():
            words.update(other.words[lang])
        for pair, scores in self.scores.items():
            scores.update(other.scores[pair])

    def to_json(self) -> dict[str, Any]:
        """Returns the figures as the page's script reads them."""
        return {
            "low_score": self.low_score,
            "documents": len(self.issues),
            "articles": self.languages.total(),
            "languages": [[list(langs), count] for langs, count in _by_size(self.languages)],
            "words": {lang: _words_json(counts) for lang, counts in self.words.items()},
            "scores": {
                pair: {
                    "pairs": counts.total(),
                    "low": self.low[pair],
                    "bins": [counts[number] for number in range(SCORE_BINS)],
                }
                for pair, counts in self.scores.items()
            },
            "rejects": self.reasons.total(),
            "reasons": _by_size(self.reasons),
        }

    def _score(self, pair: str, score: float) -> None:
        self.scores[pair][min(SCORE_BINS - 1, int(score * SCORE_BINS))] += 1
        self.low[pair] += score < self.low_score


def _words_json(counts: Counter[int]) -> dict[str, Any]:
    bins = [0] * WORD_BINS
    for words, count in counts.items():
        bins[min(WORD_BINS - 1, max(words - 1, 0) // WORDS_PER_BIN)] += count
    return {"sentences": counts.total(), "median": _median(counts), "bins": bins, "words_per_bin": WORDS_PER_BIN}


def _median(counts: Counter[int]) -> int | None:
    """Returns the lower median of the counted numbers, None of nothing."""
    left = (counts.total() + 1) // 2
    for number in sorted(counts):
        left -= counts[number]
        if left <= 0:
            return number
    return None


def _by_size(counts: Counter[T]) -> list[tuple[T, int]]:
    """Returns the largest count first, equal ones in the order of their names."""
    return sorted(counts.items(), key=lambda item: (-item[1], str(item[0])))
