"""HTML: an article's page by its metas and its abstract blocks (OJS 2 and 3), any other page as running text."""

import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.flow import Flow
from kzalign.extract.readers.markup import local
from kzalign.extract.readers.sheet import Sheet
from kzalign.records import SOURCE
from kzalign.text.decode import decode

BLOCKS = frozenset(
    """address article aside blockquote body center dd div dl dt fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6
    header hr li main nav ol p pre section table tbody thead ul""".split()
)
CELLS = frozenset({"td", "th"})
UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "svg", "select", "button"})
METAS = {
    **dict.fromkeys(("citation_title", "dc.title", "dc.title.alternative", "eprints.title"), "title"),
    **dict.fromkeys(("citation_abstract", "dc.description", "dc.description.abstract", "dcterms.abstract"), "abstract"),
    **dict.fromkeys(("citation_keywords", "citation_keyword", "dc.subject"), "keywords"),
    **dict.fromkeys(("citation_author", "dc.creator.personalname"), "authors"),
    **dict.fromkeys(("citation_doi", "dc.identifier.doi"), "doi"),
    **dict.fromkeys(("citation_journal_title", "dc.source"), "journal"),
    "citation_issn": "issn",
    **dict.fromkeys(("citation_volume", "dc.source.volume"), "volume"),
    **dict.fromkeys(("citation_issue", "dc.source.issue"), "issue"),
    **dict.fromkeys(("citation_firstpage", "citation_lastpage"), "pages"),
    **dict.fromkeys(("citation_date", "citation_publication_date"), "year"),
    **dict.fromkeys(("dc.rights", "citation_license"), "licence"),
}
"""A meta's name, in small letters, and the part it holds."""

ABSTRACT_BLOCK = re.compile(r"^(?:articleAbstract|abstract|item abstract|article-abstract|article__abstract)$", re.I)
"""Identifier or class of the block that shows the abstract, OJS 2's and OJS 3's among them."""

TITLE_TAGS = frozenset({"h1", "h2", "h3", "h4", "h5", "strong"})
DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
PARAGRAPH = re.compile(r"<(?:p|br|div)\b[^>]*>|</(?:p|div)>", re.I)


def read_html(data: bytes, config: ExtractConfig) -> Content:
    """Returns an article page's parts, or a page's running text; raises Unreadable or Undecodable."""
    from lxml import etree
    from lxml import html as parser

    decoded = decode(data)
    try:
        root = parser.document_fromstring(DECLARATION.sub("", decoded.text), parser=parser.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError) as error:
        raise Unreadable(f"no HTML: {error}") from None
    sheet = Sheet()
    _write_metas(sheet, root)
    for block in _abstract_blocks(root):
        lines = _flow(block, TITLE_TAGS if local(block[0] if len(block) else block) in TITLE_TAGS else frozenset()).lines
        sheet.add("abstract", lines, "page")
    sheet.close_article()
    content = sheet.content(decoded.encoding, decoded.bad_bytes)
    if any(part.role == "abstract" for article in content.marked for part in article.parts):
        return content
    return Content(decoded.encoding, tuple(_flow(root).lines), bad_bytes=decoded.bad_bytes)


def _write_metas(sheet: Sheet, root: Any) -> None:
    """Writes the parts that metas hold: keywords of a language together, whatever number of metas they are in."""
    keywords: defaultdict[str, list[str]] = defaultdict(list)
    for meta in root.iter("meta"):
        role = METAS.get((meta.get("name") or meta.get("property") or "").lower())
        text = meta.get("content") or ""
        group = meta.get("xml:lang") or meta.get("lang") or ""
        if role == "keywords":
            keywords[group].append(text)
        elif role == "year":
            sheet.add(role, [text[:4]])
        elif role in SOURCE:
            sheet.add(role, [text])
        elif role:
            sheet.add(role, _plain(text), group)
    for group, texts in keywords.items():
        sheet.add("keywords", texts, group)


def _plain(text: str) -> Iterator[str]:
    """Yields the paragraphs of a meta's text, which may hold markup as text."""
    if "<" not in text:
        yield from text.split("\n\n")
        return
    for piece in PARAGRAPH.split(text):
        yield re.sub(r"</?[a-z][^<>]{0,200}>", "", piece, flags=re.I)


def _abstract_blocks(root: Any) -> Iterator[Any]:
    """Yields the outermost blocks that show an abstract."""
    done: set[Any] = set()
    for element in root.iter("div", "section"):
        names = (element.get("id") or "", " ".join((element.get("class") or "").split()))
        if any(map(ABSTRACT_BLOCK.match, names)) and not done.intersection(element.iterancestors()):
            done.add(element)
            yield element


def _flow(root: Any, headings: frozenset[str] = frozenset()) -> Flow:
    """Returns an element's text in blocks; `headings` are left out."""
    from lxml import etree

    flow = Flow()
    walk = etree.iterwalk(root, events=("start", "end", "comment", "pi"))
    for event, element in walk:
        name = local(element)
        begins = event == "start"
        if name == "tr":
            flow.row(begins)
        elif name in BLOCKS:
            flow.block()
        elif name == "br" and begins:
            flow.line()
        elif name in CELLS and begins:
            flow.cell()
        if not begins:
            if element is not root:
                flow.text(element.tail)
        elif name in UNSEEN or name in headings:
            walk.skip_subtree()
        else:
            flow.text(element.text)
    flow.block()
    return flow
