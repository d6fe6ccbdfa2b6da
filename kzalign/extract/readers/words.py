"""Words with their places on a page to lines in reading order: one column or two, tables row by row."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

BREAK = 1.0
"""Gap, in heights of a letter, that may be a gutter between columns; a justified line has smaller ones."""

CELL = 2.0
"""Gap, in heights of a letter, between the cells of a table."""

BLANKS = "    "
"""What the layout takes for the gap between two columns of a table."""

PITCH = 1.4
"""Distance to the line above, in usual distances, from which on a blank line stands between."""

MIN_PAIRS = 4
"""Rows with text on either side of a gutter that make a page one of two columns."""

CROSSING = 0.3
"""Share of the rows beside a gutter that cross it, at most: headings, captions."""

ALIKE = 1.3
"""How much larger than the least the largest gap of a stretched line is, at most."""

STRETCHED = 0.4
"""Share of a stretched line that its words take, at least."""

FILLED = 0.55
"""Share of a column's width that a line of running text fills, at the median."""


@dataclass(slots=True)
class Word:
    """A text and its box, in points, y upwards; also a run of words."""

    text: str
    left: float
    bottom: float
    right: float
    top: float

    @property
    def height(self) -> float:
        """Returns the height of the box."""
        return self.top - self.bottom

    @property
    def middle(self) -> float:
        """Returns the height on the page of the box's middle."""
        return (self.top + self.bottom) / 2


@dataclass(slots=True)
class Recognised(Word):
    """A line that OCR read: the confidence of each of its words, from 0 to 1."""

    confidences: tuple[float, ...] = ()


@dataclass(frozen=True, slots=True)
class Scan:
    """What OCR made of a page: its lines in reading order, or why there are none."""

    lines: tuple[Word, ...] = ()
    fault: str = ""


def lines_of(words: Iterable[Word]) -> list[Word]:
    """Returns the page's lines in reading order; a line with an empty text stands for a blank one."""
    rows = _rows(_runs(words))
    gutter = _gutter(rows)
    lines: list[Word] = []
    band: list[Word] = []
    for row in rows:
        if gutter is None or any(run.left < gutter < run.right for run in row):
            lines += [*_columns(band, gutter), _line(row)]
            band = []
        else:
            band += row
    return _set([*lines, *_columns(band, gutter)])


def _runs(words: Iterable[Word]) -> list[Word]:
    """Joins words that follow one another on a line, up to gaps that may be a gutter."""
    runs: list[Word] = []
    for word in words:
        last = runs[-1] if runs else None
        if last and _same_row(last, word) and -last.height / 2 < word.left - last.right < BREAK * last.height:
            _append(last, word, " ")
        else:
            runs.append(word)
    return runs


def _append(run: Word, word: Word, space: str) -> None:
    run.text += space + word.text
    run.right = max(run.right, word.right)
    if word.height > run.height:
        run.bottom, run.top = word.bottom, word.top


def _same_row(a: Word, b: Word) -> bool:
    """Says whether the smaller of two boxes has its middle within the larger one: raised marks go with their line."""
    small, large = (a, b) if a.height < b.height else (b, a)
    return large.bottom <= small.middle <= large.top


def _gutter(rows: Sequence[Sequence[Word]]) -> float | None:
    """Returns where the gap between two columns of running text is, None on a page of one."""
    left = min((run.left for row in rows for run in row), default=0.0)
    width = max((run.right for row in rows for run in row), default=0.0) - left
    gaps = [
        (number, a.right, b.left)
        for number, row in enumerate(rows)
        for a, b in itertools.pairwise(row)
        if 0.3 * width < (a.right + b.left) / 2 - left < 0.7 * width and b.left > a.right
    ]
    if len(gaps) < MIN_PAIRS:
        return None
    place = max((b for _, _, b in gaps), key=lambda x: sum(a < x - 1 <= b for _, a, b in gaps)) - 1
    beside = [number for number, a, b in gaps if a < place <= b]
    between = rows[beside[0] : beside[-1] + 1]
    crossing = sum(any(run.left < place < run.right for run in row) for row in between)
    parted = len(beside) >= MIN_PAIRS and crossing < CROSSING * len(between)
    return place if parted and all(_is_filled(side, width / 2) for side in _sides(rows, place)) else None


def _sides(rows: Sequence[Sequence[Word]], place: float) -> tuple[list[list[Word]], list[list[Word]]]:
    """Returns what each row has left and right of a place."""
    return [[w for w in row if w.right < place] for row in rows], [[w for w in row if w.left > place] for row in rows]


def _is_filled(side: Sequence[Sequence[Word]], width: float) -> bool:
    """Says whether the rows of one column hold running text, not the cells of a table."""
    widths = [_ink(row) for row in side if row]
    return len(widths) >= MIN_PAIRS and median(widths) > FILLED * width


def _ink(row: Sequence[Word]) -> float:
    """Returns how much of a row its runs take."""
    return sum(run.right - run.left for run in row)


def _columns(band: Sequence[Word], gutter: float | None) -> list[Word]:
    """Returns the lines left of the gutter, then those right of it."""
    if gutter is None:
        return []
    sides = [run for run in band if run.left < gutter], [run for run in band if run.left >= gutter]
    return [_line(row) for side in sides for row in _rows(side)]


def _rows(runs: Iterable[Word]) -> list[list[Word]]:
    """Returns the runs of each row from left to right, rows from top to bottom."""
    rows: list[list[Word]] = []
    for run in sorted(runs, key=lambda run: (-run.middle, run.left)):
        if rows and any(_same_row(rows[-1][k], run) for k in (0, -1)):
            rows[-1].append(run)
        else:
            rows.append([run])
    for row in rows:
        row.sort(key=lambda run: run.left)
    return rows


def _line(row: Sequence[Word]) -> Word:
    """Joins the runs of a row: cells of a table with blanks, words of a line that was stretched with one."""
    line = replace(row[0])
    gaps = [b.left - a.right for a, b in itertools.pairwise(row)]
    full = _ink(row) > STRETCHED * (row[-1].right - row[0].left)
    stretched = full and bool(gaps) and max(gaps) < ALIKE * min(gaps) and not any(" " in run.text for run in row)
    for run, gap in zip(row[1:], gaps, strict=True):
        _append(line, run, BLANKS if gap > CELL * line.height and not stretched else " ")
    return line


def _set(lines: list[Word]) -> list[Word]:
    """Puts a blank line where lines stand further apart than lines of their size usually do."""
    steps = [a.middle - b.middle for a, b in itertools.pairwise(lines) if a.middle > b.middle]
    usual = median(steps) if steps else 0.0
    letter = median(line.height for line in lines) if lines else 1.0
    spaced: list[Word] = []
    for line in lines:
        larger = max(1.0, min(spaced[-1].height, line.height) / letter) if spaced else 1.0
        if spaced and spaced[-1].middle - line.middle > PITCH * usual * larger:
            spaced.append(Word("", line.left, line.top, line.left, line.top))
        spaced.append(line)
    return spaced
