"""Datasets of the Hub as documents, from a Hub on 127.0.0.1; and what is said where there is none."""

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hub_server import TOKEN, Commit, Fault, Hub, new_oid, talked_to
from typer.testing import CliRunner

from kzalign.cli import app
from kzalign.config import Config, ExtractConfig
from kzalign.errors import KzalignError
from kzalign.extract.readers import Unreadable, find_documents, read_issue
from kzalign.extract.readers.hub import CONVERTED, Remote
from kzalign.pipeline import issue_ids, process

pytest.importorskip("huggingface_hub", minversion="2.0")

REPO = "someone/abstracts"
ROWS = [
    {
        "title": "Засухоустойчивость сортов тритикале",
        "abstract_ru": "В статье приведены результаты испытания двенадцати сортов тритикале на богаре предгорной зоны области. "
        * 2,
        "abstract_kk": "Мақалада тау бөктеріндегі тәлімі жерлерде тритикаленің он екі сортын сынау нәтижелері келтірілген екен. "
        * 2,
        "authors": ["А. Б. Тас", "В. Суық"],
        "doi": "10.5555/1",
        "year": 2020,
        "issn": "2049-3630",
    },
    {
        "title": "Влажность почвы",
        "abstract_ru": "Изучена влажность почвы под паром и под посевами в течение трёх лет наблюдений. " * 2,
    },
]


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Hub]:
    """Yields a Hub that the library talks to, with an empty cache."""
    with talked_to(monkeypatch, tmp_path) as server:
        yield server


def lines() -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in ROWS).encode()


def parquet() -> bytes:
    stream = io.BytesIO()
    pq.write_table(pa.Table.from_pylist(ROWS), stream)
    return stream.getvalue()


def published(hub: Hub, files: dict[str, bytes], name: str = REPO) -> None:
    hub.made(name, private=False).head.files.update(files)


def names(hub: Hub, address: str) -> list[str]:
    return [place.name.partition("/")[2].partition("/")[2] for place in find_documents([Path(address)])]


@pytest.mark.parametrize(("file", "data"), [("data/train-00000-of-00001.parquet", parquet()), ("rows.jsonl", lines())])
def test_a_dataset_is_read_with_its_provenance(hub: Hub, file: str, data: bytes) -> None:
    published(hub, {"README.md": b"# a card", file: data, "figure.png": b"no table"})
    (place,) = find_documents([Path(f"hf://datasets/{REPO}")])
    document = process(place, *issue_ids([place]), Config(), aligned=False)
    assert document.entry["file"] == f"{REPO}@{hub.repos[REPO].head.oid[:12]}/{file}"
    assert document.entry["id"].startswith("abstracts-")
    first, second = document.articles
    assert {*first.versions} == {"kk", "ru"}
    assert {*second.versions} == {"ru"}
    assert first.source == {
        "authors": ("А. Б. Тас", "В. Суық"),
        "doi": ("10.5555/1",),
        "issn": ("2049-3630",),
        "year": ("2020",),
    }


FILES = {
    "README.md": b"# a card",
    **dict.fromkeys(("tables/a-0.parquet", "tables/a-1.parquet", "tables/b-0.parquet", "tables/c-0.csv"), b""),
    **dict.fromkeys(("data/kk-ru/train-0.parquet", "data/kk-ru/test-0.parquet", "extra/x.jsonl", "note.txt"), b""),
}


@pytest.mark.parametrize(
    ("part", "found"),
    [
        ("/data/kk-ru", ["data/kk-ru/test-0.parquet", "data/kk-ru/train-0.parquet"]),
        ("/kk-ru", ["data/kk-ru/test-0.parquet", "data/kk-ru/train-0.parquet"]),
        ("/extra", ["extra/x.jsonl"]),
        ("/extra/x.jsonl", ["extra/x.jsonl"]),
        ("/extra/x", ["extra/x.jsonl"]),
        ("", [name for name in sorted(FILES) if not name.endswith((".md", ".txt"))]),
    ],
)
def test_a_part_of_a_dataset(hub: Hub, part: str, found: list[str]) -> None:
    published(hub, FILES)
    assert names(hub, f"hf://datasets/{REPO}{part}") == found


