"""The edits of TER: tercom's search for shifts (Snover et al. 2006) over bit-parallel edit distances.

The search follows sacrebleu's step by step, so that the edits are the same; only the distances are computed otherwise,
a row of the table in one integer (Myers 1999, Hyyrö 2003).
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence

LONGEST_SHIFT = 10
FARTHEST_SHIFT = 50
MOST_CANDIDATES = 1000
NARROW = 46
"""Where edits and difference in length are at most this many together, no cheapest path leaves sacrebleu's beam.

A path of d edits strays at most (d + difference) / 2 cells from the diagonal; the beam is 25 cells wide on either side.
"""

State = tuple[int, int]
"""The rises and the falls of one row of the table, a bit for each word of the reference."""


def count_edits(hypothesis: Sequence[str], reference: Sequence[str]) -> tuple[int, int]:
    """Returns the edits, shifts included, that make the reference of the hypothesis, and the reference's number of words."""
    if not reference:
        return len(hypothesis), 0
    table = _Table(reference)
    words = list(hypothesis)
    states = table.rows(words, [table.first])
    distance = table.distance(len(words), states[-1])
    if distance + abs(len(words) - len(reference)) > NARROW:
        from sacrebleu.metrics.lib_ter import translation_edit_rate

        return translation_edit_rate(words, list(reference))
    shifts = tried = 0
    while True:
        best: tuple[int, int, int, int] = (0, 0, 0, 0)
        known: dict[tuple[int, int, int], int] = {}
        for start, length, target in _candidates(words, table, states):
            tried += 1
            if tried >= MOST_CANDIDATES:
                return shifts + distance, len(reference)
            key = (start, length, target)
            if key not in known:
                known[key] = distance - table.shifted(words, states, start, length, target)
                best = max(best, (known[key], length, -start, -target))
        gain, length, start, target = best[0], best[1], -best[2], -best[3]
        if gain <= 0:
            return shifts + distance, len(reference)
        words = _shift(words, start, length, target)
        shifts, distance = shifts + 1, distance - gain
        same = min(start, target)
        states = table.rows(words, states[: same + 1])


class _Table:
    """The table of edit distances to one reference, a row for each word of a hypothesis."""

    def __init__(self, reference: Sequence[str]) -> None:
        self.reference = reference
        self.full = (1 << len(reference)) - 1
        self.first: State = (self.full, 0)
        self.places: dict[str, list[int]] = defaultdict(list)
        for place, word in enumerate(reference):
            self.places[word].append(place)
        self.equal = {word: sum(1 << place for place in places) for word, places in self.places.items()}

    def rows(self, words: Sequence[str], states: list[State]) -> list[State]:
        """Returns the states of all rows, those of the first words given."""
        states = list(states)
        up, down = states[-1]
        full, equal = self.full, self.equal
        for word in words[len(states) - 1 :]:
            match = equal.get(word, 0)
            vertical = match | down
            horizontal = (((match & up) + up) ^ up) | match
            rise = ((down | (full & ~(horizontal | up))) << 1) | 1
            fall = (up & horizontal) << 1
            up = (fall | ~(vertical | rise)) & full
            down = rise & vertical & full
            states.append((up, down))
        return states

    def distance(self, row: int, state: State, column: int | None = None) -> int:
        """Returns the edits between the first `row` words and the first `column` (all) of the reference."""
        up, down = state
        if column is not None:
            kept = (1 << column) - 1
            up, down = up & kept, down & kept
        return row + up.bit_count() - down.bit_count()

    def shifted(self, words: list[str], states: list[State], start: int, length: int, target: int) -> int:
        """Returns the edits that remain after a shift."""
        same = min(start, target)
        moved = _shift(words, start, length, target)
        return self.distance(len(words), self.rows(moved, states[: same + 1])[-1])

    def trace(self, words: Sequence[str], states: list[State]) -> tuple[dict[int, int], list[bool], list[bool]]:
        """Returns of the cheapest path: the hypothesis word at each reference word, and which of either side are wrong.

        Of equal steps a substitution is preferred, then a step along the hypothesis, as in sacrebleu.
        """
        i, j = len(words), len(self.reference)
        aligned: dict[int, int] = {}
        reference_wrong, hypothesis_wrong = [True] * j, [True] * i
        while j:
            here = self.distance(i, states[i], j)
            if i:
                same = words[i - 1] == self.reference[j - 1]
                if here == self.distance(i - 1, states[i - 1], j - 1) + (not same):
                    i, j = i - 1, j - 1
                    aligned[j] = i
                    reference_wrong[j] = hypothesis_wrong[i] = not same
                    continue
                if here == self.distance(i - 1, states[i - 1], j) + 1:
                    i -= 1
                    continue
            j -= 1
            aligned[j] = i - 1
        return aligned, reference_wrong, hypothesis_wrong


def _candidates(words: list[str], table: _Table, states: list[State]) -> Iterator[tuple[int, int, int]]:
    """Yields the shifts worth trying as (start, length, target), in tercom's order: wrong words to where they match."""
    aligned, reference_wrong, hypothesis_wrong = table.trace(words, states)
    for start, place, length in _matches(words, table):
        if not any(hypothesis_wrong[start : start + length]) or not any(reference_wrong[place : place + length]):
            continue
        if start <= aligned[place] < start + length:
            continue
        before = -1
        for offset in range(-1, length):
            if place + offset == -1:
                target = 0
            elif place + offset in aligned:
                target = aligned[place + offset] + 1
            else:
                break
            if target != before:
                before = target
                yield start, length, target


def _matches(words: list[str], table: _Table) -> Iterator[tuple[int, int, int]]:
    """Yields every run of words that both sides hold, as (start in the hypothesis, in the reference, length)."""
    reference = table.reference
    for start, word in enumerate(words):
        for place in table.places.get(word, ()):
            if abs(place - start) > FARTHEST_SHIFT:
                continue
            most = min(LONGEST_SHIFT, len(words) - start, len(reference) - place)
            for length in range(1, most + 1):
                if words[start + length - 1] != reference[place + length - 1]:
                    break
                yield start, place, length


def _shift(words: list[str], start: int, length: int, target: int) -> list[str]:
    """Returns the words with `length` of them from `start` put before `target`, as tercom counts places."""
    moved = words[start : start + length]
    if target < start:
        return [*words[:target], *moved, *words[target:start], *words[start + length :]]
    if target > start + length:
        return [*words[:start], *words[start + length : target], *moved, *words[target:]]
    return [*words[:start], *words[start + length : length + target], *moved, *words[length + target :]]
