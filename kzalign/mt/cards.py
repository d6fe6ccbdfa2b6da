"""Cards of translation models: the shipped ones, a file of the user's, a folder, a repository, a file of hypotheses."""

import string
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any

from kzalign.cards import LICENCE, REPO, REVISION, Rule, matches, models_folder, problems_in, read_tables, read_toml, whole
from kzalign.errors import KzalignError, unknown
from kzalign.mt.families import CHAT, CHAT_LANGUAGES, FAMILIES, family_of, pair_of, positions_of
from kzalign.records import LANGS

LOCAL_CARD = "mt.toml"
HYPOTHESES = (".txt", ".jsonl")
PROMPT = "Translate the following text from {source} into {target}. Reply with the translation only.\n\n{text}"
PLAIN = "{source}: {text}\n{target}:"


@dataclass(frozen=True, slots=True)
class MtCard:
    """How a model is opened and asked.

    `languages` gives the model's own code for each of kk, ru, en; `pairs` the directions it translates (all where
    empty); `max_length` cuts a source, in tokens; `prompt` is what a chat model is told and `plain` what one without
    a chat template continues; `url`, `key` (name of an environment variable) and `body` (more fields of a request)
    are a server's.
    """

    name: str
    backend: str
    repo: str
    revision: str
    licence: str
    languages: Mapping[str, str] = field(default_factory=dict)
    family: str = ""
    pairs: tuple[str, ...] = ()
    max_length: int = 512
    num_beams: int = 1
    prompt: str = PROMPT
    plain: str = PLAIN
    url: str = ""
    key: str = ""
    body: Mapping[str, Any] = field(default_factory=dict)


def _is_languages(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and len(value) > 1
        and set(value) <= set(LANGS)
        and all(isinstance(code, str) for code in value.values())
    )


def _is_pairs(value: Any) -> bool:
    every = {f"{a}-{b}" for a in LANGS for b in LANGS if a != b}
    return isinstance(value, list) and bool(value) and all(isinstance(pair, str) and pair in every for pair in value)


def _is_prompt(value: Any) -> bool:
    if not isinstance(value, str):
        return False
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(value) if name is not None]
    except ValueError:
        return False
    return {"text", "target"} <= set(names) <= {"text", "source", "target"}


LANGUAGES: Rule = (_is_languages, "two or three of kk, ru, en with the model's code for each")
PROMPT_RULE: Rule = (_is_prompt, "a text with {text} and {target} and perhaps {source} in it, other braces doubled")
MAX_LENGTH: Rule = (whole(8, 1_000_000), "a whole number from 8 to 1000000")
PAIRS: Rule = (_is_pairs, 'a list of pairs such as ["kk-ru"]')
BEAMS: Rule = (whole(1, 64), "a whole number from 1 to 64")
PLACE: Rule = (
    lambda value: REPO[0](value) or matches(r"(~|\.{1,2})?/\S.*")(value),
    'OWNER/NAME, or a folder such as ./model or /models/model with revision = "local"',
)
HUB: dict[str, Rule] = {"repo": PLACE, "revision": REVISION, "licence": LICENCE, "max_length": MAX_LENGTH}
ADDRESS: Rule = (matches(r"https?://[^@\s?#]+"), "an address such as http://127.0.0.1:8000/v1 without user, password or query")
FAMILY: Rule = (lambda value: value in FAMILIES, f"one of {', '.join(FAMILIES)}")
PROMPTS: dict[str, Rule] = {"prompt": PROMPT_RULE, "plain": PROMPT_RULE}
SEQ2SEQ = ({**HUB, "languages": LANGUAGES, "family": FAMILY}, {"pairs": PAIRS, "num_beams": BEAMS})
RULES: dict[str, tuple[dict[str, Rule], dict[str, Rule]]] = {
    "transformers": SEQ2SEQ,
    "ctranslate2": SEQ2SEQ,
    CHAT: (HUB, {"languages": LANGUAGES, "pairs": PAIRS, "num_beams": BEAMS, **PROMPTS}),
    "openai": (
        {"repo": (matches(r"\S+"), "the name of a model that the server has"), "licence": LICENCE},
        {
            "languages": LANGUAGES,
            "pairs": PAIRS,
            "max_length": MAX_LENGTH,
            "prompt": PROMPT_RULE,
            "revision": REVISION,
            "url": ADDRESS,
            "key": (matches(r"[A-Za-z_]\w*"), "the name of an environment variable"),
            "body": (lambda value: isinstance(value, dict), "a table"),
        },
    ),
}
"""By backend: the fields that a card must have and those it may have."""
RUN_HERE: Rule = (lambda value: value in RULES and value != "openai", "one of transformers, ctranslate2, chat")
LOCAL_RULES: dict[str, Rule] = {
    "backend": RUN_HERE,
    "licence": LICENCE,
    "max_length": MAX_LENGTH,
    "languages": LANGUAGES,
    "family": FAMILY,
    "pairs": PAIRS,
    "num_beams": BEAMS,
    **PROMPTS,
}
"""What a folder's own card may say; the rest is read from the model's configuration."""
assert {key for rules in RULES.values() for part in rules for key in part} | {"name", "backend"} == {
    f.name for f in fields(MtCard)
}


