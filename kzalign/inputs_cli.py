"""The texts that `translate` and `missing` are given: the options that name them, and the input opened."""

from typing import TYPE_CHECKING, Annotated

import typer

from kzalign.errors import KzalignError, unknown
from kzalign.records import LANGS

if TYPE_CHECKING:
    from kzalign.mt.bulk.readers import Source

INPUT = "articles.jsonl, a corpus folder, .tsv, .jsonl, .txt or OWNER/NAME."

From = Annotated[
    str | None, typer.Option("--from", help="Languages to translate from, the best first, such as ru,kk; or the text's own.")
]
To = Annotated[str | None, typer.Option("--to", help="Languages to make where an article lacks them, such as kk,en.")]
Column = Annotated[
    list[str] | None, typer.Option("--column", help="LANG=COLUMN of a table's texts, such as ru=abstract; may be repeated.")
]
IdColumn = Annotated[str, typer.Option("--id-column", help="A table's column of ids (default: numbers).")]
Split = Annotated[str, typer.Option("--split", help="Of a dataset of the Hub.")]


def source_of(name: str, column: list[str] | None, id_column: str, split: str, sources: tuple[str, ...]) -> "Source":
    """Returns the opened input; raises KzalignError where it is not there or of no kind that can be read."""
    from kzalign.corpus.articles import open_articles
    from kzalign.mt.bulk.readers import Input, open_source

    lang = sources[0] if len(sources) == 1 else ""
    return open_source(Input(name, _columns(column, lang), id_column, split, lang), open_articles)


def langs_of(text: str | None, option: str) -> tuple[str, ...]:
    """Returns the languages that an option names; raises KzalignError for an unknown one."""
    langs = tuple(filter(None, (text or "").replace(" ", "").split(",")))
    for lang in langs:
        if lang not in LANGS:
            raise KzalignError(f"{option} {text}: {unknown('language', lang, LANGS)}")
    return langs


def _columns(options: list[str] | None, only: str) -> dict[str, str]:
    """Returns the columns by language; one without a language is in the one language that --from names."""
    columns: dict[str, str] = {}
    for option in options or []:
        lang, equals, name = option.partition("=")
        if not equals:
            lang, name = only, option
        if lang not in LANGS or not name:
            raise KzalignError(f"--column {option}: expected LANG=COLUMN with a language of {', '.join(LANGS)}")
        columns[lang] = name
    return columns
