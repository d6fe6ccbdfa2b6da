"""What the filters look at: a segment's sides, each measured once however many segments it stands in."""

from collections.abc import Callable, Iterable
from itertools import combinations, compress

from kzalign.corpus.filters.recurrence import Recurrence, folded_words
from kzalign.records import Segment
from kzalign.text.numbers import FIGURE, WORDS, Numbers, figures, spelt
from kzalign.text.script import TOKEN, Word, identify_total, total, word_evidence
from kzalign.text.sentences import split_sentences

MAX_SIDES = 1_000
"""Sides remembered: segments come article by article, so that few are enough."""

SCRIPTS = {"kk": "Cyrl", "ru": "Cyrl", "en": "Latn"}
"""The script in which a language is published."""


class Side:
    """One language's text of a segment, its words, and how many articles its most recurring sentence stands in."""

    def __init__(self, lang: str, text: str, articles: int = 1) -> None:
        self.lang, self.text, self.articles = lang, text, articles
        self.tokens: list[str] = TOKEN.findall(text)
        self.lower = list(map(str.lower, self.tokens))
        self.vocabulary = frozenset(self.lower)
        self.words: list[Word] = list(map(word_evidence, self.tokens))
        self.sums = total(self.words)
        self.identified = identify_total(text, self.sums)
        self.figures = figures(text) if FIGURE.search(text) else ()
        self._common_words: frozenset[str] | None = None

    def numbers(self) -> Numbers:
        """Returns the numbers in figures and in words."""
        return Numbers(self.figures, frozenset() if WORDS.keys().isdisjoint(self.vocabulary) else spelt(self.lower))

    def common_words(self) -> frozenset[str]:
        """Returns the words that are neither names nor formulae."""
        if self._common_words is None:
            self._common_words = frozenset(compress(self.tokens, [word.common for word in self.words]))
        return self._common_words


class Measures(dict[Side, float]):
    """One measure by side, each taken when first asked for."""

    def __init__(self, measure: Callable[[Side], float]) -> None:
        self.measure = measure

    def __missing__(self, side: Side) -> float:
        value = self[side] = self.measure(side)
        return value


class Tables(dict[Callable[[Side], float], Measures]):
    """The measures taken so far, by what measures."""

    def __missing__(self, measure: Callable[[Side], float]) -> Measures:
        table = self[measure] = Measures(measure)
        return table


class Context:
    """What is known beside the segment: recurrence over the corpus, and the sides measured lately."""

    def __init__(self, recurrence: Recurrence | None = None) -> None:
        self._recurrence = recurrence
        self._known: dict[tuple[str, str], Side] = {}
        self.measures = Tables()
        self._segment: Segment | None = None
        self._sides: list[Side] = []

    def sides(self, segment: Segment) -> list[Side]:
        """Returns the segment's sides in the order of its languages."""
        if segment is not self._segment:
            self._sides = [self._known.get(item) or self._learn(item, segment) for item in segment.text.items()]
            self._segment = segment
        return self._sides

    def _learn(self, item: tuple[str, str], segment: Segment) -> Side:
        if len(self._known) >= MAX_SIDES:
            self._known.clear()
            self.measures.clear()
        side = self._known[item] = Side(*item)
        if self._recurrence:
            several = len(segment.sentence_ids.get(side.lang, ())) > 1
            sentences = map(folded_words, split_sentences([side.text])) if several else (side.lower,)
            side.articles = max(map(self._recurrence.articles, sentences), default=1)
        return side


Score = Callable[[Segment, Context], float]


def over_sides(measure: Callable[[Side], float], worst: Callable[[Iterable[float]], float]) -> Score:
    """Returns the score that is the worst (`max` or `min`) of a measure over the sides."""

    def score(segment: Segment, context: Context) -> float:
        return worst(map(context.measures[measure].__getitem__, context.sides(segment)))

    return score


def over_pairs(measure: Callable[[Side, Side], float], worst: Callable[[Iterable[float]], float]) -> Score:
    """Returns the score that is the worst of a measure over every two sides."""

    def score(segment: Segment, context: Context) -> float:
        sides = context.sides(segment)
        if len(sides) == 2:
            return measure(*sides)
        return worst([measure(one, other) for one, other in combinations(sides, 2)])

    return score
