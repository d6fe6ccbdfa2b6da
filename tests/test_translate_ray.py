"""Bulk translation on Ray: two nodes, workers that die, a driver that dies, and the same bytes as without it."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from ray_models import Absent, Bug, Deadly, Logged, Refusing, Unlike
from test_translate_resume import JOB, NOTHING_LEFT, fast_disk, outputs, source_of, write_input

from kzalign.errors import KzalignError
from kzalign.mt.bulk import Progress, Summary, ray_engine, translate
from kzalign.mt.bulk.engines import ENGINES, Workers

pytest.importorskip("ray")
pytestmark = pytest.mark.slow
TESTS = Path(__file__).parent
COUNT = 60
TEXTS = 600
BATCH = 4
__all__ = ["fast_disk"]


def started(start: Callable[[], Any]) -> Any:
    """Returns what starts; Ray gives a node half a minute, which a machine that is busy may not have."""
    for _ in range(4):
        try:
            return start()
        except Exception as error:
            if "timed out during startup" not in str(error):
                raise
    return start()


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """Yields a cluster of one node that has one core; sockets need a short path."""
    folder = tempfile.mkdtemp(prefix="r", dir="/tmp")
    (Path(folder) / "ray").mkdir()
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("RAY_TMPDIR", folder)
        patch.setenv("RAY_USAGE_STATS_ENABLED", "0")
        patch.setenv("PYTHONPATH", f"{TESTS.parent}{os.pathsep}{TESTS}")
        from ray.cluster_utils import Cluster

        # A machine that is busy with other things is not a dead one; one that refuses to talk is, soon.
        patience = {"health_check_timeout_ms": 60_000, "health_check_period_ms": 300, "health_check_failure_threshold": 5}
        args = {"num_cpus": 1, "include_dashboard": False, "object_store_memory": 80 << 20, "_system_config": patience}
        made = started(lambda: Cluster(initialize_head=True, head_node_args=args))
        yield made
        made.shutdown()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def second(cluster: Any) -> Iterator[Any]:
    """Yields a second node with one core; it is gone after the test."""
    node = started(lambda: cluster.add_node(num_cpus=1, object_store_memory=80 << 20))
    yield node
    if node in cluster.list_all_nodes():
        cluster.remove_node(node, allow_graceful=False)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Returns what the local engine writes."""
    folder = tmp_path_factory.mktemp("whole")
    write_input(folder, COUNT)
    translate(source_of(folder), folder / "out.jsonl", Logged(folder / "log"), JOB)
    assert b"numbers" not in outputs(folder)[0]
    return outputs(folder)


def run(
    folder: Path, cluster: Any, model: type[Logged] = Logged, actors: int = 2, tell: Callable[[Progress], None] = lambda p: None,
    stop: Callable[[], bool] = lambda: False, **options: Any
) -> tuple[Summary, list[str]]:  # fmt: skip
    """Translates in.jsonl to out.jsonl on the cluster, or goes on with it; returns the summary and the model's notes."""
    with ENGINES["ray"](partial(model, folder / "log", **options), Workers(actors, address=cluster.address)) as workforce:
        summary = translate(source_of(folder), folder / "out.jsonl", workforce, JOB, tell=tell, stop=stop)
        return summary, list(workforce.notes)


def logged(folder: Path) -> list[tuple[int, str, list[str]]]:
    """Returns what the models wrote down; a line that one of them is writing, or died over, is not there yet."""
    lines = (line for log in (folder / "log").iterdir() for line in log.read_bytes().splitlines(keepends=True))
    return [tuple(json.loads(line)) for line in lines if line.endswith(b"\n")]


def asked(folder: Path) -> Counter[tuple[str, str]]:
    """Returns how often each text was asked for, by target."""
    return Counter((what, text) for _, what, texts in logged(folder) for text in texts)


def test_two_nodes_give_the_bytes_of_one_process(tmp_path: Path, cluster: Any, second: Any, expected: list[bytes]) -> None:
    write_input(tmp_path, COUNT)
    summary, notes = run(tmp_path, cluster, seconds=0.01, together=2)
    assert (summary.complete, notes) == (True, [])
    assert outputs(tmp_path) == expected
    assert {path.name for path in tmp_path.iterdir()} == NOTHING_LEFT | {"log"}
    lines = logged(tmp_path)
    assert Counter(what for _, what, _ in lines)["opened"] == 2, "a model is opened once by each worker"
    assert len({pid for pid, what, _ in lines if what != "opened"}) == 2
    counts = asked(tmp_path)
    assert set(counts.values()) == {1}
    assert len([key for key in counts if "again" not in key[0]]) == TEXTS
    assert [key for key in counts if "again" in key[0]], "what is flagged is asked once more"


