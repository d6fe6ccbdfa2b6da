"""The dynamic program: from the scores of all possible beads to the best path through two texts."""

from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Step = tuple[int, int, int, int]
"""First left sentence, first right sentence, how many of each."""

SMALL = 2500
"""Cells up to which plain loops are faster than arrays along diagonals."""


def best_path(scores: Mapping[tuple[int, int], Floats], n: int, m: int) -> list[Step]:
    """Returns the steps from (0, 0) to (n, m) with the largest sum of scores; each sentence is in exactly one."""
    return _small(scores, n, m) if (n + 1) * (m + 1) <= SMALL else _diagonals(scores, n, m)


def _small(scores: Mapping[tuple[int, int], Floats], n: int, m: int) -> list[Step]:
    tables = [(a, b, table.tolist()) for (a, b), table in scores.items()]
    minus = float("-inf")
    total = [[minus] * (m + 1) for _ in range(n + 1)]
    step: list[list[tuple[int, int]]] = [[(0, 0)] * (m + 1) for _ in range(n + 1)]
    total[0][0] = 0.0
    for i in range(n + 1):
        row, chosen = total[i], step[i]
        usable = [(a, b, total[i - a], table[i - a] if i - a < len(table) else None) for a, b, table in tables if a <= i]
        for j in range(m + 1):
            best, taken = row[j], chosen[j]
            for a, b, before, values in usable:
                if b > j or values is None or j - b >= len(values):
                    continue
                candidate = before[j - b] + values[j - b]
                if candidate > best:
                    best, taken = candidate, (a, b)
            row[j], chosen[j] = best, taken
    return _trace(n, m, lambda i, j: step[i][j])


def _diagonals(scores: Mapping[tuple[int, int], Floats], n: int, m: int) -> list[Step]:
    """The same along anti-diagonals, whose cells do not depend on each other; memory is a byte a cell."""
    sizes = list(scores)
    reach = max(a + b for a, b in sizes)
    choice = np.zeros((n + 1, m + 1), dtype=np.uint8)
    history: list[tuple[int, Floats]] = []
    for d in range(n + m + 1):
        low, high = max(0, d - m), min(n, d)
        i = np.arange(low, high + 1)
        j = d - i
        best = np.full(len(i), -np.inf)
        taken = np.zeros(len(i), dtype=np.uint8)
        if d == 0:
            best[0] = 0.0
        for k, (a, b) in enumerate(sizes):
            back = a + b
            if back > len(history):
                continue
            from_low, totals = history[-back]
            ok = (i >= a) & (j >= b)
            ok[ok] &= (i[ok] - a < scores[a, b].shape[0]) & (j[ok] - b < scores[a, b].shape[1])
            if not ok.any():
                continue
            rows, columns = i[ok] - a, j[ok] - b
            candidate = totals[rows - from_low] + scores[a, b][rows, columns]
            where = np.flatnonzero(ok)
            better = candidate > best[where]
            best[where[better]] = candidate[better]
            taken[where[better]] = k
        choice[i, j] = taken
        history = [*history[-(reach - 1) :], (low, best)]
    return _trace(n, m, lambda i, j: sizes[choice[i, j]])


def _trace(n: int, m: int, step_into: Callable[[int, int], tuple[int, int]]) -> list[Step]:
    steps: list[Step] = []
    i, j = n, m
    while i or j:
        a, b = step_into(i, j)
        i, j = i - a, j - b
        steps.append((i, j, a, b))
    return steps[::-1]
