"""What stands on a page beside or behind its lines: drop capitals, line numbers, watermarks."""

import itertools
from collections import defaultdict
from collections.abc import Sequence
from statistics import median

from kzalign.extract.readers.boxes import Word

DROP = 1.7
"""Height of a drop capital, in usual heights, at least."""

BEHIND = 4.0
"""Height of letters that lie behind lines of text, in usual heights, at least."""

LINES = 3
"""Words that have their middle in such letters, at least."""

NUMBERS = 5
"""Line numbers of a page, at least."""

COUNTED = 0.7
"""Share of a page's lines that are numbered where each is."""

LETTERS = 20
"""Letters of a line on such a page on average, at least: the rows of a table have fewer."""

EVEN = 0.25
"""How much the distances between line numbers that are not on each line differ, at most."""


def without_margins(words: list[Word]) -> list[Word]:
    """Returns the words of the lines: drop capitals joined to theirs, line numbers and letters behind text left out."""
    if len(words) < NUMBERS:
        return words
    usual = median(word.height for word in words)
    tall = [word for word in words if word.height >= DROP * usual]
    for word in tall:
        if word.height >= BEHIND * usual and sum(_holds(word, other) for other in words if other is not word) >= LINES:
            words = [other for other in words if other is not word]
        elif len(word.text) <= 2 and word.text[0].isupper():
            words = _dropped(words, word)
    numbers = {id(word) for word in _line_numbers(words)}
    return [word for word in words if id(word) not in numbers] if numbers else words


def _holds(large: Word, word: Word) -> bool:
    return large.left <= (word.left + word.right) / 2 <= large.right and large.bottom <= word.middle <= large.top


def _dropped(words: list[Word], capital: Word) -> list[Word]:
    """Returns the words with a drop capital at the head of the first of the lines beside it, where there are two at least.

    Where that line begins further right than the next, a blank follows the capital: it is a word.
    """
    reach = capital.right + capital.height
    beside = [w for w in words if w is not capital and capital.right - 1 <= w.left < reach and _level(capital, w)]
    firsts: list[Word] = []
    for word in sorted(beside, key=lambda w: (-w.middle, w.left)):
        if not firsts or firsts[-1].middle - word.middle > word.height / 2:
            firsts.append(word)
        elif word.left < firsts[-1].left:
            firsts[-1] = word
    if len(firsts) < 2:
        return words
    first, second = firsts[:2]
    space = " " if first.left - second.left > 0.15 * first.height else ""
    joined = Word(capital.text + space + first.text, first.left, first.bottom, first.right, first.top, first.size)
    return [joined if word is first else word for word in words if word is not capital]


def _level(capital: Word, word: Word) -> bool:
    return capital.bottom <= word.middle <= capital.top and word.height < capital.height / 1.3


def _line_numbers(words: Sequence[Word]) -> list[Word]:
    """Returns the numbers that count the lines in a margin."""
    found: list[Word] = []
    edges: defaultdict[tuple[str, int], list[Word]] = defaultdict(list)
    for word in words:
        if word.text.isdecimal() and len(word.text) <= 4:
            edges["right", round(word.right / 2)].append(word)
            edges["left", round(word.left / 2)].append(word)
    for numbers in sorted((group for group in edges.values() if len(group) >= NUMBERS), key=len, reverse=True):
        if not found and _count_lines(sorted(numbers, key=lambda w: -w.middle), words):
            found = numbers
    return found


def _count_lines(numbers: Sequence[Word], words: Sequence[Word]) -> bool:
    """Says whether numbers, from top to bottom, rise evenly in a margin that has nothing else, beside each line or some."""
    values = [int(word.text) for word in numbers]
    rises = {b - a for a, b in itertools.pairwise(values)}
    if len(rises) != 1 or (rise := rises.pop()) < 1:
        return False
    left, right = min(w.left for w in numbers), max(w.right for w in numbers)
    top, bottom = numbers[0].top, numbers[-1].bottom
    others = [w for w in words if bottom <= w.middle <= top and not any(w is number for number in numbers)]
    if not others or not (all(w.left > right for w in others) or all(w.right < left for w in others)):
        return False
    lines = _lines(others)
    if sum(char.isalpha() for word in others for char in word.text) < LETTERS * lines:
        return False
    steps = [a.middle - b.middle for a, b in itertools.pairwise(numbers)]
    return len(numbers) >= COUNTED * lines if rise == 1 else max(steps) - min(steps) <= EVEN * max(steps)


def _lines(words: Sequence[Word]) -> int:
    """Returns how many lines words stand in."""
    order = sorted(words, key=lambda w: -w.middle)
    return 1 + sum(a.middle - b.middle > b.height / 2 for a, b in itertools.pairwise(order))
