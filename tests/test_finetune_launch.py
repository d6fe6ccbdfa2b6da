"""The command under launchers: two processes learn what one does, one of them writes and speaks, and all end together."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import tuning
from typer.testing import CliRunner

from kzalign.finetune_cli import _stopping, app
from kzalign.mt.finetune import OneProcess

ROOT = Path(__file__).resolve().parents[1]
SETTINGS = """
    finetune.vocabulary=300 finetune.steps=16 finetune.batch_tokens=600 finetune.eval_steps=8 finetune.checkpoint_steps=2
    finetune.log_steps=1 finetune.dev_segments=2 finetune.dropout=0.0 finetune.max_length=64 mt.device=cpu mt.num_beams=1
""".split()
LAUNCHERS = {
    "accelerate": "accelerate.commands.launch --multi_gpu --num_processes 2 --num_machines 1 --mixed_precision no "
    "--dynamo_backend no",
    "torchrun": "torch.distributed.run --standalone --nproc_per_node 2",
}
SECONDS = 600
# A thread of gloo's that wants the interpreter while it ends aborts its process: rarely, so the threads are counted.
COUNTING = """
import atexit, os
from pathlib import Path
def count():
    names = [(task / "comm").read_text() for task in Path("/proc/self/task").iterdir()]
    os.write(1, f"threads of gloo at exit: {sum('gloo' in name for name in names)}\\n".encode())
atexit.register(count)
from kzalign.cli import main
main()
"""


def options(corpus: Path, folder: Path, tokens: int) -> list[str]:
    """Returns the command's arguments; so many tokens go through a device at a time."""
    chosen = [*SETTINGS, f"finetune.device_tokens={tokens}"]
    return [str(corpus), "--from-scratch", "tiny", "-o", str(folder), *(part for s in chosen for part in ("--set", s))]


def launched(launcher: str, arguments: list[str], out: Path, program: str = "-m kzalign") -> "subprocess.Popen[bytes]":
    """Returns two processes of the command, started by a launcher; what they print goes to a file."""
    env = os.environ | {"OMP_NUM_THREADS": "1", "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-m", *LAUNCHERS[launcher].split(), *program.split(), "finetune", *arguments]
    return subprocess.Popen(command, env=env, stdout=out.open("wb"), stderr=subprocess.STDOUT)


def process_of_rank(launcher: int, rank: int) -> int:
    """Returns the id of the process that a launcher gave a rank."""
    children = Path(f"/proc/{launcher}/task/{launcher}/children").read_text().split()
    wanted = f"RANK={rank}".encode()
    return next(int(pid) for pid in children if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"))


def losses(folder: Path) -> list[float]:
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [entry["loss"] for entry in log if "loss" in entry]


@pytest.mark.slow
@pytest.mark.skipif(not Path("/proc/self/environ").exists(), reason="the processes are found in /proc")
def test_two_processes_of_which_one_is_killed_go_on_and_learn_what_one_does(tmp_path: Path) -> None:
    corpus, two, one = tuning.write_corpus(tmp_path / "corpus"), tmp_path / "two", tmp_path / "one"
    first = launched("accelerate", options(corpus, two, 300), tmp_path / "first")
    deadline = time.monotonic() + SECONDS
    while not (two / "checkpoints" / "checkpoint-2").is_dir():
        assert first.poll() is None and time.monotonic() < deadline, (tmp_path / "first").read_text()
        time.sleep(0.02)
    os.kill(process_of_rank(first.pid, 1), signal.SIGKILL)
    assert first.wait(SECONDS) != 0
    said = (tmp_path / "first").read_text()
    assert "error: process 1 of 2 stops, for another one ended or the launcher stopped it; the same command goes on from" in said
    assert not (two / "manifest.json").exists()

    (tmp_path / "counting.py").write_text(COUNTING)
    second = launched("torchrun", options(corpus, two, 300), tmp_path / "second", str(tmp_path / "counting.py"))
    assert second.wait(SECONDS) == 0, (tmp_path / "second").read_text()
    said = (tmp_path / "second").read_text()
    assert [said.count(part) for part in ("going on from step ", "left out (rejects.jsonl)", ", card ")] == [1, 1, 1]
    assert said.count("threads of gloo at exit: 0") == 2, said

    tuning.one_thread()
    done = CliRunner().invoke(app, options(corpus, one, 600), catch_exceptions=False)
    assert done.exit_code == 0
    manifests = [json.loads((folder / "manifest.json").read_text()) for folder in (one, two)]
    assert [manifest["processes"] for manifest in manifests] == [1, 2]
    assert losses(two) == pytest.approx(losses(one), rel=1e-4)
    assert [r["after"] for r in manifests[1]["results"]] == pytest.approx([r["after"] for r in manifests[0]["results"]], abs=0.1)


def test_a_signal_while_a_loss_is_told_does_not_hide_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("RANK", "1")
    monkeypatch.setenv("WORLD_SIZE", "2")
    with pytest.raises(OneProcess, match=r"process 2 of 2 stops, for another one ended .* begins anew"), _stopping(tmp_path):
        raise KeyboardInterrupt


@pytest.mark.slow
def test_a_mistake_is_told_once(tmp_path: Path) -> None:
    corpus = tuning.write_corpus(tmp_path / "corpus")
    asked = launched("torchrun", [*options(corpus, tmp_path / "run", 600), "--direction", "kk-uk"], tmp_path / "said")
    assert asked.wait(SECONDS) == 1
    assert (tmp_path / "said").read_text().count("unknown direction 'kk-uk'") == 1
    assert not (tmp_path / "run").exists()
