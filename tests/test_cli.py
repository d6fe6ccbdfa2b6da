"""The command line on good and bad input: one clear line, exit code 2, no traceback and no half output."""

import json
import os
import random
import re
import signal
import subprocess
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import typer

from kzalign import __version__
from kzalign.cli import app
from kzalign.console import fail_clearly
from kzalign.store import locked

ROOT = Path(__file__).resolve().parents[1]
DOCUMENT = ROOT / "examples" / "dala-jinagy.md"
SECOND = ROOT / "examples" / "arna-habarshysy.txt"
GOLD = ROOT / "examples" / "gold"
RUSSIAN = "Цель исследования состоит в том, чтобы описать, как семьи изменили потребление воды.\n"


@dataclass(frozen=True)
class Run:
    """How a command ended and what it printed."""

    code: int
    out: str
    err: str

    @property
    def error(self) -> str:
        """The error line; it must be one line and the last."""
        lines = [line for line in self.err.splitlines() if not line.startswith(("skipped ", "kept: "))]
        assert len(lines) == 1, self.err
        assert lines[0].startswith("error: ")
        return lines[0]


Kz = Callable[..., Run]


@pytest.fixture
def kz(capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Kz]:
    """Runs kzalign in this process, in an empty folder; a bug's exception fails the test."""
    before = signal.getsignal(signal.SIGTERM)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")

    def run(*arguments: object) -> Run:
        code = fail_clearly(lambda: app([str(a) for a in arguments], prog_name="kzalign"))
        return Run(code, *capsys.readouterr())

    yield run
    signal.signal(signal.SIGTERM, before)


def text_of(data: bytes) -> str:
    """Returns what a process printed, in UTF-8 or else in the encoding that one test asks for."""
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.decode("cp1251")


def process(*arguments: object, **options: Any) -> Run:
    """Runs kzalign in a process of its own."""
    env = os.environ | {"PYTHONPATH": str(ROOT), **options.pop("env", {})}
    command = [sys.executable, "-m", "kzalign", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=env, timeout=60, **options)
    return Run(done.returncode, text_of(done.stdout), text_of(done.stderr))


def here() -> list[str]:
    return sorted(path.name for path in Path.cwd().iterdir())


def rejects(folder: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / "rejects.jsonl").read_text(encoding="utf-8").splitlines()]


def read_rejects(folder: Path) -> list[tuple[str, str]]:
    return [(r["record"]["file"], r["reason"]) for r in rejects(folder) if r["stage"] == "read"]


def manifest(folder: Path) -> dict[str, Any]:
    return json.loads((folder / "manifest.json").read_text(encoding="utf-8"))  # type: ignore[no-any-return]


# Documents


BAD_DOCUMENTS = {
    # name, bytes, the reason
    "empty": ("bad.txt", b"", "empty"),
    "blank": ("bad.txt", b"\n  \n\t\n", "empty"),
    "a BOM alone": ("bad.txt", b"\xef\xbb\xbf", "empty"),
    "a UTF-16 BOM alone": ("bad.txt", b"\xff\xfe", "empty"),
    "binary": ("bad.txt", random.Random(1).randbytes(3000), r"is (in no encoding known here|neither UTF-8|binary)"),
    "cp866": ("bad.txt", RUSSIAN.encode("cp866"), r"is in no encoding known here \(not UTF-8 at byte 0"),
    "bad bytes": ("bad.txt", b"Abstract\n" + b"\xff" * 9 + RUSSIAN.encode(), r"not UTF-8 at byte 9"),
    "PDF": ("bad.txt", b"%PDF-1.7\n%\xe2\xe3", r"is a PDF, not text"),
    "DOCX": ("bad.md", b"PK\x03\x04\x14\x00", r"is a zip archive \(DOCX, XLSX, EPUB …\), not text"),
    "no reader": ("bad.rtf", b"{\\rtf1}", r"no reader for '\.rtf' files; readable: \.csv, \.docx, \.htm, \.html, "),
    "no suffix": ("bad", b"text", r"no reader for '' files"),
    "a very long line": ("bad.txt", ("Аннотация\n" + "вода " * 50_000).encode(), r"line 2 has 250000 characters, more than"),
    "a name with brackets": ("bad[final].txt", b"", "empty"),
}


