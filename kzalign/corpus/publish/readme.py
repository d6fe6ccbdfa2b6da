"""What can be said of a card's metadata without asking the Hub, which checks it once more before a commit."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from kzalign.hub.card import metadata_of, values_of
from kzalign.hub.client import DATASET

CHOICES: dict[str, frozenset[str]] = {
    "annotations_creators": frozenset("found crowdsourced expert-generated machine-generated no-annotation other".split()),
    "language_creators": frozenset("found crowdsourced expert-generated machine-generated other".split()),
    "multilinguality": frozenset("monolingual multilingual translation other".split()),
    "source_datasets": frozenset({"original", "extended"}),
    "size_categories": frozenset(
        """
        n<1K 1K<n<10K 10K<n<100K 100K<n<1M 1M<n<10M 10M<n<100M 100M<n<1B 1B<n<10B 10B<n<100B 100B<n<1T n>1T other
        """.split()
    ),
}
"""What the Hub takes (DatasetCardData of huggingface_hub)."""


def problems_of(text: str, names: frozenset[str]) -> list[str]:
    """Returns what is wrong with a card's metadata; `names` are the files that are published with it."""
    data, wrong = metadata_of(text, DATASET)
    if not data:
        return wrong
    problems = [
        f"{key} is {value!r}, which the Hub does not know"
        for key, choices in CHOICES.items()
        for value in values_of(data.get(key))
        if str(value) not in choices
    ]
    return wrong + problems + _config_problems(data.get("configs"), names)


def _config_problems(configs: Any, names: frozenset[str]) -> list[str]:
    """Returns the configurations that are not well formed or whose files are not published, and data that none names."""
    problems, patterns = [], []
    for config in values_of(configs):
        if not isinstance(config, Mapping) or not isinstance(config.get("config_name"), str):
            problems.append("an entry of configs has no config_name")
            continue
        for entry in values_of(config.get("data_files")):
            path = entry.get("path") if isinstance(entry, Mapping) else None
            if not isinstance(path, str) or not any(fnmatchcase(name, path) for name in names):
                problems.append(f"{config['config_name']}: no file is named {path!r}")
            else:
                patterns.append(path)
    data = (name for name in sorted(names) if name.endswith(".parquet"))
    return problems + [f"no configuration names {name}" for name in data if not any(fnmatchcase(name, p) for p in patterns)]
