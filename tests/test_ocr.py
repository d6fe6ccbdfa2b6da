"""OCR: what is asked of Tesseract, what its answers become, and what happens where it is missing, hangs or dies."""

import io
import json
import os
import shutil
import stat
import struct
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from kzalign.config import Config, ExtractConfig
from kzalign.errors import KzalignError
from kzalign.extract import extract
from kzalign.extract.readers import Unreadable, find_documents, read_issue
from kzalign.extract.readers.mixups import unmixed
from kzalign.extract.readers.scans import draw_page
from kzalign.extract.readers.tesseract import find_engine, lines_from
from kzalign.extract.readers.words import BLANKS, Recognised
from kzalign.pipeline import Document, process_all
from kzalign.records import Article, Issue
from kzalign.schema import problems_of
from kzalign.settings import load_config

pytest.importorskip("pypdfium2")
Image = pytest.importorskip("PIL.Image")

OCR = ExtractConfig(ocr=True, ocr_jobs=2)
HEADER = "level page_num block_num par_num line_num word_num left top width height conf text".replace(" ", "\t")


def answer(*blocks: Sequence[str], sure: float = 90.0, left: int = 100) -> str:
    """Returns what Tesseract says of blocks of lines, one below the other."""
    rows = [HEADER, "1\t1\t0\t0\t0\t0\t0\t0\t1000\t1400\t-1\t"]
    top = 100
    for block, lines in enumerate(blocks, 1):
        rows.append(f"2\t1\t{block}\t0\t0\t0\t{left}\t{top}\t800\t{30 * len(lines)}\t-1\t")
        rows.append(f"3\t1\t{block}\t1\t0\t0\t{left}\t{top}\t800\t{30 * len(lines)}\t-1\t")
        for number, line in enumerate(lines, 1):
            place = f"1\t{block}\t1\t{number}"
            rows.append(f"4\t{place}\t0\t{left}\t{top}\t800\t24\t-1\t")
            at = left
            for k, word in enumerate(line.split(" "), 1):
                rows.append(f"5\t{place}\t{k}\t{at}\t{top}\t{12 * len(word)}\t24\t{sure}\t{word}")
                at += 12 * len(word) + 12
            top += 30
        top += 40
    return "\n".join((*rows, ""))


ABSTRACT = (
    "В статье описано, как за четыре года менялась соленость",
    "воды в степном озере. Пробы брали у берега и в середине,",
    "в мае и в сентябре. Выяснилось, что в засушливые годы",
    "соленость растет, а рыба уходит к устью реки.",
)
PAGE = answer(["О ВОДЕ СТЕПНОГО ОЗЕРА"], ["Аннотация"], ABSTRACT, ["Ключевые слова: озеро, соленость, рыба"], sure=84.0)

FAKE = """#!{python} -I
import json, os, sys, time
here = os.path.dirname(os.path.abspath(__file__))
if sys.argv[1] == "--version":
    print("tesseract 5.9.9\\n leptonica-1.9")
elif sys.argv[1] == "--list-langs":
    print("List of available languages in \\"x/\\" (4):\\n" + open(here + "/langs").read())
else:
    with open(sys.argv[1], "rb") as stream:
        image = stream.read()
    said = {{"arguments": sys.argv[2:], "magic": image[:2].decode("latin-1"), "threads": os.environ.get("OMP_THREAD_LIMIT")}}
    with open(here + "/calls", "a") as stream:
        stream.write(json.dumps(said | {{"process": os.getpid()}}) + "\\n")
    exec(open(here + "/does").read())
"""


class Fake:
    """A program named tesseract in a folder of its own; `does` is the Python that it runs for an image."""

    def __init__(self, folder: Path, does: str, langs: str) -> None:
        self.folder = folder
        folder.mkdir()
        program = folder / "tesseract"
        program.write_text(FAKE.format(python=sys.executable), "utf-8")
        program.chmod(program.stat().st_mode | stat.S_IXUSR)
        (folder / "langs").write_text(langs, "utf-8")
        (folder / "does").write_text(does, "utf-8")
        (folder / "page.tsv").write_text(PAGE, "utf-8")

    @property
    def calls(self) -> list[dict[str, Any]]:
        """Returns what each call that had an image was given."""
        path = self.folder / "calls"
        return [json.loads(line) for line in path.read_text("utf-8").splitlines()] if path.exists() else []


