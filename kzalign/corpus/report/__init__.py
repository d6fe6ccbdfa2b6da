"""The report of a corpus: one self-contained HTML page that a linguist opens from disk."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kzalign.corpus.reasons import kind_of
from kzalign.corpus.report.figures import Figures
from kzalign.html.page import BLOCK, data_blocks, frame
from kzalign.records import Article, Reject

SCRIPTS = ("data.js", "plots.js", "overview.js", "rows.js", "reader.js", "articles.js", "rejects.js", "main.js")


def write_report(
    path: Path,
    title: str,
    articles: Iterable[Article],
    rejects: Iterable[Reject],
    manifest: Mapping[str, Any],
    figures: Figures,
) -> None:
    """Writes the page to `path`, whole or not at all; articles and rejects are read once and never held together.

    `figures` count the whole corpus; the articles and rejects given may be a sample of it, and the page says so.
    """
    head, tail = frame(__package__, title, SCRIPTS)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", errors="xmlcharrefreplace", newline="\n") as page:
        shown = {"articles": 0, "rejects": 0}
        page.write(head)
        page.writelines(data_blocks("articles", _counted(map(_article_json, articles), shown, "articles")))
        page.writelines(data_blocks("rejects", _counted(map(_reject_json, rejects), shown, "rejects")))
        page.writelines(data_blocks("figures", [figures.to_json() | {"shown": shown}]))
        page.writelines(data_blocks("manifest", [dict(manifest)]))
        page.write(tail)
    part.replace(path)


def _reject_json(reject: Reject) -> dict[str, Any]:
    """Returns the reject's JSON form with the reason as it is counted."""
    return reject.to_json() | {"kind": kind_of(reject.reason)}


def _article_json(article: Article) -> dict[str, Any]:
    """Returns the article's JSON form without the abstracts that `Article.from_json` makes again from the sentences."""
    data = article.to_json()
    for version in data["versions"].values():
        if version["sentences"] and version["abstract"] == " ".join(version["sentences"]):
            del version["abstract"]
    return data


def _counted(records: Iterable[dict[str, Any]], shown: dict[str, int], kind: str) -> Iterator[dict[str, Any]]:
    for record in records:
        shown[kind] += 1
        yield record


__all__ = ["BLOCK", "Figures", "write_report"]
