"""bench: measure a system's articles and beads against gold."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from pathlib import Path

from kzalign.bench.alignment import AlignmentReport, roc_auc, score_alignment
from kzalign.bench.extraction import ExtractionReport, score_extraction
from kzalign.bench.gold import load_gold
from kzalign.bench.report import Estimate
from kzalign.bench.stress import Stress, stress
from kzalign.records import PAIRS, Article

Align = Callable[[Article], Article]


def bench_extraction(articles: Iterable[Article], gold: Path) -> ExtractionReport:
    """Returns how much of the gold the articles hold."""
    return score_extraction(list(articles), load_gold(gold))


def bench_alignment(gold: Path, align: Align, damage: Stress | None = None) -> tuple[AlignmentReport, Estimate]:
    """Returns how well `align` finds the gold's beads, sentences given, and how well its beads' scores tell translations apart.

    The second figure is the area under the curve between the mean bead score of an article's own pair of abstracts and
    that of one of its abstracts with the next article's.
    """
    articles = [a for a in load_gold(gold) if sum(bool(v.sentences) for v in a.versions.values()) > 1]
    if damage is not None:
        articles = [stress(article, damage.delete, damage.merge, damage.seed) for article in articles]
    articles = [replace(a, versions={lang: v for lang, v in a.versions.items() if v.sentences}) for a in articles]
    aligned = [align(replace(article, alignment={})) for article in articles]
    want = {
        a.id: {pair: beads for pair, beads in a.alignment.items() if pair in b.alignment}
        for a, b in zip(articles, aligned, strict=True)
    }
    have = {a.id: {pair: a.alignment[pair] for pair in want[a.id]} for a in aligned}
    return score_alignment(want, have), _telling_apart(articles, aligned, align)


def _telling_apart(articles: Sequence[Article], aligned: Sequence[Article], align: Align) -> Estimate:
    own = [trust(article, pair) for article in aligned for pair in article.alignment]
    others = []
    for k, article in enumerate(articles):
        other = articles[(k + 1) % len(articles)]
        for pair in PAIRS:
            left, right = pair.split("-")
            if left in article.versions and right in other.versions:
                mixed = replace(article, versions={left: article.versions[left], right: other.versions[right]}, alignment={})
                others.append(trust(align(mixed), pair))
    return roc_auc(own, others)


def trust(article: Article, pair: str) -> float:
    """Returns the share of a pair's sentences that its beads align, each weighed by its bead's score: 0 to 1."""
    beads = article.alignment[pair]
    total = sum(len(b.left) + len(b.right) for b in beads)
    return sum(b.score * (len(b.left) + len(b.right)) for b in beads if b.left and b.right) / max(1, total)


__all__ = ["bench_alignment", "bench_extraction", "trust"]
