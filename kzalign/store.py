"""Files that are whole or absent: written to `.part` and renamed; folders with a manifest written last."""

import errno
import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from itertools import islice
from multiprocessing.util import register_after_fork
from pathlib import Path
from typing import Any, TextIO

from kzalign.errors import KzalignError
from kzalign.records import Article, Reject
from kzalign.schema import problems_of

MANIFEST = "manifest.json"
PART = ".part"
REJECTS = ".rejects.jsonl"
LOCK = ".lock"
LOCKLESS = (errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK)
"""What a file system says that has no locks."""


@contextmanager
def whole_file(path: Path, force: bool = False) -> Iterator[TextIO]:
    """Yields a text file that becomes `path` when the block ends well, and vanishes when it does not."""
    _check_file(path, force)
    with _parents([path]), _streams([path]) as (stream,):
        yield stream


@contextmanager
def whole_files(paths: Sequence[Path], force: bool = False) -> Iterator[list[TextIO]]:
    """Yields text files that take their names, one after the other, when the block ends well; else none does.

    Raises KzalignError where another process writes the first of them.
    """
    for path in paths:
        _check_file(path, force)
    with _parents(paths), locked(paths[0]):
        for path in paths:
            _check_file(path, force)
        with _streams(paths) as streams:
            yield streams


@contextmanager
def _streams(paths: Sequence[Path]) -> Iterator[list[TextIO]]:
    parts = [path.with_name(path.name + PART) for path in paths]
    try:
        with ExitStack() as stack:
            streams = [stack.enter_context(part.open("w", encoding="utf-8", newline="\n")) for part in parts]
            yield list(streams)
            for stream in streams:
                stream.flush()
                os.fsync(stream.fileno())
        for part, path in zip(parts, paths, strict=True):
            part.replace(path)
    finally:
        for part in parts:
            with suppress(OSError):
                part.unlink()


@contextmanager
def whole_folder(path: Path, force: bool = False) -> Iterator[Path]:
    """Yields a folder that becomes `path` when the block ends well; the old one stays until then.

    Raises KzalignError where another process writes it.
    """
    _check_folder(path, force)
    path = path.resolve() if path.is_symlink() else path
    part = path.with_name(path.name + PART)
    with _parents([path]), locked(path):
        _check_folder(path, force)
        try:
            if part.exists():
                shutil.rmtree(part)
            part.mkdir()
            yield part
            _put_in_place(part, path)
        finally:
            shutil.rmtree(part, ignore_errors=True)


@contextmanager
def _parents(paths: Sequence[Path]) -> Iterator[None]:
    """Makes the folders above the paths and removes them if the block fails; of an OSError makes a KzalignError."""
    made: list[Path] = []
    done = False
    try:
        for path in paths:
            made += _make_parents(path)
        yield
        done = True
    except OSError as error:
        raise _unwritten(error, paths[0]) from None
    finally:
        if not done:
            _remove_empty(made)


class _Held:
    """The handle of a lock; processes forked from this one close it, so that none keeps the lock when this one is killed."""

    def __init__(self, handle: int) -> None:
        self.handle = handle
        register_after_fork(self, _Held.close)

    def close(self) -> None:
        os.close(self.handle)


@contextmanager
def locked(output: Path) -> Iterator[None]:
    """Holds the lock of an output, which the operating system lets go when its holder dies.

    Raises KzalignError that names the process holding it already. Where the system or the disk has no locks it goes on without.
    """
    if os.name == "nt":
        yield
        return
    path = output.with_name(output.name + LOCK)
    try:
        held = _Held(_taken(path, output))
    except OSError as error:
        raise _unwritten(error, output) from None
    try:
        with suppress(OSError):
            os.ftruncate(held.handle, 0)
            os.pwrite(held.handle, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        try:
            path.unlink(missing_ok=True)
        finally:
            held.close()


def _taken(path: Path, output: Path) -> int:
    import fcntl

    while True:
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(handle, 32, 0).decode(errors="replace").strip() or "unknown"
            os.close(handle)
            raise KzalignError(f"{output}: process {holder} is writing it: wait for it, or choose another output") from None
        except OSError as error:
            if error.errno not in LOCKLESS:
                os.close(handle)
                raise
        if _is_at(path, handle):
            return handle
        os.close(handle)


def _is_at(path: Path, handle: int) -> bool:
    """A holder that ends removes the file: a lock on the removed one keeps nobody out."""
    try:
        return os.path.samestat(path.stat(), os.fstat(handle))
    except FileNotFoundError:
        return False


def refuse_inputs(outputs: Iterable[Path], inputs: Iterable[Path | None]) -> None:
    """Raises KzalignError where an output, or the part it is written as, is one of the inputs or holds one, also by a link."""
    written = [(one, path) for one in outputs if one.name for path in (one, one.with_name(one.name + PART))]
    taken = [(output, path, path.resolve()) for output, path in written if is_same(path, path)]
    for given in filter(None, inputs if taken else ()):
        for output, path, place in taken:
            if is_same(path, given) or place in given.resolve().parents:
                raise KzalignError(f"{output}: writing it would replace the input {given}: choose another output")


def is_same(one: Path, other: Path) -> bool:
    """Says whether two paths lead to one file or folder; what is not there, or cannot be looked at, is the same as nothing."""
    try:
        return one.samefile(other)
    except OSError:
        return False


def _put_in_place(part: Path, path: Path) -> None:
    """Renames the new folder to its name; an old one steps aside first and comes back if that fails."""
    if not path.exists():
        part.rename(path)
        return
    aside = Path(tempfile.mkdtemp(prefix=f".{path.name}-", dir=path.parent))
    try:
        old = path.rename(aside / path.name)
        try:
            part.rename(path)
        except OSError:
            old.rename(path)
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)


