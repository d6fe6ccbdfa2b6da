"""What the lines of a document say about where its articles come from: codes, authors, the issue, the licence.

Each value is a string that stands in the document, its letters repaired and its blanks made one.
"""

from collections.abc import Sequence
from dataclasses import replace

from kzalign.extract.layout import Page
from kzalign.extract.metadata.citation import citation
from kzalign.extract.metadata.codes import codes, licence_in
from kzalign.extract.metadata.imprint import Imprints
from kzalign.extract.metadata.pages import Feet
from kzalign.extract.metadata.people import authors
from kzalign.extract.metadata.scan import scan
from kzalign.extract.metadata.view import View
from kzalign.records import SOURCE, Article

LAST = 30
"""Lines at a document's end where a licence may stand below the references."""


def describe(articles: Sequence[Article], page: Page) -> list[Article]:
    """Returns the articles of a page, each with its `source` as far as the page's lines name it."""
    found = scan(page)
    views = [View(page, found, article) for article in articles]
    imprints = Imprints(page, found, frozenset(i for view in views for i in view.titles))
    feet = Feet(page, found)
    licences = _licences(views, page)
    return [replace(view.article, source=_source(view, imprints, feet, licences.get(view.article.id))) for view in views]


def _source(view: View, imprints: Imprints, feet: Feet, licence: str | None) -> dict[str, tuple[str, ...]]:
    """Returns what is known of one article, by the names of SOURCE; its own citation is believed before its issue's heads."""
    found = {"pages": feet.of(view)} | imprints.of(view) | citation(view) | codes(view) | {"authors": authors(view)}
    if licence:
        found["licence"] = (licence,)
    return {name: values for name in SOURCE if (values := tuple(" ".join(v.split()) for v in found.get(name, ())))}


def _licences(views: Sequence[View], page: Page) -> dict[str, str]:
    """Returns the licence of each article by id: its own, or the one that stands above all texts and holds for all."""
    if not views:
        return {}
    lines = page.lines
    shared = next((licence for line in lines[: views[0].core] if (licence := licence_in(line.text))), None)
    found: dict[str, str] = {}
    for view in views:
        own = ((index, licence) for index in view.edges if (licence := licence_in(lines[index].text)))
        inside = (licence for index, licence in own if index < view.closed or index >= len(lines) - LAST)
        licence = next(inside, shared)
        if licence:
            found[view.article.id] = licence
    return found


__all__ = ["describe"]
