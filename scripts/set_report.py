"""Sets paragraphs as a PDF by reportlab, as print does: in columns, justified, hyphenated, with running heads."""

import re
from collections.abc import Iterator
from pathlib import Path

FONTS = tuple(
    Path(folder) / "DejaVuSans.ttf"
    for folder in ("/usr/share/fonts/truetype/dejavu", "/usr/share/fonts/dejavu-sans-fonts", "/Library/Fonts", "C:/Windows/Fonts")
)
"""Where the font may be."""

VOWEL, CONSONANT = "[аеёиоуыэюяәіөұүaeiouy]", "[^\\W\\d_аеёиоуыэюяәіөұүaeiouyьъй]"
SYLLABLE = re.compile(f"(?:(?<={VOWEL}{CONSONANT})|(?<={CONSONANT}{VOWEL}))(?={CONSONANT}{VOWEL})", re.I)


class Setter:
    """Sets paragraphs on pages: justified, words hyphenated, a running head and the page's number on each."""

    def __init__(self, path: Path, columns: int) -> None:
        from reportlab.pdfbase import pdfmetrics
        from reportlab.pdfbase.ttfonts import TTFont
        from reportlab.pdfgen.canvas import Canvas

        font = next((font for font in FONTS if font.exists()), None)
        if font is None:
            raise SystemExit("no DejaVuSans.ttf found: install the DejaVu fonts")
        pdfmetrics.registerFont(TTFont("serif", str(font)))
        self.width_of = pdfmetrics.stringWidth
        self.canvas = Canvas(str(path), pagesize=(595, 842), invariant=1)
        self.columns, self.size = columns, 9 if columns > 1 else 10
        self.width = (495 - 22 * (columns - 1)) / columns
        self.page, self.column = 1, 0
        self._begin()

    def _begin(self) -> None:
        self.canvas.setFont("serif", 8)
        self._heads()
        self.column, self.y = 0, 780.0

    def _heads(self) -> None:
        self.canvas.drawString(
            50, 805, "Invented Bulletin of Formats" if self.page % 2 else "Жаңа пішіндер жаршысы, гуманитарлық бөлім"
        )
        self.canvas.drawRightString(545, 805, str(self.page + 20))

    def add(self, text: str, large: bool) -> None:
        """Sets a paragraph."""
        size = self.size + (1 if large else 0)
        lines = list(self._wrapped(text, size))
        for k, words in enumerate(lines):
            if self.y < 60:
                self._next()
            self._draw(words, size, justified=k < len(lines) - 1)
            self.y -= 1.3 * size
        self.y -= 0.8 * size

    def _next(self) -> None:
        if self.column + 1 < self.columns:
            self.column, self.y = self.column + 1, 780.0
        else:
            self.canvas.showPage()
            self.page += 1
            self._begin()

    def _wrapped(self, text: str, size: float) -> Iterator[list[str]]:
        line: list[str] = []
        room = self.width
        space = self.width_of(" ", "serif", size)
        for word in text.split():
            wide = self.width_of(word, "serif", size)
            if line and wide > room:
                ends = [
                    m.start() for m in SYLLABLE.finditer(word) if self.width_of(word[: m.start()] + "-", "serif", size) <= room
                ]
                if ends and word.isalpha():
                    line.append(word[: ends[-1]] + "-")
                    word = word[ends[-1] :]
                    wide = self.width_of(word, "serif", size)
                yield line
                line, room = [], self.width
            line.append(word)
            room -= wide + space
        yield line

    def _draw(self, words: list[str], size: float, justified: bool) -> None:
        self.canvas.setFont("serif", size)
        x = 50 + self.column * (self.width + 22)
        used = sum(self.width_of(word, "serif", size) for word in words)
        space = self.width_of(" ", "serif", size)
        if justified and len(words) > 1:
            space = max(space, (self.width - used) / (len(words) - 1))
        for word in words:
            self.canvas.drawString(x, self.y, word)
            x += self.width_of(word, "serif", size) + space

    def close(self) -> None:
        """Writes the file."""
        self.canvas.save()
