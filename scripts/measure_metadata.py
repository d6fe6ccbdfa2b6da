"""Measures what extraction finds out about where articles come from, against a table written from the documents.

`python scripts/measure_metadata.py` reads the examples and the test documents, compares authors, DOI, UDC, IRSTI, journal,
volume, issue, pages, year and licence of each article with `eval/metadata.tsv`, and writes eval/results/metadata.json.

In the table `;` separates values, `|` ways to write the same, and `?` stands where the document leaves it open.
"""

import argparse
import csv
import json
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from kzalign.bench.gold import load_gold
from kzalign.config import Config
from kzalign.pipeline import process_all
from kzalign.records import Article

ROOT = Path(__file__).resolve().parents[1]
OPEN = "?"
DASHES = re.compile(r"\s*[‐‑–—-]\s*")


@dataclass(slots=True)
class Count:
    """Values found and right, found and wrong, missed; and each article where they differ."""

    right: int = 0
    wrong: int = 0
    missed: int = 0
    articles: int = 0
    findings: list[str] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """Returns the counts, precision and recall."""
        found, there = self.right + self.wrong, self.right + self.missed
        return {
            "articles": self.articles,
            "values": there,
            "found": found,
            "right": self.right,
            "precision": round(self.right / found, 4) if found else None,
            "recall": round(self.right / there, 4) if there else None,
            "findings": self.findings,
        }


def folded(value: str) -> str:
    """Returns a value without differences of case, blanks, kinds of dashes and quotation marks."""
    text = DASHES.sub("-", unicodedata.normalize("NFC", value)).casefold()
    return re.sub(r"[\s«»\"“”'’.,]", "", text)


def read_truth(path: Path) -> dict[str, dict[str, list[list[str]]]]:
    """Returns by article and field the ways to write its values."""
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.DictReader(stream, delimiter="\t", quoting=csv.QUOTE_NONE))
    return {
        row.pop("article"): {
            name: [[item for item in way.split(";") if item] for way in value.split("|")] for name, value in row.items()
        }
        for row in rows
    }


def nearest(wanted: Article, found: Sequence[Article]) -> Article | None:
    """Returns the article found that shares most lines with one of the gold."""
    first, last = wanted.article_lines
    shared = {a.id: min(last, a.article_lines[1]) - max(first, a.article_lines[0]) for a in found}
    best = max(found, key=lambda a: shared[a.id], default=None)
    return best if best and shared[best.id] >= 0 else None


def compare(count: Count, name: str, ways: list[list[str]], found: Sequence[str]) -> None:
    """Adds one article's values to the count: those of the way of writing that has most of them."""
    if [OPEN] in ways:
        return
    have = list(dict.fromkeys(map(folded, found)))
    way = max(ways, key=lambda way: (len({*map(folded, way)} & {*have}), -len(way)))
    wanted = {*map(folded, way)}
    right = len(wanted & {*have})
    count.articles += 1
    count.right += right
    count.wrong += len(have) - right
    count.missed += len(wanted) - right
    if {*have} != wanted:
        count.findings.append(f"{name}: {'; '.join(found) or '–'} for {'; '.join(way) or '–'}")


def measure(truth: Path, folders: Sequence[Path]) -> dict[str, Any]:
    """Returns precision and recall of each field over the gold's articles of the folders."""
    table = read_truth(truth)
    fields = list(next(iter(table.values())))
    counts = {name: Count() for name in fields}
    for folder in folders:
        paths = sorted(path for path in folder.iterdir() if path.is_file())
        found = [article for document in process_all(paths, Config(), False, 1) for article in document.articles]
        for wanted in (article for article in load_gold(folder / "gold") if article.id in table):
            article = nearest(wanted, [a for a in found if a.issue_id == wanted.issue_id])
            for name in fields:
                compare(counts[name], wanted.id, table[wanted.id][name], article.source.get(name, ()) if article else ())
    return {"articles": len(table), "fields": {name: count.to_json() for name, count in counts.items()}}


def main() -> None:
    """Measures and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--truth", type=Path, default=ROOT / "eval" / "metadata.tsv")
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "metadata.json")
    given = parser.parse_args()
    result: dict[str, Any] = {"command": "python scripts/measure_metadata.py"}
    before = json.loads(given.output.read_text(encoding="utf-8")) if given.output.exists() else {}
    result |= {name: figures for name, figures in before.items() if name.startswith("blind")}
    result |= measure(given.truth, [ROOT / "tests" / "documents", ROOT / "examples"])
    given.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
