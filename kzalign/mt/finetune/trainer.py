"""Seq2SeqTrainer made safe: checkpoints whole or absent, choice by generation, a clear end where numbers or memory end."""

import math
import shutil
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig
from kzalign.errors import KzalignError
from kzalign.mt.batches import MEMORY
from kzalign.mt.finetune.examples import Example, Ids
from kzalign.mt.finetune.plan import Share
from kzalign.mt.finetune.processes import OneProcess
from kzalign.mt.finetune.runfolder import BEST, CHECKPOINTS, drop_older, last_checkpoint, put_folder

MEAN = "eval_chrf"
KEPT = 2
"""Checkpoints."""
CLIP = 1.0
"""The longest gradient."""
SHOWN = 5
UNSEEN = 8
"""Steps after which gradients are looked at, at the latest."""
IGNORED = -100
"""The label that does not count."""


@dataclass(frozen=True, slots=True)
class Run:
    """What the trainer works on.

    `measure` returns the chrF++ of each direction with the model as it is; `follow` is given the log whenever it has grown,
    `step` the number of each step that is done.
    """

    folder: Path
    config: FinetuneConfig
    examples: Sequence[Example]
    plan: Sequence[Ids]
    pad: int
    start: int
    measure: Callable[[], Mapping[str, float]]
    follow: Callable[[Sequence[Mapping[str, Any]]], None]
    step: Callable[[int], None]
    cpu: bool

    def collate(self, indices: Sequence[int]) -> dict[str, Any]:
        """Returns a batch (n x longest source, n x longest target) of examples; those named ~i have no label that counts."""
        import torch

        chosen = [self.examples[i if i >= 0 else ~i] for i in indices]
        wide, long = max(len(e.source) for e in chosen), max(len(e.labels) for e in chosen)
        ids = torch.full((len(chosen), wide), self.pad)
        mask = torch.zeros((len(chosen), wide), dtype=torch.long)
        labels = torch.full((len(chosen), long), IGNORED)
        begun = torch.full((len(chosen), long), self.pad)
        for row, (i, example) in enumerate(zip(indices, chosen, strict=True)):
            target = torch.tensor(example.labels)
            ids[row, : len(example.source)] = torch.tensor(example.source)
            mask[row, : len(example.source)] = 1
            begun[row, 0] = self.start
            begun[row, 1 : len(target)] = target[:-1]
            if i >= 0:
                labels[row, : len(target)] = target
        return {"input_ids": ids, "attention_mask": mask, "decoder_input_ids": begun, "labels": labels}

    def loss(self, outputs: Any, labels: Any, num_items_in_batch: Any) -> Any:
        """Returns the sum of the labels' smoothed cross-entropy over the number of labels of the whole step."""
        import torch

        logits = outputs["logits"].float()
        total = torch.nn.functional.cross_entropy(
            logits.view(-1, logits.shape[-1]),
            labels.view(-1),
            ignore_index=IGNORED,
            label_smoothing=self.config.label_smoothing,
            reduction="sum",
        )
        return total / num_items_in_batch


def best_step(log: Sequence[Mapping[str, Any]]) -> int | None:
    """Returns the step with the best mean chrF++, the first of equals; None before the first evaluation."""
    scores = {entry["step"]: entry[MEAN] for entry in reversed(log) if MEAN in entry}
    return max(sorted(scores), key=lambda step: scores[step]) if scores else None


def exhausted(log: Sequence[Mapping[str, Any]], patience: int) -> bool:
    """Says whether so many evaluations have come since the best one."""
    best = best_step(log)
    return best is not None and sum(entry["step"] > best for entry in log if MEAN in entry) >= patience


