"""Alignment by properties: each sentence in one bead, the best path is the best, long texts in linear pieces, F1 floors."""

import itertools
import random
from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kzalign.align import align, make_aligner
from kzalign.align.evidence import BEADS, DEFAULT, Evidence, Side
from kzalign.align.lexical import LexicalAligner
from kzalign.align.long import PIECE, align_long, pieces, pins
from kzalign.align.omission import adapted, plain_omissions
from kzalign.align.program import Floats, Step, _diagonals, _small, best_path
from kzalign.align.refine import refine
from kzalign.align.third import links, settled
from kzalign.align.tokens import Sort, Token
from kzalign.bench.alignment import score_alignment
from kzalign.bench.gold import load_gold, violations
from kzalign.bench.stress import stress
from kzalign.config import AlignConfig
from kzalign.errors import KzalignError
from kzalign.records import PAIRS, Article, Bead, Version

TESTS = Path(__file__).resolve().parent
GOLD = {
    "examples": TESTS.parent / "examples" / "gold",
    "documents": TESTS / "documents" / "gold",
    "shared": TESTS.parents[1] / "shared" / "gold" / "dev",
}


@cache
def aligner() -> LexicalAligner:
    """Returns the aligner that ships."""
    return make_aligner(AlignConfig())


def article(**texts: Iterable[str]) -> Article:
    """Returns an article with these sentences by language."""
    sentences = {lang: tuple(text) for lang, text in texts.items()}
    return Article("a", "i", versions={lang: Version(lang, None, " ".join(text), text) for lang, text in sentences.items()})


def beads(text: str) -> tuple[Bead, ...]:
    """Reads `0:0 1:1,2 2:` as three beads."""
    sides = [tuple(tuple(int(i) for i in side.split(",") if i) for side in bead.split(":")) for bead in text.split()]
    return tuple(Bead(left, right) for left, right in sides)


def assert_each_once(found: Iterable[tuple[tuple[int, ...], tuple[int, ...]]], n: int, m: int) -> None:
    """Asserts that the beads hold each left and right index exactly once, and none is empty."""
    found = list(found)
    assert all(left or right for left, right in found)
    assert sorted(i for left, _ in found for i in left) == list(range(n))
    assert sorted(j for _, right in found for j in right) == list(range(m))


# the dynamic program


@st.composite
def tables(draw: st.DrawFn) -> tuple[dict[tuple[int, int], Floats], int, int]:
    """Draws scores for all beads of two texts, rough ones with many ties or fine ones with none."""
    n, m = draw(st.integers(0, 9)), draw(st.integers(0, 9))
    values = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    rough = draw(st.booleans())
    scores = {}
    for a, b in BEADS:
        if a <= n and b <= m:
            table = values.normal(0, 3, (n - a + 1, m - b + 1))
            scores[a, b] = np.round(table) if rough else table
    return scores, n, m


def total(scores: Mapping[tuple[int, int], Floats], steps: Iterable[Step]) -> float:
    """Returns the score of a path."""
    return sum(float(scores[a, b][i, j]) for i, j, a, b in steps)


def assert_path(steps: list[Step], n: int, m: int) -> None:
    """Asserts that the steps lead from the beginning of both texts to their ends."""
    i = j = 0
    for step in steps:
        assert step[:2] == (i, j)
        assert step[2:] in BEADS
        i, j = i + step[2], j + step[3]
    assert (i, j) == (n, m)


def best_total(scores: Mapping[tuple[int, int], Floats], n: int, m: int) -> float:
    """Returns the score of the best path, by trying all of them."""

    @cache
    def best(i: int, j: int) -> float:
        if not i and not j:
            return 0.0
        return max(
            (best(i - a, j - b) + float(scores[a, b][i - a, j - b]) for a, b in scores if a <= i and b <= j),
            default=float("-inf"),
        )

    return best(n, m)


@settings(max_examples=150)
@given(tables())
def test_both_programs_find_the_best_path(drawn: tuple[dict[tuple[int, int], Floats], int, int]) -> None:
    scores, n, m = drawn
    if not scores:
        assert best_path(scores, n, m) == []
        return
    paths = [_small(scores, n, m), _diagonals(scores, n, m)]
    for steps in paths:
        assert_path(steps, n, m)
        assert total(scores, steps) == pytest.approx(best_total(scores, n, m))


