"""Rows of named columns: TSV, CSV, JSONL, Parquet files and datasets of the Hub."""

import csv
import importlib
import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError, unknown
from kzalign.store import read_lines

Row = Mapping[str, Any]
HALF = re.compile("[\ud800-\udfff]")
"""Half characters, which no UTF-8 file can hold."""

ReadParquet = Callable[[Path], Iterable[Row]]
"""Yields a Parquet file's rows; the corpus has it, and whoever opens a benchmark hands it in."""


def _tsv(path: Path) -> Iterator[Row]:
    return csv.DictReader(_with_ends(path), delimiter="\t", quoting=csv.QUOTE_NONE)


def _csv(path: Path) -> Iterator[Row]:
    return csv.DictReader(_with_ends(path), strict=True)


def _with_ends(path: Path) -> Iterator[str]:
    """Yields the lines with their ends, which a quoted cell may hold."""
    for line in read_lines(path):
        yield line + "\n"


def _jsonl(path: Path) -> Iterator[Row]:
    for number, line in enumerate(read_lines(path), 1):
        try:
            row = json.loads(line)
        except ValueError:
            raise KzalignError(f"{path}:{number}: not JSON; expected one object a line") from None
        if not isinstance(row, dict):
            raise KzalignError(f"{path}:{number}: not a JSON object")
        yield row


FORMATS: dict[str, Callable[[Path], Iterator[Row]]] = {
    ".tsv": _tsv,
    ".csv": _csv,
    ".jsonl": _jsonl,
}


def read_rows(path: Path, parquet: ReadParquet) -> list[Row]:
    """Returns a file's rows; raises KzalignError for a kind of file that is not read or a file that cannot be."""
    if path.suffix not in FORMATS and path.suffix != ".parquet":
        raise KzalignError(f"{path}: {unknown('kind of table', path.suffix, [*FORMATS, '.parquet'])}")
    try:
        return list(FORMATS[path.suffix](path) if path.suffix in FORMATS else parquet(path))
    except csv.Error as error:
        raise KzalignError(f"{path}: cannot be read as {path.suffix}: {error}") from None


def read_hub(repo: str, revision: str, config: str, split: str) -> list[Row]:
    """Returns the rows of a dataset on the Hub, or in its cache; raises KzalignError where neither has it."""
    try:
        datasets = importlib.import_module("datasets")
    except ImportError:
        raise KzalignError(f"{repo}: reading from the Hub needs datasets: pip install datasets; or name a local path") from None
    try:
        return list(datasets.load_dataset(repo, config, split=split, revision=revision))
    except (OSError, ValueError) as error:
        reason = str(error).split("\n")[0]
        raise KzalignError(f"{repo}: cannot be had from the Hub ({reason}): download it and name its path") from None


def texts_of(rows: Sequence[Row], column: str, where: str) -> list[str]:
    """Returns a column of texts; a column that is not there or a cell that is no text is a KzalignError."""
    found = []
    for number, row in enumerate(rows, 1):
        if column not in row:
            raise KzalignError(f"{where}: {unknown('column', column, map(str, row))}")
        if not isinstance(row[column], str) or HALF.search(row[column]):
            raise KzalignError(f"{where}: row {number}: '{column}' is {row[column]!r:.40}, not a text")
        found.append(row[column])
    return found
