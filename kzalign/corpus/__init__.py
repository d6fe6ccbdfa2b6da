"""build: aligned articles in, a dataset folder out that `datasets.load_dataset` opens.

Two passes: what only the whole corpus can tell (articles published twice, splits, what recurs) is settled in the
first, and every row is judged in the second.
"""

import os
import platform
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from itertools import islice
from pathlib import Path
from typing import Any

from kzalign import __version__
from kzalign.config import Config
from kzalign.corpus.card import card
from kzalign.corpus.decontaminate import Contamination
from kzalign.corpus.filters import Context
from kzalign.corpus.gather import Gathered, Item, gather
from kzalign.corpus.parquet import open_tables
from kzalign.corpus.reasons import REPEATED, sample
from kzalign.corpus.report import Figures, write_report
from kzalign.corpus.select import Batch, Cutter, Plan, Selector
from kzalign.corpus.sources import Sources
from kzalign.corpus.splits import assign
from kzalign.corpus.tally import Tally
from kzalign.corpus.write import write_batches
from kzalign.errors import KzalignError
from kzalign.parallel import in_order
from kzalign.store import MANIFEST, read_articles, read_rejects, whole_folder, write_json

PER_BATCH = 200
"""Articles that a worker judges at a time."""

STAGES = ("extract", "align", "build", "filters")
"""The sections of the configuration that a corpus depends on."""

SHOWN_ARTICLES = 5_000
SHOWN_REJECTS = 1_000
"""Articles, and rejects of one reason, that the report holds; of more, an even sample."""


@dataclass(frozen=True, slots=True)
class Given:
    """What a build may be given besides articles: who owns the texts, tests to keep clear of, splits of an earlier corpus."""

    sources: Sources | None = None
    contamination: Contamination | None = None
    kept_splits: Mapping[int, str] = field(default_factory=dict)
    jobs: int | None = None
    limit: int | None = None
    """The articles are of no more than so many documents, or articles, of those that the user named."""


def build(
    items: Iterable[Item], output: Path, config: Config, cut: Cutter, force: bool = False, given: Given | None = None
) -> dict[str, Any]:
    """Writes the dataset folder and returns its manifest; `cut` turns an aligned article into segments and rejects."""
    given = given or Given()
    with whole_folder(output, force) as folder:
        figures, tally = Figures(config.build.low_score), Tally()
        spool = folder / "articles.jsonl"
        with (folder / "rejects.jsonl").open("w", encoding="utf-8") as rejects:
            found = gather(items, spool, rejects, figures, given.kept_splits)
            if not found.articles:
                raise KzalignError(f"nothing to build: no article found in {len(found.inputs)} documents ({_why(figures)})")
            plan = _plan(found, config, cut, given)
            write_batches(_batches(found, plan, given.jobs), open_tables(folder / "data"), rejects, figures, tally)
        manifest = _manifest(config, found, plan, figures, tally, given.limit)
        (folder / "README.md").write_text(card(manifest), encoding="utf-8")
        _report(folder, found, figures, manifest)
        spool.unlink()
        write_json(folder / MANIFEST, manifest)
    return manifest


def _plan(found: Gathered, config: Config, cut: Cutter, given: Given) -> Plan:
    """Returns what holds for the whole corpus, decided from the first pass."""
    relations = found.fingerprints.resolve(config.build)
    assigned = assign(relations, config.build)
    files = {entry["id"]: entry["file"] for entry in found.inputs}
    sources = (
        {issue: given.sources.of(issue, files.get(issue, issue)) for issue in sorted(found.figures.issues)}
        if given.sources
        else {}
    )
    return Plan(
        cut=cut,
        filters=config.filters,
        context=Context(found.recurrence.freeze()),
        duplicates=relations.duplicates(assigned.conflicts),
        conflicts=assigned.conflicts,
        splits=assigned.splits,
        sources={issue: source for issue, source in sources.items() if source},
        contamination=given.contamination,
    )


def _batches(found: Gathered, plan: Plan, jobs: int | None) -> Iterator[Batch]:
    """Yields the articles' rows and rejects, in the articles' order."""
    with found.spool.open(encoding="utf-8") as lines:
        heaps = iter(lambda: list(islice(lines, PER_BATCH)), [])
        workers = min(jobs or os.cpu_count() or 1, -(-found.articles // PER_BATCH))
        yield from in_order(Selector(plan), heaps, workers)


def _report(folder: Path, found: Gathered, figures: Figures, manifest: dict[str, Any]) -> None:
    """Writes report.html with all articles and rejects, or an even sample of many."""
    step = -(-found.articles // SHOWN_ARTICLES)
    steps = {reason: -(-count // SHOWN_REJECTS) for reason, count in figures.reasons.items()}
    articles = read_articles(found.spool, step)
    rejects = sample(read_rejects(folder / "rejects.jsonl"), steps)
    write_report(folder / "report.html", "kzalign corpus", articles, rejects, manifest, figures)


def _manifest(config: Config, found: Gathered, plan: Plan, figures: Figures, tally: Tally, limit: int | None) -> dict[str, Any]:
    kinds = Counter(twin.kind for twin in plan.duplicates.values())
    return {
        "stage": "build",
        "versions": {"kzalign": __version__, "python": platform.python_version(), "pyarrow": version("pyarrow")},
        "config": {stage: _portable(asdict(getattr(config, stage))) for stage in STAGES},
        **({} if limit is None else {"limit": limit}),
        "inputs": found.inputs,
        "sources": {issue: source.to_json() for issue, source in plan.sources.items()},
        "provenance": tally.provenance(),
        "articles": found.articles,
        "rows": tally.rows(),
        "statistics": tally.statistics(),
        "scores": tally.scores(),
        "filters": tally.filters(config.filters),
        "duplicates": {"articles": {kind: kinds[kind] for kind in ("exact", "near")}, "segments": figures.reasons[REPEATED]},
        "decontaminated": tally.overlaps(),
        "rejects": dict(sorted(figures.reasons.items(), key=lambda item: (-item[1], item[0]))),
    }


def _portable(value: Any) -> Any:
    """Returns a configuration without the folders of this machine: of a path its last name."""
    match value:
        case dict():
            return {key: _portable(item) for key, item in value.items()}
        case list() | tuple():
            return [_portable(item) for item in value]
        case str() if os.sep in value:
            return Path(value).name
    return value


def _why(figures: Figures) -> str:
    return "; ".join(f"{n} x {reason}" for reason, n in figures.reasons.most_common(3)) or "no input"


__all__ = ["Cutter", "Given", "Item", "build"]
