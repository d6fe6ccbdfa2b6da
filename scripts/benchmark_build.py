"""Speed and memory of the main job: a cold start on some documents, and the steady state on many copies of them.

    python scripts/benchmark_build.py DOCUMENT… [--copies 100] [--jobs 2] [-o eval/results/build_speed.json]

A copy differs from its original in one line at its end, so that it is no duplicate. Megabytes are bytes of input
over 1e6; a core's figure is the processor time of all processes.
"""

import argparse
import json
import os
import platform
import resource
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from pathlib import Path


def tree_memory(root: int) -> int:
    """Returns the resident bytes of a process and its descendants, shared pages counted once per process (Linux)."""
    total = 0
    waiting = [root]
    while waiting:
        pid = waiting.pop()
        try:
            status = Path(f"/proc/{pid}/smaps_rollup").read_text()
            total += 1024 * next(int(line.split()[1]) for line in status.splitlines() if line.startswith("Pss:"))
            waiting += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        except (OSError, StopIteration):
            continue
    return total


def timed(documents: Sequence[Path], output: Path, jobs: int) -> dict[str, float]:
    """Returns wall and processor seconds and peak memory (proportional set size of all processes, MB) of one build."""
    command = [sys.executable, "-m", "kzalign", "build", *map(str, documents), "-o", str(output), "--jobs", str(jobs), "--json"]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    peak = 0
    done = threading.Event()

    def watch() -> None:
        nonlocal peak
        while not done.wait(0.2):
            peak = max(peak, tree_memory(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    _, errors = process.communicate()
    done.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(errors.decode())
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return {"wall": round(time.perf_counter() - start, 2), "cpu": round(cpu, 2), "peak_mb": round(peak / 1e6)}


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--copies", type=int, default=100)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    megabytes = sum(path.stat().st_size for path in arguments.documents) / 1e6
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        cold = timed(arguments.documents, folder / "cold", arguments.jobs)
        copies = []
        for number in range(arguments.copies):
            for path in arguments.documents:
                copy = folder / f"{path.stem}-{number:03d}{path.suffix}"
                copy.write_bytes(path.read_bytes() + f"\n{number}\n".encode())
                copies.append(copy)
        steady = timed(copies, folder / "steady", arguments.jobs)
    result = {
        "command": f"python scripts/benchmark_build.py DOCUMENTS --copies {arguments.copies} --jobs {arguments.jobs}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "megabytes": round(megabytes, 2),
        "cold": cold,
        "copies": arguments.copies,
        "steady": steady,
        "steady MB a core second": round(megabytes * arguments.copies / steady["cpu"], 2),
        "steady MB a second": round(megabytes * arguments.copies / steady["wall"], 2),
    }
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
