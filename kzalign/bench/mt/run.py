"""A benchmark run: every system over every direction, its figures, and the four files that show them."""

import json
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from kzalign.bench.mt import REFERENCE, judge, make_metric
from kzalign.bench.mt.benchmark import Benchmark
from kzalign.bench.mt.contamination import Contamination, contamination, training_texts
from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.leaderboard import latex, markdown
from kzalign.bench.mt.outputs import Ran, System, Told, ready, translate
from kzalign.bench.mt.published import FILE, read_published
from kzalign.bench.mt.report import report_page
from kzalign.bench.mt.results import direction_json, head_json, system_json
from kzalign.bench.mt.segments import SHOWN_BY, chosen_segments
from kzalign.bench.mt.tables import HALF, ReadParquet
from kzalign.errors import KzalignError
from kzalign.store import whole_files

FILES = ("results.json", "leaderboard.md", "leaderboard.tex", "report.html")
CACHE = "cache"


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be run: a benchmark, some of its directions, and of each all segments or the first `limit`."""

    benchmark: Benchmark
    directions: tuple[str, ...]
    limit: int | None = None


def run(
    task: Task, systems: Sequence[System], output: Path, parquet: ReadParquet, told: Told, force: bool = False
) -> dict[str, Any]:
    """Writes results.json, the leaderboard as Markdown and LaTeX, and report.html; returns the results.

    Hypotheses go to `cache/` in the output's folder as they come: a run that was stopped goes on where it was, and a
    system that has them all is not asked again unless sources, model@revision or settings have changed. Raises
    KzalignError before anything is translated where the data, a system's name or the output is wrong.
    """
    began = datetime.now(UTC)
    _check_names(systems)
    evalsets = {direction: task.benchmark.read(direction, parquet) for direction in task.directions}
    metrics, by_segment = task.benchmark.make_metrics(), make_metric(SHOWN_BY)
    published = read_published(task.benchmark.path.parent / FILE, task.benchmark.name)
    with whole_files([output / name for name in FILES], force) as (results_file, markdown_file, latex_file, report_file):
        ran = [_run_system(system, evalsets, task.limit, output / CACHE, told) for system in systems]
        directions: dict[str, Any] = {}
        segments: list[dict[str, Any]] = []
        for direction, whole in evalsets.items():
            evalset = _first(whole, task.limit)
            here = [one for one in ran if direction in one.outputs]
            texts = {one.system.name: one.outputs[direction].texts for one in here}
            if texts:
                told(f"{direction}: scoring {len(texts)} systems over {len(evalset.references)} segments")
                seen = {one.system.name: _contamination(evalset, one.system) for one in here}
                directions[direction] = direction_json(evalset, here, judge(evalset, texts, metrics), seen)
                segments += chosen_segments(evalset, texts, by_segment)
        results = head_json(task.benchmark, task.limit, (part["resampled"] for part in directions.values())) | {
            "systems": [system_json(one) for one in ran],
            "directions": directions,
            "published": [one.to_json() for one in published],
            "time": {"began": began.isoformat(timespec="seconds"), "seconds": round(time.time() - began.timestamp(), 3)},
        }
        results_file.write(json.dumps(results, ensure_ascii=False, indent=1) + "\n")
        markdown_file.write(markdown(results))
        latex_file.write(latex(results))
        report_file.writelines(report_page(results, segments))
    return results


def _check_names(systems: Sequence[System]) -> None:
    names = [system.name for system in systems]
    if not names:
        raise KzalignError("no system: name one with --model ID or --outputs SYSTEM=FILE")
    for name in names:
        if name == REFERENCE or names.count(name) > 1:
            why = "the references' own name" if name == REFERENCE else "the name of two systems"
            raise KzalignError(f"'{name}' is {why}: choose another in --outputs NAME=FILE, or for the model's folder")
        if HALF.search(name):
            raise KzalignError(f"{name!r} is no name of a system: it is not UTF-8")


def _first(evalset: EvalSet, limit: int | None) -> EvalSet:
    """Returns the first `limit` segments of a set, all for None."""
    rows = slice(limit)
    return replace(evalset, sources=evalset.sources[rows], references=evalset.references[rows], articles=evalset.articles[rows])


def _run_system(system: System, evalsets: dict[str, EvalSet], limit: int | None, cache: Path, told: Told) -> Ran:
    """Returns a system's outputs; directions that its model does not have are skipped, and none left is a KzalignError."""
    backend = system.open()
    ran = Ran(system, backend.name, backend.setup)
    for direction, evalset in evalsets.items():
        if system.whole:
            ran.outputs[direction] = ready(backend, evalset, limit)
            continue
        if direction not in backend.pairs:
            ran.skipped[direction] = f"its model translates {', '.join(backend.pairs)}"
            told(f"{system.name} {direction}: skipped: {ran.skipped[direction]}")
            continue
        ran.outputs[direction] = translate(backend, _first(evalset, limit), cache, told)
    for note in backend.notes:
        told(f"{system.name}: {note}")
    if not ran.outputs:
        raise KzalignError(f"{system.name}: its model translates {', '.join(backend.pairs)}, not {', '.join(evalsets)}")
    return ran


def _contamination(evalset: EvalSet, system: System) -> Contamination | None:
    training = training_texts(system.folder)
    return None if training is None else contamination(evalset, training)