@pytest.mark.parametrize(("name", "data", "reason"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_bad_document_alone(kz: Kz, name: str, data: bytes, reason: str) -> None:
    Path(name).write_bytes(data)
    for command, output in (("build", "corpus"), ("extract", "a.jsonl")):
        run = kz(command, name, "-o", output)
        assert run.code == 2
        assert re.search(rf"^skipped {re.escape(name)}: .*{reason}", run.err, re.M)
        assert "no article found" in run.error
        assert run.out == ""
        assert here() == [name]


@pytest.mark.parametrize(("name", "data", "reason"), BAD_DOCUMENTS.values(), ids=BAD_DOCUMENTS)
def test_a_bad_document_beside_good_ones(kz: Kz, name: str, data: bytes, reason: str) -> None:
    Path(name).write_bytes(data)
    run = kz("build", DOCUMENT, name, "-o", "corpus")
    assert run.code == 0
    [(file, said)] = read_rejects(Path("corpus"))
    assert file == name
    assert re.search(reason, said)
    entries = manifest(Path("corpus"))["inputs"]
    assert [entry["file"] for entry in entries] == [DOCUMENT.name, name]
    assert manifest(Path("corpus"))["articles"] == 3
    assert sum(manifest(Path("corpus"))["rejects"].values()) == len(rejects(Path("corpus")))


def test_a_document_over_the_limit(kz: Kz) -> None:
    run = kz("build", DOCUMENT, SECOND, "-o", "corpus", "--set", "extract.max_megabytes=0.03")
    assert run.code == 0
    [(file, said)] = read_rejects(Path("corpus"))
    assert file == SECOND.name
    found = re.search(r"([\d.]+) MB, more than extract\.max_megabytes = 0\.03", said)
    assert found
    assert float(found[1]) > 0.03


def test_an_unreadable_document(kz: Kz, monkeypatch: pytest.MonkeyPatch) -> None:
    Path("bad.txt").write_text("x")
    read = Path.read_bytes

    def deny(self: Path) -> bytes:
        if self.name == "bad.txt":
            raise PermissionError(13, "Permission denied", str(self))
        return read(self)

    monkeypatch.setattr(Path, "read_bytes", deny)
    assert kz("build", DOCUMENT, "bad.txt", "-o", "corpus").code == 0
    assert read_rejects(Path("corpus")) == [("bad.txt", "cannot be read: Permission denied")]


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="everything is readable to root")
def test_a_document_without_permission(kz: Kz) -> None:
    Path("bad.txt").write_text("x")
    Path("bad.txt").chmod(0)
    run = kz("build", "bad.txt", "-o", "corpus")
    assert run.code == 2
    assert "skipped bad.txt: cannot be read: Permission denied" in run.err


PATHS = {
    "missing": ("nope.txt", "nope.txt: no such file"),
    "missing folder": ("nope/", "nope: no such file"),
    "an empty folder": ("empty", "empty: a folder with no document in it that can be read (.csv, .docx, "),
    "a folder without documents": ("other", "other: a folder with no document in it"),
    "a pipe": ("pipe.txt", "pipe.txt: neither a file nor a folder"),
    "a broken link": ("link.txt", "link.txt: no such file"),
}


@pytest.mark.parametrize(("name", "said"), PATHS.values(), ids=PATHS)
def test_a_path_that_cannot_be_used(kz: Kz, name: str, said: str) -> None:
    Path("empty").mkdir()
    Path("other").mkdir()
    Path("other/a.rtf").write_bytes(b"{")
    os.mkfifo("pipe.txt")
    Path("link.txt").symlink_to("nowhere")
    before = here()
    run = kz("build", DOCUMENT, name, "-o", "corpus")
    assert run.code == 2
    assert said in run.error
    assert here() == before


def test_a_folder_of_documents(kz: Kz) -> None:
    Path("issues/2020").mkdir(parents=True)
    Path("issues/2020/b.MD").write_bytes(DOCUMENT.read_bytes())
    Path("issues/a.txt").write_bytes(SECOND.read_bytes())
    Path("issues/c.rtf").write_bytes(b"{")
    assert kz("build", "issues", "-o", "corpus").code == 0
    assert [entry["file"] for entry in manifest(Path("corpus"))["inputs"]] == ["2020/b.MD", "a.txt"]
    assert manifest(Path("corpus"))["articles"] == 7
    assert read_rejects(Path("corpus")) == [("c.rtf", "no reader for '.rtf' files")]


def library() -> None:
    """Makes a folder of what a library's disk holds."""
    text = SECOND.read_text(encoding="utf-8")
    for year in (2020, 2021):
        Path(f"lib/{year}").mkdir(parents=True)
        Path(f"lib/{year}/1.txt").write_text(f"{text}\n{year}\n", encoding="utf-8")
    Path("lib/whole.md").write_bytes(DOCUMENT.read_bytes())
    for name in ("a.doc", "b.DOC", "2020/c.djvu", "2021/d.xyz", "README", "page.png"):
        Path("lib", name).write_bytes(b"x")
    Path("lib/gone.pdf").symlink_to("nowhere")
    Path("lib/other").symlink_to("2020")
    os.mkfifo("lib/pipe.txt")
    Path("lib/.hidden").mkdir()
    for name in (".hidden/a.txt", ".b.txt", "out.jsonl.part", "out.jsonl.lock"):
        Path("lib", name).write_text("hidden", encoding="utf-8")
    with zipfile.ZipFile("lib/2021/v.zip", "w") as archive:
        archive.writestr("x/1.txt", f"{text}\nzip\n")
        archive.writestr("x/e.djvu", b"x")
        archive.writestr("x/bad.docx", b"x")
        archive.writestr(".f.txt", b"x")


FOLDER_REJECTS = {
    "2020/c.djvu": "no reader for '.djvu' files",
    "2021/d.xyz": "no reader for '.xyz' files",
    "2021/v.zip/x/bad.docx": "not a DOCX, or cut short: it is no whole zip",
    "2021/v.zip/x/e.djvu": "no reader for '.djvu' files",
    "README": "no reader for '' files",
    "a.doc": "no reader for '.doc' files",
    "b.DOC": "no reader for '.doc' files",
    "gone.pdf": "a link to nothing",
    "other": "a link to a folder, which is not followed: give that folder itself",
    "page.png": "an image: read with --ocr",
    "pipe.txt": "neither a file nor a folder",
}


def test_all_of_a_folder_is_read_or_a_reject(kz: Kz) -> None:
    library()
    run = kz("extract", "lib", "-o", "lib/out.jsonl")
    assert run.code == 0
    found = [json.loads(line) for line in Path("lib/out.jsonl.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert {r["record"]["file"]: r["reason"] for r in found if r["stage"] == "read"} == FOLDER_REJECTS
    told = run.err.splitlines()
    assert told[-2] == (
        "not read: 7 files of other formats (2 .djvu, 2 .doc, 1 .xyz, 1 without a suffix, 1 .png); the rejects name them"
    )
    assert len([line for line in told if line.startswith("skipped ")]) == 4
    first = Path("lib/out.jsonl").read_bytes()
    assert kz("extract", "lib", "-o", "lib/out.jsonl", "--force").err == run.err, "what it wrote is no input"
    assert Path("lib/out.jsonl").read_bytes() == first
    assert kz("build", "lib", "-o", "lib/corpus").code == 0
    own = {"out.jsonl": "articles that kzalign wrote, not a document: give it to `kzalign align` or alone to `kzalign build`"}
    own |= {"out.jsonl.rejects.jsonl": "rejects that kzalign wrote, not a document"}
    assert dict(read_rejects(Path("lib/corpus"))) == FOLDER_REJECTS | own
    assert manifest(Path("lib/corpus"))["rejects"]["no reader for '.doc' files"] == 2
    assert kz("build", "lib", "-o", "again").code == 0
    assert manifest(Path("again"))["inputs"] == manifest(Path("lib/corpus"))["inputs"], "a corpus is no input"


def test_a_folder_without_permission(kz: Kz, monkeypatch: pytest.MonkeyPatch) -> None:
    library()
    scan = os.scandir

    def deny(path: str) -> Any:
        if str(path) in denied:
            raise PermissionError(13, "Permission denied", str(path))
        return scan(path)

    monkeypatch.setattr(os, "scandir", deny)
    denied = {"lib/2020"}
    assert kz("build", "lib", "-o", "corpus").code == 0
    wanted = {file: reason for file, reason in FOLDER_REJECTS.items() if not file.startswith("2020/")}
    wanted |= {"2020": "a folder that cannot be read: Permission denied"}
    assert dict(read_rejects(Path("corpus"))) == wanted
    denied = {"lib"}
    run = kz("build", "lib", "-o", "other")
    assert run.code == 2
    assert run.error == "error: lib: cannot be read: Permission denied"


def test_documents_of_one_name_are_told_by_their_folders(kz: Kz) -> None:
    library()
    table = '[documents."{}"]\nlicence = "{}"\npublisher = "A house"\nurl = "https://example.org/"\n'
    licences = {"2020/1.txt": "cc-by-4.0", "2021/1.txt": "cc0-1.0", "2021/v.zip/*": "mit", "whole.md": "odbl"}
    Path("sources.toml").write_text("".join(table.format(*item) for item in licences.items()), encoding="utf-8")
    run = kz("build", "lib", "-o", "corpus", "--sources", "sources.toml")
    assert run.code == 0
    assert "is the source of no input" not in run.err
    entries = {entry["file"]: entry["id"] for entry in manifest(Path("corpus"))["inputs"] if "sha256" in entry}
    assert entries == {"2020/1.txt": "2020-1", "2021/1.txt": "2021-1", "2021/v.zip/x/1.txt": "2021-v-x-1", "whole.md": "whole"}
    sources = {issue: source["licence"] for issue, source in manifest(Path("corpus"))["sources"].items()}
    assert sources == {"2020-1": "cc-by-4.0", "2021-1": "cc0-1.0", "2021-v-x-1": "mit", "whole": "odbl"}
    assert all(f"| {file} |" in (Path("corpus") / "README.md").read_text(encoding="utf-8") for file in entries)
    Path("lib/2019").mkdir()
    Path("lib/2019/1.txt").write_bytes(SECOND.read_bytes())
    assert kz("build", "lib", "-o", "more").code == 0
    more = {entry["file"]: entry["id"] for entry in manifest(Path("more"))["inputs"] if "sha256" in entry}
    assert more == {"2019/1.txt": "2019-1", **entries}


def test_the_same_document_twice(kz: Kz) -> None:
    Path("copy.md").write_bytes(DOCUMENT.read_bytes())
    run = kz("build", DOCUMENT, DOCUMENT, "copy.md", "-o", "corpus")
    assert run.code == 0
    assert manifest(Path("corpus"))["articles"] == 3
    assert len(manifest(Path("corpus"))["inputs"]) == 3
    same = f"the same document as {DOCUMENT.name}"
    assert read_rejects(Path("corpus")) == [(DOCUMENT.name, same), ("copy.md", same)]
    assert run.err.splitlines() == [f"skipped {DOCUMENT.name}: {same}", f"skipped copy.md: {same}"]


def test_a_document_whose_line_ends_are_lost(kz: Kz) -> None:
    Path("one-line.txt").write_text(SECOND.read_text(encoding="utf-8").replace("\n", " "), encoding="utf-8")
    assert kz("build", DOCUMENT, "one-line.txt", "-o", "corpus").code == 0
    assert [entry["file"] for entry in manifest(Path("corpus"))["inputs"]] == [DOCUMENT.name, "one-line.txt"]


ENCODINGS = {"cp1251": "cp1251", "kz1048": "kz1048", "utf-16": "utf-16", "utf-16-le": "utf-16-le", "utf-16-be": "utf-16-be"}
ENCODINGS |= {"utf-8": "utf-8", "utf-8-sig": "utf-8-sig"}


@pytest.mark.parametrize(("written", "found"), ENCODINGS.items())
def test_encodings(kz: Kz, written: str, found: str) -> None:
    Path("issue.txt").write_bytes(SECOND.read_text(encoding="utf-8").encode(written, "ignore"))
    run = kz("build", "issue.txt", "-o", "corpus", "--json")
    assert run.code == 0
    [entry] = manifest(Path("corpus"))["inputs"]
    assert (entry["encoding"], entry["articles"], entry["versions"]) == (found, 4, 11)
    assert json.loads(run.out) == manifest(Path("corpus"))


@pytest.mark.parametrize("ends", ["\r\n", "\r"])
def test_line_ends_of_other_systems(kz: Kz, ends: str) -> None:
    Path("issue.md").write_bytes(DOCUMENT.read_text(encoding="utf-8").replace("\n", ends).encode())
    assert kz("extract", DOCUMENT, "-o", "a.jsonl").code == kz("extract", "issue.md", "-o", "b.jsonl").code == 0
    a, b = Path("a.jsonl").read_text(encoding="utf-8"), Path("b.jsonl").read_text(encoding="utf-8")
    assert a.replace(DOCUMENT.stem, "issue") == b


@pytest.mark.skipif(sys.platform != "linux", reason="names that are not Unicode exist on Linux only")
@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_a_name_that_is_not_unicode(kz: Kz, command: str, output: str) -> None:
    name = os.fsdecode("журнал.md".encode("cp1251"))
    Path(name).write_bytes(DOCUMENT.read_bytes())
    assert kz(command, name, "-o", output).code in (0, 2)
    assert not [path for path in here() if path.endswith(".part")]


# Outputs


def test_an_output_that_exists(kz: Kz) -> None:
    assert kz("build", DOCUMENT, "-o", "corpus").code == 0
    before = (Path("corpus") / "manifest.json").read_bytes()
    run = kz("build", SECOND, "-o", "corpus")
    assert run.code == 2
    assert run.error == "error: corpus exists: choose another output or give --force to replace it"
    assert (Path("corpus") / "manifest.json").read_bytes() == before
    assert kz("build", SECOND, "-o", "corpus", "--force").code == 0
    assert [entry["file"] for entry in manifest(Path("corpus"))["inputs"]] == [SECOND.name]
    assert here() == ["corpus"]


@pytest.mark.parametrize("taken", ["a.jsonl", "a.jsonl.rejects.jsonl"])
def test_an_output_file_that_exists(kz: Kz, taken: str) -> None:
    Path(taken).write_text("mine")
    run = kz("extract", DOCUMENT, "-o", "a.jsonl")
    assert run.code == 2
    assert run.error == f"error: {taken} exists: choose another output or give --force to replace it"
    assert here() == [taken]
    assert Path(taken).read_text() == "mine"
    assert kz("extract", DOCUMENT, "-o", "a.jsonl", "--force").code == 0
    assert here() == ["a.jsonl", "a.jsonl.rejects.jsonl"]


@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_an_output_that_another_process_writes(kz: Kz, command: str, output: str) -> None:
    Path(f"{output}.part").write_text("the other's")
    with locked(Path(output)):
        before = here()
        run = kz(command, DOCUMENT, "-o", output, "--force")
        assert run.code == 2
        assert run.error == f"error: {output}: process {os.getpid()} is writing it: wait for it, or choose another output"
        assert here() == before
        assert Path(f"{output}.part").read_text() == "the other's"


REPLACED = {
    # arguments, the input that its output would replace
    "extract": (["extract", "doc.md", "-o", "doc.md"], "doc.md"),
    "extract, spelt otherwise": (["extract", "doc.md", "-o", "../here/doc.md"], "doc.md"),
    "extract, a link": (["extract", "doc.md", "-o", "link.md"], "doc.md"),
    "extract from a link": (["extract", "link.md", "-o", "doc.md"], "link.md"),
    "extract, one of two": (["extract", str(SECOND), "doc.md", "-o", "doc.md"], "doc.md"),
    "extract, a document of the folder": (["extract", "lib", "-o", "lib/a.txt"], "lib/a.txt"),
    "extract, a file of the folder that has no reader": (["extract", "lib", "-o", "lib/old.doc"], "lib/old.doc"),
    "extract, rejects": (["extract", "lib", "-o", "lib/b"], "lib/b.rejects.jsonl"),
    "extract, the part": (["extract", "half.part", "-o", "half"], "half.part"),
    "extract, the settings": (["extract", "doc.md", "-o", "own.toml", "--config", "own.toml"], "own.toml"),
    "extract, an archive": (["extract", "v.zip", "-o", "v.zip"], "v.zip"),
    "align": (["align", "a.jsonl", "-o", "a.jsonl"], "a.jsonl"),
    "build, the folder": (["build", "made", "-o", "made"], "made"),
    "build, a file in it": (["build", "made/a.md", "-o", "made"], "made/a.md"),
    "build, the sources": (["build", "doc.md", "-o", "made", "--sources", "made/sources.toml"], "made/sources.toml"),
    "import of a lexicon": (["lexicon", "import", "pairs.tsv", "--langs", "kk", "ru", "-o", "pairs.tsv"], "pairs.tsv"),
    "learning a lexicon": (["lexicon", "learn", "pairs.tsv", "--langs", "kk", "ru", "-o", "pairs.tsv"], "pairs.tsv"),
}


@pytest.mark.parametrize("name", ["lib/out", "lib/out.jsonl", "lib/out.txt"])
def test_an_output_in_the_folder_that_is_read(kz: Kz, name: str) -> None:
    """The same command once more finds what it wrote, which is no input, whatever its name."""
    Path("lib").mkdir()
    Path("lib/a.md").write_bytes(DOCUMENT.read_bytes())
    for _ in range(2):
        run = kz("extract", "lib", "-o", name, "--force")
        assert (run.code, run.err) == (0, f"3 articles, 6 abstracts in {name}; 0 rejects in {name}.rejects.jsonl\n")


@pytest.mark.parametrize(("arguments", "replaced"), REPLACED.values(), ids=REPLACED)
def test_an_output_that_is_an_input(kz: Kz, arguments: list[str], replaced: str) -> None:
    Path("lib").mkdir()
    Path("made").mkdir()
    Path("made/manifest.json").write_text("{}")
    Path("made/sources.toml").write_text('[default]\nlicence = "mit"\npublisher = "A"\nurl = "https://example.org/"\n')
    for name in ("doc.md", "lib/a.txt", "half.part", "made/a.md", "lib/old.doc"):
        Path(name).write_bytes(DOCUMENT.read_bytes())
    Path("lib/b.rejects.jsonl").write_text('{"abstract": "a"}\n')
    Path("link.md").symlink_to("doc.md")
    Path("own.toml").write_text("[extract]\n")
    Path("pairs.tsv").write_text("су\tвода\n", encoding="utf-8")
    with zipfile.ZipFile("v.zip", "w") as archive:
        archive.writestr("a.md", DOCUMENT.read_bytes())
    assert kz("extract", DOCUMENT, "-o", "a.jsonl").code == 0
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    run = kz(*arguments, "--force")
    assert run.code == 2
    output = arguments[arguments.index("-o") + 1]
    written = f"{output}.rejects.jsonl" if replaced == f"{output}.rejects.jsonl" else output
    assert run.error == f"error: {written}: writing it would replace the input {replaced}: choose another output"
    assert {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()} == before


BAD_OUTPUTS = {
    # command, output, what is said
    "a foreign folder": ("build", "mine", "mine was not made by kzalign"),
    "a file for a folder": ("build", "file", "file was not made by kzalign"),
    "a folder for a file": ("extract", "mine", "mine"),
    "below a file": ("build", "file/corpus", "cannot be written"),
    "a file below a file": ("extract", "file/a.jsonl", "cannot be written"),
    "this folder": ("build", ".", "."),
    "this folder for a file": ("extract", ".", "."),
    "nothing": ("extract", "", ""),
}


@pytest.mark.parametrize(("command", "output", "said"), BAD_OUTPUTS.values(), ids=BAD_OUTPUTS)
def test_an_output_that_cannot_be(kz: Kz, command: str, output: str, said: str) -> None:
    Path("mine").mkdir()
    Path("mine/a").write_text("mine")
    Path("file").write_text("mine")
    run = kz(command, DOCUMENT, "-o", output, "--force")
    assert run.code == 2
    assert said in run.error
    assert here() == ["file", "mine"]
    assert Path("mine/a").read_text() == Path("file").read_text() == "mine"


def test_this_folder_when_it_is_empty(kz: Kz) -> None:
    assert kz("build", DOCUMENT, "-o", ".", "--force").code in (0, 2)


@pytest.mark.parametrize("name", ["corpus[v2]", "corpus[/v2]", "қазақ"])
def test_the_output_is_named_as_it_is(kz: Kz, name: str) -> None:
    run = kz("build", DOCUMENT, "-o", name)
    assert run.code == 0
    assert f"dataset  {name}" in run.out
    run = kz("extract", DOCUMENT, "-o", f"{name}.jsonl")
    assert run.code == 0
    assert f"in {name}.jsonl;" in run.err


def small_files_only() -> None:
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))


@pytest.mark.skipif(os.name == "nt", reason="needs setrlimit")
@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_a_file_that_cannot_grow(tmp_path: Path, command: str, output: str) -> None:
    run = process(command, SECOND, "-o", output, cwd=tmp_path, preexec_fn=small_files_only)
    assert run.code == 2
    assert "cannot be written" in run.error
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".kept"] == []


