"""PDF: columns one above another, beside a margin, under lines set about the page's middle; lines stretched to a column."""

from typing import Any

import pytest
from test_readers_pdf import FONT, Draw, all_of, column, pdf, read, solid

pytest.importorskip("reportlab")
pytest.importorskip("pypdfium2")
pytestmark = pytest.mark.skipif(FONT is None, reason="no DejaVuSans.ttf, which has Kazakh letters")

LEFT_EDGE, RIGHT_EDGE = 50, 310
WIDTH = 230


def justified(x: float, lines: list[str], top: float, width: float = WIDTH) -> Draw:
    """Draws lines stretched to a width, those with a full stop at their end as they are."""

    def draw(canvas: Any) -> None:
        for k, line in enumerate(lines):
            words = line.split()
            free = width - sum(canvas.stringWidth(word) for word in words)
            space = canvas.stringWidth(" ") if line.endswith(".") else free / max(1, len(words) - 1)
            at = x
            for word in words:
                canvas.drawString(at, top - 13 * k, word)
                at += canvas.stringWidth(word) + space

    return draw


def centred(x: float, lines: list[str], top: float) -> Draw:
    return lambda canvas: [canvas.drawCentredString(x, top - 13 * k, line) for k, line in enumerate(lines)] and None


UPPER_LEFT = [
    "Abstract",
    "The lake was measured in the spring of every",
    "year and its salt was weighed by the keepers",
    "of the post, who wrote the figures down and",
    "sent them to the town, where a clerk kept",
]
UPPER_RIGHT = [
    "them in a book until the post was closed and",
    "the book was lost with the papers of the old",
    "office in the year of the great flood there.",
    "Keywords: lake, salt, measurements, water,",
    "history, small towns.",
]
LOWER_LEFT = [
    "Introduction",
    "Nobody had asked before how much salt there",
    "is in the lake, for the people of the shore",
    "took it from the same bay for many hundreds",
    "of years and sold it in the towns along the",
]
LOWER_RIGHT = [
    "river, where the price was fixed each autumn",
    "by the council of the elders and held until",
    "the first ships came in the following spring",
    "with goods from the south and with the news",
    "of the prices in the other towns of the land.",
]
ENDED_LEFT = [*UPPER_LEFT[:4], "sent all of the figures down to the old town."]
ENDED_RIGHT = ["Rain fell in the autumn and the lake rose by", *UPPER_RIGHT[1:]]
BEGUN_RIGHT = ["River towns fixed the price in each autumn by", *LOWER_RIGHT[1:]]
ABOVE = 760.0
BELOW = ABOVE - 13 * 5 - 14
PARTS: dict[str, tuple[tuple[list[str], list[str]], tuple[list[str], list[str]], bool]] = {
    "text goes on in the column beside": ((UPPER_LEFT, UPPER_RIGHT), (LOWER_LEFT, LOWER_RIGHT), True),
    "sentences end everywhere, a gap between paragraphs": ((ENDED_LEFT, ENDED_RIGHT), (LOWER_LEFT, BEGUN_RIGHT), False),
    "text goes on over the gap": ((UPPER_LEFT, LOWER_LEFT[1:]), (UPPER_RIGHT, LOWER_RIGHT), False),
}


@pytest.mark.parametrize(("above", "below", "anew"), PARTS.values(), ids=PARTS)
def test_columns_one_above_another(above: tuple[list[str], list[str]], below: tuple[list[str], list[str]], anew: bool) -> None:
    drawn = [
        justified(x, lines, top)
        for (left, right), top in ((above, ABOVE), (below, BELOW))
        for x, lines in ((LEFT_EDGE, left), (RIGHT_EDGE, right))
    ]
    wanted = [*above[0], *above[1], *below[0], *below[1]] if anew else [*above[0], *below[0], *above[1], *below[1]]
    assert solid(read(pdf(all_of(*drawn)))) == wanted


STRETCHED = ["соленая озерная водица летом"] * 5


def test_a_stretched_column_is_one() -> None:
    """Wide blanks that fall under each other are no gutter within a column."""
    page = all_of(
        justified(LEFT_EDGE, STRETCHED, 760),
        justified(LEFT_EDGE, LOWER_LEFT[1:], 760 - 13 * len(STRETCHED)),
        justified(RIGHT_EDGE, LOWER_RIGHT + LOWER_RIGHT[:3], 760),
    )
    assert solid(read(pdf(page)))[: len(STRETCHED)] == STRETCHED


MARGIN = ["ARTICLE INFO", "Received: 11 May 2023", "Accepted: 12 May 2023", "free licence", "to all readers", "of the journal"]
BESIDE = [f"The salt of the lake was weighed {k} times by the keepers of the old post there" for k in range(7)]
TITLE = ["SALT OF THE LAKE IN THE TIME OF THE GREAT SPRING FLOOD AND AFTER IT", "AS THE KEEPERS SAW"]


def test_a_title_about_the_pages_middle_stands_above_a_margin() -> None:
    """Its second line is so short that it stands on one side of the margin's gutter."""
    page = all_of(centred(297, TITLE, 780), column(50, MARGIN, 748), justified(170, BESIDE, 748, 374))
    assert solid(read(pdf(page))) == [*TITLE, *MARGIN, *BESIDE]


def test_a_middle_column_goes_on_below_the_others() -> None:
    """What stands about the page's middle is a column where the others have begun there."""
    side, middle = ["weighed twice by the keepers"] * 6, ["small lakes of the old north"] * 9

    def third(canvas: Any) -> None:
        for k, line in enumerate(side):
            canvas.drawRightString(545, 760 - 13 * k, line)

    page = all_of(column(50, side), centred(297.5, middle, 760), third)
    assert solid(read(pdf(page))) == [*side, *middle, *side]


def test_a_number_at_the_foot_is_no_columns_edge() -> None:
    """A line with a gap there is one line, though the page's number stands where its second half begins."""

    cut, rest = "Тұздалған көлдердің жағалауында жылдар бойы", "жүргізілген өлшеулердің нәтижелері осы мақалада берілген"
    wide = f"{cut} {rest}"

    def gapped(canvas: Any) -> None:
        canvas.drawString(50, 800, cut)
        canvas.drawString(50 + canvas.stringWidth(cut) + 10, 800, rest)

    page = all_of(gapped, column(50, [f"{wide} {wide[:6]}"], 780), column(50, LOWER_LEFT, 740), column(310, LOWER_RIGHT, 740))
    lines = solid(read(pdf(all_of(page, column(300, ["27"], 660)))))
    assert " ".join(lines[0].split()) == wide
    assert lines[2:] == [*LOWER_LEFT, *LOWER_RIGHT, "27"] or lines[2:] == [*LOWER_LEFT, "27", *LOWER_RIGHT]
