"""finetune: a translation model trained further on pairs; the best by chrF++ is kept, and what it lost elsewhere is said."""

import errno
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.batches import MEMORY
from kzalign.mt.finetune.base import find_base
from kzalign.mt.finetune.contract import ADDED, REPLAY, SYNTHETIC, Compared, Given, Pair, Result, TestSet
from kzalign.mt.finetune.examples import make_examples
from kzalign.mt.finetune.export import export, write_fingerprints
from kzalign.mt.finetune.material import DIRECTIONS, check_enough, choose
from kzalign.mt.finetune.measure import results_of
from kzalign.mt.finetune.modelcard import kept_line, manifest_of, model_card, summary_lines
from kzalign.mt.finetune.processes import OneProcess, Processes, is_first
from kzalign.mt.finetune.runfolder import (
    RESULTS,
    SETTINGS,
    claim,
    drop_work,
    identity,
    toml_of,
    write_rejects,
    write_whole,
)
from kzalign.mt.finetune.scratch import check_size, make_base
from kzalign.mt.finetune.train import SCHEDULES, Work
from kzalign.mt.loading import MISSING, device_of
from kzalign.store import MANIFEST

METHODS = ("full", "lora")
FULL = (errno.ENOSPC, errno.EDQUOT)
"""Errors of a disk that has no room, or none for this user."""


def finetune(
    model: str,
    given: Given,
    folder: Path,
    config: FinetuneConfig,
    settings: MtConfig,
    tell: Callable[[str], None],
    force: bool = False,
) -> dict[str, Any]:
    """Trains a model into the folder and returns its manifest; a run that was stopped goes on from its last checkpoint.

    `model` is as for `open_backend`, and empty where `finetune.scratch` asks for a new one; `tell` is given lines for the
    user. Raises KzalignError.
    """
    cpu = _check(config, settings, model)
    processes = Processes(cpu)
    with processes.together(folder), _room(folder):
        return _finetune(model, given, folder, config, settings, tell if processes.main else _silent, force, processes, cpu)


@contextmanager
def _room(folder: Path) -> Iterator[None]:
    """Says in a line that disk or memory have ended; what was whole before stays, so that the run can go on."""
    again = "run the same command again, it goes on from what is there"
    try:
        yield
    except OSError as error:
        if error.errno not in FULL:
            raise
        raise OneProcess(f"{error.filename or folder}: no room on the disk: make room and {again}") from None
    except RuntimeError as error:
        if not any(words in str(error).lower() for words in MEMORY):
            raise
        reason = str(error).strip().splitlines()[0]
        raise OneProcess(
            f"out of memory ({reason}): take --lora, a smaller model or another device, or free memory and {again}"
        ) from None


def _silent(line: str) -> None:
    """Tells nothing: the main process speaks for all."""


def _finetune(
    model: str,
    given: Given,
    folder: Path,
    config: FinetuneConfig,
    settings: MtConfig,
    tell: Callable[[str], None],
    force: bool,
    processes: Processes,
    cpu: bool,
) -> dict[str, Any]:
    base = None if config.scratch else find_base(model, settings, config)
    material = choose(given, config, base.directions if base else DIRECTIONS)
    own = identity(config, base.name if base else config.scratch, material.pairs, [*material.dev, *given.tests, *given.general])
    with processes.main_first() as main:
        if main and not claim(folder, own, force):
            write_whole(folder / SETTINGS, toml_of("finetune", asdict(config)))
        if base is None:
            texts = (text for pair in material.pairs for text in (pair.source, pair.target))
            base = find_base(str(make_base(texts, config, folder / "base")), settings, config)
    if (folder / MANIFEST).is_file():
        tell(f"{folder}: this run is finished; --force begins anew")
        finished: dict[str, Any] = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
        return finished
    sources = base.sources(settings)
    examples, long = make_examples(material.pairs, base.card, sources, config.tag, config.max_length)
    check_enough(material.directions, (example.group[1] for example in examples if example.group[0] != REPLAY))
    rejects = [*material.rejects, *long]
    if processes.main:
        write_rejects(folder, rejects)
        write_fingerprints(folder, material.pairs)
    tell(f"{len(examples):,} pairs in {', '.join(material.directions)}; {len(rejects):,} left out (rejects.jsonl)")
    work = Work(base, sources, tuple(examples), material.dev, given, folder, config, settings, processes, cpu, tell)
    tested = [asked for asked in (*given.tests, *given.general) if asked.direction in base.directions]
    before, log = work.train(tested)
    with processes.main_first() as main:
        if main:
            export(folder, base, config, settings, given)
    opens = config.merge or config.method == "full"
    after = work.after(tested) if opens else {}
    results = results_of(given, material.directions, before, after)
    manifest = manifest_of(own, base, given, examples, rejects, log, results, processes.count, cpu)
    if processes.main:
        write_whole(folder / RESULTS, json.dumps([result.to_json() for result in results], ensure_ascii=False, indent=1) + "\n")
        write_whole(folder / "README.md", model_card(folder.resolve().name, manifest, results))
        write_whole(folder / MANIFEST, json.dumps(manifest, ensure_ascii=False, indent=1) + "\n")
        drop_work(folder)
    for line in [kept_line(manifest), *summary_lines(results)]:
        tell(line)
    return manifest


def _check(config: FinetuneConfig, settings: MtConfig, model: str) -> bool:
    """Returns whether the CPU is to be used; raises KzalignError for what is missing or contradicts itself."""
    if config.method not in METHODS:
        raise KzalignError(f"finetune.method: {unknown('method', config.method, METHODS)}")
    if config.schedule not in SCHEDULES:
        raise KzalignError(f"finetune.schedule: {unknown('schedule', config.schedule, SCHEDULES)}")
    if config.scratch:
        check_size(config.scratch)
    if bool(model) == bool(config.scratch):
        raise KzalignError("which model? give --model, or --from-scratch for a new one, not both")
    if config.scratch and config.method == "lora":
        raise KzalignError("finetune.method=lora: a new model has nothing that an adapter could keep; use method full")
    try:
        import accelerate
        import torch
    except ImportError:
        raise KzalignError(f"{MISSING}; and accelerate: pip install 'kzalign[finetune]'") from None
    del accelerate
    return device_of(settings.device, torch.cuda.is_available()) == "cpu"


__all__ = [
    "ADDED",
    "REPLAY",
    "SYNTHETIC",
    "Compared",
    "Given",
    "OneProcess",
    "Pair",
    "Result",
    "TestSet",
    "finetune",
    "is_first",
]