def test_a_large_table_goes_along_diagonals() -> None:
    values = np.random.default_rng(3)
    scores = {(a, b): values.normal(0, 3, (91 - a, 61 - b)) for a, b in BEADS}
    steps = best_path(scores, 90, 60)
    assert_path(steps, 90, 60)
    assert steps == _small(scores, 90, 60)


# sides of random tokens


TOKENS = [Token((f"~{k}",), sort) for k, sort in itertools.product(range(6), (Sort.CONTENT, Sort.NAME, Sort.UNKNOWN))]
BAGS = st.lists(st.lists(st.sampled_from(TOKENS), max_size=6), min_size=1, max_size=14)


def side(bags: list[list[Token]], lang: str = "kk") -> Side:
    """Returns the side of these tokens, each sentence as long as its tokens ask for."""
    return Side.of(bags, ["сөз " * (1 + 2 * len(bag)) for bag in bags], lang)


@settings(max_examples=150, deadline=None)
@given(BAGS, BAGS, st.randoms(use_true_random=False))
def test_refining_any_path_keeps_each_sentence_once(
    left: list[list[Token]], right: list[list[Token]], choice: random.Random
) -> None:
    n, m = len(left), len(right)
    steps: list[Step] = []
    i = j = 0
    while (i, j) != (n, m):
        a, b = choice.choice([(a, b) for a, b in BEADS if i + a <= n and j + b <= m])
        steps.append((i, j, a, b))
        i, j = i + a, j + b
    evidence = Evidence(side(left), side(right), DEFAULT)
    found = refine(steps, evidence)
    assert_each_once(found, n, m)
    assert all(list(indices) == sorted(indices) for bead in found for indices in bead)

    def score(beads: Iterable[tuple[tuple[int, ...], tuple[int, ...]]]) -> float:
        return sum(evidence.score(*b) if b[0] and b[1] else DEFAULT.unaligned * len(b[0] + b[1]) for b in beads)

    before = [(tuple(range(i, i + a)), tuple(range(j, j + b))) for i, j, a, b in steps]
    assert score(found) >= score(before) - 1e-6


@settings(max_examples=150, deadline=None)
@given(BAGS, BAGS)
def test_the_search_keeps_each_sentence_once(left: list[list[Token]], right: list[list[Token]]) -> None:
    found = aligner().beads(side(left), side(right))
    assert_each_once([(b.left, b.right) for b in found], len(left), len(right))
    assert all(0 <= b.score <= 1 for b in found)
    assert aligner().beads(side(left), side(right)) == found


@settings(max_examples=60, deadline=None)
@given(BAGS, BAGS, BAGS)
def test_three_texts_keep_each_sentence_once(kk: list[list[Token]], ru: list[list[Token]], en: list[list[Token]]) -> None:
    sides = {"kk": side(kk, "kk"), "ru": side(ru, "ru"), "en": side(en, "en")}
    found = aligner().align(sides)
    assert list(found) == list(PAIRS)
    for pair, own in found.items():
        left, right = pair.split("-")
        assert_each_once([(b.left, b.right) for b in own], len(sides[left]), len(sides[right]))


# long texts


def crossed(left: Side, right: Side) -> list[Bead]:
    """A search that leaves gaps: sentence 1 of each window stands alone between two that share a bead."""
    n, m = len(left), len(right)
    if n < 3 or m < 1:
        return [*(Bead((i,), ()) for i in range(n)), *(Bead((), (j,)) for j in range(m))]
    rest = [Bead((i,), (i - 2,)) if i - 2 < m else Bead((i,), ()) for i in range(3, n)]
    return [Bead((0, 2), (0,)), Bead((1,), ()), *rest, *(Bead((), (j,)) for j in range(max(1, n - 2), m))]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(0, 10**6), st.booleans())
def test_long_texts_keep_each_sentence_once(n: int, m: int, seed: int, gaps: bool) -> None:
    choice = random.Random(seed)
    left, right = (side([choice.sample(TOKENS, choice.randrange(4)) for _ in range(size)]) for size in (n, m))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("kzalign.align.long.FULL", 8)
        patch.setattr("kzalign.align.long.PIECE", 5)
        found = align_long(left, right, crossed if gaps else aligner().beads)
    assert_each_once([(b.left, b.right) for b in found], n, m)


def translated(n: int, seed: int = 1) -> tuple[Side, Side]:
    """Returns two long sides that correspond: each sentence has words of its own, every ninth is left out on the right."""
    choice = random.Random(seed)
    common = [Token((f"~c{k}",), Sort.CONTENT) for k in range(50)]
    bags = [[*(Token((f"~{i}.{k}",), Sort.NAME) for k in range(3)), *choice.sample(common, 5)] for i in range(n)]
    return side(bags), side([bag for i, bag in enumerate(bags) if i % 9])


