"""Articles of documents that name their parts: nothing is searched for, but languages are read from the texts."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from kzalign.config import ExtractConfig
from kzalign.extract.anchors import INNER_LABEL, LABEL, RUN_IN, heading_word
from kzalign.extract.assemble import notes_on
from kzalign.extract.keywords import split_items
from kzalign.extract.languages import MIN_RUN
from kzalign.extract.letters import script_language
from kzalign.extract.versions import refuse
from kzalign.records import LANGS, SOURCE, Article, Issue, Marked, Reject, Spans, Version
from kzalign.text.language import detect
from kzalign.text.sentences import split_sentences

Row = tuple[int, str]
"""A line's number and what of it is the text."""


@dataclass(frozen=True, slots=True)
class _Text:
    """A title, an abstract or keywords in one language, and what the format says it belongs to."""

    lang: str
    rows: tuple[Row, ...]
    group: str
    confidence: float = 1.0

    @property
    def text(self) -> str:
        return " ".join(text for _, text in self.rows)

    @property
    def folded(self) -> str:
        return "".join(re.findall(r"\w+", self.text.casefold()))


def read_marked(issue: Issue, lines: Sequence[str], config: ExtractConfig) -> tuple[list[Article], list[Reject]]:
    """Returns the articles that the document names and the texts refused; `lines` are the issue's, repaired."""
    articles: list[Article] = []
    rejects: list[Reject] = []
    for number, marked in enumerate(issue.marked, 1):
        versions, refused = _versions(marked, lines, config)
        ordered = {lang: versions[lang] for lang in LANGS if lang in versions}
        name = f"{issue.id}-{number:02d}"
        articles.append(Article(name, issue.id, marked.lines, ordered, {}, notes_on(ordered), _source(marked, lines)))
        for text, reason in refused:
            first, last = text.rows[0][0], text.rows[-1][0]
            record = {"issue_id": issue.id, "lines": [first, last], "text": text.text[:200]}
            rejects.append(Reject("extract", f"{issue.id}:{first}", reason, record))
    return articles, rejects


