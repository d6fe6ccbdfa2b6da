"""Measures what extraction finds in the running heads, feet and page numbers of PDFs about where articles come from.

`python scripts/measure_heads.py` sets the gold articles of the tests and of the examples anew, by reportlab, as issues whose
journal, volume, number, year, ISSN and pages stand in their margins and nowhere else, in the styles of STYLES, and writes
eval/results/heads.json. It needs reportlab and a font that has Kazakh letters.
"""

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from make_layouts import BODY, CLOSING, HEADING, LABEL, SECTION, people, whole
from measure_metadata import Count, compare
from set_report import Setter

from kzalign.bench.gold import load_gold
from kzalign.config import Config
from kzalign.pipeline import process
from kzalign.records import Article

ROOT = Path(__file__).resolve().parents[1]
FIELDS = ("journal", "issn", "volume", "issue", "year", "pages")
ORDERS = (("kk", "ru", "en"), ("ru", "kk", "en"), ("en", "kk", "ru"))
ROMAN = ("i", "ii", "iii", "iv", "v", "vi")
IN_ISSUE = 6
"""Articles of an issue."""


@dataclass(slots=True)
class At:
    """A page as its margins see it: the printed number, the article's first author and title, whether it begins here."""

    number: int
    author: str
    title: str
    first: bool


Margin = tuple[str, str, str]
"""What stands left, in the middle and right."""


@dataclass(frozen=True, slots=True)
class Style:
    """What the margins of an issue say, by field; what stands at the head and at the foot of a page."""

    truth: dict[str, list[list[str]]]
    head: Callable[[At], Margin]
    foot: Callable[[At], Margin]
    start: int = 1
    preface: int = 0
    """Pages before the first article, numbered in Roman."""
    running: bool = False
    """Whether an article begins below the end of another."""


def _says(journal: str, volume: str = "", issue: str = "", year: str = "", issn: str = "") -> dict[str, list[list[str]]]:
    given = {"journal": journal, "volume": volume, "issue": issue, "year": year, "issn": issn}
    return {name: [way.split(";") if way else [] for way in value.split("|")] for name, value in given.items()}


NOTHING: Margin = ("", "", "")


def _even(at: At, even: Margin, odd: Margin) -> Margin:
    return odd if at.number % 2 else even


STYLES: dict[str, Style] = {
    "number at the foot": Style(
        _says("Вестник Шалкарского университета", issue="3 (58)|3", year="2021"),
        lambda at: ("Вестник Шалкарского университета. № 3 (58). 2021", "", ""),
        lambda at: ("", str(at.number), ""),
        start=14,
    ),
    "number in the head": Style(
        _says("Дала университетінің Хабаршысы", issue="2(119)|2", year="2019", issn="2049-3630"),
        lambda at: _even(
            at,
            (str(at.number), "", "Дала университетінің Хабаршысы. №2(119), 2019"),
            (f"{at.author}. {at.title[:40]}", "", str(at.number)),
        ),
        lambda at: ("", "", "ISSN 2049-3630"),
        start=101,
    ),
    "number and journal at the foot": Style(
        _says("Journal of Steppe Linguistics", "12", "4", "2022", "2049-3630;2049-3649"),
        lambda at: (at.author, "", ""),
        lambda at: _even(
            at,
            (f"{at.number}   |   Journal of Steppe Linguistics. Vol. 12, No. 4, 2022", "", "ISSN 2049-3630, eISSN 2049-3649"),
            ("ISSN 2049-3630, eISSN 2049-3649", "", f"Journal of Steppe Linguistics. Vol. 12, No. 4, 2022   |   {at.number}"),
        ),
        start=5,
    ),
    "first pages bare": Style(
        _says("Известия Приаральской академии", "7", "1", "2018"),
        lambda at: NOTHING if at.first else (str(at.number), "", "Известия Приаральской академии. Том 7, № 1, 2018"),
        lambda at: NOTHING,
        start=30,
    ),
    "first pages with a foot": Style(
        _says("Наука и степь", issue="6", year="2020"),
        lambda at: (
            NOTHING if at.first else _even(at, (str(at.number), at.author, ""), ("", "Наука и степь. № 6, 2020", str(at.number)))
        ),
        lambda at: ("", f"– {at.number} –", "") if at.first else NOTHING,
        start=61,
    ),
    "a preface in Roman": Style(
        _says("Труды института языкознания", "3", "", "2016"),
        lambda at: ("Труды института языкознания. Том 3. 2016 г.", "", ""),
        lambda at: ("", str(at.number), ""),
        preface=3,
    ),
    "articles run on": Style(
        _says("Жас ғалым жинағы", issue="5", year="2023"),
        lambda at: ("Жас ғалым жинағы", "", "№ 5, 2023"),
        lambda at: ("", "", f"{at.number} бет"),
        start=8,
        running=True,
    ),
    "nothing but numbers": Style(_says(""), lambda at: NOTHING, lambda at: ("", str(at.number), ""), start=77),
    "no margins": Style(_says(""), lambda at: NOTHING, lambda at: NOTHING),
}


