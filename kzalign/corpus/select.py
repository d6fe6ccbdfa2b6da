"""The second pass of a build: which rows of an article are published, and why the others are not.

One process does some articles at a time and returns their rows as Arrow tables; the writer adds them up.
"""

import json
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import pyarrow as pa

from kzalign.config import FiltersConfig
from kzalign.corpus.decontaminate import Contamination
from kzalign.corpus.duplicates import Duplicate
from kzalign.corpus.filters import FILTERS, Context, judge
from kzalign.corpus.keptout import STAGE, memory_of
from kzalign.corpus.parquet import ARTICLES, SCHEMAS, article_row, segment_row
from kzalign.corpus.provenance import BRIEF, Provenance, columns_of, stated_licence
from kzalign.corpus.reasons import OVERLAPS, TWICE
from kzalign.corpus.seen import pair_key
from kzalign.corpus.segments import Cut, segment_record
from kzalign.corpus.sources import Source
from kzalign.records import Article, Reject, Segment

Cutter = Callable[[Article, str], Cut]
"""Turns an aligned article of a split into segments and rejects."""

Place = tuple[str, str]
"""A configuration and a split."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What the first pass has decided for the whole corpus."""

    cut: Cutter
    filters: FiltersConfig
    context: Context
    duplicates: Mapping[str, Duplicate]
    conflicts: Mapping[str, str]
    """Articles that no split can take, and why."""
    splits: Mapping[str, str]
    sources: Mapping[str, Source]
    """By issue; an issue without one is not in it."""
    contamination: Contamination | None = None


class Mark(NamedTuple):
    """What the writer needs to know of a row besides its columns."""

    id: str
    article_id: str
    key: int
    score: float
    words: tuple[int, ...]


@dataclass(slots=True)
class Batch:
    """The rows of some articles by place, a mark for each row of a pair or triple, and what was refused."""

    tables: dict[Place, pa.Table] = field(default_factory=dict)
    marks: dict[Place, list[Mark]] = field(default_factory=dict)
    rejects: list[Reject] = field(default_factory=list)
    alone: Counter[str] = field(default_factory=Counter)
    in_order: Counter[str] = field(default_factory=Counter)
    overlaps: Counter[str] = field(default_factory=Counter)
    """Rows that overlap a test set, by its file."""
    provenance: Provenance = field(default_factory=Provenance)

    def leave_out(self, id_: str, place: str, record: dict[str, Any]) -> None:
        """Rejects and counts a row that overlaps the test sentence at `place`, FILE:line."""
        self.overlaps[place.rpartition(":")[0]] += 1
        self.rejects.append(Reject(STAGE, id_, f"{OVERLAPS}: {place}", record | {"test": place}))


class Selector:
    """Judges the articles of some lines of the spool."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan

    def __call__(self, lines: Sequence[str]) -> Batch:
        """Returns the rows and rejects of the articles, in their order."""
        batch = Batch()
        rows: defaultdict[Place, list[dict[str, Any]]] = defaultdict(list)
        marks: defaultdict[Place, list[Mark]] = defaultdict(list)
        for line in lines:
            article = Article.from_json(json.loads(line))
            reject = self._unwanted(article)
            if reject:
                batch.rejects.append(reject)
                continue
            split = self._plan.splits[article.id]
            source = self._plan.sources.get(article.issue_id)
            licence = source.licence if source else stated_licence(article)
            provenance = columns_of(article, BRIEF)
            batch.provenance.add(article)
            human = article.human()
            place = (
                self._plan.contamination.overlap_of_article(article) if self._plan.contamination and split == "train" else None
            )
            if place:
                titles = {lang: v.title for lang, v in article.versions.items() if v.title}
                record = {"article_id": article.id, "config": ARTICLES, "issue_id": article.issue_id, "titles": titles}
                record |= memory_of(human, split)
                batch.leave_out(article.id, place, record)
            else:
                rows[ARTICLES, split].append(article_row(article if split == "train" else human, licence))
            pieces = self._plan.cut(human, split)
            batch.rejects += pieces.rejects
            for name, segments in pieces.segments.items():
                for segment in self._kept(name, segments, batch):
                    rows[name, split].append(segment_row(segment, licence, provenance))
                    marks[name, split].append(_mark(name, segment))
        batch.tables = {place: pa.Table.from_pylist(own, schema=SCHEMAS[place[0]]) for place, own in rows.items()}
        batch.marks = dict(marks)
        return batch

    def _unwanted(self, article: Article) -> Reject | None:
        twin = self._plan.duplicates.get(article.id)
        if twin:
            titles = {lang: v.title for lang, v in article.versions.items() if v.title}
            record: dict[str, Any] = {"article_id": article.id, "issue_id": article.issue_id, "of": twin.of, "titles": titles}
            record |= {"lang": twin.lang, "score": round(twin.likeness, 4), "lines": list(article.article_lines)}
            return Reject("deduplicate", article.id, f"{TWICE}: {twin.kind} duplicate of {twin.of}", record)
        why = self._plan.conflicts.get(article.id)
        return Reject("split", article.id, why, article.to_json()) if why else None

    def _kept(self, name: str, segments: Sequence[Segment], batch: Batch) -> Iterator[Segment]:
        for segment in segments:
            judged = judge(segment, self._plan.context, self._plan.filters)
            batch.alone.update(judged.refused)
            scored = replace(segment, scores=segment.scores | judged.scores)
            if judged.refused:
                first = judged.refused[0]
                batch.in_order[first] += 1
                record = segment_record(scored, name) | {
                    "score": judged.scores[first],
                    "refused": list(judged.refused),
                    "found": judged.found,
                }
                batch.rejects.append(Reject("filter", segment.id, _refusal(first, self._plan.filters), record))
                continue
            if self._plan.contamination and segment.split == "train":
                place = self._plan.contamination.overlap(segment)
                if place:
                    batch.leave_out(segment.id, place, segment_record(scored, name) | {"score": segment.scores["alignment"]})
                    continue
            yield scored


def _refusal(name: str, config: FiltersConfig) -> str:
    return f"filters.{name}: {'below' if FILTERS[name].at_least else 'above'} {getattr(config, name):g}"


def _mark(name: str, segment: Segment) -> Mark:
    words = tuple(len(text.split()) for text in segment.text.values())
    return Mark(segment.id, segment.article_id, pair_key(segment, name), segment.scores["alignment"], words)
