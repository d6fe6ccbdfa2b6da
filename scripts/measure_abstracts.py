"""Measures the extraction of abstracts from PDF as GROBID's end-to-end evaluation does, over this project's own documents.

`python scripts/measure_abstracts.py` sets the texts of tests/documents and of examples as PDF by the makers named, reads them
back and writes eval/results/abstracts_pdf.json. All abstracts of an article are expected, in whatever language.
"""

import argparse
import json
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import Any

from make_formats import ISSUES, blocks_of

from kzalign.bench.gold import load_gold
from kzalign.bench.matching import match_abstracts
from kzalign.config import Config
from kzalign.pipeline import process_all, repaired
from kzalign.records import Article

ROOT = Path(__file__).resolve().parents[1]
TEXTS = (ROOT / "tests" / "documents", ROOT / "examples")
PUBLISHED = {
    "grobid, the issue's figure, soft": 63.3,
    "grobid 0.8.2, PMC_sample_1943": {"strict": 16.18, "soft": 61.61, "levenshtein": 88.64, "ratcliff": 84.64},
}
"""F1 of abstracts that GROBID publishes, doc/benchmarks/Benchmarking-pmc.md of its sources; one abstract a document, English."""


def main() -> None:
    """Measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--makers", nargs="+", default=["libre-2", "latex-1"], choices=ISSUES)
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "abstracts_pdf.json")
    arguments = parser.parse_args()
    gold: list[Article] = []
    found: list[Article] = []
    left_out: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as temporary:
        for maker in arguments.makers:
            folder = Path(temporary) / maker
            folder.mkdir()
            for texts in TEXTS:
                answers = load_gold(texts / "gold")
                for path in sorted(path for path in texts.iterdir() if path.suffix in (".txt", ".md")):
                    own = [article for article in answers if article.issue_id == path.stem]
                    blocks = blocks_of(path.read_text(encoding="utf-8").split("\n"), own)
                    try:
                        ISSUES[maker][1](folder / f"{path.stem}.pdf", blocks)
                    except SystemExit as problem:
                        left_out[f"{maker}/{path.name}"] = str(problem).partition(": ")[2]
                        continue
                    gold += [_of(repaired(article), maker) for article in own]
            documents = process_all(sorted(folder.iterdir()), Config(), False, 1)
            found += [_of(article, maker) for document in documents for article in document.articles]
    result: dict[str, Any] = {
        "command": f"python scripts/measure_abstracts.py --makers {' '.join(arguments.makers)}",
        "documents": len({article.issue_id for article in gold}),
        "abstracts": sum(bool(v.sentences) for article in gold for v in article.versions.values()),
        "all": {name: agreement.to_json() for name, agreement in match_abstracts(found, gold).items()},
        "makers": {
            maker: {
                name: round(100 * agreement.f1.value, 2)
                for name, agreement in match_abstracts(_from(found, maker), _from(gold, maker)).items()
            }
            for maker in arguments.makers
        },
        "left out, as the maker sets no PDF": left_out,
        "published_f1": PUBLISHED,
    }
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(result["makers"]))


def _of(article: Article, maker: str) -> Article:
    return replace(article, issue_id=f"{maker}/{article.issue_id}")


def _from(articles: list[Article], maker: str) -> list[Article]:
    return [article for article in articles if article.issue_id.startswith(f"{maker}/")]


if __name__ == "__main__":
    main()
