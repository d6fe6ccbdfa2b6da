"""The version of a dataset, so that the same build has the same version."""

from collections.abc import Mapping
from typing import Any

from kzalign.hub.versions import version_of


def dataset_version(manifest: Mapping[str, Any]) -> str:
    """Returns `build-` and 12 hexadecimal digits of the manifest's hash."""
    return version_of(manifest, "build")
