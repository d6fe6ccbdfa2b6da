"""Shards to one output, in the input's order; nothing may be missing, foreign or from another model."""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError
from kzalign.mt.bulk.ledger import files_of, nothing_in
from kzalign.mt.bulk.readers import Source
from kzalign.mt.bulk.shards import parse_shard, shard_of
from kzalign.records import Article
from kzalign.store import PART, whole_files


@dataclass(frozen=True, slots=True)
class Part:
    """A shard's files: its manifest, and the lines of its articles and rejects with their ids."""

    path: Path
    manifest: dict[str, Any]
    articles: Iterator[tuple[str, str]]
    rejects: Iterator[tuple[str, str]]


def merge(source: Source, paths: Sequence[Path], output: Path, force: bool = False) -> dict[str, int]:
    """Writes the output, its rejects and its manifest and returns the counts; raises KzalignError where a shard does not fit.

    The rejects of a shard, which a pattern such as `shard-*.jsonl` also gives, may stand among the shards.
    """
    parts = _parts(paths, source)
    counts: Counter[str] = Counter()
    for part in parts.values():
        counts.update(part.manifest["counts"])
    first = parts[1].manifest
    manifest = first | {"run": first["run"] | {"shard": ""}, "counts": dict(counts)}
    with whole_files(files_of(output), force) as (articles, rejects, told):
        for record in islice(source.records(0), first["run"]["limit"]):
            part = parts[shard_of(record.id, len(parts))]
            lines, stream = (part.articles, articles) if isinstance(record, Article) else (part.rejects, rejects)
            found, line = next(lines, ("nothing more", ""))
            if found != record.id:
                raise KzalignError(
                    f"{part.path}: {found} where {record.id} of the input is due: the shard was changed, translate it anew"
                )
            stream.write(line)
        for part in parts.values():
            if left := next(part.articles, None) or next(part.rejects, None):
                raise KzalignError(f"{part.path}: {left[0]} is not of this input")
        if not counts["articles"]:
            raise nothing_in(output, counts["rejects"], None)
        json.dump(manifest, told, ensure_ascii=False, indent=1)
        told.write("\n")
    return dict(counts)


def _parts(paths: Sequence[Path], source: Source) -> dict[int, Part]:
    """Returns the shards by number, each once and all of the same run."""
    rejects = {files_of(path)[1] for path in paths if path.name}
    paths = [path for path in paths if path not in rejects]
    if not paths:
        raise KzalignError("--merge: give the input and then every shard of it")
    parts: dict[int, Part] = {}
    for path in paths:
        manifest = _manifest(path)
        shard = parse_shard(manifest["run"]["shard"] or "1/1")
        if shard.of != len(paths):
            raise KzalignError(f"{path}: shard {shard}, but {len(paths)} files to merge: give all shards of one run")
        if shard.number in parts:
            raise KzalignError(f"{path}: shard {shard}, as is {parts[shard.number].path}")
        if manifest["input"] != source.identity:
            raise KzalignError(f"{path}: translated from another input, or the input has changed since")
        parts[shard.number] = Part(path, manifest, _lines(path), _lines(files_of(path)[1]))
    first = parts[min(parts)]
    for part in parts.values():
        for key in ("model", "settings", "run"):
            if {**part.manifest, "run": _whole(part)}[key] != {**first.manifest, "run": _whole(first)}[key]:
                raise KzalignError(f"{part.path}: another {key} than {first.path}: shards are of one run")
    return parts


def _whole(part: Part) -> dict[str, Any]:
    return {key: value for key, value in part.manifest["run"].items() if key != "shard"}


def _manifest(path: Path) -> dict[str, Any]:
    if path.is_dir():
        raise KzalignError(f"{path}: a folder, not a shard")
    if path.with_name(path.name + PART).exists():
        raise KzalignError(f"{path}: not complete yet ({path.name}{PART} is there): run its command again to go on with it")
    beside_it = files_of(path)[2]
    try:
        data = json.loads(beside_it.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KzalignError(f"{beside_it}: no such file: a shard has its manifest beside it") from None
    except (OSError, ValueError) as error:
        raise KzalignError(f"{beside_it}: cannot be read: {error}") from None
    if not isinstance(data, dict) or data.get("stage") != "translate":
        raise KzalignError(f"{beside_it}: not the manifest of `kzalign translate`")
    return data


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    try:
        with path.open(encoding="utf-8", newline="\n") as stream:
            for number, line in enumerate(stream, 1):
                try:
                    yield json.loads(line)["id"], line
                except (ValueError, KeyError, TypeError):
                    raise KzalignError(f"{path}:{number}: not a line that `kzalign translate` wrote") from None
    except OSError as error:
        raise KzalignError(f"{path}: cannot be read: {error.strerror or error}") from None