def test_a_node_killed_in_the_middle(tmp_path: Path, cluster: Any, second: Any, expected: list[bytes]) -> None:
    write_input(tmp_path, COUNT)
    killed: list[int] = []

    def kill(progress: Progress) -> None:
        working = {pid for pid, what, _ in logged(tmp_path) if what != "opened"}
        if progress.texts > TEXTS // 6 and len(working) == 2 and not killed:
            killed.append(progress.texts)
            cluster.remove_node(second, allow_graceful=False)

    summary, notes = run(tmp_path, cluster, seconds=0.05, together=2, tell=kill)
    assert summary.complete and killed
    assert notes == ["1 workers lost and replaced, their batches done again"]
    assert outputs(tmp_path) == expected
    twice = [key for key, count in asked(tmp_path).items() if count > 1]
    assert len(twice) <= ray_engine.DEPTH * BATCH, "only what the lost worker had is done again"


def test_a_bug_keeps_its_traceback_and_the_run_goes_on(tmp_path: Path, cluster: Any, expected: list[bytes]) -> None:
    write_input(tmp_path, COUNT)
    with pytest.raises(ZeroDivisionError, match="a bug of the model") as caught:
        run(tmp_path, cluster, Bug, actors=1)
    assert "ray_models.py" in str(caught.value) and "in translate" in str(caught.value)
    assert not (tmp_path / "out.jsonl").exists()
    assert run(tmp_path, cluster, actors=1)[0].complete
    assert outputs(tmp_path) == expected
    assert set(asked(tmp_path).values()) == {1}, "what was answered before the bug is kept"


MISTAKES: dict[str, tuple[type[Logged], int, str]] = {
    "of the model": (Refusing, 1, r"^http://model: no answer; what is translated is kept: run the same command again"),
    "at its opening": (Absent, 1, r"^no such model on this node$"),
    "a batch that takes each worker with it": (
        Deadly,
        1,
        r"^5 workers were lost at batch \d+ of the window at record 5 \(4",
    ),
}


@pytest.mark.parametrize(("model", "actors", "told"), MISTAKES.values(), ids=MISTAKES)
def test_what_the_user_can_mend_is_one_line(tmp_path: Path, cluster: Any, model: type[Logged], actors: int, told: str) -> None:
    write_input(tmp_path, COUNT)
    with pytest.raises(KzalignError, match=told):
        run(tmp_path, cluster, model, actors)


def test_workers_that_differ(tmp_path: Path, cluster: Any, second: Any) -> None:
    write_input(tmp_path, COUNT)
    with pytest.raises(KzalignError, match=r"another model: setup on device \d+ where another has on device \d+: give all nodes"):
        run(tmp_path, cluster, Unlike, seconds=0.5)


def test_workers_that_find_no_place(tmp_path: Path, cluster: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ray_engine, "PATIENCE", 1.0)
    workers = Workers(1, gpus=2, address=cluster.address)
    with (
        pytest.raises(KzalignError, match=r"no worker for 1 s: each needs 1 cores and 2 GPUs, all nodes together have \d and 0"),
        ENGINES["ray"](partial(Logged, tmp_path / "log"), workers),
    ):
        pass


def test_stopping(tmp_path: Path, cluster: Any, expected: list[bytes]) -> None:
    """What the workers have is waited for and kept; the run goes on without Ray."""
    write_input(tmp_path, COUNT)
    seen: list[Progress] = []
    summary, _ = run(tmp_path, cluster, actors=1, tell=seen.append, stop=lambda: len(seen) > 20)
    assert not summary.complete
    translate(source_of(tmp_path), tmp_path / "out.jsonl", Logged(tmp_path / "log"), JOB)
    assert outputs(tmp_path) == expected
    assert set(asked(tmp_path).values()) == {1}


SCRIPT = """
import sys
from functools import partial
from pathlib import Path
from ray_models import Logged
from test_translate_ray import JOB, Workers, ENGINES, source_of, translate
folder = Path(sys.argv[1])
with ENGINES["ray"](partial(Logged, folder / "log", seconds=0.05, together=2), Workers(2)) as workforce:
    translate(source_of(folder), folder / "out.jsonl", workforce, JOB)
"""


def test_a_driver_that_is_killed(tmp_path: Path, cluster: Any, expected: list[bytes]) -> None:
    """It had a cluster of its own, of which nothing is left; the run goes on elsewhere."""
    write_input(tmp_path, COUNT)
    process = subprocess.Popen([sys.executable, "-c", SCRIPT, str(tmp_path)], start_new_session=True)
    journal, deadline = tmp_path / "out.jsonl.journal", time.monotonic() + 300
    while not (tmp_path / "out.jsonl.part").exists() or (tmp_path / "out.jsonl.part").stat().st_size == 0:
        assert process.poll() is None and time.monotonic() < deadline
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert journal.exists() and not (tmp_path / "out.jsonl").exists()
    workers = {pid for pid, _, _ in logged(tmp_path)}
    assert len(workers) == 2
    assert run(tmp_path, cluster, actors=1)[0].complete
    assert outputs(tmp_path) == expected
    again = [key for key, count in asked(tmp_path).items() if count > 1]
    assert len(again) <= 2 * ray_engine.DEPTH * BATCH, "only what was under way is asked again"
    while any(Path(f"/proc/{pid}").exists() for pid in workers):
        assert time.monotonic() < deadline
        time.sleep(0.1)
