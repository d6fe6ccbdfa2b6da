"""What can be translated: articles, a corpus folder, a dataset of the Hub, a table, lines of JSON, lines of text.

A reader is an entry of READERS. Every record of an input is an article, or a reject that says why it is none.
"""

import hashlib
import json
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError, unknown
from kzalign.records import Article, Reject, Version, dumps
from kzalign.store import parse_article

Record = Article | Reject
HUB = "hf://datasets/"
"""What may stand before the name of a dataset, as where documents are read."""

FOLDER = "folder"
Corpus = Callable[[Path], tuple[list[Path], int, Callable[[int], Iterator[Article]]]]
"""Opens a dataset folder: its files, how many articles it has, and what yields these from one on."""

STAGE = "translate"
BLOCK = 1 << 20
SHOWN = 1_000
"""Characters of a broken line that its reject keeps; its id has the line's number."""


@dataclass(frozen=True, slots=True)
class Input:
    """What the user named: a path or a dataset, and where in a row the texts are."""

    name: str
    columns: Mapping[str, str] = field(default_factory=dict)
    """By language, the column of the texts; none for articles."""
    id_column: str = ""
    split: str = "train"
    """Of a dataset of the Hub."""
    lang: str = ""
    """Of lines of text."""


@dataclass(frozen=True, slots=True)
class Source:
    """An opened input: what identifies its records, about how many it has, and these from the `start`th on."""

    identity: dict[str, Any]
    count: int
    records: Callable[[int], Iterator[Record]]


def open_source(given: Input, corpus: Corpus | None = None) -> Source:
    """Returns the input, hashed; raises KzalignError where it is not there or of no kind that READERS has.

    `corpus` opens dataset folders; without it there are none.
    """
    given = replace(given, name=given.name.removeprefix(HUB))
    path = Path(given.name)
    if path.exists():
        kind = "folder" if path.is_dir() else path.suffix.lower()
        if kind == ".jsonl" and given.columns:
            kind = "rows"
    elif given.name.count("/") == 1 and given.columns and path.suffix.lower() not in READERS:
        kind = "hub"
    else:
        raise KzalignError(f"{given.name}: no such file or folder (for a dataset of the Hub give OWNER/NAME and --column)")
    readers: dict[str, Callable[[Input], Source]] = dict(READERS)
    if corpus:
        readers[FOLDER] = partial(_corpus, corpus)
    if kind not in readers:
        raise KzalignError(f"{path}: {unknown('kind of input', kind, readers)}")
    try:
        return readers[kind](given)
    except OSError as error:
        raise KzalignError(f"{given.name}: cannot be read: {error.strerror or error}") from None


def _articles(given: Input) -> Source:
    path = Path(given.name)

    def records(start: int) -> Iterator[Record]:
        for number, line in islice(_lines(path), start, None):
            yield _article(line, f"{path.name}:{number}")

    return _file_source("articles", given, [path], records)


def _article(line: bytes, where: str) -> Record:
    try:
        return parse_article(line.decode("utf-8"), where)
    except UnicodeDecodeError as error:
        reason = f"not UTF-8 (bad byte at offset {error.start})"
    except KzalignError as error:
        reason = str(error).removeprefix(f"{where}: ")
    return _reject(where, reason, line)


def _rows(given: Input) -> Source:
    path = Path(given.name)

    def records(start: int) -> Iterator[Record]:
        for position, (number, line) in enumerate(islice(_lines(path), start, None), start):
            where = f"{path.name}:{number}"
            try:
                row = json.loads(line)
            except (ValueError, RecursionError):
                yield _reject(where, "not JSON", line)
                continue
            found = _from_row(row, given, path.stem, position)
            yield found if isinstance(found, Article) else _reject(where, found, line)

    return _file_source("rows", given, [path], records)


def _table(given: Input) -> Source:
    path = Path(given.name)
    if not given.columns:
        raise KzalignError(f"{path}: which column holds the texts? give --column, such as --column ru=abstract")
    first = next(_lines(path), (1, b""))[1].decode("utf-8", "replace")
    names = first.rstrip("\r\n").split("\t")
    for column in filter(None, (*given.columns.values(), given.id_column)):
        if column not in names:
            raise KzalignError(f"{path}: {unknown('column', column, names)}")

    def records(start: int) -> Iterator[Record]:
        for position, (number, line) in enumerate(islice(_lines(path), start + 1, None), start):
            where = f"{path.name}:{number}"
            try:
                cells = line.decode("utf-8").rstrip("\r\n").split("\t")
            except UnicodeDecodeError as error:
                yield _reject(where, f"not UTF-8 (bad byte at offset {error.start})", line)
                continue
            if len(cells) != len(names):
                yield _reject(where, f"another number of cells than in the first line: {len(cells)}, not {len(names)}", line)
                continue
            found = _from_row(dict(zip(names, cells, strict=True)), given, path.stem, position)
            yield found if isinstance(found, Article) else _reject(where, found, line)

    return _file_source("table", given, [path], records)


