"""Time of `kzalign bench` from files of hypotheses to the report, in a process of its own.

    python scripts/benchmark_bench.py eval/xwmt.toml [--direction kk-ru] [--systems 5] [-o eval/results/bench_speed.json]

The systems are the references with more and more words lost or with another ending: their figures say nothing.
"""

import argparse
import json
import os
import platform
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from kzalign.bench.mt.benchmark import read_benchmark
from kzalign.corpus.rows import parquet_rows


def spoilt(line: str, share: float, draw: random.Random) -> str:
    """Returns the line with so many of its words lost or cut."""
    words = []
    for word in line.split():
        chance = draw.random()
        if chance > share / 2:
            words.append(word if chance > share else f"{word[:-2]}ый")
    return " ".join(words)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("benchmark", type=Path)
    parser.add_argument("--direction", default="kk-ru")
    parser.add_argument("--systems", type=int, default=5)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    benchmark = read_benchmark(arguments.benchmark)
    evalset = benchmark.read(arguments.direction, parquet_rows)
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "kzalign", "bench", str(arguments.benchmark), "--direction", arguments.direction]
        for number in range(1, arguments.systems + 1):
            draw = random.Random(number)
            path = Path(folder, f"{number}.txt")
            lines = [spoilt(reference, 0.1 * number, draw) for reference in evalset.references]
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
            command += ["--outputs", f"system {number}={path}"]
        start = time.perf_counter()
        subprocess.run([*command, "-o", str(Path(folder, "out")), "--json"], check=True, capture_output=True)
        wall = time.perf_counter() - start
        page = Path(folder, "out", "report.html").stat().st_size
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    result = {
        "command": f"python scripts/benchmark_bench.py eval/{arguments.benchmark.name} --direction {arguments.direction}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "segments": len(evalset.references),
        "systems": arguments.systems,
        "metrics": list(benchmark.metrics),
        "wall seconds": round(wall, 2),
        "processor seconds": round(used.ru_utime + used.ru_stime, 2),
        "megabytes": round(used.ru_maxrss / 1024),
        "report kilobytes": round(page / 1024),
    }
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
