"""How much the words of two spans speak for one being the translation of the other.

Every word of a span is a small witness. If the spans are translations, its own translation is among the other
span's words at the rate of its sort (`hit_rates`); if they are not, only as often as chance puts it there, which
the other text itself shows: a word that stands in each of its sentences is no evidence, a word that stands in
one is. The sum of the log-likelihood ratios of both directions, with a term for the lengths, is the score of a
bead; leaving a sentence unaligned scores its own, measured, cost.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from kzalign.align.tokens import Key, Token

Floats = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]

BEADS: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (1, 4), (4, 1),
)  # fmt: skip
"""Sizes (left, right) of the beads a path may take."""

WIDEST = max(max(size) for size in BEADS)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything the scorer has learnt; `scripts/fit_aligner.py` fits it with cross-validation by article."""

    hit_rates: tuple[float, ...] = (0.85, 0.75, 0.6, 0.5, 0.25, 0.95, 0.7)
    """By Sort: the share of words whose translation shows in the true counterpart."""
    trust: tuple[float, ...] = (0.5, 0.5, 0.4, 0.4, 0.3, 0.5, 0.4)
    """By Sort: words of a sentence are not independent witnesses; their log-ratios are scaled down."""
    smoothing: float = 0.33
    """Occurrences by chance added to those counted."""
    length: float = 0.56
    """Weight of the length term: half the squared deviation of the log length ratio, in `spread`s."""
    spread: float = 0.42
    unaligned: float = -2.0
    """Score of a sentence left alone."""
    merge: float = -2.8
    """Score of each sentence more than one on a side."""


DEFAULT = Weights()


@dataclass(frozen=True, slots=True)
class Side:
    """One text's sentences as evidence: their tokens, distinct within each, and their lengths in characters."""

    tokens: tuple[tuple[Token, ...], ...]
    lengths: Floats

    @classmethod
    def of(cls, tokens: Sequence[Sequence[Token]], sentences: Sequence[str]) -> "Side":
        """Returns the side of sentences and their tokens."""
        distinct = tuple(tuple(dict.fromkeys(bag)) for bag in tokens)
        return cls(distinct, np.array([max(1, len(s)) for s in sentences], dtype=np.float64))

    def __len__(self) -> int:
        return len(self.tokens)


class Evidence:
    """The witnesses of two texts, counted once; scores of beads are sums over them."""

    def __init__(self, left: Side, right: Side, weights: Weights = DEFAULT) -> None:
        self.left, self.right, self.weights = left, right, weights
        self._forward = _Witnesses(left, right, weights)
        self._backward = _Witnesses(right, left, weights)
        self._ratio = float(np.log(right.lengths.sum() / left.lengths.sum()))

    def tables(self) -> dict[tuple[int, int], Floats]:
        """Returns for each bead size (a, b) the scores, shape (n-a+1, m-b+1), indexed by the spans' first sentences."""
        n, m = len(self.left), len(self.right)
        forward = self._forward.windows(min(WIDEST, m))
        backward = self._backward.windows(min(WIDEST, n))
        left_lengths = {a: np.log(_window_sum(self.left.lengths[:, None], a)[:, 0]) for a in range(1, min(WIDEST, n) + 1)}
        right_lengths = {b: np.log(_window_sum(self.right.lengths[:, None], b)[:, 0]) for b in range(1, min(WIDEST, m) + 1)}
        scores: dict[tuple[int, int], Floats] = {}
        for a, b in BEADS:
            if a > n or b > m:
                continue
            if a == 0 or b == 0:
                scores[a, b] = np.full((n - a + 1, m - b + 1), self.weights.unaligned)
                continue
            words = _window_sum(forward[b], a) + _window_sum(backward[a], b).T
            scores[a, b] = words + self._shape(right_lengths[b][None, :] - left_lengths[a][:, None], a, b)
        return scores

    def score(self, left: Sequence[int], right: Sequence[int]) -> float:
        """Returns the score of one bead of any sentences, next to each other or not."""
        rows, columns = list(left), list(right)
        words = self._forward.sum(rows, columns) + self._backward.sum(columns, rows)
        difference = np.log(self.right.lengths[columns].sum()) - np.log(self.left.lengths[rows].sum())
        return float(words + self._shape(difference, len(rows), len(columns)))

    def words(self, left: Sequence[int], right: Sequence[int]) -> int:
        """Returns how many witnesses a bead has."""
        return sum(len(self.left.tokens[i]) for i in left) + sum(len(self.right.tokens[j]) for j in right)

    def _shape(self, difference: Floats, a: int, b: int) -> Floats:
        """Returns what lengths (a difference of logs) and sizes add to the words."""
        w = self.weights
        deviation = (difference - self._ratio) / w.spread
        shape: Floats = -0.5 * w.length * deviation**2 + w.merge * (a + b - 2)
        return shape


