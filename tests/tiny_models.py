"""Toys of the translation models that the cards name, written to disk: real classes of models and tokenizers, tiny sizes.

Vocabularies are learnt from invented sentences; weights are random, seeded, and scaled so that outputs differ.
"""

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kzalign.weights import quietly

SENTENCES = {
    "kk": [
        "Су сапасы ауыл шаруашылығында маңызды.",
        "Зерттеу нәтижесінде өзен суының құрамы анықталды және әдістер салыстырылды.",
        "Неге?",
        "Мақалада топырақтың тұздануы қарастырылады.",
    ],
    "ru": [
        "Качество воды важно для сельского хозяйства.",
        "В результате исследования определён состав речной воды, и методы сравнены между собой.",
        "Почему?",
        "В статье рассматривается засоление почвы.",
    ],
    "en": [
        "Water quality matters for agriculture.",
        "As a result of the study the composition of the river water was found, and the methods were compared.",
        "Why?",
        "The article considers the salinity of soil.",
    ],
}
"""Of unequal lengths, so that a batch is padded."""
TEXTS = [text for texts in SENTENCES.values() for text in texts]
PIECES = 160


def write_json(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value), encoding="utf-8")


def sentencepiece_model() -> bytes:
    """Returns a SentencePiece unigram model learnt from the sentences."""
    import sentencepiece

    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(TEXTS), model_writer=written, vocab_size=PIECES, character_coverage=1.0,
        hard_vocab_limit=False, minloglevel=2,
    )  # fmt: skip
    return written.getvalue()


def pieces_of(model: bytes) -> list[tuple[str, float]]:
    """Returns the pieces of a SentencePiece model with their scores, special ones left out."""
    import sentencepiece

    loaded = sentencepiece.SentencePieceProcessor(model_proto=model)
    return [(loaded.IdToPiece(i), loaded.GetScore(i)) for i in range(3, loaded.vocab_size())]


def nllb_tokenizer(folder: Path) -> Any:
    """Returns NLLB's tokenizer: pairs of bytes merged, a token a language with its script."""
    import transformers
    from tokenizers import Tokenizer, models, pre_tokenizers, trainers

    raw = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True))
    raw.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always", split=True)
    special = ["<s>", "<pad>", "</s>", "<unk>"]
    raw.train_from_iterator(TEXTS, trainers.BpeTrainer(vocab_size=PIECES, special_tokens=special, show_progress=False))
    model = json.loads(raw.to_str())["model"]
    return transformers.NllbTokenizer(vocab=model["vocab"], merges=[tuple(pair) for pair in model["merges"]])


def m2m100_tokenizer(folder: Path) -> Any:
    """Returns M2M100's tokenizer: SentencePiece, a vocabulary of its own, languages as `__kk__` behind it.

    Read from files laid out as the Hub's, which say in `special_tokens_map.json` that the languages' tokens are special.
    """
    import transformers
    from transformers.models.m2m_100.tokenization_m2m_100 import FAIRSEQ_LANGUAGE_CODES

    model = sentencepiece_model()
    names = ["<s>", "<pad>", "</s>", "<unk>", *(piece for piece, _ in pieces_of(model))]
    write_json(folder / "vocab.json", {name: i for i, name in enumerate(names)})
    (folder / "sentencepiece.bpe.model").write_bytes(model)
    write_json(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    languages = [f"__{code}__" for code in FAIRSEQ_LANGUAGE_CODES["m2m100"]]
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "sep_token": "</s>", "pad_token": "<pad>"}
    write_json(folder / "special_tokens_map.json", special | {"additional_special_tokens": languages})
    return transformers.M2M100Tokenizer.from_pretrained(folder)


def mbart50_tokenizer(folder: Path) -> Any:
    """Returns mBART-50's tokenizer: unigrams, a token a language with its country."""
    import transformers

    vocab = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), *pieces_of(sentencepiece_model())]
    return transformers.MBart50Tokenizer(vocab=vocab)


