"""From the shelf to articles: every copy of a record, and its pages, read into one."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from kzalign.harvest.formats import FORMATS, PAGE, Piece, Read, format_of, read_pieces
from kzalign.harvest.merge import Merged, merge
from kzalign.harvest.shelf import Copy, Shelf
from kzalign.records import Reject

NOTHING = "no title, abstract or keywords in kk, ru or en"


@dataclass(frozen=True, slots=True)
class Readers:
    """What reads JATS and articles' pages: another stage's knowledge, handed in."""

    jats: Read
    page: Read


@dataclass(frozen=True, slots=True)
class Known:
    """A record that is an article: all that is known of it, and what of it could not be read."""

    identifier: str
    datestamp: str
    copies: tuple[Copy, ...]
    merged: Merged
    rejects: tuple[Reject, ...]


def known_of(shelf: Shelf, identifier: str, copies: Sequence[Copy], readers: Readers) -> Known | Reject:
    """Returns the article, or why the record is none."""
    newest = max(copies, key=lambda copy: copy.datestamp)
    record = {"datestamp": newest.datestamp, "formats": sorted(copy.prefix for copy in copies)}
    if newest.deleted:
        return Reject("harvest", identifier, "deleted by the journal", record)
    pieces: list[Piece] = []
    rejects: list[Reject] = []
    for copy in sorted(copies, key=lambda copy: _order(copy.prefix)):
        if copy.xml:
            pieces += _tried(partial(read_pieces, copy.prefix, copy.xml, readers.jats), identifier, copy.prefix, rejects)
    for url, _, problem, body in shelf.pages(identifier):
        if problem:
            rejects.append(Reject("harvest", identifier, problem.removeprefix("?"), {"url": url}))
        else:
            pieces += _tried(partial(_page_pieces, body, readers), identifier, url, rejects)
    if not pieces:
        reason = NOTHING if any(copy.xml for copy in copies) else "no metadata"
        return Reject("harvest", identifier, rejects[0].reason if rejects else reason, record)
    merged = merge(pieces)
    if not (merged.titles or merged.abstracts or merged.keywords):
        left = {"left": [text[:200] for _, text in merged.left]}
        return Reject("harvest", identifier, NOTHING, record | left)
    rejects += [Reject("harvest", identifier, reason, {"text": text[:200]}) for reason, text in merged.left]
    return Known(identifier, newest.datestamp, tuple(copies), merged, tuple(rejects))


def _tried(read: Callable[[], list[Piece]], identifier: str, where: str, rejects: list[Reject]) -> list[Piece]:
    try:
        return read()
    except ValueError as error:
        rejects.append(Reject("harvest", identifier, f"{where}: {error}"))
        return []


def _page_pieces(body: bytes, readers: Readers) -> list[Piece]:
    return [Piece(role, texts, group, PAGE) for role, texts, group in readers.page(body)]


def _order(prefix: str) -> tuple[int, str]:
    kind = format_of(prefix, "")
    return (FORMATS.index(kind) if kind else 0, prefix)
