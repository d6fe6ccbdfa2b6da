"""A new model: a SentencePiece tokenizer learnt from the pairs, and a Transformer of M2M-100's kind with random weights."""

import io
import json
import shutil
from collections.abc import Iterable
from pathlib import Path

from kzalign.config import FinetuneConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.cards import LOCAL_CARD
from kzalign.mt.families import FAMILIES
from kzalign.mt.finetune.runfolder import toml_of
from kzalign.weights import quietly

FAMILY = "m2m100"
POSITIONS = 512
SIZES = {
    "tiny": {"d_model": 128, "layers": 2, "heads": 4, "ffn": 512},
    "small": {"d_model": 256, "layers": 3, "heads": 4, "ffn": 1_024},
    "base": {"d_model": 512, "layers": 6, "heads": 8, "ffn": 2_048},
}
"""base is the Transformer base of Vaswani et al. 2017 (arXiv 1706.03762); tiny is for tests."""
SPARE = 8
"""Rows of the vocabulary that no token has, as M2M-100's own."""
SPECIAL = ("<s>", "<pad>", "</s>", "<unk>")
FIRST_PIECE = 3
"""SentencePiece's own special pieces come before it."""


def check_size(name: str) -> None:
    """Raises KzalignError for a size that is not there."""
    if name not in SIZES:
        raise unknown("size of a new model", name, SIZES)


def make_base(texts: Iterable[str], config: FinetuneConfig, folder: Path) -> Path:
    """Returns the folder, with an untrained model in it; it is whole or absent, and the same for the same texts and seed."""
    if folder.is_dir():
        return folder
    part = folder.with_name(folder.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    _write_tokenizer(part, texts, config)
    _write_model(part, config)
    codes = {**FAMILIES[FAMILY].codes}
    card = {"backend": "transformers", "family": FAMILY, "licence": "of its data", "languages": codes, "num_beams": 4}
    (part / LOCAL_CARD).write_text(toml_of("", card), encoding="utf-8")
    part.rename(folder)
    return folder


def _write_tokenizer(folder: Path, texts: Iterable[str], config: FinetuneConfig) -> None:
    try:
        import sentencepiece
    except ImportError:
        raise KzalignError("a new model needs sentencepiece: pip install 'kzalign[mt,finetune]'") from None
    from transformers import M2M100Tokenizer
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(texts),
        model_writer=written,
        vocab_size=config.vocabulary,
        character_coverage=0.9999,
        hard_vocab_limit=False,
        num_threads=1,
        minloglevel=2,
    )
    pieces = sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())
    names = [*SPECIAL, *(pieces.IdToPiece(i) for i in range(FIRST_PIECE, pieces.vocab_size()))]
    (folder / "vocab.json").write_text(json.dumps({name: i for i, name in enumerate(names)}, ensure_ascii=False), "utf-8")
    (folder / "sentencepiece.bpe.model").write_bytes(written.getvalue())
    (folder / "tokenizer_config.json").write_text(json.dumps({"tokenizer_class": "M2M100Tokenizer"}), encoding="utf-8")
    marks = [FAMILIES[FAMILY].mark.format(code=code) for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]]
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>"}
    told = special | {"additional_special_tokens": marks}
    (folder / "special_tokens_map.json").write_text(json.dumps(told), encoding="utf-8")
    with quietly():
        M2M100Tokenizer.from_pretrained(folder).save_pretrained(folder)


def _write_model(folder: Path, config: FinetuneConfig) -> None:
    import torch
    from transformers import M2M100Config, M2M100ForConditionalGeneration, M2M100Tokenizer

    tokenizer = M2M100Tokenizer.from_pretrained(folder)
    size = SIZES[config.scratch]
    settings = M2M100Config(
        vocab_size=len(tokenizer) + SPARE,
        d_model=size["d_model"],
        encoder_layers=size["layers"],
        decoder_layers=size["layers"],
        encoder_attention_heads=size["heads"],
        decoder_attention_heads=size["heads"],
        encoder_ffn_dim=size["ffn"],
        decoder_ffn_dim=size["ffn"],
        max_position_embeddings=POSITIONS,
        encoder_layerdrop=0.0,
        decoder_layerdrop=0.0,
        dropout=config.dropout,
        attention_dropout=config.dropout,
        init_std=size["d_model"] ** -0.5,
        bos_token_id=tokenizer.bos_token_id,
        pad_token_id=tokenizer.pad_token_id,
        eos_token_id=tokenizer.eos_token_id,
        decoder_start_token_id=tokenizer.eos_token_id,
    )
    with torch.random.fork_rng(devices=[]), quietly():
        torch.manual_seed(config.seed)
        M2M100ForConditionalGeneration(settings).save_pretrained(folder)
