"""`sources.toml`: whose each document is, and under which licence; every bad field of the file is reported at once."""

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from typing import Any
from urllib.parse import urlsplit

from kzalign.cards import Rule
from kzalign.errors import KzalignError, unknown
from kzalign.hub.licences import OTHER, identifier, nearest

MAX_CHARS = 500
TABLES = ("default", "documents")


@dataclass(frozen=True, slots=True)
class Source:
    """Whose a document is; `licence` is the Hub's identifier, or `other` with its name and address."""

    licence: str
    publisher: str
    url: str
    licence_name: str = ""
    licence_url: str = ""
    journal: str = ""
    year: str = ""
    volume: str = ""
    issue: str = ""
    issn: str = ""
    rights: str = ""

    def to_json(self) -> dict[str, str]:
        """Returns the object for the manifest, without the fields that nothing was said of."""
        return {key: value for key, value in asdict(self).items() if value}


@dataclass(frozen=True, slots=True)
class Sources:
    """What `read_sources` returns: the sources by name or pattern of documents, in the file's order, and that of the others."""

    documents: Mapping[str, Source]
    default: Source | None = None

    def of(self, issue_id: str, file: str) -> Source | None:
        """Returns a document's source: of its place or name, else of the longest pattern that matches, else the default's."""
        for name in (file, issue_id, PurePosixPath(file).name):
            if name in self.documents:
                return self.documents[name]
        matching = [name for name in self.documents if _matches(name, issue_id, file)]
        return self.documents[max(matching, key=len)] if matching else self.default

    def unused(self, inputs: Iterable[tuple[str, str]]) -> tuple[str, ...]:
        """Returns a warning for each name or pattern that none of the inputs, (issue id, file), has."""
        known = list(inputs)
        return tuple(
            f'[documents."{name}"] is the source of no input{_near(name, known)}'
            for name in self.documents
            if not any(_matches(name, issue_id, file) for issue_id, file in known)
        )


def _matches(name: str, issue_id: str, file: str) -> bool:
    """Whether a name, or a pattern with `*` and `?`, is a document's; brackets in it are letters, as in names of files.

    A pattern with a slash is of the document's place in the folder that was read, one without of its name alone. Of a document
    that is known by its articles alone, `file` has no suffix, and the name's is not looked at.
    """
    if not PurePosixPath(file).suffix:
        name = name.removesuffix(PurePosixPath(name).suffix)
    pattern = name.replace("[", "[[]")
    of_place = (file,) if "/" in name else (PurePosixPath(file).name, *_in_archive(file))
    return any(name == one or fnmatchcase(one, pattern) for one in (issue_id, *of_place))


def _in_archive(file: str) -> tuple[str, ...]:
    """Returns a document's place from its archive on, where it is in one: the archive's name stands for all that it holds."""
    parts = file.split("/")
    return tuple("/".join(parts[k:]) for k, part in enumerate(parts[:-1]) if part.lower().endswith(".zip"))


def _near(name: str, inputs: Iterable[tuple[str, str]]) -> str:
    near = difflib.get_close_matches(name, sorted({file for _, file in inputs}), n=1, cutoff=0.6)
    return f"; did you mean '{near[0]}'?" if near else ""


def _is_text(value: Any) -> bool:
    return isinstance(value, str) and 0 < len(value.strip()) <= MAX_CHARS and value.isprintable()


def _is_url(value: Any) -> bool:
    if not _is_text(value) or re.search(r"[\s<>\"\\]", value):
        return False
    try:
        parts = urlsplit(value)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname)


def _is_issn(value: Any) -> bool:
    """Whether a text is an ISSN whose last character is the right check character (ISO 3297)."""
    if not isinstance(value, str) or not re.fullmatch(r"[0-9]{4}-[0-9]{3}[0-9X]", value):
        return False
    digits = [10 if c == "X" else int(c) for c in value.replace("-", "")]
    return sum(weight * digit for weight, digit in zip(range(8, 0, -1), digits, strict=True)) % 11 == 0


def _is_number(value: Any) -> bool:
    return _is_text(value) or (type(value) is int and 0 < value < 100_000)


