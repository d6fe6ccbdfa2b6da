"""The page around the data: template, style and script in one file, under a policy that lets nothing else run."""

import base64
import hashlib
import html
import math
import re
from importlib.resources import files
from typing import Any

from kzalign.records import dumps

SCRIPTS = ("dom.js", "data.js", "plots.js", "overview.js", "rows.js", "reader.js", "articles.js", "rejects.js", "main.js")
"""In this order they make one script: later files use what earlier ones define."""

UNSAFE = re.compile("[<>&\\u2028\\u2029\\ud800-\\udfff]")
"""What could end a script element, start a comment in it or break a line of it, and half characters UTF-8 can't hold."""

SLOT = re.compile(r"\{\{(\w+)\}\}")


def frame(title: str) -> tuple[str, str]:
    """Returns what the page holds before and after its data blocks."""
    here = files(__package__)
    style = here.joinpath("report.css").read_text(encoding="utf-8")
    script = "\n".join(here.joinpath(name).read_text(encoding="utf-8") for name in SCRIPTS)
    slots = {
        "policy": f"default-src 'none'; script-src {_digest(script)}; style-src {_digest(style)}; "
        "base-uri 'none'; form-action 'none'",
        "title": html.escape(title),
        "style": style,
        "script": script,
    }
    head, tail = here.joinpath("template.html").read_text(encoding="utf-8").split("{{data}}\n")
    return _fill(head, slots), _fill(tail, slots)


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


def _digest(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _fill(template: str, slots: dict[str, str]) -> str:
    """Returns the template with its slots filled in one pass, so that a title can't name a slot."""
    return SLOT.sub(lambda found: slots[found[1]], template)
