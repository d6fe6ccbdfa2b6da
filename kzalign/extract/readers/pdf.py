"""PDF: the text layer in reading order; the pages that have none, or one that is no text, are named.

Letters come from PDFium (pypdfium2); their order on the page is decided here.
"""

import ctypes
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import groupby
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.legible import fault_of, mended
from kzalign.extract.readers.letters import with_letters
from kzalign.extract.readers.margins import DROP
from kzalign.extract.readers.running import parted
from kzalign.extract.readers.words import Recognised, Scan, Word, lines_of
from kzalign.records import Margin

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
STAMP = 30
"""Letters and digits below which the text on an image is a page number or a scanner's mark."""

STAMPED = 200
"""The same where one image covers most of the page."""

COVERED = 0.7
"""Share of a page that such an image covers."""

DRAWN = 200
"""Lines and curves of a page above which they are letters."""

SLANT = 0.4
"""Angle to the lines of the page, from which on a letter is not of them; letters slanted for want of an italic have less."""

MOST_STAMPED = 0.3
"""Share of a page's words at another angle that are left out as stamps, at most; more of them are text."""

ANGLES = 40
"""Letters of a page whose direction is looked at."""

HIGH, LOW, END = 0xD800, 0xDC00, 0xE000
"""Where the first and the second unit of a character of two begin in UTF-16."""

NO_ROOM = "\u200b"

LOST = "a page that cannot be read"


def read_pdf(data: bytes, config: ExtractConfig, recognised: Mapping[int, Scan] | None = None) -> Content:
    """Returns the lines of a PDF page by page, `recognised` ones by their number in place of what the file has.

    Raises Unreadable for one that is locked, broken or empty.
    """
    with opened(data) as document:
        count = len(document)
        if not count:
            raise Unreadable("a PDF without pages")
        pages: list[Sequence[Word]] = []
        faults: list[str] = []
        for number in range(count):
            lines, fault = _read_page(document, number)
            scan = (recognised or {}).get(number + 1)
            if scan:
                lines, fault = list(scan.lines) or lines, f"{fault}; {scan.fault}" if scan.fault else ""
            pages.append(lines)
            faults.append(fault)
    scans = tuple(number for number, fault in enumerate(faults, 1) if fault not in ("", LOST))
    return content_of(pages, tuple(_named(faults)), scans)


@contextmanager
def opened(data: bytes) -> Iterator[Any]:
    """Yields PDFium's document; raises Unreadable where that opens none."""
    import pypdfium2 as pdfium

    try:
        document = pdfium.PdfDocument(data)
    except pdfium.PdfiumError as error:
        # PDFium says the same once more about a file without pages that comes after a locked one
        locked = b"/Encrypt" in data and ("assword" in str(error) or "ecurity" in str(error))
        raise Unreadable("a PDF that asks for a password" if locked else "a broken PDF, or one without pages") from None
    try:
        yield document
    finally:
        document.close()


def content_of(
    pages: Sequence[Sequence[Word]], unread: tuple[str, ...], scans: tuple[int, ...], encoding: str = "pdf"
) -> Content:
    """Returns the pages' lines one after the other, and apart from them what runs from page to page."""
    lines: list[str] = []
    starts: list[int] = []
    margins: list[Margin] = []
    recognised: dict[int, tuple[float, ...]] = {}
    for number, (heads, page, feet) in enumerate(parted(pages), 1):
        starts.append(len(lines) + 1)
        margins += [Margin(number, line.text, foot) for side, foot in ((heads, False), (feet, True)) for line in side]
        recognised |= {len(lines) + k: line.confidences for k, line in enumerate(page, 1) if isinstance(line, Recognised)}
        lines += [*(line.text for line in page), ""]
    return Content(encoding, tuple(lines), tuple(starts), unread, scans=scans, recognised=recognised, margins=tuple(margins))


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
        return [], LOST
    try:
        layer = page.get_textpage()
        try:
            text = mended(_text(layer, layer.count_chars()))
            written = sum(map(str.isalnum, text))
            if (written < STAMP and _is_drawn(page)) or (written < STAMPED and _is_covered(page)):
                return lines_of(_words(layer.raw, text)), "no text layer, an image"
            fault, whole = fault_of(text)
            return [] if whole else lines_of(_words(layer.raw, text)), fault
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


def _is_covered(page: Any) -> bool:
    """Says whether one image covers most of a page."""
    from pypdfium2 import raw

    width, height = page.get_size()
    for item in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=3):
        left, bottom, right, top = item.get_bounds()
        if (right - left) * (top - bottom) > COVERED * width * height:
            return True
    return False


def _text(layer: Any, count: int) -> str:
    """Returns the page's characters, one for each of PDFium's."""
    from pypdfium2 import raw

    buffer = (ctypes.c_ushort * (count + 1))()
    written = raw.FPDFText_GetText(layer.raw, 0, count, buffer)
    if written - 1 != count:
        return "".join(_letter(raw.FPDFText_GetUnicode(layer.raw, k)) for k in range(count))
    return letters_of(buffer[:count])


def letters_of(units: Sequence[int]) -> str:
    """Returns the characters of UTF-16 units, one for each: a character of two units is followed by one that takes no room."""
    if not any(HIGH <= unit < END for unit in units):
        return "".join(map(_letter, units))
    found: list[str] = []
    for unit in units:
        before = ord(found[-1]) if found else 0
        if LOW <= unit < END and HIGH <= before < LOW:
            found[-1:] = [chr(0x10000 + ((before - HIGH) << 10) + unit - LOW), NO_ROOM]
        else:
            found.append(chr(unit) if HIGH <= unit < LOW else _letter(unit))
    return "".join(_letter(ord(char)) for char in found)


def _letter(code: int) -> str:
    return "\ufffd" if code == 0 or HIGH <= code < END or code > 0x10FFFF else chr(code)


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
