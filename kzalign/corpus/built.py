"""What a build writes into a dataset folder; all else there is the user's."""

from pathlib import Path

from kzalign.store import MANIFEST

README = "README.md"
DATA = "data"
BUILT = (README, MANIFEST, "rejects.jsonl", "report.html")
"""What every build writes beside its data."""


def built_files(path: Path) -> list[Path]:
    """Returns a path and, where it is a dataset folder, what the build wrote into it: an earlier output there is no input."""
    return [path, *(path / name for name in (*BUILT, DATA)), *(path / DATA).rglob("*")]
