"""What the published rows say about where they come from, and what the card tells of it."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from kzalign.config import Config
from kzalign.corpus import Given, build
from kzalign.corpus.card import card
from kzalign.corpus.exports import export
from kzalign.corpus.folder import select
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.provenance import BRIEF, COLUMNS, columns_of
from kzalign.corpus.publish.plan import _refusals
from kzalign.corpus.sources import Source, Sources
from kzalign.hub.licences import stated
from kzalign.pipeline import cut_article
from kzalign.records import LANGS, PAIRS, Article, Bead, Version

KNOWN = {
    "authors": ("А. Б. Тас", "В. Суық"),
    "doi": ("10.5555/1",),
    "udc": ("63", "64"),
    "irsti": ("68.35.03",),
    "journal": ("Дала | хабаршысы", "Вестник степи"),
    "issn": ("2049-3630",),
    "volume": ("3",),
    "issue": ("1 (2)",),
    "pages": ("12", "20"),
    "year": ("2020-05-01",),
    "licence": ("CC BY 4.0",),
}


def article(number: int, source: dict[str, tuple[str, ...]], issue: str = "i") -> Article:
    """Returns an aligned article of three sentences in each language that no other article has."""
    words = {
        "kk": "ауыл шаруашылығы дақылдарының өнімділігі",
        "ru": "урожайность сельских культур и трав",
        "en": "the yield of crops and grasses",
    }
    versions = {
        lang: Version(lang, f"T{number}", sentences=tuple(f"{text} {number} {k} {'abcdefg'[k] * 9}." for k in range(3)))
        for lang, text in words.items()
    }
    beads = tuple(Bead((k,), (k,), 0.99) for k in range(3))
    return Article(f"{issue}-{number:02d}", issue, (1, 9), versions, dict.fromkeys(PAIRS, beads), source=source)


def made(articles: Sequence[Article], folder: Path, **given: Any) -> dict[str, Any]:
    """Builds a corpus without filters and returns its manifest."""
    config = Config()
    names = tuple(name for name in config.filters.__dataclass_fields__ if name != "skip")
    config = replace(config, filters=replace(config.filters, skip=names), build=replace(config.build, near_duplicate=1.0))
    entries = {a.issue_id: {"id": a.issue_id, "file": f"{a.issue_id}.txt", "articles": 1} for a in articles}
    return build([*entries.values(), *articles], folder, config, cut_article, given=Given(jobs=1, **given))


def rows(folder: Path, name: str) -> list[dict[str, Any]]:
    """Returns a configuration's rows."""
    return [row for path in sorted((folder / "data" / name).glob("*.parquet")) for row in pq.read_table(path).to_pylist()]


def test_rows_say_where_they_come_from(tmp_path: Path) -> None:
    made([article(0, KNOWN), article(1, {})], tmp_path / "c")
    known, unknown = sorted(rows(tmp_path / "c", ARTICLES), key=lambda row: row["id"])
    assert {name: known[name] for name in COLUMNS} == {
        "authors": ["А. Б. Тас", "В. Суық"],
        "doi": "10.5555/1",
        "udc": ["63", "64"],
        "irsti": ["68.35.03"],
        "journal": "Дала | хабаршысы",
        "issn": "2049-3630",
        "volume": "3",
        "issue": "1 (2)",
        "pages": "12–20",
        "year": 2020,
    }
    assert {unknown[name] or None for name in COLUMNS} == {None}
    for name in CONFIGS:
        found = {row["article_id"]: tuple(row[column] for column in (*BRIEF, "licence")) for row in rows(tmp_path / "c", name)}
        assert found == {"i-00": ("10.5555/1", "Дала | хабаршысы", 2020, "cc-by-4.0"), "i-01": (None, None, None, None)}


@pytest.mark.parametrize(
    ("text", "year"),
    [("2020", 2020), ("2020-05-01", 2020), ("12.05.2020 ж.", 2020), ("1899", 1899), ("20201", None), ("–", None)],
)
def test_years(text: str, year: int | None) -> None:
    assert columns_of(Article("a", "i", source={"year": (text,)}), ["year"]) == {"year": year}


@pytest.mark.parametrize(
    ("text", "identifier"),
    [
        ("CC BY 4.0", "cc-by-4.0"),
        ("CC-BY-NC-ND 4.0", "cc-by-nc-nd-4.0"),
        ("Creative Commons Attribution 4.0 International", "cc-by-4.0"),
        ("Creative Commons Attribution-NonCommercial-ShareAlike 3.0", "cc-by-nc-sa-3.0"),
        ("https://creativecommons.org/licenses/by-sa/4.0", "cc-by-sa-4.0"),
        ("CC0 1.0", "cc0-1.0"),
        ("cc-by-4.0", "cc-by-4.0"),
        ("CC BY", None),
        ("CC BY 9.9", None),
        ("© Дала университеті", None),
        ("", None),
    ],
)
def test_stated_licences(text: str, identifier: str | None) -> None:
    """A licence is known where its version is named."""
    assert stated(text) == identifier


