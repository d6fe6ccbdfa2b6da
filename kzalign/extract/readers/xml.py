"""JATS and GROBID's TEI: titles, abstracts and keywords as the elements name them."""

from collections.abc import Callable, Iterator
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.anchors import heading_word
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.markup import local, parse_xml, text_of
from kzalign.extract.readers.sheet import Sheet

LANG = "{http://www.w3.org/XML/1998/namespace}lang"
NAME = ("{*}given-names", "{*}surname")
LINK = "{http://www.w3.org/1999/xlink}href"
PATHS = {
    "doi": "{*}article-id[@pub-id-type='doi']",
    "udc": "{*}article-id[@pub-id-type='udc']",
    "volume": "{*}volume",
    "issue": "{*}issue",
    "year": "{*}pub-date/{*}year",
}
"""Where JATS holds what an article comes from, below its `article-meta`."""

NOTES = frozenset({"fn", "xref", "label", "note", "ref"})
"""What stands in a title or a paragraph and is not of its text."""

OTHER_ABSTRACTS = frozenset({"graphical", "teaser", "toc", "key-points", "video", "executive-summary"})


def read_xml(data: bytes, config: ExtractConfig) -> Content:
    """Returns the articles of a JATS or TEI document; raises Unreadable for what is neither."""
    root = parse_xml(data)
    sheet = Sheet()
    for name, write in KINDS.items():
        for element in root.iter(f"{{*}}{name}"):
            write(sheet, element)
            sheet.close_article()
        content = sheet.content("xml")
        if content.marked:
            return content
    raise Unreadable(f"XML of a kind not known here (<{local(root)}>): neither JATS nor TEI with a title or an abstract")


def _jats(sheet: Sheet, meta: Any) -> None:
    article = next((above for above in meta.iterancestors() if local(above) in ("article", "sub-article")), meta)
    main = article.get(LANG, "")
    _write_source(sheet, meta, article)
    for title in meta.iterfind("{*}title-group/{*}article-title"):
        sheet.add("title", [text_of(title, NOTES)], title.get(LANG) or main)
    for group in meta.iterfind("{*}title-group/{*}trans-title-group"):
        for title in group.iterfind("{*}trans-title"):
            sheet.add("title", [text_of(title, NOTES)], title.get(LANG) or group.get(LANG, ""))
    for title in meta.iterfind("{*}title-group/{*}trans-title"):
        sheet.add("title", [text_of(title, NOTES)], title.get(LANG, ""))
    for name in ("abstract", "trans-abstract"):
        for abstract in meta.iterfind(f"{{*}}{name}"):
            if abstract.get("abstract-type") not in OTHER_ABSTRACTS:
                sheet.add("abstract", _paragraphs(abstract), abstract.get(LANG) or (main if name == "abstract" else ""))
    for group in meta.iterfind("{*}kwd-group"):
        sheet.add("keywords", [text_of(kwd, NOTES) for kwd in group.iter("{*}kwd")], group.get(LANG) or main)


def _write_source(sheet: Sheet, meta: Any, article: Any) -> None:
    """Writes where a JATS article comes from."""
    names = [name for group in meta.iterfind("{*}contrib-group") for name in group.iterfind("{*}contrib/{*}name")]
    sheet.add("authors", [" ".join(text_of(name.find(part)) for part in NAME if name.find(part) is not None) for name in names])
    for role, path in PATHS.items():
        sheet.add(role, [text_of(found) for found in meta.iterfind(path)][:1])
    sheet.add("journal", [text_of(found) for found in article.iterfind("{*}front/{*}journal-meta//{*}journal-title")][:1])
    sheet.add("issn", [text_of(found) for found in article.iterfind("{*}front/{*}journal-meta/{*}issn")][:1])
    sheet.add("pages", ["–".join(text_of(found) for name in ("fpage", "lpage") for found in meta.iterfind(f"{{*}}{name}"))])
    sheet.add("licence", [found.get(LINK, "") for found in meta.iterfind("{*}permissions/{*}license")][:1])


def _paragraphs(abstract: Any) -> Iterator[str]:
    """Yields the paragraphs of an abstract, a section's title before its first."""
    paragraphs = list(abstract.iter("{*}p"))
    if not paragraphs:
        yield text_of(abstract, NOTES | {"title"})
    for paragraph in paragraphs:
        before = paragraph.getprevious()
        text = text_of(paragraph, NOTES)
        section = local(paragraph.getparent()) == "sec" and before is not None and local(before) == "title"
        title = text_of(before) if section else ""
        yield f"{title}{'' if title.endswith(('.', ':')) else '.'} {text}" if title else text


def _tei(sheet: Sheet, tei: Any) -> None:
    for title in tei.iterfind("{*}teiHeader/{*}fileDesc/{*}titleStmt/{*}title"):
        sheet.add("title", [text_of(title, NOTES)], title.get(LANG, ""))
    for abstract in tei.iterfind("{*}teiHeader/{*}profileDesc/{*}abstract"):
        paragraphs = [text_of(p, NOTES) for p in abstract.iter("{*}p")]
        sheet.add("abstract", paragraphs or [text_of(abstract, NOTES)], abstract.get(LANG, ""))
    for keywords in tei.iterfind("{*}teiHeader/{*}profileDesc/{*}textClass/{*}keywords"):
        terms = [text_of(term) for term in keywords.iter("{*}term")]
        sheet.add("keywords", terms or [text_of(keywords)], keywords.get(LANG, ""))
    for division in tei.iterfind("{*}text//{*}div"):
        head = division.find("{*}head")
        if head is not None and heading_word(text_of(head)):
            sheet.add("abstract", [text_of(p, NOTES) for p in division.iterfind("{*}p")])


KINDS: dict[str, Callable[[Sheet, Any], None]] = {"article-meta": _jats, "TEI": _tei}
"""The element that stands for an article, and what writes its parts."""
