"""Sides of which one begins or ends in the middle of a sentence."""

import re

from kzalign.corpus.filters.sides import Side

BEGINS = re.compile(r"[\s\"'«“„(\[–—•*-]*([^\W\d_]{2})")
ENDS = re.compile(r"[.!?…:;][\"'”’»)\]\d*\s]*$")
TAIL = 20
"""Characters at the end that are looked at."""

BREAKS = re.compile(r"(?:[,(«“–—-]|(?<!\w)(?:и|в|на|с|для|of|the|and|in|to|for|with|және|мен|бен|пен))$")


CUT, WHOLE, UNSURE = range(3)


def _begins(text: str) -> bool:
    """Says whether a side begins with two small letters (e-learning and pH do not)."""
    if text[:1].isupper():
        return False
    found = BEGINS.match(text)
    return bool(found and found[1].islower())


def _end(text: str) -> int:
    """Says whether a side ends with a sentence's mark or breaks off: at a comma, bracket, hyphen, a word that needs another."""
    if text.endswith(".") or ENDS.search(text[-TAIL:]):
        return WHOLE
    return CUT if BREAKS.search(text[-TAIL:].rstrip()) else UNSURE


def cut_places(one: Side, other: Side) -> float:
    """Returns at how many of their two ends one side is cut and the other whole."""
    if one.text[:1].isupper() and other.text[:1].isupper() and one.text.endswith(".") and other.text.endswith("."):
        return 0.0
    return float((_begins(one.text) != _begins(other.text)) + ({_end(one.text), _end(other.text)} == {CUT, WHOLE}))
