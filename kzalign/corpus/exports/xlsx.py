"""XLSX, for reading and sorting by people: a row a row, text always text, more sheets where one is full."""

import re
import tempfile
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TextIO

from xlsxwriter.exceptions import FileCreateError  # type: ignore[import-untyped]
from xlsxwriter.workbook import Workbook  # type: ignore[import-untyped]
from xlsxwriter.worksheet import Worksheet  # type: ignore[import-untyped]

from kzalign.corpus.exports.units import UNHOLDABLE, Cleaned, Head, Rows, Tally, Unit, units

ROWS_PER_SHEET = 1_048_575
"""Rows that Excel has, less the header."""

CHARS_PER_CELL = 32_767
"""UTF-16 units that Excel holds in a cell."""

TEXT_WIDTH, ID_WIDTH, FACT_WIDTH = 60, 24, 14
"""In characters."""

MADE = datetime(2000, 1, 1)
"""The date of making that every file bears: the same corpus gives the same bytes."""

ESCAPE_LIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")


class _Sheet(Worksheet):  # type: ignore[misc]
    """A worksheet that takes every text as it is.

    XlsxWriter 3.3 writes a text that begins with `<r>` and ends with `</r>` as markup, and escapes one `_x0041_` of two that
    share an underscore; the names are its own.
    """

    def _xml_rich_inline_string(self, string: str, attributes: Any) -> None:
        self._xml_inline_string(string, True, attributes)

    def _escape_control_characters(self, data: str) -> str:
        return ESCAPE_LIKE.sub("_x005F_", data)


def for_cells(text: str) -> Cleaned:
    """Returns the text as a cell holds it: line feeds are its only line ends."""
    if text.isprintable():
        return text, 0, 0
    joined = text.replace("\r\n", "\n").replace("\r", "\n")
    kept = UNHOLDABLE.sub("", joined)
    return kept, len(joined) - len(kept), text.count("\r")


def too_long(unit: Unit) -> str | None:
    """Returns why a unit cannot be in an XLSX file: a cell of it would be cut."""
    cells = {"id": unit.id, **unit.texts, **{name: value for name, value in unit.facts.items() if isinstance(value, str)}}
    for name, text in cells.items():
        if len(text) > CHARS_PER_CELL // 2 and len(text.encode("utf-16-le")) // 2 > CHARS_PER_CELL:
            return f"more than {CHARS_PER_CELL:,} characters in '{name}', which no cell of XLSX holds"
    return None


def write_xlsx(head: Head, rows: Rows, streams: Sequence[TextIO], tally: Tally) -> None:
    """Writes one workbook with a sheet for every 1,048,575 rows; a row with a cell that Excel would cut is a reject."""
    (stream,) = streams
    with tempfile.TemporaryDirectory(prefix=".xlsx-", dir=Path(stream.name).parent) as scratch:
        book = Workbook(stream.buffer, {"constant_memory": True, "tmpdir": scratch, "use_zip64": True})
        book.set_properties({"created": MADE})
        sheets = _sheets(book, head)
        sheet, line = next(sheets), 0
        for unit in units(rows, head, tally, for_cells, articles_least=0, refuse=too_long):
            if line == ROWS_PER_SHEET:
                sheet, line = next(sheets), 0
            line += 1
            _write_row(sheet, line, (unit.id, *(unit.texts.get(lang, "") for lang in head.langs), *unit.facts.values()))
        for last in book.worksheets():
            last.autofilter(0, 0, last.dim_rowmax, last.dim_colmax)
        if failure := _failure(book):
            raise failure


def _failure(book: Any) -> OSError | None:
    """Closes the workbook and returns why it could not be written, as a new error.

    XlsxWriter's own would keep its open ZIP file alive, which then complains that the stream below it is closed.
    """
    try:
        book.close()
    except FileCreateError as error:
        return OSError(*error.args[0].args)
    return None


def _sheets(book: Any, head: Head) -> Iterator[Any]:
    """Yields worksheets ready for rows: widths fit for reading, a bold header that stays in sight."""
    names = ("id", *head.langs, *head.facts)
    bold = book.add_format({"bold": True, "valign": "top"})
    wrapped = book.add_format({"text_wrap": True, "valign": "top"})
    number = 1
    while True:
        sheet = book.add_worksheet(head.name if number == 1 else f"{head.name} {number}", worksheet_class=_Sheet)
        sheet.freeze_panes(1, 1)
        for column, name in enumerate(names):
            width = TEXT_WIDTH if name in head.langs else ID_WIDTH if name == "id" else FACT_WIDTH
            sheet.set_column(column, column, width, wrapped)
            sheet.write_string(0, column, name, bold)
        yield sheet
        number += 1


def _write_row(sheet: Any, line: int, cells: Sequence[str | float]) -> None:
    for column, cell in enumerate(cells):
        if isinstance(cell, str):
            if cell:
                sheet.write_string(line, column, cell)
        else:
            sheet.write_number(line, column, cell)
