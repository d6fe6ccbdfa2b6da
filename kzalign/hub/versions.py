"""The version of what is published: a hash of its manifest, so that the same work has the same version."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

LETTERS = 12


def version_of(manifest: Mapping[str, Any], what: str) -> str:
    """Returns `what-` and 12 hexadecimal digits: the start of the SHA-256 of the manifest as canonical JSON."""
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return f"{what}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:LETTERS]}"
