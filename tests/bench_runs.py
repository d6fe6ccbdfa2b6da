"""A small benchmark of invented sentences, and systems that need no model."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from kzalign.bench.mt.benchmark import Benchmark, read_benchmark
from kzalign.bench.mt.outputs import System
from kzalign.corpus.rows import parquet_rows

TOML = """
title = "Invented"
source = "nowhere"
licence = "MIT"
directions = ["kk-ru", "ru-kk"]
metrics = ["bleu", "chrf++", "ter"]

[data]
kind = "table"
path = "data.tsv"
columns = { kk = "kk", ru = "ru", article = "article" }
"""
STEMS = ("мектеп", "кітап", "қала", "өзен", "дала", "жол", "үй", "бақ", "тау", "көл", "аспан", "жер")
WORDS = ("школа", "книга", "город", "река", "степь", "дорога", "дом", "сад", "гора", "озеро", "небо", "земля")


def sentences(count: int = 30) -> list[tuple[str, str, str]]:
    """Returns Kazakh, Russian and the article of invented sentences, three an article."""
    found = []
    for n in range(count):
        places = [(n * k + k) % len(STEMS) for k in range(1, 7)]
        kk, ru = (" ".join(words[place] for place in places) for words in (STEMS, WORDS))
        found.append((f"{kk} {n} туралы.", f"{ru} и {n} для.", f"a{n // 3}"))
    return found


def write_benchmark(folder: Path, rows: Sequence[tuple[str, str, str]] | None = None, toml: str = TOML) -> Benchmark:
    """Writes the benchmark's two files and returns it read."""
    lines = ["\t".join(row) for row in [("kk", "ru", "article"), *(rows if rows is not None else sentences())]]
    (folder / "data.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "invented.toml").write_text(toml, encoding="utf-8")
    return read_benchmark(folder / "invented.toml")


class Said(NamedTuple):
    """A hypothesis."""

    text: str
    flags: tuple[str, ...] = ()


class Fake:
    """A backend that says what a function makes of a text, remembers what it was asked, and may stop in the middle."""

    def __init__(
        self,
        say: Callable[[str], str],
        name: str = "fake@1",
        pairs: Sequence[str] = ("kk-ru", "ru-kk"),
        stop_after: int | None = None,
    ) -> None:
        self.say, self.name, self.pairs, self.stop_after = say, name, tuple(pairs), stop_after
        self.setup = "fake greedy"
        self.notes: list[str] = []
        self.asked: list[str] = []

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Said]:
        """Returns what is said of each text."""
        assert f"{source}-{target}" in self.pairs
        if texts and self.stop_after is not None and len(self.asked) >= self.stop_after:
            raise KeyboardInterrupt
        self.asked += texts
        self.notes = [f"asked for {len(self.asked)}"]
        return [Said(self.say(text), () if text else ("empty",)) for text in texts]

    def system(self, name: str = "fake", folder: Path | None = None, whole: bool = False) -> System:
        """Returns the system that opens this backend."""
        return System(name, lambda: self, whole, folder)


def swapped(text: str) -> str:
    """Returns a mediocre translation: known words one for one, the order of two changed."""
    known = dict(zip(STEMS, WORDS, strict=True)) | dict(zip(WORDS, STEMS, strict=True))
    words = [known.get(word, word) for word in text.split()]
    return " ".join([words[1], words[0], *words[2:]])


def silent(line: str) -> None:
    """Takes a line of progress and says nothing."""


PARQUET = parquet_rows
