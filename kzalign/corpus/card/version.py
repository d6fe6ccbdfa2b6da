"""The version of a dataset: a hash of its manifest, so that the same build has the same version."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LETTERS = 12


def dataset_version(manifest: Mapping[str, Any]) -> str:
    """Returns `build-` and 12 hexadecimal digits: the start of the SHA-256 of the manifest as canonical JSON."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"build-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:LETTERS]}"
