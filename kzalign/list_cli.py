"""`kzalign list`: what the tables hold that a user chooses from."""

from typing import Annotated

import typer

from kzalign.errors import unknown

app = typer.Typer()


@app.command(name="list")
def list_names(table: Annotated[str, typer.Argument(help="A table's name.")]) -> None:
    """List what a choice may be: aligners, backends, encoders, filters, formats, metrics, models, readers.

    Example: `kzalign list filters`
    """
    from kzalign.align import ALIGNERS
    from kzalign.bench.mt.metrics import METRICS
    from kzalign.cards import encoder_cards
    from kzalign.corpus.exports import EXPORTS
    from kzalign.corpus.filters import FILTERS
    from kzalign.extract.readers import readable
    from kzalign.mt import BACKENDS, mt_cards

    tables: dict[str, list[str]] = {
        "aligners": sorted(ALIGNERS),
        "backends": sorted(BACKENDS),
        "encoders": sorted(encoder_cards()),
        "filters": [f"{name:14} {filter_.measures}" for name, filter_ in FILTERS.items()],
        "formats": sorted(EXPORTS),
        "metrics": sorted(METRICS),
        "models": [f"{name:14} {card.licence:24} {' '.join(card.languages)}" for name, card in mt_cards().items()],
        "readers": readable(),
    }
    if table not in tables:
        raise unknown("table", table, tables)
    for line in tables[table]:
        typer.echo(line)
