"""Servers that do what they should not: errors, silence, lists without an end, addresses that lead inside."""

import gzip
import json
import socket
import threading
import zlib
from pathlib import Path
from typing import Any

import pytest
from oai_site import IDENTIFY, Fake, Reply, answer_of, error_of, list_of, ojs, record, site
from test_harvest import QUICK, rejects, rows, run, started
from typer.testing import CliRunner

from kzalign.config import HarvestConfig
from kzalign.errors import KzalignError
from kzalign.harvest.address import Forbidden, candidates, is_private, slug
from kzalign.harvest.web import Unanswered, Web
from kzalign.harvest_cli import app

ONE, TWO, THREE = ([record(f"oai:a:{n}", ojs(n))] for n in (1, 2, 3))
PAGE = b"<!DOCTYPE html><html><body>The site is under repair</body></html>"


def identifiers(output: Path) -> list[str]:
    return [row["identifier"] for row in rows(output)]


def endless(query: dict[str, str]) -> bytes:
    """Returns the same record and another token, for ever."""
    number = int(query.get("resumptionToken", "t0")[1:])
    return list_of(ONE, f"t{number + 1}")


PASSING: dict[str, Any] = {
    "503 with Retry-After": [Reply(b"busy", 503, headers={"Retry-After": "0"}), list_of(ONE, "t")],
    "429": [Reply(b"slow down", 429), list_of(ONE, "t")],
    "500 twice": [Reply(b"", 500), Reply(b"", 500), list_of(ONE, "t")],
    "broken off in the middle": [Reply(list_of(ONE, "t"), cut=400), list_of(ONE, "t")],
    "cut short with its length right": [list_of(ONE, "t")[:-40], list_of(ONE, "t")],
    "under repair": [Reply(PAGE, kind="text/html"), list_of(ONE, "t")],
    "under repair, called XML": [PAGE, list_of(ONE, "t")],
    "nothing": [b"", list_of(ONE, "t")],
    "packed": [Reply(gzip.compress(list_of(ONE, "t")), headers={"Content-Encoding": "gzip"})],
    "packed and cut short": [
        Reply(gzip.compress(list_of(ONE, "t"))[:-30], headers={"Content-Encoding": "gzip"}),
        list_of(ONE, "t"),
    ],
    "another address for a while": [Reply(status=302, headers={"Location": "/moved?verb=ListRecords&x=1"}), list_of(ONE, "t")],
    "an error's status under a good answer": [Reply(list_of(ONE, "t"), 404)],
}


@pytest.mark.parametrize("name", PASSING)
def test_what_passes_is_waited_for(name: str, tmp_path: Path) -> None:
    given = PASSING[name]
    with site(Fake({"": list(given), "t": list_of(TWO, "")})) as url:
        manifest = run(f"{url}/oai", tmp_path / "out")
    assert identifiers(tmp_path / "out") == ["oai:a:1", "oai:a:2"]
    assert manifest["complete"]


@pytest.mark.parametrize(
    ("pages", "problem"),
    [
        ({"": list_of(ONE, "t"), "t": list_of(ONE, "t")}, "the same resumption token again"),
        ({"": endless, "*": endless}, "resumption tokens without end"),
        ({"": list_of(ONE, "t"), "t": list_of([], "u"), "*": list_of([], "u")}, "the same resumption token again"),
        ({"": list_of(ONE, "t"), "t": error_of("badResumptionToken")}, "its resumption tokens are refused"),
        ({"": list_of(ONE, "t"), "t": error_of("somethingElse", "no idea")}, "the server says somethingElse: no idea"),
        ({"": list_of(ONE, "t"), "t": error_of("__doc__")}, "the server says __doc__"),
    ],
)
def test_a_list_without_an_end_is_stopped_with_a_reason(pages: dict[str, Any], problem: str, tmp_path: Path) -> None:
    fake = Fake(pages)
    with site(fake) as url:
        manifest = run(f"{url}/oai", tmp_path / "out")
        assert identifiers(tmp_path / "out") == ["oai:a:1"]
        assert [(reject["id"], reject["reason"].startswith(problem)) for reject in rejects(tmp_path / "out")] == [
            ("oai_dc", True)
        ]
        assert not manifest["complete"]
        assert len(fake.asked) < 12
        fake.pages = {"": list_of(ONE, "t"), "t": list_of(TWO)}
        assert run(f"{url}/oai", tmp_path / "out")["complete"], "the next run begins the list again"
    assert identifiers(tmp_path / "out") == ["oai:a:1", "oai:a:2"]


