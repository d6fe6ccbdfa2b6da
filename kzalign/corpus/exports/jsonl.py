"""JSON lines: each row as the Parquet file has it, and its split."""

from collections.abc import Sequence
from typing import TextIO

from kzalign.corpus.exports.units import Head, Rows, Tally
from kzalign.records import dumps


def write_jsonl(head: Head, rows: Rows, streams: Sequence[TextIO], tally: Tally) -> None:
    """Writes one object a line; nothing is dropped."""
    (stream,) = streams
    for split, row in rows:
        stream.write(dumps(row | {"split": split}) + "\n")
        tally.written += 1
