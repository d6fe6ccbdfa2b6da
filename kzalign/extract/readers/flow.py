"""Running text of markup: its blocks as lines, a blank line after each, cells of a row side by side, pages noted."""

from kzalign.extract.readers.words import BLANKS

SHORT_CELL = 80
"""Characters of a cell that is read beside the others of its row, at most."""


class Flow:
    """Text as it comes, cut into lines where a block begins or ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pages: list[int] = [1]
        self._line: list[str] = []
        self._in_row = 0
        self._cells: list[list[str]] = []

    def text(self, text: str | None) -> None:
        """Adds text to the line; its own line ends are blanks."""
        if text:
            self._line.append(text.replace("\r", " ").replace("\n", " "))

    def line(self) -> None:
        """Ends the line."""
        if not (text := self._taken()):
            return
        if self._in_row:
            self._cells = self._cells or [[]]
            self._cells[-1].append(text)
        else:
            self.lines.append(text)

    def block(self) -> None:
        """Ends the block; one in a cell waits for its row's end."""
        if self._in_row:
            self.line()
            return
        self.line()
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def row(self, begins: bool) -> None:
        """Begins or ends a table's row: cells of a few words go side by side, cells of text one after the other."""
        if self._in_row == (0 if begins else 1):
            self.line()
            self._in_row = 0
            self._end_row()
        self._in_row = max(0, self._in_row + (1 if begins else -1))

    def cell(self) -> None:
        """Begins a cell of a row; one in a table within a cell belongs to that cell."""
        if self._in_row == 1:
            self.line()
            self._cells.append([])

    def _end_row(self) -> None:
        cells = [cell for cell in self._cells if cell]
        self._cells = []
        if all(len(cell) == 1 and len(cell[0]) <= SHORT_CELL for cell in cells):
            if cells:
                self.lines.append(BLANKS.join(cell[0] for cell in cells))
            return
        for text, begins in ((text, k == 0) for cell in cells for k, text in enumerate(cell)):
            apart = begins or max(len(text), len(self.lines[-1])) > SHORT_CELL
            if apart and self.lines and self.lines[-1]:
                self.lines.append("")
            self.lines.append(text)
        self.lines.append("")

    def page(self) -> None:
        """Notes that another page begins here; a line that is begun goes on, and the page with the next."""
        self.pages.append(len(self.lines) + (2 if "".join(self._line).strip() else 1))

    def _taken(self) -> str:
        text = "".join(self._line)
        self._line.clear()
        if BLANKS not in text:
            return " ".join(text.split())
        return BLANKS.join(" ".join(cell.split()) for cell in text.split(BLANKS) if cell.strip())
