"""Report pages as a parser and as a browser see them."""

import json
import shutil
import subprocess
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest

HOSTILE = (
    "<script>document.title='owned'</script>",
    "</script><img src=x onerror=\"document.title='owned'\">",
    "<!-- <script>",
    "-->]]></style>",
    '"onload="alert(1)',
    "{{script}} {{policy}} ${title}",
    "&lt;b&gt; &amp;",
    "line\u2028and\u2029paragraph",
    "\\u003cb\\u003e",
)


class Page(HTMLParser):
    """The elements and script texts of a page, as a parser that knows HTML reads them."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.texts: dict[str, list[str]] = {"script": [], "style": [], "title": []}
        self.inside = ""
        self.feed(source)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        self.inside = tag
        if tag in self.texts:
            self.texts[tag].append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside in self.texts:
            self.texts[self.inside][-1] += data

    def blocks(self, kind: str) -> list[Any]:
        kinds = [attrs.get("data-kind") for tag, attrs in self.tags if tag == "script"]
        texts = [text for text, name in zip(self.texts["script"], kinds, strict=True) if name == kind]
        assert not any(letter in text for text in texts for letter in "<>&")
        return [record for text in texts for record in json.loads(text)]


CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome", "chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="no chromium on this machine")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync", "--enable-logging=stderr", "--virtual-time-budget=3000", "--dump-dom"),
)


class Shown(HTMLParser):
    """What a browser has made of a page: the sentences' keys by table row, all text outside scripts, and the attributes."""

    def __init__(self, source: str) -> None:
        super().__init__()
        self.source = source
        self.rows: list[list[str]] = []
        self.text = ""
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.silent = False
        self.feed(source)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self.silent = tag in ("script", "style")
        if tag == "tr":
            self.rows.append([])
        if key := found.get("data-key"):
            self.rows[-1].append(key)

    def handle_endtag(self, tag: str) -> None:
        self.silent = False

    def handle_data(self, data: str) -> None:
        self.text += "" if self.silent else data


def browse(path: Path, address: str) -> Shown:
    """The page's elements once its script has run; fails on anything the script or the policy complained of."""
    profile = f"--user-data-dir={path.parent / 'profile'}"
    done = subprocess.run(
        [str(CHROMIUM), *FLAGS, profile, f"{path.as_uri()}#{address}"], capture_output=True, text=True, timeout=120, check=True
    )
    complaints = [line for line in done.stderr.splitlines() if "CONSOLE" in line]
    assert not complaints
    return Shown(done.stdout)
