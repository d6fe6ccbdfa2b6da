"""Aligned articles to the rows that are published: pairs, triples, articles; and what is left out, with its reason."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from kzalign.records import LANGS, PAIRS, Article, Bead, Reject, Segment

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


def cut(article: Article, triples: Sequence[Row], contradictions: Sequence[tuple[Row, str]], split: str) -> Cut:
    """Returns the article's segments by configuration; every bead and triple is a segment or a reject."""
    segments: dict[str, list[Segment]] = {name: [] for name in (*PAIRS, TRIPLE)}
    rejects: list[Reject] = []
    rows = {pair: [_row(pair, bead) for bead in beads] for pair, beads in article.alignment.items()} | {TRIPLE: triples}
    for name, own in rows.items():
        for number, row in enumerate(own):
            segment = _segment(article, name, number, row, split)
            missing = [lang for lang, indices in row.sentences.items() if not indices]
            if missing:
                rejects.append(_reject(segment, name, f"no counterpart in {', '.join(missing)}"))
            else:
                segments[name].append(segment)
    for number, (row, reason) in enumerate(contradictions, len(triples)):
        rejects.append(_reject(_segment(article, TRIPLE, number, row, split), TRIPLE, reason))
    return Cut(segments, rejects)


def _row(pair: str, bead: Bead) -> Row:
    left, right = pair.split("-")
    return Row({left: bead.left, right: bead.right}, bead.score)


def segment_record(segment: Segment, name: str) -> dict[str, Any]:
    """Returns what a reject says of a segment of the configuration `name`."""
    return {
        "article_id": segment.article_id,
        "config": name,
        "scores": {measure: round(value, 4) for measure, value in segment.scores.items()},
        "text": {lang: text for lang, text in segment.text.items() if text},
        "sentence_ids": {lang: list(ids) for lang, ids in segment.sentence_ids.items()},
    }


def _reject(segment: Segment, name: str, reason: str) -> Reject:
    return Reject("build", segment.id, reason, segment_record(segment, name) | {"score": segment.scores["alignment"]})


def _segment(article: Article, name: str, number: int, row: Row, split: str) -> Segment:
    return Segment(
        id=f"{article.id}/{name}/{number:03d}",
        article_id=article.id,
        issue_id=article.issue_id,
        text={lang: " ".join(article.versions[lang].sentences[i] for i in ids) for lang, ids in row.sentences.items()},
        sentence_ids={lang: tuple(ids) for lang, ids in row.sentences.items()},
        lines={lang: article.versions[lang].abstract_lines for lang in row.sentences},
        scores={"alignment": row.score},
        split=split,
    )


def article_reject(article: Article) -> Reject | None:
    """Returns the reject of an article that has no abstract, or only one: nothing in it can be paired."""
    present = [lang for lang in LANGS if lang in article.versions and article.versions[lang].sentences]
    if len(present) > 1:
        return None
    reason = next((note for note in article.notes if note.startswith("no abstract:")), None)
    titles = {lang: v.title for lang, v in article.versions.items() if v.title}
    record = {"article_id": article.id, "issue_id": article.issue_id, "titles": titles, "lines": list(article.article_lines)}
    return Reject("build", article.id, reason or ("an abstract in one language only" if present else "no abstract"), record)
