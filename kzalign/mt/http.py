"""Requests to a server that may be busy, slow or half-dead: repeated with growing pauses, then one line of error."""

import http.client
import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from time import sleep
from typing import Any

from kzalign.errors import KzalignError
from kzalign.pauses import retry_after

BUSY = frozenset({408, 409, 425, 429})
"""Of the statuses below 500; those from 500 on are the server's trouble and may pass."""
LONGEST_PAUSE = 60.0
"""Seconds; a server that asks for more gets as much."""


class Retry(Exception):
    """An answer that may be better next time; `pause` is what the server asked for, in seconds."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirected request would carry the key to another server."""

    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        """Returns None: the redirection is the answer."""


@dataclass(frozen=True, slots=True)
class Client:
    """Posts JSON to one address. The key goes into a header and never into an error."""

    url: str
    key: str = field(repr=False)
    timeout: float
    retries: int

    def post(self, body: dict[str, Any], read: Callable[[dict[str, Any]], Any]) -> Any:
        """Returns what `read` makes of the answer; it raises Retry for an answer that is not whole.

        After the last attempt, and at once for an answer that will not change, raises KzalignError.
        """
        for attempt in range(self.retries + 1):
            try:
                return read(self._answer(body))
            except Retry as problem:
                reason = self._hidden(str(problem))
                pause = problem.pause
            if attempt < self.retries:
                sleep(min(LONGEST_PAUSE, pause if pause is not None else 2.0**attempt / 2))
        tries = f"after {self.retries + 1} attempts" if self.retries else "at the first attempt"
        raise KzalignError(f"{self.url}: {reason} ({tries}): is the server running? mt.retries and mt.timeout can be raised")

    def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        if self.key:
            headers["Authorization"] = f"Bearer {self.key}"
        request = urllib.request.Request(self.url, json.dumps(body).encode(), headers, method="POST")
        opener = urllib.request.build_opener(_NoRedirect)
        try:
            with opener.open(request, timeout=self.timeout) as response:
                raw = response.read()
        except urllib.error.HTTPError as error:
            raise self._refused(error) from None
        except TimeoutError:
            raise Retry(f"no answer within {self.timeout:g} seconds") from None
        except (OSError, http.client.HTTPException) as error:
            reason = getattr(error, "reason", None) or error
            raise Retry(f"no whole answer ({str(reason) or type(reason).__name__})") from None
        try:
            data = json.loads(raw)
        except ValueError:
            raise Retry("an answer that is not JSON, or half of one") from None
        if not isinstance(data, dict):
            raise Retry("an answer that is not a JSON object")
        return data

    def _refused(self, error: urllib.error.HTTPError) -> Exception:
        said = f"the server said {error.code} {error.reason}{self._detail(error)}"
        if error.code in BUSY or error.code >= 500:
            return Retry(said, retry_after(error.headers.get("Retry-After")))
        hint = ": check the key's environment variable" if error.code in (401, 403) else ""
        return KzalignError(f"{self.url}: {self._hidden(said)}{hint}")

    def _detail(self, error: urllib.error.HTTPError) -> str:
        """Returns the message of an answer that is an error, at most 200 characters on one line."""
        try:
            raw = error.read(10_000).decode("utf-8", "replace")
        except (OSError, http.client.HTTPException):
            return ""
        try:
            found = json.loads(raw)
            raw = found["error"]["message"] if isinstance(found["error"], dict) else found["error"]
        except (ValueError, KeyError, TypeError):
            pass
        text = " ".join(str(raw).split())
        return f": {text[:200]}" if text else ""

    def _hidden(self, text: str) -> str:
        return text.replace(self.key, "…") if self.key else text
