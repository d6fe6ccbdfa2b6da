"""The card's tables of figures."""

from collections.abc import Mapping, Sequence
from typing import Any

from kzalign.corpus.card.markdown import escape, table
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.segments import SPLITS
from kzalign.records import LANGS

BAR = 40
"""Characters of the longest bar of a histogram."""


def statistics(manifest: Mapping[str, Any]) -> list[str]:
    """Returns rows, articles and words by language of every split that has rows."""
    rows = []
    for name in (*CONFIGS, ARTICLES):
        for split, own in manifest["statistics"].get(name, {}).items():
            if own["rows"]:
                rows.append((name, split, own["rows"], own["articles"], *(own["words"].get(lang, "–") for lang in LANGS)))
    head = ("configuration", "split", "rows", "articles", *(f"words {lang}" for lang in LANGS))
    return ["## Statistics", "", *table(head, rows, texts=2)]


def filters(manifest: Mapping[str, Any]) -> list[str]:
    """Returns what each filter measures, keeps and drops: alone, and after those before it."""
    rows = [
        (escape(f["name"]), escape(f["measures"]), f"{f['keeps']} {f['threshold']:g}", f["alone"], f["in_order"])
        for f in manifest["filters"]
    ]
    head = ("filter", "measures", "keeps", "dropped if alone", "dropped in order")
    nothing = ["No filter was applied."]
    return ["## Filters", "", *(table(head, rows, texts=3) if rows else nothing)]


def duplicates(manifest: Mapping[str, Any]) -> list[str]:
    """Returns what was left out because it is there already, or in a test set."""
    found = manifest["duplicates"]
    rows: list[tuple[object, ...]] = [
        ("the same article again", found["articles"]["exact"]),
        ("nearly the same article again", found["articles"]["near"]),
        ("the same segment again", found["segments"]),
    ]
    rows += [(f"found in the test set {escape(file)}", n) for file, n in manifest["decontaminated"].items()]
    return ["## Duplicates and decontamination", "", *table(("left out", "records"), rows)]


def scores(manifest: Mapping[str, Any]) -> list[str]:
    """Returns a histogram for each configuration of the alignment scores of its rows."""
    lines = ["## Alignment scores", "", "Rows by the probability that the aligner gives them.", ""]
    for name, bins in manifest["scores"].items():
        if any(bins):
            lines += [f"`{name}`", "", "```text", *_histogram(bins), "```", ""]
    return lines[:-1]


def _histogram(bins: Sequence[int]) -> list[str]:
    """Returns a line for each bin of [0, 1] from the first that is not empty to the last."""
    filled = [k for k, n in enumerate(bins) if n]
    wide, high = 1 / len(bins), max(bins)
    return [
        f"{k * wide:.2f}–{(k + 1) * wide:.2f}  {'█' * -(-bins[k] * BAR // high):<{BAR}}  {bins[k]}"
        for k in range(filled[0], filled[-1] + 1)
    ]


def left_out(manifest: Mapping[str, Any]) -> list[str]:
    """Returns how many records are in rejects.jsonl for which reason."""
    lines = ["## What was left out", "", "Each record is in `rejects.jsonl` with its reason.", ""]
    return lines + table(("reason", "records"), [(escape(k), n) for k, n in manifest["rejects"].items()] or [("nothing", 0)])


def sizes(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the table of rows by configuration and split."""
    rows = manifest["rows"]
    return table(("configuration", *SPLITS), [(name, *(rows[name][split] for split in SPLITS)) for name in (*CONFIGS, ARTICLES)])
