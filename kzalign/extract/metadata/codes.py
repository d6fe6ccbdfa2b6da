"""Codes at an article's head: UDC, IRSTI (MRNTI), DOI; and the licence that a document states."""

import re
from collections.abc import Iterator

from kzalign.extract.metadata.view import View
from kzalign.extract.references import DOI

_UDC = r"У[ДD][КK]|[ӘЭƏ]О[ЖX]|ОӘЖ|UD[CСKК]"
_IRSTI = (
    r"МРНТИ|МРТНИ|МРНИТ|ГРНТИ|[ХX]?[ҒFГ][ТT][АA][МM][РPR]|[ҒFГ][ТT][АA][ХX][РPR]|[ХX][ҒFГ][ТT][АA]Ә?[РPR]|"
    r"IRSTI|ISRTI|SRSTI|IRTSI|MRNTI|GRNTI"
)
_UDC_ITEM = r"\d{1,3}(?:\.\d{1,3})*(?:['’ʼ`´.:/+*=\"«»–-]+[\d.]+|\s?[(\[][\d.=/'’-]{1,12}[)\]])*"
UDC = re.compile(rf"(?<!\w)(?:{_UDC})\s*[:.№–-]?\s*(?P<items>{_UDC_ITEM}(?:\s*[;,+]\s*{_UDC_ITEM})*)(?![\d\w])", re.I)
_IRSTI_ITEM = r"\d{2}\.\d{2}(?:\.\d{2})?"
IRSTI = re.compile(rf"(?<!\w)(?:{_IRSTI})\s*[:.№–-]?\s*(?P<items>{_IRSTI_ITEM}(?:\s*[;,/]\s*{_IRSTI_ITEM})*)(?!\d)", re.I)
CODES = (
    ("udc", re.compile(r"\d"), UDC, r"\s*[;,]\s*"),
    ("irsti", re.compile(r"\d\d\.\d\d"), IRSTI, r"\s*[;,/]\s*"),
)
"""Of each code its name, what a line must hold before the whole pattern looks at it, the pattern, what stands between two."""

LABEL = re.compile(rf"^\W*(?:\d\.\s)?(?:{_UDC}|{_IRSTI}|DOI|JEL|ББК|КБЖ|MSC)\b", re.I)
"""What a line, or a column of it, begins with that holds codes."""

COLUMNS = re.compile(r"\t+|\s{3,}|\s\|\s")
DOI_COLUMN = re.compile(r"^\W*(?:doi\b|(?:https?://)?(?:dx\.)?doi[\w.-]*/|10\.\d{4,9}/)", re.I)
LONGEST = 160

CC = re.compile(
    r"(?:https?://)?creativecommons\.org/(?:licenses|publicdomain)/[\w-]+/\d\.\d|"
    r"(?-i:\bCC0\b(?:[\s-]?1\.0)?|\bCC[\s-]?BY(?:[\s-](?:NC|ND|SA))*(?:[\s-]\d\.\d)?\b)|"
    r"\bCreative\s+Commons\s+(?:[«\"“]?Attribution(?:[\s–-]+(?:Non[\s-]?Commercial|No[\s-]?Derivatives|Share[\s-]?Alike|NC|ND|SA))*"
    r"(?:\s*\d\.\d)?(?:\s+International)?|[«\"“]?Атрибуция(?:\s*[–—-]\s*Некоммерческ\w+|\s*[–—-]\s*Без\s+производных|\s*[–—-]\s*С\s+сохранением\s+условий)*"
    r"(?:\s*\d\.\d)?)",
    re.I,
)
"""A Creative Commons licence as texts name it."""


def codes(view: View) -> dict[str, tuple[str, ...]]:
    """Returns the UDC, IRSTI and DOI that stand at the article's head: of each, those of the first line that has one."""
    found: dict[str, tuple[str, ...]] = {}
    for index in view.head:
        text = view.page.lines[index].text
        if len(text) > LONGEST or not re.search(r"\d", text):
            continue
        for column in columns_of(text):
            for name, values in _column(column):
                found.setdefault(name, values)
        if "doi" not in found and text.rstrip(" :.").upper() == "DOI" and index + 1 < view.end:
            found |= _first_doi(view.page.lines[index + 1].text)
    return found


def columns_of(text: str) -> list[str]:
    """Returns what stands apart on a line; a label alone goes with what it labels."""
    columns: list[str] = []
    for column in COLUMNS.split(text):
        if columns and LABEL.match(columns[-1]) and not re.search(r"\d", columns[-1]):
            columns[-1] += f" {column}"
        else:
            columns.append(column)
    return columns


def _column(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    for name, needs, pattern, between in CODES:
        match = needs.search(text) and pattern.search(text)
        if match:
            yield name, tuple(dict.fromkeys(re.split(between, match["items"])))
    if DOI_COLUMN.match(text) or LABEL.match(text):
        yield from _first_doi(text).items()


def _first_doi(text: str) -> dict[str, tuple[str, ...]]:
    match = DOI.search(text)
    return {"doi": (trimmed(match[0]),)} if match else {}


def trimmed(doi: str) -> str:
    """Returns a DOI without the marks that close the sentence around it; a bracket that it opens itself stays."""
    doi = doi.rstrip(".,;:*’'”")
    while doi.endswith((")", "]")) and doi.count("(") + doi.count("[") < doi.count(")") + doi.count("]"):
        doi = doi[:-1].rstrip(".,;:")
    return doi


def licence_in(text: str) -> str | None:
    """Returns the Creative Commons licence that a line names, as it names it."""
    match = CC.search(text) if "CC" in text or "reative" in text or "REATIVE" in text else None
    return match[0].strip() if match else None
