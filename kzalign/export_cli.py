"""`kzalign export …`: a corpus as translation tools, training scripts and spreadsheets take it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from kzalign.console import print_json, progress, say
from kzalign.options_cli import Force, Json, Output

app = typer.Typer(rich_markup_mode="markdown")

FormatName = Annotated[str, typer.Option("--format", "-f", help="tmx, moses, tsv, xlsx or jsonl.")]
RowsName = Annotated[str, typer.Option("--rows", help="kk-ru-en, kk-ru, kk-en, ru-en, or articles for whole abstracts.")]
Split = Annotated[
    list[str] | None, typer.Option("--split", help="train, validation or test; may be repeated (default: all that have rows).")
]


@app.command()
def export(
    corpus: Annotated[Path, typer.Argument(help="A dataset folder from `kzalign build`.")],
    format: FormatName,
    output: Output,
    rows: RowsName = "kk-ru-en",
    split: Split = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Write a corpus as a translation memory, training text or a table.

    Examples: `kzalign export corpus/ --format tmx -o corpus.tmx` ·
    `kzalign export corpus/ --format moses --rows kk-ru --split train -o train`

    Moses writes a file a language, `train.kk` and `train.ru`, and `train.ids`. Rows that a format cannot hold are written to
    `OUT.rejects.jsonl` (Moses: `OUT.ids.rejects.jsonl`) with the reason.
    """
    from kzalign.corpus.exports import export as stage

    def watched(blocks: Iterator[Any], total: int) -> Iterator[Any]:
        return progress(blocks, "blocks of rows", total)

    summary = stage(corpus, output, format, rows, split or (), force, watched)
    if as_json:
        print_json(summary)
        return
    say("", f"{summary['written']} rows of {rows} in {', '.join(summary['files'])}")
    for reason, count in summary["rejects"].items():
        say("left out", f"{count} x {reason}")
    if summary["characters_dropped"]:
        say("dropped", f"{summary['characters_dropped']} characters that {format} cannot hold")
    if summary["breaks_changed"]:
        say("changed", f"{summary['breaks_changed']} tabs and line ends")
