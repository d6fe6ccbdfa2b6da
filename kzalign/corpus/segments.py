"""Aligned articles to the rows that are published: pairs, triples, articles; and what is left out, with its reason."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kzalign.config import BuildConfig, Config
from kzalign.records import LANGS, PAIRS, Article, Bead, Reject, Segment, Spans

TRIPLE = "-".join(LANGS)
SPLITS = ("train", "validation", "test")


@dataclass(frozen=True, slots=True)
class Row:
    """Sentences by language that the alignment puts together, and how sure it is."""

    sentences: Mapping[str, Sequence[int]]
    score: float


@dataclass(frozen=True, slots=True)
class Cut:
    """An article cut into rows: by configuration the segments, and the rejects."""

    segments: dict[str, list[Segment]]
    rejects: list[Reject]


def split_of(article: Article, config: BuildConfig) -> str:
    """Returns the article's split, a function of its own text alone: adding or dropping documents moves nothing."""
    text = "\n".join(v.abstract for lang in LANGS if (v := article.versions.get(lang)) and v.abstract)
    point = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8]) / 2**64
    if point < config.test:
        return "test"
    return "validation" if point < config.test + config.validation else "train"


def cut(article: Article, triples: Sequence[Row], contradictions: Sequence[tuple[Row, str]], config: Config) -> Cut:
    """Returns the article's segments by configuration; every bead and triple is a segment or a reject."""
    split = split_of(article, config.build)
    segments: dict[str, list[Segment]] = {name: [] for name in (*PAIRS, TRIPLE)}
    rejects: list[Reject] = []
    for pair, beads in article.alignment.items():
        for number, bead in enumerate(beads):
            row = _row(pair, bead)
            reason = _refuse(row, config)
            if reason:
                rejects.append(_reject(article, pair, number, row, reason))
            else:
                segments[pair].append(_segment(article, pair, number, row, split))
    for number, row in enumerate(triples):
        reason = _refuse(row, config)
        if reason:
            rejects.append(_reject(article, TRIPLE, number, row, reason))
        else:
            segments[TRIPLE].append(_segment(article, TRIPLE, number, row, split))
    for number, (row, reason) in enumerate(contradictions, len(triples)):
        rejects.append(_reject(article, TRIPLE, number, row, reason))
    return Cut(segments, rejects)


def _row(pair: str, bead: Bead) -> Row:
    left, right = pair.split("-")
    return Row({left: bead.left, right: bead.right}, bead.score)


def _refuse(row: Row, config: Config) -> str | None:
    missing = [lang for lang, indices in row.sentences.items() if not indices]
    if missing:
        return f"no counterpart in {', '.join(missing)}"
    least = config.filters.alignment
    return f"score below filters.alignment = {least:g}" if row.score < least else None


def _texts(article: Article, row: Row) -> dict[str, str]:
    return {lang: " ".join(article.versions[lang].sentences[i] for i in indices) for lang, indices in row.sentences.items()}


def _reject(article: Article, name: str, number: int, row: Row, reason: str) -> Reject:
    record = {
        "article_id": article.id,
        "config": name,
        "score": row.score,
        "text": {lang: text for lang, text in _texts(article, row).items() if text},
        "sentence_ids": {lang: list(ids) for lang, ids in row.sentences.items()},
    }
    return Reject("build", f"{article.id}/{name}/{number:03d}", reason, record)


def _segment(article: Article, name: str, number: int, row: Row, split: str) -> Segment:
    spans: dict[str, Spans] = {lang: article.versions[lang].abstract_lines for lang in row.sentences}
    ids = {lang: tuple(indices) for lang, indices in row.sentences.items()}
    return Segment(
        f"{article.id}/{name}/{number:03d}",
        article.id,
        article.issue_id,
        _texts(article, row),
        ids,
        spans,
        {"alignment": row.score},
        split,
    )


def article_rejects(article: Article) -> Iterator[Reject]:
    """Yields the reject of an article that has no abstract, or only one: nothing in it can be paired."""
    present = [lang for lang in LANGS if lang in article.versions and article.versions[lang].sentences]
    if len(present) < 2:
        reason = next((note for note in article.notes if note.startswith("no abstract:")), None)
        titles = {lang: v.title for lang, v in article.versions.items() if v.title}
        record = {"article_id": article.id, "issue_id": article.issue_id, "titles": titles, "lines": list(article.article_lines)}
        yield Reject("build", article.id, reason or ("an abstract in one language only" if present else "no abstract"), record)
