"""How much a sentence encoder speaks for two spans being translations of each other.

Cosines of different encoders are not comparable (unrelated sentences have 0.2 in one and 0.75 in another), and
within one encoder some sentences are near to everything. So a pair's distance, one minus the cosine, is divided
by the mean distance of its two spans to the other text's sentences outside of the pair (the margin of Artetxe
and Schwenk 2019 in the form that Vecalign, Thompson and Koehn 2019, gives it): about 1 for an unrelated pair,
near 0 for a translation. One minus that, less a midpoint, times a slope, is read as log-odds, and counts once
for each sentence of the bead, so that two beads of one pair weigh what one bead of two does.

Vecalign draws a sample of spans for the mean; an abstract is short, so all sentences outside of the pair are
taken, which is exact and needs no seed. Where no sentence is outside on either side, the encoder says nothing.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from kzalign.align.encoder import Encoder, Vectors
from kzalign.align.evidence import BEADS, WIDEST, Floats


@dataclass(frozen=True, slots=True)
class EncoderWeights:
    """How encoder evidence is read. Priors, not fitted: no encoder could be run on the gold when they were chosen.

    Simulated vectors showed only that a weight of 1 suits margins from 0.3 to 0.7, and that 4 drowns the words.
    """

    weight: float = 1.0
    """Log-odds of the encoder are multiplied by it and added to those of the words."""
    slope: float = 8.0
    midpoint: float = 0.35
    """The margin of a pair for which translation and chance are equally likely."""


DEFAULT = EncoderWeights()
EPSILON = 1e-3
"""Added to distances, so that a text that repeats one sentence has no margins instead of infinite ones."""


@dataclass(frozen=True, slots=True)
class Text:
    """Sentences of one language."""

    sentences: tuple[str, ...]
    lang: str

    def span(self, indices: Sequence[int]) -> str:
        """Returns the sentences with these indices as one text."""
        return " ".join(self.sentences[i] for i in indices)


class EncoderEvidence:
    """An encoder's scores of the beads of two texts; every span of neighbours is embedded once."""

    def __init__(self, encoder: Encoder, left: Text, right: Text, weights: EncoderWeights = DEFAULT) -> None:
        self._encoder, self._left, self._right, self._weights = encoder, left, right, weights
        self._left_spans = _span_vectors(encoder, left)
        self._right_spans = _span_vectors(encoder, right)
        self._scores: dict[tuple[int, int], Floats] = {}

    def scores(self) -> dict[tuple[int, int], Floats]:
        """Returns for each bead size (a, b) the weighted log-odds, shape (n-a+1, m-b+1), by the spans' first sentences.

        A sentence left alone has 0.
        """
        if not self._scores:
            self._scores = self._all_scores()
        return self._scores

    def _all_scores(self) -> dict[tuple[int, int], Floats]:
        n, m = len(self._left.sentences), len(self._right.sentences)
        to_right = {a: _distances(spans, self._right_spans[1]) for a, spans in self._left_spans.items()}
        to_left = {b: _distances(spans, self._left_spans[1]) for b, spans in self._right_spans.items()}
        tables: dict[tuple[int, int], Floats] = {}
        for a, b in BEADS:
            if a > n or b > m:
                continue
            if a == 0 or b == 0:
                tables[a, b] = np.zeros((n - a + 1, m - b + 1))
                continue
            background = _both(_outside(to_right[a], b), _outside(to_left[b], a).T)
            tables[a, b] = self._log_odds(_distances(self._left_spans[a], self._right_spans[b]), background, a + b)
        return tables

    def score(self, left: Sequence[int], right: Sequence[int]) -> float:
        """Returns the weighted log-odds of one bead of any sentences, next to each other or not."""
        x = self._encoder.embed([self._left.span(left)], self._left.lang)
        y = self._encoder.embed([self._right.span(right)], self._right.lang)
        from_left = np.delete(_distances(x, self._right_spans[1]), list(right), axis=1)
        from_right = np.delete(_distances(y, self._left_spans[1]), list(left), axis=1)
        background = _both(_mean(from_left), _mean(from_right))
        return float(self._log_odds(_distances(x, y), background, len(left) + len(right))[0, 0])

    def _log_odds(self, distance: Floats, background: Floats, sentences: int) -> Floats:
        w = self._weights
        margin = 1 - (distance + EPSILON) / (background + EPSILON)
        odds: Floats = np.where(np.isnan(background), 0.0, w.slope * (np.clip(margin, -1, 1) - w.midpoint))
        return w.weight * sentences / 2 * odds


def _span_vectors(encoder: Encoder, text: Text) -> dict[int, Vectors]:
    """Returns by width the vectors of all runs of so many sentences, embedded in one call."""
    n = len(text.sentences)
    runs = {width: [range(i, i + width) for i in range(n - width + 1)] for width in range(1, min(WIDEST, n) + 1)}
    vectors = encoder.embed([text.span(run) for width in runs for run in runs[width]], text.lang)
    ends = np.cumsum([len(runs[width]) for width in runs])
    return dict(zip(runs, np.split(vectors, ends[:-1]), strict=True))


def _distances(x: Vectors, y: Vectors) -> Floats:
    """Returns one minus the cosines of rows of length one."""
    distances: Floats = 1.0 - x.astype(np.float64) @ y.astype(np.float64).T
    return distances


def _outside(distances: Floats, width: int) -> Floats:
    """Returns for each row and each run of `width` columns the mean over all other columns; NaN where there is none."""
    others = distances.shape[1] - width
    running = np.cumsum(np.hstack([np.zeros((len(distances), 1)), distances]), axis=1)
    inside = running[:, width:] - running[:, :-width]
    if others == 0:
        return np.full_like(inside, np.nan)
    means: Floats = (running[:, -1:] - inside) / others
    return means


def _mean(distances: Floats) -> Floats:
    means: Floats = distances.mean(axis=1, keepdims=True) if distances.size else np.full((1, 1), np.nan)
    return means


def _both(x: Floats, y: Floats) -> Floats:
    """Returns the mean of two estimates, or the one that is a number."""
    mean: Floats = np.where(np.isnan(x), y, np.where(np.isnan(y), x, (x + y) / 2))
    return mean
