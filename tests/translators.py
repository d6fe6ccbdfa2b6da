"""Models for the tests of bulk translation: they spell a text in the letters of the target language."""

from collections.abc import Sequence
from typing import Any

from kzalign.mt.backend import UNFINISHED, Hypothesis
from kzalign.mt.contract import Terms

CYRILLIC = "абвгдежзийклмнопрстуфхцчшщъыьэюя"
LATIN = "abvgdejziyklmnoprstufhccssciieua"
KAZAKH = str.maketrans("аоунгкеыАОУНГК", "әөұңғқіыӘӨҰҢҒҚ")
RUSSIAN = str.maketrans("әөұүңғқіһӘӨҰҮҢҒҚІҺ", "аоуунгкихАОУУНГКИХ")
TO_LATIN = str.maketrans(CYRILLIC + CYRILLIC.upper(), LATIN + LATIN.upper())
TO_CYRILLIC = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "абкдефгхижклмнопкрстувухызАБКДЕФГХИЖКЛМНОПКРСТУВУХЫЗ"
)


def spelled(text: str, target: str) -> str:
    """Returns the text in the target's letters: as long, with the same numbers."""
    russian = text.translate(RUSSIAN)
    if target == "en":
        return russian.translate(TO_LATIN)
    russian = russian.translate(TO_CYRILLIC)
    return russian.translate(KAZAKH) if target == "kk" else russian


class Speller:
    """A model that is always good; it remembers the batches it was given."""

    def __init__(self, name: str = "speller@1", languages: Sequence[str] = ("kk", "ru", "en")) -> None:
        self.name = name
        self.languages = languages
        self.notes: list[str] = []
        self.batches: list[tuple[str, str, list[str]]] = []

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns each text spelled."""
        self.batches.append((source, target, list(texts)))
        return [self.one(text, target) for text in texts]

    def one(self, text: str, target: str) -> str:
        """Returns one text spelled."""
        return spelled(text, target)

    @property
    def texts(self) -> list[str]:
        """Returns all texts it was given."""
        return [text for _, _, texts in self.batches for text in texts]


class Faulty(Speller):
    """A model that fails at some texts; asked again under other settings it may do better."""

    def __init__(self, faults: dict[str, str], cured: dict[str, str] | None = None) -> None:
        super().__init__("faulty@1")
        self.faults, self.cured = faults, cured or {}
        self.again: list[tuple[list[str], dict[str, Any]]] = []
        self.glossaries: list[list[Terms]] = []

    def one(self, text: str, target: str) -> str:
        """Returns the fault that the text has, or the text spelled."""
        return self.faults.get(text, spelled(text, target))

    def generate(self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms], **settings: Any) -> list[Any]:
        """Returns the cures; one that ends in `…` is unfinished."""
        self.again.append((list(texts), settings))
        self.glossaries.append(list(glossary))
        cures = [self.cured.get(text, self.faults.get(text, spelled(text, target))) for text in texts]
        return [Hypothesis(cure, (UNFINISHED,) if cure.endswith("…") else ()) for cure in cures]
