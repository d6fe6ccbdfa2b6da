"""Bulk translation that is cut short: whatever the moment and the damage, the end is the same, byte for byte."""

import errno
import json
import os
import random
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from translators import Faulty, Speller

from kzalign.config import TranslateConfig
from kzalign.errors import KzalignError
from kzalign.mt.bulk import Summary, ledger, translate
from kzalign.mt.bulk.glossary import Glossary
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.readers import Input, Source, open_source
from kzalign.mt.bulk.shards import Shard
from kzalign.records import Article, Version, dumps
from kzalign.store import locked

CONFIG = TranslateConfig(window=40, batch=400, batch_texts=4)
JOB = Job(("kk", "ru", "en"), config=CONFIG, date="2026-01-31")
NOTHING_LEFT = {"in.jsonl", "out.jsonl", "out.jsonl.rejects.jsonl", "out.jsonl.manifest.json"}
OUTPUTS = ("out.jsonl", "out.jsonl.rejects.jsonl", "out.jsonl.manifest.json")

ADJECTIVES = ("новый", "важный", "редкий", "общий", "точный", "краткий")
NOUNS = ("метод", "анализ", "способ", "раствор", "процесс", "вывод", "опыт")


@pytest.fixture(autouse=True, scope="module")
def fast_disk() -> Iterator[None]:
    """Syncing is left out: no test takes the power away, and a shared disk takes its time."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(ledger.os, "fsync", lambda handle: None)
        yield


def article(number: int, sentences: int = 4) -> Article:
    """Returns an article that has Russian alone; no two have a sentence in common."""
    chance = random.Random(number)
    texts = [
        f"Предложен {chance.choice(ADJECTIVES)} {chance.choice(NOUNS)} номер {number} для {k} {chance.choice(NOUNS)}ов."
        for k in range(10, 10 + sentences)
    ]
    return Article(f"a-{number}", "a", versions={"ru": Version("ru", f"Статья {number}", " ".join(texts), tuple(texts))})


def write_input(folder: Path, count: int = 30, sentences: int = 4) -> Path:
    """Writes articles with a broken line after each tenth, and returns the file."""
    path = folder / "in.jsonl"
    lines = [dumps(article(n, sentences).to_json()) + "\n" + ("{broken\n" if n % 10 == 9 else "") for n in range(count)]
    path.write_text("".join(lines), encoding="utf-8")
    return path


def run(folder: Path, translator: Speller | None = None, job: Job = JOB, **options: Any) -> Summary:
    """Translates in.jsonl to out.jsonl, or goes on with it."""
    return translate(source_of(folder), folder / "out.jsonl", translator or Speller(), job, **options)


def source_of(folder: Path) -> Source:
    """Returns the opened input."""
    return open_source(Input(str(folder / "in.jsonl")))


def outputs(folder: Path) -> list[bytes]:
    """Returns the bytes of the three outputs."""
    return [(folder / name).read_bytes() for name in OUTPUTS]


def whole(folder: Path, count: int = 30, sentences: int = 4) -> list[bytes]:
    """Returns what a run that nothing stops writes."""
    apart = folder / "whole"
    apart.mkdir()
    write_input(apart, count, sentences)
    run(apart)
    assert {path.name for path in apart.iterdir()} == NOTHING_LEFT
    return outputs(apart)


class Dying(Speller):
    """A model that ends the process's work at its n-th batch."""

    def __init__(self, batches: int) -> None:
        super().__init__()
        self.left = batches

    def translate(self, texts: Any, source: str, target: str) -> list[str]:
        """Returns the texts spelled, as often as it may."""
        if not self.left:
            raise RuntimeError("the end")
        self.left -= 1
        return super().translate(texts, source, target)


def test_a_run_that_nothing_stops(tmp_path: Path) -> None:
    articles, rejects, manifest = whole(tmp_path)
    found = [Article.from_json(json.loads(line)) for line in articles.decode().splitlines()]
    assert [a.id for a in found] == [f"a-{n}" for n in range(30)]
    assert [json.loads(line)["id"] for line in rejects.decode().splitlines()] == [f"in.jsonl:{n}" for n in (11, 22, 33)]
    assert json.loads(manifest)["counts"] == {
        "already there": 30,
        "versions": 60,
        "texts": 300,
        "flagged": 0,
        "articles": 30,
        "rejects": 3,
        "reject not JSON": 3,
    }
    for a in found:
        assert [len(a.versions[lang].sentences) for lang in ("kk", "ru", "en")] == [4, 4, 4]


