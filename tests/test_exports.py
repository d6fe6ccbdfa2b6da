"""Exports: what real readers get back is the text less the characters that are counted; files are whole, bytes the same."""

import hashlib
import io
import json
import re
import signal
import subprocess
import sys
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from kzalign import export_cli
from kzalign.config import Config
from kzalign.console import fail_clearly
from kzalign.corpus import build
from kzalign.corpus.exports import EXPORTS, export
from kzalign.corpus.folder import select
from kzalign.corpus.parquet import ARTICLES, CONFIGS, Table, article_schema, segment_schema
from kzalign.corpus.segments import SPLITS, TRIPLE
from kzalign.errors import KzalignError
from kzalign.extract.readers import READERS
from kzalign.pipeline import cut_article, process_all
from kzalign.records import LANGS
from kzalign.store import MANIFEST

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in READERS)
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

HOSTILE = {
    "markup": "<script>alert('x')</script>",
    "the end of CDATA": "a ]]> b",
    "entities": "R&D &amp; &#0; &lt;",
    "quotes": "\"onload=\" 'x' «y»",
    "a formula": '=HYPERLINK("http://x")',
    "a plus": "+1",
    "a minus": "-1",
    "an at": "@SUM(A1)",
    "a number": "007",
    "a word for nothing": "NA",
    "an address": "https://example.org/",
    "rich text": "<r><t>x</t></r>",
    "an escape": "_x0041_ _x0041_x0042_",
    "controls": "a\x00b\x01c\x07d\x1be\x1ff\x7f",
    "noncharacters": "a\ufffeb\uffffc\ufdd0",
    "line ends": "a\nb\rc\r\nd\x0be\x0cf\x1cg\x1dh\x1ei\x85j\u2028k\u2029l",
    "tabs": "\ta\t\tb\t",
    "spaces": "  a  b  ",
    "astral": "😀𝕂👩‍🔬",
    "right to left": "\u202eabc\u202c \u200fאב\u061c",
    "Kazakh": "Әә Ғғ Ққ Ңң Өө Ұұ Үү Һһ Іі",
    "a mark of order": "\ufeffa",
}


def rows_of(texts: list[dict[str, str]], **more: Any) -> list[dict[str, Any]]:
    """Returns rows of a pair or triple with these texts."""
    return [
        {
            "id": f"i-01/{'-'.join(text)}/{number:03d}",
            "article_id": "i-01",
            "issue_id": "i",
            "licence": None,
            "translation": text,
            "score": 0.9,
            "scores": None,
            "sentence_ids": {lang: [number, number + 1] for lang in text},
            "lines": {lang: [[1, 2], [4, 5]] for lang in text},
            **more,
        }
        for number, text in enumerate(texts)
    ]


def article(number: int, **abstracts: str) -> dict[str, Any]:
    """Returns a row of `articles`."""
    by_lang = {lang: abstracts.get(lang) for lang in LANGS}
    return {
        "id": f"i-{number:02d}",
        "issue_id": "i",
        "licence": None,
        "title": {lang: text and f"{lang}: <{number}>" for lang, text in by_lang.items()},
        "abstract": by_lang,
        "sentences": {lang: text and [text] for lang, text in by_lang.items()},
        "keywords": dict.fromkeys(LANGS),
        "abstract_lines": {lang: text and [[1, 2]] for lang, text in by_lang.items()},
        "alignment": {"kk-ru": [{"left": [0], "right": [0], "score": 0.5}], "kk-en": None, "ru-en": None},
        "machine_translated": {"kk": None, "ru": None, "en": None},
        "notes": [],
    }


