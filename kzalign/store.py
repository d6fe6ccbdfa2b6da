"""Files that are whole or absent: written to `.part` and renamed; folders with a manifest written last."""

import hashlib
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from kzalign.errors import KzalignError
from kzalign.records import Article, Reject, dumps

MANIFEST = "manifest.json"


@contextmanager
def whole_file(path: Path, force: bool = False) -> Iterator[IO[str]]:
    """Yields a text file that becomes `path` when the block ends well, and vanishes when it does not."""
    if path.exists() and not force:
        raise KzalignError(f"{path} exists: choose another output or give --force to replace it")
    part = path.with_name(path.name + ".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as stream:
            yield stream
            stream.flush()
            os.fsync(stream.fileno())
        part.replace(path)
    except OSError as error:
        raise KzalignError(
            f"{error.filename or path}: cannot be written: {error.strerror or error}; nothing was left behind"
        ) from None
    finally:
        part.unlink(missing_ok=True)


@contextmanager
def whole_folder(path: Path, force: bool = False) -> Iterator[Path]:
    """Yields a folder that becomes `path` when the block ends well; the old one stays until then."""
    if path.exists() and not force:
        raise KzalignError(f"{path} exists: choose another output or give --force to replace it")
    if path.exists() and not (path.is_dir() and ((path / MANIFEST).exists() or not any(path.iterdir()))):
        raise KzalignError(
            f"{path} was not made by kzalign (no {MANIFEST} in it): --force will not replace it, remove it yourself"
        )
    part = path.with_name(path.name + ".part")
    try:
        if part.exists():
            shutil.rmtree(part)
        part.mkdir(parents=True)
        yield part
        if path.exists():
            old = path.with_name(path.name + ".old")
            shutil.rmtree(old, ignore_errors=True)
            path.rename(old)
            part.rename(path)
            shutil.rmtree(old)
        else:
            part.rename(path)
    except OSError as error:
        raise KzalignError(
            f"{error.filename or path}: cannot be written: {error.strerror or error}; nothing was left behind"
        ) from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def write_json(path: Path, value: Any) -> None:
    """Writes a value as indented JSON."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def write_articles(stream: IO[str], articles: Iterator[Article] | list[Article]) -> int:
    """Writes articles as JSON lines and returns how many."""
    count = 0
    for article in articles:
        stream.write(dumps(article.to_json()) + "\n")
        count += 1
    return count


def read_articles(path: Path) -> Iterator[Article]:
    """Yields the articles of a JSONL file; a bad line is a KzalignError that names it."""
    try:
        with path.open(encoding="utf-8") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield _article(line, f"{path}:{number}")
    except FileNotFoundError:
        raise KzalignError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read as JSON lines: {error}") from None


def _article(line: str, where: str) -> Article:
    try:
        return Article.from_json(json.loads(line))
    except json.JSONDecodeError as error:
        raise KzalignError(
            f"{where}: not JSON ({error.msg} at column {error.colno}); articles.jsonl holds one article a line"
        ) from None
    except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
        raise KzalignError(
            f"{where}: not an article: {error if isinstance(error, ValueError) else f'missing or wrong {error}'}"
        ) from None


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
    """Returns the lines of a UTF-8 text file; raises KzalignError where it cannot be read."""
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise KzalignError(f"{path}: no such file") from None
    except UnicodeDecodeError as error:
        raise KzalignError(f"{path}: not UTF-8 (bad byte at offset {error.start}): convert it first") from None
    except OSError as error:
        raise KzalignError(f"{path}: cannot be read: {error.strerror or error}") from None
    return text.removesuffix("\n").split("\n") if text else []