def test_two_thousand_sentences_in_small_pieces() -> None:
    left, right = translated(2000)
    sizes: list[int] = []

    def watched(a: Side, b: Side) -> tuple[Bead, ...]:
        sizes.append(max(len(a), len(b)))
        return aligner().beads(a, b)

    found = align_long(left, right, watched)
    assert_each_once([(b.left, b.right) for b in found], len(left), len(right))
    assert max(sizes) <= 2 * PIECE
    assert sum(sizes) <= 1.1 * len(left)
    places = {i: j for j, i in enumerate(i for i in range(2000) if i % 9)}
    right_beads = sum(b.left[0] in places and b.right == (places[b.left[0]],) for b in found if len(b.left) == 1)
    assert right_beads >= 0.95 * len(right)


def test_long_texts_without_a_pin_are_searched_in_windows() -> None:
    left, right = (side([[TOKENS[(i * step) % len(TOKENS)]] for i in range(1900)]) for step in (1, 5))
    assert pins(left, right) == []
    found = aligner().beads(left, right)
    assert_each_once([(b.left, b.right) for b in found], 1900, 1900)


RARE = st.lists(st.lists(st.sampled_from([Token((f"~{k}",), Sort.NAME) for k in range(14)]), max_size=7), min_size=1, max_size=14)


@settings(max_examples=100, deadline=None)
@given(RARE, RARE)
def test_pins_increase_and_are_the_heaviest_chain(left: list[list[Token]], right: list[list[Token]]) -> None:
    sides = side(left), side(right)
    chain = pins(*sides)
    assert all(a[0] < b[0] and a[1] < b[1] for a, b in itertools.pairwise(chain))
    keys = [[{key for token in bag for key in token.keys} for bag in text] for text in (left, right)]
    rare = {key for key in set().union(*keys[0], *keys[1]) if all(0 < sum(key in bag for bag in text) <= 3 for text in keys)}
    weights = {(i, j): len(a & b & rare) for i, a in enumerate(keys[0]) for j, b in enumerate(keys[1]) if len(a & b & rare) >= 2}

    @cache
    def heaviest(i: int, j: int) -> int:
        return max((w + heaviest(*pin) for pin, w in weights.items() if pin[0] < i and pin[1] < j), default=0)

    assert sum(weights[pin] for pin in chain) == heaviest(len(left), len(right))


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=400))
def test_pieces_cover_both_texts(jumps: list[tuple[int, int]]) -> None:
    chain: list[tuple[int, int]] = []
    i = j = 0
    for a, b in jumps:
        i, j = i + 1 + a, j + 1 + b
        chain.append((i, j))
    n, m = i + 5, j + 5
    found = list(pieces(n, m, chain))
    assert (found[0][0], found[0][2], found[-1][1], found[-1][3]) == (0, 0, n, m)
    assert all((a[1], a[3]) == (b[0], b[2]) for a, b in itertools.pairwise(found))


# texts that are odd

LONG = "Су тарифі өсті, 2020 жылы 15 қала есеп берді, ал Арна қаласы жауап бермеді; " * 260

ODD: dict[str, tuple[list[str], list[str], tuple[str, str]]] = {
    "an empty side": ([], ["One.", "Two."], ("kk", "en")),
    "both empty": ([], [], ("kk", "en")),
    "one against fifty": (["Су тарифі өсті."], [f"The tariff grew by {k} per cent." for k in range(50)], ("kk", "en")),
    "fifty against one": ([f"Тариф {k} пайызға өсті." for k in range(50)], ["The tariff grew."], ("kk", "en")),
    "a very long sentence": ([LONG, "Соңы."], ["The water tariff grew in 2020.", "End."], ("kk", "en")),
    "numbers only": (["1", "2", "3", "4"], ["1", "2", "3", "4"], ("kk", "ru")),
    "marks only": (["…", "—", "!!!"], ["?", "..."], ("ru", "en")),
    "blank sentences": (["", " ", "Су тарифі өсті."], ["", "The water tariff grew."], ("kk", "en")),
    "languages without a lexicon": (["Das Wasser ist teuer.", "Ende."], ["L'eau est chère.", "Fin."], ("de", "fr")),
    "one script on both sides": (["Су тарифі өсті.", "Соңы."], ["Тариф на воду вырос.", "Конец."], ("kk", "ru")),
    "the same sentence throughout": (["Су тарифі өсті."] * 7, ["The water tariff grew."] * 5, ("kk", "en")),
}


