"""A server that is slow, busy, half-dead or wrong; files of hypotheses."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from kzalign.config import MtConfig
from kzalign.errors import KzalignError
from kzalign.mt import MtCard, open_backend
from kzalign.mt.backend import EMPTY, UNFINISHED
from kzalign.pauses import retry_after

KEY = "sk-very-secret"
QUESTIONS = [f"Мәтін {i}." for i in range(12)]
Answer = Callable[["Handler", dict[str, Any]], None]


class Handler(BaseHTTPRequestHandler):
    """Answers with the next of the server's scripted answers; when there is none left, well."""

    def do_POST(self) -> None:
        server: Any = self.server
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        with server.lock:
            server.seen.append((self.path, self.headers.get("Authorization"), body))
            server.busy += 1
            server.most = max(server.most, server.busy)
            answer = server.script.pop(0) if server.script else good
        answer(self, body)
        with server.lock:
            server.busy -= 1

    def log_message(self, *args: Any) -> None:
        pass


def send(handler: Handler, status: int, data: bytes, length: int | None = None, **headers: str) -> None:
    handler.send_response(status)
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.send_header("Content-Length", str(len(data) if length is None else length))
    handler.end_headers()
    handler.wfile.write(data)


def said(content: Any, reason: str = "stop") -> bytes:
    return json.dumps({"choices": [{"message": {"content": content}, "finish_reason": reason}]}).encode()


def good(handler: Handler, body: dict[str, Any]) -> None:
    time.sleep(0.01)
    send(handler, 200, said(body["messages"][0]["content"].rsplit("\n", 1)[-1].replace("Мәтін", "Text")))


def nothing(handler: Handler, body: dict[str, Any]) -> None:
    handler.close_connection = True


ANSWERS: dict[str, Answer] = {
    "429": lambda h, b: send(h, 429, b"{}", Retry_After="7"),
    "429 with a date": lambda h, b: send(h, 429, b"", Retry_After=formatdate(time.time() + 7, usegmt=True)),
    "429 with too long a pause": lambda h, b: send(h, 429, b"", Retry_After="86400"),
    "500": lambda h, b: send(h, 500, b"oops"),
    "503": lambda h, b: send(h, 503, b'{"error": {"message": "loading"}}'),
    "half a body": lambda h, b: send(h, 200, said("Text")[:20], length=200),
    "half of JSON": lambda h, b: send(h, 200, said("Text")[:20]),
    "nothing": nothing,
    "JSON of another shape": lambda h, b: send(h, 200, b'{"choices": []}'),
    "no object": lambda h, b: send(h, 200, b"[1]"),
    "no text": lambda h, b: send(h, 200, said(None)),
}


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Any]:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    monkeypatch.setenv("TEST_KEY", KEY)
    server: Any = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.lock, server.script, server.seen, server.busy, server.most = threading.Lock(), [], [], 0, 0
    server.pauses = []
    monkeypatch.setattr("kzalign.mt.http.sleep", server.pauses.append)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    yield server
    server.shutdown()
    server.server_close()


def opened(server: Any, folder: Path, **settings: Any) -> Any:
    card = folder / "served.toml"
    url = f"http://127.0.0.1:{server.server_port}/v1/"
    card.write_text(f'[served]\nbackend = "openai"\nrepo = "some-model"\nlicence = "MIT"\nurl = "{url}"\nkey = "TEST_KEY"\n')
    return open_backend(str(card), MtConfig(**{"retries": 2, "timeout": 5.0, "concurrency": 3} | settings))


def test_texts_are_asked_and_come_back_in_order(server: Any, tmp_path: Path) -> None:
    backend = opened(server, tmp_path)
    assert backend.translate(QUESTIONS, "kk", "en") == [f"Text {i}." for i in range(12)]
    assert backend.name == "some-model@unpinned"
    assert 1 < server.most <= 3
    path, key, body = server.seen[0]
    assert (path, key, body["model"], body["temperature"]) == ("/v1/chat/completions", f"Bearer {KEY}", "some-model", 0)
    assert "from Kazakh into English" in body["messages"][0]["content"]
    assert backend.notes == []


@pytest.mark.parametrize("name", ANSWERS)
def test_a_failure_is_tried_again(name: str, server: Any, tmp_path: Path) -> None:
    server.script = [ANSWERS[name]]
    assert opened(server, tmp_path, concurrency=1).translate(["Мәтін."], "kk", "en") == ["Text."]
    assert len(server.seen) == 2
    (pause,) = server.pauses
    assert pause == {"429": 7.0, "429 with too long a pause": 60.0}.get(
        name, pytest.approx(6.5, abs=1) if "date" in name else 0.5
    )


