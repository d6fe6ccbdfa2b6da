"""What fine-tuning is given in tests: invented pairs that can be learnt by heart, and measures of the bench stage."""

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from test_folder import write
from tiny_models import tiny_models

from kzalign.bench.mt.metrics import make_metric
from kzalign.config import FinetuneConfig, MtConfig
from kzalign.corpus.parquet import ARTICLES
from kzalign.mt.finetune import Compared, Given, Pair, finetune
from kzalign.mt.finetune.base import find_base
from kzalign.mt.seq2seq import Seq2SeqBackend

WORDS = {
    "kk": "су топырақ егін жер өзен әдіс зерттеу нәтиже сапа құрам тұз талдау үлгі бағалау өсім".split(),
    "ru": "вода почва посев земля река метод анализ результат качество состав соль проба модель оценка рост".split(),
    "en": "water soil crop land river method study result quality content salt test model value growth".split(),
}
TINY = FinetuneConfig(
    scratch="tiny", vocabulary=300, learning_rate=2e-3, warmup_steps=20, steps=6, batch_tokens=600, device_tokens=600,
    eval_steps=3, checkpoint_steps=2, log_steps=1, dev_segments=3, dropout=0.1, max_length=64,
)  # fmt: skip
CPU = MtConfig(device="cpu", num_beams=1)


@dataclass(frozen=True)
class Asked:
    """A test set."""

    name: str
    direction: str
    sources: Sequence[str]
    references: Sequence[str]


def texts(lang: str, count: int, seed: int = 0) -> list[str]:
    """Returns sentences of one language; the same number and seed say the same in each, word for word."""
    chance = random.Random(seed)
    rows = [[chance.randrange(len(WORDS[lang])) for _ in range(chance.randint(3, 7))] for _ in range(count)]
    return [" ".join(WORDS[lang][i] for i in row).capitalize() + f" {number}." for number, row in enumerate(rows)]


def pairs(count: int = 30, directions: Sequence[str] = ("kk-ru", "ru-kk"), **changes: Any) -> list[Pair]:
    """Returns so many pairs of each direction."""
    return [
        Pair(f"{direction}/{number}", direction, source, target, **changes)
        for direction in directions
        for number, (source, target) in enumerate(zip(*(texts(lang, count) for lang in direction.split("-")), strict=True))
    ]


def asked(direction: str, count: int = 5, seed: int = 0, name: str = "dev") -> Asked:
    """Returns a test set."""
    source, target = direction.split("-")
    return Asked(name, direction, texts(source, count, seed), texts(target, count, seed))


def compared(test: Any, before: Sequence[str] | None, after: Sequence[str]) -> Compared:
    """Returns chrF++ before and after, without a test of chance."""
    metric = make_metric("chrf++")
    scores = [None if texts is None else metric.corpus(texts, test.references) for texts in (before, after)]
    return Compared(scores[0], scores[1] or 0.0, len(test.references), None if before is None else 1.0, metric.signature())


def given(count: int = 30, directions: Sequence[str] = ("kk-ru", "ru-kk"), **changes: Any) -> Given:
    """Returns what a run is given; development segments are the first training pairs."""
    made = Given(
        pairs=pairs(count, directions),
        dev=[asked(direction) for direction in directions],
        tests=[],
        general=[],
        score=lambda hypotheses, references: make_metric("chrf++").corpus(hypotheses, references),
        compare=compared,
        repeats=lambda pair: None,
        licences=["CC-BY-4.0"],
    )
    return replace(made, **changes)


def one_thread() -> None:
    """Keeps torch to one thread: toys are too small for more to help."""
    import torch

    torch.set_num_threads(1)


def _lora(folder: Path) -> dict[str, Any]:
    base = str(tiny_models(folder)("nllb"))
    found = find_base(base, CPU, TINY)
    backend = Seq2SeqBackend(found.card, CPU, found.files)
    dev = [asked(direction, TINY.dev_segments) for direction in ("kk-ru", "ru-kk")]
    before = [backend.translate(list(one.sources), *one.direction.split("-")) for one in dev]
    # A toy's chrF++ says nothing: what says anything new is better, so that the last adapter is kept and not the empty one.
    what = given(score=lambda hypotheses, references: float(list(hypotheses) not in before), dev=dev)
    return {"model": base, "method": "lora", "learning_rate": 2e-2, "warmup_steps": 0, "eval_steps": 6, "what": what}


METHODS: dict[str, Callable[[Path], dict[str, Any]]] = {"full": lambda folder: {}, "lora": _lora}
"""What `tune` is told for each, given a folder for a base model."""


def tune(
    folder: Path, what: Given | None = None, model: str = "", tell: Callable[[str], None] | None = None, **changes: Any
) -> tuple[dict[str, Any], list[str]]:
    """Returns the manifest of a run and what it told, or what `tell` is given instead."""
    one_thread()
    told: list[str] = []
    config = replace(TINY, **({"scratch": ""} if model else {}), **changes)
    return finetune(model, what or given(), folder, config, CPU, tell or told.append), told


def row(number: int, pair: str, split: str) -> dict[str, Any]:
    """Returns a row of a pair; training rows 0 and 1 are test rows, word for word."""
    left, right = pair.split("-")
    seed = {"train": 0, "validation": 1, "test": 0}[split]
    there = {lang: texts(lang, 40, seed)[number] for lang in (left, right)}
    return {
        "id": f"i-{number:02d}/{pair}/000", "article_id": f"i-{split}-{number:02d}", "issue_id": "i", "licence": "CC-BY-4.0",
        "translation": there, "score": 0.9, "scores": None, "sentence_ids": {lang: [0] for lang in there},
        "lines": {lang: [[1, 2]] for lang in there},
    }  # fmt: skip


def article(number: int) -> dict[str, Any]:
    """Returns an article whose English abstract a machine wrote."""
    none = dict.fromkeys(("kk", "ru", "en"))
    abstract = {lang: " ".join(texts(lang, 3, 50 + number)) for lang in none}
    return {
        "id": f"i-{number:02d}", "issue_id": "i", "licence": None, "title": none, "abstract": abstract, "sentences": none,
        "keywords": none, "abstract_lines": none, "alignment": {}, "machine_translated": none | {"en": "m@1"}, "notes": [],
    }  # fmt: skip


def write_corpus(folder: Path) -> Path:
    """Returns the folder, a dataset of one pair in three splits, and articles."""
    splits = {"train": 40, "validation": 3, "test": 2}
    rows = {("kk-ru", split): [row(k, "kk-ru", split) for k in range(count)] for split, count in splits.items()}
    counts = {"train": 4, "validation": 1, "test": 1}
    rows |= {(ARTICLES, split): [article(k) for k in range(count)] for split, count in counts.items()}
    return write(folder, rows)