def test_too_many_records_are_stopped(tmp_path: Path) -> None:
    with site(Fake({"": list_of(ONE, "t"), "t": list_of(TWO, "u"), "u": list_of(THREE, "v")})) as url:
        run(f"{url}/oai", tmp_path / "out", HarvestConfig(delay=0, max_records=2))
    assert "harvest.max_records = 2" in rejects(tmp_path / "out")[0]["reason"]


def test_an_expired_token_begins_the_list_again_without_doubles(tmp_path: Path) -> None:
    fake = Fake({"": list_of(ONE, "old"), "old": list_of(TWO, "older"), "older": Reply(b"", 500)})
    with site(fake) as url:
        with pytest.raises(KzalignError, match="500"):
            run(f"{url}/oai", tmp_path / "out")
        fake.pages = {"": list_of(ONE, "new"), "new": list_of(TWO, "newer"), "newer": list_of(THREE)}
        manifest = run(f"{url}/oai", tmp_path / "out")
    assert [query.get("resumptionToken") for _, query, _ in fake.asked[-4:]] == ["older", None, "new", "newer"]
    assert manifest["complete"]
    assert identifiers(tmp_path / "out") == ["oai:a:1", "oai:a:2", "oai:a:3"]


@pytest.mark.parametrize("empty", [error_of("noRecordsMatch"), list_of([]), answer_of("<ListRecords/>")])
def test_an_empty_list_is_no_mistake(empty: bytes, tmp_path: Path) -> None:
    with site(Fake({"": empty})) as url:
        manifest = run(f"{url}/oai", tmp_path / "out")
    assert (manifest["complete"], manifest["counts"]["records"], manifest["files"]) == (True, 0, [])


FAILING: dict[str, tuple[dict[str, Any], str]] = {
    "a web page": ({"Identify": Reply(PAGE, kind="text/html")}, "answered a web page, not XML; is this the OAI address"),
    "a web page called XML": ({"Identify": PAGE}, "answered a web page"),
    "another XML": ({"Identify": b"<rss version='2.0'><channel/></rss>"}, "XML that is not OAI-PMH (<rss>)"),
    "no XML": ({"Identify": b"hello"}, "broken XML"),
    "entities": (
        {"Identify": b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + IDENTIFY.split(b"?>", 1)[1]},
        "declares entities",
    ),
    "not found": ({"Identify": Reply(b"", 404)}, "the server said 404"),
    "forbidden": ({"Identify": Reply(b"", 403)}, "the server said 403"),
    "an error": ({"Identify": error_of("badVerb", "what?")}, "the server says badVerb: what?"),
    "no format that can be read": (
        {"ListMetadataFormats": answer_of("<ListMetadataFormats><metadataFormat><metadataPrefix>mods</metadataPrefix>"
                                          "</metadataFormat></ListMetadataFormats>")},
        "no format that can be read among mods",
    ),
    "a format that is offered and refused": ({"": error_of("cannotDisseminateFormat")}, "no records: the server says cannotDis"),
    "a bad day": ({"": error_of("badArgument", "from")}, "the server says badArgument: from"),
    "busy for good": ({"": Reply(b"", 503)}, "the server said 503 Service Unavailable (3 attempts)"),
    "busy for a day": ({"": Reply(b"", 503, headers={"Retry-After": "86400"})}, "asks to wait 86,400 seconds"),
    "too large": ({"": list_of([record("oai:a:1", ojs(1))] * 1000)}, "larger than harvest.max_megabytes = 1"),
    "a bomb": (
        {"": Reply(gzip.compress(b"<a>" + b" " * 50_000_000), headers={"Content-Encoding": "gzip"})},
        "larger than harvest.max_megabytes = 1",
    ),
    "a bomb in a bomb": (
        {"": Reply(gzip.compress(gzip.compress(b" " * 50_000_000)), headers={"Content-Encoding": "gzip, gzip"})},
        "packed as gzip, gzip",
    ),
    "packed otherwise": ({"": Reply(zlib.compress(b" "), headers={"Content-Encoding": "br"})}, "packed as br"),
    "round and round": ({"": Reply(status=302, headers={"Location": "/oai?verb=ListRecords"})}, "than harvest.max_redirects"),
    "to a file": ({"": Reply(status=302, headers={"Location": "file:///etc/hosts"})}, "neither http nor https"),
    "to a private network": ({"": Reply(status=302, headers={"Location": "http://10.1.2.3/"})}, "10.1.2.3:80 is 10.1.2.3"),
    "to this machine's metadata": ({"": Reply(status=302, headers={"Location": "http://169.254.169.254/"})}, "private network"),
    "to this machine by another name": ({"": Reply(status=302, headers={"Location": "http://[::ffff:127.0.0.1]/"})}, "private"),
    "to another port of this machine": ({"": Reply(status=302, headers={"Location": "http://127.0.0.1:9/"})}, "--allow-private"),
}  # fmt: skip


