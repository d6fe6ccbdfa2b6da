"""What the command line prints: progress, tables, errors in one line."""

import io
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext, redirect_stdout
from pathlib import Path
from typing import Any, TypeVar, cast

from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from kzalign.errors import KzalignError

console = Console(stderr=True)
T = TypeVar("T")
STOPPED = 130
SHOWN = 20
"""Rows of a summary's table."""


LOG_SECONDS = 30.0
"""Between two lines about progress where there is no terminal."""


class Ended(SystemExit):
    """An exit whose reason the command itself has said."""


def fail_clearly(command: Callable[..., Any]) -> int:
    """Runs the command and returns the exit code: 2 and one line for a user's mistake, 130 for Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, _interrupt_once)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
    try:
        with redirect_stdout(cast(Any, _Output(sys.stdout))) if sys.stdout else nullcontext():
            return _code_of(command)
    except KzalignError as error:
        if isinstance(error, _Unprinted):
            _print_no_more()
        say("error:", str(error), "red")
        return 2
    except BrokenPipeError:
        _print_no_more()
        return 141


def _code_of(command: Callable[..., Any]) -> int:
    """Returns the exit code of a command, after all that it printed has been written."""
    code = 0
    try:
        command()
    except SystemExit as done:
        if done.code == STOPPED and not isinstance(done, Ended):
            say("stopped:", "nothing half-written was left behind")
        code = done.code if isinstance(done.code, int) else 0
    if sys.stdout:
        sys.stdout.flush()
    return code


class _Unprinted(KzalignError):
    """What is to be told where standard output cannot be written."""


class _Output:
    """Standard output whose errors are a user's mistake, while those of other files keep what they are."""

    def __init__(self, stream: Any) -> None:
        self._stream = stream

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    def write(self, text: str) -> Any:
        """Writes a text; raises KzalignError where the disk is full."""
        with _unwritten():
            return self._stream.write(text)

    def flush(self) -> None:
        """Writes what is kept; raises KzalignError where the disk is full."""
        with _unwritten():
            self._stream.flush()


@contextmanager
def _unwritten() -> Iterator[None]:
    try:
        yield
    except BrokenPipeError:
        raise
    except OSError as error:
        raise _Unprinted(f"standard output cannot be written: {error.strerror or error}") from None


def _print_no_more() -> None:
    """Turns standard output away, for the interpreter's end tries once more to write what is kept."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(what: str, text: str, colour: str = "yellow") -> None:
    """Prints one line on standard error: a word in colour, and text in which nothing is markup."""
    console.print(f"[{colour}]{what}[/] {escape(text)}" if what else escape(text), highlight=False, soft_wrap=True)


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def _interrupt_once(*_: object) -> None:
    """Stops the command; a second Ctrl-C must not cut off what the first has it tidy up."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    raise KeyboardInterrupt


def progress(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    """Yields the items; on a terminal a bar shows how far, how long and how long still, elsewhere a line does now and then."""
    if not console.is_terminal:
        yield from _told(items, what, total)
        return
    columns = (SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


def _told(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    """Yields the items, with a line at most every LOG_SECONDS."""
    start = last = time.monotonic()
    for done, item in enumerate(items, 1):
        yield item
        now = time.monotonic()
        if now - last >= LOG_SECONDS:
            last = now
            say("", f"{what}: {done:,}{f' of {total:,}' if total else ''} after {(now - start) / 60:.1f} minutes")


def print_json(value: Mapping[str, Any]) -> None:
    """Prints a machine-readable summary on standard output."""
    wide = (getattr(sys.stdout, "encoding", None) or "").lower().replace("-", "").startswith("utf")
    print(json.dumps(value, ensure_ascii=not wide, indent=1), flush=True)


def print_summary(manifest: Mapping[str, Any], output: Path) -> None:
    """Prints what a build found, per document and per configuration, and where it lies."""
    splits = ("train", "validation", "test")
    found = _table("Found", "document", "encoding", "articles", "abstracts", "letters repaired")
    for entry in manifest["inputs"][:SHOWN]:
        repaired = sum(entry.get("repairs", {}).values())
        found.add_row(
            *map(
                _plain, (entry["file"], entry.get("encoding", "–"), entry.get("articles", 0), entry.get("versions", 0), repaired)
            )
        )
    if len(manifest["inputs"]) > SHOWN:
        found.add_row(f"… and {len(manifest['inputs']) - SHOWN} more")
    rows = _table("Dataset", "configuration", *splits)
    for name, counts in manifest["rows"].items():
        rows.add_row(name, *(str(counts[split]) for split in splits))
    out = Console()
    out.print(found, rows, *([_left_out(manifest)] if manifest["rejects"] else []))
    places = {"dataset": output, "report": output / "report.html", "rejects": output / "rejects.jsonl"}
    out.print("\n".join(f"{name:8} {path}" for name, path in places.items()), highlight=False, markup=False, soft_wrap=True)


def print_filters(manifest: Mapping[str, Any]) -> None:
    """Prints what each filter of a build refused, alone and in order, and every other reason with its count."""
    filters = _table("Filters", "filter", "keeps", "refused alone", "refused in order")
    for row in manifest["filters"]:
        filters.add_row(row["name"], f"{row['keeps']} {row['threshold']:g}", f"{row['alone']:,}", f"{row['in_order']:,}")
    Console().print(filters, _left_out(manifest))


def _left_out(manifest: Mapping[str, Any]) -> Table:
    left = _table("Left out", "reason", "records")
    for reason, count in list(manifest["rejects"].items())[:SHOWN]:
        left.add_row(_plain(reason), f"{count:,}")
    return left


def _table(title: str, *columns: str) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for k, name in enumerate(columns):
        table.add_column(name, justify="left" if k == 0 or name == "encoding" else "right", overflow="fold")
    return table


def _plain(value: object) -> str:
    return escape(str(value))
