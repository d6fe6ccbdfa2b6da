"""Texts of unequal lengths through a model: batches of like length, results in the order given, less where memory ends."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor

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
            results = list(_beside(translate, planned, self._workers + 1) if self._workers else _in_turn(translate, planned))
            for batch, hypotheses in results:
                found.update(zip(batch, hypotheses or (), strict=hypotheses is not None))
            if too_large := [batch for batch, hypotheses in results if hypotheses is None]:
                self._shrink(too_large[0], lengths, beams)
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


def _in_turn(translate: Translate, planned: Sequence[list[int]]) -> Iterator[tuple[list[int], list[Hypothesis] | None]]:
    """Yields batches with their hypotheses, up to one that does not fit into memory and has none."""
    for batch in planned:
        hypotheses = _within_memory(translate, batch)
        yield batch, hypotheses
        if hypotheses is None:
            return


def _beside(
    translate: Translate, planned: Sequence[list[int]], threads: int
) -> Iterator[tuple[list[int], list[Hypothesis] | None]]:
    """Yields the same; batches that were under way beside one that does not fit come too."""
    with ThreadPoolExecutor(threads) as pool:
        futures = [pool.submit(_within_memory, translate, batch) for batch in planned]
        try:
            all(future.result() is not None for future in futures)
        finally:
            pool.shutdown(cancel_futures=True)
    for batch, future in zip(planned, futures, strict=True):
        if not future.cancelled():
            yield batch, future.result()


def _within_memory(translate: Translate, batch: list[int]) -> list[Hypothesis] | None:
    """Returns the batch's hypotheses, or None where memory did not suffice; other errors pass."""
    try:
        return translate(batch)
    except RuntimeError as error:
        # torch's OutOfMemoryError is one; CTranslate2 and torch's allocator on a CPU raise the plain class.
        if not any(words in str(error).lower() for words in MEMORY):
            raise
    return None
