"""bench.mt: how well systems translate an evaluation set, what BLEU does not see, and what is really different."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from kzalign import __version__
from kzalign.bench.mt.checks import CHECKS, check_segments
from kzalign.bench.mt.evalset import EvalSet, terms_of
from kzalign.bench.mt.metrics import METRICS, Floats, Metric, make_metric
from kzalign.bench.report import table
from kzalign.bench.significance import Comparison, compare, interval, p_table, signature, sums_by_article, unit_of
from kzalign.errors import KzalignError
from kzalign.records import Score

CHECK = "check:"
REFERENCE = "reference"
"""The name under which the references themselves are checked."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """The scores of all systems (of `reference` the checks alone), and the comparisons of every metric at either level."""

    scores: tuple[Score, ...]
    comparisons: dict[str, tuple[Comparison, ...]]
    lower_is_better: frozenset[str]
    resampled: str = "articles"
    """Or `segments`, where the articles are not known."""

    def to_json(self) -> dict[str, Any]:
        """Returns the scores and comparisons as one JSON object."""
        compared = {name: [c.to_json() for c in found] for name, found in self.comparisons.items()}
        scores = [score.to_json() for score in self.scores]
        return {
            "scores": scores,
            "comparisons": compared,
            "lower is better": sorted(self.lower_is_better),
            "resampled": self.resampled,
        }

    def lines(self) -> list[str]:
        """Returns a table of all figures with their intervals, and a table of p-values for each metric."""
        models = list(dict.fromkeys(score.model for score in self.scores))
        cells = {
            (score.metric, score.model): f"{score.value:.3f} [{score.interval[0]:.3f}, {score.interval[1]:.3f}]"
            for score in self.scores
        }
        names = list(dict.fromkeys(score.metric for score in self.scores))
        lines = table(
            ("metric", *models), [(self._arrowed(name), *(cells.get((name, model), "-") for model in models)) for name in names]
        )
        for name, found in self.comparisons.items():
            lines += ["", f"{name}: {signature(self.resampled)}", *p_table(found)]
        return lines

    def _arrowed(self, name: str) -> str:
        return name if name.startswith(CHECK) else f"{name} {'↓' if name in self.lower_is_better else '↑'}"


def judge(evalset: EvalSet, systems: Mapping[str, Sequence[str]], metrics: Sequence[Metric]) -> Judgement:
    """Returns every metric by segment and by whole article, every check, and every pair of systems compared.

    By article only where an article has more than one segment: else the figures are the same.
    Systems are hypotheses by name, in any order; hypotheses that are not as many as the references are a KzalignError.
    """
    if not systems or REFERENCE in systems:
        raise KzalignError(f"name one system at least, and none of them '{REFERENCE}'")
    for name, hypotheses in systems.items():
        evalset.check_hypotheses(name, hypotheses)
    scores: list[Score] = []
    comparisons = {}
    lower: set[str] = set()
    unit = unit_of(evalset.articles)
    whole = evalset.whole_articles()
    joined: Mapping[str, Sequence[str]] = {name: evalset.join(hypotheses) for name, hypotheses in systems.items()}
    joins = unit == "articles"
    for metric in metrics:
        levels = [(metric.name, evalset, systems), (f"{metric.name} (article)", whole, joined)]
        for label, level, texts in levels if joins and metric.whole_articles else levels[:1]:
            sums = {
                name: sums_by_article(metric.statistics(texts[name], level.references, level.sources), level.articles)
                for name in sorted(texts)
            }
            scores += [_scored(metric, label, level, unit, name, found) for name, found in sums.items()]
            lower |= set() if metric.higher_is_better else {label}
            comparisons[label] = tuple(compare(sums, metric.from_many))
    for name in sorted(systems):
        scores += _checked(evalset, name, systems[name])
    scores += _checked(evalset, REFERENCE, evalset.references)
    return Judgement(tuple(scores), {label: found for label, found in comparisons.items() if found}, frozenset(lower), unit)


def _scored(metric: Metric, label: str, level: EvalSet, unit: str, system: str, sums: Floats) -> Score:
    found = interval(sums, metric.from_many)
    value = metric.from_statistics(sums.sum(axis=0))
    made = f"{metric.signature()}|{signature(unit)}|kzalign:{__version__}"
    return Score(level.name, system, level.direction, label, value, (found.low, found.high), len(level.references), made)


def _checked(evalset: EvalSet, system: str, hypotheses: Sequence[str]) -> list[Score]:
    """Returns a rate for each check that had anything to count; n is what it was counted of."""
    scores = []
    for name, tallies in check_segments(evalset, hypotheses).items():
        counts = sums_by_article(np.asarray(tallies, dtype=np.float64), evalset.articles)
        of = int(counts[:, 1].sum())
        if of:
            found = interval(counts, _rate)
            made = f"{CHECK}{name}|{signature(unit_of(evalset.articles))}|kzalign:{__version__}"
            bounds = (found.low, found.high)
            scores.append(Score(evalset.name, system, evalset.direction, f"{CHECK}{name}", found.value, bounds, of, made))
    return scores


def _rate(sums: Floats) -> Floats:
    rates: Floats = sums[:, 0] / np.maximum(1, sums[:, 1])
    return rates


__all__ = ["CHECKS", "METRICS", "EvalSet", "Judgement", "judge", "make_metric", "terms_of"]
