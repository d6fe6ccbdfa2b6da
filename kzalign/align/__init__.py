"""align: an article's sentences in, the beads of its language pairs out."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from kzalign.align.confidence import probability
from kzalign.align.evidence import DEFAULT, Evidence, Side, Weights
from kzalign.align.lexicon import default_lexicon
from kzalign.align.program import best_path
from kzalign.align.refine import Sides, refine
from kzalign.align.terms import terms_of
from kzalign.align.third import settled, with_links
from kzalign.align.tokens import Tokeniser
from kzalign.config import AlignConfig
from kzalign.errors import unknown
from kzalign.records import LANGS, PAIRS, Article, Bead, Version
from kzalign.text.sentences import split_sentences

Aligner = Callable[[Side, Side], tuple[Bead, ...]]


class LexicalAligner:
    """Aligns two texts by their words; holds the lexicon and what it has looked up."""

    def __init__(self, weights: Weights = DEFAULT) -> None:
        self.weights = weights
        self.tokenise = Tokeniser(default_lexicon())

    def sides(self, versions: Mapping[str, Version]) -> dict[str, Side]:
        """Returns the sentences of the versions that have any, as evidence."""
        terms = terms_of({lang: version.keywords for lang, version in versions.items()})
        return {
            lang: Side.of([self.tokenise(s, lang, terms[lang]) for s in version.sentences], version.sentences)
            for lang, version in versions.items()
            if version.sentences
        }

    def beads(self, left: Side, right: Side) -> tuple[Bead, ...]:
        """Returns the best beads in order; every sentence is in exactly one."""
        n, m = len(left), len(right)
        if not n or not m:
            return (*(Bead((i,), (), 1.0) for i in range(n)), *(Bead((), (j,), 1.0) for j in range(m)))
        evidence = Evidence(left, right, self.weights)
        path = best_path(evidence.tables(), n, m)
        return tuple(_bead(sides, evidence) for sides in refine(path, evidence))


    def align(self, sides: Mapping[str, Side]) -> dict[str, tuple[Bead, ...]]:
        """Returns the beads of every pair of the languages given; where all three are, each pair hears the third as a witness."""
        pairs = {pair: pair.split("-") for pair in PAIRS}
        present = {pair: both for pair, both in pairs.items() if both[0] in sides and both[1] in sides}
        first = {pair: self.beads(sides[left], sides[right]) for pair, (left, right) in present.items()}
        if len(present) < len(PAIRS) or settled(sides, first):
            return first
        return {pair: self.beads(*with_links(sides, first, pair)) for pair in present}


def _bead(sides: Sides, evidence: Evidence) -> Bead:
    """Returns the bead with its probability; a sentence left alone has 1."""
    left, right = sides
    if not left or not right:
        return Bead(left, right, 1.0)
    return Bead(left, right, round(probability(evidence.score(left, right), evidence.words(left, right)), 4))


ALIGNERS: dict[str, Callable[[], LexicalAligner]] = {"lexical": LexicalAligner}


def make_aligner(config: AlignConfig) -> LexicalAligner:
    """Returns the aligner that the configuration names."""
    if config.aligner not in ALIGNERS:
        raise unknown("aligner", config.aligner, ALIGNERS)
    return ALIGNERS[config.aligner]()


def align(article: Article, aligner: LexicalAligner) -> Article:
    """Returns the article with the beads of every pair of languages that both have an abstract."""
    versions = {lang: _with_sentences(article.versions[lang]) for lang in LANGS if lang in article.versions}
    return replace(article, versions=versions, alignment=aligner.align(aligner.sides(versions)))


def _with_sentences(version: Version) -> Version:
    """Keeps the sentences a version has and splits only an abstract that has none."""
    if version.sentences or not version.abstract:
        return version
    return replace(version, sentences=tuple(split_sentences([version.abstract])))
