"""Runs of fine-tuning: the same again, stopped and gone on with, and ended by what goes wrong."""

import errno
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import tuning
from tiny_models import tiny_models

from kzalign.errors import KzalignError
from kzalign.mt import open_backend
from kzalign.mt.finetune import train
from kzalign.mt.finetune.runfolder import last_checkpoint
from kzalign.mt.finetune.trainer import Run

TESTS = Path(__file__).parent


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Path]:
    """Returns what gives the folder of a family's toy."""
    return tiny_models(tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the folder of a run that nothing disturbed."""
    folder = tmp_path_factory.mktemp("whole") / "run"
    tuning.tune(folder)
    return folder


def weights(folder: Path) -> bytes:
    return (folder / "model.safetensors").read_bytes()


def losses(folder: Path) -> list[tuple[int, float]]:
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [(entry["step"], entry["loss"]) for entry in log if "loss" in entry]


def scores(folder: Path) -> list[dict[str, float]]:
    log = [json.loads(line) for line in (folder / "log.jsonl").read_text().splitlines()]
    return [{k: v for k, v in entry.items() if k.startswith("eval_") or k == "step"} for entry in log if "eval_chrf" in entry]


def assert_same_run(folder: Path, whole: Path) -> None:
    assert losses(folder) == losses(whole)
    assert scores(folder) == scores(whole)
    assert weights(folder) == weights(whole)


def test_a_run_leaves_a_model_its_log_its_curve_and_its_card(whole: Path) -> None:
    manifest = json.loads((whole / "manifest.json").read_text())
    assert (manifest["steps"], manifest["examples"]) == (6, {"sentence kk-ru": 30, "sentence ru-kk": 30})
    assert [step for step, _ in losses(whole)] == [1, 2, 3, 4, 5, 6]
    assert [entry["step"] for entry in scores(whole)] == [0, 3, 6]
    assert (whole / "curve.svg").read_text().count("<polyline") == 4
    assert "CC-BY-4.0" in (whole / "README.md").read_text()
    assert "steps = 6" in (whole / "finetune.toml").read_text()
    fingerprints = (whole / manifest["training"]).read_text().splitlines()
    assert len(fingerprints) == 60 and fingerprints == sorted(set(fingerprints))
    assert open_backend(str(whole), tuning.CPU).pairs == ("kk-ru", "kk-en", "ru-kk", "ru-en", "en-kk", "en-ru")
    assert not list(whole.glob("*.part")) and not (whole / "checkpoints").exists()


def test_the_same_seed_gives_the_same_model_and_another_seed_another(tmp_path: Path, whole: Path) -> None:
    tuning.tune(tmp_path / "again")
    tuning.tune(tmp_path / "other", seed=2)
    assert_same_run(tmp_path / "again", whole)
    assert weights(tmp_path / "other") != weights(whole)


def test_a_finished_run_is_not_run_again(whole: Path) -> None:
    before = weights(whole), (whole / "manifest.json").read_bytes()
    manifest, told = tuning.tune(whole)
    assert manifest == json.loads(before[1]) and "finished" in told[0]
    assert before == (weights(whole), (whole / "manifest.json").read_bytes())


KILLED = """
import os, signal, sys
sys.path[:0] = sys.argv[3:]
from pathlib import Path
import tuning
from kzalign.mt.finetune.trainer import Run
right, calls = Run.loss, iter(range(1, 99))
def loss(self, *args, **kwargs):
    if next(calls) == 4:
        os.kill(os.getpid(), signal.SIGKILL)
    return right(self, *args, **kwargs)
Run.loss = loss
tuning.tune(Path(sys.argv[1]), **tuning.METHODS[sys.argv[2]](Path(sys.argv[1]).parent))
"""


@pytest.mark.parametrize("method", tuning.METHODS)
def test_a_run_killed_in_a_step_goes_on_to_the_same_loss_and_model(tmp_path: Path, whole: Path, method: str) -> None:
    changes = tuning.METHODS[method](tmp_path)
    command = [sys.executable, "-c", KILLED, str(tmp_path / "run"), method, str(TESTS), str(TESTS.parent)]
    assert subprocess.run(command, timeout=900, capture_output=True).returncode == -signal.SIGKILL
    assert not (tmp_path / "run" / "manifest.json").exists()
    manifest, told = tuning.tune(tmp_path / "run", **changes)
    assert "going on from step 2 of 6 (checkpoint-2)" in told
    if method == "lora":
        assert manifest["best step"] == 6
        whole = tmp_path / "whole"
        tuning.tune(whole, **changes)
        assert losses(whole)[0][1] > losses(whole)[-1][1]
        adapters = [(folder / "adapter" / "adapter_model.safetensors").read_bytes() for folder in (whole, tmp_path / "run")]
        assert adapters[0] == adapters[1]
    assert_same_run(tmp_path / "run", whole)


def broken_at(monkeypatch: pytest.MonkeyPatch, call: int, breaks: Callable[[Any], Any]) -> None:
    """Makes the loss break when it is computed for the `call`th time."""
    right, calls = Run.loss, iter(range(1, 1000))

    def loss(self: Run, outputs: Any, labels: Any, num_items_in_batch: Any) -> Any:
        found = right(self, outputs, labels, num_items_in_batch)
        return breaks(found) if next(calls) == call else found

    monkeypatch.setattr(Run, "loss", loss)


def out_of_memory(_: Any) -> Any:
    raise RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB")


@pytest.mark.parametrize(
    ("breaks", "says"),
    [
        (
            lambda loss: loss * float("nan"),
            "not a number at step 4, batch of PAIRS more: checkpoints/checkpoint-2 is kept; lower",
        ),
        (out_of_memory, "out of memory at step 4: checkpoints/checkpoint-2 is kept; run again with a finetune.device_tokens"),
    ],
    ids=["nan", "memory"],
)
def test_a_step_that_fails_ends_the_run_which_can_go_on(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, breaks: Callable[[Any], Any], says: str
) -> None:
    with monkeypatch.context() as patched:
        broken_at(patched, 4, breaks)
        with pytest.raises(KzalignError) as error:
            tuning.tune(tmp_path / "run")
    said = str(error.value)
    head, _, tail = says.partition("PAIRS")
    assert head in said and tail in said
    if tail:
        named = said.partition("batch of ")[2].partition(" and ")[0].split(", ")
        assert len(named) == 5 and set(named) <= {pair.id for pair in tuning.pairs()}
    tuning.tune(tmp_path / "run")
    assert_same_run(tmp_path / "run", whole)


def test_a_loss_that_is_no_number_is_seen_before_anything_is_kept_of_the_model(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rare = {"log_steps": 99, "eval_steps": 99, "checkpoint_steps": 99, "steps": 12}
    broken_at(monkeypatch, 2, lambda loss: loss * float("inf"))
    with pytest.raises(KzalignError, match=r"not a number at step 2, batch of .*no checkpoint was written yet"):
        tuning.tune(tmp_path / "run", **rare)
    assert [entry["step"] for entry in scores(tmp_path / "run")] == [0]


@pytest.mark.parametrize(
    "full", [OSError(errno.ENOSPC, "No space left on device"), RuntimeError("PytorchStreamWriter failed writing file")], ids=str
)
def test_a_full_disk_leaves_the_old_checkpoint(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, full: Exception
) -> None:
    import torch

    save = torch.save

    def saved(value: Any, path: Any, *args: Any, **kwargs: Any) -> None:
        if "checkpoint-4" in str(path):
            Path(path).write_bytes(b"cut")
            raise full
        save(value, path, *args, **kwargs)

    with monkeypatch.context() as patched:
        patched.setattr(torch, "save", saved)
        with pytest.raises(KzalignError, match=r"checkpoint of step 4 cannot be written .*checkpoint-2 is kept; make room"):
            tuning.tune(tmp_path / "run")
    last = last_checkpoint(tmp_path / "run")
    assert last is not None and last.name == "checkpoint-2"
    assert sorted(path.name for path in (tmp_path / "run" / "checkpoints").iterdir()) == ["checkpoint-2"]
    tuning.tune(tmp_path / "run")
    assert_same_run(tmp_path / "run", whole)


ENDS = {
    "disk": (OSError(errno.ENOSPC, "No space left on device", "model.safetensors"), "model.safetensors: no room on the disk"),
    "memory": (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB\nmore"), "out of memory (CUDA out of memory. Tried"),
}


@pytest.mark.parametrize(("error", "says"), ENDS.values(), ids=ENDS)
def test_what_ends_while_the_model_is_written_leaves_a_run_that_can_be_finished(
    tmp_path: Path, whole: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, says: str
) -> None:
    def copied(*args: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr(shutil, "copytree", copied)
        with pytest.raises(KzalignError) as told:
            tuning.tune(tmp_path / "run")
    assert says in str(told.value) and "run the same command again" in str(told.value) and "\n" not in str(told.value)
    assert not (tmp_path / "run" / "manifest.json").exists()
    manifest, _ = tuning.tune(tmp_path / "run")
    assert manifest["steps"] == 6
    assert weights(tmp_path / "run") == weights(whole)


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"learning_rate": 1e-3}, "learning_rate (0.002 there, 0.001 now)"),
        ({"seed": 7, "steps": 8}, "steps (6 there, 8 now), seed (1 there, 7 now)"),
    ],
)
def test_another_runs_folder_is_refused(whole: Path, changes: dict[str, Any], says: str) -> None:
    with pytest.raises(KzalignError) as error:
        tuning.tune(whole, **changes)
    assert says in str(error.value) and "--force" in str(error.value)


def test_a_run_on_other_pairs_and_a_foreign_folder_are_refused(tmp_path: Path, whole: Path) -> None:
    with pytest.raises(KzalignError, match="a run with other pairs"):
        tuning.tune(whole, tuning.given(31))
    (tmp_path / "thesis.txt").write_text("mine")
    with pytest.raises(KzalignError, match="not a folder of `kzalign finetune`"):
        tuning.tune(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_accumulated_and_whole_steps_learn_the_same(tmp_path: Path) -> None:
    tuning.tune(tmp_path / "one", dropout=0.0)
    tuning.tune(tmp_path / "three", dropout=0.0, device_tokens=200)
    for (_, one), (_, three) in zip(losses(tmp_path / "one"), losses(tmp_path / "three"), strict=True):
        assert one == pytest.approx(three, rel=1e-4)


FAMILIES = [(family, "full") for family in ("nllb", "m2m100", "mbart50", "madlad")] + [("nllb", "lora"), ("madlad", "lora")]
"""Layers have other names in T5, which MADLAD is, than in the rest."""


@pytest.mark.parametrize(("family", "method"), FAMILIES)
def test_every_family_learns_and_opens_again(tmp_path: Path, tiny: Callable[[str], Path], family: str, method: str) -> None:
    base, folder = str(tiny(family)), tmp_path / "run"
    settings = {
        "steps": 6,
        "eval_steps": 6,
        "dropout": 0.0,
        "warmup_steps": 1,
        "learning_rate": {"full": 2e-3, "lora": 2e-2}[method],
    }
    manifest, _ = tuning.tune(folder, model=base, method=method, **settings)
    found = [loss for _, loss in losses(folder)]
    assert sum(found[-2:]) < sum(found[:2])
    assert open_backend(str(folder), tuning.CPU).languages == open_backend(base, tuning.CPU).languages
    assert manifest["base"].startswith(f"{family}@")


def test_a_merged_adapter_translates_as_the_unmerged_one(tmp_path: Path, tiny: Callable[[str], Path]) -> None:
    import torch
    from peft import PeftModel
    from transformers import AutoModelForSeq2SeqLM

    base, folder = tiny("nllb"), tmp_path / "run"
    rising = iter(range(100))
    what = tuning.given(score=lambda hypotheses, references: float(next(rising)))
    tuning.tune(folder, what, model=str(base), method="lora", learning_rate=2e-2, warmup_steps=0)
    apart = PeftModel.from_pretrained(AutoModelForSeq2SeqLM.from_pretrained(base), str(folder / "adapter")).eval()
    together = AutoModelForSeq2SeqLM.from_pretrained(folder).eval()
    plain = AutoModelForSeq2SeqLM.from_pretrained(base).eval()
    ids = {"input_ids": torch.arange(8, 28).view(2, 10), "decoder_input_ids": torch.arange(30, 44).view(2, 7)}
    with torch.inference_mode():
        one, other, untouched = (model(**ids).logits for model in (apart, together, plain))
    assert torch.allclose(one, other, atol=1e-4)
    assert not torch.allclose(one, untouched, atol=1e-2)


def test_an_adapter_alone_is_written_where_merging_is_not_wanted(tmp_path: Path, tiny: Callable[[str], Path]) -> None:
    tuning.tune(tmp_path / "run", model=str(tiny("nllb")), method="lora", merge=False, steps=2)
    assert (tmp_path / "run" / "adapter" / "adapter_model.safetensors").is_file()
    assert not (tmp_path / "run" / "model.safetensors").exists()


def test_gain_and_loss_are_told_and_a_fall_of_what_was_not_trained_is_a_warning(
    tmp_path: Path, tiny: Callable[[str], Path]
) -> None:
    worse = {"kk-ru": (40.0, 45.0), "ru-kk": (40.0, 38.0), "en-ru": (50.0, 48.9), "ru-en": (50.0, 49.1)}

    def compare(asked: Any, before: Any, after: Any) -> Any:
        assert len(before) == len(after) == len(asked.references)
        first, second = worse[asked.direction]
        return replace(tuning.compared(asked, before, after), before=first, after=second, p=0.01)

    what = tuning.given(
        tests=[tuning.asked("kk-ru", name="test")],
        general=[tuning.asked(direction, name="xwmt") for direction in ("ru-kk", "en-ru", "ru-en")],
        compare=compare,
    )
    manifest, told = tuning.tune(tmp_path / "run", what, model=str(tiny("nllb")), steps=2, eval_steps=2)
    assert "test (this corpus) kk-ru: chrF++ 40.00 -> 45.00 (+5.00, p = 0.0100)" in told
    assert "xwmt (general) ru-kk: chrF++ 40.00 -> 38.00 (-2.00, p = 0.0100)" in told
    assert [line.split(" was")[0] for line in told if "warning" in line] == ["warning: en-ru"]
    assert [result["domain"] for result in manifest["results"]] == ["in", "out", "out", "out"]
    assert "| xwmt | general | en-ru (not trained) |" in (tmp_path / "run" / "README.md").read_text()


KEPT = {
    "the untrained one": (
        [50.0, 10.0],
        "kept: step 0 of 2, chrF++ 50.00 on validation: no step was better",
    ),
    "a trained one": ([10.0, 50.0], "kept: step 2 of 2, chrF++ 50.00 on validation"),
}


@pytest.mark.parametrize("case", KEPT)
def test_which_model_is_kept_is_told(tmp_path: Path, case: str) -> None:
    found, says = KEPT[case]
    values = iter(found)
    what = tuning.given(20, ("kk-ru",), score=lambda hypotheses, references: next(values))
    _, told = tuning.tune(tmp_path / "run", what, steps=2, eval_steps=2)
    [line] = [line for line in told if "kept: step" in line]
    assert line.startswith(says)


@pytest.mark.parametrize(("seconds", "steps"), [(0.0, ["step 1 of 4", "step 2 of 4", "step 3 of 4", "step 4 of 4"]), (900.0, [])])
def test_how_far_a_run_is_is_told_now_and_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seconds: float, steps: list[str]
) -> None:
    monkeypatch.setattr(train, "LOG_SECONDS", seconds)
    what = tuning.given(20, ("kk-ru",), general=[tuning.asked("ru-kk", 3, 7, "xwmt")])
    _, told = tuning.tune(tmp_path / "run", what, steps=4, eval_steps=4, directions=("kk-ru",))
    assert [line.split(",")[0] for line in told if " of 4" in line and "kept" not in line] == steps
    assert "after: translating 3 segments of xwmt ru-kk" in told


def test_training_ends_without_a_better_score_and_the_best_model_stays(tmp_path: Path) -> None:
    values = iter([10.0, 30.0, 20.0, 20.0, 99.0])
    what = tuning.given(20, ("kk-ru",), score=lambda hypotheses, references: next(values))
    manifest, _ = tuning.tune(tmp_path / "run", what, steps=20, eval_steps=2, patience=2)
    assert (manifest["steps"], manifest["best step"], manifest["dev chrF++"]) == (6, 2, 30.0)
    short = tuning.given(20, ("kk-ru",), score=lambda hypotheses, references: float(len(calls.append(1) or calls)))
    calls: list[int] = []
    tuning.tune(tmp_path / "short", short, steps=2, eval_steps=2)
    assert weights(tmp_path / "short") == weights(tmp_path / "run")


@pytest.mark.slow
def test_a_small_model_learns_sixty_pairs_by_heart(tmp_path: Path) -> None:
    from kzalign.bench.mt.metrics import make_metric

    test = tuning.asked("kk-ru", 60, name="test")
    settings = {"steps": 200, "batch_tokens": 1200, "device_tokens": 1200, "eval_steps": 200, "checkpoint_steps": 200}
    settings |= {"dropout": 0.0, "label_smoothing": 0.0, "warmup_steps": 40, "log_steps": 20, "dev_segments": 10}
    what = tuning.given(60, ("kk-ru",), dev=[tuning.asked("kk-ru", 60)])
    start = time.process_time()
    tuning.tune(tmp_path / "run", what, schedule="cosine", learning_rate=4e-3, **settings)
    # Of the one core that it has, which other work on the machine does not change.
    assert time.process_time() - start < 90
    hypotheses = open_backend(str(tmp_path / "run"), tuning.CPU).translate(test.sources, "kk", "ru")
    assert make_metric("bleu").corpus(hypotheses, test.references) >= 90
