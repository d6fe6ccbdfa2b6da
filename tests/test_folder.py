"""A dataset folder opened: what is wrong with it is one line before a row is read; rows come back as they were written."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.corpus.folder import _rows, open_manifest, select
from kzalign.corpus.parquet import ARTICLES, CONFIGS, Table, article_schema, segment_schema
from kzalign.corpus.segments import SPLITS
from kzalign.errors import KzalignError
from kzalign.store import MANIFEST

Change = Callable[[Path], Any]


def segment(number: int, langs: tuple[str, ...]) -> dict[str, Any]:
    """Returns a row of a pair or triple."""
    return {
        "id": f"i-01/{'-'.join(langs)}/{number:03d}",
        "article_id": "i-01",
        "issue_id": "i",
        "licence": None,
        "doi": "10.5555/1",
        "journal": "Дала",
        "year": 2020,
        "translation": {lang: f"{lang} {number}" for lang in langs},
        "score": 0.9,
        "scores": None,
        "sentence_ids": {lang: list(range(number % 3)) for lang in langs},
        "lines": {lang: [[1, 2]] * (number % 2) for lang in langs},
    }


def article(number: int) -> dict[str, Any]:
    """Returns a row of `articles`: one language is lacking, one alignment is."""
    return {
        "id": f"i-{number:02d}",
        "issue_id": "i",
        "licence": "MIT",
        "authors": ["А. Б. Тас", "В. Суық"],
        "doi": "10.5555/1",
        "udc": ["63"],
        "irsti": [],
        "journal": "Дала",
        "issn": None,
        "volume": None,
        "issue": "1 (2)",
        "pages": "3–4",
        "year": 2020,
        "title": {"kk": "Су", "ru": None, "en": None},
        "abstract": {"kk": "Бір. Екі.", "ru": "Один. Два.", "en": None},
        "sentences": {"kk": ["Бір.", "Екі."], "ru": ["Один.", "Два."], "en": None},
        "keywords": {"kk": ["су"], "ru": [], "en": None},
        "abstract_lines": {"kk": [[1, 2], [4, 5]], "ru": [[7, 9]], "en": None},
        "alignment": {"kk-ru": [{"left": [0, 1], "right": [0], "score": 0.3}], "kk-en": None, "ru-en": None},
        "machine_translated": {"kk": None, "ru": None, "en": None},
        "notes": [],
    }


def write(folder: Path, rows: dict[tuple[str, str], list[dict[str, Any]]]) -> Path:
    """Writes a dataset folder of these rows by configuration and split."""
    counts = {name: dict.fromkeys(SPLITS, 0) for name in (*CONFIGS, ARTICLES)}
    for (name, split), part in rows.items():
        schema = article_schema() if name == ARTICLES else segment_schema(CONFIGS[name])
        table = Table(folder / "data" / name, split, schema)
        table.add(pa.Table.from_pylist(part, schema=schema))
        table.close()
        counts[name][split] = len(part)
    (folder / MANIFEST).write_text(json.dumps({"stage": "build", "rows": counts}))
    return folder


@pytest.fixture
def corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Returns a small folder in which kk-ru has two files and two splits."""
    monkeypatch.setattr("kzalign.corpus.parquet.ROWS_PER_GROUP", 4)
    monkeypatch.setattr("kzalign.corpus.parquet.ROWS_PER_FILE", 8)
    pair = [segment(k, ("kk", "ru")) for k in range(13)]
    return write(
        tmp_path / "corpus",
        {("kk-ru", "train"): pair[:10], ("kk-ru", "test"): pair[10:], (ARTICLES, "train"): [article(k) for k in range(5)]},
    )


def read(folder: Path, name: str, *splits: str) -> list[tuple[str, dict[str, Any]]]:
    return [(split, row) for split, block in select(folder, name, splits).read() for row in block]


def test_rows_come_back_with_their_split(corpus: Path) -> None:
    wanted = [("train" if k < 10 else "test", segment(k, ("kk", "ru"))) for k in range(13)]
    assert read(corpus, "kk-ru") == wanted
    assert read(corpus, "kk-ru", "test") == wanted[10:]
    assert read(corpus, "kk-ru", "test", "train") == wanted


def test_articles_come_back(corpus: Path) -> None:
    assert read(corpus, ARTICLES) == [("train", article(k)) for k in range(5)]


