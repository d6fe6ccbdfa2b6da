"""What the model translates: development segments while it learns, test sets before and after."""

import json
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from kzalign.mt.finetune.contract import Given, Result, TestSet
from kzalign.mt.finetune.runfolder import write_whole
from kzalign.records import dumps


def dev_scores(
    sets: Sequence[TestSet], limit: int, translate: Callable[[TestSet], list[str]], score: Callable[..., float]
) -> dict[str, float]:
    """Returns the chrF++ of each direction over the first segments."""
    found = {}
    for asked in sets:
        part = First(asked, limit)
        found[asked.direction] = score(translate(part), part.references)
    return found


class First:
    """The first segments of a set."""

    def __init__(self, asked: TestSet, limit: int) -> None:
        self.name, self.direction = asked.name, asked.direction
        self.sources, self.references = list(asked.sources)[:limit], list(asked.references)[:limit]


def hypotheses(sets: Sequence[TestSet], translate: Callable[[TestSet], list[str]], path: Path) -> dict[str, list[str]]:
    """Returns the hypotheses of each set, by name and direction; what the file at `path` already has is not made again."""
    kept: dict[str, list[str]] = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
    return {key_of(asked): kept.get(key_of(asked)) or translate(asked) for asked in sets}


def keep(path: Path, found: Mapping[str, Any]) -> None:
    """Writes hypotheses where a run that goes on finds them."""
    write_whole(path, dumps(found) + "\n")


def key_of(asked: TestSet) -> str:
    """Returns a set's name with its direction."""
    return f"{asked.name} {asked.direction}"


def results_of(
    given: Given, trained: Sequence[str], before: Mapping[str, list[str]], after: Mapping[str, list[str]]
) -> list[Result]:
    """Returns each test set's result, those of the corpus itself first."""
    found = []
    for domain, sets in (("in", given.tests), ("out", given.general)):
        for asked in sets:
            key = key_of(asked)
            if key in after:
                compared = given.compare(asked, before.get(key), after[key])
                found.append(Result(asked.name, asked.direction, domain, asked.direction in trained, compared))
    return found