ANSWERS = "sys.stdout.write(open(here + '/page.tsv').read())"
Make = Callable[..., Fake]


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    def make(does: str = ANSWERS, langs: str = "eng\nkaz\nosd\nrus\n") -> Fake:
        made = Fake(tmp_path / "bin", does, langs)
        monkeypatch.setenv("PATH", f"{made.folder}{os.pathsep}{os.environ['PATH']}")
        return made

    if os.name == "nt":
        pytest.skip("a script is no program on Windows")
    return make


def grey(size: tuple[int, int] = (620, 877)) -> Any:
    return Image.new("L", size, 230)


def scans(pages: int, **options: Any) -> bytes:
    """Returns a PDF of so many pages that are images."""
    stream = io.BytesIO()
    grey().save(stream, "PDF", save_all=True, append_images=[grey() for _ in range(pages - 1)], resolution=75, **options)
    return stream.getvalue()


def written(tmp_path: Path, data: bytes, name: str = "scan.pdf") -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def run(paths: list[Path], config: ExtractConfig = OCR) -> list[Document]:
    return list(process_all(find_documents(paths, config), Config(extract=config), False, 1))


def test_a_scan_is_read_and_says_so(tmp_path: Path, fake: Make) -> None:
    program = fake()
    (document,) = run([written(tmp_path, scans(1))])
    (article,) = document.articles
    version = article.versions["ru"]
    assert (version.title, version.keywords) == ("О ВОДЕ СТЕПНОГО ОЗЕРА", ("озеро", "соленость", "рыба"))
    assert version.abstract == " ".join(ABSTRACT)
    assert version.ocr == 0.84
    assert article.notes == ("no abstract in kk, en", "ru read by OCR (tesseract 5.9.9 kaz+rus+eng)")
    assert document.rejects == ()
    assert document.entry["ocr"] == {"by": "tesseract 5.9.9 kaz+rus+eng", "pages": 1, "lines": 7, "confidence": 0.84}
    data = json.loads(json.dumps(article.to_json()))
    assert data["versions"]["ru"]["ocr"] == 0.84
    assert Article.from_json(data) == article
    assert problems_of(data) == []
    (call,) = program.calls
    assert call["arguments"][:3] == ["stdout", "-l", "kaz+rus+eng"]
    assert ("--dpi", "300") in zip(call["arguments"], call["arguments"][1:], strict=False)
    assert (call["magic"], call["threads"]) == ("P5", "1")


def test_without_ocr_nothing_is_asked(tmp_path: Path, fake: Make) -> None:
    program = fake()
    (document,) = run([written(tmp_path, scans(2))], ExtractConfig())
    assert [reject.reason for reject in document.rejects] == ["pages 1-2: no text layer, an image"]
    assert program.calls == []


def test_pages_with_text_are_not_given_to_ocr(tmp_path: Path, fake: Make) -> None:
    pytest.importorskip("reportlab")
    from test_readers_pdf import FONT, body, image, pdf

    if FONT is None:
        pytest.skip("no DejaVuSans.ttf")
    program = fake()
    issue = read_issue(written(tmp_path, pdf(body(0), image, body(1))), OCR)
    assert len(program.calls) == 1
    assert issue.lines[issue.pages[0] - 1].startswith("Бет а")
    assert issue.lines[issue.pages[1] - 1] == "О ВОДЕ СТЕПНОГО ОЗЕРА"
    assert issue.lines[issue.pages[2] - 1].startswith("Бет б")
    assert set(issue.recognised) <= set(range(issue.pages[1], issue.pages[2]))
    assert issue.unread == ()


