"""PDF: the text layer in reading order, with the pages that have none named.

Letters come from PDFium (pypdfium2); their order on the page is decided here.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.letters import with_letters
from kzalign.extract.readers.margins import DROP
from kzalign.extract.readers.running import without_heads
from kzalign.extract.readers.words import Word, lines_of

WORD = re.compile(r"[^\s\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
"""A run of letters; PDFium writes U+0002 or U+FFFE for a hyphen at a line's end."""

LETTERS = {
    0x02: "-",
    0xFFFE: "-",
    0xFB00: "ff",
    0xFB01: "fi",
    0xFB02: "fl",
    0xFB03: "ffi",
    0xFB04: "ffl",
    0xFB05: "st",
    0xFB06: "st",
}
READABLE = re.compile(r"[\x21-\x7eЀ-ԯ\xa0-\xbf×÷‐-⁞₠-⃏℀-⅏←-⋿ⁿ²³Ͱ-ϿəƏ\x02\ufffe]|[À-ÿĀ-ž](?=[A-Za-z])|(?<=[A-Za-z])[À-ÿĀ-ž]")
"""Characters of the three languages and of their signs; an accented letter counts beside plain Latin ones."""

LEAST = 0.7
"""Share of a page's characters that are readable in a text whose letters are mapped."""

STAMP = 30
"""Letters and digits below which the text on an image is a page number or a scanner's mark."""

DRAWN = 200
"""Lines and curves of a page above which they are letters."""

SLANT = 0.4
"""Angle to the lines of the page, from which on a letter is not of them; letters slanted for want of an italic have less."""

MOST_STAMPED = 0.3
"""Share of a page's words at another angle that are left out as stamps, at most; more of them are text."""

ANGLES = 40
"""Letters of a page whose direction is looked at."""


def read_pdf(data: bytes, config: ExtractConfig) -> Content:
    """Returns the lines of a PDF page by page; raises Unreadable for one that is locked, broken, empty or all images."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        locked = "assword" in str(error) or "ecurity" in str(error)
        raise Unreadable("a PDF that asks for a password" if locked else f"a broken PDF: {error}") from None
    try:
        count = len(document)
        if not count:
            raise Unreadable("a PDF without pages")
        pages: list[list[Word]] = []
        faults: list[str] = []
        for number in range(count):
            lines, fault = _read_page(document, number)
            pages.append(lines)
            faults.append(fault)
    finally:
        document.close()
    unread = tuple(_named(faults))
    if unread and not any(pages):
        raise Unreadable("; ".join(unread))
    return _content(without_heads(pages), unread)


def _content(pages: list[list[Word]], unread: tuple[str, ...]) -> Content:
    lines: list[str] = []
    starts: list[int] = []
    for page in pages:
        starts.append(len(lines) + 1)
        lines += [*(line.text for line in page), ""]
    return Content("pdf", tuple(lines), tuple(starts), unread)


def _named(faults: list[str]) -> Iterator[str]:
    """Yields each fault with its pages, those that follow one another together."""
    for fault, group in groupby(enumerate(faults, 1), key=lambda item: item[1]):
        numbers = [number for number, _ in group]
        if fault:
            first, last = numbers[0], numbers[-1]
            yield f"{f'page {first}' if first == last else f'pages {first}-{last}'}: {fault}"


def _read_page(document: Any, number: int) -> tuple[list[Word], str]:
    """Returns a page's lines, and what is wrong with it, if anything is."""
    import pypdfium2 as pdfium

    try:
        page = document[number]
    except pdfium.PdfiumError:
        return [], "a page that cannot be read"
    try:
        layer = page.get_textpage()
        try:
            count = layer.count_chars()
            text = _text(layer, count)
            if sum(map(str.isalnum, text)) < STAMP and _is_drawn(page):
                return lines_of(_words(layer.raw, text)), "no text layer, an image"
            fault = _mojibake(text)
            return ([], fault) if fault else (lines_of(_words(layer.raw, text)), "")
        finally:
            layer.close()
    finally:
        page.close()


def _is_drawn(page: Any) -> bool:
    """Says whether a page shows an image, a form that may hold one, or letters drawn as lines."""
    from pypdfium2 import raw

    count = raw.FPDFPage_CountObjects(page.raw)
    images = (raw.FPDF_PAGEOBJ_IMAGE, raw.FPDF_PAGEOBJ_FORM)
    kinds = (raw.FPDFPageObj_GetType(raw.FPDFPage_GetObject(page.raw, k)) for k in range(count))
    return count > DRAWN or any(kind in images for kind in kinds)