def test_blocks_are_row_groups(corpus: Path) -> None:
    chosen = select(corpus, "kk-ru")
    assert [len(rows) for _, rows in chosen.read()] == [4, 4, 2, 3]
    assert (chosen.blocks, chosen.counts, chosen.langs) == (4, {"train": 10, "test": 3}, ("kk", "ru"))
    assert [path.name for _, path in chosen.files][:2] == ["train-00000-of-00002.parquet", "train-00001-of-00002.parquet"]


INTS = st.none() | st.lists(st.integers(-9, 9), max_size=3)
CELLS = st.fixed_dictionaries(
    {
        "text": st.none() | st.text(st.characters(exclude_categories=("Cs",)), max_size=5),
        "number": st.none() | st.floats(width=32, allow_nan=False),
        "lists": st.none() | st.lists(INTS, max_size=3),
        "by_lang": st.none() | st.fixed_dictionaries({"kk": INTS, "ru": INTS}),
        "beads": st.none() | st.lists(st.fixed_dictionaries({"left": INTS, "right": INTS}), max_size=2),
    }
)
KINDS = pa.schema(
    [
        ("text", pa.string()),
        ("number", pa.float32()),
        ("lists", pa.list_(pa.list_(pa.int32()))),
        ("by_lang", pa.struct([("kk", pa.list_(pa.int32())), ("ru", pa.list_(pa.int32()))])),
        ("beads", pa.list_(pa.struct([("left", pa.list_(pa.int32())), ("right", pa.list_(pa.int32()))]))),
    ]
)


@settings(deadline=None)
@given(st.lists(CELLS, max_size=6), st.integers(0, 6))
def test_values_are_those_of_to_pylist(rows: list[dict[str, Any]], start: int) -> None:
    """Also in a slice, with nulls anywhere; numbers are as near as a float32 is."""
    read = pa.Table.from_pylist(rows, schema=KINDS).slice(start)
    found, wanted = _rows(read), read.to_pylist()
    for row in found:
        row["number"] = None if row["number"] is None else float(np.float32(row["number"]))
    assert found == wanted


@settings(deadline=None)
@given(st.floats(0, 1, width=32))
def test_a_score_is_the_shortest_number_that_it_is(score: float) -> None:
    (row,) = _rows(pa.table({"score": pa.array([score], pa.float32())}))
    assert repr(row["score"]) == repr(float(str(np.float32(score))))


def first(corpus: Path) -> Path:
    return corpus / "data" / "kk-ru" / "train-00000-of-00002.parquet"


def manifest(change: Callable[[dict[str, Any]], Any]) -> Change:
    def changed(corpus: Path) -> None:
        path = corpus / MANIFEST
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))

    return changed


def table(change: Callable[[pa.Table], pa.Table]) -> Change:
    return lambda corpus: pq.write_table(change(pq.read_table(first(corpus))), first(corpus))


def without_kazakh(rows: pa.Table) -> pa.Table:
    texts = pa.array([{"ru": row["ru"]} for row in rows.column("translation").to_pylist()])
    return rows.set_column(rows.schema.get_field_index("translation"), "translation", texts)


def cut(share: float) -> Change:
    def changed(corpus: Path) -> None:
        data = first(corpus).read_bytes()
        first(corpus).write_bytes(data[: int(len(data) * share)])

    return changed


def scrambled(corpus: Path) -> None:
    """The footer stays whole, the rows do not."""
    data = first(corpus).read_bytes()
    first(corpus).write_bytes(data[:4] + b"\xff" * 600 + data[604:])


