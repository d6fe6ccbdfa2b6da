"""Readers: a path in, an Issue with numbered lines out; one entry of READERS per kind of file."""

import hashlib
import os
from collections.abc import Iterable, Sequence, Set
from pathlib import Path, PurePath

from kzalign.config import ExtractConfig
from kzalign.errors import KzalignError
from kzalign.extract.readers.apart import read_apart
from kzalign.extract.readers.archive import ARCHIVE, Member, bytes_of, members_of
from kzalign.extract.readers.content import Content, Reader, Unreadable
from kzalign.extract.readers.folder import OWN_REJECTS, Entry, entries_of, is_own_output, no_reader
from kzalign.extract.readers.html import read_html
from kzalign.extract.readers.hub import SPELLING, Remote, bytes_of_remote, is_dataset, tables_of
from kzalign.extract.readers.kinds import mistaken
from kzalign.extract.readers.latex import read_latex
from kzalign.extract.readers.office import read_docx, read_odt
from kzalign.extract.readers.pdf import read_pdf
from kzalign.extract.readers.plain import read_plain
from kzalign.extract.readers.scans import IMAGES, read_image, read_scans
from kzalign.extract.readers.table import read_csv, read_jsonl, read_parquet
from kzalign.extract.readers.xml import read_xml
from kzalign.records import Issue
from kzalign.store import REJECTS

Place = Path | Entry | Member | Remote
"""Where a document is."""

READERS: dict[str, Reader] = {
    ".txt": read_plain,
    ".text": read_plain,
    ".md": read_plain,
    ".markdown": read_plain,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".odt": read_odt,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".xml": read_xml,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".jsonl": read_jsonl,
    ".parquet": read_parquet,
    ".tex": read_latex,
}


OFFICE, TABLE = "; save it as .docx or PDF", "; save it as .csv"
HINTS = {
    **dict.fromkeys((".doc", ".rtf", ".wpd", ".pages"), OFFICE),
    **dict.fromkeys((".xls", ".xlsx", ".ods"), TABLE),
    **dict.fromkeys((".djvu", ".djv", ".ps"), "; make a PDF of it"),
    **dict.fromkeys((".rar", ".7z", ".tar", ".gz", ".tgz"), "; unpack it, or make a .zip of it"),
}
"""What to do with a file that has no reader."""


def readable() -> list[str]:
    """Returns what can be read: the suffixes of files and archives, and how a dataset of the Hub is named."""
    return [*sorted((*READERS, *IMAGES, ARCHIVE)), SPELLING]


def printable(name: str) -> str:
    """Returns a file's name with bytes that are no text (old archives, other systems) replaced."""
    return os.fsencode(name).decode("utf-8", errors="replace")


def find_documents(paths: Iterable[Path], config: ExtractConfig | None = None, others: list[Place] | None = None) -> list[Place]:
    """Returns the documents named, folders, archives and datasets of the Hub opened and sorted.

    Files of folders and archives whose format no reader takes are added to `others`. Raises KzalignError for a path that
    cannot be used.
    """
    found: list[Place] = []
    config = config or ExtractConfig()
    # the images beside a page's text are no documents, unless somebody asks for scans
    suffixes = {*READERS, *(IMAGES if config.ocr else ())}
    for path in paths:
        if is_dataset(path):
            found += tables_of(path)
            continue
        inside = _inside(path, suffixes)
        for one in inside:
            file = one.path if isinstance(one, Entry) else one
            if file.suffix.lower() == ARCHIVE and not (isinstance(one, Entry) and one.problem):
                found += members_of(file, suffixes, config, one.name)
            else:
                found.append(one)
    if others is not None:
        others += [place for place in found if _is_other(place)]
    return [place for place in found if not _is_other(place)]


def _inside(path: Path, suffixes: Set[str]) -> Sequence[Path | Entry]:
    """Returns what a path stands for: a folder's files, or itself."""
    if path.is_dir():
        wanted = {*suffixes, ARCHIVE}
        entries = entries_of(path, wanted)
        if all(entry.other for entry in entries):
            raise KzalignError(f"{path}: a folder with no document in it that can be read ({', '.join(sorted(wanted))})")
        return entries
    if not path.exists():
        remote = len(path.parts) == 2 and not path.is_absolute() and not path.parent.exists() and not path.suffix
        hint = f" (a dataset of the Hub is {SPELLING})" if remote else ""
        raise KzalignError(f"{path}: no such file{hint}")
    if not path.is_file():
        raise KzalignError(f"{path}: neither a file nor a folder")
    return [path]


def _is_other(place: Place) -> bool:
    return isinstance(place, Entry | Member) and place.other


def file_of(place: Place) -> Path | None:
    """Returns the file that a document is in, its archive's if it is in one; None for what is not on this machine."""
    match place:
        case Entry():
            return place.path
        case Member():
            return place.archive
        case Path():
            return place
    return None


def read_issue(path: Place, config: ExtractConfig, issue_id: str | None = None) -> Issue:
    """Returns the document's lines; raises Unreadable with a reason that names the place."""
    data = _bytes_of(path, config)
    suffix = path.suffix.lower()
    if suffix not in READERS and suffix not in IMAGES:
        raise Unreadable(f"{no_reader(PurePath(path.name))}; readable: {', '.join(readable())}{HINTS.get(suffix, '')}")
    if not data:
        raise Unreadable(OWN_REJECTS if path.name.endswith(REJECTS) else "an empty file")
    try:
        content = _content_of(data, suffix, config)
    except ValueError as error:
        raise Unreadable(mistaken(data, suffix) or str(error)) from None
    lines = content.lines
    if not any(map(str.strip, lines)):
        raise Unreadable("; ".join(content.unread) or "empty")
    longest = max(range(len(lines)), key=lambda k: len(lines[k]))
    if len(lines[longest]) > config.max_line_chars:
        raise Unreadable(
            f"line {longest + 1} has {len(lines[longest])} characters, more than extract.max_line_chars = {config.max_line_chars}"
        )
    digest = hashlib.sha256(data).hexdigest()
    name = issue_id or printable(path.stem)
    return Issue(
        name,
        printable(path.name),
        digest,
        content.encoding,
        lines,
        content.pages,
        content.unread,
        content.marked,
        content.recognised,
        content.recogniser,
        content.margins,
        content.bad_bytes,
    )


def _content_of(data: bytes, suffix: str, config: ExtractConfig) -> Content:
    """Returns what the reader for the suffix, and OCR if asked, make of the bytes."""
    if suffix in IMAGES:
        return read_image(data, suffix, config)
    reader = READERS[suffix]
    content = reader(data, config) if reader is read_plain else read_apart(reader, data, config)
    return read_scans(data, content, config) if config.ocr and content.scans else content


def _bytes_of(path: Place, config: ExtractConfig) -> bytes:
    if isinstance(path, Member):
        return bytes_of(path, config)
    if isinstance(path, Remote):
        return bytes_of_remote(path, config)
    if isinstance(path, Entry):
        if path.problem:
            raise Unreadable(path.problem)
        path = path.path
    try:
        size = path.stat().st_size
        if size > config.max_megabytes * 1e6:
            raise Unreadable(f"{size / 1e6:.3g} MB, more than extract.max_megabytes = {config.max_megabytes:g}")
        return path.read_bytes()
    except OSError as error:
        raise Unreadable(f"cannot be read: {error.strerror or error}") from None


__all__ = [
    "READERS",
    "Entry",
    "Member",
    "Place",
    "Remote",
    "Unreadable",
    "file_of",
    "find_documents",
    "is_own_output",
    "printable",
    "read_issue",
    "readable",
]
