"""Fits the aligner's weights on gold articles, with cross-validation by article.

    python scripts/fit_aligner.py GOLD_DIR [-o eval/results/fit_aligner.json]

Every candidate is measured on the gold as it is and on gold with sentences deleted and merged at random
(`bench.stress`), by the strict measure of the Vecalign paper. The weights for a fold are sought without its
articles: a random pool, then one weight at a time. The figures printed are those of the held-out articles; the
weights printed last are fitted on all.
"""

import argparse
import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from kzalign.align.evidence import DEFAULT, Side, Weights
from kzalign.align.lexical import LexicalAligner
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress
from kzalign.records import Article

CONDITIONS: tuple[tuple[str, float, float, tuple[int, ...]], ...] = (
    ("gold", 0.0, 0.0, (0,)),
    ("20/10", 0.2, 0.1, (11, 12, 13, 14, 15)),
    ("30/10", 0.3, 0.1, (21, 22, 23, 24)),
)
START = Weights(
    hit_rates=(0.85, 0.75, 0.6, 0.5, 0.25, 0.95, 0.7),
    trust=(0.5, 0.5, 0.4, 0.4, 0.3, 0.5, 0.4),
    smoothing=0.33,
    length=0.56,
    spread=0.42,
    unaligned=-2.5,
    merge=-2.8,
    double=1.0,
    adapt=1.5,
)
"""Set by hand before any fit: a search that began at the fitted defaults would know the held-out articles."""

FOLDS = 5
ROUNDS = 2
STEPS = (0.75, 1.33)
GAIN = 0.0007
"""What a change must add to the mean F1: less is the noise of which sentences chance deleted."""

Counts = tuple[int, int, int, int]
"""Beads right, beads of the system, two-sided beads found, two-sided beads of the gold."""


@dataclass(frozen=True)
class Case:
    """One article under one condition."""

    article: str
    condition: str
    sides: dict[str, Side]
    gold: dict[str, set[tuple[tuple[int, ...], tuple[int, ...]]]]


def cases(articles: Sequence[Article], aligner: LexicalAligner) -> list[Case]:
    """Returns the articles under all conditions."""
    found = []
    for name, delete, merge, seeds in CONDITIONS:
        for seed in seeds:
            for article in articles:
                made = stress(article, delete, merge, seed) if delete or merge else article
                sides = aligner.sides(made.versions)
                gold = {pair: {(b.left, b.right) for b in beads} for pair, beads in made.alignment.items()}
                gold = {pair: beads for pair, beads in gold.items() if all(lang in sides for lang in pair.split("-"))}
                found.append(Case(article.id, name, sides, gold))
    return found


def count(case: Case, aligner: LexicalAligner) -> Counts:
    """Returns the counts of one case, summed over its pairs."""
    right = system = found = gold = 0
    alignment = aligner.align(case.sides)
    for pair, want in case.gold.items():
        have = {(b.left, b.right) for b in alignment[pair]}
        two_sided = {bead for bead in want if bead[0] and bead[1]}
        right, system = right + len(have & want), system + len(have)
        found, gold = found + len(have & two_sided), gold + len(two_sided)
    return right, system, found, gold


def f1(counts: Iterable[Counts]) -> float:
    """Returns the pooled strict F1 of counts."""
    right, system, found, gold = (sum(column) for column in zip(*counts, strict=True))
    precision, recall = right / max(1, system), found / max(1, gold)
    return float(2 * precision * recall / max(1e-9, precision + recall))


class Fit:
    """Measures weights on cases and remembers what was measured."""

    def __init__(self, found: list[Case], aligner: LexicalAligner) -> None:
        self.cases = found
        self._aligner = aligner
        self._known: dict[Weights, list[Counts]] = {}

    def counts(self, weights: Weights) -> list[Counts]:
        """Returns the counts of every case."""
        if weights not in self._known:
            aligner = replace(self._aligner, weights=weights)
            self._known[weights] = [count(case, aligner) for case in self.cases]
        return self._known[weights]

    def figures(self, weights: Weights, keep: set[str]) -> dict[str, float]:
        """Returns F1 by condition over the articles of `keep`."""
        pairs = list(zip(self.cases, self.counts(weights), strict=True))
        return {name: f1(c for case, c in pairs if case.condition == name and case.article in keep) for name, *_ in CONDITIONS}

    def value(self, weights: Weights, keep: set[str]) -> float:
        """Returns what is maximised: the mean F1 of the conditions."""
        return sum(self.figures(weights, keep).values()) / len(CONDITIONS)


def fields_of(weights: Weights) -> list[tuple[str, int | None, float]]:
    """Returns every number of the weights: its field, its place in a tuple or None, its value."""
    numbers: list[tuple[str, int | None, float]] = []
    for name, value in asdict(weights).items():
        numbers += [(name, k, v) for k, v in enumerate(value)] if isinstance(value, (tuple, list)) else [(name, None, value)]
    return numbers


def changed(weights: Weights, name: str, place: int | None, value: float) -> Weights:
    """Returns the weights with one number changed."""
    value = round(min(value, 0.97) if name == "hit_rates" else value, 4)
    old = getattr(weights, name)
    new: Any = value if place is None else (*old[:place], value, *old[place + 1 :])
    return replace(weights, **{name: new})


def scattered(rng: random.Random) -> Weights:
    """Returns the start with every number moved at random."""
    weights = START
    for name, place, value in fields_of(START):
        weights = changed(weights, name, place, value * rng.uniform(0.7, 1.35))
    return weights


def search(fit: Fit, keep: set[str], pool: Sequence[Weights]) -> Weights:
    """Returns the best weights for the articles of `keep`: of the pool, then one number at a time."""
    best = max(pool, key=lambda w: fit.value(w, keep))
    for _ in range(ROUNDS):
        start = best
        for name, place, value in fields_of(best):
            option = max((changed(best, name, place, value * step) for step in STEPS), key=lambda w: fit.value(w, keep))
            if fit.value(option, keep) > fit.value(best, keep) + GAIN:
                best = option
        if best == start:
            break
    return best


def main() -> None:
    """Fits, prints the held-out figures and the weights, and writes both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=Path("eval/results/fit_aligner.json"))
    parser.add_argument("--pool", type=int, default=30)
    arguments = parser.parse_args()
    articles = [a for a in load_gold(arguments.gold) if sum(bool(v.sentences) for v in a.versions.values()) > 1]
    aligner = LexicalAligner.with_lexicon()
    fit = Fit(cases(articles, aligner), aligner)
    rng = random.Random(1)
    pool = [START, *(scattered(rng) for _ in range(arguments.pool))]
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
        "measure": "strict F1 of the Vecalign paper, pooled over pairs",
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
