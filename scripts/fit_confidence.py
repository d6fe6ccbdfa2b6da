"""Fits the probability of a bead with cross-validation by article, and finds the score that keeps only right ones.

    python scripts/fit_confidence.py GOLD_DIR [--target-precision 0.988] [-o eval/results/fit_confidence.json]

Beads come from the default weights on the gold with 20 % of the sentences deleted and 10 % merged, and on the gold
as it is. The curve of a fold is fitted on the other folds' articles, damaged with other seeds than those measured.
Printed: the held-out share of right beads and how many of the right ones are kept, by range of seeds, each with the
95 % interval of resampled articles; the score that reaches the target; then the curve fitted on all articles.
"""

import argparse
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kzalign.align.confidence import Doubts, doubts_of
from kzalign.align.lexical import LexicalAligner
from kzalign.align.refine import left_alone
from kzalign.bench.gold import load_gold
from kzalign.bench.resampling import Bootstrap
from kzalign.bench.stress import stress
from kzalign.records import PAIRS, Article

DELETE, MERGE = 0.2, 0.1
FIT = range(331, 361)
MEASURED = (range(31, 37), range(131, 143), range(201, 213))
FOLDS = 5
RIDGE = 3.0
KEPT = (0.9, 0.91, 0.95)
DIGITS = 3
Array = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Beads:
    """Two-sided beads of the aligner: doubts (beads x doubts), whether each is right, whose it is (number of the article)."""

    doubts: Array
    right: Array
    owner: npt.NDArray[np.int64]

    def of(self, keep: npt.NDArray[np.bool_]) -> "Beads":
        """Returns some of the beads."""
        return Beads(self.doubts[keep], self.right[keep], self.owner[keep])

    def __add__(self, other: "Beads") -> "Beads":
        return Beads(*(np.concatenate([getattr(self, k), getattr(other, k)]) for k in ("doubts", "right", "owner")))


def observe(articles: list[Article], seeds: Iterable[int | None]) -> Beads:
    """Returns the beads of the articles damaged with each seed; None leaves them as they are."""
    aligner = LexicalAligner.with_lexicon()
    doubts: list[Doubts] = []
    right: list[bool] = []
    owner: list[int] = []
    for seed in seeds:
        for number, article in enumerate(articles):
            made = article if seed is None else stress(article, DELETE, MERGE, seed)
            sides = aligner.sides(made.versions)
            pairs = {pair: pair.split("-") for pair in PAIRS}
            present = {pair: (sides[a], sides[b]) for pair, (a, b) in pairs.items() if a in sides and b in sides}
            for pair, (evidence, beads) in aligner.decide(present).items():
                want = {(b.left, b.right) for b in made.alignment[pair]}
                unaligned = left_alone((b.left, b.right) for b in beads)
                for bead in ((b.left, b.right) for b in beads if b.left and b.right):
                    doubts.append(doubts_of(bead, unaligned, evidence))
                    right.append(bead in want)
                    owner.append(number)
    return Beads(np.array(doubts), np.array(right, float), np.array(owner))


def fit(beads: Beads) -> Array:
    """Returns the logistic weights, the constant last (Newton's method, ridge on scaled features)."""
    scale = beads.doubts.std(axis=0) + 1e-9
    z = np.c_[beads.doubts / scale, np.ones(len(beads.right))]
    w = np.zeros(z.shape[1])
    ridge = RIDGE * np.eye(len(w))
    ridge[-1, -1] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        w += np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + ridge, z.T @ (beads.right - p) - ridge @ w)
    weights: Array = np.append(w[:-1] / scale, w[-1])
    return weights


def held_out(learn: Beads, test: Beads, articles: int) -> Array:
    """Returns the probabilities of the test's beads, each by the curve fitted without the articles of its fold."""
    guess = np.zeros(len(test.right))
    for k in range(FOLDS):
        fold = np.arange(k, articles, FOLDS)
        w = fit(learn.of(~np.isin(learn.owner, fold)))
        out = np.isin(test.owner, fold)
        guess[out] = 1 / (1 + np.exp(-(test.doubts[out] @ w[:-1] + w[-1])))
    return guess