def mounted(folder: Path) -> bool:
    """Mounts a tiny disk at the folder, where this user may."""
    folder.mkdir()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "tmpfs", str(folder)], capture_output=True)
    except FileNotFoundError:
        return False
    return done.returncode == 0


@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_a_full_disk(kz: Kz, tmp_path: Path, command: str, output: str) -> None:
    disk = tmp_path / "disk"
    if not mounted(disk):
        pytest.skip("no small disk can be mounted here")
    try:
        run = kz(command, SECOND, "-o", disk / output)
        left = list(disk.iterdir())
    finally:
        subprocess.run(["umount", str(disk)], check=True)
    assert run.code == 2
    assert run.error.endswith("cannot be written: No space left on device; nothing half-written was left behind")
    assert [path for path in left if path.suffix != ".kept"] == []


FULL = {
    # arguments, whether Python keeps what is printed until there is more
    "a list": (["list", "filters"], True),
    "a list, line by line": (["list", "filters"], False),
    "help": (["--help"], True),
    "the version": (["--version"], True),
    "beads": (["align-lines", "a", "a", "--langs", "kk", "ru"], True),
    "a summary": (["build", str(DOCUMENT), "-o", "corpus"], True),
    "a summary, line by line": (["build", str(DOCUMENT), "-o", "corpus"], False),
    "a summary in JSON": (["build", str(DOCUMENT), "-o", "corpus", "--json"], True),
}


