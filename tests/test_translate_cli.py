"""`kzalign translate`: its inputs, its options, its shards, its progress, its end."""

import io
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from rich.console import Console
from translators import Speller, spelled
from typer.testing import CliRunner, Result

from kzalign import translate_cli
from kzalign.config import TranslateConfig
from kzalign.corpus.articles import open_articles
from kzalign.corpus.parquet import article_row, article_schema
from kzalign.errors import KzalignError
from kzalign.mt.bulk import Progress, ledger, readers, translate
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.readers import READERS, Input, open_source
from kzalign.records import Article, Bead, Machine, Reject, Version, dumps
from kzalign.store import read_articles

WATER = "Вода важна для роста растений."
SOIL = "Почва была исследована в 2019 году."


OPEN = translate_cli._open


@pytest.fixture(autouse=True)
def speller(monkeypatch: pytest.MonkeyPatch) -> Speller:
    """Puts a model in the place of the one that would be opened; syncing is left out."""
    made = Speller()
    monkeypatch.setattr(translate_cli, "_open", lambda model, config: made)
    monkeypatch.setattr(ledger.os, "fsync", lambda handle: None)
    return made


def call(*arguments: object) -> Result:
    """Runs the command; a user's mistake is raised."""
    result = CliRunner().invoke(translate_cli.app, list(map(str, arguments)))
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def write_articles(path: Path, count: int = 3) -> Path:
    """Writes articles in Russian and returns the file."""
    made = [Article(f"a-{n}", "a", versions={"ru": Version("ru", f"Вода {n}", f"{WATER} {SOIL}")}) for n in range(count)]
    path.write_text("".join(dumps(a.to_json()) + "\n" for a in made), encoding="utf-8")
    return path


def texts_of(path: Path, lang: str) -> dict[str, str]:
    """Returns by article the machine's abstracts."""
    return {a.id: a.versions[lang].abstract for a in read_articles(path) if lang in a.versions and a.versions[lang].machine}


def test_articles(tmp_path: Path) -> None:
    given, output = write_articles(tmp_path / "articles.jsonl"), tmp_path / "deep" / "out.jsonl"
    result = call(given, "--model", "m", "--missing", "-o", output, "--date", "2026-01-31")
    assert result.exit_code == 0
    assert "3 articles, 6 versions made, 0 texts flagged" in result.stderr
    assert texts_of(output, "kk") == {f"a-{n}": f"{spelled(WATER, 'kk')} {spelled(SOIL, 'kk')}" for n in range(3)}
    assert (output.parent / "out.jsonl.rejects.jsonl").read_bytes() == b""


def write_row_files(folder: Path) -> None:
    """Writes the same two texts and a broken record in every format of rows."""
    (folder / "t.txt").write_bytes(f"\ufeff{WATER}\r\n".encode() + b"\xff\xfe\n" + SOIL.encode())
    table = f"\ufeffid\tтекст\nx\t{WATER}\n\nlonely\n".encode() + b"z\t\xff\ny\t" + SOIL.encode() + b"\n"
    (folder / "t.tsv").write_bytes(table)
    good = [dumps({"id": name, "text": {"ru": text}}) for name, text in (("x", WATER), ("y", SOIL))]
    rows = [good[0], "{", '{"id":"z","text":{"ru":5}}', good[1]]
    (folder / "t.jsonl").write_text("\n".join(rows), encoding="utf-8")


ROWS: dict[str, tuple[str, list[str], list[str], dict[str, str]]] = {
    # the input, its options, the ids, the rejects
    "text": ("t.txt", ["--from", "ru"], ["t-000001", "t-000003"], {"t.txt:2": "not UTF-8 (bad byte at offset 0)"}),
    "a table": (
        "t.tsv",
        ["--column", "ru=текст", "--id-column", "id"],
        ["x", "y"],
        {"t.tsv:4": "another number of cells than in the first line: 1, not 2", "t.tsv:5": "not UTF-8 (bad byte at offset 2)"},
    ),
    "a table without ids": (
        "t.tsv",
        ["--column", "текст", "--from", "ru"],
        ["t-000001", "t-000004"],
        {"t.tsv:4": "", "t.tsv:5": ""},
    ),
    "lines of JSON": (
        "t.jsonl",
        ["--column", "ru=text.ru", "--id-column", "id"],
        ["x", "y"],
        {"t.jsonl:2": "not JSON", "t.jsonl:3": "'text.ru' is not a text"},
    ),
}


