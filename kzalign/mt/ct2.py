"""The same sequence-to-sequence models in CTranslate2, converted once and kept; the tokenizer stays transformers'."""

import hashlib
import json
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from kzalign.config import MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.locks import home
from kzalign.mt.backend import Asked, Hypothesis, Local
from kzalign.mt.batches import Batcher
from kzalign.mt.bulk.glossary import missed_terms
from kzalign.mt.cards import MtCard
from kzalign.mt.contract import Terms
from kzalign.mt.loading import device_of, has_safetensors, load_tokenizer
from kzalign.mt.seq2seq import Sources, hypothesis_of
from kzalign.weights import ModelFiles, quietly

QUANTISATIONS = ("auto", "int8", "int8_float32", "int8_float16", "int8_bfloat16", "int16", "float16", "bfloat16", "float32")
MISSING = "the backend ctranslate2 needs that package: pip install 'kzalign[mt,ctranslate2]'"
FOLDER, MADE = "ctranslate2", "made.json"
"""Below a model's folder: its conversion by `kzalign finetune --ctranslate2`, and what this was made of."""
MBART50 = {"normalize_before": True, "tokenizer_class": "MBart50Tokenizer"}
"""What the converter (4.8) asks of a configuration and transformers 5 no longer writes into it."""


CORES = 4
"""Of a batch: more threads on one matrix of a decoding step wait for each other."""
CHOICE = 8
"""Hypotheses of a text that has terms, of which the one with most of them is taken: CTranslate2 cannot be made to use one."""


class Unconvertible(KzalignError):
    """A model that CTranslate2 cannot convert."""


class CTranslate2Backend(Local):
    """A converted model, greedy or with beams."""

    def __init__(self, card: MtCard, settings: MtConfig, files: ModelFiles) -> None:
        try:
            import ctranslate2
        except ImportError:
            raise KzalignError(MISSING) from None
        device = device_of(settings.device, ctranslate2.get_cuda_device_count() > 0)
        quantisation = _quantisation(settings.quantisation, device, ctranslate2.get_supported_compute_types(device))
        self._sources = Sources(card, load_tokenizer(card, settings, files))
        folder = _converted(card, settings, files, quantisation)
        threads = threads_of(_cores()) if device == "cpu" else {"inter_threads": 1}
        self._translator = ctranslate2.Translator(str(folder), device=device, compute_type=quantisation, **threads)
        beams = settings.num_beams or card.num_beams
        setup = f"ctranslate2 {quantisation} {device} beams={beams} max_length={card.max_length}"
        super().__init__(card, files.revision, setup, beams)
        self._batcher = Batcher(settings.batch_tokens, self._events, threads["inter_threads"])

    @property
    def max_length(self) -> int:
        """Returns the most tokens of a text that the model reads."""
        return self._sources.max_length

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        return self._sources.lengths(texts)

    def _hypotheses(self, asked: Asked) -> list[Hypothesis]:
        tokenizer, search = self._sources.tokenizer, asked.search
        ids, cut = self._sources.encode(asked.texts, asked.source, asked.target)
        forced = self._sources.forced(asked.target)
        rooms = [self._sources.room(len(tokens), search.stretch) for tokens in ids]
        begin = None if forced is None else [tokenizer.convert_ids_to_tokens(forced)]
        choice = CHOICE if any(asked.glossary) else 1
        beams = max(search.num_beams, choice)

        def translate(batch: list[int]) -> list[Hypothesis]:
            results = self._translator.translate_batch(
                [tokenizer.convert_ids_to_tokens(ids[i]) for i in batch],
                target_prefix=None if begin is None else [begin] * len(batch),
                beam_size=beams,
                num_hypotheses=choice,
                no_repeat_ngram_size=search.no_repeat_ngram_size,
                repetition_penalty=search.repetition_penalty,
                max_input_length=0,
                max_decoding_length=rooms[batch[0]],
                min_decoding_length=0,
                return_end_token=True,
            )
            return [
                _chosen([hypothesis(row, i) for row in result.hypotheses], asked.glossary[i])
                for i, result in zip(batch, results, strict=True)
            ]

        def hypothesis(row: list[str], i: int) -> Hypothesis:
            said = tokenizer.convert_tokens_to_ids(row)
            return hypothesis_of(tokenizer, said, forced, (tokenizer.eos_token_id,), cut[i], rooms[i])

        return self._batcher.run([len(tokens) for tokens in ids], rooms, beams, translate)


