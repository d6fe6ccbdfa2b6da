"""How many articles of the corpus a sentence stands in: eight bytes a sentence, counted once when all are seen."""

import re
from array import array
from bisect import bisect_left
from collections.abc import Sequence
from hashlib import blake2b

from kzalign.records import Article
from kzalign.text.script import TOKEN

FIGURE = re.compile(r"[0-9]+")


class Recurrence:
    """Counts by sentence, letters alone compared: fed article by article, then frozen, then asked.

    Two sentences share a hash with a probability below 1e-6 at two million sentences.
    """

    def __init__(self) -> None:
        self._hashes = array("Q")
        self._counts = array("Q")
        self._frozen = False

    def add(self, article: Article) -> None:
        """Takes the article's sentences, each counted once."""
        assert not self._frozen, "frozen: add every article first"
        for version in article.versions.values():
            self._hashes.extend(sorted({_hash(folded_words(sentence)) for sentence in version.sentences}))

    def freeze(self) -> "Recurrence":
        """Counts, keeps the sentences of two articles or more, and returns itself."""
        import numpy as np

        found = np.frombuffer(self._hashes, dtype=np.uint64) if self._hashes else np.zeros(0, dtype=np.uint64)
        found.sort()
        again = found[1:][found[1:] == found[:-1]]
        hashes, more = np.unique(again, return_counts=True)
        self._hashes = array("Q", hashes.tobytes())
        self._counts = array("Q", (more + 1).astype(np.uint64).tobytes())
        self._frozen = True
        return self

    def articles(self, words: Sequence[str]) -> int:
        """Returns the number of articles in which a sentence of these lower-case words stands, at least 1."""
        assert self._frozen, "not frozen: no count is known yet"
        key = _hash(words)
        at = bisect_left(self._hashes, key)
        return self._counts[at] if at < len(self._hashes) and self._hashes[at] == key else 1


def folded_words(sentence: str) -> list[str]:
    """Returns a sentence's lower-case words and numbers."""
    return TOKEN.findall(sentence.lower())


def _hash(words: Sequence[str]) -> int:
    folded = "".join(words)
    if FIGURE.search(folded):
        folded = FIGURE.sub("", folded)
    return int.from_bytes(blake2b(folded.encode("utf-8", "replace"), digest_size=8).digest(), "little")
