"""`kzalign missing`: which articles lack an abstract in which language."""

from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from kzalign.console import print_json, progress, say
from kzalign.inputs_cli import INPUT, Column, From, IdColumn, Split, To, langs_of, source_of
from kzalign.options_cli import Force, Json
from kzalign.records import LANGS, Article

if TYPE_CHECKING:
    from kzalign.mt.bulk.lacking import Lack

app = typer.Typer(rich_markup_mode="markdown")

COLUMNS = ("id", "document", "lines", "doi", "lacks", "has", "from", "sentences", "keywords", "characters", "title")
FIGURES = ("articles", "sentences", "keywords", "characters")
NO_SOURCE = "no source"
"""Articles with no abstract that a person wrote in a language from which to translate."""


@app.command()
def missing(
    given: Annotated[str, typer.Argument(metavar="INPUT", help=INPUT)],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="A table (TSV), a row for each missing abstract.")] = None,
    source: From = None,
    target: To = None,
    column: Column = None,
    id_column: IdColumn = "",
    split: Split = "train",
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Say which articles lack an abstract in which language, and how much there is to translate.

    Examples: `kzalign missing articles.jsonl` · `kzalign missing corpus/ --to kk -o without-kazakh.tsv`

    `kzalign translate --missing` makes them; this needs no model and translates nothing.
    """
    from kzalign.corpus.built import built_files
    from kzalign.mt.bulk.job import Job
    from kzalign.mt.bulk.lacking import lacks_of
    from kzalign.store import refuse_inputs, whole_file

    sources = langs_of(source, "--from")
    if output:
        refuse_inputs([output], built_files(Path(given).expanduser()))
    opened = source_of(given, column, id_column, split, sources)
    job = Job(langs_of(target, "--to") or tuple(lang for lang in LANGS if sources != (lang,)), sources)
    counts: dict[str, Any] = {"articles": 0, "lacking": 0, "unreadable": 0, "languages": {}}
    with whole_file(output, force) if output else nullcontext() as stream:
        if stream:
            stream.write("\t".join(COLUMNS) + "\n")
        for record in progress(opened.records(0), "articles", opened.count):
            if not isinstance(record, Article):
                counts["unreadable"] += 1
                continue
            found = list(lacks_of(record, job))
            counts["articles"] += 1
            counts["lacking"] += bool(found)
            for lack in found:
                _count(counts["languages"].setdefault(lack.lang, Counter()), lack)
                if stream:
                    stream.write("\t".join(_cells(lack)) + "\n")
    if as_json:
        print_json(counts | ({"output": str(output)} if output else {}))
    else:
        _print(counts, job.targets, output)


def _count(counts: Counter[str], lack: "Lack") -> None:
    counts.update({"articles": 1, f"from {lack.source}" if lack.source else NO_SOURCE: 1})
    counts.update(sentences=lack.sentences, keywords=lack.keywords, characters=lack.characters)


def _cells(lack: "Lack") -> Iterator[str]:
    """Yields the cells of a row, without tabs and line ends."""
    article = lack.article
    lines = "-".join(map(str, article.article_lines)) if any(article.article_lines) else ""
    doi = " ".join(article.source.get("doi", ()))
    figures = (lack.sentences, lack.keywords, lack.characters)
    values = (article.id, article.issue_id, lines, doi, lack.lang, ",".join(lack.has), lack.source, *figures, lack.title)
    for value in values:
        yield " ".join(str(value).split())


def _print(counts: dict[str, Any], targets: tuple[str, ...], output: Path | None) -> None:
    table = Table(title="Missing abstracts", title_justify="left", header_style="bold")
    table.add_column("in")
    for name in (*FIGURES, NO_SOURCE):
        table.add_column(name, justify="right")
    table.add_column("made from")
    for lang in targets:
        found = counts["languages"].get(lang, Counter())
        ways = [f"{way.removeprefix('from ')} {found[way]:,}" for way in sorted(found) if way.startswith("from ")]
        table.add_row(lang, *(f"{found[name]:,}" for name in (*FIGURES, NO_SOURCE)), ", ".join(ways))
    Console().print(table)
    told = f"{counts['lacking']:,} of {counts['articles']:,} articles lack a language" + (f"; rows in {output}" if output else "")
    say("", told)
    if counts["unreadable"]:
        say("skipped", f"{counts['unreadable']:,} records of the input are no articles (`kzalign translate` names them)")
