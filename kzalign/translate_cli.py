"""`kzalign translate`: the versions that articles lack, by machine, in bulk."""

import signal
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date as calendar
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from kzalign.config import Config
from kzalign.console import LOG_SECONDS, STOPPED, Ended, console, say
from kzalign.errors import KzalignError, unknown
from kzalign.inputs_cli import INPUT, Column, From, IdColumn, Split, To, langs_of, source_of
from kzalign.options_cli import ConfigFile, Force, Locked, Output, Setting
from kzalign.records import LANGS, dumps
from kzalign.settings import load_config

if TYPE_CHECKING:
    from kzalign.mt.bulk import Progress as Done
    from kzalign.mt.bulk import Summary
    from kzalign.mt.bulk.job import Job
    from kzalign.mt.contract import Translator

app = typer.Typer()

Model = Annotated[str | None, typer.Option("--model", help="A model's name, card or folder (`kzalign list models`).")]
Missing = Annotated[bool, typer.Option("--missing", help="Make each language that an article lacks.")]
Unit = Annotated[str | None, typer.Option("--unit", help="sentence (default) or document: what the model is given.")]
Titles = Annotated[bool | None, typer.Option("--titles/--no-titles", help="Translate titles (default: yes).")]
Keywords = Annotated[bool | None, typer.Option("--keywords/--no-keywords", help="Translate keywords, one by one (default: yes).")]
Glossary = Annotated[
    Path | None, typer.Option("--glossary", help="TSV of terms; its first line names the languages; `|` separates variants.")
]
ShardOption = Annotated[str | None, typer.Option("--shard", help="i/n: this machine's part of the articles.")]
EngineOption = Annotated[str, typer.Option("--engine", help="What runs the model: local, or ray (workers, on many machines).")]
Actors = Annotated[int, typer.Option("--actors", min=1, help="With ray: how many workers, each with the model.")]
Cpus = Annotated[float, typer.Option("--cpus-per-actor", min=0, help="With ray: processor cores, and threads, of each.")]
Gpus = Annotated[float, typer.Option("--gpus-per-actor", min=0, help="With ray: GPUs of each.")]
Address = Annotated[
    str, typer.Option("--ray-address", help="HOST:PORT of a Ray cluster, or auto (default: one on this machine).")
]
Merge = Annotated[bool, typer.Option("--merge", help="Put shards together: give the input, then every shard.")]
Date = Annotated[str, typer.Option("--date", help="The day that translations carry (default: today).")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Stop after this many articles.")]
Json = Annotated[bool, typer.Option("--json", help="Print progress and summary as lines of JSON.")]


@app.command()
def translate(
    inputs: Annotated[list[str], typer.Argument(metavar="INPUT", help=INPUT)],
    output: Output,
    model: Model = None,
    missing: Missing = False,
    source: From = None,
    target: To = None,
    unit: Unit = None,
    titles: Titles = None,
    keywords: Keywords = None,
    glossary: Glossary = None,
    column: Column = None,
    id_column: IdColumn = "",
    split: Split = "train",
    shard: ShardOption = None,
    merge: Merge = False,
    engine: EngineOption = "local",
    actors: Actors = 1,
    cpus_per_actor: Cpus = 1,
    gpus_per_actor: Gpus = 0,
    ray_address: Address = "",
    date: Date = "",
    locked: Locked = False,
    config: ConfigFile = None,
    setting: Setting = None,
    limit: Limit = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Translate the languages that articles lack; a run that was stopped goes on where it was.

    Examples: `kzalign translate articles.jsonl --model ID --missing -o translated.jsonl` ·
    `kzalign translate abstracts.tsv --column ru=abstract --model ID --to kk,en -o translated.jsonl` ·
    `kzalign translate --merge articles.jsonl shard-*.jsonl -o translated.jsonl`

    What people wrote is never replaced. Each translation names its model and what is doubtful about it.
    """
    sources = langs_of(source, "--from")
    _keep_apart(output, inputs, [config, glossary, Path(model or "")])
    given = source_of(inputs[0], column, id_column, split, sources)
    if merge:
        from kzalign.mt.bulk.merge import merge as merged

        _tell_counts(merged(given, [Path(name) for name in inputs[1:]], output, force), output, as_json)
        return
    if len(inputs) > 1:
        raise KzalignError(f"{inputs[1]}: one input at a time (several are for --merge)")
    if model is None:
        raise KzalignError("which model? give --model (`kzalign list models` names those that have cards)")
    targets = langs_of(target, "--to")
    if missing == bool(targets):
        raise KzalignError("give --missing for all languages that an article lacks, or --to for some of them")
    options = {"unit": unit, "titles": titles, "keywords": keywords}
    chosen = [f"translate.{name}={str(value).lower()}" for name, value in options.items() if value is not None]
    chosen += ["mt.locked=true"] if locked else []
    settings = load_config(config, [*(setting or []), *chosen])
    job = _job(settings, targets or tuple(lang for lang in LANGS if sources != (lang,)), sources, glossary, shard, date, limit)
    workers = (actors, cpus_per_actor, gpus_per_actor, ray_address)
    with _stopping() as stop, _telling(as_json) as tell, _opened(engine, workers, model, settings) as translator:
        from kzalign.mt.bulk import translate as run

        summary = run(given, output, translator, job, force, tell, stop)
        notes = list(translator.notes)
    for note in notes:
        say("note:", note)
    _tell(summary, output, as_json)


def _keep_apart(output: Path, inputs: list[str], others: list[Path | None]) -> None:
    """Raises KzalignError where a file that is written would replace an input."""
    from kzalign.corpus.built import built_files
    from kzalign.mt.bulk.ledger import check_name, written_files
    from kzalign.store import refuse_inputs

    check_name(output)
    read = [path for name in inputs for path in built_files(Path(name).expanduser())]
    refuse_inputs(written_files(output), [*read, *(path.expanduser() for path in others if path and path.name)])


def _opened(
    engine: str, workers: tuple[int, float, float, str], model: str, settings: Config
) -> "AbstractContextManager[Translator]":
    """Returns the context in which the engine has the model; a worker may have another working folder than this process."""
    from kzalign.mt.bulk.engines import ENGINES, Workers

    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES)
    path = Path(model).expanduser()
    where = str(path.resolve()) if path.exists() else model
    return ENGINES[engine](partial(_open, where, settings), Workers(*workers))


def _open(model: str, config: Config) -> "Translator":
    """Returns the opened model."""
    from kzalign.mt import open_backend
    from kzalign.mt.hypotheses import FileBackend

    opened = open_backend(model, config.mt, quick=True)
    if isinstance(opened, FileBackend):
        raise KzalignError(f"--model {model}: a file of hypotheses, which is for `kzalign bench`; translating needs a model")
    return opened


def _job(
    config: Config,
    targets: tuple[str, ...],
    sources: tuple[str, ...],
    glossary: Path | None,
    shard: str | None,
    date: str,
    limit: int | None,
) -> "Job":
    from kzalign.mt.bulk.glossary import Glossary, read_glossary
    from kzalign.mt.bulk.job import Job
    from kzalign.mt.bulk.shards import parse_shard

    if date:
        try:
            calendar.fromisoformat(date)
        except ValueError:
            raise KzalignError(f"--date {date}: expected a day such as 2026-01-31") from None
    terms = read_glossary(glossary) if glossary else Glossary(())
    return Job(targets, sources, config.translate, terms, parse_shard(shard) if shard else None, date, limit)


@contextmanager
def _stopping() -> Iterator[Any]:
    """Yields a function that says whether the user asked to stop; asked twice, the program stops at once."""
    asked = False

    def ask(*_: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True
        say("stopping:", "after this batch (again to stop at once; what is translated is kept either way)")

    before = {number: signal.signal(number, ask) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield lambda: asked
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


@contextmanager
def _telling(as_json: bool) -> Iterator[Any]:
    """Yields a function that shows progress: a bar on a terminal, else lines at intervals."""
    if console.is_terminal and not as_json:
        columns = (TextColumn("translate"), BarColumn(), TextColumn("{task.fields[told]}"), TimeRemainingColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("translate", total=None, told="")
            start = time.monotonic()
            yield lambda done: bar.update(task, completed=done.records, total=done.total, told=_line(done, start))
        return
    start = last = time.monotonic()
    first: int | None = None

    def tell(done: "Done") -> None:
        nonlocal last, first
        now = time.monotonic()
        first = done.records if first is None else first
        if now - last < LOG_SECONDS:
            return
        last = now
        left = (done.total - done.records) / max(done.records - first, 1) * (now - start)
        if as_json:
            told = {"records": done.records, "total": done.total, "texts": done.texts, "characters": done.characters}
            typer.echo(dumps(told | {"seconds": round(now - start), "seconds left": round(left)}))
        else:
            say("", f"{_line(done, start)}, about {left / 60:.0f} minutes left")

    yield tell


def _line(done: "Done", start: float) -> str:
    speed = done.characters / max(time.monotonic() - start, 1e-3)
    return f"{done.records:,} of {done.total:,} articles, {done.texts:,} texts, {speed:,.0f} characters/s"


def _tell(summary: "Summary", output: Path, as_json: bool) -> None:
    """Prints what the output holds; a stopped run ends with 130 and says how to go on."""
    if summary.healed:
        say("note:", f"{summary.healed} bytes of an unfinished line of the last run were cut off and made again")
    if summary.complete:
        _tell_counts(summary.counts, output, as_json)
        return
    if as_json:
        typer.echo(dumps({"complete": False, "counts": summary.counts}))
    done = summary.counts.get("articles", 0) + summary.counts.get("rejects", 0)
    say("stopped:", f"{done:,} articles are in {output}.part, later batches in its journal; the same command goes on from there")
    raise Ended(STOPPED)


def _tell_counts(counts: dict[str, int], output: Path, as_json: bool) -> None:
    if as_json:
        typer.echo(dumps({"complete": True, "counts": counts, "output": str(output)}))
        return
    told = [f"{name} {number:,}" for name, number in counts.items() if number and name not in ("articles", "versions", "flagged")]
    say(
        "",
        f"{counts.get('articles', 0):,} articles, {counts.get('versions', 0):,} versions made, "
        f"{counts.get('flagged', 0):,} texts flagged, in {output} ({', '.join(told) or 'nothing else'})",
    )
