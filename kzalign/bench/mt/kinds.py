"""KINDS, the table of what a benchmark's data can be: how it is written down and how a direction of it is read."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby, permutations
from pathlib import Path
from typing import Any

from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.tables import ReadParquet, Row, read_hub, read_rows, texts_of
from kzalign.cards import REPO, REVISION, Rule, matches
from kzalign.errors import KzalignError
from kzalign.records import LANGS, PAIRS
from kzalign.store import read_lines

Data = Mapping[str, Any]
Read = Callable[[Data, Path, str, ReadParquet], "Sides"]
DIRECTIONS = tuple("-".join(langs) for langs in permutations(LANGS, 2))
FLORES = {"kk": "kaz_Cyrl", "ru": "rus_Cyrl", "en": "eng_Latn"}
KAZPARC = {"kk-ru": ("kk", "ru"), "kk-en": ("kk", "en"), "ru-en": ("en", "ru")}
"""The order of a pair's languages in KazParC's files."""


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of data: the fields it must and may have, the pairs it has, and its reader.

    The reader gets the [data] table, the folder of the TOML file, the pair and a reader of Parquet files.
    """

    rules: Mapping[str, Rule]
    optional: Mapping[str, Rule]
    pairs: Callable[[Data], Sequence[str]]
    read: Read


def _is_files(value: Any) -> bool:
    return isinstance(value, dict) and all(
        pair in PAIRS and isinstance(names, list) and len(names) == 2 and all(isinstance(name, str) for name in names)
        for pair, names in value.items()
    )


def _is_columns(value: Any) -> bool:
    if not isinstance(value, dict) or not all(isinstance(name, str) for name in value.values()):
        return False
    return set(value) <= {*LANGS, "article"} and len(set(value) & set(LANGS)) > 1


PATH: Rule = (matches(r"\S.*"), "a path, relative to this file's folder")
NAME: Rule = (matches(r"[\w.-]+"), "a name")
FILES: Rule = (_is_files, f"a table of pairs ({', '.join(PAIRS)}), each with a list of two files")
COLUMNS: Rule = (_is_columns, "a table of column names for two or more of kk, ru, en, and for article if there is one")


@dataclass(frozen=True, slots=True)
class Sides:
    """A pair's two columns in the order of PAIRS, what each is called, and what is known of the segments' articles."""

    left: Sequence[str]
    right: Sequence[str]
    names: tuple[str, str]
    articles: Sequence[str] = ()
    keywords: Mapping[str, tuple[Sequence[str], Sequence[str]]] = field(default_factory=dict)


def read_direction(name: str, data: Data, folder: Path, direction: str, parquet: ReadParquet) -> EvalSet:
    """Returns a direction's segments; sides that differ in number are a KzalignError with the first line that is alone."""
    pair = pair_of(direction)
    sides = KINDS[data["kind"]].read(data, folder, pair, parquet)
    _same_number(sides.left, sides.right, sides.names)
    turn = 1 if direction == pair else -1
    sources, references = (sides.left, sides.right)[::turn]
    articles = tuple(sides.articles) or tuple(str(number) for number in range(1, len(sides.left) + 1))
    terms = {
        article: tuple(zip(*lists[::turn], strict=True))
        for article, lists in sides.keywords.items()
        if len(lists[0]) == len(lists[1])
    }
    return EvalSet(name, direction, tuple(sources), tuple(references), articles, terms)


def _same_number(left: Sequence[str], right: Sequence[str], names: tuple[str, str]) -> None:
    if len(left) != len(right):
        some = min(len(left), len(right))
        longer, name, other = (left, *names) if len(left) > len(right) else (right, *names[::-1])
        raise KzalignError(
            f"{names[0]}: {len(left)} lines, {names[1]}: {len(right)}: line {some + 1} of {name} "
            f"('{longer[some][:60]}') has no counterpart in {other}"
        )


def pair_of(direction: str) -> str:
    """Returns the pair, in the order of PAIRS, that a direction is of."""
    return "-".join(sorted(direction.split("-"), key=LANGS.index))


def places_of(data: Data, pair: str) -> list[str]:
    """Returns the files, or the folder, of a test set made elsewhere that a pair is read from on this machine."""
    if data["kind"] == "corpus" or "path" not in data:
        return []
    names = data["files"][pair] if data["kind"] == "lines" else [""]
    return [f"{data['path']}/{name}".removesuffix("/") for name in names]


def _lines(data: Data, folder: Path, pair: str, parquet: ReadParquet) -> Sides:
    left, right = (folder / data["path"] / name for name in data["files"][pair])
    return Sides(read_lines(left), read_lines(right), (str(left), str(right)))


