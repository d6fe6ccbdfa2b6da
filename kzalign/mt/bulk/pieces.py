"""Texts as a model takes them: without control characters, none too long, in batches of like length."""

import re
from collections.abc import Callable, Iterator, Sequence

Lengths = Callable[[Sequence[str]], list[int]]
"""The length of each text, in tokens or characters."""

BOUNDARIES = (re.compile(r"[.!?…;][\"»”)]* "), re.compile(r"[,:] | [–—-] "), re.compile(r" "))
"""Where a text that is too long is cut, the best first."""


def characters(texts: Sequence[str]) -> list[int]:
    """Returns the lengths in characters."""
    return [len(text) for text in texts]


def cleaned(text: str) -> str:
    """Returns the text on one line, with single spaces, without control characters and halves of surrogate pairs."""
    if not text.isprintable():
        text = "".join(char if char.isprintable() or not _is_control(char) else " " for char in text)
    return " ".join(text.split())


def _is_control(char: str) -> bool:
    return char < " " or "\x7f" <= char <= "\x9f" or "\ud800" <= char <= "\udfff" or char in "\u2028\u2029"


def split_long(text: str, limit: int, lengths: Lengths) -> list[str]:
    """Returns the text in pieces of at most `limit`; without spaces they give all its letters in order."""
    if len(text) < 2 or lengths([text])[0] <= limit:
        return [text]
    cut = _cut(text)
    pieces = (text[:cut].strip(), text[cut:].strip())
    return [part for piece in pieces if piece for part in split_long(piece, limit, lengths)]


def _cut(text: str) -> int:
    """Returns the best place in the middle half of the text; the very middle where there is none."""
    middle = len(text) // 2
    for boundary in BOUNDARIES:
        ends = [match.end() for match in boundary.finditer(text, len(text) // 4, len(text) - len(text) // 4)]
        if ends:
            return min(ends, key=lambda end: (abs(end - middle), end))
    return middle


def batches(lengths: Sequence[int], cost: int, most: int) -> Iterator[list[int]]:
    """Yields the indices of all texts, longest first: a batch's size times its longest is at most `cost`, or it has one text."""
    batch: list[int] = []
    longest = 0
    for index in sorted(range(len(lengths)), key=lambda i: (-lengths[i], i)):
        if batch and (len(batch) >= most or (len(batch) + 1) * longest > cost):
            yield batch
            batch = []
        if not batch:
            longest = lengths[index]
        batch.append(index)
    if batch:
        yield batch
