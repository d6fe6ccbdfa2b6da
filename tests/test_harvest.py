"""Harvesting from a real OAI-PMH server: whole lists, news, sets, formats, kills, and what `kzalign build` makes of it."""

import datetime
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from oai_site import Item, Reply, error_of, items, ojs, repository, texts

from kzalign.config import Config, HarvestConfig
from kzalign.errors import KzalignError
from kzalign.harvest import Asked, harvest
from kzalign.harvest_cli import _readers
from kzalign.pipeline import process

QUICK = HarvestConfig(delay=0, retries=2, timeout=10)
COMMAND = "import sys; from kzalign.harvest_cli import app; from kzalign.console import fail_clearly; sys.exit(fail_clearly(app))"


def run(url: str, output: Path, config: HarvestConfig = QUICK, **asked: Any) -> dict[str, Any]:
    """Returns the manifest of a harvest."""
    warnings: list[str] = []
    given = Asked(**asked)
    return harvest(url, output, given, config, _readers(Config()), lambda *told: None, warnings.append)


def rows(output: Path) -> list[dict[str, Any]]:
    """Returns the lines of all tables, in the tables' order."""
    files = json.loads((output / "harvest" / "manifest.json").read_text(encoding="utf-8"))["files"]
    return [json.loads(line) for file in files for line in (output / file).read_text(encoding="utf-8").splitlines()]


def rejects(output: Path) -> list[dict[str, Any]]:
    lines = (output / "harvest" / "rejects.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def started(url: str, output: Path, *options: str) -> "subprocess.Popen[str]":
    """Returns a harvest in a process of its own."""
    command = [sys.executable, "-c", COMMAND, f"{url}/oai", "-o", str(output), "--set", "harvest.delay=0", *options]
    pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    return subprocess.Popen(command, env=os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}, **pipes)  # type: ignore[call-overload,no-any-return]


def test_a_list_is_followed_to_its_end(tmp_path: Path) -> None:
    with repository(items(25)) as server:
        manifest = run(f"{server.url}/oai", tmp_path / "out")
    assert manifest["counts"] == {
        **{"records": 25, "articles": 25, "rejected": 0, "deleted": 0, "kk": 25, "ru": 25, "en": 25, "trilingual": 25}
    }
    found = rows(tmp_path / "out")
    assert [row["identifier"] for row in found] == [f"oai:inv:article/{n}" for n in range(1, 26)]
    for number, row in enumerate(found, 1):
        assert {lang: " ".join(row[f"abstract_{lang}"]) for lang in ("kk", "ru", "en")} == texts(number)
    assert found[0] | {"endpoint": "", "url": "", "files": ""} == found[0] | {
        **{
            "endpoint": "",
            "url": "",
            "files": "",
            "datestamp": "2023-01-02T00:00:00Z",
            "doi": ["10.5555/inv.1"],
            "volume": ["5"],
        },
        **{"journal": ["Invented Journal"], "issue": ["2"], "pages": ["1–10"], "year": ["2023"], "authors": ["Invented, Author"]},
        **{"licence": ["https://creativecommons.org/licenses/by/4.0"], "keywords_en": ["library", "reader", "stock"]},
    }


def test_build_reads_the_tables(tmp_path: Path) -> None:
    with repository(items(12)) as server:
        run(f"{server.url}/oai", tmp_path / "out", HarvestConfig(delay=0, rows=5))
    files = sorted((tmp_path / "out").glob("*.jsonl"), key=lambda path: (len(path.name), path.name))
    assert [len(path.read_text(encoding="utf-8").splitlines()) for path in files] == [5, 5, 2]
    document = process(files[0], "j", Config(), aligned=True)
    assert document.rejects == ()
    assert [article.id for article in document.articles] == ["j-01", "j-02", "j-03", "j-04", "j-05"]
    first = document.articles[0]
    assert {lang: version.abstract for lang, version in first.versions.items()} == texts(1)
    assert [len(beads) for beads in first.alignment.values()] == [3, 3, 3]
    assert first.source["doi"] == ("10.5555/inv.1",)


