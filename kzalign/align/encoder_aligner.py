"""The aligner that adds a sentence encoder's evidence to that of the words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from kzalign.align.encoder import Encoder, load_encoder
from kzalign.align.encoder_evidence import EncoderEvidence, EncoderWeights, Text
from kzalign.align.evidence import Evidence, Floats, Side, Weights
from kzalign.align.lexical import LexicalAligner
from kzalign.errors import KzalignError

MAX_WEIGHT = 100.0


class CombinedEvidence(Evidence):
    """Lexical scores plus the encoder's, bead by bead."""

    def __init__(self, left: Side, right: Side, weights: Weights, encoded: EncoderEvidence) -> None:
        super().__init__(left, right, weights)
        self._encoded = encoded

    def one_to_one(self) -> list[list[float]]:
        """Returns the sums for all beads of one sentence on each side, n rows of m."""
        sums: list[list[float]] = (np.array(super().one_to_one()) + self._encoded.scores()[1, 1]).tolist()
        return sums

    def tables(self, rows: range, columns: range) -> dict[tuple[int, int], Floats]:
        """Returns the sums for the beads inside a block, in the layout of `Evidence.tables`."""
        encoded = self._encoded.scores()
        return {
            (a, b): table + encoded[a, b][rows.start : rows.stop - a + 1, columns.start : columns.stop - b + 1]
            for (a, b), table in super().tables(rows, columns).items()
        }

    def score(self, left: Sequence[int], right: Sequence[int]) -> float:
        """Returns the sum for one bead of any sentences."""
        return super().score(left, right) + self._encoded.score(left, right)


@dataclass(frozen=True, slots=True)
class Combination:
    """Makes the combined evidence of two sides; the encoder should remember what it embedded (`CachedEncoder`)."""

    encoder: Encoder
    encoder_weights: EncoderWeights

    def __call__(self, left: Side, right: Side, weights: Weights) -> Evidence:
        """Returns the evidence of words and encoder together."""
        first, second = Text(left.sentences, left.lang), Text(right.sentences, right.lang)
        return CombinedEvidence(left, right, weights, EncoderEvidence(self.encoder, first, second, self.encoder_weights))


def with_named_encoder(aligner: LexicalAligner, name: str, weight: float, embeddings: str, locked: bool) -> LexicalAligner:
    """Returns the aligner that also asks the encoder of a card's name or a local path; raises KzalignError if it cannot be had.

    Vectors are kept between runs in the folder `embeddings`, if that is not empty.
    """
    if not 0 <= weight <= MAX_WEIGHT:
        raise KzalignError(f"align.encoder_weight is {weight}: it must be from 0 (words only) to {MAX_WEIGHT:g}")
    encoder = load_encoder(name, Path(embeddings).expanduser() if embeddings else None, locked)
    return with_encoder(aligner, encoder, EncoderWeights(weight=weight))


def with_encoder(aligner: LexicalAligner, encoder: Encoder, encoder_weights: EncoderWeights) -> LexicalAligner:
    """Returns the aligner that also asks this encoder."""
    return replace(aligner, evidence=Combination(encoder, encoder_weights))