@pytest.mark.skipif(not Path("/dev/full").is_char_device(), reason="there is no /dev/full")
@pytest.mark.parametrize(("arguments", "kept"), FULL.values(), ids=FULL)
def test_standard_output_that_is_full(tmp_path: Path, arguments: list[str], kept: bool) -> None:
    (tmp_path / "a").write_text("Су бар.\n" * 3, encoding="utf-8")
    env = os.environ | {"PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "" if kept else "1"}
    with Path("/dev/full").open("wb") as out:
        command = [sys.executable, "-m", "kzalign", *arguments]
        done = subprocess.run(command, stdout=out, stderr=subprocess.PIPE, cwd=tmp_path, env=env, text=True, timeout=60)
    assert done.returncode == 2
    assert done.stderr == "error: standard output cannot be written: No space left on device\n"


def test_a_reader_that_has_gone(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("Су бар.\n" * 3, encoding="utf-8")
    read, write = os.pipe()
    os.close(read)
    command = [sys.executable, "-m", "kzalign", "align-lines", "a", "a", "--langs", "kk", "ru"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, stdout=write, stderr=subprocess.PIPE, cwd=tmp_path, env=env, text=True, timeout=60)
    os.close(write)
    assert done.returncode != 0
    assert done.stderr == ""


@pytest.mark.parametrize("encoding", ["cp1251", "ascii", "utf-8"])
@pytest.mark.parametrize("options", [["--json"], []], ids=["json", "table"])
def test_a_terminal_of_another_encoding(tmp_path: Path, encoding: str, options: list[str]) -> None:
    (tmp_path / "қазақ.md").write_bytes(DOCUMENT.read_bytes())
    run = process("build", "қазақ.md", "-o", "corpus", *options, cwd=tmp_path, env={"PYTHONIOENCODING": encoding})
    assert run.err == ""
    assert run.code == 0
    if options:
        assert json.loads(run.out) == manifest(tmp_path / "corpus")


# Ctrl-C


def test_bad_bytes_of_a_document_are_counted(kz: Kz) -> None:
    Path("a.txt").write_bytes(DOCUMENT.read_bytes() + b"\n\xff\xfe\n")
    assert kz("build", "a.txt", DOCUMENT, "-o", "corpus").code == 0
    assert [entry.get("bad_bytes") for entry in manifest(Path("corpus"))["inputs"]] == [2, None]


SIGNALS = {
    "Ctrl-C": (signal.SIGINT, True, ["-j", "1"]),
    "Ctrl-C with workers": (signal.SIGINT, True, ["-j", "2"]),
    "SIGINT to the parent alone": (signal.SIGINT, False, ["-j", "2"]),
    "SIGTERM": (signal.SIGTERM, True, ["-j", "2"]),
}


@pytest.mark.parametrize(("number", "group", "jobs"), SIGNALS.values(), ids=SIGNALS)
@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_stopped_in_the_middle(tmp_path: Path, command: str, output: str, number: int, group: bool, jobs: list[str]) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    text = SECOND.read_text(encoding="utf-8")
    for k in range(150):
        (documents / f"{k}.txt").write_text(f"{text}\n{k}\n", encoding="utf-8")
    arguments = [sys.executable, "-m", "kzalign", command, "documents", "-o", output, *jobs]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen(
        arguments, cwd=tmp_path, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True
    )
    try:
        deadline = time.monotonic() + 180
        while not (tmp_path / f"{output}.part").exists():
            assert running.poll() is None and time.monotonic() < deadline
            time.sleep(0.01)
        time.sleep(0.1)
        (os.killpg if group else os.kill)(running.pid, number)
        out, err = running.communicate(timeout=180)
    finally:
        running.kill()
    # CPython ends by the signal itself where it came inside an exec of text (a class made by a lazy import): 130 to a shell too
    assert running.returncode in (130, -signal.SIGINT)
    kept = len(list((tmp_path / f"{output}.kept").rglob("*.json")))
    told = f"what {kept} documents gave is in {output}.kept; the same command goes on from there"
    assert (out, err) == ("", f"stopped: {told if kept else 'nothing half-written was left behind'}\n")
    assert {path.name for path in tmp_path.iterdir()} == {"documents", *([f"{output}.kept"] if kept else [])}
    with pytest.raises(ProcessLookupError):
        os.killpg(running.pid, 0)


# JSON lines


@pytest.fixture(scope="module")
def aligned(tmp_path_factory: pytest.TempPathFactory) -> list[dict[str, Any]]:
    """The articles of a document, aligned."""
    folder = tmp_path_factory.mktemp("aligned")
    assert process("extract", DOCUMENT, "-o", "a.jsonl", cwd=folder).code == 0
    assert process("align", "a.jsonl", "-o", "b.jsonl", cwd=folder).code == 0
    return [json.loads(line) for line in (folder / "b.jsonl").read_text(encoding="utf-8").splitlines()]


BAD_LINES = {
    "not JSON": ("{", "x.jsonl:2: not JSON"),
    "cut short": ('{"id": "a", "issue_id": "i", "versions": {"kk"', "x.jsonl:2: not JSON"),
    "a list": ("[]", "x.jsonl:2: not an article"),
    "no versions": ('{"id": "a", "issue_id": "i"}', "x.jsonl:2: not an article: missing or wrong 'versions'"),
    "another language": ('{"id": "a", "issue_id": "i", "versions": {"de": {}}}', "language 'de' is not one of kk, ru, en"),
    "a bead past the sentences": (
        '{"id":"a","issue_id":"i","versions":{"kk":{"sentences":["Су."]},"ru":{"sentences":["А."]}},"alignment":{"kk-ru":[[[9],[0]]]}}',
        "x.jsonl:2: not an article",
    ),
    "an unknown pair": (
        '{"id":"a","issue_id":"i","versions":{"kk":{"sentences":["Су."]},"ru":{"sentences":["А."]}},"alignment":{"ru-kk":[[[0],[0]]]}}',
        "x.jsonl:2: not an article",
    ),
    "a title that is a number": ('{"id":"a","issue_id":"i","versions":{"kk":{"title":7}}}', "x.jsonl:2: not an article"),
}


@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("align", "y.jsonl")])
@pytest.mark.parametrize(("line", "said"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line(kz: Kz, aligned: list[dict[str, Any]], command: str, output: str, line: str, said: str) -> None:
    Path("x.jsonl").write_text(f"{json.dumps(aligned[0])}\n{line}\n", encoding="utf-8")
    run = kz(command, "x.jsonl", "-o", output)
    assert run.code == 2
    assert said in run.error
    assert here() == ["x.jsonl"]


LISTS = {
    "missing": (None, "x.jsonl: "),
    "empty": (b"", "no article found"),
    "not UTF-8": (b"\xff\xfe{}", "x.jsonl: cannot be read as JSON lines"),
}


@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("align", "y.jsonl")])
@pytest.mark.parametrize(("data", "said"), LISTS.values(), ids=LISTS)
def test_bad_json_lines(kz: Kz, command: str, output: str, data: bytes | None, said: str) -> None:
    if data is not None:
        Path("x.jsonl").write_bytes(data)
    before = here()
    run = kz(command, "x.jsonl", "-o", output)
    assert run.code == 2
    assert said in run.error
    assert here() == before


