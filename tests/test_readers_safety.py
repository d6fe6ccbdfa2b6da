"""Documents that attack or break their reader: named with a reason, and the run goes on."""

import io
import os
import signal
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers import READERS, apart, find_documents, read_issue
from kzalign.extract.readers.apart import read_apart
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.markup import parse_xml, text_of
from kzalign.pipeline import process_all

TEXT = "Көлдің суы өлшенді."


def hangs(data: bytes, config: ExtractConfig) -> Content:
    time.sleep(60)
    return Content("", ())


def swells(data: bytes, config: ExtractConfig) -> Content:
    return Content(str(len(bytearray(400_000_000))), ())


def dies(data: bytes, config: ExtractConfig) -> Content:
    os._exit(11)


def nests(data: bytes, config: ExtractConfig) -> Content:
    return nests(data, config)


def refuses(data: bytes, config: ExtractConfig) -> Content:
    raise ValueError("is no lake")


def reads(data: bytes, config: ExtractConfig) -> Content:
    return Content("utf-8", (data.decode(),))


LIMITS = ExtractConfig(max_seconds=0.3, max_memory_megabytes=200)
BROKEN = {
    hangs: "not read within extract.max_seconds = 0.3",
    swells: "needs more memory than extract.max_memory_megabytes = 200",
    dies: "its reader died (exit code 11)",
    nests: "nested too deep",
    refuses: "is no lake",
}


@pytest.mark.parametrize("reader", BROKEN, ids=lambda reader: reader.__name__)
def test_a_reader_that_breaks_harms_nothing_else(reader: Callable[[bytes, ExtractConfig], Content]) -> None:
    with pytest.raises(Unreadable) as error:
        read_apart(reader, b"", LIMITS)
    assert BROKEN[reader] in str(error.value)
    assert read_apart(reads, TEXT.encode(), LIMITS).lines == (TEXT,)


def test_an_interrupt_does_not_reach_the_reading_process() -> None:
    """It is sent to all processes of a terminal; the one that owns the reader answers."""
    read_apart(reads, TEXT.encode(), LIMITS)
    server = apart._server
    assert server is not None
    assert server.process.pid is not None
    os.kill(server.process.pid, signal.SIGINT)
    assert read_apart(reads, TEXT.encode(), LIMITS).lines == (TEXT,)
    assert apart._server is server


def archive(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as stream:
        for name, data in files.items():
            stream.writestr(name, data)
    return path


def reasons(paths: list[Path], config: ExtractConfig | None = None) -> dict[str, str]:
    config = config or ExtractConfig()
    documents = process_all(find_documents(paths, config), Config(extract=config), False, 1)
    return {d.entry["file"]: "; ".join(r.reason for r in d.rejects if r.stage == "read") for d in documents}


def test_an_archive_is_a_folder(tmp_path: Path) -> None:
    inner = {"b/көл.txt": TEXT.encode(), "a.md": b"# Lake\n\nWater.", "b/photo.png": b"x", "__MACOSX/._a.md": b"x"}
    path = archive(tmp_path / "issues.zip", inner)
    found = find_documents([path])
    assert [place.name for place in found] == ["issues.zip/a.md", "issues.zip/b/көл.txt"]
    assert read_issue(found[1], ExtractConfig()).lines == (TEXT,)
    (tmp_path / "c.txt").write_text("Other text", encoding="utf-8")
    assert reasons([tmp_path]) == {"c.txt": "", "issues.zip/a.md": "", "issues.zip/b/көл.txt": ""}


def test_members_that_are_refused_are_named(tmp_path: Path) -> None:
    link = zipfile.ZipInfo("link.txt")
    link.external_attr = 0o120777 << 16
    path = archive(
        tmp_path / "x.zip", {"../up.txt": b"t", "/etc/a.txt": b"t", "C:/b.txt": b"t", "in.zip": b"PK", "ok.txt": b"Water"}
    )
    with zipfile.ZipFile(path, "a") as stream:
        stream.writestr(link, "/etc/passwd")
    outside = "its name leads out of the archive"
    assert reasons([path]) == {
        "x.zip/../up.txt": outside,
        "x.zip//etc/a.txt": outside,
        "x.zip/C:/b.txt": outside,
        "x.zip/in.zip": "an archive within an archive: unpack it first",
        "x.zip/link.txt": "a link, not a file",
        "x.zip/ok.txt": "",
    }


def cut_short(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-30])


