"""Zip archives as folders: their members are documents, read one by one in memory; nothing is written anywhere."""

import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Container, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path, PurePosixPath

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Unreadable
from kzalign.extract.readers.folder import no_reader

ARCHIVE = ".zip"
MEGABYTE = 1_000_000
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)
"""What a damaged, encrypted or oddly compressed archive raises."""


@dataclass(frozen=True, slots=True)
class Member:
    """A document in an archive, or an archive that none can be read from; `problem` says why it cannot."""

    archive: Path
    inside: str = ""
    size: int = 0
    problem: str = ""
    place: str = ""
    """The archive's place in the folder that is read."""
    other: bool = False
    """Whether no reader takes files of its format."""

    @property
    def name(self) -> str:
        """Returns the archive's place and the member's in it."""
        archive = self.place or self.archive.name
        return f"{archive}/{self.inside}" if self.inside else archive

    @property
    def folders(self) -> tuple[str, ...]:
        """Returns the names of the folders that it lies in, the archive's without suffix among them."""
        outer = PurePosixPath(self.place).parts[:-1]
        if not self.inside:
            return outer
        inner = PurePosixPath(self.inside.replace("\\", "/")).parts[:-1]
        return (*outer, self.archive.stem, *(part for part in inner if part.strip("/.")))

    @property
    def stem(self) -> str:
        """Returns the file's name without its suffix."""
        return PurePosixPath(self.inside or self.archive.name).stem

    @property
    def suffix(self) -> str:
        """Returns the file's suffix."""
        return PurePosixPath(self.inside or self.archive.name).suffix


def members_of(path: Path, suffixes: Container[str], config: ExtractConfig, place: str = "") -> Iterator[Member]:
    """Yields the files of an archive by name; one that breaks a limit, or has no document, as a member with a problem."""
    for member in _members(path, suffixes, config):
        yield replace(member, place=place)


def _members(path: Path, suffixes: Container[str], config: ExtractConfig) -> Iterator[Member]:
    try:
        infos = sorted(_opened(path, os.getpid()).infolist(), key=lambda info: info.filename)
    except BROKEN as error:
        yield Member(path, problem=f"a zip archive that cannot be opened: {error}")
        return
    unpacked = sum(info.file_size for info in infos) / MEGABYTE
    if len(infos) > config.max_members:
        yield Member(path, problem=f"{len(infos)} files in it, more than extract.max_members = {config.max_members}")
        return
    if unpacked > config.max_unpacked_megabytes:
        limit = f"extract.max_unpacked_megabytes = {config.max_unpacked_megabytes:g}"
        yield Member(path, problem=f"{unpacked:.3g} MB unpacked, more than {limit}")
        return
    found = [member for info in infos if (member := _member(path, info, suffixes))]
    if all(member.other for member in found):
        yield Member(path, problem="a zip archive with no document in it that can be read")
    yield from found


def _member(path: Path, info: zipfile.ZipInfo, suffixes: Container[str]) -> Member | None:
    """Returns a member; None for a folder and for hidden files."""
    place = PurePosixPath(info.filename.replace("\\", "/"))
    suffix = place.suffix.lower()
    hidden = "__MACOSX" in place.parts or any(part.startswith(".") and part.strip(".") for part in place.parts)
    if info.is_dir() or hidden:
        return None
    if suffix not in suffixes and suffix != ARCHIVE:
        return Member(path, info.filename, info.file_size, no_reader(place), other=True)
    checks = (
        (place.is_absolute() or ".." in place.parts or ":" in place.parts[0], "its name leads out of the archive"),
        (suffix == ARCHIVE, "an archive within an archive: unpack it first"),
        (stat.S_ISLNK(info.external_attr >> 16), "a link, not a file"),
        (bool(info.flag_bits & 1), "encrypted"),
    )
    return Member(path, info.filename, info.file_size, next((problem for failed, problem in checks if failed), ""))


def bytes_of(member: Member, config: ExtractConfig) -> bytes:
    """Returns a member's bytes; raises Unreadable with its problem, or where it is broken or larger than it says."""
    if member.problem:
        raise Unreadable(member.problem)
    limit = int(config.max_megabytes * MEGABYTE)
    try:
        with _opened(member.archive, os.getpid()).open(member.inside) as stream:
            data = stream.read(limit + 1)
    except BROKEN as error:
        raise Unreadable(f"cannot be unpacked: {error}") from None
    if len(data) > limit:
        raise Unreadable(f"more than extract.max_megabytes = {config.max_megabytes:g}")
    return data


@lru_cache(maxsize=2)
def _opened(path: Path, process: int) -> zipfile.ZipFile:
    """Returns the archive; each process opens its own, since a file's position is shared with the process it came from."""
    return zipfile.ZipFile(path)