def test_json_lines_beside_documents(kz: Kz, aligned: list[dict[str, Any]]) -> None:
    Path("x.jsonl").write_text(json.dumps(aligned[0]) + "\n", encoding="utf-8")
    run = kz("build", "x.jsonl", DOCUMENT, "-o", "corpus")
    assert run.code == 2
    assert "build takes documents or one aligned.jsonl, not both" in run.error


def test_two_steps_are_one(kz: Kz, aligned: list[dict[str, Any]]) -> None:
    Path("x.jsonl").write_text("".join(json.dumps(a) + "\n" for a in aligned), encoding="utf-8")
    assert kz("build", "x.jsonl", "-o", "one").code == kz("build", DOCUMENT, "-o", "two").code == 0
    assert manifest(Path("one"))["rows"] == manifest(Path("two"))["rows"]


def test_two_steps_know_the_documents(kz: Kz, aligned: list[dict[str, Any]]) -> None:
    """A table of articles has no names of files: its documents are known by their ids, with sources and licences."""
    Path("x.jsonl").write_text("".join(json.dumps(a) + "\n" for a in aligned), encoding="utf-8")
    own = 'licence = "cc-by-4.0"\npublisher = "P"\nurl = "https://p.example"\n'
    Path("s.toml").write_text(f'[documents."{DOCUMENT.name}"]\n{own}', encoding="utf-8")
    run = kz("build", "x.jsonl", "-o", "one", "--sources", "s.toml")
    assert run.code == 0
    assert "source of no input" not in run.err
    made = manifest(Path("one"))
    assert [(entry["id"], entry["articles"]) for entry in made["inputs"]] == [(DOCUMENT.stem, len(aligned))]
    assert [source["licence"] for source in made["sources"].values()] == ["cc-by-4.0"]
    assert "license: cc-by-4.0" in (Path("one") / "README.md").read_text(encoding="utf-8").replace('"', "")


