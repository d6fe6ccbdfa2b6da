"""The training itself: what the model says before, the steps, and what it says after."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.mt.finetune.base import Base, find_base
from kzalign.mt.finetune.contract import Given, TestSet
from kzalign.mt.finetune.examples import Example
from kzalign.mt.finetune.lora import with_adapter
from kzalign.mt.finetune.measure import dev_scores, hypotheses, keep, key_of
from kzalign.mt.finetune.plan import make_plan
from kzalign.mt.finetune.plot import curve
from kzalign.mt.finetune.processes import Processes
from kzalign.mt.finetune.runfolder import BEFORE, CURVE, LOG, STATE, last_checkpoint, step_of, write_lines, write_whole
from kzalign.mt.finetune.trainer import MEAN, Run, exhausted, make_trainer
from kzalign.mt.seq2seq import Seq2SeqBackend, Sources
from kzalign.weights import quietly

SCHEDULES = {"inverse_sqrt": "inverse_sqrt", "cosine": "cosine", "linear": "linear", "constant": "constant_with_warmup"}
"""transformers' names of the schedules."""
LOG_SECONDS = 30.0
"""Between two lines that say how far the training is."""

Log = list[dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Work:
    """All that a training needs."""

    base: Base
    sources: Sources
    examples: tuple[Example, ...]
    dev: Sequence[TestSet]
    given: Given
    folder: Path
    config: FinetuneConfig
    settings: MtConfig
    processes: Processes
    cpu: bool
    tell: Callable[[str], None]

    def train(self, tested: Sequence[TestSet]) -> tuple[dict[str, list[str]], Log]:
        """Returns the base model's hypotheses of the test sets (none of a new model) and the run's log."""
        from transformers import set_seed

        with quietly():
            model = self.base.model(self.settings, self.config)
            # An adapter's first weights are random too.
            set_seed(self.config.seed)
            start = model.config.decoder_start_token_id
            if self.config.method == "lora":
                model = with_adapter(model, self.config)
            trainer = make_trainer(model, self._run(model, start))
            before = {} if self.config.scratch else self._before(model, tested)
            checkpoint = last_checkpoint(self.folder)
            done = _state_of(checkpoint) if checkpoint else None
            if checkpoint and done and _is_over(done, self.config):
                self.tell(f"all steps are done ({step_of(checkpoint)}); what is left is writing and measuring the model")
                return before, done["log_history"]
            # Where a run goes on there is nothing to evaluate before its next step.
            trainer.args.eval_on_start = checkpoint is None
            if checkpoint:
                self.tell(f"going on from step {step_of(checkpoint)} of {self.config.steps:,} ({checkpoint.name})")
            trainer.train(resume_from_checkpoint=str(checkpoint) if checkpoint else None)
            self._follow(trainer.state.log_history, whole=True)
            return before, trainer.state.log_history

    def _run(self, model: Any, start: int) -> Run:
        greedy = self.base.backend(replace(self.settings, num_beams=1), self.sources, model)

        def measure() -> Mapping[str, float]:
            with self._precision():
                return dev_scores(
                    self.dev, self.config.dev_segments, lambda asked: self.processes.translate(greedy, asked), self.given.score
                )

        config = replace(self.config, schedule=SCHEDULES[self.config.schedule])
        pad = self.sources.tokenizer.pad_token_id
        plan = make_plan(self.examples, self.config)
        return Run(self.folder, config, self.examples, plan, pad, start, measure, self._follow, self._step(), self.cpu)

    def _before(self, model: Any, tested: Sequence[TestSet]) -> dict[str, list[str]]:
        path = self.folder / BEFORE
        backend = self.base.backend(self.settings, self.sources, model.eval())
        with self._precision():
            found = hypotheses(tested, self._told("before", lambda asked: self.processes.translate(backend, asked)), path)
        if self.processes.main:
            keep(path, found)
        return found

    def _told(self, when: str, translate: Callable[[TestSet], list[str]]) -> Callable[[TestSet], list[str]]:
        """Returns what translates a set and says so first: a set takes minutes."""

        def translated(asked: TestSet) -> list[str]:
            self.tell(f"{when}: translating {len(asked.sources):,} segments of {asked.name} {asked.direction}")
            return translate(asked)

        return translated

    def after(self, tested: Sequence[TestSet]) -> dict[str, list[str]]:
        """Returns the hypotheses of the model that the folder now holds, as a user will open it."""
        tuned = find_base(str(self.folder), self.settings, self.config)
        backend = Seq2SeqBackend(tuned.card, self.settings, tuned.files)
        translate = self._told("after", lambda asked: self.processes.translate(backend, asked))
        return {key_of(asked): translate(asked) for asked in tested}

    def _step(self) -> Callable[[int], None]:
        """Returns what is told each step, and says at most every LOG_SECONDS how far the training is."""
        first: tuple[float, int] | None = None
        last = time.monotonic()

        def step(number: int) -> None:
            nonlocal first, last
            now = time.monotonic()
            first = first or (now, number)
            if now - last < LOG_SECONDS:
                return
            last = now
            seconds = (now - first[0]) / max(number - first[1], 1)
            left = f", about {(self.config.steps - number) * seconds / 60:.0f} minutes left" if number > first[1] else ""
            self.tell(f"step {number:,} of {self.config.steps:,}{left}")

        return step

    def _precision(self) -> AbstractContextManager[Any]:
        import torch

        precision: AbstractContextManager[Any] = torch.autocast("cuda", dtype=torch.bfloat16, enabled=not self.cpu)
        return precision

    def _follow(self, log: Sequence[Mapping[str, Any]], whole: bool = False) -> None:
        """Writes log and curve after each evaluation."""
        if not (whole or MEAN in log[-1]) or not self.processes.main:
            return
        write_lines(self.folder / LOG, log)
        write_whole(self.folder / CURVE, curve(log))
        if MEAN in log[-1]:
            loss = next((f", loss {entry['loss']:.4f}" for entry in reversed(log) if "loss" in entry), "")
            self.tell(f"step {log[-1]['step']}: chrF++ {log[-1][MEAN]:.2f}{loss}")


def _is_over(state: Mapping[str, Any], config: FinetuneConfig) -> bool:
    return bool(state["global_step"] >= config.steps) or exhausted(state["log_history"], config.patience)


def _state_of(checkpoint: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((checkpoint / STATE).read_text(encoding="utf-8"))
    return state