class Refusing(Speller):
    """A model whose server is gone."""

    def translate(self, texts: Any, source: str, target: str) -> list[str]:
        """Raises what a backend raises."""
        raise KzalignError("http://model: no answer")


def test_an_error_of_the_model_says_that_nothing_is_lost(tmp_path: Path) -> None:
    write_input(tmp_path)
    with pytest.raises(KzalignError, match=r"^http://model: no answer; what is translated is kept: run the same command again"):
        run(tmp_path, Refusing())
    assert run(tmp_path).complete


@pytest.mark.parametrize("batches", [0, 1, 2, 9, 25, 60])
def test_a_run_that_fails_and_goes_on(tmp_path: Path, batches: int) -> None:
    write_input(tmp_path)
    dying = Dying(batches)
    with pytest.raises(RuntimeError, match="the end"):
        run(tmp_path, dying)
    assert not (tmp_path / "out.jsonl").exists()
    second = Speller()
    summary = run(tmp_path, second)
    assert summary.complete
    assert outputs(tmp_path) == whole(tmp_path)
    assert len(dying.batches) == batches
    asked = [(target, text) for s in (dying, second) for _, target, texts in s.batches for text in texts]
    assert len(asked) == len(set(asked)) == 300, "every text is translated once"
    assert {path.name for path in tmp_path.iterdir()} == NOTHING_LEFT | {"whole"}


def test_stopping_between_batches(tmp_path: Path) -> None:
    write_input(tmp_path)
    calls = 0
    while True:
        speller = Speller()
        summary = run(tmp_path, speller, stop=lambda s=speller: len(s.batches) >= 7)  # type: ignore[misc]
        calls += 1
        if summary.complete:
            break
        assert len(speller.batches) == 7
        assert (tmp_path / "out.jsonl.journal").exists()
    assert calls > 8
    assert outputs(tmp_path) == whole(tmp_path)


@pytest.fixture(scope="module")
def half_done(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[bytes]]:
    """Returns the folder of a run that stopped after a commit and some batches, and what a whole run writes."""
    folder = tmp_path_factory.mktemp("half")
    write_input(folder)
    with pytest.raises(RuntimeError):
        run(folder, Dying(35))
    assert (folder / "out.jsonl.part").stat().st_size > 1000
    assert len((folder / "out.jsonl.journal").read_bytes().splitlines()) > 4
    return folder, whole(folder)


PARTS = ("out.jsonl.part", "out.jsonl.rejects.jsonl.part", "out.jsonl.journal")


@settings(max_examples=60, deadline=None)
@given(
    tails=st.fixed_dictionaries({}, optional=dict.fromkeys(PARTS, st.binary(min_size=1, max_size=60))),
    lost=st.floats(0, 1),
)
def test_any_torn_tail_gives_the_same_bytes(
    half_done: tuple[Path, list[bytes]], tmp_path_factory: pytest.TempPathFactory, tails: dict[str, bytes], lost: float
) -> None:
    """Anything may follow what was committed, and any of the journal after the commit may be lost."""
    half, expected = half_done
    folder = tmp_path_factory.mktemp("torn")
    for path in half.iterdir():
        if path.is_file():
            (folder / path.name).write_bytes(path.read_bytes())
    journal = (folder / PARTS[2]).read_bytes()
    committed = len(b"".join(journal.splitlines(keepends=True)[:2]))
    (folder / PARTS[2]).write_bytes(journal[: committed + round(lost * (len(journal) - committed))])
    for name, tail in tails.items():
        with (folder / name).open("ab") as stream:
            stream.write(tail)
    assert run(folder).complete
    assert outputs(folder) == expected


def test_what_follows_a_torn_line_of_the_journal_is_read_the_next_time(
    half_done: tuple[Path, list[bytes]], tmp_path: Path
) -> None:
    for path in half_done[0].iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / PARTS[2]).open("ab") as stream:
        stream.write(b"torn")
    second, third = Speller(), Speller()
    summary = run(tmp_path, second, stop=lambda: len(second.batches) >= 2)
    assert (summary.complete, summary.healed) == (False, 4)
    run(tmp_path, third)
    assert len(second.texts) > 0
    assert {(t, x) for _, t, texts in second.batches for x in texts}.isdisjoint(
        {(t, x) for _, t, texts in third.batches for x in texts}
    )
    assert outputs(tmp_path) == half_done[1]