def corpus_of(folder: Path, name: str, rows: list[dict[str, Any]], split: str = "train", columns: tuple[Any, ...] = ()) -> Path:
    """Writes a dataset folder of one split; `columns` are added to those of every corpus."""
    schema = article_schema() if name == ARTICLES else segment_schema(CONFIGS[name])
    for column in columns:
        schema = schema.append(column)
    table = Table(folder / "data" / name, split, schema)
    table.add(pa.Table.from_pylist(rows, schema=schema))
    table.close()
    counts = {key: dict.fromkeys(SPLITS, 0) for key in (*CONFIGS, ARTICLES)}
    counts[name][split] = len(rows)
    (folder / MANIFEST).write_text(json.dumps({"stage": "build", "rows": counts}))
    return folder


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns the dataset folder of the examples."""
    folder = tmp_path_factory.mktemp("built") / "corpus"
    config = Config()
    items = [item for d in process_all(EXAMPLES, config, True, 1) for item in (d.entry, *d.rejects, *d.articles)]
    build(items, folder, config, cut_article)
    return folder


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Returns a corpus of hostile texts in three languages."""
    texts = list(HOSTILE.values())
    rows = rows_of([{"kk": a, "ru": f"x {a} y", "en": b} for a, b in zip(texts, texts[::-1], strict=True)])
    return corpus_of(tmp_path_factory.mktemp("hostile") / "corpus", TRIPLE, rows)


@dataclass(frozen=True)
class Read:
    """What a reader finds in an export: the ids and, by language, the texts."""

    ids: list[str]
    texts: list[dict[str, str]]


def read_tmx(path: Path) -> Read:
    storage = pytest.importorskip("translate.storage.tmx")
    with path.open("rb") as stream:
        store = storage.tmxfile(stream)
    texts = [{node.get(XML_LANG): unit.getNodeText(node) for node in unit.getlanguageNodes()} for unit in store.units]
    return Read([unit.getid() for unit in store.units], texts)


def read_tsv(path: Path) -> Read:
    pandas = pytest.importorskip("pandas")
    frame = pandas.read_csv(path, sep="\t", quoting=3, dtype=str, keep_default_na=False)
    return Read(list(frame["id"]), frame[[lang for lang in LANGS if lang in frame]].to_dict("records"))


def read_moses(prefix: Path) -> Read:
    langs = [lang for lang in LANGS if Path(f"{prefix}.{lang}").exists()]
    lines = [Path(f"{prefix}.{lang}").read_bytes().decode().removesuffix("\n").split("\n") for lang in langs]
    ids = Path(f"{prefix}.ids").read_text(encoding="utf-8").splitlines()
    return Read([line.split("\t")[0] for line in ids], [dict(zip(langs, row, strict=True)) for row in zip(*lines, strict=True)])


def read_xlsx(path: Path) -> Read:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.load_workbook(io.BytesIO(path.read_bytes()))
    found = Read([], [])
    for sheet in book.worksheets:
        header, *rows = sheet.iter_rows()
        names = [cell.value for cell in header]
        for row in rows:
            cells = dict(zip(names, row, strict=True))
            found.ids.append(cells["id"].value)
            found.texts.append({lang: unescaped(cells[lang].value or "") for lang in LANGS if lang in cells})
            assert {cells[lang].data_type for lang in LANGS if lang in cells and cells[lang].value} <= {"s"}
    return found


def unescaped(text: str) -> str:
    """Returns a cell as Excel shows it (ECMA-376, ST_Xstring); openpyxl leaves that to its user."""
    return re.sub("_x([0-9A-Fa-f]{4})_", lambda match: chr(int(match[1], 16)), text)


def read_jsonl(path: Path) -> Read:
    rows = [json.loads(line) for line in path.read_bytes().decode().removesuffix("\n").split("\n")]
    return Read([row["id"] for row in rows], [row["translation"] for row in rows])


READ = {"tmx": read_tmx, "tsv": read_tsv, "moses": read_moses, "xlsx": read_xlsx, "jsonl": read_jsonl}
LOST = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
KEPT = {
    # what comes back of a text
    "tmx": lambda text: LOST.sub("", text),
    "tsv": lambda text: one_line(text),
    "moses": lambda text: one_line(text),
    "xlsx": lambda text: LOST.sub("", text.replace("\r\n", "\n").replace("\r", "\n")),
    "jsonl": lambda text: text,
}


def one_line(text: str) -> str:
    """Returns the text with its tabs and line ends, as Python knows these, as spaces; controls are dropped."""
    ends = {c for c in map(chr, range(0x3000)) if len(f"a{c}b".splitlines()) == 2} | {"\t"}
    spaced = re.sub(f"[{''.join(ends)}]+", " ", text)
    return LOST.sub("", spaced)


@pytest.mark.parametrize("format", EXPORTS)
def test_every_format_has_a_reader(format: str) -> None:
    assert set(READ) == set(KEPT) == set(EXPORTS)


