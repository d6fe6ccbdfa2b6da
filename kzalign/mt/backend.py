"""The one contract of all backends: texts in, as many hypotheses out, in the same order."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256

from kzalign.errors import KzalignError, unknown
from kzalign.mt.cards import MtCard

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


class Backend:
    """A model that has been opened.

    `name` is model@revision, `setup` what else its output depends on, `languages` the model's code for each language,
    `pairs` the directions it translates, as `source-target`.
    """

    def __init__(self, card: MtCard, revision: str, setup: str) -> None:
        self.name = f"{card.name if card.revision == 'local' else card.repo}@{revision}"
        self.languages = dict(card.languages)
        self.pairs = card.pairs or tuple(f"{a}-{b}" for a in card.languages for b in card.languages if a != b)
        self.setup = f"{setup} card={digest(card.family, sorted(card.languages.items()), card.prompt, card.plain, card.body)}"
        self._card = card
        self._flags: Counter[str] = Counter()
        self._events: list[str] = []

    @property
    def notes(self) -> list[str]:
        """Returns what happened since the backend was opened: halved batches, then counts of flags."""
        return [*self._events, *(f"{self._flags[flag]} {what}" for flag, what in FLAGS.items() if self._flags[flag])]

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns one hypothesis a text, in order; raises KzalignError for a pair that the model does not have."""
        return [hypothesis.text for hypothesis in self.hypotheses(texts, source, target)]

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Hypothesis]:
        """Returns the same with flags."""
        check_pair(self._card, source, target)
        found = [Hypothesis("", (BLANK_SOURCE,))] * len(texts)
        asked = [i for i, text in enumerate(texts) if text.strip()]
        answers = self._hypotheses([texts[i] for i in asked], source, target) if asked else []
        for i, answer in zip(asked, answers, strict=True):
            empty = () if answer.text.strip() else (EMPTY,)
            found[i] = Hypothesis(answer.text, (*answer.flags, *empty))
        self._flags.update(flag for hypothesis in found for flag in hypothesis.flags)
        return found

    def _hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Hypothesis]:
        """Returns one hypothesis a text; none of the texts is blank."""
        raise NotImplementedError


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