def _corpus(data: Data, folder: Path, pair: str, parquet: ReadParquet) -> Sides:
    left, right = pair.split("-")
    root, split = folder / data["path"] / "data", data.get("split", "test")
    rows = _all(root / pair, split, parquet)
    texts = [row["translation"] for row in rows]
    keywords = {
        row["id"]: (row["keywords"][left] or (), row["keywords"][right] or ()) for row in _all(root / "articles", split, parquet)
    }
    names = (f"{root / pair} ({left})", f"{root / pair} ({right})")
    return Sides(
        texts_of(texts, left, names[0]), texts_of(texts, right, names[1]), names, [row["article_id"] for row in rows], keywords
    )


def _all(folder: Path, split: str, parquet: ReadParquet) -> list[Row]:
    files = sorted(folder.glob(f"{split}-*.parquet"))
    if not files:
        raise KzalignError(f"{folder}: no {split}-*.parquet: name a dataset folder that `kzalign build` wrote, with that split")
    return [row for path in files for row in parquet(path)]


def _flores(data: Data, folder: Path, pair: str, parquet: ReadParquet) -> Sides:
    split = data.get("split", "devtest")
    top = folder / data["path"]
    root = top / split if (top / split).is_dir() else top
    left, right = (root / f"{FLORES[lang]}.{split}" for lang in pair.split("-"))
    lines = read_lines(left)
    metadata = next((path for path in (root / f"metadata_{split}.tsv", top / f"metadata_{split}.tsv") if path.is_file()), None)
    articles: list[str] = []
    if metadata is not None:
        articles = _runs(texts_of(read_rows(metadata, parquet), "URL", str(metadata)))
        _same_number(lines, articles, (str(left), str(metadata)))
    return Sides(lines, read_lines(right), (str(left), str(right)), articles)


def _runs(names: Sequence[str]) -> list[str]:
    """Returns the names, numbered where one comes again after another: each run of lines is an article of its own."""
    counts: Counter[str] = Counter()
    found = []
    for name, run in groupby(names):
        counts[name] += 1
        found += [name if counts[name] == 1 else f"{name} ({counts[name]})"] * len(list(run))
    return found


def _kazparc(data: Data, folder: Path, pair: str, parquet: ReadParquet) -> Sides:
    split, order = data.get("split", "test"), KAZPARC[pair]
    name = "_".join(order)
    if "repo" in data:
        where = data["repo"]
        rows = read_hub(where, data.get("revision", "main"), "kazparc", split)
        rows = [row for row, of in zip(rows, texts_of(rows, "pair", where), strict=True) if of == name]
    else:
        pattern = f"*_{split}_{name}.csv"
        files = sorted((folder / data["path"]).glob(pattern))
        where = str(folder / data["path"] / pattern)
        if len(files) != 1:
            raise KzalignError(f"{where}: {len(files)} such files where one is expected: name the folder of KazParC's CSV files")
        rows = read_rows(files[0], parquet)
    columns = dict(zip(order, ("source_lang", "target_lang"), strict=True))
    left, right = (texts_of(rows, columns[lang], where) for lang in pair.split("-"))
    return Sides(left, right, (where, where))


def _table(data: Data, folder: Path, pair: str, parquet: ReadParquet) -> Sides:
    path, columns = folder / data["path"], data["columns"]
    rows = read_rows(path, parquet)
    left, right = (texts_of(rows, columns[lang], str(path)) for lang in pair.split("-"))
    articles = texts_of(rows, columns["article"], str(path)) if "article" in columns else ()
    return Sides(left, right, (str(path), str(path)), articles)


def _pairs_of_columns(data: Data) -> list[str]:
    return [pair for pair in PAIRS if set(pair.split("-")) <= set(data["columns"])]


SPLIT = {"split": NAME}
KINDS: dict[str, Kind] = {
    "lines": Kind({"path": PATH, "files": FILES}, {}, lambda data: list(data["files"]), _lines),
    "corpus": Kind({"path": PATH}, SPLIT, lambda data: PAIRS, _corpus),
    "flores": Kind({"path": PATH}, SPLIT, lambda data: PAIRS, _flores),
    "kazparc": Kind({}, {"path": PATH, "repo": REPO, "revision": REVISION} | SPLIT, lambda data: PAIRS, _kazparc),
    "table": Kind({"path": PATH, "columns": COLUMNS}, {}, _pairs_of_columns, _table),
}


def directions_of(kind: Kind, data: Data) -> list[str]:
    """Returns the directions that the data have, in the order of DIRECTIONS."""
    pairs = set(kind.pairs(data))
    return [direction for direction in DIRECTIONS if pair_of(direction) in pairs]