def test_only_news_is_asked_for_again(tmp_path: Path) -> None:
    with repository(items(10)) as server:
        run(f"{server.url}/oai", tmp_path / "out")
        now = datetime.datetime.now(datetime.UTC).replace(tzinfo=None, microsecond=0)
        changed = Item("oai:inv:article/3", now, {"oai_dc": ojs(3, en_US=texts(99)["en"])})
        server.items[2] = changed
        server.items[4] = Item("oai:inv:article/5", now, {}, deleted=True)
        server.items.append(Item("oai:inv:article/11", now, {"oai_dc": ojs(11)}))
        server.asked.clear()
        manifest = run(f"{server.url}/oai", tmp_path / "out")
        (asked,) = [query for query in server.asked if query["verb"] == "ListRecords"]
    assert asked["from"] == (datetime.datetime.now(datetime.UTC) - datetime.timedelta(days=1)).date().isoformat()
    assert manifest["fetched"] == 3
    found = {row["identifier"]: row for row in rows(tmp_path / "out")}
    assert sorted(found, key=lambda name: int(name.split("/")[1])) == [
        f"oai:inv:article/{n}" for n in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11)
    ]
    assert found["oai:inv:article/3"]["abstract_en"] == [texts(99)["en"]]
    assert [(reject["id"], reject["reason"]) for reject in rejects(tmp_path / "out")] == [
        ("oai:inv:article/5", "deleted by the journal")
    ]
    assert manifest["counts"]["records"] == manifest["counts"]["articles"] + manifest["counts"]["deleted"] == 11


@pytest.mark.parametrize(
    ("asked", "numbers"),
    [
        ({"since": "2023-01-06"}, [5, 6, 7, 8, 9, 10]),
        ({"until": "2023-01-04"}, [1, 2, 3]),
        ({"since": "2023-01-04", "until": "2023-01-06"}, [3, 4, 5]),
        ({"sets": ("even",)}, [2, 4, 6, 8, 10]),
        ({"sets": ("even", "first")}, [1, 2, 4, 6, 8, 10]),
        ({"since": "2030-01-01"}, []),
    ],
)
def test_a_part_is_asked_for(asked: dict[str, Any], numbers: list[int], tmp_path: Path) -> None:
    given = items(10)
    for number, item in enumerate(given, 1):
        item.sets = (*(("even",) if number % 2 == 0 else ()), *(("first",) if number == 1 else ()))
    with repository(given, batch=2) as server:
        run(f"{server.url}/oai", tmp_path / "out", **asked)
    assert [row["identifier"] for row in rows(tmp_path / "out")] == [f"oai:inv:article/{n}" for n in numbers]


def test_a_window_leaves_no_gap_for_later_runs(tmp_path: Path) -> None:
    """After a part in the middle the next run begins where it ended; what was before it is not asked for."""
    with repository(items(10)) as server:
        run(f"{server.url}/oai", tmp_path / "out", until="2023-01-05")
        run(f"{server.url}/oai", tmp_path / "out", since="2023-01-10")
        assert len(rows(tmp_path / "out")) == 4 + 2
        run(f"{server.url}/oai", tmp_path / "out")
    assert len(rows(tmp_path / "out")) == 10


JATS = """<article xmlns="https://jats.nlm.nih.gov/publishing/1.1/" xml:lang="ru"><front><article-meta>
<article-id pub-id-type="doi">10.5555/jats.{n}</article-id>
<title-group><article-title>Библиотека района {n}</article-title></title-group>
<volume>7</volume><abstract><p>{ru}</p></abstract><trans-abstract xml:lang="kk"><p>{kk}</p></trans-abstract>
</article-meta></front></article>"""


def test_formats_are_put_together(tmp_path: Path) -> None:
    """The record in Dublin Core has English alone, the one in JATS has the two others."""
    given = items(3)
    for number, item in enumerate(given, 1):
        own = {lang: escape(text) for lang, text in texts(number).items()}
        item.metadata = {"oai_dc": ojs(number, kk_KZ="", ru_RU=""), "jats": JATS.format(n=number, **own), "marc": "<x/>"}
    with repository(given, formats=("oai_dc", "jats", "marc")) as server:
        manifest = run(f"{server.url}/oai", tmp_path / "out")
        asked = [query["metadataPrefix"] for query in server.asked if "metadataPrefix" in query]
    assert (asked, manifest["formats"]) == (["jats", "oai_dc"], ["jats", "oai_dc"])
    assert manifest["counts"]["records"] == manifest["counts"]["trilingual"] == 3
    first = rows(tmp_path / "out")[0]
    assert {lang: first[f"abstract_{lang}"] for lang in ("kk", "ru", "en")} == {lang: [text] for lang, text in texts(1).items()}
    assert first["read_from"] == {"kk": "jats kk", "ru": "jats ru", "en": "oai_dc en_US"}
    assert (first["doi"], first["volume"], first["journal"]) == (["10.5555/jats.1"], ["7"], ["Invented Journal"])


def test_the_endpoint_is_found_from_the_journal_page(tmp_path: Path) -> None:
    with repository(items(2)) as server:
        manifest = run(f"{server.url}/index.php/j", tmp_path / "out")
        assert manifest["endpoint"] == f"{server.url}/index.php/j/oai"
        assert run(f"{server.url}/index.php/j", tmp_path / "out")["fetched"] == 0


