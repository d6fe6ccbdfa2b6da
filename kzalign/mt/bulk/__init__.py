"""Bulk translation: an input's articles in, the articles with the versions they lack out; whatever happens in between."""

import datetime
import re
from collections import Counter, deque
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from kzalign import __version__
from kzalign.errors import KzalignError
from kzalign.mt.bulk.flow import Asked, Engine, Flow, Here
from kzalign.mt.bulk.job import Job, check_job, check_same, header_of, settings_hash
from kzalign.mt.bulk.ledger import Ledger, check_output, files_of, nothing_in
from kzalign.mt.bulk.readers import Record, Source
from kzalign.mt.bulk.window import Request, Window
from kzalign.mt.bulk.works import Translated, Work, filled, works_of
from kzalign.mt.contract import Translator, translates
from kzalign.records import Article, Reject, dumps
from kzalign.store import locked

CHARACTERS = 1_000
"""A window has at most so many characters for each text it may have: bounds memory where abstracts are long."""


PARTICULARS = re.compile(r" \(|:|;")
"""What begins the part of a reject's reason that is about this record alone."""


Item = tuple[Record, list[Work], Counter[str]]


class Stopped(Exception):
    """The user asked to stop: the journal has all that was translated."""


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is: about how many records of how many are done, texts and characters translated by this process."""

    records: int
    total: int
    texts: int = 0
    characters: int = 0


@dataclass(frozen=True, slots=True)
class Summary:
    """What an output holds; `complete` is False where the user stopped the run."""

    complete: bool
    counts: dict[str, int]
    began: int
    """Records that earlier runs had written."""
    healed: int
    """Bytes of an unfinished line that were cut off."""


def translate(
    source: Source,
    output: Path,
    translator: Translator,
    job: Job,
    force: bool = False,
    tell: Callable[[Progress], None] = lambda progress: None,
    stop: Callable[[], bool] = lambda: False,
) -> Summary:
    """Writes the output, its rejects and its manifest, or goes on with it, and returns what it holds.

    Raises KzalignError where the output is taken, was begun otherwise or cannot be written, or the model lacks a language.
    """
    check_job(job, translator)
    check_output(output)
    with locked(output):
        ledger = _ledger(source, output, translator, job, force)
        began = ledger.next
        try:
            if not ledger.complete:
                ledger.open()
                _run(source, translator, job, ledger, tell, stop)
            if not job.shard:
                _check_some(ledger, output)
            ledger.finish(_manifest(ledger))
        except Stopped:
            return Summary(False, ledger.counts, began, ledger.healed)
        finally:
            ledger.close()
        return Summary(True, ledger.counts, began, ledger.healed)


def _check_some(ledger: Ledger, output: Path) -> None:
    """Raises KzalignError where nothing of the whole input is an article, and removes what was begun; a shard may be empty."""
    if not ledger.counts.get("articles"):
        why = ledger.first_reject()
        ledger.drop()
        raise nothing_in(output, ledger.counts.get("rejects", 0), why)


def _ledger(source: Source, output: Path, translator: Translator, job: Job, force: bool) -> Ledger:
    """Returns the ledger of an earlier run of the same job, or a new one."""
    header = header_of(job, source, translator)
    ledger = Ledger.begun(output)
    if ledger is not None:
        check_same(ledger.header, header, str(output))
    if (ledger is None or not ledger.complete) and not force:
        for path in files_of(output):
            if path.exists():
                raise KzalignError(f"{path} exists: choose another output or give --force to replace it")
    return ledger or Ledger.new(output, header | {"date": job.date or datetime.date.today().isoformat()})


@dataclass(frozen=True, slots=True)
class Due:
    """A window under way: its records with their work, what was asked for them, and the number of the record after them."""

    first: int
    following: int
    items: list[Item]
    wanted: list[list[dict[str, list[Request]]]]
    asked: Asked

    @property
    def done(self) -> int:
        """Returns about how many of the records are done."""
        return (self.following - self.first) * min(self.asked.texts, self.asked.of) // max(self.asked.of, 1)


def _run(
    source: Source,
    translator: Translator,
    job: Job,
    ledger: Ledger,
    tell: Callable[[Progress], None],
    stop: Callable[[], bool],
) -> None:
    """Translates and writes window after window; raises Stopped where the user asks for it between two batches."""
    total = min(source.count, job.limit or source.count)
    progress = Progress(ledger.next, total)
    under: deque[Due] = deque()

    def count(texts: int, characters: int) -> None:
        nonlocal progress
        done = sum(
            (due.following - due.first) * min(due.asked.texts, due.asked.of) // due.asked.of for due in under if due.asked.of
        )
        progress = Progress(ledger.next + done, total, progress.texts + texts, progress.characters + characters)
        tell(progress)

    tell(progress)
    window = Window(translator, job.config)
    flow = Flow(translator if isinstance(translator, Engine) else Here(translator), window, ledger, count)
    rest = None if job.limit is None else job.limit - ledger.next
    records = enumerate(islice(_readable(source, ledger.next), rest), ledger.next)
    windows = _cut(records, job, partial(translates, translator), window, ledger.next)
    ended = False
    while True:
        if stop():
            flow.drain()
            raise Stopped
        while flow.hungry and not ended:
            if ended := (found := next(windows, None)) is None:
                break
            under.append(_begun(flow, job, *found))
        while under and (results := under[0].asked.results) is not None:
            due = under.popleft()
            flow.forget(due.first)
            _write_window(due, results, ledger)
            progress = replace(progress, records=max(progress.records, due.following))
            tell(progress)
        if under:
            flow.step()
        elif ended:
            return


def _readable(source: Source, start: int) -> Iterator[Record]:
    records = source.records(start)
    while True:
        try:
            record = next(records)
        except StopIteration:
            return
        except OSError as error:
            raise KzalignError(f"{error.filename or 'the input'}: cannot be read any more: {error.strerror or error}") from None
        yield record


def _cut(
    records: Iterator[tuple[int, Record]], job: Job, can: Callable[[str, str], bool], window: Window, start: int
) -> Iterator[tuple[int, int, list[Item]]]:
    """Yields of each window the number of its first record and of the record after it, and its records with their work.

    Where a window ends is a function of the input and the settings alone, so that a run that was cut short makes the
    same batches again.
    """
    items: list[Item] = []
    first = following = start
    texts = characters = 0
    for number, record in records:
        following = number + 1
        if job.shard is not None and not job.shard.has(record.id):
            continue
        works, counts = works_of(record, job, can, window.fits) if isinstance(record, Article) else ([], Counter[str]())
        items.append((record, works, counts))
        texts += 1 + sum(len(found) for work in works for found in work.texts.values())
        if isinstance(record, Article):
            characters += sum(len(version.abstract) for version in record.versions.values())
        if texts >= job.config.window or characters >= CHARACTERS * job.config.window:
            yield first, following, items
            items, first, texts, characters = [], following, 0, 0
    if following > first:
        yield first, following, items


def _begun(flow: Flow, job: Job, first: int, following: int, items: list[Item]) -> Due:
    wanted = [
        [{name: [_request(text, work, job) for text in texts] for name, texts in work.texts.items()} for work in works]
        for _, works, _ in items
    ]
    asked = flow.begin(first, (request for works in wanted for fields in works for found in fields.values() for request in found))
    return Due(first, following, items, wanted, asked)


def _write_window(due: Due, results: Mapping[Request, Translated], ledger: Ledger) -> None:
    articles, rejects = [], []
    counts = Counter(ledger.counts)
    model, settings, date = ledger.header["model"], settings_hash(ledger.header), ledger.header["date"]
    for (record, works, found), wanted in zip(due.items, due.wanted, strict=True):
        counts.update(found)
        if isinstance(record, Reject):
            counts.update(("rejects", f"reject {PARTICULARS.split(record.reason)[0]}"))
            rejects.append(dumps(record.to_json()) + "\n")
            continue
        made = [{name: [results.get(r, BLANK) for r in asked] for name, asked in fields.items()} for fields in wanted]
        counts.update(_counted(made))
        articles.append(dumps(filled(record, works, made, model, settings, date).to_json()) + "\n")
    counts["articles"] += len(articles)
    ledger.commit("".join(articles), "".join(rejects), due.following, counts)


BLANK = Translated("", ())
"""The hypothesis of a blank text: the model is not asked."""


def _request(text: str, work: Work, job: Job) -> Request:
    terms = job.glossary.terms_in(text, work.source, work.target, work.terms)
    return Request(work.source, work.target, text, terms)


def _counted(made: list[dict[str, list[Translated]]]) -> Counter[str]:
    counts = Counter({"versions": len(made)})
    for fields in made:
        for texts in fields.values():
            counts["texts"] += len(texts)
            for text in texts:
                counts["flagged"] += bool(text.flags)
                counts.update(f"flag {name}" for name in text.flags)
    return counts


def _manifest(ledger: Ledger) -> dict[str, Any]:
    told = {"stage": "translate", "versions": {"kzalign": __version__}, **ledger.header}
    return told | {"settings_hash": settings_hash(ledger.header), "counts": ledger.counts}


__all__ = ["Progress", "Summary", "translate"]
