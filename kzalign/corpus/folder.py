"""A dataset folder, opened: what it holds is checked before a row is read, and rows come in blocks."""

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.segments import SPLITS
from kzalign.errors import KzalignError, unknown
from kzalign.records import LANGS
from kzalign.store import MANIFEST

SEGMENT_COLUMNS = ("id", "article_id", "issue_id", "licence", "translation", "score", "scores", "sentence_ids", "lines")
ARTICLE_COLUMNS = (
    "id",
    "issue_id",
    "licence",
    "title",
    "abstract",
    "sentences",
    "keywords",
    "abstract_lines",
    "alignment",
    "machine_translated",
    "notes",
)
TEXT = {ARTICLES: "abstract"}
"""The column of texts by language where it is not `translation`."""

BUILD_AGAIN = "build the corpus again or fetch the file anew"
NUMBERED = re.compile(r"-(\d{5})-of-(\d{5})\.parquet$")
UNREADABLE = (OSError, pa.ArrowException, UnicodeDecodeError)


@dataclass(frozen=True, slots=True)
class Selection:
    """One configuration's chosen splits: its languages, its columns, its files with their splits, and how many rows."""

    name: str
    langs: tuple[str, ...]
    columns: tuple[str, ...]
    files: tuple[tuple[str, Path], ...]
    counts: dict[str, int]
    blocks: int

    def read(self) -> Iterator[tuple[str, list[dict[str, Any]]]]:
        """Yields each block of rows (a row group, 2,000 rows) with its split; raises KzalignError where a file is broken."""
        for split, path in self.files:
            file = _opened(path)
            with file:
                for number in range(file.num_row_groups):
                    try:
                        rows = _rows(file.read_row_group(number, use_threads=False))
                    except UNREADABLE as error:
                        raise _broken(path, error) from None
                    yield split, rows


def open_manifest(folder: Path) -> dict[str, Any]:
    """Returns the manifest of a dataset folder; raises KzalignError where it is not one that a build finished."""
    path = folder / MANIFEST
    if not folder.exists():
        raise KzalignError(f"{folder}: no such folder; give one that `kzalign build` made")
    if not folder.is_dir():
        raise KzalignError(f"{folder}: not a folder; give one that `kzalign build` made")
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KzalignError(f"{folder}: no {MANIFEST} in it: half written, or not made by kzalign") from None
    except OSError as error:
        raise KzalignError(f"{path}: cannot be read: {error.strerror or error}") from None
    except (ValueError, RecursionError):
        raise KzalignError(f"{path}: not JSON; build the corpus again") from None
    if not (isinstance(data, dict) and data.get("stage") == "build" and _are_counts(data.get("rows"))):
        raise KzalignError(f"{path}: not the manifest of a finished build; give a folder that `kzalign build` made")
    return data


def _are_counts(rows: Any) -> bool:
    return isinstance(rows, dict) and all(
        isinstance(counts, dict) and all(isinstance(n, int) for n in counts.values()) for counts in rows.values()
    )


def select(folder: Path, name: str, splits: Sequence[str] = ()) -> Selection:
    """Returns the splits of a configuration, all that have rows if none is named, ready to be read.

    Raises KzalignError where the folder, the configuration, a split, a file or a column is not there, or where the files
    hold more or fewer rows than the manifest says.
    """
    counts = _chosen(folder, open_manifest(folder), name, splits)
    found: list[tuple[str, Path]] = []
    columns: tuple[str, ...] = ()
    blocks = 0
    for split in counts:
        rows = 0
        for path in _files(folder / "data" / name, split):
            with _opened(path) as file:
                schema = file.schema_arrow
                _check_columns(path, schema, name, columns)
                columns = columns or tuple(schema.names)
                rows += file.metadata.num_rows
                blocks += file.num_row_groups
            found.append((split, path))
        if rows != counts[split]:
            raise KzalignError(
                f"{folder / 'data' / name}: {rows} rows in split '{split}' where {MANIFEST} counts {counts[split]}; {BUILD_AGAIN}"
            )
    return Selection(name, _langs(name), columns, tuple(found), counts, blocks)


