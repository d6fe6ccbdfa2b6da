"""Folders: every file in them is a document, or has a reason why it is none; hidden files and kzalign's own are not looked at."""

import json
import os
import stat
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass, fields
from pathlib import Path, PurePath, PurePosixPath
from typing import Any

from kzalign.errors import KzalignError
from kzalign.extract.readers.scans import IMAGES, UNASKED
from kzalign.kept import KEPT
from kzalign.records import Reject
from kzalign.store import LOCK, MANIFEST, PART

OWN_ENDINGS = (PART, LOCK, ".journal", ".manifest.json")
OWN_ARTICLES = "articles that kzalign wrote, not a document: give it to `kzalign align` or alone to `kzalign build`"
OWN_REJECTS = "rejects that kzalign wrote, not a document"
REJECT = frozenset(field.name for field in fields(Reject))


@dataclass(frozen=True, slots=True)
class Entry:
    """A document in a folder that is read, or what none can be read from; `problem` says why it cannot."""

    path: Path
    inside: str
    """Its place in the folder."""
    problem: str = ""
    other: bool = False
    """Whether no reader takes files of its format."""

    @property
    def name(self) -> str:
        """Returns its place in the folder."""
        return self.inside

    @property
    def stem(self) -> str:
        """Returns the file's name without its suffix."""
        return self.path.stem

    @property
    def suffix(self) -> str:
        """Returns the file's suffix."""
        return self.path.suffix

    @property
    def folders(self) -> tuple[str, ...]:
        """Returns the names of the folders that it lies in, from the one that is read."""
        return PurePosixPath(self.inside).parts[:-1]


def entries_of(top: Path, suffixes: Container[str]) -> list[Entry]:
    """Returns what lies in a folder and the folders below, by place; raises KzalignError where the folder cannot be read."""
    faults: list[OSError] = []
    found: list[Entry] = []
    for name, folders, files in os.walk(top, onerror=faults.append):
        folder = Path(name)
        if MANIFEST in files:
            folders.clear()
            continue
        folders[:] = [name for name in folders if not (_is_hidden(name) or name.endswith(KEPT))]
        found += [
            _entry(top, folder / name, "a link to a folder, which is not followed: give that folder itself")
            for name in folders
            if (folder / name).is_symlink()
        ]
        found += [
            _file(top, folder / name, suffixes) for name in files if not _is_hidden(name) and not name.endswith(OWN_ENDINGS)
        ]
    for fault in faults:
        path = Path(fault.filename)
        reason = f"cannot be read: {fault.strerror or fault}"
        if path == top:
            raise KzalignError(f"{top}: {reason}")
        found.append(_entry(top, path, f"a folder that {reason}"))
    return sorted(found, key=lambda entry: entry.path)


def _is_hidden(name: str) -> bool:
    return name.startswith(".")


def _entry(top: Path, path: Path, problem: str = "", other: bool = False) -> Entry:
    return Entry(path, path.relative_to(top).as_posix(), problem, other)


def _file(top: Path, path: Path, suffixes: Container[str]) -> Entry:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return _entry(top, path, "a link to nothing")
    except OSError as error:
        return _entry(top, path, f"cannot be read: {error.strerror or error}")
    if not stat.S_ISREG(mode):
        return _entry(top, path, "neither a file nor a folder")
    known = path.suffix.lower() in suffixes
    return _entry(top, path, "" if known else no_reader(path), not known)


def no_reader(path: PurePath) -> str:
    """Returns the reason why a file of that suffix is no document, or an image none without being asked for."""
    suffix = path.suffix.lower()
    return UNASKED if suffix in IMAGES else f"no reader for '{suffix}' files"


def own_output(row: Mapping[str, Any]) -> str:
    """Returns what kzalign wrote such a line of JSON for, as the reason why it is no document; empty if it did not."""
    if "versions" in row and "issue_id" in row:
        return OWN_ARTICLES
    return OWN_REJECTS if row.keys() == REJECT else ""


def is_own_output(path: Path) -> bool:
    """Says whether a file is empty or begins as the articles and the rejects that kzalign writes."""
    try:
        with path.open(encoding="utf-8") as stream:
            line = next(_filled(stream), "")
        row = json.loads(line) if line else None
    except (OSError, ValueError, RecursionError):
        return False
    return row is None or (isinstance(row, dict) and bool(own_output(row)))


def _filled(lines: Iterator[str]) -> Iterator[str]:
    return filter(str.strip, lines)
