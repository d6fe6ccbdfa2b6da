"""harvest: an OAI-PMH endpoint in, tables of its articles out; what was fetched is kept, and only news is asked for again."""

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any

from oaipmh_scythe.exceptions import OAIPMHException

from kzalign.config import HarvestConfig
from kzalign.errors import KzalignError
from kzalign.harvest.address import candidates, slug
from kzalign.harvest.articles import Readers, known_of
from kzalign.harvest.formats import choose
from kzalign.harvest.lists import Outcome, Tell, Window, follow
from kzalign.harvest.pages import fetch_files, fetch_pages
from kzalign.harvest.protocol import Client, NotOai
from kzalign.harvest.shelf import Shelf
from kzalign.harvest.web import Unanswered, Web
from kzalign.harvest.write import INNER, write_all
from kzalign.records import Reject
from kzalign.store import MANIFEST

SHELF = "harvest.sqlite"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asks for; empty sets and formats are all, empty dates are what is new."""

    since: str = ""
    until: str = ""
    sets: tuple[str, ...] = ()
    formats: tuple[str, ...] = ()
    pages: bool = False
    files: bool = False
    allow_private: bool = False
    limit: int | None = None


def harvest(
    address: str,
    output: Path,
    asked: Asked,
    config: HarvestConfig,
    readers: Readers,
    tell: Tell,
    warn: Callable[[str], None],
    force: bool = False,
) -> dict[str, Any]:
    """Returns the manifest of what lies in `output` now.

    A run that was stopped goes on where it was, a later one asks for what is new. Lists that the server refuses are warned
    of; KzalignError where it gives none, or no answer.
    """
    tried = candidates(address)
    inner = output / INNER
    _check_output(output, inner, force)
    shelf = Shelf(inner / SHELF)
    web = Web(tried[0], config, asked.allow_private)
    try:
        client = _found(tried, web, shelf, output)
        prefixes = _formats(client, asked, warn)
        before = set(shelf.recall("files").split("\n"))
        outcomes = _lists(client, shelf, prefixes, asked, config, tell)
        for outcome in outcomes:
            if outcome.problem:
                warn(f"{_name(outcome)}: {outcome.problem}")
        if all(outcome.problem for outcome in outcomes) and not shelf.count():
            raise KzalignError(f"{client.endpoint}: no records: {outcomes[0].problem}")
        extra = [Reject("harvest", _name(outcome), outcome.problem) for outcome in outcomes if outcome.problem]
        broken = [Reject("harvest", identifier, reason, {"format": prefix}) for identifier, prefix, reason in shelf.broken()]
        extra += broken
        if asked.pages:
            fetch_pages(web, shelf, readers, tell)
        if asked.files:
            extra += fetch_files(web, shelf, readers, output / "files", tell)
        facts = {
            "repository": shelf.recall("repository"),
            "formats": prefixes,
            "sets": list(asked.sets),
            "fetched": sum(outcome.given for outcome in outcomes),
            "unreadable": len(broken),
            "requests": web.requests,
            "complete": not any(outcome.problem or outcome.cut for outcome in outcomes),
        }
        items = (known_of(shelf, identifier, copies, readers) for identifier, copies in shelf.records())
        manifest = write_all(items, output, slug(client.endpoint), client.endpoint, config.rows, extra, facts, before)
        shelf.note("files", "\n".join(manifest["files"]))
        return manifest
    finally:
        web.close()
        shelf.close()


def _check_output(output: Path, inner: Path, force: bool) -> None:
    """Raises KzalignError for an output that is something else; with force, what an earlier harvest left is removed."""
    if output.exists() and not output.is_dir():
        raise KzalignError(f"{output}: a file; harvest writes a folder: choose another output")
    if (output / MANIFEST).exists():
        raise KzalignError(f"{output}: another stage's output (it holds a {MANIFEST}): choose another folder")
    if not (inner / SHELF).exists() and output.is_dir() and any(path.suffix == ".jsonl" for path in output.iterdir()):
        raise KzalignError(f"{output}: holds tables that no harvest wrote: choose another folder")
    if force and inner.exists():
        Shelf(inner / SHELF).close()
        shutil.rmtree(inner)


def _found(tried: list[str], web: Web, shelf: Shelf, output: Path) -> Client:
    """Returns the client of the first address that is an endpoint; a folder holds one endpoint's records."""
    known = shelf.recall("endpoint")
    if known and known not in tried:
        raise KzalignError(f"{output}: holds the records of {known}: choose another output, a folder for each journal")
    problem: KzalignError | None = None
    for endpoint in [known] if known else tried:
        client = Client(endpoint, web)
        try:
            name = client.name()
        except (NotOai, Unanswered) as error:
            problem = problem or error
            continue
        except OAIPMHException as error:
            raise KzalignError(f"{endpoint}: the server says {error}") from None
        shelf.note("endpoint", endpoint)
        shelf.note("repository", name)
        return client
    assert problem is not None
    raise problem


def _formats(client: Client, asked: Asked, warn: Callable[[str], None]) -> list[str]:
    """Returns the formats to fetch; every server has to have oai_dc, also one that does not say what it has."""
    try:
        offered = list(client.formats())
    except OAIPMHException as error:
        warn(f"{client.endpoint}: does not name its formats ({error}): oai_dc is tried")
        offered = []
    return choose(offered or [("oai_dc", "")], list(asked.formats), client.endpoint)


def _lists(client: Client, shelf: Shelf, prefixes: list[str], asked: Asked, config: HarvestConfig, tell: Tell) -> list[Outcome]:
    """Returns what each list gave; one that the server cannot answer costs no other. Raises where it answers none."""
    window = Window(asked.since, asked.until)
    outcomes: list[Outcome] = []
    errors: list[KzalignError] = []
    for prefix, set_ in product(prefixes, asked.sets or ("",)):
        try:
            outcomes.append(follow(client, shelf, shelf.listed(prefix, set_), window, config, asked.limit, tell))
        except KzalignError as error:
            errors.append(error)
            outcomes.append(Outcome(prefix, set_, 0, str(error)))
    if len(errors) == len(outcomes):
        raise errors[0]
    return outcomes


def _name(outcome: Outcome) -> str:
    return f"{outcome.prefix} {outcome.set_}".rstrip()


__all__ = ["Asked", "Readers", "harvest"]