# real readers


@pytest.mark.parametrize("name", CONFIGS)
@pytest.mark.parametrize("format", EXPORTS)
def test_real_readers_get_every_row(corpus: Path, tmp_path: Path, format: str, name: str) -> None:
    rows = [row for _, block in select(corpus, name).read() for row in block]
    done = export(corpus, tmp_path / "out", format, name)
    found = READ[format](tmp_path / "out")
    assert found.ids == [row["id"] for row in rows]
    assert found.texts == [{lang: row["translation"][lang] for lang in CONFIGS[name]} for row in rows]
    assert (done["written"], done["rejects"], done["characters_dropped"]) == (len(rows), {}, 0)
    assert sorted(done["files"]) == sorted(str(path) for path in tmp_path.iterdir())


@pytest.mark.parametrize("format", EXPORTS)
def test_hostile_text_comes_back(hostile: Path, tmp_path: Path, format: str) -> None:
    wanted = [row["translation"] for _, block in select(hostile, TRIPLE).read() for row in block]
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        export(hostile, tmp_path / "out", format)
    found = READ[format](tmp_path / "out")
    assert found.texts == [{lang: KEPT[format](row[lang]) for lang in LANGS} for row in wanted]


@pytest.mark.parametrize("rows", [*CONFIGS, ARTICLES])
def test_jsonl_opens_in_datasets(corpus: Path, tmp_path: Path, rows: str) -> None:
    datasets = pytest.importorskip("datasets")
    export(corpus, tmp_path / "out.jsonl", "jsonl", rows)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = datasets.load_dataset("json", data_files=str(tmp_path / "out.jsonl"), cache_dir=str(tmp_path / "cache"))["train"]
        built = datasets.load_dataset(str(corpus), rows, cache_dir=str(tmp_path / "cache"))
    parquet = [row for split in SPLITS if split in built for row in built[split]]
    assert [row["id"] for row in found] == [row["id"] for row in parquet]
    if rows == ARTICLES:
        assert [row["abstract"] for row in found] == [row["abstract"] for row in parquet]
        return
    # as the example run_translation.py of transformers reads it
    source, *_, target = rows.split("-")
    examples = found[:]
    assert [(ex[source], ex[target]) for ex in examples["translation"]] == [
        (row["translation"][source], row["translation"][target]) for row in parquet
    ]
    assert [row["score"] for row in found] == [pytest.approx(row["score"], abs=1e-7) for row in parquet]


