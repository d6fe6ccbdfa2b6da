"""Three alignments to trilingual rows: what agrees is a row, what contradicts itself says why, nothing vanishes."""

import random
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.align.trilingual import MAX_SIDE, triples
from kzalign.corpus.segments import TRIPLE
from kzalign.pipeline import cut_article
from kzalign.records import LANGS, PAIRS, Article, Bead, Version


def beads(text: str) -> tuple[Bead, ...]:
    """Reads `0:0 1:1,2@0.7 2:` as three beads, the second with a score."""
    found = []
    for bead in text.split():
        sides, _, score = bead.partition("@")
        left, right = (tuple(int(i) for i in side.split(",") if i) for side in sides.split(":"))
        found.append(Bead(left, right, float(score or 1)))
    return tuple(found)


def article(*alignments: str) -> Article:
    """Returns an article with these beads for kk-ru, kk-en and ru-en, and as many sentences as they name."""
    alignment = {pair: beads(text) for pair, text in zip(PAIRS, alignments, strict=False)}
    sizes = dict.fromkeys(LANGS, 0)
    for pair, own in alignment.items():
        left, right = pair.split("-")
        for lang, indices in ((left, [i for b in own for i in b.left]), (right, [j for b in own for j in b.right])):
            sizes[lang] = max([sizes[lang], *(i + 1 for i in indices)])
    versions = {}
    for lang, size in sizes.items():
        sentences = tuple(f"{lang} {i}." for i in range(size))
        versions[lang] = Version(lang, abstract=" ".join(sentences), sentences=sentences)
    return Article("a", "i", versions=versions, alignment=alignment)


def row(kk: str, ru: str, en: str) -> dict[str, tuple[int, ...]]:
    """Reads the sentences of each language, `0,1`."""
    return {lang: tuple(int(i) for i in text.split(",")) for lang, text in zip(LANGS, (kk, ru, en), strict=True)}


CONSISTENT = {
    "one to one": (("0:0 1:1", "0:0 1:1", "0:0 1:1"), [row("0", "0", "0"), row("1", "1", "1")]),
    "a merge on one side": (("0,1:0", "0,1:0", "0:0"), [row("0,1", "0", "0")]),
    "a merge that one pair lacks": (("0,1:0", "0:0 1:1", "0:0,1"), [row("0,1", "0", "0,1")]),
    "two merges join": (("0:0,1 1:2", "0:0 1:1", "0,1:0 2:1"), [row("0", "0,1", "0"), row("1", "2", "1")]),
    "a sentence that one language lacks": (("0:0 1:1", "0:0 1:", "0:0 1:"), [row("0", "0", "0")]),
    "a crossing": (("0:1 1:0", "0:0 1:1", "0:1 1:0"), [row("0", "1", "0"), row("1", "0", "1")]),
    "a language that none matches": (("0:0", "0: :0", "0: :0"), []),
    "all alone": (("0: :0", "0: :0", "0: :0"), []),
    "no sentences": (("", "", ""), []),
    "a side as wide as may be": (("0:0,1,2,3", "0:0", "0,1,2,3:0"), [row("0", "0,1,2,3", "0")]),
}


@pytest.mark.parametrize("case", CONSISTENT)
def test_rows_of_alignments_that_agree(case: str) -> None:
    alignments, wanted = CONSISTENT[case]
    rows, contradictions = triples(article(*alignments))
    assert [r.sentences for r in rows] == wanted
    assert contradictions == []


CONTRADICTIONS = {
    "linked only through the third": (
        ("0:0", "0: :0", "0:0"),
        row("0", "0", "0"),
        r"(kk|en) sentence 0 .*(en|kk).*third language",
    ),
    "half of a merge is alone elsewhere": (
        ("0:0,1", "0:0", "0:0 1:"),
        row("0", "0,1", "0"),
        r"ru sentence 1 .*en.*third language",
    ),
    "too many sentences together": (
        ("0,1:0 2,3:1 4:2", "0:0 1,2:1 3,4:2", "0:0 1:1 2:2"),
        row("0,1,2,3,4", "0,1,2", "0,1,2"),
        "join 5 kk sentences",
    ),
    "not neighbours": (("0,2:0 1:1", "0:0 2:1 1:2", "0:0,1 1:2"), row("0,2", "0", "0,1"), "kk sentences that do not follow"),
}


@pytest.mark.parametrize("case", CONTRADICTIONS)
def test_contradictions_say_why(case: str) -> None:
    alignments, sentences, reason = CONTRADICTIONS[case]
    _, found = triples(article(*alignments))
    assert [c.sentences for c in found] == [sentences]
    assert found[0].reason.startswith("the alignments disagree: ")
    assert re.search(reason, found[0].reason)


