"""Reasons of rejects, as they are counted."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from kzalign.records import Reject

REPEATED = "the same text as"
OVERLAPS = "overlaps a test set"
TWICE = "published twice"

PARTICULAR = ("the alignments disagree", "too like articles of different splits", TWICE, REPEATED, OVERLAPS)
"""Beginnings of reasons that go on, after a colon, with what is true of one record only."""


def kind_of(reason: str) -> str:
    """Returns the reason without the particulars of one record."""
    return reason.split(":")[0] if reason.startswith(PARTICULAR) else reason


def sample(rejects: Iterable[Reject], steps: Mapping[str, int]) -> Iterator[Reject]:
    """Yields each n-th reject of a kind, n being the kind's step."""
    met: Counter[str] = Counter()
    for reject in rejects:
        kind = kind_of(reject.reason)
        if met[kind] % steps[kind] == 0:
            yield reject
        met[kind] += 1
