"""A tokenizer and a model of transformers from a folder, on the device that the settings ask for."""

import importlib.util
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kzalign.config import MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.cards import MtCard
from kzalign.mt.families import FAMILIES
from kzalign.weights import INDEX, WEIGHTS, ModelFiles, quietly

DEVICES = ("auto", "cpu", "cuda")
INSTALL = "pip install 'kzalign[mt]'"
MISSING = f"translation models need torch and transformers: {INSTALL}"
CONVERTED = ("sentencepiece.bpe.model", "spiece.model", "tokenizer.model")
"""SentencePiece models that transformers converts where there is no tokenizer.json."""


def device_of(setting: str, available: bool) -> str:
    """Returns `cpu` or `cuda`; a GPU that is asked for and not `available` is a KzalignError."""
    if setting not in DEVICES:
        raise unknown("device", setting, DEVICES)
    if setting == "cuda" and not available:
        raise KzalignError("mt.device=cuda: no GPU can be used here; set mt.device=cpu or mt.device=auto")
    return setting if setting != "auto" else "cuda" if available else "cpu"


def load_tokenizer(card: MtCard, settings: MtConfig, files: ModelFiles) -> Any:
    """Returns the model's tokenizer; raises KzalignError where it cannot be read or lacks a language of the card."""
    try:
        from transformers import AutoTokenizer
    except ImportError:
        raise KzalignError(MISSING) from None
    if lacking := [name for name in _packages(card, files.folder) if not _installed(name)]:
        raise KzalignError(f"{files.folder}: the tokenizer of '{card.name}' needs {' and '.join(lacking)}: {INSTALL}")
    try:
        with quietly():
            tokenizer = AutoTokenizer.from_pretrained(files.folder, local_files_only=True, trust_remote_code=settings.remote_code)
    except Exception as error:
        raise _unloadable(card, settings, files.folder, error) from error
    if card.family in FAMILIES:
        family = FAMILIES[card.family]
        marks = {language: family.mark.format(code=code) for language, code in card.languages.items() if code}
        lacks = [f"{mark} for {language}" for language, mark in marks.items() if mark_id(tokenizer, mark) is None]
        if lacks:
            raise KzalignError(f"{files.folder}: the tokenizer of '{card.name}' has no {', no '.join(lacks)}: mend the card")
    return tokenizer


def _packages(card: MtCard, folder: Path) -> tuple[str, ...]:
    """Returns the packages that the tokenizer needs besides transformers."""
    own = FAMILIES[card.family].packages if card.family in FAMILIES else ()
    converted = not (folder / "tokenizer.json").is_file() and any((folder / name).is_file() for name in CONVERTED)
    return own or (("sentencepiece", "google.protobuf") if converted else ())


def _installed(package: str) -> bool:
    try:
        return importlib.util.find_spec(package) is not None
    except ModuleNotFoundError:
        return False


def mark_id(tokenizer: Any, mark: str) -> int | None:
    """Returns the id of a language's mark; None if the tokenizer has no such token."""
    found = tokenizer.convert_tokens_to_ids(mark)
    return found if found is not None and found != tokenizer.unk_token_id else None


def load_model(card: MtCard, settings: MtConfig, files: ModelFiles, auto_class: str, **changes: Any) -> Any:
    """Returns the model, ready on its device: bfloat16 on a GPU, float32 on a CPU; raises KzalignError.

    `changes` are keywords of `from_pretrained`: another type of numbers, or settings in place of the configuration's.
    """
    try:
        import torch
        import transformers
    except ImportError:
        raise KzalignError(MISSING) from None
    device = device_of(settings.device, torch.cuda.is_available())
    try:
        with quietly():
            model, found = getattr(transformers, auto_class).from_pretrained(
                files.folder,
                **({"dtype": torch.bfloat16 if device == "cuda" else torch.float32} | changes),
                use_safetensors=has_safetensors(files.folder),
                output_loading_info=True,
                local_files_only=True,
                trust_remote_code=settings.remote_code,
            )
    except Exception as error:
        raise _unloadable(card, settings, files.folder, error) from error
    if missing := sorted(found["missing_keys"]):
        raise KzalignError(f"{files.folder}: the weights of '{card.name}' lack {len(missing)} tensors, such as {missing[0]}")
    return model.eval().to(device)


def has_safetensors(folder: Path) -> bool:
    """Returns whether the folder's weights are safetensors; if not, they are a pickle that the settings allow."""
    return (folder / WEIGHTS).is_file() or (folder / INDEX).is_file()


def limit_of(tokenizer: Any, limit: int) -> int:
    """Returns the limit, or the tokenizer's own if that is less."""
    return min(limit, int(tokenizer.model_max_length))


def encoded(tokenizer: Any, texts: Sequence[str], limit: int) -> tuple[list[list[int]], list[bool]]:
    """Returns the texts' ids with special tokens, cut at `limit`, and whether each was cut."""
    limit = limit_of(tokenizer, limit)
    with quietly():
        ids: list[list[int]] = tokenizer(list(texts), truncation=False)["input_ids"]
    cut = [len(tokens) > limit for tokens in ids]
    for i in (i for i, long in enumerate(cut) if long):
        ids[i] = tokenizer(texts[i], truncation=True, max_length=limit)["input_ids"]
    return ids, cut


def _unloadable(card: MtCard, settings: MtConfig, folder: Path, error: Exception) -> KzalignError:
    """Whatever a broken or foreign folder makes transformers raise (a dozen types) is the files' fault, not a bug here."""
    reason = str(error).strip().splitlines() or [type(error).__name__]
    if not settings.remote_code and _brings_code(folder):
        return KzalignError(f"{folder}: '{card.name}' brings its own Python files: read them, then set mt.remote_code=true")
    return KzalignError(f"{folder}: not a model that transformers can load for '{card.name}': {reason[0]}")


def _brings_code(folder: Path) -> bool:
    configs = (folder / name for name in ("config.json", "tokenizer_config.json"))
    return any("auto_map" in json.loads(path.read_text(encoding="utf-8")) for path in configs if path.is_file())
