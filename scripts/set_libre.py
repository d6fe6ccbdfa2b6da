"""Sets text with LibreOffice: paragraphs, tables and columns as a flat OpenDocument text, and that as PDF."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
"""The program, None where it is not installed."""

FONT = "DejaVu Sans"
RAISED = re.compile(r"\^([\d*,]{1,5})\^")
"""An author's mark; other carets are a text's own."""

NAMES = ("office", "style", "text", "table")
PREFIXES = {
    **{name: f"urn:oasis:names:tc:opendocument:xmlns:{name}:1.0" for name in NAMES},
    "fo": "urn:oasis:names:tc:opendocument:xmlns:xsl-fo-compatible:1.0",
    "svg": "urn:oasis:names:tc:opendocument:xmlns:svg-compatible:1.0",
}
JUSTIFIED = 'fo:text-align="justify" fo:margin-bottom="0.2cm"'
BOX = 'fo:border="0.5pt solid #000000" fo:padding="0.15cm"'
HYPHENS = 'fo:hyphenate="true" fo:hyphenation-remain-char-count="2" fo:hyphenation-push-char-count="2"'


@dataclass(frozen=True, slots=True)
class Style:
    """A paragraph style: attributes of the paragraph, of its letters, and elements within the former."""

    paragraph: str = JUSTIFIED
    letters: str = ""
    inside: str = ""


DROP = '<style:drop-cap style:lines="3" style:length="1" style:distance="0.1cm"/>'
STYLES: dict[str, Style] = {
    "body": Style(letters=HYPHENS),
    "title": Style(
        'fo:text-align="center" fo:margin="0.3cm" fo:keep-with-next="always"', 'fo:font-size="12pt" fo:font-weight="bold"'
    ),
    "people": Style('fo:text-align="center" fo:margin-bottom="0.2cm"', 'fo:font-style="italic"'),
    "heading": Style('fo:text-align="center" fo:margin-top="0.2cm" fo:keep-with-next="always"', 'fo:font-weight="bold"'),
    "spaced": Style('fo:text-align="center" fo:margin-top="0.2cm" fo:keep-with-next="always"', 'fo:letter-spacing="0.3cm"'),
    "capitals": Style('fo:text-align="center" fo:margin-top="0.2cm" fo:keep-with-next="always"', 'fo:font-variant="small-caps"'),
    "drop": Style(letters=HYPHENS, inside=DROP),
    "boxed": Style(f"{JUSTIFIED} {BOX}", HYPHENS),
    "small": Style('fo:text-align="start"', 'fo:font-size="8pt"'),
    "break": Style('fo:break-before="page" fo:text-align="start"'),
}


@dataclass(frozen=True, slots=True)
class Look:
    """What all pages have in common."""

    size: float = 10
    heads: tuple[str, str] = ("Жаңа пішіндер жаршысы, гуманитарлық бөлім", "Invented Bulletin of Formats")
    """The running head of odd pages and that of even ones."""
    numbered: bool = False
    landscape: bool = False
    stamp: str = ""
    """A line at the foot of every page."""


def paragraph(text: str, style: str = "body", bold: str = "", note: str = "") -> str:
    """Returns a paragraph, `bold` before its text in bold letters and `note` as its footnote; `^1^` in it is raised."""
    raised = RAISED.sub(r'<text:span text:style-name="raised">\1</text:span>', escape(text, quote=False))
    first = f'<text:span text:style-name="bold">{escape(bold, quote=False)}</text:span>' if bold else ""
    citation = "<text:note-citation>1</text:note-citation>"
    body = f'<text:note-body><text:p text:style-name="small">{escape(note, quote=False)}</text:p></text:note-body>'
    foot = f'<text:note text:note-class="footnote">{citation}{body}</text:note>' if note else ""
    return f'<text:p text:style-name="{style}">{first}{raised}{foot}</text:p>'


def columns(body: str, count: int) -> str:
    """Returns paragraphs set in so many columns."""
    return (
        f'<text:section text:style-name="columns{count}" text:name="{id(body)}-{len(body)}">{body}</text:section>' if body else ""
    )


def table(rows: Sequence[Sequence[str]], widths: Sequence[int], ruled: bool = True) -> str:
    """Returns a table; each cell holds paragraphs, widths are relative."""
    opening = f'<table:table-cell table:style-name="{"ruled" if ruled else "plain"}">'
    heads = "".join(f'<table:table-column table:style-name="width{width}"/>' for width in widths)
    cells = ["".join(f"{opening}{cell}</table:table-cell>" for cell in row) for row in rows]
    lines = "".join(f"<table:table-row>{row}</table:table-row>" for row in cells)
    return f'<table:table table:style-name="whole">{heads}{lines}</table:table>'


def document(body: str, look: Look) -> str:
    """Returns a flat OpenDocument text."""
    spaces = " ".join(f'xmlns:{name}="{address}"' for name, address in PREFIXES.items())
    lines = '<text:linenumbering-configuration text:number-lines="true" text:increment="1" text:number-position="left"/>'
    default = (
        '<style:default-style style:family="paragraph"><style:paragraph-properties/><style:text-properties '
        f'style:font-name="f" fo:font-size="{look.size}pt" fo:language="ru" fo:country="RU"/></style:default-style>'
    )
    face = (
        f'<office:font-face-decls><style:font-face style:name="f" svg:font-family="&apos;{FONT}&apos;"/></office:font-face-decls>'
    )
    return (
        f'<?xml version="1.0" encoding="UTF-8"?><office:document {spaces} office:version="1.2" '
        f'office:mimetype="application/vnd.oasis.opendocument.text">{face}<office:styles>{default}'
        f"{lines if look.numbered else ''}</office:styles><office:automatic-styles>{_styles(look)}</office:automatic-styles>"
        f"<office:master-styles>{_master(look)}</office:master-styles>"
        f"<office:body><office:text>{body}</office:text></office:body></office:document>"
    )


def _styles(look: Look) -> str:
    counted = 'text:number-lines="true"' if look.numbered else ""
    paragraphs = "".join(
        f'<style:style style:name="{name}" style:family="paragraph"><style:paragraph-properties '
        f"{style.paragraph} {counted}>{style.inside}</style:paragraph-properties>"
        f'<style:text-properties style:font-name="f" {style.letters}/></style:style>'
        for name, style in STYLES.items()
    )
    letters = (
        '<style:style style:name="bold" style:family="text"><style:text-properties fo:font-weight="bold"/></style:style>'
        '<style:style style:name="raised" style:family="text">'
        '<style:text-properties style:text-position="super 58%"/></style:style>'
    )
    sections = "".join(
        f'<style:style style:name="columns{n}" style:family="section"><style:section-properties>'
        f'<style:columns fo:column-count="{n}" fo:column-gap="0.7cm"/></style:section-properties></style:style>'
        for n in (1, 2, 3)
    )
    cells = "".join(
        f'<style:style style:name="{name}" style:family="table-cell"><style:table-cell-properties {look_}/></style:style>'
        for name, look_ in (("ruled", BOX), ("plain", 'fo:padding="0.15cm"'))
    )
    widths = "".join(
        f'<style:style style:name="width{n}" style:family="table-column">'
        f'<style:table-column-properties style:rel-column-width="{9000 * n}*"/></style:style>'
        for n in range(1, 10)
    )
    whole = (
        '<style:style style:name="whole" style:family="table">'
        '<style:table-properties table:align="margins" style:rel-width="100%"/></style:style>'
    )
    wide, high = ("29.7cm", "21cm") if look.landscape else ("21cm", "29.7cm")
    page = (
        '<style:page-layout style:name="page" style:page-usage="all"><style:page-layout-properties '
        f'fo:page-width="{wide}" fo:page-height="{high}" fo:margin="2cm" '
        f'style:print-orientation="{"landscape" if look.landscape else "portrait"}"/>'
        '<style:header-style><style:header-footer-properties fo:min-height="0.7cm" fo:margin-bottom="0.3cm"/>'
        "</style:header-style><style:footer-style>"
        '<style:header-footer-properties fo:min-height="0.7cm" fo:margin-top="0.3cm"/></style:footer-style>'
        "</style:page-layout>"
    )
    return paragraphs + letters + sections + cells + widths + whole + page


def _master(look: Look) -> str:
    odd, even = (f'<text:p text:style-name="small">{escape(head, quote=False)}</text:p>' for head in look.heads)
    stamp = f'<text:p text:style-name="small">{escape(look.stamp, quote=False)}</text:p>' if look.stamp else ""
    number = '<text:p text:style-name="people"><text:page-number text:select-page="current">1</text:page-number></text:p>'
    return (
        f'<style:master-page style:name="Standard" style:page-layout-name="page"><style:header>{odd}</style:header>'
        f"<style:header-left>{even}</style:header-left><style:footer>{stamp}{number}</style:footer></style:master-page>"
    )


LONGEST = 150.0
"""Seconds after which LibreOffice is taken to hang."""


def convert(source: Path, target: Path) -> None:
    """Writes the document `source` in the format of `target`; SystemExit where LibreOffice is missing or gives none."""
    if SOFFICE is None:
        raise SystemExit("soffice is not installed: install LibreOffice Writer")
    with tempfile.TemporaryDirectory() as folder:
        profile = f"-env:UserInstallation={(Path(folder) / 'profile').as_uri()}"
        command = [SOFFICE, profile, "--headless", "--convert-to", target.suffix[1:], "--outdir", folder, str(source)]
        try:
            done = subprocess.run(command, capture_output=True, text=True, timeout=LONGEST, check=False)
        except subprocess.TimeoutExpired:
            raise SystemExit(f"{source}: LibreOffice made no {target.suffix} within {LONGEST:g} s") from None
        made = Path(folder) / f"{source.stem}{target.suffix}"
        if not made.exists():
            raise SystemExit(f"{source}: LibreOffice made no {target.suffix}: {done.stderr.strip()[-300:]}")
        shutil.move(made, target)


def write(path: Path, body: str, look: Look) -> None:
    """Writes paragraphs as a PDF, DOCX or ODT, which the suffix says."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "text.fodt"
        source.write_text(document(body, look), encoding="utf-8")
        convert(source, path)
