"""MinHash signatures: which texts may be alike, and how alike they are.

A text is the set of its pairs of neighbouring words. Its MinHash (Broder 1997) by rensa is cut into bands of rows
(Leskovec, Rajaraman and Ullman, Mining of Massive Datasets, 3.4): texts of likeness s share a band with probability
1 - (1 - s^ROWS)^BANDS, 0.92 at 0.5 and 0.99999 at 0.8. Only a hash of each band is kept. What shares a band is then compared
shingle by shingle: the decision rests on the Jaccard index itself, not on MinHash's estimate of it.
"""

from array import array
from collections.abc import Iterator
from typing import Any
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

BANDS, ROWS = 40, 4
SEED = 1
BATCH = 1024
"""Texts whose bands are computed together."""
WINDOW = 64
"""Of more texts than this that share a band, each is compared with the first and with so many that follow it."""
PAIRS_AT_ONCE = 512

Ints = NDArray[np.int64]
Hashes = NDArray[np.uint64]


class Signatures:
    """Bands, shingles and numbers of texts, by number in the order they were added: about 0.6 KB a text of 180 words.

    Shingles are kept in 16 bits: of two texts of 180 words about half a shingle is alike by chance, 0.002 of likeness.
    """

    def __init__(self) -> None:
        self._bands = array("I")
        self._shingles, self._ends = array("H"), array("q", [0])
        self._numbers, self._number_ends = array("H"), array("q", [0])
        self._waiting, self._lengths = array("I"), array("q")

    def __len__(self) -> int:
        return len(self._number_ends) - 1

    def add(self, text: str) -> None:
        """Takes one wording (see wording.py) of two words or more."""
        words = text.encode("utf-8", "surrogatepass").split(b" ")
        self._waiting.extend(map(crc32, words))
        self._lengths.append(len(words))
        self._numbers.extend({crc32(word) & 0xFFFF for word in words if word < b":"})
        self._number_ends.append(len(self._numbers))
        if len(self._lengths) >= BATCH:
            self._flush()

    def _flush(self) -> None:
        import rensa  # type: ignore[import-untyped]

        words, lengths = np.array(self._waiting, dtype=np.uint64), np.array(self._lengths, dtype=np.int64)
        hashes = _mixed((words[:-1] << np.uint64(32)) | words[1:])
        hashes = np.delete(hashes, np.cumsum(lengths)[:-1] - 1)
        text = np.repeat(np.arange(len(lengths)), lengths - 1)
        kept = _distinct((text << 16) | (hashes >> np.uint64(48)).astype(np.int64))
        ends = len(self._shingles) + np.cumsum(np.bincount(kept >> 16, minlength=len(lengths)))
        _extend(self._ends, ends)
        _extend(self._shingles, kept.astype(np.uint16))
        limits = np.concatenate([[0], np.cumsum(lengths - 1)]).astype(np.uint64)
        matrix = rensa.RMinHash.digest_matrix_from_flat_token_hashes(hashes, limits, BANDS * ROWS, SEED)
        rows = np.array(matrix.to_rows(), dtype=np.uint64).reshape(-1, BANDS, ROWS)
        mixed = np.zeros(rows.shape[:2], dtype=np.uint64)
        for row in range(ROWS):
            mixed = _mixed(mixed ^ rows[:, :, row])
        _extend(self._bands, (mixed >> np.uint64(32)).astype(np.uint32).ravel())
        self._waiting, self._lengths = array("I"), array("q")

    def candidates(self) -> tuple[Ints, Ints]:
        """Returns the numbers of the texts that share a band: two arrays of the same length, the lower number in the first."""
        if self._lengths:
            self._flush()
        n = len(self)
        bands = np.frombuffer(self._bands, dtype=np.uint32).reshape(n, BANDS) if n else np.zeros((0, BANDS), np.uint32)
        found = np.zeros(0, dtype=np.int64)
        for column in bands.T:
            pairs = [found, *(left * n + right for left, right in _neighbours(column))]
            found = _distinct(np.concatenate(pairs))
        return found // max(n, 1), found % max(n, 1)

    def likeness(self, left: Ints, right: Ints) -> NDArray[np.float32]:
        """Returns the Jaccard index of the shingles of each pair of texts."""
        result = np.zeros(len(left), dtype=np.float32)
        ends = np.frombuffer(self._ends, dtype=np.int64)
        shingles = np.frombuffer(self._shingles, dtype=np.uint16)
        for start in range(0, len(left), PAIRS_AT_ONCE):
            part = slice(start, start + PAIRS_AT_ONCE)
            a, b = _keys(shingles, ends, left[part]), _keys(shingles, ends, right[part])
            place = np.minimum(np.searchsorted(b, a), len(b) - 1)
            shared = np.bincount(a[b[place] == a] >> 16, minlength=len(left[part]))
            both = np.diff(ends)[left[part]] + np.diff(ends)[right[part]]
            result[part] = shared / (both - shared)
        return result

    def contradict(self, left: int, right: int) -> bool:
        """Returns whether each of two texts has a number (or "18a") that the other lacks: the same words about another study."""
        a, b = self._numbers_of(left), self._numbers_of(right)
        return bool(a - b) and bool(b - a)

    def _numbers_of(self, number: int) -> set[int]:
        return set(self._numbers[self._number_ends[number] : self._number_ends[number + 1]])


def _mixed(values: Hashes) -> Hashes:
    """Returns the values through the finaliser of SplitMix64 (Steele, Lea and Flood 2014)."""
    values = (values ^ (values >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    values = (values ^ (values >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return values ^ (values >> np.uint64(31))


def _distinct(values: Ints) -> Ints:
    """Returns the values sorted, each once; numpy's unique takes five times as long."""
    values = np.sort(values)
    return values[np.append(True, np.diff(values) != 0)] if len(values) else values


def _neighbours(column: NDArray[np.uint32]) -> Iterator[tuple[Ints, Ints]]:
    """Yields pairs of texts that have one value in a band, the lower number first."""
    order = np.argsort(column, kind="stable")
    values = column[order]
    for shift in range(1, WINDOW + 1):
        same = np.flatnonzero(values[shift:] == values[:-shift])
        if not len(same):
            return
        yield order[same], order[same + shift]
    first = np.searchsorted(values, values)
    far = np.flatnonzero(np.arange(len(values)) - first > WINDOW)
    yield order[first[far]], order[far]


def _keys(shingles: NDArray[np.uint16], ends: Ints, texts: Ints) -> Ints:
    """Returns the shingles of texts, each above the number of its place in `texts`: sorted throughout."""
    lengths = ends[texts + 1] - ends[texts]
    number = np.repeat(np.arange(len(texts)), lengths)
    before = np.cumsum(lengths) - lengths
    index = np.arange(len(number)) + np.repeat(ends[texts] - before, lengths)
    keys: Ints = (number << 16) | shingles[index]
    return keys


def _extend(store: "array[int]", values: NDArray[Any]) -> None:
    store.frombytes(values.tobytes())
