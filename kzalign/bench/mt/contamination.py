"""Whether a model was trained on what it is tested on, as far as its training manifest tells.

A fine-tuned model's folder holds manifest.json with `training`: the name of a file beside it with the fingerprint of
each training text, source or target, a line each.
"""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from kzalign.bench.mt.evalset import EvalSet
from kzalign.errors import KzalignError
from kzalign.store import MANIFEST, read_lines
from kzalign.text.wording import fingerprint


@dataclass(frozen=True, slots=True)
class Contamination:
    """How many sources and references of n segments are among the training texts, and the first segments that have one."""

    n: int
    sources: int
    references: int
    segments: tuple[int, ...]

    def to_json(self) -> dict[str, Any]:
        """Returns the counts and the segments, counted from 1."""
        return asdict(self) | {"segments": list(self.segments)}


SHOWN = 20


def training_texts(folder: Path | None) -> frozenset[str] | None:
    """Returns the fingerprints of what a model was trained on; None where its folder has no training manifest."""
    path = folder / MANIFEST if folder else None
    if folder is None or path is None or not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KzalignError(f"{path}: cannot be read as a manifest: {error}") from None
    name = manifest.get("training") if isinstance(manifest, dict) else None
    if not isinstance(name, str):
        return None
    return frozenset(read_lines(folder / name))


def contamination(evalset: EvalSet, training: frozenset[str]) -> Contamination:
    """Returns what of the set a model with these training texts has seen."""
    sources = [fingerprint(text) in training for text in evalset.sources]
    references = [fingerprint(text) in training for text in evalset.references]
    seen = [number for number, both in enumerate(zip(sources, references, strict=True), 1) if any(both)]
    return Contamination(len(sources), sum(sources), sum(references), tuple(seen[:SHOWN]))
