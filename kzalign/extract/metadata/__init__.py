"""What the lines of a document say about where its articles come from: codes, authors, the issue, the licence.

Each value is a string that stands in the document, its letters repaired and its blanks made one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kzalign.extract.layout import Page
from kzalign.extract.metadata.citation import citation
from kzalign.extract.metadata.codes import codes, licence_in
from kzalign.extract.metadata.imprint import Imprints
from kzalign.extract.metadata.margins import repaired, woven
from kzalign.extract.metadata.pages import Feet
from kzalign.extract.metadata.people import authors, running_authors
from kzalign.extract.metadata.printed import Printed, starts_in
from kzalign.extract.metadata.scan import scan
from kzalign.extract.metadata.view import View
from kzalign.records import SOURCE, Article, Issue

LAST = 30
"""Lines at a document's end where a licence may stand below the references."""


def describe(articles: Sequence[Article], page: Page, issue: Issue) -> list[Article]:
    """Returns the articles of an issue's page, each with its `source` as far as the lines and the pages' margins name it."""
    found = scan(page, page.running)
    views = [View(page, found, article) for article in articles]
    margins = repaired(issue) if issue.margins else ()
    # heads between its lines would part an article's authors from its title: only the issue's numbers are sought there
    whole, indices = woven(page, issue.pages, len(issue.lines), margins)
    around = scan(whole, page.running, indices) if indices else found
    wide = [View(whole, around, article) for article in articles] if indices else views
    imprints = Imprints(whole, around, frozenset(i for view in wide for i in view.titles))
    starts = issue.pages if margins else starts_in(issue.lines)
    printed = Printed(page, starts, margins)
    feet = Feet(page, found)
    licences = _licences(views, page)
    described = []
    for view, among in zip(views, wide, strict=True):
        source = {"pages": printed.of(view) or feet.of(view)} | imprints.of(among)
        source |= citation(view) | codes(view) | {"authors": authors(view) or running_authors(among)}
        if licence := licences.get(view.article.id):
            source["licence"] = (licence,)
        described.append(replace(view.article, source=_cleaned(source)))
    return described


def _cleaned(found: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Returns what is known of one article in the order of SOURCE, blanks made one."""
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
