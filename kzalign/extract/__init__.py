"""extract: a document's lines in, its articles with their abstracts in kk, ru and en out."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from kzalign.config import ExtractConfig
from kzalign.extract.anchors import find_anchors
from kzalign.extract.articles import Relate, group
from kzalign.extract.assemble import assemble, without_abstract
from kzalign.extract.bare import bare_blocks
from kzalign.extract.blocks import Block, find_blocks
from kzalign.extract.joining import Words
from kzalign.extract.languages import by_language
from kzalign.extract.layout import Page
from kzalign.extract.lines import read_lines
from kzalign.extract.marked import read_marked
from kzalign.extract.metadata import describe
from kzalign.extract.recognised import with_confidence
from kzalign.extract.versions import Found, Stray, build_version
from kzalign.records import Article, Issue, Reject, Version
from kzalign.text.normalise import repair


@dataclass(frozen=True, slots=True)
class Extracted:
    """What one document gave: articles, what was refused and why, letters repaired."""

    articles: tuple[Article, ...]
    rejects: tuple[Reject, ...]
    repairs: dict[str, int]


def extract(issue: Issue, config: ExtractConfig, relate: Relate) -> Extracted:
    """Returns the document's articles in order; `relate` tells versions of one article from those of others."""
    repaired = repair("\n".join(issue.lines))
    unread = [Reject("read", issue.id, reason, {"file": issue.origin}) for reason in issue.unread]
    if issue.marked:
        articles, rejects = read_marked(issue, repaired.text.split("\n"), config)
    else:
        articles, rejects = _search(issue, repaired.text, config, relate)
    if repaired.counts:
        before, after = issue.lines, repaired.text.split("\n")
        articles = [_with_originals(article, before, after) for article in articles]
    if issue.recognised:
        articles = [with_confidence(article, issue) for article in articles]
    return Extracted(tuple(articles), (*unread, *rejects), repaired.counts)


def _search(issue: Issue, text: str, config: ExtractConfig, relate: Relate) -> tuple[list[Article], list[Reject]]:
    """Returns the articles found in the lines as print sets them, and the blocks refused."""
    page = Page(read_lines(text))
    words = Words(text)
    found: list[Found] = []
    strays: list[Stray] = []
    rejects: list[Reject] = []
    floor = 0
    for whole in bare_blocks(page, find_blocks(page, find_anchors(page), config.max_chars)):
        for block in by_language(page, whole):
            result = build_version(page, block, floor, words, config)
            if isinstance(result, Found):
                found.append(result)
                strays += [result.stray] if result.stray else []
            elif isinstance(result, Stray):
                strays.append(result)
            else:
                rejects.append(_reject(issue, page, block, result))
        floor = whole.last + 1
    weak = [f for f in found if f.needs_support]
    groups = group(found, relate, config)
    unsupported = [f for f in weak if [f] in groups]
    rejects += [
        _reject(issue, page, f.block, "a heading that also heads conclusions, with no keywords and no translation")
        for f in unsupported
        if not f.block.bare
    ]
    groups = [members for members in groups if members[0] not in unsupported or len(members) > 1]
    articles = assemble(issue, page, groups, strays, words)
    if not any(v.abstract for a in articles for v in a.versions.values()) and len(articles) < 2:
        articles = [without_abstract(issue, page, words, bool(rejects))]
    return describe(articles, page, issue), rejects


def _with_originals(article: Article, before: Sequence[str], after: Sequence[str]) -> Article:
    """Keeps the lines of each abstract as the document has them where the repair changed a letter in them."""

    def text(version: Version, lines: Sequence[str]) -> str:
        return " ".join(" ".join(line.split()) for first, last in version.abstract_lines for line in lines[first - 1 : last])

    originals = {lang: text(v, before) for lang, v in article.versions.items()}
    versions = {
        lang: replace(v, original=originals[lang]) if originals[lang] != text(v, after) else v
        for lang, v in article.versions.items()
    }
    return replace(article, versions=versions)


def _reject(issue: Issue, page: Page, block: Block, reason: str) -> Reject:
    first, last = page.lines[block.first], page.lines[block.last]
    record = {"issue_id": issue.id, "lines": [first.number, last.number], "text": first.text[:200]}
    return Reject("extract", f"{issue.id}:{first.number}", reason, record)


__all__ = ["Extracted", "extract"]