def _text(layer: Any, count: int) -> str:
    """Returns the page's characters, one for each of PDFium's."""
    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(layer.raw, 0, count, buffer)
    if written - 1 != count:
        return "".join(_letter(raw.FPDFText_GetUnicode(layer.raw, k)) for k in range(count))
    return "".join(map(_letter, buffer[:count]))


def _letter(code: int) -> str:
    return "\ufffd" if code == 0 or 0xD800 <= code < 0xE000 or code > 0x10FFFF else chr(code)


def _mojibake(text: str) -> str:
    """Returns what is wrong with a text layer whose letters are not mapped to characters; measured over the page."""
    solid = "".join(text.split())
    share = len(READABLE.findall(solid)) / len(solid) if solid else 1.0
    return "" if share >= LEAST else f"unreadable text layer (letters not mapped: {share:.0%} of characters are known)"


def _words(page: Any, text: str) -> list[Word]:
    """Returns the page's words, letters that the file draws apart from them in their places."""
    from pypdfium2 import raw

    found = list(_boxed(page, text))
    turn = _direction(page, text)
    box = raw.FS_RECTF()

    def middles(index: int) -> list[float]:
        places = []
        for letter in range(len(found[index][0].text)):
            raw.FPDFText_GetLooseCharBox(page, found[index][1] + letter, box)
            left, _, right, _ = _turned(box, turn)
            places.append((left + right) / 2)
        return places

    return with_letters([word for word, _ in found], middles)


def _boxed(page: Any, text: str) -> Iterator[tuple[Word, int]]:
    """Yields the page's words in the order of the file, each with the place of its first letter.

    The page is turned so that most letters stand upright; stamps at an angle are left out.
    """
    from pypdfium2 import raw

    turn = _direction(page, text)
    box = raw.FS_RECTF()
    matches = list(WORD.finditer(text))
    slanted = [_is_slanted(page, match.start(), turn) for match in matches]
    stamped = sum(slanted) <= MOST_STAMPED * len(slanted)
    for match, aside in zip(matches, slanted, strict=True):
        first, last = match.start(), match.end() - 1
        if aside and stamped:
            continue
        if not raw.FPDFText_GetLooseCharBox(page, first, box):
            continue
        left, bottom, right, top = _turned(box, turn)
        if last > first and text[first].isupper() and _is_dropped(page, first):
            yield Word(text[first], left, bottom, right, top, raw.FPDFText_GetFontSize(page, first)), first
            first += 1
            raw.FPDFText_GetLooseCharBox(page, first, box)
            left, bottom, right, top = _turned(box, turn)
        if last > first and raw.FPDFText_GetLooseCharBox(page, last, box):
            right = max(right, _turned(box, turn)[2])
        size = raw.FPDFText_GetFontSize(page, last)
        yield Word(text[first : last + 1].translate(LETTERS), left, bottom, right, top, size), first


def _direction(page: Any, text: str) -> int:
    """Returns how many quarter turns, against the clock, most letters of a page are set at."""
    from pypdfium2 import raw

    places = [k for k, char in enumerate(text) if char.isalnum()]
    turns = Counter(
        round(-raw.FPDFText_GetCharAngle(page, k) / (math.pi / 2)) % 4 for k in places[:: max(1, len(places) // ANGLES)]
    )
    return turns.most_common(1)[0][0] if turns else 0


def _is_dropped(page: Any, place: int) -> bool:
    """Says whether a letter is a drop capital of the line that its word stands on."""
    from pypdfium2 import raw

    return bool(raw.FPDFText_GetFontSize(page, place) >= DROP * raw.FPDFText_GetFontSize(page, place + 1) > 0)


def _is_slanted(page: Any, place: int, turn: int) -> bool:
    """Says whether a letter is set at another angle than the page's lines: a stamp's along the edge, a watermark's."""
    from pypdfium2 import raw

    angle = float(raw.FPDFText_GetCharAngle(page, place))
    return angle >= 0 and abs((angle + turn * math.pi / 2 + math.pi) % (2 * math.pi) - math.pi) > SLANT


def _turned(box: Any, turn: int) -> tuple[float, float, float, float]:
    """Returns left, bottom, right and top of a box after turning the page back by `turn` quarters."""
    left, bottom, right, top = box.left, box.bottom, box.right, box.top
    if turn == 0:
        return left, bottom, right, top
    if turn == 1:
        return bottom, -right, top, -left
    if turn == 2:
        return -right, -top, -left, -bottom
    return -top, left, -bottom, right
