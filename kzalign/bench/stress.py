"""Gold articles made harder: sentences deleted and merged at random, the gold beads carried along.

Texts that correspond sentence by sentence tell aligners apart badly; texts that do not tell them apart well.
"""

import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

from kzalign.errors import KzalignError, unknown
from kzalign.records import Article, Bead, Version

Groups = tuple[tuple[int, ...], ...]
"""Of each new sentence, the old ones it is made of."""

Node = tuple[int, int]
"""Side (0 left, 1 right) and index of a sentence."""


@dataclass(frozen=True, slots=True)
class Stress:
    """The probabilities that a sentence is deleted, and merged with the next one; and the seed."""

    delete: float = 0.0
    merge: float = 0.0
    seed: int = 0


def _probability(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


KEYS: dict[str, tuple[Callable[[str], float], str]] = {
    "delete": (_probability, "a number from 0 to 1"),
    "merge": (_probability, "a number from 0 to 1"),
    "seed": (int, "a whole number"),
}


def parse_stress(text: str) -> Stress:
    """Returns what `delete=0.2,merge=0.1,seed=3` says; keys left out are 0, a wrong one is a KzalignError."""
    values: dict[str, Any] = {}
    for item in text.split(","):
        key, sign, value = (part.strip() for part in item.partition("="))
        if not sign:
            raise KzalignError(f"stress '{text}': '{item}' is not like 'delete=0.2'")
        if key not in KEYS:
            raise unknown("stress key", key, KEYS)
        if key in values:
            raise KzalignError(f"stress '{text}': '{key}' is there twice; give it once")
        read, wanted = KEYS[key]
        try:
            values[key] = read(value)
        except ValueError as error:
            raise KzalignError(f"stress '{text}': {key} '{value}' is not {wanted}") from error
    return Stress(**values)


def stress(article: Article, delete: float, merge: float, seed: int) -> Article:
    """Returns the article with sentences deleted and merged (probabilities, 0 to 1) and the gold beads of the new texts."""
    groups = {
        lang: _draw(len(version.sentences), delete, merge, random.Random(f"{seed} {article.id} {lang}"))
        for lang, version in article.versions.items()
    }
    alignment = {}
    for pair, beads in article.alignment.items():
        left, right = pair.split("-")
        unchanged = all(len(groups[lang]) == len(article.versions[lang].sentences) for lang in (left, right))
        alignment[pair] = beads if unchanged else _carry(beads, groups[left], groups[right])
    versions = {lang: _regroup(version, groups[lang]) for lang, version in article.versions.items()}
    return replace(article, versions=versions, alignment=alignment)


def _draw(size: int, delete: float, merge: float, generator: random.Random) -> Groups:
    kept = [i for i in range(size) if generator.random() >= delete]
    if size and not kept:
        kept = [generator.randrange(size)]
    groups: list[tuple[int, ...]] = []
    while kept:
        taken = 2 if len(kept) > 1 and generator.random() < merge else 1
        groups.append(tuple(kept[:taken]))
        kept = kept[taken:]
    return tuple(groups)


def _regroup(version: Version, groups: Groups) -> Version:
    sentences = tuple(" ".join(version.sentences[i] for i in group) for group in groups)
    if len(groups) == len(version.sentences):
        return version
    return replace(version, sentences=sentences, abstract=" ".join(sentences), original=None)


def _carry(beads: Iterable[Bead], left: Groups, right: Groups) -> tuple[Bead, ...]:
    """Returns the minimal beads of the new texts: sentences that a gold bead or a merger ties together, directly or not."""
    new = [{old: number for number, group in enumerate(groups) for old in group} for groups in (left, right)]
    ties: list[set[Node]] = [{(side, number)} for side in (0, 1) for number in new[side].values()]
    for bead in beads:
        lefts = {(0, new[0][old]) for old in bead.left if old in new[0]}
        rights = {(1, new[1][old]) for old in bead.right if old in new[1]}
        if lefts and rights:
            ties.append(lefts | rights)
    return _ordered(_beads(part) for part in _components(ties))


def _components(ties: Iterable[set[Node]]) -> list[set[Node]]:
    parts: list[set[Node]] = []
    for tie in ties:
        touched = [part for part in parts if part & tie]
        parts = [part for part in parts if not part & tie] + [tie.union(*touched)]
    return parts


def _beads(part: set[Node]) -> Bead:
    left, right = (tuple(sorted(number for side, number in part if side == wanted)) for wanted in (0, 1))
    return Bead(left, right)


def _ordered(beads: Iterable[Bead]) -> tuple[Bead, ...]:
    """Returns the beads by first left index, a bead without one next to the bead that holds the right sentence before it."""
    unordered = list(beads)
    ordered = sorted((bead for bead in unordered if bead.left), key=lambda bead: bead.left)
    for bead in sorted((bead for bead in unordered if not bead.left), key=lambda bead: bead.right):
        before = [place for place, other in enumerate(ordered, 1) if bead.right[0] - 1 in other.right]
        ordered.insert(before[0] if before else 0, bead)
    return tuple(ordered)
