"""The articles of a corpus folder that `kzalign build` made."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError
from kzalign.records import LANGS, PAIRS, Article, Bead, Version

FOLDER = "folder"
BLOCK = 256
"""Rows read at a time."""


def corpus_files(folder: Path) -> list[Path]:
    """Returns the Parquet files of a corpus's articles; raises KzalignError if it has none."""
    files = sorted(folder.glob("data/articles/*.parquet"))
    if not files:
        raise KzalignError(f"{folder}: not a corpus of kzalign: it has no data/articles/*.parquet")
    return files


def corpus_count(files: Sequence[Path]) -> int:
    """Returns the number of articles in the files."""
    import pyarrow.parquet as pq

    return sum(pq.read_metadata(path).num_rows for path in files)


def corpus_rows(files: Sequence[Path], start: int) -> Iterator[Article]:
    """Yields the articles from the `start`th on; raises KzalignError where a file is not a corpus's."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for path in files:
        try:
            with pq.ParquetFile(path) as file:
                for block in file.iter_batches(BLOCK):
                    if start >= len(block):
                        start -= len(block)
                        continue
                    yield from map(_article, block.slice(start).to_pylist())
                    start = 0
        except (OSError, pa.ArrowException, KeyError, TypeError) as error:
            raise KzalignError(f"{path}: not a corpus file of kzalign: {' '.join(str(error).split())}") from None


def _article(row: dict[str, Any]) -> Article:
    versions = {}
    for lang in LANGS:
        title, abstract, sentences = row["title"][lang], row["abstract"][lang], row["sentences"][lang]
        if abstract is None and title is None and not row["keywords"][lang]:
            continue
        lines = tuple((first, last) for first, last in row["abstract_lines"][lang] or ())
        versions[lang] = Version(
            lang, title, abstract or "", tuple(sentences or ()), tuple(row["keywords"][lang] or ()), abstract_lines=lines
        )
    alignment = {
        pair: tuple(Bead(tuple(b["left"]), tuple(b["right"]), round(b["score"], 4)) for b in row["alignment"][pair])
        for pair in PAIRS
        if row["alignment"][pair] is not None
    }
    return Article(row["id"], row["issue_id"], versions=versions, alignment=alignment, notes=tuple(row["notes"]))
