"""Benchmark files: every bad field at once, every kind of data, and what is wrong with data said in one line."""

import json
import sys
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from bench_runs import PARQUET, TOML, write_benchmark

from kzalign.bench.mt.benchmark import Benchmark, read_benchmark
from kzalign.bench.mt.published import read_published
from kzalign.errors import KzalignError

ROOT = Path(__file__).resolve().parents[1]

WRONG: dict[str, tuple[str, str, list[str]]] = {
    "metric": ('"ter"]', '"tre"]', ["unknown metric 'tre': did you mean 'ter'?"]),
    "direction": ('"ru-kk"]', '"ru-kz"]', ["unknown direction 'ru-kz': did you mean 'ru-kk'?"]),
    "pair that the data lack": ('"ru-kk"]', '"en-kk"]', ["directions: en-kk: the data have only kk-ru, ru-kk"]),
    "metric twice": ('"ter"]', '"bleu"]', ["metrics is ['bleu', 'chrf++', 'bleu'] where a list such as"]),
    "kind": ('"table"', '"tabel"', ["data.kind: unknown kind 'tabel': did you mean 'table'?"]),
    "no kind": ('kind = "table"', "", ["data.kind is missing"]),
    "column": ('kk = "kk"', 'kz = "kk"', ["data.columns is"]),
    "field": ("title", "titel", ["title is missing", "titel: unknown field 'titel': did you mean 'title'?"]),
    "all at once": (
        'title = "Invented"\nsource = "nowhere"',
        "limit = 3",
        ["title is missing", "source is missing", "unknown field 'limit'"],
    ),
    "file of an unlisted metric": (
        "[data]",
        '[files]\ncomet = "x"\n[data]',
        ["files: 'comet' is not among metrics: add it there"],
    ),
    "file of an unknown metric": (
        "[data]",
        '[files]\nblue = "x"\n[data]',
        ["files: unknown metric 'blue': did you mean 'bleu'?"],
    ),
    "not TOML": ("[data]", "[data", ["cannot be read as a TOML card"]),
}


@pytest.mark.parametrize("name", WRONG)
def test_what_is_wrong_with_a_file(tmp_path: Path, name: str) -> None:
    before, after, said = WRONG[name]
    assert before in TOML
    with pytest.raises(KzalignError) as caught:
        write_benchmark(tmp_path, toml=TOML.replace(before, after))
    assert "\n" not in str(caught.value)
    assert all(part in str(caught.value) for part in ("invented.toml", *said)), caught.value


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(KzalignError, match=r"no\.toml: no such file"):
        read_benchmark(tmp_path / "no.toml")


ABSENT = {
    "lines": ('kind = "lines"\npath = "set"\nfiles = { kk-ru = ["a.kk", "a.ru"] }', "set/a.kk"),
    "FLORES": ('kind = "flores"\npath = "set"', "set"),
    "KazParC": ('kind = "kazparc"\npath = "set"', "set"),
    "a table": ('kind = "table"\npath = "set.tsv"\ncolumns = { kk = "kk", ru = "ru" }', "set.tsv"),
}


@pytest.mark.parametrize("name", ABSENT)
def test_a_test_set_that_is_not_there(tmp_path: Path, name: str) -> None:
    data, place = ABSENT[name]
    benchmark = write_benchmark(tmp_path, toml=f"{TOML.split('[data]')[0]}\n[data]\n{data}\n")
    with pytest.raises(KzalignError) as caught:
        benchmark.read("ru-kk", PARQUET)
    said = str(caught.value)
    assert said.startswith(f"{tmp_path / place}: no such file or folder: the test set is not part of kzalign")
    assert "source: nowhere" in said and "invented.toml" in said and "\n" not in said


@pytest.mark.parametrize("path", sorted((ROOT / "eval").glob("*.toml")), ids=lambda path: path.stem)
def test_shipped_files_are_good(path: Path) -> None:
    if path.stem == "published":
        assert {one.benchmark for name in ("flores", "kazparc") for one in read_published(path, name)} == {"flores", "kazparc"}
        assert read_published(path, "xwmt") == []
    elif path.stem != "alignment":
        assert read_benchmark(path).name == path.stem


def made(folder: Path, data: str, directions: str = '["kk-ru", "ru-kk"]') -> Benchmark:
    head = TOML[: TOML.index("[data]")].replace('["kk-ru", "ru-kk"]', directions)
    (folder / "b.toml").write_text(f"{head}[data]\n{data}\n", encoding="utf-8")
    return read_benchmark(folder / "b.toml")


