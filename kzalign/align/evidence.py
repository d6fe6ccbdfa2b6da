"""How much the words of two spans speak for one being the translation of the other.

Every word of a span is a small witness. If the spans are translations, its own translation is among the other
span's words at the rate of its sort (`hit_rates`); if they are not, only as often as chance puts it there, which
the other text itself shows: a word that stands in each of its sentences is no evidence, a word that stands in
one is. The sum of the log-likelihood ratios of both directions, with a term for the lengths, is the score of a
bead; leaving a sentence unaligned scores its own, measured, cost.

Which sentences of the other text hold a word's translation is one integer, a bit a sentence.
"""

import copy
import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kzalign.align.tokens import Key, Sort, Token

Floats = npt.NDArray[np.float64]

BEADS: tuple[tuple[int, int], ...] = (
    (1, 1), (1, 0), (0, 1), (1, 2), (2, 1), (2, 2), (1, 3), (3, 1), (2, 3), (3, 2), (1, 4), (4, 1),
)  # fmt: skip
"""Sizes (left, right) of the beads a path may take."""

LINK = int(Sort.LINK)
WIDEST = max(max(size) for size in BEADS)


@dataclass(frozen=True, slots=True)
class Weights:
    """Everything the scorer has learnt; `scripts/fit_aligner.py` fits it with cross-validation by article."""

    hit_rates: tuple[float, ...] = (0.759, 0.769, 0.547, 0.633, 0.321, 0.676, 0.581)
    """By Sort: the share of words whose translation shows in the true counterpart."""
    trust: tuple[float, ...] = (0.607, 0.503, 0.643, 0.368, 0.252, 0.569, 0.498)
    """By Sort: words of a sentence are not independent witnesses; their log-ratios are scaled down."""
    smoothing: float = 0.431
    """Occurrences by chance added to those counted."""
    length: float = 0.517
    """Weight of the length term: half the squared deviation of the log length ratio, in `spread`s."""
    spread: float = 0.711
    unaligned: float = -2.867
    """Score of a sentence left alone."""
    merge: float = -2.842
    """Score of each sentence more than one on a side."""
    double: float = 1.341
    """Added where both sides have more than one."""
    adapt: float = 1.279
    """How far an article's own rate of omissions moves `unaligned`, per unit of its logarithm."""
    certain: float = 4.686
    """Score from which on a pair without rivals is taken before the search (`anchored`)."""


DEFAULT = Weights()
WITHOUT_LEXICON = Weights(
    hit_rates=(0.35, 0.97, 0.88, 0.45, 0.087, 0.85, 0.51),
    trust=(0.54, 0.45, 0.45, 0.44, 0.19, 0.37, 0.16),
    smoothing=0.28,
    length=0.62,
    spread=0.28,
    unaligned=-2.84,
    merge=-1.25,
    certain=math.inf,
)
"""For languages without a lexicon, fitted on Text+Berg dev: cognates and lengths carry more, and books leave less out."""

Values = tuple[tuple[tuple[float, float, float], ...], ...]
"""By sort and by how many sentences hold a translation: what a witness is worth when the span does, when not, the difference."""


@lru_cache(maxsize=4096)
def witness_values(weights: Weights, sentences: int, width: int) -> Values:
    """Returns the log-likelihood ratios of witnesses for spans of `width` of `sentences` sentences."""
    table = []
    for rate, trust in zip(weights.hit_rates, weights.trust, strict=True):
        row = []
        for count in range(sentences + 1):
            chance = (max(count - 1, 0) + weights.smoothing) / (sentences + 2 * weights.smoothing)
            chance = min(max(1 - (1 - chance) ** width, 0.01), 0.95)
            hit = trust * math.log(max(rate, chance) / chance)
            miss = trust * math.log((1 - rate) / max(1 - chance, 1 - rate))
            row.append((hit, miss, hit - miss))
        table.append(tuple(row))
    return tuple(table)


@dataclass(frozen=True, slots=True)
class Side:
    """One text's sentences as evidence: their tokens, distinct within each, where each key stands, their lengths."""

    tokens: tuple[tuple[Token, ...], ...]
    sentences: tuple[str, ...]
    lang: str
    lengths: tuple[int, ...]
    """Characters of each sentence."""
    places: dict[Key, int]
    """A bit for each sentence that holds the key."""

    @classmethod
    def of(cls, tokens: Sequence[Sequence[Token]], sentences: Sequence[str], lang: str) -> "Side":
        """Returns the side of sentences and their tokens."""
        distinct = tuple(tuple({id(token): token for token in bag}.values()) for bag in tokens)
        places: dict[Key, int] = defaultdict(int)
        for i, bag in enumerate(distinct):
            bit = 1 << i
            for keys, _ in bag:
                for key in keys:
                    places[key] |= bit
        return cls(distinct, tuple(sentences), lang, tuple(max(1, len(s)) for s in sentences), places)

    def part(self, start: int, end: int) -> "Side":
        """Returns the side of some of the sentences."""
        return Side.of(self.tokens[start:end], self.sentences[start:end], self.lang)

    def __len__(self) -> int:
        return len(self.tokens)