def test_a_limit_holds_for_the_run_that_goes_on(tmp_path: Path) -> None:
    write_input(tmp_path)
    job = replace(JOB, limit=13)
    with pytest.raises(RuntimeError):
        run(tmp_path, Dying(20), job)
    summary = run(tmp_path, job=job)
    assert (summary.counts["articles"], summary.counts["rejects"]) == (12, 1)
    assert summary.began > 0


def test_stopping_where_nothing_is_asked_of_the_model(tmp_path: Path) -> None:
    write_input(tmp_path)
    summary = run(tmp_path, job=replace(JOB, targets=("ru",)), stop=lambda: True)
    assert not summary.complete
    assert not (tmp_path / "out.jsonl").exists()


def test_long_abstracts_make_short_windows(tmp_path: Path) -> None:
    """Memory is bounded also where a text is long and nothing of it is to be translated."""
    versions = {"ru": Version("ru", abstract="Вода. " * 1000)}
    lines = [dumps(Article(f"a-{n}", "a", versions=versions).to_json()) + "\n" for n in range(6)]
    (tmp_path / "in.jsonl").write_text("".join(lines), encoding="utf-8")
    seen: list[int] = []
    job = Job(("ru",), config=TranslateConfig(window=10))
    run(tmp_path, job=job, tell=lambda progress: seen.append(progress.records))
    assert seen == [0, 2, 4, 6]


@pytest.fixture
def failing_writes(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[int], None]]:
    """Yields a function after which the disk is full when so many more bytes are written; the last write is torn."""
    left: list[int] = []
    write = os.write

    def full(handle: int, data: Any) -> int:
        if not left:
            return write(handle, data)
        if not left[0]:
            raise OSError(errno.ENOSPC, "No space left on device")
        done = write(handle, data[: min(len(data), left[0], 1000)])
        left[0] -= done
        return done

    monkeypatch.setattr(ledger.os, "write", full)
    yield lambda size: left.__setitem__(slice(None), [size])
    left.clear()


@pytest.mark.parametrize("size", [0, 1, 500, 3_000, 20_000, 57_001, 100_000])
def test_a_full_disk(tmp_path: Path, failing_writes: Callable[[int], None], monkeypatch: pytest.MonkeyPatch, size: int) -> None:
    expected = whole(tmp_path)
    write_input(tmp_path)
    failing_writes(size)
    with pytest.raises(KzalignError, match=r"cannot be written: No space left on device; what is translated is kept"):
        run(tmp_path)
    assert not (tmp_path / "out.jsonl").exists()
    monkeypatch.undo()
    assert run(tmp_path).complete
    assert outputs(tmp_path) == expected


SCRIPT = """
import resource, sys
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from test_translate_resume import run
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
run(Path(sys.argv[2]))
"""


def test_a_file_that_may_not_grow(tmp_path: Path) -> None:
    """A real limit of the operating system, met in the middle of a line."""
    write_input(tmp_path)
    tests = Path(__file__).parent
    env = os.environ | {"PYTHONPATH": str(tests.parent)}
    command = [sys.executable, "-c", SCRIPT, str(tests), str(tmp_path), "20001"]
    done = subprocess.run(command, env=env, capture_output=True, text=True, timeout=60)
    assert "KzalignError" in done.stderr and "File too large" in done.stderr
    assert 0 < (tmp_path / "out.jsonl.part").stat().st_size <= 20001
    assert run(tmp_path).complete
    assert outputs(tmp_path) == whole(tmp_path)
    assert resource.getrlimit(resource.RLIMIT_FSIZE)[0] != 20001


class Slow(Speller):
    """A model that takes a moment for a batch and writes down what it was asked for, in one write."""

    def __init__(self, log: Path) -> None:
        super().__init__()
        self.log = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)

    def translate(self, texts: Any, source: str, target: str) -> list[str]:
        """Returns the texts spelled."""
        time.sleep(0.0005)
        os.write(self.log, (dumps([target, list(texts)]) + "\n").encode())
        return super().translate(texts, source, target)


def in_child(folder: Path) -> int:
    """Runs in a child process and returns its id."""
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            run(folder, Slow(folder / "asked.log"))
            code = 0
        finally:
            os._exit(code)
    return pid