@pytest.mark.parametrize("name", ANSWERS)
def test_after_the_last_attempt_one_line_says_so(name: str, server: Any, tmp_path: Path) -> None:
    server.script = [ANSWERS[name]] * 3
    with pytest.raises(KzalignError) as error:
        opened(server, tmp_path, concurrency=1).translate(["Мәтін."], "kk", "en")
    assert "(after 3 attempts)" in str(error.value)
    assert str(error.value).startswith(f"http://127.0.0.1:{server.server_port}/v1/chat/completions: ")
    assert "\n" not in str(error.value) and KEY not in str(error.value)
    assert len(server.seen) == 3


def test_one_text_that_fails_ends_the_rest(server: Any, tmp_path: Path) -> None:
    server.script = [ANSWERS["500"]] * 100
    with pytest.raises(KzalignError, match="the server said 500 Internal Server Error: oops"):
        opened(server, tmp_path, retries=0).translate(QUESTIONS, "kk", "en")
    assert len(server.seen) < len(QUESTIONS)


@pytest.mark.parametrize(
    ("status", "body", "message"),
    [
        (401, f'{{"error": {{"message": "wrong key {KEY}"}}}}', "the server said 401 Unauthorized: wrong key …: check the key's"),
        (404, '{"error": "no such model"}', "the server said 404 Not Found: no such model"),
        (400, "x" * 500, "x" * 200),
        (302, "", "the server said 302 Found"),
    ],
)
def test_what_will_not_change_is_not_tried_again(status: int, body: str, message: str, server: Any, tmp_path: Path) -> None:
    server.script = [lambda h, b: send(h, status, body.encode(), Location="http://127.0.0.1:1/")] * 9
    with pytest.raises(KzalignError) as error:
        opened(server, tmp_path, concurrency=1).translate(["Мәтін."], "kk", "en")
    assert message in str(error.value)
    assert KEY not in str(error.value) and "x" * 201 not in str(error.value)
    assert len(server.seen) == 1


def test_a_server_that_is_too_slow(server: Any, tmp_path: Path) -> None:
    waiting = threading.Event()
    server.script = [lambda h, b: waiting.wait(5) and nothing(h, b)] * 2
    with pytest.raises(KzalignError, match=r"no answer within 1 seconds \(at the first attempt\)"):
        opened(server, tmp_path, timeout=1.0, retries=0, concurrency=1).translate(["Мәтін."], "kk", "en")
    waiting.set()


def test_a_server_that_is_not_there(server: Any, tmp_path: Path) -> None:
    backend = opened(server, tmp_path, url="http://127.0.0.1:9", retries=0)
    with pytest.raises(KzalignError, match=r"http://127\.0\.0\.1:9/chat/completions: no whole answer .*is the server running"):
        backend.translate(["Мәтін."], "kk", "en")


def test_an_answer_cut_at_its_limit_gets_twice_the_room_once(server: Any, tmp_path: Path) -> None:
    server.script = [lambda h, b: send(h, 200, said("Half of", "length"))]
    backend = opened(server, tmp_path, concurrency=1)
    assert backend.translate(["Мәтін."], "kk", "en") == ["Text."]
    assert [body["max_tokens"] for _, _, body in server.seen] == [512, 1024]
    server.script = [lambda h, b: send(h, 200, said("Half of", "length"))] * 2
    (found,) = backend.hypotheses(["Мәтін."], "kk", "en")
    assert (found.text, found.flags) == ("Half of", (UNFINISHED,))


def test_a_server_is_told_the_terms_of_each_text(server: Any, tmp_path: Path) -> None:
    backend = opened(server, tmp_path, concurrency=1)
    found = backend.translate_terms(["Мәтін 1.", "Мәтін 2."], "kk", "en", [(("мәтін", ("text", "writing")),), ()])
    assert [hypothesis.text for hypothesis in found] == ["Text 1.", "Text 2."]
    prompts = [body["messages"][0]["content"] for _, _, body in server.seen]
    assert ["- мәтін: text or writing" in prompt for prompt in prompts] == [True, False]


def test_an_empty_answer_is_flagged(server: Any, tmp_path: Path) -> None:
    server.script = [lambda h, b: send(h, 200, said("<think>what"))]
    backend = opened(server, tmp_path, concurrency=1)
    assert backend.hypotheses(["Мәтін."], "kk", "en")[0].flags == (EMPTY,)
    assert backend.notes == ["1 empty hypotheses"]


