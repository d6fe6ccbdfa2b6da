"""Workers of a Ray cluster: each is an actor that opens the model once; batches go to whichever has room.

A worker that is lost (its process, its node, its network) is replaced, and its batches are given to others; each batch is
answered once. Why these are actors and not a Ray Data pipeline is in docs/many-machines.md.
"""

import logging
import math
import os
import signal
import time
from collections import Counter, deque
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from typing import Any

from kzalign import __version__
from kzalign.errors import KzalignError
from kzalign.mt.bulk.engines import Open, Workers
from kzalign.mt.bulk.window import Answer, Batch, ask
from kzalign.mt.contract import Translator

DEPTH = 2
"""Batches a worker has: one that the model is at, and the next, so that it does not wait for the network."""
MOMENT = 0.5
"""Seconds after which a waiting driver looks whether the user asked to stop."""
PATIENCE = 900.0
"""Seconds without any worker after which a run ends; a large model may take minutes to open."""
LOSSES = 5
"""A batch at which so many workers were lost is the cause; so is opening the model, if none has opened it in between."""
OPENING = "opening the model"

OWN = {"address": "local", "include_dashboard": False, "object_store_memory": 100 << 20, "_node_ip_address": "127.0.0.1"}
"""Of a cluster on this machine for one run: nobody else reaches it, and batches are small."""

VALUES = ("name", "languages", "pairs", "setup", "max_length")
METHODS = ("translate", "hypotheses", "generate", "translate_terms", "lengths")
"""What a model of `kzalign.mt.contract` may have; not every model has each."""


class Worker:
    """Lives in its own process, on any machine of the cluster, with the model."""

    def open(self, opened: Open) -> dict[str, Any]:
        """Opens the model and returns what identifies it, and the methods that it has."""
        self._model = opened()
        values = {name: getattr(self._model, name) for name in VALUES if hasattr(self._model, name)}
        values["languages"] = tuple(values["languages"])
        return {"kzalign": __version__, **values, "methods": [name for name in METHODS if hasattr(self._model, name)]}

    def ask(self, batch: Batch) -> list[Answer]:
        """Returns the answers to a batch."""
        return ask(self._model, batch)

    def call(self, method: str, *arguments: Any, **settings: Any) -> Any:
        """Returns what a method of the model returns."""
        return getattr(self._model, method)(*arguments, **settings)

    def notes(self) -> list[str]:
        """Returns the model's notes."""
        return list(self._model.notes)


