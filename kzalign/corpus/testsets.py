"""The texts of test sets that a corpus must not hold: plain lines, TSV, CSV, JSON lines and Parquet, each with its place."""

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from kzalign.corpus.rows import parquet_rows
from kzalign.errors import KzalignError
from kzalign.store import read_lines

Cells = Iterator[tuple[int, str]]
"""Line or row numbers, counted from 1, with a text that stands there."""


def read_test_set(path: Path) -> list[tuple[int, str]]:
    """Returns all texts of a file with their line (Parquet: row) numbers; its suffix names its form, else a line is a text.

    Which column holds the sentences is not asked: a code or a number in another one does no harm. Raises KzalignError where
    the file cannot be read whole, or where no text of two words or more is in it.
    """
    cells = [(number, text) for number, text in TEST_SETS.get(path.suffix.lower(), _plain)(path) if text.strip()]
    if not cells:
        raise KzalignError(f"{path}: no text in it: nothing to keep out of the training data")
    if not any(len(text.split()) > 1 for _, text in cells):
        raise KzalignError(f"{path}: no text column: no value of it has two words")
    return cells


def _plain(path: Path) -> Cells:
    yield from enumerate(read_lines(path), 1)


def _tsv(path: Path) -> Cells:
    """Yields the cells of lines cut at tabs; a quotation mark is a letter as any other, as in FLORES+ and Tatoeba."""
    for number, line in enumerate(read_lines(path), 1):
        yield from ((number, cell) for cell in line.split("\t"))


def _csv(path: Path) -> Cells:
    lines = read_lines(path)
    reader = csv.reader((line + "\n" for line in lines), strict=True)
    first = 1
    try:
        for row in reader:
            yield from ((first, cell) for cell in row)
            first = reader.line_num + 1
    except csv.Error as error:
        raise KzalignError(f"{path}:{first}: not CSV: {error}") from None


def _jsonl(path: Path) -> Cells:
    for number, line in enumerate(read_lines(path), 1):
        if not line.strip():
            continue
        try:
            value = json.loads(line)
        except (ValueError, RecursionError) as error:
            raise KzalignError(f"{path}:{number}: not JSON, one object a line ({error})") from None
        if not isinstance(value, dict):
            raise KzalignError(f'{path}:{number}: not a JSON object with texts, such as {{"translation": {{"kk": "…"}}}}')
        yield from ((number, text) for text in _strings(value))


def _parquet(path: Path) -> Cells:
    yield from ((number, text) for number, row in enumerate(parquet_rows(path), 1) for text in _strings(row))


def _strings(value: Any) -> Iterator[str]:
    """Yields the texts of a JSON value, of objects and lists in it too."""
    waiting = [value]
    while waiting:
        match waiting.pop(0):
            case str() as text:
                yield text
            case dict() as fields:
                waiting += fields.values()
            case list() as items:
                waiting += items


TEST_SETS: dict[str, Callable[[Path], Cells]] = {".tsv": _tsv, ".csv": _csv, ".jsonl": _jsonl, ".parquet": _parquet}
