"""Sequence-to-sequence models of transformers: NLLB, M2M-100, mBART-50, MADLAD-400, OPUS-MT and what is tuned from them."""

from collections.abc import Sequence
from typing import Any

from kzalign.config import MtConfig
from kzalign.mt.backend import SOURCE_CUT, UNFINISHED, Backend, Hypothesis
from kzalign.mt.batches import Batcher, room
from kzalign.mt.cards import MtCard
from kzalign.mt.families import FAMILIES
from kzalign.mt.loading import encoded, load_model, load_tokenizer, mark_id
from kzalign.weights import ModelFiles, quietly

RATIO = 3
"""Times the source's length that a hypothesis may have, in tokens."""


class Sources:
    """A family's tokenizer, told the languages: texts to ids, and generated ids back to hypotheses."""

    def __init__(self, card: MtCard, tokenizer: Any) -> None:
        self.tokenizer = tokenizer
        self._card, self._family = card, FAMILIES[card.family]

    def encode(self, texts: Sequence[str], source: str, target: str) -> tuple[list[list[int]], list[bool]]:
        """Returns the texts' ids, marked as the family marks them, and whether each was cut."""
        mark = self._mark(target)
        if self._family.forced:
            self.tokenizer.src_lang = self._card.languages[source]
        elif mark:
            texts = [f"{mark} {text}" for text in texts]
        return encoded(self.tokenizer, texts, self._card.max_length)

    def room(self, tokens: int) -> int:
        """Returns how many tokens the translation of a source of so many may have."""
        return room(tokens, RATIO, self._card.max_length)

    def forced(self, target: str) -> int | None:
        """Returns the id that every translation begins with; None where nothing is forced."""
        return mark_id(self.tokenizer, self._mark(target)) if self._family.forced else None

    def _mark(self, target: str) -> str:
        code = self._card.languages[target]
        return self._family.mark.format(code=code) if code else ""


def hypothesis_of(
    tokenizer: Any, ids: Sequence[int], forced: int | None, ends: Sequence[int], cut: bool, whole: int
) -> Hypothesis:
    """Returns what generated ids say between the forced id and the first end.

    Without an end before `whole` ids the hypothesis is unfinished.
    """
    end = next((i for i, token in enumerate(ids) if token in ends), len(ids))
    said = ids[1:end] if forced is not None and list(ids[:1]) == [forced] else ids[:end]
    unfinished = end == len(ids) or end >= whole
    flags = (*((SOURCE_CUT,) if cut else ()), *((UNFINISHED,) if unfinished else ()))
    return Hypothesis(tokenizer.decode(list(said), skip_special_tokens=True).strip(), flags)


def ends_of(generation: Any) -> tuple[int, ...]:
    """Returns the ids that end a text by a model's generation settings."""
    ends = generation.eos_token_id
    return tuple(ends) if isinstance(ends, list) else (ends,)


class Seq2SeqBackend(Backend):
    """A model in transformers, greedy or with beams, never sampling."""

    def __init__(self, card: MtCard, settings: MtConfig, files: ModelFiles, opened: tuple[Any, Any] | None = None) -> None:
        """Takes the tokenizer and the model that are already `opened`, such as one in training, or reads the files."""
        tokenizer, model = opened or (None, None)
        self._sources = Sources(card, tokenizer or load_tokenizer(card, settings, files))
        self._model = model if model is not None else load_model(card, settings, files, "AutoModelForSeq2SeqLM")
        self._beams = settings.num_beams or card.num_beams
        setup = f"transformers {self._model.dtype} beams={self._beams} max_length={card.max_length}".replace("torch.", "")
        super().__init__(card, files.revision, setup)
        self._batcher = Batcher(settings.batch_tokens, self._beams, self._events)

    def _hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Hypothesis]:
        ids, cut = self._sources.encode(texts, source, target)
        forced = self._sources.forced(target)
        rooms = [self._sources.room(len(tokens)) for tokens in ids]

        def translate(batch: list[int]) -> list[Hypothesis]:
            rows = self._generate([ids[i] for i in batch], forced, rooms[batch[0]])
            return [self._hypothesis(row, forced, cut[i], rooms[i]) for i, row in zip(batch, rows, strict=True)]

        return self._batcher.run([len(tokens) for tokens in ids], rooms, translate)

    def _generate(self, ids: list[list[int]], forced: int | None, limit: int) -> list[list[int]]:
        import torch

        begin = {} if forced is None else {"forced_bos_token_id": forced}
        with quietly(), torch.inference_mode():
            inputs = self._sources.tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self._model.device)
            rows = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                num_beams=self._beams,
                max_new_tokens=limit,
                do_sample=False,
                **begin,
            )
        found: list[list[int]] = rows.tolist()
        return found

    def _hypothesis(self, row: list[int], forced: int | None, cut: bool, limit: int) -> Hypothesis:
        generation = self._model.generation_config
        # Where an end is forced at the limit, the last id says nothing of whether the model was done.
        whole = limit - (generation.forced_eos_token_id is not None)
        return hypothesis_of(self._sources.tokenizer, row[1:], forced, ends_of(generation), cut, whole)
