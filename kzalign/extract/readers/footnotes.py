"""Footnotes: small lines at the foot of a page or a column, put at the page's end between rules, so that text goes on."""

import re
from collections.abc import Sequence
from statistics import median

from kzalign.extract.readers.boxes import Word

SMALL = 0.93
"""Size of a footnote's letters, in that of the page's text, at most."""

MARK = re.compile(r"(?:\d{1,3}|\*{1,3}|[†‡§¹²³⁴⁵⁶⁷⁸⁹])[\s)]{0,6}[^\W\d_]")
"""How a footnote begins; a page number has no word after it."""

MOST = 12
"""Lines of the footnotes under one column, at most."""

RULE = "_" * 12
"""What stands for the rule above footnotes; the layout knows lines between two of them."""


def footnotes_last(lines: list[Word]) -> list[Word]:
    """Returns a page's lines with the footnotes of its columns at the end."""
    texts = [line for line in lines if line.text]
    if len(texts) < 4:
        return lines
    usual = median(line.size for line in texts for _ in range(1 + len(line.text) // 20))
    if not usual:
        return lines
    notes: list[int] = []
    for last in (k for k in range(len(lines)) if _ends_column(lines, k)):
        first = last
        while first > 0 and last - first < MOST and _may_be(lines[first - 1], usual):
            first -= 1
        begin = next((k for k in range(first, last + 1) if MARK.match(lines[k].text)), None)
        if begin is not None and _may_be(lines[last], usual) and any(line.size > SMALL * usual for line in lines[:begin]):
            notes += range(begin, last + 1)
    if not notes:
        return lines
    rule = [Word(RULE, lines[k].left, lines[k].bottom, lines[k].left, lines[k].bottom) for k in (notes[0], notes[-1])]
    taken = set(notes)
    body = [line for k, line in enumerate(lines) if k not in taken]
    tail = [body.pop()] if _is_number(body) else []
    return [*body, rule[0], *(lines[k] for k in notes), rule[1], *tail]


def _may_be(line: Word, usual: float) -> bool:
    return not line.text or line.size <= SMALL * usual


def _ends_column(lines: Sequence[Word], index: int) -> bool:
    """Says whether no line of the same column stands below a line: the next one is higher up, a page number or none."""
    line = lines[index]
    below = next((other for other in lines[index + 1 :] if other.text), None)
    return bool(line.text) and (below is None or below.middle > line.middle or (below is lines[-1] and _is_number(lines)))


def _is_number(lines: Sequence[Word]) -> bool:
    return bool(lines) and lines[-1].text.strip(" -–—|").isdecimal()
