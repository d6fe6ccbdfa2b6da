"""PDF: reading order, what runs from page to page, letters, pages that have no text."""

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers import find_documents, read_issue
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.pdf import letters_of, read_pdf
from kzalign.extract.readers.running import parted
from kzalign.extract.readers.words import Word, lines_of
from kzalign.pipeline import process, process_all

pytest.importorskip("reportlab")
pytest.importorskip("pypdfium2")
FONT = next(
    (
        path
        for folder in ("/usr/share/fonts", "/Library/Fonts", "C:/Windows/Fonts")
        for path in Path(folder).rglob("DejaVuSans.ttf")
    ),
    None,
)
pytestmark = pytest.mark.skipif(FONT is None, reason="no DejaVuSans.ttf, which has Kazakh letters")

Draw = Callable[[Any], None]
LEFT = [f"Көлдің суы {k} мәрте өлшеніп, тұздылығы анықтал" for k in range(9)]
RIGHT = [f"Вода озера {k} раз измерена, найдена соленость" for k in range(9)]


def pdf(*pages: Draw, **options: Any) -> bytes:
    """Returns a PDF whose pages are drawn one after the other."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    pdfmetrics.registerFont(TTFont("sans", str(FONT)))
    stream = io.BytesIO()
    canvas = Canvas(stream, pagesize=(595, 842), invariant=1, **options)
    for draw in pages:
        canvas.setFont("sans", 9)
        draw(canvas)
        canvas.showPage()
    canvas.save()
    return stream.getvalue()


def column(x: float, lines: list[str], top: float = 760) -> Draw:
    def draw(canvas: Any) -> None:
        for k, line in enumerate(lines):
            canvas.drawString(x, top - 13 * k, line)

    return draw


def image(canvas: Any) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (20, 20), 90)), 0, 0, 595, 842)


def all_of(*draws: Draw) -> Draw:
    return lambda canvas: [draw(canvas) for draw in draws] and None


def row_by_row(canvas: Any) -> None:
    for k, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        canvas.drawString(50, 760 - 13 * k, left)
        canvas.drawString(320, 760 - 13 * k, right)


def turned(angle: int, shift: tuple[int, int], page: int = 0) -> Draw:
    def draw(canvas: Any) -> None:
        canvas.setPageRotation(page)
        canvas.rotate(angle)
        canvas.translate(*shift)
        column(60, LEFT, 500)(canvas)

    return draw


def read(data: bytes) -> Content:
    return read_pdf(data, ExtractConfig())


def solid(content: Content) -> list[str]:
    return [line for line in content.lines if line]


WIDE = "Жолдың бойындағы екі бағанға бөлінбеген мәтін беттің бір шетінен екінші шетіне дейін толық созылып жатады екен"
ORDERS: dict[str, tuple[Draw, list[str]]] = {
    "one column": (column(50, LEFT), LEFT),
    "two columns, drawn one after the other": (all_of(column(50, LEFT), column(320, RIGHT)), LEFT + RIGHT),
    "two columns, the right one drawn first": (all_of(column(320, RIGHT), column(50, LEFT)), LEFT + RIGHT),
    "two columns, drawn row by row": (row_by_row, LEFT + RIGHT),
    "two columns below a line as wide as the page": (
        all_of(column(50, [WIDE], 800), row_by_row),
        [WIDE, *LEFT, *RIGHT],
    ),
    "two columns above and below such a line": (
        all_of(row_by_row, column(50, [WIDE], 630), column(50, LEFT, 600), column(320, RIGHT, 600)),
        [*LEFT, *RIGHT, WIDE, *LEFT, *RIGHT],
    ),
    "columns whose lines are not level": (all_of(column(50, LEFT, 756), column(320, RIGHT)), LEFT + RIGHT),
    "a page turned": (turned(90, (0, -595)), LEFT),
    "a page turned and shown upright": (turned(90, (0, -595), 90), LEFT),
    "a page turned the other way": (turned(270, (-842, 0)), LEFT),
    "a page on its head": (turned(180, (-595, -842)), LEFT),
}


@pytest.mark.parametrize(("draw", "lines"), ORDERS.values(), ids=ORDERS)
def test_reading_order(draw: Draw, lines: list[str]) -> None:
    assert solid(read(pdf(draw))) == lines


def test_a_table_is_read_row_by_row() -> None:
    cells = all_of(*(column(x, [f"{x}{k}" for k in range(8)]) for x in (50, 200, 350, 500)))
    assert solid(read(pdf(cells)))[1] == "501    2001    3501    5001"


def test_paragraphs_are_set_apart() -> None:
    lines = read(pdf(all_of(column(50, LEFT), column(50, RIGHT, 760 - 13 * 10)))).lines
    assert lines[: len(LEFT) + 1] == (*LEFT, "")


def test_a_large_title_is_not_parted() -> None:
    def title(canvas: Any) -> None:
        canvas.setFont("sans", 18)
        canvas.drawString(50, 810, "Көлдің суы мен тұзы")
        canvas.drawString(50, 787, "және олардың тарихы")
        canvas.setFont("sans", 9)

    assert read(pdf(all_of(title, column(50, LEFT)))).lines[:4] == ("Көлдің суы мен тұзы", "және олардың тарихы", "", LEFT[0])


def test_letters() -> None:
    """Ligatures are letters; a hyphen at a line's end, hard or soft, is there for the layout to judge."""
    lines = ["The e\ufb03cient \ufb02ow of water was mea-", "sured at the lake; тұзды\u00ad", "лық өсті"]
    wanted = ["The efficient flow of water was mea-", "sured at the lake; тұзды-", "лық өсті"]
    assert solid(read(pdf(column(50, lines)))) == wanted


