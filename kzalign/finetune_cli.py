"""`kzalign finetune`: a translation model trained further on a corpus; what the corpus and bench stages know is handed in."""

import signal
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kzalign.config import Config
from kzalign.console import STOPPED, Ended, print_json, say
from kzalign.errors import KzalignError
from kzalign.options_cli import ConfigFile, Force, Json, Setting
from kzalign.publish_cli import carried_out, check_target, planned_of
from kzalign.records import dumps
from kzalign.settings import load_config
from kzalign.training_cli import given_of

if TYPE_CHECKING:
    from kzalign.mt.finetune import Given

app = typer.Typer()
PATIENCE = 30.0
"""Seconds after which a process tells itself what the first one should have told."""

Output = Annotated[Path, typer.Option("--output", "-o", help="The run's folder; a run that was stopped there goes on.")]
Corpus = Annotated[Path | None, typer.Argument(help="A dataset folder from `kzalign build`.")]
Model = Annotated[str, typer.Option("--model", help="The base: a model's name, card or folder (`kzalign list models`).")]
Scratch = Annotated[str | None, typer.Option("--from-scratch", help="small, base, or tiny to try: train a new model.")]
Directions = Annotated[list[str] | None, typer.Option("--direction", help="Only this one, such as ru-kk; may be repeated.")]
Lora = Annotated[bool, typer.Option("--lora", help="Train low-rank adapters instead of all weights.")]
PairFiles = Annotated[
    list[str] | None,
    typer.Option("--pairs", help="PAIR=FILE.tsv of more training pairs, such as kk-ru=news.tsv."),
]
Synthetic = Annotated[
    list[str] | None,
    typer.Option("--synthetic", help="DIRECTION=FILE.tsv of pairs with a side by machine; their sources get a tag."),
]
Replay = Annotated[
    list[str] | None, typer.Option("--replay", help="PAIR=FILE.tsv of general data, mixed in so that other texts stay good.")
]
General = Annotated[
    list[Path] | None, typer.Option("--general", help="Benchmark file (eval/xwmt.toml) scored before and after; may be repeated.")
]
Repo = Annotated[
    str | None, typer.Option("--repo", metavar="ORG/NAME", help="The model's name on the Hub; a dry run there without --push.")
]
Push = Annotated[bool, typer.Option("--push", help="Push the finished model; without it nothing leaves this machine.")]
Public = Annotated[bool, typer.Option("--public", help="Create the repository for all to see (default: private).")]
Tag = Annotated[str | None, typer.Option("--tag", help="The version's tag (default: from the manifest's hash).")]
Message = Annotated[str | None, typer.Option("--message", "-m", help="The commit's message.")]
Export = Annotated[str | None, typer.Option("--ctranslate2", help="Also write the model for CTranslate2, so: int8, float16 …")]


