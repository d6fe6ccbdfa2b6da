"""mt: texts of one language in, hypotheses in another out, whatever model gives them."""

import importlib.util
from collections.abc import Callable

from kzalign.config import MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.backend import FLAGS, Backend, Hypothesis
from kzalign.mt.cards import MtCard, completed, find_card, mt_cards
from kzalign.mt.families import CHAT, tokenizers_of
from kzalign.weights import ModelFiles, Needs, find_weights, missing_files


def _transformers(card: MtCard, settings: MtConfig, files: ModelFiles) -> Backend:
    from kzalign.mt.seq2seq import Seq2SeqBackend

    return Seq2SeqBackend(card, settings, files)


def _ctranslate2(card: MtCard, settings: MtConfig, files: ModelFiles) -> Backend:
    from kzalign.mt.ct2 import CTranslate2Backend

    return CTranslate2Backend(card, settings, files)


def _chat(card: MtCard, settings: MtConfig, files: ModelFiles) -> Backend:
    from kzalign.mt.chat import ChatBackend

    return ChatBackend(card, settings, files)


def _openai(card: MtCard, settings: MtConfig) -> Backend:
    from kzalign.mt.server import ServerBackend

    return ServerBackend(card, settings)


def _file(card: MtCard, settings: MtConfig) -> Backend:
    from kzalign.mt.hypotheses import FileBackend

    return FileBackend(card, settings)


LOCAL: dict[str, Callable[[MtCard, MtConfig, ModelFiles], Backend]] = {
    "transformers": _transformers,
    "ctranslate2": _ctranslate2,
    CHAT: _chat,
}
"""What runs a model's files here."""
REMOTE: dict[str, Callable[[MtCard, MtConfig], Backend]] = {"openai": _openai, "file": _file}
"""What has no model's files."""
BACKENDS = (*LOCAL, *REMOTE)
INSTEAD = {"transformers": ("ctranslate2",), "ctranslate2": ("transformers",)}
"""What else can run a backend's models."""


def open_backend(model: MtCard | str, settings: MtConfig, quick: bool = False) -> Backend:
    """Returns the backend of a model, ready to translate; raises KzalignError where anything of it is not there.

    `model` is a card, the name of a shipped one, a card file (.toml), a model's folder, OWNER/NAME on the Hub, or a
    file of hypotheses (.txt, .jsonl). `quick`: where the settings name no backend, transformers' models go to CTranslate2
    in 8 bits on a CPU, if it is installed and can convert them.
    """
    card = model if isinstance(model, MtCard) else find_card(model)
    if card.backend in REMOTE:
        return REMOTE[_backend(card, settings)](card, settings)
    files = find_weights(card.repo, card.revision, settings.locked, _needs(card, settings))
    card = completed(card, files.folder)
    if missing := missing_files(files.folder, _needs(card, settings)):
        raise KzalignError(
            f"{files.folder}: {' and '.join(missing)} missing for '{card.name}', a model of the family {card.family}"
        )
    name = _backend(card, settings)
    if quick and name == "transformers" and not settings.backend and _is_quicker(settings):
        return _quick(card, settings, files)
    return LOCAL[name](card, settings, files)


def _is_quicker(settings: MtConfig) -> bool:
    """Says whether CTranslate2 is installed and the model is to run on a CPU."""
    if importlib.util.find_spec("ctranslate2") is None:
        return False
    from ctranslate2 import get_cuda_device_count

    from kzalign.mt.loading import device_of

    return device_of(settings.device, get_cuda_device_count() > 0) == "cpu"


def _quick(card: MtCard, settings: MtConfig, files: ModelFiles) -> Backend:
    from kzalign.mt.ct2 import Unconvertible

    try:
        return _ctranslate2(card, settings, files)
    except Unconvertible as error:
        backend = _transformers(card, settings, files)
        backend.note(f"slower than need be: {error}")
        return backend


def _backend(card: MtCard, settings: MtConfig) -> str:
    """Returns the backend that the settings name, or the card's; another kind's is a KzalignError."""
    name = settings.backend or card.backend
    if name not in BACKENDS:
        raise unknown("backend", name, BACKENDS)
    if name not in (possible := (card.backend, *INSTEAD.get(card.backend, ()))):
        raise KzalignError(f"{card.name}: the backend '{name}' does not run this model, only {' and '.join(possible)}")
    return name


def _needs(card: MtCard, settings: MtConfig) -> Needs:
    chat = card.backend == CHAT
    return Needs(
        tokenizers=tokenizers_of(CHAT if chat else card.family),
        what="translation models need torch and transformers: pip install 'kzalign[mt]'",
        section="mt",
        loader="AutoModelForCausalLM" if chat else "AutoModelForSeq2SeqLM",
        pickles=settings.pickles,
        code=settings.remote_code,
        advice="" if settings.pickles else "; or set mt.pickles=true if you trust its author",
    )


__all__ = ["BACKENDS", "FLAGS", "Backend", "Hypothesis", "MtCard", "mt_cards", "open_backend"]
