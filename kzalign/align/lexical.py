"""The lexical aligner: two texts' words, numbers and names as evidence, the best path, and what no path can take."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from kzalign.align.anchored import search
from kzalign.align.confidence import DEFAULT as CALIBRATED
from kzalign.align.confidence import Calibration, doubts_of, probability, rough_doubts
from kzalign.align.evidence import DEFAULT, WITHOUT_LEXICON, Evidence, Side, Weights
from kzalign.align.lexicon import Lexicon
from kzalign.align.long import FULL, align_long
from kzalign.align.omission import adapted
from kzalign.align.realign import MIN_SENTENCES, with_learnt
from kzalign.align.refine import Sides, left_alone, refine
from kzalign.align.seam import joined
from kzalign.align.terms import terms_of
from kzalign.align.third import links, settled
from kzalign.align.tokens import Tokeniser, default_tokeniser
from kzalign.records import LANGS, PAIRS, Bead, Version

LEARNING_PASSES = 2
NO_LANG = ""
"""The language of a text that is read without the lexicon."""


@dataclass(frozen=True, slots=True)
class LexicalAligner:
    """Aligns texts by their words; holds the lexicon and what it has looked up."""

    tokenise: Tokeniser
    weights: Weights = DEFAULT
    without_lexicon: Weights = WITHOUT_LEXICON
    calibration: Calibration = CALIBRATED
    evidence: Callable[[Side, Side, Weights], Evidence] = Evidence
    """What speaks for each bead of two texts."""

    @classmethod
    def with_lexicon(cls, lexicon: Lexicon | None = None, weights: Weights = DEFAULT) -> "LexicalAligner":
        """Returns an aligner with this lexicon, or with the one that ships."""
        return cls(Tokeniser(lexicon) if lexicon else default_tokeniser(), weights)

    def sides(self, versions: Mapping[str, Version]) -> dict[str, Side]:
        """Returns the sentences of the versions that have any, as evidence."""
        terms = terms_of({lang: version.keywords for lang, version in versions.items()})
        return {
            lang: Side.of([self.tokenise(s, lang, terms[lang]) for s in version.sentences], version.sentences, lang)
            for lang, version in versions.items()
            if version.sentences
        }

    def align(self, sides: Mapping[str, Side]) -> dict[str, tuple[Bead, ...]]:
        """Returns the beads of every pair of the languages given; where all three are, each pair hears the third as a witness."""
        pairs = {pair: pair.split("-") for pair in PAIRS}
        present = {pair: (sides[left], sides[right]) for pair, (left, right) in pairs.items() if left in sides and right in sides}
        if any(max(len(left), len(right)) > FULL or not left or not right for left, right in present.values()):
            return {pair: self.beads(left, right) for pair, (left, right) in present.items()}
        return {pair: beads for pair, (_, beads) in self.decide(present).items()}

    def decide(self, present: Mapping[str, tuple[Side, Side]]) -> dict[str, tuple[Evidence, tuple[Bead, ...]]]:
        """Returns by pair the evidence that decided and the beads: a doubtful pair is decided again, hearing the others."""
        evidence = {pair: self.evidence(left, right, self.weights) for pair, (left, right) in present.items()}
        first = {pair: _rough_beads(evidence[pair], self.calibration) for pair in present}
        weights = adapted(self.weights, first.values())
        three = len(present) == len(PAIRS)
        decided = {}
        for pair, (left, right) in present.items():
            if settled(first[pair]):
                found = [(b.left, b.right) for b in first[pair]]
                decided[pair] = (evidence[pair], _judged(found, evidence[pair], self.calibration))
                continue
            tied = links(first, pair, (len(left), len(right))) if three else ([[]] * len(left), [[]] * len(right))
            again = evidence[pair].with_links(*tied, weights)
            decided[pair] = (again, _beads(again, self.calibration))
        return decided

    def align_texts(self, left: Sequence[str], right: Sequence[str], langs: tuple[str, str]) -> tuple[Bead, ...]:
        """Returns the beads of two texts in any languages; without a lexicon for both, a second pass learns from the first."""
        known = all(lang in LANGS for lang in langs)
        # A lexicon on one side alone gives its words keys that the other side cannot have: each would speak against a bead.
        first, second = (
            Side.of([self.tokenise(s, lang if known else NO_LANG) for s in text], text, lang)
            for lang, text in zip(langs, (left, right), strict=True)
        )
        if known:
            return self.beads(first, second)
        beads = self.beads(first, second, self.without_lexicon)
        if min(len(left), len(right)) < MIN_SENTENCES:
            return beads
        for _ in range(LEARNING_PASSES):
            learnt = with_learnt(first, second, (left, right), [(b.left, b.right) for b in beads])
            beads = self.beads(*learnt, self.without_lexicon)
        return beads

    def beads(self, left: Side, right: Side, weights: Weights | None = None) -> tuple[Bead, ...]:
        """Returns the best beads in order; every sentence is in exactly one."""
        chosen = weights or self.weights
        n, m = len(left), len(right)
        if max(n, m) <= FULL:
            return tuple(self._search(left, right, chosen))
        return tuple(align_long(left, right, lambda a, b: self._search(a, b, chosen)))

    def _search(self, left: Side, right: Side, weights: Weights) -> list[Bead]:
        """Returns the beads of two texts small enough for the full search."""
        n, m = len(left), len(right)
        if not n or not m:
            return [*(Bead((i,), ()) for i in range(n)), *(Bead((), (j,)) for j in range(m))]
        return list(_beads(self.evidence(left, right, weights), self.calibration))


def _beads(evidence: Evidence, calibration: Calibration) -> tuple[Bead, ...]:
    """Returns the best beads of the evidence, in order, with their probabilities; a sentence left alone has 1."""
    return _judged(_found(evidence), evidence, calibration)


def _rough_beads(evidence: Evidence, calibration: Calibration) -> tuple[Bead, ...]:
    """Returns the same beads with what their words alone make of them: enough for a witness, at half of the cost."""
    return tuple(
        Bead(*bead, probability(rough_doubts(bead, evidence), calibration)) if all(bead) else Bead(*bead)
        for bead in _found(evidence)
    )


def _found(evidence: Evidence) -> list[Sides]:
    return joined(refine(search(evidence), evidence), evidence)


def _judged(found: list[Sides], evidence: Evidence, calibration: Calibration) -> tuple[Bead, ...]:
    unaligned = left_alone(found)
    return tuple(
        Bead(*bead, round(probability(doubts_of(bead, unaligned, evidence), calibration), 4)) if all(bead) else Bead(*bead)
        for bead in found
    )
