"""Datasets of the Hub as folders: their tables are documents, fetched one by one at a fixed commit; no code of theirs runs.

`hf://datasets/OWNER/NAME[@REVISION][/CONFIG]`, as huggingface_hub writes it. A dataset without tables is read from the Parquet
files that the Hub makes of it.
"""

import re
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.errors import KzalignError
from kzalign.extract.readers.content import Unreadable

SCHEME = ("hf:", "datasets")
SPELLING = "hf://datasets/OWNER/NAME[@REVISION][/CONFIG]"
TABLES = frozenset({".parquet", ".csv", ".tsv", ".jsonl"})
CONVERTED = "refs/convert/parquet"
"""The branch in which the Hub keeps a dataset as Parquet, whatever its own files are."""

DATASET = "dataset"
SECONDS = 30.0
"""How long the Hub may take to say what is in a dataset."""

MEGABYTE = 1_000_000
ADDRESS = re.compile(r"(?P<repo>[\w.-]+/[\w.-]+)(?:@(?P<revision>[^/@]+))?(?:/(?P<part>.+))?")
ONE_LINE = 200
"""Characters of an error of the library that are shown."""


@dataclass(frozen=True, slots=True)
class Remote:
    """A table of a dataset at a commit."""

    repo: str
    commit: str
    inside: str
    size: int = 0

    @property
    def name(self) -> str:
        """Returns the dataset, the commit's beginning and the file."""
        return f"{self.repo}@{self.commit[:12]}/{self.inside}"

    @property
    def stem(self) -> str:
        """Returns the dataset's name and the file's place in it, without its suffix."""
        place = PurePosixPath(self.inside).with_suffix("")
        return "-".join((self.repo.partition("/")[2], *(part for part in place.parts if part != "data")))

    @property
    def suffix(self) -> str:
        """Returns the file's suffix."""
        return PurePosixPath(self.inside).suffix


def is_dataset(path: Path) -> bool:
    """Says whether a path is the address of a dataset of the Hub."""
    return path.parts[:2] == SCHEME


def tables_of(path: Path) -> list[Remote]:
    """Returns the tables of a dataset, or of one configuration of it, by name; raises KzalignError where there is none."""
    match = ADDRESS.fullmatch("/".join(path.parts[2:]))
    name = f"hf://{'/'.join(path.parts[1:])}"
    if not match:
        raise KzalignError(f"{name}: not the name of a dataset: write {SPELLING}")
    repo, revision, part = match["repo"], match["revision"], match["part"]
    for branch in (revision,) if revision else (None, CONVERTED):
        info = _asked(name, repo, branch)
        if info is None:
            break
        files = {file.rfilename: file.size or 0 for file in info.siblings or ()}
        chosen = _chosen([file for file in sorted(files) if PurePosixPath(file).suffix.lower() in TABLES], part, info)
        if chosen:
            return [Remote(repo, info.sha, file, files[file]) for file in chosen]
    which = f" in '{part}'" if part else ""
    raise KzalignError(f"{name}: no table{which} that can be read ({', '.join(sorted(TABLES))})")


def _chosen(files: list[str], part: str | None, info: Any) -> list[str]:
    """Returns the files of a configuration: those that the card names, else those in its folder, or the file of that name."""
    if not part:
        return files
    patterns = [pattern for config in _configs(info) if config.get("config_name") == part for pattern in _patterns(config)]
    if patterns:
        return [file for file in files if any(fnmatchcase(file, pattern) for pattern in patterns)]
    return [
        file
        for file in files
        if file.startswith((f"{part}/", f"data/{part}/")) or part in (file, PurePosixPath(file).with_suffix("").as_posix())
    ]


def _configs(info: Any) -> list[dict[str, Any]]:
    """Returns the configurations that a dataset's card lists."""
    found = getattr(info.card_data, "configs", None) if info.card_data else None
    return [config for config in found if isinstance(config, dict)] if isinstance(found, list) else []


def _patterns(config: dict[str, Any]) -> list[str]:
    """Returns the patterns of a configuration's files; a card writes them as a text, a list or a list by split."""
    found: list[str] = []
    waiting = [config.get("data_files")]
    while waiting:
        value = waiting.pop()
        if isinstance(value, str):
            found.append(value)
        elif isinstance(value, dict):
            waiting.append(value.get("path"))
        elif isinstance(value, list):
            waiting += value
    return found


def _asked(name: str, repo: str, branch: str | None) -> Any:
    """Returns what the Hub says of a dataset; None where it has no converted branch. Raises KzalignError in one line."""
    try:
        from huggingface_hub import HfApi
        from huggingface_hub.errors import RevisionNotFoundError
    except ImportError:
        raise KzalignError(f"{name}: reading a dataset of the Hub needs huggingface_hub: pip install 'kzalign[hub]'") from None
    try:
        return HfApi(library_name="kzalign").dataset_info(repo, revision=branch, files_metadata=True, timeout=SECONDS)
    except RevisionNotFoundError:
        if branch == CONVERTED:
            return None
        raise KzalignError(f"{name}: the dataset has no revision '{branch}'") from None
    except Exception as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise KzalignError(f"{name}: {trouble}") from None


def _trouble(error: Exception) -> str | None:
    """Returns what an error of the library means, None if it is a bug; what it says is left out where it may hold addresses."""
    from huggingface_hub.errors import (
        HfHubHTTPError,
        HFValidationError,
        HTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    if isinstance(error, LocalEntryNotFoundError) and isinstance(error.__cause__, HfHubHTTPError):
        error = error.__cause__
    meanings: tuple[tuple[type[Exception] | tuple[type[Exception], ...], str], ...] = (
        (OfflineModeIsEnabled, "offline mode is on: unset HF_HUB_OFFLINE"),
        (RepositoryNotFoundError, "no such dataset on the Hub, or it may be read with a token only (`hf auth login`)"),
        (HFValidationError, f"not the name of a dataset: write {SPELLING}"),
        ((HTTPError, ConnectionError, LocalEntryNotFoundError, TimeoutError), "no connection to the Hub"),
    )
    if isinstance(error, HfHubHTTPError) and not isinstance(error, RepositoryNotFoundError):
        return f"the Hub answers with HTTP {error.response.status_code}"
    known = next((text for kind, text in meanings if isinstance(error, kind)), None)
    return known or (f"cannot be read: {' '.join(str(error).split())[:ONE_LINE]}" if isinstance(error, OSError) else None)


def bytes_of_remote(remote: Remote, config: ExtractConfig) -> bytes:
    """Returns a table's bytes, from the cache if it was fetched before; raises Unreadable where it cannot be had."""
    if remote.size > config.max_megabytes * MEGABYTE:
        raise Unreadable(f"{remote.size / MEGABYTE:.3g} MB, more than extract.max_megabytes = {config.max_megabytes:g}")
    from huggingface_hub import HfApi
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars

    if not are_progress_bars_disabled():
        disable_progress_bars()
    try:
        return Path(
            HfApi(library_name="kzalign").hf_hub_download(remote.repo, remote.inside, repo_type=DATASET, revision=remote.commit)
        ).read_bytes()
    except Exception as error:
        trouble = _trouble(error)
        if trouble is None:
            raise
        raise Unreadable(trouble) from None
