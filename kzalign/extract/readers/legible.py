"""Whether a page's text layer is text: measured by its characters, and by how its letters follow one another.

A font without a map to characters gives glyph numbers; one with a wrong map gives letters, but no words. Cyrillic letters that
were written by their bytes in CP1251 and read as Latin ones are put right.
"""

import re

from kzalign.text.pairs import pairs_of

READABLE = re.compile(
    r"[\x21-\x7eЀ-ԯ\xa0-\xbf×÷\u200b‐-⁞⁰-ₜ₠-⃏℀-⏿─-⯿Ͱ-ϿəƏ\x02\ufffe\ufb00-\ufb06\u3000-\u30ff\u3400-\u9fff\uac00-\ud7a3]"
    r"|[\u0600-\u06ff\ufb50-\ufdff\ufe70-\ufefc\uff01-\uff60\U0001d400-\U0001d7ff]|[À-ÿĀ-žƀ-ʯ](?=[A-Za-z])|(?<=[A-Za-z])[À-ÿĀ-žƀ-ʯ]"
)
"""Characters of the three languages, of their signs and formulas, of Arabic and of East Asia, which glyph numbers hardly reach.
An accented letter counts beside plain Latin ones."""

SYMBOL = re.compile("[\uf020-\uf0ff]")
"""Where Word keeps the signs of symbol fonts: a passage of formulas may hold many."""

LEAST = 0.7
"""Share of a page's characters that are readable in a text whose letters are mapped."""

COMMON = 0.5
"""Share of the pairs of letters that are common in kk, ru or en. Prose and references of these have 0.8 at least, pages in other
languages of Europe 0.6, in Mongolian 0.53; letters put for one another leave 0.45 at most."""

MIN_PAIRS = 200
"""Pairs of letters below which their share says nothing."""

PASSAGE = 300
"""Characters of neighbouring lines that are measured together."""

UPPER = bytes(range(0x80, 0xA0)).decode("cp1252", errors="ignore")
LATIN_BYTES = re.compile(f"[\x80-\xff\uf080-\uf0ff{UPPER}]")
HIGH = re.compile(r"[\x80-\x9f\xc0-\xff\uf080-\uf0ff]{2}")
"""Letters of the upper half of CP1252, or of a symbol font."""

STRETCH = re.compile(r"[^\r\nA-Za-zЀ-ԯ]+")
"""What stands between plain letters on a line."""

CYRILLIC_BYTES = ("cp1251", "kz1048")


def mended(text: str) -> str:
    """Returns the text, as long as before, with Cyrillic for accented Latin letters where that makes words."""
    if not HIGH.search(text):
        return text
    spans = [span for match in STRETCH.finditer(text) if (span := _words_of(match)) and HIGH.search(text, *span)]
    sample = " ".join(text[first:last] for first, last in spans)
    readings = []
    for encoding in CYRILLIC_BYTES:
        common, counted = pairs_of(_reread(sample, encoding))
        readings.append((common / counted if counted else 0.0, encoding))
    share, encoding = max(readings, key=lambda reading: reading[0])
    if share < COMMON:
        return text
    pieces, done = [], 0
    for first, last in spans:
        pieces += [text[done:first], _reread(text[first:last], encoding)]
        done = last
    return "".join((*pieces, text[done:]))


def _words_of(match: re.Match[str]) -> tuple[int, int] | None:
    """Returns where the whole words of a stretch begin and end: what touches a plain letter is of its word."""
    first, last, text = match.start(), match.end(), match.string
    if first and text[first - 1] not in "\r\n":
        first = next((k for k in range(first, last) if text[k].isspace()), last)
    if last < len(text) and text[last] not in "\r\n":
        last = next((k + 1 for k in range(last - 1, first - 1, -1) if text[k].isspace()), first)
    return (first, last) if first < last else None


def _reread(text: str, encoding: str) -> str:
    """Returns the letters that the bytes behind the text's letters stand for."""

    def letter(match: re.Match[str]) -> str:
        char = match[0]
        byte = bytes((ord(char) & 0xFF,)) if char >= "\uf000" or char <= "\xff" else char.encode("cp1252")
        read = byte.decode(encoding, errors="replace")
        return char if read == "\ufffd" else read

    return LATIN_BYTES.sub(letter, text)


def fault_of(text: str) -> tuple[str, bool]:
    """Returns what is wrong with a page's text, empty if nothing is, and whether nothing of it can be read."""
    solid = "".join(text.split())
    known = _known(solid)
    if known < LEAST:
        return f"unreadable text layer (letters not mapped: {known:.0%} of characters are known)", True
    common, counted = pairs_of(text)
    if counted >= MIN_PAIRS and common < COMMON * counted:
        return f"unreadable text layer (letters mapped to wrong ones: {common / counted:.0%} of their pairs occur in words)", True
    broken, lines = _broken(text)
    return (
        (f"unreadable in part ({broken} of {lines} lines: letters not mapped, or to wrong ones)", False)
        if broken
        else ("", False)
    )


def _known(solid: str) -> float:
    return len(READABLE.findall(solid)) / len(solid) if solid else 1.0


def _broken(text: str) -> tuple[int, int]:
    """Returns how many lines stand in passages that are no text, and how many lines there are."""
    lines = [line for line in text.splitlines() if line.strip()]
    broken, passage, size = 0, [], 0
    for line in lines:
        passage.append(line)
        size += len(line)
        if size >= PASSAGE:
            broken += len(passage) if _is_broken("\n".join(passage)) else 0
            passage, size = [], 0
    return broken, len(lines)


def _is_broken(passage: str) -> bool:
    if _known("".join(SYMBOL.sub("", passage).split())) < LEAST:
        return True
    common, counted = pairs_of(passage)
    return counted >= MIN_PAIRS and common < COMMON * counted
