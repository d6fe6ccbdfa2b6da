"""Sets journal texts with their gold anew as PDF, DOCX, ODT, HTML, article pages and JATS.

`python scripts/make_formats.py examples examples/gold OUT` writes OUT/<format>/… . A PDF has running heads, page numbers,
hyphenated lines, and one or two columns. It needs reportlab, python-docx, and a font that has Kazakh letters. Where typst,
LibreOffice or XeLaTeX is installed, that sets the issues too: other makers, with hyphens, kerning and footnotes of their own.
"""

import argparse
import re
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from html import escape
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import set_latex
import set_libre
from set_report import FONTS, Setter

from kzalign.bench.gold import load_gold
from kzalign.records import LANGS, Article, Version

MARKDOWN = re.compile(r"\*\*|(?<!\w)\*(?=\S)|(?<=\S)\*(?!\w)|<(https?:[^>]*)>")


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, and what it is: title, heading, abstract, keywords or other."""

    kind: str
    text: str


def blocks_of(lines: Sequence[str], gold: Sequence[Article]) -> list[Block]:
    """Returns the paragraphs of an issue: labelled spans joined as the gold has them, other lines up to a blank one."""
    placed: dict[int, Block] = {}
    covered: set[int] = set()
    for article in gold:
        for version in article.versions.values():
            for kind, spans, text in _labelled(version, lines):
                numbers = range(spans[0][0], spans[-1][1] + 1)
                if text and not covered & set(numbers):
                    placed[numbers[0]] = Block(kind, text)
                    covered |= set(numbers)
            if version.heading_line and version.heading_line not in covered:
                placed[version.heading_line] = Block("heading", lines[version.heading_line - 1].strip())
                covered.add(version.heading_line)
    blocks: list[Block] = []
    waiting: list[str] = []
    for number, line in enumerate((*lines, ""), 1):
        if number in covered or not line.strip():
            blocks += [Block("other", text) for text in _merged(waiting)]
            waiting = []
            blocks += [placed[number]] if number in placed else []
        else:
            waiting.append(line.strip())
    return [Block(block.kind, MARKDOWN.sub(r"\1", block.text)) for block in blocks]


def _labelled(version: Version, lines: Sequence[str]) -> Iterator[tuple[str, Any, str]]:
    if version.title_lines:
        yield "title", version.title_lines, version.title or ""
    if version.abstract_lines and version.heading_line not in {n for span in version.abstract_lines for n in span}:
        yield "abstract", version.abstract_lines, " ".join(version.sentences)
    if version.keywords_lines:
        taken = [n for first, last in version.keywords_lines for n in range(first, last + 1)]
        yield "keywords", version.keywords_lines, " ".join(" ".join(lines[n - 1] for n in taken).split())


def _merged(lines: Sequence[str]) -> Iterator[str]:
    """Joins lines that were wrapped: nearly as long as the longest of their block."""
    width = max(map(len, lines), default=0)
    text = ""
    for line in lines:
        text = f"{text} {line}".strip()
        if len(line) < max(60, 0.85 * width):
            yield text
            text = ""
    if text:
        yield text


def write_docx(path: Path, blocks: Sequence[Block]) -> None:
    """Writes a Word file, a paragraph a block."""
    import docx

    document = docx.Document()
    for block in blocks:
        document.add_paragraph(block.text)
    document.save(str(path))


def write_odt(path: Path, blocks: Sequence[Block]) -> None:
    """Writes an OpenDocument text, a paragraph a block."""
    names = ("office", "text")
    spaces = " ".join(f'xmlns:{n}="urn:oasis:names:tc:opendocument:xmlns:{n}:1.0"' for n in names)
    body = "".join(f"<text:p>{escape(block.text, quote=False)}</text:p>" for block in blocks)
    content = f'<?xml version="1.0" encoding="UTF-8"?><office:document-content {spaces}><office:body><office:text>{body}'
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", f"{content}</office:text></office:body></office:document-content>")


def write_html(path: Path, blocks: Sequence[Block]) -> None:
    """Writes a page of running text, titles and headings as headings."""
    tags = {"title": "h2", "heading": "h3"}
    body = "\n".join(f"<{(t := tags.get(b.kind, 'p'))}>{escape(b.text)}</{t}>" for b in blocks)
    path.write_text(
        f"<!DOCTYPE html><html><head><meta charset='utf-8'><title>i</title></head><body>{body}</body></html>", "utf-8"
    )


def write_pdf(columns: int) -> Callable[[Path, Sequence[Block]], None]:
    """Returns the writer of a PDF with so many columns."""

    def write(path: Path, blocks: Sequence[Block]) -> None:
        setter = Setter(path, columns)
        for block in blocks:
            setter.add(block.text, large=block.kind == "title")
        setter.close()

    return write


def write_typst(columns: int) -> Callable[[Path, Sequence[Block]], None]:
    """Returns the writer of a PDF set by typst in so many columns."""

    def write(path: Path, blocks: Sequence[Block]) -> None:
        import typst

        escaped = [re.sub(r"([^\w\s])", r"\\\1", block.text) for block in blocks]
        body = "\n\n".join(f"*{t}*" if b.kind == "title" else t for b, t in zip(blocks, escaped, strict=True))
        page = f'#set page(paper: "a4", columns: {columns}, numbering: "1", header: [Invented Bulletin of Formats])'
        text = '#set text(font: "DejaVu Sans", size: 9pt, lang: "ru", hyphenate: true)\n#set par(justify: true)'
        path.write_bytes(typst.compile(f"{page}\n{text}\n{body}".encode()))

    return write


NOTE = "Авторлармен байланыс: redaktsiya@arna.example"
"""A footnote of the issues."""


def write_libre(columns: int) -> Callable[[Path, Sequence[Block]], None]:
    """Returns the writer of a PDF set by LibreOffice: hyphenated, titles over the page's width, below them so many columns."""

    def write(path: Path, blocks: Sequence[Block]) -> None:
        body, waiting = "", ""
        for k, block in enumerate(blocks):
            style = block.kind if block.kind in ("title", "heading") else "body"
            set_block = set_libre.paragraph(
                block.text.replace("^", ""), style, note=NOTE if k % 20 == 7 and block.kind == "other" else ""
            )
            if style == "title":
                body, waiting = body + set_libre.columns(waiting, columns) + set_block, ""
            else:
                waiting += set_block
        set_libre.write(path, body + set_libre.columns(waiting, columns), set_libre.Look())

    return write


