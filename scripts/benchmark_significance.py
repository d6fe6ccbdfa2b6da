"""Speed and p-values of the significance tests beside sacrebleu's paired bootstrap, on the same invented systems.

    python scripts/benchmark_significance.py [--segments 1000] [--systems 5] [-o eval/results/significance.json]

Systems are noisy copies of references made of invented words. kzalign compares every pair of systems by bootstrap and by
10,000 trials of randomisation and gives intervals; sacrebleu compares each system with the first by bootstrap. For the
p-values every segment is an article of its own, as sacrebleu has no articles; `noise` is four standard errors of the
difference of two shares of 1,000 resamples.
"""

import argparse
import json
import os
import platform
import random
import time
from pathlib import Path

from kzalign.bench.mt.metrics import make_metric
from kzalign.bench.significance import SAMPLES, Comparison, compare, interval, signature, sums_by_article

METRICS = ("bleu", "chrf++", "ter")


def invented(segments: int, systems: int) -> tuple[list[str], dict[str, list[str]]]:
    """Returns references of about 20 words and, by name, hypotheses with about half of their words wrong, lost or moved."""
    draw = random.Random(7)
    words = ["".join(draw.choices("абдеғжзиіклмнопрсстуүқң", k=draw.randrange(2, 11))) for _ in range(4000)]
    weights = [1 / (rank + 2) for rank in range(len(words))]
    references = [" ".join(draw.choices(words, weights, k=draw.randrange(8, 33))) + "." for _ in range(segments)]

    def noisy(line: str, noise: float) -> str:
        kept = [draw.choice(words) if draw.random() < noise / 2 else word for word in line.split() if draw.random() > noise / 4]
        for _ in range(int(len(kept) * noise / 3)):
            kept.insert(draw.randrange(len(kept)), kept.pop(draw.randrange(len(kept))))
        return " ".join(kept)

    return references, {
        f"system {number}": [noisy(line, 0.7 + 0.004 * number) for line in references] for number in range(1, systems + 1)
    }


def ours(
    references: list[str], systems: dict[str, list[str]], articles: list[str]
) -> tuple[dict[str, list[Comparison]], dict[str, float]]:
    """Returns the comparisons by metric and the processor seconds of extraction by metric and of all tests and intervals."""
    compared, seconds = {}, {"tests": 0.0}
    for name in METRICS:
        metric = make_metric(name)
        start = time.process_time()
        sums = {system: sums_by_article(metric.statistics(lines, references), articles) for system, lines in systems.items()}
        extracted = time.process_time()
        for system_sums in sums.values():
            interval(system_sums, metric.from_many)
        compared[name] = compare(sums, metric.from_many)
        seconds[name] = extracted - start
        seconds["tests"] += time.process_time() - extracted
    return compared, seconds


def theirs(references: list[str], systems: dict[str, list[str]]) -> tuple[dict[str, list[float]], float]:
    """Returns sacrebleu's p-values of every system against the first, by metric, and the processor seconds it took."""
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.metrics.chrf import CHRF
    from sacrebleu.metrics.ter import TER
    from sacrebleu.significance import PairedTest, Result

    start = time.process_time()
    made = {"bleu": BLEU(), "chrf++": CHRF(word_order=2), "ter": TER()}
    for metric in made.values():
        metric._ref_cache = metric._cache_references([references])
    _, results = PairedTest(list(systems.items()), made, references=None, test_type="bs", n_samples=SAMPLES)()
    rows = [results[name] for name in ("BLEU", "chrF2++", "TER")]
    values = {
        name: [result.p_value for result in row[1:] if isinstance(result, Result) and result.p_value]
        for name, row in zip(METRICS, rows, strict=True)
    }
    return values, time.process_time() - start


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--segments", type=int, default=1000)
    parser.add_argument("--systems", type=int, default=5)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    references, systems = invented(arguments.segments, arguments.systems)
    start = time.perf_counter()
    _, seconds = ours(references, systems, [str(place // 8) for place in range(len(references))])
    wall = time.perf_counter() - start
    alone, _ = ours(references, systems, [str(place) for place in range(len(references))])
    values, sacrebleu_seconds = theirs(references, systems)
    rows = []
    for name, comparisons in alone.items():
        own = [c.bootstrap for c in comparisons if c.first == "system 1"]
        for comparison, mine, other in zip(comparisons, own, values[name], strict=False):
            noise = 4 * max((2 * p * (1 - p) / SAMPLES) ** 0.5 for p in (mine, other, 0.005))
            rows.append([name, comparison.second, round(mine, 4), round(other, 4), round(noise, 4), abs(mine - other) <= noise])
    total = sum(seconds.values())
    result = {
        "command": f"python scripts/benchmark_significance.py --segments {arguments.segments} --systems {arguments.systems}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "signature": signature(),
        "kzalign processor seconds": {name: round(value, 2) for name, value in seconds.items()} | {"all": round(total, 2)},
        "kzalign wall seconds": round(wall, 2),
        "sacrebleu processor seconds": round(sacrebleu_seconds, 2),
        "sacrebleu / kzalign": round(sacrebleu_seconds / total, 1),
        "p-values against system 1: metric, system, kzalign, sacrebleu, noise, within noise": rows,
    }
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