def head(text: str, number: int | None = None, place: float = 810) -> Draw:
    def draw(canvas: Any) -> None:
        canvas.drawString(50, place, text)
        if number is not None:
            canvas.drawRightString(545, place, str(number))

    return draw


def body(k: int) -> Draw:
    return column(50, [f"Бет {chr(1072 + k)} жолы {chr(1072 + j)}: көлдің суы өлшенді." for j in range(12)])


HEADS: dict[str, tuple[list[Draw], bool]] = {
    "the same on each page": ([head("Жаршы, 3-сан, жаратылыстану") for _ in range(3)], True),
    "two in turn": ([head("Bulletin of the lake" if k % 2 else "Көл жаршысы, қоғам") for k in range(4)], True),
    "with the page's number": ([head("Көл", 30 + k) for k in range(3)], True),
    "all different but for the page's number": ([head(t, 7 + k) for k, t in enumerate(("Ахметова", "Смит", "Оспан"))], True),
    "page numbers alone": ([head(str(51 + k), None, 30) for k in range(3)], True),
    "numbers that do not count the pages": ([head(f"Кесте {n}", None) for n in (4, 4, 9)], False),
    "the same at other heights": ([head("Көлдің суы қайда кетті?", None, 810 - 12 * k) for k in range(3)], False),
    "codes that two articles share": ([head("УДК 556.115") for _ in range(3)], False),
    "headings that two articles share": ([head("Аңдатпа") for _ in range(3)], False),
    "far apart": ([head("Көлдің суы қайда кетті?" if k in (0, 4) else f"Басқа {'абвгд'[k]}") for k in range(5)], False),
}


@pytest.mark.parametrize(("heads", "dropped"), HEADS.values(), ids=HEADS)
def test_running_heads(heads: list[Draw], dropped: bool) -> None:
    content = read(pdf(*(all_of(top, body(k)) for k, top in enumerate(heads))))
    kept = len(solid(content)) - 12 * len(heads)
    assert kept == (0 if dropped else len(heads))


def test_pages_are_numbered() -> None:
    content = read(pdf(*(body(k) for k in range(3))))
    assert [content.lines[first - 1][:5] for first in content.pages] == ["Бет а", "Бет б", "Бет в"]


def without_map(data: bytes) -> bytes:
    return data.replace(b"/ToUnicode", b"/NoUnicode")


def without_pages(data: bytes) -> bytes:
    return re.sub(
        rb"/Kids \[[^\]]*\]", lambda kids: b"/Kids [".ljust(len(kids[0]) - 1) + b"]", data.replace(b"/Count 1", b"/Count 0")
    )


