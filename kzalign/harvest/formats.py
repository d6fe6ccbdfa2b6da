"""Metadata formats that can be read, and Dublin Core in all its dresses as pieces of an article."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from kzalign.errors import KzalignError
from kzalign.harvest.protocol import parse

PAGE = "page"
"""The origin of what an article's page says."""

LANG = ("{http://www.w3.org/XML/1998/namespace}lang", "lang")


@dataclass(frozen=True, slots=True)
class Piece:
    """A title, an abstract, keywords or a field of the article's source, as it came.

    `group` is what the format says it is in, such as `kz-KZ`; `origin` is the format, or PAGE.
    """

    role: str
    texts: tuple[str, ...]
    group: str
    origin: str


Read = Callable[[bytes], list[tuple[str, tuple[str, ...], str]]]
"""Bytes to role, paragraphs and group of an article's parts; raises ValueError with what is wrong."""


@dataclass(frozen=True, slots=True)
class Format:
    """A kind of metadata: how a prefix or a namespace shows it, and whether another stage's reader reads it."""

    name: str
    prefix: re.Pattern[str]
    namespace: re.Pattern[str]
    jats: bool = False


FORMATS = (
    Format("jats", re.compile(r"(?:.*_)?(?:jats|nlm)(?:_.*)?"), re.compile(r"jats\.nlm|dtd\.nlm|/JATS", re.I), True),
    Format("dim", re.compile(r"dim|xoai_dim"), re.compile(r"dspace\.org/xmlns/dspace/dim", re.I)),
    Format("openaire", re.compile(r"oai_openaire"), re.compile(r"openaire\.eu/schema", re.I)),
    Format("qualified", re.compile(r"(?:oai_)?(?:qdc|dcterms|qualified_?dc)"), re.compile(r"qualifieddc|/dcterms|dcq", re.I)),
    Format("oai_dc", re.compile(r"(?:oai_)?dc"), re.compile(r"OAI/2\.0/oai_dc", re.I)),
)
"""The first that has a language gives it, all else being equal: those that name more come first."""

ROLES = {
    **dict.fromkeys(("title", "alternative", "title.alternative"), "title"),
    **dict.fromkeys(("description", "abstract", "description.abstract"), "abstract"),
    **dict.fromkeys(("subject", "subject.other", "subject.keywords"), "keywords"),
    **dict.fromkeys(("creator", "creatorName", "contributor.author"), "authors"),
    **dict.fromkeys(("identifier", "identifier.uri", "identifier.doi", "alternateIdentifier"), "identifier"),
    **dict.fromkeys(("relation", "relation.uri", "file"), "relation"),
    **dict.fromkeys(("source", "identifier.citation", "relation.ispartof", "bibliographicCitation"), "source"),
    **dict.fromkeys(("date", "issued", "date.issued"), "date"),
    **dict.fromkeys(("rights", "license", "licenseCondition", "rights.uri", "rights.license"), "rights"),
    **{"subject.udc": "udc", "citationVolume": "volume", "citationIssue": "issue"},
}
"""An element's name, or in DIM its element and qualifier, and the role of what it holds."""


def format_of(prefix: str, namespace: str) -> Format | None:
    """Returns the kind of a format that a server offers; None for one that is not read."""
    by_prefix = next((kind for kind in FORMATS if kind.prefix.fullmatch(prefix)), None)
    return by_prefix or next((kind for kind in FORMATS if kind.namespace.search(namespace)), None)


def choose(offered: Iterable[tuple[str, str]], wanted: list[str], where: str) -> list[str]:
    """Returns the prefixes to fetch, the fullest format first; raises KzalignError where none can be read."""
    kinds = {prefix: format_of(prefix, namespace) for prefix, namespace in offered if prefix}
    if unknown := [prefix for prefix in wanted if prefix not in kinds]:
        raise KzalignError(f"{where}: no format '{unknown[0]}'; it offers {', '.join(sorted(kinds)) or 'none'}")
    readable = {prefix: kind for prefix, kind in kinds.items() if kind and prefix in (wanted or kinds)}
    if not readable:
        raise KzalignError(
            f"{where}: no format that can be read among {', '.join(wanted or sorted(kinds)) or 'none'}; "
            f"readable: {', '.join(kind.name for kind in FORMATS)}"
        )
    return sorted(readable, key=lambda prefix: (FORMATS.index(readable[prefix]), prefix))


def read_pieces(prefix: str, xml: bytes, jats: Read) -> list[Piece]:
    """Returns the pieces of a record's metadata; raises ValueError with what is wrong."""
    root = parse(xml)
    if "article" in (_local(root), *(_local(child) for child in root)):
        return [Piece(role, texts, group, prefix) for role, texts, group in jats(xml)]
    found: list[Piece] = []
    _walk(root, prefix, found)
    return found


def _walk(element: Any, prefix: str, found: list[Piece]) -> None:
    for child in element:
        if not isinstance(child.tag, str):
            continue
        name = _local(child)
        if name == "field" and child.get("element"):
            name = ".".join(filter(None, (child.get("element"), child.get("qualifier"))))
        role = ROLES.get(name) or ROLES.get(name.rpartition(".")[2] if name.startswith("dc.") else "")
        if role is None or (_has_known(child) and role != "abstract"):
            _walk(child, prefix, found)
        elif text := _text(child).strip():
            group = next((value for value in map(child.get, LANG) if value), "")
            found.append(Piece(role, (text,), group, prefix))


def _has_known(element: Any) -> bool:
    return any(_local(inner) in ROLES for inner in element.iterdescendants())


def _text(element: Any) -> str:
    """Returns an element's text; elements in it, such as a paragraph's, become tags again, to be read as markup."""
    found = [element.text or ""]
    for child in element:
        if isinstance(child.tag, str):
            found += [f"<{_local(child)}>", _text(child), f"</{_local(child)}>"]
        found.append(child.tail or "")
    return "".join(found)


def _local(element: Any) -> str:
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""
