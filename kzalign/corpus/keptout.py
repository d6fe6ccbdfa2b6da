"""Articles that a test set kept out of a corpus's `articles`: no row holds their abstracts, their rejects know them by hashes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from kzalign.corpus.parquet import ARTICLES
from kzalign.corpus.segments import SPLITS
from kzalign.corpus.wording import evidence
from kzalign.errors import KzalignError
from kzalign.records import Article
from kzalign.store import MANIFEST
from kzalign.text.wording import text_key

STAGE = "decontaminate"
FILE = "rejects.jsonl"


def memory_of(article: Article, split: str) -> dict[str, Any]:
    """Returns what the reject of such an article holds for later builds: its split, and hashes of its abstracts' words."""
    abstracts = {lang: version.abstract for lang, version in article.versions.items()}
    return {"split": split, "abstracts": [f"{text_key(text):016x}" for _, text in evidence(abstracts)]}


def kept_out(folder: Path) -> Iterator[tuple[int, str]]:
    """Yields the hash and the split of each abstract of such articles; raises KzalignError where they are not to be known."""
    path = folder / FILE
    if not path.is_file():
        if _has_some(folder / MANIFEST):
            raise KzalignError(f"{path}: no such file, though articles were left out: it knows them; fetch it with the corpus")
        return
    with path.open("rb") as lines:
        for number, line in enumerate(lines, 1):
            # most of a large file's lines are of other stages: these are not parsed
            if STAGE.encode() not in line:
                continue
            try:
                reject = json.loads(line)
                found = _known(reject["record"]) if reject["stage"] == STAGE else []
            except (ValueError, KeyError, TypeError, RecursionError):
                raise KzalignError(f"{path}:{number}: not a reject that a build wrote: build the corpus again") from None
            yield from found


def _known(record: dict[str, Any]) -> list[tuple[int, str]]:
    """Returns the hashes and the split that a reject holds; rows of pairs, and corpora of an older kzalign, have none."""
    if record["config"] != ARTICLES or record.get("abstracts") is None:
        return []
    if record["split"] not in SPLITS:
        raise ValueError
    return [(int(key, 16), record["split"]) for key in record["abstracts"]]


def _has_some(manifest: Path) -> bool:
    try:
        return bool(json.loads(manifest.read_text(encoding="utf-8")).get("decontaminated"))
    except (OSError, ValueError, AttributeError):
        return False
