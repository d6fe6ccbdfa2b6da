"""Tokens a second that `kzalign finetune` trains on, beside transformers' own translation example.

    python scripts/benchmark_finetune_speed.py PAIRS.tsv -o FILE
    python scripts/benchmark_finetune_speed.py PAIRS.tsv --stock run_translation.py --device cuda --precision bf16 \\
        --shape nllb-600m --batch-tokens 16384 --steps 120 --warm-up 20 -o FILE

PAIRS.tsv has a Kazakh and a Russian column; `--stock` is examples/pytorch/translation/run_translation.py of the transformers
repository, of the version that is installed; where it is left out, this file makes the same calls. Both sides train the same
random weights on the same pairs from kk to ru, in the same precision and with as many non-padding tokens a step on average:
kzalign by a budget of tokens, the example by a number of examples, which is its way. Neither smooths labels, for the example
cannot with models of M2M-100's kind. Each turn is a process of its own, the sides take turns, and the figure is the median of
the turns. Time runs from the end of the warm-up steps to the end of the last one, so that loading and tokenising are left out
on both sides; on a CPU it is the process's own time on the cores, so that other work there does not count. Both run as their
users run them but for a trainer that counts tokens and reads the clock, and for the example's metric, which it would download
and which training does not use. `stock grouped` is the example told to group by length.
"""

import argparse
import importlib.util
import json
import os
import platform
import runpy
import shutil
import statistics
import subprocess
import sys
import time
from dataclasses import replace
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.mt.finetune import Compared, Given, Pair, finetune
from kzalign.mt.finetune.base import find_base
from kzalign.mt.finetune.examples import make_examples
from kzalign.mt.finetune.plan import make_plan
from kzalign.mt.finetune.scratch import make_base

DIRECTION = "kk-ru"
NLLB = {
    "d_model": 1024, "encoder_layers": 12, "decoder_layers": 12, "encoder_attention_heads": 16, "decoder_attention_heads": 16,
    "encoder_ffn_dim": 4096, "decoder_ffn_dim": 4096, "vocab_size": 256_206, "max_position_embeddings": 1024, "init_std": 0.02,
}  # fmt: skip
"""The shape of NLLB-200's distilled 600M, arXiv 2207.04672."""
SHAPES = ("tiny", "small", "base", "nllb-600m")


class Done(BaseException):
    """The last step is over: nothing that follows is measured."""


class Asked:
    """One segment, for the evaluation that a run of kzalign begins with."""

    name, direction = "held out", DIRECTION
    sources, references = ("Су.",), ("Вода.",)


