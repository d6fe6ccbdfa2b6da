"""The processes that a launcher started: which one writes and speaks, what they share, how they end together."""

import atexit
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kzalign.errors import KzalignError
from kzalign.mt.backend import Backend
from kzalign.mt.finetune.contract import TestSet
from kzalign.mt.finetune.runfolder import last_checkpoint


class OneProcess(KzalignError):
    """What went wrong in one of several processes; what is wrong in all of them alike is a plain KzalignError."""


def is_first() -> bool:
    """Says whether this is the process that speaks: the only one, or the one that the launcher gave rank 0."""
    return os.environ.get("RANK", "0") == "0"


def is_alone() -> bool:
    """Says whether no launcher started others beside this process."""
    return os.environ.get("WORLD_SIZE", "1") == "1"


def ended_with_others(folder: Path) -> OneProcess:
    """Returns the error of a process that stops because another one ended or the launcher stops it."""
    last = last_checkpoint(folder)
    kept = f"goes on from {last.name}" if last else "begins anew, for no checkpoint was written yet"
    rank, count = int(os.environ.get("RANK", "0")), os.environ.get("WORLD_SIZE", "1")
    return OneProcess(
        f"process {rank + 1} of {count} stops, for another one ended or the launcher stopped it; the same command {kept}"
    )


class Processes:
    """The processes that a launcher started; one where none did."""

    def __init__(self, cpu: bool) -> None:
        import torch

        if torch.distributed.is_available():
            # Its functions' defaults hold the group that exists when it is first imported, and a group held is never destroyed.
            import torch.distributed.nn
        from accelerate import PartialState

        self._state = PartialState(cpu=cpu)

    @property
    def main(self) -> bool:
        """Says whether this process writes."""
        return bool(self._state.is_main_process)

    @property
    def count(self) -> int:
        """Returns how many there are."""
        return int(self._state.num_processes)

    @contextmanager
    def together(self, folder: Path) -> Iterator[None]:
        """Ends this process with a clear message where another one is gone, or the launcher stops it for that."""
        try:
            yield
            self._state.wait_for_everyone()
        except (KeyboardInterrupt, RuntimeError) as error:
            if self.count == 1 or not (isinstance(error, KeyboardInterrupt) or _is_lost(error)):
                raise
            raise ended_with_others(folder) from None
        # Only where all have come to the end: with another one gone, the connections' threads may wait for it for ever.
        atexit.register(_part)

    @contextmanager
    def main_first(self) -> Iterator[bool]:
        """Yields whether this process is the main one; the others wait until its block has ended."""
        if not self.main:
            self._state.wait_for_everyone()
        yield self.main
        if self.main:
            self._state.wait_for_everyone()

    def translate(self, backend: Backend, asked: TestSet) -> list[str]:
        """Returns a set's hypotheses; each process translates its part and is given all."""
        source, target = asked.direction.split("-")
        count, rank = self.count, int(self._state.process_index)
        own = backend.translate(list(asked.sources)[rank::count], source, target)
        if count == 1:
            return own
        from accelerate.utils import gather_object

        found = [""] * len(asked.sources)
        for place, part in gather_object([(rank, own)]):
            found[place::count] = part
        return found


def _part() -> None:
    """Joins the threads of the connections between processes; one that needs the interpreter as it ends would abort it."""
    import torch

    if torch.distributed.is_available() and torch.distributed.is_initialized():
        gc.collect()
        torch.distributed.destroy_process_group()


def _is_lost(error: BaseException) -> bool:
    """Says whether an error is of the connections between processes: NCCL's have a type of their own, gloo's say its name."""
    import torch

    return isinstance(error, torch.distributed.DistError) or "gloo" in str(error)
