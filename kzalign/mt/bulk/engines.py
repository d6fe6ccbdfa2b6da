"""Where a model runs. An engine is an entry of ENGINES: it opens the model and returns what the harness asks."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from kzalign.errors import KzalignError
from kzalign.mt.contract import Translator


@dataclass(frozen=True, slots=True)
class Workers:
    """Of an engine with workers: how many, what each is given, and the cluster they are on."""

    actors: int = 1
    cpus: float = 1
    """Processor cores of each; its threads."""
    gpus: float = 0
    address: str = ""
    """Of a Ray cluster, or auto; empty: one on this machine, for this run."""


Open = Callable[[], Translator]
"""Opens the model; where an engine has workers, each calls it."""


@contextmanager
def _local(opened: Open, workers: Workers) -> Iterator[Translator]:
    if workers != Workers():
        raise KzalignError("--actors, --cpus-per-actor, --gpus-per-actor and --ray-address are for --engine ray")
    yield opened()


def _ray(opened: Open, workers: Workers) -> AbstractContextManager[Translator]:
    from kzalign.mt.bulk.ray_engine import on_ray

    return on_ray(opened, workers)


ENGINES: dict[str, Callable[[Open, Workers], AbstractContextManager[Translator]]] = {"local": _local, "ray": _ray}
"""By name; what an engine yields is good until its context ends."""