def test_duckdb_reads_the_parquet_and_the_jsonl_alike(corpus: Path, tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    export(corpus, tmp_path / "out.jsonl", "jsonl", "kk-ru")
    query = "select id, translation.kk, cast(score as float) from '{}' order by id"
    parquet = duckdb.sql(query.format(corpus / "data" / "kk-ru" / "*.parquet")).fetchall()
    assert duckdb.sql(query.format(tmp_path / "out.jsonl")).fetchall() == parquet
    assert len(parquet) == sum(select(corpus, "kk-ru").counts.values())


def test_jsonl_has_the_rows_of_the_parquet(corpus: Path, tmp_path: Path) -> None:
    for name in (*CONFIGS, ARTICLES):
        export(corpus, tmp_path / name, "jsonl", name)
        rows = [json.loads(line) for line in (tmp_path / name).read_text(encoding="utf-8").splitlines()]
        wanted = [row | {"split": split} for split, path in select(corpus, name).files for row in pq.read_table(path).to_pylist()]
        for row in (*rows, *wanted):
            for name_of_scores in ("alignment", "scores"):
                row.pop(name_of_scores, None)  # float32: compared in test_folder.py
            row["score"] = pytest.approx(row.get("score", 0), abs=1e-7)
        assert rows == wanted


# TMX


def test_tmx_is_what_the_standard_says(corpus: Path, tmp_path: Path) -> None:
    export(corpus, tmp_path / "a.tmx", "tmx")
    data = (tmp_path / "a.tmx").read_bytes()
    assert b"DOCTYPE" not in data
    root = ElementTree.fromstring(data)
    header, body = root
    assert (root.tag, root.attrib, header.tag, body.tag) == ("tmx", {"version": "1.4"}, "header", "body")
    assert set(header.attrib) == {
        *("creationtool", "creationtoolversion", "segtype", "o-tmf", "adminlang", "srclang", "datatype")
    }
    assert (header.get("segtype"), header.get("srclang")) == ("sentence", "kk")
    for unit in body:
        assert unit.tag == "tu"
        tags = [child.tag for child in unit]
        assert tags == ["prop"] * tags.count("prop") + ["tuv"] * 3  # the DTD's order
        assert [child.get(XML_LANG) for child in unit.iter("tuv")] == list(LANGS)


def props(unit: ElementTree.Element) -> dict[str, str]:
    return {prop.attrib["type"]: prop.text or "" for prop in unit.iter("prop")}


def test_tmx_says_where_a_row_comes_from(tmp_path: Path) -> None:
    more = {"issue_id": "i <1>", "licence": "CC BY & co", "odd": {"colour": 0.25}}
    columns = (pa.field("odd", pa.struct([("colour", pa.float32())])),)
    rows = rows_of([{"kk": "а", "ru": "б"}], **more) + rows_of([{"kk": "в", "ru": "г"}])
    folder = corpus_of(tmp_path / "c", "kk-ru", rows, "test", columns)
    export(folder, tmp_path / "a.tmx", "tmx", "kk-ru")
    with_all, with_some = ElementTree.parse(tmp_path / "a.tmx").iter("tu")
    usual = {
        "x-article-id": "i-01",
        "x-issue-id": "i",
        "x-score": "0.9",
        "x-sentence-ids": '{"kk":[0,1],"ru":[0,1]}',
        "x-lines": '{"kk":[[1,2],[4,5]],"ru":[[1,2],[4,5]]}',
        "x-split": "test",
    }
    assert props(with_some) == usual
    assert props(with_all) == usual | {
        "x-issue-id": "i <1>",
        "x-licence": "CC BY & co",
        "x-odd": '{"colour":0.25}',
    }
    assert with_all.get("tuid") == "i-01/kk-ru/000"


def test_an_id_of_an_odd_file_name_comes_back(tmp_path: Path) -> None:
    rows = rows_of([{"kk": "а", "ru": "б"}])
    rows[0]["id"] = odd = "my \"issue\" <1> & 'co'\t\n\r1/kk-ru/000"
    export(corpus_of(tmp_path / "c", "kk-ru", rows), tmp_path / "a.tmx", "tmx", "kk-ru")
    assert read_tmx(tmp_path / "a.tmx").ids == [odd]


# whole abstracts

ABSTRACTS = [
    article(1, kk="Бір.\nЕкі.", ru="Один. Два.", en="One. Two."),
    article(2, kk="Үш.", en="Three."),
    article(3, ru="Четыре."),
    article(4),
]


def test_articles_in_tmx_are_paragraphs_in_two_languages_or_more(tmp_path: Path) -> None:
    done = export(corpus_of(tmp_path / "c", ARTICLES, ABSTRACTS), tmp_path / "a.tmx", "tmx", ARTICLES)
    root = ElementTree.parse(tmp_path / "a.tmx").getroot()
    assert root[0].get("segtype") == "paragraph"
    found = [{t.attrib[XML_LANG]: t[0].text for t in unit.iter("tuv")} for unit in root.iter("tu")]
    assert found == [{"kk": "Бір.\nЕкі.", "ru": "Один. Два.", "en": "One. Two."}, {"kk": "Үш.", "en": "Three."}]
    assert (done["written"], done["rejects"]) == (2, {"no text in kk, en": 1, "no text in kk, ru, en": 1})
    rejects = [json.loads(line) for line in (tmp_path / "a.tmx.rejects.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [(r["stage"], r["id"], r["record"]["abstract"]) for r in rejects] == [
        ("export", row["id"], row["abstract"]) for row in ABSTRACTS[2:]
    ]
    assert props(next(root.iter("tu")))["x-title-kk"] == "kk: <1>"


def test_articles_in_moses_have_all_languages(tmp_path: Path) -> None:
    done = export(corpus_of(tmp_path / "c", ARTICLES, ABSTRACTS), tmp_path / "a", "moses", ARTICLES)
    assert read_moses(tmp_path / "a").texts == [{"kk": "Бір. Екі.", "ru": "Один. Два.", "en": "One. Two."}]
    assert (done["written"], sum(done["rejects"].values())) == (1, 3)


@pytest.mark.parametrize("format", ["tsv", "xlsx"])
def test_articles_in_a_table_are_all_there(tmp_path: Path, format: str) -> None:
    done = export(corpus_of(tmp_path / "c", ARTICLES, ABSTRACTS), tmp_path / "a", format, ARTICLES)
    found = READ[format](tmp_path / "a")
    assert found.ids == [row["id"] for row in ABSTRACTS]
    assert found.texts == [{lang: KEPT[format](row["abstract"][lang] or "") for lang in LANGS} for row in ABSTRACTS]
    assert (done["written"], done["rejects"]) == (4, {})


# tables


def test_the_tsv_has_scores_and_origins(corpus: Path, tmp_path: Path) -> None:
    pandas = pytest.importorskip("pandas")
    export(corpus, tmp_path / "a.tsv", "tsv", "kk-ru")
    frame = pandas.read_csv(tmp_path / "a.tsv", sep="\t", quoting=3)
    rows = [(split, row) for split, block in select(corpus, "kk-ru").read() for row in block]
    assert [*frame.columns] == ["id", "kk", "ru", *(c for c in rows[0][1] if c not in ("id", "translation")), "split"]
    assert list(frame["score"]) == [row["score"] for _, row in rows]
    assert list(frame["split"]) == [split for split, _ in rows]
    assert [json.loads(text) for text in frame["lines"]] == [row["lines"] for _, row in rows]


def test_the_sheet_is_made_for_reading(hostile: Path, tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    export(hostile, tmp_path / "a.xlsx", "xlsx")
    (sheet,) = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets
    assert sheet.title == TRIPLE
    assert sheet.freeze_panes == "B2"
    assert sheet.auto_filter.ref == sheet.dimensions
    assert sheet.column_dimensions["B"].width > 50
    assert sheet["B2"].alignment.wrap_text and sheet["B1"].font.bold
    assert sheet["E1"].value == "article_id"
    score = [cell.value for cell in sheet[1]].index("score") + 1
    assert sheet.cell(2, score).value == 0.9
    assert not [cell for row in sheet.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]


def test_rows_go_on_to_further_sheets(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    monkeypatch.setattr("kzalign.corpus.exports.xlsx.ROWS_PER_SHEET", 3)
    folder = corpus_of(tmp_path / "c", "kk-ru", rows_of([{"kk": f"а{k}", "ru": f"б{k}"} for k in range(7)]))
    export(folder, tmp_path / "a.xlsx", "xlsx", "kk-ru")
    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert [(s.title, s.max_row, s.auto_filter.ref) for s in book.worksheets] == [
        ("kk-ru", 4, "A1:N4"),
        ("kk-ru 2", 4, "A1:N4"),
        ("kk-ru 3", 2, "A1:N2"),
    ]
    assert [text["kk"] for text in read_xlsx(tmp_path / "a.xlsx").texts] == [f"а{k}" for k in range(7)]


def test_a_cell_that_excel_would_cut_is_a_reject(tmp_path: Path) -> None:
    texts = ["а" * 32_767, "а" * 32_768, "😀" * 16_383, "😀" * 16_384, "\x00" + "а" * 32_767]
    folder = corpus_of(tmp_path / "c", "kk-ru", rows_of([{"kk": "x", "ru": text} for text in texts]))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        done = export(folder, tmp_path / "a.xlsx", "xlsx", "kk-ru")
    assert [text["ru"] for text in read_xlsx(tmp_path / "a.xlsx").texts] == [texts[0], texts[2], texts[0]]
    assert done["rejects"] == {"more than 32,767 characters in 'ru', which no cell of XLSX holds": 2}
    rejects = (tmp_path / "a.xlsx.rejects.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["record"]["translation"]["ru"] for line in rejects] == [texts[1], texts[3]]
    assert (done["written"], done["characters_dropped"]) == (3, 1)


# any text

TEXTS = st.text(
    st.one_of(
        st.sampled_from(
            "\x00\t\n\x0b\x0c\r\x1b\x1c\x1e\x1f\x7f\x85\u2028\u2029\ufffe\uffff\ufeff \u00a0<>&'\"=+-@_x041қ😀\u202e"
        ),
        st.characters(exclude_categories=("Cs",)),
    ),
    max_size=30,
)


@pytest.mark.parametrize("format", [format for format in EXPORTS if format != "jsonl"])
def test_any_text_comes_back_less_what_is_counted(tmp_path_factory: pytest.TempPathFactory, format: str) -> None:
    folder = tmp_path_factory.mktemp("any")

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @example([("<r>", "</r>"), ("_x0041_x0042_", "a\r\r\nb"), ("\ta\x00", "\x0b")])
    @given(st.lists(st.tuples(TEXTS, TEXTS), min_size=1, max_size=6))
    def check(pairs: list[tuple[str, str]]) -> None:
        pairs = [("first", "row"), *pairs]
        rows = rows_of([{"kk": a, "ru": b} for a, b in pairs])
        source = corpus_of(folder / "c", "kk-ru", rows)
        done = export(source, folder / "out", format, "kk-ru", force=True)
        kept = [tuple(map(KEPT[format], pair)) for pair in pairs]
        whole = [(pair, back) for pair, back in zip(pairs, kept, strict=True) if all(text.strip() for text in back)]
        found = READ[format](folder / "out")
        assert found.texts == [{"kk": a, "ru": b} for _, (a, b) in whole]
        assert found.ids == [row["id"] for row, back in zip(rows, kept, strict=True) if all(text.strip() for text in back)]
        assert done["written"] + sum(done["rejects"].values()) == len(rows)
        if format == "tmx":
            assert done["characters_dropped"] == sum(len("".join(a)) - len("".join(b)) for a, b in whole)
        for left in folder.glob("out*.rejects.jsonl"):
            left.unlink()

    check()


def test_what_is_changed_is_counted(tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "c", "kk-ru", rows_of([{"kk": "a\t\tb\x00", "ru": "c\r\nd\x01\x02"}]))
    counts = {}
    for format in EXPORTS:
        done = export(folder, tmp_path / format, format, "kk-ru")
        counts[format] = (done["characters_dropped"], done["breaks_changed"])
    assert counts == {"tmx": (3, 0), "moses": (3, 4), "tsv": (3, 4), "xlsx": (3, 1), "jsonl": (0, 0)}


def test_moses_files_have_as_many_lines(hostile: Path, tmp_path: Path) -> None:
    done = export(hostile, tmp_path / "a", "moses")
    lines = {path.name: path.read_bytes().count(b"\n") for path in tmp_path.iterdir()}
    assert lines == dict.fromkeys(["a.kk", "a.ru", "a.en", "a.ids"], done["written"])
    for path in tmp_path.iterdir():
        assert len(path.read_text(encoding="utf-8").splitlines()) == done["written"]
    assert (tmp_path / "a.ids").read_text().splitlines()[0] == "i-01/kk-ru-en/000\t0.9"


# files


def everything(folder: Path) -> dict[str, str]:
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in sorted(folder.iterdir())}


def test_the_same_corpus_gives_the_same_bytes(corpus: Path, tmp_path: Path) -> None:
    """In another process, at another time, in another time zone, with other rights for new files."""
    code = (
        "import os, sys, time; os.umask(0o027)\nfrom pathlib import Path\nfrom kzalign.corpus.exports import EXPORTS, export\n"
        "for name in EXPORTS: export(Path(sys.argv[1]), Path(sys.argv[2]) / name, name)"
    )
    (tmp_path / "here").mkdir()
    for name in EXPORTS:
        export(corpus, tmp_path / "here" / name, name)
    (tmp_path / "there").mkdir()
    env = {"PYTHONPATH": str(ROOT), "TZ": "Asia/Almaty", "PYTHONHASHSEED": "7"}
    subprocess.run([sys.executable, "-c", code, str(corpus), str(tmp_path / "there")], env=env, check=True, timeout=120)
    assert everything(tmp_path / "here") == everything(tmp_path / "there")


def test_the_workbook_has_no_clock(corpus: Path, tmp_path: Path) -> None:
    export(corpus, tmp_path / "a.xlsx", "xlsx")
    with zipfile.ZipFile(tmp_path / "a.xlsx") as book:
        assert {info.date_time for info in book.infolist()} == {(1980, 1, 31, 0, 0, 0)}
        assert book.read("docProps/core.xml").count(b"2000-01-01T00:00:00Z") == 2
        assert not [info for info in book.infolist() if info.filename.startswith("/") or ".." in info.filename]


class Bug(Exception):
    """What breaks in the middle of an export."""


@pytest.mark.parametrize("format", EXPORTS)
def test_an_export_that_breaks_leaves_nothing(corpus: Path, tmp_path: Path, format: str) -> None:
    def broken(blocks: Iterator[Any], total: int) -> Iterator[Any]:
        yield next(blocks)
        raise Bug

    with pytest.raises(Bug):
        export(corpus, tmp_path / "deep" / "out", format, watch=broken)
    assert list(tmp_path.iterdir()) == []


def test_a_full_disk_is_one_line(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """XlsxWriter has an exception of its own for it."""

    def full(*_: Any, **__: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("zipfile.ZipFile.write", full)
    with pytest.raises(KzalignError, match="out: cannot be written: No space left on device; nothing half-written was left"):
        export(corpus, tmp_path / "out", "xlsx")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("format", EXPORTS)
def test_what_exists_is_kept_without_force(corpus: Path, tmp_path: Path, format: str) -> None:
    done = export(corpus, tmp_path / "out", format, "kk-ru")
    before = everything(tmp_path)
    with pytest.raises(KzalignError, match="exists: choose another output or give --force"):
        export(corpus, tmp_path / "out", format)
    assert everything(tmp_path) == before
    assert export(corpus, tmp_path / "out", format, "kk-ru", force=True) == done
    assert everything(tmp_path) == before


def test_rejects_of_an_export_before_do_not_stay(tmp_path: Path) -> None:
    long, short = rows_of([{"kk": "а" * 40_000, "ru": "б"}]), rows_of([{"kk": "а", "ru": "б"}])
    export(corpus_of(tmp_path / "c", "kk-ru", [*short, *long]), tmp_path / "a.xlsx", "xlsx", "kk-ru")
    assert (tmp_path / "a.xlsx.rejects.jsonl").exists()
    export(corpus_of(tmp_path / "d", "kk-ru", short), tmp_path / "a.xlsx", "xlsx", "kk-ru", force=True)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.xlsx", "c", "d"]


def test_outputs_of_one_stem_share_no_file(tmp_path: Path) -> None:
    """Nor does `--force` touch the rejects of another command's output: `kzalign extract -o a.jsonl`, or `-o a`."""
    others = [tmp_path / "a.rejects.jsonl", tmp_path / "a.jsonl.rejects.jsonl"]
    for path in others:
        path.write_text("mine")
    folder = corpus_of(tmp_path / "c", ARTICLES, ABSTRACTS)
    formats = [format for format in EXPORTS if format != "jsonl"]
    for force in (False, True):
        written = [export(folder, tmp_path / f"a.{format}", format, ARTICLES, force=force)["files"] for format in formats]
        written.append(export(folder, tmp_path / "a", "moses", ARTICLES, force=force)["files"])
        files = [file for one in written for file in one]
        assert len(files) == len(set(files))
        assert all(Path(file).exists() for file in files)
        assert [path.read_text() for path in others] == ["mine", "mine"]


@pytest.mark.parametrize("name", ["", "manifest.json", "data/kk-ru/train-00000-of-00001.parquet"])
def test_an_output_in_the_place_of_the_corpus(corpus: Path, tmp_path: Path, name: str) -> None:
    before = {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()}
    with pytest.raises(KzalignError, match="writing it would replace the input"):
        export(corpus, corpus / name, "tsv", "kk-ru", force=True)
    assert {path: path.read_bytes() for path in corpus.rglob("*") if path.is_file()} == before


BAD = {
    "a wrong format": ({"format": "xslx"}, "unknown format 'xslx': did you mean 'xlsx'?"),
    "wrong rows": ({"rows": "ru-kk"}, "unknown configuration 'ru-kk': did you mean"),
    "a wrong split": ({"splits": ["dev"]}, "unknown split 'dev'"),
    "no name": ({"output": Path()}, "'.' names no output"),
    "no folder": ({"folder": Path("nowhere")}, "nowhere: no such folder"),
}


@pytest.mark.parametrize(("change", "said"), BAD.values(), ids=BAD)
def test_a_mistake_is_one_line(corpus: Path, tmp_path: Path, change: dict[str, Any], said: str) -> None:
    with pytest.raises(KzalignError) as error:
        export(**({"folder": corpus, "output": tmp_path / "out", "format": "tsv"} | change))
    assert said in str(error.value)
    assert list(tmp_path.iterdir()) == []


def test_an_export_of_rejects_alone_is_refused(tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "c", ARTICLES, ABSTRACTS[2:])
    with pytest.raises(KzalignError, match=r"nothing to write to .*a\.tmx: none of the 2 rows fits tmx \(no text in"):
        export(folder, tmp_path / "a.tmx", "tmx", ARTICLES)
    assert [path.name for path in tmp_path.iterdir()] == ["c"]


def test_only_the_splits_asked_for(tmp_path: Path) -> None:
    folder = corpus_of(tmp_path / "c", "kk-ru", rows_of([{"kk": "а", "ru": "б"}]))
    corpus_of(folder, "kk-ru", rows_of([{"kk": "в", "ru": "г"}]), "test")
    counts = {name: {"train": 1, "test": 1} for name in CONFIGS}
    (folder / MANIFEST).write_text(json.dumps({"stage": "build", "rows": counts}))
    for splits, wanted in {(): ["а", "в"], ("test",): ["в"], ("test", "train"): ["а", "в"]}.items():
        done = export(folder, tmp_path / "a", "tsv", "kk-ru", splits, force=True)
        assert [text["kk"] for text in read_tsv(tmp_path / "a").texts] == wanted
        assert list(done["splits"]) == [split for split in SPLITS if split in (splits or ("train", "test"))]


# the command line


@dataclass(frozen=True)
class Run:
    """How the command ended and what it printed."""

    code: int
    out: str
    err: str


def run(capsys: pytest.CaptureFixture[str], *arguments: object) -> Run:
    code = fail_clearly(lambda: export_cli.app([str(a) for a in arguments], prog_name="kzalign export"))
    return Run(code, *capsys.readouterr())


@pytest.fixture
def kept_signals() -> Iterator[None]:
    before = signal.getsignal(signal.SIGTERM)
    yield
    signal.signal(signal.SIGTERM, before)


@pytest.mark.usefixtures("kept_signals")
def test_the_command_says_what_it_wrote(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, corpus, "--format", "moses", "--rows", "kk-ru", "--split", "train", "-o", tmp_path / "a")
    rows = select(corpus, "kk-ru").counts["train"]
    assert (done.code, done.out) == (0, "")
    assert f"{rows} rows of kk-ru in {tmp_path / 'a.kk'}, {tmp_path / 'a.ru'}, {tmp_path / 'a.ids'}" in done.err


@pytest.mark.usefixtures("kept_signals")
def test_the_command_tells_what_is_left_out_and_changed(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [*ABSTRACTS[:3], article(5, kk="а\x00", ru="\tб", en="в")]
    done = run(capsys, corpus_of(tmp_path / "c", ARTICLES, rows), "-f", "moses", "--rows", ARTICLES, "-o", tmp_path / "a")
    assert done.code == 0
    for line in (
        "left out 1 x no text in ru",
        "left out 1 x no text in kk, en",
        "dropped 1 characters that moses cannot hold",
        "changed 2 tabs and line ends",
    ):
        assert line in done.err.splitlines()


@pytest.mark.usefixtures("kept_signals")
def test_the_command_speaks_json(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, corpus, "--format", "tmx", "-o", tmp_path / "a.tmx", "--json")
    assert json.loads(done.out) == export(corpus, tmp_path / "a.tmx", "tmx", force=True)
    assert done.err == ""


@pytest.mark.usefixtures("kept_signals")
def test_the_command_fails_in_one_line(corpus: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, corpus, "--format", "tnx", "-o", tmp_path / "a")
    assert (done.code, done.out) == (2, "")
    assert done.err.splitlines() == [
        "error: unknown format 'tnx': did you mean 'tmx'? valid: jsonl, moses, tmx, tsv, xlsx",
    ]


@pytest.mark.usefixtures("kept_signals")
def test_help_has_examples(capsys: pytest.CaptureFixture[str]) -> None:
    done = run(capsys, "--help")
    assert done.code == 0
    assert "--format tmx" in re.sub(r"\s+", " ", done.out)
    assert all(name in done.out for name in EXPORTS)
