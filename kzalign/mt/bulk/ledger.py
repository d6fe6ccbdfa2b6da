"""Work that cannot be lost: an output under way, and the journal from which it goes on after any end.

Beside OUT stand OUT.part and OUT.rejects.jsonl.part, to which whole windows of records are appended, and
OUT.journal: the run's header, how many bytes of the two count (a commit), and the batches translated since, some of
windows whose turn has not come yet. A commit is written after the bytes it counts are on the disk. What follows them is cut
off when the run goes on.
"""

import json
import os
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError
from kzalign.records import dumps
from kzalign.store import PART, rejects_beside

JOURNAL = ".journal"
MANIFEST = ".manifest.json"
SYNC_SECONDS = 1.0
"""A loss of power costs at most the batches of so many seconds; a killed process loses none that it has written."""


class Ledger:
    """One output under way. `next` is the number of the first input record that is not in it yet."""

    def __init__(self, output: Path, header: dict[str, Any]) -> None:
        self.header = header
        self.next = 0
        self.counts: dict[str, int] = {}
        self.complete = False
        self.healed = 0
        """Bytes after the last commit that were cut off, of a line that was not finished."""
        self._batches: dict[tuple[int, int], tuple[int, list[Any]]] = {}
        self._output = output
        _, self._rejects, self._manifest = files_of(output)
        self._parts = tuple(_part(path) for path in (output, self._rejects))
        self._journal = _journal(output)
        self._sizes = [0, 0]
        self._handles: list[int] = []
        self._log = -1
        self._synced = time.monotonic()

    @classmethod
    def begun(cls, output: Path) -> "Ledger | None":
        """Returns the ledger of an output that an earlier run began, or None; raises KzalignError where it cannot be read."""
        ledger = cls(output, {})
        with written(output):
            if not ledger._journal.exists():
                for part in filter(Path.exists, ledger._parts):
                    raise KzalignError(f"{part}: not from `kzalign translate` (no journal beside it): move it away")
                return None
            ledger._recover()
        return ledger

    @classmethod
    def new(cls, output: Path, header: dict[str, Any]) -> "Ledger":
        """Returns the ledger of an output that begins now."""
        ledger = cls(output, header)
        with written(output):
            ledger._rewrite()
        return ledger

    def open(self) -> None:
        """Cuts what no commit counts off, and gets ready to write."""
        with written(self._output):
            for part, size in zip(self._parts, self._sizes, strict=True):
                handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o644)
                self._handles.append(handle)
                length = os.fstat(handle).st_size
                if length < size:
                    raise KzalignError(
                        f"{part}: {length} bytes where its journal counts {size}: another program cut it; "
                        f"put it back, or remove it and {self._journal} to begin anew"
                    )
                self.healed += length - size
                os.ftruncate(handle, size)
            _sync_folder(self._output)

    def batch(self, window: int, number: int, texts: Sequence[str]) -> list[Any] | None:
        """Returns the answers that an earlier run wrote for this batch of the window (named by its first record), or None."""
        check, answers = self._batches.get((window, number), (0, []))
        return answers if answers and check == _check_of(texts) else None

    def add_batch(self, window: int, number: int, texts: Sequence[str], answers: list[Any]) -> None:
        """Writes a batch's answers, of which JSON can be made, to the journal."""
        check = _check_of(texts)
        if window != self.next:
            # A commit of the windows before it writes the journal anew.
            self._batches[window, number] = (check, answers)
        with written(self._output):
            _write(self._log, _batch_line(window, number, check, answers))
            if time.monotonic() - self._synced >= SYNC_SECONDS:
                os.fsync(self._log)
                self._synced = time.monotonic()

    def commit(self, articles: str, rejects: str, following: int, counts: dict[str, int]) -> None:
        """Writes a window's records; from now on a run goes on at the record `following`."""
        with written(self._output):
            for k, text in enumerate((articles, rejects)):
                if data := text.encode():
                    _write(self._handles[k], data)
                    os.fsync(self._handles[k])
                    self._sizes[k] += len(data)
            self.next, self.counts = following, dict(counts)
            self._rewrite()

    def finish(self, manifest: dict[str, Any]) -> None:
        """Gives the files their names, the output's last; nothing else is left."""
        with written(self._output):
            self.complete = True
            self._rewrite()
            self.close()
            replace_file(self._manifest, json.dumps(manifest, ensure_ascii=False, indent=1).encode() + b"\n")
            for part, path in zip(reversed(self._parts), (self._rejects, self._output), strict=True):
                if part.exists():
                    part.replace(path)
                elif not path.exists():
                    raise KzalignError(f"{path}: gone, though {self._journal} calls it complete: remove that and begin anew")
                _sync_folder(path)
            self._journal.unlink()
            _sync_folder(self._output)

    def first_reject(self) -> dict[str, Any] | None:
        """Returns the first reject that was written, None where there is none."""
        with suppress(OSError), self._parts[1].open("rb") as stream:
            for line in stream:
                found: dict[str, Any] = json.loads(line)
                return found
        return None

    def drop(self) -> None:
        """Removes all that was begun."""
        self.close()
        with written(self._output):
            for path in (*self._parts, self._journal):
                path.unlink(missing_ok=True)

    def close(self) -> None:
        """Syncs the journal and closes the files; what was written stays for the run that goes on."""
        handles, self._handles, log, self._log = self._handles, [], self._log, -1
        for handle in (*handles, log):
            if handle >= 0:
                with suppress(OSError):
                    os.fsync(handle)
                os.close(handle)

    def _recover(self) -> None:
        data = self._journal.read_bytes()
        whole = list(_whole_lines(data))
        if len(whole) < 2 or "header" not in whole[0][0] or "next" not in whole[1][0]:
            raise KzalignError(f"{self._journal}: damaged: move it and {self._parts[0]} away to begin anew")
        (header, _), (state, _), *batches = whole
        self.header = header["header"]
        self.next, self._sizes, self.counts = state["next"], state["sizes"], state["counts"]
        self.complete = state["complete"]
        self._batches = {(entry["window"], entry["batch"]): (entry["check"], entry["answers"]) for entry, _ in batches}
        length = whole[-1][1]
        self.healed = len(data) - length
        self._log = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        os.ftruncate(self._log, length)

    def _rewrite(self) -> None:
        """Puts a journal in the place of the old one that has no batches but of windows whose turn has not come."""
        state = {"next": self.next, "sizes": self._sizes, "counts": self.counts, "complete": self.complete}
        self._batches = {key: kept for key, kept in self._batches.items() if key[0] >= self.next}
        lines = [_batch_line(*key, *kept) for key, kept in self._batches.items()]
        replace_file(self._journal, b"".join((_line({"header": self.header}), _line(state), *lines)))
        if self._log >= 0:
            os.close(self._log)
        self._log = os.open(self._journal, os.O_WRONLY | os.O_APPEND | os.O_CLOEXEC)
        self._synced = time.monotonic()


