"""The report of a benchmark run: one self-contained HTML page."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kzalign.html.page import data_blocks, frame

SCRIPTS = ("tables.js", "plots.js", "diff.js", "figures.js", "segments.js", "about.js", "main.js")


def report_page(results: Mapping[str, Any], segments: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yields the page in parts: the results of a run and the segments that it shows."""
    head, tail = frame(__package__, f"Benchmark: {results['benchmark']['title']}", SCRIPTS)
    yield head
    yield from data_blocks("results", [dict(results)])
    yield from data_blocks("segments", segments)
    yield tail
