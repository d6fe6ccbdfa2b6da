"""Documents to articles: workers do not change what comes out, twins are told, the order of the input stays."""

import hashlib
import shutil
from pathlib import Path

import pytest

from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers import READERS, Entry, Member, Place
from kzalign.pipeline import Document, issue_ids, process, process_all

EXAMPLES = sorted(path for path in (Path(__file__).resolve().parents[1] / "examples").iterdir() if path.suffix in READERS)


def run(paths: list[Path], aligned: bool = True, jobs: int | None = 1) -> list[Document]:
    """Returns the documents of these paths."""
    return list(process_all(paths, Config(), aligned, jobs))


def test_workers_change_nothing() -> None:
    paths = [*EXAMPLES, *reversed(EXAMPLES)]
    assert run(paths, jobs=1) == run(paths, jobs=2) == run(paths, jobs=None)


def test_many_documents_keep_their_order(tmp_path: Path) -> None:
    text = EXAMPLES[0].read_text(encoding="utf-8").split("\n")
    paths = []
    for k in (7, 2, 19, 0, *range(20, 33)):
        path = tmp_path / f"issue{k}.txt"
        path.write_text("\n".join([f"№ {k}", *text[: 20 + 17 * (k % 5)]]), encoding="utf-8")
        paths.append(path)
    found = run(paths, jobs=2)
    assert [d.entry["file"] for d in found] == [path.name for path in paths]
    assert found == run(paths, jobs=1)


def test_a_document_and_its_entry() -> None:
    (found,) = run(EXAMPLES[:1])
    entry = found.entry
    data = EXAMPLES[0].read_bytes()
    assert entry["id"] == EXAMPLES[0].stem
    assert entry["file"] == EXAMPLES[0].name
    assert entry["sha256"] == hashlib.sha256(data).hexdigest()
    assert entry["encoding"] == "utf-8"
    assert entry["lines"] == data.decode().count("\n") + 1
    assert entry["articles"] == len(found.articles) > 1
    assert entry["versions"] == sum(bool(v.abstract) for a in found.articles for v in a.versions.values())
    assert all(article.issue_id == entry["id"] for article in found.articles)
    assert any(article.alignment for article in found.articles)


def test_unaligned_articles_have_no_beads() -> None:
    (found,) = run(EXAMPLES[:1], aligned=False)
    assert not any(article.alignment for article in found.articles)


def test_the_same_path_twice() -> None:
    first, second = run([EXAMPLES[0], EXAMPLES[0]])
    assert first.articles
    assert second.articles == ()
    assert [(r.stage, r.id, r.reason) for r in second.rejects] == [
        ("read", f"{EXAMPLES[0].stem}-2", f"the same document as {EXAMPLES[0].name}")
    ]
    assert (second.entry["articles"], second.entry["versions"]) == (0, 0)


@pytest.mark.parametrize("jobs", [1, 2])
def test_the_same_bytes_under_another_name(tmp_path: Path, jobs: int) -> None:
    copy = tmp_path / "copy.txt"
    shutil.copy(EXAMPLES[0], copy)
    found = run([EXAMPLES[0], EXAMPLES[1], copy, copy], jobs=jobs)
    assert [bool(d.articles) for d in found] == [True, True, False, False]
    assert [r.reason for d in found[2:] for r in d.rejects] == [f"the same document as {EXAMPLES[0].name}"] * 2


def test_two_documents_of_one_name(tmp_path: Path) -> None:
    paths = [tmp_path / "a" / "issue.txt", tmp_path / "b" / "issue.txt", tmp_path / "c" / "issue.md"]
    for path, source in zip(paths, EXAMPLES, strict=True):
        path.parent.mkdir()
        shutil.copy(source, path)
    found = run(paths)
    assert [d.entry["id"] for d in found] == ["issue", "issue-2", "issue-3"]
    assert all(d.articles for d in found)
    ids = [a.id for d in found for a in d.articles]
    assert len(set(ids)) == len(ids)


