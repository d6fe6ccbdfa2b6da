"""The line that tells readers how to cite an article: its journal, volume, issue, pages and year."""

import re

from kzalign.extract.layout import YEAR
from kzalign.extract.metadata.codes import trimmed
from kzalign.extract.metadata.imprint import ISSUE, VOLUME
from kzalign.extract.metadata.view import View
from kzalign.extract.references import DOI

CUE = re.compile(
    r"^\W*(?:для цитирования|библиографическая ссылка|как цитировать|цитирование|ссылка для цитирования|how to cite|cite this|"
    r"for citation|to cite|citation|recommended citation|дәйексөз үшін|дәйексөз келтіру|дәйексөз|сілтеме үшін|сілтеме жасау|"
    r"библиографиялық сілтеме)\b",
    re.I,
)
LETTERS = frozenset("дбкцсhctfrДБКЦСHCTFR*_#([•–—-")
"""What a line begins with that may hold a cue: a look that spares most lines the whole pattern."""

LINES = 6
SHORTEST = 5
PAGES = re.compile(
    r"\b(?:С|P|PP|Pp|pp|p|с|Б|б|стр|Стр|бб)\.\s?(?P<after>\d{1,4}\s?[–—-]\s?\d{1,4})|"
    r"(?P<before>\d{1,4}\s?[–—-]\s?\d{1,4})-?\s?(?:бб|б|бет|беттер|с|p|pp)\b|\)\s?[,:]\s?(?P<bare>\d{1,4}\s?[–—-]\s?\d{1,4})\b"
)
GOST = re.compile(r"//\s*(?P<journal>[^/]{5,150}?)(?=\s*(?:[.,–—-]\s*)+(?:(?:19|20)\d\d|№|Т\.|Том|Vol|Вып)|\s\(?(?:19|20)\d\d)")
APA = re.compile(
    r"[.?!]\s(?P<journal>[^.?!]{5,150}?),\s(?P<volume>\d{1,4})\s?(?:\((?P<issue>\d{1,4}(?:[-–]\d{1,3})?)\))?,\s(?=\d)"
)
NUMBER_VOLUME = re.compile(r"\b(?P<issue>\d{1,3})\s?\((?:Т\.|Vol\.)\s?(?P<volume>\d{1,3})\)")


def citation(view: View) -> dict[str, tuple[str, ...]]:
    """Returns what the article's own citation says; nothing where it has none."""
    lines = view.page.lines
    for index in view.edges:
        text = lines[index].text
        if text[0] in LETTERS and len(text) > SHORTEST and CUE.match(text):
            below = [
                line.text for k, line in enumerate(lines[index + 1 : min(view.end, index + LINES)]) if k == 0 or line.gap == 0
            ]
            found = _parsed(" ".join((text, *below)))
            if found:
                return found
    return {}


def _parsed(text: str) -> dict[str, tuple[str, ...]]:
    """Returns the parts of the first citation in a text."""
    pages = PAGES.search(text)
    end = pages.end() if pages else len(text)
    one = text[:end]
    gost, apa = GOST.search(one), APA.search(text)
    odd = NUMBER_VOLUME.search(one)
    found: dict[str, str | None] = {"pages": (pages["after"] or pages["before"] or pages["bare"]) if pages else None}
    if gost:
        numbers = one[gost.end() :]
        found |= {"journal": gost["journal"], "year": _one(YEAR, numbers)}
        if odd:
            found |= {"volume": odd["volume"], "issue": odd["issue"]}
        else:
            volume, issue = VOLUME.search(numbers), ISSUE.search(numbers)
            found |= {"volume": volume["number"] if volume else None, "issue": issue["number"] if issue else None}
    elif apa:
        found |= {"journal": apa["journal"], "volume": apa["volume"], "issue": apa["issue"], "year": _one(YEAR, one)}
    elif not pages:
        return {}
    doi = DOI.search(text)
    found["doi"] = trimmed(doi[0]) if doi else None
    return {name: (" ".join(value.split()).strip(" .,"),) for name, value in found.items() if value}


def _one(pattern: re.Pattern[str], text: str) -> str | None:
    match = pattern.search(text)
    return match[0] if match else None