def _text(given: Input) -> Source:
    path = Path(given.name)
    if not given.lang:
        raise KzalignError(f"{path}: in which language is the text? give one, such as --from ru")

    def records(start: int) -> Iterator[Record]:
        with path.open("rb") as stream:
            for number, line in enumerate(islice(stream, start, None), start + 1):
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8").rstrip("\r\n")
                except UnicodeDecodeError as error:
                    yield _reject(f"{path.name}:{number}", f"not UTF-8 (bad byte at offset {error.start})", line)
                    continue
                yield _made(f"{path.stem}-{number:06d}", path.stem, {given.lang: text})

    return _file_source("text", given, [path], records)


def _corpus(corpus: Corpus, given: Input) -> Source:
    files, count, articles = corpus(Path(given.name))
    return replace(_file_source("corpus", given, files, articles), count=count)


def _hub(given: Input) -> Source:
    try:
        from datasets import load_dataset  # type: ignore[import-untyped]
        from datasets.exceptions import DatasetNotFoundError  # type: ignore[import-untyped]
    except ImportError:
        raise KzalignError(f"{given.name}: reading a dataset of the Hub needs datasets: pip install datasets") from None
    try:
        data = load_dataset(given.name, split=given.split)
    except (DatasetNotFoundError, ConnectionError, ValueError) as error:
        raise KzalignError(f"{given.name}: cannot be loaded: {' '.join(str(error).split())}") from None
    wanted = [column for column in (*given.columns.values(), given.id_column) if column]
    for column in wanted:
        if column.split(".")[0] not in data.column_names:
            raise KzalignError(f"{given.name}: {unknown('column', column, data.column_names)}")
    data = data.select_columns(sorted({column.split(".")[0] for column in wanted}))
    state = hashlib.sha256()
    for rows in data.iter(batch_size=1_000):
        state.update(dumps(rows).encode("utf-8", "replace"))

    def records(start: int) -> Iterator[Record]:
        for position in range(start, len(data)):
            found = _from_row(data[position], given, given.name, position)
            yield found if isinstance(found, Article) else Reject(STAGE, f"{given.name}:{position}", found, {"row": position})

    return Source(_identity("hub", given, state.hexdigest()), len(data), records)


def _from_row(row: Any, given: Input, issue_id: str, position: int) -> Article | str:
    """Returns the article that a row holds, or why it holds none."""
    texts: dict[str, str] = {}
    for lang, column in given.columns.items():
        value = row
        for key in column.split("."):
            if not isinstance(value, dict) or key not in value:
                return f"no column '{column}'"
            value = value[key]
        if value is not None and not (isinstance(value, str) and _is_whole(value)):
            return f"'{column}' is not a text"
        texts[lang] = value or ""
    found = row.get(given.id_column) if given.id_column else f"{issue_id}-{position + 1:06d}"
    if not isinstance(found, str | int) or not str(found).strip():
        return f"no id in column '{given.id_column}'"
    return _made(str(found), issue_id, texts)


def _is_whole(text: str) -> bool:
    """Half a surrogate pair, which JSON can write, is no character."""
    return not any("\ud800" <= char <= "\udfff" for char in text)


def _made(record_id: str, issue_id: str, texts: Mapping[str, str]) -> Article:
    return Article(record_id, issue_id, versions={lang: Version(lang, abstract=t) for lang, t in texts.items() if t.strip()})


def _reject(where: str, reason: str, line: bytes) -> Reject:
    return Reject(STAGE, where, reason, {"line": line.decode("utf-8", "replace").rstrip("\r\n")[:SHOWN]})


def _lines(path: Path) -> Iterator[tuple[int, bytes]]:
    """Yields the numbered lines that are not blank, without a byte order mark."""
    with path.open("rb") as stream:
        for number, line in enumerate(stream, 1):
            text = line.removeprefix(BOM_UTF8) if number == 1 else line
            if text.strip():
                yield number, text


def _file_source(kind: str, given: Input, paths: Sequence[Path], records: Callable[[int], Iterator[Record]]) -> Source:
    state = hashlib.sha256()
    count = 0
    for path in paths:
        with path.open("rb") as stream:
            for block in iter(lambda: stream.read(BLOCK), b""):
                state.update(block)
                count += block.count(b"\n")
    return Source(_identity(kind, given, state.hexdigest()), count, records)


def _identity(kind: str, given: Input, sha256: str) -> dict[str, Any]:
    told = {"column": dict(given.columns), "id-column": given.id_column} if given.columns else {}
    return {"kind": kind, "sha256": sha256, **({"lang": given.lang} if kind == "text" else told)}


READERS: dict[str, Callable[[Input], Source]] = {
    ".jsonl": _articles,
    "rows": _rows,
    ".tsv": _table,
    ".txt": _text,
    "hub": _hub,
}
"""By suffix or kind: how an input is read; a dataset folder by what `open_source` is given."""
