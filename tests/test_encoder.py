"""Encoders: real architectures at toy size through the real loading code, and a fake one with known vectors."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kzalign.align.encoder import CachedEncoder, TransformersEncoder, Vectors, checked, load_encoder
from kzalign.align.encoder_aligner import encoder_aligner, with_encoder
from kzalign.align.encoder_evidence import EncoderEvidence, EncoderWeights, Text
from kzalign.align.evidence import BEADS
from kzalign.cards import LOCAL_CARD, EncoderCard, find_encoder
from kzalign.errors import KzalignError
from kzalign.records import Version
from kzalign.weights import find_weights

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
    aligner = with_encoder(CachedEncoder(FakeEncoder()), EncoderWeights())
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
    found = with_encoder(CachedEncoder(FakeEncoder()), EncoderWeights()).align_texts(left, right, ("kk", "en"))
    expected = [i for i, n in enumerate(numbers) if n % 50]
    assert [bead.left for bead in found if bead.left and bead.right] == [(i,) for i in expected]


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


# Real architectures. Sizes are those of toys, files and loading code those of the cards' models.

SENTENCES = [
    "Су сапасы ауыл шаруашылығында маңызды.",
    "Качество воды важно для сельского хозяйства, особенно там, где её мало и где берут её из одной реки.",
    "Water quality matters for agriculture.",
    "Why?",
]
SIZES = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "intermediate_size": 48}
ARCHITECTURES = {
    "labse": ("Bert", 40, "pooler"),
    "multilingual-e5": ("XLMRoberta", 42, "mean"),
    "bge-m3": ("XLMRoberta", 42, "cls"),
    "gte-multilingual": ("Gte", 40, "cls"),
}
"""By card: transformers' class, positions (XLM-R's begin at 2), pooling."""


def tokenizer_of(kind: str) -> Any:
    """Returns a tokenizer of the model's own class with a vocabulary learnt from the sentences."""
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    if kind == "Bert":
        raw = Tokenizer(models.WordPiece(unk_token="[UNK]"))
        raw.pre_tokenizer = pre_tokenizers.BertPreTokenizer()
        special = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]
        raw.train_from_iterator(SENTENCES, trainers.WordPieceTrainer(vocab_size=150, special_tokens=special, show_progress=False))
        return transformers.BertTokenizer(vocab=raw.get_vocab(), do_lower_case=False)
    raw = Tokenizer(models.Unigram())
    raw.pre_tokenizer = pre_tokenizers.Metaspace()
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    trainer = trainers.UnigramTrainer(vocab_size=150, special_tokens=special, unk_token="<unk>", show_progress=False)
    raw.train_from_iterator(SENTENCES, trainer)
    vocab = [tuple(piece) for piece in json.loads(raw.to_str())["model"]["vocab"]]
    return transformers.XLMRobertaTokenizer(vocab=vocab)


def tiny(name: str, folder: Path) -> EncoderCard:
    """Saves a toy of a card's architecture with its own `encoder.toml` and returns that card."""
    torch = pytest.importorskip("torch", reason="needs kzalign[encoder]")
    transformers = pytest.importorskip("transformers", reason="needs kzalign[encoder]")
    kind, positions, pooling = ARCHITECTURES[name]
    tokenizer = tokenizer_of(kind)
    torch.manual_seed(7)
    config = getattr(transformers, f"{kind}Config")(
        vocab_size=len(tokenizer), max_position_embeddings=positions, pad_token_id=tokenizer.pad_token_id, **SIZES
    )
    getattr(transformers, f"{kind}Model")(config).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    prefix = find_encoder(name).prefix
    (folder / LOCAL_CARD).write_text(f'pooling = "{pooling}"\nprefix = "{prefix}"\ndimension = 32\nmax_tokens = 40\n')
    return find_encoder(str(folder))


