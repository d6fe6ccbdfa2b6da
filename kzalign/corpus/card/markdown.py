"""Markdown and YAML that no value can break."""

import json
import unicodedata
from collections.abc import Iterable, Sequence
from urllib.parse import quote

SPECIAL = {ord(c): f"\\{c}" for c in "\\`*_[]~$"} | {ord(c): f"&#{ord(c)};" for c in "<>&|"}
"""What means something to CommonMark, to tables or to the Hub's formulas; a bar after a backslash would still end a cell."""

URL_CHARS = ":/?#@!&'*+,;=%~"
"""Characters that an address may hold as they are; brackets, bars, backticks and dollars may not."""


def visible(text: object) -> str:
    """Returns a text on one line: characters that are not seen, or that turn the direction of writing, are blanks."""
    return " ".join("".join(" " if unicodedata.category(c)[0] in "CZ" else c for c in str(text)).split())


def escape(text: object) -> str:
    """Returns a text that Markdown shows as it is, in a paragraph and in a table's cell."""
    return visible(text).translate(SPECIAL)


def link(url: str) -> str:
    """Returns an address as a link; of another scheme than http and https, and none, as text."""
    plain = visible(url).replace(" ", "%20")
    return f"<{quote(plain, safe=URL_CHARS)}>" if plain.startswith(("https://", "http://")) else escape(url)


def table(head: Sequence[str], rows: Iterable[Sequence[object]], texts: int = 1) -> list[str]:
    """Returns a table's lines; the first `texts` columns are left-aligned, the others are numbers. Cells are Markdown."""
    rule = ["---" if k < texts else "---:" for k in range(len(head))]
    return ["| " + " | ".join(str(cell) for cell in row) + " |" for row in (head, rule, *rows)]


def yaml_text(text: str) -> str:
    """Returns a text as a double-quoted YAML scalar."""
    return json.dumps("".join(c if c.isprintable() else " " for c in text), ensure_ascii=False)
