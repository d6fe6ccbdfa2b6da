"""What the command line prints: progress, tables, errors in one line."""

import json
import os
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, TypeVar

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


def fail_clearly(command: Callable[..., Any]) -> int:
    """Runs the command and returns the exit code: 2 and one line for a user's mistake, 130 for Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        command()
    except KzalignError as error:
        console.print(f"[red]error:[/] {escape(str(error))}", highlight=False, soft_wrap=True)
        return 2
    except SystemExit as done:
        if done.code == STOPPED:
            console.print("[yellow]stopped[/]: nothing half-written was left behind", highlight=False)
        return done.code if isinstance(done.code, int) else 0
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 141
    return 0


def _interrupt(*_: object) -> None:
    raise KeyboardInterrupt


def progress(items: Iterable[T], what: str, total: int | None) -> Iterator[T]:
    """Yields the items; on a terminal a bar shows how far, how long and how long still."""
    if not console.is_terminal:
        yield from items
        return
    columns = (SpinnerColumn(), TextColumn(what), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task(what, total=total)
        for item in items:
            yield item
            bar.advance(task)


def print_json(value: Mapping[str, Any]) -> None:
    """Prints a machine-readable summary on standard output."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def print_summary(manifest: Mapping[str, Any], output: Path) -> None:
    """Prints what a build found, per document and per configuration, and where it lies."""
    found = Table(title="Found", title_justify="left", header_style="bold")
    for name, justify in (
        ("document", "left"),
        ("encoding", "left"),
        ("articles", "right"),
        ("abstracts", "right"),
        ("letters repaired", "right"),
    ):
        found.add_column(name, justify="right" if justify == "right" else "left", overflow="fold")
    for entry in manifest["inputs"][:20]:
        repaired = sum(entry.get("repairs", {}).values())
        found.add_row(
            entry["file"], entry.get("encoding", "–"), str(entry.get("articles", 0)), str(entry.get("versions", 0)), str(repaired)
        )
    if len(manifest["inputs"]) > 20:
        found.add_row(f"… and {len(manifest['inputs']) - 20} more", "", "", "", "")
    rows = Table(title="Dataset", title_justify="left", header_style="bold")
    rows.add_column("configuration")
    for split in ("train", "validation", "test"):
        rows.add_column(split, justify="right")
    for name, splits in manifest["rows"].items():
        rows.add_row(name, *(str(splits[split]) for split in ("train", "validation", "test")))
    out = Console()
    out.print(found, rows)
    if manifest["rejects"]:
        left = Table(title="Left out", title_justify="left", header_style="bold")
        left.add_column("reason")
        left.add_column("records", justify="right")
        for reason, count in list(manifest["rejects"].items())[:12]:
            left.add_row(reason, str(count))
        out.print(left)
    out.print(
        f"dataset  {output}\nreport   {output / 'report.html'}\nrejects  {output / 'rejects.jsonl'}",
        highlight=False,
        soft_wrap=True,
    )
