"""Words with their places on a page to lines in reading order: in columns or across the page, tables row by row."""

import itertools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from statistics import median

from kzalign.extract.readers.boxes import BLANKS, BREAK, GOES_ON, Row, Word, is_stretched, rows_of, same_row
from kzalign.extract.readers.columns import bands_of
from kzalign.extract.readers.footnotes import footnotes_last
from kzalign.extract.readers.margins import without_margins
from kzalign.extract.readers.strips import strips_of

CELL = 2.0
"""Gap, in heights of a letter, between the cells of a table."""

PITCH = 1.4
"""Distance to the line above, in usual distances, from which on a blank line stands between."""


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
    rows = rows_of(_runs(without_margins(list(words))))
    width = max((run.right for row in rows for run in row), default=0.0) - min((row[0].left for row in rows), default=0.0)
    return _set(footnotes_last(_ordered(rows, width)))


def _ordered(rows: list[Row], page: float) -> list[Word]:
    """Returns the lines of rows: where columns stand side by side, those of one after those of the other."""
    bands = bands_of(rows, page)
    if len(bands) == 1 and bands[0].gutter is None:
        return [_line(row) for row in rows]
    lines: list[Word] = []
    for band in bands:
        if band.gutter is None:
            lines += _ordered(band.rows, page)
            continue
        left, right = (rows_of(side) for side in _sides(band.rows, band.gutter))
        for part in strips_of(left, right, page):
            lines += _beside(*(_ordered(rows, page) for rows in part))
    return lines


def _beside(left: list[Word], right: list[Word]) -> list[Word]:
    """Returns the lines of a column and of the one right of it, a blank one between them where the text does not go on."""
    if left and right and not _goes_on(left, right[0].text):
        return [*left, Word("", right[0].left, right[0].top, right[0].left, right[0].top), *right]
    return left + right


def _goes_on(left: list[Word], following: str) -> bool:
    """Says whether a column's last line, full and without a sentence's end, goes on in the next column: no blank line between."""
    last = left[-1]
    if GOES_ON.match(following) or last.text.endswith(("-", ",")):
        return True
    full = max(line.right for line in left) - last.right < 2 * last.height
    return full and not last.text.endswith((".", "!", "?", "…"))


def _sides(rows: Iterable[Row], gutter: float) -> tuple[list[Word], list[Word]]:
    """Returns the runs left and right of a gutter, those that reach over it cut."""
    left: list[Word] = []
    right: list[Word] = []
    for run in itertools.chain.from_iterable(rows):
        if run.right <= gutter:
            left.append(run)
        elif run.left >= gutter or len(run.pieces) < 2:
            right.append(run)
        else:
            left += _runs(piece for piece in run.pieces if piece.right <= gutter)
            right += _runs(piece for piece in run.pieces if piece.right > gutter)
    return left, right


def _runs(words: Iterable[Word]) -> list[Word]:
    """Joins words that follow one another on a line, up to gaps that may be a gutter."""
    runs: list[Word] = []
    for word in words:
        last = runs[-1] if runs else None
        if last and same_row(last, word) and -last.height / 2 < word.left - last.right < BREAK * last.height:
            _append(last, word, " ")
            last.pieces.append(word)
        else:
            runs.append(replace(word, pieces=[word]))
    return runs


def _append(run: Word, word: Word, space: str) -> None:
    run.text += space + word.text
    run.right = max(run.right, word.right)
    run.size = max(run.size, word.size)
    if word.height > run.height:
        run.bottom, run.top = word.bottom, word.top


def _line(row: Sequence[Word]) -> Word:
    """Joins the runs of a row: cells of a table with blanks, words of a line that was stretched with one."""
    line = replace(row[0])
    gaps = [b.left - a.right for a, b in itertools.pairwise(row)]
    stretched = is_stretched(row)
    for run, gap in zip(row[1:], gaps, strict=True):
        _append(line, run, BLANKS if gap > CELL * line.height and not stretched else " ")
    return line


def _set(lines: list[Word]) -> list[Word]:
    """Puts a blank line where lines stand further apart than lines of their size usually do."""
    steps = [a.middle - b.middle for a, b in itertools.pairwise(lines) if a.text and b.text and a.middle > b.middle]
    usual = median(steps) if steps else 0.0
    letter = median(line.height for line in lines if line.text) if any(line.text for line in lines) else 1.0
    spaced: list[Word] = []
    for line in lines:
        above = spaced[-1] if spaced and spaced[-1].text and line.text else None
        larger = max(1.0, min(above.height, line.height) / letter) if above else 1.0
        if above and above.middle - line.middle > PITCH * usual * larger:
            spaced.append(Word("", line.left, line.top, line.left, line.top))
        spaced.append(line)
    return spaced


__all__ = ["BLANKS", "Word", "lines_of"]
