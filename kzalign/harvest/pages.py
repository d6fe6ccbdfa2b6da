"""The pages of articles, and their files: fetched once, for records that lack a language."""

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin

from kzalign.errors import KzalignError
from kzalign.harvest.address import origin_of
from kzalign.harvest.articles import Known, Readers, known_of
from kzalign.harvest.lists import Tell
from kzalign.harvest.shelf import Shelf
from kzalign.harvest.web import Unanswered, Web
from kzalign.records import Reject

LOCALE = re.compile(r"""href\s*=\s*["']([^"'<>]*/user/setLocale/[\w@.-]+[^"'<>]*)["']""", re.I)
"""OJS's links to the same page in another language; which it is lasts as long as the cookies."""
MAX_LOCALES = 5
VIEW = re.compile(r"/article/view/([^/?#]+/[^/?#]+)/?$")
PDF = b"%PDF-"
LASTING = frozenset({401, 403, 404, 410})
"""Statuses of pages that are not asked for again until the record changes."""


def fetch_pages(web: Web, shelf: Shelf, readers: Readers, tell: Tell) -> None:
    """Fetches the page of each article that lacks a language, in every locale that it offers until none lacks."""
    wanted = [known.identifier for known in _lacking(shelf, readers) if known.merged.pages]
    for done, identifier in enumerate(wanted, 1):
        known = known_of(shelf, identifier, shelf.copies(identifier), readers)
        if isinstance(known, Known) and not _fetched(shelf, known):
            _fetch(web, shelf, readers, known)
        tell("pages", done, len(wanted))


def _lacking(shelf: Shelf, readers: Readers) -> Iterator[Known]:
    """Yields the articles that lack a language."""
    for identifier, copies in shelf.records():
        known = known_of(shelf, identifier, copies, readers)
        if isinstance(known, Known) and known.merged.lacking:
            yield known


def _fetched(shelf: Shelf, known: Known) -> bool:
    """Says whether an earlier run fetched the page of this state of the record."""
    kept = shelf.pages(known.identifier)
    return any(datestamp == known.datestamp and not problem.startswith("?") for _, datestamp, problem, _ in kept)


def _fetch(web: Web, shelf: Shelf, readers: Readers, known: Known) -> None:
    web.forget()
    waiting, done = known.merged.pages[:1], set[str]()
    while waiting and len(done) <= MAX_LOCALES:
        url = waiting.pop(0)
        done.add(url)
        body, problem = _page(web, url)
        if body and not done - {url}:
            waiting += _locales(url, body)
        shelf.add_page(known.identifier, url, known.datestamp, problem, body)
        again = known_of(shelf, known.identifier, known.copies, readers)
        if problem or not isinstance(again, Known) or not again.merged.lacking:
            return


def _page(web: Web, url: str) -> tuple[bytes, str]:
    """Returns a page, or why there is none; `?` begins a reason that may pass."""
    try:
        answer = web.get(url)
    except Unanswered as error:
        return b"", f"{'' if error.status in LASTING else '?'}{error}"
    except KzalignError as error:
        return b"", str(error)
    if answer.kind not in ("text/html", "application/xhtml+xml", ""):
        return b"", f"{url}: no web page but {answer.kind}"
    return answer.body, ""


def _locales(url: str, body: bytes) -> list[str]:
    """Returns the addresses that show the page in other languages, on the same host."""
    text = body[:2_000_000].decode("utf-8", "replace")
    links = [urljoin(url, unescape(match[1])) for match in LOCALE.finditer(text)]
    return [link for link in dict.fromkeys(links) if link.startswith("http") and origin_of(link) == origin_of(url)][:MAX_LOCALES]


def fetch_files(web: Web, shelf: Shelf, readers: Readers, folder: Path, tell: Tell) -> list[Reject]:
    """Downloads the PDF of each article that lacks a language still; returns those that could not be had."""
    wanted = [(known.identifier, known.merged.files) for known in _lacking(shelf, readers) if known.merged.files]
    rejects: list[Reject] = []
    for done, (identifier, links) in enumerate(wanted, 1):
        path = folder / f"{re.sub(r'[^0-9A-Za-z.-]+', '_', identifier)[-100:]}.pdf"
        if not path.exists() and (reason := _download(web, links, path)):
            rejects.append(Reject("harvest", identifier, reason, {"files": links}))
        tell("files", done, len(wanted))
    return rejects


def _download(web: Web, links: list[str], path: Path) -> str:
    """Writes the first file that is a PDF; returns why there is none."""
    reason = ""
    for link in links:
        url = VIEW.sub(r"/article/download/\1", link)
        try:
            body = web.get(url).body
        except KzalignError as error:
            reason = str(error)
            continue
        if body.startswith(PDF):
            path.parent.mkdir(parents=True, exist_ok=True)
            part = path.with_name(path.name + ".part")
            part.write_bytes(body)
            part.replace(path)
            return ""
        reason = f"{url}: no PDF"
    return reason