Witness = tuple[int, int, int]
"""Sort, how many sentences of the other text hold a translation, and which (bits)."""


def _witnesses(source: Side, target: Side) -> list[list[Witness]]:
    """Returns the witnesses of each source sentence."""
    places = target.places.get
    found: list[list[Witness]] = []
    for bag in source.tokens:
        row: list[Witness] = []
        for keys, sort in bag:
            held = 0
            for key in keys:
                held |= places(key, 0)
            row.append((sort, held.bit_count(), held))
        found.append(row)
    return found


class Evidence:
    """The witnesses of two texts, counted once; scores of beads are sums over them."""

    def __init__(self, left: Side, right: Side, weights: Weights = DEFAULT) -> None:
        self.left, self.right, self.weights = left, right, weights
        self._forward = _witnesses(left, right)
        self._backward = _witnesses(right, left)
        self._ratio = math.log(sum(right.lengths) / sum(left.lengths))
        self._singles: list[list[float]] = []
        self._values: dict[tuple[int, int], Values] = {}

    def with_links(self, left: Sequence[Sequence[int]], right: Sequence[Sequence[int]], weights: Weights) -> "Evidence":
        """Returns the same evidence under other weights, with a witness for each sentence of a third text tied to a sentence.

        `left` and `right` name, for each sentence, those of the third text.
        """
        linked = copy.copy(self)
        linked.weights, linked._singles, linked._values = weights, [], {}
        linked._forward = _with_links(self._forward, left, right)
        linked._backward = _with_links(self._backward, right, left)
        return linked

    def one_to_one(self) -> list[list[float]]:
        """Returns the scores of all beads of one sentence on each side, n rows of m."""
        n, m = len(self.left), len(self.right)
        logs = [math.log(length) - self._ratio for length in self.right.lengths]
        sharpness = -0.5 * self.weights.length / self.weights.spread**2
        rows = _sums(self._forward, m, self.values(0, 1))
        columns = zip(*_sums(self._backward, n, self.values(1, 1)), strict=True)
        scores = []
        for length, row, backward in zip(self.left.lengths, rows, columns, strict=True):
            log = math.log(length)
            scores.append([a + b + sharpness * (other - log) ** 2 for a, b, other in zip(row, backward, logs, strict=True)])
        self._singles = scores
        return scores

    def score(self, left: Sequence[int], right: Sequence[int]) -> float:
        """Returns the score of one bead of any sentences, next to each other or not."""
        if self._singles and len(left) == len(right) == 1:
            return self._singles[left[0]][right[0]]
        words = _sum(self._forward, left, right, self.values(0, len(right)))
        words += _sum(self._backward, right, left, self.values(1, len(left)))
        difference = math.log(sum(self.right.lengths[j] for j in right) / sum(self.left.lengths[i] for i in left))
        return words + self._shape(difference, len(left), len(right))

    def tables(self, rows: range, columns: range) -> dict[tuple[int, int], Floats]:
        """Returns for each bead size (a, b) the scores of the beads inside a block, indexed by their first sentences there."""
        n, m = len(rows), len(columns)
        forward = self._windows(self._forward, rows, columns, len(self.right))
        backward = self._windows(self._backward, columns, rows, len(self.left))
        lengths = [
            np.array([side.lengths[k] for k in block], dtype=float) for side, block in ((self.left, rows), (self.right, columns))
        ]
        scores: dict[tuple[int, int], Floats] = {}
        for a, b in BEADS:
            if a > n or b > m:
                continue
            if a == 0 or b == 0:
                scores[a, b] = np.full((n - a + 1, m - b + 1), self.weights.unaligned)
                continue
            words = window_sum(forward[b], a) + window_sum(backward[a], b).T
            difference = np.log(window_sum(lengths[1], b))[None, :] - np.log(window_sum(lengths[0], a))[:, None]
            deviation = (difference - self._ratio) / self.weights.spread
            scores[a, b] = words - 0.5 * self.weights.length * deviation**2 + self._size(a, b)
        return scores

    def witnesses(self, side: int) -> list[list[Witness]]:
        """Returns the witnesses of each sentence of a side (0 left, 1 right), in the order of its words, links last."""
        return self._backward if side else self._forward

    def values(self, side: int, width: int) -> Values:
        """Returns what a witness of a side (0 left, 1 right) is worth for or against `width` sentences of the other."""
        found = self._values.get((side, width))
        if found is None:
            others = self.left if side else self.right
            found = self._values[side, width] = witness_values(self.weights, len(others), width)
        return found

    def words(self, left: Sequence[int], right: Sequence[int]) -> int:
        """Returns how many witnesses a bead has."""
        return sum(len(self.left.tokens[i]) for i in left) + sum(len(self.right.tokens[j]) for j in right)

    def _shape(self, difference: float, a: int, b: int) -> float:
        """Returns what lengths (a difference of logs) and sizes add to the words."""
        deviation = (difference - self._ratio) / self.weights.spread
        return -0.5 * self.weights.length * deviation * deviation + self._size(a, b)

    def _size(self, a: int, b: int) -> float:
        """Returns what the numbers of sentences add."""
        return self.weights.merge * (a + b - 2) + (self.weights.double if a > 1 and b > 1 else 0.0)

    def _windows(self, witnesses: list[list[Witness]], sources: range, targets: range, sentences: int) -> dict[int, Floats]:
        """Returns by width b the array (sources, windows of targets) of summed log-likelihood ratios."""
        flat = [witness for i in sources for witness in witnesses[i]]
        starts = np.cumsum([0, *(len(witnesses[i]) for i in sources)])
        present = _bits([held >> targets.start for _, _, held in flat], len(targets))
        result: dict[int, Floats] = {}
        window = present
        for width in range(1, min(WIDEST, len(targets)) + 1):
            if width > 1:
                window = window[:, :-1] | present[:, width - 1 :]
            values = witness_values(self.weights, sentences, width)
            worth = np.array([values[sort][count] for sort, count, _ in flat]).reshape(-1, 3)
            ratios = np.where(window, worth[:, :1], worth[:, 1:2])
            running = np.vstack([np.zeros((1, ratios.shape[1])), np.cumsum(ratios, axis=0)])
            result[width] = running[starts[1:]] - running[starts[:-1]]
        return result