def test_a_folder_holds_one_endpoint(tmp_path: Path) -> None:
    with repository(items(2)) as server:
        run(f"{server.url}/oai", tmp_path / "out")
        with pytest.raises(KzalignError, match="holds the records of"):
            run(f"{server.url}/other/oai", tmp_path / "out")


def test_a_limit_is_gone_on_from(tmp_path: Path) -> None:
    with repository(items(20), batch=5) as server:
        manifest = run(f"{server.url}/oai", tmp_path / "out", limit=8)
        assert (manifest["complete"], manifest["counts"]["records"]) == (False, 10)
        manifest = run(f"{server.url}/oai", tmp_path / "out")
        assert (manifest["complete"], manifest["fetched"], manifest["counts"]["records"]) == (True, 10, 20)


def outcome(output: Path) -> dict[str, str]:
    """Returns what a harvest left for others to read; how many requests it took differs."""
    found = {path.name: path.read_text(encoding="utf-8") for path in output.glob("*.jsonl")}
    manifest = json.loads((output / "harvest" / "manifest.json").read_text(encoding="utf-8"))
    kept = {name: manifest[name] for name in ("counts", "rejects", "files", "complete")}
    return found | {"rejects": (output / "harvest" / "rejects.jsonl").read_text(encoding="utf-8"), "manifest": json.dumps(kept)}


@pytest.mark.slow
def test_a_killed_harvest_ends_as_one_that_was_not(tmp_path: Path) -> None:
    """Killed ten times, a random number of requests after it began; a token is refused now and then."""
    given = items(120)
    for item in given[::9]:
        item.deleted, item.metadata = True, {}
    rng = random.Random(8)
    with repository(given, batch=4) as server:
        real = server.answer
        killing = True

        def expiring(path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
            time.sleep(0.02)
            if killing and "resumptionToken" in query and rng.random() < 0.05:
                return Reply(error_of("badResumptionToken"))
            return real(path, query, headers)

        server.answer = expiring  # type: ignore[method-assign]
        whole = run(f"{server.url}/oai", tmp_path / "whole", HarvestConfig(delay=0, retries=50))
        for _ in range(10):
            process = started(server.url, tmp_path / "killed", "--set", "harvest.retries=50")
            enough = len(server.asked) + rng.randint(1, 12)
            deadline = time.monotonic() + 60
            while len(server.asked) < enough and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            time.sleep(rng.uniform(0, 0.05))
            process.send_signal(signal.SIGKILL)
            _, said = process.communicate()
            assert process.returncode in (0, -signal.SIGKILL), said
        killing = False
        last = run(f"{server.url}/oai", tmp_path / "killed")
    assert last["counts"] == whole["counts"]
    assert outcome(tmp_path / "killed") == outcome(tmp_path / "whole")


def test_two_processes_do_not_share_a_folder(tmp_path: Path) -> None:
    from kzalign.harvest.shelf import Shelf

    held = Shelf(tmp_path / "out" / "harvest" / "harvest.sqlite")
    with repository(items(2)) as server:
        process = started(server.url, tmp_path / "out")
        _, said = process.communicate(timeout=120)
        assert (process.returncode, "another process is harvesting" in said, said.count("\n")) == (2, True, 1)
        held.close()
        process = started(server.url, tmp_path / "out", "--json")
        told, _ = process.communicate(timeout=120)
    assert (process.returncode, json.loads(told)["counts"]["articles"]) == (0, 2)


def test_ctrl_c_says_how_to_go_on(tmp_path: Path) -> None:
    with repository(items(40), batch=4) as server:
        real = server.answer

        def slow(path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
            time.sleep(0.3 if "resumptionToken" in query else 0)
            return real(path, query, headers)

        server.answer = slow  # type: ignore[method-assign]
        process = started(server.url, tmp_path / "out")
        deadline = time.monotonic() + 60
        while sum("resumptionToken" in query for query in server.asked) < 2 and time.monotonic() < deadline:
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=60)
        assert (process.returncode, said.startswith("stopped:"), "the same command goes on" in said) == (130, True, True)
        server.answer = real  # type: ignore[method-assign]
        manifest = run(f"{server.url}/oai", tmp_path / "out")
    assert manifest["counts"]["articles"] == 40
    assert manifest["fetched"] < 40


def test_force_begins_anew_and_spares_what_is_not_ours(tmp_path: Path) -> None:
    output = tmp_path / "out"
    with repository(items(3)) as server:
        run(f"{server.url}/oai", output)
        (output / "note.txt").write_text("mine", encoding="utf-8")
        process = started(server.url, output, "--force", "--json")
        told, _ = process.communicate(timeout=120)
        assert json.loads(told)["fetched"] == 3
        assert (output / "note.txt").exists()
        shutil.rmtree(output / "harvest")
        with pytest.raises(KzalignError, match="no harvest wrote"):
            run(f"{server.url}/oai", output)
