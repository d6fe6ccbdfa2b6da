"""The figures of a report, with their 95 % intervals, as JSON and as plain text."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure and its 95 % interval, all three of one unit."""

    value: float
    low: float
    high: float

    def to_json(self) -> dict[str, Any]:
        """Returns the figure and its interval, rounded to four places."""
        return {"value": round(self.value, 4), "interval": [round(self.low, 4), round(self.high, 4)]}

    def __str__(self) -> str:
        """Returns `0.950 [0.912, 0.981]`."""
        return f"{self.value:.3f} [{self.low:.3f}, {self.high:.3f}]"


@dataclass(frozen=True, slots=True)
class Share:
    """How many of how many, and the share they make (0 when there were none)."""

    hit: int
    of: int
    estimate: Estimate

    @property
    def value(self) -> float:
        """Returns the share, 0 to 1."""
        return self.estimate.value

    def to_json(self) -> dict[str, Any]:
        """Returns the share, its interval and the two counts."""
        return {**self.estimate.to_json(), "hit": self.hit, "of": self.of}


@dataclass(frozen=True, slots=True)
class Agreement:
    """Precision over what the system gave, recall over what the gold holds, and their harmonic mean."""

    precision: Share
    recall: Share
    f1: Estimate

    def to_json(self) -> dict[str, Any]:
        """Returns the three figures, each with its interval (and counts where it is a share)."""
        return {"P": self.precision.to_json(), "R": self.recall.to_json(), "F1": self.f1.to_json()}

    def cells(self) -> tuple[str, str, str]:
        """Returns precision, recall and F1 as a table's row shows them."""
        return str(self.precision.estimate), str(self.recall.estimate), str(self.f1)


def table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    """Returns the lines of a plain table: first column left, the others right, two spaces between."""
    widths = [max(map(len, column)) for column in zip(header, *rows, strict=True)]

    def line(cells: Sequence[str]) -> str:
        first, *others = (f"{c:<{w}}" if i == 0 else f"{c:>{w}}" for i, (c, w) in enumerate(zip(cells, widths, strict=True)))
        return "  ".join((first, *others)).rstrip()

    return [line(header), line(["-" * w for w in widths]), *map(line, rows)]
