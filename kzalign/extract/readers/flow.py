"""Running text of markup: its blocks as lines, a blank line after each, cells of a row side by side, pages noted."""

from kzalign.extract.readers.words import BLANKS


class Flow:
    """Text as it comes, cut into lines where a block begins or ends."""

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.pages: list[int] = [1]
        self._line: list[str] = []
        self._in_row = 0

    def text(self, text: str | None) -> None:
        """Adds text to the line; its own line ends are blanks."""
        if text:
            self._line.append(text.replace("\r", " ").replace("\n", " "))

    def line(self) -> None:
        """Ends the line."""
        if text := self._taken():
            self.lines.append(text)

    def block(self) -> None:
        """Ends the block: a cell's goes on in its row."""
        if self._in_row:
            if self._line and self._line[-1] != BLANKS:
                self._line.append(BLANKS)
            return
        self.line()
        if self.lines and self.lines[-1]:
            self.lines.append("")

    def row(self, begins: bool) -> None:
        """Begins or ends a table's row."""
        if self._in_row == (0 if begins else 1):
            self._in_row = 0
            self.line()
        self._in_row = max(0, self._in_row + (1 if begins else -1))

    def page(self) -> None:
        """Notes that another page begins here; a line that is begun goes on, and the page with the next."""
        self.pages.append(len(self.lines) + (2 if "".join(self._line).strip() else 1))

    def _taken(self) -> str:
        text = "".join(self._line)
        self._line.clear()
        if BLANKS not in text:
            return " ".join(text.split())
        return BLANKS.join(" ".join(cell.split()) for cell in text.split(BLANKS) if cell.strip())
