"""Windows under way: their batches go to an engine as it has room, the answers to the journal as they come, in any order."""

from collections import deque
from collections.abc import Callable, Iterable
from typing import Protocol, runtime_checkable

from kzalign.errors import KzalignError
from kzalign.mt.bulk.ledger import Ledger
from kzalign.mt.bulk.window import Answer, Batch, Request, Steps, Window, ask
from kzalign.mt.bulk.works import Translated
from kzalign.mt.contract import Translator


@runtime_checkable
class Engine(Protocol):
    """What carries batches to a model and its answers back."""

    @property
    def slots(self) -> int:
        """Returns how many batches keep it busy."""

    def give(self, batch: Batch) -> None:
        """Takes a batch on."""

    def take(self) -> tuple[Batch, list[Answer]] | None:
        """Returns one of the batches with its answers; None where a moment's waiting brought none."""


class Here:
    """The model in this process, asked for one batch at a time."""

    slots = 1

    def __init__(self, model: Translator) -> None:
        self._model = model
        self._given: deque[Batch] = deque()

    def give(self, batch: Batch) -> None:
        """Takes a batch on."""
        self._given.append(batch)

    def take(self) -> tuple[Batch, list[Answer]]:
        """Returns the first of the batches with its answers."""
        batch = self._given.popleft()
        return batch, ask(self._model, batch)


class Asked:
    """A window's requests, of which some are answered."""

    def __init__(self, steps: Steps) -> None:
        self.results: dict[Request, Translated] | None = None
        """None until all are answered."""
        self.texts = self.of = 0
        """So many texts are answered, of so many; what is asked twice counts twice in `texts`."""
        self._steps = steps
        self._round: list[Batch] = []
        self._answers: dict[int, list[Answer]] = {}

    def batches(self) -> list[Batch]:
        """Returns the batches of the first round; empty where there is nothing to ask."""
        made = self._sent(None)
        self.of = sum(len(batch.requests) for batch in made)
        return made

    def answer(self, batch: Batch, answers: list[Answer]) -> list[Batch]:
        """Returns the batches of the next round, if this answer ends one."""
        self.texts += len(answers)
        self._answers[batch.number] = answers
        if len(self._answers) < len(self._round):
            return []
        return self._sent([self._answers[asked.number] for asked in self._round])

    def _sent(self, found: list[list[Answer]] | None) -> list[Batch]:
        self._round, self._answers = [], {}
        try:
            self._round = next(self._steps) if found is None else self._steps.send(found)
        except StopIteration as done:
            self.results = done.value
        return self._round


class Flow:
    """All windows under way; `tell` is told the texts and characters of each batch that the model answered."""

    def __init__(self, engine: Engine, window: Window, ledger: Ledger, tell: Callable[[int, int], None]) -> None:
        self._engine, self._window, self._ledger, self._tell = engine, window, ledger, tell
        self._waiting: deque[Batch] = deque()
        self._given = 0
        self._windows: dict[int, Asked] = {}

    @property
    def hungry(self) -> bool:
        """Says whether the engine has room for more than the windows under way have; their number is bounded."""
        return len(self._waiting) + self._given < self._engine.slots and len(self._windows) < self._engine.slots

    def begin(self, first: int, requests: Iterable[Request]) -> Asked:
        """Returns the window that begins at record `first`, under way."""
        asked = self._windows[first] = Asked(self._window.steps(first, requests))
        self._put(asked, asked.batches())
        return asked

    def forget(self, first: int) -> None:
        """Lets go of a window that is written."""
        del self._windows[first]

    def step(self) -> None:
        """Gives what the engine has room for, and takes a batch; raises KzalignError where the model cannot go on."""
        while self._waiting and self._given < self._engine.slots:
            self._engine.give(self._waiting.popleft())
            self._given += 1
        self._take()

    def drain(self) -> None:
        """Takes the batches that the engine has."""
        while self._given:
            self._take()

    def _take(self) -> None:
        try:
            taken = self._engine.take()
        except KzalignError as error:
            raise KzalignError(f"{error}; what is translated is kept: run the same command again to go on") from None
        if taken is None:
            return
        batch, answers = taken
        self._given -= 1
        self._ledger.add_batch(batch.window, batch.number, batch.texts, [list(answer) for answer in answers])
        asked = self._windows[batch.window]
        self._put(asked, asked.answer(batch, answers))
        self._tell(len(answers), sum(map(len, batch.texts)))

    def _put(self, asked: Asked, batches: list[Batch]) -> None:
        """Answers from the journal what it has; the rest waits for the engine."""
        for batch in batches:
            kept = self._ledger.batch(batch.window, batch.number, batch.texts)
            if kept is None:
                self._waiting.append(batch)
            else:
                self._put(asked, asked.answer(batch, [Answer(text, unfinished) for text, unfinished in kept]))
