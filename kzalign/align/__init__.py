"""align: an article's sentences in, the beads of its language pairs out."""

from collections.abc import Callable
from dataclasses import replace

from kzalign.align.confidence import probability
from kzalign.align.evidence import Side, bead_scores
from kzalign.align.lexicon import default_lexicon
from kzalign.align.program import best_path
from kzalign.align.tokens import Tokeniser
from kzalign.config import AlignConfig
from kzalign.errors import unknown
from kzalign.records import LANGS, PAIRS, Article, Bead, Version
from kzalign.text.sentences import split_sentences

Aligner = Callable[[Side, Side], tuple[Bead, ...]]


class LexicalAligner:
    """Aligns two texts by their words; holds the lexicon and what it has looked up."""

    def __init__(self) -> None:
        self.tokenise = Tokeniser(default_lexicon())

    def side(self, version: Version) -> Side:
        """Returns the version's sentences as evidence."""
        return Side.of([self.tokenise(s, version.lang) for s in version.sentences], version.sentences)

    def beads(self, left: Side, right: Side) -> tuple[Bead, ...]:
        """Returns the best beads in order; every sentence is in exactly one."""
        n, m = len(left), len(right)
        if not n or not m:
            return (*(Bead((i,), (), 1.0) for i in range(n)), *(Bead((), (j,), 1.0) for j in range(m)))
        scores = bead_scores(left, right)
        beads = []
        for i, j, a, b in best_path(scores, n, m):
            words = sum(len(left.tokens[k]) for k in range(i, i + a)) + sum(len(right.tokens[k]) for k in range(j, j + b))
            score = probability(float(scores[a, b][i, j]), words) if a and b else 1.0
            beads.append(Bead(tuple(range(i, i + a)), tuple(range(j, j + b)), round(score, 4)))
        return tuple(beads)


ALIGNERS: dict[str, Callable[[], LexicalAligner]] = {"lexical": LexicalAligner}


def make_aligner(config: AlignConfig) -> LexicalAligner:
    """Returns the aligner that the configuration names."""
    if config.aligner not in ALIGNERS:
        raise unknown("aligner", config.aligner, ALIGNERS)
    return ALIGNERS[config.aligner]()


def align(article: Article, aligner: LexicalAligner) -> Article:
    """Returns the article with the beads of every pair of languages that both have an abstract."""
    versions = {lang: _with_sentences(article.versions[lang]) for lang in LANGS if lang in article.versions}
    sides = {lang: aligner.side(version) for lang, version in versions.items() if version.sentences}
    alignment = {}
    for pair in PAIRS:
        left, right = pair.split("-")
        if left in sides and right in sides:
            alignment[pair] = aligner.beads(sides[left], sides[right])
    return replace(article, versions=versions, alignment=alignment)


def _with_sentences(version: Version) -> Version:
    """Keeps the sentences a version has and splits only an abstract that has none."""
    if version.sentences or not version.abstract:
        return version
    return replace(version, sentences=tuple(split_sentences([version.abstract])))
