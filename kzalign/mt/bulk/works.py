"""What of an article is to be translated, and the article with it filled in."""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from kzalign.mt.bulk.glossary import keyword_terms
from kzalign.mt.bulk.job import Job
from kzalign.mt.bulk.pieces import cleaned
from kzalign.mt.contract import Terms
from kzalign.records import LANGS, Article, Machine, Version
from kzalign.text.sentences import split_sentences

ABSENT = Version("")


@dataclass(frozen=True, slots=True)
class Work:
    """One version to be made: its texts by field (title, abstract, keywords), cleaned."""

    source: str
    target: str
    texts: dict[str, tuple[str, ...]]
    whole: bool
    """The abstract is one text."""
    terms: Terms
    """The authors' keywords in both languages."""


@dataclass(frozen=True, slots=True)
class Translated:
    """The hypothesis of a text, and its flags."""

    text: str
    flags: tuple[str, ...]


def works_of(
    article: Article, job: Job, can: Callable[[str, str], bool], fits: Callable[[str], bool]
) -> tuple[list[Work], Counter[str]]:
    """Returns the versions to be made, and counts of the languages that are there already or cannot be made.

    `can` says whether the model translates from one language to another, `fits` whether it takes a text whole. A version
    is made where there is no abstract. What people wrote is never replaced, and what a machine wrote is never translated
    further.
    """
    counts: Counter[str] = Counter()
    works: list[Work] = []
    if not article.versions:
        counts["no version"] += 1
        return works, counts
    for target in job.targets:
        if article.versions.get(target, ABSENT).abstract.strip():
            counts["already there"] += 1
            continue
        source = next((lang for lang in job.sources_of(target) if can(lang, target) and _is_source(article, lang)), None)
        if source is None:
            counts["no source"] += 1
            continue
        works.append(_work(article, source, target, job, fits))
    return works, counts


def _is_source(article: Article, lang: str) -> bool:
    version = article.versions.get(lang, ABSENT)
    return version.machine is None and bool(version.abstract.strip())


def _work(article: Article, source: str, target: str, job: Job, fits: Callable[[str], bool]) -> Work:
    given, there = article.versions[source], article.versions.get(target, ABSENT)
    texts: dict[str, tuple[str, ...]] = {}
    if job.config.titles and given.title and not there.title:
        texts["title"] = (cleaned(given.title),)
    abstract = cleaned(given.abstract)
    whole = job.config.unit == "document" and fits(abstract)
    texts["abstract"] = (abstract,) if whole else _sentences(given)
    if job.config.keywords and given.keywords and not there.keywords:
        texts["keywords"] = tuple(map(cleaned, given.keywords))
    return Work(source, target, texts, whole, keyword_terms(article, source, target))


def _sentences(version: Version) -> tuple[str, ...]:
    """Returns one text for each sentence; an abstract that has none is split."""
    return tuple(map(cleaned, version.sentences or split_sentences([version.abstract])))


def filled(
    article: Article, works: Sequence[Work], results: Sequence[dict[str, list[Translated]]], model: str, settings: str, date: str
) -> Article:
    """Returns the article with the versions that the results make; each names its model and its flags."""
    versions = dict(article.versions)
    for work, fields in zip(works, results, strict=True):
        there = versions.get(work.target, Version(work.target))
        flags = {f"{name}/{k}": t.flags for name, found in fields.items() for k, t in enumerate(found) if t.flags}
        sentences = tuple(t.text for t in fields["abstract"])
        versions[work.target] = replace(
            there,
            title=fields["title"][0].text if "title" in fields else there.title,
            abstract=" ".join(filter(None, sentences)),
            sentences=() if work.whole else sentences,
            keywords=tuple(t.text for t in fields["keywords"]) if "keywords" in fields else there.keywords,
            machine=Machine(model, settings, date, work.source, tuple(fields), flags),
        )
    made = {work.target for work in works}
    alignment = {pair: beads for pair, beads in article.alignment.items() if not made & set(pair.split("-"))}
    ordered = {lang: versions[lang] for lang in LANGS if lang in versions}
    return replace(article, versions=ordered, alignment=alignment)
