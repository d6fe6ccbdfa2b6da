"""The aligner that adds a sentence encoder's evidence to that of the words."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kzalign.align import LexicalAligner
from kzalign.align.encoder import Encoder
from kzalign.align.encoder_evidence import EncoderEvidence, EncoderWeights, Text
from kzalign.align.evidence import DEFAULT, Evidence, Floats, Side, Weights
from kzalign.records import Version


@dataclass(frozen=True, slots=True)
class EncodedSide(Side):
    """A side that still has its sentences, for the encoder to read."""

    text: Text


class CombinedEvidence(Evidence):
    """Lexical scores plus the encoder's, bead by bead."""

    def __init__(self, left: Side, right: Side, weights: Weights, encoded: EncoderEvidence) -> None:
        super().__init__(left, right, weights)
        self._encoded = encoded

    def tables(self) -> dict[tuple[int, int], Floats]:
        """Returns the sums in the layout of `Evidence.tables`."""
        encoded = self._encoded.scores()
        return {size: table + encoded[size] for size, table in super().tables().items()}

    def score(self, left: Sequence[int], right: Sequence[int]) -> float:
        """Returns the sum for one bead of any sentences."""
        return super().score(left, right) + self._encoded.score(left, right)


class EncoderAligner(LexicalAligner):
    """A lexical aligner that also asks an encoder; the encoder should remember what it embedded (`CachedEncoder`)."""

    def __init__(self, encoder: Encoder, encoder_weights: EncoderWeights, weights: Weights = DEFAULT) -> None:
        super().__init__(weights)
        self.encoder, self.encoder_weights = encoder, encoder_weights

    def sides(self, versions: Mapping[str, Version]) -> dict[str, Side]:
        """Returns the sentences of the versions that have any, as words and as texts."""
        return {
            lang: EncodedSide(side.tokens, side.lengths, Text(versions[lang].sentences, lang))
            for lang, side in super().sides(versions).items()
        }

    def evidence(self, left: Side, right: Side) -> Evidence:
        """Returns the evidence of words and encoder together; raises TypeError for sides that `sides` did not make."""
        if not isinstance(left, EncodedSide) or not isinstance(right, EncodedSide):
            raise TypeError("an encoder needs the sentences: make the sides with EncoderAligner.sides")
        encoded = EncoderEvidence(self.encoder, left.text, right.text, self.encoder_weights)
        return CombinedEvidence(left, right, self.weights, encoded)
