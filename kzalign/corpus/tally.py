"""The figures of what is published: rows, articles and words by configuration and split, scores, filters."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Any

from kzalign.config import FiltersConfig
from kzalign.corpus.filters import FILTERS
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.provenance import Provenance
from kzalign.corpus.segments import SPLITS
from kzalign.corpus.select import Batch, Mark, Place

SCORE_BINS = 20


class Tally:
    """Adds up what the batches publish."""

    def __init__(self) -> None:
        self._rows: Counter[Place] = Counter()
        self._articles: defaultdict[Place, set[str]] = defaultdict(set)
        self._words: defaultdict[Place, Counter[str]] = defaultdict(Counter)
        self._scores: dict[str, list[int]] = {name: [0] * SCORE_BINS for name in CONFIGS}
        self._alone: Counter[str] = Counter()
        self._in_order: Counter[str] = Counter()
        self._overlaps: Counter[str] = Counter()
        self._provenance = Provenance()

    def add_batch(self, batch: Batch) -> None:
        """Counts what the filters refused, what overlapped a test set, and where the articles come from."""
        self._provenance.join(batch.provenance)
        self._alone += batch.alone
        self._in_order += batch.in_order
        self._overlaps += batch.overlaps

    def add_articles(self, split: str, count: int) -> None:
        """Counts rows of the configuration `articles`."""
        self._rows[ARTICLES, split] += count

    def add(self, place: Place, marks: Sequence[Mark]) -> None:
        """Counts rows of a pair or triple."""
        name = place[0]
        words = self._words[place]
        bins = self._scores[name]
        self._rows[place] += len(marks)
        self._articles[place].update(mark.article_id for mark in marks)
        for mark in marks:
            bins[min(SCORE_BINS - 1, int(mark.score * SCORE_BINS))] += 1
            for lang, count in zip(CONFIGS[name], mark.words, strict=True):
                words[lang] += count

    def rows(self) -> dict[str, dict[str, int]]:
        """Returns the rows by configuration and split."""
        return {name: {split: self._rows[name, split] for split in SPLITS} for name in (*CONFIGS, ARTICLES)}

    def statistics(self) -> dict[str, dict[str, dict[str, Any]]]:
        """Returns rows, articles and words (separated by spaces) of the pairs and triples, by split."""
        return {name: {split: self._of((name, split)) for split in SPLITS} for name in CONFIGS}

    def scores(self) -> dict[str, list[int]]:
        """Returns histograms of the alignment scores of what is published, in bins of 0.05."""
        return self._scores

    def provenance(self) -> dict[str, Any]:
        """Returns what the published articles say about where they come from."""
        return self._provenance.to_json()

    def overlaps(self) -> dict[str, int]:
        """Returns how many rows overlapped each test set, by its file."""
        return dict(sorted(self._overlaps.items()))

    def filters(self, config: FiltersConfig) -> list[dict[str, Any]]:
        """Returns for each filter what it measures, its threshold, and how many rows it refuses, alone and in order."""
        return [
            {
                "name": name,
                "measures": filter_.measures,
                "keeps": "at least" if filter_.at_least else "at most",
                "threshold": getattr(config, name),
                "alone": self._alone[name],
                "in_order": self._in_order[name],
            }
            for name, filter_ in FILTERS.items()
            if name not in config.skip
        ]

    def _of(self, place: Place) -> dict[str, Any]:
        words = {lang: self._words[place][lang] for lang in CONFIGS[place[0]]}
        return {"rows": self._rows[place], "articles": len(self._articles[place]), "words": words}
