"""What every card on the Hub must have: metadata that can be read, and a licence that the Hub knows."""

from typing import Any

from kzalign.hub.client import DATASET
from kzalign.hub.licences import HUB, OTHER, UNKNOWN

LICENCES = HUB | {OTHER, UNKNOWN}


def metadata_of(text: str, kind: str) -> tuple[dict[str, Any], list[str]]:
    """Returns the YAML metadata of a card of that kind of repository, and what is wrong with them."""
    import yaml  # type: ignore[import-untyped, unused-ignore]
    from huggingface_hub import DatasetCard, ModelCard

    if not text.startswith("---\n"):
        return {}, ["it does not begin with YAML metadata"]
    try:
        data: dict[str, Any] = (DatasetCard if kind == DATASET else ModelCard)(text).data.to_dict()
    except (yaml.YAMLError, ValueError, TypeError) as error:
        return {}, [f"its YAML metadata cannot be read: {' '.join(str(error).split())}"]
    problems = [
        f"license is {value!r}, which the Hub does not know"
        for value in values_of(data.get("license"))
        if str(value) not in LICENCES
    ]
    if data.get("license") == OTHER and not data.get("license_name"):
        problems.append("license is 'other' and license_name is missing")
    return data, problems


def values_of(value: Any) -> list[Any]:
    """Returns a key's values, of which YAML may give one alone."""
    if value is None:
        return []
    return value if isinstance(value, list) else [value]
