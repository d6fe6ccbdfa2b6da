"""Options that several commands share, with one help text each."""

from pathlib import Path
from typing import Annotated

import typer

Output = Annotated[Path, typer.Option("--output", "-o", help="Where to write; must not exist unless --force.")]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="TOML file of settings, such as [filters] alignment = 0.9."),
]
Setting = Annotated[list[str] | None, typer.Option("--set", help="One setting, section.key=value; may be repeated.")]
Locked = Annotated[bool, typer.Option("--locked", help="Refuse a model whose revision neither its card nor the lock file pins.")]
Force = Annotated[bool, typer.Option("--force", help="Replace the output if it exists.")]
Json = Annotated[bool, typer.Option("--json", help="Print a machine-readable summary.")]
