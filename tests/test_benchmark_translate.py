"""The arguments of the benchmark of translation."""

import importlib.util
from pathlib import Path
from typing import Any

import pytest

SCRIPT = Path(__file__).parents[1] / "scripts" / "benchmark_translate.py"


@pytest.fixture(scope="module")
def script() -> Any:
    spec = importlib.util.spec_from_file_location("benchmark_translate", SCRIPT)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_gpu_that_is_not_there(script: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    torch = pytest.importorskip("torch", reason="needs kzalign[mt]")
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    with pytest.raises(SystemExit):
        script.arguments_of(["--gpu"])
    assert "--gpu: no GPU can be used here" in capsys.readouterr().err
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    given = script.arguments_of(["--gpu", "--shape", "full", "--rounds", "5"])
    assert (given.gpu, given.shape, given.rounds) == (True, "full", 5)


def test_without_a_gpu(script: Any) -> None:
    given = script.arguments_of([])
    assert (given.gpu, given.shape, given.threads) == (False, "small", 2)


@pytest.mark.parametrize(("tokens", "expected"), [(1, 16), (16, 16), (17, 32), (90, 96)])
def test_lengths_that_are_forced(tokens: int, expected: int, script: Any) -> None:
    assert script.forced(tokens) == expected
