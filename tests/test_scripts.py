"""The scripts that measure: each says what it is for, and a file that is missing is one line."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
SCRIPTS = [path for path in sorted((ROOT / "scripts").glob("*.py")) if "__main__" in path.read_text(encoding="utf-8")]


def called(script: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Returns what a script says in a process of its own."""
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, str(script), *arguments], env=env, capture_output=True, text=True, timeout=300)


@pytest.mark.slow
@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.stem)
def test_help(script: Path) -> None:
    done = called(script, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("usage: ")


def test_a_missing_file() -> None:
    done = called(ROOT / "scripts" / "measure_fields.py", "nope.jsonl")
    assert (done.returncode, done.stderr) == (2, "error: nope.jsonl: no such file\n")
