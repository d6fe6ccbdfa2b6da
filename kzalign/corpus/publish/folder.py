"""What of a dataset folder is published, and whether the build is whole."""

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzalign.corpus.built import BUILT, DATA
from kzalign.errors import KzalignError
from kzalign.hub.plan import LocalFile
from kzalign.store import MANIFEST

BESIDE = ("LICENSE", "LICENSE.md")
"""What a user may put into the folder to be published: the Hub looks there for the text of a licence."""

SHARD = re.compile(r"(?P<split>[a-z]+)-(?P<k>\d{5})-of-(?P<n>\d{5})\.parquet")


@dataclass(frozen=True, slots=True)
class Folder:
    """A whole build: its manifest, the files to publish in order of their names, and the names of those that stay here."""

    manifest: dict[str, Any]
    files: tuple[LocalFile, ...]
    strays: tuple[str, ...]


def read_folder(folder: Path) -> Folder:
    """Returns what is published of a folder; raises KzalignError if it is no finished build or a file is missing."""
    manifest = _manifest(folder)
    found = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    wanted = {*BUILT, *(name for name in BESIDE if name in found), *_shards(folder, manifest["rows"], found)}
    missing = sorted(name for name in wanted if name not in found)
    if missing:
        raise KzalignError(f"{folder}: {', '.join(missing)} of the build is missing: run `kzalign build` again")
    _check_rows(folder, manifest["rows"], [name for name in sorted(wanted) if name.startswith(f"{DATA}/")])
    files = tuple(LocalFile(name, found[name], found[name].stat().st_size) for name in sorted(wanted))
    return Folder(manifest, files, tuple(name for name in found if name not in wanted))


def _manifest(folder: Path) -> dict[str, Any]:
    path = folder / MANIFEST
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (FileNotFoundError, NotADirectoryError):
        raise KzalignError(f"{folder}: not a dataset folder (no {MANIFEST} in it): give what `kzalign build` wrote") from None
    except (OSError, ValueError, RecursionError) as error:
        raise KzalignError(f"{path}: cannot be read: {error}; run `kzalign build` again") from None
    if not isinstance(manifest, dict) or manifest.get("stage") != "build":
        raise KzalignError(f"{path}: not the manifest of a build: give what `kzalign build` wrote")
    if not (_is_inputs(manifest.get("inputs")) and _is_rows(manifest.get("rows"))):
        raise KzalignError(f"{path}: not whole (no inputs or rows in it): run `kzalign build` again")
    return manifest


def _check_rows(folder: Path, rows: Mapping[str, Mapping[str, int]], shards: Sequence[str]) -> None:
    """Raises KzalignError where a Parquet file cannot be read, or where files together have not the rows of the manifest."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: Counter[tuple[str, str]] = Counter()
    for name in shards:
        _, config, file = name.split("/")
        try:
            found[config, file.partition("-")[0]] += pq.read_metadata(folder / name).num_rows
        except (OSError, pa.ArrowException):
            raise KzalignError(f"{folder / name}: no whole Parquet file: run `kzalign build` again") from None
    for (config, split), n in found.items():
        if n != rows[config][split]:
            told = f"{DATA}/{config} has {n} rows of {split}, {MANIFEST} says {rows[config][split]}"
            raise KzalignError(f"{folder}: {told}: run `kzalign build` again")


def _is_inputs(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(entry, dict) and entry.keys() >= {"id", "file"} for entry in value)


def _is_rows(value: Any) -> bool:
    return isinstance(value, dict) and all(
        isinstance(counts, dict) and all(type(n) is int for n in counts.values()) for counts in value.values()
    )


def _shards(folder: Path, rows: Mapping[str, Mapping[str, int]], found: Mapping[str, Path]) -> Iterator[str]:
    """Yields the names of the data files that the manifest's rows need; raises KzalignError for one of no split."""
    counts: dict[tuple[str, str], set[int]] = {}
    for name in found:
        top, _, rest = name.partition("/")
        config, _, file = rest.partition("/")
        if top != DATA:
            continue
        match = SHARD.fullmatch(file)
        if not match or not rows.get(config, {}).get(match["split"]):
            raise KzalignError(f"{folder}: {name} is not of this build: remove it, or run `kzalign build` again")
        counts.setdefault((config, match["split"]), set()).add(int(match["n"]))
    for config, splits in rows.items():
        for split, n in splits.items():
            if not n:
                continue
            totals = counts.get((config, split), {1})
            if len(totals) > 1:
                raise KzalignError(f"{folder}: {DATA}/{config} mixes files of two builds: run `kzalign build` again")
            (total,) = totals
            yield from (f"{DATA}/{config}/{split}-{k:05d}-of-{total:05d}.parquet" for k in range(total))
