"""The harvest as files: tables of articles that `kzalign build` reads, rejects with reasons, and the manifest, last."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import Any

from kzalign import __version__
from kzalign.harvest.articles import Known
from kzalign.records import LANGS, Reject, dumps
from kzalign.store import MANIFEST, whole_file, write_json

INNER = "harvest"
"""The folder, below the output, of what is no table: a manifest in it keeps readers of documents out."""
REJECTS = "rejects.jsonl"


def row_of(known: Known, endpoint: str) -> dict[str, Any]:
    """Returns an article's line: the columns that the reader of tables knows, and where each text came from."""
    merged = known.merged
    origin = {
        "identifier": known.identifier,
        "datestamp": known.datestamp,
        "endpoint": endpoint,
        "url": merged.pages[0] if merged.pages else "",
        "files": merged.files,
        "read_from": merged.read_from,
    }
    return origin | merged.row()


def write_all(
    items: Iterable[Known | Reject],
    output: Path,
    name: str,
    endpoint: str,
    rows: int,
    extra: list[Reject],
    facts: dict[str, Any],
    before: set[str],
) -> dict[str, Any]:
    """Returns the manifest, written after the articles, in files of so many rows, and the rejects.

    Files of `before` that are not written again are removed.
    """
    inner = output / INNER
    (inner / MANIFEST).unlink(missing_ok=True)
    counts: Counter[str] = Counter()
    reasons: Counter[str] = Counter()
    files: list[str] = []
    with whole_file(inner / REJECTS, force=True) as dropped:

        def drop(reject: Reject) -> None:
            dropped.write(dumps(reject.to_json()) + "\n")
            reasons[_kind(reject.reason)] += 1

        articles = _articles(items, counts, drop)
        while (first := next(articles, None)) is not None:
            file = f"{name}-{len(files) + 1}.jsonl" if files else f"{name}.jsonl"
            with whole_file(output / file, force=True) as stream:
                for known in chain([first], islice(articles, rows - 1)):
                    stream.write(dumps(row_of(known, endpoint)) + "\n")
            files.append(file)
        for reject in extra:
            drop(reject)
    for stale in filter(None, before - set(files)):
        (output / stale).unlink(missing_ok=True)
    manifest = {
        "stage": "harvest",
        "kzalign": __version__,
        "endpoint": endpoint,
        **facts,
        "counts": dict(counts),
        "rejects": dict(reasons.most_common()),
        "files": files,
    }
    write_json(inner / (MANIFEST + ".part"), manifest)
    (inner / (MANIFEST + ".part")).replace(inner / MANIFEST)
    return manifest


def _articles(items: Iterable[Known | Reject], counts: Counter[str], drop: Any) -> Iterator[Known]:
    """Yields the articles, and counts and drops what is none: records = articles + rejected + deleted."""
    counts.update(dict.fromkeys(("records", "articles", "rejected", "deleted", *LANGS, "trilingual"), 0))
    for item in items:
        counts["records"] += 1
        if isinstance(item, Reject):
            counts["deleted" if item.reason.startswith("deleted") else "rejected"] += 1
            drop(item)
            continue
        counts["articles"] += 1
        for lang in LANGS:
            counts[lang] += lang not in item.merged.lacking
        counts["trilingual"] += not item.merged.lacking
        for reject in item.rejects:
            drop(reject)
        yield item


def _kind(reason: str) -> str:
    """Returns a reason without the address that it begins with."""
    return re.sub(r"^\S+://\S+: ", "", reason)[:100]