def test_a_stated_licence_counts_where_no_source_is_given(tmp_path: Path) -> None:
    articles = [article(0, KNOWN, "a"), article(1, KNOWN, "b"), article(2, {}, "b"), article(3, KNOWN, "c")]
    given = Sources({"c": Source("cc0-1.0", "P", "https://example.org/")})
    manifest = made(articles, tmp_path / "c", sources=given)
    assert {row["issue_id"]: row["licence"] for row in rows(tmp_path / "c", ARTICLES) if row["year"]} == {
        "a": "cc-by-4.0",
        "b": "cc-by-4.0",
        "c": "cc0-1.0",
    }
    assert manifest["provenance"]["stated"] == {"a": ["cc-by-4.0"], "b": ["", "cc-by-4.0"], "c": ["cc-by-4.0"]}
    (refusal,) = _refusals(manifest)
    assert "b.txt" in refusal
    assert "a.txt" not in refusal
    assert 'license_name: "mixed"' in card(manifest)


def test_one_stated_licence_is_the_cards(tmp_path: Path) -> None:
    manifest = made([article(0, KNOWN), article(1, KNOWN)], tmp_path / "c")
    assert 'license: "cc-by-4.0"' in card(manifest)
    assert not _refusals(manifest)


def test_the_card_tells_the_provenance(tmp_path: Path) -> None:
    manifest = made([article(k, KNOWN if k else {"year": ("1999",)}) for k in range(4)], tmp_path / "c")
    text = (tmp_path / "c" / "README.md").read_text(encoding="utf-8")
    part = text.split("## Provenance", 1)[1].split("\n## ", 1)[0]
    assert "| DOI | 3 | 75% |" in part
    assert "| year | 4 | 100% |" in part
    assert "| Дала &#124; хабаршысы | 3 |" in part
    assert "| 2020 | 3 |" in part
    assert "| 1999 | 1 |" in part
    assert "| cc-by-4.0 | 3 |" in part
    assert sum(manifest["provenance"]["values"]["year"].values()) == manifest["provenance"]["articles"] == 4


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    articles = [article(k, KNOWN if k % 2 else {}) for k in range(6)]
    for name in ("a", "b"):
        made(articles, tmp_path / name)
    files = {p.relative_to(tmp_path / "a") for p in (tmp_path / "a").rglob("*") if p.is_file()}
    assert all((tmp_path / "a" / p).read_bytes() == (tmp_path / "b" / p).read_bytes() for p in files)


def test_exports_carry_it(tmp_path: Path) -> None:
    made([article(0, KNOWN)], tmp_path / "c")
    export(tmp_path / "c", tmp_path / "o.tmx", "tmx", "kk-ru")
    export(tmp_path / "c", tmp_path / "o.tsv", "tsv", ARTICLES)
    tmx = (tmp_path / "o.tmx").read_text(encoding="utf-8")
    assert tmx.count('<prop type="x-doi">10.5555/1</prop>') == 3
    assert '<prop type="x-journal">Дала | хабаршысы</prop>' in tmx
    assert '<prop type="x-year">2020</prop>' in tmx
    assert "А. Б. Тас; В. Суық" in (tmp_path / "o.tsv").read_text(encoding="utf-8")


def test_folders_of_earlier_builds_are_read(tmp_path: Path) -> None:
    """A corpus that was built before there were these columns is one still."""
    made([article(0, KNOWN)], tmp_path / "c")
    for path in (tmp_path / "c" / "data").rglob("*.parquet"):
        table = pq.read_table(path)
        pq.write_table(table.drop_columns([name for name in COLUMNS if name in table.schema.names]), path)
    for name in (*CONFIGS, ARTICLES):
        assert not {*COLUMNS} & {*select(tmp_path / "c", name).columns}
    export(tmp_path / "c", tmp_path / "o.tmx", "tmx", "kk-ru")
    assert "x-doi" not in (tmp_path / "o.tmx").read_text(encoding="utf-8")


def test_datasets_opens_it_without_a_warning(tmp_path: Path, recwarn: pytest.WarningsRecorder) -> None:
    datasets = pytest.importorskip("datasets")
    made([article(0, KNOWN)], tmp_path / "c")
    for name in (*CONFIGS, ARTICLES):
        data = datasets.load_dataset(str(tmp_path / "c"), name, cache_dir=str(tmp_path / "cache"))
        (row, *_) = next(iter(data.values()))
        assert (row["doi"], row["year"]) == ("10.5555/1", 2020)
    assert {*row["title"]} == {*LANGS}
    assert not [w for w in recwarn if "kzalign" in str(w.filename) or "datasets" in str(w.filename)]