def test_a_key_that_is_not_set_and_an_address_that_is_none(server: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for url in ("localhost", "http://me:secret@localhost/v1", "https://localhost/v1?key=secret"):
        with pytest.raises(KzalignError, match=r"mt\.url is not a server's address") as error:
            opened(server, tmp_path, url=url)
        assert "secret" not in str(error.value)
    monkeypatch.delenv("TEST_KEY")
    with pytest.raises(KzalignError, match="the environment variable TEST_KEY, which is to hold the key, is not set"):
        opened(server, tmp_path)


@pytest.mark.parametrize("value", [None, "soon", "-3", "Sat, 32 Nov 2026", "1e400"])
def test_a_pause_that_cannot_be_read(value: str | None) -> None:
    found = retry_after(value)
    assert found is None or found >= 0


FILES = {
    # name, content, settings, hypotheses
    "lines": ("out.txt", "One.\n\nThree.\n", {}, ["One.", "", "Three."]),
    "lines of Windows": ("out.txt", "One.\r\nTwo.\r\nThree.\r\n", {}, ["One.", "Two.", "Three."]),
    "no last line end": ("out.txt", "One.\nTwo.\nThree.", {}, ["One.", "Two.", "Three."]),
    "a file a pair": ("out.kk-en.txt", "One.\nTwo.\nThree.\n", {}, ["One.", "Two.", "Three."]),
    "JSON": ("out.jsonl", '{"hypothesis": "1"}\n{"hypothesis": "2"}\n{"hypothesis": "3"}\n', {}, ["1", "2", "3"]),
    "a field": ("out.jsonl", '{"mt": "1"}\n{"mt": "2", "source": "B"}\n{"mt": "3"}\n', {"field": "mt"}, ["1", "2", "3"]),
}


@pytest.mark.parametrize(("name", "content", "settings", "expected"), FILES.values(), ids=FILES)
def test_hypotheses_of_a_file(name: str, content: str, settings: dict[str, Any], expected: list[str], tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content.encode())
    backend = open_backend(str(tmp_path / name.replace("kk-en", "{source}-{target}")), MtConfig(**settings))
    assert backend.translate(["A", "B", "C"], "kk", "en") == expected
    assert backend.notes == (["1 empty hypotheses"] if "" in expected else [])


BAD_FILES = {
    "too few": ("out.txt", "1\n2\n", r"out.txt: 2 hypotheses for 3 texts \(kk-en\): text 3 \('C'\) has none"),
    "too many": ("out.txt", "1\n2\n3\n4\n", r"out.txt: 4 hypotheses for 3 texts \(kk-en\): line 4 has no text"),
    "not there": ("none.txt", None, "none.txt: no such file"),
    "not JSON": ("out.jsonl", '{"hypothesis": "1"}\n{\n', "out.jsonl:2: not JSON; expected one object a line with the field"),
    "no object": ("out.jsonl", "1\n2\n3\n", "out.jsonl:1: not a JSON object with the field 'hypothesis'"),
    "another field": ("out.jsonl", '{"hypotesis": "1"}\n', "out.jsonl:1: unknown field 'hypothesis': did you mean 'hypotesis'"),
    "no text": ("out.jsonl", '{"hypothesis": 1}\n', "out.jsonl:1: the field 'hypothesis' is not a text"),
    "another source": (
        "out.jsonl",
        '{"hypothesis": "1", "source": "A"}\n{"hypothesis": "2", "source": "X"}\n',
        "out.jsonl:2: is of the source 'X', but text 2 is 'B'",
    ),
}


@pytest.mark.parametrize(("name", "content", "message"), BAD_FILES.values(), ids=BAD_FILES)
def test_a_file_that_does_not_fit(name: str, content: str | None, message: str, tmp_path: Path) -> None:
    if content is not None:
        (tmp_path / name).write_text(content)
    with pytest.raises(KzalignError, match=message):
        open_backend(str(tmp_path / name), MtConfig()).translate(["A", "B", "C"], "kk", "en")


@pytest.mark.parametrize(
    "other",
    [{"prompt": "{text} in {target}"}, {"url": "http://localhost:2"}, {"body": {"top_p": 0.5}}, {"max_length": 7}],
    ids=str,
)
def test_the_setup_tells_whatever_the_output_depends_on(other: dict[str, Any]) -> None:
    card = MtCard("one", "openai", "one", "unpinned", "MIT", {"kk": "Kazakh", "ru": "Russian"}, url="http://localhost:1")
    one, same, changed = (open_backend(made, MtConfig()).setup for made in (card, replace(card), replace(card, **other)))
    assert one == same != changed
    assert "localhost" not in one, "a private address stays so"
