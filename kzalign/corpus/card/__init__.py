"""The dataset's README: YAML that the Hub reads, and the manifest in words and tables."""

from collections.abc import Mapping
from typing import Any

from kzalign.corpus.card.counts import duplicates, filters, left_out, scores, statistics
from kzalign.corpus.card.metadata import metadata
from kzalign.corpus.card.origin import licence, provenance, sources
from kzalign.corpus.card.prose import citation, how_made, introduction, limits, loading, personal_data

SECTIONS = (
    ("inputs articles", introduction),
    ("", loading),
    ("statistics", statistics),
    ("inputs sources", sources),
    ("provenance", provenance),
    ("inputs config versions", how_made),
    ("filters", filters),
    ("duplicates decontaminated", duplicates),
    ("scores", scores),
    ("", left_out),
    ("config", limits),
    ("", personal_data),
    ("inputs sources", licence),
    ("inputs versions", citation),
)
"""The sections in order, each with the keys of the manifest that it is told from; one whose keys are absent is left out."""


def card(manifest: Mapping[str, Any]) -> str:
    """Returns the text of README.md, a function of the manifest alone."""
    lines = ["---", *metadata(manifest), "---", ""]
    for keys, section in SECTIONS:
        if manifest.keys() >= set(keys.split()):
            lines += [*section(manifest), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


__all__ = ["card"]
