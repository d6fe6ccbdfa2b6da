"""Measures extraction and alignment in the layouts of make_layouts.py, layout by layout.

`python scripts/measure_layouts.py` sets the gold articles of the tests and of the examples anew and writes
eval/results/layouts.json; `--made FOLDER` measures the issues that lie there already, `--layout NAME …` only those of these
names, with what is wrong with them, and writes nothing.
"""

import argparse
import json
import tempfile
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from make_layouts import LAYOUTS, make_issue, whole

from kzalign.bench.extraction import score_extraction
from kzalign.bench.gold import load_gold
from kzalign.config import Config
from kzalign.pipeline import process, repaired
from kzalign.records import Article

ROOT = Path(__file__).resolve().parents[1]


def measure(path: Path, gold: Sequence[Article]) -> dict[str, Any]:
    """Returns what was found in one issue that holds all gold articles."""
    document = process(path, path.stem, Config(), True)
    report = score_extraction(document.articles, [replace(article, issue_id=path.stem) for article in gold])
    return {
        "versions": report.exact.of,
        "versions_exact": round(report.exact.estimate.value, 4),
        "versions_near": round(report.near.estimate.value, 4),
        "whole": round(report.whole.estimate.value, 4),
        "titles": round(report.titles.estimate.value, 4),
        "keywords": round(report.keywords.estimate.value, 4),
        "pairs_f1": round(report.pairs["all"].f1.value, 4),
        "extra": report.extra,
        "findings": [str(f) for f in report.findings if f.figure in ("versions", "extra")],
    }


def main() -> None:
    """Measures and writes the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--gold", type=Path, nargs="+", default=[ROOT / "tests" / "documents" / "gold", ROOT / "examples" / "gold"]
    )
    parser.add_argument("--made", type=Path)
    parser.add_argument("--layout", nargs="+", choices=LAYOUTS, metavar="NAME", default=[])
    parser.add_argument("--output", type=Path, default=ROOT / "eval" / "results" / "layouts.json")
    arguments = parser.parse_args()
    articles = [article for folder in arguments.gold for article in load_gold(folder) if whole(article)]
    gold = [repaired(article) for article in articles]
    measured: dict[str, Any] = {}
    with tempfile.TemporaryDirectory() as temporary:
        folder = arguments.made or Path(temporary)
        for name, layout in LAYOUTS.items():
            if arguments.layout and name not in arguments.layout:
                continue
            path = folder / f"{name}.{layout.suffix}"
            if not arguments.made and layout.available:
                make_issue(path, layout, articles)
            if path.exists():
                measured[name] = measure(path, gold)
                shown = {k: v for k, v in measured[name].items() if k != "findings"}
                print(name, *(f"{k}={v}" for k, v in shown.items()), flush=True)
                if arguments.layout:
                    print(*(f"  {finding}" for finding in measured[name]["findings"]), sep="\n", flush=True)
    if arguments.layout:
        return
    result = {"command": "python scripts/measure_layouts.py", "articles": len(articles), "layouts": measured}
    arguments.output.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
