"""Long documents in time and memory that grow with their length.

Words that are rare in both texts pin sentences to each other; the heaviest chain of such pins that runs forward in
both texts is the coarse path. The texts are cut at pins into pieces small enough for the full search; where no pin
is in reach, a window slides: its first part is kept and the search goes on from there.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import pairwise

from kzalign.align.evidence import Side
from kzalign.align.tokens import Key
from kzalign.records import Bead

FULL = 800
"""Sentences of either side up to which a piece is searched whole."""

PIECE = 120
"""Sentences after which a cut is sought at the next pin."""

KEEP = 0.6
"""Share of a sliding window's beads that are kept: its end is searched again with what follows."""

RARE = 3
"""A key in more sentences of a side than this pins nothing."""

MIN_PINS = 2
"""Keys that two sentences must share to be pinned."""

Search = Callable[[Side, Side], Sequence[Bead]]
Pin = tuple[int, int]


def align_long(left: Side, right: Side, search: Search) -> list[Bead]:
    """Returns the beads of two long texts, found piece by piece with `search`; each sentence is in exactly one."""
    beads: list[Bead] = []
    for i, i_end, j, j_end in pieces(len(left), len(right), pins(left, right)):
        beads += _windows(left, right, (i, i_end, j, j_end), search)
    return beads


def pieces(n: int, m: int, chain: Sequence[Pin]) -> Iterator[tuple[int, int, int, int]]:
    """Yields (left start, left end, right start, right end) of successive pieces that cover both texts."""
    i = j = 0
    for before, pin in pairwise(chain):
        steady = pin[0] - before[0] <= 3 and pin[1] - before[1] <= 3
        if steady and max(pin[0] - i, pin[1] - j) >= PIECE and pin[0] > i and pin[1] > j:
            yield i, pin[0], j, pin[1]
            i, j = pin
    yield i, n, j, m


def pins(left: Side, right: Side) -> list[Pin]:
    """Returns the heaviest chain of pairs of sentences that share rare keys, increasing on both sides."""
    places: tuple[dict[Key, list[int]], dict[Key, list[int]]] = (defaultdict(list), defaultdict(list))
    for table, side in zip(places, (left, right), strict=True):
        for i, bag in enumerate(side.tokens):
            for key in {key for token in bag for key in token.keys}:
                table[key].append(i)
    shared: dict[Pin, int] = defaultdict(int)
    for key, rows in places[0].items():
        columns = places[1].get(key, ())
        if 0 < len(columns) <= RARE and len(rows) <= RARE:
            for i in rows:
                for j in columns:
                    shared[i, j] += 1
    return _chain([(i, j, n) for (i, j), n in sorted(shared.items()) if n >= MIN_PINS])


def _chain(candidates: Sequence[tuple[int, int, int]]) -> list[Pin]:
    """Returns the increasing chain with the largest weight (patience sorting with weights, O(n log n))."""
    tops: list[tuple[int, int, int]] = []
    parents: list[int] = []
    pending: list[tuple[int, int, int]] = []
    for index, (i, j, weight) in enumerate(candidates):
        parents.append(-1)
        if pending and candidates[pending[0][2]][0] != i:
            _settle(tops, pending)
            pending = []
        at = bisect_left(tops, (j,))
        total = weight
        if at:
            total += tops[at - 1][1]
            parents[index] = tops[at - 1][2]
        pending.append((j, total, index))
    _settle(tops, pending)
    chain: list[Pin] = []
    index = tops[-1][2] if tops else -1
    while index >= 0:
        chain.append(candidates[index][:2])
        index = parents[index]
    return chain[::-1]


def _settle(tops: list[tuple[int, int, int]], pending: Sequence[tuple[int, int, int]]) -> None:
    """Enters candidates of one left sentence: of the chains that end by a right sentence only better ones are kept."""
    for j, total, index in pending:
        at = bisect_left(tops, (j,))
        if at and tops[at - 1][1] >= total:
            continue
        while at < len(tops) and tops[at][1] <= total:
            del tops[at]
        tops.insert(at, (j, total, index))


def _windows(left: Side, right: Side, piece: tuple[int, int, int, int], search: Search) -> Iterator[Bead]:
    i, i_end, j, j_end = piece
    while max(i_end - i, j_end - j) > FULL:
        stop_i, stop_j = min(i + FULL, i_end), min(j + FULL, j_end)
        found = _shifted(search(left.part(i, stop_i), right.part(j, stop_j)), i, j)
        kept = found[: max(1, int(KEEP * len(found)))]
        yield from kept
        i = max(i, *(k + 1 for bead in kept for k in bead.left), 0)
        j = max(j, *(k + 1 for bead in kept for k in bead.right), 0)
        for bead in found[len(kept) :]:
            passed = replace(bead, left=tuple(k for k in bead.left if k < i), right=tuple(k for k in bead.right if k < j))
            if passed.left or passed.right:
                yield passed
    yield from _shifted(search(left.part(i, i_end), right.part(j, j_end)), i, j)


def _shifted(beads: Sequence[Bead], i: int, j: int) -> list[Bead]:
    return [replace(bead, left=tuple(k + i for k in bead.left), right=tuple(k + j for k in bead.right)) for bead in beads]
