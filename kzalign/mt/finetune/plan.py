"""Which examples each optimiser step takes: drawn by shares and temperature, grouped by length, known before the first step.

The plan depends on the examples and the seed alone, not on how many processes share a step.
"""

import random
from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from kzalign.config import FinetuneConfig
from kzalign.mt.finetune.contract import ABSTRACT, REPLAY, SENTENCE
from kzalign.mt.finetune.examples import Example, Ids

POOL = 64
"""Steps whose examples are sorted by length together."""
Group = tuple[str, str]


def make_plan(examples: Sequence[Example], config: FinetuneConfig) -> list[Ids]:
    """Returns the indices of each step's examples; a step has at most `batch_tokens` tokens, or a single example."""
    chance = random.Random(config.seed)
    steps: list[Ids] = []
    drawn = _draw(examples, config, chance)
    # Of few examples, more than one round in a pool would put copies of an example side by side.
    pool = min(config.batch_tokens * POOL, sum(example.cost for example in examples))
    while len(steps) < config.steps:
        waiting: list[int] = []
        size = 0
        while size < pool:
            waiting.append(next(drawn))
            size += examples[waiting[-1]].cost
        chance.shuffle(waiting)
        # By the longer side: sorted by both together, a long source would lie beside a long target and pad both sides.
        waiting.sort(key=lambda i: (max(len(examples[i].source), len(examples[i].labels)), examples[i].cost))
        batches = list(_batches(waiting, examples, config.batch_tokens))
        chance.shuffle(batches)
        steps += batches
    return steps[: config.steps]


def probabilities(counts: Mapping[Group, int], config: FinetuneConfig) -> dict[Group, float]:
    """Returns how often each group (kind, direction) is drawn: kinds by their shares, directions by size^(1/temperature)."""
    kinds = {kind for kind, _ in counts}
    replay = config.replay_share if REPLAY in kinds else 0.0
    if kinds == {REPLAY}:
        replay = 1.0
    document = config.document_share if {SENTENCE, ABSTRACT} <= kinds else float(ABSTRACT in kinds)
    shares = {REPLAY: replay, ABSTRACT: (1 - replay) * document, SENTENCE: (1 - replay) * (1 - document)}
    found: dict[Group, float] = {}
    for kind in sorted(kinds):
        weights = {group: n ** (1 / config.temperature) for group, n in sorted(counts.items()) if group[0] == kind}
        total = sum(weights.values())
        found |= {group: shares[kind] * weight / total for group, weight in weights.items()}
    return found


def _draw(examples: Sequence[Example], config: FinetuneConfig, chance: random.Random) -> Iterator[int]:
    """Yields indices for ever; each group's examples come all once, in a new order, before one comes again."""
    members: dict[Group, list[int]] = defaultdict(list)
    for i, example in enumerate(examples):
        members[example.group].append(i)
    weights = probabilities({group: len(indices) for group, indices in members.items()}, config)
    groups = list(weights)
    left: dict[Group, list[int]] = {group: [] for group in groups}
    while True:
        for group in chance.choices(groups, list(weights.values()), k=1_000):
            if not left[group]:
                left[group] = list(members[group])
                chance.shuffle(left[group])
            yield left[group].pop()


def _batches(indices: Sequence[int], examples: Sequence[Example], budget: int) -> Iterator[Ids]:
    """Yields runs of the indices whose padded sides together stay within the budget."""
    batch = array("i")
    source = target = 0
    for i in indices:
        wider = max(source, len(examples[i].source)), max(target, len(examples[i].labels))
        if batch and sum(wider) * (len(batch) + 1) > budget:
            yield batch
            batch = array("i")
            wider = len(examples[i].source), len(examples[i].labels)
        batch.append(i)
        source, target = wider
    if batch:
        yield batch


class Share:
    """One process's part of a plan as a batch sampler: `parts` lots a step.

    A step is dealt to all processes' lots in turn; a lot that would be empty holds an example that does not count, as ~i.
    """

    def __init__(self, plan: Sequence[Ids], parts: int, rank: int, processes: int) -> None:
        self._plan, self._parts, self._rank, self._processes = plan, parts, rank, processes

    def __len__(self) -> int:
        return len(self._plan) * self._parts

    def __iter__(self) -> Iterator[list[int]]:
        lots = self._parts * self._processes
        for step in self._plan:
            for lot in range(self._rank * self._parts, (self._rank + 1) * self._parts):
                yield list(step[lot::lots]) or [~step[0]]
