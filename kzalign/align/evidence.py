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

BEADS: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (1, 4), (4, 1),
)  # fmt: skip
"""Sizes (left, right) of the beads a path may take."""


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything the scorer has learnt; `scripts/fit_aligner.py` fits it with cross-validation by article."""

    hit_rates: tuple[float, float, float, float, float] = (0.85, 0.75, 0.6, 0.5, 0.25)
    """By Sort: the share of words whose translation shows in the true counterpart."""
    trust: tuple[float, float, float, float, float] = (0.5, 0.5, 0.35, 0.4, 0.3)
    """By Sort: words of a sentence are not independent witnesses; their log-ratios are scaled down."""
    smoothing: float = 0.5
    """Occurrences by chance added to those counted."""
    length: float = 0.7
    """Weight of the length term: half the squared deviation of the log length ratio, in `spread`s."""
    spread: float = 0.3
    unaligned: float = -1.5
    """Score of a sentence left alone."""
    merge: float = -2.0
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


def bead_scores(left: Side, right: Side, weights: Weights = DEFAULT) -> dict[tuple[int, int], Floats]:
    """Returns for each bead size (a, b) the array of scores, shape (n-a+1, m-b+1), indexed by the spans' first sentences."""
    n, m = len(left), len(right)
    forward = _directed(left, right, weights, max(b for _, b in BEADS))
    backward = _directed(right, left, weights, max(a for a, _ in BEADS))
    ratio = np.log(right.lengths.sum() / left.lengths.sum())
    scores: dict[tuple[int, int], Floats] = {}
    for a, b in BEADS:
        if a > n or b > m:
            continue
        if a == 0 or b == 0:
            scores[a, b] = np.full((n - a + 1, m - b + 1), weights.unaligned)
            continue
        evidence = _window_sum(forward[b], a) + _window_sum(backward[a], b).T
        lengths = (
            np.log(_window_sum(right.lengths[:, None], b)[:, 0])[None, :]
            - np.log(_window_sum(left.lengths[:, None], a)[:, 0])[:, None]
        )
        deviation = (lengths - ratio) / weights.spread
        scores[a, b] = evidence - weights.length * 0.5 * deviation**2 + weights.merge * (a + b - 2)
    return scores


def _directed(source: Side, target: Side, weights: Weights, widest: int) -> dict[int, Floats]:
    """Returns by window width b the array (source sentences, target windows) of summed log-likelihood ratios."""
    places: dict[Key, list[int]] = defaultdict(list)
    for j, bag in enumerate(target.tokens):
        for token in bag:
            for key in token.keys:
                places[key].append(j)
    m = len(target)
    owners: list[int] = []
    sorts: list[int] = []
    rows: list[int] = []
    columns: list[int] = []
    for i, bag in enumerate(source.tokens):
        for token in bag:
            row = len(owners)
            owners.append(i)
            sorts.append(token.sort)
            for key in token.keys:
                if key in places:
                    found = places[key]
                    columns += found
                    rows += [row] * len(found)
    present = np.zeros((len(owners), m), dtype=bool)
    present[rows, columns] = True
    rate = np.array(weights.hit_rates)[sorts]
    trust = np.array(weights.trust)[sorts]
    count = present.sum(axis=1)
    starts = np.searchsorted(owners, np.arange(len(source)))
    result: dict[int, Floats] = {}
    window = present
    for b in range(1, min(widest, m) + 1):
        if b > 1:
            window = window[:, :-1] | present[:, b - 1 :]
        chance = (np.maximum(count - 1, 0) + weights.smoothing) / (m + 2 * weights.smoothing)
        chance = np.clip(1 - (1 - chance) ** b, 0.01, 0.95)
        hit = trust * np.log(np.maximum(rate, chance) / chance)
        miss = trust * np.log((1 - rate) / np.maximum(1 - chance, 1 - rate))
        ratios = np.where(window, hit[:, None], miss[:, None])
        result[b] = _sums_by_owner(ratios, starts, len(owners))
    return result


def _sums_by_owner(ratios: Floats, starts: npt.NDArray[np.int64], total: int) -> Floats:
    """Returns the sums of the rows of each source sentence; a sentence without tokens has zeros."""
    running = np.vstack([np.zeros((1, ratios.shape[1])), np.cumsum(ratios, axis=0)])
    ends = np.append(starts[1:], total)
    sums: Floats = running[ends] - running[starts]
    return sums


def _window_sum(values: Floats, width: int) -> Floats:
    """Returns the sums over `width` successive rows."""
    if width == 1:
        return values
    running = np.vstack([np.zeros((1, values.shape[1])), np.cumsum(values, axis=0)])
    sums: Floats = running[width:] - running[:-width]
    return sums
