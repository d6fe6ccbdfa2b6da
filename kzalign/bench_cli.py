"""`kzalign bench …`: translation models on a benchmark; extraction and alignment against gold."""

from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from kzalign.console import print_json, say
from kzalign.errors import KzalignError, unknown
from kzalign.options_cli import ConfigFile, Force, Locked, Output, Setting
from kzalign.settings import load_config

TRANSLATION = "translation"


class BenchGroup(TyperGroup):
    """The sub-commands, of which `translation` may be left out: `kzalign bench eval/NAME.toml` is that one."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Returns the arguments after the group's own, with `translation` before them where no sub-command is named."""
        if args and args[0] not in {*self.commands, "--help"}:
            args = [TRANSLATION, *args]
        return super().parse_args(ctx, args)


app = typer.Typer(
    cls=BenchGroup,
    no_args_is_help=True,
    rich_markup_mode="markdown",
    help="Measure translation models on a benchmark, and extraction and alignment against gold articles.\n\n"
    "`kzalign bench eval/NAME.toml --model ID` is short for `kzalign bench translation eval/NAME.toml --model ID`.",
)

Gold = Annotated[Path, typer.Option("--gold", help="Folder of gold articles (*.json).")]
Json = Annotated[bool, typer.Option("--json", help="Print a machine-readable report.")]


@app.command(name=TRANSLATION)
def translation(
    benchmark: Annotated[Path, typer.Argument(help="A benchmark file, such as eval/xwmt.toml.")],
    output: Output,
    model: Annotated[list[str] | None, typer.Option("--model", help="A model: a card's name, a folder, OWNER/NAME.")] = None,
    outputs: Annotated[
        list[str] | None,
        typer.Option("--outputs", help="SYSTEM=FILE of hypotheses; {source} and {target} stand for the languages."),
    ] = None,
    direction: Annotated[list[str] | None, typer.Option("--direction", help="Only this one, such as kk-ru.")] = None,
    limit: Annotated[int | None, typer.Option("--limit", min=1, help="Only the first segments; the results say so.")] = None,
    locked: Locked = False,
    config: ConfigFile = None,
    setting: Setting = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Translate a benchmark with models, or take what systems made of it, and compare them.

    Example: `kzalign bench eval/xwmt.toml --model nllb-600m --outputs "google=google.{source}-{target}.txt" -o results/`

    The folder holds results.json, leaderboard.md, leaderboard.tex and report.html. A run that was stopped goes on where it was.
    """
    from kzalign.bench.mt.benchmark import read_benchmark
    from kzalign.bench.mt.leaderboard import text_lines
    from kzalign.bench.mt.outputs import System
    from kzalign.bench.mt.run import Task, run
    from kzalign.corpus.rows import parquet_rows

    settings = load_config(config, [*(setting or []), *(["mt.locked=true"] if locked else [])]).mt
    if not benchmark.suffix and not benchmark.exists():
        raise unknown("sub-command of bench or benchmark file (*.toml)", str(benchmark), ("extraction", "alignment", TRANSLATION))
    definition = read_benchmark(benchmark)
    task = Task(definition, definition.chosen(direction or ()), limit)
    _keep_apart(output, [config, *definition.inputs(), *map(Path, model or ()), *_hypotheses(outputs or (), task.directions)])

    def opened(name: str) -> System:
        from kzalign.mt import open_backend

        folder = Path(name).expanduser()
        there = folder.is_dir()
        return System(
            folder.resolve().name if there else name, lambda: open_backend(name, settings), folder=folder if there else None
        )

    def ready(given: str) -> System:
        from kzalign.mt import MtCard, open_backend
        from kzalign.records import LANGS

        name, equals, file = given.partition("=")
        if not equals or not name.strip() or not file:
            raise KzalignError(f"--outputs {given}: expected SYSTEM=FILE, such as 'google=google.{{source}}-{{target}}.txt'")
        if len(task.directions) > 1 and not ("{source}" in file and "{target}" in file):
            raise KzalignError(
                f"--outputs {given}: one file for {len(task.directions)} directions: write {{source}} and {{target}} for the "
                f"languages in its name, or choose one --direction"
            )
        card = MtCard(name.strip(), "file", name.strip(), "file", "unknown", dict.fromkeys(LANGS, ""), url=file)
        return System(card.name, lambda: open_backend(card, settings), whole=True)

    systems = [*map(opened, model or ()), *map(ready, outputs or ())]
    results = run(task, systems, output, parquet_rows, lambda line: say("", line), force)
    if as_json:
        print_json(results)
    else:
        typer.echo("\n".join([*text_lines(results), "", f"report {output / 'report.html'}"]))
    for direction, part in results["directions"].items():
        for warning in part["warnings"]:
            say("WARNING:", f"{direction}: {warning}", "bold red")


def _hypotheses(outputs: Iterable[str], directions: Iterable[str]) -> list[Path]:
    """Returns the files that --outputs names, each direction's where a name has the languages in it."""
    languages = [direction.split("-") for direction in directions]
    files = [given.partition("=")[2] for given in outputs]
    return [Path(file.replace("{source}", one).replace("{target}", other)) for file in files if file for one, other in languages]


def _keep_apart(output: Path, inputs: Iterable[Path | None]) -> None:
    """Raises KzalignError where a report would replace an input, or lie among the files of a corpus or a trained model."""
    from kzalign.bench.mt.run import FILES
    from kzalign.store import MANIFEST, is_same, refuse_inputs

    given = [path.expanduser() for path in inputs if path]
    refuse_inputs([output / name for name in FILES], given)
    for path in given:
        if (path / MANIFEST).is_file() and is_same(output, path):
            raise KzalignError(
                f"{output}: the report would be written among the files of the input {path}: choose another output"
            )


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