def damaged(path: Path) -> None:
    data = bytearray(path.read_bytes())
    data[45:60] = bytes(15)
    path.write_bytes(data)


ARCHIVES: dict[str, tuple[dict[str, bytes], ExtractConfig, Callable[[Path], None], str]] = {
    "a bomb": (
        {"a.txt": bytes(3_000_000)},
        ExtractConfig(max_unpacked_megabytes=1),
        lambda p: None,
        "more than extract.max_unpacked",
    ),
    "a large member": (
        {"a.txt": bytes(3_000_000)},
        ExtractConfig(max_megabytes=1),
        lambda p: None,
        "more than extract.max_megabytes",
    ),
    "many members": (
        {f"{k}.txt": b"a" for k in range(9)},
        ExtractConfig(max_members=8),
        lambda p: None,
        "9 files in it, more than",
    ),
    "no documents": ({"a.png": b"a"}, ExtractConfig(), lambda p: None, "no document in it"),
    "cut short": ({"a.txt": b"a"}, ExtractConfig(), cut_short, "cannot be opened"),
    "damaged": ({"a.txt": os.urandom(300)}, ExtractConfig(), damaged, "cannot be unpacked"),
}


@pytest.mark.parametrize(("files", "config", "change", "reason"), ARCHIVES.values(), ids=ARCHIVES)
def test_archives_that_are_refused(
    tmp_path: Path, files: dict[str, bytes], config: ExtractConfig, change: Callable[[Path], None], reason: str
) -> None:
    path = archive(tmp_path / "x.zip", files)
    change(path)
    (said,) = reasons([path], config).values()
    assert reason in said