@app.command()
def finetune(
    output: Output,
    corpus: Corpus = None,
    model: Model = "",
    from_scratch: Scratch = None,
    direction: Directions = None,
    lora: Lora = False,
    pairs: PairFiles = None,
    synthetic: Synthetic = None,
    replay: Replay = None,
    general: General = None,
    ctranslate2: Export = None,
    repo: Repo = None,
    push: Push = False,
    public: Public = False,
    tag: Tag = None,
    message: Message = None,
    config: ConfigFile = None,
    setting: Setting = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Train a translation model on a corpus; the best by chrF++ on the validation split is kept.

    Examples: `kzalign finetune corpus/ --model nllb-600m --general eval/xwmt.toml --replay kk-ru=general.tsv -o model/` ·
    `kzalign finetune --from-scratch base --pairs kk-ru=pairs.tsv corpus/ -o baseline/`

    The same command goes on with a run that was stopped. `--repo ORG/NAME --push` publishes the model, as `kzalign publish
    model/` does. It runs under `torchrun` and `accelerate launch` as it is.
    """
    from kzalign.hub.client import MODEL
    from kzalign.mt.finetune.export import check_ctranslate2, export_ctranslate2
    from kzalign.mt.finetune.scratch import check_size

    with _one_voice(), _stopping(output):
        if ctranslate2 is not None:
            check_ctranslate2(ctranslate2)
        check_target(repo, push, MODEL, tag, message)
        settings = _settings(config, setting, from_scratch, direction, lora)
        _keep_apart(
            output, [corpus, config, Path(model or "")], [*(pairs or ()), *(synthetic or ()), *(replay or ())], general or ()
        )
        if settings.finetune.scratch:
            check_size(settings.finetune.scratch)
        given = given_of(corpus, {"added": pairs or [], "synthetic": synthetic or [], "replay": replay or []}, general or [])
        manifest = _train(model, given, output, settings, force)
        if manifest is None:
            return
        if ctranslate2 is not None:
            say("", f"CTranslate2 {export_ctranslate2(output, settings.mt, ctranslate2)}")
    say("", f"model {output}, card {output / 'README.md'}, curve {output / 'curve.svg'}")
    planned = planned_of(output, repo, public, tag, message) if repo else None
    done = carried_out(planned, push, quiet=as_json) if planned else {}
    if as_json:
        print_json(manifest | done)


def _keep_apart(output: Path, inputs: Sequence[Path | None], files: Sequence[str], general: Sequence[Path]) -> None:
    """Raises KzalignError where the run's folder is an input or holds one: --force would remove it."""
    from kzalign.bench.mt.benchmark import read_benchmark
    from kzalign.store import refuse_inputs

    named = [path.expanduser() for path in (*inputs, *(Path(file.partition("=")[2]) for file in files)) if path and path.name]
    refuse_inputs([output], [*named, *(path for benchmark in general for path in read_benchmark(benchmark).inputs())])


def _train(model: str, given: "Given", output: Path, settings: Config, force: bool) -> dict[str, Any] | None:
    """Returns the run's manifest, None in a process that another one speaks for."""
    from kzalign.mt.finetune import finetune as stage
    from kzalign.mt.finetune import is_first

    manifest = stage(model, given, output, settings.finetune, settings.mt, lambda line: say("", line), force)
    return manifest if is_first() else None


@contextmanager
def _stopping(folder: Path) -> Iterator[None]:
    """Says to the user who stops a run what the folder holds and where the same command goes on.

    A launcher's signal may come while the loss of another process is being told: it is told all the same.
    """
    from kzalign.mt.finetune import is_first
    from kzalign.mt.finetune.processes import ended_with_others, is_alone
    from kzalign.mt.finetune.runfolder import going_on

    try:
        yield
    except KeyboardInterrupt:
        if not is_alone():
            raise ended_with_others(folder) from None
        if is_first():
            say("stopped:", f"{folder}: {going_on(folder)}")
        raise Ended(STOPPED) from None


@contextmanager
def _one_voice() -> Iterator[None]:
    """Keeps a mistake that all processes of a launcher find from being told by each of them.

    The others wait for the launcher to end them, for it would end the first one as soon as another has gone.
    """
    from kzalign.mt.finetune import OneProcess, is_first

    try:
        yield
    except OneProcess:
        # What the launcher sends when one has ended shall not cut this one's message short.
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        raise
    except KzalignError:
        if is_first():
            raise
        try:
            time.sleep(PATIENCE)
        except KeyboardInterrupt:
            raise Ended(2) from None
        raise


def _settings(
    config: Path | None, setting: list[str] | None, scratch: str | None, directions: list[str] | None, lora: bool
) -> Config:
    """Returns the configuration; an option stands for its setting."""
    chosen = [f"finetune.scratch={scratch}"] if scratch else []
    chosen += [f"finetune.directions={dumps(directions)}"] if directions else []
    chosen += ["finetune.method=lora"] if lora else []
    return load_config(config, [*(setting or []), *chosen])