def _chosen(folder: Path, manifest: dict[str, Any], name: str, splits: Sequence[str]) -> dict[str, int]:
    """Returns the rows of each chosen split, in the order of SPLITS."""
    known = {*CONFIGS, ARTICLES} & manifest["rows"].keys()
    if name not in known:
        raise KzalignError(f"{folder}: {unknown('configuration', name, known)}")
    for split in splits:
        if split not in SPLITS:
            raise unknown("split", split, SPLITS)
    rows = manifest["rows"][name]
    filled = [split for split in SPLITS if rows.get(split)]
    chosen = [split for split in SPLITS if split in splits] or filled
    empty = [split for split in chosen if split not in filled]
    if empty or not chosen:
        what = f"split '{empty[0]}' of '{name}' has no rows" if empty else f"'{name}' has no rows"
        raise KzalignError(f"{folder}: {what}; with rows: {', '.join(filled) or 'no split'}")
    return {split: rows[split] for split in chosen}


def _langs(name: str) -> tuple[str, ...]:
    return CONFIGS.get(name, LANGS)


def _files(folder: Path, split: str) -> list[Path]:
    """Returns a split's files in order; their names tell how many there are."""
    found = sorted(path for path in folder.glob(f"{split}-*.parquet") if NUMBERED.search(path.name))
    totals = {int(match[2]) for path in found if (match := NUMBERED.search(path.name))}
    wanted = [folder / f"{split}-{k:05d}-of-{n:05d}.parquet" for n in sorted(totals or {1}) for k in range(n)]
    missing = [path for path in wanted if path not in found]
    if missing or len(totals) > 1:
        what = f"{missing[0]}: no such file" if missing else f"{folder}: files of two builds are mixed"
        raise KzalignError(f"{what}; {BUILD_AGAIN}")
    return found


def _opened(path: Path) -> pq.ParquetFile:
    try:
        return pq.ParquetFile(path)
    except UNREADABLE as error:
        raise _broken(path, error) from None


def _broken(path: Path, error: Exception) -> KzalignError:
    reason = str(error).strip().split("\n")[0] or type(error).__name__
    return KzalignError(f"{path}: broken or cut short, not a whole Parquet file ({reason}); {BUILD_AGAIN}")


def _check_columns(path: Path, schema: pa.Schema, name: str, others: tuple[str, ...]) -> None:
    """Refuses a file without a column it must have: those every corpus has and those the files before it have."""
    wanted = list(dict.fromkeys((*(ARTICLE_COLUMNS if name == ARTICLES else SEGMENT_COLUMNS), *others)))
    missing = [column for column in wanted if column not in schema.names]
    text = TEXT.get(name, "translation")
    if not missing:
        kind = schema.field(text).type
        held = {field.name for field in kind} if pa.types.is_struct(kind) else set()
        missing = [f"{text}.{lang}" for lang in _langs(name) if lang not in held]
    if missing:
        raise KzalignError(f"{path}: no column '{missing[0]}' in it; {BUILD_AGAIN}")


def _rows(table: pa.Table) -> list[dict[str, Any]]:
    columns = [_values(table.column(name).combine_chunks()) for name in table.column_names]
    return [dict(zip(table.column_names, row, strict=True)) for row in zip(*columns, strict=True)]


def _values(array: pa.Array) -> list[Any]:
    """Returns a column's values, as `to_pylist` does but many times faster; a float32 is the shortest number that it is."""
    kind = array.type
    if pa.types.is_struct(kind):
        names = [field.name for field in kind]
        rows = [dict(zip(names, row, strict=True)) for row in zip(*map(_values, array.flatten()), strict=True)]
        return rows if not array.null_count else [row if ok else None for row, ok in zip(rows, _present(array), strict=True)]
    if pa.types.is_list(kind):
        items = iter(_values(array.flatten()))
        return [None if n is None else [next(items) for _ in range(n)] for n in array.value_lengths().to_pylist()]
    if pa.types.is_float32(kind):
        return [None if text is None else float(text) for text in array.cast(pa.string()).to_pylist()]
    values: list[Any] = array.to_pylist()
    return values


def _present(array: pa.Array) -> list[bool]:
    present: list[bool] = array.is_valid().to_pylist()
    return present
