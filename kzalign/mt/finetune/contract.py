"""What fine-tuning is given: texts, and what other stages measure and recognise, as functions."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Protocol

SENTENCE = "sentence"
ABSTRACT = "abstract"
ADDED = "added"
SYNTHETIC = "synthetic"
REPLAY = "replay"
MIXED = {SENTENCE: SENTENCE, ADDED: SENTENCE, SYNTHETIC: SENTENCE, ABSTRACT: ABSTRACT, REPLAY: REPLAY}
"""The share that each kind of pair is drawn in."""
FALL = 1.0
"""chrF++ that a direction which was not trained may lose without a warning."""
LEVEL = 0.05


@dataclass(frozen=True, slots=True)
class Pair:
    """A source and its translation in one direction, such as `kk-ru`; `kind` is one of MIXED."""

    id: str
    direction: str
    source: str
    target: str
    kind: str = SENTENCE


class TestSet(Protocol):
    """n segments of one direction."""

    @property
    def name(self) -> str:
        """Returns what the set is called."""

    @property
    def direction(self) -> str:
        """Returns `source-target`."""

    @property
    def sources(self) -> Sequence[str]:
        """Returns n texts."""

    @property
    def references(self) -> Sequence[str]:
        """Returns their n translations."""


@dataclass(frozen=True, slots=True)
class Compared:
    """chrF++ of n segments before and after, and whether the difference is chance; `before` is None for a new model."""

    before: float | None
    after: float
    n: int
    p: float | None
    signature: str

    @property
    def difference(self) -> float | None:
        """Returns what was gained."""
        return None if self.before is None else self.after - self.before

    @property
    def significant(self) -> bool:
        """Says whether the difference is more than chance explains."""
        return self.p is not None and self.p <= LEVEL


@dataclass(frozen=True, slots=True)
class Result:
    """A direction of a test set before and after; `domain` is `in` for the corpus's own test split, else `out`."""

    name: str
    direction: str
    domain: str
    trained: bool
    compared: Compared

    @property
    def fell(self) -> bool:
        """Says whether a direction that was not trained lost more than FALL."""
        lost = self.compared.difference
        return not self.trained and lost is not None and lost < -FALL

    def to_json(self) -> dict[str, Any]:
        """Returns the result as one object."""
        return {key: value for key, value in asdict(self).items() if key != "compared"} | asdict(self.compared)


@dataclass(frozen=True, slots=True)
class Given:
    """What a run is given.

    `score` is chrF++ of hypotheses against references; `compare` judges the hypotheses of before (None for a new model)
    and after; `repeats` names the test segment that a pair repeats; `data` are entries of the files for the manifest.
    """

    pairs: Sequence[Pair]
    dev: Sequence[TestSet]
    tests: Sequence[TestSet]
    general: Sequence[TestSet]
    score: Callable[[Sequence[str], Sequence[str]], float]
    compare: Callable[[TestSet, Sequence[str] | None, Sequence[str]], Compared]
    repeats: Callable[[Pair], str | None]
    data: Sequence[Mapping[str, Any]] = ()
    licences: Sequence[str] = ()
    base_licence: str = ""