@pytest.mark.parametrize(
    ("part", "found"),
    [("/articles", ["tables/a-0.parquet", "tables/a-1.parquet", "tables/b-0.parquet"]), ("/odd", ["tables/c-0.csv"])],
)
def test_a_configuration_of_the_card(hub: Hub, part: str, found: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The Hub answers with the card's YAML as JSON."""
    files = [{"split": "train", "path": "tables/a-*"}, {"split": "test", "path": ["tables/b-*"]}]
    configs = [{"config_name": "articles", "data_files": files}, {"config_name": "odd", "data_files": "tables/c-*"}]
    hub.card_data = {"configs": configs}
    published(hub, FILES)
    assert names(hub, f"hf://datasets/{REPO}{part}") == found


def test_a_revision_is_kept_to(hub: Hub) -> None:
    published(hub, {"a.jsonl": lines()})
    repo = hub.repos[REPO]
    repo.tags["v1"] = repo.head.oid
    (place,) = find_documents([Path(f"hf://datasets/{REPO}@v1")])
    assert isinstance(place, Remote)
    assert place.commit == repo.tags["v1"]
    repo.commits.append(Commit(new_oid("later"), "later", {"b.jsonl": b"{}"}))
    assert len(read_issue(place, ExtractConfig()).marked) == 2
    with pytest.raises(KzalignError, match=r"^hf://datasets/someone/abstracts@v2: the dataset has no revision 'v2'$"):
        find_documents([Path(f"hf://datasets/{REPO}@v2")])


def test_what_the_hub_makes_of_other_formats_is_read(hub: Hub) -> None:
    published(hub, {"rows.arrow": b"?"})
    repo = hub.repos[REPO]
    repo.tags[CONVERTED] = repo.head.oid
    with pytest.raises(KzalignError, match="no table that can be read"):
        find_documents([Path(f"hf://datasets/{REPO}")])
    repo.head.files["default/train/0000.parquet"] = parquet()
    assert names(hub, f"hf://datasets/{REPO}") == ["default/train/0000.parquet"]


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("hf://datasets/someone/nothing", "no such dataset on the Hub, or it may be read with a token only"),
        ("hf://datasets/someone", "not the name of a dataset: write hf://datasets/OWNER/NAME[@REVISION][/CONFIG]"),
        ("hf://datasets/some one/x", "not the name of a dataset"),
        (f"hf://datasets/{REPO}/kk", "no table in 'kk' that can be read (.csv, .jsonl, .parquet, .tsv)"),
    ],
)
def test_what_is_not_there(hub: Hub, address: str, said: str) -> None:
    published(hub, {"a.jsonl": lines()})
    with pytest.raises(KzalignError) as error:
        find_documents([Path(address)])
    assert str(error.value).startswith(f"{address}: {said}")
    assert "\n" not in str(error.value)
    assert TOKEN not in str(error.value)


def test_no_network_is_one_line(hub: Hub, tmp_path: Path) -> None:
    hub.faults.append(Fault("/api/", kind="cut", times=99))
    result = CliRunner().invoke(app, ["extract", f"hf://datasets/{REPO}", "-o", str(tmp_path / "a.jsonl")])
    assert isinstance(result.exception, KzalignError)
    assert str(result.exception) == f"hf://datasets/{REPO}: no connection to the Hub"
    assert not (tmp_path / "a.jsonl").exists()


def test_offline_mode_is_one_line(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    from huggingface_hub import constants

    monkeypatch.setattr(constants, "HF_HUB_OFFLINE", True)
    with pytest.raises(KzalignError, match=r"^hf://datasets/someone/abstracts: (offline mode is on|no connection)"):
        find_documents([Path(f"hf://datasets/{REPO}")])


def test_a_table_that_cannot_be_had_is_a_reject(hub: Hub) -> None:
    published(hub, {"a.jsonl": lines(), "b.jsonl": lines()})
    bad, good = find_documents([Path(f"hf://datasets/{REPO}")])
    hub.faults.append(Fault(r"GET .*a\.jsonl", status=403))
    document = process(bad, "bad", Config(), aligned=False)
    assert [reject.reason for reject in document.rejects] == ["the Hub answers with HTTP 403"]
    assert len(process(good, "good", Config(), aligned=False).articles) == 2


def test_a_table_that_is_too_large_is_not_fetched(hub: Hub) -> None:
    published(hub, {"a.jsonl": lines()})
    (place,) = find_documents([Path(f"hf://datasets/{REPO}")])
    hub.log.clear()
    with pytest.raises(Unreadable, match=r"more than extract\.max_megabytes"):
        read_issue(place, ExtractConfig(max_megabytes=1e-5))
    assert hub.log == []


def test_the_command_line_takes_a_dataset(hub: Hub, tmp_path: Path) -> None:
    published(hub, {"a.jsonl": lines()})
    result = CliRunner().invoke(app, ["extract", f"hf://datasets/{REPO}", "-o", str(tmp_path / "a.jsonl")])
    assert result.exit_code == 0, result.output
    written = [json.loads(line) for line in (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [article["source"].get("doi") for article in written if "source" in article] == [["10.5555/1"]]


def test_a_name_without_the_scheme_is_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(
        KzalignError, match=r"^someone/abstracts: no such file \(a dataset of the Hub is hf://datasets/OWNER/NAME"
    ):
        find_documents([Path(REPO)])
