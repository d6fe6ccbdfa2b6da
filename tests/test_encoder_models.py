"""Real architectures through the real loading code: toys of the models that the cards name, saved to disk.

Sizes are those of toys; files, tokenizers' and models' classes are those of the cards' models.
"""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from kzalign.align.encoder import TransformersEncoder, checked, load_encoder
from kzalign.align.encoder_aligner import with_named_encoder
from kzalign.align.lexical import LexicalAligner
from kzalign.cards import LOCAL_CARD, EncoderCard, find_encoder
from kzalign.errors import KzalignError
from kzalign.records import Version
from kzalign.weights import find_weights

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


def test_an_aligner_runs_on_a_real_architecture(tmp_path: Path) -> None:
    tiny("labse", tmp_path)
    aligner = with_named_encoder(LexicalAligner.with_lexicon(), str(tmp_path), 1.0, str(tmp_path / "kept"), locked=True)
    sentences = {"kk": tuple(SENTENCES[:2]), "en": tuple(SENTENCES[2:])}
    versions = {lang: Version(lang=lang, sentences=s) for lang, s in sentences.items()}
    found = aligner.align(aligner.sides(versions))["kk-en"]
    assert sorted(i for bead in found for i in bead.left) == [0, 1]
    assert sorted(j for bead in found for j in bead.right) == [0, 1]
