"""Apertium's bilingual dictionaries (.dix), read by expat without entities and without anything outside the file."""

from pathlib import Path
from xml.parsers import expat

from kzalign.errors import KzalignError

Row = tuple[str, str]
"""Left words, right words."""

SIDES = {"l": (0,), "r": (1,), "i": (0, 1), "ig": (0, 1)}
"""Elements that hold words, and the sides they hold them for."""

SPACES = ("b", "j")
WORDLESS = ("s", "g", "a", "m", "par", "prm", "sa", "t", "d", "v", "f")
"""Elements inside an entry that add no letter: tags, inflection, marks."""

PATTERN = "re"
NAMED = (*SIDES, *SPACES, *WORDLESS, PATTERN, "p")


def read_dix(path: Path) -> list[Row]:
    """Returns the word pairs of a dictionary's sections, both directions; raises KzalignError as `file:line: what`.

    Entries that hold no words on a side (tags alone, punctuation, patterns) and those switched off by i="yes" give none.
    """
    reader = _Reader(str(path))
    try:
        with path.open("rb") as stream:
            reader.parser.ParseFile(stream)
    except expat.ExpatError as error:
        raise KzalignError(f"{path}:{error.lineno}: not XML: {expat.ErrorString(error.code)}") from None
    except (LookupError, ValueError) as error:
        raise KzalignError(f"{path}:1: its encoding cannot be read: {error}") from None
    except OSError as error:
        raise KzalignError(f"{path}: {error.strerror or error}") from None
    return reader.rows


class _Reader:
    """Gathers the rows while expat walks the file."""

    def __init__(self, origin: str) -> None:
        self.origin = origin
        self.rows: list[Row] = []
        self.open: list[str] = []
        self.entry: _Entry | None = None
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.EntityDeclHandler = self._entity
        self.parser.SkippedEntityHandler = self._entity

    def _bad(self, what: str) -> KzalignError:
        return KzalignError(f"{self.origin}:{self.parser.CurrentLineNumber}: {what}")

    def _entity(self, *_: object) -> None:
        raise self._bad("it declares or uses an XML entity; a dictionary needs none, and they can be made to fill the memory")

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        if not self.open and name != "dictionary":
            raise self._bad(f"the file is <{name}>, not an Apertium <dictionary>")
        self.open.append(name)
        if self.entry is not None:
            if name not in NAMED:
                raise self._bad(f"<{name}> is not known inside an entry")
            self.entry.start(name)
        elif name == "e" and "section" in self.open:
            self.entry = _Entry(attributes)

    def _text(self, text: str) -> None:
        if self.entry is not None:
            self.entry.add(text)

    def _end(self, name: str) -> None:
        self.open.pop()
        if self.entry is None:
            return
        self.entry.end(name)
        problem = self.entry.problem(name)
        if problem:
            raise self._bad(problem)
        if name == "e":
            self.rows += self.entry.rows()
            self.entry = None


class _Entry:
    """One <e>: the words of its two sides as far as they are read."""

    def __init__(self, attributes: dict[str, str]) -> None:
        self.attributes = attributes
        self.words: tuple[list[str], list[str]] = ([], [])
        self.into: tuple[int, ...] = ()
        self.seen: set[str] = set()

    def start(self, name: str) -> None:
        """Takes an element's beginning."""
        if name == "p":
            self.seen -= {"l", "r"}
        self.seen.add(name)
        self.into = SIDES.get(name, self.into)
        if name in SPACES:
            self.add(" ")

    def add(self, text: str) -> None:
        """Takes text for the sides that are open."""
        for side in self.into:
            self.words[side].append(text)

    def end(self, name: str) -> None:
        """Takes an element's end."""
        if name in SIDES:
            self.into = ()

    def problem(self, closed: str) -> str:
        """Returns what is wrong once this element is closed, empty if nothing is."""
        if closed == "p" and not {"l", "r"} <= self.seen:
            return "a <p> needs both <l> and <r>"
        if closed == "e" and "par" in self.seen and "lm" in self.attributes:
            return "a dictionary of one language (lm=… with <par>); a lexicon needs the bilingual one"
        if closed == "e" and self.seen.isdisjoint(("p", "i", "ig", "par", PATTERN)):
            return "an <e> with neither <p> nor <i>"
        return ""

    def rows(self) -> list[Row]:
        """Returns the entry's pair of words, or nothing where it has none."""
        left, right = (" ".join("".join(words).split()) for words in self.words)
        wordless = not all(any(map(str.isalpha, side)) for side in (left, right))
        if wordless or PATTERN in self.seen or self.attributes.get("i") == "yes":
            return []
        return [(left, right)]
