"""Time and memory of long texts: sentences of a TSV of pairs as two books, some of them left out at random.

    python scripts/benchmark_long.py PAIRS.tsv [--langs kk ru] [--sizes 1250 2500 5000] [-o eval/results/long.json]

The first two columns hold the sentences, the first line their names. Times are of the whole alignment, words looked
up and scores computed included; memory is the process's peak.
"""

import argparse
import json
import random
import resource
import time
from pathlib import Path

from kzalign.align.lexical import LexicalAligner
from kzalign.store import read_lines

OMITTED = 0.05


def books(pairs: list[list[str]], size: int) -> tuple[list[str], list[str]]:
    """Returns two texts of about `size` sentences: each of a pair is left out with probability OMITTED."""
    rng = random.Random(1)
    kept = [(rng.random() >= OMITTED, rng.random() >= OMITTED, pair) for pair in pairs[:size]]
    return [pair[0] for left, _, pair in kept if left], [pair[1] for _, right, pair in kept if right]


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--langs", nargs=2, default=["kk", "ru"])
    parser.add_argument("--sizes", nargs="+", type=int, default=[1250, 2500, 5000])
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    pairs = [line.split("\t") for line in read_lines(arguments.pairs)[1:]]
    first, second = arguments.langs
    runs = []
    for size in arguments.sizes:
        left, right = books(pairs, size)
        start = time.perf_counter()
        beads = LexicalAligner.with_lexicon().align_texts(left, right, (first, second))
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000
        runs.append(
            {"sentences": [len(left), len(right)], "beads": len(beads), "seconds": round(seconds, 2), "peak MB": round(peak)}
        )
    result = {"command": "python scripts/benchmark_long.py PAIRS.tsv", "runs": runs}
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
