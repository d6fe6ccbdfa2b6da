"""How far a system's beads agree with the gold's, and how far their scores can be trusted.

Strict and lax precision and recall are those of Thompson and Koehn (2019): a bead is strictly right when the
gold has that very bead, and laxly right when it and some gold bead overlap on both sides. Precision is over all
beads that the system gave, recall only over the gold's beads with two sides.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from kzalign.bench.report import Agreement, Estimate, table
from kzalign.bench.resampling import SAMPLES, SEED, Bootstrap, Floats, Ints, estimate, signature
from kzalign.errors import KzalignError
from kzalign.records import PAIRS, Bead

Beads = Mapping[str, Sequence[Bead]]
"""The beads of one article by pair, as an article's `alignment` holds them."""

Sides = tuple[tuple[int, ...], tuple[int, ...]]
BINS = 10
INDICES = r"\[\s*((?:\d+(?:\s*,\s*\d+)*)?)\s*\]"
VECALIGN = re.compile(rf"\s*{INDICES}\s*:\s*{INDICES}\s*(?::\s*(-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?)\s*)?")


@dataclass(frozen=True, slots=True)
class Bin:
    """The beads whose score lies in [low, high): how many, their mean score, the share of them strictly right."""

    low: float
    high: float
    n: int
    score: float
    right: float


@dataclass(frozen=True, slots=True)
class Reliability:
    """The bins that hold any bead, and the mean distance of score and share right (expected calibration error)."""

    bins: tuple[Bin, ...]
    error: float

    def to_json(self) -> dict[str, Any]:
        """Returns the bins as rows of low, high, n, mean score, share right, and the expected calibration error."""
        rows = [[round(x, 4) for x in (b.low, b.high, b.n, b.score, b.right)] for b in self.bins]
        return {"bins": rows, "error": round(self.error, 4)}

    def lines(self) -> list[str]:
        """Returns the bins as a plain table, the expected calibration error under it."""
        rows = [(f"{b.low:.2f}-{b.high:.2f}", str(b.n), f"{b.score:.3f}", f"{b.right:.3f}") for b in self.bins]
        return [*table(("score", "beads", "mean score", "right"), rows), f"expected calibration error {self.error:.4f}"]


@dataclass(frozen=True, slots=True)
class AlignmentReport:
    """Agreement by pair and over `all`, strict and lax; reliability is None where the scores are not probabilities."""

    strict: dict[str, Agreement]
    lax: dict[str, Agreement]
    reliability: Reliability | None
    signature: str

    def to_json(self) -> dict[str, Any]:
        """Returns the report as one JSON object, figures rounded to four places."""
        return {
            "strict": {pair: agreement.to_json() for pair, agreement in self.strict.items()},
            "lax": {pair: agreement.to_json() for pair, agreement in self.lax.items()},
            "reliability": self.reliability and self.reliability.to_json(),
            "signature": self.signature,
        }

    def lines(self) -> list[str]:
        """Returns the figures as lines of plain text."""
        rows = [
            (f"{pair} {kind}", *agreements[pair].cells())
            for pair in self.strict
            for kind, agreements in (("strict", self.strict), ("lax", self.lax))
        ]
        trust = self.reliability.lines() if self.reliability else ["scores outside 0 to 1 are no probabilities: no reliability"]
        return [*table(("pair", "precision", "recall", "F1"), rows), "", *trust, "", self.signature]


@dataclass(frozen=True, slots=True)
class _Counts:
    """Of one article's pair: beads strictly right, laxly right and all, of the system's and of the gold's."""

    precision_strict: int = 0
    precision_lax: int = 0
    system: int = 0
    recall_strict: int = 0
    recall_lax: int = 0
    gold: int = 0


def score_alignment(gold: Mapping[str, Beads], system: Mapping[str, Beads]) -> AlignmentReport:
    """Returns how the system's beads agree with the gold's, article by article (the keys); both must hold the same pairs."""
    _check_same(gold, system)
    gold = {article: beads for article, beads in gold.items() if beads}
    found = {pair for beads in gold.values() for pair in beads}
    pairs = [*(pair for pair in PAIRS if pair in found), *sorted(found.difference(PAIRS))]
    counts = {
        pair: [_count(beads[pair], system[article][pair]) if pair in beads else _Counts() for article, beads in gold.items()]
        for pair in pairs
    }
    columns = {pair: {name: [getattr(c, name) for c in rows] for name in _Counts.__slots__} for pair, rows in counts.items()}
    columns["all"] = {
        name: [sum(values) for values in zip(*(columns[pair][name] for pair in pairs), strict=True)] for name in _Counts.__slots__
    }
    bootstrap = Bootstrap.draw(len(gold))

    def agreements(kind: str) -> dict[str, Agreement]:
        return {
            pair: bootstrap.agreement((c[f"precision_{kind}"], c["system"]), (c[f"recall_{kind}"], c["gold"]))
            for pair, c in columns.items()
        }

    scored = [
        scored
        for article, beads in gold.items()
        for pair in beads
        for scored in _scored(_sides(beads[pair]), system[article][pair])
    ]
    trusted = all(0 <= score <= 1 for score, _ in scored)
    return AlignmentReport(
        agreements("strict"), agreements("lax"), reliability(scored) if trusted else None, signature("alignment", len(gold))
    )


