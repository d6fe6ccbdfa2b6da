"""Beads that no path can take: a sentence whose parts stand on both sides of one that has no counterpart.

A path's beads are runs of neighbours. Where a text leaves a sentence out and joins its neighbours, the other
text's bead has a gap. So the best path is improved by single moves, while they raise the score: a sentence
leaves its bead, or an unaligned one joins a bead between whose neighbours it lies.
"""

from collections.abc import Iterable, Iterator

from kzalign.align.evidence import WIDEST, Evidence
from kzalign.align.program import Step

Sides = tuple[tuple[int, ...], tuple[int, ...]]
ROUNDS = 3


def refine(steps: list[Step], evidence: Evidence) -> list[Sides]:
    """Returns the beads of the path after all moves that raise the total score, in order; each sentence is in exactly one."""
    beads = [(tuple(range(i, i + a)), tuple(range(j, j + b))) for i, j, a, b in steps if a and b]
    known: dict[Sides, float] = {}

    def score(bead: Sides) -> float:
        if bead not in known:
            known[bead] = evidence.score(*bead)
        return known[bead]

    for _ in range(ROUNDS):
        if _complete(beads, evidence):
            break
        moved = False
        for k, bead in enumerate(beads):
            best, least = None, score(bead) + 1e-9
            for move, freed in _moves(beads, k, evidence):
                total = score(move) + freed * evidence.weights.unaligned
                if total > least:
                    best, least = move, total
            if best:
                beads[k] = best
                moved = True
        if not moved:
            break
    return with_unaligned(beads, len(evidence.left), len(evidence.right))


def _complete(beads: list[Sides], evidence: Evidence) -> bool:
    """Says whether every sentence is in a bead of one on each side: no move is left."""
    return len(beads) == len(evidence.left) == len(evidence.right) and all(len(a) + len(b) == 2 for a, b in beads)


def _moves(beads: list[Sides], k: int, evidence: Evidence) -> Iterator[tuple[Sides, int]]:
    """Yields the beads one move away from bead k, and how many more sentences are unaligned after it."""
    bead = beads[k]
    for side, size in ((0, len(evidence.left)), (1, len(evidence.right))):
        own = bead[side]
        if len(own) > 1:
            for index in own:
                yield _replaced(bead, side, tuple(i for i in own if i != index)), 1
        if len(own) < WIDEST:
            low = max(beads[k - 1][side]) + 1 if k else 0
            high = min(beads[k + 1][side]) if k + 1 < len(beads) else size
            for index in range(max(low, own[0] - WIDEST), min(high, own[-1] + WIDEST + 1)):
                if index not in own:
                    yield _replaced(bead, side, tuple(sorted((*own, index)))), -1


def _replaced(bead: Sides, side: int, indices: tuple[int, ...]) -> Sides:
    return (indices, bead[1]) if side == 0 else (bead[0], indices)


def left_alone(beads: Iterable[Sides]) -> tuple[set[int], set[int]]:
    """Returns each side's sentences that are in no two-sided bead."""
    listed = list(beads)
    return {i for a, b in listed if not b for i in a}, {j for a, b in listed if not a for j in b}


def with_unaligned(beads: list[Sides], n: int, m: int) -> list[Sides]:
    """Returns the beads with every other sentence as a bead of its own, in the order of both texts."""
    lefts = {i for left, _ in beads for i in left}
    rights = {j for _, right in beads for j in right}
    ordered: list[Sides] = []
    i = j = 0
    for left, right in [*beads, ((n,), (m,))]:
        ordered += [((k,), ()) for k in range(i, left[0]) if k not in lefts]
        ordered += [((), (k,)) for k in range(j, right[0]) if k not in rights]
        if left[0] < n:
            ordered.append((left, right))
        i, j = left[0], right[0]
    return ordered