def _source(marked: Marked, lines: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Returns what the format says about where the article comes from, each value once."""
    found: dict[str, dict[str, None]] = {}
    for part in marked.parts:
        if part.role in SOURCE:
            found.setdefault(part.role, {}).update(dict.fromkeys(lines[part.lines[0] - 1 : part.lines[1]]))
    return {name: tuple(found[name]) for name in SOURCE if name in found}


def _versions(marked: Marked, lines: Sequence[str], config: ExtractConfig) -> tuple[dict[str, Version], list[tuple[_Text, str]]]:
    abstracts: list[_Text] = []
    keywords: list[tuple[tuple[Row, ...], str]] = []
    titles: list[tuple[tuple[Row, ...], str]] = []
    for part in marked.parts:
        rows = tuple((n, " ".join(lines[n - 1].split())) for n in range(part.lines[0], part.lines[1] + 1))
        if part.role == "title":
            titles.append((rows, part.group))
        elif part.role == "keywords":
            keywords.append((rows, part.group))
        elif part.role == "abstract":
            texts, labelled = _parted(rows)
            abstracts += _by_language(texts, part.group)
            keywords += [((row,), part.group) for row in labelled]
    chosen, refused = _choose(abstracts, config)
    spoken = _groups(chosen)
    named = _placed(titles, spoken)
    listed = _placed(keywords, spoken)
    versions = {lang: _version(lang, chosen.get(lang), named.get(lang), listed.get(lang)) for lang in LANGS}
    return {lang: v for lang, v in versions.items() if v.abstract or v.title}, refused


def _parted(rows: Sequence[Row]) -> tuple[list[Row], list[Row]]:
    """Returns the lines of an abstract without headings, and the keyword lists that stand among them."""
    texts: list[Row] = []
    labelled: list[Row] = []
    for number, text in rows:
        heading = RUN_IN.match(text)
        if heading and heading["word"][0].isupper() and not LABEL.match(heading["text"]):
            text = heading["text"]
        label = LABEL.match(text)
        inner = INNER_LABEL.search(text)
        if label and label["label"][0].isupper():
            labelled.append((number, label["text"]))
        elif inner:
            texts.append((number, text[: inner.start()].rstrip()))
            labelled.append((number, inner["text"]))
        elif not (len(text) <= 60 and heading_word(text)):
            texts.append((number, text))
    return texts, [(number, text) for number, text in labelled if text]


def _by_language(rows: Sequence[Row], group: str) -> list[_Text]:
    """Returns the runs of paragraphs in one language; one too short to tell goes with the one before."""
    runs: list[tuple[str | None, list[Row]]] = []
    for row in rows:
        lang = script_language(row[1]) if len(row[1]) >= MIN_RUN else None
        if runs and (lang is None or runs[-1][0] in (None, lang)):
            runs[-1] = (runs[-1][0] or lang, [*runs[-1][1], row])
        else:
            runs.append((lang, [row]))
    texts = []
    for _, members in runs:
        found = detect(" ".join(text for _, text in members))
        texts.append(_Text(found.lang if found else "", tuple(members), group, found.confidence if found else 0.0))
    return texts


def _choose(texts: Sequence[_Text], config: ExtractConfig) -> tuple[dict[str, _Text], list[tuple[_Text, str]]]:
    """Returns the longest abstract of each language; what is refused comes with a reason, but for copies of those taken."""
    chosen: dict[str, _Text] = {}
    refused: list[tuple[_Text, str]] = []
    for text in sorted(texts, key=lambda text: -len(text.text)):
        have = chosen.get(text.lang)
        reason = refuse(text.text, config) if text.lang else "no language of kk, ru, en found in the text"
        if have and text.folded in have.folded:
            continue
        if have and not reason:
            reason = f"a second abstract in {text.lang}, shorter than the first"
        if reason:
            refused.append((text, reason))
        else:
            chosen[text.lang] = text
    return chosen, refused


def _groups(chosen: dict[str, _Text]) -> dict[str, str]:
    """Returns the language of each group that has one abstract: what the format calls it matters no more than a name."""
    groups = [text.group for text in chosen.values()]
    return {text.group: lang for lang, text in chosen.items() if text.group and groups.count(text.group) == 1}


def _placed(found: Sequence[tuple[tuple[Row, ...], str]], spoken: dict[str, str]) -> dict[str, tuple[Row, ...]]:
    """Returns titles or keyword lists by language: that of the abstract of their group, unless their letters deny it."""
    placed: dict[str, tuple[Row, ...]] = {}
    for rows, group in found:
        text = ", ".join(text for _, text in rows)
        detected = detect(text)
        lang = spoken.get(group)
        if lang is None or (detected and (lang == "en") != _is_latin(text)):
            lang = detected.lang if detected else None
        if lang:
            placed.setdefault(lang, rows)
    return placed


def _is_latin(text: str) -> bool:
    return 2 * sum(char.isascii() for char in text if char.isalpha()) > sum(map(str.isalpha, text))


def _version(lang: str, abstract: _Text | None, title: tuple[Row, ...] | None, keywords: tuple[Row, ...] | None) -> Version:
    paragraphs = [text for _, text in abstract.rows] if abstract else []
    items = [text for _, text in keywords or ()]
    return Version(
        lang=lang,
        title=" ".join(text for _, text in title) if title else None,
        abstract=" ".join(paragraphs),
        sentences=tuple(split_sentences(paragraphs)),
        keywords=tuple(split_items(items[0]) if len(items) == 1 else items),
        title_lines=_span(title),
        abstract_lines=_span(abstract.rows if abstract else None),
        keywords_lines=_span(keywords),
        confidence=abstract.confidence if abstract else 1.0,
    )


def _span(rows: Sequence[Row] | None) -> Spans:
    return ((rows[0][0], rows[-1][0]),) if rows else ()
