"""Progress where there is no terminal: a line now and then."""

import io

import pytest
from rich.console import Console

from kzalign import console
from kzalign.console import progress


@pytest.mark.parametrize(
    ("seconds", "total", "lines"),
    [
        (900.0, 3, []),
        (0.0, 3, ["documents: 1 of 3 after", "documents: 2 of 3 after", "documents: 3 of 3 after"]),
        (0.0, None, ["documents: 1 after", "documents: 2 after", "documents: 3 after"]),
    ],
)
def test_lines(monkeypatch: pytest.MonkeyPatch, seconds: float, total: int | None, lines: list[str]) -> None:
    said = io.StringIO()
    monkeypatch.setattr(console, "console", Console(file=said, force_terminal=False, width=120))
    monkeypatch.setattr(console, "LOG_SECONDS", seconds)
    assert list(progress(iter("abc"), "documents", total)) == ["a", "b", "c"]
    found = said.getvalue().splitlines()
    assert len(found) == len(lines)
    assert all(line.startswith(start) for line, start in zip(found, lines, strict=True))