@pytest.mark.parametrize("name", FAILING)
def test_what_does_not_pass_is_one_clear_line(name: str, tmp_path: Path) -> None:
    pages, message = FAILING[name]
    config = HarvestConfig(delay=0, retries=2, timeout=10, max_megabytes=1)
    with site(Fake(pages)) as url, pytest.raises(KzalignError) as raised:
        run(f"{url}/oai", tmp_path / "out", config)
    assert message in str(raised.value)
    assert "\n" not in str(raised.value)


@pytest.mark.parametrize("bad", [error_of("cannotDisseminateFormat", "broken plugin"), Reply(PAGE, 500, "text/html"), b"<x>"])
def test_one_bad_format_does_not_cost_the_other(bad: Any, tmp_path: Path) -> None:
    formats = "".join(f"<metadataFormat><metadataPrefix>{name}</metadataPrefix></metadataFormat>" for name in ("oai_dc", "jats"))
    answers = {"oai_dc": list_of(ONE), "jats": bad}
    pages = {
        "ListMetadataFormats": answer_of(f"<ListMetadataFormats>{formats}</ListMetadataFormats>"),
        "": lambda query: answers[query["metadataPrefix"]],
    }
    with site(Fake(pages)) as url:
        run(f"{url}/oai", tmp_path / "out")
    assert identifiers(tmp_path / "out") == ["oai:a:1"]
    assert [reject["id"] for reject in rejects(tmp_path / "out")] == ["jats"]
    assert not json.loads((tmp_path / "out" / "harvest" / "manifest.json").read_text(encoding="utf-8"))["complete"]


def test_a_private_address_is_followed_where_that_is_allowed(tmp_path: Path) -> None:
    with site(Fake({"": list_of(ONE)})) as inner:
        moved = Fake({"": Reply(status=301, headers={"Location": f"{inner}/oai?verb=ListRecords&metadataPrefix=oai_dc"})})
        with site(moved) as url:
            with pytest.raises(Forbidden):
                run(f"{url}/oai", tmp_path / "out")
            run(f"{url}/oai", tmp_path / "out", allow_private=True)
    assert identifiers(tmp_path / "out") == ["oai:a:1"]


def test_pages_on_private_addresses_are_rejects(tmp_path: Path) -> None:
    given = [record("oai:a:1", ojs(1, kk_KZ="").replace("SITE", "http://192.168.0.1"))]
    with site(Fake({"": list_of(given)})) as url:
        run(f"{url}/oai", tmp_path / "out", pages=True)
    assert identifiers(tmp_path / "out") == ["oai:a:1"]
    assert "an address of a private network" in rejects(tmp_path / "out")[0]["reason"]


