"""A window of texts through the model: the same text once, in batches of like length, flagged ones once more."""

from collections.abc import Generator, Iterable, Sequence
from typing import NamedTuple

from kzalign.config import TranslateConfig
from kzalign.mt.bulk.checks import SPLIT, Pair, flags_of
from kzalign.mt.bulk.glossary import has_term, stems_of, words_of
from kzalign.mt.bulk.job import RETRY
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


class Batch(NamedTuple):
    """Requests of one direction for the model to answer together."""

    window: int
    """The window's first record; with `number` it names the batch, in the journal too."""
    number: int
    requests: tuple[Request, ...]
    again: bool
    """They were answered and flagged: the model is asked once more under other settings."""

    @property
    def texts(self) -> list[str]:
        """Returns the texts of the requests."""
        return [request.text for request in self.requests]


Steps = Generator[list[Batch], list[list[Answer]], dict[Request, Translated]]
"""A window's rounds: yields batches, is sent their answers in order, returns the translations."""


class Window:
    """Cuts windows into batches, and puts the answers together."""

    def __init__(self, translator: Translator, config: TranslateConfig) -> None:
        self._config = config
        self._regenerates = isinstance(translator, Regenerates)
        self._lengths: Lengths = translator.lengths if isinstance(translator, Measures) else characters
        self._limit = translator.max_length if isinstance(translator, Measures) else config.max_length

    def fits(self, text: str) -> bool:
        """Says whether the model takes the text in one piece."""
        return self._lengths([text])[0] <= self._limit

    def steps(self, first: int, requests: Iterable[Request]) -> Steps:
        """Yields the batches of the window that begins at record `first`, then those of its flagged texts."""
        wanted = list(dict.fromkeys(request for request in requests if request.text))
        pieces = self._pieces(wanted)
        asked = list(dict.fromkeys(piece for parts in pieces.values() for piece in parts))
        cut = self._batches(first, 0, asked, again=False)
        answers = yield from _round(cut)
        flags = {request: _flags(request, answer) for request, answer in answers.items()}
        if self._regenerates:
            flagged = [request for request in asked if flags[request]]
            better = yield from _round(self._batches(first, len(cut), flagged, again=True))
            for request, answer in better.items():
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

    def _batches(self, first: int, number: int, requests: Sequence[Request], again: bool) -> list[Batch]:
        """Returns the requests in batches, numbered from `number` on, so that a later run finds them in the journal."""
        groups: dict[tuple[str, str, bool], list[Request]] = {}
        for request in requests:
            groups.setdefault((request.source, request.target, bool(request.terms)), []).append(request)
        cut: list[Batch] = []
        for group in groups.values():
            lengths = self._lengths([request.text for request in group])
            for indices in batches(lengths, self._config.batch, self._config.batch_texts):
                cut.append(Batch(first, number + len(cut), tuple(group[k] for k in indices), again))
        return cut


def _round(cut: list[Batch]) -> Generator[list[Batch], list[list[Answer]], dict[Request, Answer]]:
    found = (yield cut) if cut else []
    return {r: a for batch, answers in zip(cut, found, strict=True) for r, a in zip(batch.requests, answers, strict=True)}


def ask(model: Translator, batch: Batch) -> list[Answer]:
    """Returns the model's answer to each request of a batch, cleaned."""
    texts = batch.texts
    answers = _asked(model, batch, texts)
    if len(answers) != len(texts) or not all(isinstance(answer.text, str) for answer in answers):
        raise ValueError(f"{model.name} gave {len(answers)} hypotheses for {len(texts)} texts")
    return [Answer(cleaned(text), unfinished) for text, unfinished in answers]


def _asked(model: Translator, batch: Batch, texts: list[str]) -> list[Answer]:
    source, target, _, terms = batch.requests[0]
    glossary = [request.terms for request in batch.requests]
    if batch.again and isinstance(model, Regenerates):
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
