"""The lock file: which commit a repository's branch meant when its files were first downloaded.

A hash enters it only from a download that happened; nothing here guesses one.
"""

import json
import os
from pathlib import Path
from typing import Any

from kzalign.cards import HASH
from kzalign.errors import KzalignError
from kzalign.store import whole_file

LOCK = "models.lock.json"


def home() -> Path:
    """Returns kzalign's own folder: `$KZALIGN_HOME`, or `kzalign` in the user's cache folder."""
    if own := os.environ.get("KZALIGN_HOME"):
        return Path(own).expanduser()
    return Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache").expanduser() / "kzalign"


class Lock:
    """The commits that earlier downloads resolved, in one JSON file: `{repo: {revision, commit}}`."""

    def __init__(self, path: Path | None = None) -> None:
        self.path = path or home() / LOCK

    def commit(self, repo: str, revision: str, locked: bool = False, setting: str = "align.locked") -> str | None:
        """Returns the commit to load: the revision itself if it is a hash, else the locked one, else None.

        With `locked`, a repository that no entry pins is a KzalignError instead of None; it names the `setting` to change.
        """
        if HASH.fullmatch(revision):
            return revision
        entry = self._read().get(repo)
        if entry is not None and entry["revision"] == revision:
            return entry["commit"]
        if locked:
            raise KzalignError(
                f"{repo}@{revision} is not in {self.path}: run once with {setting}=false to download it and write the entry"
            )
        return None

    def write(self, repo: str, revision: str, commit: str) -> None:
        """Enters the commit that a download resolved; an entry for the same revision is never changed."""
        if HASH.fullmatch(revision):
            return
        if not HASH.fullmatch(commit):
            raise ValueError(f"'{commit}' is not a commit hash")
        entries = self._read()
        if entries.get(repo, {}).get("revision") == revision:
            return
        entries[repo] = {"revision": revision, "commit": commit}
        with whole_file(self.path, force=True) as stream:
            json.dump(dict(sorted(entries.items())), stream, indent=1)
            stream.write("\n")

    def _read(self) -> dict[str, dict[str, str]]:
        try:
            data = json.loads(self.path.read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        except (OSError, ValueError) as error:
            raise KzalignError(f"{self.path}: cannot be read as a lock file: {error}") from None
        if not isinstance(data, dict) or not all(_entry(value) for value in data.values()):
            raise KzalignError(f'{self.path}: expected {{repo: {{"revision": …, "commit": 40 hex digits}}}}: mend or delete it')
        return data


def _entry(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == {"revision", "commit"}
        and all(isinstance(text, str) for text in value.values())
        and HASH.fullmatch(value["commit"]) is not None
    )
