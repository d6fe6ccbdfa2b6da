"""What fine-tuning on a corpus gains on articles that it has not seen, and what it costs on other texts.

    python scripts/benchmark_finetune.py PARALLEL DOCUMENTS… --general eval/xwmt.toml --size small|base -o FILE

PARALLEL is a folder with kk-ru.tsv and kk-en.tsv, DOCUMENTS are files of journals. A corpus is built from the documents with
enough articles held out to tell gain from chance; a new model learns from PARALLEL alone, then it is tuned on the corpus with
PARALLEL as replay. chrF++ on the held-out articles and on the general sets is compared before and after. The same command goes
on where it was stopped.

`--size base` is for a GPU. `--size small` takes about half an hour of one core: a small model, little more than one round
of the pairs, the first segments of the general sets; its scores are those of a model that has hardly begun to learn.
"""

import argparse
import json
import random
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.mt.finetune import Given, finetune
from kzalign.training_cli import given_of

PAIRS = ("kk-ru", "kk-en")
HELD_OUT = 200
"""Pairs of PARALLEL, of each, that the new model's checkpoints are chosen by."""
SPLITS = ("build.test=0.35", "build.validation=0.08")
"""Of the documents' articles: as many to test on as to train on, for a test by article needs articles."""
LEVEL = 0.05
FALL = 1.0
"""chrF++ that a general set may lose."""


@dataclass(frozen=True, slots=True)
class Size:
    """How the new model is made, how it is tuned, and how much of the general sets is translated, a direction."""

    fresh: FinetuneConfig
    tuned: FinetuneConfig
    mt: MtConfig
    general: int | None


_BASE = FinetuneConfig(scratch="base", vocabulary=16_000, steps=20_000, warmup_steps=2_000, learning_rate=7e-4, eval_steps=1_000,
                       checkpoint_steps=1_000, batch_tokens=50_000, device_tokens=50_000, dropout=0.3)  # fmt: skip
_SMALL = FinetuneConfig(scratch="small", vocabulary=4_000, steps=1_000, warmup_steps=150, learning_rate=1e-3, eval_steps=250,
                        checkpoint_steps=250, batch_tokens=3_000, device_tokens=3_000, dev_segments=20, max_length=400,
                        dropout=0.1)  # fmt: skip
_TUNED: dict[str, Any] = {"scratch": "", "replay_share": 0.7, "document_share": 0.1}
SIZES = {
    "base": Size(
        _BASE,
        replace(_BASE, **_TUNED, steps=2_000, warmup_steps=100, learning_rate=1e-4, eval_steps=200, checkpoint_steps=200),
        MtConfig(num_beams=4),
        None,
    ),
    "small": Size(
        _SMALL,
        replace(_SMALL, **_TUNED, steps=1_600, warmup_steps=40, learning_rate=5e-4, eval_steps=400, checkpoint_steps=400),
        MtConfig(device="cpu", num_beams=1),
        200,
    ),
}


class Held:
    """Held-out pairs of a direction."""

    def __init__(self, direction: str, rows: Sequence[tuple[str, str]]) -> None:
        self.name, self.direction = "held out", direction
        self.sources, self.references = [row[0] for row in rows], [row[1] for row in rows]


def build(documents: Sequence[Path], corpus: Path) -> None:
    """Builds the corpus, if it is not there."""
    if (corpus / "manifest.json").is_file():
        return
    settings = [part for split in SPLITS for part in ("--set", split)]
    command = [sys.executable, "-m", "kzalign", "build", *map(str, documents), "-o", str(corpus), *settings]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def parallel(folder: Path, second: Given) -> Given:
    """Returns what the new model is given: PARALLEL with a few pairs held out, and nothing that the second training tests."""
    given = given_of(None, {"added": [f"{pair}={folder / pair}.tsv" for pair in PAIRS]}, [])
    pairs = list(given.pairs)
    random.Random(1).shuffle(pairs)
    held, kept = [], []
    for direction in dict.fromkeys(pair.direction for pair in pairs):
        own = [pair for pair in pairs if pair.direction == direction]
        held.append(Held(direction, [(pair.source, pair.target) for pair in own[:HELD_OUT]]))
        kept += own[HELD_OUT:]
    texts = {text for part in held for text in (*part.sources, *part.references)}
    kept = [pair for pair in kept if not {pair.source, pair.target} & texts]
    return replace(given, pairs=kept, dev=held, repeats=second.repeats)


def first(asked: Any, count: int | None) -> Any:
    """Returns the first segments of a set."""
    cut = {name: getattr(asked, name)[:count] for name in ("sources", "references", "articles")}
    return replace(asked, **cut)


def tell(line: str) -> None:
    """Prints a line with the time."""
    print(f"{time.strftime('%H:%M:%S')} {line}", flush=True)


def verdict(results: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Returns what the figures say of the two claims: gain in every direction trained, no fall elsewhere."""
    own = [r for r in results if r["domain"] == "in" and r["trained"]]
    general = [r for r in results if r["domain"] == "out"]
    return {
        "gain is significant in every direction": all(r["after"] > r["before"] and r["p"] < LEVEL for r in own),
        "least gain": round(min(r["after"] - r["before"] for r in own), 2),
        "greatest p": max(r["p"] for r in own),
        f"every general set falls by less than {FALL:g}": all(r["before"] - r["after"] < FALL for r in general),
        "greatest fall": round(max((r["before"] - r["after"] for r in general), default=0.0), 2),
    }


def main() -> None:
    """Runs both trainings and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("documents", type=Path, nargs="+")
    parser.add_argument("--general", type=Path, action="append", default=[])
    parser.add_argument("--size", choices=SIZES, default="base")
    parser.add_argument("--work", type=Path, default=Path("finetune-benchmark"))
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    size = SIZES[options.size]
    corpus, base = options.work / "corpus", options.work / "base"
    options.work.mkdir(parents=True, exist_ok=True)
    build(options.documents, corpus)
    files = [f"{pair}={options.parallel / pair}.tsv" for pair in PAIRS]
    second = given_of(corpus, {"replay": files}, options.general)
    second = replace(second, general=[first(asked, size.general) for asked in second.general])
    made = finetune("", parallel(options.parallel, second), base, size.fresh, size.mt, tell)
    tuned = finetune(str(base), second, options.work / "tuned", size.tuned, size.mt, tell)
    common = ("steps", "best step", "dev chrF++", "examples", "rejects", "seconds", "device", "settings")
    figures = {
        "command": f"python scripts/benchmark_finetune.py PARALLEL DOCUMENTS --general eval/xwmt.toml --size {options.size}",
        "corpus": {"settings": SPLITS, "rows": json.loads((corpus / "manifest.json").read_text("utf-8"))["rows"]},
        "base": {key: made[key] for key in common},
        "tuned": {key: tuned[key] for key in common},
        "general segments a direction": size.general or "all",
        "verdict": verdict(tuned["results"]),
        "results": tuned["results"],
    }
    options.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