def madlad_tokenizer(folder: Path) -> Any:
    """Returns T5's tokenizer with MADLAD-400's marks of the target language."""
    import transformers

    marks = [(f"<2{lang}>", 0.0) for lang in SENTENCES]
    vocab = [("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *marks, *pieces_of(sentencepiece_model())]
    tokenizer = transformers.T5Tokenizer(vocab=vocab, extra_ids=0)
    tokenizer.add_tokens([mark for mark, _ in marks])
    return tokenizer


def marian_tokenizer(folder: Path) -> Any:
    """Returns OPUS-MT's tokenizer for a model of several target languages: `>>kaz_Cyrl<<` goes before the text."""
    import transformers

    model = sentencepiece_model()
    names = ["</s>", "<unk>", *(piece for piece, _ in pieces_of(model)), ">>kaz_Cyrl<<", ">>rus<<", ">>eng<<", "<pad>"]
    write_json(folder / "vocab.json", {name: i for i, name in enumerate(names)})
    for side in ("source", "target"):
        (folder / f"{side}.spm").write_bytes(model)
    files = [str(folder / name) for name in ("source.spm", "target.spm", "vocab.json")]
    return transformers.MarianTokenizer(*files, source_lang="mul", target_lang="mul")


def chat_tokenizer(folder: Path) -> Any:
    """Returns a tokenizer laid out as Llama 3's: bytes, a first token that tokenizer and chat template both write."""
    import transformers
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors, trainers

    raw = Tokenizer(models.BPE())
    raw.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    raw.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    special = ["<|begin_of_text|>", "<|eot_id|>", "<|start_header_id|>", "<|end_header_id|>"]
    trainer = trainers.BpeTrainer(vocab_size=300, initial_alphabet=alphabet, special_tokens=special, show_progress=False)
    raw.train_from_iterator(TEXTS, trainer)
    raw.post_processor = processors.TemplateProcessing(single=f"{special[0]} $A", special_tokens=[(special[0], 0)])
    tokenizer = transformers.PreTrainedTokenizerFast(tokenizer_object=raw, bos_token=special[0], eos_token=special[1])
    tokenizer.chat_template = CHAT_TEMPLATE
    return tokenizer


CHAT_TEMPLATE = (
    "{{ bos_token }}{% for m in messages %}"
    "<|start_header_id|>{{ m.role }}<|end_header_id|>\n\n{{ m.content }}<|eot_id|>"
    "{% endfor %}"
    "{% if add_generation_prompt %}<|start_header_id|>assistant<|end_header_id|>\n\n{% endif %}"
)
SMALL = {"d_model": 32, "encoder_layers": 1, "decoder_layers": 1, "encoder_attention_heads": 4, "decoder_attention_heads": 4,
         "encoder_ffn_dim": 48, "decoder_ffn_dim": 48, "max_position_embeddings": 128, "init_std": 0.5}  # fmt: skip
MODELS: dict[str, tuple[str, str, Callable[[Path], Any], dict[str, Any]]] = {
    "nllb": ("M2M100Config", "M2M100ForConditionalGeneration", nllb_tokenizer, SMALL),
    "m2m100": ("M2M100Config", "M2M100ForConditionalGeneration", m2m100_tokenizer, SMALL),
    "mbart50": ("MBartConfig", "MBartForConditionalGeneration", mbart50_tokenizer, SMALL),
    "madlad": ("T5Config", "T5ForConditionalGeneration", madlad_tokenizer, {
        "d_model": 32, "d_kv": 8, "d_ff": 48, "num_layers": 1, "num_heads": 4, "initializer_factor": 2.0,
        "feed_forward_proj": "gated-gelu", "tie_word_embeddings": False, "decoder_start_token_id": 0,
    }),
    "marian": ("MarianConfig", "MarianMTModel", marian_tokenizer, SMALL | {"scale_embedding": True, "init_std": 2.0}),
    "chat": ("LlamaConfig", "LlamaForCausalLM", chat_tokenizer, {
        "hidden_size": 32, "intermediate_size": 48, "num_hidden_layers": 1, "num_attention_heads": 4,
        "num_key_value_heads": 2, "initializer_range": 0.5, "max_position_embeddings": 512, "tie_word_embeddings": False,
    }),
}  # fmt: skip
"""By family: transformers' configuration and model, the tokenizer, sizes."""
STARTS = {"mbart50": "</s>", "marian": "<pad>", "nllb": "</s>", "m2m100": "</s>"}
"""The token that the decoder begins with."""
ENDINGS = {"nllb": 2.0, "m2m100": 2.5, "mbart50": 1.2, "madlad": 1.5, "marian": 2.5, "chat": 2.0}
"""How much longer than drawn the vector of the last token is, so that some outputs end before they are cut."""


SPARE = {"m2m100": 8, "nllb": 2}
"""Rows of the vocabulary that no token has, as in the real ones."""


def save_tiny(family: str, folder: Path) -> Path:
    """Returns the folder with a toy of a family in it: configuration, safetensors and tokenizer."""
    import torch
    import transformers

    folder.mkdir(parents=True, exist_ok=True)
    configuration, model_class, make_tokenizer, sizes = MODELS[family]
    tokenizer = make_tokenizer(folder)
    special = {f"{name}_token_id": getattr(tokenizer, f"{name}_token_id") for name in ("bos", "eos", "pad")}
    if family in STARTS:
        special["decoder_start_token_id"] = tokenizer.convert_tokens_to_ids(STARTS[family])
        special["forced_eos_token_id"] = None
    torch.manual_seed(11)
    size = len(tokenizer) + SPARE.get(family, 0)
    model = getattr(transformers, model_class)(getattr(transformers, configuration)(vocab_size=size, **special, **sizes))
    with torch.no_grad():
        # Small vectors of tokens, or a token's own vector makes it follow itself for ever.
        model.get_input_embeddings().weight.mul_(0.3 if family != "marian" else 0.12)
        model.get_output_embeddings().weight[tokenizer.eos_token_id].mul_(ENDINGS[family])
        model.get_output_embeddings().weight[len(tokenizer) :] = 0
    if family == "marian":
        model.generation_config.bad_words_ids = [[tokenizer.pad_token_id]]
    with quietly():
        model.save_pretrained(folder)
        tokenizer.save_pretrained(folder)
    return folder


def tiny_models(root: Path) -> Callable[[str], Path]:
    """Returns what gives the folder of a family's toy under `root`, made when it is first asked for."""
    import torch

    # Toys are too small for threads to help, and on a busy machine they wait for each other.
    torch.set_num_threads(1)
    return lambda family: root / family if (root / family).is_dir() else save_tiny(family, root / family)
