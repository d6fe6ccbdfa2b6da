"""What the filters look at: a segment's sides, each measured once however many segments it stands in."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from functools import cached_property
from itertools import combinations, compress

from kzalign.corpus.filters.recurrence import Recurrence, folded_words
from kzalign.records import Segment
from kzalign.text.numbers import FIGURE, WORDS, Numbers, figures, spelt
from kzalign.text.script import TOKEN, Word, identify_total, total, word_evidence
from kzalign.text.sentences import split_sentences

MAX_SIDES = 4_000
"""Sides remembered: segments come article by article, so that few are enough."""

SCRIPTS = {"kk": "Cyrl", "ru": "Cyrl", "en": "Latn"}
"""The script in which a language is published."""


class Side:
    """One language's text of a segment, and what has been measured on it."""

    def __init__(self, lang: str, text: str) -> None:
        self.lang, self.text, self.articles = lang, text, 1
        self.tokens: list[str] = TOKEN.findall(text)
        self.lower = list(map(str.lower, self.tokens))
        self.vocabulary = frozenset(self.lower)
        self.words: list[Word] = list(map(word_evidence, self.tokens))
        self.sums = total(self.words)
        self.identified = identify_total(text, self.sums)
        self.found = f"{self.identified.lang}-{self.identified.script}"
        self.figures = figures(text) if FIGURE.search(text) else ()
        self.measured = Measures(self)

    @cached_property
    def numbers(self) -> Numbers:
        """The numbers in figures and in words."""
        return Numbers(self.figures, frozenset() if WORDS.keys().isdisjoint(self.vocabulary) else spelt(self.lower))

    @cached_property
    def common_words(self) -> frozenset[str]:
        """The words that are neither names nor formulae."""
        return frozenset(compress(self.tokens, [word.common for word in self.words]))


class Measures(dict[Callable[[Side], float], float]):
    """A side's measures, each taken when first asked for."""

    def __init__(self, side: Side) -> None:
        self.side = side

    def __missing__(self, measure: Callable[[Side], float]) -> float:
        value = self[measure] = measure(self.side)
        return value


@dataclass(slots=True)
class Context:
    """What is known beside the segment: recurrence over the corpus, and sides measured lately."""

    recurrence: Recurrence | None = None
    _known: dict[tuple[str, str], Side] = field(default_factory=dict)
    _segment: Segment | None = None
    _sides: tuple[Side, ...] = ()

    def sides(self, segment: Segment) -> tuple[Side, ...]:
        """Returns the segment's sides in the order of its languages."""
        if segment is not self._segment:
            self._sides = tuple([self._known.get(item) or self._measure(item, segment) for item in segment.text.items()])
            self._segment = segment
        return self._sides

    def _measure(self, item: tuple[str, str], segment: Segment) -> Side:
        if len(self._known) >= MAX_SIDES:
            self._known.clear()
        side = self._known[item] = Side(*item)
        if self.recurrence:
            several = len(segment.sentence_ids.get(side.lang, ())) > 1
            sentences = map(folded_words, split_sentences([side.text])) if several else [side.lower]
            side.articles = max(map(self.recurrence.articles, sentences), default=1)
        return side


Score = Callable[[Segment, Context], float]


def over_sides(measure: Callable[[Side], float], worst: Callable[[Iterable[float]], float]) -> Score:
    """Returns the score that is the worst (`max` or `min`) of a measure over the sides."""

    def score(segment: Segment, context: Context) -> float:
        return worst([side.measured[measure] for side in context.sides(segment)])

    return score


def over_pairs(measure: Callable[[Side, Side], float], worst: Callable[[Iterable[float]], float]) -> Score:
    """Returns the score that is the worst of a measure over every two sides."""

    def score(segment: Segment, context: Context) -> float:
        sides = context.sides(segment)
        if len(sides) == 2:
            return measure(*sides)
        return worst([measure(one, other) for one, other in combinations(sides, 2)])

    return score
