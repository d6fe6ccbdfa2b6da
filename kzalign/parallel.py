"""Work spread over processes, its results in the input's order."""

import multiprocessing
import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Items a worker may be ahead of the one who takes the results: bounds memory."""

FORKS = hasattr(os, "fork")
_work: Callable[[Any], Any] | None = None


def in_order(work: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """Yields `work(item)` for each item in order, done by `jobs` processes; by this one where that is one.

    A worker gets `work` once, with all that it holds: by inheritance where processes fork, else pickled.
    """
    if jobs <= 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("fork" if FORKS else "spawn")
    waiting: deque[Future[R]] = deque()
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work,))
    try:
        for item in items:
            waiting.append(pool.submit(_call, item))
            if len(waiting) >= jobs * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    finally:
        pool.shutdown(wait=False, cancel_futures=True)


def _begin(work: Callable[[Any], Any]) -> None:
    global _work
    _work = work


def _call(item: Any) -> Any:
    assert _work is not None
    return _work(item)