@pytest.mark.parametrize("case", ODD)
def test_odd_texts(case: str) -> None:
    left, right, langs = ODD[case]
    found = aligner().align_texts(left, right, langs)
    assert_each_once([(b.left, b.right) for b in found], len(left), len(right))
    assert all(0 <= b.score <= 1 for b in found)
    assert aligner().align_texts(left, right, langs) == found


@pytest.mark.parametrize("langs", [("kk", "kk"), ("ru", "kk"), ("de", "de")])
def test_identical_texts_give_the_diagonal(langs: tuple[str, str]) -> None:
    text = [s for a in load_gold(GOLD["examples"])[:4] if "kk" in a.versions for s in a.versions["kk"].sentences]
    found = aligner().align_texts(text, text, langs)
    assert [(b.left, b.right) for b in found] == [((i,), (i,)) for i in range(len(text))]


def true_lines(pair: str, n: int) -> list[tuple[str, str]]:
    """Returns the first n true beads of the examples and documents as lines that translate each other."""
    langs = pair.split("-")
    return [
        (texts[0], texts[1])
        for name in ("examples", "documents")
        for gold in load_gold(GOLD[name])
        for bead in gold.alignment.get(pair, ())
        if bead.left and bead.right
        for texts in [
            [
                " ".join(gold.versions[lang].sentences[i] for i in side)
                for lang, side in zip(langs, (bead.left, bead.right), strict=True)
            ]
        ]
    ][:n]


@pytest.mark.parametrize("pair", PAIRS)
@pytest.mark.parametrize(("n", "least"), [(12, 10), (40, 40), (120, 118)])
def test_one_language_without_a_lexicon_is_as_two_without(pair: str, n: int, least: int) -> None:
    lines = true_lines(pair, n)
    left, right = [line[0] for line in lines], [line[1] for line in lines]
    found = {
        langs: [(b.left, b.right) for b in aligner().align_texts(left, right, langs)]
        for langs in (("de", "fr"), (pair[:2], "fr"), ("de", pair[3:]), ("tr", pair[3:]))
    }
    assert all(beads == found["de", "fr"] for beads in found.values())
    assert sum(bead in found["de", "fr"] for bead in [((i,), (i,)) for i in range(n)]) >= least


def test_numbers_alone_are_matched() -> None:
    left, right = ["10", "20", "30", "40", "50"], ["10", "20", "40", "50"]
    found = aligner().align_texts(left, right, ("kk", "en"))
    assert (Bead((2,), ()) in found) and {(b.left, b.right) for b in found} >= {((0,), (0,)), ((4,), (3,))}


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=8), st.lists(st.text(max_size=40), max_size=8), st.sampled_from(PAIRS))
def test_any_texts_at_all(left: list[str], right: list[str], pair: str) -> None:
    langs = pair.split("-")
    found = aligner().align_texts(left, right, (langs[0], langs[1]))
    assert_each_once([(b.left, b.right) for b in found], len(left), len(right))


# articles


def test_an_article_without_sentences_is_split_and_one_with_them_is_not() -> None:
    whole = article(kk=["Су тарифі өсті. Қала есеп берді."], en=["The water tariff grew. The town reported."])
    kept = align(whole, aligner())
    assert kept.versions["kk"].sentences == ("Су тарифі өсті. Қала есеп берді.",)
    bare = replace(whole, versions={lang: replace(v, sentences=()) for lang, v in whole.versions.items()})
    found = align(bare, aligner())
    assert found.versions["kk"].sentences == ("Су тарифі өсті.", "Қала есеп берді.")
    assert [(b.left, b.right) for b in found.alignment["kk-en"]] == [((0,), (0,)), ((1,), (1,))]


LANGUAGES = [({"kk"}, []), ({"kk", "en"}, ["kk-en"]), ({"ru", "en"}, ["ru-en"]), ({"kk", "ru", "en"}, list(PAIRS)), (set(), [])]


@pytest.mark.parametrize(("langs", "pairs"), LANGUAGES)
def test_the_pairs_are_those_of_the_languages(langs: set[str], pairs: list[str]) -> None:
    texts = {"kk": ["Су тарифі өсті."], "ru": ["Тариф на воду вырос."], "en": ["The water tariff grew."]}
    assert list(align(article(**{lang: texts[lang] for lang in texts if lang in langs}), aligner()).alignment) == pairs


