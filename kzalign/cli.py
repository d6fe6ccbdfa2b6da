"""The command line: the only file that knows all stages, prints and exits."""

import sys
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Annotated, Any

import typer

from kzalign import (
    __version__,
    bench_cli,
    corpus_cli,
    export_cli,
    finetune_cli,
    harvest_cli,
    lexicon_cli,
    list_cli,
    missing_cli,
    publish_cli,
    translate_cli,
)
from kzalign.config import Config
from kzalign.console import fail_clearly, print_json, print_summary, progress, say
from kzalign.documents_cli import documents_of, keeping, with_rejects
from kzalign.errors import KzalignError
from kzalign.options_cli import ConfigFile, Force, Json, Output, Setting
from kzalign.records import Article, Reject, dumps
from kzalign.settings import load_config

app = typer.Typer(no_args_is_help=True, add_completion=False, rich_markup_mode="markdown", pretty_exceptions_enable=False)
app.add_typer(bench_cli.app, name="bench")
app.add_typer(corpus_cli.app, name="corpus")
app.add_typer(lexicon_cli.app, name="lexicon")
app.add_typer(export_cli.app)
app.add_typer(finetune_cli.app)
app.add_typer(harvest_cli.app)
app.add_typer(list_cli.app)
app.add_typer(missing_cli.app)
app.add_typer(publish_cli.app)
app.add_typer(translate_cli.app)

Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Stop after this many documents or articles.")]
Ocr = Annotated[bool, typer.Option("--ocr", help="Read scans, pages with broken fonts and images by Tesseract (kaz, rus, eng).")]
Jobs = Annotated[int | None, typer.Option("--jobs", "-j", min=1, help="Worker processes (default: one a core).")]
AlignerName = Annotated[str | None, typer.Option("--aligner", help="lexical (default) or encoder.")]
EncoderName = Annotated[
    str | None, typer.Option("--encoder", help="With the aligner encoder: a card's name or a model's folder.")
]


def _settings(
    config: Path | None, setting: list[str] | None, aligner: str | None = None, encoder: str | None = None, ocr: bool = False
) -> Config:
    """Returns the configuration; an option stands for its setting, and --encoder alone chooses that aligner."""
    chosen = [f"align.aligner={aligner or 'encoder'}"] if aligner or encoder else []
    return load_config(
        config,
        [*(setting or []), *chosen, *([f"align.encoder={encoder}"] if encoder else []), *(["extract.ocr=true"] if ocr else [])],
    )


def _read_by(config: Config) -> list[Path]:
    """Returns the files and folders that the configuration names for the aligner."""
    encoder = (config.align.encoder, config.align.embeddings) if config.align.aligner == "encoder" else ()
    return [*map(Path, config.align.lexicons), *(Path(name).expanduser() for name in encoder if name)]


@app.callback(invoke_without_command=True)
def root(version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False) -> None:
    """kzalign: trilingual (Kazakh, Russian, English) data from the abstracts of Kazakhstan's journals.

    Example: `kzalign build issue1.txt issue2.md -o corpus/`
    """
    if version:
        typer.echo(f"kzalign {__version__}")
        raise typer.Exit


@app.command()
def extract(
    documents: Annotated[
        list[Path],
        typer.Argument(
            help="Documents (text, Markdown, PDF, Word, ODT, HTML, XML, tables), folders, zip archives, hf://datasets/OWNER/NAME."
        ),
    ],
    output: Output,
    ocr: Ocr = False,
    config: ConfigFile = None,
    setting: Setting = None,
    limit: Limit = None,
    force: Force = False,
    jobs: Jobs = None,
    as_json: Json = False,
) -> None:
    """Find the articles and their abstracts in journal documents.

    Examples: `kzalign extract issue1.txt issue2.md -o articles.jsonl` · `kzalign extract scans/ -o articles.jsonl --ocr`

    A run that was stopped, or killed, goes on with the document where it was when the same command is given again.
    """
    from kzalign.store import refuse_inputs

    refuse_inputs(with_rejects(output), [config])
    settings = _settings(config, setting, ocr=ocr)
    with keeping(output, settings, aligned=False) as kept:
        items = documents_of(documents, settings, limit, jobs, with_rejects(output), aligned=False, kept=kept)
        _write_articles(items, output, force, as_json)


