"""Fits the probability of a bead with cross-validation by article, and finds the score that keeps only right ones.

    python scripts/fit_confidence.py GOLD_DIR [--target-precision 0.988] [-o eval/results/fit_confidence.json]

Beads come from the default weights on the gold with 20 % of the sentences deleted and 10 % merged, and on the gold
as it is. Printed: the held-out precision and share kept by score, then the curve fitted on all articles.
"""

import argparse
import json
from dataclasses import asdict, astuple, fields
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

import kzalign.align.lexical as lexical
from kzalign.align.confidence import Calibration, Doubts
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress

SEEDS = range(31, 37)
FOLDS = 5
RIDGE = 3.0
Array = npt.NDArray[np.float64]


def observe(gold: Path) -> tuple[Array, Array, list[str], Array]:
    """Returns the doubts of all two-sided beads, whether each is right, its article, and whether it is of damaged text."""
    seen: list[Doubts] = []
    original = lexical.doubts_of

    def spy(bead: Any, unaligned: Any, evidence: Any) -> Doubts:
        doubts = original(bead, unaligned, evidence)
        known[id(evidence), bead] = doubts
        kept.append(evidence)
        return doubts

    known: dict[Any, Doubts] = {}
    kept: list[Any] = []
    right: list[bool] = []
    owners: list[str] = []
    damaged: list[bool] = []
    aligner = lexical.LexicalAligner.with_lexicon()
    lexical.doubts_of = spy
    for article in load_gold(gold):
        for seed in (None, *SEEDS):
            made = article if seed is None else stress(article, 0.2, 0.1, seed)
            sides = aligner.sides(made.versions)
            known.clear()
            kept.clear()
            alignment = aligner.align(sides)
            latest = {(pair_of(e, sides), bead): doubts for (_, bead), doubts, e in zip(known, known.values(), kept, strict=True)}
            for pair, beads in alignment.items():
                want = {(b.left, b.right) for b in made.alignment[pair]}
                for b in beads:
                    if b.left and b.right:
                        seen.append(latest[pair, (b.left, b.right)])
                        right.append((b.left, b.right) in want)
                        owners.append(article.id)
                        damaged.append(seed is not None)
    lexical.doubts_of = original
    return np.array([astuple(d) for d in seen]), np.array(right, float), owners, np.array(damaged)


def pair_of(evidence: Any, sides: dict[str, Any]) -> str:
    """Returns the pair whose sides an evidence was made of."""
    return "-".join(next(lang for lang, side in sides.items() if side is part) for part in (evidence.left, evidence.right))


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
    return np.r_[w[:-1] / scale, w[-1]]


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
    named = dict(zip([f.name for f in fields(Doubts)], w[:-1], strict=True)) | {"constant": w[-1]}
    result = {
        "command": f"python scripts/fit_confidence.py GOLD --target-precision {arguments.target_precision}",
        "beads": len(y),
        "held out, 20/10": {
            "score": round(float(scores[at]), 4),
            "right": round(float(precision[at]), 4),
            "share of the right ones kept": round(float(share[at]), 4),
            "right where 90 % are kept": round(float(precision[np.searchsorted(share, 0.9)]), 4),
        },
        "calibration": {k: round(float(v), 3) for k, v in (asdict(Calibration()) | named).items()},
    }
    print(json.dumps(result, indent=1))
    arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
