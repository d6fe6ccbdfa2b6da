"""The one contract of all backends: texts in, as many hypotheses out, in the same order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from typing import Any

from kzalign.errors import KzalignError, unknown
from kzalign.mt.cards import MtCard
from kzalign.mt.contract import Terms

SOURCE_CUT = "source_cut"
UNFINISHED = "unfinished"
EMPTY = "empty"
BLANK_SOURCE = "blank_source"
FLAGS = {
    SOURCE_CUT: "sources cut at the model's maximum length",
    UNFINISHED: "hypotheses that reached the limit of their length before their end",
    EMPTY: "empty hypotheses",
    BLANK_SOURCE: "blank sources, given an empty hypothesis without asking the model",
}


@dataclass(frozen=True, slots=True)
class Hypothesis:
    """A translation as the model gave it, and what is to be known of it: some of FLAGS."""

    text: str
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """How a model looks for its hypotheses: as many beams as it has, or one more time otherwise."""

    num_beams: int = 1
    no_repeat_ngram_size: int = 0
    repetition_penalty: float = 1.0
    stretch: int = 1
    """Times the room that a hypothesis usually has."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Texts of one pair of languages, none of them blank, each with the terms it has to use, and how to search."""

    texts: Sequence[str]
    source: str
    target: str
    glossary: Sequence[Terms]
    search: Search


class Backend:
    """A model that has been opened.

    `name` is model@revision, `setup` what else its output depends on, `languages` the model's code for each language,
    `pairs` the directions it translates, as `source-target`.
    """

    def __init__(self, card: MtCard, revision: str, setup: str, num_beams: int = 1) -> None:
        self.name = f"{card.name if card.revision == 'local' else card.repo}@{revision}"
        self.languages = dict(card.languages)
        self.pairs = card.pairs or tuple(f"{a}-{b}" for a in card.languages for b in card.languages if a != b)
        self.setup = f"{setup} card={digest(card.family, sorted(card.languages.items()), card.prompt, card.plain, card.body)}"
        self._card = card
        self._search = Search(num_beams)
        self._flags: Counter[str] = Counter()
        self._events: list[str] = []

    @property
    def notes(self) -> list[str]:
        """Returns what happened since the backend was opened: halved batches, then counts of flags."""
        return [*self._events, *(f"{self._flags[flag]} {what}" for flag, what in FLAGS.items() if self._flags[flag])]

    def note(self, event: str) -> None:
        """Adds what happened to the notes."""
        self._events.append(event)

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns one hypothesis a text, in order; raises KzalignError for a pair that the model does not have."""
        return [hypothesis.text for hypothesis in self.hypotheses(texts, source, target)]

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Hypothesis]:
        """Returns the same with flags."""
        return self._answers(Asked(texts, source, target, [()] * len(texts), self._search))

    def _answers(self, asked: Asked) -> list[Hypothesis]:
        """Returns one hypothesis a text, blank ones too."""
        check_pair(self._card, asked.source, asked.target)
        found = [Hypothesis("", (BLANK_SOURCE,))] * len(asked.texts)
        full = [i for i, text in enumerate(asked.texts) if text.strip()]
        texts, glossary = [asked.texts[i] for i in full], [asked.glossary[i] for i in full]
        answers = self._hypotheses(replace(asked, texts=texts, glossary=glossary)) if full else []
        for i, answer in zip(full, answers, strict=True):
            empty = () if answer.text.strip() else (EMPTY,)
            found[i] = Hypothesis(answer.text, (*answer.flags, *empty))
        if asked.search == self._search:
            self._flags.update(flag for hypothesis in found for flag in hypothesis.flags)
        return found

    def _hypotheses(self, asked: Asked) -> list[Hypothesis]:
        """Returns one hypothesis a text."""
        raise NotImplementedError


class Local(Backend):
    """A model that runs here: it counts tokens, searches otherwise when it is asked to, and heeds terms."""

    @property
    def max_length(self) -> int:
        """Returns the most tokens of a text that the model reads."""
        raise NotImplementedError

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of tokens of each text, as the model is given it; of a chat model's without the prompt's."""
        # Tokenizers raise an error for no texts.
        return self._lengths(texts) if texts else []

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        """Returns the same for one text or more."""
        raise NotImplementedError

    def generate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms], **settings: Any
    ) -> list[Hypothesis]:
        """Returns hypotheses found under other settings, fields of Search; never with fewer beams than usual."""
        search = replace(self._search, **settings)
        search = replace(search, num_beams=max(search.num_beams, self._search.num_beams))
        return self._answers(Asked(texts, source, target, glossary, search))

    def translate_terms(self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms]) -> list[Hypothesis]:
        """Returns hypotheses with each text's terms in them, as far as the model can be made to use them."""
        return self._answers(Asked(texts, source, target, glossary, self._search))


def digest(*values: object) -> str:
    """Returns eight hexadecimal digits that tell whether any of the values differs: what is too long, or private, to be said."""
    return sha256(repr(values).encode("utf-8", "backslashreplace")).hexdigest()[:8]


def check_pair(card: MtCard, source: str, target: str) -> None:
    """Raises KzalignError, naming what there is, if the card's model does not translate `source` into `target`."""
    for language in (source, target):
        if language not in card.languages:
            raise KzalignError(f"{card.name}: {unknown('language', language, card.languages)}")
    if source == target:
        raise KzalignError(f"{card.name}: '{source}' is both the source and the target language")
    if card.pairs and f"{source}-{target}" not in card.pairs:
        raise KzalignError(f"{card.name}: does not translate {source}-{target}, only {', '.join(card.pairs)}")
