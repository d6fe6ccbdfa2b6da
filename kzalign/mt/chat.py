"""Chat models of transformers, asked to translate: the most likely answer, its trimmings taken off."""

from collections.abc import Sequence
from typing import Any

from kzalign.config import MtConfig
from kzalign.mt.answers import asked_for, continued, first_line, hypothesis_in
from kzalign.mt.backend import SOURCE_CUT, Asked, Hypothesis, Local, Search
from kzalign.mt.batches import Batcher, room
from kzalign.mt.cards import MtCard
from kzalign.mt.contract import Terms
from kzalign.mt.loading import encoded, limit_of, load_model, load_tokenizer
from kzalign.mt.seq2seq import ends_of
from kzalign.weights import ModelFiles, quietly

RATIO = 8
"""Times the text's length that an answer may have, in tokens: Kazakh takes many more of them than English."""


class ChatBackend(Local):
    """A causal model with a chat template, or without one: then it continues a plain prompt."""

    def __init__(self, card: MtCard, settings: MtConfig, files: ModelFiles) -> None:
        self._tokenizer = load_tokenizer(card, settings, files)
        self._tokenizer.padding_side = "left"
        if self._tokenizer.pad_token_id is None:
            self._tokenizer.pad_token = self._tokenizer.eos_token
        self._model = load_model(card, settings, files, "AutoModelForCausalLM")
        beams = settings.num_beams or card.num_beams
        self._chats = self._tokenizer.chat_template is not None
        how = "chat" if self._chats else "plain"
        setup = f"transformers {how} {self._model.dtype} beams={beams} max_length={card.max_length}".replace("torch.", "")
        super().__init__(card, files.revision, setup, beams)
        self._batcher = Batcher(settings.batch_tokens, self._events)

    @property
    def max_length(self) -> int:
        """Returns the most tokens of a text that the model reads, the prompt apart."""
        return limit_of(self._tokenizer, self._card.max_length)

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        with quietly():
            return [len(tokens) for tokens in self._tokenizer(list(texts), truncation=False)["input_ids"]]

    def _hypotheses(self, asked: Asked) -> list[Hypothesis]:
        texts, search = asked.texts, asked.search
        own, cut = self._texts(texts)
        prompts = zip(own, asked.glossary, strict=True)
        ids = [self._prompt(text, asked.source, asked.target, terms) for text, terms in prompts]
        # A retry may write on beyond the card's limit: a text has fewer tokens in some languages than in others.
        most = search.stretch * self._card.max_length
        rooms = [room(size, RATIO * search.stretch, most) for size in self.lengths(own)]

        def translate(batch: list[int]) -> list[Hypothesis]:
            rows = self._generate([ids[i] for i in batch], rooms[batch[0]], search)
            return [self._hypothesis(row, texts[i], cut[i]) for i, row in zip(batch, rows, strict=True)]

        return self._batcher.run([len(tokens) for tokens in ids], rooms, search.num_beams, translate)

    def _texts(self, texts: Sequence[str]) -> tuple[list[str], list[bool]]:
        """Returns the texts, cut to as many tokens as the card says, and whether each was cut."""
        ids, cut = encoded(self._tokenizer, texts, self._card.max_length)
        own = [
            self._tokenizer.decode(tokens, skip_special_tokens=True) if long else text
            for text, tokens, long in zip(texts, ids, cut, strict=True)
        ]
        return own, cut

    def _prompt(self, text: str, source: str, target: str, terms: Terms) -> list[int]:
        if not self._chats:
            plain: list[int] = self._tokenizer(continued(self._card, text, source, target, terms))["input_ids"]
            return plain
        asked = asked_for(self._card, text, source, target, terms)
        written = self._tokenizer.apply_chat_template(
            [{"role": "user", "content": asked}],
            tokenize=False,
            add_generation_prompt=True,
            enable_thinking=False,
        )
        # The template has written the special tokens already.
        found: list[int] = self._tokenizer(written, add_special_tokens=False)["input_ids"]
        return found

    def _generate(self, ids: list[list[int]], limit: int, search: Search) -> list[list[int]]:
        import torch

        with quietly(), torch.inference_mode():
            inputs = self._tokenizer.pad({"input_ids": ids}, return_tensors="pt").to(self._model.device)
            rows = self._model.generate(
                input_ids=inputs["input_ids"],
                attention_mask=inputs["attention_mask"],
                num_beams=search.num_beams,
                max_new_tokens=limit,
                logits_processor=_against_repetition(search, inputs["input_ids"].shape[1]),
                do_sample=False,
                pad_token_id=self._tokenizer.pad_token_id,
            )
        found: list[list[int]] = rows[:, inputs["input_ids"].shape[1] :].tolist()
        return found

    def _hypothesis(self, row: list[int], text: str, cut: bool) -> Hypothesis:
        ends = {*ends_of(self._model.generation_config), self._tokenizer.eos_token_id}
        end = next((i for i, token in enumerate(row) if token in ends), len(row))
        answer = self._tokenizer.decode(row[:end], skip_special_tokens=True)
        said = answer if self._chats else first_line(answer, text)
        finished = end < len(row) or (said != answer.strip() and not self._chats)
        return hypothesis_in(said, text, finished, (SOURCE_CUT,) if cut else ())


def _against_repetition(search: Search, prompt: int) -> list[Any]:
    """Returns the processors of scores that a search asks for; what the prompt says, `prompt` tokens, may be said again."""
    from transformers import NoRepeatNGramLogitsProcessor, RepetitionPenaltyLogitsProcessor

    found: list[Any] = []
    if search.repetition_penalty != 1:
        found.append(RepetitionPenaltyLogitsProcessor(search.repetition_penalty, prompt_ignore_length=prompt))
    if search.no_repeat_ngram_size:
        own = NoRepeatNGramLogitsProcessor(search.no_repeat_ngram_size)
        found.append(lambda input_ids, scores: own(input_ids[:, prompt:], scores))
    return found
