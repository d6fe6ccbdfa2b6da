"""Where articles come from, as their documents say: the columns of the published rows, and what of it is counted."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzalign.hub.licences import stated
from kzalign.records import SOURCE, Article

LISTS = ("authors", "udc", "irsti")
"""Fields that may have several values."""

COLUMNS = tuple(name for name in SOURCE if name != "licence")
"""The columns of `articles`; the licence has one of its own."""

BRIEF = ("doi", "journal", "year")
"""Those that the rows of pairs and triples have too."""

LISTED = ("journal", "year", "licence")
"""Fields whose values are counted one by one; of the others, the articles that have one."""

YEAR = re.compile(r"(?<!\d)(?:1[89]|20)\d\d(?!\d)")
RANGE = "–"


def columns_of(article: Article, names: Sequence[str] = COLUMNS) -> dict[str, Any]:
    """Returns an article's columns: lists of texts, a text, a year as a number, None where its document does not say."""
    return {name: _value(name, article.source.get(name, ())) for name in names}


def _value(name: str, values: tuple[str, ...]) -> Any:
    if name in LISTS:
        return list(values)
    if not values:
        return None
    if name == "year":
        found = YEAR.search(values[0])
        return int(found[0]) if found else None
    return RANGE.join(values[:2]) if name == "pages" else values[0]


def stated_licence(article: Article) -> str | None:
    """Returns the Hub's identifier of the licence that the article's document states, None where it states none."""
    return next((name for text in article.source.get("licence", ()) if (name := stated(text))), None)


@dataclass(slots=True)
class Provenance:
    """Counts what the published articles say about where they come from."""

    articles: int = 0
    named: Counter[str] = field(default_factory=Counter)
    values: dict[str, Counter[str]] = field(default_factory=lambda: {name: Counter() for name in LISTED})
    stated: dict[str, set[str]] = field(default_factory=dict)
    """By document, the licences that its articles state; an empty text where one of them states none."""

    def add(self, article: Article) -> None:
        """Counts an article."""
        self.articles += 1
        self.named.update(name for name in SOURCE if article.source.get(name))
        self.stated.setdefault(article.issue_id, set()).add(stated_licence(article) or "")
        for name, counts in self.values.items():
            if article.source.get(name):
                value = (
                    columns_of(article, [name])[name] if name != "licence" else stated_licence(article) or article.source[name][0]
                )
                counts[str(value)] += 1

    def join(self, other: "Provenance") -> None:
        """Adds what another has counted."""
        self.articles += other.articles
        self.named += other.named
        for name, counts in other.values.items():
            self.values[name] += counts
        for issue, names in other.stated.items():
            self.stated.setdefault(issue, set()).update(names)

    def to_json(self) -> dict[str, Any]:
        """Returns the figures for the manifest: values with most articles first."""
        return {
            "articles": self.articles,
            "named": {name: self.named[name] for name in SOURCE},
            "values": {
                name: dict(sorted(counts.items(), key=lambda item: (-item[1], item[0]))) for name, counts in self.values.items()
            },
            "stated": {issue: sorted(names) for issue, names in sorted(self.stated.items()) if names != {""}},
        }


def sources_of(manifest: Mapping[str, Any], issue_id: str) -> list[Mapping[str, str]]:
    """Returns whose a document is: as the user's file says, else the licences that it states; one empty where neither does."""
    given = manifest.get("sources", {}).get(issue_id)
    if given:
        return [given]
    found = manifest.get("provenance", {}).get("stated", {}).get(issue_id, [""])
    return [{"licence": name} if name else {} for name in found]