def _with_links(
    witnesses: list[list[Witness]], own: Sequence[Sequence[int]], others: Sequence[Sequence[int]]
) -> list[list[Witness]]:
    """Returns the witnesses with one more for each link: the other side's sentences that are tied to the same one hold it."""
    places: dict[int, int] = {}
    for j, links in enumerate(others):
        for k in links:
            places[k] = places.get(k, 0) | 1 << j
    return [
        [*row, *((LINK, held.bit_count(), held) for k in links for held in (places.get(k, 0),))]
        for row, links in zip(witnesses, own, strict=True)
    ]


def _sums(witnesses: list[list[Witness]], sentences: int, values: Values) -> list[list[float]]:
    """Returns for each source sentence the sums of its witnesses for each single target sentence."""
    rows = []
    for bag in witnesses:
        base = 0.0
        row = [0.0] * sentences
        for sort, count, held in bag:
            _, miss, gain = values[sort][count]
            base += miss
            while held:
                low = held & -held
                row[low.bit_length() - 1] += gain
                held ^= low
        rows.append([base + value for value in row])
    return rows


def _sum(witnesses: list[list[Witness]], sources: Sequence[int], targets: Sequence[int], values: Values) -> float:
    """Returns the sum of the witnesses of some source sentences for some target sentences together."""
    span = 0
    for j in targets:
        span |= 1 << j
    total = 0.0
    for i in sources:
        for sort, count, held in witnesses[i]:
            total += values[sort][count][0 if held & span else 1]
    return total


def _bits(masks: Sequence[int], width: int) -> npt.NDArray[np.bool_]:
    """Returns the lowest `width` bits of each mask as a row of booleans."""
    size = (width + 7) // 8
    keep = (1 << width) - 1
    packed = np.frombuffer(b"".join((mask & keep).to_bytes(size, "little") for mask in masks), dtype=np.uint8)
    return np.unpackbits(packed.reshape(len(masks), size), axis=1, bitorder="little")[:, :width].astype(bool)


def window_sum(values: Floats, width: int) -> Floats:
    """Returns the sums over `width` successive rows."""
    if width == 1:
        return values
    running = np.concatenate([np.zeros((1, *values.shape[1:])), np.cumsum(values, axis=0)])
    sums: Floats = running[width:] - running[:-width]
    return sums
