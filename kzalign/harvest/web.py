"""Polite, bounded requests: one at a time, with pauses; no hop to a private address, no answer without an end."""

import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import urljoin

import httpx2

from kzalign import __version__
from kzalign.config import HarvestConfig
from kzalign.errors import KzalignError
from kzalign.harvest.address import Forbidden, is_named_privately, origin_of, resolve
from kzalign.pauses import retry_after

BUSY = frozenset({408, 425, 429})
"""Of the statuses below 500; those from 500 on are the server's trouble and may pass."""
MOVED = frozenset({301, 302, 303, 307, 308})
GZIP = frozenset({"gzip", "x-gzip"})
MEGABYTE = 1_000_000
LONGEST_BACKOFF = 120.0
"""Seconds before another attempt, where the server does not say how long."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came from an address, unpacked; `url` is where the last hop led."""

    url: str
    status: int
    kind: str
    body: bytes


class Retry(Exception):
    """An answer that may be better next time; `pause` is what the server asked for, in seconds."""

    def __init__(self, reason: str, pause: float | None = None) -> None:
        super().__init__(reason)
        self.pause = pause


class Unanswered(KzalignError):
    """An address that gave no usable answer after all attempts; `status` is its last, 0 where it had none."""

    def __init__(self, message: str, status: int = 0) -> None:
        super().__init__(message)
        self.status = status


class _Guard(httpx2.BaseTransport):
    """Connects to the very address that was checked: a name that is resolved twice may lead to two places."""

    def __init__(self, trusted: frozenset[tuple[str, int]], allow_private: bool) -> None:
        self._trusted, self._allow = trusted, allow_private
        self._to: dict[tuple[str, str, int], httpx2.HTTPTransport] = {}

    def handle_request(self, request: httpx2.Request) -> httpx2.Response:
        """Returns the answer of the first of the host's addresses that takes the connection."""
        host, port = origin_of(str(request.url))
        try:
            numbers = resolve(host, port, self._allow or (host, port) in self._trusted)
        except OSError as error:
            raise httpx2.ConnectError(str(error)) from None
        for number in numbers:
            pinned = httpx2.Request(
                request.method,
                request.url.copy_with(host=number),
                headers=request.headers,
                stream=request.stream,
                extensions={**request.extensions, "sni_hostname": host},
            )
            try:
                return self._transport(request.url.scheme, host, port).handle_request(pinned)
            except (httpx2.ConnectError, httpx2.ConnectTimeout):
                if number == numbers[-1]:
                    raise
        raise httpx2.ConnectError(f"{host}: no address")

    def _transport(self, scheme: str, host: str, port: int) -> httpx2.HTTPTransport:
        """A connection whose certificate was checked for one host is not used for another."""
        return self._to.setdefault((scheme, host, port), httpx2.HTTPTransport())

    def close(self) -> None:
        """Closes the connections."""
        for transport in self._to.values():
            transport.close()


