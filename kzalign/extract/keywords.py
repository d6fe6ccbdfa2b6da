"""The keyword list that begins at a label: which lines it takes, and its items."""

import re

from kzalign.extract.anchors import NUMBERED_ITEM, label_text
from kzalign.extract.joining import ENDS_SENTENCE, Words, join_lines
from kzalign.extract.layout import Kind, Page
from kzalign.extract.letters import LOWER

MAX_KEYWORD_LINES = 12
MOST_WORDS = 6
"""Words of a line that no comma parts, from which on it is a sentence's."""

MAX_ITEM = 60
"""Characters of a keyword that has a line of its own."""

STOPS = frozenset((Kind.CODE, Kind.PEOPLE, Kind.SECTION, Kind.CAPITALS))
"""Kinds of line that end an abstract and a keyword list."""

RUN_IN_SECTION = re.compile(
    r"^(?:\d{1,2}\.?\s*)?(?:кіріспе|введение|introduction|негізгі бөлім|основная часть|"
    r"алғыс(?:\sайту|тар)?|благодарност[ьи]|acknowledge?ments?|қаржыландыру(?:\sкөзі)?|(?:источник\s)?финансировани[ея]|"
    r"funding(?:\s(?:source|information))?|мүдделер\sқақтығысы|конфликт\sинтересов|conflicts?\sof\sinterests?)\s*(?:[.:–—-]|$)",
    re.I,
)
"""A section, thanks or a note that stands below an abstract or its keywords, its heading run into its text."""


def keyword_lines(page: Page, label: int, ceiling: int) -> list[int]:
    """Returns the lines of the keyword list that begins at the label."""
    taken = [label]
    usual = page.usual_gap(label)
    width = max((len(page.lines[i].text) for i in range(max(0, label - 12), label + 1)), default=0)
    first = label_text(page.lines[label].text)
    if not first and (listed := _listed(page, label, ceiling)):
        return [label, *listed]
    for i in range(label + 1, min(ceiling, label + MAX_KEYWORD_LINES, len(page.lines))):
        line, before = page.lines[i], page.lines[taken[-1]].text
        if page.kind(i) in STOPS or RUN_IN_SECTION.match(line.text):
            break
        if page.kind(i) is Kind.FURNITURE:
            if before.endswith((",", ";", "-")):
                continue
            break
        if taken == [label] and not first:
            if len(line.text) > 600:
                break
            taken.append(i)
            continue
        if not _list_goes_on(before, line.text, line.gap, usual, width):
            break
        taken.append(i)
    return taken


def _listed(page: Page, label: int, ceiling: int) -> list[int]:
    """Returns the lines of a list that has an item a line, as a side column's: short ones without commas, up to a gap."""
    usual = page.usual_gap(label)
    taken: list[int] = []
    for i in range(label + 1, min(ceiling, label + MAX_KEYWORD_LINES, len(page.lines))):
        line = page.lines[i]
        if (taken and line.gap > usual) or page.kind(i) is not Kind.PROSE:
            break
        if len(line.text) > MAX_ITEM or re.search(r"[,;.:]", NUMBERED_ITEM.sub("", line.text, count=1)):
            return []
        taken.append(i)
    return taken if len(taken) > 1 else []


def _list_goes_on(before: str, text: str, gap: int, usual: int, width: int) -> bool:
    if before.endswith((",", ";", "-", "–", ":")):
        return gap <= usual + 1
    if before.endswith(".") or ENDS_SENTENCE.search(before) or gap > max(usual, 0):
        return False
    word = text.split(maxsplit=1)[0]
    if word[:1].isupper() and len(text.split()) > MOST_WORDS and not re.search("[,;]", text):
        return False
    if word[:1].islower() and gap == 0 and len(text) <= MAX_ITEM and re.search("[,;]", before + text):
        return True
    wrapped = len(before) + 1 + len(word) >= (0.65 if word[:1].islower() else 0.88) * width
    return wrapped and not re.search(rf"[{LOWER}]{{3,}}\.\s+\S", text)


def keyword_items(page: Page, lines: list[int], words: Words) -> list[str]:
    """Returns the keywords of a list's lines."""
    if not lines:
        return []
    items = [page.lines[i].text for i in lines[1:]]
    if len(items) > 1 and not label_text(page.lines[lines[0]].text) and not re.search("[,;]", "".join(items)):
        return [item for raw in items if (item := _tidy(NUMBERED_ITEM.sub("", raw, count=1)))]
    return split_items(label_text(" ".join(join_lines([page.lines[i] for i in lines], words))))


def split_items(text: str) -> list[str]:
    """Returns the keywords: split at commas and semicolons outside brackets and quotes, full stop removed."""
    text = text.strip()
    items, depth, start = [], 0, 0
    for k, char in enumerate(text):
        depth += char in "([«“"
        depth -= char in ")]»”" and depth > 0
        if char in ",;" and depth == 0 and not (char == "," and text[k - 1 : k].isdigit() and text[k + 1 : k + 2].isdigit()):
            items.append(text[start:k])
            start = k + 1
    items.append(text[start:])
    return [item for raw in items if (item := _tidy(raw))]


def _tidy(item: str) -> str:
    item = item.strip(" :–—•")
    return item[:-1].rstrip() if item.endswith(".") else item
