"""Titles that a record's label names: `Название: …`, `Атауы: …`, a repository's `dc.title`.

Such records list an article's titles one below another, away from the abstracts; the language is read from the text.
"""

import re
from dataclasses import replace

from kzalign.extract.joining import Words, join_lines, spans_of
from kzalign.extract.languages import language_of
from kzalign.extract.layout import TITLE_LABEL, Kind, Page
from kzalign.records import Version

OTHER_LABEL = re.compile(r"^\W*\w[\w.]*(?:\s\w+){0,2}\s?(?::|\t)")
INSTRUCTION = re.compile(r"шрифт|букв|қаріп|әріп|\bfont\b|\bletters?\b|центр|ортасын", re.I)
"""What guidelines for authors say of a title."""
FULL = 45
"""Characters of a line that may go on below."""
MAX_LINES = 4


def labelled_titles(page: Page, start: int, end: int, words: Words) -> dict[str, Version]:
    """Returns by language a version that has only a title, the first that a label names between two lines."""
    found: dict[str, Version] = {}
    for i in range(start, end):
        label = TITLE_LABEL.match(page.lines[i].text)
        if label is None:
            continue
        lines = [replace(page.lines[i], text=page.lines[i].text[label.end() :])]
        for below in range(i + 1, min(end, i + MAX_LINES)):
            if not _goes_on(page, below):
                break
            lines.append(page.lines[below])
        title = " ".join(join_lines(lines, words))
        detected = None if INSTRUCTION.search(title) else language_of(title)
        if detected:
            version = Version(detected.lang, title, title_lines=spans_of(lines, []), confidence=detected.confidence)
            found.setdefault(detected.lang, version)
    return found


def _goes_on(page: Page, index: int) -> bool:
    line, above = page.lines[index], page.lines[index - 1]
    plain = page.kind(index) in (Kind.PROSE, Kind.CAPITALS) and line.gap == 0
    return plain and len(above.text) >= FULL and OTHER_LABEL.match(line.text) is None
