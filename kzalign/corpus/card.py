"""The dataset's README: YAML that the Hub reads and the figures of the manifest in words."""

from collections.abc import Mapping
from typing import Any

from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.segments import SPLITS

SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"), (10_000_000, "1M<n<10M"))


def card(manifest: Mapping[str, Any]) -> str:
    """Returns the text of README.md."""
    rows = manifest["rows"]
    total = sum(rows[ARTICLES].values()) + sum(sum(rows[name].values()) for name in CONFIGS)
    size = next((label for limit, label in SIZES if total < limit), "n>10M")
    lines = ["---", "language:", "- kk", "- ru", "- en", "task_categories:", "- translation", "size_categories:", f"- {size}"]
    lines += ["tags:", "- parallel-corpus", "- scientific-abstracts", "- kazakh", "configs:"]
    for name in (*CONFIGS, ARTICLES):
        filled = [split for split in SPLITS if rows[name][split]]
        lines += [f"- config_name: {name}", "  data_files:"] if filled else []
        for split in filled:
            lines += [f"  - split: {split}", f"    path: data/{name}/{split}-*.parquet"]
    lines += ["---", "", "# Abstracts of research articles in Kazakh, Russian and English", ""]
    inputs = manifest["inputs"]
    lines += [
        f"Sentence-aligned abstracts of {rows_total(rows, ARTICLES)} articles from {len(inputs)} documents, made by kzalign.",
        "",
    ]
    lines += ["| configuration | " + " | ".join(SPLITS) + " |", "|---|" + "---|" * len(SPLITS)]
    for name in (*CONFIGS, ARTICLES):
        lines.append(f"| {name} | " + " | ".join(str(rows[name][split]) for split in SPLITS) + " |")
    lines += ["", "```python", "import datasets", "", 'datasets.load_dataset("THIS FOLDER", "kk-ru-en")', "```", ""]
    lines += ["Each row names its article, the lines of the document it comes from and the aligner's score.", ""]
    lines += ["## What was left out", "", "| reason | records |", "|---|---|"]
    lines += [f"| {reason} | {n} |" for reason, n in manifest["rejects"].items()] or ["| nothing | 0 |"]
    lines += ["", "## Licence", "", "No licence is named: the texts are under the rights of their publishers.", ""]
    return "\n".join(lines)


def rows_total(rows: Mapping[str, Mapping[str, int]], name: str) -> int:
    """Returns the rows of a configuration over its splits."""
    return sum(rows[name].values())
