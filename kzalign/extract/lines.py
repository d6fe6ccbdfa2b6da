"""A document's text as the lines that hold something, with Markdown's marks taken off."""

import re
from dataclasses import dataclass

RAISED = re.compile(r"\^([\w*\\,]{1,6})\^")
"""Pandoc's superscript, `^1^`: an author's mark."""

SPAN = re.compile(r"\[([^\[\]]{0,200})\]\{[.#=][^{}]{0,80}\}")
"""Pandoc's `[words]{.underline}`."""

BOLD = re.compile(r"\*\*|__")
OPENS, CLOSES = re.compile(r"(?<!\w)[*_](?=\w)"), re.compile(r"(?<=[\w.,:;)»\"])[*_](?!\w)")
"""The marks of emphasis before and behind words."""

MARKUP = re.compile(
    r"</?(?:a|b|big|br|center|code|div|em|font|h[1-6]|hr|i|img|li|ol|p|pre|small|span|strong|sub|sup|table|td|th|tr|u|ul)"
    r"(?:\s[^<>]{0,80})?/?>|<(?:https?|mailto):[^<>]{1,80}>|^#{1,6}\s+|^>\s+|\s\{(?:[#.][^{}]{0,80}|-)\}$|"
    r"\\(?=[*_#.\[\]<>@$~^|'\"])"
)
"""Tags, heading marks and their attributes (`{#abstract .unnumbered}`), quotation marks, escapes."""

SIGNS = re.compile(r"[*_#<\\^>{]")
"""Lines without one of these hold no mark."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line that holds something: its 1-based number, its text without margins, blank lines before it, blanks left of it."""

    number: int
    text: str
    gap: int
    indent: int = 0


def read_lines(text: str) -> list[Line]:
    """Returns the lines that hold something, numbered as in the file, Markdown's marks removed."""
    lines: list[Line] = []
    gap = 0
    for number, raw in enumerate(text.split("\n"), 1):
        stripped = raw.strip()
        if stripped and SIGNS.search(stripped):
            stripped = plain(stripped)
        if not stripped:
            gap += 1
            continue
        lines.append(Line(number, stripped, gap, _indent(raw) if raw[0].isspace() else 0))
        gap = 0
    return lines


def _indent(raw: str) -> int:
    line = raw.lstrip("\f").expandtabs()
    return len(line) - len(line.lstrip())


def plain(text: str) -> str:
    """Returns a line without Markdown emphasis, heading marks and HTML tags; footnote asterisks and rules stay."""
    if not text.strip("> "):
        return ""
    if (text.startswith("*") and text.count("*") == 1) or not any(map(str.isalnum, text)):
        return text
    text = BOLD.sub("", SPAN.sub(r"\1", RAISED.sub(r"\1", text)))
    # several that nothing opens belong to what they stand behind: L*, a*, b*
    if OPENS.search(text) or len(CLOSES.findall(text)) == 1:
        text = OPENS.sub("", CLOSES.sub("", text))
    return MARKUP.sub("", text).strip()
