"""Pairs as a model is trained on them: ids of the source as the backend asks it, ids of the target as it must answer."""

from array import array
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import islice
from typing import TypeAlias

from kzalign.errors import KzalignError
from kzalign.mt.cards import MtCard
from kzalign.mt.families import FAMILIES
from kzalign.mt.finetune.contract import MIXED, SYNTHETIC, Pair
from kzalign.mt.finetune.material import STAGE
from kzalign.mt.seq2seq import Sources
from kzalign.records import Reject
from kzalign.weights import quietly

BLOCK = 1_000
Ids: TypeAlias = "array[int]"


@dataclass(frozen=True, slots=True)
class Example:
    """A pair in ids; `labels` begin with the target language's mark where the family forces one, and end with the end."""

    id: str
    group: tuple[str, str]
    source: Ids
    labels: Ids

    @property
    def cost(self) -> int:
        """Returns its tokens on both sides."""
        return len(self.source) + len(self.labels)


def make_examples(
    pairs: Iterable[Pair], card: MtCard, sources: Sources, tag: str, limit: int
) -> tuple[list[Example], list[Reject]]:
    """Returns the pairs' examples, by direction, and the pairs that are longer than `limit` tokens on a side."""
    by_direction: dict[str, list[Pair]] = defaultdict(list)
    for pair in pairs:
        by_direction[pair.direction].append(pair)
    examples: list[Example] = []
    rejects: list[Reject] = []
    for direction in sorted(by_direction):
        for block in _blocks(by_direction[direction]):
            ids, _ = sources.encode([_asked(pair, tag) for pair in block], *direction.split("-"))
            labels = encode_targets([pair.target for pair in block], card, sources, direction)
            for pair, source, target in zip(block, ids, labels, strict=True):
                if max(len(source), len(target)) > limit:
                    rejects.append(Reject(STAGE, pair.id, f"longer than {limit} tokens", asdict(pair)))
                else:
                    group = (MIXED[pair.kind], direction)
                    examples.append(Example(pair.id, group, array("i", source), array("i", target)))
    return examples, rejects


def encode_targets(texts: Sequence[str], card: MtCard, sources: Sources, direction: str) -> list[list[int]]:
    """Returns the ids that a model of the card's family must answer: mark (where forced), text, end."""
    tokenizer, target = sources.tokenizer, direction.split("-")[1]
    if FAMILIES[card.family].forced:
        tokenizer.tgt_lang = card.languages[target]
    with quietly():
        found: list[list[int]] = tokenizer(text_target=list(texts), truncation=False)["input_ids"]
    forced = sources.forced(target)
    for ids in found:
        if ids[-1] != tokenizer.eos_token_id or (forced is not None and ids[0] != forced):
            raise KzalignError(f"{card.name}: its tokenizer does not mark a {direction} target as the family {card.family} does")
    return found


def _asked(pair: Pair, tag: str) -> str:
    return f"{tag} {pair.source}" if pair.kind == SYNTHETIC and tag else pair.source


def _blocks(pairs: Sequence[Pair]) -> Iterator[list[Pair]]:
    waiting = iter(pairs)
    while block := list(islice(waiting, BLOCK)):
        yield block
