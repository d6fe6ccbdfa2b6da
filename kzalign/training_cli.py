"""What `kzalign finetune` is given: texts of the corpus and of files, test sets, and measures of the bench stage."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kzalign.errors import KzalignError, unknown
from kzalign.records import LANGS, PAIRS, Segment

if TYPE_CHECKING:
    from kzalign.bench.mt.evalset import EvalSet
    from kzalign.mt.finetune import Compared, Given, Pair


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