# Arguments


MISTAKES: dict[str, tuple[list[str], str]] = {
    "unknown section": (["--set", "bild.low_score=1"], "unknown section 'bild': did you mean 'build'?"),
    "unknown key": (["--set", "filters.alignmen=1"], "unknown key 'alignmen': did you mean 'alignment'?"),
    "not a number": (["--set", "filters.alignment=x"], "filters.alignment: 'x' is not a"),
    "missing configuration": (["--config", "nope.toml"], "nope.toml: cannot be read as a TOML configuration"),
}


@pytest.mark.parametrize(("options", "said"), MISTAKES.values(), ids=MISTAKES)
@pytest.mark.parametrize(("command", "output"), [("build", "corpus"), ("extract", "a.jsonl")])
def test_a_mistake_in_the_settings(kz: Kz, command: str, output: str, options: list[str], said: str) -> None:
    run = kz(command, DOCUMENT, "-o", output, *options)
    assert run.code == 2
    assert said in run.error
    assert here() == []


USAGE = {
    "no command": ([], ""),
    "unknown command": (["bild"], "Did you mean 'build'?"),
    "no documents": (["build", "-o", "corpus"], "Missing argument"),
    "no output": (["build", "a.txt"], "Missing option"),
    "unknown option": (["build", "a.txt", "-o", "corpus", "--forse"], "--force"),
    "a limit of nothing": (["build", "a.txt", "-o", "corpus", "--limit", "0"], "'--limit'"),
    "no workers": (["build", "a.txt", "-o", "corpus", "--jobs", "0"], "'--jobs'"),
    "one language": (["align-lines", "a", "b", "--langs", "kk"], "--langs"),
}