@pytest.mark.parametrize(
    ("number", "private"),
    [
        *((number, True) for number in "127.0.0.1 10.0.0.1 172.16.0.1 192.168.1.1 169.254.169.254 0.0.0.0 100.64.0.1".split()),
        *((number, True) for number in "224.0.0.1 255.255.255.255 ::1 fe80::1%eth0 fc00::1 ::ffff:10.0.0.1".split()),
        *((number, True) for number in "64:ff9b::7f00:1 2002:7f00:1:: ff02::1 ::".split()),
        *((number, False) for number in "8.8.8.8 2a00:1450:4010:c0f::64 64:ff9b::808:808 ::ffff:8.8.8.8".split()),
    ],
)
def test_private_addresses(number: str, private: bool) -> None:
    assert is_private(number) is private


def resolver(*answers: str) -> Any:
    """Returns a getaddrinfo that gives one of the answers a time, and what it gave."""
    waiting = list(answers)

    def resolve(host: str, port: int, *rest: Any, **named: Any) -> list[Any]:
        number = waiting.pop(0) if host == "journal.example" else host
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))]

    return resolve


def test_a_name_that_leads_inside_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with site(Fake({})) as url:
        address = url.replace("127.0.0.1", "journal.example")
        monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1"))
        with pytest.raises(Forbidden, match=r"journal\.example"):
            Web(address, QUICK, allow_private=False).get(f"{address}/oai")


def test_the_address_that_was_checked_is_the_one_connected_to(monkeypatch: pytest.MonkeyPatch) -> None:
    """A name that is public when it is checked and private a moment later: the second answer is never asked for."""
    with site(Fake({"Identify": IDENTIFY})) as url:
        address = url.replace("127.0.0.1", "journal.example")
        asked: list[str] = []
        monkeypatch.setattr("kzalign.harvest.address.is_private", lambda number: asked.append(number) or False)
        monkeypatch.setattr(socket, "getaddrinfo", resolver("127.0.0.1"))
        answer = Web(address, QUICK, allow_private=False).get(f"{address}/oai", {"verb": "Identify"})
    assert (answer.body, asked) == (IDENTIFY, ["127.0.0.1"])
    assert answer.url.startswith("http://journal.example:")


def test_no_such_host_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(*asked: Any, **named: Any) -> Any:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", nobody)
    slept: list[float] = []
    with pytest.raises(KzalignError, match="no such host"):
        Web("https://journal.example/oai", HarvestConfig(), False, slept.append).get("https://journal.example/oai")
    assert slept == []


def test_pauses() -> None:
    """Between requests, growing between attempts, and as long as the server asks."""
    answers = [Reply(b"", 500), Reply(b"", 503, headers={"Retry-After": "7"}), Reply(b"", 500), Reply(b"ok"), Reply(b"ok")]
    slept: list[float] = []
    with site(lambda *asked: answers.pop(0)) as url:
        web = Web(url, HarvestConfig(delay=3), False, slept.append)
        web.get(f"{url}/a")
        web.get(f"{url}/b")
    asked = [pause for pause in slept if pause in (3.0, 6.0, 12.0, 7.0)]
    between = [pause for pause in slept if pause not in (3.0, 6.0, 12.0, 7.0)]
    assert asked == [3.0, 7.0, 12.0]
    assert len(between) == 4
    assert all(2 < pause < 3 for pause in between)


def test_a_slow_answer_is_given_up() -> None:
    with (
        site(lambda *asked: Reply(b"x", wait=threading.Event())) as url,
        pytest.raises(Unanswered, match=r"no answer within 0\.2"),
    ):
        Web(url, HarvestConfig(delay=0, retries=1, timeout=0.2), False).get(url)


