"""Letters that a file draws apart from their word, as from a second font for what the first one lacks: put where they stand."""

from collections.abc import Callable, Sequence

from kzalign.extract.readers.boxes import Word, same_row

SHORT = 3
"""Letters drawn apart, at most."""

TOUCHING = 0.12
"""Distance to a word, in heights of a letter, within which a letter belongs to it."""


def with_letters(words: Sequence[Word], middles: Callable[[int], list[float]]) -> list[Word]:
    """Returns the words in their order, letters drawn apart within or beside them joined to them.

    `middles` gives where the letters of the word with an index have their middles.
    """
    strays: list[int] = []
    for k in range(1, len(words)):
        if _is_stray(words[k - 1], words[k], bool(strays) and strays[-1] == k - 1):
            strays.append(k)
    if not strays:
        return list(words)
    places: dict[int, list[float]] = {}
    joined: set[int] = set()
    for k in strays:
        host = next((j for j, word in enumerate(words) if j != k and j not in joined and _holds(word, words[k])), None)
        if host is None or host in strays:
            continue
        at = places.setdefault(host, middles(host))
        word, stray = words[host], words[k]
        middle = (stray.left + stray.right) / 2
        cut = sum(place < middle for place in at)
        word.text = word.text[:cut] + stray.text + word.text[cut:]
        word.left, word.right = min(word.left, stray.left), max(word.right, stray.right)
        at[cut:cut] = [middle] * len(stray.text)
        joined.add(k)
        after = next((j for j, other in enumerate(words) if j not in {*joined, host} and _follows(word, other)), None)
        if after is not None:
            word.text += words[after].text
            word.right = max(word.right, words[after].right)
            at += middles(after)
            joined.add(after)
    return [word for k, word in enumerate(words) if k not in joined]


def _is_stray(before: Word, word: Word, after_stray: bool) -> bool:
    """Says whether a few letters do not stand right of what the file has before them, on the same line."""
    few = len(word.text) <= SHORT and word.text.isalpha() and same_row(before, word)
    return few and (after_stray or word.left < before.right - 1)


def _holds(word: Word, stray: Word) -> bool:
    if not word.text[0].isalpha() or not same_row(word, stray):
        return False
    near = TOUCHING * max(word.height, stray.height)
    return word.left - near <= stray.right and stray.left <= word.right + near


def _follows(word: Word, other: Word) -> bool:
    """Says whether a word stands directly right of another, without a blank."""
    near = TOUCHING * max(word.height, other.height)
    return other.text[0].isalpha() and same_row(word, other) and abs(other.left - word.right) <= near
