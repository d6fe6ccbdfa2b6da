"""The run's folder: whose it is, where it can go on, what is written into it as it runs."""

import json
import os
import re
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from hashlib import sha256
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig
from kzalign.errors import KzalignError
from kzalign.mt.finetune.contract import Pair, TestSet
from kzalign.records import Reject, dumps
from kzalign.store import MANIFEST, whole_file

RUN = "run.json"
SETTINGS = "finetune.toml"
LOG = "log.jsonl"
CURVE = "curve.svg"
REJECTS = "rejects.jsonl"
RESULTS = "results.json"
BEFORE = "before.json"
TRAINING = "training.fingerprints"
CHECKPOINTS = "checkpoints"
BEST = "best"
STATE = "trainer_state.json"
FREE = ("device_tokens", "merge")
"""Settings that a run may go on with changed: they do not change what is learnt."""
NUMBERED = re.compile(r"checkpoint-\d+")


def identity(config: FinetuneConfig, base: str, pairs: Iterable[Pair], sets: Iterable[TestSet]) -> dict[str, Any]:
    """Returns what a run's outcome depends on: settings, base model, hashes of all texts."""
    settings = {f.name: getattr(config, f.name) for f in fields(config) if f.name not in FREE}
    asked = [[s.name, s.direction, list(s.sources), list(s.references)] for s in sets]
    texts = ([pair.direction, pair.kind, pair.source, pair.target] for pair in pairs)
    return {
        "settings": json.loads(dumps(settings)),
        "base": base,
        "pairs": _hash(texts),
        "test sets": _hash(asked),
    }


def _hash(values: Iterable[Any]) -> str:
    digest = sha256()
    for value in values:
        digest.update(dumps(value).encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()


def claim(folder: Path, own: Mapping[str, Any], force: bool) -> bool:
    """Makes the folder this run's, and returns whether the run is finished; another run's folder is a KzalignError."""
    path = folder / RUN
    if folder.exists() and not folder.is_dir():
        raise KzalignError(f"{folder}: a file; give a folder for the run")
    if folder.is_dir() and any(folder.iterdir()) and not path.is_file():
        raise KzalignError(f"{folder}: not a folder of `kzalign finetune` (no {RUN} in it); choose another")
    if path.is_file() and force:
        shutil.rmtree(folder)
    if path.is_file():
        different = _differences(_read(path), own)
        if different:
            raise KzalignError(
                f"{folder}: belongs to a run with other {', '.join(different)}; choose another folder, or --force to begin anew"
            )
        return (folder / MANIFEST).is_file()
    write_whole(path, json.dumps(own, ensure_ascii=False, indent=1) + "\n")
    return False


def _differences(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    found = []
    for key, value in now.items():
        old = before.get(key)
        if isinstance(value, dict) and isinstance(old, dict):
            found += [f"{name} ({old.get(name)} there, {value[name]} now)" for name in value if old.get(name) != value[name]]
        elif old != value:
            found.append(key)
    return found


def _read(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KzalignError(f"{path}: cannot be read: {error}; --force begins anew") from None
    return data if isinstance(data, dict) else {}


def last_checkpoint(folder: Path) -> Path | None:
    """Returns the checkpoint with the most steps; None where there is none."""
    found = _checkpoints(folder)
    return found[-1] if found else None


def step_of(checkpoint: Path) -> int:
    """Returns the step after which a checkpoint was written."""
    return int(checkpoint.name.rpartition("-")[2])


def going_on(folder: Path) -> str:
    """Returns what the command of an unfinished run does when it is given again."""
    last = last_checkpoint(folder)
    if last is None:
        return "no checkpoint was written yet: the same command begins anew"
    return f"the same command goes on from step {step_of(last)}"


def is_unfinished(folder: Path) -> bool:
    """Says whether a folder is a run's that has no model yet."""
    return (folder / RUN).is_file() and not any((folder / name).exists() for name in (MANIFEST, "config.json", "adapter"))


def drop_older(folder: Path, keep: int) -> None:
    """Removes all but the `keep` newest checkpoints."""
    for path in _checkpoints(folder)[:-keep]:
        shutil.rmtree(path, ignore_errors=True)


def drop_work(folder: Path) -> None:
    """Removes what a finished run no longer needs."""
    for name in (CHECKPOINTS, BEST):
        shutil.rmtree(folder / name, ignore_errors=True)


def _checkpoints(folder: Path) -> list[Path]:
    paths = [path for path in (folder / CHECKPOINTS).glob("checkpoint-*") if NUMBERED.fullmatch(path.name)]
    return sorted(paths, key=step_of)


def put_folder(part: Path, path: Path) -> None:
    """Gives a written folder its name once its bytes are on the disk; one that has the name goes first."""
    for file in part.iterdir():
        with file.open("rb") as stream:
            os.fsync(stream.fileno())
    if path.exists():
        shutil.rmtree(path)
    part.rename(path)


def write_whole(path: Path, text: str) -> None:
    """Writes a text file that is whole or absent, over an older one."""
    with whole_file(path, force=True) as stream:
        stream.write(text)


def write_lines(path: Path, values: Iterable[Any]) -> None:
    """Writes JSON lines, whole or absent."""
    with whole_file(path, force=True) as stream:
        stream.writelines(dumps(value) + "\n" for value in values)


def write_rejects(folder: Path, rejects: Sequence[Reject]) -> None:
    """Writes what was not trained on, with reasons."""
    write_lines(folder / REJECTS, (reject.to_json() for reject in rejects))


def toml_of(section: str, values: Mapping[str, Any]) -> str:
    """Returns a table of TOML; a section without name has no heading."""
    lines = [f"[{section}]"] if section else []
    lines += [f"{key} = {toml_value(value)}" for key, value in values.items()]
    return "\n".join(lines) + "\n"


def toml_value(value: Any) -> str:
    """Returns a text, number, list or table as TOML writes it on a line: as JSON but for tables and one letter."""
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{key} = {toml_value(item)}" for key, item in value.items()) + " }"
    written = json.dumps(list(value) if isinstance(value, tuple) else value, ensure_ascii=False)
    return written.replace("\x7f", "\\u007f")
