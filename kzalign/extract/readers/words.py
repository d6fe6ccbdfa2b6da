"""Words with their places on a page to lines in reading order: one column or two, tables row by row."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
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


def lines_of(words: Iterable[Word]) -> list[Word]:
    """Returns the page's lines in reading order; a line with an empty text stands for a blank one."""
    runs = _runs(words)
    gutter = _gutter(runs)
    if gutter is None:
        return _set(_rows(runs))
    lines: list[Word] = []
    band: list[Word] = []
    for run in sorted(runs, key=lambda run: -run.middle):
        if run.left < gutter < run.right:
            lines += [*_columns(band, gutter), run]
            band = []
        else:
            band.append(run)
    return _set(_joined([*lines, *_columns(band, gutter)]))


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


def _gutter(runs: Sequence[Word]) -> float | None:
    """Returns where the gap between two columns of running text is, None on a page of one."""
    if len(runs) < 2 * MIN_PAIRS:
        return None
    left, right = min(run.left for run in runs), max(run.right for run in runs)
    width = right - left
    gaps = [
        (a.right, b.left)
        for row in _row_lists(runs)
        for a, b in zip(row, row[1:], strict=False)
        if left + 0.3 * width < (a.right + b.left) / 2 < right - 0.3 * width and b.left > a.right
    ]
    if len(gaps) < MIN_PAIRS:
        return None
    starts = sorted(b for _, b in gaps)
    place = max(starts, key=lambda x: sum(a < x - 1 <= b for a, b in gaps)) - 1
    beside = sum(a < place <= b for a, b in gaps)
    sides = [r.right - r.left for r in runs if r.right < place], [r.right - r.left for r in runs if r.left > place]
    filled = all(len(side) >= MIN_PAIRS and median(side) > FILLED * width / 2 for side in sides)
    return place if beside >= MIN_PAIRS and filled else None


def _columns(band: Sequence[Word], gutter: float) -> list[Word]:
    """Returns the rows left of the gutter, then those right of it."""
    return [*_rows([r for r in band if r.left < gutter]), *_rows([r for r in band if r.left >= gutter])]


def _row_lists(runs: Iterable[Word]) -> list[list[Word]]:
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


def _rows(runs: Iterable[Word]) -> list[Word]:
    return _joined(run for row in _row_lists(runs) for run in row)


def _joined(runs: Iterable[Word]) -> list[Word]:
    """Joins runs that stand one after the other on a row."""
    lines: list[Word] = []
    for run in runs:
        last = lines[-1] if lines else None
        if last and _same_row(last, run) and run.left > last.right - last.height / 2:
            _append(last, run, BLANKS if run.left - last.right > CELL * last.height else " ")
        else:
            lines.append(run)
    return lines


def _set(lines: list[Word]) -> list[Word]:
    """Puts a blank line where lines stand further apart than lines usually do."""
    steps = [a.middle - b.middle for a, b in zip(lines, lines[1:], strict=False) if a.middle > b.middle]
    usual = median(steps) if steps else 0.0
    spaced: list[Word] = []
    for line in lines:
        if spaced and spaced[-1].middle - line.middle > PITCH * usual:
            spaced.append(Word("", line.left, line.top, line.left, line.top))
        spaced.append(line)
    return spaced