def password(user: str) -> Any:
    from reportlab.lib.pdfencrypt import StandardEncryption

    return StandardEncryption(user, "owner")


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "images only": (lambda: pdf(image, image, image), "pages 1-3: no text layer, an image"),
    "no ToUnicode": (lambda: without_map(pdf(body(0), pageCompression=0)), "page 1: unreadable text layer (letters not mapped"),
    "a password": (lambda: pdf(body(0), encrypt=password("secret")), "a PDF that asks for a password"),
    "half a file": (lambda: (data := pdf(body(0)))[: len(data) // 2], "a broken PDF"),
    "no PDF": (lambda: b"%PDF-1.4\nhello", "a broken PDF"),
    "nothing": (lambda: b"", "an empty file"),
    "no pages": (
        lambda: (
            b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n"
            b"trailer<</Root 1 0 R>>\n%%EOF"
        ),
        "a broken PDF, or one without pages",
    ),
    "no pages left": (lambda: without_pages(pdf(body(0))), "a broken PDF, or one without pages"),
}


@pytest.mark.parametrize(("make", "reason"), BAD.values(), ids=BAD)
def test_what_cannot_be_read_is_named(tmp_path: Path, make: Callable[[], bytes], reason: str) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(make())
    with pytest.raises(Unreadable) as error:
        read_issue(path, ExtractConfig())
    assert reason in str(error.value)


def test_what_pdfium_said_before_is_not_said_again() -> None:
    with pytest.raises(Unreadable, match="a password"):
        read(BAD["a password"][0]())
    with pytest.raises(Unreadable, match="without pages"):
        read(BAD["no pages left"][0]())


def test_bad_files_are_rejects_by_name_and_the_run_goes_on(tmp_path: Path) -> None:
    for number, (make, _) in enumerate(BAD.values()):
        (tmp_path / f"{number}.pdf").write_bytes(make())
    (tmp_path / "good.pdf").write_bytes(pdf(body(0)))
    documents = list(process_all(find_documents([tmp_path]), Config(), False, 1))
    said = {d.entry["file"]: [r.reason for r in d.rejects if r.stage == "read"] for d in documents}
    assert said.pop("good.pdf") == []
    assert [reason in "; ".join(said[f"{number}.pdf"]) for number, (_, reason) in enumerate(BAD.values())] == [True] * len(BAD)


def test_a_file_cut_anywhere_is_read_or_refused(tmp_path: Path) -> None:
    data = pdf(body(0), body(1))
    path = tmp_path / "a.pdf"
    for length in range(0, len(data), max(1, len(data) // 25)):
        path.write_bytes(data[:length])
        try:
            assert read_issue(path, ExtractConfig()).pages
        except Unreadable as error:
            assert ("PDF" in str(error) or "page" in str(error)) if length else str(error) == "an empty file"


def stamped(canvas: Any) -> None:
    image(canvas)
    canvas.drawString(40, 20, "Downloaded from journal.example on 12 May 2020 by 127.0.0.1, for personal use only")


def photograph(canvas: Any) -> None:
    from PIL import Image
    from reportlab.lib.utils import ImageReader

    canvas.drawImage(ImageReader(Image.new("L", (20, 20), 90)), 100, 100, 300, 200)
    canvas.drawString(60, 780, "Көлдің суреті төменде берілген, оны автор түсірген")


DRAWN = {"a scan with a stamp": (stamped, True), "a photograph and its caption": (photograph, False)}


@pytest.mark.parametrize(("draw", "scan"), DRAWN.values(), ids=DRAWN)
def test_an_image_that_covers_the_page_is_a_scan(draw: Draw, scan: bool) -> None:
    content = read(pdf(draw, body(0)))
    assert content.unread == (("page 1: no text layer, an image",) if scan else ())
    assert content.scans == ((1,) if scan else ())
    assert len(content.lines[0]) > 40


def test_an_owner_password_asks_for_nothing() -> None:
    assert "Бет а" in read(pdf(body(0), encrypt=password(""))).lines[0]


def test_pages_without_text_are_rejects_and_the_rest_is_read(tmp_path: Path) -> None:
    path = tmp_path / "scan.pdf"
    path.write_bytes(pdf(image, body(0), all_of(image, body(1)), image, lambda canvas: None))
    document = process(path, "scan", Config(), False)
    assert [(r.stage, r.reason) for r in document.rejects if r.stage == "read"] == [
        ("read", "page 1: no text layer, an image"),
        ("read", "page 4: no text layer, an image"),
    ]
    assert document.entry["pages"] == 5
    assert len(document.articles) == 1


UNITS = {
    "plain": ([0x431, 0x435], "бе"),
    "a character of two units": ([0x41, 0xD835, 0xDC65, 0x42], "A\U0001d465\u200bB"),
    "half a character": ([0xD835, 0x41, 0xDC65], "\ufffdA\ufffd"),
    "two first halves": ([0xD835, 0xD835, 0xDC65], "\ufffd\U0001d465\u200b"),
    "none": ([0], "\ufffd"),
}


@pytest.mark.parametrize(("units", "letters"), UNITS.values(), ids=UNITS)
def test_there_is_a_letter_for_each_unit(units: list[int], letters: str) -> None:
    assert letters_of(units) == letters


@pytest.mark.slow
def test_five_thousand_pages() -> None:
    assert len(read(pdf(*[lambda canvas: canvas.drawString(50, 700, "бет мәтіні")] * 5000)).pages) == 5000


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(st.integers(0, 500), st.integers(0, 700), st.integers(1, 200), st.integers(1, 20)), max_size=40))
def test_every_word_is_read_once(boxes: list[tuple[int, int, int, int]]) -> None:
    words = [Word(f"w{k}", x, y, x + width, y + height) for k, (x, y, width, height) in enumerate(boxes)]
    lines = lines_of(words)
    assert sorted(word for line in lines for word in line.text.split()) == sorted(f"w{k}" for k in range(len(boxes)))
    assert parted([lines]) == [([], lines, [])]


def test_what_runs_is_kept_apart_from_the_lines() -> None:
    def page(k: int) -> Draw:
        head = [f"{k + 30}    Дала жаршысы. № 3 (58), 2021" if k % 2 else f"Өзенбаева А. Дала өзені    {k + 30}"]
        return all_of(column(50, head, 810), body(k), column(290, [f"ISSN 2049-363{k % 2}"], 30))

    content = read(pdf(*map(page, range(6))))
    assert not [line for line in content.lines if "ISSN" in line or "жаршысы" in line]
    assert [(m.page, m.foot) for m in content.margins] == [(k, foot) for k in range(1, 7) for foot in (False, True)]
    assert content.margins[3].text == "ISSN 2049-3631"
    assert "№ 3 (58), 2021" in content.margins[2].text
