"""Sequence-to-sequence models of transformers: NLLB, M2M-100, mBART-50, MADLAD-400, OPUS-MT and what is tuned from them."""

from collections.abc import Sequence
from typing import Any

from kzalign.config import MtConfig
from kzalign.mt.backend import SOURCE_CUT, UNFINISHED, Asked, Hypothesis, Local, Search
from kzalign.mt.batches import Batcher, room
from kzalign.mt.cards import MtCard
from kzalign.mt.families import FAMILIES
from kzalign.mt.loading import encoded, limit_of, load_model, load_tokenizer, mark_id
from kzalign.mt.required import Required, required_terms
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

    @property
    def max_length(self) -> int:
        """Returns the most ids of a text that `encode` leaves uncut."""
        return limit_of(self.tokenizer, self._card.max_length)

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Returns how many ids `encode` would give for each text if it cut none, whichever the languages."""
        mark = "" if self._family.forced else max(map(self._mark, self._card.languages), key=len)
        with quietly():
            ids = self.tokenizer([f"{mark} {text}" if mark else text for text in texts], truncation=False)["input_ids"]
        return [len(tokens) for tokens in ids]

    def room(self, tokens: int, stretch: int) -> int:
        """Returns how many tokens the translation of a source of so many may have."""
        return room(tokens, RATIO * stretch, self._card.max_length)

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


class Seq2SeqBackend(Local):
    """A model in transformers, greedy or with beams, never sampling."""

    def __init__(self, card: MtCard, settings: MtConfig, files: ModelFiles, opened: tuple[Any, Any] | None = None) -> None:
        """Takes the tokenizer and the model that are already `opened`, such as one in training, or reads the files."""
        tokenizer, model = opened or (None, None)
        self._sources = Sources(card, tokenizer or load_tokenizer(card, settings, files))
        self._model = model if model is not None else load_model(card, settings, files, "AutoModelForSeq2SeqLM")
        beams = settings.num_beams or card.num_beams
        setup = f"transformers {self._model.dtype} beams={beams} max_length={card.max_length}".replace("torch.", "")
        super().__init__(card, files.revision, setup, beams)
        self._batcher = Batcher(settings.batch_tokens, self._events)

    @property
    def max_length(self) -> int:
        """Returns the most tokens of a text that the model reads."""
        return self._sources.max_length

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        return self._sources.lengths(texts)

    def _hypotheses(self, asked: Asked) -> list[Hypothesis]:
        search = asked.search
        ids, cut = self._sources.encode(asked.texts, asked.source, asked.target)
        forced = self._sources.forced(asked.target)
        rooms = [self._sources.room(len(tokens), search.stretch) for tokens in ids]
        terms = required_terms(self._sources.tokenizer, asked.glossary, self._card.languages[asked.target])
        ends = ends_of(self._model.generation_config)

        def translate(batch: list[int]) -> list[Hypothesis]:
            limit = rooms[batch[0]]
            wanted = [terms[i] for i in batch]
            required = Required(wanted, self._sources.tokenizer, search.num_beams, ends, limit) if any(wanted) else None
            rows = self._generate([ids[i] for i in batch], forced, limit, search, required)
            return [self._hypothesis(row, forced, cut[i], rooms[i]) for i, row in zip(batch, rows, strict=True)]

        return self._batcher.run([len(tokens) for tokens in ids], rooms, search.num_beams, translate)

    def _generate(
        self, ids: list[list[int]], forced: int | None, limit: int, search: Search, required: Required | None
    ) -> list[list[int]]:
        import torch

        begin = {} if forced is None else {"forced_bos_token_id": forced}
        with quietly(), torch.inference_mode():
            inputs = self._sources.tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self._model.device)
            rows = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                num_beams=search.num_beams,
                no_repeat_ngram_size=search.no_repeat_ngram_size,
                repetition_penalty=search.repetition_penalty,
                max_new_tokens=limit,
                logits_processor=[required] if required else [],
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
