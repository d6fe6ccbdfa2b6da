"""The page around the data: template, style and script in one file, under a policy that lets nothing else run."""

import base64
import hashlib
import html
import math
import re
from collections.abc import Iterable, Iterator, Sequence
from importlib.resources import files
from importlib.resources.abc import Traversable
from itertools import islice
from typing import Any

from kzalign.records import dumps

BLOCK = 100
"""Records in one JSON block of the page: what the browser parses to show one of them."""

UNSAFE = re.compile("[<>&\\u2028\\u2029\\ud800-\\udfff]")
"""What could end a script element, start a comment in it or break a line of it, and half characters UTF-8 can't hold."""

SLOT = re.compile(r"\{\{(\w+)\}\}")


def frame(package: str, title: str, scripts: Sequence[str]) -> tuple[str, str]:
    """Returns what the page holds before and after its data blocks.

    `package` has the page's body.html, its report.css and its scripts. With dom.js before them, they make one script in
    the order given: later files use what earlier ones define.
    """
    here, there = files(__package__), files(package)
    style = _read(here, "base.css") + _read(there, "report.css")
    script = "\n".join((_read(here, "dom.js"), *(_read(there, name) for name in scripts)))
    slots = {
        "policy": f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "base-uri 'none'; form-action 'none'",
        "title": html.escape(title),
        "style": style,
        "script": script,
    }
    slots["body"] = _fill(_read(there, "body.html"), slots)
    head, tail = _read(here, "page.html").split("{{data}}\n")
    return _fill(head, slots), _fill(tail, slots)


def data_blocks(kind: str, records: Iterable[dict[str, Any]]) -> Iterator[str]:
    """Yields the records as script elements of that kind, BLOCK records in each."""
    rest = iter(records)
    while block := list(islice(rest, BLOCK)):
        lines = ",\n".join(map(script_json, block))
        yield f'<script type="application/json" data-kind="{kind}">[\n{lines}\n]</script>\n'


def script_json(value: Any) -> str:
    """Returns one line of JSON that is safe inside a script element; numbers that JSON lacks (NaN, infinity) become null."""
    return UNSAFE.sub(lambda found: f"\\u{ord(found[0]):04x}", dumps(_finite(value)))


def _finite(value: Any) -> Any:
    match value:
        case float():
            return value if math.isfinite(value) else None
        case dict():
            return {key: _finite(item) for key, item in value.items()}
        case list() | tuple():
            return [_finite(item) for item in value]
    return value


def _read(folder: Traversable, name: str) -> str:
    return folder.joinpath(name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _fill(template: str, slots: dict[str, str]) -> str:
    """Returns the template with its slots filled in one pass, so that a title can't name a slot."""
    return SLOT.sub(lambda found: slots[found[1]], template)