def timed_trainer(steps: int, warm_up: int, device: str, out: Path) -> None:
    """Makes transformers' trainer count and read the clock; it writes `out` after the last step and raises Done."""
    import torch
    import transformers

    clock = time.process_time if device == "cpu" else time.perf_counter
    trainer = transformers.Seq2SeqTrainer
    begin, train = trainer.__init__, trainer.training_step

    class Clock(transformers.TrainerCallback):  # type: ignore[misc]
        """Reads the clock at both ends of what is measured."""

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> None:
            """Notes the time."""
            if state.global_step not in (warm_up, steps):
                return
            if device == "cuda":
                torch.cuda.synchronize()
            times.append(clock())
            if state.global_step == steps:
                found = {"seconds": times[1] - times[0], "tokens": sum(int(n) for n in counts), "padded": sum(padded)}
                memory = torch.cuda.max_memory_allocated() if device == "cuda" else 0
                out.write_text(json.dumps(found | {"steps": steps - warm_up, "gpu memory": memory}), encoding="utf-8")
                raise Done

    def begun(self: Any, *args: Any, **kwargs: Any) -> None:
        begin(self, *args, **kwargs)
        self.add_callback(Clock())

    def counted(self: Any, model: Any, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        if self.state.global_step >= warm_up:
            counts.append(inputs["attention_mask"].sum() + (inputs["labels"] >= 0).sum())
            padded.append(inputs["input_ids"].numel() + inputs["labels"].numel())
        return train(self, model, inputs, *args, **kwargs)

    counts: list[Any] = []
    padded: list[int] = []
    times: list[float] = []
    trainer.__init__, trainer.training_step = begun, counted


def settings_of(options: argparse.Namespace) -> FinetuneConfig:
    """Returns kzalign's settings: its own, but for what both sides must share."""
    tokens = options.batch_tokens
    return FinetuneConfig(
        steps=options.steps, batch_tokens=tokens, device_tokens=tokens, eval_steps=10**6, checkpoint_steps=10**6, dev_segments=1,
        max_length=options.max_length, label_smoothing=0.0, log_steps=10,
    )  # fmt: skip


def given(pairs: list[Pair]) -> Given:
    """Returns what a run of kzalign is given: the pairs, and nothing to measure."""
    return Given(
        pairs=pairs, dev=[Asked()], tests=[], general=[], score=lambda hypotheses, references: 0.0,
        compare=lambda asked, before, after: Compared(None, 0.0, 0, None, ""), repeats=lambda pair: None,
    )  # fmt: skip


def run_kzalign(options: argparse.Namespace) -> None:
    """Trains by kzalign's front door until Done."""
    rows = [json.loads(line)["translation"] for line in (options.work / "train.json").read_text("utf-8").splitlines()]
    pairs = [Pair(str(n), DIRECTION, row["kk"], row["ru"]) for n, row in enumerate(rows)]
    folder = options.work / "run"
    shutil.rmtree(folder, ignore_errors=True)
    device = MtConfig(device=options.device, num_beams=1)
    finetune(str(options.work / "model"), given(pairs), folder, settings_of(options), device, print)


def run_stock(options: argparse.Namespace) -> None:
    """Trains as the example does until Done: by the example itself where its file is given, else by the same calls."""
    folder = options.work / "stock"
    shutil.rmtree(folder, ignore_errors=True)
    trainer: dict[str, Any] = {
        "output_dir": str(folder), "per_device_train_batch_size": options.examples, "max_steps": options.steps,
        "learning_rate": 1e-4, "warmup_steps": 200, "save_strategy": "no",
        "report_to": "none", "logging_steps": 10, "seed": 1,
    }  # fmt: skip
    trainer |= {"train_sampling_strategy": "group_by_length"} if options.worker == "stock grouped" else {}
    flags = {"do_train": True, "use_cpu": options.device == "cpu", "bf16": options.precision == "bf16"}
    if options.stock is None:
        same_calls(options, trainer | flags)
        return
    if importlib.util.find_spec("evaluate") is None:
        sys.modules["evaluate"] = ModuleType("evaluate")
    importlib.import_module("evaluate").load = lambda *args, **kwargs: None  # type: ignore[attr-defined]
    data = {
        "model_name_or_path": options.work / "model", "train_file": options.work / "train.json", "source_lang": "kk",
        "target_lang": "ru", "max_source_length": options.max_length, "max_target_length": options.max_length,
    }  # fmt: skip
    sys.argv = [str(options.stock), *(f"--{name}={value}" for name, value in (data | trainer).items())]
    sys.argv += [f"--{name}" for name, on in flags.items() if on]
    runpy.run_path(str(options.stock), run_name="__main__")


def same_calls(options: argparse.Namespace, arguments: dict[str, Any]) -> None:
    """Calls of transformers and datasets what the example calls between its arguments and `train`, with the same parameters."""
    import datasets  # type: ignore[import-untyped, unused-ignore]
    import transformers

    transformers.set_seed(arguments["seed"])
    rows = datasets.load_dataset("json", data_files={"train": str(options.work / "train.json")})["train"]
    tokenizer = transformers.AutoTokenizer.from_pretrained(options.work / "model")
    model = transformers.AutoModelForSeq2SeqLM.from_pretrained(options.work / "model")
    tokenizer.src_lang, tokenizer.tgt_lang = "kk", "ru"

    def tokenised(examples: dict[str, list[dict[str, str]]]) -> Any:
        cut = {"max_length": options.max_length, "padding": False, "truncation": True}
        found = tokenizer([row["kk"] for row in examples["translation"]], **cut)
        return found | {"labels": tokenizer(text_target=[row["ru"] for row in examples["translation"]], **cut)["input_ids"]}

    trainer = transformers.Seq2SeqTrainer(
        model=model,
        args=transformers.Seq2SeqTrainingArguments(**arguments),
        train_dataset=rows.map(tokenised, batched=True, remove_columns=rows.column_names),
        processing_class=tokenizer,
        data_collator=transformers.DataCollatorForSeq2Seq(tokenizer, model=model, label_pad_token_id=-100),
    )
    trainer.train()


SIDES = {"kzalign": run_kzalign, "stock": run_stock, "stock grouped": run_stock}


def prepare(options: argparse.Namespace) -> dict[str, float]:
    """Writes model and pairs, and returns a step's non-padding tokens at kzalign and the mean length of an example."""
    config = settings_of(options)
    rows = [line.split("\t")[:2] for line in options.pairs.read_text("utf-8").splitlines()]
    scratch = "base" if options.shape == "nllb-600m" else options.shape
    make_base((text for row in rows for text in row), replace(config, scratch=scratch, vocabulary=16_000), options.work / "model")
    if options.shape == "nllb-600m":
        _reshape(options.work / "model")
    settings = MtConfig(device="cpu")
    opened = find_base(str(options.work / "model"), settings, config)
    pairs = [Pair(str(n), DIRECTION, kk, ru) for n, (kk, ru) in enumerate(rows) if kk.strip() and ru.strip()]
    examples, _ = make_examples(pairs, opened.card, opened.sources(settings), "", options.max_length)
    kept = [pairs[int(example.id)] for example in examples]
    lines = (json.dumps({"translation": {"kk": pair.source, "ru": pair.target}}, ensure_ascii=False) for pair in kept)
    (options.work / "train.json").write_text("\n".join(lines) + "\n", encoding="utf-8")
    plan = make_plan(examples, config)
    step = statistics.mean(sum(examples[i].cost for i in part) for part in plan)
    return {"pairs": len(kept), "step": step, "example": statistics.mean(example.cost for example in examples)}


def _reshape(folder: Path) -> None:
    """Gives a model's folder random weights of NLLB's shape."""
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    settings = M2M100Config.from_pretrained(folder, **NLLB)
    torch.manual_seed(1)
    M2M100ForConditionalGeneration(settings).save_pretrained(folder)


def turn(side: str, options: argparse.Namespace, examples: int) -> dict[str, float]:
    """Returns what one process measured."""
    out = options.work / "turn.json"
    out.unlink(missing_ok=True)
    command = [sys.executable, __file__, *sys.argv[1:], "--worker", side, "--examples", str(examples)]
    env = os.environ | {"HF_HUB_OFFLINE": "1", "HF_DATASETS_CACHE": str(options.work / "cache"), "DISABLE_TELEMETRY": "1"}
    done = subprocess.run(command, env=env, capture_output=True, text=True)
    if not out.is_file():
        raise SystemExit(f"{side} failed:\n{done.stderr[-3000:]}")
    found: dict[str, float] = json.loads(out.read_text("utf-8"))
    found["tokens a second"] = round(found["tokens"] / found["seconds"], 1)
    print(
        f"{side}: {found['tokens a second']:,} tokens a second, {found['tokens'] / found['padded']:.0%} of them no padding",
        flush=True,
    )
    return found


def figures_of(turns: dict[str, list[dict[str, float]]], options: argparse.Namespace, data: dict[str, float]) -> dict[str, Any]:
    """Returns what is recorded."""
    import torch

    def told(found: list[dict[str, float]]) -> dict[str, Any]:
        return {
            "tokens a second": statistics.median(one["tokens a second"] for one in found),
            "turns": [one["tokens a second"] for one in found],
            "tokens a step": round(statistics.mean(one["tokens"] / one["steps"] for one in found), 1),
            "share that is no padding": round(sum(one["tokens"] for one in found) / sum(one["padded"] for one in found), 3),
            "gpu memory": max(one["gpu memory"] for one in found),
        }

    sides = {side: told(found) for side, found in turns.items()}
    own = sides["kzalign"]["tokens a second"]
    gpu = torch.cuda.get_device_name() if options.device == "cuda" else f"CPU ({platform.machine()})"
    names = ("torch", "transformers", "accelerate")
    return {
        "command": f"python scripts/benchmark_finetune_speed.py {' '.join(_shown())}",
        "stock": "examples/pytorch/translation/run_translation.py" if options.stock else "the calls of run_translation.py",
        "device": f"{gpu}, {torch.get_num_threads()} threads",
        "versions": {name: version(name) for name in names},
        "pairs": data["pairs"],
        **{name: getattr(options, name) for name in ("shape", "precision", "batch_tokens", "max_length")},
        "clock": "time on the cores" if options.device == "cpu" else "time on the wall",
        "steps measured": options.steps - options.warm_up,
        "sides": sides,
        "ratio": {side: round(own / found["tokens a second"], 3) for side, found in sides.items() if side != "kzalign"},
    }


def _shown() -> list[str]:
    """Returns the arguments, folders left out."""
    return [Path(part).name if "/" in part else part for part in sys.argv[1:]]


def options_of() -> argparse.Namespace:
    """Returns the command line's options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("pairs", type=Path)
    parser.add_argument("--stock", type=Path, help="run_translation.py of the installed version; its calls where left out")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--precision", choices=("fp32", "bf16"), default="fp32")
    parser.add_argument("--shape", choices=SHAPES, default="small")
    parser.add_argument("--batch-tokens", type=int, default=3_000, help="of kzalign's step, padding included")
    parser.add_argument("--max-length", type=int, default=256)
    parser.add_argument("--steps", type=int, default=40)
    parser.add_argument("--warm-up", type=int, default=5)
    parser.add_argument("--turns", type=int, default=3)
    parser.add_argument("--work", type=Path, default=Path("finetune-speed"))
    parser.add_argument("--worker", choices=SIDES, help=argparse.SUPPRESS)
    parser.add_argument("--examples", type=int, help=argparse.SUPPRESS)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    if (options.device, options.precision) not in (("cpu", "fp32"), ("cuda", "bf16")):
        parser.error("kzalign trains in bf16 on a GPU and in fp32 on a CPU")
    # A model of another shape may lie there from an earlier run.
    options.work /= options.shape
    return options


def main() -> None:
    """Runs the turns and writes the figures."""
    options = options_of()
    if options.worker:
        timed_trainer(options.steps, options.warm_up, options.device, options.work / "turn.json")
        try:
            SIDES[options.worker](options)
        except Done:
            return
        raise SystemExit(f"{options.worker}: ended before the last step")
    options.work.mkdir(parents=True, exist_ok=True)
    data = prepare(options)
    examples = max(1, round(data["step"] / data["example"]))
    turns: dict[str, list[dict[str, float]]] = {side: [] for side in SIDES}
    for number in range(options.turns):
        for side in list(SIDES)[:: -1 if number % 2 else 1]:
            turns[side].append(turn(side, options, examples))
    options.output.write_text(json.dumps(figures_of(turns, options, data), indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
