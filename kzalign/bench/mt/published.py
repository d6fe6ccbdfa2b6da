"""Figures that others published: shown beside what was measured here, marked, and never mixed with it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kzalign.bench.mt.kinds import DIRECTIONS
from kzalign.cards import Rule, matches, problems_in, read_tables
from kzalign.errors import unknown

FILE = "published.toml"


@dataclass(frozen=True, slots=True)
class Published:
    """One publication's figures of one metric on one test set, as printed: by direction and system.

    `benchmark` is the benchmark they are shown beside, `scale` what a perfect score would be, `how` how they were made.
    """

    name: str
    benchmark: str
    test_set: str
    metric: str
    scale: int
    how: str
    source: str
    figures: Mapping[str, Mapping[str, str]]

    def to_json(self) -> dict[str, Any]:
        """Returns the figures and where they are from."""
        return asdict(self)


FIGURE = matches(r"\d+(\.\d+)?")


def _is_figures(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(figures, dict) and all(map(FIGURE, figures.values())) for figures in value.values()
    )


TEXT: Rule = (matches(r"\S.*"), "a text")
RULES: dict[str, Rule] = {
    **dict.fromkeys(("benchmark", "test_set", "metric", "how", "source"), TEXT),
    "scale": (lambda value: value in (1, 100), "1 or 100, what a perfect score is"),
    "figures": (_is_figures, 'a table of directions, each a table of systems and their figures as texts, such as "0.30"'),
}


def read_published(path: Path, benchmark: str) -> list[Published]:
    """Returns the figures of a file that belong beside a benchmark; raises one KzalignError that lists every bad field."""
    if not path.is_file():
        return []
    tables = read_tables(path, _problems)
    found = [Published(name, **table) for name, table in tables.items()]
    return [published for published in found if published.benchmark == benchmark]


def _problems(table: dict[str, Any], where: str) -> list[str]:
    problems = problems_in(table, RULES, where)
    if _is_figures(table.get("figures")):
        problems += [f"{where}figures: {unknown('direction', d, DIRECTIONS)}" for d in table["figures"] if d not in DIRECTIONS]
    return problems
