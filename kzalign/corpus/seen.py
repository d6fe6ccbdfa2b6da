"""Pairs and triples of sentences that came before, word for word."""

import sqlite3

from kzalign.corpus.wording import joined_key
from kzalign.records import LANGS, Segment
from kzalign.text.wording import wording

NUMBERS = 1 << 20
"""More than the segments of one article in one configuration."""


def pair_key(segment: Segment, config_name: str) -> int:
    """Returns a signed 64-bit hash of a configuration's name and the words of a segment's sides."""
    texts = [f"{lang} {wording(segment.text[lang])}" for lang in LANGS if lang in segment.text]
    return joined_key([config_name, *texts]) - (1 << 63)


class SeenPairs:
    """A set of 8-byte hashes in SQLite's B-tree, in memory: about 25 bytes a segment."""

    def __init__(self) -> None:
        self._articles: list[str] = []
        self._cursor = sqlite3.connect(":memory:", isolation_level=None).cursor()
        self._cursor.execute("create table seen (key integer primary key, place integer not null)")
        self._cursor.execute("begin")

    def first(self, key: int, segment_id: str) -> str | None:
        """Returns the id of the first segment that had this key (see `pair_key`); None if it is new.

        Segments of an article are to come one after the other, with ids `ARTICLE/CONFIGURATION/NUMBER`.
        """
        article_id, config_name, number = segment_id.rsplit("/", 2)
        if not self._articles or self._articles[-1] != article_id:
            self._articles.append(article_id)
        place = (len(self._articles) - 1) * NUMBERS + int(number)
        self._cursor.execute("insert into seen values (?, ?) on conflict do nothing", (key, place))
        if self._cursor.rowcount:
            return None
        (before,) = self._cursor.execute("select place from seen where key = ?", (key,)).fetchone()
        return f"{self._articles[before // NUMBERS]}/{config_name}/{before % NUMBERS:03d}"
