"""Where columns stand side by side on a page: gutters, found as white that running text leaves in row after row.

A row's letters are the bits of a number, a bit a point, so that what is white in several rows is quickly known.
"""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from kzalign.extract.readers.boxes import ALIKE, BREAK, GOES_ON, Row, ink, is_stretched

MIN_PAIRS = 4
"""Lines of a column, at least."""

WIDTHS = ((BREAK, MIN_PAIRS), (0.4, 8))
"""Widths of a gutter in heights of a letter, each with the rows that must leave it white: so many blanks do not fall under
each other."""

FILLED = 0.55
"""Share of a column's width that a line of running text fills, at the median."""

LEAST_WIDTH = 0.16
"""Width of a column, as a share of the page's."""

SIDE_COLUMN = 0.45
"""Width of a side column, as a share of both, at most."""

SIDE_PITCH = 1.9
"""Distance between lines of a side column, in heights of a letter, at most at the median."""

MOST_STRETCHED = 0.5
"""Share of the rows of two columns that are single words with like gaps, at most: lines stretched between two margins."""

LETTERS = 10
"""Letters a line of running text has on average, at least."""

SENTENCES = 0.4
"""Share of the lines of a column narrower than half a page that go on a sentence, at least."""

FAR = 2.6
"""Distance, in heights of a letter, from which on rows on one side only may not belong to the columns."""

BINS = 1000
"""Bits of a row at most: of a page wider than so many points, a bit is more than a point."""


@dataclass(frozen=True, slots=True)
class Band:
    """Rows that follow one another, and the gutter that parts them into columns, if one does."""

    rows: list[Row]
    gutter: float | None = None


@dataclass(frozen=True, slots=True)
class _Mask:
    """Where a row has letters or blanks, where it begins and ends, in bits, and its height on the page."""

    letters: int
    first: int
    last: int
    middle: float
    height: float

    def begins_at(self, place: int) -> bool:
        """Says whether a run begins at a place, or a bit beside it."""
        near = self.letters >> max(0, place - 2)
        return bool(near & 0b11100) and not near & 1


@dataclass(frozen=True, slots=True)
class _Span:
    """Rows from `first` to `last`, of which so many have letters on both sides of a gutter."""

    first: int
    last: int
    both: int


def bands_of(rows: list[Row], page: float) -> list[Band]:
    """Returns the rows in bands from top to bottom; one band without a gutter where no columns stand side by side."""
    for gap, pairs in WIDTHS:
        if len(rows) >= pairs and (bands := _bands(rows, page, gap, pairs)):
            return bands
    return [Band(rows)]


def _bands(rows: list[Row], page: float, gap: float, pairs: int) -> list[Band]:
    """Returns the bands that the likeliest gutter of a width cuts the rows into; none where there is no such gutter."""
    left = min(row[0].left for row in rows)
    width = max(run.right for row in rows for run in row) - left
    bits = max(1.0, width / BINS)
    masks = [_mask(row, left, bits, gap) for row in rows]
    best: tuple[int, float, list[_Span]] = 0, 0.0, []
    for place in _places(masks, int(width / bits) + 2, pairs):
        spans = list(_spans(masks, place))
        gutter = left + place * bits
        strong = [span for span in spans if span.both >= pairs and _is_columns(rows[span.first : span.last + 1], gutter, page)]
        rank = sum(span.both for span in strong)
        if rank > best[0]:
            best = rank, gutter, [s for s in spans if s in strong or _is_alike(rows, s, strong[0], gutter)]
    place = round((best[1] - left) / bits)
    return list(_cut(rows, [_without_centred(masks, span, place) for span in best[2]], best[1])) if best[2] else []


def _cut(rows: list[Row], spans: Iterable[_Span], gutter: float) -> Iterable[Band]:
    done = 0
    for span in spans:
        if span.first > done:
            yield Band(rows[done : span.first])
        yield Band(rows[span.first : span.last + 1], gutter)
        done = span.last + 1
    if done < len(rows):
        yield Band(rows[done:])


