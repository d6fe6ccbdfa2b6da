"""Fits the aligner's weights on gold articles, with cross-validation by article.

    python scripts/fit_aligner.py GOLD_DIR [-o eval/results/fit_aligner.json]

Every candidate is measured on the gold as it is and on gold with sentences deleted and merged at random
(`bench.stress`). The weights for a fold are sought without its articles: a random pool, then one weight at a time.
The figures printed are those of the held-out articles; the weights printed last are fitted on all.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from kzalign.align import LexicalAligner
from kzalign.align.evidence import DEFAULT, Side, Weights, bead_scores
from kzalign.align.program import best_path
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress
from kzalign.records import Article

CONDITIONS: tuple[tuple[str, float, float, tuple[int, ...]], ...] = (
    ("gold", 0.0, 0.0, (0,)),
    ("20/10", 0.2, 0.1, (11, 12)),
    ("30/10", 0.3, 0.1, (21, 22)),
)
FOLDS = 5
POOL = 60
ROUNDS = 2
Counts = tuple[int, int, int]
"""Beads right, beads of the system, beads of the gold; both sides non-empty."""


@dataclass(frozen=True)
class Case:
    """Two texts and the beads between them."""

    article: str
    condition: str
    left: Side
    right: Side
    gold: frozenset[tuple[tuple[int, ...], tuple[int, ...]]]


def cases(articles: Sequence[Article], aligner: LexicalAligner) -> list[Case]:
    """Returns the pairs of all articles under all conditions."""
    found = []
    for name, delete, merge, seeds in CONDITIONS:
        for seed in seeds:
            for article in articles:
                made = stress(article, delete, merge, seed) if delete or merge else article
                sides = {lang: aligner.side(v) for lang, v in made.versions.items() if v.sentences}
                for pair, beads in made.alignment.items():
                    left, right = pair.split("-")
                    if left in sides and right in sides:
                        gold = frozenset((b.left, b.right) for b in beads if b.left and b.right)
                        found.append(Case(article.id, name, sides[left], sides[right], gold))
    return found


def count(case: Case, weights: Weights) -> Counts:
    """Returns the counts of one case under these weights."""
    n, m = len(case.left), len(case.right)
    path = best_path(bead_scores(case.left, case.right, weights), n, m)
    system = {(tuple(range(i, i + a)), tuple(range(j, j + b))) for i, j, a, b in path if a and b}
    return len(system & case.gold), len(system), len(case.gold)


def f1(counts: Iterable[Counts]) -> float:
    """Returns the pooled F1 of counts."""
    right, system, gold = (sum(column) for column in zip(*counts, strict=True))
    return 2 * right / max(1, system + gold)


class Fit:
    """Measures weights on cases and remembers what was measured."""

    def __init__(self, found: list[Case]) -> None:
        self.cases = found
        self._known: dict[Weights, list[Counts]] = {}

    def counts(self, weights: Weights) -> list[Counts]:
        """Returns the counts of every case."""
        if weights not in self._known:
            self._known[weights] = [count(case, weights) for case in self.cases]
        return self._known[weights]

    def figures(self, weights: Weights, keep: set[str]) -> dict[str, float]:
        """Returns F1 by condition over the articles of `keep`."""
        pairs = list(zip(self.cases, self.counts(weights), strict=True))
        return {name: f1(c for case, c in pairs if case.condition == name and case.article in keep) for name, *_ in CONDITIONS}

    def value(self, weights: Weights, keep: set[str]) -> float:
        """Returns what is maximised: the mean F1 of the conditions."""
        return sum(self.figures(weights, keep).values()) / len(CONDITIONS)


def vary(weights: Weights, rng: random.Random | None = None) -> list[Weights]:
    """Returns neighbours: each weight a step up and down, or one random point."""
    moved: list[Weights] = []
    for name, value in asdict(weights).items():
        values = list(value) if isinstance(value, (tuple, list)) else [value]
        for k in range(len(values)):
            for factor in (0.75, 0.9, 1.1, 1.3) if rng is None else (rng.uniform(0.5, 1.6),):
                step = [*values[:k], _bounded(name, values[k] * factor), *values[k + 1 :]]
                moved.append(replace(weights, **{name: tuple(step) if isinstance(value, (tuple, list)) else step[0]}))
        if rng is not None:
            weights = rng.choice(moved[-len(values) :])
    return [weights] if rng is not None else moved


def _bounded(name: str, value: float) -> float:
    return round(min(value, 0.97) if name == "hit_rates" else value, 4)


def search(fit: Fit, keep: set[str], pool: Sequence[Weights]) -> Weights:
    """Returns the best weights for the articles of `keep`: of the pool, then one weight at a time."""
    best = max(pool, key=lambda w: fit.value(w, keep))
    for _ in range(ROUNDS):
        start = best
        for candidate in vary(best):
            if fit.value(candidate, keep) > fit.value(best, keep):
                best = candidate
        if best == start:
            break
    return best


def main() -> None:
    """Fits, prints the held-out figures and the weights, and writes both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("eval/results/fit_aligner.json"))
    parser.add_argument("--pool", type=int, default=POOL)
    arguments = parser.parse_args()
    articles = [a for a in load_gold(arguments.gold) if sum(bool(v.sentences) for v in a.versions.values()) > 1]
    fit = Fit(cases(articles, LexicalAligner()))
    rng = random.Random(1)
    pool = [DEFAULT, *(vary(DEFAULT, rng)[0] for _ in range(arguments.pool))]
    names = sorted(a.id for a in articles)
    held: dict[str, list[Counts]] = {name: [] for name, *_ in CONDITIONS}
    for fold in range(FOLDS):
        out = set(names[fold::FOLDS])
        best = search(fit, set(names) - out, pool)
        for case, c in zip(fit.cases, fit.counts(best), strict=True):
            if case.article in out:
                held[case.condition].append(c)
        print(f"fold {fold + 1}/{FOLDS}", {k: round(v, 4) for k, v in fit.figures(best, out).items()}, flush=True)
    chosen = search(fit, set(names), pool)
    result = {
        "command": f"python scripts/fit_aligner.py GOLD --pool {arguments.pool}",
        "articles": len(articles),
        "held out": {name: round(f1(c), 4) for name, c in held.items()},
        "default": {k: round(v, 4) for k, v in fit.figures(DEFAULT, set(names)).items()},
        "fitted on all": {k: round(v, 4) for k, v in fit.figures(chosen, set(names)).items()},
        "weights": asdict(chosen),
    }
    print(json.dumps(result, indent=1))
    arguments.output.parent.mkdir(parents=True, exist_ok=True)
    arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
