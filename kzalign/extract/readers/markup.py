"""XML and HTML to trees and text: nothing is fetched, no entity is expanded, members of packages are read within limits."""

import html
import io
import re
import zipfile
import zlib
from collections.abc import Iterator
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Unreadable

ENTITY = re.compile(rb"<!\s*ENTITY", re.I)
MEGABYTE = 1_000_000


def parse_xml(data: bytes) -> Any:
    """Returns the root of an XML document; raises Unreadable for one that is not well formed or declares entities.

    A document type is neither fetched nor needed; what it would name, such as &nbsp;, is known from HTML.
    """
    from lxml import etree

    if ENTITY.search(data.replace(b"\0", b"")):
        raise Unreadable("XML that declares entities, which are not expanded")
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False, remove_comments=True, remove_pis=True
    )
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(f"broken XML: {error.msg}") from None


def local(element: Any) -> str:
    """Returns an element's name without its namespace; nothing for an entity."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def text_of(element: Any, skipped: frozenset[str] = frozenset()) -> str:
    """Returns the text in an element, blanks made one; elements named in `skipped` are left out."""
    return " ".join("".join(_pieces(element, skipped)).split())


def _pieces(element: Any, skipped: frozenset[str]) -> Iterator[str]:
    yield element.text or "" if isinstance(element.tag, str) else html.unescape(element.text or "")
    for child in element:
        if local(child) not in skipped or not isinstance(child.tag, str):
            yield from _pieces(child, skipped)
        yield child.tail or ""


def member(data: bytes, name: str, what: str, config: ExtractConfig) -> bytes:
    """Returns a file of a package such as DOCX; raises Unreadable where there is none, or it is larger than the limit."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package, package.open(name) as stream:
            limit = int(config.max_unpacked_megabytes * MEGABYTE)
            found = stream.read(limit + 1)
    except KeyError:
        raise Unreadable(f"not {what}: no {name} in it") from None
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise Unreadable(f"not {what}, or cut short: it is no whole zip") from None
    except (RuntimeError, NotImplementedError) as error:
        raise Unreadable(f"{what} that cannot be unpacked: {error}") from None
    if len(found) > limit:
        raise Unreadable(f"{name} is larger than extract.max_unpacked_megabytes = {config.max_unpacked_megabytes:g}")
    return found
