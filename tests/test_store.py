"""Files and folders are whole or absent; what is foreign is not replaced; a failed write is one line."""

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import pytest

from kzalign import store
from kzalign.errors import KzalignError
from kzalign.records import Article, Reject, dumps
from kzalign.store import (
    MANIFEST,
    file_entry,
    read_articles,
    read_lines,
    read_rejects,
    whole_file,
    whole_files,
    whole_folder,
    write_json,
)

Whole = Callable[..., AbstractContextManager[Any]]
BOTH = pytest.mark.parametrize("whole", [whole_file, whole_folder])


class Bug(Exception):
    """What a bug inside the block raises."""


def put(target: Any, text: str = "new") -> None:
    """Writes as a stage does: to the stream, or to files in the folder with the manifest last."""
    if isinstance(target, Path):
        (target / "data").mkdir()
        (target / "data" / "a").write_text(text)
        (target / MANIFEST).write_text("{}")
    else:
        target.write(text)


def make(whole: Whole, path: Path, text: str) -> None:
    with whole(path) as target:
        put(target, text)


def tree(folder: Path) -> dict[str, str | None]:
    """Returns every path under the folder with a file's text."""
    return {str(p.relative_to(folder)): p.read_text() if p.is_file() else None for p in sorted(folder.rglob("*"))}


@BOTH
def test_a_block_that_ends_well(tmp_path: Path, whole: Whole) -> None:
    path = tmp_path / "deep" / "er" / "out"
    with whole(path) as target:
        put(target)
        assert not path.exists()
    assert [p.name for p in path.parent.iterdir()] == ["out"]


@BOTH
@pytest.mark.parametrize("error", [Bug, KzalignError, KeyboardInterrupt, SystemExit, GeneratorExit])
def test_a_block_that_fails_leaves_nothing(tmp_path: Path, whole: Whole, error: type[BaseException]) -> None:
    with pytest.raises(error), whole(tmp_path / "out") as target:
        put(target)
        raise error
    assert tree(tmp_path) == {}


@BOTH
def test_a_block_that_fails_leaves_no_parents(tmp_path: Path, whole: Whole) -> None:
    with pytest.raises(Bug), whole(tmp_path / "deep" / "er" / "out") as target:
        put(target)
        raise Bug
    assert tree(tmp_path) == {}


@BOTH
@pytest.mark.parametrize("error", [Bug, KeyboardInterrupt])
def test_a_block_that_fails_leaves_the_old(tmp_path: Path, whole: Whole, error: type[BaseException]) -> None:
    make(whole, tmp_path / "out", "old")
    before = tree(tmp_path)
    with pytest.raises(error), whole(tmp_path / "out", force=True) as target:
        put(target)
        raise error
    assert tree(tmp_path) == before


@BOTH
def test_what_exists_is_kept_without_force(tmp_path: Path, whole: Whole) -> None:
    make(whole, tmp_path / "out", "old")
    before = tree(tmp_path)
    with pytest.raises(KzalignError, match=r"out exists: .* --force"), whole(tmp_path / "out"):
        pytest.fail("the block must not begin")
    assert tree(tmp_path) == before


@BOTH
def test_what_exists_is_replaced_with_force(tmp_path: Path, whole: Whole) -> None:
    make(whole, tmp_path / "a", "new")
    make(whole, tmp_path / "out", "old")
    with whole(tmp_path / "out", force=True) as target:
        put(target)
    names = tree(tmp_path)
    assert {k.replace("a", "out", 1): v for k, v in names.items() if k.startswith("a")} == {
        k: v for k, v in names.items() if k.startswith("out")
    }
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a", "out"]


@BOTH
def test_a_left_over_part_is_no_obstacle(tmp_path: Path, whole: Whole) -> None:
    part = tmp_path / "out.part"
    if whole is whole_folder:
        part.mkdir()
        (part / "half").write_text("half")
    else:
        part.write_text("half")
    make(whole, tmp_path / "out", "new")
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    assert "half" not in str(tree(tmp_path))


@contextmanager
def two_files(path: Path, force: bool = False) -> Iterator[Any]:
    """Writes a file and, beside it, another."""
    with whole_files([path, path.with_name(f"{path.name}.beside")], force) as (stream, other):
        other.write("beside")
        yield stream


TOGETHER = pytest.mark.parametrize("whole", [two_files, whole_folder])


@TOGETHER
@pytest.mark.parametrize("force", [False, True])
def test_one_output_is_written_by_one_process_at_a_time(tmp_path: Path, whole: Whole, force: bool) -> None:
    with whole(tmp_path / "deep" / "out", force) as target:
        before = tree(tmp_path)
        said = f"out: process {os.getpid()} is writing it: wait for it, or choose another output"
        with pytest.raises(KzalignError, match=said), whole(tmp_path / "deep" / "out", force):
            pytest.fail("the block must not begin")
        assert tree(tmp_path) == before
        put(target)
    assert {"out"} <= {p.name for p in (tmp_path / "deep").iterdir()} <= {"out", "out.beside"}
    make(whole, tmp_path / "deep" / "next", "new")


