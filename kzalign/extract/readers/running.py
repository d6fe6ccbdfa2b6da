"""Running heads and page numbers, found by what repeats at the same height of neighbouring pages."""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from kzalign.extract.coded import CODE
from kzalign.extract.readers.boxes import GOES_ON, Word

EDGE = 3
"""Lines at either edge of a page that may be running heads; of a short page a third."""

TIMES = 2
"""Pages on which a head stands at least: an article of four pages has those of the even ones twice."""

NUMBERED = 3
"""Pages on which lines that have nothing but their place and a page number in common stand at least."""

APART = 2
"""Pages from one standing to the next: heads of even and odd pages differ."""

SHORTEST = 12
"""Characters of a head without a page number."""

HEIGHT = 4.0
"""Points within which two lines stand at the same height of their pages."""

Place = tuple[int, int]
"""A page's index and a line's on it."""

NUMBER = re.compile(r"\d{1,5}")


def parted(pages: Sequence[Sequence[Word]]) -> list[tuple[list[Word], list[Word], list[Word]]]:
    """Returns of each page the heads, the lines and the feet; heads and feet from top to bottom.

    They are the lines that stand on several pages near each other, the same or but for the page's number.
    """
    places: defaultdict[tuple[str, int | None, int], list[Place]] = defaultdict(list)
    for number, lines in enumerate(pages):
        for index in _edges(lines):
            line = lines[index]
            for text, offset in _keys(line.text, number):
                level = round(line.middle / HEIGHT)
                for near in (level - 1, level, level + 1):
                    places[text, offset, near].append((number, index))
    dropped: set[Place] = set()
    for (text, _, _), found in places.items():
        dropped |= _running(found, NUMBERED if text == "#…" else TIMES)
    heights = [[lines[k].middle for page, k in dropped if page == number] for number, lines in enumerate(pages)]
    return [
        _sides(lines, [(number, k) in dropped or _is_beside(line, heights[number]) for k, line in enumerate(lines)])
        for number, lines in enumerate(pages)
    ]


def _sides(lines: Sequence[Word], runs: Sequence[bool]) -> tuple[list[Word], list[Word], list[Word]]:
    """Returns the lines that run and stand above the middle of the page's others, those others, and the ones below it."""
    kept = [line for line, aside in zip(lines, runs, strict=True) if not aside]
    heights = [line.middle for line in kept if line.text] or [line.middle for line in lines]
    middle = (max(heights) + min(heights)) / 2 if heights else 0.0
    aside = sorted(
        (line for line, runs_on in zip(lines, runs, strict=True) if runs_on and line.text), key=lambda w: (-w.middle, w.left)
    )
    return [line for line in aside if line.middle >= middle], kept, [line for line in aside if line.middle < middle]


def _is_beside(line: Word, heights: Sequence[float]) -> bool:
    """Says whether a line stands beside a head and belongs to it; a line of another column that goes on a sentence does not."""
    within = GOES_ON.match(line.text) is not None or line.text.endswith("-")
    return not within and any(abs(line.middle - height) < HEIGHT for height in heights)


def _edges(lines: Sequence[Word]) -> set[int]:
    """Returns the indices of the lines nearest to the page's upper and lower edge."""
    order = sorted((k for k, line in enumerate(lines) if line.text), key=lambda k: lines[k].middle)
    edge = min(EDGE, len(order) // 3)
    return {*order[:edge], *order[len(order) - edge :]}


def _keys(text: str, page: int) -> Iterator[tuple[str, int | None]]:
    """Yields the text as it is, and with each number of it taken for the page's: by how much that exceeds the index."""
    text = " ".join(text.split()).casefold()
    if CODE.match(text):
        return
    if len(text) >= SHORTEST:
        yield text, None
    for match in NUMBER.finditer(text):
        if match.start() == 0 or match.end() == len(text):
            yield "#…", int(match[0]) - page
        yield f"{text[: match.start()]}#{text[match.end() :]}", int(match[0]) - page


def _running(places: Sequence[Place], times: int) -> set[Place]:
    """Returns the places that follow one another closely, on so many pages at least."""
    runs: list[list[Place]] = []
    for place in places:
        if runs and place[0] - runs[-1][-1][0] <= APART:
            runs[-1].append(place)
        else:
            runs.append([place])
    return {place for run in runs if len({page for page, _ in run}) >= times for place in run}
