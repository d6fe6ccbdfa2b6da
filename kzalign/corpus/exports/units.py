"""A row as the formats for tools and readers take it: texts by language and facts about them, cleaned and counted."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, TextIO

from kzalign.corpus.folder import TEXT
from kzalign.corpus.parquet import ARTICLES
from kzalign.records import Reject, dumps

Rows = Iterable[tuple[str, dict[str, Any]]]
"""Each row with its split."""

LEFT_TO_JSONL = frozenset({"sentences", "keywords", "alignment", "notes"})
"""Columns of `articles` that JSONL alone has: they hold the abstract once more, in pieces."""

UNHOLDABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""Characters that XML 1.0 cannot hold (section 2.2, Char)."""

BREAKS = re.compile("[\t\n\v\f\r\x1c-\x1e\x85\u2028\u2029]+")
"""What some reader takes for the end of a line or a cell."""


@dataclass(frozen=True, slots=True)
class Head:
    """What all rows of an export share: the configuration, its languages, and its columns in the file's order."""

    name: str
    langs: tuple[str, ...]
    columns: tuple[str, ...]

    @property
    def whole(self) -> bool:
        """True where a row is an article and its texts are whole abstracts."""
        return self.name == ARTICLES

    @property
    def text(self) -> str:
        """The column that holds the texts."""
        return TEXT.get(self.name, "translation")

    @property
    def facts(self) -> tuple[str, ...]:
        """The names of a unit's facts: every column that is neither id nor text, titles by language, and the split."""
        names: list[str] = []
        for column in self.columns:
            if column == "title":
                names += [f"title_{lang}" for lang in self.langs]
            elif column not in ("id", self.text) and not (self.whole and column in LEFT_TO_JSONL):
                names.append(column)
        return (*names, "split")


@dataclass(frozen=True, slots=True)
class Unit:
    """A cleaned row: a text in each language that it has, and its facts; a fact that is not there is an empty text."""

    id: str
    texts: dict[str, str]
    facts: dict[str, str | float]


@dataclass(slots=True)
class Tally:
    """What became of the rows: written or refused with a reason; characters that were dropped or turned into spaces."""

    rejects: TextIO
    written: int = 0
    dropped: int = 0
    turned: int = 0
    reasons: Counter[str] = field(default_factory=Counter)

    def refuse(self, row_id: str, reason: str, row: dict[str, Any]) -> None:
        """Writes the row among the rejects."""
        self.reasons[reason] += 1
        self.rejects.write(dumps(Reject("export", row_id, reason, row).to_json()) + "\n")


Cleaned = tuple[str, int, int]
"""A text, how many characters it lost, and how many became spaces."""


def for_xml(text: str) -> Cleaned:
    """Returns the text without the characters that XML cannot hold."""
    kept = text if text.isprintable() else UNHOLDABLE.sub("", text)
    return kept, len(text) - len(kept), 0


def for_lines(text: str) -> Cleaned:
    """Returns the text in one line without tabs: a run of breaks is one space."""
    if text.isprintable():
        return text, 0, 0
    joined = BREAKS.sub(" ", text)
    kept = UNHOLDABLE.sub("", joined)
    return kept, len(joined) - len(kept), sum(map(len, BREAKS.findall(text)))


class _Counting:
    """Cleans texts and counts what that changed."""

    def __init__(self, clean: Callable[[str], Cleaned]) -> None:
        self._clean = clean
        self.dropped = self.turned = 0

    def __call__(self, text: str) -> str:
        text, dropped, turned = self._clean(text)
        self.dropped += dropped
        self.turned += turned
        return text


def units(
    rows: Rows,
    head: Head,
    tally: Tally,
    clean: Callable[[str], Cleaned],
    articles_least: int | None = None,
    refuse: Callable[[Unit], str | None] = lambda unit: None,
) -> Iterator[Unit]:
    """Yields the rows as units; what `refuse` gives a reason for is a reject, and what lacks a text.

    A row must have all its languages; an article at least `articles_least` of them, where that is given.
    """
    names = head.facts
    least = articles_least if head.whole and articles_least is not None else len(head.langs)
    for split, row in rows:
        kept = _Counting(clean)
        given = row[head.text] or {}
        texts = {lang: kept(text) for lang in head.langs if (text := given.get(lang)) and text.strip()}
        texts = {lang: text for lang, text in texts.items() if text.strip()}
        unit = Unit(kept(row["id"]), texts, {name: _fact(name, row, split, kept) for name in names})
        missing = [lang for lang in head.langs if lang not in texts]
        reason = f"no text in {', '.join(missing)}" if len(texts) < least else refuse(unit)
        if reason:
            tally.refuse(row["id"], reason, row)
            continue
        tally.written += 1
        tally.dropped += kept.dropped
        tally.turned += kept.turned
        yield unit


def _fact(name: str, row: dict[str, Any], split: str, kept: Callable[[str], str]) -> str | float:
    if name == "split":
        return split
    value = row[name] if name in row else (row["title"] or {}).get(name.removeprefix("title_"))
    if value is None:
        return ""
    if isinstance(value, (int, float)):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return kept("; ".join(value))
    return kept(value if isinstance(value, str) else dumps(value))