def test_letters_that_are_not_mapped_are_read_from_the_image(tmp_path: Path, fake: Make) -> None:
    pytest.importorskip("reportlab")
    from test_readers_pdf import FONT, body, pdf, without_map

    if FONT is None:
        pytest.skip("no DejaVuSans.ttf")
    program = fake()
    issue = read_issue(written(tmp_path, without_map(pdf(body(0), pageCompression=0))), OCR)
    assert (len(program.calls), issue.lines[0], issue.unread) == (1, "О ВОДЕ СТЕПНОГО ОЗЕРА", ())


FAILS: dict[str, tuple[str, str]] = {
    "hangs": ("time.sleep(600)", "not read by OCR within extract.ocr_seconds = 0.5"),
    "hangs on half an answer": (f"{ANSWERS}; sys.stdout.flush(); time.sleep(600)", "not read by OCR within"),
    "crashes": ("os.abort()", "OCR failed (exit code -6"),
    "complains": (
        "sys.stderr.write('a\\nError in pixRead: cut\\nError'); sys.exit(3)",
        "OCR failed (exit code 3: Error in pixRead: cut)",
    ),
    "says nothing": ("pass", "no text found by OCR"),
    "says something else": ("print('5\\thello'); sys.stdout.buffer.write(bytes(range(256)))", "no text found by OCR"),
    "is in doubt": (
        "sys.stdout.write(open(here + '/page.tsv').read().replace('84.0', '12.0'))",
        "no legible text found by OCR (mean confidence of words 0.12)",
    ),
}


@pytest.mark.parametrize(("does", "reason"), FAILS.values(), ids=FAILS)
def test_a_page_that_ocr_fails_on_is_named_and_the_rest_is_read(tmp_path: Path, fake: Make, does: str, reason: str) -> None:
    """The first page fails; the second does not."""
    program = fake(f"if '1' in os.path.basename(sys.argv[1]):\n    {does}\nelse:\n    {ANSWERS}")
    config = replace(OCR, ocr_seconds=0.5 if "time" in does else 60.0)
    if "time" in does:
        # so short a limit would be too short for the page that is read, on a busy machine
        (program.folder / "does").write_text(does, "utf-8")
        with pytest.raises(Unreadable) as error:
            read_issue(written(tmp_path, scans(2)), config)
        assert reason in str(error.value)
    else:
        issue = read_issue(written(tmp_path, scans(2)), config)
        (said,) = issue.unread
        assert said.startswith("page 1: no text layer, an image; ")
        assert reason in said
        assert "О ВОДЕ СТЕПНОГО ОЗЕРА" in issue.lines
    assert [call for call in program.calls if alive(call["process"])] == []


def alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return False
    return True


def test_pages_beyond_the_limit_are_named(tmp_path: Path, fake: Make) -> None:
    program = fake()
    issue = read_issue(written(tmp_path, scans(5)), replace(OCR, ocr_pages=2))
    why = "no text layer, an image; not read by OCR: more such pages than extract.ocr_pages = 2"
    assert issue.unread == (f"pages 3-5: {why}",)
    assert len(program.calls) == 2


