"""A byte order mark is no part of a text: with and without it every command that reads lines gives the same."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from bench_runs import TOML, sentences, swapped, write_benchmark
from translators import Speller

from kzalign import translate_cli
from kzalign.cli import app
from kzalign.console import fail_clearly
from kzalign.records import Article, Version, dumps

BOM = b"\xef\xbb\xbf"
LINES = """
[data]
kind = "lines"
path = "."
files = { kk-ru = ["a.kk", "a.ru"] }
"""


def kz(*arguments: str) -> None:
    assert fail_clearly(lambda: app(list(arguments), prog_name="kzalign")) == 0


def bench(folder: Path, kind: str) -> Any:
    """Returns the figures of a system on the benchmark of this kind."""
    kz("bench", "invented.toml", "--outputs", f"one=one.{kind}", "--direction", "kk-ru", "-o", str(folder / "out"))
    results = json.loads((folder / "out" / "results.json").read_text(encoding="utf-8"))
    return [(score["model"], score["metric"], score["value"]) for score in results["directions"]["kk-ru"]["scores"]]


def written(folder: Path, *arguments: str) -> str:
    """Returns what a command writes."""
    kz(*arguments, "-o", str(folder / "out"))
    return (folder / "out").read_text(encoding="utf-8")


def translated(folder: Path, *arguments: str) -> list[Any]:
    """Returns the versions that are made of an input."""
    lines = written(folder, "translate", *arguments, "--model", "m", "--date", "2026-01-31").splitlines()
    found = [json.loads(line)["versions"] for line in lines]
    for versions in found:
        for version in versions.values():
            version.pop("machine", None)
    return found


READS: dict[str, tuple[list[str], Callable[[Path], Any]]] = {
    "bench: lines": (["invented.toml", "a.kk", "a.ru", "one.txt"], lambda out: bench(out, "txt")),
    "bench: a table": (["data.tsv", "one.jsonl"], lambda out: bench(out, "jsonl")),
    "align-lines": (["a.kk", "a.ru"], lambda out: written(out, "align-lines", "a.kk", "a.ru", "--langs", "kk", "ru")),
    "align": (["articles.jsonl"], lambda out: written(out, "align", "articles.jsonl")),
    "translate: articles": (["articles.jsonl"], lambda out: translated(out, "articles.jsonl", "--missing")),
    "translate: a table": (["data.tsv"], lambda out: translated(out, "data.tsv", "--column", "kk=kk", "--to", "ru")),
    "translate: lines": (["a.txt"], lambda out: translated(out, "a.txt", "--from", "kk", "--to", "ru")),
    "translate: rows": (["rows.jsonl"], lambda out: translated(out, "rows.jsonl", "--column", "kk=kk", "--to", "ru")),
    "lexicon: a table": (["words.tsv"], lambda out: written(out, "lexicon", "import", "words.tsv", "--langs", "kk", "ru")),
    "lexicon: hunalign's": (["words.dic"], lambda out: written(out, "lexicon", "import", "words.dic", "--langs", "kk", "ru")),
    "lexicon: pairs": (["pairs.tsv"], lambda out: written(out, "lexicon", "learn", "pairs.tsv", "--langs", "kk", "ru")),
    "settings": (["own.toml"], lambda out: written(out, "align", "articles.jsonl", "--config", "own.toml")),
}


def write_all(folder: Path, name: str) -> None:
    """Writes what the commands read."""
    rows = sentences()
    write_benchmark(folder)
    if name == "bench: lines":
        (folder / "invented.toml").write_text(TOML.split("[data]")[0].replace(', "ru-kk"', "") + LINES, encoding="utf-8")
    article = Article("a-1", "a", versions={lang: Version(lang, None, rows[0][k]) for k, lang in enumerate(("kk", "ru"))})
    texts = {
        "a.kk": [row[0] for row in rows],
        "a.ru": [row[1] for row in rows],
        "a.txt": [row[0] for row in rows],
        "one.txt": [swapped(row[0]) for row in rows],
        "one.jsonl": [dumps({"hypothesis": swapped(row[0])}) for row in rows],
        "articles.jsonl": [dumps(article.to_json())],
        "rows.jsonl": [dumps({"kk": row[0]}) for row in rows],
        "words.tsv": ["қапшық\tсумка", "күлше\tлепёшка"],
        "words.dic": ["қапшық @ сумка", "күлше @ лепёшка"],
        "pairs.tsv": [f"қапшық {n} күлше\tсумка {n} лепёшка" for n in range(9)],
        "own.toml": ["[align]", 'aligner = "lexical"'],
    }
    for file, lines in texts.items():
        (folder / file).write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize("name", READS)
def test_a_byte_order_mark_changes_nothing(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files, read = READS[name]
    monkeypatch.setattr(translate_cli, "_open", lambda model, config: Speller())
    found = []
    for mark in (b"", BOM):
        folder = tmp_path / ("marked" if mark else "plain")
        folder.mkdir()
        monkeypatch.chdir(folder)
        write_all(folder, name)
        for file in files:
            (folder / file).write_bytes(mark + (folder / file).read_bytes())
        out = folder / "written"
        out.mkdir()
        found.append(read(out))
    assert found[0] and found[0] == found[1]