def _check_file(path: Path, force: bool) -> None:
    _check_free(path, force)
    if path.exists() and not path.is_file():
        raise KzalignError(f"{path}: cannot be written: it is a folder, device or pipe; choose another output")


def _check_folder(path: Path, force: bool) -> None:
    _check_free(path, force)
    if path.exists() and not (path.is_dir() and ((path / MANIFEST).exists() or not any(path.iterdir()))):
        raise KzalignError(
            f"{path} was not made by kzalign (no {MANIFEST} in it): --force will not replace it, remove it yourself"
        )


def _check_free(path: Path, force: bool) -> None:
    if path.name in ("", ".", ".."):
        raise KzalignError(f"'{path}' names no output: give a file's or folder's name")
    if os.path.lexists(path) and not force:
        raise KzalignError(f"{path} exists: choose another output or give --force to replace it")


def _make_parents(path: Path) -> list[Path]:
    """Makes the folders above a path and returns those that were not there, the deepest first."""
    missing = [folder for folder in path.parents if not folder.exists()]
    path.parent.mkdir(parents=True, exist_ok=True)
    return missing


def _remove_empty(folders: Sequence[Path]) -> None:
    with suppress(OSError):
        for folder in folders:
            folder.rmdir()


def _unwritten(error: OSError, path: Path) -> KzalignError:
    where = str(error.filename or path).removesuffix(PART).removesuffix(LOCK)
    return KzalignError(f"{where}: cannot be written: {error.strerror or error}; nothing half-written was left behind")


def rejects_beside(path: Path) -> Path:
    """Returns the file of an output's rejects: the output's whole name and `.rejects.jsonl`, so that no two outputs share one."""
    return path.with_name(path.name + REJECTS)


def write_json(path: Path, value: Any) -> None:
    """Writes a value as indented JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def read_articles(path: Path, step: int = 1) -> Iterator[Article]:
    """Yields the articles of a JSONL file, or each `step`-th line's; a bad line is a KzalignError that names it."""
    try:
        with path.open(encoding="utf-8-sig") as stream:
            for number, line in islice(enumerate(stream, 1), 0, None, step):
                if line.strip():
                    yield parse_article(line, f"{path}:{number}")
    except FileNotFoundError:
        raise KzalignError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read as JSON lines: {error}") from None


def parse_article(line: str, where: str) -> Article:
    """Returns the article of a line of JSON; raises KzalignError that begins with `where`."""
    try:
        data = json.loads(line)
    except json.JSONDecodeError as error:
        raise KzalignError(
            f"{where}: not JSON ({error.msg} at column {error.colno}); articles.jsonl holds one article a line"
        ) from None
    except (RecursionError, ValueError):
        raise KzalignError(f"{where}: not an article: nested too deep, or a number too long") from None
    problems = problems_of(data)
    if problems:
        raise KzalignError(f"{where}: not an article: {'; '.join(problems[:3])}")
    return Article.from_json(data)


def read_rejects(path: Path) -> Iterator[Reject]:
    """Yields the rejects of a rejects.jsonl that kzalign wrote."""
    with path.open(encoding="utf-8") as stream:
        for line in stream:
            data = json.loads(line)
            yield Reject(data["stage"], data["id"], data["reason"], data["record"])


def file_entry(path: Path) -> dict[str, Any]:
    """Returns a file's entry for a manifest: its name and the hash of its bytes."""
    try:
        with path.open("rb") as stream:
            return {"id": path.stem, "file": path.name, "sha256": hashlib.file_digest(stream, "sha256").hexdigest()}
    except OSError as error:
        raise KzalignError(f"{path}: {error.strerror or error}") from None


def read_lines(path: Path) -> list[str]:
    """Returns the lines of a UTF-8 text file, without a byte order mark; raises KzalignError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise KzalignError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise KzalignError(f"{path}: not UTF-8 (bad byte at offset {error.start}): convert it first") from None
    except OSError as error:
        raise KzalignError(f"{path}: cannot be read: {error.strerror or error}") from None
    return text.removesuffix("\n").split("\n") if text else []