@pytest.mark.parametrize(("name", "options", "ids", "rejects"), ROWS.values(), ids=ROWS)
def test_rows(tmp_path: Path, name: str, options: list[str], ids: list[str], rejects: dict[str, str]) -> None:
    write_row_files(tmp_path)
    output = tmp_path / "out.jsonl"
    call(tmp_path / name, *options, "--model", "m", "--to", "en", "-o", output)
    assert texts_of(output, "en") == {ids[0]: spelled(WATER, "en"), ids[1]: spelled(SOIL, "en")}
    found = [json.loads(line) for line in (tmp_path / "out.jsonl.rejects.jsonl").read_text().splitlines()]
    assert [reject["id"] for reject in found] == list(rejects)
    for reject in found:
        assert reject["stage"] == "translate"
        assert reject["reason"].startswith(rejects[reject["id"]])


BROKEN = {
    "not JSON": "{",
    "another thing": "[1]",
    "an unknown language": '{"id":"x","issue_id":"i","versions":{"de":{}}}',
    "half a character": '{"id":"x","issue_id":"i","versions":{"ru":{"abstract":"\\ud800"}}}',
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_article_is_a_reject_and_the_rest_goes_on(tmp_path: Path, line: str) -> None:
    given = write_articles(tmp_path / "in.jsonl", 2)
    first, second = given.read_text(encoding="utf-8").splitlines()
    given.write_text(f"{first}\n\n{line}\n{second}", encoding="utf-8")
    call(given, "--model", "m", "--missing", "-o", tmp_path / "out.jsonl")
    assert list(texts_of(tmp_path / "out.jsonl", "en")) == ["a-0", "a-1"]
    (reject,) = [json.loads(text) for text in (tmp_path / "out.jsonl.rejects.jsonl").read_text().splitlines()]
    assert (reject["id"], reject["record"]) == ("in.jsonl:3", {"line": line})
    assert reject["reason"].startswith("not ")
    counts = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())["counts"]
    (kind,) = [name for name in counts if name.startswith("reject ")]
    assert kind in ("reject not JSON", "reject not an article")
    assert counts[kind] == 1


def make_corpus(folder: Path, count: int) -> list[Article]:
    """Writes the files of a corpus's articles that lack English and returns these in its order."""
    made = []
    for n in range(count):
        texts = {lang: spelled(f"{WATER} {n}", lang) for lang in ("kk", "ru")}
        versions = {lang: Version(lang, f"{n}", t, (t,), ("су",), abstract_lines=((3, 5),)) for lang, t in texts.items()}
        source = {"authors": ("С. Есенов", "D. Klein"), "year": ("2021",), "doi": (f"10.0000/{n}",)}
        beads = {"kk-ru": (Bead((0,), (0,), 0.9),)}
        made.append(Article(f"a-{n}", "a", versions=versions, alignment=beads, notes=("n",), source=source))
    (folder / "data" / "articles").mkdir(parents=True)
    for name, start, end in (("test", 0, 5), ("train", 5, count)):
        table = pa.Table.from_pylist([article_row(a, None) for a in made[start:end]], schema=article_schema())
        pq.write_table(table, folder / "data" / "articles" / f"{name}-00000-of-00001.parquet", row_group_size=7)
    return made


def test_a_corpus_folder(tmp_path: Path) -> None:
    expected = make_corpus(tmp_path / "corpus", 40)
    source = open_source(Input(str(tmp_path / "corpus")), open_articles)
    assert source.count == 40
    assert list(source.records(0)) == expected
    assert list(source.records(17)) == expected[17:]
    call(tmp_path / "corpus", "--model", "m", "--missing", "-o", tmp_path / "out.jsonl")
    assert texts_of(tmp_path / "out.jsonl", "en") == {a.id: spelled(a.versions["ru"].abstract, "en") for a in expected}


