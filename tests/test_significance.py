"""Intervals and paired tests: what they must find, what they must not, and that order changes nothing."""

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.bench.mt.metrics import make_metric
from kzalign.bench.significance import Floats, compare, holm, interval, p_table, signature, sums_by_article
from kzalign.errors import KzalignError

ARTICLES = [f"a{place // 4}" for place in range(160)]


def mean(sums: Floats) -> Floats:
    """Returns the mean of the first statistic over the count in the second."""
    scores: Floats = sums[:, 0] / sums[:, 1]
    return scores


def system(shift: float, seed: int = 1, spread: float = 1.0) -> Floats:
    """Returns statistics of 160 segments whose values are `shift` above what all systems share, with their own noise."""
    shared = np.random.default_rng(99).normal(size=160)
    own = np.random.default_rng(seed).normal(size=160, scale=spread)
    return sums_by_article(np.column_stack([shared + own + shift, np.ones(160)]), ARTICLES)


def test_statistics_are_summed_by_article_in_order_of_appearance() -> None:
    statistics = np.array([[1.0, 1], [2, 1], [4, 1]])
    assert sums_by_article(statistics, ["b", "a", "b"]).tolist() == [[5, 2], [2, 1]]
    with pytest.raises(KzalignError, match="3 segments and 1 article ids"):
        sums_by_article(statistics, ["a"])


def test_a_better_system_differs_and_an_equal_one_does_not() -> None:
    systems = {"base": system(0, 1), "same": system(0, 2, 0.5), "better": system(1.0, 3)}
    found = {(c.first, c.second): c for c in compare(systems, mean)}
    assert list(found) == [("base", "better"), ("base", "same"), ("better", "same")]
    assert found["base", "better"].different and found["better", "same"].different
    assert not found["base", "same"].different
    assert found["base", "better"].difference.high < 0
    assert found["base", "better"].bootstrap < 0.01
    assert found["base", "same"].difference.low < 0 < found["base", "same"].difference.high


def test_a_system_does_not_differ_from_itself() -> None:
    (only,) = compare({"a": system(0), "b": system(0)}, mean)
    assert (only.difference.value, only.bootstrap, only.randomisation, only.different) == (0, 1, 1, False)


def test_one_system_has_nothing_to_be_compared_with() -> None:
    assert compare({"a": system(0)}, mean) == []


def test_neither_order_nor_company_changes_a_comparison() -> None:
    systems = {name: system(shift, seed) for seed, (name, shift) in enumerate({"c": 0.1, "a": 0.2, "b": 0.0}.items())}
    forward = compare(systems, mean)
    assert compare(dict(reversed(systems.items())), mean) == forward
    (alone,) = compare({name: systems[name] for name in ("b", "c")}, mean)
    together = next(c for c in forward if (c.first, c.second) == ("b", "c"))
    assert (alone.difference, alone.bootstrap, alone.randomisation) == (
        together.difference,
        together.bootstrap,
        together.randomisation,
    )


def test_articles_widen_the_interval_where_their_segments_go_together() -> None:
    values = np.repeat(np.random.default_rng(4).normal(size=20), 8)
    statistics = np.column_stack([values, np.ones(160)])
    by_segment = interval(sums_by_article(statistics, [str(n) for n in range(160)]), mean)
    by_article = interval(sums_by_article(statistics, [str(n // 8) for n in range(160)]), mean)
    assert by_segment.value == pytest.approx(by_article.value)
    assert by_article.high - by_article.low > 2 * (by_segment.high - by_segment.low)


def test_ninety_five_in_a_hundred_intervals_hold_the_truth() -> None:
    held = 0
    for seed in range(200):
        draw = np.random.default_rng(1000 + seed)
        articles = draw.normal(size=40)
        statistics = np.column_stack([np.repeat(articles, 3) + draw.normal(size=120), np.ones(120)])
        found = interval(sums_by_article(statistics, [str(n // 3) for n in range(120)]), mean)
        held += found.low <= 0 <= found.high
    assert 180 <= held <= 199


def test_equal_systems_seldom_differ_by_randomisation() -> None:
    """Under the null hypothesis the p-value is at most 0.05 in about one of twenty tables."""
    low = sum(compare({"a": system(0, 2 * k), "b": system(0, 2 * k + 1)}, mean)[0].randomisation <= 0.05 for k in range(100))
    assert low <= 12


def test_p_values_agree_with_sacrebleu() -> None:
    from sacrebleu.metrics.bleu import BLEU
    from sacrebleu.significance import PairedTest

    draw = random.Random(2)
    references = [" ".join(draw.choices("бір екі үш төрт бес алты жеті".split(), k=12)) for _ in range(150)]

    def noisy(noise: float) -> list[str]:
        return [" ".join(word if draw.random() > noise else "жоқ" for word in line.split()) for line in references]

    systems = {"base": noisy(0.3), "close": noisy(0.29), "apart": noisy(0.26)}
    metric = make_metric("bleu")
    sums = {name: metric.statistics(lines, references) for name, lines in systems.items()}
    ours = {frozenset((c.first, c.second)): c for c in compare(sums, metric.from_many)}
    for kind, samples, tolerance in (("bs", 1000, 0.06), ("ar", 4000, 0.04)):
        test = PairedTest(list(systems.items()), {"BLEU": BLEU()}, [references], test_type=kind, n_samples=samples)
        for name, result in zip(["close", "apart"], test()[1]["BLEU"][1:], strict=True):
            found = ours[frozenset(("base", name))]
            p = found.bootstrap if kind == "bs" else found.randomisation
            assert p == pytest.approx(result.p_value, abs=tolerance)


HOLM: dict[str, tuple[list[float], list[float]]] = {
    "none": ([], []),
    "one": ([0.03], [0.03]),
    "Holm's step-down": ([0.01, 0.04, 0.03, 0.005], [0.03, 0.06, 0.06, 0.02]),
    "never over 1": ([0.6, 0.7], [1.0, 1.0]),
    "never falling": ([0.02, 0.021, 0.5], [0.06, 0.06, 0.5]),
}


@pytest.mark.parametrize("case", HOLM)
def test_holm(case: str) -> None:
    given_values, corrected = HOLM[case]
    assert holm(given_values) == pytest.approx(corrected)


@given(st.lists(st.floats(0, 1), max_size=12))
def test_holm_keeps_the_order_and_never_lowers(values: list[float]) -> None:
    corrected = holm(values)
    assert all(p <= q <= 1 for p, q in zip(values, corrected, strict=True))
    assert [q for _, q in sorted(zip(values, corrected, strict=True))] == sorted(corrected)


def test_the_table_names_systems_on_both_sides() -> None:
    lines = p_table(compare({"base": system(0, 1), "better": system(1.0, 3)}, mean))
    assert lines[0].split() == ["p", "after", "Holm", "base", "better"]
    assert lines[2].split()[1:] == ["-", "0.0001*"]
    assert lines[3].split()[1:] == ["0.0001*", "-"]


def test_systems_over_other_articles_are_refused() -> None:
    with pytest.raises(KzalignError, match="a 40, b 2"):
        compare({"a": system(0), "b": system(0)[:2]}, mean)


def test_the_signature_names_what_the_figures_depend_on() -> None:
    assert signature() == "resampled:articles|bootstrap:1000|randomisation:10000|correction:holm|level:0.05|seed:1"