class Workforce:
    """The workers as one model: what the driver's Translator is, and an Engine."""

    name: str
    languages: Sequence[str]

    def __init__(self, ray: Any, opened: Open, workers: Workers) -> None:
        self._ray, self._opened, self._workers = ray, opened, workers
        self._remote = ray.remote(num_cpus=workers.cpus, num_gpus=workers.gpus, max_restarts=0, max_task_retries=0)(Worker)
        self._opening: dict[Any, Any] = {}
        self._load: Counter[Any] = Counter()
        self._flying: dict[Any, tuple[Any, Batch]] = {}
        self._waiting: deque[Batch] = deque()
        self._done: deque[tuple[Batch, list[Answer]]] = deque()
        self._lost: Counter[str] = Counter()
        self._replaced = 0
        self._facts: dict[str, Any] = {}
        self._alive = time.monotonic()
        self.slots = DEPTH * workers.actors
        for _ in range(workers.actors):
            self._hire()
        while not self._load:
            self._wait()
        for name in set(VALUES) & set(self._facts):
            setattr(self, name, self._facts[name])
        for name in self._facts["methods"]:
            setattr(self, name, partial(self._call, name))

    @property
    def notes(self) -> list[str]:
        """Returns how many workers were lost, and each worker's notes under its number."""
        told = [f"{self._replaced} workers lost and replaced, their batches done again"] if self._replaced else []
        for number, actor in enumerate(self._load, 1):
            with suppress(self._ray.exceptions.RayActorError):
                told += [f"worker {number}: {note}" for note in self._ray.get(actor.notes.remote())]
        return told

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns one hypothesis for each text, from one of the workers."""
        found: list[str] = self._call("translate", texts, source, target)
        return found

    def give(self, batch: Batch) -> None:
        """Takes a batch on."""
        self._waiting.append(batch)
        self._spread()

    def take(self) -> tuple[Batch, list[Answer]] | None:
        """Returns one of the batches with its answers; None where a moment's waiting brought none."""
        if not self._done:
            self._wait()
        return self._done.popleft() if self._done else None

    def _wait(self) -> None:
        """Waits a moment for a worker to open the model or to answer."""
        ready, _ = self._ray.wait([*self._flying, *self._opening], num_returns=1, timeout=MOMENT)
        if self._load:
            self._alive = time.monotonic()
        elif time.monotonic() - self._alive > PATIENCE:
            raise KzalignError(f"no worker for {PATIENCE:g} s: {self._wants()}")
        for ref in ready:
            if ref in self._opening:
                self._open_for_work(ref)
            else:
                self._land(ref)
        self._spread()

    def _wants(self) -> str:
        has = self._ray.cluster_resources()
        return (
            f"each needs {self._workers.cpus:g} cores and {self._workers.gpus:g} GPUs, all nodes together have "
            f"{has.get('CPU', 0):g} and {has.get('GPU', 0):g}"
        )

    def _hire(self) -> None:
        actor = self._remote.remote()
        self._opening[actor.open.remote(self._opened)] = actor

    def _open_for_work(self, ref: Any) -> None:
        actor = self._opening.pop(ref)
        facts = self._result(ref)
        if facts is None:
            self._count_loss(OPENING)
            self._hire()
            return
        self._facts = self._facts or facts
        if differs := [name for name in self._facts if self._facts[name] != facts.get(name)]:
            told = "; ".join(f"{name} {facts.get(name)} where another has {self._facts[name]}" for name in differs)
            raise KzalignError(f"a worker opened another model: {told}: give all nodes the same kzalign, model and hardware")
        self._load[actor] = 0
        del self._lost[OPENING]

    def _land(self, ref: Any) -> None:
        # A worker answers in the order in which it is asked: if it is lost, its oldest batch is the one it was at.
        under = next(batch for actor, batch in self._flying.values() if actor == self._flying[ref][0])
        actor, batch = self._flying.pop(ref)
        answers = self._result(ref)
        if answers is not None:
            if actor in self._load:
                self._load[actor] -= 1
            self._done.append((batch, answers))
            return
        self._waiting.appendleft(batch)
        if actor in self._load:
            longest = max(map(len, under.texts))
            what = f"{len(under.texts)} texts of at most {longest} characters"
            self._count_loss(f"batch {under.number} of the window at record {under.window + 1} ({what})")
            self._replace(actor)

    def _count_loss(self, doing: str) -> None:
        self._lost[doing] += 1
        if self._lost[doing] >= LOSSES:
            raise KzalignError(f"{LOSSES} workers were lost at {doing}: their logs say why; want of memory, most often")

    def _replace(self, actor: Any) -> None:
        """Puts another worker in the place of one that is lost; one that only seems to be lost is ended."""
        del self._load[actor]
        self._replaced += 1
        self._ray.kill(actor)
        self._hire()

    def _result(self, ref: Any) -> Any:
        """Returns what a worker answered; None where it is lost."""
        errors = self._ray.exceptions
        try:
            return self._ray.get(ref)
        except errors.RayTaskError as error:
            if isinstance(error.cause, KzalignError):
                raise KzalignError(str(error.cause)) from None
            raise
        except (errors.RayActorError, errors.WorkerCrashedError, errors.NodeDiedError, errors.ObjectLostError):
            return None

    def _spread(self) -> None:
        while self._waiting and self._load:
            actor, load = min(self._load.items(), key=lambda item: item[1])
            if load >= DEPTH:
                return
            batch = self._waiting.popleft()
            self._flying[actor.ask.remote(batch)] = (actor, batch)
            self._load[actor] += 1

    def _call(self, method: str, *arguments: Any, **settings: Any) -> Any:
        """Returns what a method of the model returns at one of the workers; asks another where it is lost."""
        while True:
            while not self._load:
                self._wait()
            actor = min(self._load, key=self._load.__getitem__)
            found = self._result(actor.call.remote(method, *arguments, **settings))
            if found is not None:
                return found
            self._replace(actor)


@contextmanager
def on_ray(opened: Open, workers: Workers) -> Iterator[Translator]:
    """Yields the model that `opened` opens in workers of a cluster; they end with the context, as does a cluster made for it.

    Raises KzalignError where there is no Ray or no cluster.
    """
    try:
        import ray
    except ModuleNotFoundError:
        raise KzalignError("--engine ray: Ray is not installed: pip install 'kzalign[ray]'") from None
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    before = signal.getsignal(signal.SIGTERM)
    options: dict[str, Any] = {"address": workers.address} if workers.address else OWN | {"num_cpus": _cores(workers)}
    try:
        ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RpcError) as error:
        raise KzalignError(f"--ray-address {workers.address or 'none'}: {' '.join(str(error).split())}") from None
    # Ray takes SIGTERM for itself.
    signal.signal(signal.SIGTERM, before)
    try:
        yield Workforce(ray, opened, workers)
    finally:
        ray.shutdown()


def _cores(workers: Workers) -> int:
    return math.ceil(workers.actors * workers.cpus)
