"""Running heads and feet that a reader took off the pages, put back beside the lines for what they say of the issue."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from kzalign.extract.layout import Page
from kzalign.extract.lines import Line, read_lines
from kzalign.records import Issue, Margin
from kzalign.text.normalise import WRONG, repair


def repaired(issue: Issue) -> tuple[Margin, ...]:
    """Returns an issue's margins, their letters repaired; those of old fonts as the words of the whole document say."""
    text = "\n".join(margin.text for margin in issue.margins)
    if WRONG.search(text):
        text = "\n".join((*issue.lines, text))
    lines = repair(text).text.split("\n")[-len(issue.margins) :]
    return tuple(replace(margin, text=line) for margin, line in zip(issue.margins, lines, strict=True))


def woven(page: Page, starts: Sequence[int], count: int, margins: Sequence[Margin]) -> tuple[Page, frozenset[int]]:
    """Returns the page with its margins where they stood, and their indices; `starts`: each page's first line, of `count`.

    A head has the number of its page's first line, a foot that of its last.
    """
    if not margins:
        return page, frozenset()
    placed = list(_numbered(starts, count, margins))
    merged = sorted(
        (*((line.number, 1, k, line) for k, line in enumerate(page.lines)), *placed), key=lambda one: (one[0], one[1], one[2])
    )
    found = Page([line for _, _, _, line in merged])
    return found, frozenset(k for k, (_, side, _, _) in enumerate(merged) if side != 1)


def _numbered(starts: Sequence[int], count: int, margins: Sequence[Margin]) -> Iterator[tuple[int, int, int, Line]]:
    """Yields the margins as lines, each with its number, where it goes beside the lines of that number, and its place."""
    for k, margin in enumerate(margins):
        first = starts[margin.page - 1]
        last = starts[margin.page] - 1 if margin.page < len(starts) else count
        for line in read_lines(margin.text):
            number = max(first, last) if margin.foot else first
            yield number, 2 if margin.foot else 0, k, replace(line, number=number)
