"""What bulk translation asks of a model, and by a protocol each what only some models can do."""

from collections.abc import Collection, Sequence
from typing import Any, Protocol, runtime_checkable

Terms = tuple[tuple[str, tuple[str, ...]], ...]
"""A text's glossary: source terms, each with the translations that are allowed."""


@runtime_checkable
class Translator(Protocol):
    """An opened model."""

    @property
    def name(self) -> str:
        """Returns `model@revision`."""

    @property
    def languages(self) -> Collection[str]:
        """Returns the codes of the languages it translates between."""

    @property
    def notes(self) -> Sequence[str]:
        """Returns what the user should know of the run, such as batches halved for want of memory."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns one hypothesis for each text, in the texts' order."""


class Marked(Protocol):
    """A hypothesis with what the model knows of it."""

    @property
    def text(self) -> str:
        """Returns the hypothesis."""

    @property
    def flags(self) -> Sequence[str]:
        """Returns its flags; `unfinished` and `source_cut` say that it is truncated."""


@runtime_checkable
class Directed(Protocol):
    """A model that does not translate between all of its languages."""

    @property
    def pairs(self) -> Collection[str]:
        """Returns its directions, as `ru-kk`."""


@runtime_checkable
class Regenerates(Protocol):
    """A model that can be asked once more under other settings of generation."""

    def generate(
        self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms], **settings: Any
    ) -> Sequence[Marked]:
        """Returns one hypothesis for each text, in the texts' order; `glossary` has the terms of each text, perhaps none."""


@runtime_checkable
class Marks(Protocol):
    """A model that knows which hypotheses it did not finish."""

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> Sequence[Marked]:
        """Returns one hypothesis for each text, in the texts' order."""


@runtime_checkable
class Measures(Protocol):
    """A model whose texts are measured in its own tokens instead of characters."""

    @property
    def max_length(self) -> int:
        """Returns the most tokens that a text may have."""

    def lengths(self, texts: Sequence[str]) -> list[int]:
        """Returns the number of tokens of each text."""


@runtime_checkable
class Enforces(Protocol):
    """A model that can be made to use the terms of a glossary."""

    def translate_terms(self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms]) -> Sequence[Marked]:
        """Returns one hypothesis for each text, in the texts' order; `glossary` has the terms of each text."""


@runtime_checkable
class HasSetup(Protocol):
    """A model whose output depends on more than its name: precision, beams, what runs it."""

    @property
    def setup(self) -> str:
        """Returns these, in words."""


def translates(model: Translator, source: str, target: str) -> bool:
    """Says whether the model translates in this direction."""
    if isinstance(model, Directed):
        return f"{source}-{target}" in model.pairs
    return source != target and {source, target} <= set(model.languages)