def test_the_user_agent_names_the_contact() -> None:
    seen: list[str] = []

    def answer(path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        seen.append(headers["User-Agent"])
        return Reply(b"ok")

    with site(answer) as url:
        Web(url, HarvestConfig(delay=0, contact="me@example.org"), False).get(url)
    assert "kzalign/" in seen[0]
    assert "me@example.org" in seen[0]


@pytest.mark.parametrize(
    ("typed", "tried"),
    [
        ("https://j.example/index.php/j/oai", ["https://j.example/index.php/j/oai"]),
        ("https://j.example/index.php/j/", ["https://j.example/index.php/j", "https://j.example/index.php/j/oai"]),
        ("j.example/j", ["https://j.example/j", "https://j.example/j/oai"]),
        ("https://j.example/oai?verb=Identify", ["https://j.example/oai"]),
        ("https://j.example/index.php?page=oai&verb=Identify", ["https://j.example/index.php?page=oai"]),
        ("https://j.example/kaznoai", ["https://j.example/kaznoai", "https://j.example/kaznoai/oai"]),
    ],
)
def test_what_a_user_may_type(typed: str, tried: list[str]) -> None:
    assert candidates(typed) == tried


@pytest.mark.parametrize("typed", ["ftp://j.example/oai", "https://", "https://me:secret@j.example/oai", "https://j.example:x/"])
def test_what_is_no_address(typed: str) -> None:
    with pytest.raises(KzalignError) as raised:
        candidates(typed)
    assert "secret" not in str(raised.value)


def test_names_on_disk() -> None:
    assert slug("https://journal.example/index.php/vestnik/oai") == "journal.example-vestnik"
    assert slug("http://127.0.0.1:81/oai") == "127.0.0.1-81"


def test_the_command_says_it_in_one_line(tmp_path: Path) -> None:
    with site(Fake({"Identify": Reply(PAGE, kind="text/html")})) as url:
        process = started(url, tmp_path / "out")
        told, said = process.communicate(timeout=120)
    assert (process.returncode, told, said.count("\n"), "answered a web page" in said) == (2, "", 1, True)


def test_a_server_without_a_clock_is_asked_for_all_again(tmp_path: Path) -> None:
    fake = Fake({"": list_of(ONE).replace(b"2024-01-01T00:00:00Z", b"yesterday")})
    with site(fake) as url:
        run(f"{url}/oai", tmp_path / "out")
        run(f"{url}/oai", tmp_path / "out")
    assert [query.get("from") for _, query, _ in fake.asked if query["verb"] == "ListRecords"] == [None, None]
    assert identifiers(tmp_path / "out") == ["oai:a:1"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--from", "2023-13-01"], "--from 2023-13-01: expected a day"),
        (["--until", "May"], "--until May: expected a day"),
        (["--from", "2023-02-01", "--until", "2023-01-01"], "is later than"),
        (["--set", "harvest.delai=3"], "did you mean 'delay'"),
        (["--set", "harvest.delay=-1"], "harvest.delay: -1.0 is not from 0"),
        (["--contact", "Автор"], "harvest.contact: 'Автор' cannot be sent"),
        (["--format", "mods"], "no format 'mods'; it offers oai_dc"),
    ],
)
def test_options_that_cannot_be(options: list[str], message: str, tmp_path: Path) -> None:
    with site(Fake({"": list_of(ONE)})) as url:
        result = CliRunner().invoke(app, [f"{url}/oai", "-o", str(tmp_path / "out"), *options])
    assert isinstance(result.exception, KzalignError)
    assert message in str(result.exception)


def test_a_set_and_a_setting_are_told_apart(tmp_path: Path) -> None:
    fake = Fake({"": list_of(ONE)})
    with site(fake) as url:
        options = ["--set", "j:ART", "--set", "harvest.delay=0", "--contact", "me@example.org"]
        assert CliRunner().invoke(app, [f"{url}/oai", "-o", str(tmp_path / "out"), *options]).exit_code == 0
    assert [query["set"] for _, query, _ in fake.asked if "set" in query] == ["j:ART"]
    assert "me@example.org" in fake.asked[0][2]["User-Agent"]