def _check_same(gold: Mapping[str, Beads], system: Mapping[str, Beads]) -> None:
    keys = [{(article, pair) for article, beads in side.items() for pair in beads} for side in (gold, system)]
    for what, names in (("lacks", keys[0] - keys[1]), ("has, and the gold lacks,", keys[1] - keys[0])):
        if names:
            listed = ", ".join(f"{article} {pair}" for article, pair in sorted(names))
            raise KzalignError(f"the system {what} {listed}: align the gold's own articles")


def _sides(beads: Iterable[Bead]) -> set[Sides]:
    return {(bead.left, bead.right) for bead in beads if bead.left or bead.right}


def _count(gold: Iterable[Bead], system: Iterable[Bead]) -> _Counts:
    want, have = _sides(gold), _sides(system)
    want_two_sided = {(left, right) for left, right in want if left and right}
    return _Counts(
        *(len(have & want), _overlapping(have, want) + len(_one_sided(have) & want), len(have)),
        *(len(want_two_sided & have), _overlapping(want_two_sided, have), len(want_two_sided)),
    )


def _scored(want: set[Sides], system: Iterable[Bead]) -> list[tuple[float, bool]]:
    return [(bead.score, (bead.left, bead.right) in want) for bead in system if bead.left and bead.right]


def _one_sided(beads: set[Sides]) -> set[Sides]:
    return {(left, right) for left, right in beads if not (left and right)}


def _overlapping(beads: set[Sides], others: set[Sides]) -> int:
    """Returns how many beads link a sentence to one that some other bead links it to as well."""
    links = {(i, j) for left, right in others for i in left for j in right}
    return sum(any((i, j) in links for i in left for j in right) for left, right in beads)


def reliability(scored: Sequence[tuple[float, bool]]) -> Reliability:
    """Returns how often beads of a score (0 to 1) are right, in bins of equal width."""
    rows: list[list[tuple[float, bool]]] = [[] for _ in range(BINS)]
    for score, right in scored:
        rows[min(int(score * BINS), BINS - 1)].append((score, right))
    bins = tuple(
        Bin(i / BINS, (i + 1) / BINS, len(row), sum(s for s, _ in row) / len(row), sum(r for _, r in row) / len(row))
        for i, row in enumerate(rows)
        if row
    )
    return Reliability(bins, sum(b.n * abs(b.score - b.right) for b in bins) / max(1, len(scored)))


def roc_auc(right: Sequence[float], wrong: Sequence[float]) -> Estimate:
    """Returns how often a score of the first list exceeds one of the second (a tie is half), resampling each list."""
    scores = np.asarray([*right, *wrong], dtype=np.float64)
    if not right or not wrong or np.isnan(scores).any():
        raise KzalignError(f"the area under the curve needs scores of both kinds: {len(right)} right, {len(wrong)} wrong, no NaN")
    values, places = np.unique(scores, return_inverse=True)
    kinds = places[: len(right)], places[len(right) :]
    generator = np.random.default_rng(SEED)

    def counts(kind: Ints) -> Ints:
        return np.bincount(kind, minlength=len(values))

    samples = [_area(*(counts(generator.choice(kind, len(kind))) for kind in kinds)) for _ in range(SAMPLES)]
    return estimate(_area(*map(counts, kinds)), np.asarray(samples))


def _area(right: Ints, wrong: Ints) -> float:
    below: Floats = np.cumsum(wrong) - wrong / 2
    return float(right @ below / (right.sum() * wrong.sum()))


def read_vecalign(path: Path) -> tuple[Bead, ...]:
    """Returns the beads of a file with lines like `[0]:[0, 1]:0.87` (a line without a score gives 1)."""
    beads = []
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), 1):
        match = VECALIGN.fullmatch(line)
        if not match:
            raise KzalignError(f"{path}: line {number} is '{line}', which is not like '[0]:[0, 1]:0.87'")
        left, right, score = match.groups()
        beads.append(Bead(_indices(left), _indices(right), 1.0 if score is None else float(score)))
    return tuple(beads)


def _indices(listed: str) -> tuple[int, ...]:
    return tuple(int(index) for index in listed.split(",") if index)


def format_bead(bead: Bead) -> str:
    """Returns the bead as a line like `[0]:[0, 1]:0.87`, the score to four places."""
    return f"{list(bead.left)}:{list(bead.right)}:{round(bead.score, 4)}"
