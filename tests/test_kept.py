"""Runs that were stopped go on: what documents gave is taken as it was, and only where nothing it depends on has changed."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from kzalign import kept as keeping
from kzalign import pipeline
from kzalign.cli import app
from kzalign.config import Config
from kzalign.console import fail_clearly
from kzalign.extract.readers import find_documents
from kzalign.kept import Document, Kept
from kzalign.pipeline import kept_beside, process
from kzalign.records import Reject

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted((ROOT / "examples").glob("*.*"))
DOCUMENTS = [*EXAMPLES, *sorted((ROOT / "tests" / "documents").glob("*.*"))[::12]]


@dataclass
class Read:
    """The ids of the documents that were read, in order, and after how many the user presses Ctrl-C."""

    ids: list[str] = field(default_factory=list)
    patience: int = 1000


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch) -> Read:
    """Watches what is read."""
    found = Read()

    def watched(path: Path, issue_id: str, config: Config, aligned: bool) -> Document:
        if len(found.ids) == found.patience:
            raise KeyboardInterrupt
        found.ids.append(issue_id)
        return process(path, issue_id, config, aligned)

    monkeypatch.setattr(pipeline, "process", watched)
    return found


def run(*arguments: object) -> int:
    """Runs kzalign in this process and returns its exit code."""
    before = signal.getsignal(signal.SIGTERM), signal.getsignal(signal.SIGINT)
    try:
        return fail_clearly(lambda: app([str(a) for a in arguments], prog_name="kzalign"))
    finally:
        signal.signal(signal.SIGTERM, before[0])
        signal.signal(signal.SIGINT, before[1])


def bytes_in(path: Path) -> dict[str, bytes]:
    """Returns the bytes of a file and its rejects, or of all files of a folder."""
    files = [found for found in path.rglob("*") if found.is_file()] or [*path.parent.glob(f"{path.name}*")]
    return {found.relative_to(path.parent).as_posix(): found.read_bytes() for found in files}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Four documents, one of which cannot be read."""
    made = tmp_path / "documents"
    made.mkdir()
    for name, source in zip(("a", "b", "c"), (*EXAMPLES, DOCUMENTS[-1]), strict=False):
        shutil.copyfile(source, made / f"{name}{source.suffix}")
    (made / "bad.txt").write_bytes(b"")
    return made


@pytest.mark.parametrize("source", DOCUMENTS, ids=lambda path: path.name)
@pytest.mark.parametrize("aligned", [False, True])
def test_a_document_comes_back_the_very_same(tmp_path: Path, source: Path, aligned: bool) -> None:
    kept = Kept(tmp_path / "out", [])
    made = process(source, "id", Config(), aligned)
    kept.put("key", made)
    again = kept.get("key")
    assert again == made
    assert again is not None
    assert json.dumps([a.to_json() for a in again.articles]) == json.dumps([a.to_json() for a in made.articles])
    orders = [[(list(a.versions), list(a.alignment), list(a.source)) for a in d.articles] for d in (again, made)]
    assert orders[0] == orders[1]
    assert (kept.get("other key"), kept.count()) == (None, 1)


@pytest.mark.parametrize(("command", "output"), [("extract", "out.jsonl"), ("build", "corpus")])
def test_a_run_that_was_stopped_goes_on_and_gives_the_same(
    folder: Path, tmp_path: Path, command: str, output: str, read: Read, capsys: pytest.CaptureFixture[str]
) -> None:
    whole, out = tmp_path / "whole" / output, tmp_path / output
    kept = tmp_path / f"{output}.kept"
    assert run(command, folder, "-o", whole, "-j", 1) == 0
    assert read.ids == ["a", "b", "bad", "c"]

    read.ids, read.patience = [], 3
    capsys.readouterr()
    assert run(command, folder, "-o", out, "-j", 1) == 130
    said = f"stopped: what 2 documents gave is in {kept}; the same command goes on from there"
    assert capsys.readouterr().err.splitlines()[-1] == said
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(output)] == [kept.name]

    read.ids, read.patience = [], 1000
    assert run(command, folder, "-o", out, "-j", 1) == 0
    assert f"going on: what 2 documents gave an earlier run is in {kept}\n" in capsys.readouterr().err
    assert read.ids == ["bad", "c"]
    assert bytes_in(out) == bytes_in(whole)
    assert not kept.exists()


def touch(folder: Path) -> None:
    """Changes a document's time alone."""
    os.utime(folder / "a.txt", (1, 1))


def write(folder: Path) -> None:
    """Changes a document's text."""
    (folder / "a.txt").write_bytes((folder / "a.txt").read_bytes() + b"\n")


def name_twice(folder: Path) -> None:
    """Adds a document of the same name, in a folder."""
    (folder / "more").mkdir()
    shutil.copyfile(EXAMPLES[-1], folder / "more" / "a.txt")


def damage(folder: Path) -> None:
    """Cuts off what is kept of each document."""
    for path in folder.parent.glob("out.jsonl.kept/*/*.json"):
        path.write_bytes(path.read_bytes()[:-30])


