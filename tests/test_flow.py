"""Windows under way at an engine that answers in any order, and fails at any moment: the bytes and the questions are the same."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from test_translate_resume import JOB, article, outputs, source_of, write_input
from translators import Faulty

from kzalign.mt.bulk import ledger, translate
from kzalign.mt.bulk.flow import Engine, Here
from kzalign.mt.bulk.window import Answer, Batch, ask

COUNT = 24
JOBS = replace(JOB, config=replace(JOB.config, window=24))
FAULTS = {article(n).versions["ru"].sentences[1]: "Нет" for n in range(0, COUNT, 5)}


@pytest.fixture(autouse=True, scope="module")
def fast_disk() -> Iterator[None]:
    """Syncing is left out."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.os, "fsync", lambda handle: None)
        yield


class Shuffled(Faulty):
    """A model that is its own engine: it answers what it was given in any order, and dies when it has answered enough."""

    def __init__(self, slots: int, chance: random.Random, lives: int) -> None:
        super().__init__(FAULTS)
        self.slots, self.chance, self.lives = slots, chance, lives
        self.given: list[Batch] = []
        self.answered: list[Batch] = []
        self.most = 0

    def give(self, batch: Batch) -> None:
        """Takes a batch on."""
        self.given.append(batch)
        assert len(self.given) <= self.slots

    def take(self) -> tuple[Batch, list[Answer]] | None:
        """Returns any of the batches, or nothing."""
        self.most = max(self.most, len({batch.window for batch in self.given}))
        if self.chance.random() < 0.2:
            return None
        if len(self.answered) == self.lives:
            raise RuntimeError("the end")
        batch = self.given.pop(self.chance.randrange(len(self.given)))
        self.answered.append(batch)
        return batch, ask(self, batch)


@pytest.fixture(scope="module")
def expected(tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """Returns what the model in this process writes."""
    folder = tmp_path_factory.mktemp("whole")
    write_input(folder, COUNT)
    model = Faulty(FAULTS)
    translate(source_of(folder), folder / "out.jsonl", model, JOBS)
    assert model.again, "what is flagged is asked once more"
    return outputs(folder)


def run(folder: Path, model: Any) -> None:
    """Translates in.jsonl to out.jsonl, or goes on with it."""
    translate(source_of(folder), folder / "out.jsonl", model, JOBS)


def test_which_models_are_engines() -> None:
    assert isinstance(Shuffled(1, random.Random(0), 0), Engine) and isinstance(Here(Faulty({})), Engine)
    assert not isinstance(Faulty({}), Engine)


@settings(max_examples=40, deadline=None)
@given(slots=st.integers(1, 30), seed=st.integers(0, 1000), deaths=st.lists(st.integers(0, 60), max_size=4))
def test_any_order_and_any_end(
    tmp_path_factory: pytest.TempPathFactory, expected: list[bytes], slots: int, seed: int, deaths: list[int]
) -> None:
    folder = tmp_path_factory.mktemp("any")
    write_input(folder, COUNT)
    chance, answered = random.Random(seed), Counter[tuple[int, int]]()
    for lives in (*deaths, 10_000):
        model = Shuffled(slots, chance, lives)
        try:
            run(folder, model)
        except RuntimeError:
            assert not (folder / "out.jsonl").exists()
        answered.update((batch.window, batch.number) for batch in model.answered)
        if (folder / "out.jsonl").exists():
            break
    assert outputs(folder) == expected
    assert set(answered.values()) == {1}, "what was answered once is never asked again, its window's turn or not"


@pytest.mark.parametrize(("slots", "windows"), [(1, 1), (4, 2), (40, 5)])
def test_as_many_windows_are_under_way_as_keep_the_engine_busy(tmp_path: Path, slots: int, windows: int) -> None:
    write_input(tmp_path, COUNT)
    model = Shuffled(slots, random.Random(1), 10_000)
    run(tmp_path, model)
    assert model.most >= windows and model.most <= slots