def table(beads: Beads, guess: Array, target: float, articles: int) -> dict[str, list[float]]:
    """Returns the share right at shares kept and the share kept at `target` right, each with the ends of its interval."""
    order = np.argsort(-guess, kind="stable")
    right, owner = beads.right[order], beads.owner[order]
    draws = np.vstack([np.ones(articles, dtype=np.int64), Bootstrap.draw(articles).weights])
    rows = []
    for weights in draws:
        drawn = weights[owner]
        hits, seen = np.cumsum(drawn * right), np.cumsum(drawn)
        precision = hits / np.maximum(1, seen)
        at = [precision[np.searchsorted(hits, share * hits[-1])] for share in KEPT]
        good = np.flatnonzero(precision >= target)
        rows.append([*at, hits[good[-1]] / hits[-1] if len(good) else 0.0])
    values = np.array(rows)
    ends = np.percentile(values[1:], [2.5, 97.5], axis=0)
    names = [*(f"right where {share:.0%} are kept" for share in KEPT), f"kept where {target:.1%} are right"]
    return {name: np.round([values[0, k], *ends[:, k]], 4).tolist() for k, name in enumerate(names)}


def threshold(beads: Beads, guess: Array, target: float) -> float:
    """Returns the lowest score, rounded up, from which on the target share of the beads is right."""
    order = np.argsort(-guess, kind="stable")
    precision = np.cumsum(beads.right[order]) / np.arange(1, len(order) + 1)
    good = np.flatnonzero(precision >= target)
    return float(np.ceil(guess[order][good[-1]] * 100) / 100) if len(good) else 1.0


def at_score(beads: Beads, guess: Array, score: float) -> dict[str, float]:
    """Returns the share right of the beads with at least the score, and how many of the right ones have it."""
    kept = guess >= score
    return {
        "right": round(float(beads.right[kept].mean()), 4),
        "kept": round(float(beads.right[kept].sum() / beads.right.sum()), 4),
    }


def main() -> None:
    """Fits, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--target-precision", type=float, default=0.988)
    parser.add_argument("-o", "--output", type=Path, default=Path("eval/results/fit_confidence.json"))
    arguments = parser.parse_args()
    target = arguments.target_precision
    articles = load_gold(arguments.gold)
    plain = observe(articles, [None])
    learn = observe(articles, FIT) + plain
    damaged = {f"20/10, seeds {seeds.start}-{seeds.stop - 1}": observe(articles, seeds) for seeds in MEASURED}
    guesses = {name: held_out(learn, beads, len(articles)) for name, beads in damaged.items()}
    together = sum(
        (beads for beads in damaged.values()), Beads(np.empty((0, len(Doubts._fields))), np.empty(0), np.empty(0, int))
    )
    every = np.concatenate(list(guesses.values()))
    score = threshold(together, every, target)
    w = fit(learn)
    named = {"constant": w[-1]} | dict(zip(Doubts._fields, w[:-1], strict=True))
    result = {
        "command": f"python scripts/fit_confidence.py GOLD --target-precision {target}",
        "beads": {"fitted on": len(learn.right), "measured": len(every)},
        "measure": "held out by article and by seed: value, 95 % interval of resampled articles",
        "held out": {
            **{name: table(beads, guesses[name], target, len(articles)) for name, beads in damaged.items()},
            "20/10, all of these": table(together, every, target, len(articles)),
        },
        "score that reaches the target": score,
        "from it on": {
            "20/10": at_score(together, every, score),
            "gold": at_score(plain, held_out(learn, plain, len(articles)), score),
        },
        "calibration": {k: round(float(v), DIGITS) for k, v in named.items()},
    }
    print(json.dumps(result, indent=1))
    arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