def test_every_reader_goes_on_in_the_middle(tmp_path: Path) -> None:
    write_row_files(tmp_path)
    write_articles(tmp_path / "a.jsonl")
    inputs = [
        Input("a.jsonl"),
        Input("t.txt", lang="ru"),
        Input("t.tsv", {"ru": "текст"}, "id"),
        Input("t.jsonl", {"ru": "text.ru"}),
    ]
    for given in inputs:
        source = open_source(Input(str(tmp_path / given.name), given.columns, given.id_column, lang=given.lang))
        records = list(source.records(0))
        assert len(records) > 2
        for start in range(len(records) + 1):
            assert list(source.records(start)) == records[start:]


def test_a_dataset_of_the_hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    datasets = pytest.importorskip("datasets")
    rows = [{"id": n, "translation": {"ru": f"{WATER} {n}"}, "other": n} for n in range(3)] + [
        {"id": None, "translation": None, "other": 0}
    ]
    asked = []

    def load(name: str, split: str) -> Any:
        asked.append((name, split))
        return datasets.Dataset.from_list(rows)

    monkeypatch.setattr(datasets, "load_dataset", load)
    call(
        "org/name",
        "--split",
        "test",
        "--column",
        "ru=translation.ru",
        "--id-column",
        "id",
        "--model",
        "m",
        "--to",
        "en",
        "-o",
        tmp_path / "o.jsonl",
    )
    assert asked == [("org/name", "test")]
    assert texts_of(tmp_path / "o.jsonl", "en") == {str(n): spelled(f"{WATER} {n}", "en") for n in range(3)}
    (reject,) = (tmp_path / "o.jsonl.rejects.jsonl").read_text().splitlines()
    assert json.loads(reject)["reason"] == "no column 'translation.ru'"
    first = open_source(Input("org/name", {"ru": "translation.ru"}))
    assert [record.id for record in first.records(2)] == ["org/name-000003", "org/name:3"]
    assert open_source(Input("hf://datasets/org/name", {"ru": "translation.ru"})).identity == first.identity
    rows[0]["translation"] = {"ru": SOIL}
    assert open_source(Input("org/name", {"ru": "translation.ru"})).identity != first.identity


def test_every_reader_is_tested() -> None:
    assert set(READERS) == {".jsonl", "rows", ".tsv", ".txt", "hub"}


MISTAKES: dict[str, tuple[list[str], str]] = {
    "no such input": (["none.jsonl", "--missing"], r"none.jsonl: no such file or folder"),
    "another suffix": (["in.pdf", "--missing"], r"in.pdf: unknown kind of input '.pdf'"),
    "a folder that is no corpus": (["empty", "--missing"], r"empty: not a corpus of kzalign"),
    "neither --missing nor --to": (["in.jsonl"], r"give --missing for all languages"),
    "both": (["in.jsonl", "--missing", "--to", "kk"], r"give --missing for all languages"),
    "an unknown target": (["in.jsonl", "--to", "de"], r"--to de: unknown language 'de'"),
    "an unknown source": (["in.jsonl", "--missing", "--from", "uz"], r"--from uz: unknown language 'uz'"),
    "two inputs": (["in.jsonl", "in.jsonl", "--missing"], r"one input at a time"),
    "text of no language": (["in.txt", "--missing"], r"in.txt: in which language is the text\?"),
    "a table without a column": (["in.tsv", "--missing"], r"in.tsv: which column holds the texts\?"),
    "an unknown column": (["in.tsv", "--missing", "--column", "ru=b"], r"in.tsv: unknown column 'b'.*valid: a"),
    "a column of no language": (["in.tsv", "--missing", "--column", "a"], r"--column a: expected LANG=COLUMN"),
    "a column of an unknown language": (["in.tsv", "--missing", "--column", "de=a"], r"--column de=a: expected LANG=COLUMN"),
    "no shard": (["in.jsonl", "--missing", "--shard", "5/4"], r"--shard 5/4: expected i/n"),
    "no day": (["in.jsonl", "--missing", "--date", "today"], r"--date today: expected a day such as"),
    "an unknown unit": (["in.jsonl", "--missing", "--unit", "page"], r"unknown unit 'page'"),
    "a setting out of range": (["in.jsonl", "--missing", "--set", "translate.window=0"], r"translate.window: 0 is not from 1"),
    "a glossary that is not there": (["in.jsonl", "--missing", "--glossary", "g.tsv"], r"g.tsv: cannot be read"),
}