def test_a_version_with_a_title_alone_is_in_no_pair() -> None:
    found = article(kk=["Су тарифі өсті."], en=["The water tariff grew."])
    found.versions["ru"] = Version("ru", "Тариф на воду")
    assert list(align(found, aligner()).alignment) == ["kk-en"]


def test_alignment_does_not_depend_on_what_was_aligned_before() -> None:
    gold = load_gold(GOLD["examples"])
    forward = [align(a, aligner()).alignment for a in gold]
    fresh = LexicalAligner.with_lexicon()
    backward = [align(a, fresh).alignment for a in reversed(gold)]
    assert forward == backward[::-1]


def test_an_unknown_aligner_names_the_nearest() -> None:
    with pytest.raises(KzalignError, match="lexical"):
        make_aligner(AlignConfig(aligner="lexicl"))


# the third language, omissions


LINKS = [
    ("kk-ru", [[0, 1], []], [[], [1]]),
    ("kk-en", [[0], [1]], [[], [1]]),
    ("ru-en", [[0], [1]], [[0], [0]]),
]


@pytest.mark.parametrize(("pair", "left", "right"), LINKS)
def test_links_lead_through_the_third_language(pair: str, left: list[list[int]], right: list[list[int]]) -> None:
    alignment = {"kk-ru": beads("0:0 1:1"), "kk-en": beads("0:0,1 1:"), "ru-en": beads("0: 1:1 :0")}
    assert links(alignment, pair, (2, 2)) == (left, right)


@pytest.mark.parametrize("pair", PAIRS)
def test_doubtful_beads_are_no_links(pair: str) -> None:
    assert links({other: (Bead((0,), (0,), 0.1),) for other in PAIRS}, pair, (1, 1)) == ([[]], [[]])


SETTLED = [("0:0 1:1", True), ("", True), ("0:0 1:", False), ("0:0,1", False), ("0:1 1:0", False)]


@pytest.mark.parametrize(("text", "is_settled"), SETTLED)
def test_settled(text: str, is_settled: bool) -> None:
    assert settled(beads(text)) is is_settled
    assert not settled((Bead((0,), (0,), 0.1),))


OMISSIONS = [
    ("0:0 1:1", 0),
    ("0:0 1: 2:1", 1),
    ("0:0 1: 2: 3:1", 2),
    (":0 0:1", 1),
    ("0:0 1: :1 2:2", 0),
    ("0:0 1: 2:1 :2", 2),
    ("0: 1:", 2),
    ("", 0),
]


@pytest.mark.parametrize(("text", "plain"), OMISSIONS)
def test_plain_omissions(text: str, plain: int) -> None:
    assert plain_omissions(beads(text)) == plain


def test_an_article_that_omits_much_leaves_sentences_out_readily() -> None:
    none, much = beads("0:0 1:1 2:2 3:3"), beads("0:0 1: 2:1 3: 4:2 5:")
    costs = [adapted(DEFAULT, found).unaligned for found in ([none], [], [much])]
    assert costs == sorted(costs)
    assert costs[1] == DEFAULT.unaligned
    assert adapted(DEFAULT, [beads("0: 1: 2: 3: 4:")] * 50).unaligned < 0


# gold

FLOORS = {"examples": (0.95, 0.88), "documents": (0.965, 0.94), "shared": (0.97, 0.92)}
"""Strict F1 over all pairs, as it is and as the mean of three seeds with 20 % of the sentences deleted and 10 % merged."""


def strict(gold: list[Article]) -> float:
    """Returns the strict F1 over all pairs, 0 to 1."""
    bare = [align(replace(a, alignment={}), aligner()) for a in gold]
    assert not [violation for a in bare for violation in violations(a)]
    system = {a.id: a.alignment for a in bare}
    return score_alignment({a.id: a.alignment for a in gold}, system).strict["all"].f1.value


@pytest.mark.parametrize("name", GOLD)
def test_strict_f1(name: str) -> None:
    if not GOLD[name].exists():
        pytest.skip("the gold is not here")
    gold = load_gold(GOLD[name])
    plain, damaged = FLOORS[name]
    assert strict(gold) >= plain
    assert np.mean([strict([stress(a, 0.2, 0.1, seed) for a in gold]) for seed in (1, 2, 3)]) >= damaged