BAD: dict[str, tuple[Change, str]] = {
    "no manifest": (lambda c: (c / MANIFEST).unlink(), "corpus: no manifest.json in it: half written, or not made by kzalign"),
    "a manifest that is text": (lambda c: (c / MANIFEST).write_text("{"), "manifest.json: not JSON"),
    "a manifest in another encoding": (lambda c: (c / MANIFEST).write_bytes(b"\xff\xfe{"), "manifest.json: not JSON"),
    "a manifest nested too deep": (lambda c: (c / MANIFEST).write_text("[" * 100_000), "manifest.json: not JSON"),
    "a manifest that is a list": (lambda c: (c / MANIFEST).write_text("[]"), "not the manifest of a finished build"),
    "a manifest of another stage": (manifest(lambda m: m.update(stage="bench")), "not the manifest of a finished build"),
    "a manifest without rows": (manifest(lambda m: m.pop("rows")), "not the manifest of a finished build"),
    "a manifest whose rows are words": (manifest(lambda m: m["rows"].update({"kk-ru": {"train": "x"}})), "not the manifest"),
    "fewer rows than counted": (manifest(lambda m: m["rows"]["kk-ru"].update(train=11)), "10 rows in split 'train' where"),
    "more rows than counted": (manifest(lambda m: m["rows"]["kk-ru"].update(train=9)), "10 rows in split 'train' where"),
    "a file that is gone": (lambda c: first(c).unlink(), "train-00000-of-00002.parquet: no such file"),
    "all files gone": (lambda c: [p.unlink() for p in (c / "data" / "kk-ru").iterdir()], "train-00000-of-00001.parquet: no such"),
    "files of two builds": (lambda c: (first(c).with_name("train-00000-of-00001.parquet")).touch(), "two builds are mixed"),
    "an empty file": (cut(0), "train-00000-of-00002.parquet: broken or cut short"),
    "half a file": (cut(0.5), "train-00000-of-00002.parquet: broken or cut short"),
    "a file without its last byte": (cut(0.999), "train-00000-of-00002.parquet: broken or cut short"),
    "a file that is a folder": (lambda c: (first(c).unlink(), first(c).mkdir()), "train-00000-of-00002.parquet: broken or cut"),
    "rows that are noise": (scrambled, "train-00000-of-00002.parquet: broken or cut short"),
    "no score": (table(lambda t: t.drop_columns("score")), "train-00000-of-00002.parquet: no column 'score' in it"),
    "no Kazakh": (table(without_kazakh), "train-00000-of-00002.parquet: no column 'translation.kk' in it"),
    "text without languages": (
        table(lambda t: t.set_column(t.schema.get_field_index("translation"), "translation", t.column("id"))),
        "no column 'translation.kk' in it",
    ),
    "a column in one file only": (
        table(lambda t: t.append_column("colour", t.column("id"))),
        "train-00001-of-00002.parquet: no column 'colour' in it",
    ),
}


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
def test_what_is_wrong_is_said_in_one_line(corpus: Path, change: Change, said: str) -> None:
    change(corpus)
    with pytest.raises(KzalignError) as error:
        read(corpus, "kk-ru")
    assert said in str(error.value)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize("change", [lambda c: None, lambda c: c.touch()], ids=["missing", "a file"])
def test_what_is_no_folder_is_named(tmp_path: Path, change: Change) -> None:
    change(tmp_path / "x")
    with pytest.raises(KzalignError, match=r"x: (no such folder|not a folder)"):
        open_manifest(tmp_path / "x")


CHOICES = {
    "a wrong name": (("kk-rus",), "unknown configuration 'kk-rus': did you mean 'kk-ru'"),
    "a path": (("../kk-ru",), "unknown configuration '../kk-ru'"),
    "no rows at all": (("kk-en",), "'kk-en' has no rows; with rows: no split"),
    "a wrong split": (("kk-ru", "training"), "unknown split 'training': did you mean 'train'"),
    "an empty split": (("kk-ru", "validation"), "split 'validation' of 'kk-ru' has no rows; with rows: train, test"),
    "one of two empty": (("kk-ru", "train", "validation"), "split 'validation' of 'kk-ru' has no rows"),
}


@pytest.mark.parametrize(("asked", "said"), CHOICES.values(), ids=CHOICES)
def test_a_choice_that_is_not_there(corpus: Path, asked: tuple[str, ...], said: str) -> None:
    with pytest.raises(KzalignError) as error:
        read(corpus, *asked)
    assert said in str(error.value)


def test_what_a_corpus_has_besides_is_read(corpus: Path) -> None:
    """Columns that newer builds add come with the rows."""
    for path in (corpus / "data" / "kk-ru").iterdir():
        rows = pq.read_table(path)
        pq.write_table(rows.append_column("colour", rows.column("id")), path)
    assert select(corpus, "kk-ru").columns[-1] == "colour"
    assert all(row["colour"] == row["id"] for _, row in read(corpus, "kk-ru"))
