"""What a push will do, checked without the network."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kzalign.corpus.built import BUILT, DATA, README
from kzalign.corpus.card.version import dataset_version
from kzalign.corpus.provenance import sources_of
from kzalign.corpus.publish.folder import read_folder
from kzalign.corpus.publish.readme import problems_of
from kzalign.errors import KzalignError
from kzalign.hub.client import DATASET
from kzalign.hub.plan import Plan, check_message, check_repo, check_tag, text_of

NAMED = 3
"""Documents that a message names."""


def plan(folder: Path, repo: str, public: bool = False, tag: str | None = None, message: str | None = None) -> Plan:
    """Returns what pushing a folder would do; raises KzalignError where the folder, a name or the card is not fit for it."""
    check_repo(repo)
    build = read_folder(folder)
    tag = dataset_version(build.manifest) if tag is None else tag
    check_tag(tag)
    if message is None:
        message = f"{tag}: {build.manifest.get('articles', 0)} articles from {len(build.manifest['inputs'])} documents"
    check_message(message)
    names = frozenset(file.name for file in build.files)
    problems = problems_of(text_of(folder / README), names)
    if problems:
        raise KzalignError(f"{folder / README}: {'; '.join(problems)}")
    return Plan(
        DATASET, repo, not public, tag, message, build.files, build.strays, _refusals(build.manifest), (*BUILT, f"{DATA}/*")
    )


def _refusals(manifest: Mapping[str, Any]) -> tuple[str, ...]:
    """Returns a reason if documents with articles have no licence."""
    with_articles = [entry for entry in manifest["inputs"] if entry.get("articles", 0)]
    unnamed = [
        entry["file"] for entry in with_articles if not all(one.get("licence") for one in sources_of(manifest, entry["id"]))
    ]
    if not unnamed:
        return ()
    more = f" and {len(unnamed) - NAMED} more" if len(unnamed) > NAMED else ""
    return (
        f"no licence is named for {', '.join(unnamed[:NAMED])}{more}: name them in a sources.toml and "
        "run `kzalign build --sources sources.toml` again",
    )
