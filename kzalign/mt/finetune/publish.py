"""What of a run's folder is published: the model, what tells of it, and no text that it learnt from."""

import json
import tomllib
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError
from kzalign.hub.card import metadata_of
from kzalign.hub.client import MODEL
from kzalign.hub.licences import UNKNOWN
from kzalign.hub.plan import LocalFile, Plan, check_message, check_repo, check_tag, text_of
from kzalign.hub.versions import version_of
from kzalign.mt.cards import LOCAL_CARD
from kzalign.mt.families import tokenizers_of
from kzalign.mt.finetune.export import ADAPTER, TOKENIZER
from kzalign.mt.finetune.runfolder import CURVE, LOG, RESULTS, SETTINGS, TRAINING
from kzalign.store import MANIFEST

README = "README.md"
CONFIG, WEIGHTS, INDEX = "config.json", "model.safetensors", "model.safetensors.index.json"
ADAPTED = (f"{ADAPTER}/adapter_config.json", f"{ADAPTER}/adapter_model.safetensors")
TOLD = (README, MANIFEST, SETTINGS, RESULTS, LOG, CURVE, TRAINING, LOCAL_CARD)
OWNED = (*TOLD, CONFIG, "generation_config.json", "model*.safetensors", INDEX, f"{ADAPTER}/*", "ctranslate2/*",
         *sorted({*TOKENIZER, *(name for names in tokenizers_of("") for name in names)}))  # fmt: skip
"""What a run writes for others to read, as patterns; rejects and hypotheses, which are texts of the data, are not of it."""
BESIDE = ("LICENSE", "LICENSE.md")
"""What a user may put into the folder to be published."""


def is_run(folder: Path) -> bool:
    """Says whether a folder is one of `kzalign finetune` that is finished."""
    try:
        return bool(json.loads((folder / MANIFEST).read_text(encoding="utf-8")).get("stage") == "finetune")
    except (OSError, ValueError, RecursionError, AttributeError):
        return False


def plan(folder: Path, repo: str, public: bool = False, tag: str | None = None, message: str | None = None) -> Plan:
    """Returns what pushing a run's model would do; raises KzalignError where the folder, a name or the card is not fit for it."""
    check_repo(repo)
    manifest: dict[str, Any] = json.loads(text_of(folder / MANIFEST))
    tag = version_of(manifest, "run") if tag is None else tag
    check_tag(tag)
    message = f"{tag}: {manifest['steps']} steps from {manifest['base']}" if message is None else message
    check_message(message)
    found = {p.relative_to(folder).as_posix(): p for p in sorted(folder.rglob("*")) if p.is_file()}
    wanted = [name for name in found if name in BESIDE or any(fnmatchcase(name, pattern) for pattern in OWNED)]
    if missing := sorted({README, MANIFEST, *_weights(folder, found)} - set(wanted)):
        raise KzalignError(f"{folder}: {', '.join(missing)} of the model is missing: run `kzalign finetune` again with --force")
    if problems := metadata_of(text_of(folder / README), MODEL)[1]:
        raise KzalignError(f"{folder / README}: {'; '.join(problems)}")
    files = tuple(LocalFile(name, found[name], found[name].stat().st_size) for name in wanted)
    strays = tuple(name for name in found if name not in wanted)
    return Plan(MODEL, repo, not public, tag, message, files, strays, _refusals(folder, manifest), OWNED)


def _weights(folder: Path, found: Mapping[str, Path]) -> Iterator[str]:
    """Yields the names of the files without which the model does not open."""
    if CONFIG not in found and set(ADAPTED) & set(found):
        yield from ADAPTED
        return
    yield CONFIG
    if INDEX not in found:
        yield WEIGHTS
        return
    try:
        yield from set(json.loads(text_of(folder / INDEX))["weight_map"].values())
    except (ValueError, KeyError, TypeError, AttributeError):
        raise KzalignError(f"{folder / INDEX}: cannot be read as the list of a model's weights") from None


def _refusals(folder: Path, manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns a reason if the model may not be given on: a licence of base or data that nobody named."""
    licence = str(manifest["licence"])
    path = folder / LOCAL_CARD
    if path.is_file():
        try:
            licence = str(tomllib.loads(text_of(path)).get("licence", UNKNOWN))
        except tomllib.TOMLDecodeError as error:
            raise KzalignError(f"{path}: cannot be read: {error}") from None
    if UNKNOWN not in licence.lower():
        return ()
    return (
        f"the licence of the base model or of some data is not known ({licence}): leave that data out, or write the licence "
        f"under which you may give the model on as `licence` in {LOCAL_CARD} and as `license` in {README}",
    )