def test_kill_at_fifty_moments(tmp_path: Path) -> None:
    """A real process killed by SIGKILL; no batch but the one under way is translated twice."""
    expected = whole(tmp_path, count=120)
    chance = random.Random(20)
    kills = jobs = 0
    while kills < 50:
        folder = tmp_path / f"job-{jobs}"
        folder.mkdir()
        write_input(folder, count=120)
        killed = 0
        while True:
            pid = in_child(folder)
            time.sleep(chance.uniform(0.0, 0.25) if killed % 4 else chance.uniform(0.0, 0.02))
            os.kill(pid, signal.SIGKILL)
            _, status = os.waitpid(pid, 0)
            if not os.WIFSIGNALED(status):
                assert os.WEXITSTATUS(status) == 0
                break
            killed += 1
            if (folder / "out.jsonl").exists():
                run(folder) if (folder / "out.jsonl.journal").exists() else None
                break
        (folder / "out.jsonl.lock").unlink(missing_ok=True)
        assert outputs(folder) == expected
        asked = [json.loads(line) for line in (folder / "asked.log").read_text(encoding="utf-8").splitlines()]
        texts = sum(len(batch) for _, batch in asked)
        assert 1200 <= texts <= 1200 + 4 * killed
        kills += killed
        jobs += 1
    assert not list(tmp_path.glob("job-*/*.part"))


def crash_points() -> list[str]:
    """Returns the calls of a run that change the disk, in order: each is a moment at which the power may go."""
    return ["replace", "fsync", "unlink", "ftruncate"]


@pytest.mark.parametrize("call", crash_points())
def test_power_lost_at_every_change_of_the_disk(tmp_path: Path, call: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """The process ends just before its n-th rename, sync, removal or cut, for every n; each time it goes on from there."""
    expected = whole(tmp_path, count=12)
    write_input(tmp_path, count=12)

    class PowerLoss(BaseException):
        pass

    place: Any = {"replace": Path, "unlink": Path, "fsync": os, "ftruncate": os}[call]
    real = getattr(place, call)
    left = 0

    def failing(*arguments: Any, **options: Any) -> Any:
        nonlocal left
        if not left:
            raise PowerLoss
        left -= 1
        return real(*arguments, **options)

    for allowed in range(200):
        left = allowed
        with monkeypatch.context() as patch:
            patch.setattr(place, call, failing)
            try:
                summary = run(tmp_path)
            except PowerLoss:
                if (tmp_path / "out.jsonl").exists() and not (tmp_path / "out.jsonl.journal").exists():
                    break
                continue
        assert summary.complete
        break
    assert outputs(tmp_path) == expected
    assert allowed > 0


CHANGES: dict[str, tuple[dict[str, Any], str]] = {
    "the model": ({"translator": Speller("other@2")}, r"model was speller@1, is other@2"),
    "a setting": ({"job": replace(JOB, config=replace(CONFIG, max_length=500))}, r"settings.max_length was 1000, is 500"),
    "two settings": (
        {"job": replace(JOB, config=replace(CONFIG, titles=False, unit="document"))},
        r"settings.unit was sentence, is document; settings.titles was true, is false",
    ),
    "the languages": ({"job": replace(JOB, targets=("kk",))}, r'run.to was \["kk","ru","en"\], is \["kk"\]'),
    "the source": ({"job": replace(JOB, sources=("ru", "kk"))}, r'run.from was \[\], is \["ru","kk"\]'),
    "the shard": ({"job": replace(JOB, shard=Shard(1, 2))}, r"run.shard was none, is 1/2"),
    "the limit": ({"job": replace(JOB, limit=5)}, r"run.limit was null, is 5"),
    "the date": ({"job": replace(JOB, date="2026-02-01")}, r"date was 2026-01-31, is 2026-02-01"),
    "the glossary": ({"job": replace(JOB, glossary=Glossary((), "ab"))}, r"settings.glossary was none, is ab"),
    "the model's setup": ({"translator": type("S", (Speller,), {"setup": "int8"})()}, r"settings.setup was none, is int8"),
}


@pytest.mark.parametrize(("change", "told"), CHANGES.values(), ids=CHANGES)
def test_what_is_changed_is_named(half_done: tuple[Path, list[bytes]], change: dict[str, Any], told: str) -> None:
    folder, _ = half_done
    before = (folder / PARTS[0]).read_bytes()
    with pytest.raises(KzalignError, match=told):
        run(folder, **change)
    assert (folder / PARTS[0]).read_bytes() == before


def test_a_changed_input_is_named(half_done: tuple[Path, list[bytes]], tmp_path: Path) -> None:
    for path in half_done[0].iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    with (tmp_path / "in.jsonl").open("a") as stream:
        stream.write("\n")
    with pytest.raises(KzalignError, match=r"input.sha256 was [0-9a-f]+…, is [0-9a-f]+…"):
        run(tmp_path)


def test_the_day_of_a_run_that_goes_on_is_the_day_it_began(tmp_path: Path) -> None:
    write_input(tmp_path)
    with pytest.raises(RuntimeError):
        run(tmp_path, Dying(20), replace(JOB, date="2025-12-31"))
    run(tmp_path, job=replace(JOB, date=""))
    dates = {json.loads(line)["versions"]["kk"]["machine"]["date"] for line in outputs(tmp_path)[0].decode().splitlines()}
    assert dates == {"2025-12-31"}


def test_two_processes_on_one_output(tmp_path: Path) -> None:
    write_input(tmp_path)
    with locked(tmp_path / "out.jsonl"), pytest.raises(KzalignError, match=f"process {os.getpid()} is writing it"):
        run(tmp_path)
    assert run(tmp_path).complete


def test_the_second_process_names_the_first(tmp_path: Path) -> None:
    write_input(tmp_path, count=400)
    pid = in_child(tmp_path)
    try:
        while not (tmp_path / "out.jsonl.part").exists():
            time.sleep(0.01)
        with pytest.raises(KzalignError, match=f"out.jsonl: process {pid} is writing it"):
            run(tmp_path)
    finally:
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)
    assert run(tmp_path).complete, "the lock of a killed process is free"


