"""COMET and MetricX: learnt metrics, each from a folder on this machine. Nothing is downloaded."""

import importlib
from collections.abc import Iterator, Sequence
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, ClassVar

import numpy as np
import numpy.typing as npt

from kzalign.errors import KzalignError

Floats = npt.NDArray[np.float64]
BATCH = 8


class _Learnt:
    """A metric whose corpus score is the mean of its segments' scores. Statistics: the score and 1."""

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True
    whole_articles: ClassVar[bool] = False

    def __init__(self, folder: Path | None) -> None:
        if folder is None or not folder.is_dir():
            raise KzalignError(f"{self.name}: {folder or 'no folder given'}: name the folder that holds the downloaded model")
        self.folder = folder

    def check(self) -> None:
        """Raises KzalignError where a package or a file that the metric needs is not there."""
        raise NotImplementedError

    def _scores(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str]) -> Sequence[float]:
        raise NotImplementedError

    def statistics(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> Floats:
        """Returns each segment's score and 1: n x 2; sources are required, as many as hypotheses."""
        if not len(hypotheses) == len(references) == len(sources) or not references:
            raise KzalignError(
                f"{self.name} needs a source, a hypothesis and a reference for every segment: "
                f"{len(sources)} sources, {len(hypotheses)} hypotheses, {len(references)} references"
            )
        scores = np.asarray(self._scores(hypotheses, references, sources), dtype=np.float64)
        return np.column_stack([scores, np.ones_like(scores)])

    def from_statistics(self, sums: Floats) -> float:
        """Returns the mean score."""
        return float(sums[0] / sums[1])

    def from_many(self, sums: Floats) -> Floats:
        """Returns the mean score of each row."""
        means: Floats = sums[:, 0] / sums[:, 1]
        return means

    def corpus(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> float:
        """Returns the mean of the segments' scores."""
        return self.from_statistics(self.statistics(hypotheses, references, sources).sum(axis=0))


class Comet(_Learnt):
    """COMET (Rei et al. 2020) through Unbabel's package: a folder with hparams.yaml and checkpoints/model.ckpt."""

    name = "comet"

    def signature(self) -> str:
        """Returns the package's version and the folder's name."""
        return f"comet:{_installed('unbabel-comet')}|model:{self.folder.name}"

    def check(self) -> None:
        """Raises KzalignError where the package or a file of the model is not there."""
        _imported("comet", "comet needs Unbabel's package, in an environment of its own: pip install unbabel-comet")
        for path in (self._checkpoint, self.folder / "hparams.yaml"):
            if not path.is_file():
                raise KzalignError(f"{path}: not there: download the whole folder of the COMET model")

    @property
    def _checkpoint(self) -> Path:
        return self.folder / "checkpoints" / "model.ckpt"

    @cached_property
    def _model(self) -> Any:
        self.check()
        return importlib.import_module("comet").load_from_checkpoint(str(self._checkpoint), local_files_only=True)

    def _scores(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str]) -> Sequence[float]:
        rows = [
            {"src": source, "mt": hypothesis, "ref": reference}
            for source, hypothesis, reference in zip(sources, hypotheses, references, strict=True)
        ]
        model = self._model
        gpus = int(_imported("torch", "comet needs torch").cuda.is_available())
        scores: list[float] = model.predict(rows, batch_size=BATCH, gpus=gpus, progress_bar=False).scores
        return scores


class MetricX(_Learnt):
    """MetricX-24 (Juraska et al. 2024): an mT5 whose logit of one token is the error, 0 (best) to 25.

    The published class MT5ForRegression reads the logit of <extra_id_10> at the first decoder step and clips it; the stock
    mT5 with the same weights gives the same number. The folder holds the model and the tokenizer of google/mt5.
    """

    name = "metricx"
    higher_is_better = False
    token: ClassVar[int] = 250089
    worst: ClassVar[float] = 25.0
    longest: ClassVar[int] = 1536

    def signature(self) -> str:
        """Returns transformers' version, the folder's name and the longest input."""
        return f"metricx|transformers:{_installed('transformers')}|model:{self.folder.name}|tokens:{self.longest}"

    def check(self) -> None:
        """Raises KzalignError where a package or the model's settings are not there."""
        self._packages()
        if not (self.folder / "config.json").is_file():
            raise KzalignError(f"{self.folder}: not a MetricX model with the tokenizer of google/mt5: no config.json in it")

    def _packages(self) -> tuple[Any, Any]:
        missing = "metricx needs torch and transformers: pip install 'kzalign[encoder]'"
        return _imported("torch", missing), _imported("transformers", missing)

    @cached_property
    def _loaded(self) -> tuple[Any, Any, str]:
        """Returns the tokenizer, the model and the device it is on."""
        torch, transformers = self._packages()
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(str(self.folder), local_files_only=True)
            model = transformers.MT5ForConditionalGeneration.from_pretrained(str(self.folder), local_files_only=True)
        except (OSError, ValueError) as error:
            reason = str(error).split("\n")[0]
            raise KzalignError(f"{self.folder}: not a MetricX model with the tokenizer of google/mt5: {reason}") from None
        device = "cuda" if torch.cuda.is_available() else "cpu"
        return tokenizer, model.to(device).eval(), device

    def _scores(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str]) -> Sequence[float]:
        tokenizer, model, device = self._loaded
        torch = importlib.import_module("torch")
        texts = [
            f"source: {source} candidate: {hypothesis} reference: {reference}"
            for source, hypothesis, reference in zip(sources, hypotheses, references, strict=True)
        ]
        scores: list[float] = []
        with torch.inference_mode():
            for batch in _batches(texts):
                # the end mark of T5 is cut, as in the training data
                ids = [row[:-1] for row in tokenizer(batch, max_length=self.longest, truncation=True)["input_ids"]]
                width = max(map(len, ids))
                padded = torch.tensor([row + [0] * (width - len(row)) for row in ids], device=device)
                mask = torch.tensor([[1] * len(row) + [0] * (width - len(row)) for row in ids], device=device)
                start = torch.zeros((len(ids), 1), dtype=torch.long, device=device)
                logits = model(input_ids=padded, attention_mask=mask, decoder_input_ids=start).logits
                scores += logits[:, 0, self.token].clamp(0, self.worst).float().tolist()
        return scores


def _batches(texts: Sequence[str]) -> Iterator[list[str]]:
    for start in range(0, len(texts), BATCH):
        yield list(texts[start : start + BATCH])


def _imported(module: str, missing: str) -> Any:
    try:
        return importlib.import_module(module)
    except ImportError:
        raise KzalignError(missing) from None


def _installed(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return "none"
