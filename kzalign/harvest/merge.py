"""One article out of all that is known of a record: the language of each text is read from the text."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzalign.harvest.formats import PAGE, Piece
from kzalign.harvest.source import IRSTI, UDC, read_source
from kzalign.harvest.texts import Run, language_of, paragraphs_of, runs_of
from kzalign.records import LANGS, SOURCE
from kzalign.text.script import identify

ALIKE = 0.5
"""Share of words in common from which on two abstracts in a language are the same, told twice."""
SURE = 0.95
MIN_CHARS = 80
"""A shorter text does not count as an abstract that is there."""
SEPARATOR = re.compile(r"\s*[;|•\n]\s*|\s*,\s+")
SLASH = re.compile(r"\s+[/|]{1,2}\s+")
LABEL = re.compile(
    r"^\W*(?:key\s*words?|ключевые\s+слова|(?:түйін(?:ді)?|кілт(?:тік)?|тірек)\s+сөз(?:дер|дері)?)\s*[:.–-]\s*", re.I
)


@dataclass(frozen=True, slots=True)
class _Abstract:
    """A run of a language in an abstract's field."""

    run: Run
    piece: Piece


@dataclass(slots=True)
class Merged:
    """What is known of an article. `left` are texts that were not taken, with the reason."""

    titles: dict[str, str] = field(default_factory=dict)
    abstracts: dict[str, tuple[str, ...]] = field(default_factory=dict)
    keywords: dict[str, tuple[str, ...]] = field(default_factory=dict)
    read_from: dict[str, str] = field(default_factory=dict)
    source: dict[str, tuple[str, ...]] = field(default_factory=dict)
    pages: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    left: list[tuple[str, str]] = field(default_factory=list)

    @property
    def lacking(self) -> tuple[str, ...]:
        """The languages that it has no abstract in."""
        return tuple(lang for lang in LANGS if sum(map(len, self.abstracts.get(lang, ()))) < MIN_CHARS)

    def row(self) -> dict[str, Any]:
        """Returns the columns that the reader of tables knows."""
        columns: dict[str, Any] = {}
        for role, texts in (("title", self.titles), ("abstract", self.abstracts), ("keywords", self.keywords)):
            for lang in LANGS:
                if lang in texts:
                    value = texts[lang]
                    columns[f"{role}_{lang}"] = value if isinstance(value, str) else list(value)
        return columns | {name: list(self.source[name]) for name in SOURCE if name in self.source}


def merge(pieces: Sequence[Piece]) -> Merged:
    """Returns the article that the pieces tell of; those of the better format come first."""
    merged = Merged()
    abstracts = [_Abstract(run, piece) for piece in pieces if piece.role == "abstract" for run in runs_of(_paragraphs(piece))]
    _choose(abstracts, merged)
    spoken = _spoken(abstracts)
    for piece in pieces:
        if piece.role == "title":
            _place_title(piece, spoken, merged)
    _place_keywords(pieces, spoken, merged)
    _gather_source(pieces, merged)
    return merged


def _paragraphs(piece: Piece) -> list[str]:
    return [paragraph for text in piece.texts for paragraph in paragraphs_of(text)]


def _choose(abstracts: Iterable[_Abstract], merged: Merged) -> None:
    """Takes the longest abstract of each language; one that says something else is left, with a reason.

    A web page gives what the record lacks, however long it is: more may stand there than the abstract.
    """
    for abstract in sorted(abstracts, key=lambda abstract: (abstract.piece.origin == PAGE, -len(abstract.run.text))):
        run, piece = abstract.run, abstract.piece
        have = merged.abstracts.get(run.lang)
        if not run.lang:
            merged.left.append(("no language of kk, ru, en found in the text", run.text))
        elif have is None:
            merged.abstracts[run.lang] = run.paragraphs
            said = f" {piece.group}" if piece.group else ""
            merged.read_from[run.lang] = f"{piece.origin}{said}"
        elif not _alike(run.text, " ".join(have)):
            merged.left.append((f"a second abstract in {run.lang}, shorter than the first", run.text))


def _alike(shorter: str, longer: str) -> bool:
    words, known = (set(re.findall(r"\w+", text.casefold())) for text in (shorter, longer))
    return len(words & known) >= ALIKE * len(words)


