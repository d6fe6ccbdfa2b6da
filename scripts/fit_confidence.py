"""Fits the probability of a bead with cross-validation by article, and finds the score that keeps only right ones.

    python scripts/fit_confidence.py GOLD_DIR [--target-precision 0.988] [-o eval/results/fit_confidence.json]

Beads come from the default weights on the gold with 20 % of the sentences deleted and 10 % merged, and on the gold
as it is. Printed: the held-out precision and share kept by score, then the curve fitted on all articles.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import numpy.typing as npt

from kzalign.align.confidence import Doubts, doubts_of, left_alone
from kzalign.align.lexical import LexicalAligner
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress
from kzalign.records import PAIRS

SEEDS = range(31, 37)
FOLDS = 5
RIDGE = 3.0
Array = npt.NDArray[np.float64]


def observe(gold: Path) -> tuple[Array, Array, list[str], Array]:
    """Returns the doubts of all two-sided beads, whether each is right, its article, and whether it is of damaged text."""
    aligner = LexicalAligner.with_lexicon()
    seen: list[tuple[float, ...]] = []
    right: list[bool] = []
    owners: list[str] = []
    damaged: list[bool] = []
    for article in load_gold(gold):
        for seed in (None, *SEEDS):
            made = article if seed is None else stress(article, 0.2, 0.1, seed)
            sides = aligner.sides(made.versions)
            pairs = {pair: (pair[:2], pair[3:]) for pair in PAIRS}
            present = {pair: (sides[a], sides[b]) for pair, (a, b) in pairs.items() if a in sides and b in sides}
            for pair, (evidence, beads) in aligner.decide(present).items():
                want = {(b.left, b.right) for b in made.alignment[pair]}
                unaligned = left_alone((b.left, b.right) for b in beads)
                for bead in ((b.left, b.right) for b in beads if b.left and b.right):
                    seen.append(tuple(doubts_of(bead, unaligned, evidence)))
                    right.append(bead in want)
                    owners.append(article.id)
                    damaged.append(seed is not None)
    return np.array(seen), np.array(right, float), owners, np.array(damaged)


def fit(x: Array, y: Array) -> Array:
    """Returns the logistic weights, the constant last (Newton's method, ridge on scaled features)."""
    scale = x.std(axis=0) + 1e-9
    z = np.c_[x / scale, np.ones(len(x))]
    w = np.zeros(z.shape[1])
    ridge = RIDGE * np.eye(len(w))
    ridge[-1, -1] = 1e-6
    for _ in range(50):
        p = 1 / (1 + np.exp(-z @ w))
        w += np.linalg.solve((z * (p * (1 - p))[:, None]).T @ z + ridge, z.T @ (y - p) - ridge @ w)
    weights: Array = np.append(w[:-1] / scale, w[-1])
    return weights


def main() -> None:
    """Fits, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--target-precision", type=float, default=0.988)
    parser.add_argument("-o", "--output", type=Path, default=Path("eval/results/fit_confidence.json"))
    arguments = parser.parse_args()
    x, y, owners, damaged = observe(arguments.gold)
    names = sorted(set(owners))
    guess = np.zeros(len(y))
    for k in range(FOLDS):
        out = np.isin(owners, names[k::FOLDS])
        w = fit(x[~out], y[~out])
        guess[out] = 1 / (1 + np.exp(-(x[out] @ w[:-1] + w[-1])))
    order = np.argsort(-guess[damaged])
    scores, hits = guess[damaged][order], np.cumsum(y[damaged][order])
    precision, share = hits / np.arange(1, len(hits) + 1), hits / y[damaged].sum()
    good = np.flatnonzero(precision >= arguments.target_precision)
    at = int(good[-1]) if len(good) else 0
    w = fit(x, y)
    named = {"constant": w[-1]} | dict(zip(Doubts._fields, w[:-1], strict=True))
    result = {
        "command": f"python scripts/fit_confidence.py GOLD --target-precision {arguments.target_precision}",
        "beads": len(y),
        "held out, 20/10": {
            "score": round(float(scores[at]), 4),
            "right": round(float(precision[at]), 4),
            "share of the right ones kept": round(float(share[at]), 4),
            "right where 90 % are kept": round(float(precision[np.searchsorted(share, 0.9)]), 4),
        },
        "calibration": {k: round(float(v), 3) for k, v in named.items()},
    }
    print(json.dumps(result, indent=1))
    arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