def check_name(output: Path) -> None:
    """Raises KzalignError where the path cannot name a file."""
    if output.name in ("", ".", "..") or (output.exists() and not output.is_file()):
        raise KzalignError(f"'{output}': a folder, device or pipe, not a file's name; choose another output")


def check_output(output: Path) -> None:
    """Makes the output's folder; raises KzalignError where the path cannot name a file."""
    check_name(output)
    with written(output):
        output.parent.mkdir(parents=True, exist_ok=True)


def nothing_in(output: Path, rejects: int, first: dict[str, Any] | None) -> KzalignError:
    """Returns the error for an input that holds no article, with the first reject's reason."""
    why = f": {first['id']}: {first['reason']}" if first else ""
    return KzalignError(f"nothing to write to {output}: no article found, {rejects} rejects{why}")


def files_of(output: Path) -> tuple[Path, Path, Path]:
    """Returns an output, its rejects and its manifest, named by the output's whole name, so that no two outputs share one."""
    return output, rejects_beside(output), output.with_name(output.name + MANIFEST)


def written_files(output: Path) -> list[Path]:
    """Returns the files that a run writes, its journal with them; each is also written as a part."""
    return [*files_of(output), _journal(output)]


def replace_file(path: Path, data: bytes) -> None:
    """Writes a file that is whole or as it was, also if the power goes: its bytes and then its folder are synced."""
    part = _part(path)
    handle = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o644)
    try:
        _write(handle, data)
        os.fsync(handle)
    finally:
        os.close(handle)
    part.replace(path)
    _sync_folder(path)


@contextmanager
def written(output: Path) -> Iterator[None]:
    """Turns an OSError of the block into a KzalignError that says that nothing is lost."""
    try:
        yield
    except OSError as error:
        where = str(error.filename or output)
        raise KzalignError(
            f"{where}: cannot be written: {error.strerror or error}; what is translated is kept in {output.name}{PART}: "
            "mend that and run the same command again"
        ) from None


def _journal(output: Path) -> Path:
    return output.with_name(output.name + JOURNAL)


def _part(path: Path) -> Path:
    return path.with_name(path.name + PART)


def _write(handle: int, data: bytes) -> None:
    rest = memoryview(data)
    while rest:
        rest = rest[os.write(handle, rest) :]


def _sync_folder(path: Path) -> None:
    handle = os.open(path.parent, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _check_of(texts: Sequence[str]) -> int:
    return zlib.crc32("\n".join(texts).encode())


def _batch_line(window: int, number: int, check: int, answers: list[Any]) -> bytes:
    return _line({"window": window, "batch": number, "check": check, "answers": answers})


def _line(value: Any) -> bytes:
    data = dumps(value).encode()
    return b"%08x %s\n" % (zlib.crc32(data), data)


def _whole_lines(data: bytes) -> Iterator[tuple[dict[str, Any], int]]:
    """Yields the values of the lines up to the first that is torn or damaged, each with the offset of its end."""
    start = 0
    while (end := data.find(b"\n", start)) >= 0:
        line = data[start:end]
        if len(line) < 10 or line[:8] != b"%08x" % zlib.crc32(line[9:]):
            return
        start = end + 1
        yield json.loads(line[9:]), start
