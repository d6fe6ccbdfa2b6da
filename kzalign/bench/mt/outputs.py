"""What a system makes of an evaluation set: from its cache, from where a stopped run left off, or anew."""

import hashlib
import json
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Protocol

from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.tables import HALF
from kzalign.errors import KzalignError
from kzalign.records import dumps
from kzalign.store import PART

CHUNK = 128
"""Segments translated and written at a time: what a stopped run loses at most."""

Told = Callable[[str], None]


class Hypothesis(Protocol):
    """A translation and the flags it carries."""

    @property
    def text(self) -> str:
        """Returns the translation."""

    @property
    def flags(self) -> tuple[str, ...]:
        """Returns what is to be known of it."""


class Backend(Protocol):
    """A model that has been opened."""

    name: str
    """model@revision"""
    setup: str
    """What else its output depends on."""
    pairs: tuple[str, ...]
    """The directions it translates."""

    @property
    def notes(self) -> list[str]:
        """Returns what happened since it was opened, in words."""

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> Sequence[Hypothesis]:
        """Returns one hypothesis a text, in order."""


@dataclass(frozen=True, slots=True)
class System:
    """A system under test: how it is called here, how it is opened, and its model's folder where there is one.

    With `whole` its hypotheses are ready for every segment: they are asked for together and need no cache.
    """

    name: str
    open: Callable[[], Backend]
    whole: bool = False
    folder: Path | None = None


@dataclass(slots=True)
class Output:
    """n hypotheses of a direction, how many carry each flag, and the seconds they took (None where they were ready)."""

    texts: list[str] = field(default_factory=list)
    flags: Counter[str] = field(default_factory=Counter)
    seconds: float | None = None

    def add(self, hypotheses: Sequence[tuple[str, Sequence[str]]], seconds: float) -> None:
        """Takes further hypotheses with their flags and the seconds they took."""
        self.texts += [text for text, _ in hypotheses]
        self.flags.update(flag for _, flags in hypotheses for flag in flags)
        self.seconds = (self.seconds or 0.0) + seconds


@dataclass(slots=True)
class Ran:
    """What a system gave: model@revision, set-up, its outputs by direction, and why it lacks the others."""

    system: System
    model: str
    setup: str
    outputs: dict[str, Output] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)


def ready(backend: Backend, evalset: EvalSet, limit: int | None) -> Output:
    """Returns the hypotheses of a system that has them for the whole set, then the first `limit` of them."""
    found = backend.hypotheses(evalset.sources, *evalset.langs)[:limit]
    return Output([_whole(item.text) for item in found], Counter(flag for item in found for flag in item.flags))


def translate(backend: Backend, evalset: EvalSet, cache: Path, told: Told) -> Output:
    """Returns the set's hypotheses; those that the cache's folder holds, whole or in part, are not translated again.

    The file's name is a hash of the sources, the direction, model@revision and the settings. It is written as the
    hypotheses come and gets its name when it is whole.
    """
    head = {
        "model": backend.name,
        "setup": backend.setup,
        "direction": evalset.direction,
        "sources": hashlib.sha256("\0".join(evalset.sources).encode()).hexdigest(),
        "n": len(evalset.sources),
    }
    whole = cache / f"{hashlib.sha256(dumps(head).encode()).hexdigest()[:32]}.jsonl"
    if whole.is_file():
        output, _ = _read(whole, head)
        if len(output.texts) == head["n"]:
            told(f"{backend.name} {evalset.direction}: all {head['n']} from {whole}")
            return output
    part = whole.with_name(whole.name + PART)
    try:
        cache.mkdir(parents=True, exist_ok=True)
        output, size = _read(part, head)
        if output.texts:
            told(f"{backend.name} {evalset.direction}: {len(output.texts)} of {head['n']} from a run that was stopped")
        with part.open("r+" if size else "w", encoding="utf-8", newline="\n") as stream:
            stream.truncate(size)
            stream.seek(size)
            if not size:
                _write(stream, head)
            for row in _translated(backend, evalset, len(output.texts)):
                output.add(row["hypotheses"], row["seconds"])
                _write(stream, row)
                told(f"{backend.name} {evalset.direction}: {len(output.texts)} of {head['n']}")
        part.replace(whole)
    except OSError as error:
        raise KzalignError(f"{error.filename or part}: cannot be written: {error.strerror or error}") from None
    return output


def _translated(backend: Backend, evalset: EvalSet, done: int) -> Iterator[dict[str, Any]]:
    for start in range(done, len(evalset.sources), CHUNK):
        began = time.perf_counter()
        found = backend.hypotheses(evalset.sources[start : start + CHUNK], *evalset.langs)
        seconds = round(time.perf_counter() - began, 6)
        yield {"hypotheses": [[_whole(item.text), list(item.flags)] for item in found], "seconds": seconds}


def _whole(text: str) -> str:
    """Returns the text with U+FFFD for each half character, which no file can hold."""
    return HALF.sub("\ufffd", text)


def _write(stream: IO[str], value: dict[str, Any]) -> None:
    stream.write(dumps(value) + "\n")
    stream.flush()


def _read(path: Path, head: dict[str, Any]) -> tuple[Output, int]:
    """Returns the hypotheses of a cache file up to its first line that is not whole, and how many bytes they fill."""
    output, size = Output(), 0
    if not path.is_file():
        return output, size
    with path.open("rb") as stream:
        for number, line in enumerate(stream):
            try:
                row = json.loads(line) if line.endswith(b"\n") else None
            except ValueError:
                row = None
            if row is None or (number == 0 and row != head):
                break
            if number:
                output.add(row["hypotheses"], row["seconds"])
            size += len(line)
    return output, size
