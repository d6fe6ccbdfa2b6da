"""Measures extraction and alignment of issues in every format, and the speed of reading PDF.

`python scripts/measure_formats.py` sets the examples anew by make_formats.py and writes eval/results/formats.json.
"""

import argparse
import json
import resource
import tempfile
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from make_formats import ARTICLES, ISSUES, Block, blocks_of, make

from kzalign.bench.extraction import score_extraction
from kzalign.bench.gold import load_gold
from kzalign.config import Config, ExtractConfig
from kzalign.extract.readers import READERS, read_issue
from kzalign.extract.readers.pdf import read_pdf
from kzalign.pipeline import process_all, repaired
from kzalign.records import Article

ROOT = Path(__file__).resolve().parents[1]


def articles_of(paths: Sequence[Path]) -> list[Article]:
    """Returns the articles of the documents, aligned; those of a file per article belong to the issue before `--`."""
    found = [article for document in process_all(list(paths), Config(), True, 1) for article in document.articles]
    return [replace(article, issue_id=article.issue_id.partition("--")[0]) for article in found]


def figures(articles: Sequence[Article], gold: Sequence[Article]) -> dict[str, Any]:
    """Returns the share of versions found exactly, F1 of all pairs, and what is missed."""
    report = score_extraction(articles, gold)
    return {
        "versions": report.exact.of,
        "versions_exact": round(report.exact.estimate.value, 4),
        "titles": round(report.titles.estimate.value, 4),
        "keywords": round(report.keywords.estimate.value, 4),
        "pairs_f1": round(report.pairs["all"].f1.value, 4),
        "extra": report.extra,
        "findings": [str(finding) for finding in report.findings if finding.figure in ("versions", "extra")],
    }


def speed(folder: Path, pages: int) -> dict[str, Any]:
    """Returns pages a second of processor time, for dense pages of one and of two columns by each maker."""
    text = (ROOT / "examples" / "tolkyn-bulletin.txt").read_text(encoding="utf-8").split("\n")
    blocks = [Block("other", block.text) for block in blocks_of(text, [])]
    result: dict[str, Any] = {}
    for name in [name for name, (suffix, _) in ISSUES.items() if suffix == "pdf" and name[-1] in "12"]:
        path = folder / f"{name}.pdf"
        ISSUES[name][1](path, blocks * max(1, pages // 10))
        data = path.read_bytes()
        begun = time.process_time()
        read = read_pdf(data, ExtractConfig())
        taken = time.process_time() - begun
        result[name] = {
            "pages": len(read.pages),
            "characters_a_page": sum(map(len, read.lines)) // len(read.pages),
            "pages_a_second": round(len(read.pages) / taken, 1),
        }
    return result


def memory(path: Path, documents: int) -> dict[str, Any]:
    """Returns the megabytes of this process after a tenth of the readings of a PDF and after all, and of the reading process."""

    def resident() -> float:
        return int(Path("/proc/self/statm").read_text().split()[1]) * resource.getpagesize() / 1e6

    begun, early = time.monotonic(), 0.0
    for number in range(documents):
        read_issue(path, ExtractConfig())
        if number == documents // 10:
            early = resident()
    return {
        "documents": documents,
        "seconds": round(time.monotonic() - begun, 1),
        "megabytes_early": round(early, 1),
        "megabytes_late": round(resident(), 1),
        "megabytes_reading": round(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e3, 1),
    }


def main() -> None:
    """Measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=Path, default=ROOT / "examples")
    parser.add_argument("--gold", type=Path, default=ROOT / "examples" / "gold")
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "formats.json")
    parser.add_argument("--pages", type=int, default=300, help="Pages of the PDF whose reading is timed.")
    parser.add_argument("--documents", type=int, default=10_000, help="How often a PDF is read to see whether memory grows.")
    arguments = parser.parse_args()
    gold = [repaired(article) for article in load_gold(arguments.gold)]
    texts = sorted(path for path in arguments.texts.iterdir() if path.suffix in READERS)
    measured = {"text": figures(articles_of(texts), gold)}
    with tempfile.TemporaryDirectory() as folder:
        make(arguments.texts, arguments.gold, Path(folder))
        for name in (*ISSUES, *ARTICLES):
            paths = sorted((Path(folder) / name).iterdir())
            measured[name] = figures(articles_of([path for path in paths if path.suffix in READERS]), gold)
        pdf = sorted((Path(folder) / "pdf-1").iterdir())[0]
        result = {
            "command": f"python scripts/measure_formats.py --pages {arguments.pages} --documents {arguments.documents}",
            "formats": measured,
            "speed": speed(Path(folder), arguments.pages),
            "memory": memory(pdf, arguments.documents),
        }
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
