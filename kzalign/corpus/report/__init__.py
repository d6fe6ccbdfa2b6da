"""The report of a corpus: one self-contained HTML page that a linguist opens from disk."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

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
    low_score: float,
) -> None:
    """Writes the page to `path`, whole or not at all; articles and rejects are read once and never held together."""
    figures = Figures(low_score)
    head, tail = frame(__package__, title, SCRIPTS)
    part = path.with_name(path.name + ".part")
    with part.open("w", encoding="utf-8", errors="xmlcharrefreplace", newline="\n") as page:
        page.write(head)
        page.writelines(data_blocks("articles", map(_article_json, figures.count_articles(articles))))
        page.writelines(data_blocks("rejects", (reject.to_json() for reject in figures.count_rejects(rejects))))
        page.writelines(data_blocks("figures", [figures.to_json()]))
        page.writelines(data_blocks("manifest", [dict(manifest)]))
        page.write(tail)
    part.replace(path)


def _article_json(article: Article) -> dict[str, Any]:
    """Returns the article's JSON form without the abstracts that `Article.from_json` makes again from the sentences."""
    data = article.to_json()
    for version in data["versions"].values():
        if version["sentences"] and version["abstract"] == " ".join(version["sentences"]):
            del version["abstract"]
    return data


__all__ = ["BLOCK", "write_report"]