class _Witnesses:
    """One direction: which target sentences hold a translation of each source word, and what that is worth."""

    def __init__(self, source: Side, target: Side, weights: Weights) -> None:
        places: dict[Key, list[int]] = defaultdict(list)
        for j, bag in enumerate(target.tokens):
            for token in bag:
                for key in token.keys:
                    places[key].append(j)
        rows: list[int] = []
        columns: list[int] = []
        row = 0
        for bag in source.tokens:
            for token in bag:
                for key in token.keys:
                    if key in places:
                        found = places[key]
                        columns += found
                        rows += [row] * len(found)
                row += 1
        self.starts = np.cumsum([0, *map(len, source.tokens)])
        self.present: Bools = np.zeros((row, len(target)), dtype=bool)
        self.present[rows, columns] = True
        sorts = [token.sort for bag in source.tokens for token in bag]
        self._rate = np.array(weights.hit_rates)[sorts]
        self._trust = np.array(weights.trust)[sorts]
        others = np.maximum(self.present.sum(axis=1) - 1, 0)
        self._chance = (others + weights.smoothing) / (len(target) + 2 * weights.smoothing)

    def _values(self, width: int) -> tuple[Floats, Floats]:
        """Returns what each witness is worth when its translation is in a span of this many sentences, and when not."""
        chance = np.clip(1 - (1 - self._chance) ** width, 0.01, 0.95)
        hit = self._trust * np.log(np.maximum(self._rate, chance) / chance)
        miss = self._trust * np.log((1 - self._rate) / np.maximum(1 - chance, 1 - self._rate))
        return hit, miss

    def windows(self, widest: int) -> dict[int, Floats]:
        """Returns by width b the array (source sentences, target windows) of summed log-likelihood ratios."""
        result: dict[int, Floats] = {}
        window = self.present
        for width in range(1, widest + 1):
            if width > 1:
                window = window[:, :-1] | self.present[:, width - 1 :]
            hit, miss = self._values(width)
            ratios = np.where(window, hit[:, None], miss[:, None])
            running = np.vstack([np.zeros((1, ratios.shape[1])), np.cumsum(ratios, axis=0)])
            result[width] = running[self.starts[1:]] - running[self.starts[:-1]]
        return result

    def sum(self, sources: Sequence[int], targets: Sequence[int]) -> float:
        """Returns the summed log-likelihood ratios of the words of any source sentences for any target sentences."""
        hit, miss = self._values(len(targets))
        total = 0.0
        for i in sources:
            part = slice(self.starts[i], self.starts[i + 1])
            seen = self.present[part][:, targets].any(axis=1)
            total += float(np.where(seen, hit[part], miss[part]).sum())
        return total


def _window_sum(values: Floats, width: int) -> Floats:
    """Returns the sums over `width` successive rows."""
    if width == 1:
        return values
    running = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    sums: Floats = running[width:] - running[:-width]
    return sums
