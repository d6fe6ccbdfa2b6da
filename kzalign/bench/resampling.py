"""95 % intervals by resampling articles, because the sentences of one article stand and fall together."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt

from kzalign import __version__
from kzalign.bench.report import Agreement, Estimate, Share
from kzalign.errors import KzalignError

SAMPLES = 2000
SEED = 1
Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """How often each of the articles is drawn in each of the samples: samples x articles."""

    weights: Ints

    @classmethod
    @lru_cache(maxsize=4)
    def draw(cls, articles: int, samples: int = SAMPLES) -> "Bootstrap":
        """Returns the same samples for the same number of articles; none at all is a KzalignError."""
        if not articles:
            raise KzalignError("the gold holds no article: there is nothing to score")
        generator = np.random.default_rng(SEED)
        weights = generator.multinomial(articles, np.full(articles, 1 / articles), size=samples)
        weights.setflags(write=False)
        return cls(weights)

    def share(self, hit: Sequence[int], of: Sequence[int]) -> Share:
        """Returns the share over all articles, from each article's counts."""
        return Share(sum(hit), sum(of), estimate(sum(hit) / max(1, sum(of)), self._ratios(hit, of)))

    def agreement(self, precision: tuple[Sequence[int], Sequence[int]], recall: tuple[Sequence[int], Sequence[int]]) -> Agreement:
        """Returns precision, recall and F1 over all articles, from each article's (hits, total) of either."""
        p, r = self.share(*precision), self.share(*recall)
        ps, rs = self._ratios(*precision), self._ratios(*recall)
        samples = np.divide(2 * ps * rs, ps + rs, out=np.zeros_like(ps), where=ps + rs > 0)
        value = 2 * p.value * r.value / (p.value + r.value) if p.value + r.value else 0.0
        return Agreement(p, r, estimate(value, samples))

    def _ratios(self, hit: Sequence[int], of: Sequence[int]) -> Floats:
        ratios: Floats = (self.weights @ np.asarray(hit)) / np.maximum(1, self.weights @ np.asarray(of))
        return ratios


def estimate(value: float, samples: Floats) -> Estimate:
    """Returns the value with the range that holds the middle 95 % of the samples."""
    low, high = np.percentile(samples, [2.5, 97.5])
    return Estimate(value, float(low), float(high))


def signature(scorer: str, articles: int) -> str:
    """Returns what makes a report's figures again: the scorer, the number of articles and how the intervals came about."""
    return f"{scorer}|articles:{articles}|interval:95%|resampled:articles|samples:{SAMPLES}|seed:{SEED}|kzalign:{__version__}"
