"""What was fetched, in one SQLite file: a page of a list and the token that follows it are kept together or not at all."""

import re
import sqlite3
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from kzalign.errors import KzalignError
from kzalign.harvest.protocol import Page

TABLES = """
CREATE TABLE IF NOT EXISTS meta (name TEXT PRIMARY KEY, value TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS lists (
    prefix TEXT, sets TEXT, since TEXT, until TEXT, token TEXT, listing INTEGER, date TEXT, mark TEXT,
    PRIMARY KEY (prefix, sets));
CREATE TABLE IF NOT EXISTS records (
    rank TEXT, identifier TEXT, prefix TEXT, datestamp TEXT, deleted INTEGER, xml BLOB, listing INTEGER,
    PRIMARY KEY (rank, identifier, prefix)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS broken (identifier TEXT, prefix TEXT, reason TEXT, PRIMARY KEY (identifier, prefix, reason));
CREATE TABLE IF NOT EXISTS pages (
    identifier TEXT, url TEXT, datestamp TEXT, problem TEXT, body BLOB, PRIMARY KEY (identifier, url)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class Window:
    """The part of a list that is asked for; empty dates are open ends."""

    since: str
    until: str


@dataclass(slots=True)
class Listed:
    """A list: where it stands if it is under way (`listing` not 0), and `mark`, the date that all before is fetched of."""

    prefix: str
    set_: str
    window: Window
    token: str
    listing: int
    date: str
    mark: str


@dataclass(frozen=True, slots=True)
class Copy:
    """A record in one format."""

    prefix: str
    datestamp: str
    deleted: bool
    xml: bytes


class Shelf:
    """The file, held by one process; nothing of a killed one's half-made writes is seen."""

    def __init__(self, path: Path) -> None:
        self._path = path
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._db = sqlite3.connect(path, timeout=0, isolation_level=None)
            self._db.execute("PRAGMA locking_mode=EXCLUSIVE")
            self._db.execute("PRAGMA synchronous=FULL")
            self._db.execute("BEGIN EXCLUSIVE")
            for statement in TABLES.split(";"):
                self._db.execute(statement)
            self._db.execute("COMMIT")
        except OSError as error:
            raise KzalignError(f"{path.parent}: cannot be written: {error.strerror or error}") from None
        except sqlite3.Error as error:
            raise self._problem(error) from None

    def close(self) -> None:
        """Lets the file go."""
        self._db.close()

    def _problem(self, error: sqlite3.Error) -> KzalignError:
        if "locked" in str(error):
            return KzalignError(f"{self._path}: another process is harvesting into it: wait for it, or choose another output")
        return KzalignError(f"{self._path}: {error}: mend that, or begin anew with --force")

    def _do(self, statements: list[tuple[str, list[tuple[object, ...]]]]) -> None:
        """Does all of the statements or none."""
        try:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                for statement, rows in statements:
                    self._db.executemany(statement, rows)
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")
        except sqlite3.Error as error:
            raise self._problem(error) from None

    def _all(self, query: str, *values: object) -> Iterator[tuple[object, ...]]:
        try:
            yield from self._db.execute(query, values)
        except sqlite3.Error as error:
            raise self._problem(error) from None

    def recall(self, name: str) -> str:
        """Returns what was noted under a name; empty if nothing."""
        return next((str(value) for (value,) in self._all("SELECT value FROM meta WHERE name = ?", name)), "")

    def note(self, name: str, value: str) -> None:
        """Notes something about the harvest."""
        self._do([("INSERT OR REPLACE INTO meta VALUES (?, ?)", [(name, value)])])

    def listed(self, prefix: str, set_: str) -> Listed:
        """Returns where a list stands; one that was never begun has no mark and no listing."""
        query = "SELECT since, until, token, listing, date, mark FROM lists WHERE prefix = ? AND sets = ?"
        for since, until, token, listing, date, mark in self._all(query, prefix, set_):
            window = Window(str(since), str(until))
            return Listed(prefix, set_, window, str(token), int(str(listing)), str(date), str(mark))
        return Listed(prefix, set_, Window("", ""), "", 0, "", "")

    def begin(self, listed: Listed) -> None:
        """Gives a list a number of its own, by which its records are told from those of earlier lists."""
        listed.listing = int(self.recall("listing") or 0) + 1
        rows: list[tuple[object, ...]] = [("listing", str(listed.listing))]
        mended: list[tuple[object, ...]] = [] if listed.window.since else [(listed.prefix,)]
        self._do([
            ("INSERT OR REPLACE INTO meta VALUES (?, ?)", rows),
            ("DELETE FROM broken WHERE prefix = ?", mended),
            self._row(listed),
        ])  # fmt: skip

    def keep(self, listed: Listed, page: Page) -> int:
        """Writes a page and where the list stands after it; returns how many of its records the list had not given before."""
        known = {
            (str(identifier), str(datestamp))
            for raw in page.records
            for identifier, datestamp in self._all(
                "SELECT identifier, datestamp FROM records WHERE rank = ? AND identifier = ? AND prefix = ? AND listing = ?",
                rank(raw.identifier), raw.identifier, listed.prefix, listed.listing,
            )
        }  # fmt: skip
        rows: list[tuple[object, ...]] = [
            (rank(r.identifier), r.identifier, listed.prefix, r.datestamp, r.deleted, zlib.compress(r.xml), listed.listing)
            for r in page.records
        ]
        mended: list[tuple[object, ...]] = [(r.identifier, listed.prefix) for r in page.records]
        broken: list[tuple[object, ...]] = [(identifier, listed.prefix, reason) for identifier, reason in page.broken]
        self._do([
            ("INSERT OR REPLACE INTO records VALUES (?, ?, ?, ?, ?, ?, ?)", rows),
            ("DELETE FROM broken WHERE identifier = ? AND prefix = ?", mended),
            ("INSERT OR IGNORE INTO broken VALUES (?, ?, ?)", broken),
            self._row(listed),
        ])  # fmt: skip
        return len({(r.identifier, r.datestamp) for r in page.records} - known)

    def save(self, listed: Listed) -> None:
        """Writes where a list stands."""
        self._do([self._row(listed)])

    def _row(self, it: Listed) -> tuple[str, list[tuple[object, ...]]]:
        row = (it.prefix, it.set_, it.window.since, it.window.until, it.token, it.listing, it.date, it.mark)
        return "INSERT OR REPLACE INTO lists VALUES (?, ?, ?, ?, ?, ?, ?, ?)", [row]

    def count(self) -> int:
        """Returns how many identifiers there are."""
        return next(int(str(n)) for (n,) in self._all("SELECT count(*) FROM (SELECT DISTINCT rank, identifier FROM records)"))

    def records(self) -> Iterator[tuple[str, list[Copy]]]:
        """Yields each identifier with its copies, numbers in it in their order; whatever order they came in."""
        query = "SELECT identifier, prefix, datestamp, deleted, xml FROM records ORDER BY rank, identifier, prefix"
        for identifier, rows in groupby(self._all(query), key=lambda row: str(row[0])):
            yield identifier, [_copy(*row[1:]) for row in rows]

    def copies(self, identifier: str) -> list[Copy]:
        """Returns the copies of a record."""
        query = "SELECT prefix, datestamp, deleted, xml FROM records WHERE rank = ? AND identifier = ? ORDER BY prefix"
        return [_copy(*row) for row in self._all(query, rank(identifier), identifier)]

    def broken(self) -> list[tuple[str, str, str]]:
        """Returns identifier, format and reason of what could not be read, in order."""
        query = "SELECT identifier, prefix, reason FROM broken ORDER BY identifier, prefix, reason"
        return [(str(identifier), str(prefix), str(reason)) for identifier, prefix, reason in self._all(query)]

    def add_page(self, identifier: str, url: str, datestamp: str, problem: str, body: bytes) -> None:
        """Keeps a web page of a record, or why there is none."""
        rows: list[tuple[object, ...]] = [(identifier, url, datestamp, problem, zlib.compress(body))]
        self._do([("INSERT OR REPLACE INTO pages VALUES (?, ?, ?, ?, ?)", rows)])

    def pages(self, identifier: str) -> list[tuple[str, str, str, bytes]]:
        """Returns address, the record's datestamp then, problem and bytes of the pages that were fetched for a record."""
        query = "SELECT url, datestamp, problem, body FROM pages WHERE identifier = ? ORDER BY url"
        found = []
        for url, datestamp, problem, body in self._all(query, identifier):
            assert isinstance(body, bytes)
            found.append((str(url), str(datestamp), str(problem), zlib.decompress(body)))
        return found


def _copy(prefix: object, datestamp: object, deleted: object, xml: object) -> Copy:
    assert isinstance(xml, bytes)
    return Copy(str(prefix), str(datestamp), bool(deleted), zlib.decompress(xml))


def rank(identifier: str) -> str:
    """Returns what puts identifiers in order, 9 before 10."""
    return re.sub(r"[0-9]+", lambda match: match[0].lstrip("0").zfill(12), identifier)
