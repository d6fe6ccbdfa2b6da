"""build: aligned articles in, a dataset folder out that `datasets.load_dataset` opens."""

import platform
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from importlib.metadata import version
from pathlib import Path
from typing import Any

from kzalign import __version__
from kzalign.config import Config
from kzalign.corpus.card import card
from kzalign.corpus.parquet import ARTICLES, CONFIGS, article_row, open_tables, segment_row
from kzalign.corpus.report import write_report
from kzalign.corpus.segments import SPLITS, Cut, article_rejects, split_of
from kzalign.errors import KzalignError
from kzalign.records import Article, Reject, dumps
from kzalign.store import MANIFEST, read_articles, read_rejects, whole_folder, write_json

Item = Article | Reject | dict[str, Any]
"""What a build is fed: articles, rejects of earlier stages, and the manifest's entry of each document, in any order."""


def build(
    items: Iterable[Item], output: Path, config: Config, cut: Callable[[Article], Cut], force: bool = False
) -> dict[str, Any]:
    """Writes the dataset folder and returns its manifest; `cut` turns an aligned article into segments and rejects."""
    with whole_folder(output, force) as folder:
        tables = open_tables(folder / "data")
        reasons: Counter[str] = Counter()
        inputs: list[dict[str, Any]] = []
        articles = 0
        kept, dropped = folder / "articles.jsonl", folder / "rejects.jsonl"
        with kept.open("w", encoding="utf-8") as article_stream, dropped.open("w", encoding="utf-8") as reject_stream:
            for record in _records(items, cut):
                match record:
                    case Reject():
                        reasons[_kind(record.reason)] += 1
                        reject_stream.write(dumps(record.to_json()) + "\n")
                    case Article():
                        articles += 1
                        tables[ARTICLES, split_of(record, config.build)].add(article_row(record))
                        article_stream.write(dumps(record.to_json()) + "\n")
                    case Cut():
                        for name, segments in record.segments.items():
                            for segment in segments:
                                tables[name, segment.split].add(segment_row(segment))
                    case _:
                        inputs.append(record)
        if not articles:
            raise KzalignError(f"nothing to build: no article found in {len(inputs)} documents ({_why(reasons)})")
        for table in tables.values():
            table.close()
        rows = {name: {split: tables[name, split].count for split in SPLITS} for name in (*CONFIGS, ARTICLES)}
        manifest = _manifest(config, inputs, articles, rows, reasons)
        (folder / "README.md").write_text(card(manifest), encoding="utf-8")
        write_report(
            folder / "report.html", "kzalign corpus", read_articles(kept), read_rejects(dropped), manifest, config.build.low_score
        )
        kept.unlink()
        write_json(folder / MANIFEST, manifest)
    return manifest


def _records(items: Iterable[Item], cut: Callable[[Article], Cut]) -> Iterator[Item | Cut]:
    """Yields each item and what it gives; an article that can give no pair is also a reject."""
    for item in items:
        yield item
        if isinstance(item, Article):
            yield from article_rejects(item)
            pieces = cut(item)
            yield pieces
            yield from pieces.rejects


def _kind(reason: str) -> str:
    """Returns the reason without its particulars, for counting."""
    return reason.split(":")[0] if reason.startswith("the alignments disagree") else reason


def _why(reasons: Counter[str]) -> str:
    return "; ".join(f"{n} x {reason}" for reason, n in reasons.most_common(3)) or "no input"


def _manifest(
    config: Config, inputs: list[dict[str, Any]], articles: int, rows: dict[str, dict[str, int]], reasons: Counter[str]
) -> dict[str, Any]:
    return {
        "stage": "build",
        "versions": {"kzalign": __version__, "python": platform.python_version(), "pyarrow": version("pyarrow")},
        "config": asdict(config),
        "inputs": inputs,
        "articles": articles,
        "rows": rows,
        "rejects": dict(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))),
    }


__all__ = ["Item", "build"]