@pytest.mark.parametrize(("arguments", "told"), MISTAKES.values(), ids=MISTAKES)
def test_mistakes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, speller: Speller, arguments: list[str], told: str) -> None:
    monkeypatch.chdir(tmp_path)
    write_articles(tmp_path / "in.jsonl")
    (tmp_path / "empty").mkdir()
    for name in ("in.pdf", "in.txt", "in.tsv"):
        (tmp_path / name).write_text("a\n")
    with pytest.raises(KzalignError, match=told):
        call(*arguments, "--model", "m", "-o", "out.jsonl")
    assert speller.batches == []
    assert not list(tmp_path.glob("out*"))


def test_no_model(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match="which model"):
        call(write_articles(tmp_path / "in.jsonl"), "--missing", "-o", tmp_path / "out.jsonl")


def test_options_are_settings(tmp_path: Path) -> None:
    given, output = write_articles(tmp_path / "in.jsonl"), tmp_path / "out.jsonl"
    call(given, "--model", "m", "--to", "kk", "--unit", "document", "--no-titles", "--no-keywords", "--limit", 2, "-o", output)
    manifest = json.loads((tmp_path / "out.jsonl.manifest.json").read_text())
    assert {key: manifest["settings"][key] for key in ("unit", "titles", "keywords")} == {
        "unit": "document",
        "titles": False,
        "keywords": False,
    }
    assert manifest["run"] == {"to": ["kk"], "from": [], "shard": "", "limit": 2}
    assert [a.versions["kk"].title for a in read_articles(output)] == [None, None]


def test_missing_from_one_language_makes_the_others(tmp_path: Path) -> None:
    call(write_articles(tmp_path / "in.jsonl"), "--model", "m", "--missing", "--from", "ru", "-o", tmp_path / "out.jsonl")
    assert json.loads((tmp_path / "out.jsonl.manifest.json").read_text())["run"]["to"] == ["kk", "en"]


def test_json_is_lines(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate_cli, "LOG_SECONDS", 0.0)
    given = write_articles(tmp_path / "in.jsonl")
    result = call(given, "--model", "m", "--missing", "-o", tmp_path / "out.jsonl", "--json", "--set", "translate.window=1")
    lines = [json.loads(line) for line in result.stdout.splitlines()]
    assert [line["records"] for line in lines[:-1]] == sorted(line["records"] for line in lines[:-1])
    assert lines[-2]["records"] == lines[-2]["total"] == 3
    assert lines[-1]["complete"] is True
    assert lines[-1]["counts"]["versions"] == 6


def test_log_lines_where_there_is_no_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(translate_cli, "LOG_SECONDS", 0.0)
    result = call(write_articles(tmp_path / "in.jsonl"), "--model", "m", "--missing", "-o", tmp_path / "out.jsonl")
    assert result.stdout == ""
    assert "3 of 3 articles, 10 texts" in result.stderr


def test_a_bar_on_a_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = io.StringIO()
    monkeypatch.setattr(translate_cli, "console", Console(file=shown, force_terminal=True, width=120))
    call(write_articles(tmp_path / "in.jsonl"), "--model", "m", "--missing", "-o", tmp_path / "out.jsonl")
    assert "3 of 3 articles, 10 texts" in shown.getvalue()


def test_progress_within_a_window(tmp_path: Path) -> None:
    """A window may take an hour: the records are counted by its texts."""
    source = open_source(Input(str(write_articles(tmp_path / "in.jsonl", 10))))
    seen: list[Progress] = []
    config = TranslateConfig(batch_texts=3)
    translate(source, tmp_path / "out.jsonl", Speller(), Job(("en",), config=config), tell=seen.append)
    assert [p.records for p in seen] == [0, 2, 5, 7, 10, 10]
    assert [p.texts for p in seen] == [0, 3, 6, 9, 12, 12]