class Keeping:
    """What is added to Seq2SeqTrainer."""

    run: Run
    state: Any
    args: Any
    control: Any
    accelerator: Any
    callback_handler: Any
    model: Any
    _into: Path | None = None
    _since: float | None = None
    _norms: Sequence[tuple[int, Any]] = ()

    def get_train_dataloader(self) -> Any:
        """Returns this process's batches."""
        from torch.utils.data import DataLoader

        parts, rank, processes = self.args.gradient_accumulation_steps, self.args.process_index, self.args.world_size
        count = len(self.run.examples)
        indices = _Indices(range(count))
        return DataLoader(indices, batch_sampler=Share(self.run.plan, parts, rank, processes), collate_fn=self.run.collate)

    def training_step(self, model: Any, inputs: Mapping[str, Any], *args: Any, **kwargs: Any) -> Any:
        """Returns a batch's loss; memory that ends is a KzalignError."""
        try:
            # Keys and values are kept for the evaluations, which generate; training would fill them for nothing.
            return super().training_step(model, {**inputs, "use_cache": False}, *args, **kwargs)  # type: ignore[misc]
        except RuntimeError as error:
            if not any(words in str(error).lower() for words in MEMORY):
                raise
            raise OneProcess(
                f"out of memory at step {self.state.global_step + 1}: {self._kept()}; run again with a finetune.device_tokens "
                f"below {self.run.config.device_tokens} (the result stays the same)"
            ) from None

    def _clip_grad_norm(self, model: Any) -> Any:
        norm = super()._clip_grad_norm(model)  # type: ignore[misc]
        # Looked at a few steps later: a look at every step would make a GPU wait for the next one's kernels.
        self._norms = [*self._norms, (self.state.global_step, norm)]
        if len(self._norms) >= UNSEEN:
            self._check_norms()
        return norm

    def _check_norms(self) -> None:
        """Raises KzalignError where a gradient since the last look was no number; nothing is kept of a model before this."""
        seen, self._norms = self._norms, []
        for step, norm in seen:
            if not math.isfinite(float(norm)):
                ids = [self.run.examples[i].id for i in self.run.plan[step]]
                named = ", ".join(ids[:SHOWN]) + (f" and {len(ids) - SHOWN} more" if len(ids) > SHOWN else "")
                raise KzalignError(
                    f"the loss is not a number at step {step + 1}, batch of {named}: {self._kept()}; "
                    f"lower finetune.learning_rate or look at these pairs"
                )

    def _kept(self) -> str:
        last = last_checkpoint(self.run.folder)
        return f"{CHECKPOINTS}/{last.name} is kept" if last else "no checkpoint was written yet"

    def evaluate(self, *args: Any, **kwargs: Any) -> dict[str, float]:
        """Returns the chrF++ of each direction and their mean; the best model is kept, and training ends without a better one."""
        self._check_norms()
        step = self.state.global_step
        was = self.model.training
        self.model.eval()
        scores = self.run.measure()
        self.model.train(was)
        metrics = {MEAN: sum(scores.values()) / len(scores)} | {f"{MEAN}_{name}": score for name, score in scores.items()}
        self.log(metrics)
        if best_step(self.state.log_history) == step:
            self._write(self.run.folder / BEST, lambda part: self.model.save_pretrained(part), "the best model")
        self.control = self.callback_handler.on_evaluate(self.args, self.state, self.control, metrics)
        if exhausted(self.state.log_history, self.run.config.patience):
            self.control.should_training_stop = True
        return metrics

    def log(self, logs: dict[str, float], start_time: float | None = None) -> None:
        """Keeps the figures with the seconds of all sessions of the run, and tells whoever follows."""
        self._check_norms()
        now = time.monotonic()
        if self._since is None:
            spent = [entry["seconds"] for entry in self.state.log_history if "seconds" in entry]
            self._since = now - (spent[-1] if spent else 0)
        logs["seconds"] = round(now - self._since, 1)
        super().log(logs, start_time)  # type: ignore[misc]
        if self.args.should_save:
            self.run.follow(self.state.log_history)

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._into or self.args.output_dir)

    def _save_checkpoint(self, model: Any, trial: Any) -> None:
        self._check_norms()
        name = f"checkpoint-{self.state.global_step}"
        whole = self.run.folder / CHECKPOINTS

        def save(part: Path) -> None:
            self._into = part.parent
            super(Keeping, self)._save_checkpoint(model, trial)  # type: ignore[misc]
            self._into = None

        self._write(whole / name, save, f"the checkpoint of step {self.state.global_step}", together=True)
        if self.args.should_save:
            drop_older(self.run.folder, KEPT)

    def _write(self, path: Path, save: Callable[[Path], Any], what: str, together: bool = False) -> None:
        """Writes a folder beside its place and moves it there; where that fails, what was there stays."""
        from safetensors import SafetensorError

        aside = path.parent / ".part"
        part = aside / path.name
        if self.args.should_save:
            shutil.rmtree(aside, ignore_errors=True)
        self.accelerator.wait_for_everyone()
        try:
            if together or self.args.should_save:
                save(part)
            self.accelerator.wait_for_everyone()
            if self.args.should_save:
                put_folder(part, path)
        except (OSError, RuntimeError, SafetensorError) as error:
            # torch and safetensors raise their own types where a disk is full.
            reason = str(error).strip().splitlines() or [type(error).__name__]
            shutil.rmtree(aside, ignore_errors=True)
            raise OneProcess(
                f"{path}: {what} cannot be written ({reason[0]}): {self._kept()}; make room and run the same command again"
            ) from None
        self.accelerator.wait_for_everyone()
        if self.args.should_save:
            shutil.rmtree(aside, ignore_errors=True)


