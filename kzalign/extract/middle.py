"""Lines in the middle of the page, where a document's lines keep their indents: titles and authors stand so."""

from kzalign.extract.layout import Page

LEAST_INDENT, OFF_CENTRE = 4, 3
"""Blanks left of a line in the middle, at least; by how many they differ from those right of it, at most."""

AROUND = 30
"""Lines on each side of one that show the text's width."""


def is_centred(page: Page, index: int) -> bool:
    """Says whether a line stands in the middle of the text's width, as titles do and the lines of a paragraph do not."""
    line = page.lines[index]
    right = _right_of(page, index)
    if right is None or (line.text[0].islower() and (line.gap or not index or _right_of(page, index - 1) is None)):
        return False
    below = page.lines[index + 1] if index + 1 < len(page.lines) else None
    if below is None or below.gap > page.usual_gap(index):
        return True
    if _is_in_block(page, index):
        return False
    if _right_of(page, index + 1) is None:
        return below.indent > 0 and right > len(below.text.split(maxsplit=1)[0])
    return True


def _is_in_block(page: Page, index: int) -> bool:
    """Says whether a line is of a paragraph with a margin left of it: the lines around it, or below it, begin alike."""
    if index and _begin_alike(page, index - 1, index + 1):
        return True
    return not page.lines[index + 1].gap and _begin_alike(page, index + 1, index + 2)


def _begin_alike(page: Page, first: int, last: int) -> bool:
    """Says whether lines, none of them apart from the others, have the same indent."""
    block = page.lines[first : last + 1]
    together = len(block) == last + 1 - first and not any(line.gap for line in block[1:])
    return together and block[0].indent > 0 and len({line.indent for line in block}) == 1


def _right_of(page: Page, index: int) -> int | None:
    """Returns how many blanks are right of a line in the middle; None for another line."""
    line = page.lines[index]
    if line.indent < LEAST_INDENT or line.text.endswith((".", ",", ";")):
        return None
    around = sorted(other.indent + len(other.text) for other in page.lines[max(0, index - AROUND) : index + AROUND])
    right = around[int(0.9 * (len(around) - 1))] - line.indent - len(line.text)
    return right if abs(line.indent - right) <= OFF_CENTRE else None