def docx(xml: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("word/document.xml", xml)
    return stream.getvalue()


JATS = (
    "<article><front><article-meta><title-group><article-title>{}</article-title></title-group></article-meta></front></article>"
)
LAUGHS = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>' + JATS.format("&b;")
OUTSIDE = '<!DOCTYPE a [<!ENTITY a SYSTEM "file:///etc/hostname">]>' + JATS.format("&a;")
FILES: dict[str, tuple[str, bytes, str]] = {
    "a DOCX that is no zip": ("a.docx", b"hello", "not a DOCX, or cut short"),
    "a DOCX without text": ("a.docx", docx(b"").replace(b"document", b"dokument"), "no word/document.xml in it"),
    "a DOCX that is a bomb": ("a.docx", docx(bytes(3_000_000)), "larger than extract.max_unpacked_megabytes = 2"),
    "a DOCX with entities": ("a.docx", docx(LAUGHS.encode()), "declares entities"),
    "an ODT that is a DOCX": ("a.odt", docx(b"<a/>"), "no content.xml in it"),
    "entities": ("a.xml", LAUGHS.encode(), "declares entities"),
    "entities in UTF-16": ("a.xml", LAUGHS.encode("utf-16"), "declares entities"),
    "a file named by an entity": ("a.xml", OUTSIDE.encode(), "declares entities"),
    "broken XML": ("a.xml", b"<a><b></a>", "broken XML"),
    "other XML": ("a.xml", b"<lake/>", "not known here (<lake>)"),
    "XML nested deep": ("a.xml", b"<a>" * 5000, "broken XML"),
    "JSON lines that are none": ("a.jsonl", b'{"title": "a"}\n{', "line 2 is not JSON"),
    "JSON lines of numbers": ("a.jsonl", b"1", "line 1 is no JSON object"),
    "JSON nested deep": ("a.jsonl", b"[" * 100_000, "nested too deep"),
    "articles of kzalign": ("a.jsonl", b'{"id": "a", "issue_id": "b", "versions": {}}', "articles that kzalign wrote"),
    "a table without abstracts": ("a.csv", b"x,y\n1,2", "no column with abstracts (title, abstract, abstract_kk …) among x, y"),
    "broken Parquet": ("a.parquet", b"PAR1", "broken Parquet"),
    "an empty page": ("a.html", b" ", "no HTML"),
    "an empty thesis": ("a.tex", b"% nothing", "empty"),
    "another suffix": ("a.rtf", b"text", "no reader for '.rtf' files"),
    "an old Word file": ("a.doc", b"\xd0\xcf\x11\xe0", ".zip, hf://datasets/OWNER/NAME[@REVISION][/CONFIG]; save it as .docx"),
    "an empty PDF": ("a.pdf", b"", "an empty file"),
    "an empty DOCX": ("a.DOCX", b"", "an empty file"),
    "a JPEG for a PDF": ("a.pdf", b"\xff\xd8\xff\xe0\0\x10JFIF", "a JPEG image, not a PDF"),
    "a PNG for a PDF": ("a.PDF", b"\x89PNG\r\n\x1a\n\0", "a PNG image, not a PDF"),
    "a page of a shop for a PDF": ("a.pdf", b"\xef\xbb\xbf\n<!DOCTYPE html><title>Buy", "a web page, not a PDF"),
    "a DOCX for a PDF": ("a.pdf", docx(b"<a/>"), "a zip archive (DOCX, ODT, EPUB …), not a PDF"),
    "a locked or old Word file for a DOCX": ("a.docx", b"\xd0\xcf\x11\xe0", "an old or encrypted Office file, not a DOCX"),
    "a PDF for a DOCX": ("a.docx", b"%PDF-1.7", "a PDF, not a DOCX"),
    "a PDF for a page": ("a.html", b"%PDF-1.7\n%\xe2\xe3", "a PDF, not"),
    "a JPEG for a PNG": ("a.png", b"\xff\xd8\xff\xe0", "a JPEG image, not a PNG image"),
    "rejects of kzalign": (
        "a.rejects.jsonl",
        b'{"stage": "read", "id": "a", "reason": "empty", "record": {}}',
        "rejects that kzalign wrote, not a document",
    ),
    "rejects under another name": (
        "a.jsonl",
        b'\n{"stage":"x","id":"a","reason":"b","record":null}\n',
        "rejects that kzalign wrote",
    ),
    "no rejects": ("a.jsonl.rejects.jsonl", b"", "rejects that kzalign wrote, not a document"),
}


@pytest.mark.parametrize(("name", "data", "reason"), FILES.values(), ids=FILES)
def test_files_that_are_refused(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(Unreadable) as error:
        read_issue(tmp_path / name, ExtractConfig(max_unpacked_megabytes=2))
    assert reason in str(error.value)


PROSE = "Вода озера и ее соленость исследуются в статье, измерения велись в течение двух лет. " * 9
HURT = f"Көл суы{PROSE}".encode() + b"\xff\xfe " + PROSE.encode()
DAMAGED = {
    "text": ("a.txt", HURT),
    "Markdown": ("a.md", HURT),
    "a page": ("a.html", b"<html><body><p>" + HURT + b"</p></body></html>"),
    "an article's page": ("a.html", b'<meta name="DC.Description" content="' + HURT + b'">'),
    "LaTeX": ("a.tex", b"\\begin{document}" + HURT + b"\\end{document}"),
    "LaTeX with an abstract": ("a.tex", b"\\begin{abstract}" + HURT + b"\\end{abstract}"),
    "a table": ("a.csv", b"abstract\n" + HURT),
    "JSON lines": ("a.jsonl", b'{"abstract": "' + HURT + b'"}'),
}


@pytest.mark.parametrize(("name", "data"), DAMAGED.values(), ids=DAMAGED)
def test_bad_bytes_are_counted_and_what_is_around_them_is_read(tmp_path: Path, name: str, data: bytes) -> None:
    (tmp_path / name).write_bytes(data)
    issue = read_issue(tmp_path / name, ExtractConfig())
    text = "\n".join(issue.lines)
    assert (issue.encoding, issue.bad_bytes) == ("utf-8", 2)
    assert text.count("\ufffd") == 2 and text.count("Вода озера") == 18 and "Көл суы" in text


@pytest.mark.parametrize("suffix", sorted(READERS))
def test_noise_is_refused_or_read_in_any_format(tmp_path: Path, suffix: str) -> None:
    """Nothing but Unreadable is raised, whatever the bytes."""
    for k, data in enumerate(
        (b"\0" * 100, bytes(range(256)), b"PK\x03\x04", b"<", "{\n".encode("utf-16"), b"\\begin{abstract}{")
    ):
        path = tmp_path / f"{k}{suffix}"
        path.write_bytes(data)
        try:
            issue = read_issue(path, ExtractConfig())
        except Unreadable as error:
            assert str(error)
        else:
            assert any(issue.lines)


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    """A document type on the network is not needed; what it would name is known."""
    import socket

    def connect(*args: object) -> None:
        raise AssertionError("the network was asked")

    monkeypatch.setattr(socket.socket, "connect", connect)
    root = parse_xml(
        ('<!DOCTYPE article SYSTEM "http://127.0.0.1:9/jats.dtd">' + JATS.format("Lake&nbsp;water &amp; salt")).encode()
    )
    assert text_of(root) == "Lake water & salt"