def mt_cards() -> dict[str, MtCard]:
    """Returns the models that ship with kzalign, by name."""
    return read_mt_cards(models_folder().joinpath("mt.toml"))


def read_mt_cards(path: Traversable) -> dict[str, MtCard]:
    """Returns a file's cards by name; raises one KzalignError that lists every bad field of the file."""
    return {name: _card(name, table) for name, table in read_tables(path, _problems).items()}


def find_card(name: str) -> MtCard:
    """Returns the card of a shipped model, a card file, a model's folder, a Hub repository or a file of hypotheses.

    A folder's or repository's family and languages may still be empty: `completed` reads them from its files.
    """
    cards = mt_cards()
    if name.lower() in cards:
        return cards[name.lower()]
    path = Path(name).expanduser()
    if path.suffix in HYPOTHESES:
        return MtCard(path.name, "file", path.name, "file", "unknown", dict.fromkeys(LANGS, ""), url=str(path))
    if path.suffix == ".toml":
        return _only(path)
    if path.is_dir():
        return _local(path)
    if matches(r"[\w-][\w.-]*/[\w.-]+")(name) and not path.exists():
        shipped = [card for card in cards.values() if card.repo == name]
        return shipped[0] if shipped else MtCard(name, "", name, "main", "unknown")
    if path.parent != Path() or name.startswith("."):
        raise KzalignError(f"model '{name}': no such folder; give a model's folder, OWNER/NAME or one of {', '.join(cards)}")
    raise unknown("model", name.lower(), cards)


def completed(card: MtCard, folder: Path) -> MtCard:
    """Returns the card with what it does not say itself read from the model in the folder: family, backend, languages.

    Its `max_length` is at most what the model has places for.
    """
    family = card.family or (CHAT if card.backend == CHAT else family_of(folder))
    languages, pairs = dict(card.languages), card.pairs
    if not languages:
        languages = dict(CHAT_LANGUAGES if family == CHAT else FAMILIES[family].codes)
    if not languages:
        pair = pair_of(folder)
        if pair is None:
            raise KzalignError(
                f"{folder}: nothing says which languages this model translates: give it a card with lines such as "
                f'languages = {{ ru = "", kk = "kaz_Cyrl" }} and pairs = ["ru-kk"]'
            )
        languages, pairs = dict.fromkeys(pair, ""), ("-".join(pair),)
    backend = card.backend or (CHAT if family == CHAT else "transformers")
    length = min(card.max_length, positions_of(folder) or card.max_length)
    return replace(card, family=family, languages=languages, pairs=pairs, backend=backend, max_length=length)


def _problems(table: dict[str, Any], where: str) -> list[str]:
    backend = table.get("backend")
    if backend not in RULES:
        said = f"is {backend!r} where one of {', '.join(RULES)} is expected" if "backend" in table else "is missing"
        return [f"{where}backend {said}"]
    rules, optional = RULES[backend]
    problems = problems_in({key: value for key, value in table.items() if key != "backend"}, rules, where, optional)
    return problems or _mismatches(table, where)


def _mismatches(table: dict[str, Any], where: str) -> list[str]:
    languages = table.get("languages", CHAT_LANGUAGES)
    bad = [pair for pair in table.get("pairs", ()) if not set(pair.split("-")) <= set(languages)]
    return [f"{where}pairs: {', '.join(bad)} of languages that are not in languages"] if bad else []


def _card(name: str, table: dict[str, Any]) -> MtCard:
    if table["backend"] in (CHAT, "openai"):
        table = {"languages": dict(CHAT_LANGUAGES), "revision": "unpinned"} | table
    if table.get("revision") == "local":
        table = table | {"repo": str(Path(table["repo"]).expanduser())}
    return MtCard(name=name, **(table | {"pairs": tuple(table.get("pairs", ()))}))


def _only(path: Path) -> MtCard:
    cards = read_mt_cards(path)
    if len(cards) != 1:
        raise KzalignError(f"{path}: has {len(cards)} cards where one is expected; put the card to use into a file of its own")
    return next(iter(cards.values()))


def _local(folder: Path) -> MtCard:
    from kzalign.mt.finetune.runfolder import going_on, is_unfinished

    if is_unfinished(folder):
        raise KzalignError(f"{folder}: a run of `kzalign finetune` that is not finished, with no model yet: {going_on(folder)}")
    path = folder / LOCAL_CARD
    table = read_toml(path) if path.is_file() else {}
    if problems := problems_in(table, {}, "", LOCAL_RULES) or _mismatches(table, ""):
        raise KzalignError(f"{path}: {'; '.join(problems)}")
    table = {"backend": "", "licence": "unknown"} | table | {"pairs": tuple(table.get("pairs", ()))}
    return MtCard(name=folder.resolve().name, repo=str(folder), revision="local", **table)