def shards(folder: Path, given: Path, of: int) -> list[Path]:
    """Translates the shards of an input, one after the other."""
    paths = [folder / f"shard-{number}.jsonl" for number in range(1, of + 1)]
    for number, path in enumerate(paths, 1):
        call(given, "--model", "m", "--missing", "--date", "2026-01-31", "--shard", f"{number}/{of}", "-o", path)
    return paths


@pytest.mark.parametrize("of", [1, 3, 12])
def test_shards_merge_to_what_one_run_gives(tmp_path: Path, of: int) -> None:
    given = write_articles(tmp_path / "in.jsonl", 9)
    given.write_text(given.read_text(encoding="utf-8") + "{broken\n", encoding="utf-8")
    call(given, "--model", "m", "--missing", "--date", "2026-01-31", "-o", tmp_path / "one.jsonl")
    paths = shards(tmp_path, given, of)
    assert sum(len(path.read_text().splitlines()) for path in paths) == 9
    call("--merge", given, *reversed(paths), "-o", tmp_path / "all.jsonl")
    for suffix in ("", ".rejects.jsonl"):
        assert (tmp_path / f"all.jsonl{suffix}").read_bytes() == (tmp_path / f"one.jsonl{suffix}").read_bytes()
    one, merged = (json.loads((tmp_path / f"{name}.jsonl.manifest.json").read_text()) for name in ("one", "all"))
    assert merged == one


def test_outputs_whose_names_differ_by_a_suffix_share_no_file(tmp_path: Path) -> None:
    made = {}
    for count, name in enumerate(("a", "a.jsonl", "a.json"), 1):
        given = write_articles(tmp_path / "in.jsonl", count)
        call(given, "--model", "m", "--missing", "-o", tmp_path / "out" / name)
        made[name] = count
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        f"{name}{ending}" for name in made for ending in ("", ".rejects.jsonl", ".manifest.json")
    }
    for name, count in made.items():
        told = json.loads((tmp_path / "out" / f"{name}.manifest.json").read_text())
        assert told["counts"]["articles"] == len((tmp_path / "out" / name).read_text().splitlines()) == count


def test_a_pattern_of_shards_may_give_their_rejects_too(tmp_path: Path) -> None:
    given = write_articles(tmp_path / "in.jsonl", 9)
    shards(tmp_path, given, 3)
    found = sorted(tmp_path.glob("shard-*.jsonl"))
    assert len(found) == 6
    call("--merge", given, *found, "-o", tmp_path / "all.jsonl")
    assert len((tmp_path / "all.jsonl").read_text().splitlines()) == 9


def spoil(name: str, folder: Path, given: Path, paths: list[Path]) -> list[Path]:
    """Does something to the shards and returns those to merge."""
    first = paths[0]
    lines = first.read_text(encoding="utf-8").splitlines(keepends=True)
    match name:
        case "one is left out":
            return paths[:-1]
        case "one is given twice":
            return [first, first, *paths[2:]]
        case "one is of another input":
            other = write_articles(folder / "other.jsonl", 8)
            return [*shards(folder / "others", other, 3)[:1], *paths[1:]]
        case "one is under way":
            (folder / f"{first.name}.part").touch()
        case "one lost a line":
            first.write_text("".join(lines[:-1]), encoding="utf-8")
        case "one has a line too many":
            first.write_text("".join([*lines, lines[-1]]), encoding="utf-8")
        case "two lines are exchanged":
            first.write_text("".join([lines[1], lines[0], *lines[2:]]), encoding="utf-8")
        case "a line is torn":
            first.write_text("".join(lines)[:-9], encoding="utf-8")
        case "one is a folder":
            return [folder, *paths[1:]]
        case "a manifest is gone":
            (folder / "shard-1.jsonl.manifest.json").unlink()
        case "a manifest is another thing":
            (folder / "shard-1.jsonl.manifest.json").write_text("[]")
        case "one is from another model":
            path = folder / "shard-1.jsonl.manifest.json"
            path.write_text(path.read_text().replace("speller@1", "speller@2"))
    return paths


