"""`kzalign harvest`: a journal's records over OAI-PMH; the readers of JATS and of web pages are handed in."""

import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from kzalign.config import Config
from kzalign.console import STOPPED, Ended, console, print_json, say
from kzalign.errors import KzalignError
from kzalign.options_cli import ConfigFile, Force, Json
from kzalign.records import LANGS
from kzalign.settings import load_config

if TYPE_CHECKING:
    from kzalign.harvest import Readers
    from kzalign.harvest.formats import Read

app = typer.Typer()

LOG_SECONDS = 30.0
"""Between two lines about progress where there is no terminal."""
DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T\d\d:\d\d:\d\dZ)?")

Address = Annotated[str, typer.Argument(help="The OAI-PMH address, or the journal's page: then /oai after it is tried too.")]
Output = Annotated[Path, typer.Option("--output", "-o", help="A folder for this journal; the same one takes what is new later.")]
From = Annotated[str, typer.Option("--from", help="Only what changed on this day or later, such as 2023-01-31.")]
Until = Annotated[str, typer.Option("--until", help="Only what changed on this day or earlier.")]
SetOption = Annotated[
    list[str] | None,
    typer.Option("--set", help="One of the server's sets, such as j:ART; or a setting, section.key=value. May be repeated."),
]
FormatOption = Annotated[
    list[str] | None, typer.Option("--format", help="A metadata prefix, such as jats (default: all that can be read).")
]
Pages = Annotated[bool, typer.Option("--pages", help="Fetch the page of an article whose record lacks a language.")]
Files = Annotated[
    bool, typer.Option("--files", help="Download the PDF of an article that lacks a language, for `kzalign extract`.")
]
Contact = Annotated[str, typer.Option("--contact", help="Your e-mail address or page, told to the site in the user agent.")]
AllowPrivate = Annotated[bool, typer.Option("--allow-private", help="Follow addresses of private networks.")]
Limit = Annotated[int | None, typer.Option("--limit", min=1, help="Stop each list after about this many records.")]


@app.command()
def harvest(
    address: Address,
    output: Output,
    since: From = "",
    until: Until = "",
    sets: SetOption = None,
    formats: FormatOption = None,
    pages: Pages = False,
    files: Files = False,
    contact: Contact = "",
    allow_private: AllowPrivate = False,
    config: ConfigFile = None,
    limit: Limit = None,
    force: Force = False,
    as_json: Json = False,
) -> None:
    """Fetch a journal's records over OAI-PMH into a folder that `kzalign build` reads.

    Examples: `kzalign harvest https://journal.example/index.php/j/oai -o records/ --contact me@example.org` ·
    `kzalign build records/ -o corpus/`

    A run that was stopped goes on where it was; a later one asks for what is new. The language of a text is read from it.
    """
    try:
        from kzalign.harvest import Asked
        from kzalign.harvest import harvest as stage
    except ModuleNotFoundError as error:
        package = (error.name or "").partition(".")[0]
        if package == "kzalign":
            raise
        raise KzalignError(f"harvest needs the package {package}: pip install 'kzalign[harvest]'") from None

    given = sets or []
    settings = load_config(config, [one for one in given if "=" in one] + ([f"harvest.contact={contact}"] if contact else []))
    asked = Asked(
        _date(since, "--from"),
        _date(until, "--until"),
        tuple(one for one in given if "=" not in one),
        tuple(formats or ()),
        pages,
        files,
        allow_private,
        limit,
    )
    if since and until and since[:10] > until[:10]:
        raise KzalignError(f"--from {since} is later than --until {until}")
    try:
        with _telling(as_json) as tell:
            readers = _readers(settings)
            manifest = stage(address, output, asked, settings.harvest, readers, tell, lambda text: say("warning:", text), force)
    except KeyboardInterrupt:
        say("stopped:", f"what was fetched is kept in {output}; the same command goes on from there")
        raise Ended(STOPPED) from None
    if as_json:
        print_json(manifest)
    else:
        say("", _summary(manifest, output, pages))


def _date(text: str, option: str) -> str:
    try:
        valid = not text or (DATE.fullmatch(text) is not None and date.fromisoformat(text[:10]) is not None)
    except ValueError:
        valid = False
    if not valid:
        raise KzalignError(f"{option} {text}: expected a day such as 2023-01-31")
    return text


def _readers(config: Config) -> "Readers":
    """Returns what reads JATS and pages: the readers of documents, in their process apart."""
    from kzalign.extract.readers.html import read_html
    from kzalign.extract.readers.xml import read_xml
    from kzalign.harvest import Readers

    return Readers(_parts(read_xml, config), _parts(read_html, config))


def _parts(reader: Any, config: Config) -> "Read":
    from kzalign.extract.readers.apart import read_apart

    def read(data: bytes) -> list[tuple[str, tuple[str, ...], str]]:
        content = read_apart(reader, data, config.extract)
        found = [
            (part.role, tuple(content.lines[part.lines[0] - 1 : part.lines[1]]), part.group)
            for article in content.marked[:1]
            for part in article.parts
        ]
        if not found:
            raise ValueError("no title, abstract or keywords marked as such")
        return found

    return read


@contextmanager
def _telling(as_json: bool) -> Iterator[Any]:
    """Yields a function that shows progress: a bar on a terminal, else a line now and then."""
    if console.is_terminal and not as_json:
        columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as bar:
            task = bar.add_task("harvest", total=None, told="")
            yield lambda what, done, total: bar.update(
                task, description=what, completed=done, total=total, told=_counted(done, total)
            )
        return
    last = time.monotonic()

    def tell(what: str, done: int, total: int | None) -> None:
        nonlocal last
        if not as_json and time.monotonic() - last >= LOG_SECONDS:
            last = time.monotonic()
            say("", f"{what}: {_counted(done, total)}")

    yield tell


def _counted(done: int, total: int | None) -> str:
    return f"{done:,} of {total:,}" if total else f"{done:,}"


def _summary(manifest: dict[str, Any], output: Path, pages: bool) -> str:
    counts = manifest["counts"]
    abstracts = ", ".join(f"{lang} {counts[lang]:,}" for lang in LANGS)
    told = f"{manifest['fetched']:,} records fetched; {counts['articles']:,} articles (abstracts: {abstracts}; all three "
    told += f"{counts['trilingual']:,}), {counts['rejected']:,} rejected, {counts['deleted']:,} deleted, in {output}"
    lacking = counts["articles"] - counts["trilingual"]
    told += f"; --pages looks for what {lacking:,} articles lack" if lacking and not pages else ""
    return told if manifest["complete"] else f"{told}; a list was not finished: the same command goes on"