def test_no_file_is_left(tmp_path: Path, fake: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    import tempfile

    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    fake("os.abort()")
    with pytest.raises(Unreadable):
        read_issue(written(tmp_path, scans(3)), OCR)
    assert list(folder.iterdir()) == []


def test_a_page_on_its_side_is_turned(tmp_path: Path, fake: Make) -> None:
    program = fake(f"if sys.argv[sys.argv.index('--psm') + 1] == '1':\n    {ANSWERS}\nelse:\n    {FAILS['is in doubt'][0]}")
    issue = read_issue(written(tmp_path, scans(1)), OCR)
    assert issue.lines[0] == "О ВОДЕ СТЕПНОГО ОЗЕРА"
    assert len(program.calls) == 2


def test_a_page_whose_orientation_is_not_found_stands(tmp_path: Path, fake: Make) -> None:
    doubtful = FAILS["is in doubt"][0].replace("12.0", "40.0")
    fake(f"if sys.argv[sys.argv.index('--psm') + 1] == '1':\n    sys.exit(1)\nelse:\n    {doubtful}")
    issue = read_issue(written(tmp_path, scans(1)), OCR)
    assert (issue.lines[0], issue.recognised[1]) == ("О ВОДЕ СТЕПНОГО ОЗЕРА", (0.4,) * 4)


def test_pages_are_read_at_a_time_but_not_all(tmp_path: Path, fake: Make) -> None:
    """Each call waits for a second one; a third would find two at work."""
    wait = (
        "mine = here + '/at-work-' + str(os.getpid()); open(mine, 'w').close()\n"
        "end = time.monotonic() + 30\n"
        "while time.monotonic() < end and not os.path.exists(here + '/two'):\n"
        "    if sum(name.startswith('at-work') for name in os.listdir(here)) >= 2: open(here + '/two', 'w').close()\n"
        "    time.sleep(0.01)\n"
        "if sum(name.startswith('at-work') for name in os.listdir(here)) > 2: open(here + '/three', 'w').close()\n"
        "os.unlink(mine)\n"
    )
    program = fake(wait + ANSWERS)
    issue = read_issue(written(tmp_path, scans(4)), OCR)
    assert len(issue.pages) == 4
    assert (program.folder / "two").exists()
    assert not (program.folder / "three").exists()


def test_tesseract_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    path = written(tmp_path, scans(1))
    for ask in (lambda: run([path]), lambda: read_issue(path, OCR)):
        with pytest.raises(KzalignError) as error:
            ask()
        assert str(error.value) == (
            "OCR needs Tesseract, which is not on the PATH; Debian and Ubuntu: apt install tesseract-ocr tesseract-ocr-kaz "
            "tesseract-ocr-rus tesseract-ocr-eng; macOS: brew install tesseract tesseract-lang"
        )


def test_a_language_is_missing(tmp_path: Path, fake: Make) -> None:
    fake(langs="eng\nosd\nrus\n")
    with pytest.raises(KzalignError) as error:
        run([written(tmp_path, scans(1))])
    assert "Tesseract 5.9.9 has no language kaz; Debian and Ubuntu: apt install tesseract-ocr-kaz;" in str(error.value)


def test_a_program_that_cannot_be_run(tmp_path: Path, fake: Make) -> None:
    program = fake()
    (program.folder / "tesseract").write_bytes(b"\x7fELF")
    with pytest.raises(KzalignError, match="tesseract cannot be run: "):
        find_engine("kaz")


def test_settings() -> None:
    config = load_config(None, ["extract.ocr=true", "extract.ocr_languages=kaz", "extract.ocr_dpi=200"]).extract
    assert (config.ocr, config.ocr_languages, config.ocr_dpi) == (True, "kaz", 200)
    with pytest.raises(KzalignError, match=r"extract\.ocr_dpi: 5 is not from 50 to 1200"):
        load_config(None, ["extract.ocr_dpi=5"])


def image_bytes(kind: str, pages: int = 1) -> bytes:
    stream = io.BytesIO()
    more = {"save_all": True, "append_images": [grey() for _ in range(pages - 1)]} if pages > 1 else {}
    grey().save(stream, kind, **more)
    return stream.getvalue()


IMAGES = {"a.png": ("PNG", 1), "a.jpg": ("JPEG", 1), "A.JPEG": ("JPEG", 1), "a.tif": ("TIFF", 1), "b.tiff": ("TIFF", 3)}


@pytest.mark.parametrize(("name", "kind", "pages"), [(name, *rest) for name, rest in IMAGES.items()], ids=IMAGES)
def test_images_are_documents(tmp_path: Path, fake: Make, name: str, kind: str, pages: int) -> None:
    program = fake()
    issue = read_issue(written(tmp_path, image_bytes(kind, pages), name), OCR)
    assert len(issue.pages) == len(program.calls) == pages
    assert ABSTRACT[0] in issue.lines[issue.pages[-1] - 1 :]
    numbers = sorted(word for call in program.calls for word in call["arguments"] if word.startswith("tessedit_page_number"))
    assert numbers == ([f"tessedit_page_number={k}" for k in range(pages)] if pages > 1 else [])
    with pytest.raises(Unreadable, match="an image: read with --ocr"):
        read_issue(tmp_path / name, ExtractConfig())


def ring() -> bytes:
    """Returns a TIFF whose second image is its first."""
    data = bytearray(image_bytes("TIFF"))
    (place,) = struct.unpack_from("<I", data, 4)
    (entries,) = struct.unpack_from("<H", data, place)
    struct.pack_into("<I", data, place + 2 + 12 * entries, place)
    return bytes(data)


BAD_IMAGES: dict[str, tuple[str, bytes, str]] = {
    "a list of files": ("a.png", b"/etc/hostname\n/etc/passwd\n", "no image of the kind that '.png' says"),
    "an address": ("a.jpg", b"http://127.0.0.1:9/a.png\n", "no image of the kind that '.jpg' says"),
    "nothing": ("a.tif", b"", "an empty file"),
    "half a TIFF": ("a.tif", image_bytes("TIFF")[:9], "a broken TIFF image"),
}


@pytest.mark.parametrize(("name", "data", "reason"), BAD_IMAGES.values(), ids=BAD_IMAGES)
def test_images_that_are_none(tmp_path: Path, fake: Make, name: str, data: bytes, reason: str) -> None:
    program = fake()
    with pytest.raises(Unreadable) as error:
        read_issue(written(tmp_path, data, name), OCR)
    assert reason in str(error.value)
    assert program.calls == []


def test_a_tiff_that_never_ends_is_read_once(tmp_path: Path, fake: Make) -> None:
    program = fake()
    read_issue(written(tmp_path, ring(), "a.tif"), OCR)
    assert len(program.calls) == 1


def test_images_in_folders_are_documents_only_with_ocr(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("Water", "utf-8")
    written(tmp_path, image_bytes("PNG"), "b.png")
    assert [place.name for place in find_documents([tmp_path])] == ["a.txt"]
    assert [place.name for place in find_documents([tmp_path], OCR)] == ["a.txt", "b.png"]


def test_a_large_page_is_drawn_coarser() -> None:
    stream = io.BytesIO()
    Image.new("L", (100, 100), 90).save(stream, "PDF", resolution=1)
    drawn = draw_page(stream.getvalue(), replace(OCR, ocr_dpi=1200), 1)
    width, height = map(int, drawn.image.split(b" ", 3)[1:3])
    assert 30e6 < width * height <= 41e6
    assert len(drawn.image) == width * height + len(b"P5 %d %d 255\n" % (width, height))


def texts(said: str) -> list[str]:
    return [line.text for line in lines_from(said, None, 842.0)]


def columns() -> str:
    right = answer(["оңға", "сол жаққа"], left=600).split("\n", 2)[2].replace("\t1\t1\t", "\t1\t2\t")
    return answer(["солға", "тағы солға"]) + right


TSV: dict[str, tuple[str, list[str]]] = {
    "lines of a block": (answer(["көлдің суы", "өлшенді"]), ["көлдің суы", "өлшенді"]),
    "blocks apart": (answer(["көлдің"], ["суы"]), ["көлдің", "", "суы"]),
    "columns in Tesseract's order": (columns(), ["солға", "тағы солға", "", "оңға", "сол жаққа"]),
    "blank words": (answer(["көлдің   суы"]), ["көлдің суы"]),
    "no words": (answer([" "]), []),
    "line ends of Windows": (answer(["көл", "су"]).replace("\n", "\r\n"), ["көл", "су"]),
    "rows of other lengths": (answer(["көл"]) + "5\t1\n\n", ["көл"]),
    "nothing": ("", []),
}


@pytest.mark.parametrize(("said", "lines"), TSV.values(), ids=TSV)
def test_answers(said: str, lines: list[str]) -> None:
    assert texts(said) == lines


def row(*lefts: int) -> str:
    head = answer([""]).split("\n")[:4]
    words = [f"5\t1\t1\t1\t1\t{k}\t{left}\t100\t40\t24\t90\tw{k}" for k, left in enumerate(lefts)]
    return "\n".join((*head, "4\t1\t1\t1\t1\t0\t100\t100\t800\t24\t-1\t", *words))


def test_cells_are_apart_and_stretched_lines_are_not() -> None:
    assert texts(row(100, 150, 400, 450)) == [f"w0 w1{BLANKS}w2 w3"]
    assert texts(row(100, 240, 380, 520)) == ["w0 w1 w2 w3"]


def test_boxes_are_in_points_upwards() -> None:
    first, second = lines_from(answer(["көл су", "тұз"]), 0.5, 700.0)
    assert isinstance(first, Recognised)
    assert (first.left, first.top, first.bottom) == (50.0, 650.0, 638.0)
    assert first.confidences == (0.9, 0.9)
    assert second.top < first.bottom


MIXUPS = {
    "САРЫШОҚЫ TAY ӨҢІРІНДЕ": "САРЫШОҚЫ ТАУ ӨҢІРІНДЕ",
    "VOLUNTEERING ОҒ STUDENTS АТ А MARKET": "VOLUNTEERING OF STUDENTS AT A MARKET",
    "Измерения проводились B марте - апреле": "Измерения проводились В марте – апреле",
    "Вестник. Ne2, Ne 14": "Вестник. №2, № 14",
    "содержание CO2 и NaCl при x = 5": "содержание CO2 и NaCl при x = 5",
    "онлайн-сауалнама, кері байланыс": "онлайн-сауалнама, кері байланыс",
    "Bulletin of Арна, Neon": "Bulletin of Арна, Neon",
    "": "",
}


@pytest.mark.parametrize(("line", "right"), MIXUPS.items())
def test_mixups(line: str, right: str) -> None:
    assert unmixed(line) == right


def test_confidence_is_of_the_words_read() -> None:
    lines = ("Аннотация", *ABSTRACT, "Ключевые слова: озеро, рыба")
    issue = Issue("a", "a.pdf", "", "pdf", lines, (1,), recognised={2: (0.5, 0.7), 6: (0.6,), 99: (0.1,)}, recogniser="T")
    (article,) = extract(issue, OCR, lambda texts: lambda i, j: 0.0).articles
    assert article.versions["ru"].ocr == pytest.approx(0.6)


HAVE = shutil.which("tesseract") is not None
REAL = pytest.mark.skipif(not HAVE, reason="no Tesseract on this machine")


def drawn(angle: int = 0) -> bytes:
    """Returns a PDF of one image of the abstract, turned."""
    pytest.importorskip("reportlab")
    from test_readers_pdf import FONT, all_of, column, pdf

    if FONT is None:
        pytest.skip("no DejaVuSans.ttf")
    import pypdfium2 as pdfium

    def large(canvas: Any) -> None:
        canvas.setFont("sans", 12)
        for k, line in enumerate(("О ВОДЕ СТЕПНОГО ОЗЕРА", "", "Аннотация", "", *ABSTRACT, "", "Ключевые слова: озеро, рыба")):
            canvas.drawString(70, 700 - 18 * k, line)

    page = pdfium.PdfDocument(pdf(all_of(large, column(70, [])))).get_page(0)
    stream = io.BytesIO()
    page.render(scale=300 / 72, grayscale=True).to_pil().rotate(angle, expand=True).save(stream, "PDF", resolution=300)
    return stream.getvalue()


@REAL
@pytest.mark.parametrize("angle", [0, 180])
def test_tesseract_reads_a_scan(tmp_path: Path, angle: int) -> None:
    try:
        engine = find_engine("kaz+rus+eng")
    except KzalignError as error:
        pytest.skip(str(error))
    if angle and not engine.turns:
        pytest.skip("Tesseract has no osd")
    (document,) = run([written(tmp_path, drawn(angle))], replace(OCR, ocr_seconds=600.0))
    (article,) = document.articles
    version = article.versions["ru"]
    assert version.ocr is not None
    assert version.ocr > 0.8
    assert "соленость растет" in version.abstract
    assert version.title == "О ВОДЕ СТЕПНОГО ОЗЕРА"
