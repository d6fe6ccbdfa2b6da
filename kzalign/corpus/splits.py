"""Which articles are for training, validation and testing: settled by each issue alone, and for good."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from math import floor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.config import BuildConfig
from kzalign.corpus.duplicates import Entry, Relations
from kzalign.corpus.keptout import kept_out
from kzalign.corpus.segments import SPLITS
from kzalign.corpus.wording import evidence, joined_key
from kzalign.errors import KzalignError
from kzalign.records import LANGS
from kzalign.text.wording import text_key


@dataclass(frozen=True, slots=True)
class Assignment:
    """The split of each article by id, and the reason of each that can be in none."""

    splits: dict[str, str]
    conflicts: dict[str, str]


def assign(relations: Relations, config: BuildConfig) -> Assignment:
    """Returns every article's split or the reason why it has none.

    Articles of the earlier corpus stay where they were. Each other one, in the input's order, goes where the articles tied
    to it went that are settled already, else where its issue's draw puts it; one that ties two splits together is a conflict.
    What is settled never depends on what comes later. Raises KzalignError where two articles have one id.
    """
    repeated = [name for name, n in Counter(entry.id for entry in relations.entries).items() if n > 1]
    if repeated:
        raise KzalignError(f"article id '{repeated[0]}' comes twice: give each article an id of its own")
    drawn = draw(relations.entries, config)
    tied: defaultdict[int, list[int]] = defaultdict(list)
    for tie in relations.ties:
        tied[tie.first].append(tie.second)
        tied[tie.second].append(tie.first)
    splits = {entry.id: entry.earlier[0] for entry in relations.entries if len(entry.earlier) == 1}
    conflicts: dict[str, str] = {}
    for number, entry in enumerate(relations.entries):
        if entry.earlier:
            if len(entry.earlier) > 1:
                conflicts[entry.id] = f"abstracts of the earlier corpus's splits {' and '.join(entry.earlier)} in one article"
            continue
        near = {splits[other.id]: other for n in tied[number] if (other := relations.entries[n]).id in splits}
        if len(near) > 1:
            named = [f"{near[split].id} ({split})" for split in SPLITS if split in near]
            conflicts[entry.id] = f"too like articles of different splits: {', '.join(named)}"
        else:
            splits[entry.id] = next(iter(near), drawn[number])
    return Assignment(splits, conflicts)


def draw(entries: Sequence[Entry], config: BuildConfig) -> list[str]:
    """Returns the split that its own issue gives each article.

    The issue's articles are ranked by the hash of their text. The first floor(n·test + u) go to test and those up to
    floor(n·(test + validation) + u) to validation, with u in [0, 1) a hash of the issue's text: on average over issues the
    shares are exact, for issues of one article too.
    """
    issues: defaultdict[str, list[int]] = defaultdict(list)
    for number, entry in enumerate(entries):
        issues[entry.issue_id].append(number)
    drawn = ["train"] * len(entries)
    for members in issues.values():
        members.sort(key=lambda n: entries[n].key)
        point = (joined_key(str(entries[n].key) for n in members) >> 11) / 2**53
        test = _count(len(members), config.test, point)
        held = _count(len(members), config.test + config.validation, point)
        for rank, number in enumerate(members[:held]):
            drawn[number] = "test" if rank < test else "validation"
    return drawn


def _count(size: int, share: float, point: float) -> int:
    return min(size, floor(size * share + point))


def read_splits(folder: Path) -> dict[int, str]:
    """Returns the splits of an earlier corpus by the hash of each abstract's words, so that renaming a document changes nothing.

    So are those of articles that a test set kept out of `articles`: their other sentences are in the pairs. An abstract that
    stands in two splits settles nothing. Raises KzalignError where the folder is no corpus of kzalign.
    """
    splits: dict[int, str] = {}
    twice: set[int] = set()
    for key, split in chain(_published(folder), kept_out(folder)):
        if splits.setdefault(key, split) != split:
            twice.add(key)
    return {key: split for key, split in splits.items() if key not in twice}


def _published(folder: Path) -> Iterator[tuple[int, str]]:
    """Yields the hash and the split of each abstract of the configuration `articles`."""
    paths = sorted((folder / "data" / "articles").glob("*.parquet"))
    if not paths:
        raise KzalignError(f"{folder}: no earlier corpus (no data/articles/*.parquet in it): name the folder that a build made")
    for path in paths:
        split = path.name.partition("-")[0]
        if split not in SPLITS:
            raise KzalignError(f"{path}: not of a split: its name begins with none of {', '.join(SPLITS)}")
        for abstracts in _abstracts(path):
            yield from ((text_key(text), split) for _, text in evidence(abstracts))


def _abstracts(path: Path) -> Iterable[dict[str, str | None]]:
    """Yields the abstracts of a file of articles by language."""
    try:
        with pq.ParquetFile(path) as file:
            kind = file.schema_arrow.field("abstract").type
            names = {field.name for field in kind if pa.types.is_string(field.type)}
            if not names & set(LANGS):
                raise KeyError
            for batch in file.iter_batches(batch_size=1000, columns=["abstract"]):
                yield from (row or {} for row in batch.column(0).to_pylist())
    except (KeyError, TypeError):
        raise KzalignError(f"{path}: no column 'abstract' with texts by language: not a corpus of kzalign") from None
    except (OSError, pa.ArrowException) as error:
        raise KzalignError(f"{path}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None
