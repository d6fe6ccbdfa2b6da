"""Sites on loopback for the tests: a real OAI-PMH server, and one that does what it should not."""

import datetime
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from xml.sax.saxutils import escape

from lxml import etree

DC = 'xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/"'
OAI = "http://www.openarchives.org/OAI/2.0/"

KK = (
    "Мақалада {0} ауданындағы кітапханалардың оқырмандарға қызмет көрсету тәжірибесі қарастырылады. "
    "Зерттеу барысында {1} оқырманның жауаптары жиналып, олардың қажеттіліктері талданды. "
    "Нәтижелер кітапхана қорын жаңарту қажеттігін көрсетті."
)
RU = (
    "В статье рассматривается опыт обслуживания читателей в библиотеках района {0}. "
    "В ходе исследования были собраны ответы {1} читателей и проанализированы их потребности. "
    "Результаты показали необходимость обновления библиотечного фонда."
)
EN = (
    "The article considers how libraries of the {0} district serve their readers. "
    "During the study the answers of {1} readers were collected and their needs were analysed. "
    "The results showed that the library stock has to be renewed."
)
TITLES = {
    "kk": "Кітапхана қызметі: {0} ауданы",
    "ru": "Библиотечное обслуживание: район {0}",
    "en": "Library service: {0} district",
}
PLACES = "Arna Besqum Dalaly Qoskol Jalgyz Tolqyn Shagala Narqamys Saumal Boztorgai".split()


def texts(number: int) -> dict[str, str]:
    """Returns an invented article's abstracts by language."""
    place = PLACES[number % len(PLACES)]
    return {lang: text.format(place, 40 + number) for lang, text in (("kk", KK), ("ru", RU), ("en", EN))}


def dc(fields: list[tuple[str, str, str]]) -> str:
    """Returns a record in Dublin Core: elements with their xml:lang and raw text."""
    inner = "".join(
        f"<dc:{name}{f' xml:lang={chr(34)}{lang}{chr(34)}' if lang else ''}>{text}</dc:{name}>" for name, lang, text in fields
    )
    return f"<oai_dc:dc {DC}>{inner}</oai_dc:dc>"


def ojs(number: int, **changes: str) -> str:
    """Returns a record as OJS 3 writes it; `changes` are other abstracts by the code that it stands under."""
    own = texts(number)
    said = {"kk_KZ": own["kk"], "ru_RU": own["ru"], "en_US": own["en"]} | changes
    place = PLACES[number % len(PLACES)]
    titles = [("title", code, TITLES[code[:2]].format(f"{place} {number}")) for code in ("kk_KZ", "ru_RU", "en_US")]
    return dc(
        [
            *titles,
            ("creator", "", "Invented, Author"),
            *(("subject", "ru_RU", word) for word in ("библиотека", "читатель", "фонд")),
            *(("subject", "en_US", word) for word in ("library", "reader", "stock")),
            *(("description", code, escape(text)) for code, text in said.items() if text),
            ("publisher", "en_US", "Invented Press"),
            ("date", "", f"2023-0{number % 9 + 1}-15"),
            ("identifier", "", f"SITE/article/view/{number}"),
            ("identifier", "", f"10.5555/inv.{number}"),
            ("source", "en_US", f"Invented Journal; Vol. 5 No. 2 (2023): Spring; {number}-{number + 9}"),
            ("source", "", "2222-3333"),
            ("language", "", "eng"),
            ("relation", "", f"SITE/article/view/{number}/{number + 500}"),
            ("rights", "", "https://creativecommons.org/licenses/by/4.0"),
        ]
    )


@dataclass
class Reply:
    """What a site answers; `cut` bytes of the body are sent and the connection is broken off."""

    body: bytes = b""
    status: int = 200
    kind: str = "text/xml; charset=utf-8"
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    wait: threading.Event | None = None


Answering = Callable[[str, dict[str, str], dict[str, str]], Reply]


