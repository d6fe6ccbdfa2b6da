"""The segments that the report shows: each system's worst, the greatest differences of any two, those off target."""

from collections.abc import Mapping, Sequence
from itertools import combinations
from typing import Any

import numpy as np

from kzalign.bench.mt.checks import check_segments
from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.metrics import Floats, Metric

SHOWN_BY = "chrf++"
"""The metric that orders segments: BLEU says little of one sentence."""

WORST = 30
APART = 20
"""How many segments are kept for each system, and for either sign of the difference of each two."""

FAULTS = ("off-target", "script", "untranslated", "empty", "repetition")
"""The checks whose segments are shown: each finds a segment at fault or not."""

MOST_FAULTS = 20


def chosen_segments(evalset: EvalSet, systems: Mapping[str, Sequence[str]], metric: Metric) -> list[dict[str, Any]]:
    """Returns the segments to show, in their order: texts, each system's hypothesis, its score and its faults."""
    scores = {
        name: metric.from_many(metric.statistics(texts, evalset.references, evalset.sources)) for name, texts in systems.items()
    }
    faults = {name: _faults(evalset, texts) for name, texts in systems.items()}
    chosen: set[int] = set()
    for name in systems:
        chosen.update(_first(scores[name], WORST))
        for fault in FAULTS:
            chosen.update([place for place, found in enumerate(faults[name]) if fault in found][:MOST_FAULTS])
    for one, other in combinations(systems, 2):
        difference = scores[one] - scores[other]
        chosen.update(_first(difference, APART))
        chosen.update(_first(-difference, APART))
    return [
        {
            "direction": evalset.direction,
            "number": place + 1,
            "article": evalset.articles[place],
            "source": evalset.sources[place],
            "reference": evalset.references[place],
            "systems": {
                name: {"text": texts[place], "score": round(float(scores[name][place]), 2), "faults": faults[name][place]}
                for name, texts in systems.items()
            },
        }
        for place in sorted(chosen)
    ]


def _first(values: Floats, count: int) -> list[int]:
    return [int(place) for place in np.argsort(values, kind="stable")[:count]]


def _faults(evalset: EvalSet, hypotheses: Sequence[str]) -> list[list[str]]:
    tallies = check_segments(evalset, hypotheses)
    return [[fault for fault in FAULTS if tallies[fault][place].hit] for place in range(len(hypotheses))]
