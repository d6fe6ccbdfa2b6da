"""Texts of unequal lengths through a model: batches of like length, results in the order given, less where memory ends."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from kzalign.errors import KzalignError
from kzalign.mt.backend import Hypothesis

SHORTEST = 16
"""Tokens: shorter sources are given as much room as sources of this length."""
MEMORY = ("out of memory", "can't allocate memory", "not enough memory", "failed to allocate")

Translate = Callable[[list[int]], list[Hypothesis]]
"""Gives the hypotheses of a batch, which is the indices of its texts."""


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
    """Cuts texts into batches within a budget of tokens, and a batch that does not fit into memory into halves.

    `workers` batches are under way at a time while one more is made ready or turned into text; with none, this thread
    does one after the other.
    """

    def __init__(self, budget: int, events: list[str], workers: int = 0) -> None:
        self._budget, self._events, self._workers = budget, events, workers

    def run(self, lengths: Sequence[int], rooms: Sequence[int], beams: int, translate: Translate) -> list[Hypothesis]:
        """Returns the hypotheses of all texts, one a length.

        The longest go first, so that memory ends soon if it ends; texts of one batch have the same room.
        """
        found: dict[int, Hypothesis] = {}
        waiting = sorted(range(len(lengths)), key=lambda i: (-rooms[i], -lengths[i]))
        while waiting:
            planned = self._plan(waiting, lengths, rooms, beams)
            with ThreadPoolExecutor(self._workers + 1) as pool:
                work = partial(_within_memory, translate)
                done = pool.map(work, planned) if self._workers else map(work, planned)
                for batch, hypotheses in zip(planned, done, strict=True):
                    if hypotheses is None:
                        pool.shutdown(wait=True, cancel_futures=True)
                        self._shrink(batch, lengths, beams)
                        break
                    found.update(zip(batch, hypotheses, strict=True))
            waiting = [i for i in waiting if i not in found]
        return [found[i] for i in range(len(lengths))]

    def _plan(self, waiting: Sequence[int], lengths: Sequence[int], rooms: Sequence[int], beams: int) -> list[list[int]]:
        """Returns the batches of the texts that wait, at least one a worker where there are so many texts."""
        planned: list[list[int]] = []
        most = -(-len(waiting) // max(1, self._workers))
        start = 0
        while start < len(waiting):
            first = waiting[start]
            size = min(most, max(1, self._budget // (lengths[first] * beams)))
            batch = [i for i in waiting[start : start + size] if rooms[i] == rooms[first]]
            planned.append(batch)
            start += len(batch)
        return planned

    def _shrink(self, batch: Sequence[int], lengths: Sequence[int], beams: int) -> None:
        longest = lengths[batch[0]]
        if len(batch) == 1:
            raise KzalignError(
                f"a text of {longest} tokens alone does not fit into memory: use a smaller model, fewer beams, "
                f"mt.backend=ctranslate2 or another device"
            )
        half = len(batch) // 2
        self._budget = half * longest * beams
        self._events.append(f"out of memory: a batch of {len(batch)} texts halved, mt.batch_tokens now {self._budget}")


def _within_memory(translate: Translate, batch: list[int]) -> list[Hypothesis] | None:
    """Returns the batch's hypotheses, or None where memory did not suffice; other errors pass."""
    try:
        return translate(batch)
    except RuntimeError as error:
        # torch's OutOfMemoryError is one; CTranslate2 and torch's allocator on a CPU raise the plain class.
        if not any(words in str(error).lower() for words in MEMORY):
            raise
    return None
