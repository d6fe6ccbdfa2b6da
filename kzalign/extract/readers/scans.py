"""Pages without a text layer, and images, read by OCR: several at a time, each within limits of its own."""

import struct
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from statistics import fmean

from kzalign.config import ExtractConfig
from kzalign.extract.readers.apart import read_apart
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.pdf import content_of, opened, read_pdf
from kzalign.extract.readers.tesseract import Engine, Reading, find_engine, lines_from
from kzalign.extract.readers.words import Recognised, Scan, Word

IMAGES = {
    ".png": (b"\x89PNG\r\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".tif": (b"II*\x00", b"MM\x00*"),
    ".tiff": (b"II*\x00", b"MM\x00*"),
}
"""Suffixes of images, and how such files begin: Tesseract takes any other file for a list of files to open."""

UNASKED = "an image: read with --ocr"

MOST_PIXELS = 40e6
"""Of a page that is drawn: a larger page is drawn coarser."""

PAGE_HEIGHT = 842.0
"""Points of a page whose size is not known."""

UPRIGHT, TURNED = ("--psm", "3"), ("--psm", "1")
"""Tesseract's ways of dividing a page: as it stands, or by the orientation it finds."""

DOUBTFUL = 0.5
"""Mean confidence of a page below which it may stand on its side."""

LEGIBLE = 0.3
"""Mean confidence of a page below which it holds no text."""

PAUSE = 0.01


@dataclass(frozen=True, slots=True)
class Drawn:
    """A page as a grey image in the PGM format, with its height and that of a pixel in points."""

    image: bytes
    height: float
    scale: float | None
    options: tuple[str, ...] = ()


def draw_page(data: bytes, config: ExtractConfig, number: int) -> Drawn:
    """Returns an image of a PDF's page by its number from 1; raises Unreadable where it cannot be drawn."""
    import pypdfium2 as pdfium

    with opened(data) as document:
        try:
            page = document[number - 1]
            width, height = page.get_size()
            scale = min(config.ocr_dpi / 72, (MOST_PIXELS / max(1.0, width * height)) ** 0.5)
            bitmap = page.render(scale=scale, grayscale=True)
        except pdfium.PdfiumError as error:
            raise Unreadable(f"a page that cannot be drawn: {error}") from None
        rows, stride = bytes(bitmap.buffer), bitmap.stride
        if stride != bitmap.width:
            rows = b"".join(rows[k * stride : k * stride + bitmap.width] for k in range(bitmap.height))
        return Drawn(b"P5 %d %d 255\n" % (bitmap.width, bitmap.height) + rows, height, height / bitmap.height)


def read_scans(data: bytes, content: Content, config: ExtractConfig) -> Content:
    """Returns the content of a PDF with the pages that gave no text read by OCR; raises KzalignError where there is none."""
    engine = find_engine(config.ocr_languages)
    pages = [(number, partial(_drawn, data, config, number)) for number in content.scans]
    recognised = _recognise(pages, engine, config)
    content = read_apart(partial(read_pdf, recognised=recognised), data, config)
    return _by(engine, content)


def _drawn(data: bytes, config: ExtractConfig, number: int) -> Drawn:
    return read_apart(partial(draw_page, number=number), data, config)


def read_image(data: bytes, suffix: str, config: ExtractConfig) -> Content:
    """Returns the lines of an image file, of TIFF all pages, read by OCR; raises Unreadable for one that is none."""
    if not config.ocr:
        raise Unreadable(UNASKED)
    if not data.startswith(IMAGES[suffix]):
        raise Unreadable(f"no image of the kind that '{suffix}' says, or a broken one")
    engine = find_engine(config.ocr_languages)
    count = _tiff_pages(data) if suffix.startswith(".tif") else 1
    options = [("-c", f"tessedit_page_number={k}") if count > 1 else () for k in range(count)]
    makes = [(k, partial(Drawn, data, PAGE_HEIGHT, None, chosen)) for k, chosen in enumerate(options, 1)]
    scans = _recognise(makes, engine, config)
    unread = tuple(f"page {number}: {scan.fault}" for number, scan in scans.items() if scan.fault)
    if len(unread) == count:
        raise Unreadable("; ".join(unread))
    return _by(engine, content_of([scans[k].lines for k in range(1, count + 1)], unread, (), suffix[1:]))


def _by(engine: Engine, content: Content) -> Content:
    return replace(content, recogniser=engine.name) if content.recognised else content


def _tiff_pages(data: bytes) -> int:
    """Returns how many images a TIFF file holds; raises Unreadable for a chain of them that is broken."""
    order = "<" if data.startswith(b"II") else ">"
    seen: set[int] = set()
    try:
        (place,) = struct.unpack_from(f"{order}I", data, 4)
        while place and place not in seen:
            seen.add(place)
            (entries,) = struct.unpack_from(f"{order}H", data, place)
            (place,) = struct.unpack_from(f"{order}I", data, place + 2 + 12 * entries)
    except struct.error:
        raise Unreadable("a broken TIFF image") from None
    return max(1, len(seen))


@dataclass(slots=True)
class _Work:
    """Pages that Tesseract is at work on, in a folder that goes with them."""

    engine: Engine
    config: ExtractConfig
    folder: Path
    running: dict[int, tuple[Reading, Drawn, float]] = field(default_factory=dict)
    found: dict[int, Scan] = field(default_factory=dict)

    def begin(self, number: int, page: Drawn, way: tuple[str, ...]) -> None:
        """Sets Tesseract to work on a page."""
        image = self.folder / f"{number}{'-turned' if way == TURNED else ''}.image"
        image.write_bytes(page.image)
        dpi = ("--dpi", str(round(72 / page.scale))) if page.scale else ()
        reading = Reading(self.engine, image, self.config, (*way, *dpi, *page.options))
        self.running[number] = reading, page, time.monotonic() + self.config.ocr_seconds

    def settle(self, most: int) -> None:
        """Waits until at most so many pages are at work."""
        while len(self.running) > most:
            for number, (reading, page, deadline) in list(self.running.items()):
                if reading.ended():
                    del self.running[number]
                    self._take(number, reading, page)
                elif time.monotonic() > deadline:
                    reading.kill()
                    del self.running[number]
                    self.found[number] = Scan(fault=f"not read by OCR within extract.ocr_seconds = {self.config.ocr_seconds:g}")
            if len(self.running) > most:
                time.sleep(PAUSE)

    def _take(self, number: int, reading: Reading, page: Drawn) -> None:
        turned = reading.image.stem.endswith("-turned")
        try:
            lines = lines_from(reading.result(), page.scale, page.height)
        except ValueError as error:
            # without an orientation to be found, what the page gave before stands
            self.found.setdefault(number, Scan(fault=str(error)))
            return
        finally:
            for path in (reading.image, reading.answer, reading.complaint):
                path.unlink(missing_ok=True)
        before = self.found.get(number)
        if not before or confidence_of(lines) > confidence_of(before.lines):
            self.found[number] = Scan(tuple(lines))
        if not turned and confidence_of(lines) < DOUBTFUL and self.engine.turns:
            self.begin(number, page, TURNED)


def confidence_of(lines: Sequence[Word]) -> float:
    """Returns the mean confidence of the lines' words; 0 without a word."""
    words = [sure for line in lines if isinstance(line, Recognised) for sure in line.confidences]
    return fmean(words) if words else 0.0


def _recognise(pages: Sequence[tuple[int, Callable[[], Drawn]]], engine: Engine, config: ExtractConfig) -> dict[int, Scan]:
    """Returns what OCR makes of each page, by its number; as many images are held as pages are at work."""
    most = config.ocr_pages
    failed = {
        number: Scan(fault=f"not read by OCR: more such pages than extract.ocr_pages = {most}") for number, _ in pages[most:]
    }
    with _working(engine, config) as work:
        for number, make in pages[:most]:
            work.settle(max(1, config.ocr_jobs) - 1)
            try:
                work.begin(number, make(), UPRIGHT)
            except Unreadable as error:
                failed[number] = Scan(fault=str(error))
        work.settle(0)
    scans = {number: _judged(scan) for number, scan in work.found.items()} | failed
    return dict(sorted(scans.items()))


def _judged(scan: Scan) -> Scan:
    """Refuses what is no text: of photographs and blank pages."""
    if scan.fault:
        return scan
    if not any(line.text for line in scan.lines):
        return Scan(fault="no text found by OCR")
    sure = confidence_of(scan.lines)
    return scan if sure >= LEGIBLE else Scan(fault=f"no legible text found by OCR (mean confidence of words {sure:.2f})")


@contextmanager
def _working(engine: Engine, config: ExtractConfig) -> Iterator[_Work]:
    """Yields what pages are set to work in; at its end nothing runs and no file is left."""
    with tempfile.TemporaryDirectory(prefix="kzalign-ocr-") as folder:
        work = _Work(engine, config, Path(folder))
        try:
            yield work
        finally:
            for reading, _, _ in work.running.values():
                reading.kill()
