"""`kzalign finetune`: a translation model trained further on a corpus; what the corpus and bench stages know is handed in."""

import signal
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from kzalign.config import Config
from kzalign.console import STOPPED, Ended, print_json, say
from kzalign.errors import KzalignError, unknown
from kzalign.options_cli import ConfigFile, Force, Json, Setting
from kzalign.publish_cli import carried_out, check_target, planned_of
from kzalign.records import LANGS, PAIRS, Segment, dumps
from kzalign.settings import load_config

if TYPE_CHECKING:
    from kzalign.bench.mt.evalset import EvalSet
    from kzalign.mt.finetune import Compared, Given, Pair

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


def _train(model: str, given: "Given", output: Path, settings: Config, force: bool) -> dict[str, Any] | None:
    """Returns the run's manifest, None in a process that another one speaks for."""
    from kzalign.mt.finetune import finetune as stage
    from kzalign.mt.finetune import is_first

    manifest = stage(model, given, output, settings.finetune, settings.mt, lambda line: say("", line), force)
    return manifest if is_first() else None


@contextmanager
def _stopping(folder: Path) -> Iterator[None]:
    """Says to the user who stops a run what the folder holds and where the same command goes on."""
    from kzalign.mt.finetune import is_first
    from kzalign.mt.finetune.runfolder import going_on

    try:
        yield
    except KeyboardInterrupt:
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


def given_of(corpus: Path | None, files: Mapping[str, Sequence[str]], general: Sequence[Path]) -> "Given":
    """Returns what the stage is given: texts of the corpus and of files, test sets, measures."""
    from kzalign.bench.mt.benchmark import read_benchmark
    from kzalign.bench.mt.metrics import make_metric
    from kzalign.corpus.rows import parquet_rows
    from kzalign.mt.finetune import Given
    from kzalign.store import file_entry

    found: list[Pair] = []
    data: list[dict[str, Any]] = []
    licences: set[str] = set()
    dev: list[EvalSet] = []
    tests: list[EvalSet] = []
    if corpus is not None:
        own, licences = _corpus_pairs(corpus)
        found += own
        dev, tests = _split(corpus, "validation"), _split(corpus, "test")
        data.append(file_entry(corpus / "manifest.json"))
    for kind, options in files.items():
        for option in options:
            path, pairs = _file_pairs(option, kind)
            found += pairs
            data.append(file_entry(path))
            licences.add("unknown")
    benchmarks = [read_benchmark(path) for path in general]
    wider = [benchmark.read(direction, parquet_rows) for benchmark in benchmarks for direction in benchmark.directions]
    return Given(
        pairs=found,
        dev=dev,
        tests=tests,
        general=wider,
        score=lambda hypotheses, references: make_metric("chrf++").corpus(hypotheses, references),
        compare=_compare,
        repeats=_repeats([*dev, *tests, *wider]),
        data=data,
        licences=sorted(licences),
    )


def _corpus_pairs(corpus: Path) -> tuple[list["Pair"], set[str]]:
    """Returns both directions of every training pair of sentences and of whole abstracts that people wrote, and licences."""
    from kzalign.corpus.folder import open_manifest, select

    rows = open_manifest(corpus)["rows"]
    found: list[Pair] = []
    licences: set[str] = set()
    for name in (*PAIRS, "articles"):
        if not rows.get(name, {}).get("train"):
            continue
        for _, block in select(corpus, name, ["train"]).read():
            for row in block:
                licences.add(row["licence"] or "unknown")
                if name == "articles":
                    made = row["machine_translated"]
                    texts = {lang: row["abstract"][lang] for lang in LANGS if row["abstract"][lang] and not made[lang]}
                    there = [pair for pair in PAIRS if set(pair.split("-")) <= set(texts)]
                    found += [both for pair in there for both in _both(pair, texts, row["id"], "abstract")]
                else:
                    found += _both(name, row["translation"], row["id"], "sentence")
    if not found:
        raise KzalignError(f"{corpus}: no train split: nothing to train on; build the corpus from more documents")
    return found, licences