SPOILT = {
    "one is left out": r"shard \d/3, but 2 files to merge",
    "one is given twice": r"shard 1/3, as is",
    "one is of another input": r"from another input, or the input has changed",
    "one is under way": r"not complete yet",
    "one lost a line": r"nothing more where a-\d+ of the input is due",
    "one has a line too many": r"a-\d+ is not of this input",
    "two lines are exchanged": r"a-\d+ where a-\d+ of the input is due",
    "a line is torn": r"shard-1.jsonl:\d+: not a line that",
    "one is a folder": r"a folder, not a shard",
    "a manifest is gone": r"no such file: a shard has its manifest",
    "a manifest is another thing": r"not the manifest of",
    "one is from another model": r"another model than",
}


@pytest.mark.parametrize(("name", "told"), SPOILT.items(), ids=SPOILT)
def test_shards_that_do_not_fit(tmp_path: Path, name: str, told: str) -> None:
    given = write_articles(tmp_path / "in.jsonl", 30)
    paths = spoil(name, tmp_path, given, shards(tmp_path, given, 3))
    with pytest.raises(KzalignError, match=told):
        call("--merge", given, *paths, "-o", tmp_path / "all.jsonl")
    assert not (tmp_path / "all.jsonl").exists()


def test_nothing_to_merge(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match="--merge"):
        call("--merge", write_articles(tmp_path / "in.jsonl"), "-o", tmp_path / "all.jsonl")


def test_a_file_of_hypotheses_is_no_model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lines would be taken for whatever batch has as many texts."""
    monkeypatch.setattr(translate_cli, "_open", OPEN)
    (tmp_path / "hypotheses.txt").write_text("Water.\n")
    with pytest.raises(KzalignError, match="a file of hypotheses, which is for `kzalign bench`"):
        call(
            write_articles(tmp_path / "in.jsonl"),
            "--model",
            tmp_path / "hypotheses.txt",
            "--missing",
            "-o",
            tmp_path / "out.jsonl",
        )


def test_a_real_model_that_is_stopped_gives_the_same_bytes(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A toy of a real family: its hypotheses are no words, and are kept, flagged, one a sentence."""
    pytest.importorskip("transformers", reason="needs kzalign[mt]")
    pytest.importorskip("sentencepiece", reason="needs kzalign[mt]")
    from tiny_models import tiny_models

    monkeypatch.setattr(translate_cli, "_open", OPEN)
    monkeypatch.setenv("KZALIGN_HOME", str(tmp_path / "home"))
    model = tiny_models(tmp_path_factory.mktemp("toys"))("nllb")
    given = write_articles(tmp_path / "in.jsonl", 6)
    options = ("--model", model, "--to", "kk", "--date", "2026-01-31")
    options += ("--set", "mt.device=cpu", "--set", "translate.batch_texts=2", "--set", "translate.window=9")
    call(given, *options, "-o", tmp_path / "whole.jsonl")
    calls = 0

    @contextmanager
    def stopping() -> Iterator[Any]:
        """Stops a run after some batches."""
        left = iter([False] * 4)
        yield lambda: next(left, True)

    with monkeypatch.context() as patch:
        patch.setattr(translate_cli, "_stopping", stopping)
        while call(given, *options, "-o", tmp_path / "cut.jsonl").exit_code == 130:
            calls += 1
    assert calls > 1
    assert (tmp_path / "cut.jsonl").read_bytes() == (tmp_path / "whole.jsonl").read_bytes()
    for article in read_articles(tmp_path / "cut.jsonl"):
        made = article.versions["kk"]
        assert len(made.sentences) == 2
        assert made.machine is not None
        assert made.machine.flags


SCRIPT = """
import sys, time
sys.path.insert(0, sys.argv[1])
from rich.console import Console
from translators import Speller
from kzalign import translate_cli
from kzalign.console import fail_clearly

class Slow(Speller):
    def translate(self, texts, source, target):
        time.sleep(0.05)
        return super().translate(texts, source, target)

translate_cli._open = lambda model, config: Slow()
sys.argv[:2] = ["translate"]
sys.exit(fail_clearly(translate_cli.app))
"""


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Any]:
    """Yields a function that starts the command in a process of its own."""
    started: list[subprocess.Popen[str]] = []
    tests = Path(__file__).parent

    def start(*arguments: object) -> subprocess.Popen[str]:
        command = [sys.executable, "-c", SCRIPT, str(tests), *map(str, arguments)]
        env = os.environ | {"PYTHONPATH": str(tests.parent), "NO_COLOR": "1"}
        started.append(subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True))
        return started[-1]

    yield start
    for process in started:
        process.kill()
        process.communicate()


