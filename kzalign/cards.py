"""Cards of models: TOML files under `models/`, one table a model, all bad fields of a file reported at once."""

import re
import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kzalign.errors import KzalignError, unknown

POOLINGS = ("cls", "mean", "pooler")
LOCAL_CARD = "encoder.toml"
HASH = re.compile(r"[0-9a-f]{40}")


@dataclass(frozen=True, slots=True)
class EncoderCard:
    """How a sentence encoder is to be loaded and read; `prefix` goes before every text, `max_tokens` cuts it."""

    name: str
    repo: str
    revision: str
    pooling: str
    prefix: str
    dimension: int
    max_tokens: int
    licence: str


Rule = tuple[Callable[[Any], bool], str]
"""Whether a field's value is right, and what is expected."""


def matches(pattern: str) -> Callable[[Any], bool]:
    """Returns the test of whether a value is a text that the whole pattern matches."""
    return lambda value: isinstance(value, str) and re.fullmatch(pattern, value) is not None


def whole(low: int, high: int) -> Callable[[Any], bool]:
    """Returns the test of whether a value is a whole number from `low` to `high`."""
    return lambda value: type(value) is int and low <= value <= high


PREFIX: Rule = (lambda value: isinstance(value, str) and len(value) <= 200, "a text of at most 200 characters")
REPO: Rule = (matches(r"[\w.-]+/[\w.-]+"), "OWNER/NAME")
REVISION: Rule = (matches(r"[\w./-]+"), "a commit hash, a tag or 'main'")
LICENCE: Rule = (matches(r"\S.*"), "an SPDX identifier or a name")
ENCODER_RULES: dict[str, Rule] = {
    "repo": REPO,
    "revision": REVISION,
    "pooling": (lambda value: value in POOLINGS, f"one of {', '.join(POOLINGS)}"),
    "prefix": PREFIX,
    "dimension": (whole(1, 65_536), "a whole number from 1 to 65536"),
    "max_tokens": (whole(8, 1_000_000), "a whole number from 8 to 1000000"),
    "licence": LICENCE,
}
LOCAL_RULES = {key: ENCODER_RULES[key] for key in ("pooling", "prefix", "dimension", "max_tokens")}
EXAMPLE = 'pooling = "mean", prefix = "", dimension = 768, max_tokens = 512'
assert {field.name for field in fields(EncoderCard)} == {"name", *ENCODER_RULES}


def encoder_cards() -> dict[str, EncoderCard]:
    """Returns the encoders that ship with kzalign, by name."""
    return read_encoder_cards(models_folder().joinpath("encoders.toml"))


def models_folder() -> Traversable:
    """Returns the folder of cards: of the checkout, or of the installed package where there is no checkout."""
    checkout = Path(__file__).resolve().parents[1] / "models"
    return checkout if (checkout / "encoders.toml").is_file() else files("kzalign").joinpath("models")


def read_encoder_cards(path: Traversable) -> dict[str, EncoderCard]:
    """Returns a file's cards by name; raises one KzalignError that lists every bad field of the file."""
    tables = read_tables(path, lambda table, where: problems_in(table, ENCODER_RULES, where))
    return {name: EncoderCard(name=name, **table) for name, table in tables.items()}


def read_tables(path: Traversable, problems_of: Callable[[dict[str, Any], str], list[str]]) -> dict[str, dict[str, Any]]:
    """Returns a file's tables by name; raises one KzalignError with all problems, found by `problems_of(table, "name.")`."""
    data = read_toml(path)
    problems: list[str] = []
    for name, table in data.items():
        if not re.fullmatch(r"[a-z0-9][a-z0-9.-]*", name):
            problems.append(f"[{name}]: names are of a-z, 0-9, '.' and '-'")
        problems += problems_of(table, f"{name}.") if isinstance(table, dict) else [f"{name} is not a [table]"]
    if problems:
        raise KzalignError(f"{path}: {'; '.join(problems)}")
    return data


def find_encoder(name: str) -> EncoderCard:
    """Returns the card of a shipped encoder, or of the local folder that `name` is the path of; raises KzalignError."""
    cards = encoder_cards()
    if name.lower() in cards:
        return cards[name.lower()]
    path = Path(name).expanduser()
    if path.is_dir():
        return _local_card(path)
    if path.parent != Path() or name.startswith("."):
        raise KzalignError(f"encoder '{name}': no such folder; give a model's folder or one of {', '.join(cards)}")
    raise unknown("encoder", name.lower(), cards)


def _local_card(folder: Path) -> EncoderCard:
    path = folder / LOCAL_CARD
    if not path.is_file():
        raise KzalignError(f"{folder}: no {LOCAL_CARD} says how to read this model: write one with lines such as {EXAMPLE}")
    table = read_toml(path)
    if problems := problems_in(table, LOCAL_RULES, ""):
        raise KzalignError(f"{path}: {'; '.join(problems)}")
    return EncoderCard(name=folder.name, repo=str(folder), revision="local", licence="unknown", **table)


def read_toml(path: Traversable) -> dict[str, Any]:
    """Returns what a TOML file holds; raises KzalignError where it cannot be read."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise KzalignError(f"{path}: cannot be read as a TOML card: {error}") from None


def problems_in(
    table: Mapping[str, Any], rules: Mapping[str, Rule], where: str, optional: Mapping[str, Rule] | None = None
) -> list[str]:
    """Returns what is missing, unknown or wrong in a table, in the order of the rules; `optional` ones may be missing."""
    known = {**rules, **(optional or {})}
    problems = [f"{where}{key} is missing" for key in rules if key not in table]
    problems += [f"{where}{key}: {unknown('field', key, known)}" for key in table if key not in known]
    for key, (accepts, expected) in known.items():
        if key in table and not accepts(table[key]):
            problems.append(f"{where}{key} is {table[key]!r} where {expected} is expected")
    return problems
