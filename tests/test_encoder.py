"""A fake encoder with known vectors: what is made of them, what is kept of them, and what is refused."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.align.encoder import CachedEncoder, Vectors, checked
from kzalign.align.encoder_aligner import with_encoder, with_named_encoder
from kzalign.align.encoder_evidence import EncoderEvidence, EncoderWeights, Text
from kzalign.align.evidence import BEADS
from kzalign.align.lexical import LexicalAligner
from kzalign.errors import KzalignError
from kzalign.records import Version

WORDS = {
    "kk": "дылпақ мюдір шезгі қобын жәрпет ұлтым".split(),
    "en": "brindo fuskel yarpet omvil stegga cnurd".split(),
    "ru": "лофтец гурния пасмол ежикум тобрук зинфа".split(),
}
"""Made-up words; the k-th of each language mean the same to the fake encoder, and nothing to the lexicon."""
LETTERS = "abcdef"


class FakeEncoder:
    """Adds up one axis a word, so that every cosine is known."""

    name, identity, dimension = "fake", "fake@1", 6

    def __init__(self) -> None:
        self.asked: list[str] = []

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        self.asked += texts
        return np.array([[text.split().count(word) for word in WORDS[lang]] for text in texts], dtype=np.float32)


def text(lang: str, *sentences: str) -> Text:
    """Returns a text from letters: "ab" is a sentence of the first two words."""
    return Text(tuple(" ".join(WORDS[lang][LETTERS.index(letter)] for letter in s) for s in sentences), lang)


def beads(**texts: Sequence[str]) -> dict[str, list[Any]]:
    """Returns the aligner's beads by pair for texts of letters by language."""
    aligner = with_encoder(LexicalAligner.with_lexicon(), CachedEncoder(FakeEncoder()), EncoderWeights())
    versions = {lang: Version(lang=lang, sentences=text(lang, *letters).sentences) for lang, letters in texts.items()}
    found = aligner.align(aligner.sides(versions))
    return {pair: [(bead.left, bead.right) for bead in row] for pair, row in found.items()}


@pytest.mark.parametrize(
    ("kk", "en", "expected"),
    [
        (["a", "b", "c"], ["a", "b", "c"], [((0,), (0,)), ((1,), (1,)), ((2,), (2,))]),
        (["ab", "c", "d"], ["a", "b", "c", "d"], [((0,), (0, 1)), ((1,), (2,)), ((2,), (3,))]),
        (["a", "b", "c", "d"], ["a", "bcd"], [((0,), (0,)), ((1, 2, 3), (1,))]),
        (["a", "b", "c", "d"], ["a", "b", "d"], [((0,), (0,)), ((1,), (1,)), ((2,), ()), ((3,), (2,))]),
        (["ac", "d"], ["a", "b", "c", "d"], [((0,), (0, 2)), ((), (1,)), ((1,), (3,))]),
    ],
)
def test_known_vectors_give_the_known_alignment(kk: list[str], en: list[str], expected: list[Any]) -> None:
    assert beads(kk=kk, en=en) == {"kk-en": expected}


def test_three_languages() -> None:
    found = beads(kk=["a", "b", "c", "d"], ru=["a", "bc", "d"], en=["ab", "c", "d"])
    assert found["kk-ru"] == [((0,), (0,)), ((1, 2), (1,)), ((3,), (2,))]
    assert found["kk-en"] == [((0, 1), (0,)), ((2,), (1,)), ((3,), (2,))]
    assert found["ru-en"][-1] == ((2,), (2,))


def test_other_languages_and_texts_too_long_for_one_search() -> None:
    rng = np.random.default_rng(3)
    numbers = rng.permutation(10_000)[:600]
    left = [f"{WORDS['kk'][n % 6]} {n} {n + 10_000}" for n in numbers]
    right = [f"{WORDS['en'][n % 6]} {n} {n + 10_000}" for n in numbers if n % 50]
    aligner = with_encoder(LexicalAligner.with_lexicon(), CachedEncoder(FakeEncoder()), EncoderWeights())
    found = aligner.align_texts(left, right, ("kk", "en"))
    expected = [i for i, n in enumerate(numbers) if n % 50]
    alone = {bead.left[0] for bead in found if len(bead.left) == len(bead.right) == 1}
    assert len(alone & set(expected)) >= 0.98 * len(expected)


def test_each_span_is_embedded_once_for_all_pairs() -> None:
    fake = FakeEncoder()
    encoder = CachedEncoder(fake)
    texts = [text("kk", "a", "b", "c"), text("ru", "a", "b", "c"), text("en", "a", "b", "c")]
    for left, right in ((0, 1), (0, 2), (1, 2)):
        EncoderEvidence(encoder, texts[left], texts[right]).scores()
    assert sorted(fake.asked) == sorted(t.span(range(i, j)) for t in texts for i in range(3) for j in range(i + 1, 4))


def test_margin_is_worked_out_by_hand() -> None:
    evidence = EncoderEvidence(FakeUnit(), text("kk", "a", "b"), text("en", "a", "b"), EncoderWeights(1.0, 10.0, 0.5))
    table = evidence.scores()[1, 1]
    # a pair: distance 0 against 1 outside, margin 1; a non-pair: distance 1 against 0 outside, margin cut to -1
    assert table == pytest.approx(np.array([[5.0, -15.0], [-15.0, 5.0]]), abs=0.02)