def _both(name: str, texts: dict[str, str], id: str, kind: str) -> Iterator["Pair"]:
    from kzalign.mt.finetune import Pair

    left, right = name.split("-")
    for source, target in ((left, right), (right, left)):
        yield Pair(f"{id}/{source}-{target}", f"{source}-{target}", texts[source], texts[target], kind)


def _file_pairs(option: str, kind: str) -> tuple[Path, list["Pair"]]:
    """Returns the pairs of PAIR=FILE: the first two columns of a TSV without a heading; synthetic ones in one direction."""
    from kzalign.mt.finetune import Pair
    from kzalign.store import read_lines

    name, equals, file = option.partition("=")
    valid = [f"{a}-{b}" for a in LANGS for b in LANGS if a != b]
    if not equals or not file:
        raise KzalignError(f"{option}: expected PAIR=FILE.tsv, such as kk-ru=news.tsv")
    if name not in valid:
        raise KzalignError(f"{option}: {unknown('pair', name, valid)}")
    path = Path(file)
    found: list[Pair] = []
    for number, line in enumerate(read_lines(path), 1):
        cells = line.split("\t")
        if len(cells) < 2:
            raise KzalignError(f"{path}:{number}: one column where a text and its translation are expected, a tab between them")
        texts = dict(zip(name.split("-"), cells[:2], strict=True))
        place = f"{path.name}:{number}"
        found += [Pair(place, name, cells[0], cells[1], kind)] if kind == "synthetic" else _both(name, texts, place, kind)
    return path, found


def _split(corpus: Path, split: str) -> list["EvalSet"]:
    """Returns the directions of a split of the corpus that have rows."""
    from kzalign.bench.mt.kinds import read_direction
    from kzalign.corpus.folder import open_manifest
    from kzalign.corpus.rows import parquet_rows

    rows = open_manifest(corpus)["rows"]
    data = {"kind": "corpus", "path": str(corpus.resolve()), "split": split}
    pairs = [pair for pair in PAIRS if rows.get(pair, {}).get(split)]
    directions = [direction for pair in pairs for direction in (pair, "-".join(reversed(pair.split("-"))))]
    return [read_direction(split, data, corpus, direction, parquet_rows) for direction in directions]


def _compare(asked: Any, before: Sequence[str] | None, after: Sequence[str]) -> "Compared":
    """Returns chrF++ before and after, and the p-value of approximate randomisation over articles, else segments."""
    from kzalign import __version__
    from kzalign.bench.mt.metrics import make_metric
    from kzalign.bench.significance import compare, signature, sums_by_article, unit_of
    from kzalign.mt.finetune import Compared

    metric = make_metric("chrf++")
    texts = {"after": after} | ({} if before is None else {"before": before})
    sums = {name: sums_by_article(metric.statistics(list(t), asked.references), asked.articles) for name, t in texts.items()}
    scores = {name: metric.from_statistics(found.sum(axis=0)) for name, found in sums.items()}
    p = compare(sums, metric.from_many)[0].randomisation_holm if before is not None else None
    made = f"{metric.signature()}|{signature(unit_of(asked.articles))}|kzalign:{__version__}"
    return Compared(scores.get("before"), scores["after"], len(asked.references), p, made)


def _repeats(sets: Sequence["EvalSet"]) -> Callable[["Pair"], str | None]:
    """Returns what names the test segment that a pair repeats."""
    from kzalign.corpus.decontaminate import Contamination

    contamination = Contamination(
        (f"{s.name} {s.direction}:{number}", text)
        for s in sets
        for side in (s.sources, s.references)
        for number, text in enumerate(side, 1)
    )

    def repeated(pair: "Pair") -> str | None:
        source, target = pair.direction.split("-")
        return contamination.overlap(Segment(pair.id, "", "", {source: pair.source, target: pair.target}, {}, {}, {}, "train"))

    return repeated
