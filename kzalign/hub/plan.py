"""What a push will do, and the checks of it that need no network."""

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError

TAG = re.compile(r"(?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9][A-Za-z0-9._+-]{0,99}(?<!\.)")
BRANCHES = ("main", "HEAD")


@dataclass(frozen=True, slots=True)
class LocalFile:
    """A file to publish: its name in the repository, where it lies, its size in bytes."""

    name: str
    path: Path
    size: int


@dataclass(frozen=True, slots=True)
class Plan:
    """A push to be: where to, what, under which message and tag.

    `kind` is of the repository; `refusals` say why it may not be pushed yet; a file of the repository whose name `owned`
    matches is deleted if it is not among `files`.
    """

    kind: str
    repo: str
    private: bool
    tag: str
    message: str
    files: tuple[LocalFile, ...]
    strays: tuple[str, ...]
    refusals: tuple[str, ...]
    owned: tuple[str, ...]

    @property
    def size(self) -> int:
        """Returns the bytes of all files."""
        return sum(file.size for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Returns the plan for a machine."""
        return {
            "kind": self.kind,
            "repo": self.repo,
            "private": self.private,
            "tag": self.tag,
            "message": self.message,
            "files": [{"name": file.name, "bytes": file.size} for file in self.files],
            "bytes": self.size,
            "left_here": list(self.strays),
            "refusals": list(self.refusals),
        }


def check_repo(repo: str) -> None:
    """Raises KzalignError where a name is not OWNER/NAME as the Hub has it, or the library is missing."""
    try:
        from huggingface_hub.errors import HFValidationError
        from huggingface_hub.utils import validate_repo_id
    except ImportError:
        raise KzalignError("publish needs the package huggingface_hub: pip install 'kzalign[hub]'") from None
    try:
        validate_repo_id(repo)
    except HFValidationError as error:
        raise KzalignError(f"--repo: {error}") from None
    if "/" not in repo:
        raise KzalignError(f"--repo {repo}: give the owner too, ORG/NAME")


def check_tag(tag: str) -> None:
    """Raises KzalignError where a text is no tag."""
    if not TAG.fullmatch(tag) or tag in BRANCHES:
        raise KzalignError(f"--tag {tag!r}: not a tag: letters, digits and '._+-', such as v1.0; not {' or '.join(BRANCHES)}")


def check_message(message: str) -> None:
    """Raises KzalignError where a commit's message says nothing."""
    if not message.strip():
        raise KzalignError("--message is empty: say what is new, or leave it out")


def text_of(path: Path) -> str:
    """Returns the text of a file; raises KzalignError."""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read: {error}") from None


def hashes(file: LocalFile) -> tuple[str, str]:
    """Returns a file's SHA-256, by which the Hub knows large files, and its hash as a git blob, by which it knows small ones."""
    sha256, blob = hashlib.sha256(), hashlib.sha1(f"blob {file.size}\0".encode(), usedforsecurity=False)
    try:
        with file.path.open("rb") as stream:
            while chunk := stream.read(1 << 20):
                sha256.update(chunk)
                blob.update(chunk)
    except OSError as error:
        raise KzalignError(f"{file.path}: cannot be read: {error.strerror or error}") from None
    return sha256.hexdigest(), blob.hexdigest()