def test_what_a_machine_wrote_is_no_source_where_it_comes_from_a_corpus(tmp_path: Path) -> None:
    (article,) = make_corpus(tmp_path / "corpus", 1)
    machine = Machine("m@1", "abc", "2026-01-31", "kk", ("abstract",))
    made = replace(article, versions={"ru": replace(article.versions["ru"], machine=machine)})
    path = next((tmp_path / "corpus").rglob("train*.parquet"), None) or next((tmp_path / "corpus").rglob("*.parquet"))
    pq.write_table(pa.Table.from_pylist([article_row(made, None)], schema=article_schema()), path)
    *_, found = open_source(Input(str(tmp_path / "corpus")), open_articles).records(0)
    assert isinstance(found, Article)
    assert found.versions["ru"].machine is not None and found.versions["ru"].machine.model == "m@1"
    assert found.human().versions == {}


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_after_its_batch(tmp_path: Path, running: Any, number: int) -> None:
    given, output = write_articles(tmp_path / "in.jsonl", 60), tmp_path / "out.jsonl"
    arguments = (given, "--model", "m", "--missing", "-o", output, "--date", "2026-01-31", "--set", "translate.batch_texts=2")
    process = running(*arguments, "--json")
    journal = tmp_path / "out.jsonl.journal"
    while process.poll() is None and not (journal.exists() and journal.read_bytes().count(b"\n") > 3):
        time.sleep(0.01)
    process.send_signal(number)
    told, errors = process.communicate(timeout=180)
    assert process.returncode == 130, errors
    assert json.loads(told)["complete"] is False
    assert "stopping: after this batch" in errors
    assert "the same command goes on from there" in errors
    assert "nothing half-written" not in errors
    assert not output.exists()
    call(*arguments)
    call(
        given,
        "--model",
        "m",
        "--missing",
        "-o",
        tmp_path / "one.jsonl",
        "--date",
        "2026-01-31",
        "--set",
        "translate.batch_texts=2",
    )
    assert output.read_bytes() == (tmp_path / "one.jsonl").read_bytes()


NOTHING: dict[str, tuple[str, bytes, str]] = {
    "broken lines": ("articles.jsonl", b"{\n[]\n", "2 rejects: articles.jsonl:1: not JSON"),
    "a table of broken lines": ("t.tsv", b"kk\tru\nx\n", "1 rejects: t.tsv:2: another number of cells"),
    "an empty file": ("articles.jsonl", b"", "0 rejects"),
}


@pytest.mark.parametrize("name", NOTHING)
def test_nothing_but_rejects(tmp_path: Path, name: str) -> None:
    file, data, told = NOTHING[name]
    given, output = tmp_path / file, tmp_path / "out.jsonl"
    given.write_bytes(data)
    column = ["--column", "ru=ru"] if file.endswith(".tsv") else []
    for _ in range(2):
        with pytest.raises(KzalignError) as caught:
            call(given, "--model", "m", "--missing", *column, "-o", output)
        assert str(caught.value).startswith(f"nothing to write to {output}: no article found, {told}")
        assert [path.name for path in tmp_path.iterdir() if not path.name.endswith(".lock")] == [file]


def test_nothing_but_rejects_in_all_shards(tmp_path: Path) -> None:
    given = tmp_path / "articles.jsonl"
    given.write_bytes(b"{\n[]\n{\n")
    paths = shards(tmp_path, given, 2)
    assert all(path.exists() for path in paths)
    with pytest.raises(KzalignError, match="no article found, 3 rejects"):
        call("--merge", given, *paths, "-o", tmp_path / "out.jsonl")
    assert not (tmp_path / "out.jsonl").exists()


def test_a_reject_is_a_record() -> None:
    found = readers._article(b"\xff\n", "f:1")
    assert found == Reject("translate", "f:1", "not UTF-8 (bad byte at offset 0)", {"line": "\ufffd"})
