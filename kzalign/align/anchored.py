"""Certain beads first: where two sentences are each other's only candidates, the search runs only between them.

Most of an abstract corresponds sentence by sentence. A pair that scores high while nothing else in its row and
column scores at all needs no search; the full search fills the blocks between such pairs. Blocks of one sentence
against a few are scored directly, larger ones through arrays.
"""

from collections.abc import Sequence

from kzalign.align.evidence import BEADS, Evidence
from kzalign.align.program import Step, best_path

SILENT = -1.0
"""Score above which another candidate in the row or column makes it uncertain."""

DIRECT = 12
"""Cells of a block up to which beads are scored one by one."""


def search(evidence: Evidence) -> list[Step]:
    """Returns the best path through the two texts; each sentence is in exactly one step."""
    n, m = len(evidence.left), len(evidence.right)
    steps: list[Step] = []
    i = j = 0
    for row, column in [*certain_pairs(evidence.one_to_one(), evidence.weights.certain), (n, m)]:
        steps += _block(evidence, range(i, row), range(j, column))
        if row < n:
            steps.append((row, column, 1, 1))
        i, j = row + 1, column + 1
    return steps


def certain_pairs(scores: Sequence[Sequence[float]], certain: float) -> list[tuple[int, int]]:
    """Returns the pairs that score at least `certain` and have no rival, rising on both sides; where two cross, neither is."""
    over = SILENT.__lt__
    pairs = []
    quiet = [sum(map(over, column)) == 1 for column in zip(*scores, strict=True)]
    for i, row in enumerate(scores):
        best = max(row)
        if best >= certain and quiet[j := row.index(best)] and sum(map(over, row)) == 1:
            pairs.append((i, j))
    rising = [True] * len(pairs)
    highest = -1
    for k, (_, j) in enumerate(pairs):
        rising[k] = j > highest
        highest = max(highest, j)
    lowest = len(scores[0]) if scores else 0
    for k in range(len(pairs) - 1, -1, -1):
        rising[k] = rising[k] and pairs[k][1] < lowest
        lowest = min(lowest, pairs[k][1])
    return [pair for pair, keep in zip(pairs, rising, strict=True) if keep]


def _block(evidence: Evidence, rows: range, columns: range) -> list[Step]:
    if not rows or not columns:
        return [*((i, columns.start, 1, 0) for i in rows), *((rows.start, j, 0, 1) for j in columns)]
    if len(rows) * len(columns) > DIRECT:
        path = best_path(evidence.tables(rows, columns), len(rows), len(columns))
        return [(i + rows.start, j + columns.start, a, b) for i, j, a, b in path]
    return _direct(evidence, rows, columns)


def _direct(evidence: Evidence, rows: range, columns: range) -> list[Step]:
    """The same search as `program.best_path` for a few cells, each bead scored when it is reached."""
    n, m = len(rows), len(columns)
    best: dict[tuple[int, int], tuple[float, Step | None]] = {(0, 0): (0.0, None)}
    for i in range(n + 1):
        for j in range(m + 1):
            for a, b in BEADS:
                before = best.get((i - a, j - b))
                if before is None:
                    continue
                score = before[0] + (
                    evidence.score(rows[i - a : i], columns[j - b : j]) if a and b else evidence.weights.unaligned
                )
                if (i, j) not in best or score > best[i, j][0]:
                    best[i, j] = (score, (i - a, j - b, a, b))
    steps: list[Step] = []
    step = best[n, m][1]
    while step is not None:
        i, j, a, b = step
        steps.append((i + rows.start, j + columns.start, a, b))
        step = best[i, j][1]
    return steps[::-1]
