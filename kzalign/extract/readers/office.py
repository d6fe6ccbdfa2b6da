"""DOCX and ODT: paragraphs as lines, page breaks where the last program that laid them out put them."""

from collections.abc import Callable
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content
from kzalign.extract.readers.flow import Flow
from kzalign.extract.readers.markup import local, member, parse_xml
from kzalign.extract.readers.words import BLANKS

SKIPPED = frozenset({"del", "moveFrom", "Fallback", "annotation", "tracked-changes", "note", "sequence-decls", "forms"})
"""What a reader of the printed page does not see, sees twice, or sees at the page's foot."""

BLOCKS = frozenset({"p", "h"})
ROWS = frozenset({"tr", "table-row"})
CELLS = frozenset({"tc", "table-cell"})


def read_docx(data: bytes, config: ExtractConfig) -> Content:
    """Returns the paragraphs of a Word file; raises Unreadable for what is none."""
    return _read("docx", member(data, "word/document.xml", "a DOCX", config))


def read_odt(data: bytes, config: ExtractConfig) -> Content:
    """Returns the paragraphs of an OpenDocument text; raises Unreadable for what is none."""
    return _read("odt", member(data, "content.xml", "an ODT", config))


def _read(kind: str, xml: bytes) -> Content:
    from lxml import etree

    flow = Flow()
    walk = etree.iterwalk(parse_xml(xml), events=("start", "end"))
    for event, element in walk:
        name = local(element)
        if event == "start":
            if name in SKIPPED:
                walk.skip_subtree()
            elif name in BLOCKS:
                flow.block()
            elif name in ROWS:
                flow.row(True)
            elif name in CELLS:
                flow.cell()
            _begin(flow, kind, name, element)
        else:
            if name in BLOCKS:
                flow.block()
            elif name in ROWS:
                flow.row(False)
            if kind == "odt" and _holds_text(element.getparent()):
                flow.text(element.tail)
    flow.block()
    return Content(kind, tuple(flow.lines), tuple(flow.pages) if len(flow.pages) > 1 else ())


def _begin(flow: Flow, kind: str, name: str, element: Any) -> None:
    sign = SIGNS.get(name)
    if sign:
        sign(flow, element)
    elif name == "t" or (kind == "odt" and name not in SKIPPED and _holds_text(element)):
        flow.text(element.text)


def _holds_text(element: Any) -> bool:
    """Says whether an element of an ODT lies in a paragraph: blanks between paragraphs are no text."""
    return element is not None and local(element) in ("p", "h", "span", "a", "ruby-base", "meta", "bookmark-ref", "reference-ref")


def _break(flow: Flow, element: Any) -> None:
    flow.line()
    if any(value == "page" for value in element.attrib.values()):
        flow.page()


SIGNS: dict[str, Callable[[Flow, Any], None]] = {
    "tab": lambda flow, element: flow.text(BLANKS),
    "s": lambda flow, element: flow.text(" "),
    "noBreakHyphen": lambda flow, element: flow.text("-"),
    "softHyphen": lambda flow, element: flow.text("\u00ad"),
    "br": _break,
    "cr": _break,
    "line-break": _break,
    "lastRenderedPageBreak": lambda flow, element: flow.page(),
    "soft-page-break": lambda flow, element: flow.page(),
}
"""Elements that stand for a sign or a break."""
