"""The pairs that are trained on: those of the chosen directions that repeat no test segment and are not too few."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass

from kzalign.config import FinetuneConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.finetune.contract import REPLAY, Given, Pair, TestSet
from kzalign.records import LANGS, Reject

FEWEST = 20
STAGE = "finetune"
DIRECTIONS = tuple(f"{a}-{b}" for a in LANGS for b in LANGS if a != b)


@dataclass(frozen=True, slots=True)
class Material:
    """What is trained on, in which directions, what the evaluations translate, and what was left out."""

    directions: tuple[str, ...]
    pairs: tuple[Pair, ...]
    dev: tuple[TestSet, ...]
    rejects: tuple[Reject, ...]


def choose(given: Given, config: FinetuneConfig, possible: Sequence[str]) -> Material:
    """Returns what a run trains on; raises KzalignError where a direction is unknown, impossible or has too few pairs."""
    directions = chosen_directions(given.pairs, config.directions, possible)
    kept: list[Pair] = []
    rejects: list[Reject] = []
    for pair in given.pairs:
        reason = _reason(pair, directions, possible, given.repeats)
        if reason is None:
            kept.append(pair)
        else:
            rejects.append(Reject(STAGE, pair.id, reason, asdict(pair)))
    check_enough(directions, (pair.direction for pair in kept if pair.kind != REPLAY))
    dev = tuple(asked for asked in given.dev if asked.direction in directions)
    if missing := [direction for direction in directions if direction not in {asked.direction for asked in dev}]:
        raise KzalignError(
            f"no validation segments for {', '.join(missing)}: the best checkpoint cannot be chosen; build the corpus with a "
            f"greater build.validation"
        )
    return Material(directions, tuple(kept), dev, tuple(rejects))


def check_enough(directions: Sequence[str], found: Iterable[str]) -> None:
    """Raises KzalignError where a direction has fewer than FEWEST pairs; `found` names the direction of each pair."""
    own = Counter(found)
    few = [direction for direction in directions if own[direction] < FEWEST]
    if few:
        counts = ", ".join(f"{direction} {own[direction]}" for direction in few)
        raise KzalignError(
            f"too few pairs to train on ({counts}; {FEWEST} at least): add documents to the corpus, or name other directions "
            f"in finetune.directions"
        )


def chosen_directions(pairs: Iterable[Pair], named: Sequence[str], possible: Sequence[str]) -> tuple[str, ...]:
    """Returns the named directions, or all that pairs and model have, in a fixed order."""
    for direction in named:
        if direction not in DIRECTIONS:
            raise KzalignError(f"finetune.directions: {unknown('direction', direction, DIRECTIONS)}")
        if direction not in possible:
            raise KzalignError(
                f"finetune.directions: the base model does not translate {direction}, only {', '.join(possible)}; "
                f"choose another base model"
            )
    own = {pair.direction for pair in pairs if pair.kind != REPLAY}
    if not own:
        raise KzalignError("no pairs to train on: the corpus has no train split; build it with more documents")
    found = tuple(d for d in DIRECTIONS if (d in named if named else d in own and d in possible))
    if not found:
        raise KzalignError(f"the base model translates only {', '.join(possible)}, the data have only {', '.join(sorted(own))}")
    return found


def _reason(pair: Pair, directions: Sequence[str], possible: Sequence[str], repeats: Callable[[Pair], str | None]) -> str | None:
    if pair.direction not in (possible if pair.kind == REPLAY else directions):
        return "direction is not trained"
    if not pair.source.strip() or not pair.target.strip():
        return "an empty side"
    place = repeats(pair)
    return f"repeats a test segment: {place}" if place else None
