"""The same article published twice is found, whatever its languages; two articles in like words are both kept."""

import os
import random
import subprocess
import sys
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from invented import article, changed, segment, text

from kzalign.config import BuildConfig
from kzalign.corpus.duplicates import Duplicate, Fingerprints, Relations
from kzalign.corpus.seen import SeenPairs, pair_key
from kzalign.corpus.signatures import WINDOW, Signatures
from kzalign.corpus.wording import MIN_WORDS, evidence
from kzalign.records import Article
from kzalign.text.wording import text_key, wording

A, B, C = text("a"), text("b"), text("c")


def related(articles: Iterable[Article], config: BuildConfig | None = None) -> Relations:
    """Returns the relations of articles."""
    prints = Fingerprints()
    for one in articles:
        prints.add(one)
    return prints.resolve(config or BuildConfig())


def dropped(*articles: Article) -> dict[str, str]:
    """Returns by id what each dropped article repeats, and how."""
    return {name: f"{d.kind} {d.of} {d.lang}" for name, d in related(articles).duplicates().items()}


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("", ""),
        (" — ", ""),
        ("Су,  ТАРИФІ\u00a0(2021 ж.)", "су тарифі 2021 ж"),
        ("snake_case Straße", "snake case strasse"),
        ("и\u0306", "й"),
        ("18,4%", "18 4"),
        ("su-jol", "su jol"),
    ],
)
def test_wording(given: str, words: str) -> None:
    assert wording(given) == words


@pytest.mark.parametrize(
    ("lengths", "langs"),
    [
        ({"kk": MIN_WORDS, "ru": MIN_WORDS - 1}, ["kk"]),
        ({"kk": MIN_WORDS, "ru": MIN_WORDS}, ["kk", "ru"]),
        ({"kk": MIN_WORDS - 1, "ru": 1}, ["kk"]),
        ({"kk": MIN_WORDS - 2, "ru": 1}, []),
        ({}, []),
    ],
)
def test_short_abstracts_are_evidence_together_only(lengths: dict[str, int], langs: list[str]) -> None:
    assert [lang for lang, _ in evidence({lang: text(lang, n) for lang, n in lengths.items()})] == langs


def test_the_key_is_the_same_on_every_machine() -> None:
    assert text_key("су тарифі") == 0xF41CD41EE0A5466A


SHORT = text("short", MIN_WORDS - 1)
SHARED = {5: "12", 20: "2019", 40: "7"}
CASES: dict[str, tuple[list[Article], dict[str, str]]] = {
    "unrelated": ([article("x", kk=A), article("y", kk=B)], {}),
    "the same": ([article("x", kk=A), article("y", kk=A)], {"y": "exact x kk"}),
    "case and punctuation": ([article("x", kk=A), article("y", kk=A.upper().replace(" ", ", "))], {"y": "exact x kk"}),
    "another label": ([article("x", kk=A), article("y", ru=A)], {"y": "exact x ru"}),
    "one abstract of three": ([article("x", kk=A, ru=B), article("y", kk=C, ru=B)], {"y": "exact x ru"}),
    "a few words": ([article("x", kk=A), article("y", kk=changed(A, 3))], {"y": "near x kk"}),
    "many words": ([article("x", kk=A), article("y", kk=changed(A, 10))], {}),
    "more versions": ([article("x", kk=A), article("y", kk=A, ru=B)], {"x": "exact y kk"}),
    "more sentences": ([article("x", kk=A), article("y", kk=A, sentences=2)], {"x": "exact y kk"}),
    "versions before sentences": ([article("x", kk=A, ru=B), article("y", kk=A, sentences=9)], {"y": "exact x kk"}),
    "exact before near": (
        [article("x", kk=changed(A, 2)), article("y", kk=B), article("z", kk=A, ru=B)],
        {"x": "near z kk", "y": "exact z kk"},
    ),
    "its own two versions": ([article("x", kk=A, ru=A)], {}),
    "three times": ([article(name, kk=A) for name in "xyz"], {"y": "exact x kk", "z": "exact x kk"}),
    "a short text in many articles": ([article("x", kk=SHORT, ru=A), article("y", kk=SHORT, ru=B)], {}),
    "a short text alone": ([article("x", kk=SHORT), article("y", kk=SHORT)], {}),
    "short texts, all the same": (
        [article("x", kk=SHORT, ru="сөз тағы"), article("y", kk=SHORT, ru="сөз тағы")],
        {"y": "exact x kk"},
    ),
    "no abstract": ([article("x"), article("y")], {}),
    "other numbers": (
        [article("x", kk=changed(A, SHARED)), article("y", kk=changed(A, SHARED | {20: "2020"}))],
        {},
    ),
    "a number lost": ([article("x", kk=changed(A, SHARED)), article("y", kk=changed(A, {5: "12"}))], {"y": "near x kk"}),
}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_what_is_dropped(case: tuple[list[Article], dict[str, str]]) -> None:
    articles, expected = case
    assert dropped(*articles) == expected


