"""Which versions belong to one article.

Versions stand in document order, and an article's versions follow one another: together at its start, or one
at its start and the others at its end, where the next article's opening follows directly. Layout alone cannot
tell these apart; what the texts say can. The division of the sequence with the largest total relatedness wins.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache

from kzalign.config import ExtractConfig
from kzalign.extract.versions import Found
from kzalign.records import LANGS

NEAR = 12
BESIDE = 0.05
"""What standing beside each other adds to the similarity: half the gap between the classes on the gold."""

Relate = Callable[[Sequence[tuple[str, Sequence[str]]]], Callable[[int, int], float]]
"""Given (lang, the text in pieces) of all versions, returns a similarity in [0, 1] of two of them by index."""


def group(found: Sequence[Found], relate: Relate, config: ExtractConfig) -> list[list[Found]]:
    """Returns the versions of each article, in document order; languages within one are distinct."""
    if not found:
        return []
    versions = [f.version for f in found]
    similarity = relate([(v.lang, (v.title or "", *v.sentences, *v.keywords)) for v in versions])
    near = lru_cache(maxsize=len(LANGS) ** 2)(similarity)
    best: list[tuple[float, int]] = [(0.0, 0)]
    for end in range(1, len(found) + 1):
        options = []
        for start in range(max(0, end - len(LANGS)), end):
            run = range(start, end)
            if len({found[i].version.lang for i in run}) < len(run):
                continue
            gain = sum(near(i, j) + _beside(found, i, j) - config.related for i in run for j in run if i < j)
            options.append((best[start][0] + gain, start))
        best.append(max(options, key=lambda option: (option[0], option[1])))
    runs: list[list[int]] = []
    end = len(found)
    while end:
        start = best[end][1]
        runs.append(list(range(start, end)))
        end = start
    return [[found[i] for i in run] for run in _join_distant(runs[::-1], found, similarity, config.related_apart)]


def _beside(found: Sequence[Found], i: int, j: int) -> float:
    """Two versions with hardly a line between them are likelier of one article than their words alone say."""
    return BESIDE if all(found[k + 1].first - found[k].block.last <= NEAR for k in range(i, j)) else 0.0


def _join_distant(
    runs: list[list[int]], found: Sequence[Found], similarity: Callable[[int, int], float], threshold: float
) -> list[list[int]]:
    """Joins runs that lack each other's languages and are surely of one article: summaries kept for an issue's end."""
    if len(runs) > 400:
        return runs
    langs = [{found[i].version.lang for i in run} for run in runs]
    candidates = []
    for a, left in enumerate(runs):
        for b in range(a + 1, len(runs)):
            if langs[a] & langs[b] or len(left) + len(runs[b]) > len(LANGS):
                continue
            score = min(similarity(i, j) for i in left for j in runs[b])
            if score > threshold:
                candidates.append((score, a, b))
    taken: set[int] = set()
    for _, a, b in sorted(candidates, reverse=True):
        together = {found[i].version.lang for i in (*runs[a], *runs[b])}
        if a not in taken and b not in taken and len(together) == len(runs[a]) + len(runs[b]):
            runs[a] = sorted(runs[a] + runs[b])
            taken.add(b)
    return [run for k, run in enumerate(runs) if k not in taken]
