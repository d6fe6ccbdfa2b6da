"""What a reader yields: the numbered lines of a document and what its format says about them."""

from collections.abc import Callable
from dataclasses import dataclass, field

from kzalign.config import ExtractConfig
from kzalign.records import Margin, Marked


class Unreadable(ValueError):
    """A document that gives no lines; the message says why."""


@dataclass(frozen=True, slots=True)
class Content:
    """A document's lines; the fields after them are empty where the format does not know."""

    encoding: str
    """How bytes became letters: an encoding of text, or the format's name."""
    lines: tuple[str, ...]
    pages: tuple[int, ...] = ()
    """The 1-based line that each page begins with."""
    unread: tuple[str, ...] = ()
    """What gave no text, each with its place and the reason."""
    marked: tuple[Marked, ...] = ()
    """Articles whose parts the format names."""
    scans: tuple[int, ...] = ()
    """Numbers of the pages that gave no text and that OCR might read."""
    recognised: dict[int, tuple[float, ...]] = field(default_factory=dict)
    """By the number of a line that OCR read, the confidence of each of its words."""
    recogniser: str = ""
    """What read them."""
    margins: tuple[Margin, ...] = ()
    """Running heads, feet and numbers of pages, which are not among the lines."""
    bad_bytes: int = 0
    """Bytes that were no text of the encoding; U+FFFD stands in their places."""


Reader = Callable[[bytes, ExtractConfig], Content]
"""Bytes to content; raises ValueError with what is wrong."""
