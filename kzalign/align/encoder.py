"""Sentence encoders: texts in, vectors of length one out, checked and remembered whatever encoder made them."""

import hashlib
import weakref
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from kzalign.cards import EncoderCard, find_encoder
from kzalign.errors import KzalignError
from kzalign.weights import ModelFiles, find_weights, quietly

Vectors = npt.NDArray[np.float32]

BATCH_TOKENS = 16_384
"""Tokens of a batch, padding included: bounds memory whatever the lengths."""
REMEMBERED = 20_000
"""Vectors kept in memory, the latest: 80 MB at 1,024 dimensions."""
SHARD = 2_048
"""Vectors that are written to disk together."""


class Encoder(Protocol):
    """Whatever turns texts into vectors. `identity` names model, revision and reading, so that vectors can be kept."""

    name: str
    identity: str
    dimension: int

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        """Returns one row a text, shape (len(texts), dimension)."""
        ...


def load_encoder(name: str, folder: Path | None = None, locked: bool = False) -> "CachedEncoder":
    """Returns the encoder of a card's name or a local path, ready to embed; raises KzalignError if its files are not there.

    Vectors are kept between runs where `folder` is given.
    """
    card = find_encoder(name)
    return CachedEncoder(TransformersEncoder(card, find_weights(card.repo, card.revision, locked)), folder)


def checked(vectors: npt.ArrayLike, texts: Sequence[str], encoder: Encoder) -> Vectors:
    """Returns the rows scaled to length one; a wrong shape, NaN, infinity or zero row is a KzalignError with the text."""
    rows = np.asarray(vectors, dtype=np.float32)
    expected = (len(texts), encoder.dimension)
    if rows.shape != expected:
        raise KzalignError(
            f"encoder '{encoder.name}' gave vectors of shape {rows.shape} where {expected} is expected, for {_quoted(texts[0])}"
        )
    norms = np.linalg.norm(rows, axis=1, keepdims=True)
    bad = ~np.isfinite(norms[:, 0]) | (norms[:, 0] == 0)
    if bad.any():
        text = texts[int(np.flatnonzero(bad)[0])]
        what = "zeros" if np.isfinite(norms[bad]).all() else "NaN or infinite values"
        raise KzalignError(f"encoder '{encoder.name}' gave {what} for {_quoted(text)}: check its weights, or use another encoder")
    scaled: Vectors = rows / norms
    return scaled


def _quoted(text: str) -> str:
    return f"the text '{text[:60]}{'…' if len(text) > 60 else ''}'"


class CachedEncoder:
    """An encoder that embeds each text once: vectors by the text's hash in memory and, where a folder is given, on disk.

    The folder holds one subfolder an encoder's identity, with pairs of `HASH.vectors.npy` and `HASH.keys.npy`; the
    keys are written last, so that a shard without keys never counts.
    """

    def __init__(self, encoder: Encoder, folder: Path | None = None, shard: int = SHARD) -> None:
        self.encoder = encoder
        self.name, self.identity, self.dimension = encoder.name, encoder.identity, encoder.dimension
        self.hits = self.misses = 0
        self._memory: dict[bytes, Vectors] = {}
        self._disk: dict[bytes, Vectors] = {}
        self._shard = shard
        self._pending: list[tuple[bytes, Vectors]] = []
        self._folder = folder and folder / hashlib.sha256(encoder.identity.encode()).hexdigest()[:16]
        if self._folder:
            for path in sorted(self._folder.glob("*.keys.npy")):
                self._disk |= _read_shard(path, encoder.dimension)
            weakref.finalize(self, _write_shard, self._folder, self._pending)

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        """Returns one row of length one a text; only texts not seen before reach the encoder, each once."""
        keys = [hashlib.sha256(f"{lang}\0{text}".encode()).digest()[:16] for text in texts]
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._memory and key not in self._disk}
        self.misses += len(missing)
        self.hits += len(texts) - len(missing)
        found: dict[bytes, Vectors] = {}
        if missing:
            new = list(missing.values())
            found = dict(zip(missing, checked(self.encoder.embed(new, lang), new, self.encoder), strict=True))
            self._keep(found)
        rows = [found[key] if key in found else self._memory[key] if key in self._memory else self._disk[key] for key in keys]
        self._forget()
        return np.stack(rows) if rows else np.zeros((0, self.dimension), dtype=np.float32)

    def _keep(self, found: dict[bytes, Vectors]) -> None:
        self._memory |= found
        if self._folder:
            self._pending += found.items()
            if len(self._pending) >= self._shard:
                self.save()

    def _forget(self) -> None:
        while len(self._memory) > REMEMBERED:
            del self._memory[next(iter(self._memory))]

    def save(self) -> None:
        """Writes the vectors that are not on disk yet; it is also done when the encoder is no longer used."""
        if self._folder and self._pending:
            self._disk |= _read_shard(_write_shard(self._folder, self._pending), self.dimension)


