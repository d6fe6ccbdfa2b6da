"""Which segments are published: a table of filters, each with a score and a threshold."""

from collections.abc import Callable
from dataclasses import dataclass
from operator import attrgetter

from kzalign.config import FiltersConfig
from kzalign.corpus.filters.broken import broken_share
from kzalign.corpus.filters.copies import repeated_share, shared_words
from kzalign.corpus.filters.figures import numbers_agree
from kzalign.corpus.filters.languages import foreign_share, in_its_language
from kzalign.corpus.filters.lengths import characters, letter_share, longest_word, ratio
from kzalign.corpus.filters.private import furniture_places, personal_places
from kzalign.corpus.filters.recurrence import Recurrence
from kzalign.corpus.filters.sides import Context, Side, over_pairs, over_sides
from kzalign.corpus.filters.target import Threshold, find_threshold
from kzalign.corpus.filters.whole import cut_places
from kzalign.records import Segment


@dataclass(frozen=True, slots=True)
class Filter:
    """One measure of a segment, and on which side of its threshold a segment is good."""

    name: str
    """Also the key of its threshold in FiltersConfig."""
    measures: str
    score: Callable[[Segment, Context], float]
    at_least: bool

    def accept(self, score: float, threshold: float) -> bool:
        """Says whether a segment with this score is good."""
        return score >= threshold if self.at_least else score <= threshold


@dataclass(frozen=True, slots=True)
class Judged:
    """A segment's scores by filter, the filters that refuse it in the table's order, and each side's language and script."""

    scores: dict[str, float]
    refused: tuple[str, ...]
    found: dict[str, str]
    """By language claimed, what the text itself shows: `kk-Cyrl`, `kk-Arab`."""


def _alignment(segment: Segment, context: Context) -> float:
    return segment.scores["alignment"]


def _articles(side: Side) -> float:
    return float(side.articles)


FILTERS: dict[str, Filter] = {
    filter_.name: filter_
    for filter_ in (
        Filter("alignment", "the aligner's probability that the sides translate each other, 0 to 1", _alignment, True),
        Filter("shortest", "characters of the shortest side, 0 or more", over_sides(characters, min), True),
        Filter("longest", "characters of the longest side, 0 or more", over_sides(characters, max), False),
        Filter(
            "language",
            "the least probability that a side is in its language and script, 0 to 1",
            over_sides(in_its_language, min),
            True,
        ),
        Filter(
            "foreign",
            "the largest share of a side's words in another script or in a run of another language, 0 to 1",
            over_sides(foreign_share, max),
            False,
        ),
        Filter(
            "copies",
            "the largest share of words, names apart, that one side copies from another, 0 to 1",
            over_pairs(shared_words, max),
            False,
        ),
        Filter(
            "length_ratio",
            "how many times longer the longest side is than the shortest, 1 or more",
            over_pairs(ratio, max),
            False,
        ),
        Filter(
            "numbers",
            "agreement of the numbers, 0 to 1: 1 where all agree, less for each missing and much less for each contradicted",
            over_pairs(numbers_agree, min),
            True,
        ),
        Filter(
            "cut",
            "ends, 0 to 2, at which one side breaks off in the middle of a sentence and another does not",
            over_pairs(cut_places, max),
            False,
        ),
        Filter(
            "repeats",
            "the largest share of three-word sequences that a side repeats, 0 to 1",
            over_sides(repeated_share, max),
            False,
        ),
        Filter(
            "letters", "the least share of letters among a side's visible characters, 0 to 1", over_sides(letter_share, min), True
        ),
        Filter(
            "longest_word",
            "characters of the longest word: long where spaces are lost, 0 or more",
            over_sides(longest_word, max),
            False,
        ),
        Filter(
            "broken",
            "the largest share of a side's words that encoding, fonts, two alphabets in a word or spaced letters broke, 0 to 1",
            over_sides(broken_share, max),
            False,
        ),
        Filter(
            "furniture",
            "links and marks of a page (DOI, UDC, ©, keywords label) in the side with the most",
            over_sides(furniture_places, max),
            False,
        ),
        Filter(
            "personal",
            "e-mails, phone numbers, ORCIDs and identity numbers in the side with the most",
            over_sides(personal_places, max),
            False,
        ),
        Filter(
            "recurrence",
            "articles of the corpus in which the most recurring side stands, 1 or more",
            over_sides(_articles, max),
            False,
        ),
    )
}


THRESHOLDS = attrgetter(*FILTERS)
"""A configuration's thresholds in the table's order."""


def judge(segment: Segment, context: Context, config: FiltersConfig) -> Judged:
    """Returns the segment's scores and the filters that refuse it; a filter in `config.skip` does neither."""
    scores: dict[str, float] = {}
    refused: list[str] = []
    for filter_, threshold in zip(FILTERS.values(), THRESHOLDS(config), strict=True):
        if filter_.name not in config.skip:
            score = scores[filter_.name] = filter_.score(segment, context)
            if not filter_.accept(score, threshold):
                refused.append(filter_.name)
    found = {side.lang: f"{side.identified.lang}-{side.identified.script}" for side in context.sides(segment)}
    return Judged(scores, tuple(refused), found)


__all__ = ["FILTERS", "Context", "Filter", "Judged", "Recurrence", "Threshold", "find_threshold", "judge"]
