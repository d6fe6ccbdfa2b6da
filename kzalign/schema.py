"""What a line of articles.jsonl must be: every problem with it, before any of it is used."""

import re
from collections import Counter
from collections.abc import Iterator
from typing import Any

from kzalign.records import LANGS, PAIRS

HALF_CHARACTER = re.compile("[\ud800-\udfff]")
"""What UTF-8 cannot hold."""


def problems_of(data: Any) -> list[str]:
    """Returns what keeps a JSON value from being an article, in words; empty where nothing does."""
    if not isinstance(data, dict):
        return [f"a {type(data).__name__}, not an object"]
    found = list(_head(data))
    versions = data.get("versions")
    if not isinstance(versions, dict):
        return [*found, "missing or wrong 'versions'"]
    for lang, version in versions.items():
        found += [f"{lang}: {problem}" for problem in _version(version)] if lang in LANGS else [_unknown(lang)]
    if not found:
        found += _alignment(data.get("alignment"), versions)
    return found


def _unknown(lang: str) -> str:
    return f"language '{lang}' is not one of {', '.join(LANGS)}"


def _head(data: dict[str, Any]) -> Iterator[str]:
    if not _is_text(data.get("id")) or not data["id"]:
        yield "missing or wrong 'id'"
    if not _is_text(data.get("issue_id") or data.get("seed")):
        yield "missing or wrong 'issue_id'"
    lines = data.get("article_lines", [0, 0])
    if not (isinstance(lines, list) and len(lines) == 2 and all(_is_index(n) for n in lines)):
        yield "'article_lines' is not [first, last]"
    if not _is_texts(data.get("notes") or []):
        yield "'notes' is not a list of texts"
    source = data.get("source") or {}
    if not isinstance(source, dict) or not all(map(_is_texts, source.values())):
        yield "'source' is not an object of lists of texts"


def _version(version: Any) -> Iterator[str]:
    if not isinstance(version, dict):
        yield "not an object"
        return
    for key in ("title", "abstract", "original"):
        if version.get(key) is not None and not _is_text(version[key]):
            yield f"'{key}' is not a text"
    for key in ("sentences", "keywords"):
        if not _is_texts(version.get(key) or []):
            yield f"'{key}' is not a list of texts"
    for key in ("title_lines", "abstract_lines", "keywords_lines"):
        spans = version.get(key) or []
        if not isinstance(spans, list) or not all(isinstance(s, list) and len(s) == 2 and all(map(_is_index, s)) for s in spans):
            yield f"'{key}' is not a list of [first, last]"
    confidence = version.get("confidence", 1.0)
    if not _is_share(confidence):
        yield "'confidence' is not from 0 to 1"
    if version.get("ocr") is not None and not _is_share(version["ocr"]):
        yield "'ocr' is not from 0 to 1"
    if version.get("machine") is not None and not _is_machine(version["machine"]):
        yield "'machine' is not {model, settings, date, source, fields, flags}"


def _is_machine(machine: Any) -> bool:
    if not isinstance(machine, dict) or not isinstance(machine.get("flags"), dict):
        return False
    texts = all(_is_text(machine.get(key)) for key in ("model", "settings", "date", "source"))
    return texts and all(map(_is_texts, (machine.get("fields"), *machine["flags"].values())))


def _alignment(alignment: Any, versions: dict[str, Any]) -> Iterator[str]:
    if not isinstance(alignment or {}, dict):
        yield "'alignment' is not an object"
        return
    for pair, beads in (alignment or {}).items():
        if pair not in PAIRS:
            yield f"alignment of '{pair}', which is not one of {', '.join(PAIRS)}"
            continue
        sizes = [len((versions.get(lang) or {}).get("sentences") or []) for lang in pair.split("-")]
        if not isinstance(beads, list):
            yield f"{pair}: not a list of beads"
            continue
        broken = next((f"{problem} in {bead!r:.60}" for bead in beads if (problem := _bead(bead, sizes))), None)
        broken = broken or next(filter(None, (_cover(beads, side, size) for side, size in enumerate(sizes))), None)
        if broken:
            yield f"{pair}: {broken}"


def _bead(bead: Any, sizes: list[int]) -> str | None:
    if not isinstance(bead, list) or len(bead) not in (2, 3) or not all(isinstance(side, list) for side in bead[:2]):
        return "not [[left…], [right…], score]"
    for side, size in zip(bead[:2], sizes, strict=True):
        if not all(_is_index(i) and i < size for i in side):
            return f"an index that is no sentence (there are {size})"
    if len(bead) == 3 and not _is_share(bead[2]):
        return "a score that is not from 0 to 1"
    return None


def _cover(beads: list[Any], side: int, size: int) -> str | None:
    """A sentence that no bead or two beads hold would be lost, or written twice, without a word."""
    counts = Counter(i for bead in beads for i in bead[side])
    name = ("left", "right")[side]
    if twice := sorted(i for i, n in counts.items() if n > 1):
        return f"{name} sentence {twice[0]} is in two beads"
    if missing := sorted(set(range(size)) - set(counts)):
        return f"{name} sentence {missing[0]} is in no bead"
    return None


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and not HALF_CHARACTER.search(value)


def _is_texts(value: Any) -> bool:
    return isinstance(value, list) and all(map(_is_text, value))


def _is_index(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _is_share(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1
