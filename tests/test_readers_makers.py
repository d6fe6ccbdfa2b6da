"""PDFs that LibreOffice and XeLaTeX made: kept as files, made anew where the makers are installed, and odd layouts of them."""

import importlib
import random
from dataclasses import replace
from pathlib import Path

import pytest

from kzalign.bench.extraction import score_extraction
from kzalign.bench.gold import load_gold
from kzalign.bench.matching import MATCHES, levenshtein, match_abstracts
from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers.boxes import Word
from kzalign.extract.readers.flow import Flow
from kzalign.extract.readers.footnotes import RULE
from kzalign.extract.readers.letters import with_letters
from kzalign.extract.readers.pdf import read_pdf
from kzalign.extract.readers.words import lines_of
from kzalign.pipeline import process_all, repaired
from kzalign.records import Article, Version

pytest.importorskip("pypdfium2")
ROOT = Path(__file__).resolve().parents[1]
PDFS = ROOT / "tests" / "pdfs"
GOLD = [repaired(article) for article in load_gold(ROOT / "examples" / "gold")]


def check(paths: list[Path]) -> None:
    found = [article for document in process_all(paths, Config(), True, 1) for article in document.articles]
    articles = [replace(article, issue_id=article.issue_id.partition("--")[0]) for article in found]
    issues = {article.issue_id for article in articles}
    report = score_extraction(articles, [article for article in GOLD if article.issue_id in issues])
    assert report.exact.estimate.value >= 0.97, report.findings
    assert report.pairs["all"].f1.value >= 0.96, report.findings
    assert report.extra == 0


@pytest.mark.parametrize("maker", ["libre", "latex"])
def test_issues_as_the_makers_set_them(maker: str) -> None:
    check(sorted(PDFS.glob(f"*--{maker}-*.pdf")))


@pytest.mark.slow
@pytest.mark.parametrize("name", ["libre-1", "libre-2", "libre-docx", "latex-1", "latex-2"])
def test_issues_made_anew(tmp_path: Path, name: str) -> None:
    pytest.importorskip("docx")
    formats = importlib.import_module("make_formats")
    if name not in formats.ISSUES:
        pytest.skip(f"the maker of {name} is not installed")
    answers = load_gold(ROOT / "examples" / "gold")
    for path in sorted(path for path in (ROOT / "examples").iterdir() if path.suffix in (".txt", ".md")):
        own = [article for article in answers if article.issue_id == path.stem]
        formats.ISSUES[name][1](tmp_path / f"{path.stem}.pdf", formats.blocks_of(path.read_text("utf-8").split("\n"), own))
    check(sorted(tmp_path.iterdir()))


LAYOUTS = ["columns", "labelled", "drop", "numbered", "stamped", "landscape", "three", "letter-spaced", "soft"]


@pytest.mark.slow
@pytest.mark.parametrize("name", [f"{maker}-{layout}" for maker in ("libre", "latex") for layout in LAYOUTS])
def test_layouts_made_anew(tmp_path: Path, name: str) -> None:
    layouts = importlib.import_module("make_layouts")
    layout = layouts.LAYOUTS[name]
    if not layout.available:
        pytest.skip(f"the maker of {name} is not installed")
    articles = [article for article in load_gold(ROOT / "examples" / "gold") if layouts.whole(article)]
    layouts.make_issue(tmp_path / "issue.pdf", layout, articles)
    (document,) = process_all([tmp_path / "issue.pdf"], Config(), True, 1)
    report = score_extraction(document.articles, [replace(repaired(article), issue_id="issue") for article in articles])
    assert report.near.estimate.value >= 0.97, report.findings
    assert report.extra == 0


def words(lines: list[str], left: float, top: float = 700, size: float = 10) -> list[Word]:
    """Returns the words of lines 12 points apart, a letter 5 points wide."""
    found = []
    for k, line in enumerate(lines):
        x = left
        for word in line.split():
            found.append(Word(word, x, top - 12 * k, x + 0.5 * size * len(word), top - 12 * k + size, size))
            x += 0.5 * size * (len(word) + 1)
    return found


def texts(found: list[Word]) -> list[str]:
    return [line.text for line in lines_of(found) if line.text]


