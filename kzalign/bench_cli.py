"""`kzalign bench …`: extraction and alignment against gold."""

from pathlib import Path
from typing import Annotated

import typer

from kzalign.config import load_config
from kzalign.console import print_json
from kzalign.options_cli import ConfigFile, Setting

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="markdown", help="Measure extraction and alignment against gold articles."
)

Gold = Annotated[Path, typer.Option("--gold", help="Folder of gold articles (*.json).")]
Json = Annotated[bool, typer.Option("--json", help="Print a machine-readable report.")]


@app.command()
def extraction(
    articles: Annotated[Path, typer.Argument(help="articles.jsonl or aligned.jsonl of the gold's documents.")],
    gold: Gold,
    as_json: Json = False,
) -> None:
    """Compare the articles found in documents with the gold.

    Example: `kzalign bench extraction aligned.jsonl --gold gold/dev`
    """
    from kzalign.bench import bench_extraction
    from kzalign.store import read_articles

    report = bench_extraction(read_articles(articles), gold)
    if as_json:
        print_json(report.to_json())
    else:
        typer.echo("\n".join([*map(str, report.findings), "", *report.lines()]))


@app.command()
def alignment(
    gold: Gold,
    damage: Annotated[str | None, typer.Option("--stress", help="Damage the gold first: delete=0.2,merge=0.1,seed=1.")] = None,
    config: ConfigFile = None,
    setting: Setting = None,
    as_json: Json = False,
) -> None:
    """Align the gold's sentences anew and compare the beads: strict and lax P/R/F1, reliability, area under the curve.

    Example: `kzalign bench alignment --gold gold/dev --stress delete=0.2,merge=0.1,seed=1`
    """
    from kzalign.align import align, make_aligner
    from kzalign.bench import bench_alignment
    from kzalign.bench.stress import parse_stress

    settings = load_config(config, setting)
    aligner = make_aligner(settings.align)
    report, apart = bench_alignment(gold, lambda article: align(article, aligner), parse_stress(damage) if damage else None)
    if as_json:
        print_json(report.to_json() | {"telling translations from other articles' abstracts (AUC)": apart.to_json()})
    else:
        typer.echo("\n".join([*report.lines(), f"telling translations from other articles' abstracts, AUC {apart}"]))
