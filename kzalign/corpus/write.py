"""Batches of the second pass to the dataset's files: texts that came before are left out, the rest is written and counted."""

from collections.abc import Iterable, Mapping
from typing import IO

import pyarrow as pa

from kzalign.corpus.gather import write_reject
from kzalign.corpus.parquet import ARTICLES, Table
from kzalign.corpus.reasons import REPEATED
from kzalign.corpus.report.figures import Figures
from kzalign.corpus.seen import SeenPairs
from kzalign.corpus.select import Batch, Mark, Place
from kzalign.corpus.tally import Tally
from kzalign.records import Reject


def write_batches(
    batches: Iterable[Batch], tables: Mapping[Place, Table], rejects: IO[str], figures: Figures, tally: Tally
) -> None:
    """Writes the batches' rows to the tables and their rejects to `rejects`, and counts both."""
    seen = SeenPairs()
    for batch in batches:
        tally.add_batch(batch)
        for reject in batch.rejects:
            write_reject(reject, rejects, figures)
        for place, table in batch.tables.items():
            if place[0] == ARTICLES:
                tally.add_articles(place[1], table.num_rows)
                tables[place].add(table)
                continue
            marks = batch.marks[place]
            firsts = [seen.first(mark.key, mark.id) for mark in marks]
            new = [k for k, first in enumerate(firsts) if first is None]
            for k, first in enumerate(firsts):
                if first is not None:
                    write_reject(_repeated(place, marks[k], first, table.slice(k, 1)), rejects, figures)
            tally.add(place, [marks[k] for k in new])
            tables[place].add(table if len(new) == len(marks) else table.take(new))
    for table in tables.values():
        table.close()


def _repeated(place: Place, mark: Mark, first: str, row: pa.Table) -> Reject:
    [columns] = row.to_pylist()
    record = {
        "article_id": mark.article_id,
        "config": place[0],
        "score": round(mark.score, 4),
        "of": first,
        "text": columns["translation"],
        "sentence_ids": columns["sentence_ids"],
    }
    return Reject("deduplicate", mark.id, f"{REPEATED}: {first}", record)