@pytest.mark.parametrize(("arguments", "said"), USAGE.values(), ids=USAGE)
def test_usage(kz: Kz, arguments: list[str], said: str) -> None:
    run = kz(*arguments)
    assert run.code == 2
    assert said in run.err
    assert here() == []


OTHERS = {
    "the threshold of a filter that is off": (
        ["corpus", "threshold", "--gold", ".", "--target-precision", "0.9", "--set", 'filters.skip=["alignment"]'],
        "filter 'alignment' is in filters.skip",
    ),
    "an unknown table": (["list", "aligner"], "unknown table 'aligner': did you mean 'aligners'?"),
    "an unknown aligner": (["build", str(DOCUMENT), "-o", "corpus", "--set", "align.aligner=lexicl"], "unknown aligner 'lexicl'"),
    "lines of a missing file": (["align-lines", "nope", "nope", "--langs", "kk", "ru"], "nope: no such file"),
    **{
        f"the code {code}": (["align-lines", "a", "b", "--langs", code, "de"], f"'{code}' is '{meant}' here")
        for code, meant in [
            ("kz", "kk"),
            ("kaz", "kk"),
            ("QAZ", "kk"),
            ("kk-KZ", "kk"),
            ("rus", "ru"),
            ("eng", "en"),
            ("EN", "en"),
        ]
    },
    "no gold": (["bench", "alignment", "--gold", "nope"], "nope: no *.json here"),
    "an unknown stress": (["bench", "alignment", "--gold", str(GOLD), "--stress", "delet=1"], "unknown stress key 'delet'"),
    "no articles to measure": (["bench", "extraction", "nope.jsonl", "--gold", str(GOLD)], "nope.jsonl: no such file"),
}