TEXT: Rule = (_is_text, f"a text of one line, at most {MAX_CHARS} characters")
URL: Rule = (_is_url, "an address such as https://example.org/journal")
NUMBER: Rule = (_is_number, "a number or a text")
RULES: dict[str, Rule] = {
    "licence": (lambda value: isinstance(value, str) and identifier(value) is not None, "an SPDX or Hub identifier"),
    "publisher": TEXT,
    "url": URL,
    "licence_name": (
        lambda value: isinstance(value, str) and re.fullmatch(r"[a-z0-9][a-z0-9.-]{0,63}", value) is not None,
        "a name of a-z, 0-9, '.' and '-'",
    ),
    "licence_url": URL,
    "journal": TEXT,
    "year": (lambda value: type(value) is int and 1800 <= value <= 2200, "a year such as 2024"),
    "volume": NUMBER,
    "issue": NUMBER,
    "issn": (_is_issn, "an ISSN such as 2049-3630"),
    "rights": TEXT,
}
REQUIRED = ("licence", "publisher", "url")
NAMED = ("licence_name", "licence_url")
assert {field.name for field in fields(Source)} == RULES.keys()


def read_sources(path: Path) -> Sources:
    """Returns the sources of a file; raises one KzalignError that lists every bad field of it."""
    try:
        data = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise KzalignError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read as TOML: {error}") from None
    problems = [str(unknown("table", key, TABLES)) for key in data if key not in TABLES]
    default = _table(data.get("default", {}), "[default]", problems)
    documents = {}
    for name, value in _table(data.get("documents", {}), "[documents]", problems).items():
        own = _table(value, where := f'[documents."{name}"]', problems)
        documents[name] = _inherited(own, default)
        problems += _bad_fields(own, where) + _missing(documents[name], where) + _misnamed(documents[name], where)
    problems += _bad_fields(default, "[default]") + _misnamed(default, "[default]")
    whole = not _missing(default, "[default]")
    if not documents and not whole and not problems:
        problems = [f"no source: name documents, or give [default] {', '.join(REQUIRED)}"]
    if problems:
        raise KzalignError(f"{path}: {'; '.join(problems)}")
    return Sources({name: _source(table) for name, table in documents.items()}, _source(default) if whole else None)


def _table(value: Any, where: str, problems: list[str]) -> dict[str, Any]:
    if not isinstance(value, dict):
        problems.append(f"{where} is not a table")
        return {}
    return value


def _inherited(own: Mapping[str, Any], default: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a table with what it leaves out from the default; a licence brings its own name and address."""
    dropped = NAMED if "licence" in own else ()
    return {key: value for key, value in default.items() if key not in dropped} | dict(own)


def _bad_fields(table: Mapping[str, Any], where: str) -> list[str]:
    problems = [f"{where}: {unknown('field', key, RULES)}" for key in table if key not in RULES]
    for key, (accepts, expected) in RULES.items():
        if key in table and not accepts(table[key]):
            problems.append(f"{where}.{key} is {table[key]!r} where {expected} is expected{_hint(key, table[key])}")
    return problems


def _hint(key: str, value: Any) -> str:
    if key != "licence" or not isinstance(value, str):
        return ""
    near = nearest(value)
    return f" ({f'did you mean {near!r}? ' if near else ''}one not in the table is 'other' with licence_name and licence_url)"


def _missing(table: Mapping[str, Any], where: str) -> list[str]:
    """Returns what a table lacks, with what the default gives it."""
    return [f"{where}.{key} is missing" for key in REQUIRED if key not in table]


def _misnamed(table: Mapping[str, Any], where: str) -> list[str]:
    """Returns what is wrong with the name and address of a licence: `other` has both, any other has neither."""
    licence = table.get("licence")
    if not isinstance(licence, str) or identifier(licence) is None:
        return []
    if identifier(licence) == OTHER:
        return [f"{where}.{key} is missing: the licence is 'other'" for key in NAMED if key not in table]
    return [f"{where}.{key} is for the licence 'other' only" for key in NAMED if key in table]


def _source(table: Mapping[str, Any]) -> Source:
    values = {key: str(value).strip() for key, value in table.items()}
    return Source(**values | {"licence": identifier(values["licence"]) or OTHER})
