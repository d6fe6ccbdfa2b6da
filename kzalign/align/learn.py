"""A translation table learnt from the user's own pairs: IBM Model 1 in both directions, on stems.

A word that the lexicon knows counts as its dictionary form, another as its beginning before what can be endings.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from kzalign.align.lexicon import Entry
from kzalign.align.stems import CHAIN, MAX_REST, MIN_STEM, fold, lemma_stems, prefixes
from kzalign.align.tokens import TOKEN

Ints = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

ITERATIONS = 5
SMOOTHING = 1.0
"""Imagined occurrences of each word with nothing in particular: a word seen twice does not reach certainty."""

MIN_WORD = 3
"""Letters of the shortest word that is learnt."""

SHORTEST = 5
"""Letters to which endings may cut a word that the lexicon does not know."""

FORMS = 3
"""Forms of an unknown word that together show where its stem ends."""


@dataclass(frozen=True, slots=True)
class LearntPair:
    """Two words, the geometric mean of both directions' probabilities, and in how many pairs of sentences they meet."""

    left: str
    right: str
    probability: float
    count: int


class Stemmer:
    """One language's running words to what stands for them, and that back to a form the lexicon can be given."""

    def __init__(self, entries: Iterable[Entry], lang: str) -> None:
        self.lang = lang
        self._lemmas: dict[str, str] = {}
        self._known: dict[str, str] = {}
        self._forms: dict[str, set[str]] = defaultdict(set)
        self.concepts: dict[str, set[int]] = defaultdict(set)
        for number, entry in enumerate(entries):
            for variant in entry.words.get(lang, ()):
                self.concepts[variant].add(number)
                for stem in lemma_stems(variant, lang) if " " not in variant else ():
                    self._lemmas[stem] = min(variant, self._lemmas.get(stem, variant), key=len)

    def __call__(self, sentence: str) -> list[str]:
        """Returns the sentence's distinct stems in order; numbers and the shortest words have none."""
        parts = (part for token in TOKEN.findall(sentence) for part in fold(token).split("-"))
        return list(dict.fromkeys(self._stem(part) for part in parts if len(part) >= MIN_WORD and part[0].isalpha()))

    def _stem(self, word: str) -> str:
        stem = self._known.get(word)
        if stem is None:
            stem = self._known[word] = self._dictionary_form(word) or self._beginning(word)
            self._forms[stem].add(word)
        return stem

    def _dictionary_form(self, word: str) -> str | None:
        """Returns the form that the longest stem belongs to; what follows must be endings, lest a name pass for a word."""
        stems = (stem for stem in prefixes(word) if stem in self._lemmas and self._ends(word, len(stem), MIN_STEM))
        return next((self._lemmas[stem] for stem in stems), None)

    def _beginning(self, word: str) -> str:
        return next((word[:n] for n in range(SHORTEST, len(word)) if self._ends(word, n, SHORTEST)), word)

    def _ends(self, word: str, n: int, shortest: int) -> bool:
        """Says whether the word is its first n letters, `shortest` at least, and endings."""
        rest = len(word) - n
        return not rest or (n >= shortest and rest <= MAX_REST[self.lang] and CHAIN[self.lang].fullmatch(word, n) is not None)

    def written(self, stem: str) -> str:
        """Returns the dictionary form, or the beginning that all forms seen share where they are enough to tell."""
        forms = self._forms[stem]
        if stem in self.concepts or len(forms) < FORMS:
            return stem
        first, last = min(forms), max(forms)
        return next(prefix for prefix in prefixes(first) if last.startswith(prefix))


class Meetings(NamedTuple):
    """Every two stems that stand in a pair of sentences: one cell for each time, one type for each two stems."""

    types: Ints
    """By cell: its type."""
    lefts: Ints
    rights: Ints
    """By type: its stems."""
    counts: Ints
    """By type: its cells."""
    left_slots: Ints
    right_slots: Ints
    """By cell: which running word of the left and of the right."""
    left_words: Ints
    right_words: Ints
    """By running word: its stem."""


