"""The model that is tuned: found as the backends find it, opened in full precision for training."""

from dataclasses import dataclass, replace
from typing import Any

from kzalign.config import FinetuneConfig, MtConfig
from kzalign.errors import KzalignError
from kzalign.mt.cards import MtCard, completed, find_card
from kzalign.mt.families import FAMILIES, tokenizers_of
from kzalign.mt.loading import load_model, load_tokenizer
from kzalign.mt.seq2seq import Seq2SeqBackend, Sources
from kzalign.weights import ModelFiles, Needs, find_weights

DROPOUTS = {"t5": ("dropout_rate",), "": ("dropout", "attention_dropout")}
"""What a type of model calls its dropout."""


@dataclass(frozen=True, slots=True)
class Base:
    """A model's card, complete, and its files."""

    card: MtCard
    files: ModelFiles

    @property
    def name(self) -> str:
        """Returns `model@revision`."""
        return f"{self.card.name}@{self.files.revision}"

    @property
    def directions(self) -> tuple[str, ...]:
        """Returns what it translates."""
        languages = self.card.languages
        return self.card.pairs or tuple(f"{a}-{b}" for a in languages for b in languages if a != b)

    def sources(self, settings: MtConfig) -> Sources:
        """Returns its tokenizer, told the languages."""
        return Sources(self.card, load_tokenizer(self.card, settings, self.files))

    def model(self, settings: MtConfig, config: FinetuneConfig) -> Any:
        """Returns the weights in float32, on their device, with the run's dropout and no layer left out at random."""
        import torch

        model_type = FAMILIES[self.card.family].model_type
        changes = {"dtype": torch.float32} | dict.fromkeys(DROPOUTS.get(model_type, DROPOUTS[""]), config.dropout)
        model = load_model(self.card, settings, self.files, "AutoModelForSeq2SeqLM", **changes)
        for module in model.modules():
            # Layers that are left out have no gradient, for which processes would wait for each other in vain.
            if hasattr(module, "layerdrop"):
                module.layerdrop = 0.0
        return model

    def backend(self, settings: MtConfig, sources: Sources, model: Any) -> Seq2SeqBackend:
        """Returns the backend around a model in training."""
        return Seq2SeqBackend(self.card, settings, self.files, (sources.tokenizer, model))


def find_base(name: str, settings: MtConfig, config: FinetuneConfig) -> Base:
    """Returns the base model of that name; raises KzalignError for one that is not here or cannot be trained."""
    card = find_card(name)
    if card.backend not in ("", "transformers"):
        raise KzalignError(f"{card.name}: a {card.backend} model; finetune trains sequence-to-sequence models of transformers")
    needs = Needs(
        tokenizers=tokenizers_of(card.family),
        what="fine-tuning needs torch and transformers: pip install 'kzalign[mt,finetune]'",
        section="mt",
        loader="AutoModelForSeq2SeqLM",
        pickles=settings.pickles,
        code=settings.remote_code,
    )
    files = find_weights(card.repo, card.revision, settings.locked, needs)
    card = completed(card, files.folder)
    if card.family not in FAMILIES:
        raise KzalignError(f"{card.name}: a {card.family} model; finetune trains {', '.join(FAMILIES)}")
    return Base(replace(card, max_length=min(card.max_length, max(config.max_length, 8))), files)
