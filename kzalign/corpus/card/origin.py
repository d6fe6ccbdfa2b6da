"""The card's sections on whose the documents are and what may be done with them."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from kzalign.corpus.card.markdown import escape, link, table
from kzalign.hub.licences import named

SHOWN = 200
"""Documents that the table lists; the others are in the manifest."""


def sources(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the table of documents: file, licence, publisher, address, articles."""
    lines = ["## Sources", ""]
    rows = [_row(entry, manifest["sources"].get(entry["id"], {})) for entry in manifest["inputs"][:SHOWN]]
    lines += table(("document", "licence", "publisher", "address", "articles"), rows, texts=4)
    if len(manifest["inputs"]) > SHOWN:
        lines += ["", f"… and {len(manifest['inputs']) - SHOWN} more documents, listed in `manifest.json`."]
    return lines


def _row(entry: Mapping[str, Any], source: Mapping[str, str]) -> tuple[object, ...]:
    details = [source[key] for key in ("journal", "year", "volume", "issue", "issn") if source.get(key)]
    publisher = "; ".join([source["publisher"], *details]) if source.get("publisher") else "–"
    return (
        escape(entry["file"]),
        _licence(source),
        escape(publisher),
        link(source.get("url", "")) or "–",
        entry.get("articles", 0),
    )


def _licence(source: Mapping[str, str]) -> str:
    """Returns a licence with the address of its text where that is known."""
    name, url = named(source)
    return " ".join(part for part in (escape(name), link(url)) if part) or "not named"


def licence(manifest: Mapping[str, Any]) -> list[str]:
    """Returns which licences the documents with articles have, and for how many none is named."""
    with_articles = [entry for entry in manifest["inputs"] if entry.get("articles", 0)]
    found = [manifest["sources"].get(entry["id"], {}) for entry in with_articles]
    counts = Counter(_licence(source) for source in found if source.get("licence"))
    unnamed = len(found) - counts.total()
    lines = ["## Licence", ""]
    if counts:
        lines += ["The texts stay under the licence of their documents; whoever uses them names the publishers above.", ""]
        lines += table(("licence", "documents"), sorted(counts.items()))
    if unnamed or not counts:
        of = "" if not counts else f" for {unnamed} of {len(found)} documents"
        lines += [*([""] if counts else []), f"No licence is named{of}: the texts are under the rights of their publishers."]
    notes = sorted({source["rights"] for source in found if source.get("rights")})
    return lines + [line for note in notes for line in ("", f"Note on rights: {escape(note)}")]