TAKEN = {
    "the output": ("out.jsonl", r"out.jsonl exists"),
    "its rejects": ("out.jsonl.rejects.jsonl", r"out.jsonl.rejects.jsonl exists"),
    "its manifest": ("out.jsonl.manifest.json", r"out.jsonl.manifest.json exists"),
    "a part of something else": ("out.jsonl.part", r"no journal beside it"),
    "rejects of something else": ("out.jsonl.rejects.jsonl.part", r"no journal beside it"),
    "a journal of something else": ("out.jsonl.journal", r"damaged"),
}


@pytest.mark.parametrize(("name", "told"), TAKEN.values(), ids=TAKEN)
def test_what_is_there_is_not_replaced(tmp_path: Path, name: str, told: str) -> None:
    write_input(tmp_path)
    (tmp_path / name).write_text("mine")
    with pytest.raises(KzalignError, match=told):
        run(tmp_path)
    assert (tmp_path / name).read_text() == "mine"


def test_force_replaces_a_complete_output(tmp_path: Path) -> None:
    write_input(tmp_path)
    (tmp_path / "out.jsonl").write_text("old")
    assert run(tmp_path, force=True).complete
    assert outputs(tmp_path) == whole(tmp_path)


def test_an_output_that_is_a_folder(tmp_path: Path) -> None:
    write_input(tmp_path)
    (tmp_path / "out.jsonl").mkdir()
    with pytest.raises(KzalignError, match="a folder, device or pipe"):
        run(tmp_path, force=True)


def test_a_part_that_another_program_cut(half_done: tuple[Path, list[bytes]], tmp_path: Path) -> None:
    for path in half_done[0].iterdir():
        if path.is_file():
            (tmp_path / path.name).write_bytes(path.read_bytes())
    (tmp_path / PARTS[0]).write_bytes(b"")
    with pytest.raises(KzalignError, match="0 bytes where its journal counts"):
        run(tmp_path)


def test_retries_are_kept_too(tmp_path: Path) -> None:
    """The second hypothesis of a flagged text is in the journal as the first is."""
    write_input(tmp_path)
    faults = {article(n).versions["ru"].sentences[1]: "Нет" for n in range(30)}
    stopped = Faulty(faults)
    run(tmp_path, stopped, stop=lambda: bool(stopped.again))
    second = Faulty(faults)
    run(tmp_path, second)
    texts = [text for again in (stopped.again, second.again) for batch, _ in again for text in batch]
    assert len(texts) == 60 and set(texts) == set(faults)


def test_a_batch_of_other_texts_is_not_taken_from_the_journal(tmp_path: Path) -> None:
    """A later version of kzalign may cut its batches otherwise."""
    made = ledger.Ledger.new(tmp_path / "out.jsonl", {"format": 1})
    made.add_batch(0, 0, ["а", "б"], [["a", False], ["b", False]])
    made.close()
    again = ledger.Ledger.begun(tmp_path / "out.jsonl")
    assert again is not None
    assert again.batch(0, 0, ["а", "б"]) == [["a", False], ["b", False]]
    assert again.batch(0, 0, ["а", "в"]) is None
    assert again.batch(0, 1, ["а", "б"]) is None
    again.close()