@TOGETHER
def test_what_another_process_has_just_written_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Whole) -> None:
    """It may take its name between the look at the output and the lock."""
    taken = store._taken

    def late(path: Path, output: Path) -> int:
        monkeypatch.setattr(store, "_taken", taken)
        make(whole, output, "other")
        return taken(path, output)

    monkeypatch.setattr(store, "_taken", late)
    with pytest.raises(KzalignError, match=r"out(.beside)? exists"), whole(tmp_path / "out"):
        pytest.fail("the block must not begin")
    assert "other" in tree(tmp_path / "out").values() or (tmp_path / "out").read_text() == "other"


KILLED = """
import multiprocessing, sys, time
from pathlib import Path
from kzalign.store import whole_folder
with whole_folder(Path("out")) as folder:
    (folder / "half").write_text("half")
    worker = multiprocessing.get_context("fork").Process(target=time.sleep, args=(600,))
    worker.start()
    print(worker.pid, flush=True)
    time.sleep(600)
"""


def test_the_lock_of_a_killed_process_is_free(tmp_path: Path) -> None:
    """Also where a process that it forked lives on."""
    env = os.environ | {"PYTHONPATH": str(Path(__file__).resolve().parents[1])}
    with subprocess.Popen([sys.executable, "-c", KILLED], cwd=tmp_path, env=env, stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout
        worker = int(running.stdout.readline())
        try:
            with pytest.raises(KzalignError, match=f"process {running.pid} is writing it"), whole_folder(tmp_path / "out"):
                pytest.fail("the block must not begin")
            assert (tmp_path / "out.part" / "half").exists()
            running.kill()
            running.wait()
            deadline = time.monotonic() + 60
            while True:
                try:
                    make(whole_folder, tmp_path / "out", "new")
                    break
                except KzalignError:
                    # the worker closes what it inherited when it begins
                    assert time.monotonic() < deadline
                    time.sleep(0.05)
        finally:
            running.kill()
            os.kill(worker, signal.SIGKILL)
    assert [p.name for p in tmp_path.iterdir()] == ["out"]


FOREIGN = {
    "a folder with a file": lambda path: (path.mkdir(), (path / "mine").write_text("mine")),
    "a folder with a folder": lambda path: (path / "mine").mkdir(parents=True),
    "a file": lambda path: path.write_text("mine"),
}


@pytest.mark.parametrize("create", FOREIGN.values(), ids=FOREIGN)
def test_what_kzalign_did_not_make_is_not_replaced(tmp_path: Path, create: Callable[[Path], Any]) -> None:
    create(tmp_path / "out")
    before = tree(tmp_path)
    with pytest.raises(KzalignError, match="was not made by kzalign"), whole_folder(tmp_path / "out", force=True):
        pytest.fail("the block must not begin")
    assert tree(tmp_path) == before


def test_a_neighbour_that_kzalign_did_not_make_stays(tmp_path: Path) -> None:
    """Somebody's own `corpus.old` may be the only copy of something."""
    make(whole_folder, tmp_path / "out", "old")
    (tmp_path / "out.old").mkdir()
    (tmp_path / "out.old" / "mine").write_text("mine")
    try:
        with whole_folder(tmp_path / "out", force=True) as target:
            put(target)
    except KzalignError as error:
        assert "out.old" in str(error)
    assert (tmp_path / "out.old" / "mine").exists()


def test_an_empty_folder_is_replaced_with_force(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with whole_folder(tmp_path / "out", force=True) as target:
        put(target)
    assert (tmp_path / "out" / MANIFEST).exists()


def test_a_file_does_not_replace_a_folder(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with pytest.raises(KzalignError, match="out: cannot be written"), whole_file(tmp_path / "out", force=True) as stream:
        put(stream)
    assert tree(tmp_path) == {"out": None}


def test_a_file_does_not_replace_a_pipe_or_device(tmp_path: Path) -> None:
    pipe = tmp_path / "out"
    os.mkfifo(pipe)
    with pytest.raises(KzalignError), whole_file(pipe, force=True) as stream:
        put(stream)
    assert pipe.is_fifo()


def test_a_link_to_a_folder_is_replaced_or_refused_whole(tmp_path: Path) -> None:
    make(whole_folder, tmp_path / "real", "old")
    (tmp_path / "out").symlink_to("real")
    try:
        with whole_folder(tmp_path / "out", force=True) as target:
            put(target)
    except KzalignError:
        assert (tmp_path / "out" / "data" / "a").read_text() == "old"
    else:
        assert (tmp_path / "out" / "data" / "a").read_text() == "new"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["out", "real"]


@BOTH
def test_a_parent_that_is_a_file(tmp_path: Path, whole: Whole) -> None:
    (tmp_path / "file").write_text("mine")
    with pytest.raises(KzalignError, match="cannot be written") as error, whole(tmp_path / "file" / "out") as target:
        put(target)
    assert "\n" not in str(error.value)
    assert tree(tmp_path) == {"file": "mine"}


@BOTH
@pytest.mark.parametrize("name", ["", ".", "/"])
def test_an_output_without_a_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Whole, name: str) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(KzalignError), whole(Path(name), force=True):
        pytest.fail("the block must not begin")
    assert tree(tmp_path) == {}


@BOTH
def test_a_full_disk_is_one_line(tmp_path: Path, whole: Whole) -> None:
    with pytest.raises(KzalignError) as error, whole(tmp_path / "out") as target:
        put(target)
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    assert (
        str(error.value)
        == f"{tmp_path / 'out'}: cannot be written: No space left on device; nothing half-written was left behind"
    )
    assert tree(tmp_path) == {}


def full(*_: object, **__: object) -> None:
    raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


STEPS = {
    # where the disk may fill
    "fsync": (whole_file, os, "fsync"),
    "the file's rename": (whole_file, Path, "replace"),
    "opening": (whole_file, Path, "open"),
    "the folder's making": (whole_folder, Path, "mkdir"),
    "the folder's rename": (whole_folder, Path, "rename"),
}


@pytest.mark.parametrize(("whole", "owner", "name"), STEPS.values(), ids=STEPS)
def test_a_disk_that_fills_late(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, whole: Whole, owner: object, name: str) -> None:
    make(whole, tmp_path / "out", "old")
    before = tree(tmp_path)
    with monkeypatch.context() as patch:
        if name != "mkdir":
            patch.setattr(owner, name, full)
        with pytest.raises(KzalignError, match="No space left on device"), whole(tmp_path / "out", force=True) as target:
            if name == "mkdir":
                full()
            put(target)
    assert tree(tmp_path) == before


def test_the_old_folder_comes_back_when_the_new_cannot_take_its_place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    make(whole_folder, tmp_path / "out", "old")
    before = tree(tmp_path)
    rename = Path.rename

    def rename_old_only(self: Path, target: Path) -> Path:
        if self.name.endswith(".part"):
            full()
        return rename(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", rename_old_only)
        with pytest.raises(KzalignError, match="No space left"), whole_folder(tmp_path / "out", force=True) as target:
            put(target)
    assert tree(tmp_path) == before


def test_line_ends_are_the_same_everywhere(tmp_path: Path) -> None:
    with whole_file(tmp_path / "a") as stream:
        stream.write("қ\n")
    assert (tmp_path / "a").read_bytes() == "қ\n".encode()


def test_articles_come_back(tmp_path: Path) -> None:
    articles = [Article("a", "i"), Article("b", "i", notes=("қ\u2028\x85",))]
    path = tmp_path / "a.jsonl"
    with whole_file(path) as stream:
        stream.writelines(dumps(article.to_json()) + "\n" for article in articles)
    assert list(read_articles(path)) == articles


BAD_LINES = {
    "not JSON": ("{", "a.jsonl:2: not JSON"),
    "a list": ("[]", "a.jsonl:2: not an article"),
    "null": ("null", "a.jsonl:2: not an article"),
    "no id": ('{"issue_id": "i", "versions": {}}', "a.jsonl:2: not an article: missing or wrong 'id'"),
    "no issue": ('{"id": "x", "versions": {}}', "a.jsonl:2: not an article: missing or wrong 'issue_id'"),
    "no versions": ('{"id": "x", "issue_id": "i"}', "a.jsonl:2: not an article: missing or wrong 'versions'"),
    "another language": ('{"id": "x", "issue_id": "i", "versions": {"de": {}}}', "language 'de' is not one of kk, ru, en"),
    "too deep": ("[" * 100_000, "a.jsonl:2: not"),
    "a number too long": ('{"id": ' + "9" * 5000 + "}", "a.jsonl:2: not"),
    "not UTF-8": ("\udcff", "a.jsonl"),
}


@pytest.mark.parametrize(("line", "said"), BAD_LINES.values(), ids=BAD_LINES)
def test_a_bad_line_is_named(tmp_path: Path, line: str, said: str) -> None:
    path = tmp_path / "a.jsonl"
    good = dumps(Article("a", "i").to_json())
    path.write_bytes(f"{good}\n{line}\n{good}\n".encode("utf-8", "surrogateescape"))
    with pytest.raises(KzalignError) as error:
        list(read_articles(path))
    assert said in str(error.value)
    assert "\n" not in str(error.value)
    assert len(str(error.value)) < 500


GOOD: dict[str, Any] = {"id": "a", "issue_id": "i", "versions": {"kk": {"sentences": ["Су."]}, "ru": {"sentences": ["Вода."]}}}

BAD_FIELDS: dict[str, dict[str, Any]] = {
    "no id": {"id": None},
    "an id that is a number": {"id": 5},
    "versions that are a list": {"versions": []},
    "a version that is text": {"versions": {"kk": "мәтін"}},
    "sentences that are text": {"versions": {"kk": {"sentences": "мәтін"}}},
    "sentences that are numbers": {"versions": {"kk": {"sentences": [1, 2]}}},
    "a title that is a number": {"versions": {"kk": {"title": 7}}},
    "half a character": {"versions": {"kk": {"title": "\ud800"}}},
    "an unknown pair": {"alignment": {"ru-kk": [[[0], [0], 0.9]]}},
    "a bead without a side": {"alignment": {"kk-ru": [[[0]]]}},
    "a bead past the sentences": {"alignment": {"kk-ru": [[[99], [0], 0.9]]}},
    "a bead before the sentences": {"alignment": {"kk-ru": [[[-1], [0], 0.9]]}},
    "a bead of half sentences": {"alignment": {"kk-ru": [[[0.5], [0], 0.9]]}},
    "a sentence in two beads": {"alignment": {"kk-ru": [[[0], [0], 0.9], [[0], [], 0.1]]}},
    "a sentence in no bead": {"alignment": {"kk-ru": [[[0], [], 0.9]]}},
    "a pair of a language that is not there": {"alignment": {"kk-en": [[[0], [0], 0.9]]}},
    "a score that is a word": {"alignment": {"kk-ru": [[[0], [0], "high"]]}},
    "a score above one": {"alignment": {"kk-ru": [[[0], [0], 7.0]]}},
    "notes that are a number": {"notes": 5},
}


@pytest.mark.parametrize("change", BAD_FIELDS.values(), ids=BAD_FIELDS)
def test_a_bad_article_is_named(tmp_path: Path, change: dict[str, Any]) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps(GOOD) + "\n" + json.dumps(GOOD | change) + "\n", encoding="utf-8")
    with pytest.raises(KzalignError, match=r"a\.jsonl:2: not an article") as error:
        list(read_articles(path))
    assert "\n" not in str(error.value)


def test_blank_lines_are_no_articles(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text("\n" + dumps(Article("a", "i").to_json()) + "\n\n")
    assert [article.id for article in read_articles(path)] == ["a"]


@pytest.mark.parametrize("read", [lambda p: list(read_articles(p)), read_lines, file_entry], ids=["articles", "lines", "entry"])
@pytest.mark.parametrize("make_folder", [False, True], ids=["missing", "folder"])
def test_what_is_no_file_is_named(tmp_path: Path, read: Callable[[Path], Any], make_folder: bool) -> None:
    path = tmp_path / "x"
    if make_folder:
        path.mkdir()
    with pytest.raises(KzalignError) as error:
        read(path)
    assert str(error.value).startswith(f"{path}: ")


LINES = {
    "": [],
    "\n": [""],
    "а": ["а"],
    "а\n": ["а"],
    "а\nб\n\n": ["а", "б", ""],
    "а\r\nб\r\n": ["а", "б"],
}


@pytest.mark.parametrize(("text", "lines"), LINES.items(), ids=map(repr, LINES))
def test_lines(tmp_path: Path, text: str, lines: list[str]) -> None:
    path = tmp_path / "x"
    path.write_bytes(text.encode())
    assert read_lines(path) == lines


def test_lines_that_are_not_utf8(tmp_path: Path) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"abc\xff")
    with pytest.raises(KzalignError, match=r"x: not UTF-8 \(bad byte at offset 3\)"):
        read_lines(path)


def test_rejects_come_back(tmp_path: Path) -> None:
    path = tmp_path / "rejects.jsonl"
    rejects = [Reject("read", "a", "empty", {"file": "қ.txt"}), Reject("build", "b", "no counterpart in kk")]
    path.write_text("".join(dumps(reject.to_json()) + "\n" for reject in rejects), encoding="utf-8")
    assert list(read_rejects(path)) == rejects


def test_json_and_entry(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    write_json(path, {"қ": 1})
    assert path.read_text(encoding="utf-8") == '{\n "қ": 1\n}\n'
    entry = file_entry(path)
    assert (entry["id"], entry["file"], len(entry["sha256"])) == ("x", "x.json", 64)
