"""One process on one output: a lock file that the operating system lets go when its holder dies."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kzalign.errors import KzalignError
from kzalign.mt.bulk.ledger import written

LOCK = ".lock"


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Holds the lock of an output; raises KzalignError that names the process holding it already."""
    path = output.with_name(output.name + LOCK)
    with written(output):
        handle = _taken(path, output)
    try:
        os.ftruncate(handle, 0)
        os.pwrite(handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        try:
            path.unlink(missing_ok=True)
        finally:
            os.close(handle)


def _taken(path: Path, output: Path) -> int:
    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise KzalignError(f"{output}: process {holder} is writing it: wait for it, or choose another output") from None
        if _is_at(path, handle):
            return handle
        os.close(handle)


def _is_at(path: Path, handle: int) -> bool:
    """A holder that ends removes the file: a lock on the removed one keeps nobody out."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False
