"""The Hub as a push sees it: its state, and questions that are asked again while it does not answer.

Files go up by the library's own ways: Xet storage where hf_xet is installed, git LFS where it is not or where
HF_HUB_DISABLE_XET is set; both skip what the Hub already holds, so that a broken push goes on where it stopped.
"""

import json
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from kzalign import __version__
from kzalign.errors import KzalignError

T = TypeVar("T")
DATASET, MODEL = "dataset", "model"
"""Kinds of repositories."""
WAITS = (1.0, 2.0, 4.0, 8.0)
"""Seconds before each new try, where the Hub does not name them itself."""

LONGEST_WAIT = 300.0
"""Seconds; the Hub counts requests in windows of five minutes. Who is told to wait longer stops instead."""

SILENCE = 120.0
"""Seconds without a byte after which a connection counts as broken; the library alone would wait for ever."""

TRANSIENT = frozenset({408, 429, 500, 502, 503, 504})
MEANINGS = {
    401: "the token is refused: log in again with `hf auth login`, or set HF_TOKEN",
    403: "the token may not write there: take one with write access to {repo}",
    404: "there is no such {kind}, or the token may not see it",
    409: "it was changed by someone else meanwhile: run the command again",
    412: "it was changed by someone else meanwhile: run the command again",
}
XET_REFUSAL = re.compile(r"HTTP status client error \(((?!408|429)4\d\d)")
"""How hf_xet, whose errors of the network are all ConnectionError, tells of an answer that asking again does not change."""

NO_TOKEN = "no token: log in with `hf auth login`, or set HF_TOKEN"
MAX_CHARS = 300


@dataclass(frozen=True, slots=True)
class RemoteFile:
    """A file of the repository: size in bytes, SHA-256 if it is a large file, hash as a git blob if it is not."""

    size: int
    sha256: str | None
    blob: str


@dataclass(frozen=True, slots=True)
class State:
    """A repository at a moment: its head (none if it has no commit), whether it is private, its tags by name, its files."""

    head: str | None
    private: bool
    tags: Mapping[str, str]
    files: Mapping[str, RemoteFile]


@dataclass(frozen=True, slots=True)
class Trouble:
    """What an error of the library means: in words, and whether and after how many seconds asking again may help."""

    text: str
    again: bool = False
    wait: float | None = None