class Web:
    """Gets addresses one after the other. `endpoint` is what the user typed: it may be private if it is typed as a number."""

    def __init__(
        self, endpoint: str, config: HarvestConfig, allow_private: bool, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        host, port = origin_of(endpoint)
        trusted = frozenset({(host, port)}) if is_named_privately(host) else frozenset()
        self._config, self._sleep = config, sleep
        self._due = 0.0
        who = config.contact or "no contact given"
        if not (who.isascii() and who.isprintable()):
            raise KzalignError(f"harvest.contact: '{who}' cannot be sent: an e-mail address or a page, in Latin letters")
        self._client = httpx2.Client(
            transport=_Guard(trusted, allow_private),
            headers={
                "User-Agent": f"kzalign/{__version__} (harvester of abstracts; {who})",
                "Accept-Encoding": "gzip",
                "Accept": "text/xml, application/xml;q=0.9, text/html;q=0.8, */*;q=0.5",
            },
            timeout=config.timeout,
            follow_redirects=False,
            trust_env=False,
        )
        self.requests = 0

    def close(self) -> None:
        """Closes the connections."""
        self._client.close()

    def forget(self) -> None:
        """Drops cookies: a site that remembers a language shows it until then."""
        self._client.cookies.clear()

    def get(self, url: str, params: dict[str, str] | None = None, check: Callable[[Answer], None] | None = None) -> Answer:
        """Returns an address's answer; `check` raises Retry for one that is not whole.

        Raises Unanswered after the last attempt or for a status that will not change, Forbidden for a private address.
        """
        reason = ""
        for attempt in range(self._config.retries + 1):
            try:
                answer = self._follow(url, params)
                if check:
                    check(answer)
                return answer
            except Retry as problem:
                reason, pause = str(problem), problem.pause
            except httpx2.TimeoutException:
                reason, pause = f"no answer within {self._config.timeout:g} seconds", None
            except httpx2.InvalidURL as error:
                raise Unanswered(f"{url[:300]}: not an address: {error}") from None
            except (httpx2.HTTPError, zlib.error) as error:
                if "CERTIFICATE_VERIFY_FAILED" in str(error):
                    raise Unanswered(f"{url}: its certificate is not valid ({error}): tell the site, or try http://") from None
                reason, pause = f"no whole answer ({str(error) or type(error).__name__})", None
            if pause is not None and pause > self._config.longest_pause:
                raise Unanswered(
                    f"{url}: {reason} and asks to wait {pause:,.0f} seconds, more than harvest.longest_pause = "
                    f"{self._config.longest_pause:g}: run the same command again later"
                )
            if attempt < self._config.retries:
                self._sleep(min(LONGEST_BACKOFF, self._config.delay * 2.0**attempt) if pause is None else pause)
        raise Unanswered(f"{url}: {reason} ({self._config.retries + 1} attempts): run the same command again later")

    def _follow(self, url: str, params: dict[str, str] | None) -> Answer:
        for _ in range(self._config.max_redirects + 1):
            origin_of(url)
            answer, following = self._once(url, params)
            if following is None:
                return answer
            try:
                url, params = urljoin(answer.url, following), None
            except ValueError:
                raise Unanswered(f"{url}: redirects to what is no address: {following[:200]!r}") from None
        raise Unanswered(f"{url}: more than harvest.max_redirects = {self._config.max_redirects} redirections")

    def _once(self, url: str, params: dict[str, str] | None) -> tuple[Answer, str | None]:
        """Returns an answer, and where it redirects to."""
        if (left := self._due - time.monotonic()) > 0:
            self._sleep(left)
        self.requests += 1
        try:
            with self._client.stream("GET", url, params=params) as response:
                status, headers = response.status_code, response.headers
                moved = headers.get("location") if status in MOVED else None
                body = b"" if moved else b"".join(self._unpacked(response))
                kind = headers.get("content-type", "").partition(";")[0].strip().lower()
                answer = Answer(str(response.url), status, kind, body)
        except Forbidden as error:
            raise Forbidden(f"{url}: {error}") from None
        finally:
            self._due = time.monotonic() + self._config.delay
        if status < 400 or b"<OAI-PMH" in body[:2000]:
            return answer, moved
        if status in BUSY or status >= 500:
            raise Retry(f"the server said {status} {response.reason_phrase}".rstrip(), retry_after(headers.get("retry-after")))
        raise Unanswered(f"{url}: the server said {status} {response.reason_phrase}".rstrip(), status)

    def _unpacked(self, response: httpx2.Response) -> Iterator[bytes]:
        """Yields the answer's bytes; never more than the limit, whatever a few packed ones would become."""
        packing = [name for name in response.headers.get("content-encoding", "").lower().replace(" ", "").split(",") if name]
        packing = [name for name in packing if name != "identity"]
        if len(packing) > 1 or not GZIP.issuperset(packing):
            raise Unanswered(f"{response.url}: packed as {', '.join(packing)}, which was not asked for")
        left = int(self._config.max_megabytes * MEGABYTE)
        end = time.monotonic() + self._config.max_seconds
        unpack = zlib.decompressobj(47) if packing else None
        begun = False
        for chunk in response.iter_raw():
            begun = True
            data = unpack.decompress(chunk, left + 1) if unpack else chunk
            left -= len(data)
            if left < 0:
                raise Unanswered(f"{response.url}: larger than harvest.max_megabytes = {self._config.max_megabytes:g}")
            if time.monotonic() > end:
                raise Retry(f"not whole within harvest.max_seconds = {self._config.max_seconds:g}")
            yield data
        if unpack and begun and not unpack.eof:
            raise Retry("a packed answer that is cut short")
