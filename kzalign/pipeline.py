"""Documents to aligned articles: what one worker does with one document, and many workers in the input's order.

This file composes the stages for `build DOCUMENT…`; the stages know nothing of each other.
"""

import math
import os
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, replace
from functools import lru_cache, partial
from pathlib import Path
from statistics import fmean
from typing import Any

from kzalign.align import LexicalAligner, align, make_aligner
from kzalign.align.lexicon import default_lexicon
from kzalign.align.relate import relatedness
from kzalign.align.trilingual import triples
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import Stress, stress
from kzalign.config import AlignConfig, Config
from kzalign.corpus.filters import Context, Recurrence, judge
from kzalign.corpus.segments import Cut, Row, cut
from kzalign.extract import extract
from kzalign.extract.readers import Entry, Member, Place, Remote, Unreadable, file_of, printable, read_issue
from kzalign.extract.readers.tesseract import find_engine
from kzalign.kept import Document, Kept, state_of
from kzalign.parallel import in_order
from kzalign.records import PAIRS, Article, Issue, Reject
from kzalign.text.normalise import repair

SMALL = 400_000
"""Bytes below which starting workers costs more than it saves."""


@lru_cache(maxsize=1)
def _aligner(config: AlignConfig) -> LexicalAligner:
    return make_aligner(config)


def process(path: Place, issue_id: str, config: Config, aligned: bool) -> Document:
    """Returns a document's articles, aligned if asked; a document that cannot be read is a reject."""
    entry: dict[str, Any] = {"id": issue_id, "file": printable(path.name)}
    try:
        issue = read_issue(path, config.extract, issue_id)
    except Unreadable as error:
        return Document(entry, (), (Reject("read", issue_id, str(error), {"file": printable(path.name)}),))
    extracted = extract(issue, config.extract, relatedness)
    articles = extracted.articles
    if aligned:
        articles = tuple(align(article, _aligner(config.align)) for article in articles)
    entry |= {
        "sha256": issue.sha256,
        "encoding": issue.encoding,
        **({"bad_bytes": issue.bad_bytes} if issue.bad_bytes else {}),
        "lines": len(issue.lines),
        **({"pages": len(issue.pages)} if issue.pages else {}),
        "articles": len(articles),
        "versions": sum(bool(v.abstract) for a in articles for v in a.versions.values()),
        "repairs": extracted.repairs,
        **({"ocr": _ocr(issue)} if issue.recognised else {}),
    }
    return Document(entry, articles, extracted.rejects)


def _ocr(issue: Issue) -> dict[str, Any]:
    """Returns what the manifest says about the lines that OCR read."""
    words = [sure for line in issue.recognised.values() for sure in line]
    pages = {bisect_right(issue.pages, number) for number in issue.recognised}
    return {"by": issue.recogniser, "pages": len(pages), "lines": len(issue.recognised), "confidence": round(fmean(words), 4)}


def kept_beside(output: Path, config: Config, aligned: bool) -> Kept:
    """Returns what unfinished runs to an output have kept: only a run with the same settings finds it."""
    lexicons = [[name, *_state(Path(name))] for name in config.align.lexicons]
    return Kept(output, [asdict(config.extract) | {"ocr_jobs": 0}, asdict(config.align), lexicons, aligned])


def _state(path: Path | None) -> list[int]:
    try:
        return state_of(path) if path else []
    except OSError:
        return []


def process_all(
    paths: Sequence[Place], config: Config, aligned: bool, jobs: int | None = None, kept: Kept | None = None
) -> Iterator[Document]:
    """Yields the documents in the order given; one whose bytes came before is a reject that names the first.

    What each gave is taken from `kept`, or kept there.
    Raises KzalignError where OCR is asked for and cannot be done.
    """
    if config.extract.ocr:
        find_engine(config.extract.ocr_languages)
    seen: dict[str, dict[str, Any]] = {}
    for document in _run(paths, issue_ids(paths), config, aligned, jobs, kept):
        entry = document.entry
        first = seen.setdefault(entry["sha256"], entry) if "sha256" in entry else entry
        if first is entry:
            yield document
        else:
            reject = Reject("read", entry["id"], f"the same document as {first['file']}", {"file": entry["file"]})
            yield Document(entry | {"articles": 0, "versions": 0}, (), (reject,))