def test_a_chain_of_small_changes_ends() -> None:
    """Each link has five words changed in a hundred: neighbours are near, every second one is not."""
    chain = [text("chain", 100)]
    for link in range(4):
        chain.append(changed(chain[-1], {link * 20 + 3 * k: f"link{link}-{k}" for k in range(4)}))
    found = dropped(*(article(f"link{n}", kk=one) for n, one in enumerate(chain)))
    assert found == {"link1": "near link0 kk", "link3": "near link2 kk"}


def test_what_is_dropped_anyway_keeps_nothing_out() -> None:
    relations = related([article("x", kk=A, ru=B), article("y", kk=A)])
    assert relations.duplicates(without={"x"}) == {}
    assert relations.duplicates() == {"y": Duplicate("x", "exact", "kk", 1.0)}


@pytest.mark.parametrize(
    ("words", "kind"),
    [(0, "exact"), (2, "near"), (6, "alike"), (9, "alike"), (20, None)],
)
def test_ties(words: int, kind: str | None) -> None:
    """With k words apart changed of n, the Jaccard index of word pairs is (n - 1 - 2k) / (n - 1 + 2k)."""
    relations = related([article("x", kk=A), article("y", ru=changed(A, words) if words else A)])
    assert [tie.kind for tie in relations.ties] == ([kind] if kind else [])


@pytest.mark.parametrize("config", [BuildConfig(near_duplicate=0.95), BuildConfig(near_duplicate=0.95, same_split=0.99)])
def test_the_thresholds_are_the_configurations(config: BuildConfig) -> None:
    relations = related([article("x", kk=A), article("y", kk=changed(A, 3))], config)
    assert [tie.kind for tie in relations.ties] == ["alike"] * (config.same_split < 0.8)


def test_likeness_is_the_jaccard_index() -> None:
    rng = random.Random(1)
    texts = [" ".join(f"v{rng.randrange(12)}" for _ in range(rng.randrange(2, 90))) for _ in range(60)]
    signatures = Signatures()
    for one in texts:
        signatures.add(one)
    signatures.candidates()
    left, right = np.triu_indices(len(texts), 1)
    pairs = [set(pairwise(t.split())) for t in texts]
    expected = [len(pairs[a] & pairs[b]) / len(pairs[a] | pairs[b]) for a, b in zip(left, right, strict=True)]
    assert signatures.likeness(left, right) == pytest.approx(expected, abs=0.02)


def test_all_of_many_copies_are_candidates_of_the_first() -> None:
    signatures = Signatures()
    size = WINDOW * 3
    for _ in range(size):
        signatures.add(A)
    left, right = signatures.candidates()
    assert set(right[left == 0].tolist()) == set(range(1, size))
    assert len(left) < size * (WINDOW + 1)


def test_nothing_to_resolve() -> None:
    assert related([]) == Relations((), ())


