"""What is really different: intervals and paired tests that resample articles, since an article's segments go together.

Paired bootstrap after Koehn (2004) with the p-value as sacrebleu computes it; approximate randomisation after Riezler and
Maxwell (2005), two-sided. Every figure depends on the seed, the number of articles and the two systems' own scores alone,
so it is the same whichever systems stand beside them. Over all pairs of systems the p-values are corrected after Holm (1979).
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np

from kzalign.bench.report import Estimate, table
from kzalign.bench.resampling import SEED, Bootstrap, Floats, estimate
from kzalign.errors import KzalignError

SAMPLES = 1000
TRIALS = 10_000
LEVEL = 0.05
TIE = 1e-9
"""Two differences of scores nearer than this are equal: what is left is rounding."""

Scorer = Callable[[Floats], Floats]
"""From sums of statistics (m x k) to m scores."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two systems: the first's score less the second's with its interval, and the p-values, raw and after Holm.

    `different` where the randomisation test's p-value after Holm is at most 0.05.
    """

    first: str
    second: str
    difference: Estimate
    bootstrap: float
    randomisation: float
    bootstrap_holm: float
    randomisation_holm: float

    @property
    def different(self) -> bool:
        """Says whether the difference is more than chance explains, all comparisons of the table considered."""
        return self.randomisation_holm <= LEVEL

    def to_json(self) -> dict[str, Any]:
        """Returns the comparison with p-values to five places."""
        tests = {
            "bootstrap": [round(self.bootstrap, 5), round(self.bootstrap_holm, 5)],
            "randomisation": [round(self.randomisation, 5), round(self.randomisation_holm, 5)],
        }
        return {
            "systems": [self.first, self.second],
            "difference": self.difference.to_json(),
            **tests,
            "different": self.different,
        }


def sums_by_article(statistics: Floats, articles: Sequence[str]) -> Floats:
    """Returns the statistics (n x k) summed by article, in the articles' order of first appearance: articles x k."""
    if len(statistics) != len(articles):
        raise KzalignError(f"{len(statistics)} segments and {len(articles)} article ids: every segment belongs to one article")
    places = {article: place for place, article in enumerate(dict.fromkeys(articles))}
    sums = np.zeros((len(places), statistics.shape[1]))
    np.add.at(sums, [places[article] for article in articles], statistics)
    return sums


def interval(sums: Floats, score: Scorer) -> Estimate:
    """Returns the score over all articles (articles x k) with its 95 % bootstrap interval."""
    weights = Bootstrap.draw(len(sums), SAMPLES).weights
    return estimate(float(score(sums.sum(axis=0, keepdims=True))[0]), score(weights @ sums))


def compare(systems: Mapping[str, Floats], score: Scorer) -> list[Comparison]:
    """Returns every pair of systems compared, sorted by name; each system is its sums by article: articles x k."""
    if len({len(sums) for sums in systems.values()}) > 1:
        counts = ", ".join(f"{name} {len(sums)}" for name, sums in sorted(systems.items()))
        raise KzalignError(f"systems over different numbers of articles cannot be compared: {counts}")
    names = sorted(systems)
    if len(names) < 2:
        return []
    articles = len(systems[names[0]])
    weights = Bootstrap.draw(articles, SAMPLES).weights
    samples = {name: score(weights @ systems[name]) for name in names}
    swaps = np.random.default_rng(SEED).integers(0, 2, size=(TRIALS, articles)).astype(np.float64)
    pairs = list(combinations(names, 2))
    differences, bootstraps, randomisations = [], [], []
    for first, second in pairs:
        observed, p = _randomise(systems[first], systems[second], swaps, score)
        sampled = samples[first] - samples[second]
        differences.append(estimate(observed, sampled))
        bootstraps.append(_p_value(np.abs(sampled) - np.abs(sampled).mean(), observed))
        randomisations.append(p)
    corrected = zip(holm(bootstraps), holm(randomisations), strict=True)
    return [
        Comparison(first, second, difference, bootstrap, randomisation, *both)
        for (first, second), difference, bootstrap, randomisation, both in zip(
            pairs, differences, bootstraps, randomisations, corrected, strict=True
        )
    ]


def _randomise(first: Floats, second: Floats, swaps: Floats, score: Scorer) -> tuple[float, float]:
    """Returns the difference of the two scores and how often swapping whole articles at random makes one as great."""
    sums = np.stack([first.sum(axis=0), second.sum(axis=0)])
    observed = score(sums)
    moved = swaps @ (second - first)
    shuffled = score(sums[0] + moved) - score(sums[1] - moved)
    return float(observed[0] - observed[1]), _p_value(np.abs(shuffled), float(observed[0] - observed[1]))


def _p_value(samples: Floats, observed: float) -> float:
    """Returns the share of samples as great as the difference observed, which counts as a sample itself."""
    return float((np.count_nonzero(samples >= abs(observed) - TIE) + 1) / (len(samples) + 1))


def holm(p_values: Sequence[float]) -> list[float]:
    """Returns the p-values after Holm's (1979) step-down correction, in the order given."""
    corrected = [0.0] * len(p_values)
    highest = 0.0
    for rank, place in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, p_values[place] * (len(p_values) - rank)))
        corrected[place] = highest
    return corrected


def p_table(comparisons: Sequence[Comparison]) -> list[str]:
    """Returns a plain table of systems x systems: the randomisation test's p-values after Holm, * where different."""
    names = sorted({name for comparison in comparisons for name in (comparison.first, comparison.second)})
    cells = {frozenset((c.first, c.second)): f"{c.randomisation_holm:.4f}{'*' if c.different else ' '}" for c in comparisons}
    rows = [(row, *(cells.get(frozenset((row, column)), "-") for column in names)) for row in names]
    return table(("p after Holm", *names), rows)


def unit_of(articles: Sequence[str]) -> str:
    """Returns what is resampled: `articles`, or `segments` where none has a second segment, as where they are not known."""
    return "articles" if len(set(articles)) < len(articles) else "segments"


def signature(unit: str = "articles") -> str:
    """Returns what makes the intervals and p-values again."""
    return f"resampled:{unit}|bootstrap:{SAMPLES}|randomisation:{TRIALS}|correction:holm|level:{LEVEL}|seed:{SEED}"