def parquet(path: Path, rows: list[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    pq.write_table(pa.Table.from_pylist(rows), path)


def lines_data(folder: Path) -> str:
    (folder / "a.kk").write_text("бір\nекі\n", encoding="utf-8")
    (folder / "a.ru").write_text("один\nдва\n", encoding="utf-8")
    return 'kind = "lines"\npath = "."\nfiles = { kk-ru = ["a.kk", "a.ru"] }'


def corpus_data(folder: Path) -> str:
    translations = [{"kk": "бір", "ru": "один"}, {"kk": "екі", "ru": "два"}]
    rows = [{"article_id": "a.1", "translation": both} for both in translations]
    keywords = {"kk": ["сан", "тіл"], "ru": ["число", "язык"], "en": None}
    parquet(folder / "corpus/data/kk-ru/test-00000-of-00002.parquet", rows[:1])
    parquet(folder / "corpus/data/kk-ru/test-00001-of-00002.parquet", rows[1:])
    parquet(folder / "corpus/data/kk-ru/train-00000-of-00001.parquet", rows * 3)
    parquet(folder / "corpus/data/articles/test-00000-of-00001.parquet", [{"id": "a.1", "keywords": keywords}])
    return 'kind = "corpus"\npath = "corpus"'


def flores_data(folder: Path) -> str:
    inner = folder / "flores" / "devtest"
    inner.mkdir(parents=True)
    (inner / "kaz_Cyrl.devtest").write_text("бір\nекі\n", encoding="utf-8")
    (inner / "rus_Cyrl.devtest").write_text("один\nдва\n", encoding="utf-8")
    (folder / "flores" / "metadata_devtest.tsv").write_text("URL\tdomain\nx/1\tnews\nx/1\tnews\n", encoding="utf-8")
    return 'kind = "flores"\npath = "flores"'


def kazparc_data(folder: Path) -> str:
    text = '\ufeffid,source_lang,target_lang,domain,pair\n1,бір,"один",news,kk_ru\n2,екі,два,news,kk_ru\n'
    (folder / "15_kazparc_test_kk_ru.csv").write_text(text, encoding="utf-8")
    return 'kind = "kazparc"\npath = "."'


def table_data(suffix: str, text: str) -> Any:
    def write(folder: Path) -> str:
        (folder / f"t{suffix}").write_text(text, encoding="utf-8")
        return f'kind = "table"\npath = "t{suffix}"\ncolumns = {{ kk = "kaz", ru = "rus" }}'

    return write


KINDS = {
    "lines": (lines_data, ("1", "2"), {}),
    "corpus": (corpus_data, ("a.1", "a.1"), {"a.1": (("сан", "число"), ("тіл", "язык"))}),
    "flores": (flores_data, ("x/1", "x/1"), {}),
    "kazparc": (kazparc_data, ("1", "2"), {}),
    "tsv": (table_data(".tsv", "kaz\trus\nбір\tодин\nекі\tдва\n"), ("1", "2"), {}),
    "csv": (table_data(".csv", 'rus,kaz\n"один",бір\nдва,екі\n'), ("1", "2"), {}),
    "jsonl": (table_data(".jsonl", '{"kaz":"бір","rus":"один"}\n{"kaz":"екі","rus":"два"}\n'), ("1", "2"), {}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_is_read_in_both_directions(tmp_path: Path, kind: str) -> None:
    write, articles, terms = KINDS[kind]
    benchmark = made(tmp_path, write(tmp_path))
    there, back = (benchmark.read(direction, PARQUET) for direction in ("kk-ru", "ru-kk"))
    assert (there.sources, there.references, there.articles) == (("бір", "екі"), ("один", "два"), articles)
    assert (back.sources, back.references, back.articles) == (there.references, there.sources, articles)
    assert dict(there.terms) == terms
    assert dict(back.terms) == {name: tuple(pair[::-1] for pair in pairs) for name, pairs in terms.items()}


def test_an_article_that_comes_again_is_another(tmp_path: Path) -> None:
    data = flores_data(tmp_path)
    for lang, words in (("kaz", "бір екі үш төрт"), ("rus", "один два три четыре")):
        (tmp_path / f"flores/devtest/{lang}_Cyrl.devtest").write_text("\n".join(words.split()) + "\n", encoding="utf-8")
    (tmp_path / "flores/metadata_devtest.tsv").write_text("URL\nx\nx\ny\nx\n", encoding="utf-8")
    assert made(tmp_path, data).read("kk-ru", PARQUET).articles == ("x", "x", "y", "x (2)")


BROKEN: dict[str, tuple[str, str, str]] = {
    "a side is longer": ("a.ru", "один\nдва\nтри\n", r"a\.ru: 3: line 3 of .*a\.ru \('три'\) has no counterpart in .*a\.kk"),
    "a side is shorter": ("a.ru", "один\n", r"a\.ru: 1: line 2 of .*a\.kk \('екі'\) has no counterpart in .*a\.ru"),
    "a side is empty": ("a.ru", "", r"a\.ru: 0: line 1 of"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_sides_that_differ_in_number(tmp_path: Path, name: str) -> None:
    file, text, said = BROKEN[name]
    benchmark = made(tmp_path, lines_data(tmp_path))
    (tmp_path / file).write_text(text, encoding="utf-8")
    with pytest.raises(KzalignError, match=said):
        benchmark.read("kk-ru", PARQUET)


TABLES: dict[str, tuple[str, str, str]] = {
    "no such column": (".tsv", "kaz\trsu\nбір\tодин\n", r"unknown column 'rus': did you mean 'rsu'\?"),
    "a short row": (".tsv", "kaz\trus\nбір\n", r"row 1: 'rus' is None, not a text"),
    "a number": (".jsonl", '{"kaz": 1, "rus": "один"}\n', r"row 1: 'kaz' is 1, not a text"),
    "half a character": (".jsonl", '{"kaz": "\\ud800", "rus": "один"}\n', r"row 1: 'kaz' is .* not a text"),
    "not JSON": (".jsonl", '{"kaz"\n', r"t\.jsonl:1: not JSON"),
    "not an object": (".jsonl", "[1]\n", r"t\.jsonl:1: not a JSON object"),
    "a broken quotation": (".csv", 'kaz,rus\nбір,"один\n', r"t\.csv: cannot be read as \.csv"),
    "not Parquet": (".parquet", "PAR", r"t\.parquet: cannot be read as Parquet"),
    "another kind": (".xlsx", "", r"unknown kind of table '\.xlsx'"),
}


@pytest.mark.parametrize("name", TABLES)
def test_what_is_wrong_with_a_table(tmp_path: Path, name: str) -> None:
    suffix, text, said = TABLES[name]
    with pytest.raises(KzalignError, match=said):
        made(tmp_path, table_data(suffix, text)(tmp_path)).read("kk-ru", PARQUET)


def test_data_that_are_not_there(tmp_path: Path) -> None:
    for data, said in (
        ('kind = "corpus"\npath = "corpus"', r"kk-ru: no test-\*\.parquet"),
        ('kind = "flores"\npath = "."', r"kaz_Cyrl\.devtest: no such file"),
        ('kind = "kazparc"\npath = "."', r"\*_test_kk_ru\.csv: 0 such files"),
    ):
        with pytest.raises(KzalignError, match=said):
            made(tmp_path, data).read("kk-ru", PARQUET)


def test_kazparc_is_a_path_or_a_repository(tmp_path: Path) -> None:
    for data in ('kind = "kazparc"', 'kind = "kazparc"\npath = "."\nrepo = "a/b"'):
        with pytest.raises(KzalignError, match="either path or repo"):
            made(tmp_path, data)


def test_the_hub_is_asked_for_the_pair(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []
    rows = [
        {"source_lang": "one", "target_lang": "один", "pair": "en_ru"},
        {"source_lang": "бір", "target_lang": "x", "pair": "kk_en"},
    ]

    class Datasets:
        @staticmethod
        def load_dataset(*arguments: Any, **options: Any) -> Any:
            asked.append((arguments, options))
            return rows

    monkeypatch.setitem(sys.modules, "datasets", Datasets)
    found = made(tmp_path, 'kind = "kazparc"\nrepo = "a/b"', '["ru-en"]').read("ru-en", PARQUET)
    assert (found.sources, found.references) == (("один",), ("one",))
    assert asked == [(("a/b", "kazparc"), {"split": "test", "revision": "main"})]

    def fails(*_: Any, **__: Any) -> Any:
        raise ConnectionError("no network\nat all")

    monkeypatch.setattr(Datasets, "load_dataset", fails)
    with pytest.raises(KzalignError, match=r"a/b: cannot be had from the Hub \(no network\)"):
        made(tmp_path, 'kind = "kazparc"\nrepo = "a/b"').read("kk-ru", PARQUET)


def test_published_figures_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "published.toml"
    good = {"benchmark": "b", "test_set": "t", "metric": "m", "scale": 1, "how": "h", "source": "s"}
    text = "[one]\n" + "\n".join(f"{key} = {json.dumps(value)}" for key, value in good.items())
    path.write_text(f'{text}\nfigures = {{ kk-ru = {{ x = "0.30" }} }}\n', encoding="utf-8")
    [one] = read_published(path, "b")
    assert (one.figures, read_published(path, "other"), read_published(tmp_path / "no", "b")) == (
        {"kk-ru": {"x": "0.30"}},
        [],
        [],
    )
    path.write_text(text.replace("scale = 1", "scale = 7") + '\nfigures = { kk-rr = { x = "0.3" } }\n', encoding="utf-8")
    with pytest.raises(KzalignError, match=r"one\.scale is 7.*unknown direction 'kk-rr': did you mean 'kk-ru'"):
        read_published(path, "b")
