"""The card's sections on whose the documents are and what may be done with them."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from kzalign.corpus.card.markdown import escape, link, table
from kzalign.corpus.parquet import ARTICLES
from kzalign.corpus.provenance import sources_of
from kzalign.hub.licences import named
from kzalign.records import SOURCE

MOST = 40
"""Journals, years and licences that a table lists; the others are in the manifest."""

LABELS = {
    "authors": "authors",
    "doi": "DOI",
    "udc": "UDC",
    "irsti": "IRSTI (MRNTI)",
    "journal": "journal",
    "issn": "ISSN",
    "volume": "volume",
    "issue": "issue",
    "pages": "pages",
    "year": "year",
    "licence": "licence stated",
}
assert LABELS.keys() == {*SOURCE}

SHOWN = 200
"""Documents that the table lists; the others are in the manifest."""


def sources(manifest: Mapping[str, Any]) -> list[str]:
    """Returns the table of documents: file, licence, publisher, address, articles."""
    lines = ["## Sources", ""]
    rows = [_row(entry, sources_of(manifest, entry["id"])) for entry in manifest["inputs"][:SHOWN]]
    lines += table(("document", "licence", "publisher", "address", "articles"), rows, texts=4)
    if len(manifest["inputs"]) > SHOWN:
        lines += ["", f"… and {len(manifest['inputs']) - SHOWN} more documents, listed in `manifest.json`."]
    return lines


def _row(entry: Mapping[str, Any], sources: Sequence[Mapping[str, str]]) -> tuple[object, ...]:
    source = sources[0]
    details = [source[key] for key in ("journal", "year", "volume", "issue", "issn") if source.get(key)]
    publisher = "; ".join([source["publisher"], *details]) if source.get("publisher") else "–"
    return (
        escape(entry["file"]),
        ", ".join(map(_licence, sources)),
        escape(publisher),
        link(source.get("url", "")) or "–",
        entry.get("articles", 0),
    )


def _licence(source: Mapping[str, str]) -> str:
    """Returns a licence with the address of its text where that is known."""
    name, url = named(source)
    return " ".join(part for part in (escape(name), link(url)) if part) or "not named"


def _of_document(manifest: Mapping[str, Any], issue_id: str) -> list[Mapping[str, str]]:
    """Returns one source of a document: with a licence where all of its articles have one."""
    found = sources_of(manifest, issue_id)
    return found[:1] if all(source.get("licence") for source in found) else [{}]


def provenance(manifest: Mapping[str, Any]) -> list[str]:
    """Returns what the articles' documents say of journals, years, licences, and how many articles have which code."""
    found = manifest["provenance"]
    of = found["articles"]
    rows = [(LABELS[name], n, f"{n / of:.0%}") for name, n in found["named"].items() if of]
    lines = [
        "## Provenance",
        "",
        f"What the documents say of the {of} articles of `{ARTICLES}`, read by rules, not by people.",
        "",
    ]
    lines += table(("named", "articles", "share"), rows)
    for name, counts in found["values"].items():
        if counts:
            shown = [(escape(value), n) for value, n in list(counts.items())[:MOST]]
            more = [("others", sum(list(counts.values())[MOST:]))] if len(counts) > MOST else []
            lines += ["", *table((LABELS[name], "articles"), [*shown, *more])]
    return lines


def licence(manifest: Mapping[str, Any]) -> list[str]:
    """Returns which licences the documents with articles have, and for how many none is named."""
    with_articles = [entry for entry in manifest["inputs"] if entry.get("articles", 0)]
    found = [source for entry in with_articles for source in _of_document(manifest, entry["id"])]
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