def nothing(folder: Path) -> None:
    """Changes nothing."""


CHANGES: dict[str, tuple[Callable[[Path], None], list[str], list[str]]] = {
    "nothing": (nothing, [], []),
    "a document's time": (touch, [], ["a"]),
    "a document's text": (write, [], ["a"]),
    "another document of its name": (name_twice, [], ["more-a"]),
    "what is kept": (damage, [], ["a", "b", "c"]),
    "a setting of extraction": (nothing, ["--set", "extract.min_chars=81"], ["a", "b", "c"]),
    "a setting of the corpus": (nothing, ["--set", "build.test=0.3"], []),
    "how much is read": (nothing, ["--limit", "1"], []),
}


@pytest.mark.parametrize(("change", "options", "again"), CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_read_anew(
    folder: Path, tmp_path: Path, read: Read, change: Callable[[Path], None], options: list[str], again: list[str]
) -> None:
    (folder / "bad.txt").unlink()
    read.patience = 3
    (folder / "d.txt").write_bytes(b"x\n" * 400)
    assert run("extract", folder, "-o", tmp_path / "out.jsonl", "-j", 1) == 130
    change(folder)
    read.ids, read.patience = [], 1000
    assert run("extract", folder, "-o", tmp_path / "out.jsonl", "-j", 1, *options) == 0
    assert [name for name in read.ids if name != "d"] == again


def test_another_state_of_the_program_or_of_a_lexicon_finds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = tmp_path / "words.tsv"
    words.write_text("kk\tru\tsource\nсу\tвода\tmine\n", encoding="utf-8")
    config = replace(Config(), align=replace(Config().align, lexicons=(str(words),)))
    document = Document({"id": "a"}, (), (Reject("read", "a", "reason", {}),))

    def beside() -> Kept:
        return kept_beside(tmp_path / "out", config, True)

    beside().put("key", document)
    assert beside().get("key") == document
    assert kept_beside(tmp_path / "out", config, False).get("key") is None
    words.write_text(words.read_text(encoding="utf-8") + "жер\tземля\tmine\n", encoding="utf-8")
    assert beside().get("key") is None
    beside().put("key", document)
    monkeypatch.setattr(keeping, "state_of", lambda path: [1, 2])
    assert beside().get("key") is None


def test_where_nothing_can_be_kept_the_run_goes_on(tmp_path: Path) -> None:
    (tmp_path / "out.jsonl.kept").write_text("a file in its place", encoding="utf-8")
    assert run("extract", EXAMPLES[0], "-o", tmp_path / "out.jsonl", "-j", 1) == 0
    assert (tmp_path / "out.jsonl").is_file()


def test_what_a_user_has_in_its_place_stays(tmp_path: Path) -> None:
    theirs = tmp_path / "out.jsonl.kept" / "letters" / "a.txt"
    theirs.parent.mkdir(parents=True)
    theirs.write_text("dear", encoding="utf-8")
    assert run("extract", EXAMPLES[0], "-o", tmp_path / "out.jsonl", "-j", 1) == 0
    assert [path.relative_to(tmp_path).as_posix() for path in (tmp_path / "out.jsonl.kept").rglob("*")] == [
        "out.jsonl.kept/letters",
        "out.jsonl.kept/letters/a.txt",
    ]


def test_what_is_kept_in_a_folder_that_is_read_is_no_document(folder: Path) -> None:
    Kept(folder / "out.jsonl", []).put("key", Document({}, (), ()))
    assert list(folder.glob("out.jsonl.kept/*/*.json"))
    assert len(find_documents([folder])) == 4


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
def test_a_run_that_was_killed_goes_on(tmp_path: Path) -> None:
    folder, kept = tmp_path / "documents", tmp_path / "out.jsonl.kept"
    folder.mkdir()
    for number in range(60):
        (folder / f"{number}.txt").write_bytes(EXAMPLES[0].read_bytes() + f"\n{number}\n".encode())
    command = [sys.executable, "-m", "kzalign", "extract", "documents", "-j", "2", "-o"]
    env = os.environ | {"PYTHONPATH": str(ROOT)}
    running = subprocess.Popen([*command, "out.jsonl"], cwd=tmp_path, env=env, start_new_session=True)
    deadline = time.monotonic() + 300
    while len(list(kept.glob("*/*.json"))) < 5:
        assert running.poll() is None and time.monotonic() < deadline
        time.sleep(0.01)
    os.killpg(running.pid, signal.SIGKILL)
    running.wait()
    again = subprocess.run([*command, "out.jsonl"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    whole = subprocess.run([*command, "whole.jsonl"], cwd=tmp_path, env=env, capture_output=True, text=True, check=True)
    assert "going on: what " in again.stderr
    assert "going on" not in whole.stderr
    assert (tmp_path / "out.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    assert sorted(path.name for path in tmp_path.iterdir()) == sorted(
        ["documents", *(f"{name}.jsonl{more}" for name in ("out", "whole") for more in ("", ".rejects.jsonl"))]
    )
