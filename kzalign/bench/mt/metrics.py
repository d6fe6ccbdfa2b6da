"""METRICS, the table of what a translation is scored by; the string metrics are sacrebleu's own, to the last digit.

A metric turns segments into sufficient statistics once; every score of every resample comes from their sums.
"""

import hashlib
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, ClassVar, Protocol

import numpy as np
import numpy.typing as npt

from kzalign.bench.mt.neural import Comet, MetricX
from kzalign.bench.mt.ter import count_edits
from kzalign.errors import KzalignError, unknown

Floats = npt.NDArray[np.float64]


class Metric(Protocol):
    """What every metric can do; n segments, k statistics, m resamples."""

    @property
    def name(self) -> str:
        """Returns the metric's name in METRICS."""

    @property
    def higher_is_better(self) -> bool:
        """Says whether a greater score is a better one."""

    @property
    def whole_articles(self) -> bool:
        """Says whether articles as one segment can be scored: learnt metrics would cut them, TER gives up on shifts."""

    def check(self) -> None:
        """Raises KzalignError where what the metric needs is not there, before anything is translated for it."""

    def signature(self) -> str:
        """Returns what makes the score again: version, tokeniser, options."""

    def statistics(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> Floats:
        """Returns the sufficient statistics of every segment: n x k. Learnt metrics read the sources too."""

    def from_statistics(self, sums: Floats) -> float:
        """Returns the score of a corpus whose statistics sum to these k."""

    def from_many(self, sums: Floats) -> Floats:
        """Returns the scores of m corpora from their sums (m x k), equal to `from_statistics` but for rounding."""

    def corpus(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> float:
        """Returns the score of all segments together."""


class _Sacre:
    """A metric of sacrebleu with one reference; the references' n-grams are kept for the next system."""

    name: ClassVar[str]
    higher_is_better: ClassVar[bool] = True
    whole_articles: ClassVar[bool] = True

    def __init__(self) -> None:
        self._references: list[str] = []
        self._metric: Any = None

    def _make(self, references: list[str]) -> Any:
        raise NotImplementedError

    def check(self) -> None:
        """Raises KzalignError where sacrebleu or the file that the metric reads is not there or not what it should be."""
        self._kept([""])

    def _kept(self, references: Sequence[str]) -> Any:
        if self._metric is None or self._references != list(references):
            self._references = list(references)
            self._metric = self._make(self._references)
        return self._metric

    def signature(self) -> str:
        """Returns sacrebleu's signature, long form."""
        return str(self._kept(self._references or [""]).get_signature())

    def statistics(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> Floats:
        """Returns sacrebleu's statistics of every segment: n x k."""
        same_count(hypotheses, references)
        return np.asarray(self._kept(references)._extract_corpus_statistics(hypotheses, None), dtype=np.float64)

    def from_statistics(self, sums: Floats) -> float:
        """Returns the score that sacrebleu computes from the sums of its statistics."""
        return float(self._kept(self._references or [""])._compute_score_from_stats(sums.tolist()).score)

    def corpus(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> float:
        """Returns what sacrebleu's command line prints for these lines."""
        return self.from_statistics(self.statistics(hypotheses, references).sum(axis=0))


class Bleu(_Sacre):
    """BLEU (Papineni et al. 2002) with the 13a tokeniser. Statistics: two lengths, four matches, four totals."""

    name = "bleu"
    orders: ClassVar[int] = 4

    def _make(self, references: list[str]) -> Any:
        return _sacrebleu().BLEU(tokenize="13a", force=True, references=[references])

    def from_many(self, sums: Floats) -> Floats:
        """Returns BLEU with exponential smoothing for each row of sums."""
        hypothesis, reference = sums[:, 0], sums[:, 1]
        right, total = sums[:, 2 : 2 + self.orders], sums[:, 2 + self.orders :]
        smooth = np.exp2(np.cumsum(right == 0, axis=1))
        with np.errstate(divide="ignore", invalid="ignore"):
            precisions = np.where(right == 0, 100 / (smooth * total), 100 * right / total)
            penalty = np.where(hypothesis < reference, np.exp(1 - reference / hypothesis), 1.0)
            scores = penalty * np.exp(np.log(precisions).mean(axis=1))
        return np.where(right.any(axis=1) & total.all(axis=1), scores, 0.0)


class SpBleu(Bleu):
    """BLEU over the pieces of the FLORES-200 SentencePiece model (NLLB Team 2022), from a file or sacrebleu's cache."""

    name = "spbleu"

    def __init__(self, model: Path | None = None) -> None:
        super().__init__()
        self.model = model

    def _file(self) -> Path:
        _sacrebleu()
        from sacrebleu import utils
        from sacrebleu.tokenizers.tokenizer_spm import SPM_MODELS

        url = SPM_MODELS["flores200"]["url"]
        path = self.model or Path(utils.SACREBLEU_DIR, "models", Path(url).name)
        if not path.is_file() or not path.stat().st_size:
            raise KzalignError(f"{path}: the FLORES-200 SentencePiece model is not there: name its file, or put {url} there")
        return path

    def _make(self, references: list[str]) -> Any:
        path = self._file()
        try:
            from sentencepiece import SentencePieceProcessor
        except ImportError:
            raise KzalignError("spbleu needs sentencepiece: pip install 'kzalign[bench]'") from None
        from sacrebleu.tokenizers.tokenizer_spm import Flores200Tokenizer

        # its constructor would look in sacrebleu's own folder only, and download
        tokenizer = Flores200Tokenizer.__new__(Flores200Tokenizer)
        tokenizer.name = "flores200"
        tokenizer.sp = SentencePieceProcessor()
        try:
            tokenizer.sp.LoadFromSerializedProto(path.read_bytes())
        except (OSError, RuntimeError) as error:
            raise KzalignError(f"{path}: not a SentencePiece model ({error}): get it again") from None
        metric = _sacrebleu().BLEU(tokenize="none", force=True)
        metric.tokenizer, metric.tokenizer_signature = tokenizer, tokenizer.name
        metric._ref_cache = metric._cache_references([references])
        return metric

    def signature(self) -> str:
        """Returns sacrebleu's signature and the first of the hash of the SentencePiece model in use."""
        return f"{super().signature()}|spm:{hashlib.sha256(self._file().read_bytes()).hexdigest()[:12]}"


class ChrF(_Sacre):
    """chrF (Popović 2015): statistics are the counts in hypothesis, reference and both of each n-gram order."""

    name = "chrf"
    word_order: ClassVar[int] = 0

    def _make(self, references: list[str]) -> Any:
        return _sacrebleu().CHRF(word_order=self.word_order, references=[references])

    def from_many(self, sums: Floats) -> Floats:
        """Returns chrF with beta 2 for each row of sums, orders that either side lacks left out."""
        hypothesis, reference, both = sums[:, 0::3], sums[:, 1::3], sums[:, 2::3]
        counted = (hypothesis > 0) & (reference > 0)
        orders = np.maximum(1, counted.sum(axis=1))
        precision = np.divide(both, hypothesis, out=np.zeros_like(both), where=counted).sum(axis=1) / orders
        recall = np.divide(both, reference, out=np.zeros_like(both), where=counted).sum(axis=1) / orders
        low = 4 * precision + recall
        scores: Floats = np.divide(100 * 5 * precision * recall, low, out=np.zeros_like(low), where=low > 0)
        return scores


class ChrFPlusPlus(ChrF):
    """chrF++ (Popović 2017): chrF with the words and pairs of words as two more orders."""

    name = "chrf++"
    word_order = 2


class Ter(_Sacre):
    """TER (Snover et al. 2006) as tercom counts it; 0 is best. Statistics: edits and reference words."""

    name = "ter"
    higher_is_better = False
    # a whole abstract runs into tercom's limits on shifts, and takes seconds
    whole_articles = False

    def _make(self, references: list[str]) -> Any:
        return _sacrebleu().TER(references=[references])

    def statistics(self, hypotheses: Sequence[str], references: Sequence[str], sources: Sequence[str] = ()) -> Floats:
        """Returns the edits and the number of reference words of every segment: n x 2, the same as sacrebleu's, sooner."""
        same_count(hypotheses, references)
        metric = self._kept(references)
        rows = [
            count_edits(metric._preprocess_segment(hypothesis).split(), cached["ref_words"][0])
            for hypothesis, cached in zip(hypotheses, metric._ref_cache or (), strict=True)
        ]
        return np.asarray(rows, dtype=np.float64)

    def from_many(self, sums: Floats) -> Floats:
        """Returns 100 x edits / reference words for each row; without reference words 100 where there are edits, else 0."""
        edits, words = sums[:, 0], sums[:, 1]
        return 100 * np.divide(edits, words, out=(edits > 0).astype(np.float64), where=words > 0)


def _sacrebleu() -> Any:
    try:
        from sacrebleu import metrics
    except ImportError:
        raise KzalignError("string metrics need sacrebleu: pip install 'kzalign[bench]'") from None
    return metrics


def same_count(hypotheses: Sequence[str], references: Sequence[str]) -> None:
    """Raises KzalignError where the two differ in number or there are none."""
    if len(hypotheses) != len(references) or not references:
        raise KzalignError(
            f"{len(hypotheses)} hypotheses and {len(references)} references: one hypothesis a reference, one at least"
        )


def _without_file(make: Callable[[], Metric]) -> Callable[[Path | None], Metric]:
    def checked(path: Path | None) -> Metric:
        if path is not None:
            raise KzalignError(f"{path}: this metric reads no file; only spbleu, comet and metricx do")
        return make()

    return checked


METRICS: dict[str, Callable[[Path | None], Metric]] = {
    "bleu": _without_file(Bleu),
    "spbleu": SpBleu,
    "chrf": _without_file(ChrF),
    "chrf++": _without_file(ChrFPlusPlus),
    "ter": _without_file(Ter),
    "comet": Comet,
    "metricx": MetricX,
}
"""Each makes its metric from the path of the file or folder it reads, if it reads any."""


def make_metric(name: str, path: Path | None = None) -> Metric:
    """Returns the metric of that name; an unknown name is a KzalignError that names the nearest."""
    if name not in METRICS:
        raise unknown("metric", name, METRICS)
    return METRICS[name](path)
