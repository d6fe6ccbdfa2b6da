"""The text form of a document that names its parts: a line a paragraph, a blank one after each, the parts noted."""

from collections.abc import Iterable

from kzalign.extract.readers.content import Content
from kzalign.records import SOURCE, Marked, Part


class Sheet:
    """Lines as they are written, and the articles whose parts lie in them."""

    def __init__(self) -> None:
        self._lines: list[str] = []
        self._parts: list[Part] = []
        self._articles: list[Marked] = []
        self._first = 1

    def add(self, role: str, texts: Iterable[str], group: str = "") -> None:
        """Writes the lines of a part; those that are blank are left out."""
        lines = [clean for text in texts if (clean := " ".join(text.split()))]
        if lines:
            first = len(self._lines) + 1
            self._lines += [*lines, ""]
            self._parts.append(Part(role, (first, first + len(lines) - 1), group))

    def close_article(self) -> None:
        """Ends an article; one without a title, an abstract or keywords is none."""
        if any(part.role not in SOURCE for part in self._parts):
            self._articles.append(Marked((self._first, len(self._lines)), tuple(self._parts)))
        self._parts, self._first = [], len(self._lines) + 1

    def content(self, encoding: str, bad_bytes: int = 0) -> Content:
        """Returns the lines and the articles."""
        return Content(encoding, tuple(self._lines), marked=tuple(self._articles), bad_bytes=bad_bytes)
