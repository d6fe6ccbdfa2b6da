"""What a push will do, checked without the network."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzalign.corpus.card.version import dataset_version
from kzalign.corpus.provenance import sources_of
from kzalign.corpus.publish.folder import README, LocalFile, read_folder
from kzalign.corpus.publish.readme import problems_of
from kzalign.errors import KzalignError

TAG = re.compile(r"(?!.*\.\.)(?!.*\.lock$)[A-Za-z0-9][A-Za-z0-9._+-]{0,99}(?<!\.)")
BRANCHES = ("main", "HEAD")
NAMED = 3
"""Documents that a message names."""


@dataclass(frozen=True, slots=True)
class Plan:
    """A push to be: where to, what, under which message and tag; `refusals` say why it may not be pushed yet."""

    repo: str
    private: bool
    tag: str
    message: str
    files: tuple[LocalFile, ...]
    strays: tuple[str, ...]
    refusals: tuple[str, ...]

    @property
    def size(self) -> int:
        """Returns the bytes of all files."""
        return sum(file.size for file in self.files)

    def to_json(self) -> dict[str, Any]:
        """Returns the plan for a machine."""
        return {
            "repo": self.repo,
            "private": self.private,
            "tag": self.tag,
            "message": self.message,
            "files": [{"name": file.name, "bytes": file.size} for file in self.files],
            "bytes": self.size,
            "left_here": list(self.strays),
            "refusals": list(self.refusals),
        }


def plan(folder: Path, repo: str, public: bool = False, tag: str | None = None, message: str | None = None) -> Plan:
    """Returns what pushing a folder would do; raises KzalignError where the folder, a name or the card is not fit for it."""
    _check_repo(repo)
    build = read_folder(folder)
    tag = dataset_version(build.manifest) if tag is None else tag
    if not TAG.fullmatch(tag) or tag in BRANCHES:
        raise KzalignError(f"--tag {tag!r}: not a tag: letters, digits and '._+-', such as v1.0; not {' or '.join(BRANCHES)}")
    if message is None:
        message = f"{tag}: {build.manifest.get('articles', 0)} articles from {len(build.manifest['inputs'])} documents"
    if not message.strip():
        raise KzalignError("--message is empty: say what is new, or leave it out")
    names = frozenset(file.name for file in build.files)
    problems = problems_of(_text(folder / README), names)
    if problems:
        raise KzalignError(f"{folder / README}: {'; '.join(problems)}")
    return Plan(repo, not public, tag, message, build.files, build.strays, _refusals(build.manifest))


def _check_repo(repo: str) -> None:
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


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read: {error}") from None


def _refusals(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns a reason if documents with articles have no licence."""
    with_articles = [entry for entry in manifest["inputs"] if entry.get("articles", 0)]
    unnamed = [
        entry["file"] for entry in with_articles if not all(one.get("licence") for one in sources_of(manifest, entry["id"]))
    ]
    if not unnamed:
        return ()
    more = f" and {len(unnamed) - NAMED} more" if len(unnamed) > NAMED else ""
    return (
        f"no licence is named for {', '.join(unnamed[:NAMED])}{more}: name them in a sources.toml and "
        "run `kzalign build --sources sources.toml` again",
    )