PLANTED = st.lists(st.tuples(st.integers(0, 5), st.integers(0, 2), st.sampled_from(["kk", "ru", "en"])), max_size=12)


@settings(max_examples=40, deadline=None)
@given(PLANTED, st.randoms(use_true_random=False))
def test_the_order_of_the_input_does_not_change_the_groups(planted: list[tuple[int, int, str]], rng: random.Random) -> None:
    """Variants of one text are all near each other; of each group one is kept."""
    articles = [article(f"a{n}", **{lang: changed(text(t), v) if v else text(t)}) for n, (t, v, lang) in enumerate(planted)]
    shuffled = rng.sample(articles, len(articles))
    found = [groups(one) for one in (articles, shuffled)]
    expected = {frozenset(f"a{n}" for n, p in enumerate(planted) if p[0] == t) for t, _, _ in planted}
    assert found == [{group for group in expected if len(group) > 1}] * 2


def groups(articles: list[Article]) -> set[frozenset[str]]:
    """Returns each kept article with those dropped for it."""
    found: dict[str, set[str]] = {}
    for name, duplicate in related(articles).duplicates().items():
        found.setdefault(duplicate.of, {duplicate.of}).add(name)
    return {frozenset(group) for group in found.values()}


SCRIPT = """
from kzalign.config import BuildConfig
from kzalign.corpus.duplicates import Fingerprints
from invented import article, changed, text
prints = Fingerprints()
for n in range(12):
    prints.add(article(f"a{n}", kk=changed(text(n % 4), n // 4 + 1)))
print(prints.resolve(BuildConfig()))
"""


def test_every_process_finds_the_same() -> None:
    runs = [
        subprocess.run([sys.executable, "-c", SCRIPT], capture_output=True, text=True, check=True, env=env, timeout=60).stdout
        for env in ({**os_environ(), "PYTHONHASHSEED": seed} for seed in ("1", "2"))
    ]
    assert runs[0] == runs[1]
    assert "kind='near'" in runs[0]


def os_environ() -> dict[str, str]:
    """Returns the environment with the folders to import from."""
    tests = Path(__file__).resolve().parent
    return os.environ | {"PYTHONPATH": f"{tests.parent}{os.pathsep}{tests}"}


SEEN: list[tuple[dict[str, Any], str, str | None]] = [
    ({"name": "a/kk-ru/000", "kk": "Су.", "ru": "Вода."}, "kk-ru", None),
    ({"name": "a/kk-ru/001", "kk": "Су.", "ru": "Река."}, "kk-ru", None),
    ({"name": "a/kk-ru-en/000", "kk": "Су.", "ru": "Вода.", "en": "Water."}, "kk-ru-en", None),
    ({"name": "b/kk-ru/000", "kk": "су", "ru": "ВОДА !"}, "kk-ru", "a/kk-ru/000"),
    ({"name": "b/kk-ru/001", "ru": "вода", "kk": "су"}, "kk-ru", "a/kk-ru/000"),
    ({"name": "c/kk-ru/012", "kk": "Сув ода", "ru": ""}, "kk-ru", None),
    ({"name": "c/kk-ru/013", "kk": "Сув", "ru": "ода"}, "kk-ru", None),
    ({"name": "d/kk-ru/000", "kk": "сув ода", "ru": "-"}, "kk-ru", "c/kk-ru/012"),
    ({"name": "d/kk-ru/1234", "kk": "басқа", "ru": "иное"}, "kk-ru", None),
    ({"name": "e/kk-ru/000", "kk": "басқа", "ru": "иное"}, "kk-ru", "d/kk-ru/1234"),
    ({"name": "e/kk-en/000", "kk": "басқа", "en": "иное"}, "kk-en", None),
]


def test_pairs_that_came_before() -> None:
    seen = SeenPairs()
    assert [seen.first(pair_key(found := segment(**row), name), found.id) for row, name, _ in SEEN] == [
        first for _, _, first in SEEN
    ]
