"""Moses: a plain text file for each language, one segment a line, and one of ids and scores."""

from collections.abc import Sequence
from typing import TextIO

from kzalign.corpus.exports.units import Head, Rows, Tally, for_lines, units

IDS = ".ids"


def moses_endings(head: Head) -> tuple[str, ...]:
    """Returns what each file's name ends in: the languages and `.ids`."""
    return (*(f".{lang}" for lang in head.langs), IDS)


def write_moses(head: Head, rows: Rows, streams: Sequence[TextIO], tally: Tally) -> None:
    """Writes the files of the languages and that of ids, each with as many lines; rows lacking a language are rejects."""
    *texts, ids = streams
    for unit in units(rows, head, tally, for_lines):
        for lang, stream in zip(head.langs, texts, strict=True):
            stream.write(unit.texts[lang] + "\n")
        ids.write(f"{unit.id}\t{unit.facts.get('score', '')}\n")
