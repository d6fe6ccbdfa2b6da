"""What the documentation shows is taken by the program: every command's options, every benchmark file."""

import re
import shlex
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
import pytest
import typer
from bench_runs import sentences, swapped

from kzalign.bench.mt.metrics import METRICS
from kzalign.cli import app
from kzalign.console import fail_clearly

ROOT = Path(__file__).resolve().parents[1]
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINE = re.compile(r"(?:\s{4}|\$ )?(?:.*\bpython -m |.*-m |\.venv/bin/)?kzalign ([a-z].*)")
TOMLS = re.compile(r"^```toml\n(.*?)^```", re.MULTILINE | re.DOTALL)


def shown() -> Iterator[tuple[str, list[str]]]:
    """Yields every command line of the documentation with its page; `[--options]` and `…` are for the reader."""
    for page in PAGES:
        for block in re.findall(r"^```[a-z]*\n(.*?)^```|((?:^    .*\n)+)", page.read_text(encoding="utf-8"), re.M | re.S):
            for line in "".join(block).replace("\\\n", " ").splitlines():
                match = LINE.fullmatch(line)
                if match and "…" not in line:
                    yield page.name, shlex.split(match.group(1), comments=True)


COMMANDS = list(shown())


def test_there_are_commands() -> None:
    assert {"README.md", "bench-report.md", "finetune.md", "harvest.md", "many-machines.md", "publish.md", "translate.md"} <= {
        page for page, _ in COMMANDS
    }
    assert len(COMMANDS) > 30


@pytest.mark.parametrize(("page", "arguments"), COMMANDS, ids=[f"{page}: {' '.join(a[:3])}" for page, a in COMMANDS])
def test_a_command_is_taken(page: str, arguments: list[str]) -> None:
    command: Any = typer.main.get_command(app)
    context = click.Context(command, info_name="kzalign")
    while hasattr(command, "commands"):
        # as BenchGroup does
        name = arguments[0] if arguments[0] in command.commands else "translation"
        arguments = arguments[1:] if arguments[0] == name else arguments
        command = command.commands[name]
    command.make_context(command.name, list(arguments), parent=context)


BENCHMARKS = [
    (page.name, text)
    for page in PAGES
    for text in TOMLS.findall(page.read_text(encoding="utf-8"))
    if "directions" in tomllib.loads(text)
]


@pytest.mark.parametrize(("page", "text"), BENCHMARKS)
def test_a_benchmark_file_runs_as_printed(page: str, text: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    table = tomllib.loads(text)
    columns = table["data"]["columns"]
    rows = [(columns["kk"], columns["ru"], columns["article"]), *sentences()]
    Path(table["data"]["path"]).write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    Path("mine.toml").write_text(text, encoding="utf-8")
    for direction, side in (("kk-ru", 0), ("ru-kk", 1)):
        hypotheses = (swapped(row[side]) for row in sentences())
        Path(f"one.{direction}.txt").write_text("".join(f"{line}\n" for line in hypotheses), encoding="utf-8")
    assert set(table["metrics"]) <= set(METRICS)
    given = ["bench", "mine.toml", "--outputs", "one=one.{source}-{target}.txt", "-o", "results"]
    assert fail_clearly(lambda: app(given, prog_name="kzalign")) == 0
    assert Path("results/report.html").is_file()


def test_there_is_a_benchmark_file() -> None:
    assert BENCHMARKS
