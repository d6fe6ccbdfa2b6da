"""What fine-tuning gains, what it costs elsewhere, and how fast it is beside transformers' stock recipe.

    python scripts/benchmark_finetune.py PARALLEL CORPUS --general eval/xwmt.toml [--small] -o eval/results/finetune.json

PARALLEL is a folder with kk-ru.tsv and kk-en.tsv, CORPUS a dataset folder. First a new model learns from PARALLEL, then it
is tuned on CORPUS with PARALLEL as replay; chrF++ on the corpus's test split and on the general sets is compared before and
after. Then the same weights take the same tokens a step through `kzalign finetune`'s batches and through the recipe of
transformers' translation example: batches of as many examples, drawn at random, padded to the longest. `--small` is for a
CPU: a tiny model, few steps and few pairs; its figures say that the script works, no more.
"""

import argparse
import json
import random
import time
from array import array
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.finetune_cli import _given
from kzalign.mt.finetune import Given, finetune
from kzalign.mt.finetune.base import find_base
from kzalign.mt.finetune.examples import Example, make_examples
from kzalign.mt.finetune.plan import make_plan
from kzalign.mt.finetune.trainer import Run

PAIRS = ("kk-ru", "kk-en")
HELD_OUT = 200
"""Pairs of PARALLEL, of each, that the new model's checkpoints are chosen by."""
FULL = FinetuneConfig(scratch="base", vocabulary=32_000, steps=60_000, warmup_steps=4_000, learning_rate=5e-4, eval_steps=2_000,
                      checkpoint_steps=2_000, batch_tokens=50_000, device_tokens=25_000)  # fmt: skip
SMALL = replace(FULL, scratch="tiny", vocabulary=1_000, steps=20, warmup_steps=10, eval_steps=20, checkpoint_steps=20,
                batch_tokens=800, device_tokens=800, dev_segments=2, log_steps=5, max_length=48)  # fmt: skip
TUNED: dict[str, Any] = {"scratch": "", "learning_rate": 1e-4, "warmup_steps": 200}


class Held:
    """Held-out pairs of a direction."""

    def __init__(self, direction: str, rows: Sequence[tuple[str, str]]) -> None:
        self.name, self.direction = "held out", direction
        self.sources, self.references = [row[0] for row in rows], [row[1] for row in rows]


def parallel(folder: Path, general: list[Path], limit: int | None) -> Given:
    """Returns what the new model is given: PARALLEL with a few pairs held out."""
    given = _given(None, {"added": [f"{pair}={folder / pair}.tsv" for pair in PAIRS], "synthetic": [], "replay": []}, general)
    pairs = list(given.pairs)
    random.Random(1).shuffle(pairs)
    held, kept = [], []
    for direction in dict.fromkeys(pair.direction for pair in pairs):
        own = [pair for pair in pairs if pair.direction == direction]
        held.append(Held(direction, [(pair.source, pair.target) for pair in own[:HELD_OUT]]))
        kept += own[HELD_OUT:][:limit]
    texts = {text for part in held for text in (*part.sources, *part.references)}
    return replace(given, pairs=[pair for pair in kept if not {pair.source, pair.target} & texts], dev=held)


def tokens_per_second(run: Run, model: Any, plan: Sequence["array[int]"]) -> float:
    """Returns the tokens, padding not counted, that a second of forward and backward passes takes."""
    import torch

    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-5)
    device = next(model.parameters()).device
    model.train()
    start = 0.0
    for number, step in enumerate(plan):
        if number == 2:
            start = time.perf_counter()
        batch = {key: value.to(device) for key, value in run.collate(list(step)).items()}
        labels = batch.pop("labels")
        with torch.autocast("cuda", dtype=torch.bfloat16, enabled=device.type == "cuda"):
            run.loss(model(**batch), labels, (labels >= 0).sum()).backward()
        optimiser.step()
        optimiser.zero_grad()
    if device.type == "cuda":
        torch.cuda.synchronize()
    real = sum(run.examples[i].cost for step in plan[2:] for i in step)
    return real / (time.perf_counter() - start)


def stock_plan(examples: Sequence[Example], config: FinetuneConfig) -> list["array[int]"]:
    """Returns batches as the stock example makes them: a fixed number at random, so many that the padded mean is the budget."""
    chance = random.Random(config.seed)
    size = max(1, config.batch_tokens // max(example.cost for example in chance.sample(list(examples), min(64, len(examples)))))
    return [array("i", chance.choices(range(len(examples)), k=size)) for _ in range(config.steps)]


def throughput(base: Path, given: Given, config: FinetuneConfig, settings: MtConfig, steps: int) -> dict[str, float]:
    """Returns tokens a second of both ways to make batches, and their ratio."""
    opened = find_base(str(base), settings, config)
    sources = opened.sources(settings)
    examples, _ = make_examples(islice(given.pairs, 20_000), opened.card, sources, config.tag, config.max_length)
    config = replace(config, batch_tokens=config.device_tokens, steps=steps)
    found = {}
    for name, plan in (("kzalign", make_plan(examples, config)), ("stock", stock_plan(examples, config))):
        model = opened.model(settings, config)
        pad, start = sources.tokenizer.pad_token_id, model.config.decoder_start_token_id
        run = Run(base, config, examples, plan, pad, start, dict, lambda log: None, settings.device == "cpu")
        found[name] = round(tokens_per_second(run, model, plan), 1)
    return found | {"ratio": round(found["kzalign"] / found["stock"], 3)}


def main() -> None:
    """Runs all three parts and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parallel", type=Path)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--general", type=Path, action="append", default=[])
    parser.add_argument("--small", action="store_true")
    parser.add_argument("--work", type=Path, default=Path("finetune-benchmark"))
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    config = SMALL if options.small else FULL
    settings = MtConfig(device="cpu" if options.small else "auto", num_beams=1 if options.small else 4)
    first = parallel(options.parallel, options.general, 500 if options.small else None)
    base = options.work / "base"
    made = finetune("", replace(first, general=()), base, config, settings, print)
    files = [f"{pair}={options.parallel / pair}.tsv" for pair in PAIRS]
    second = _given(options.corpus, {"added": [], "synthetic": [], "replay": files}, options.general)
    tuned = replace(config, **TUNED, steps=config.steps // 10, eval_steps=config.eval_steps // 4)
    results = finetune(str(base), second, options.work / "tuned", tuned, settings, print)
    figures = {
        "command": "python scripts/benchmark_finetune.py PARALLEL CORPUS --general eval/xwmt.toml" + " --small" * options.small,
        "base": {key: made[key] for key in ("steps", "dev chrF++", "seconds", "device")},
        "tuned": {key: results[key] for key in ("steps", "dev chrF++", "seconds", "results")},
        "tokens a second": throughput(base, first, config, settings, 20 if options.small else 200),
    }
    options.output.write_text(json.dumps(figures, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