@app.command()
def align(
    articles: Annotated[Path, typer.Argument(help="articles.jsonl from `kzalign extract`.")],
    output: Output,
    aligner: AlignerName = None,
    encoder: EncoderName = None,
    config: ConfigFile = None,
    setting: Setting = None,
    limit: Limit = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Align the sentences of each article's abstracts.

    Example: `kzalign align articles.jsonl -o aligned.jsonl`
    """
    from kzalign import align as stage
    from kzalign.store import read_articles, refuse_inputs

    refuse_inputs(with_rejects(output), [articles, config])
    settings = _settings(config, setting, aligner, encoder)
    refuse_inputs(with_rejects(output), _read_by(settings))
    made = stage.make_aligner(settings.align)
    source = islice(read_articles(articles), limit)
    _write_articles((stage.align(article, made) for article in progress(source, "align", None)), output, force, as_json)


@app.command()
def build(
    inputs: Annotated[list[Path], typer.Argument(help="Documents as of `kzalign extract`, or one aligned.jsonl.")],
    output: Output,
    aligner: AlignerName = None,
    encoder: EncoderName = None,
    ocr: Ocr = False,
    config: ConfigFile = None,
    setting: Setting = None,
    limit: Limit = None,
    force: Force = False,
    jobs: Jobs = None,
    sources: Annotated[
        Path | None, typer.Option("--sources", help="TOML file: licence, publisher, URL of each document.")
    ] = None,
    decontaminate: Annotated[
        list[Path] | None, typer.Option("--decontaminate", help="A test set no training row may overlap; may be repeated.")
    ] = None,
    keep_splits: Annotated[
        Path | None, typer.Option("--keep-splits", help="An earlier corpus whose articles stay in their splits.")
    ] = None,
    as_json: Json = False,
) -> None:
    """Turn journal documents (or aligned articles) into a dataset folder.

    Examples: `kzalign build issues/*.txt -o corpus/` · `kzalign build aligned.jsonl -o corpus/` ·
    `kzalign build issues/ -o corpus/ --sources sources.toml --decontaminate flores.devtest.kaz_Cyrl`

    The folder holds Parquet files that `datasets.load_dataset` opens, a card, report.html, rejects.jsonl and a manifest.
    A run that was stopped, or killed, goes on with the document where it was when the same command is given again.
    """
    from kzalign.corpus import build as stage
    from kzalign.extract.readers.hub import is_dataset
    from kzalign.pipeline import cut_article
    from kzalign.store import refuse_inputs

    settings = _settings(config, setting, aligner, encoder, ocr)
    given = _given(sources, decontaminate, keep_splits, jobs, limit)
    refuse_inputs([output], [*inputs, config, sources, *(decontaminate or []), *_read_by(settings)])
    tables = [path for path in inputs if path.suffix == ".jsonl" and not is_dataset(path)]
    if tables and (tables != inputs or len(tables) > 1):
        raise KzalignError(
            "build takes documents or one aligned.jsonl, not both: run `kzalign align` on each and build the result"
        )
    with keeping(output, settings, aligned=True) as kept:
        items = (
            _aligned(inputs[0], settings, limit)
            if tables
            else documents_of(inputs, settings, limit, jobs, [output], aligned=True, kept=kept)
        )
        manifest = stage(items, output, settings, cut_article, force, given)
    if given.sources:
        for warning in given.sources.unused([(entry["id"], entry["file"]) for entry in manifest["inputs"]]):
            say("warning:", f"{sources}: {warning}")
    if as_json:
        print_json(manifest)
    else:
        print_summary(manifest, output)


def _given(sources: Path | None, tests: list[Path] | None, earlier: Path | None, jobs: int | None, limit: int | None) -> Any:
    """Returns what a build is given besides its input, read before any work is done."""
    from kzalign.corpus import Given
    from kzalign.corpus.decontaminate import Contamination
    from kzalign.corpus.sources import read_sources
    from kzalign.corpus.splits import read_splits

    return Given(
        sources=read_sources(sources) if sources else None,
        contamination=Contamination.read(tests) if tests else None,
        kept_splits=read_splits(earlier) if earlier else {},
        jobs=jobs,
        limit=limit,
    )


def _aligned(path: Path, config: Config, limit: int | None) -> Iterator[Any]:
    """Yields the articles of a JSONL file, aligning those that are not, and then an entry of each document they are of."""
    from kzalign import align as stage
    from kzalign.store import file_entry, read_articles

    entry = file_entry(path)
    documents: dict[str, dict[str, Any]] = {}
    aligner = stage.make_aligner(config.align)
    for article in progress(islice(read_articles(path), limit), "articles", None):
        named = {"id": article.issue_id, "file": article.issue_id, "articles": 0, "versions": 0, "from": entry}
        document = documents.setdefault(article.issue_id, named)
        document["articles"] += 1
        document["versions"] += sum(bool(version.abstract) for version in article.versions.values())
        yield article if article.alignment else stage.align(article, aligner)
    yield from documents.values()


def _write_articles(items: Iterator[Any], output: Path, force: bool, as_json: bool) -> None:
    """Writes articles to `output` and rejects beside it, and prints how many."""
    from kzalign.store import rejects_beside, whole_files

    counts = {"articles": 0, "versions": 0, "rejects": 0}
    if not output.name:
        raise KzalignError(f"'{output}' names no output: give a file's name")
    beside = rejects_beside(output)
    with whole_files([output, beside], force) as (stream, dropped):
        for item in items:
            if isinstance(item, Article):
                counts["articles"] += 1
                counts["versions"] += sum(bool(v.abstract) for v in item.versions.values())
                stream.write(dumps(item.to_json()) + "\n")
            elif isinstance(item, Reject):
                counts["rejects"] += 1
                dropped.write(dumps(item.to_json()) + "\n")
        if not counts["articles"]:
            raise KzalignError(f"nothing to write to {output}: no article found, {counts['rejects']} rejects")
    if as_json:
        print_json(counts)
    else:
        told = (
            f"{counts['articles']} articles, {counts['versions']} abstracts in {output}; {counts['rejects']} rejects in {beside}"
        )
        say("", told)


@app.command(name="align-lines")
def align_lines(
    left: Annotated[Path, typer.Argument(help="A text, one sentence a line.")],
    right: Annotated[Path, typer.Argument(help="Its translation, one sentence a line.")],
    langs: Annotated[
        tuple[str, str], typer.Option("--langs", help="The two languages' codes; any, kk, ru and en have a lexicon.")
    ],
    output: Annotated[Path | None, typer.Option("--output", "-o", help="Where to write (default: standard output).")] = None,
    force: Force = False,
) -> None:
    """Align two files of sentences; beads come in Vecalign's format, `[0]:[0, 1]:0.87`; a line left alone has 0.0.

    Example: `kzalign align-lines book.de book.fr --langs de fr -o book.beads`
    """
    from kzalign.align import LexicalAligner
    from kzalign.bench.alignment import format_bead
    from kzalign.store import read_lines, refuse_inputs, whole_file
    from kzalign.text.codes import check_codes

    refuse_inputs([output] if output else [], [left, right])
    check_codes(langs, "--langs")
    beads = LexicalAligner.with_lexicon().align_texts(read_lines(left), read_lines(right), langs)
    lines = [format_bead(bead if bead.left and bead.right else replace(bead, score=0.0)) for bead in beads]
    if output is None:
        for line in lines:
            typer.echo(line)
        return
    with whole_file(output, force) as stream:
        stream.writelines(f"{line}\n" for line in lines)


def main() -> None:
    """Runs the command line; a user's mistake is one line and exit code 2, Ctrl-C is 130."""
    sys.exit(fail_clearly(app))
