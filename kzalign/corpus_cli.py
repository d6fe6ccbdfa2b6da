"""`kzalign corpus …`: what a corpus's filters removed, and which threshold reaches a precision."""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from kzalign.console import print_filters, print_json
from kzalign.options_cli import ConfigFile, Json, Setting
from kzalign.settings import load_config

app = typer.Typer(
    no_args_is_help=True, rich_markup_mode="markdown", help="Look at what a corpus's filters do, and find their thresholds."
)


@app.command()
def report(
    corpus: Annotated[Path, typer.Argument(help="A dataset folder made by `kzalign build`.")],
    as_json: Json = False,
) -> None:
    """Show how many rows each filter of a corpus refuses, alone and in order, and what else was left out.

    Example: `kzalign corpus report corpus/`
    """
    from kzalign.corpus.folder import open_manifest

    manifest = open_manifest(corpus)
    if as_json:
        print_json({key: manifest[key] for key in ("filters", "duplicates", "decontaminated", "rejects", "rows")})
    else:
        print_filters(manifest)


@app.command()
def threshold(
    gold: Annotated[Path, typer.Option("--gold", help="Folder of gold articles (*.json).")],
    target_precision: Annotated[
        float, typer.Option("--target-precision", min=0, max=1, help="Share of the kept pairs that must be right.")
    ],
    name: Annotated[str, typer.Option("--filter", help="The filter whose threshold is sought.")] = "alignment",
    damage: Annotated[str | None, typer.Option("--stress", help="Damage the gold first: delete=0.2,merge=0.1,seed=1.")] = None,
    config: ConfigFile = None,
    setting: Setting = None,
    as_json: Json = False,
) -> None:
    """Find the threshold that keeps the most pairs and still so many right ones: the gold's sentences are aligned anew.

    Examples: `kzalign corpus threshold --gold gold/ --target-precision 0.99` ·
    `kzalign corpus threshold --gold gold/ --target-precision 0.988 --stress delete=0.2,merge=0.1,seed=1`

    What it prints can be pasted into the file that `--config` reads. Every other filter holds its own threshold.
    """
    from kzalign.bench.stress import parse_stress
    from kzalign.corpus.filters import FILTERS, find_threshold
    from kzalign.errors import KzalignError, unknown
    from kzalign.pipeline import label_pairs

    settings = load_config(config, setting)
    if name not in FILTERS:
        raise unknown("filter", name, FILTERS)
    if name in settings.filters.skip:
        raise KzalignError(f"filter '{name}' is in filters.skip: take it out to find its threshold")
    scores, right = label_pairs(gold, settings, parse_stress(damage) if damage else None, name)
    found = find_threshold(name, scores, right, target_precision, FILTERS[name].at_least)
    if as_json:
        print_json({"filter": name, "pairs": len(scores), **asdict(found)})
        return
    typer.echo(f"# of {len(scores)} pairs {found.kept:.1%} are kept; {found.precision:.2%} of these are right,")
    typer.echo(f"# and {found.recall:.2%} of the right ones are kept\n[filters]\n{name} = {found.value:.6g}")
