"""Speed and quality beside hunalign, in one run on one core: all pairs of the gold's abstracts, sentences given.

    python scripts/compare_aligners.py GOLD_DIR --hunalign PATH_OF_ITS_BINARY [--stress delete=0.2,merge=0.1,seed=1] [-o FILE]

hunalign runs in batch mode without a dictionary, with -realign, on files written before the clock starts; its clock is
that of its whole process. kzalign's clock covers tokenising and aligning; its start (lexicon read) is given beside.
"""

import argparse
import json
import resource
import subprocess
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Any

from kzalign.align import align
from kzalign.align.lexical import LexicalAligner
from kzalign.align.lexicon import default_lexicon
from kzalign.align.tokens import default_tokeniser
from kzalign.bench.alignment import score_alignment
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import parse_stress, stress
from kzalign.records import Article, Bead

Beads = Mapping[str, Sequence[Bead]]


def load(gold: Path, damage: str | None) -> list[Article]:
    """Returns the gold's articles that have two abstracts or more, damaged if asked."""
    articles = [a for a in load_gold(gold) if sum(bool(v.sentences) for v in a.versions.values()) > 1]
    if damage:
        how = parse_stress(damage)
        articles = [stress(a, how.delete, how.merge, how.seed) for a in articles]
    return articles


def run_hunalign(binary: Path, articles: Sequence[Article], folder: Path) -> tuple[dict[str, Beads], float]:
    """Returns hunalign's beads by article and pair, and its processor seconds."""
    batch: list[str] = []
    for article in articles:
        for pair in article.alignment:
            names = []
            for lang in pair.split("-"):
                path = folder / f"{article.id}.{pair}.{lang}"
                path.write_text("".join(s + "\n" for s in article.versions[lang].sentences), encoding="utf-8")
                names.append(str(path))
            batch.append("\t".join([*names, str(folder / f"{article.id}.{pair}.out")]))
    (folder / "batch").write_text("".join(line + "\n" for line in batch), encoding="utf-8")
    (folder / "null.dic").write_text("", encoding="utf-8")
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = [str(binary.resolve()), "-realign", "-batch", str(folder / "null.dic"), str(folder / "batch")]
    subprocess.run(command, check=True, capture_output=True, cwd=folder)  # it writes translate.txt where it runs
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    seconds = after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime
    return {a.id: {pair: _ladder(folder / f"{a.id}.{pair}.out") for pair in a.alignment} for a in articles}, seconds


def _ladder(path: Path) -> list[Bead]:
    """Returns the beads of a ladder file: each line a rung (left index, right index, score)."""
    rungs = [tuple(map(int, line.split("\t")[:2])) for line in path.read_text(encoding="utf-8").split("\n") if line]
    return [Bead(tuple(range(i, k)), tuple(range(j, n))) for (i, j), (k, n) in pairwise(rungs) if k > i or n > j]


def run_kzalign(articles: Sequence[Article]) -> tuple[dict[str, Beads], float, float]:
    """Returns the beads, the processor seconds of the work, and those of the start."""
    default_lexicon.cache_clear()
    default_tokeniser.cache_clear()
    start = time.process_time()
    aligner = LexicalAligner.with_lexicon()
    ready = time.process_time()
    aligned = {a.id: align(replace(a, alignment={}), aligner).alignment for a in articles}
    done = time.process_time()
    return {a.id: {pair: aligned[a.id][pair] for pair in a.alignment} for a in articles}, done - ready, ready - start


def main() -> None:
    """Runs both and prints quality, articles a second and their ratio."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--hunalign", type=Path, required=True)
    parser.add_argument("--stress", default=None)
    parser.add_argument("--rounds", type=int, default=5, help="copies of the gold in one turn")
    parser.add_argument("--turns", type=int, default=7, help="turns of each, one after the other")
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    articles = load(arguments.gold, arguments.stress)
    articles = [
        replace(a, alignment={p: b for p, b in a.alignment.items() if all(a.versions[x].sentences for x in p.split("-"))})
        for a in articles
    ]
    gold = {a.id: a.alignment for a in articles}
    repeated = [replace(a, id=f"{a.id}-{k}") for k in range(arguments.rounds) for a in articles]
    seconds: list[tuple[float, float]] = []
    for _ in range(arguments.turns):
        with tempfile.TemporaryDirectory() as name:
            theirs, their_seconds = run_hunalign(arguments.hunalign, repeated, Path(name))
        ours, our_seconds, our_start = run_kzalign(repeated)
        seconds.append((their_seconds, our_seconds))
    result: dict[str, Any] = {
        "command": f"compare_aligners.py GOLD --hunalign HUNALIGN --rounds {arguments.rounds} --turns {arguments.turns}",
        "stress": arguments.stress,
    }
    for k, (label, beads) in enumerate((("hunalign", theirs), ("kzalign", ours))):
        report = score_alignment(gold, {key: beads[f"{key}-0"] for key in gold})
        strict, lax = report.strict["all"].f1, report.lax["all"].f1
        speed = len(repeated) / median(turn[k] for turn in seconds)
        result[label] = {"strict F1": strict.to_json(), "lax F1": lax.to_json(), "articles a second": round(speed, 1)}
    ratios = sorted(turn[0] / turn[1] for turn in seconds)
    result["kzalign start, seconds"] = round(our_start, 2)
    result["speed ratio kzalign / hunalign"] = {"median": round(median(ratios), 2), "all": [round(ratio, 2) for ratio in ratios]}
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
