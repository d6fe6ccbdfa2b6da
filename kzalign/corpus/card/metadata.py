"""The card's YAML, which the Hub and `datasets` read.

Keys and values: huggingface/hub-docs, datasetcard.md; `dataset_info` is left out, for the Parquet files say it themselves.
"""

from collections.abc import Mapping
from typing import Any

from kzalign.corpus.card.markdown import yaml_text
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.provenance import sources_of
from kzalign.corpus.segments import SPLITS
from kzalign.hub.licences import HUB, MIXED, OTHER, UNKNOWN, named
from kzalign.records import LANGS

NAME = "Abstracts of research articles in Kazakh, Russian and English"
SIZES = (
    (1_000, "n<1K"),
    (10_000, "1K<n<10K"),
    (100_000, "10K<n<100K"),
    (1_000_000, "100K<n<1M"),
    (10_000_000, "1M<n<10M"),
    (100_000_000, "10M<n<100M"),
    (1_000_000_000, "100M<n<1B"),
)
FIXED = {
    "language": LANGS,
    "language_details": ("kk-Cyrl", "ru-Cyrl", "en-Latn"),
    "multilinguality": ("translation",),
    "annotations_creators": ("machine-generated",),
    "language_creators": ("found",),
    "source_datasets": ("original",),
    "task_categories": ("translation", "sentence-similarity"),
}
TAGS = ("parallel-corpus", "scientific-abstracts", "sentence-alignment", "kazakh", "russian", "english", "kzalign")


def metadata(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the lines between the card's two `---`."""
    lines = [f"pretty_name: {yaml_text(NAME)}"]
    for key, values in FIXED.items():
        lines += _list(key, values)
    lines += [f"{key}: {yaml_text(value)}" for key, value in licence_fields(manifest).items()]
    lines += _list("size_categories", [_size(manifest)]) + _list("tags", TAGS)
    return lines + _configs(manifest["rows"])


def licence_fields(manifest: Mapping[str, Any]) -> dict[str, str]:
    """Returns the card's `license`, and for `other` its name and address, from the sources of documents with articles.

    A document that no source is given of has the licence that its articles state.
    """
    with_articles = [entry["id"] for entry in manifest["inputs"] if entry.get("articles", 0)]
    found = {named(source) for issue_id in with_articles for source in sources_of(manifest, issue_id)} or {("", "")}
    if found == {("", "")}:
        return {"license": UNKNOWN}
    if len(found) > 1:
        return {"license": OTHER, "license_name": MIXED}
    ((name, url),) = found
    if name in HUB:
        return {"license": name}
    return {"license": OTHER, "license_name": name} | ({"license_link": url} if url else {})


def _size(manifest: Mapping[str, Any]) -> str:
    total = sum(sum(counts.values()) for counts in manifest["rows"].values())
    return next((label for limit, label in SIZES if total < limit), "1B<n<10B")


def _list(key: str, values: Any) -> list[str]:
    return [f"{key}:", *(f"- {value}" for value in values)]


def _configs(rows: Mapping[str, Mapping[str, int]]) -> list[str]:
    lines = []
    for name in (*CONFIGS, ARTICLES):
        filled = [split for split in SPLITS if rows[name][split]]
        lines += [f"- config_name: {name}", "  data_files:"] if filled else []
        for split in filled:
            lines += [f"  - split: {split}", f"    path: data/{name}/{split}-*.parquet"]
    return ["configs:", *lines] if lines else []
