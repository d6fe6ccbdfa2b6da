"""`kzalign lexicon …`: a user's own words for the aligner, from dictionaries and from pairs of sentences."""

import time
from pathlib import Path
from typing import Annotated, Any

import typer

from kzalign.console import console, print_json
from kzalign.errors import KzalignError
from kzalign.options_cli import Force, Json, Output

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="markdown", help="Give the aligner more words: from a dictionary, from your own pairs."
)

LEARNT = "learnt"
"""The domain of learnt entries."""

MIN_PROBABILITY = 0.3
"""Of the words of government news that this keeps and the lexicon knows, it agrees with about nine in ten."""

MIN_COUNT = 3

Langs = Annotated[
    tuple[str, str] | None, typer.Option("--langs", metavar="LANG LANG", help="The two languages, in the order a line has them.")
]


@app.command(name="import")
def import_(
    file: Annotated[Path, typer.Argument(help="A dictionary: .tsv, .dic (hunalign) or .dix (Apertium, bilingual).")],
    output: Output,
    langs: Langs = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Turn a dictionary into a lexicon file for `align` and `build`.

    Examples: `kzalign lexicon import terms.tsv --langs kk ru -o user-lexicon.tsv` ·
    `kzalign lexicon import kaz-rus.dix --langs kk ru -o user-lexicon.tsv`

    A .tsv has two columns, or kzalign's own four (kk, ru, en, domain), which need no `--langs`; `|` separates variants.
    A line of a .dic is `target phrase @ source phrase`: for a Kazakh-Russian one give `--langs ru kk`.
    """
    from kzalign.align.lexicon_files import read_user_lexicon
    from kzalign.store import refuse_inputs

    refuse_inputs([output], [file])
    _write(read_user_lexicon(file, langs), output, force, as_json, {"file": file.name})


@app.command()
def learn(
    corpus: Annotated[Path, typer.Argument(help="A corpus folder, an aligned.jsonl, or a .tsv of two columns.")],
    output: Output,
    langs: Langs = None,
    min_probability: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="Keep words that translate each other at least so likely.")
    ] = MIN_PROBABILITY,
    min_count: Annotated[
        int, typer.Option(min=1, help="Keep words that meet in at least so many pairs of sentences.")
    ] = MIN_COUNT,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Read so many pairs of each two languages.")] = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Learn words from pairs of sentences that are translations: those that kzalign's lexicon does not have.

    Examples: `kzalign lexicon learn corpus/ -o learnt.tsv` · `kzalign lexicon learn pairs.tsv --langs kk ru -o learnt.tsv`

    Without `--langs` all pairs of languages of a corpus are learnt from. The likeliest words come first in the file.
    """
    from kzalign.align.learn import learn as words_of
    from kzalign.align.learn import unknown_pairs
    from kzalign.align.lexicon import shipped_entries
    from kzalign.align.lexicon_files import grouped
    from kzalign.align.pairs import read_pairs
    from kzalign.corpus.built import built_files
    from kzalign.store import refuse_inputs

    refuse_inputs([output], built_files(corpus))
    start = time.monotonic()
    known = shipped_entries()
    entries = []
    counts = {"pairs": 0, "words": 0, "known": 0}
    for (left, right), pairs in read_pairs(corpus, langs).items():
        words = words_of(pairs[:limit], left, right, known, min_probability, min_count)
        new = unknown_pairs(words, left, right, known)
        entries += grouped((((pair.left,), (pair.right,)) for pair in new), (left, right), LEARNT)
        counts["pairs"] += len(pairs[:limit])
        counts["words"] += len(words)
        counts["known"] += len(words) - len(new)
    if not entries:
        raise KzalignError(
            f"{corpus}: {counts['pairs']} pairs of sentences teach no new word; more pairs, or a lower --min-count or "
            "--min-probability, may"
        )
    _write(entries, output, force, as_json, counts | {"seconds": round(time.monotonic() - start, 1)})


def _write(entries: list[Any], output: Path, force: bool, as_json: bool, summary: dict[str, Any]) -> None:
    """Writes kzalign's TSV and prints the summary and how to use the file."""
    from kzalign.align.lexicon_files import lexicon_lines
    from kzalign.store import whole_file

    with whole_file(output, force) as stream:
        stream.writelines(lexicon_lines(entries))
    if as_json:
        print_json(summary | {"entries": len(entries), "output": str(output)})
        return
    told = ", ".join(f"{name} {value}" for name, value in summary.items())
    console.print(f"{len(entries)} entries in {output} ({told})", highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"use them: kzalign build … --set 'align.lexicons=[\"{output}\"]'", highlight=False, markup=False, soft_wrap=True
    )
