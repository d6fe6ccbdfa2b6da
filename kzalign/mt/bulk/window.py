"""A window of texts through the model: the same text once, in batches of like length, flagged ones once more."""

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from kzalign.config import TranslateConfig
from kzalign.errors import KzalignError
from kzalign.mt.bulk.checks import SPLIT, Pair, flags_of
from kzalign.mt.bulk.glossary import has_term, stems_of, words_of
from kzalign.mt.bulk.job import RETRY
from kzalign.mt.bulk.ledger import Ledger
from kzalign.mt.bulk.pieces import Lengths, batches, characters, cleaned, split_long
from kzalign.mt.bulk.works import Translated
from kzalign.mt.contract import Enforces, Marked, Marks, Measures, Regenerates, Terms, Translator

TRUNCATED = frozenset(("unfinished", "source_cut"))
"""Flags of a model that say that a hypothesis is truncated."""


class Request(NamedTuple):
    """A text that the model is asked for."""

    source: str
    target: str
    text: str
    terms: Terms = ()


class Answer(NamedTuple):
    """The model's hypothesis, cleaned, and whether it is known to be truncated."""

    text: str
    unfinished: bool


class Stopped(Exception):
    """The user asked to stop: the journal has all that was translated."""


class Window:
    """Translates one window after another; `tell` is told the texts and characters of each batch, and the window's texts."""

    def __init__(
        self, translator: Translator, config: TranslateConfig, stop: Callable[[], bool], tell: Callable[[int, int, int], None]
    ) -> None:
        self._translator = translator
        self._config = config
        self._stop = stop
        self._tell = tell
        self._lengths: Lengths = translator.lengths if isinstance(translator, Measures) else characters
        self._limit = translator.max_length if isinstance(translator, Measures) else config.max_length
        self._number = 0
        self._of = 0

    def fits(self, text: str) -> bool:
        """Says whether the model takes the text in one piece."""
        return self._lengths([text])[0] <= self._limit

    def translate(self, requests: Iterable[Request], ledger: Ledger) -> dict[Request, Translated]:
        """Returns the translation of every request; raises Stopped where the user asks for it between two batches."""
        self._number = 0
        wanted = list(dict.fromkeys(request for request in requests if request.text))
        pieces = self._pieces(wanted)
        asked = list(dict.fromkeys(piece for parts in pieces.values() for piece in parts))
        self._of = len(asked)
        answers = self._answers(asked, ledger, again=False)
        flags = {request: _flags(request, answer) for request, answer in answers.items()}
        if isinstance(self._translator, Regenerates):
            flagged = [request for request in asked if flags[request]]
            for request, answer in self._answers(flagged, ledger, again=True).items():
                found = _flags(request, answer)
                if len(found) < len(flags[request]):
                    answers[request], flags[request] = answer, found
        return {request: _joined(request.text, parts, answers, flags) for request, parts in pieces.items()}

    def _pieces(self, requests: Sequence[Request]) -> dict[Request, list[Request]]:
        lengths = self._lengths([request.text for request in requests])
        return {
            request: [request]
            if length <= self._limit
            else [
                request._replace(text=piece, terms=tuple(t for t in request.terms if has_term(words_of(piece), stems_of(t[0]))))
                for piece in split_long(request.text, self._limit, self._lengths)
            ]
            for request, length in zip(requests, lengths, strict=True)
        }

    def _answers(self, requests: Sequence[Request], ledger: Ledger, again: bool) -> dict[Request, Answer]:
        """Returns the answer to each request; the batches are numbered, so that a later run finds them in the journal."""
        groups: dict[tuple[str, str, bool], list[Request]] = {}
        for request in requests:
            groups.setdefault((request.source, request.target, bool(request.terms)), []).append(request)
        answers: dict[Request, Answer] = {}
        for group in groups.values():
            lengths = self._lengths([request.text for request in group])
            for indices in batches(lengths, self._config.batch, self._config.batch_texts):
                batch = [group[k] for k in indices]
                answers.update(zip(batch, self._batch(batch, ledger, again), strict=True))
        return answers

    def _batch(self, batch: Sequence[Request], ledger: Ledger, again: bool) -> list[Answer]:
        number, self._number = self._number, self._number + 1
        texts = [request.text for request in batch]
        kept = ledger.batch(number, texts)
        if kept is not None:
            return [Answer(text, unfinished) for text, unfinished in kept]
        if self._stop():
            raise Stopped
        try:
            answers = self._asked(batch, texts, again)
        except KzalignError as error:
            raise KzalignError(f"{error}; what is translated is kept: run the same command again to go on") from None
        if len(answers) != len(texts) or not all(isinstance(answer.text, str) for answer in answers):
            raise ValueError(f"{self._translator.name} gave {len(answers)} hypotheses for {len(texts)} texts")
        answers = [Answer(cleaned(text), unfinished) for text, unfinished in answers]
        ledger.add_batch(number, texts, [list(answer) for answer in answers])
        self._tell(len(texts), sum(map(len, texts)), self._of)
        return answers

    def _asked(self, batch: Sequence[Request], texts: list[str], again: bool) -> list[Answer]:
        source, target, _, terms = batch[0]
        model = self._translator
        glossary = [request.terms for request in batch]
        if again and isinstance(model, Regenerates):
            return _marked(model.generate(texts, source, target, glossary, **RETRY))
        if terms and isinstance(model, Enforces):
            return _marked(model.translate_terms(texts, source, target, glossary))
        if isinstance(model, Marks):
            return _marked(model.hypotheses(texts, source, target))
        return [Answer(text, False) for text in model.translate(texts, source, target)]


def _marked(hypotheses: Sequence[Marked]) -> list[Answer]:
    return [Answer(hypothesis.text, not TRUNCATED.isdisjoint(hypothesis.flags)) for hypothesis in hypotheses]


def _flags(request: Request, answer: Answer) -> tuple[str, ...]:
    return flags_of(Pair(request.text, answer.text, request.target, request.terms, answer.unfinished))


def _joined(
    text: str, parts: Sequence[Request], answers: dict[Request, Answer], flags: dict[Request, tuple[str, ...]]
) -> Translated:
    """Returns the hypotheses of a text's pieces as one, with all their flags; no space comes into a word that was cut."""
    joined, end = "", 0
    for part in parts:
        start = text.index(part.text, end)
        space = " " if joined and answers[part].text and start > end else ""
        joined += space + answers[part].text
        end = start + len(part.text)
    names = dict.fromkeys(name for part in parts for name in flags[part])
    if len(parts) > 1:
        names[SPLIT] = None
    return Translated(joined, tuple(names))
