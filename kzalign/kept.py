"""What the documents of an unfinished run gave, kept beside its output, so that the same command goes on from there."""

import hashlib
import json
import os
import re
import shutil
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from kzalign.records import Article, Reject, dumps

KEPT = ".kept"
FORM = ".json"
SHORT = 16
"""Digits of the hash that names a run."""
RUN = re.compile(rf"[0-9a-f]{{{SHORT}}}")


@dataclass(frozen=True, slots=True)
class Document:
    """What one document gave: its entry for the manifest, its articles and its rejects."""

    entry: dict[str, Any]
    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]

    def to_json(self) -> dict[str, Any]:
        """Returns an object from which the very same document is made: nothing is rounded, nothing put in another order."""
        return {
            "entry": self.entry,
            "articles": [_whole(article) for article in self.articles],
            "rejects": [reject.to_json() for reject in self.rejects],
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Document":
        """Returns the document; raises KeyError, TypeError or ValueError for another object."""
        rejects = (Reject(r["stage"], r["id"], r["reason"], r["record"]) for r in data["rejects"])
        return cls(data["entry"], tuple(map(Article.from_json, data["articles"])), tuple(rejects))


def _whole(article: Article) -> dict[str, Any]:
    beads = {pair: [(bead.left, bead.right, bead.score) for bead in beads] for pair, beads in article.alignment.items()}
    versions = {lang: version.to_json() for lang, version in article.versions.items()}
    return article.to_json() | {"versions": versions, "alignment": beads}


class Kept:
    """The kept documents of an output's run: a folder beside the output, in it one for each kind of run.

    `settings`: what the documents depend on besides themselves, as JSON takes it. The program's own files are added: what an
    earlier state of it found is not mixed with what it finds now.
    """

    def __init__(self, output: Path, settings: Any) -> None:
        self.folder = output.parent / (output.name + KEPT)
        self._settings = settings

    @cached_property
    def _run(self) -> Path:
        package = Path(__file__).parent
        files = sorted(path for path in package.rglob("*") if path.suffix != ".pyc" and path.is_file())
        state = [[path.relative_to(package).as_posix(), *state_of(path)] for path in files]
        return self.folder / _hash([self._settings, state])[:SHORT]

    def count(self) -> int:
        """Returns how many documents are kept of runs of this kind."""
        return sum(1 for _ in self._run.glob(f"*{FORM}"))

    def get(self, key: Any) -> Document | None:
        """Returns the document kept under a key; None where there is none, or none that can be read."""
        try:
            return Document.from_json(json.loads(self._place(key).read_bytes()))
        except (OSError, ValueError, KeyError, TypeError):
            return None

    def put(self, key: Any, document: Document) -> None:
        """Keeps a document; where it cannot be written it is not kept, and the run goes on."""
        place = self._place(key)
        part = place.with_suffix(f".{os.getpid()}")
        with suppress(OSError):
            try:
                place.parent.mkdir(parents=True, exist_ok=True)
                part.write_text(dumps(document.to_json()), encoding="utf-8")
                part.replace(place)
            except (OSError, UnicodeEncodeError):
                part.unlink(missing_ok=True)

    def drop(self) -> None:
        """Removes what is kept, of whatever kind of run, for the output is whole; what is not kzalign's stays."""
        for run in self.folder.glob("*"):
            if RUN.fullmatch(run.name):
                shutil.rmtree(run, ignore_errors=True)
        with suppress(OSError):
            self.folder.rmdir()

    def _place(self, key: Any) -> Path:
        return self._run / (_hash(key) + FORM)


def state_of(path: Path) -> list[int]:
    """Returns a file's size and when it was changed, in nanoseconds: what tells whether it is still the same."""
    found = path.stat()
    return [found.st_size, found.st_mtime_ns]


def _hash(value: Any) -> str:
    return hashlib.sha256(dumps(value).encode("utf-8", "surrogateescape")).hexdigest()