class Hub:
    """One repository of the Hub, under the user's token, which no message shows."""

    def __init__(self, repo: str, kind: str, told: Callable[[str], None]) -> None:
        from huggingface_hub import HfApi, get_token
        from huggingface_hub.utils import logging

        logging.set_verbosity_error()
        token = get_token()
        if not token:
            raise KzalignError(NO_TOKEN)
        if not re.fullmatch(r"[\x21-\x7e]+", token):
            raise KzalignError("the token holds characters that no token has: log in again with `hf auth login`")
        self._token, self._told = token, told
        self.repo, self.kind = repo, kind
        self.api = HfApi(token=token, library_name="kzalign", library_version=__version__)

    def ask(self, what: str, question: Callable[[], T]) -> T:
        """Returns what the question returns, asked again while the Hub does not answer; else raises KzalignError."""
        from huggingface_hub.errors import HTTPError
        from huggingface_hub.utils import get_session

        for wait in (*WAITS, None):
            try:
                get_session().timeout = SILENCE
                return question()
            except (HTTPError, OSError, RuntimeError, ValueError) as error:
                trouble = self._trouble(error)
                if trouble is None:
                    raise
                pause = wait if trouble.wait is None else trouble.wait
                if not trouble.again or wait is None or pause is None or pause > LONGEST_WAIT:
                    raise KzalignError(f"{what}: {trouble.text}") from None
                self._told(f"{what}: {trouble.text}; again in {pause:g} s")
            time.sleep(pause)
        raise AssertionError("the last try returns or raises")

    def _trouble(self, error: Exception) -> Trouble | None:
        """Returns what an error means, None if it is a bug."""
        from huggingface_hub.errors import HfHubHTTPError, HTTPError, OfflineModeIsEnabled

        cause = error.__cause__ if type(error) is RuntimeError and isinstance(error.__cause__, Exception) else error
        if isinstance(cause, OfflineModeIsEnabled):
            return Trouble("offline mode is on: unset HF_HUB_OFFLINE")
        if isinstance(cause, HfHubHTTPError):
            return self._answer(cause)
        if type(cause) is ConnectionError and (refused := XET_REFUSAL.search(str(cause))):
            said = f"the Xet storage refuses (HTTP {refused[1]}): the token may not write to {self.repo}"
            return Trouble(f"{said}, or {self.api.endpoint} has no Xet storage: HF_HUB_DISABLE_XET=1 does without")
        if isinstance(cause, HTTPError) or type(cause) is ConnectionError:
            return Trouble(self.clean(f"no connection to {self.api.endpoint} ({cause})"), again=True)
        if isinstance(cause, json.JSONDecodeError):
            return Trouble(f"{self.api.endpoint} gives no readable answer", again=True)
        if isinstance(cause, OSError) and cause.filename:
            return Trouble(f"{cause.filename}: cannot be read: {cause.strerror}")
        if type(cause) is ValueError:
            return Trouble(self.clean(str(cause)))
        return None

    def _answer(self, error: Any) -> Trouble:
        """Returns what an answer with an error status means."""
        status = error.response.status_code
        said = self.clean(error.server_message or "")
        meaning = MEANINGS.get(status, "the Hub refuses").format(repo=self.repo, kind=self.kind)
        text = f"{meaning} (HTTP {status}{f': {said}' if said else ''})"
        if status not in TRANSIENT:
            return Trouble(text)
        return Trouble(f"the Hub does not answer now (HTTP {status})", again=True, wait=_wait(error.response.headers))

    def clean(self, text: str) -> str:
        """Returns a text of the library or the Hub on one line, without the token and without signatures in addresses."""
        plain = re.sub(r"\?\S+", "?…", " ".join(text.replace(self._token, "***").split()))
        return plain if len(plain) <= MAX_CHARS else plain[:MAX_CHARS] + "…"

    def state(self) -> State | None:
        """Returns the repository's state at its head, None if there is no such repository; asks without patience."""
        from huggingface_hub.errors import RepositoryNotFoundError

        try:
            info = self._info()
        except RepositoryNotFoundError:
            return None
        refs = self.api.list_repo_refs(self.repo, repo_type=self.kind) if info.sha else None
        return State(
            info.sha, bool(info.private), {tag.name: tag.target_commit for tag in refs.tags} if refs else {}, _files(info)
        )

    def files(self, revision: str) -> dict[str, RemoteFile]:
        """Returns the files of the repository at a revision, by name; asks without patience."""
        return _files(self._info(revision))

    @property
    def url(self) -> str:
        """Returns the repository's page."""
        return f"{self.api.endpoint}/{'datasets/' if self.kind == DATASET else ''}{self.repo}"

    def _info(self, revision: str | None = None) -> Any:
        return self.api.repo_info(self.repo, revision=revision, repo_type=self.kind, files_metadata=True, timeout=SILENCE)


def _files(info: Any) -> dict[str, RemoteFile]:
    return {
        file.rfilename: RemoteFile(file.size, file.lfs.sha256 if file.lfs else None, file.blob_id) for file in info.siblings or ()
    }


def _wait(headers: Mapping[str, str]) -> float | None:
    """Returns the seconds that the Hub asks to wait: its `ratelimit` where that is used up, else `Retry-After`."""
    from huggingface_hub.utils import parse_ratelimit_headers

    limit = parse_ratelimit_headers(headers)
    if limit is not None and limit.remaining == 0:
        return float(limit.reset_in_seconds)
    after = headers.get("retry-after", "").strip()
    return float(after) if after.isdecimal() else None