def _mask(row: Row, left: float, bits: float, gap: float) -> _Mask:
    """Returns a row's mask: gaps narrower than `gap` heights count as letters, but not where the file's order jumps."""
    letters = 0
    words = sorted(
        ((word, number) for number, run in enumerate(row) for word in run.pieces or (run,)), key=lambda item: item[0].left
    )
    end = first = int((words[0][0].left - left) / bits)
    least = gap * max(run.height for run in row) / bits
    before = 0
    for word, number in words:
        begin, stop = int((word.left - left) / bits), int((word.right - left) / bits) + 1
        begin = end if number == before and 0 < begin - end < least else begin
        letters |= ((1 << max(1, stop - begin)) - 1) << begin
        end = max(end, stop)
        before = number
    return _Mask(letters, first, end - 1, row[0].middle, max(run.height for run in row))


def _places(masks: Sequence[_Mask], width: int, pairs: int) -> list[int]:
    """Returns the middles of the places that most rows around leave white, of those left white by enough."""
    change = [0] * (width + 2)
    for mask in masks:
        inner = ~mask.letters & ((1 << (mask.last + 1)) - (1 << mask.first))
        while inner:
            begin = (inner & -inner).bit_length() - 1
            end = begin + ((~(inner >> begin)) & ((inner >> begin) + 1)).bit_length() - 1
            change[begin] += 1
            change[end] -= 1
            inner = inner >> end << end
    found: list[int] = []
    begin = 0
    height = 0
    rising = True
    for place, step in enumerate(change):
        if step > 0:
            begin, rising = place, True
        elif step < 0:
            if rising and height >= pairs:
                found.append((begin + place) // 2)
            rising = False
        height += step
    return found


def _spans(masks: Sequence[_Mask], place: int) -> Iterable[_Span]:
    """Yields the stretches of rows that do not cross a place, without rows at their ends that stand far off."""
    crossing = [k for k, mask in enumerate(masks) if mask.first <= place <= mask.last and mask.letters >> place & 1]
    for before, after in itertools.pairwise((-1, *crossing, len(masks))):
        both = [k for k in range(before + 1, after) if masks[k].first < place < masks[k].last]
        if not both:
            continue
        first = (before >= 0 and _cut_off(masks, range(before, both[0]))) or before + 1
        end = (after < len(masks) and _cut_off(masks, range(both[-1], after))) or after
        yield _Span(first, end - 1, len(both))


def _without_centred(masks: Sequence[_Mask], span: _Span, place: int) -> _Span:
    """Returns a span without rows at its ends that stand on one side of a gutter, but about the middle of the page."""
    both = [k for k in range(span.first, span.last + 1) if masks[k].first < place < masks[k].last]
    middle = (min(mask.first for mask in masks) + max(mask.last for mask in masks)) / 2
    edges = min(masks[k].first for k in both), place, max(masks[k].last for k in both)

    def is_centred(k: int) -> bool:
        row = masks[k]
        own = (row.first + row.last) / 2
        column = sum(edges[1:] if row.first > place else edges[:2]) / 2
        if abs(own - middle) >= row.height / 2 or abs(own - column) <= 2 * row.height:
            return False
        return sum(masks[j].begins_at(row.first) for j in both) < MIN_PAIRS / 2

    first = max((k + 1 for k in range(span.first, both[0]) if is_centred(k)), default=span.first)
    last = min((k - 1 for k in range(both[-1] + 1, span.last + 1) if is_centred(k)), default=span.last)
    return _Span(first, last, span.both)


def _cut_off(masks: Sequence[_Mask], steps: range) -> int:
    """Returns the row below the widest step down, 0 where none is wide.

    Rows on one side only go with the columns or with what is beyond the step.
    """
    widths = [masks[k].middle - masks[k + 1].middle for k in steps]
    widest = max(range(len(widths)), key=widths.__getitem__)
    return steps[widest] + 1 if widths[widest] > FAR * masks[steps[widest]].height else 0


def _is_columns(rows: list[Row], gutter: float, page: float) -> bool:
    """Says whether rows are two columns: of text both, or a side column and text."""
    sides = [Side.of(side, page) for side in _parted(rows, gutter)]
    if not all(side.lines >= MIN_PAIRS and side.width >= LEAST_WIDTH * page for side in sides):
        return False
    narrow, broad = sorted(sides, key=lambda side: side.width)
    beside = broad.is_text and narrow.is_list and narrow.width < SIDE_COLUMN * (narrow.width + broad.width)
    if not beside and not all(side.is_text for side in sides):
        return False
    return sum(map(is_stretched, rows)) <= MOST_STRETCHED * len(rows)


def _is_alike(rows: list[Row], span: _Span, strong: _Span, gutter: float) -> bool:
    """Says whether a few rows that leave the gutter white begin right of it where the columns do: they go on there."""
    if not any(_is_parted(row, gutter) for row in rows[span.first : span.last + 1]):
        return False
    edges = [_right_edge(rows[s.first : s.last + 1], gutter) for s in (span, strong)]
    return abs(edges[0] - edges[1]) < median(row[0].height for row in rows[strong.first : strong.last + 1]) / 2


def _is_parted(row: Row, gutter: float) -> bool:
    """Says whether a row's gap at a gutter is wider than those between the words of a stretched line."""
    pairs = list(itertools.pairwise(row))
    at = next((b.left - a.right for a, b in pairs if a.right <= gutter <= b.left), 0.0)
    between = [b.left - a.right for a, b in pairs if " " not in a.text + b.text and not a.right <= gutter <= b.left]
    return at > 0 and all(at >= ALIKE * gap for gap in between)


def _right_edge(rows: Sequence[Row], gutter: float) -> float:
    """Returns where most rows begin right of a gutter; a page's number below them may stand elsewhere."""
    lefts = [min(beyond) for row in rows if (beyond := [run.left for run in row if run.left > gutter])]
    return median(lefts) if lefts else gutter


def _parted(rows: Iterable[Row], gutter: float) -> tuple[list[Row], list[Row]]:
    """Returns the words of each row left and right of a gutter."""
    left: list[Row] = []
    right: list[Row] = []
    for row in rows:
        words = [word for run in row for word in run.pieces or (run,)]
        left.append([word for word in words if word.right <= gutter])
        right.append([word for word in words if word.right > gutter])
    return [row for row in left if row], [row for row in right if row]


@dataclass(frozen=True, slots=True)
class Side:
    """What stands on one side of a gutter: lines, the width of the column, and whether it reads as text or as a list."""

    lines: int
    width: float
    is_text: bool
    is_list: bool

    @classmethod
    def of(cls, rows: Sequence[Row], page: float) -> "Side":
        """Returns the figures of a column's rows."""
        if not rows:
            return cls(0, 0.0, False, False)
        width = max(word.right for row in rows for word in row) - min(word.left for row in rows for word in row)
        filled = median(max(w.right for w in row) - min(w.left for w in row) for row in rows)
        begins = [begin for row in rows[1:] if not (begin := min(row, key=lambda w: w.left).text)[0].isdigit()]
        goes_on = sum(GOES_ON.match(begin) is not None for begin in begins)
        letters = sum(char.isalpha() for row in rows for word in row for char in word.text) / len(rows)
        broad = median(map(ink, rows)) > FILLED * page / 2
        narrow = filled > FILLED * width and letters >= LETTERS and goes_on >= SENTENCES * len(begins)
        middles = sorted((row[0].middle for row in rows), reverse=True)
        steps = [a - b for a, b in itertools.pairwise(middles)]
        close = bool(steps) and median(steps) <= SIDE_PITCH * median(row[0].height for row in rows)
        return cls(len(rows), width, broad or narrow, close)