def _chosen(hypotheses: Sequence[Hypothesis], terms: Terms) -> Hypothesis:
    """Returns the best of the hypotheses that miss the fewest terms."""
    return min(hypotheses, key=lambda hypothesis: sum(1 for _ in missed_terms(hypothesis.text, terms)))


def threads_of(cores: int) -> dict[str, int]:
    """Returns how many batches CTranslate2 translates at a time on a CPU, and the threads of each: together all cores."""
    batches = max(1, cores // CORES)
    return {"inter_threads": batches, "intra_threads": cores // batches}


def _cores() -> int:
    """Returns how many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _quantisation(setting: str, device: str, supported: set[str]) -> str:
    if setting not in QUANTISATIONS:
        raise unknown("quantisation", setting, QUANTISATIONS)
    if setting == "auto":
        return "int8" if device == "cpu" else "bfloat16" if "bfloat16" in supported else "float16"
    if setting not in supported:
        raise KzalignError(f"mt.quantisation={setting}: not possible on this {device}, only {', '.join(sorted(supported))}")
    return setting


def _converted(card: MtCard, settings: MtConfig, files: ModelFiles, quantisation: str) -> Path:
    """Returns the folder of the converted model, converted now if neither the model's folder nor ours has it."""
    if _is_made(files.folder, quantisation):
        return files.folder / FOLDER
    name = card.name if card.revision == "local" else card.repo.replace("/", "--")
    folder = home() / "ctranslate2" / f"{name}-{files.revision}-{quantisation}"
    if folder.is_dir():
        return folder
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        part = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", suffix=".part", dir=folder.parent))
    except OSError as error:
        raise KzalignError(f"{folder}: cannot be written: {error.strerror or error}") from None
    try:
        convert(card, settings, files.folder, part / "model", quantisation)
        try:
            (part / "model").rename(folder)
        except OSError:
            # Another process was faster: what it made is the same.
            if not folder.is_dir():
                raise
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return folder


def note_made(folder: Path, target: Path, quantisation: str) -> None:
    """Writes into a converted model's folder what it was made of, by which it is used instead of a new conversion."""
    note = {"quantisation": quantisation, "weights": _weights_hash(folder)}
    (target / MADE).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def _is_made(folder: Path, quantisation: str) -> bool:
    """Says whether a model's folder holds its own weights converted so."""
    try:
        note = json.loads((folder / FOLDER / MADE).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(note == {"quantisation": quantisation, "weights": _weights_hash(folder)})


def _weights_hash(folder: Path) -> str:
    digest = hashlib.sha256()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb") as stream:
            digest.update(hashlib.file_digest(stream, "sha256").digest())
    return digest.hexdigest()


def convert(card: MtCard, settings: MtConfig, folder: Path, target: Path, quantisation: str) -> None:
    """Writes a model's folder converted by CTranslate2 to `target`; raises KzalignError where it cannot be."""
    from ctranslate2.converters import TransformersConverter

    class Converter(TransformersConverter):  # type: ignore[misc]
        """The package's own converter, kept from pickles and from the network."""

        def load_model(self, model_class: Any, path: str, **kwargs: Any) -> Any:
            """Returns the model with what the converter asks of its configuration."""
            model = model_class.from_pretrained(path, local_files_only=True, use_safetensors=has_safetensors(folder), **kwargs)
            for key, value in MBART50.items() if card.family == "mbart50" else ():
                if getattr(model.config, key, None) is None:
                    setattr(model.config, key, value)
            return model

        def load_tokenizer(self, tokenizer_class: Any, path: str, **kwargs: Any) -> Any:
            """Returns the tokenizer with a first token, which the converter asks for and transformers 5's mBART-50 has not."""
            tokenizer = tokenizer_class.from_pretrained(path, local_files_only=True, **kwargs)
            if card.family == "mbart50" and tokenizer.bos_token is None:
                tokenizer.bos_token = tokenizer.cls_token
            return tokenizer

    try:
        with quietly():
            Converter(str(folder), trust_remote_code=settings.remote_code).convert(str(target), quantization=quantisation)
    except Exception as error:
        # The converter raises a dozen types for models it does not know, files that are broken and a full disk.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise Unconvertible(
            f"{folder}: CTranslate2 cannot convert '{card.name}': {reason[0]}; use mt.backend=transformers"
        ) from error