@pytest.mark.parametrize(("arguments", "said"), OTHERS.values(), ids=OTHERS)
def test_mistakes_of_other_commands(kz: Kz, arguments: list[str], said: str) -> None:
    run = kz(*arguments)
    assert run.code == 2
    assert said in run.error


def test_the_limit_counts_documents(kz: Kz) -> None:
    assert kz("build", DOCUMENT, SECOND, "-o", "corpus", "--limit", "1").code == 0
    assert manifest(Path("corpus"))["limit"] == 1
    assert "built with `--limit 1`, from the first documents only, 1 at most" in Path("corpus/README.md").read_text("utf-8")
    assert [entry["file"] for entry in manifest(Path("corpus"))["inputs"]] == [DOCUMENT.name]


def test_what_can_be_read_is_listed(kz: Kz) -> None:
    listed = kz("list", "readers").out.splitlines()
    assert {".txt", ".pdf", ".zip", ".png", "hf://datasets/OWNER/NAME[@REVISION][/CONFIG]"} < set(listed)


def test_json_of_extract_and_align(kz: Kz) -> None:
    run = kz("extract", DOCUMENT, "-o", "a.jsonl", "--json")
    assert json.loads(run.out).items() >= {"articles": 3, "versions": 6, "rejects": 0}.items()
    assert run.err == ""
    run = kz("align", "a.jsonl", "-o", "b.jsonl", "--json")
    assert json.loads(run.out)["articles"] == 3


def test_beads_on_standard_output(kz: Kz) -> None:
    Path("a").write_text("Су бар.\nЖол жоқ.\n", encoding="utf-8")
    Path("b").write_text("Вода есть.\nДороги нет.\n", encoding="utf-8")
    run = kz("align-lines", "a", "b", "--langs", "kk", "ru")
    assert run.code == 0
    assert all(re.fullmatch(r"\[[\d, ]*\]:\[[\d, ]*\]:[\d.]+", line) for line in run.out.splitlines())
    assert kz("align-lines", "a", "b", "--langs", "kk", "ru", "-o", "c").code == 0
    assert Path("c").read_text(encoding="utf-8") == run.out


def test_a_line_left_alone_claims_nothing(kz: Kz) -> None:
    Path("a").write_text("10\n20\n30\n40\n50\n", encoding="utf-8")
    Path("b").write_text("10\n20\n40\n50\n", encoding="utf-8")
    assert "[2]:[]:0.0" in kz("align-lines", "a", "b", "--langs", "kk", "en").out.splitlines()


def test_the_version(kz: Kz) -> None:
    assert kz("--version") == Run(0, f"kzalign {__version__}\n", "")


def commands(group: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Yields every command's name, and the root's, which is empty."""
    if not path:
        yield path
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, (*path, name))
        else:
            yield (*path, name)


@pytest.mark.parametrize("command", list(commands(typer.main.get_command(app))), ids=lambda path: " ".join(path) or "kzalign")
def test_help_has_an_example(kz: Kz, command: tuple[str, ...]) -> None:
    run = kz(*command, "--help")
    assert run.code == 0
    typed = " ".join(command).removesuffix(" translation")
    assert re.search(rf"Examples?: kzalign {typed}", " ".join(run.out.split()))


def test_a_bug_keeps_its_traceback() -> None:
    def bug() -> None:
        raise ZeroDivisionError

    before = signal.getsignal(signal.SIGTERM)
    with pytest.raises(ZeroDivisionError):
        fail_clearly(bug)
    signal.signal(signal.SIGTERM, before)