def learn(
    pairs: Iterable[tuple[str, str]], left: str, right: str, entries: Sequence[Entry], min_probability: float, min_count: int
) -> list[LearntPair]:
    """Returns the words that pairs of sentences teach, likeliest first; `entries` are the words known before.

    Kept are those that translate each other with `min_probability` and meet in `min_count` pairs of sentences. A pair
    that comes twice counts once. Each takes about 40 kB of memory.
    """
    stemmers = Stemmer(entries, left), Stemmer(entries, right)
    numbers: tuple[dict[str, int], dict[str, int]] = ({}, {})
    bags = []
    for texts in dict.fromkeys(pairs):
        stems = [stemmer(text) for stemmer, text in zip(stemmers, texts, strict=True)]
        if all(stems):
            bags.append([np.array([ids.setdefault(s, len(ids)) for s in side]) for ids, side in zip(numbers, stems, strict=True)])
    if not bags:
        return []
    met = _meetings(bags, len(numbers[1]))
    forward = _translate(met.types, met.lefts, met.right_slots, met.right_words)
    backward = _translate(met.types, met.rights, met.left_slots, met.left_words)
    probability = np.sqrt(forward * backward)
    kept = np.flatnonzero((probability >= min_probability) & (met.counts >= min_count))
    names = [[stemmer.written(stem) for stem in ids] for stemmer, ids in zip(stemmers, numbers, strict=True)]
    learnt = {
        (a, b): LearntPair(a, b, round(float(probability[k]), 4), int(met.counts[k]))
        for k in kept[np.argsort(probability[kept], kind="stable")]
        for a, b in [(names[0][met.lefts[k]], names[1][met.rights[k]])]
    }
    return sorted(learnt.values(), key=lambda pair: (-pair.probability, -pair.count, pair.left, pair.right))


def unknown_pairs(pairs: Iterable[LearntPair], left: str, right: str, entries: Sequence[Entry]) -> list[LearntPair]:
    """Returns the pairs that no entry holds already."""
    lefts, rights = (Stemmer(entries, lang).concepts for lang in (left, right))
    return [pair for pair in pairs if lefts.get(pair.left, set()).isdisjoint(rights.get(pair.right, ()))]


def _meetings(bags: Sequence[Sequence[Ints]], width: int) -> Meetings:
    """Returns who meets whom in bags of stem numbers; `width` is the number of stems on the right."""
    lefts, rights = (np.concatenate([bag[side] for bag in bags]) for side in (0, 1))
    sizes = np.array([[len(a), len(b)] for a, b in bags])
    starts = np.cumsum(sizes, axis=0) - sizes
    left_slots = np.concatenate([np.repeat(np.arange(n) + i, m) for (n, m), (i, _) in zip(sizes, starts, strict=True)])
    right_slots = np.concatenate([np.tile(np.arange(m) + j, n) for (n, m), (_, j) in zip(sizes, starts, strict=True)])
    codes, types, counts = np.unique(lefts[left_slots] * width + rights[right_slots], return_inverse=True, return_counts=True)
    return Meetings(types, codes // width, codes % width, counts, left_slots, right_slots, lefts, rights)


def _translate(types: Ints, givens: Ints, slots: Ints, words: Ints) -> Floats:
    """Returns by type the probability of its other word given `givens`, after EM from the uniform; a word may come of nothing.

    `slots` is by cell the running word that is explained, `words` by running word its stem.
    """
    size = int(words.max()) + 1
    table = np.full(len(givens), 1 / size)
    nothing = np.full(size, 1 / size)
    for _ in range(ITERATIONS):
        cells = table[types]
        explained = np.bincount(slots, cells, len(words)) + nothing[words]
        expected = np.bincount(types, cells / explained[slots], len(givens))
        nothing = np.bincount(words, nothing[words] / explained, size)
        nothing = nothing / nothing.sum()
        total = np.bincount(givens, expected)
        table = (expected + SMOOTHING / size) / (total[givens] + SMOOTHING)
    return table
