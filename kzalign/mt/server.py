"""Models behind any server that speaks OpenAI's chat completions: vLLM, llama.cpp, a hosted one."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kzalign.config import MtConfig
from kzalign.errors import KzalignError
from kzalign.mt.answers import asked_for, hypothesis_in
from kzalign.mt.backend import Asked, Backend, Hypothesis, digest
from kzalign.mt.cards import ADDRESS, MtCard
from kzalign.mt.contract import Terms
from kzalign.mt.http import Client, Retry


class ServerBackend(Backend):
    """A server's model, asked for one text at a time, several at once; temperature 0."""

    def __init__(self, card: MtCard, settings: MtConfig) -> None:
        url = (settings.url or card.url).rstrip("/")
        if not ADDRESS[0](url):
            # What is written may be a password: it is not repeated.
            where = "mt.url" if settings.url or not card.url else "the card's url"
            raise KzalignError(f"{card.name}: {where} is not a server's address; expected {ADDRESS[1]}")
        key = os.environ.get(card.key, "") if card.key else ""
        if card.key and not key:
            raise KzalignError(f"{card.name}: the environment variable {card.key}, which is to hold the key, is not set")
        self._client = Client(f"{url}/chat/completions", key, settings.timeout, settings.retries)
        self._concurrency = settings.concurrency
        super().__init__(card, card.revision, f"openai temperature=0 max_length={card.max_length} server={digest(url)}")

    def translate_terms(self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms]) -> list[Hypothesis]:
        """Returns hypotheses of a model that is told each text's terms."""
        return self._answers(Asked(texts, source, target, glossary, self._search))

    def _hypotheses(self, asked: Asked) -> list[Hypothesis]:
        card = self._card
        prompts = [
            asked_for(card, text, asked.source, asked.target, terms)
            for text, terms in zip(asked.texts, asked.glossary, strict=True)
        ]
        with ThreadPoolExecutor(self._concurrency) as pool:
            waiting = [pool.submit(self._one, text, prompt) for text, prompt in zip(asked.texts, prompts, strict=True)]
            try:
                return [future.result() for future in waiting]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _one(self, text: str, prompt: str) -> Hypothesis:
        """Returns one text's hypothesis; an answer cut at its limit is asked for again with twice the room, once."""
        answer, finished = self._asked(prompt, self._card.max_length)
        if not finished:
            answer, finished = self._asked(prompt, 2 * self._card.max_length)
        return hypothesis_in(answer, text, finished)

    def _asked(self, prompt: str, limit: int) -> tuple[str, bool]:
        body = {
            "model": self._card.repo,
            "messages": [{"role": "user", "content": prompt}],
            "temperature": 0,
            "max_tokens": limit,
            **self._card.body,
        }
        found: tuple[str, bool] = self._client.post(body, _read)
        return found


def _read(answer: dict[str, Any]) -> tuple[str, bool]:
    """Returns an answer's text and whether the model was done; raises Retry for JSON of another shape."""
    try:
        choice = answer["choices"][0]
        content, reason = choice["message"]["content"], choice.get("finish_reason")
    except (KeyError, IndexError, TypeError, AttributeError):
        raise Retry("an answer without choices[0].message.content") from None
    if not isinstance(content, str):
        raise Retry("an answer whose content is no text")
    return content, reason != "length"