def write_latex(columns: int) -> Callable[[Path, Sequence[Block]], None]:
    """Returns the writer of a PDF set by XeLaTeX in so many columns."""

    def write(path: Path, blocks: Sequence[Block]) -> None:
        styles = [block.kind if block.kind in ("title", "heading") else "body" for block in blocks]
        notes = [NOTE if k % 20 == 7 and block.kind == "other" else "" for k, block in enumerate(blocks)]
        body = "".join(
            set_latex.paragraph(block.text.replace("^", ""), style, note=note)
            for block, style, note in zip(blocks, styles, notes, strict=True)
        )
        set_latex.write(path, body, set_latex.Look(columns=columns))

    return write


def write_by_word(path: Path, blocks: Sequence[Block]) -> None:
    """Writes a Word file, and LibreOffice's PDF of it."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "issue.docx"
        write_docx(source, blocks)
        set_libre.convert(source, path)


def write_jats(path: Path, article: Article) -> None:
    """Writes an article's front matter as JATS, its document type one on the network."""
    first, *others = [article.versions[lang] for lang in LANGS if lang in article.versions]
    trans = "".join(
        f'<trans-title-group xml:lang="{v.lang}"><trans-title>{escape(v.title or "")}</trans-title></trans-title-group>'
        for v in others
    )
    abstracts = "".join(
        f'<{tag} xml:lang="{v.lang}"><p>{escape(" ".join(v.sentences))}</p></{tag}>'
        for v in (first, *others)
        if v.sentences
        for tag in ["abstract" if v is first else "trans-abstract"]
    )
    keywords = "".join(
        f'<kwd-group xml:lang="{v.lang}">{"".join(f"<kwd>{escape(k)}</kwd>" for k in v.keywords)}</kwd-group>'
        for v in (first, *others)
        if v.keywords
    )
    path.write_text(
        '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE article PUBLIC "-//NLM//DTD JATS (Z39.96) v1.1 20151215//EN" '
        '"http://jats.example/publishing/1.1/JATS-journalpublishing1.dtd">\n<article><front><article-meta><title-group>'
        f"<article-title>{escape(first.title or '')}</article-title>{trans}</title-group>{abstracts}{keywords}"
        "</article-meta></front><body><sec><title>Body</title><p>Running text of the article.</p></sec></body></article>\n",
        "utf-8",
    )


