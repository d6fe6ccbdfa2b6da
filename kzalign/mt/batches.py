"""Texts of unequal lengths through a model: batches of like length, results in the order given, less where memory ends."""

from collections.abc import Callable, Sequence

from kzalign.errors import KzalignError
from kzalign.mt.backend import Hypothesis

SHORTEST = 16
"""Tokens: shorter sources are given as much room as sources of this length."""
MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "failed to allocate")


def room(tokens: int, ratio: int, most: int) -> int:
    """Returns how many tokens the translation of a source of that length may have.

    It grows in steps, `ratio` times the next power of two, so that sources of one batch share it and a hypothesis does
    not depend on what else is in its batch.
    """
    step = SHORTEST
    while step < tokens:
        step *= 2
    return min(most, ratio * step)


class Batcher:
    """Cuts texts into batches within a budget of tokens, and a batch that does not fit into memory into halves."""

    def __init__(self, budget: int, beams: int, events: list[str]) -> None:
        self._budget, self._beams, self._events = budget, beams, events

    def run(
        self, lengths: Sequence[int], rooms: Sequence[int], translate: Callable[[list[int]], list[Hypothesis]]
    ) -> list[Hypothesis]:
        """Returns the hypotheses of all texts, one a length; `translate` is given the indices of a batch.

        The longest go first, so that memory ends soon if it ends; texts of one batch have the same room.
        """
        found: dict[int, Hypothesis] = {}
        waiting = sorted(range(len(lengths)), key=lambda i: (-rooms[i], -lengths[i]))
        while waiting:
            batch = self._next(waiting, lengths, rooms)
            hypotheses = _within_memory(translate, batch)
            if hypotheses is None:
                self._shrink(batch, lengths)
                continue
            found.update(zip(batch, hypotheses, strict=True))
            waiting = waiting[len(batch) :]
        return [found[i] for i in range(len(lengths))]

    def _next(self, waiting: Sequence[int], lengths: Sequence[int], rooms: Sequence[int]) -> list[int]:
        size = max(1, self._budget // (lengths[waiting[0]] * self._beams))
        return [i for i in waiting[:size] if rooms[i] == rooms[waiting[0]]]

    def _shrink(self, batch: Sequence[int], lengths: Sequence[int]) -> None:
        longest = lengths[batch[0]]
        if len(batch) == 1:
            raise KzalignError(
                f"a text of {longest} tokens alone does not fit into memory: use a smaller model, fewer beams, "
                f"mt.backend=ctranslate2 or another device"
            )
        half = len(batch) // 2
        self._budget = half * longest * self._beams
        self._events.append(f"out of memory: a batch of {len(batch)} texts halved, mt.batch_tokens now {self._budget}")


def _within_memory(translate: Callable[[list[int]], list[Hypothesis]], batch: list[int]) -> list[Hypothesis] | None:
    """Returns the batch's hypotheses, or None where memory did not suffice; other errors pass."""
    try:
        return translate(batch)
    except RuntimeError as error:
        # torch's OutOfMemoryError is one; CTranslate2 and torch's allocator on a CPU raise the plain class.
        if not any(words in str(error).lower() for words in MEMORY):
            raise
    return None
