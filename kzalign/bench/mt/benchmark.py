"""A benchmark file, eval/*.toml: what is translated, in which directions, and what it is scored by."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.kinds import DIRECTIONS, KINDS, directions_of, pair_of, places_of, read_direction
from kzalign.bench.mt.metrics import METRICS, Metric, make_metric
from kzalign.bench.mt.tables import ReadParquet
from kzalign.cards import LICENCE, Rule, problems_in, read_toml
from kzalign.errors import KzalignError, unknown


@dataclass(frozen=True, slots=True)
class Benchmark:
    """A benchmark file as it was read; `name` is the file's, paths in `data` and `files` are relative to its folder."""

    name: str
    path: Path
    sha256: str
    title: str
    source: str
    licence: str
    directions: tuple[str, ...]
    metrics: tuple[str, ...]
    data: Mapping[str, Any]
    files: Mapping[str, str]

    def read(self, direction: str, parquet: ReadParquet) -> EvalSet:
        """Returns a direction's segments; raises KzalignError where the data are not there or not as told."""
        for place in places_of(self.data, pair_of(direction)):
            path = self.path.parent / place
            if not path.exists():
                raise KzalignError(
                    f"{path}: no such file or folder: the test set is not part of kzalign: get it from where {self.path} says "
                    f"(source: {self.source}) and put it there, or name another place in data.path"
                )
        return read_direction(self.name, self.data, self.path.parent, direction, parquet)

    def inputs(self) -> list[Path]:
        """Returns the files and folders on this machine that a run may read: the file itself, its data, its metrics' files."""
        found = {place for direction in self.directions for place in places_of(self.data, pair_of(direction))}
        found |= {str(self.data["path"])} if self.data["kind"] == "corpus" else set()
        return [self.path, *(self.path.parent / place for place in sorted({*found, *self.files.values()}))]

    def make_metrics(self) -> list[Metric]:
        """Returns the metrics, each with the file or folder that it reads; KzalignError where one lacks what it needs."""
        made = [make_metric(name, self.path.parent / self.files[name] if name in self.files else None) for name in self.metrics]
        for metric in made:
            metric.check()
        return made

    def chosen(self, directions: Iterable[str]) -> tuple[str, ...]:
        """Returns the given directions, all where none is given; one that the benchmark lacks is a KzalignError."""
        wanted = set(directions)
        for direction in sorted(wanted - set(self.directions)):
            raise KzalignError(f"{self.path}: {unknown('direction', direction, self.directions)}")
        return tuple(direction for direction in self.directions if direction in wanted or not wanted)


def _is_names(value: Any) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value) and len(set(value)) == len(value)
    )


TEXT: Rule = (lambda value: isinstance(value, str) and bool(value.strip()), "a text")
RULES: dict[str, Rule] = {
    "title": TEXT,
    "source": TEXT,
    "licence": LICENCE,
    "directions": (_is_names, 'a list such as ["kk-ru", "ru-kk"], none twice'),
    "metrics": (_is_names, 'a list such as ["bleu", "chrf++"], none twice'),
    "data": (lambda value: isinstance(value, dict), "a table with kind and what that kind needs"),
}
OPTIONAL: dict[str, Rule] = {
    "files": (
        lambda value: isinstance(value, dict) and all(isinstance(item, str) for item in value.values()),
        "a table of the file or folder that a metric reads, by the metric's name",
    ),
}


def read_benchmark(path: Path) -> Benchmark:
    """Returns the benchmark of a TOML file; raises one KzalignError that lists every bad field."""
    if not path.is_file():
        raise KzalignError(f"{path}: no such file; name a benchmark file such as eval/xwmt.toml")
    table = read_toml(path)
    problems = problems_in(table, RULES, "", OPTIONAL)
    if not problems or isinstance(table.get("data"), dict):
        problems += _data_problems(table.get("data", {}))
    problems += _name_problems(table)
    if problems:
        raise KzalignError(f"{path}: {'; '.join(problems)}")
    return Benchmark(
        path.stem,
        path,
        sha256(path.read_bytes()).hexdigest(),
        table["title"],
        table["source"],
        table["licence"],
        tuple(table["directions"]),
        tuple(table["metrics"]),
        table["data"],
        table.get("files", {}),
    )


def _data_problems(data: dict[str, Any]) -> list[str]:
    if "kind" not in data:
        return [f"data.kind is missing: one of {', '.join(KINDS)}"]
    if data["kind"] not in KINDS:
        return [f"data.kind: {unknown('kind', str(data['kind']), KINDS)}"]
    kind = KINDS[data["kind"]]
    problems = problems_in({key: value for key, value in data.items() if key != "kind"}, kind.rules, "data.", kind.optional)
    if {"path", "repo"} <= set(kind.optional) and ("path" in data) == ("repo" in data):
        problems.append("data: either path or repo is expected")
    return problems


def _name_problems(table: dict[str, Any]) -> list[str]:
    """Returns the metrics and directions that are not, each with the nearest name, and directions that the data lack."""
    problems = []
    valid = {"metrics": ("metric", METRICS), "directions": ("direction", DIRECTIONS)}
    for key, (what, names) in valid.items():
        if _is_names(table.get(key)):
            problems += [f"{key}: {unknown(what, name, names)}" for name in table[key] if name not in names]
    if isinstance(table.get("files"), dict):
        listed = table["metrics"] if _is_names(table.get("metrics")) else METRICS
        problems += [
            f"files: '{name}' is not among metrics: add it there, or leave its file out"
            if name in METRICS
            else f"files: {unknown('metric', name, METRICS)}"
            for name in table["files"]
            if name not in listed
        ]
    data = table.get("data")
    if not problems and isinstance(data, dict) and not _data_problems(data) and _is_names(table.get("directions")):
        there = directions_of(KINDS[data["kind"]], data)
        lacking = [direction for direction in table["directions"] if direction not in there]
        problems += [f"directions: {', '.join(lacking)}: the data have only {', '.join(there)}"] if lacking else []
    return problems
