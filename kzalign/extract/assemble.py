"""From groups of versions to articles: ids, line ranges, stray keyword lists, articles that have no abstract."""

from collections.abc import Sequence
from dataclasses import replace

from kzalign.extract.joining import Words, join_lines, spans_of
from kzalign.extract.labelled import labelled_titles
from kzalign.extract.languages import language_of
from kzalign.extract.layout import Kind, Page
from kzalign.extract.openings import openings
from kzalign.extract.titles import first_title
from kzalign.extract.versions import Found, Stray
from kzalign.records import LANGS, Article, Issue, Version

BESIDE = 6
"""Lines between a title and authors or codes, or the same title in another language."""


def assemble(issue: Issue, page: Page, groups: Sequence[Sequence[Found]], strays: Sequence[Stray], words: Words) -> list[Article]:
    """Returns the issue's articles in order, each reaching to the next one's start; those without abstracts among them."""
    ordered = sorted(groups, key=lambda members: min(f.first for f in members))
    starts: list[tuple[int, dict[str, Version]]] = []
    reached = 0
    for members in [*ordered, None]:
        first = min(f.first for f in members) if members else len(page.lines)
        opening = openings(page, reached, first)
        lonely = opening[:-1] if members else opening
        starts += [(index, _title_only(page, first_title(page, index, first), words)) for index in lonely]
        if members:
            versions = _versions(members)
            _fill_titles(versions, labelled_titles(page, reached, max(f.block.last for f in members), words))
            if opening:
                first = opening[-1]
            _open_title(page, versions, opening[-1] if opening else reached, min(f.first for f in members), words)
            starts.append((first, versions))
            reached = max(f.block.last for f in members) + 1
    return [_article(issue, page, k, starts, strays) for k in range(len(starts))]


def _versions(members: Sequence[Found]) -> dict[str, Version]:
    """Returns the group's versions by language; a title found above another language's abstract fills a gap."""
    versions = {f.version.lang: f.version for f in members}
    for found in members:
        _fill_titles(versions, {title.lang: title for title in found.foreign_titles})
    return versions


def _fill_titles(versions: dict[str, Version], titles: dict[str, Version]) -> None:
    """Gives each title to its language, where that has none."""
    for lang, given in titles.items():
        have = versions.setdefault(lang, given)
        if have.title is None:
            versions[lang] = replace(have, title=given.title, title_lines=given.title_lines)


def _title_only(page: Page, indices: list[int], words: Words) -> dict[str, Version]:
    """Returns a version that has only a title, by its language; none where there is no title."""
    lines = [page.lines[i] for i in indices]
    title = " ".join(join_lines(lines, words))
    found = language_of(title) if title else None
    return {found.lang: Version(found.lang, title, title_lines=spans_of(lines, []), confidence=found.confidence)} if found else {}


def _open_title(page: Page, versions: dict[str, Version], start: int, end: int, words: Words) -> None:
    """Gives the titles that the article opens with to the versions of their languages, where an abstract had none above it."""
    titles: dict[str, Version] = {}
    while indices := first_title(page, start, end):
        beside = range(max(0, indices[0] - BESIDE), min(end, indices[-1] + BESIDE))
        if not any(page.kind(i) in (Kind.CODE, Kind.PEOPLE) for i in beside):
            break
        found = _title_only(page, indices, words)
        if titles and (found.keys() <= titles.keys() or indices[0] - start > BESIDE):
            break
        titles = found | titles
        start = indices[-1] + 1
    _fill_titles(versions, {lang: title for lang, title in titles.items() if lang in versions})


def _article(
    issue: Issue, page: Page, k: int, starts: Sequence[tuple[int, dict[str, Version]]], strays: Sequence[Stray]
) -> Article:
    index, versions = starts[k]
    first = 1 if k == 0 else page.lines[index].number
    last = page.lines[starts[k + 1][0]].number - 1 if k + 1 < len(starts) else len(issue.lines)
    _place_keywords(versions, [s for s in strays if first <= page.lines[s.index].number <= last])
    ordered = {lang: versions[lang] for lang in LANGS if lang in versions}
    return Article(f"{issue.id}-{k + 1:02d}", issue.id, (first, max(first, last)), ordered, {}, notes_on(ordered))


def _place_keywords(versions: dict[str, Version], strays: Sequence[Stray]) -> None:
    """Gives keyword lists that stand apart from their abstracts to the versions of their language."""
    for stray in strays:
        have = versions.get(stray.lang)
        if have is not None and not have.keywords:
            versions[stray.lang] = replace(have, keywords=stray.keywords, keywords_lines=stray.lines)


def notes_on(versions: dict[str, Version]) -> tuple[str, ...]:
    """Returns the note that names the languages without an abstract, if any is."""
    missing = [lang for lang in LANGS if lang not in versions or not versions[lang].abstract]
    return (f"no abstract in {', '.join(missing)}",) if missing else ()


def without_abstract(issue: Issue, page: Page, words: Words, refused: bool) -> Article:
    """Returns the record of a document in which no abstract was found: its title, and the reason."""
    versions = _title_only(page, first_title(page), words)
    if refused:
        reason = "no abstract: every text found was refused, see the rejects"
    elif any(page.kind(i) is Kind.PROSE for i in range(len(page.lines))):
        reason = "no abstract: neither a heading nor a keywords line"
    else:
        reason = "no abstract: no prose in the document"
    return Article(f"{issue.id}-01", issue.id, (1, len(issue.lines)), versions, {}, (reason,))