def _read_shard(path: Path, dimension: int) -> dict[bytes, Vectors]:
    """Returns the rows of a memory-mapped shard by key; `path` is that of its keys."""
    vectors = path.with_name(path.name.replace(".keys.", ".vectors."))
    try:
        keys, shard = np.load(path), np.load(vectors, mmap_mode="r")
    except (OSError, ValueError, EOFError) as error:
        raise KzalignError(f"{vectors}: cannot be read as kept vectors: {error}; delete {path.parent}") from None
    if keys.dtype != np.uint8 or keys.shape != (len(shard), 16) or shard.shape[1:] != (dimension,):
        raise KzalignError(f"{vectors}: not vectors of this encoder; delete {path.parent}")
    return dict(zip(map(bytes, keys), shard, strict=True))


def _write_shard(folder: Path, pending: list[tuple[bytes, Vectors]]) -> Path:
    """Empties `pending` into a shard named by its keys (two processes never write different ones under one name)."""
    if not pending:
        return folder
    keys = np.frombuffer(b"".join(key for key, _ in pending), dtype=np.uint8).reshape(-1, 16)
    name = hashlib.sha256(keys.tobytes()).hexdigest()[:16]
    arrays: dict[str, npt.NDArray[Any]] = {"vectors": np.stack([row for _, row in pending]), "keys": keys}
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for part, array in arrays.items():
            path = folder / f"{name}.{part}.npy"
            with path.with_name(f"{path.name}.part").open("wb") as stream:
                np.save(stream, array)
            path.with_name(f"{path.name}.part").replace(path)
    except OSError as error:
        raise KzalignError(f"{folder}: vectors cannot be kept there: {error.strerror or error}") from None
    pending.clear()
    return folder / f"{name}.keys.npy"


class TransformersEncoder:
    """A model of transformers' AutoModel: bfloat16 on a GPU where there is one, float32 elsewhere."""

    def __init__(self, card: EncoderCard, files: ModelFiles, batch_tokens: int = BATCH_TOKENS) -> None:
        self.name, self.dimension = card.name, card.dimension
        self.batches = 0
        self._card, self._batch_tokens = card, batch_tokens
        self._tokenizer, self._model = _load(card, files.folder)
        reading = f"{card.pooling} {card.max_tokens} {card.prefix!r} {self._model.dtype}"
        self.identity = f"{card.repo}@{files.revision} {reading}"
        self._limit = min(card.max_tokens, int(self._tokenizer.model_max_length))

    def embed(self, texts: Sequence[str], lang: str) -> Vectors:
        """Returns the model's vectors, one row a text in the order given; `lang` makes no difference to these models."""
        import torch

        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        if not texts:
            return rows
        prefixed = [self._card.prefix + text for text in texts]
        ids = self._tokenizer(prefixed, truncation=True, max_length=self._limit)["input_ids"]
        for batch in _batches([len(tokens) for tokens in ids], self._batch_tokens):
            inputs = self._tokenizer.pad({"input_ids": [ids[i] for i in batch]}, return_tensors="pt").to(self._model.device)
            with torch.inference_mode():
                output = self._model(**inputs)
                pooled = POOL[self._card.pooling](output, inputs["attention_mask"])
            rows[batch] = pooled.float().cpu().numpy()
            self.batches += 1
        return rows


def _batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Yields indices, longest texts first, in batches whose padded size is within the budget."""
    order = sorted(range(len(lengths)), key=lambda i: -lengths[i])
    while order:
        size = max(1, budget // lengths[order[0]])
        yield order[:size]
        order = order[size:]


def _mean(output: Any, mask: Any) -> Any:
    weights = mask.unsqueeze(-1).float()
    return (output.last_hidden_state.float() * weights).sum(dim=1) / weights.sum(dim=1)


POOL: dict[str, Callable[[Any, Any], Any]] = {
    "cls": lambda output, mask: output.last_hidden_state[:, 0],
    "mean": _mean,
    "pooler": lambda output, mask: output.pooler_output,
}


def _load(card: EncoderCard, folder: Path) -> tuple[Any, Any]:
    """Returns tokenizer and model; raises KzalignError where the files do not make the model that the card describes."""
    try:
        import torch
        from transformers import AutoModel, AutoTokenizer
    except ImportError:
        raise KzalignError("encoders need torch and transformers: pip install 'kzalign[encoder]'") from None
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
    safe: dict[str, Any] = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quietly():
            tokenizer = AutoTokenizer.from_pretrained(folder, **safe)
            model, found = AutoModel.from_pretrained(folder, dtype=dtype, use_safetensors=True, output_loading_info=True, **safe)
    except Exception as error:
        # Whatever a broken or foreign folder makes transformers raise (a dozen types) is the files' fault, not a bug here.
        reason = str(error).strip().splitlines() or [type(error).__name__]
        raise KzalignError(f"{folder}: not a model that transformers can load for encoder '{card.name}': {reason[0]}") from error
    missing = sorted(key for key in found["missing_keys"] if card.pooling == "pooler" or not key.startswith("pooler."))
    if missing:
        raise KzalignError(f"{folder}: the weights of encoder '{card.name}' lack {len(missing)} tensors, such as {missing[0]}")
    if (size := model.config.hidden_size) != card.dimension:
        raise KzalignError(f"{folder}: encoder '{card.name}' has vectors of {size} dimensions, its card says {card.dimension}")
    return tokenizer, model.eval().to(device)
