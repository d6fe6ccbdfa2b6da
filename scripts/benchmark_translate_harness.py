"""What bulk translation costs beside the model: time a text, memory, and the time until a run that was killed goes on.

    python scripts/benchmark_translate_harness.py [--articles 100000] [-o eval/results/translate_harness.json]

The articles are invented: Russian abstracts of eight sentences with titles and five keywords, translated to English by a
model that spells them in Latin letters; its own time is measured and taken off. The run is killed in the middle and goes
on; the time from its start to the first text that is asked for is the time of resuming.
"""

import argparse
import json
import os
import platform
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kzalign.mt.bulk import Progress, translate
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.readers import Input, open_source
from kzalign.records import Article, Version, dumps
from kzalign.store import file_entry

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN = str.maketrans(CYRILLIC + CYRILLIC.upper(), "abvgdejziyklmnoprstufhccssciieua" + "ABVGDEJZIYKLMNOPRSTUFHCCSSCIIEUA")
SENTENCES = 8
KEYWORDS = 5
TEXTS = SENTENCES + KEYWORDS + 1
SYLLABLES = ("ба", "ве", "ги", "до", "жу", "за", "ки", "ло", "му", "не", "по", "ра", "си", "то", "фу", "хо")


def invented(number: int) -> Article:
    """Returns an article of pronounceable Russian letters; hardly any two have a sentence in common."""
    chance = random.Random(number)

    def word() -> str:
        return "".join(chance.choices(SYLLABLES, k=chance.randint(1, 5)))

    def words(count: int) -> str:
        return " ".join(word() for _ in range(count))

    sentences = tuple(f"{words(chance.randint(8, 22)).capitalize()} {chance.randint(10, 2000)}." for _ in range(SENTENCES))
    keywords = tuple(words(2) for _ in range(KEYWORDS))
    return Article(
        f"a-{number}", "a", versions={"ru": Version("ru", words(9).capitalize(), " ".join(sentences), sentences, keywords)}
    )


class Speller:
    """A model that costs next to nothing: each text in Latin letters. It measures its own seconds."""

    name = "speller@1"
    languages = ("ru", "en")
    notes: Sequence[str] = ()
    seconds = 0.0
    first = 0.0
    texts = 0

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns the texts spelled."""
        start = time.perf_counter()
        self.first = self.first or time.time()
        found = [text.translate(LATIN) for text in texts]
        self.texts += len(texts)
        self.seconds += time.perf_counter() - start
        return found


def child(folder: Path, kill_at: int, began: float) -> None:
    """Translates, or goes on, and prints what it took; a process that is to be killed dies when so many records are written."""
    model = Speller()

    def tell(progress: Progress) -> None:
        if kill_at and progress.records >= kill_at:
            os.kill(os.getpid(), signal.SIGKILL)

    wall, cpu = time.perf_counter(), time.process_time()
    job = Job(("en",), ("ru",), date="2026-01-31")
    translate(open_source(Input(str(folder / "in.jsonl"))), folder / "out.jsonl", model, job, tell=tell)
    told = {
        "wall": time.perf_counter() - wall,
        "cpu": time.process_time() - cpu,
        "model": model.seconds,
        "texts": model.texts,
        "until first text": model.first - began,
        "peak_mb": peak_mb(),
    }
    print(json.dumps(told))


def peak_mb() -> float:
    """Returns this process's peak of resident memory (Linux); getrusage would count the parent's before exec."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM:")) * 1024 / 1e6


def measured(folder: Path, kill_at: int = 0) -> dict[str, float]:
    """Returns what a process that translates took; nothing of one that was killed."""
    command = [sys.executable, __file__, "--folder", str(folder), "--kill-at", str(kill_at), "--began", str(time.time())]
    done = subprocess.run(command, capture_output=True, text=True)
    if kill_at and done.returncode == -signal.SIGKILL:
        return {}
    if done.returncode:
        raise SystemExit(done.stderr)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("-o", "--output", type=Path, default=None)
    parser.add_argument("--folder", type=Path, default=None, help=argparse.SUPPRESS)
    parser.add_argument("--kill-at", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--began", type=float, default=0.0, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.folder:
        child(arguments.folder, arguments.kill_at, arguments.began)
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        with (folder / "in.jsonl").open("w", encoding="utf-8") as stream:
            for number in range(arguments.articles):
                stream.write(dumps(invented(number).to_json()) + "\n")
        megabytes = (folder / "in.jsonl").stat().st_size / 1e6
        whole = measured(folder)
        expected = file_entry(folder / "out.jsonl")
        for path in folder.glob("out.*"):
            path.unlink()
        measured(folder, arguments.articles // 2)
        rest = measured(folder)
        if file_entry(folder / "out.jsonl") != expected:
            raise SystemExit("the run that was killed gave other bytes")
    texts = arguments.articles * TEXTS
    result: dict[str, Any] = {
        "command": f"python scripts/benchmark_translate_harness.py --articles {arguments.articles}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "articles": arguments.articles,
        "texts": texts,
        "input MB": round(megabytes, 1),
        "whole run": {key: round(value, 2) for key, value in whole.items()},
        "harness ms a text, processor": round(1e3 * (whole["cpu"] - whole["model"]) / texts, 4),
        "harness ms a text, wall": round(1e3 * (whole["wall"] - whole["model"]) / texts, 4),
        "run that goes on": {key: round(value, 2) for key, value in rest.items()},
        "the same bytes after a kill": True,
    }
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