class Issue(Setter):
    """Sets the articles of an issue; `spans` are the printed numbers of each one's first and last page."""

    def __init__(self, path: Path, columns: int, style: Style, articles: Sequence[Article]) -> None:
        self.style, self.articles, self.spans = style, articles, [[0, 0] for _ in articles]
        self.current, self.first = -1, False
        super().__init__(path, columns)

    @property
    def number(self) -> int:
        return self.page - self.style.preface + self.style.start - 1

    def _heads(self) -> None:
        for height, margin in ((805, self.style.head), (30, self.style.foot)):
            left, middle, right = margin(self._at())
            if self.current < 0 and self.style.preface and margin is self.style.foot:
                middle = ROMAN[self.page - 1]
            self.canvas.drawString(50, height, left)
            self.canvas.drawCentredString(297, height, middle)
            self.canvas.drawRightString(545, height, right)

    def _at(self) -> At:
        article = self.articles[max(0, self.current)]
        version = next(iter(article.versions.values()))
        return At(self.number, people(version)[0].split("^")[0], version.title or "", self.first)

    def set(self) -> None:
        """Sets the preface and the articles."""
        for _ in range(self.style.preface):
            self.add("Алғы сөз. " + BODY["kk"][0], large=False)
            self._leave(-1)
        for k, article in enumerate(self.articles):
            if self.style.running and k and self.y > 300:
                self.current = k
            elif k or self.style.preface:
                self._leave(k)
            else:
                self._restart()
            self.first = False
            self.spans[k][0] = self.number
            self._article(k, article)
            self.spans[k][1] = self.number
        self.close()

    def _leave(self, following: int) -> None:
        """Begins a new page for an article, or for the preface."""
        opens = following >= 0 or self.page >= self.style.preface
        self.current, self.first = (max(0, following) if opens else -1), opens
        if following < 0 and opens:
            return
        self.column = self.columns
        self._next()

    def _restart(self) -> None:
        """Gives the first page the margins of one that an article begins on."""
        self.current, self.first = 0, True
        self.canvas._code.clear()
        self._begin()

    def _article(self, k: int, article: Article) -> None:
        order = ORDERS[k % 3]
        self.add(f"УДК 81.{k + 10}", large=False)
        for lang in order:
            version = article.versions[lang]
            self.add(version.title or "", large=True)
            for line in people(version):
                self.add(line.replace("^", ""), large=False)
            self.add(HEADING[lang], large=False)
            self.add(" ".join(version.sentences), large=False)
            self.add(f"{LABEL[lang]}: {', '.join(version.keywords)}.", large=False)
        self.add(SECTION[order[0]], large=True)
        for n in range(8 + 7 * (k % 4)):
            self.add(f"{n + 1} {BODY[order[0]][n % 2]} {BODY[order[0]][1 - n % 2]}", large=False)
        self.add(CLOSING[order[0]], large=True)
        for n in range(2 + k):
            self.add(f"{n + 1}. Өзенбаева А.Б. Дала өзені // Арна. – 20{n + 10}. – № {n + 2}. – Б. {n}2–{n}9.", large=False)


def measure(folder: Path, articles: Sequence[Article]) -> dict[str, Any]:
    """Returns precision and recall of each field over all styles, and the findings of each style."""
    counts = {name: Count() for name in FIELDS}
    for k, (name, style) in enumerate(STYLES.items()):
        for columns in (1, 2):
            chosen = [articles[(n * 7 + k * 5 + columns) % len(articles)] for n in range(IN_ISSUE)]
            issue = Issue(folder / f"{name}, columns {columns}.pdf", columns, style, chosen)
            issue.set()
            found = process(folder / f"{name}, columns {columns}.pdf", f"{name}, {columns}", Config(), False).articles
            for article, wanted, span in zip(found, chosen, issue.spans, strict=False):
                pages = list(dict.fromkeys(map(str, span)))
                truth = style.truth | {"pages": [pages, ["–".join(pages)]] if name != "no margins" else [[]]}
                for field in FIELDS:
                    compare(counts[field], f"{article.id} {wanted.id}", truth[field], article.source.get(field, ()))
            if len(found) != len(chosen):
                counts["pages"].findings.append(f"{name}, {columns}: {len(found)} articles for {len(chosen)}")
    return {name: count.to_json() for name, count in counts.items()}


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "heads.json")
    parser.add_argument("--keep", type=Path, help="A folder for the PDFs.")
    given = parser.parse_args()
    folders = [ROOT / "tests" / "documents" / "gold", ROOT / "examples" / "gold"]
    articles = [article for folder in folders for article in load_gold(folder) if whole(article)]
    with tempfile.TemporaryDirectory() as temporary:
        fields = measure(given.keep or Path(temporary), articles)
    result = {"command": "python scripts/measure_heads.py", "issues": 2 * len(STYLES), "fields": fields}
    before = json.loads(given.output.read_text(encoding="utf-8")) if given.output.exists() else {}
    result = {name: figures for name, figures in before.items() if name.startswith("before")} | result
    given.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