def issue_ids(paths: Iterable[Place]) -> list[str]:
    """Returns an id for each document: its name without suffix, after those of its folders where others have that too.

    A number follows where another has the id already.
    """
    places = list(paths)
    counts = Counter(printable(path.stem) for path in places)
    ids: list[str] = []
    taken: set[str] = set()
    for path in places:
        stem = printable(path.stem)
        folders = path.folders if isinstance(path, Entry | Member) and counts[stem] > 1 else ()
        base = name = "-".join((*map(printable, folders), stem))
        k = 2
        while name in taken or (folders and counts[name] == 1):
            name, k = f"{base}-{k}", k + 1
        taken.add(name)
        ids.append(name)
    return ids


def _run(
    paths: Sequence[Place], ids: list[str], config: Config, aligned: bool, jobs: int | None, kept: Kept | None
) -> Iterator[Document]:
    cores = jobs or os.cpu_count() or 1
    workers = 1 if config.align.aligner == "encoder" else min(cores, len(paths))
    if jobs is None and not config.extract.ocr and sum(_size(path) for path in paths) < SMALL:
        workers = 1
    if workers > 1:
        default_lexicon()
    if not config.extract.ocr_jobs:
        config = replace(config, extract=replace(config.extract, ocr_jobs=math.ceil(cores / max(1, workers))))
    return in_order(partial(_process, config=config, aligned=aligned, kept=kept), zip(paths, ids, strict=True), workers)


def _process(named: tuple[Place, str], config: Config, aligned: bool, kept: Kept | None) -> Document:
    """Returns a document's articles, those that are kept if there are; what could not be read is tried again."""
    place, issue_id = named
    key = [issue_id, repr(place), *_state(file_of(place))]
    document = kept.get(key) if kept else None
    if document is None:
        document = process(place, issue_id, config, aligned)
        if kept and "sha256" in document.entry:
            kept.put(key, document)
    return document


def _size(path: Place) -> int:
    if isinstance(path, Member | Remote):
        return path.size
    try:
        return (path.path if isinstance(path, Entry) else path).stat().st_size
    except OSError:
        return 0


def cut_article(article: Article, split: str) -> Cut:
    """Returns the segments and rejects of an aligned article of a split."""
    rows, contradictions = triples(article)
    return cut(
        article,
        [Row(t.sentences, t.score) for t in rows],
        [(Row(c.sentences, 0.0), c.reason) for c in contradictions],
        split,
    )


def repaired(article: Article) -> Article:
    """Returns the article with its sentences as extraction would repair them: gold files hold them as printed."""
    lines = [sentence for version in article.versions.values() for sentence in version.sentences]
    mended = iter(repair("\n".join(lines)).text.split("\n"))
    versions = {
        lang: replace(version, sentences=tuple(next(mended) for _ in version.sentences))
        for lang, version in article.versions.items()
    }
    return replace(article, versions=versions)


def label_pairs(gold: Path, config: Config, damage: Stress | None, name: str) -> tuple[list[float], list[bool]]:
    """Returns a filter's score of each pair of the gold's articles, aligned anew, and whether the gold has that very bead.

    Pairs that another filter refuses are left out.
    """
    articles = [repaired(article) for article in load_gold(gold)]
    if damage:
        articles = [stress(article, damage.delete, damage.merge, damage.seed) for article in articles]
    recurrence = Recurrence()
    for article in articles:
        recurrence.add(article)
    context = Context(recurrence.freeze())
    scores, rights = [], []
    for article in articles:
        cut = cut_article(align(replace(article, alignment={}), _aligner(config.align)), "train")
        for pair in PAIRS:
            right = {(bead.left, bead.right) for bead in article.alignment.get(pair, ())}
            left_lang, right_lang = pair.split("-")
            for segment in cut.segments[pair]:
                judged = judge(segment, context, config.filters)
                if not set(judged.refused) - {name}:
                    sides = segment.sentence_ids[left_lang], segment.sentence_ids[right_lang]
                    scores.append(judged.scores[name])
                    rights.append(sides in right)
    return scores, rights
