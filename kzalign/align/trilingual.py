"""Three pairwise alignments to trilingual rows, and the places where the three contradict each other."""

from collections import defaultdict
from dataclasses import dataclass

from kzalign.records import LANGS, Article

Node = tuple[str, int]
MAX_SIDE = 4


@dataclass(frozen=True, slots=True)
class Triple:
    """Sentences of three languages that translate each other; score is the lowest of the beads that say so."""

    sentences: dict[str, tuple[int, ...]]
    score: float


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Sentences that the three alignments put together in ways that cannot all be true."""

    sentences: dict[str, tuple[int, ...]]
    reason: str


def triples(article: Article) -> tuple[list[Triple], list[Contradiction]]:
    """Returns the trilingual rows in text order and the contradictions; both empty unless all three pairs are aligned."""
    if len(article.alignment) < 3:
        return [], []
    parent: dict[Node, Node] = {}

    def root(node: Node) -> Node:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for pair, beads in article.alignment.items():
        left, right = pair.split("-")
        for bead in beads:
            nodes = [(left, i) for i in bead.left] + [(right, j) for j in bead.right]
            for node in nodes[1:]:
                parent[root(node)] = root(nodes[0])
    members: dict[Node, list[Node]] = defaultdict(list)
    for node in sorted(parent, key=lambda node: (LANGS.index(node[0]), node[1])):
        members[root(node)].append(node)
    rows: list[Triple] = []
    contradictions: list[Contradiction] = []
    for nodes in members.values():
        sentences = {lang: tuple(i for owner, i in nodes if owner == lang) for lang in LANGS}
        if not all(sentences.values()):
            continue
        reason, score = _judge(article, sentences)
        if reason:
            contradictions.append(Contradiction(sentences, reason))
        else:
            rows.append(Triple(sentences, score))
    return rows, contradictions


def _judge(article: Article, sentences: dict[str, tuple[int, ...]]) -> tuple[str | None, float]:
    """Returns why the pairs disagree about these sentences, or None and the lowest score."""
    lowest = 1.0
    for pair, beads in article.alignment.items():
        left, right = pair.split("-")
        inside = [b for b in beads if set(b.left) & set(sentences[left]) or set(b.right) & set(sentences[right])]
        lonely = [b for b in inside if not b.left or not b.right]
        if lonely:
            lang, index = (left, lonely[0].left[0]) if lonely[0].left else (right, lonely[0].right[0])
            other = right if lang == left else left
            return (
                f"the alignments disagree: {lang} sentence {index} has none in {other}, but the third language links them",
                0.0,
            )
        lowest = min((lowest, *(b.score for b in inside)))
    for lang, indices in sentences.items():
        if len(indices) > MAX_SIDE:
            return f"the alignments disagree: together they join {len(indices)} {lang} sentences", 0.0
        if indices[-1] - indices[0] + 1 != len(indices):
            return f"the alignments disagree: together they join {lang} sentences that do not follow one another", 0.0
    return None, lowest
