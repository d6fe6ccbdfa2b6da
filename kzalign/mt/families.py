"""Families of translation models: how each marks languages, and what its tokenizer consists of."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError

CHAT = "chat"


@dataclass(frozen=True, slots=True)
class Family:
    """How a family of models is told which languages it translates.

    `mark` makes a token of a language's code. It begins the translation where `forced`, and the tokenizer, told the
    source's code, marks the source; otherwise it goes before the source text, and nothing marks the source. Without
    `packages` its tokenizer does not work, or differently.
    """

    codes: Mapping[str, str]
    mark: str
    forced: bool
    tokenizers: tuple[tuple[str, ...], ...]
    model_type: str
    tokenizer_class: str
    packages: tuple[str, ...] = ()


SENTENCEPIECE = (("tokenizer.json",), ("sentencepiece.bpe.model",))
FAMILIES: dict[str, Family] = {
    "nllb": Family(
        codes={"kk": "kaz_Cyrl", "ru": "rus_Cyrl", "en": "eng_Latn"},
        mark="{code}",
        forced=True,
        tokenizers=SENTENCEPIECE,
        model_type="m2m_100",
        tokenizer_class="NllbTokenizer",
    ),
    "m2m100": Family(
        codes={"kk": "kk", "ru": "ru", "en": "en"},
        mark="__{code}__",
        forced=True,
        tokenizers=(("sentencepiece.bpe.model", "vocab.json"),),
        model_type="m2m_100",
        tokenizer_class="M2M100Tokenizer",
        packages=("sentencepiece",),
    ),
    "mbart50": Family(
        codes={"kk": "kk_KZ", "ru": "ru_RU", "en": "en_XX"},
        mark="{code}",
        forced=True,
        tokenizers=SENTENCEPIECE,
        model_type="mbart",
        tokenizer_class="MBart50Tokenizer",
    ),
    "madlad": Family(
        codes={"kk": "kk", "ru": "ru", "en": "en"},
        mark="<2{code}>",
        forced=False,
        tokenizers=(("tokenizer.json",), ("spiece.model",)),
        model_type="t5",
        tokenizer_class="T5Tokenizer",
    ),
    "marian": Family(
        codes={},
        mark=">>{code}<<",
        forced=False,
        tokenizers=(("source.spm", "target.spm", "vocab.json"),),
        model_type="marian",
        tokenizer_class="MarianTokenizer",
        packages=("sentencepiece", "sacremoses"),
    ),
}
"""Sequence-to-sequence models. NLLB: arXiv 2207.04672; M2M-100: 2010.11125; mBART-50: 2008.00401; MADLAD-400:
2309.04662; OPUS-MT: Tiedemann and Thottingal 2020, whose codes are each model's own (none for one target language)."""
CHAT_TOKENIZERS = (("tokenizer.json",), ("tokenizer.model",), ("vocab.json", "merges.txt"))
CHAT_LANGUAGES = {"kk": "Kazakh", "ru": "Russian", "en": "English"}


def tokenizers_of(family: str) -> tuple[tuple[str, ...], ...]:
    """Returns the sets of tokenizer files of which a family's model has one; any family's where `family` is empty."""
    if family:
        return FAMILIES[family].tokenizers if family in FAMILIES else CHAT_TOKENIZERS
    every = {names: None for known in FAMILIES.values() for names in known.tokenizers}
    return tuple({**every, **dict.fromkeys(CHAT_TOKENIZERS)})


def family_of(folder: Path) -> str:
    """Returns the family of a model's folder by its configuration, `chat` for a causal one; raises KzalignError."""
    config = _json(folder / "config.json")
    if any(str(name).endswith("ForCausalLM") for name in config.get("architectures") or ()):
        return CHAT
    path = folder / "tokenizer_config.json"
    tokenizer = str((_json(path) if path.is_file() else config).get("tokenizer_class") or "").removesuffix("Fast")
    typed = {name: family for name, family in FAMILIES.items() if family.model_type == config.get("model_type")}
    found = [name for name, family in typed.items() if family.tokenizer_class == tokenizer or (len(typed) == 1 and not tokenizer)]
    if len(found) == 1:
        return found[0]
    known = ", ".join(f"{name} ({family.model_type} with {family.tokenizer_class})" for name, family in FAMILIES.items())
    raise KzalignError(
        f"{folder}: a model of type '{config.get('model_type')}' with the tokenizer '{tokenizer}' is of no known family; "
        f"known: {known}, {CHAT} (any causal model); name its family in a card"
    )


def positions_of(folder: Path) -> int | None:
    """Returns how many tokens a model has places for, as its configuration says it; None if it does not."""
    places = _json(folder / "config.json").get("max_position_embeddings")
    return places if isinstance(places, int) else None


def pair_of(folder: Path) -> tuple[str, str] | None:
    """Returns source and target of an OPUS-MT model of one pair by its tokenizer's configuration; None if it says neither."""
    path = folder / "tokenizer_config.json"
    config = _json(path) if path.is_file() else {}
    pair = (str(config.get("source_lang")), str(config.get("target_lang")))
    return pair if set(pair) <= set(CHAT_LANGUAGES) else None


def _json(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KzalignError(f"{path}: cannot be read as a model's configuration: {error}") from None
    if not isinstance(data, dict):
        raise KzalignError(f"{path}: cannot be read as a model's configuration: not an object")
    return data
