"""The first pass of a build: articles go to disk, and what only the whole corpus can tell is counted."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

from kzalign.corpus.duplicates import Fingerprints
from kzalign.corpus.filters.recurrence import Recurrence
from kzalign.corpus.report.figures import Figures
from kzalign.corpus.segments import article_reject
from kzalign.records import Article, Reject, dumps

Item = Article | Reject | dict[str, Any]
"""What a build is fed: articles, rejects of earlier stages, and the manifest's entry of each document, in any order."""


@dataclass(slots=True)
class Gathered:
    """What the first pass has learnt; the articles are in the file `spool`, one a line."""

    spool: Path
    figures: Figures
    fingerprints: Fingerprints
    articles: int = 0
    inputs: list[dict[str, Any]] = field(default_factory=list)
    recurrence: Recurrence = field(default_factory=Recurrence)
    taken: set[str] = field(default_factory=set)
    """Ids of the articles."""


def gather(items: Iterable[Item], spool: Path, rejects: IO[str], figures: Figures, kept_splits: Mapping[int, str]) -> Gathered:
    """Returns what the items hold together; writes the articles to `spool` and what is already rejected to `rejects`.

    `kept_splits` are an earlier corpus's, as `read_splits` returns them.
    """
    found = Gathered(spool, figures, Fingerprints(kept_splits))
    with spool.open("w", encoding="utf-8") as stream:
        for item in items:
            if isinstance(item, Article):
                for reject in _take(found, item, stream):
                    write_reject(reject, rejects, figures)
            elif isinstance(item, Reject):
                write_reject(item, rejects, figures)
            else:
                found.inputs.append(item)
    return found


def _take(found: Gathered, article: Article, stream: IO[str]) -> Iterable[Reject]:
    if article.id in found.taken:
        yield Reject("build", article.id, "an article with the id of another", article.to_json())
        return
    found.taken.add(article.id)
    found.articles += 1
    found.figures.add_article(article)
    stream.write(dumps(article.to_json()) + "\n")
    human = article.human()
    found.fingerprints.add(human)
    found.recurrence.add(human)
    reject = article_reject(human)
    if reject:
        yield reject


def write_reject(reject: Reject, stream: IO[str], figures: Figures) -> None:
    """Writes a reject to rejects.jsonl and counts it."""
    figures.add_reject(reject)
    stream.write(dumps(reject.to_json()) + "\n")