NAMES = [
    (["a.txt", "b.txt"], ["a", "b"]),
    (["a.txt", "x/a.txt", "a.md"], ["a", "a-2", "a-3"]),
    (["a.txt", "a-2.txt", "x/a.txt"], ["a", "a-2", "a-3"]),
    (["a-2.txt", "a.txt", "x/a.txt"], ["a-2", "a", "a-3"]),
    (["a.txt", "x/a.txt", "a-2.txt"], ["a", "a-2", "a-2-2"]),
    ([], []),
]


@pytest.mark.parametrize(("names", "ids"), NAMES)
def test_issue_ids(names: list[str], ids: list[str]) -> None:
    assert issue_ids(Path(name) for name in names) == ids


def entry(inside: str) -> Entry:
    return Entry(Path("lib", inside), inside)


def member(inside: str, place: str = "") -> Member:
    return Member(Path("lib", place or "v.zip"), inside, place=place)


PLACES: dict[str, tuple[list[Place], list[str]]] = {
    "one of a name": ([entry("2020/1.pdf"), entry("2020/2.pdf")], ["1", "2"]),
    "two folders": ([entry("2020/1.pdf"), entry("2021/1.pdf"), entry("a.md")], ["2020-1", "2021-1", "a"]),
    "a folder more": ([entry("2019/1.txt"), entry("2020/1.pdf"), entry("2021/1.pdf")], ["2019-1", "2020-1", "2021-1"]),
    "deeper": ([entry("a/b/1.pdf"), entry("a/1.pdf"), entry("1.pdf")], ["a-b-1", "a-1", "1"]),
    "one folder": ([entry("a/1.pdf"), entry("a/1.txt")], ["a-1", "a-1-2"]),
    "a name that is made already": (
        [entry("2020/1.pdf"), entry("2021/1.pdf"), entry("2021-1.pdf")],
        ["2020-1", "2021-1-2", "2021-1"],
    ),
    "archives": ([member("x/1.txt", "2020/v.zip"), member("1.txt", "w.zip"), entry("v/1.txt")], ["2020-v-x-1", "w-1", "v-1"]),
    "one archive": ([member("x/1.txt"), member("2.txt")], ["1", "2"]),
    "a place out of the archive": ([member("../1.txt"), member("/etc/1.txt")], ["v-1", "v-etc-1"]),
    "files named": ([Path("x/1.pdf"), entry("x/1.pdf"), Path("y/1.pdf")], ["1", "x-1", "1-2"]),
}


@pytest.mark.parametrize(("places", "ids"), PLACES.values(), ids=PLACES)
def test_documents_of_one_name_have_ids_of_their_folders(places: list[Place], ids: list[str]) -> None:
    assert issue_ids(places) == ids


UNREADABLE = [
    ("empty.txt", b"", "empty"),
    ("blank.txt", b" \n\n", "empty"),
    ("table.xlsx", b"PK", "no reader"),
    ("line.txt", b"x" * 300_000, "max_line_chars"),
    ("zeros.txt", bytes(range(256)) * 40, ""),
]


@pytest.mark.parametrize(("name", "data", "reason"), UNREADABLE)
def test_what_cannot_be_read_is_a_reject_and_an_entry(tmp_path: Path, name: str, data: bytes, reason: str) -> None:
    path = tmp_path / name
    path.write_bytes(data)
    before, found, after = run([EXAMPLES[0], path, EXAMPLES[1]])
    assert before.articles
    assert after.articles
    assert found.articles == ()
    assert [(r.stage, r.id) for r in found.rejects] == [("read", path.stem)]
    assert reason in found.rejects[0].reason
    assert found.entry == {"id": path.stem, "file": name}


def test_a_document_that_is_gone_or_too_large(tmp_path: Path) -> None:
    (gone,) = run([tmp_path / "gone.txt"], jobs=None)
    assert "cannot be read" in gone.rejects[0].reason
    large = process(EXAMPLES[0], "large", Config(extract=ExtractConfig(max_megabytes=0.001)), True)
    assert "max_megabytes" in large.rejects[0].reason


def test_twins_that_cannot_be_read_are_each_their_own_reject(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt"):
        (tmp_path / name).write_bytes(b"")
    assert [r.reason for d in run([tmp_path / "a.txt", tmp_path / "b.txt"]) for r in d.rejects] == [
        "an empty file",
        "an empty file",
    ]