def write_ojs(path: Path, article: Article) -> None:
    """Writes an article's page as Open Journal Systems does: metas in each language, the abstract of one as text."""
    versions = [article.versions[lang] for lang in LANGS if lang in article.versions]
    metas = [f'<meta name="DC.Title" content="{escape(versions[0].title or "")}"/>']
    metas += [f'<meta name="DC.Title.Alternative" xml:lang="{v.lang}" content="{escape(v.title or "")}"/>' for v in versions[1:]]
    for v in versions:
        metas.append(f'<meta name="DC.Description" xml:lang="{v.lang}" content="{escape(" ".join(v.sentences))}"/>')
        metas += [f'<meta name="citation_keywords" xml:lang="{v.lang}" content="{escape(k)}"/>' for k in v.keywords]
    shown = escape(" ".join(versions[0].sentences))
    body = f'<h1>{escape(versions[0].title or "")}</h1><section class="item abstract"><h2>Abstract</h2><p>{shown}</p></section>'
    path.write_text(f"<!DOCTYPE html><html><head>{''.join(metas)}</head><body>{body}</body></html>", "utf-8")


ISSUES: dict[str, tuple[str, Callable[[Path, Sequence[Block]], None]]] = {
    "pdf-1": ("pdf", write_pdf(1)),
    "pdf-2": ("pdf", write_pdf(2)),
    **({"typst-1": ("pdf", write_typst(1)), "typst-2": ("pdf", write_typst(2))} if find_spec("typst") else {}),
    **(
        {"libre-1": ("pdf", write_libre(1)), "libre-2": ("pdf", write_libre(2)), "libre-docx": ("pdf", write_by_word)}
        if set_libre.SOFFICE
        else {}
    ),
    **({"latex-1": ("pdf", write_latex(1)), "latex-2": ("pdf", write_latex(2))} if set_latex.XELATEX else {}),
    "docx": ("docx", write_docx),
    "odt": ("odt", write_odt),
    "html": ("html", write_html),
}
"""Formats that hold an issue as print does: suffix and writer."""

ARTICLES: dict[str, tuple[str, Callable[[Path, Article], None]]] = {"ojs": ("html", write_ojs), "jats": ("xml", write_jats)}
"""Formats that hold one article and name its parts."""


__all__ = ["ARTICLES", "FONTS", "ISSUES", "Block", "blocks_of", "make"]


def make(texts: Path, gold: Path, out: Path) -> None:
    """Writes the issues of the folder `texts` in every format below `out`."""
    answers = load_gold(gold)
    for name in (*ISSUES, *ARTICLES):
        (out / name).mkdir(parents=True, exist_ok=True)
    for path in sorted(path for path in texts.iterdir() if path.suffix in (".txt", ".md")):
        articles = [article for article in answers if article.issue_id == path.stem]
        blocks = blocks_of(path.read_text(encoding="utf-8").split("\n"), articles)
        for name, (suffix, write) in ISSUES.items():
            write(out / name / f"{path.stem}.{suffix}", blocks)
        for article in articles:
            for name, (suffix, write_one) in ARTICLES.items():
                write_one(out / name / f"{article.issue_id}--{article.id}.{suffix}", article)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("texts", type=Path)
    parser.add_argument("gold", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    make(arguments.texts, arguments.gold, arguments.out)