def test_one_sentence_a_side_has_no_outside_and_says_nothing() -> None:
    assert EncoderEvidence(FakeUnit(), text("kk", "a"), text("en", "b")).scores()[1, 1] == 0


class FakeUnit(FakeEncoder):
    """The same with rows of length one, as `CachedEncoder` gives them."""

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        return checked(super().embed(texts, lang), texts, self)


SENTENCE = st.text(alphabet=LETTERS, min_size=1, max_size=4)


@given(st.lists(SENTENCE, min_size=1, max_size=6), st.lists(SENTENCE, min_size=1, max_size=6), st.data())
def test_tables_have_the_lexical_layout_and_agree_with_score(kk: list[str], en: list[str], data: st.DataObject) -> None:
    left, right = text("kk", *kk), text("en", *en)
    n, m = len(kk), len(en)
    evidence = EncoderEvidence(FakeUnit(), left, right)
    tables = evidence.scores()
    assert {size: table.shape for size, table in tables.items()} == {
        (a, b): (n - a + 1, m - b + 1) for a, b in BEADS if a <= n and b <= m
    }
    a, b = data.draw(st.sampled_from([size for size in tables if all(size)]))
    i, j = data.draw(st.integers(0, n - a)), data.draw(st.integers(0, m - b))
    assert evidence.score(range(i, i + a), range(j, j + b)) == pytest.approx(tables[a, b][i, j], abs=1e-6)


class Broken(FakeEncoder):
    """Gives whatever it was made with."""

    def __init__(self, answer: Any) -> None:
        super().__init__()
        self.answer = answer

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        return np.array(self.answer, dtype=np.float32)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        ([[1, 0, 0, 0, 0, 0], [np.nan, 0, 0, 0, 0, 0]], "encoder 'fake' gave NaN or infinite values for the text 'second'"),
        ([[np.inf, 0, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0]], "encoder 'fake' gave NaN or infinite values for the text 'first'"),
        ([[1, 0, 0, 0, 0, 0], [0, 0, 0, 0, 0, 0]], "encoder 'fake' gave zeros for the text 'second'"),
        ([[1, 0, 0, 0, 0, 0]], "gave vectors of shape (1, 6) where (2, 6) is expected, for the text 'first'"),
        ([[1, 0], [0, 1]], "gave vectors of shape (2, 2) where (2, 6) is expected"),
        ([1, 0], "gave vectors of shape (2,) where (2, 6) is expected"),
    ],
)
def test_bad_vectors_are_an_error_that_names_encoder_and_text(answer: Any, said: str) -> None:
    with pytest.raises(KzalignError) as error:
        CachedEncoder(Broken(answer)).embed(["first", "second"], "en")
    assert said in str(error.value)


def test_cache_counts_hits_and_keeps_the_order() -> None:
    fake = FakeEncoder()
    encoder = CachedEncoder(fake)
    first = encoder.embed(["brindo", "fuskel", "brindo"], "en")
    again = encoder.embed(["fuskel", "yarpet"], "en")
    assert (encoder.hits, encoder.misses) == (2, 3)
    assert fake.asked == ["brindo", "fuskel", "yarpet"]
    assert np.array_equal(first[[0, 0, 1]], first[[0, 2, 1]])
    assert np.array_equal(again[0], first[1])
    assert encoder.embed([], "en").shape == (0, 6)


def test_vectors_are_kept_on_disk_for_the_same_encoder_only(tmp_path: Path) -> None:
    writer = CachedEncoder(FakeEncoder(), tmp_path, shard=2)
    vectors = writer.embed(["brindo", "fuskel", "yarpet"], "en")
    writer.embed(["omvil"], "en")
    writer.save()
    fake = FakeEncoder()
    reader = CachedEncoder(fake, tmp_path)
    assert np.array_equal(reader.embed(["brindo", "fuskel", "yarpet"], "en"), vectors)
    assert reader.hits == 3
    assert not fake.asked
    fake.identity = "fake@2"
    other = CachedEncoder(fake, tmp_path)
    other.embed(["brindo"], "en")
    assert fake.asked == ["brindo"]


def test_vectors_not_yet_saved_are_written_when_the_encoder_goes(tmp_path: Path) -> None:
    encoder = CachedEncoder(FakeEncoder(), tmp_path)
    encoder.embed(["brindo"], "en")
    assert not list(tmp_path.rglob("*.npy"))
    del encoder
    assert len(list(tmp_path.rglob("*.npy"))) == 2
    assert not list(tmp_path.rglob("*.part"))


def test_a_broken_shard_is_an_error_that_says_what_to_delete(tmp_path: Path) -> None:
    encoder = CachedEncoder(FakeEncoder(), tmp_path)
    encoder.embed(["brindo"], "en")
    encoder.save()
    (shard,) = tmp_path.rglob("*.vectors.npy")
    shard.write_bytes(b"")
    with pytest.raises(KzalignError, match=r"cannot be read as kept vectors: .*; delete "):
        CachedEncoder(FakeEncoder(), tmp_path)


@pytest.mark.parametrize("weight", [-1.0, 1e9, float("nan")])
def test_a_senseless_weight_is_refused(weight: float) -> None:
    with pytest.raises(KzalignError, match=r"align\.encoder_weight is "):
        with_named_encoder(LexicalAligner.with_lexicon(), "labse", weight, "", False)