@contextmanager
def site(answer: Answering) -> Iterator[str]:
    """Serves on a free port of loopback: the function is given path, arguments and headers; yields the address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            reply = answer(parts.path, dict(parse_qsl(parts.query, keep_blank_values=True)), dict(self.headers.items()))
            if reply.wait:
                reply.wait.wait(30)
            self.send_response(reply.status)
            for name, value in {"Content-Type": reply.kind, "Content-Length": str(len(reply.body)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(reply.body[: reply.cut])
            if reply.cut is not None:
                self.wfile.flush()
                self.close_connection = True

        def log_message(self, *args: Any) -> None:
            pass

    class Server(ThreadingHTTPServer):
        def handle_error(self, *request: Any) -> None:
            """A client that was killed is no news."""

    server = Server(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Item:
    """A record of the real server; `metadata` is by prefix."""

    identifier: str
    stamp: datetime.datetime
    metadata: dict[str, str]
    deleted: bool = False
    sets: tuple[str, ...] = ()


class Repository:
    """A repository behind the server of the package `oaipmh`."""

    def __init__(self, items: list[Item], batch: int = 7, formats: tuple[str, ...] = ("oai_dc",)) -> None:
        from oaipmh.metadata import MetadataRegistry
        from oaipmh.server import BatchingServer

        self.items = items
        self.formats = formats
        self.url = ""
        registry = MetadataRegistry()
        for prefix in formats:
            registry.registerWriter(prefix, self._write)
        self._server = BatchingServer(self, registry, resumption_batch_size=batch)
        self.asked: list[dict[str, str]] = []

    def _write(self, element: Any, metadata: str) -> None:
        element.append(etree.fromstring(metadata.replace("SITE", self.url)))

    def answer(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        """Returns the real server's answer."""
        if not path.endswith("/oai"):
            return Reply(b"<!DOCTYPE html><html><body>A journal</body></html>", kind="text/html")
        self.asked.append(dict(query))
        return Reply(self._server.handleRequest(query))

    def identify(self) -> Any:
        from oaipmh.common import Identify

        first = datetime.datetime(2020, 1, 1)
        return Identify(
            "Invented Journal", f"{self.url}/oai", "2.0", ["a@example.org"], first, "persistent", "YYYY-MM-DDThh:mm:ssZ", []
        )

    def listMetadataFormats(self, identifier: str | None = None) -> list[tuple[str, str, str]]:  # noqa: N802
        return [(prefix, "", "") for prefix in self.formats]

    def listSets(self, cursor: int = 0, batch_size: int = 10) -> list[tuple[str, str, str]]:  # noqa: N802
        return [(name, name, "") for name in sorted({name for item in self.items for name in item.sets})][
            cursor : cursor + batch_size
        ]

    def listRecords(  # noqa: N802
        self,
        metadataPrefix: str,  # noqa: N803
        set: str | None = None,
        from_: datetime.datetime | None = None,
        until: datetime.datetime | None = None,
        cursor: int = 0,
        batch_size: int = 10,
    ) -> list[Any]:
        from oaipmh.common import Header

        found = [
            (Header(None, item.identifier, item.stamp, list(item.sets), item.deleted), item.metadata.get(metadataPrefix), None)
            for item in self.items
            if (item.deleted or metadataPrefix in item.metadata)
            and (set is None or set in item.sets)
            and (from_ is None or item.stamp >= from_)
            and (until is None or item.stamp <= until)
        ]
        return found[int(cursor) : int(cursor) + batch_size]


@contextmanager
def repository(items: list[Item], **options: Any) -> Iterator[Repository]:
    """Serves items by the real server; yields it with its address."""
    made = Repository(items, **options)
    with site(lambda *asked: made.answer(*asked)) as url:
        made.url = url
        yield made


def items(count: int, start: int = 1) -> list[Item]:
    """Returns so many invented records of OJS."""
    day = datetime.datetime(2023, 1, 1)
    return [
        Item(f"oai:inv:article/{n}", day + datetime.timedelta(days=n), {"oai_dc": ojs(n)}) for n in range(start, start + count)
    ]


def record(identifier: str, metadata: str = "", stamp: str = "2023-05-01T00:00:00Z", deleted: bool = False) -> str:
    """Returns a record's XML."""
    status = ' status="deleted"' if deleted else ""
    named = f"<identifier>{identifier}</identifier>" if identifier else ""
    inner = f"<metadata>{metadata}</metadata>" if metadata else ""
    return f"<record><header{status}>{named}<datestamp>{stamp}</datestamp></header>{inner}</record>"


def answer_of(inner: str, date: str = "2024-01-01T00:00:00Z") -> bytes:
    """Returns an answer's XML."""
    root = f'<OAI-PMH xmlns="{OAI}"><responseDate>{date}</responseDate>{inner}</OAI-PMH>'
    return f'<?xml version="1.0" encoding="UTF-8"?>{root}'.encode()


def list_of(records: list[str], token: str | None = None, size: int | None = None) -> bytes:
    """Returns an answer to ListRecords."""
    whole = f' completeListSize="{size}"' if size else ""
    resumption = "" if token is None else f"<resumptionToken{whole}>{token}</resumptionToken>"
    return answer_of(f"<ListRecords>{''.join(records)}{resumption}</ListRecords>")


IDENTIFY = answer_of("<Identify><repositoryName>Invented</repositoryName><baseURL>x</baseURL></Identify>")
FORMATS = answer_of(
    "<ListMetadataFormats><metadataFormat><metadataPrefix>oai_dc</metadataPrefix><schema/><metadataNamespace/></metadataFormat>"
    "</ListMetadataFormats>"
)


def error_of(code: str, said: str = "") -> bytes:
    """Returns an answer that is an error."""
    return answer_of(f'<error code="{code}">{said}</error>')


class Fake:
    """A site whose lists are given as they come: by token (empty for the first), a body or a Reply, or several, one a time."""

    def __init__(self, pages: dict[str, Any], other: Answering | None = None) -> None:
        self.pages, self.other = pages, other
        self.asked: list[tuple[str, dict[str, str], dict[str, str]]] = []

    def __call__(self, path: str, query: dict[str, str], headers: dict[str, str]) -> Reply:
        self.asked.append((path, query, headers))
        verb = query.get("verb")
        if verb is None and self.other:
            return self.other(path, query, headers)
        given = {"Identify": IDENTIFY, "ListMetadataFormats": FORMATS}.get(verb or "")
        if given is None or verb in self.pages:
            key = verb if verb in self.pages else query.get("resumptionToken", "")
            given = self.pages.get(key, self.pages.get("*", error_of("badResumptionToken")))
        if callable(given):
            given = given(query)
        if isinstance(given, list):
            given = given.pop(0) if len(given) > 1 else given[0]
        return given if isinstance(given, Reply) else Reply(given)
