"""results.json: every figure with what makes it again. Apart from what stands under `time`, the same run gives the same."""

import os
import platform
import sys
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kzalign import __version__
from kzalign.bench.mt import CHECK, REFERENCE, Judgement
from kzalign.bench.mt.benchmark import Benchmark
from kzalign.bench.mt.contamination import Contamination
from kzalign.bench.mt.evalset import EvalSet
from kzalign.bench.mt.outputs import Output, Ran
from kzalign.bench.resampling import SEED
from kzalign.bench.significance import signature
from kzalign.records import Score

LANGUAGES = {"kk": "Kazakh", "ru": "Russian", "en": "English"}
HALF = 0.5
LOUD = {
    "off-target": "are not in {language}",
    "script": "are in another script than {language}'s",
    "untranslated": "repeat the source",
}
"""The checks that, failed by half of the hypotheses, mean that the system did something else than asked."""

PACKAGES = ("numpy", "sacrebleu", "sentencepiece", "torch", "transformers", "ctranslate2", "unbabel-comet")


def head_json(benchmark: Benchmark, limit: int | None, resampled: Iterable[str]) -> dict[str, Any]:
    """Returns what holds for the whole run; `partial` is how many segments of each direction were asked for, or null.

    `resampled`: what is, in each direction.
    """
    return {
        "stage": "bench",
        "benchmark": {
            "name": benchmark.name,
            "title": benchmark.title,
            "source": benchmark.source,
            "licence": benchmark.licence,
            "file": benchmark.path.name,
            "sha256": benchmark.sha256,
        },
        "partial": limit,
        "metrics": list(benchmark.metrics),
        "seed": SEED,
        "significance": signature(" and ".join(dict.fromkeys(resampled))),
        "versions": {"kzalign": __version__, "python": platform.python_version()} | _packages(),
        "device": device(),
    }


def _packages() -> dict[str, str]:
    found = {}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def device() -> dict[str, Any]:
    """Returns what the run was on: processor, cores, and the GPU where torch is in use and sees one."""
    torch = sys.modules.get("torch")
    gpu = torch.cuda.get_device_name() if torch is not None and torch.cuda.is_available() else None
    return {"processor": platform.processor() or platform.machine(), "cores": os.cpu_count(), "gpu": gpu}


def system_json(ran: Ran) -> dict[str, Any]:
    """Returns what a system is: name, model@revision, settings, and the directions it lacks."""
    return {"name": ran.system.name, "model": ran.model, "setup": ran.setup, "skipped": ran.skipped}


def direction_json(
    evalset: EvalSet,
    ran: Sequence[Ran],
    judgement: Judgement,
    seen: Mapping[str, Contamination | None],
) -> dict[str, Any]:
    """Returns a direction's figures, what the hypotheses were, and how long they took.

    `best` names, by metric, the system that is different from every other and better; null where none is.
    """
    outputs = {one.system.name: one.outputs[evalset.direction] for one in ran}
    labels = list(dict.fromkeys(score.metric for score in judgement.scores if not score.metric.startswith(CHECK)))
    return {
        "n": len(evalset.references),
        "articles": len(set(evalset.articles)),
        "sources": hash_of(evalset.sources),
        "references": hash_of(evalset.references),
        **judgement.to_json(),
        "warnings": warnings_of(evalset.langs[1], judgement.scores),
        "best": {label: _best(label, judgement) for label in labels},
        "outputs": {name: _output(output) for name, output in outputs.items()},
        "contamination": {name: found.to_json() if found else None for name, found in seen.items()},
        "time": {name: _time(output) for name, output in outputs.items()},
    }


def warnings_of(target: str, scores: Iterable[Score]) -> list[str]:
    """Returns a line for each system that fails one of LOUD in half of its hypotheses, and the references do not."""
    rates = {(score.model, score.metric.removeprefix(CHECK)): score.value for score in scores if score.metric.startswith(CHECK)}
    found: dict[str, list[str]] = {}
    for (model, check), rate in rates.items():
        if check in LOUD and model != REFERENCE and rate >= HALF and rates.get((REFERENCE, check), 0.0) < HALF:
            found.setdefault(model, []).append(f"{100 * rate:.0f} % {LOUD[check].format(language=LANGUAGES[target])}")
    return [
        f"{model}: of its hypotheses {', '.join(said)}: its figures are not of a translation" for model, said in found.items()
    ]


def _best(label: str, judgement: Judgement) -> str | None:
    values = {score.model: score.value for score in judgement.scores if score.metric == label}
    best = (min if label in judgement.lower_is_better else max)(values, key=values.__getitem__)
    own = [one for one in judgement.comparisons.get(label, ()) if best in (one.first, one.second)]
    return best if own and all(one.different for one in own) else None


def _output(output: Output) -> dict[str, Any]:
    empty = sum(not text.strip() for text in output.texts)
    return {"sha256": hash_of(output.texts), "empty": empty, "flags": dict(sorted(output.flags.items()))}


def _time(output: Output) -> dict[str, float] | None:
    """Returns seconds and speed, in words as spaces part them: the tokens of two models cannot be compared."""
    if output.seconds is None:
        return None
    seconds = max(output.seconds, 1e-6)
    words = sum(len(text.split()) for text in output.texts)
    return {
        "seconds": round(output.seconds, 3),
        "segments_per_second": round(len(output.texts) / seconds, 3),
        "words_per_second": round(words / seconds, 3),
    }


def hash_of(texts: Sequence[str]) -> str:
    """Returns a hash of the texts, a line each, as sacrebleu would read them from a file."""
    return sha256("".join(f"{text}\n" for text in texts).encode()).hexdigest()
