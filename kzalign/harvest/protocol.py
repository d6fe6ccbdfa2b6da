"""OAI-PMH: oaipmh-scythe knows the verbs, arguments and errors; fetching is bounded and reading strict.

The library's own reading mends broken XML, which makes a short list of one that was cut: it is not used.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.entities import html5
from typing import Any

import httpx2
from lxml import etree
from oaipmh_scythe import Scythe, exceptions
from oaipmh_scythe.iterator import OAIResponseIterator
from oaipmh_scythe.models import Header, Identify, MetadataFormat
from oaipmh_scythe.response import OAI_NAMESPACE, OAIResponse

from kzalign.errors import KzalignError
from kzalign.harvest.web import Answer, Retry, Web

ERRORS = {
    name[0].lower() + name[1:]: getattr(exceptions, name)
    for name in (
        "BadArgument BadResumptionToken BadVerb CannotDisseminateFormat IdDoesNotExist NoMetadataFormats NoRecordsMatch "
        "NoSetHierarchy"
    ).split()
}
"""By an error's code; any other code is a general error."""

END = re.compile(rb"</(?:\w+:)?OAI-PMH\s*>\s*$")
ROOT = re.compile(rb"<(?:\w+:)?OAI-PMH\b[^>]*>")
RECORD = re.compile(rb"<((?:\w+:)?)record\b[^>]*>.*?</\1record\s*>", re.S)
IDENTIFIER = re.compile(rb"<(?:\w+:)?identifier>\s*([^<]{1,300}?)\s*</")
ENTITY = re.compile(rb"<!\s*ENTITY", re.I)
WEB_PAGE = re.compile(
    rb"^\s*(?:\xef\xbb\xbf)?\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)
ILLEGAL = re.compile(
    rb"[\x00-\x08\x0b\x0c\x0e-\x1f]|&#(?:[0-8]|1[124-9]|2\d|3[01]|x(?:[0-8bcef]|1[\da-f]));|\xef\xbf[\xbe\xbf]", re.I
)
"""Characters that XML forbids; they come with texts pasted from word processors."""
BARE = re.compile(rb"&(?!(?:[A-Za-z]\w{1,30}|#\d{1,7}|#[xX][\da-fA-F]{1,6});)")
"""An ampersand that begins no entity."""
NAMED = re.compile(rb"&([A-Za-z]\w{1,30});")
KNOWN = frozenset({b"amp", b"lt", b"gt", b"quot", b"apos"})
"""Entities that XML has of itself."""


class NotOai(KzalignError):
    """A web page or another answer where one of OAI-PMH was asked for."""


@dataclass(frozen=True, slots=True)
class Raw:
    """A record as it came: the XML of its metadata is empty where it has none, or was deleted."""

    identifier: str
    datestamp: str
    deleted: bool
    xml: bytes


@dataclass(frozen=True, slots=True)
class Page:
    """One answer to ListRecords: records, those that cannot be read with the reason, and how the list goes on."""

    records: tuple[Raw, ...]
    broken: tuple[tuple[str, str], ...]
    token: str
    size: int | None
    date: str


@dataclass
class _Response(OAIResponse):
    """An answer read once; `broken` are its records that are no XML, left out of the tree."""

    tree: Any = None
    broken: list[tuple[str, str]] = field(default_factory=list)

    @property
    def xml(self) -> Any:
        return self.tree


class Client(Scythe):
    """An OAI-PMH endpoint."""

    def __init__(self, endpoint: str, web: Web) -> None:
        super().__init__(endpoint, iterator=OAIResponseIterator)
        self._web = web

    def harvest(self, query: dict[str, str]) -> _Response:
        """Returns the answer to a request; raises what the answer says is wrong, NotOai, or what Web raises."""
        patient = query["verb"] != "Identify"
        answer = self._web.get(self.endpoint, query, _check if patient else None)
        if _is_web_page(answer):
            raise NotOai(
                f"{answer.url}: answered a web page, not XML; is this the OAI address? With OJS it ends in /oai, "
                "such as https://journal.example/index.php/j/oai"
            )
        tree, broken = _read(answer)
        if tree.tag != f"{OAI_NAMESPACE}OAI-PMH":
            raise NotOai(f"{answer.url}: answered XML that is not OAI-PMH (<{etree.QName(tree).localname}>): check the address")
        error = tree.find(f"{OAI_NAMESPACE}error")
        if error is not None:
            code = error.get("code", "")
            said = " ".join((error.text or "").split())[:300]
            raise ERRORS.get(code, exceptions.GeneralOAIPMHError)(
                f"{code}: {said}" if said else code or "an error without a name"
            )
        return _Response(httpx2.Response(answer.status, content=b""), query, tree, broken)

    def name(self) -> str:
        """Returns what the repository calls itself, and thereby proves that it is one."""
        try:
            return " ".join((Identify(self.harvest({"verb": "Identify"})).repositoryName or "").split())
        except ValueError as error:
            raise NotOai(f"{self.endpoint}: an answer to Identify that says nothing ({error}): check the address") from None

    def formats(self) -> Iterator[tuple[str, str]]:
        """Yields prefix and namespace of each metadata format offered."""
        for response in self.list_metadata_formats():
            for element in response.xml.iter(f"{OAI_NAMESPACE}metadataFormat"):
                offered = MetadataFormat(element)
                yield (offered.metadataPrefix or "").strip(), (offered.metadataNamespace or "").strip()

    def page(self, prefix: str, set_: str, since: str, until: str, token: str) -> Page:
        """Returns one answer to ListRecords: the first, or the one that a resumption token stands for."""
        if token:
            listed = self.list_records(resumption_token=token, metadata_prefix=None)  # type: ignore[arg-type]
        else:
            listed = self.list_records(since or None, until or None, prefix, set_ or None)
        response = next(iter(listed))
        assert isinstance(response, _Response)
        records, broken = [], list(response.broken)
        for element in response.xml.iterfind(f"{OAI_NAMESPACE}ListRecords/{OAI_NAMESPACE}record"):
            header = element.find(f"{OAI_NAMESPACE}header")
            raw = None if header is None else _raw(Header(header), element)
            if raw is None:
                broken.append(("", "a record without an identifier"))
            else:
                records.append(raw)
        resumption = response.xml.find(f"{OAI_NAMESPACE}ListRecords/{OAI_NAMESPACE}resumptionToken")
        token = "" if resumption is None else (resumption.text or "").strip()
        size = None if resumption is None else resumption.get("completeListSize")
        date = (response.xml.findtext(f"{OAI_NAMESPACE}responseDate") or "").strip()
        return Page(tuple(records), tuple(broken), token, int(size) if size and size.isdecimal() else None, date)


def parse(data: bytes) -> Any:
    """Returns the root of an XML document, read without entities and network; raises ValueError with what is wrong."""
    if ENTITY.search(data):
        raise ValueError("XML that declares entities, which are not expanded")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_pis=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError(f"broken XML: {error.msg}") from None


def _raw(header: Header, record: Any) -> Raw | None:
    identifier = " ".join((header.identifier or "").split())
    if not identifier:
        return None
    metadata = record.find(f"{OAI_NAMESPACE}metadata")
    inner = next((child for child in metadata if isinstance(child.tag, str)), None) if metadata is not None else None
    xml = b"" if inner is None or header.deleted else etree.tostring(inner, encoding="utf-8", with_tail=False)
    return Raw(identifier, (header.datestamp or "").strip()[:40], header.deleted, xml)


def _is_web_page(answer: Answer) -> bool:
    return b"<OAI-PMH" not in answer.body[:5000] and (answer.kind == "text/html" or bool(WEB_PAGE.match(answer.body[:5000])))


def _check(answer: Answer) -> None:
    """Raises Retry for an answer that is cut short, or a page that says the site is under repair."""
    if _is_web_page(answer):
        raise Retry("answered a web page, not XML")
    if not answer.body.strip():
        raise Retry("answered nothing")
    if ROOT.search(answer.body[:5000]) and not END.search(answer.body[-200:]):
        raise Retry("an answer that is cut short")


def _numbered(match: re.Match[bytes]) -> bytes:
    """Returns an entity of HTML as numbers, which XML knows; what is an entity nowhere is text."""
    if match[1] in KNOWN:
        return match[0]
    letters = html5.get(f"{match[1].decode()};")
    return b"".join(b"&#%d;" % ord(letter) for letter in letters) if letters else b"&amp;%s;" % match[1]


def _read(answer: Answer) -> tuple[Any, list[tuple[str, str]]]:
    """Returns the tree of an answer and its records that are no XML, which do not cost the others."""
    try:
        return parse(answer.body), []
    except ValueError as error:
        reason = str(error)
    mended = NAMED.sub(_numbered, BARE.sub(b"&amp;", ILLEGAL.sub(b"", answer.body)))
    try:
        return parse(mended), []
    except ValueError:
        root = ROOT.search(mended)
        if not root or ENTITY.search(mended):
            raise NotOai(f"{answer.url}: {reason}: check the address") from None
    broken: list[tuple[str, str]] = []

    def whole(match: re.Match[bytes]) -> bytes:
        tag = root[0].rstrip(b"/>").split(None, 1)[0].lstrip(b"<")
        try:
            parse(b"%s%s</%s>" % (root[0], match[0], tag))
        except ValueError as error:
            known = IDENTIFIER.search(match[0])
            broken.append((known[1].decode("utf-8", "replace") if known else "", str(error)))
            return b""
        return match[0]

    try:
        return parse(RECORD.sub(whole, mended)), broken
    except ValueError as error:
        raise KzalignError(f"{answer.url}: {error}") from None
