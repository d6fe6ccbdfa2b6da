"""What a reader yields: the numbered lines of a document and what its format says about them."""

from collections.abc import Callable
from dataclasses import dataclass

from kzalign.config import ExtractConfig
from kzalign.records import Marked


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


Reader = Callable[[bytes, ExtractConfig], Content]
"""Bytes to content; raises ValueError with what is wrong."""
