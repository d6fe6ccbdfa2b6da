"""TSV without quotes: a header, then a row a line, its cells between tabs; in a cell, tabs and line ends are spaces."""

from collections.abc import Sequence
from typing import TextIO

from kzalign.corpus.exports.units import Head, Rows, Tally, for_lines, units


def write_tsv(head: Head, rows: Rows, streams: Sequence[TextIO], tally: Tally) -> None:
    """Writes one TSV file: id, a column a language, the facts."""
    (stream,) = streams
    stream.write("\t".join(("id", *head.langs, *head.facts)) + "\n")
    for unit in units(rows, head, tally, for_lines, articles_least=0):
        cells = (unit.id, *(unit.texts.get(lang, "") for lang in head.langs), *map(str, unit.facts.values()))
        stream.write("\t".join(cells) + "\n")
