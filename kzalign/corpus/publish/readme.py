"""What can be said of a card's metadata without asking the Hub, which checks it once more before a commit."""

from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

from kzalign.corpus.licences import HUB, OTHER, UNKNOWN

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
    "license": HUB | {OTHER, UNKNOWN},
}
"""What the Hub takes (DatasetCardData of huggingface_hub, and its list of licences)."""


def problems_of(text: str, names: frozenset[str]) -> list[str]:
    """Returns what is wrong with a card's metadata; `names` are the files that are published with it."""
    import yaml  # type: ignore[import-untyped, unused-ignore]
    from huggingface_hub import DatasetCard

    if not text.startswith("---\n"):
        return ["it does not begin with YAML metadata"]
    try:
        data = DatasetCard(text).data.to_dict()
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return [f"its YAML metadata cannot be read: {' '.join(str(error).split())}"]
    problems = [
        f"{key} is {value!r}, which the Hub does not know"
        for key, choices in CHOICES.items()
        for value in _values(data.get(key))
        if str(value) not in choices
    ]
    if data.get("license") == OTHER and not data.get("license_name"):
        problems.append("license is 'other' and license_name is missing")
    return problems + _config_problems(data.get("configs"), names)


def _values(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _config_problems(configs: Any, names: frozenset[str]) -> list[str]:
    """Returns the configurations that are not well formed or whose files are not published, and data that none names."""
    problems, patterns = [], []
    for config in _values(configs):
        if not isinstance(config, Mapping) or not isinstance(config.get("config_name"), str):
            problems.append("an entry of configs has no config_name")
            continue
        for entry in _values(config.get("data_files")):
            path = entry.get("path") if isinstance(entry, Mapping) else None
            if not isinstance(path, str) or not any(fnmatchcase(name, path) for name in names):
                problems.append(f"{config['config_name']}: no file is named {path!r}")
            else:
                patterns.append(path)
    data = (name for name in sorted(names) if name.endswith(".parquet"))
    return problems + [f"no configuration names {name}" for name in data if not any(fnmatchcase(name, p) for p in patterns)]
