"""export: a dataset folder in, the file of another tool out: a translation memory, training text, a table."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TextIO

from kzalign.corpus.built import built_files
from kzalign.corpus.exports.jsonl import write_jsonl
from kzalign.corpus.exports.moses import moses_endings, write_moses
from kzalign.corpus.exports.tmx import write_tmx
from kzalign.corpus.exports.tsv import write_tsv
from kzalign.corpus.exports.units import Head, Rows, Tally
from kzalign.corpus.exports.xlsx import write_xlsx
from kzalign.corpus.folder import select
from kzalign.corpus.segments import TRIPLE
from kzalign.errors import KzalignError, unknown
from kzalign.store import refuse_inputs, rejects_beside, whole_files

Blocks = Iterator[tuple[str, list[dict[str, Any]]]]


@dataclass(frozen=True, slots=True)
class Export:
    """A format: what writes it, and what the names of its files end in."""

    write: Callable[[Head, Rows, Sequence[TextIO], Tally], None]
    endings: Callable[[Head], tuple[str, ...]] = lambda head: ("",)


EXPORTS = {
    "tmx": Export(write_tmx),
    "moses": Export(write_moses, moses_endings),
    "tsv": Export(write_tsv),
    "xlsx": Export(write_xlsx),
    "jsonl": Export(write_jsonl),
}


def export(
    folder: Path,
    output: Path,
    format: str,
    rows: str = TRIPLE,
    splits: Sequence[str] = (),
    force: bool = False,
    watch: Callable[[Blocks, int], Blocks] = lambda blocks, total: blocks,
) -> dict[str, Any]:
    """Writes the rows of a dataset folder's configuration in a format and returns what was written, left out and changed.

    Rows that the format cannot hold go to `OUT.rejects.jsonl` (Moses: `OUT.ids.rejects.jsonl`); there is none if all were
    written. `watch` is given the blocks of rows and their number, and yields them.
    """
    if format not in EXPORTS:
        raise unknown("format", format, EXPORTS)
    if output.name in ("", ".."):
        raise KzalignError(f"'{output}' names no output: give a file's name")
    chosen = select(folder, rows, splits)
    head = Head(chosen.name, chosen.langs, chosen.columns)
    paths = [output.with_name(output.name + ending) for ending in EXPORTS[format].endings(head)]
    # the last file, for Moses writes none of the output's bare name, which another command's output may have
    beside = rejects_beside(paths[-1])
    refuse_inputs([*paths, beside], built_files(folder))
    with whole_files([*paths, beside], force) as (*streams, rejects):
        tally = Tally(rejects)
        blocks = watch(chosen.read(), chosen.blocks)
        EXPORTS[format].write(head, ((split, row) for split, block in blocks for row in block), streams, tally)
        if not tally.written:
            reason, _ = tally.reasons.most_common(1)[0]
            raise KzalignError(f"nothing to write to {output}: none of the {tally.reasons.total()} rows fits {format} ({reason})")
    if not tally.reasons:
        beside.unlink()
    return {
        "format": format,
        "rows": rows,
        "splits": chosen.counts,
        "written": tally.written,
        "rejects": dict(sorted(tally.reasons.items())),
        "characters_dropped": tally.dropped,
        "breaks_changed": tally.turned,
        "files": [str(path) for path in (*paths, *([beside] if tally.reasons else []))],
    }


__all__ = ["EXPORTS", "export"]
