"""The card's sections in words: what the dataset is, how it was made, how to load and cite it, what it cannot be."""

import re
from collections.abc import Iterator, Mapping
from pathlib import PurePath
from typing import Any

from kzalign.corpus.card.counts import sizes
from kzalign.corpus.card.markdown import escape, table
from kzalign.corpus.card.metadata import NAME
from kzalign.corpus.card.version import dataset_version
from kzalign.corpus.parquet import ARTICLES, CONFIGS
from kzalign.corpus.segments import SPLITS, TRIPLE
from kzalign.records import PAIRS

STAGES = ("align", "filters", "build")
"""Sections of the configuration that the card tells; the manifest has all of it."""


def introduction(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the title, what the dataset is, and its configurations."""
    pairs = ", ".join(f"`{pair}`" for pair in PAIRS)
    return [
        f"# {NAME}",
        "",
        f"Sentence-aligned abstracts of {manifest['articles']} research articles from {len(manifest['inputs'])} documents, for "
        "training and testing machine translation. Made by kzalign.",
        "",
        *sizes(manifest),
        "",
        f"- {pairs}: sentences that translate each other, in two languages;",
        f"- `{TRIPLE}`: the same in three languages, where the three alignments agree;",
        f"- `{ARTICLES}`: whole articles with titles, abstracts, keywords and the alignment, for work on documents; "
        "`machine_translated` names the model of a version that a machine made: such versions are in its train split only and in "
        "no other configuration.",
        "",
        "Each row names its article, its sentences, the lines of the document that it comes from, and the aligner's score.",
    ]


def loading(manifest: Mapping[str, Any]) -> list[str]:
    """Returns lines of code that open the dataset, on a split that has rows."""
    rows = manifest["rows"]
    name, split = next(((n, s) for n in (*CONFIGS, ARTICLES) for s in SPLITS if rows[n][s]), (PAIRS[0], SPLITS[0]))
    column = "abstract" if name == ARTICLES else "translation"
    return [
        "## How to load it",
        "",
        "`ORG/NAME` is the name of the dataset on the Hub, or the path of its folder:",
        "",
        "```python",
        "import datasets",
        "",
        f'rows = datasets.load_dataset("ORG/NAME", "{name}", split="{split}")',
        f'print(rows[0]["{column}"])',
        "```",
        "",
        "In the folder itself:",
        "",
        "```python",
        "import pandas",
        "",
        f'rows = pandas.read_parquet("data/{name}")  # all splits',
        "```",
        "",
        "```sql",
        f"-- duckdb\nSELECT {column}.* FROM 'data/{name}/{split}-*.parquet' LIMIT 10;",
        "```",
    ]


def how_made(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the steps, the versions of programs and the settings."""
    align = manifest["config"]["align"]
    encoder = f", encoder {escape(_plain(align['encoder']))}" if align["aligner"] == "encoder" else ""
    counted = [sum(entry["repairs"].values()) for entry in manifest["inputs"] if "repairs" in entry]
    repairs = f"{sum(counted)} letters" if counted else "letters"
    versions = ", ".join(f"{escape(name)} {escape(version)}" for name, version in manifest["versions"].items())
    return [
        "## How it was made",
        "",
        f"1. Documents were read as numbered lines, and {repairs} of old fonts or look-alikes in abstracts repaired.",
        "2. Titles, abstracts and keywords were found, and the language versions of an article put together.",
        f"3. Abstracts were split into sentences and these aligned (aligner {escape(align['aligner'])}{encoder}).",
        "4. What the filters refuse, and what is there already, was left out, with its reason.",
        "5. Within each document a hash of their text draws the articles of each split; much alike ones share a split.",
        "",
        f"Versions: {versions}. The whole configuration and the hash of every document are in `manifest.json`.",
        "",
        *table(("setting", "value"), _settings(manifest["config"]), texts=2),
    ]


def _settings(config: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for stage in STAGES:
        for key, value in config.get(stage, {}).items():
            yield f"`{stage}.{key}`", escape(_plain(value)) or "–"


def _plain(value: Any) -> str:
    """Returns a setting in words; of a path only the last name, for where a file lay is nobody's business."""
    if isinstance(value, list | tuple):
        return ", ".join(_plain(item) for item in value)
    if isinstance(value, str):
        return PurePath(value.replace("\\", "/")).name
    return f"{value:g}" if isinstance(value, float) else str(value)


def limits(manifest: Mapping[str, Any]) -> list[str]:
    """Returns what a user has to reckon with."""
    least = manifest["config"]["filters"].get("alignment")
    kept = f" Pairs whose score is below {least:g} were left out." if least is not None else ""
    return [
        "## Known limits",
        "",
        *_cut_short(manifest),
        f"- Programs split and aligned the sentences, those of the test split too: some rows are wrong.{kept}",
        "- Abstracts are written by authors and journals as versions of one another: a version may add, drop or reorder.",
        "- One kind of text only, the abstract of a research article, with its set phrases.",
        "- Text layers of PDF files have errors that repairs do not reach: wrong letters, lost formulas, joined words.",
        "- Which version is the original and which the translation is not known.",
    ]


def _cut_short(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the line of a build that was given a limit; a file of articles names itself in its documents' entries."""
    if "limit" not in manifest:
        return []
    counted = "articles" if any("from" in entry for entry in manifest.get("inputs", ())) else "documents"
    limit = manifest["limit"]
    return [f"- Not of all that was given: built with `--limit {limit}`, from the first {counted} only, {limit} at most."]


def personal_data(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the note on persons."""
    return [
        "## Personal data",
        "",
        "Titles, abstracts and keywords are taken from published articles; affiliations and addresses are not columns.",
        f"`authors` of `{ARTICLES}` are named as the documents print them, for attribution; no other configuration names them.",
        "A text may still name persons, and `rejects.jsonl` may hold stray lines of a document. To have a text removed, write to",
        "whoever published this dataset, naming the row's `id`.",
    ]


def citation(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the version and a BibTeX entry with what the manifest knows: no author, no year."""
    version = dataset_version(manifest)
    made = re.sub(r"[^\w.+-]", "", str(manifest["versions"].get("kzalign", "")))
    return [
        "## Citation",
        "",
        "```bibtex",
        f"@misc{{kzalign-{version},",
        f"  title = {{{NAME}}},",
        f"  version = {{{version}}},",
        f"  note = {{Dataset built with kzalign {made} from {len(manifest['inputs'])} documents}}",
        "}",
        "```",
    ]
