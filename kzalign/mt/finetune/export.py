"""The run's folder made a model's: weights, configuration, tokenizer and a card that the backends read."""

import shutil
from collections.abc import Iterable
from importlib.util import find_spec
from pathlib import Path

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.cards import LOCAL_CARD, completed, find_card
from kzalign.mt.ct2 import FOLDER, MISSING, QUANTISATIONS, convert, note_made
from kzalign.mt.families import tokenizers_of
from kzalign.mt.finetune.base import Base
from kzalign.mt.finetune.contract import Given, Pair
from kzalign.mt.finetune.lora import merged
from kzalign.mt.finetune.runfolder import BEST, TRAINING, put_folder, toml_of, write_whole
from kzalign.text.wording import fingerprint
from kzalign.weights import quietly

ADAPTER = "adapter"
TOKENIZER = ("tokenizer_config.json", "special_tokens_map.json", "added_tokens.json", "tokenizer.json")


def export(folder: Path, base: Base, config: FinetuneConfig, settings: MtConfig, given: Given) -> None:
    """Puts the best model into the run's folder; a LoRA run's adapter lies in `adapter/`, without `merge` it is all there is."""
    best = folder / BEST
    part = folder / ".model.part"
    shutil.rmtree(part, ignore_errors=True)
    if config.method == "lora":
        shutil.copytree(best, part)
        put_folder(part, folder / ADAPTER)
        if not config.merge:
            return
        with quietly():
            model = merged(base.model(settings, config), best)
            model.save_pretrained(part)
    else:
        shutil.copytree(best, part)
    _copy_tokenizer(base.files.folder, base.card.family, part)
    (part / LOCAL_CARD).write_text(toml_of("", _card(base, given)), encoding="utf-8")
    for path in sorted(part.iterdir()):
        path.replace(folder / path.name)
    part.rmdir()


def check_ctranslate2(quantisation: str) -> None:
    """Raises KzalignError where a model cannot be written for CTranslate2 so."""
    if quantisation not in QUANTISATIONS[1:]:
        raise unknown("quantisation", quantisation, QUANTISATIONS[1:])
    if find_spec("ctranslate2") is None:
        raise KzalignError(MISSING)


def export_ctranslate2(folder: Path, settings: MtConfig, quantisation: str) -> Path:
    """Returns the folder below a run's with its model converted by CTranslate2 and its tokenizer; raises KzalignError."""
    card = completed(find_card(str(folder)), folder)
    part, target = folder / ".ctranslate2.part", folder / FOLDER
    shutil.rmtree(part, ignore_errors=True)
    convert(card, settings, folder, part, quantisation)
    _copy_tokenizer(folder, card.family, part)
    note_made(folder, part, quantisation)
    put_folder(part, target)
    return target


def _copy_tokenizer(source: Path, family: str, target: Path) -> None:
    names = {*TOKENIZER, *(name for names in tokenizers_of(family) for name in names)}
    for name in sorted(names):
        if (source / name).is_file():
            shutil.copyfile(source / name, target / name)


def _card(base: Base, given: Given) -> dict[str, object]:
    card = base.card
    told: dict[str, object] = {"backend": "transformers", "family": card.family, "licence": licence_of(base, given)}
    told |= {"languages": dict(card.languages), "max_length": card.max_length, "num_beams": card.num_beams}
    return told | ({"pairs": list(card.pairs)} if card.pairs else {})


def licence_of(base: Base, given: Given) -> str:
    """Returns what the model inherits: the base model's licence and those of the data."""
    data = sorted(set(given.licences)) or ["unknown"]
    return f"{base.card.licence}; data: {', '.join(data)}"


def write_fingerprints(folder: Path, pairs: Iterable[Pair]) -> None:
    """Writes a fingerprint for each training text, sorted, for `kzalign bench` to see what it tests on."""
    found = {fingerprint(text) for pair in pairs for text in (pair.source, pair.target)}
    write_whole(folder / TRAINING, "".join(f"{text}\n" for text in sorted(found)))
