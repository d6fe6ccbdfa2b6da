"""Reading in a process of its own, which may hang, swell or die without the run.

One such process serves many documents, one at a time; it is begun anew after one that it did not survive.
"""

import gc
import multiprocessing
import os
import signal
from collections.abc import Callable
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TypeVar

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Unreadable

SERVED = 200
"""Documents after which the process is begun anew: what a library leaks is bounded."""

MEGABYTE = 1_000_000

T = TypeVar("T")


class _Server:
    """A process that reads documents, and the pipe to it."""

    def __init__(self, megabytes: float) -> None:
        # Copying this process is much faster than beginning another; the copy reads and does nothing else.
        context: Any = multiprocessing.get_context("fork" if hasattr(os, "fork") else "spawn")
        self.megabytes = megabytes
        self.owner = os.getpid()
        self.served = 0
        self.pipe, theirs = context.Pipe()
        self.process: BaseProcess = context.Process(target=_serve, args=(theirs, self.pipe, megabytes), daemon=True)
        self.process.start()
        theirs.close()

    def end(self) -> None:
        """Ends the process, whatever it does."""
        self.pipe.close()
        if self.owner == os.getpid():
            self.process.kill()
            self.process.join()


_server: _Server | None = None


def read_apart(reader: Callable[[bytes, ExtractConfig], T], data: bytes, config: ExtractConfig) -> T:
    """Returns what the reader returns; raises Unreadable where it does, or where it breaks a limit or dies."""
    server = _ready(config.max_memory_megabytes)
    try:
        server.pipe.send((reader, data, config))
        if not server.pipe.poll(config.max_seconds):
            _end()
            raise Unreadable(f"not read within extract.max_seconds = {config.max_seconds:g}")
        result, fault = server.pipe.recv()
    except (EOFError, OSError):
        server.process.join(1)
        code = server.process.exitcode
        _end()
        raise Unreadable(f"its reader died (exit code {code}) with extract.max_memory_megabytes = {server.megabytes:g}") from None
    server.served += 1
    if fault:
        raise Unreadable(fault)
    read: T = result
    return read


def _ready(megabytes: float) -> _Server:
    """Returns this process's server; one inherited from a parent belongs to the parent."""
    global _server
    if _server and (
        _server.owner != os.getpid()
        or _server.megabytes != megabytes
        or _server.served >= SERVED
        or not _server.process.is_alive()
    ):
        _end()
    if _server is None:
        _server = _Server(megabytes)
    return _server


def _end() -> None:
    global _server
    if _server:
        _server.end()
        _server = None


def _serve(pipe: Connection, other: Connection, megabytes: float) -> None:
    """Reads what comes through the pipe until its other end is closed."""
    other.close()
    # The run's handlers came with the copy: this process ends when it is told to, or with the pipe, without a word.
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.enable()
    _limit_memory(megabytes)
    while True:
        try:
            reader, data, config = pipe.recv()
        except EOFError:
            return
        pipe.send(_read(reader, data, config))
        del data


def _read(reader: Callable[[bytes, ExtractConfig], T], data: bytes, config: ExtractConfig) -> tuple[T | None, str]:
    """Returns what the reader returns, or why it returns nothing."""
    try:
        return reader(data, config), ""
    except ValueError as error:
        return None, str(error) or "broken"
    except RecursionError:
        return None, "nested too deep"
    except MemoryError:
        return None, f"needs more memory than extract.max_memory_megabytes = {config.max_memory_megabytes:g}"


def _limit_memory(megabytes: float) -> None:
    """Limits what this process may take beyond what it was begun with, where the system keeps such limits."""
    try:
        import resource
    except ImportError:
        return
    status = Path("/proc/self/statm")
    begun = int(status.read_text().split()[0]) * resource.getpagesize() if status.exists() else 0
    limit = begun + int(megabytes * MEGABYTE)
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))
