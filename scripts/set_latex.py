"""Sets text with XeLaTeX: paragraphs, boxes and columns as a LaTeX source, and that as PDF."""

import re
import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

XELATEX = shutil.which("xelatex")
"""The program, None where it is not installed."""

FONT = "DejaVu Sans"
SPECIAL = re.compile(r"[\\{}$&#%_~^]")
RAISED = re.compile(r"\^([\d*,]{1,5})\^")
"""An author's mark; other carets are a text's own."""

NAMED = {"\\": r"\textbackslash{}", "^": r"\textasciicircum{}", "~": r"\textasciitilde{}", "\u00ad": r"\-"}


@dataclass(frozen=True, slots=True)
class Look:
    """What all pages have in common."""

    columns: int = 1
    size: int = 10
    heads: tuple[str, str] = ("Жаңа пішіндер жаршысы, гуманитарлық бөлім", "Invented Bulletin of Formats")
    """The running head of odd pages and that of even ones."""
    numbered: bool = False
    landscape: bool = False
    watermark: str = ""
    stamp: str = ""
    """A line along the edge of every page."""


def escaped(text: str) -> str:
    """Returns text as LaTeX; `^1^` in it is raised."""
    pieces = [SPECIAL.sub(lambda m: NAMED.get(m[0], f"\\{m[0]}"), piece) for piece in RAISED.split(text)]
    raised = "".join(rf"\textsuperscript{{{piece}}}" if k % 2 else piece for k, piece in enumerate(pieces))
    return raised.replace("\u00ad", r"\-")


def paragraph(text: str, style: str = "body", bold: str = "", note: str = "") -> str:
    """Returns a paragraph, `bold` before its text in bold letters and `note` as its footnote."""
    first = rf"\textbf{{{escaped(bold)}}}" if bold else ""
    foot = rf"\footnote{{{escaped(note)}}}" if note else ""
    return STYLES[style].replace("TEXT", f"{first}{escaped(text)}{foot}") if style != "drop" else _drop(text)


def _drop(text: str) -> str:
    return rf"\lettrine{{{escaped(text[0])}}}{{}}{escaped(text[1:])}\par" + "\n"


STYLES = {
    "body": "TEXT\\par\n",
    "title": "\\begin{center}\\large\\bfseries TEXT\\end{center}\n",
    "people": "\\begin{center}\\itshape TEXT\\end{center}\n",
    "heading": "\\begin{center}\\bfseries TEXT\\end{center}\n",
    "spaced": "\\begin{center}{\\addfontfeature{LetterSpace=60}TEXT}\\end{center}\n",
    "capitals": "\\begin{center}\\footnotesize TEXT\\end{center}\n",
    "boxed": "\\noindent\\fbox{\\parbox{0.96\\linewidth}{TEXT}}\\par\\smallskip\n",
    "small": "{\\footnotesize\\raggedright TEXT\\par}\n",
    "break": "\\clearpage\n\\noindent TEXT\\par\n",
}


def columns(body: str, count: int) -> str:
    """Returns paragraphs set in so many columns."""
    return f"\\begin{{multicols}}{{{count}}}\n{body}\\end{{multicols}}\n" if body and count > 1 else body


def table(rows: Sequence[Sequence[str]], widths: Sequence[int], ruled: bool = True) -> str:
    """Returns rows of boxes side by side; each cell holds paragraphs, widths are relative."""
    share = [0.94 * width / sum(widths) for width in widths]
    line = "\\noindent\\rule{\\linewidth}{0.4pt}\\par\n" if ruled else ""
    boxes = [
        "\\hfill".join(
            f"\\begin{{minipage}}[t]{{{part:.3f}\\linewidth}}\\raggedright\n{c}\\end{{minipage}}"
            for part, c in zip(share, row, strict=True)
        )
        for row in rows
    ]
    return "".join(f"{line}\\noindent{box}\\par\\medskip\n" for box in boxes) + line


def document(body: str, look: Look) -> str:
    """Returns a LaTeX source."""
    odd, even = map(escaped, look.heads)
    options = f"{look.size}pt,a4paper,twoside{',twocolumn' if look.columns == 2 else ''}"
    packages = ["fontspec", "polyglossia", "fancyhdr", "multicol", "lettrine", "pdflscape", "eso-pic", "graphicx"]
    extra = ""
    if look.numbered:
        packages.append("lineno")
        extra += "\\AtBeginDocument{\\linenumbers}\n"
    if look.watermark:
        packages.append("draftwatermark")
        extra += f"\\SetWatermarkText{{{escaped(look.watermark)}}}\\SetWatermarkScale{{0.6}}\n"
    if look.stamp:
        extra += f"\\AddToShipoutPicture{{\\put(12,80){{\\rotatebox{{90}}{{\\footnotesize {escaped(look.stamp)}}}}}}}\n"
    used = "".join(f"\\usepackage{{{package}}}\n" for package in packages)
    text = f"\\begin{{landscape}}\n{body}\\end{{landscape}}" if look.landscape else body
    return (
        f"\\documentclass[{options}]{{article}}\n\\usepackage[a4paper,margin=2cm]{{geometry}}\n{used}"
        f"\\setmainlanguage{{russian}}\\setmainfont{{{FONT}}}\n\\pagestyle{{fancy}}\\fancyhf{{}}\\setlength{{\\headheight}}{{15pt}}\n"
        f"\\fancyhead[LO]{{{odd}}}\\fancyhead[RE]{{{even}}}\\fancyfoot[C]{{\\thepage}}\n\\emergencystretch=2em\n{extra}"
        f"\\begin{{document}}\n{text}\n\\end{{document}}\n"
    )


def write(path: Path, body: str, look: Look) -> None:
    """Writes paragraphs as a PDF; SystemExit where XeLaTeX is missing or gives none."""
    if XELATEX is None:
        raise SystemExit("xelatex is not installed: install TeX Live with XeTeX, polyglossia and the Cyrillic languages")
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "text.tex"
        source.write_text(document(body, look), encoding="utf-8")
        command = [XELATEX, "-interaction=nonstopmode", "-no-shell-escape", source.name]
        made = source.with_suffix(".pdf")
        for _ in range(2 if look.numbered or look.watermark else 1):
            done = subprocess.run(command, cwd=folder, capture_output=True, timeout=300, check=False)
        if not made.exists():
            raise SystemExit(f"{path.name}: XeLaTeX made no PDF: {done.stdout.decode('utf-8', 'replace')[-600:]}")
        shutil.move(made, path)