def direct(card: EncoderCard, sentence: str) -> Any:
    """Returns what a plain call of transformers gives for one sentence."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(card.repo)
    model = AutoModel.from_pretrained(card.repo, dtype=torch.float32).eval()
    inputs = tokenizer(card.prefix + sentence, truncation=True, max_length=40, return_tensors="pt")
    with torch.no_grad():
        output = model(**inputs)
    hidden = output.last_hidden_state[0]
    vector = {"cls": lambda: hidden[0], "mean": lambda: hidden.mean(dim=0), "pooler": lambda: output.pooler_output[0]}
    return torch.nn.functional.normalize(vector[card.pooling](), dim=0).numpy()


def test_toys_are_read_as_the_shipped_cards_say() -> None:
    assert {name: find_encoder(name).pooling for name in ARCHITECTURES} == {n: a[2] for n, a in ARCHITECTURES.items()}


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_vectors_are_those_of_a_direct_call_in_any_order_and_batch(name: str, tmp_path: Path) -> None:
    torch = pytest.importorskip("torch", reason="needs kzalign[encoder]")
    card = tiny(name, tmp_path)
    weights = find_weights(card.repo, card.revision)
    tolerance = 3e-2 if torch.cuda.is_available() else 1e-5
    expected = np.stack([direct(card, sentence) for sentence in SENTENCES])
    assert len({row.tobytes() for row in expected}) == len(SENTENCES)
    for budget, batches in ((10_000, 1), (1, len(SENTENCES))):
        encoder = TransformersEncoder(card, weights, batch_tokens=budget)
        found = checked(encoder.embed(SENTENCES, "en"), SENTENCES, encoder)
        turned = checked(encoder.embed(SENTENCES[::-1], "en"), SENTENCES[::-1], encoder)
        assert found.dtype == np.float32
        assert np.abs(found - expected).max() < tolerance
        assert np.abs(turned[::-1] - expected).max() < tolerance
        assert encoder.batches == 2 * batches
    assert encoder.embed([], "en").shape == (0, 32)


def test_a_local_path_loads_and_is_identified_by_its_bytes(tmp_path: Path) -> None:
    card = tiny("labse", tmp_path)
    encoder = load_encoder(str(tmp_path), tmp_path / "kept")
    assert encoder.dimension == 32
    assert f"{card.repo}@{find_weights(card.repo, 'local').revision} pooler" in encoder.identity
    assert np.linalg.norm(encoder.embed(["Why?"], "en"), axis=1) == pytest.approx([1.0])


def edit_config(folder: Path, **changes: Any) -> None:
    path = folder / "config.json"
    path.write_text(json.dumps(json.loads(path.read_text()) | changes))


def without(folder: Path, prefix: str) -> None:
    from safetensors.torch import load_file, save_file

    path = folder / "model.safetensors"
    save_file({k: v for k, v in load_file(path).items() if not k.startswith(prefix)}, path, metadata={"format": "pt"})


@pytest.mark.parametrize(
    ("name", "spoil", "said"),
    [
        ("labse", lambda f: without(f, "pooler."), "the weights of encoder '{0}' lack 2 tensors, such as pooler.dense.bias"),
        ("bge-m3", lambda f: without(f, "embeddings.word"), "lack 1 tensors, such as embeddings.word_embeddings.weight"),
        ("bge-m3", lambda f: (f / "model.safetensors").unlink(), "model.safetensors missing for"),
        ("bge-m3", lambda f: (f / "model.safetensors").write_bytes(b"no"), "not a model that transformers can load"),
        ("bge-m3", lambda f: (f / "tokenizer.json").write_text("{"), "not a model that transformers can load"),
        ("bge-m3", lambda f: edit_config(f, model_type="nonesuch"), "not a model that transformers can load"),
        (
            "bge-m3",
            lambda f: edit_config(f, model_type="new", auto_map={"AutoConfig": "configuration.NewConfig"}),
            "not a model that transformers can load",
        ),
        (
            "bge-m3",
            lambda f: (f / LOCAL_CARD).write_text((f / LOCAL_CARD).read_text().replace("32", "64")),
            "has vectors of 32 dimensions, its card says 64",
        ),
    ],
)
def test_a_spoilt_model_is_an_error_of_one_line(name: str, spoil: Any, said: str, tmp_path: Path) -> None:
    tiny(name, tmp_path)
    spoil(tmp_path)
    with pytest.raises(KzalignError) as error:
        load_encoder(str(tmp_path))
    assert said.format(tmp_path.name) in str(error.value)
    assert "\n" not in str(error.value)


def test_weights_without_a_pooler_do_where_nothing_reads_it(tmp_path: Path) -> None:
    tiny("bge-m3", tmp_path)
    without(tmp_path, "pooler.")
    assert load_encoder(str(tmp_path)).embed(["Why?"], "en").shape == (1, 32)


def test_loading_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    tiny("bge-m3", tmp_path)
    without(tmp_path, "pooler.")
    capfd.readouterr()
    load_encoder(str(tmp_path)).embed(SENTENCES, "en")
    assert tuple(capfd.readouterr()) == ("", "")


@pytest.mark.parametrize("weight", [-1.0, 1e9, float("nan")])
def test_a_senseless_weight_is_refused(weight: float) -> None:
    with pytest.raises(KzalignError, match=r"align\.encoder_weight is "):
        encoder_aligner("labse", weight, "", False)


def test_an_aligner_runs_on_a_real_architecture(tmp_path: Path) -> None:
    tiny("labse", tmp_path)
    aligner = encoder_aligner(str(tmp_path), 1.0, str(tmp_path / "kept"), locked=True)
    sentences = {"kk": tuple(SENTENCES[:2]), "en": tuple(SENTENCES[2:])}
    versions = {lang: Version(lang=lang, sentences=s) for lang, s in sentences.items()}
    found = aligner.align(aligner.sides(versions))["kk-en"]
    assert sorted(i for bead in found for i in bead.left) == [0, 1]
    assert sorted(j for bead in found for j in bead.right) == [0, 1]