def test_a_contradiction_spoils_only_its_own_sentences() -> None:
    rows, contradictions = triples(article("0:0 1:1 2:2", "0:0 1: :1 2:2", "0:0 1:1 2:2"))
    assert [r.sentences for r in rows] == [row("0", "0", "0"), row("2", "2", "2")]
    assert [c.sentences for c in contradictions] == [row("1", "1", "1")]


def test_the_score_is_the_lowest() -> None:
    rows, _ = triples(article("0:0@0.9 1:1@0.8", "0:0@0.7 1:1@0.95", "0:0@0.99 1:1@0.85"))
    assert [r.score for r in rows] == [0.7, 0.8]


@pytest.mark.parametrize("alignments", [(), ("0:0",), ("0:0", "0:0")])
def test_two_languages_give_no_triples(alignments: tuple[str, ...]) -> None:
    assert triples(article(*alignments)) == ([], [])


def cover(n: int, m: int, choice: random.Random) -> tuple[Bead, ...]:
    """Returns random beads of two texts, each sentence in one, neighbours or not."""
    lefts, rights = list(range(n)), list(range(m))
    if choice.random() < 0.3:
        choice.shuffle(rights)
    found = []
    while lefts or rights:
        a, b = choice.choice([(1, 1)] * 6 + [(1, 0), (0, 1), (2, 1), (1, 2), (3, 1)])
        bead = Bead(tuple(sorted(lefts[:a])), tuple(sorted(rights[:b])), round(choice.random(), 3))
        lefts, rights = lefts[a:], rights[b:]
        if bead.left or bead.right:
            found.append(bead)
    return tuple(found)


@st.composite
def drawn(draw: st.DrawFn) -> Article:
    """Draws an article with random beads for its three pairs."""
    choice = random.Random(draw(st.integers(0, 2**32)))
    sizes = {lang: draw(st.integers(0, 8)) for lang in LANGS}
    versions = {lang: Version(lang, sentences=tuple(f"{lang} {i}." for i in range(size))) for lang, size in sizes.items()}
    alignment = {}
    for pair in PAIRS:
        left, right = pair.split("-")
        alignment[pair] = cover(sizes[left], sizes[right], choice)
    return Article("a", "i", versions=versions, alignment=alignment)


def parts(found: Article) -> list[set[tuple[str, int]]]:
    """Returns the sets of sentences that beads of any pair tie together."""
    joined: list[set[tuple[str, int]]] = []
    for pair, own in found.alignment.items():
        left, right = pair.split("-")
        for bead in own:
            tie = {(left, i) for i in bead.left} | {(right, j) for j in bead.right}
            touched = [part for part in joined if part & tie]
            joined = [part for part in joined if not part & tie] + [tie.union(*touched)]
    return joined


@settings(max_examples=200)
@given(drawn())
def test_every_part_in_three_languages_is_a_row_or_a_contradiction(found: Article) -> None:
    rows, contradictions = triples(found)
    wanted = [part for part in parts(found) if {lang for lang, _ in part} == set(LANGS)]
    joined = [*(r.sentences for r in rows), *(c.sentences for c in contradictions)]
    have = [{(lang, i) for lang, indices in sentences.items() for i in indices} for sentences in joined]
    assert sorted(map(sorted, have)) == sorted(map(sorted, wanted))


@settings(max_examples=200)
@given(drawn())
def test_rows_are_what_all_three_pairs_say(found: Article) -> None:
    rows, _ = triples(found)
    for r in rows:
        scores = []
        for pair, own in found.alignment.items():
            left, right = (set(r.sentences[lang]) for lang in pair.split("-"))
            inside = [b for b in own if left & set(b.left) or right & set(b.right)]
            assert all(b.left and b.right and set(b.left) <= left and set(b.right) <= right for b in inside)
            scores += [b.score for b in inside]
        assert r.score == min(scores)
        for indices in r.sentences.values():
            assert list(indices) == list(range(indices[0], indices[0] + len(indices)))
            assert len(indices) <= MAX_SIDE
    assert [r.sentences["kk"] for r in rows] == sorted(r.sentences["kk"] for r in rows)


@settings(max_examples=150)
@given(drawn())
def test_every_bead_and_row_is_a_segment_or_a_reject(found: Article) -> None:
    rows, contradictions = triples(found)
    pieces = cut_article(found, "train")
    names = [s.id for own in pieces.segments.values() for s in own] + [r.id for r in pieces.rejects]
    assert len(set(names)) == len(names)
    sizes = {pair: len(own) for pair, own in found.alignment.items()} | {TRIPLE: len(rows) + len(contradictions)}
    for name, wanted in sizes.items():
        assert len(pieces.segments[name]) + sum(r.record["config"] == name for r in pieces.rejects) == wanted
    assert all(s.split == "train" and all(s.text.values()) for own in pieces.segments.values() for s in own)
    assert all(r.reason for r in pieces.rejects)
