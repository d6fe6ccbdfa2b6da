"""Work spread over processes, its results in the input's order."""

import gc
import multiprocessing
import multiprocessing.process
import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from typing import Any, TypeVar

T = TypeVar("T")
R = TypeVar("R")

AHEAD = 4
"""Items a worker may be ahead of the one who takes the results: bounds memory."""

PATIENCE = 2.0
"""Seconds that a worker may take to end."""

ITEMS_PER_COLLECTION = 20
"""Looking for garbage whenever Python likes to costs a fifth of the time; what has survived once is looked at no more."""

FORKS = hasattr(os, "fork")
_work: Callable[[Any], Any] | None = None
_done = 0


def in_order(work: Callable[[T], R], items: Iterable[T], jobs: int) -> Iterator[R]:
    """Yields `work(item)` for each item in order, done by `jobs` processes; by this one where that is one.

    A worker gets `work` once, with all that it holds: by inheritance where processes fork, else pickled.
    """
    if jobs <= 1:
        yield from map(work, items)
        return
    context = multiprocessing.get_context("fork" if FORKS else "spawn")
    waiting: deque[Future[R]] = deque()
    others = set(multiprocessing.active_children())
    pool = ProcessPoolExecutor(jobs, mp_context=context, initializer=_begin, initargs=(work,))
    try:
        for item in items:
            waiting.append(pool.submit(_call, item))
            if len(waiting) >= jobs * AHEAD:
                yield waiting.popleft().result()
        while waiting:
            yield waiting.popleft().result()
    except BaseException:
        _end(pool, others)
        raise
    pool.shutdown()


def _end(pool: ProcessPoolExecutor, others: set[multiprocessing.process.BaseProcess]) -> None:
    """Ends a pool whose results nobody wants any more; a worker in the middle of a document does not hold the command up.

    The pool itself may not know yet of a worker that it was starting: all children but the `others` are workers.
    """
    pool.shutdown(wait=False, cancel_futures=True)
    workers = set(multiprocessing.active_children()) - others
    for worker in workers:
        worker.terminate()
    for worker in workers:
        worker.join(PATIENCE)
        if worker.is_alive():
            worker.kill()


def _begin(work: Callable[[Any], Any]) -> None:
    """Readies a worker: what it inherits is never looked through for garbage, and its own only between items.

    Ctrl-C reaches the whole group of processes; the first one answers it and ends the others.
    """
    global _work
    _work = work
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    gc.freeze()
    gc.disable()


def _call(item: Any) -> Any:
    global _done
    assert _work is not None
    result = _work(item)
    _done += 1
    if _done % ITEMS_PER_COLLECTION == 0:
        gc.collect()
        gc.freeze()
    return result
