"""The articles of a dataset folder as records again, for stages that do not know Parquet."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.corpus.parquet import ARTICLES
from kzalign.corpus.provenance import COLUMNS
from kzalign.errors import KzalignError
from kzalign.records import LANGS, PAIRS, Article, Bead, Machine, Version

BLOCK = 256
"""Rows read at a time."""


def open_articles(folder: Path) -> tuple[list[Path], int, Callable[[int], Iterator[Article]]]:
    """Returns the files of a dataset folder's articles, how many these are, and what yields them from the `start`th on.

    Raises KzalignError where the folder has none; so does reading where a file is not one of a dataset's.
    """
    files = sorted(folder.glob(f"data/{ARTICLES}/*.parquet"))
    if not files:
        raise KzalignError(f"{folder}: not a corpus of kzalign: it has no data/{ARTICLES}/*.parquet")
    try:
        count = sum(pq.read_metadata(path).num_rows for path in files)
    except (OSError, pa.ArrowException) as error:
        raise KzalignError(f"{folder}: not a corpus of kzalign: {' '.join(str(error).split())}") from None
    return files, count, partial(_articles, files)


def _articles(files: Sequence[Path], start: int) -> Iterator[Article]:
    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                for block in file.iter_batches(BLOCK):
                    if start >= len(block):
                        start -= len(block)
                        continue
                    yield from map(article_of, block.slice(start).to_pylist())
                    start = 0
        except (OSError, pa.ArrowException, KeyError, TypeError) as error:
            raise KzalignError(f"{path}: not a corpus file of kzalign: {' '.join(str(error).split())}") from None


def article_of(row: dict[str, Any]) -> Article:
    """Returns the article that a row of `articles` was made of, without what the row does not hold: lines but an abstract's.

    Of a machine's version only the model is known. Rows of older datasets lack the columns of where an article comes from.
    """
    versions = {lang: version for lang in LANGS if (version := _version(row, lang))}
    alignment = {
        pair: tuple(Bead(tuple(b["left"]), tuple(b["right"]), round(b["score"], 4)) for b in row["alignment"][pair])
        for pair in PAIRS
        if row["alignment"][pair] is not None
    }
    given = {**{name: row.get(name) for name in COLUMNS}, "licence": row["licence"]}
    source = {name: _texts(value) for name, value in given.items() if value}
    return Article(row["id"], row["issue_id"], versions=versions, alignment=alignment, notes=tuple(row["notes"]), source=source)


def _version(row: dict[str, Any], lang: str) -> Version | None:
    title, abstract, keywords = row["title"][lang], row["abstract"][lang], row["keywords"][lang]
    if abstract is None and title is None and not keywords:
        return None
    made = row["machine_translated"][lang]
    return Version(
        lang,
        title,
        abstract or "",
        tuple(row["sentences"][lang] or ()),
        tuple(keywords or ()),
        abstract_lines=tuple((first, last) for first, last in row["abstract_lines"][lang] or ()),
        machine=Machine(made, settings="", date="", source="", fields=()) if made else None,
    )


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) else (str(value),)