class _Indices:
    """A data set whose items are their own indices, negative ones too: examples are looked up when a batch is made."""

    def __init__(self, indices: range) -> None:
        self._indices = indices

    def __len__(self) -> int:
        return len(self._indices)

    def __getitem__(self, index: int) -> int:
        return index


def make_trainer(model: Any, run: Run) -> Any:
    """Returns the trainer of a model."""
    import transformers
    from transformers.trainer_callback import PrinterCallback

    arguments = _arguments(run)
    kind = type("KeepingTrainer", (Keeping, transformers.Seq2SeqTrainer), {"run": run})
    trainer = kind(model=model, args=arguments, eval_dataset=[], compute_loss_func=run.loss, callbacks=[_steps(run)])
    trainer.remove_callback(PrinterCallback)
    return trainer


def _steps(run: Run) -> Any:
    """Returns the callback that evaluates after the last step, and logs where a run may go on, so that it logs the same."""
    from transformers import TrainerCallback

    class Steps(TrainerCallback):  # type: ignore[misc]
        """Asks for what the trainer would leave out."""

        def on_step_end(self, args: Any, state: Any, control: Any, **kwargs: Any) -> Any:
            """Returns the control with evaluation and log asked for."""
            run.step(state.global_step)
            last = state.global_step >= state.max_steps
            control.should_evaluate = control.should_evaluate or last
            control.should_log = control.should_log or control.should_save or control.should_evaluate
            return control

    return Steps()


def _arguments(run: Run) -> Any:
    import torch
    import transformers

    config = run.config
    gpu = not run.cpu
    arguments = transformers.Seq2SeqTrainingArguments(
        output_dir=str(run.folder / CHECKPOINTS),
        max_steps=config.steps,
        per_device_train_batch_size=1,
        learning_rate=config.learning_rate,
        lr_scheduler_type=config.schedule,
        warmup_steps=config.warmup_steps,
        weight_decay=config.weight_decay,
        adam_beta2=0.98,
        max_grad_norm=CLIP,
        optim="adamw_torch_fused" if gpu else "adamw_torch",
        bf16=gpu and torch.cuda.is_bf16_supported(),
        logging_steps=config.log_steps,
        logging_nan_inf_filter=False,
        eval_strategy="steps",
        eval_steps=config.eval_steps,
        save_strategy="steps",
        save_steps=config.checkpoint_steps,
        save_total_limit=None,
        seed=config.seed,
        use_cpu=run.cpu,
        use_cache=True,
        disable_tqdm=True,
        report_to="none",
        remove_unused_columns=False,
        dataloader_pin_memory=False,
        ddp_find_unused_parameters=False,
    )
    # Several GPUs without a launcher: one is used, rather than replicas that share a process.
    arguments._n_gpu = min(arguments.n_gpu, 1)
    arguments.gradient_accumulation_steps = math.ceil(config.batch_tokens / config.device_tokens / arguments.world_size)
    return arguments