TEXT = ["Көлдің суы мен тұзы өлшеніп", "жазылды және кейін қайта да", "есептелді содан соң шыққан", "нәтиже жарияланды деп айтыл"]
OTHER = [
    "water of the lake was taken",
    "measured and later on again",
    "counted after which it then",
    "published was the result so",
]
THIRD = [
    "вода озера измерена снова и",
    "записана а потом еще раз за",
    "считана после чего вышедший",
    "итог опубликован как обычно",
]
LONG = [TEXT * 2, OTHER * 2, THIRD * 2]
BESIDE: dict[str, tuple[list[Word], list[str]]] = {
    "three columns": (
        [*words(LONG[0], 50), *words(LONG[1], 220), *words(LONG[2], 390)],
        [*LONG[0], *LONG[1], *LONG[2]],
    ),
    "three columns, a blank apart, drawn row by row": (
        [w for k in range(8) for n in range(3) for w in words([LONG[n][k]], 50 + 145 * n, 700 - 12 * k)],
        [*LONG[0], *LONG[1], *LONG[2]],
    ),
    "a side column": (
        [
            *words(["Received", "Accepted", "Keywords:", "salts of the lake", "water"], 50),
            *words([f"{a} {a}" for a in LONG[0]], 200),
        ],
        ["Received", "Accepted", "Keywords:", "salts of the lake", "water", *(f"{a} {a}" for a in LONG[0])],
    ),
    "line numbers": (
        [*(w for k in range(8) for w in words([str(k + 1)], 20, 700 - 12 * k)), *words(LONG[0], 50)],
        LONG[0],
    ),
    "a drop capital": (
        [Word("К", 50, 688, 68, 712, 28), *words(["өлдің суы", "мен тұзы"], 72, 700), *words(TEXT, 50, 670)],
        ["Көлдің суы", "мен тұзы", *TEXT],
    ),
    "a drop capital that is a word": (
        [Word("В", 50, 688, 68, 712, 28), *words(["озере соль"], 75, 700), *words(["и вода"], 70, 688), *words(THIRD, 50, 670)],
        ["В озере соль", "и вода", *THIRD],
    ),
    "letters behind the text": ([Word("ҮЛГІ", 60, 640, 300, 720, 80), *words(TEXT, 50)], TEXT),
    "a footnote": (
        [*words(TEXT, 50), *words(["1 address"], 50, 200, 7), *words(["27"], 300, 60)],
        [*TEXT, RULE, "1 address", RULE, "27"],
    ),
}


@pytest.mark.parametrize(("found", "lines"), BESIDE.values(), ids=BESIDE)
def test_what_stands_beside_and_behind_lines(found: list[Word], lines: list[str]) -> None:
    assert texts(found) == lines


def test_letters_drawn_apart_are_put_in_their_places() -> None:
    found = [Word("ж", 50, 0, 55, 10), Word("не", 60, 0, 70, 10), Word("су", 75, 0, 85, 10), Word("ә", 55, 0, 60, 10)]
    assert [word.text for word in with_letters(found, lambda k: [found[k].left + 2.5])] == ["және", "су"]


def test_letters_at_an_angle_are_left_out() -> None:
    """The kept files have none: the page's own lines stay."""
    for path in PDFS.glob("*--latex-1.pdf"):
        assert "Аңдатпа" in read_pdf(path.read_bytes(), ExtractConfig()).lines


def test_cells_of_text_are_read_one_after_the_other() -> None:
    flow = Flow()
    for cells in ((("Су", "1")), ("Аңдатпа", "Көлдің суы өлшенді. " * 9)):
        flow.row(True)
        for cell in cells:
            flow.cell()
            flow.text(cell)
            flow.block()
        flow.row(False)
    assert flow.lines == ["Су    1", "", "Аңдатпа", "", ("Көлдің суы өлшенді. " * 9).strip(), ""]


def article(*abstracts: str, issue: str = "i") -> Article:
    return Article(
        "a", issue, versions={lang: Version(lang, abstract=text) for lang, text in zip(("kk", "ru"), abstracts, strict=False)}
    )


SAME = "Көлдің суы өлшенді, тұзы табылды. " * 3
MATCHED: dict[str, tuple[str, dict[str, float]]] = {
    "the same but for blanks": (SAME.replace(" ", "  "), dict.fromkeys(MATCHES, 1.0)),
    "punctuation": (SAME.replace(",", ""), {"strict": 0.0, "soft": 1.0, "levenshtein": 1.0, "ratcliff": 1.0}),
    "a tenth more": (SAME + "Тағы да он.", {"strict": 0.0, "soft": 0.0, "levenshtein": 1.0, "ratcliff": 0.0}),
    "another text": ("Вода озера измерена снова. " * 4, dict.fromkeys(MATCHES, 0.0)),
}


@pytest.mark.parametrize(("text", "wanted"), MATCHED.values(), ids=MATCHED)
def test_ways_to_match(text: str, wanted: dict[str, float]) -> None:
    found = match_abstracts([article(text)], [article(SAME)])
    assert {name: agreement.f1.value for name, agreement in found.items()} == wanted


def test_missed_abstracts_cost_recall_and_wrong_ones_precision() -> None:
    agreement = match_abstracts([article(SAME)], [article(SAME, "Озеро.")])["soft"]
    assert (agreement.precision.value, agreement.recall.value) == (1.0, 0.5)
    agreement = match_abstracts([article(SAME, "Вода.")], [article(SAME)])["soft"]
    assert (agreement.precision.value, agreement.recall.value) == (0.5, 1.0)


def test_bounded_distance_is_the_distance() -> None:
    rng = random.Random(4)
    for _ in range(500):
        a, b = ("".join(rng.choices("ab", k=rng.randrange(1, 12))) for _ in range(2))
        row = list(range(len(b) + 1))
        for i, x in enumerate(a, 1):
            above, row[0] = row[0], i
            for j, y in enumerate(b, 1):
                above, row[j] = row[j], min(above + (x != y), row[j] + 1, row[j - 1] + 1)
        assert levenshtein(a, b, 0.6) == (row[-1] <= int((1 - 0.6) * max(len(a), len(b))))