def _spoken(abstracts: Iterable[_Abstract]) -> dict[tuple[str, str], str]:
    """Returns the language of each group of a format whose abstracts are all in one."""
    found: dict[tuple[str, str], set[str]] = {}
    for abstract in abstracts:
        if abstract.piece.group and abstract.run.lang:
            found.setdefault((abstract.piece.origin, abstract.piece.group), set()).add(abstract.run.lang)
    return {key: langs.pop() for key, langs in found.items() if len(langs) == 1}


def _language(text: str, expected: str | None) -> str:
    """Returns the language of a short text: what its group is in, unless its letters or words surely deny it."""
    seen = identify(text)
    if seen.lang in LANGS and seen.confidence >= SURE:
        return seen.lang
    latin = 2 * len(re.findall(r"[A-Za-z]", text)) > sum(map(str.isalpha, text))
    if expected and (expected == "en") == latin:
        return expected
    return language_of(text)[0]


def _place_title(piece: Piece, spoken: dict[tuple[str, str], str], merged: Merged) -> None:
    """Takes a title, or the titles in several languages that lines or strokes part in one field."""
    text = " ".join(_paragraphs(piece))
    parts = [part for line in "\n".join(piece.texts).splitlines() for part in SLASH.split(" ".join(paragraphs_of(line))) if part]
    langs = [_language(part, None) for part in parts]
    if len(parts) > 1 and all(langs) and len(set(langs)) == len(langs):
        for part, own in zip(parts, langs, strict=True):
            merged.titles.setdefault(own, part)
        return
    lang = _language(text, spoken.get((piece.origin, piece.group)))
    if text and lang:
        merged.titles.setdefault(lang, text)
    elif text:
        merged.left.append(("a title in no language of kk, ru, en", text))


def _place_keywords(pieces: Iterable[Piece], spoken: dict[tuple[str, str], str], merged: Merged) -> None:
    """Takes the keywords of each language from the first format that has them, in their order, each once."""
    lists: dict[tuple[str, str], dict[str, None]] = {}
    for piece in pieces:
        if piece.role == "keywords":
            lists.setdefault((piece.origin, piece.group), {}).update(dict.fromkeys(_items(piece)))
    taken: dict[str, str] = {}
    for (origin, group), items in lists.items():
        for lang, words in _by_language(list(items), spoken.get((origin, group))).items():
            if lang not in taken:
                taken[lang] = origin
                merged.keywords[lang] = tuple(words)


def _items(piece: Piece) -> list[str]:
    """Returns the keywords of a field: classification codes are none."""
    found = []
    for paragraph in _paragraphs(piece):
        text = LABEL.sub("", IRSTI.sub("", UDC.sub("", paragraph)))
        found += [item.strip(" .;") for item in SEPARATOR.split(text)]
    return [item for item in found if any(map(str.isalpha, item))]


def _by_language(items: list[str], expected: str | None) -> dict[str, list[str]]:
    """Returns keywords by language: a list in two scripts is two lists or three."""
    latin = [item for item in items if 2 * len(re.findall(r"[A-Za-z]", item)) > sum(map(str.isalpha, item))]
    rest = [item for item in items if item not in latin]
    if min(len(latin), len(rest)) <= max(1, len(items) // 4):
        parts = [items]
    else:
        parts = [latin, rest]
    found: dict[str, list[str]] = {}
    for part in filter(None, parts):
        lang = _language(", ".join(part), expected)
        if lang:
            found.setdefault(lang, []).extend(part)
    return found


def _gather_source(pieces: Sequence[Piece], merged: Merged) -> None:
    """Takes each field of the source from the first format that has it."""
    for origin in dict.fromkeys(piece.origin for piece in pieces):
        fields: dict[str, list[str]] = {}
        for piece in pieces:
            if piece.origin == origin:
                fields.setdefault(piece.role, []).extend(" ".join(text.split()) for text in piece.texts)
        source, pages, files = read_source(dict(fields))
        direct = {name: tuple(dict.fromkeys(fields[name])) for name in SOURCE if name in fields}
        for name, values in {**source, **direct}.items():
            merged.source.setdefault(name, tuple(filter(None, values)))
        merged.pages += [link for link in pages if link not in merged.pages]
        merged.files += [link for link in files if link not in merged.files]
