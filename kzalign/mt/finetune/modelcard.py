"""What is told of a run: its manifest, the model card, the lines at its end."""

import json
import platform
from collections import Counter
from collections.abc import Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from kzalign import __version__
from kzalign.hub.licences import HUB, identifier
from kzalign.mt.finetune.base import Base
from kzalign.mt.finetune.contract import FALL, Given, Result
from kzalign.mt.finetune.examples import Example
from kzalign.mt.finetune.export import licence_of
from kzalign.mt.finetune.runfolder import TRAINING
from kzalign.mt.finetune.trainer import MEAN, best_step
from kzalign.records import LANGS, Reject

PACKAGES = ("torch", "transformers", "accelerate", "peft", "sentencepiece", "tokenizers")
WHERE = {"in": "this corpus", "out": "general"}


def manifest_of(
    own: Mapping[str, Any],
    base: Base,
    given: Given,
    examples: Sequence[Example],
    rejects: Sequence[Reject],
    log: Sequence[Mapping[str, Any]],
    results: Sequence[Result],
    processes: int,
    cpu: bool,
) -> dict[str, Any]:
    """Returns a finished run's manifest."""
    best = best_step(log)
    losses = [entry["loss"] for entry in log if "loss" in entry]
    groups = Counter(f"{kind} {direction}" for kind, direction in (example.group for example in examples))
    return {
        "stage": "finetune",
        "kzalign": __version__,
        "base": base.name,
        "licence": licence_of(base, given),
        "training": TRAINING,
        **own,
        "data": [dict(entry) for entry in given.data],
        "examples": dict(sorted(groups.items())),
        "rejects": dict(Counter(reject.reason.split(":")[0] for reject in rejects).most_common()),
        "steps": log[-1]["step"],
        "best step": best,
        "dev chrF++": next(entry[MEAN] for entry in log if MEAN in entry and entry["step"] == best),
        "final loss": losses[-1] if losses else None,
        "seconds": max((entry["seconds"] for entry in log if "seconds" in entry), default=0.0),
        "processes": processes,
        "device": _device(cpu),
        "versions": {"python": platform.python_version()} | {name: _version(name) for name in PACKAGES},
        "results": [result.to_json() for result in results],
    }


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _device(cpu: bool) -> str:
    import torch

    return f"CPU ({platform.machine()})" if cpu else str(torch.cuda.get_device_name())


def model_card(name: str, manifest: Mapping[str, Any], results: Sequence[Result]) -> str:
    """Returns the README.md of a model: what it is, from what, how well it does, what to mind."""
    settings = manifest["settings"]
    trained = sorted({group.split()[1] for group in manifest["examples"] if not group.startswith("replay")})
    hours = manifest["seconds"] * manifest["processes"] / 3600
    made = f"trained anew ({settings['scratch']})" if settings["scratch"] else f"tuned from `{manifest['base']}`"
    lines = [
        "---",
        "pipeline_tag: translation",
        "library_name: transformers",
        f"language: [{', '.join(lang for lang in LANGS if any(lang in d.split('-') for d in trained))}]",
        *licence_lines(manifest["licence"]),
        "---",
        f"# {name}",
        "",
        f"A translation model, {made} with `kzalign finetune` on {', '.join(trained)}.",
        f"`kzalign translate … --model {name}/` and `kzalign bench … --model {name}/` take this folder as it is.",
        "",
        "## Results",
        "",
        *_table(results),
        "",
        "## Data",
        "",
        *(f"- {count:,} {group}" for group, count in manifest["examples"].items()),
        *(f"- left out, {reason}: {count:,}" for reason, count in manifest["rejects"].items()),
        *(f"- `{entry['file']}`, SHA-256 {entry['sha256']}" for entry in manifest["data"]),
        "",
        "Training pairs that repeat a segment of a test or validation set were left out before the first step.",
        "",
        "## Training",
        "",
        *(f"- {key}: {value}" for key, value in settings.items()),
        f"- steps taken: {manifest['steps']}; kept: step {manifest['best step']}, mean chrF++ of the development segments "
        f"{manifest['dev chrF++']:.2f}",
        "",
        "## Cost",
        "",
        f"{hours:.2f} device hours on {manifest['processes']} x {manifest['device']}. Energy was not measured: hours x the "
        "device's power in kW x the grid's kg CO2 per kWh is an upper bound of the emissions.",
        "",
        "## Limits",
        "",
        "- It learnt abstracts of research articles; other kinds of text may be translated worse than by the base model.",
        f"- A side longer than {settings['max_length']} tokens was not trained on.",
        "- Figures of chrF++ compare systems on the same segments, nothing else.",
        "",
        "## Licence",
        "",
        f"{manifest['licence']}. The stricter of the two holds.",
        "",
    ]
    return "\n".join(lines)


def licence_lines(licence: str) -> list[str]:
    """Returns the card's YAML of a licence: itself where base and data are under one that the Hub knows, else by its name."""
    parts = {identifier(part) for part in licence.replace("of its data; data: ", "").replace("; data: ", ", ").split(", ")}
    (one,) = parts if len(parts) == 1 else (None,)
    return [f"license: {one}"] if one in HUB else ["license: other", f"license_name: {json.dumps(licence, ensure_ascii=False)}"]


def _table(results: Sequence[Result]) -> list[str]:
    if not results:
        return ["No test set was given, or the folder holds an adapter alone."]
    lines = ["| test set | | direction | n | before | after | difference | p |", "|---|---|---|---:|---:|---:|---:|---:|"]
    for result in results:
        c = result.compared
        before, gain, p = (
            "-" if value is None else f"{value:{form}}"
            for value, form in ((c.before, ".2f"), (c.difference, "+.2f"), (c.p, ".4f"))
        )
        direction = result.direction + ("" if result.trained else " (not trained)")
        where = WHERE[result.domain]
        lines.append(f"| {result.name} | {where} | {direction} | {c.n} | {before} | {c.after:.2f} | {gain} | {p} |")
    signatures = sorted({result.compared.signature for result in results})
    return [*lines, "", *(f"chrF++: `{signature}`" for signature in signatures)]


def kept_line(manifest: Mapping[str, Any]) -> str:
    """Returns which step's model was kept; of step 0, that nothing was learnt that helps."""
    said = f"kept: step {manifest['best step']} of {manifest['steps']}, chrF++ {manifest['dev chrF++']:.2f} on validation"
    if manifest["best step"]:
        return said
    base = "the untrained model" if manifest["settings"]["scratch"] else "the base model"
    return f"{said}: no step was better than {base}, which is what the folder holds; more data or steps may help"


def summary_lines(results: Sequence[Result]) -> list[str]:
    """Returns a line a result, and a warning for each direction that was not trained and fell."""
    lines = []
    for result in results:
        c = result.compared
        where = f"{result.name} ({WHERE[result.domain]}) {result.direction}"
        if c.before is None or c.difference is None:
            lines.append(f"{where}: chrF++ {c.after:.2f}")
            continue
        sure = f"p = {c.p:.4f}" if c.p is not None else "p not computed"
        lines.append(f"{where}: chrF++ {c.before:.2f} -> {c.after:.2f} ({c.difference:+.2f}, {sure})")
    lines += [
        f"warning: {result.direction} was not trained and lost more than {FALL:g} chrF++ on {result.name}: mix general data in "
        f"with --replay"
        for result in results
        if result.fell
    ]
    return lines
