"""Pairs and triples of sentences that came before, word for word."""

import sqlite3

from kzalign.corpus.wording import joined_key, wording
from kzalign.records import LANGS, Segment

NUMBERS = 1 << 20
"""More than the segments of one article in one configuration."""


class SeenPairs:
    """A set of 8-byte hashes in SQLite's B-tree, in memory: about 25 bytes a segment."""

    def __init__(self) -> None:
        self._articles: list[str] = []
        self._cursor = sqlite3.connect(":memory:", isolation_level=None).cursor()
        self._cursor.execute("create table seen (key integer primary key, place integer not null)")
        self._cursor.execute("begin")

    def first(self, segment: Segment, config_name: str) -> str | None:
        """Returns the id of the first segment of this configuration that had the same words on all sides; None if it is new.

        Segments of an article are to come one after the other, with ids `ARTICLE/CONFIGURATION/NUMBER`.
        """
        if not self._articles or self._articles[-1] != segment.article_id:
            self._articles.append(segment.article_id)
        place = (len(self._articles) - 1) * NUMBERS + int(segment.id.rpartition("/")[2])
        texts = [f"{lang} {wording(segment.text[lang])}" for lang in LANGS if lang in segment.text]
        key = joined_key([config_name, *texts]) - (1 << 63)
        self._cursor.execute("insert into seen values (?, ?) on conflict do nothing", (key, place))
        if self._cursor.rowcount:
            return None
        (before,) = self._cursor.execute("select place from seen where key = ?", (key,)).fetchone()
        return f"{self._articles[before // NUMBERS]}/{config_name}/{before % NUMBERS:03d}"
