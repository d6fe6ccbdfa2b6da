"""What is to be translated and how: the header of a run, by which a later one knows whether it may go on with it."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from kzalign.config import TranslateConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.bulk.glossary import Glossary
from kzalign.mt.bulk.readers import Source
from kzalign.mt.bulk.shards import Shard
from kzalign.mt.contract import Directed, HasSetup, Translator, translates
from kzalign.records import LANGS, dumps

FORMAT = 1
HASH = 12
"""Letters of a settings hash."""

PREFERRED: Mapping[str, tuple[str, ...]] = {"kk": ("ru", "en"), "ru": ("kk", "en"), "en": ("ru", "kk")}
"""By target, the languages to translate from, the best first: authors write Russian and Kazakh themselves, English last."""

RETRY: Mapping[str, Any] = {"num_beams": 5, "no_repeat_ngram_size": 3, "repetition_penalty": 1.2, "stretch": 2}
"""Settings of generation for the one retry of a flagged text; `stretch`: times the room that its hypothesis had."""

UNITS = ("sentence", "document")


@dataclass(frozen=True, slots=True)
class Job:
    """One translation run, the model apart."""

    targets: tuple[str, ...]
    sources: tuple[str, ...] = ()
    """The languages to translate from, the best first; empty: as PREFERRED has them."""
    config: TranslateConfig = field(default_factory=TranslateConfig)
    glossary: Glossary = field(default_factory=lambda: Glossary(()))
    shard: Shard | None = None
    date: str = ""
    """The day that the translations carry, as 2026-01-31; empty: today, or when the run was begun."""
    limit: int | None = None
    """So many records of the input at most."""

    def sources_of(self, target: str) -> tuple[str, ...]:
        """Returns the languages from which the target may be translated, the best first."""
        return tuple(lang for lang in self.sources or PREFERRED[target] if lang != target)


def check_job(job: Job, translator: Translator) -> None:
    """Raises KzalignError where a language or unit is unknown, or the model lacks a language."""
    if job.config.unit not in UNITS:
        raise unknown("unit", job.config.unit, UNITS)
    for lang in (*job.targets, *job.sources):
        if lang not in LANGS:
            raise unknown("language", lang, LANGS)
    has = sorted(translator.languages)
    for lang in (*job.targets, *job.sources):
        if lang not in has:
            raise KzalignError(
                f"{translator.name} has {', '.join(has)}, not {lang}: name the languages with --from and --to, or another model"
            )
    for target in job.targets:
        if not any(translates(translator, lang, target) for lang in job.sources_of(target)):
            only = f" ({translator.name} has {', '.join(translator.pairs)})" if isinstance(translator, Directed) else ""
            raise KzalignError(f"--to {target}: nothing to translate it from{only}; name other languages with --to and --from")


def header_of(job: Job, source: Source, translator: Translator) -> dict[str, Any]:
    """Returns what identifies a run: its input, its model, its settings, what of the input it takes, its date."""
    settings = asdict(job.config) | {
        "glossary": job.glossary.sha256,
        "retry": dict(RETRY),
        "setup": translator.setup if isinstance(translator, HasSetup) else "",
    }
    return {
        "format": FORMAT,
        "input": source.identity,
        "model": translator.name,
        "settings": settings,
        "run": {
            "to": list(job.targets),
            "from": list(job.sources),
            "shard": str(job.shard or ""),
            "limit": job.limit,
        },
        "date": job.date,
    }


def settings_hash(header: Mapping[str, Any]) -> str:
    """Returns the beginning of the hash of a run's settings: equal where two runs translate a text alike."""
    return hashlib.sha256(dumps(header["settings"]).encode()).hexdigest()[:HASH]


def check_same(old: Mapping[str, Any], new: Mapping[str, Any], output: str) -> None:
    """Raises KzalignError that names what differs between the run that was begun and the one that would go on with it."""
    before, now = dict(_flat(old)), dict(_flat(new))
    if not now["date"]:
        now["date"] = before.get("date")
    changed = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if changed:
        told = "; ".join(f"{name} was {_shown(before.get(name))}, is {_shown(now.get(name))}" for name in changed)
        raise KzalignError(f"{output}.part was begun otherwise: {told}; go on as it was begun, or choose another output")


def _flat(value: Mapping[str, Any], prefix: str = "") -> Iterator[tuple[str, Any]]:
    for key, inner in value.items():
        if isinstance(inner, Mapping) and key != "retry":
            yield from _flat(inner, f"{prefix}{key}.")
        else:
            yield prefix + key, inner


def _shown(value: Any) -> str:
    text = value if isinstance(value, str) else dumps(value)
    return f"{text[:40]}…" if len(text) > 41 else text or "none"
