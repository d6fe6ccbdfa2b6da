"""The documents that a command is given: found, kept apart from its outputs, read and told of."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from kzalign.config import Config
from kzalign.console import STOPPED, Ended, progress, say
from kzalign.records import Reject

if TYPE_CHECKING:
    from kzalign.kept import Kept


def with_rejects(output: Path) -> list[Path]:
    """Returns an output and the file of its rejects."""
    from kzalign.store import rejects_beside

    return [output, *([rejects_beside(output)] if output.name else [])]


@contextmanager
def keeping(output: Path, config: Config, aligned: bool) -> Iterator["Kept"]:
    """Yields where a run to an output keeps what its documents give; says what is kept where the run does not end well."""
    from kzalign.pipeline import kept_beside

    kept = kept_beside(output, config, aligned)
    try:
        yield kept
    except BaseException as error:
        stopped = isinstance(error, KeyboardInterrupt)
        if count := kept.count():
            told = f"what {count} documents gave is in {kept.folder}; the same command goes on from there"
            say("stopped:" if stopped else "kept:", told)
        if count and stopped:
            raise Ended(STOPPED) from None
        raise
    kept.drop()


def documents_of(
    paths: list[Path], config: Config, limit: int | None, jobs: int | None, outputs: list[Path], aligned: bool, kept: "Kept"
) -> Iterator[Any]:
    """Returns the manifest entries, rejects and articles of the documents in order; raises KzalignError at once for bad paths.

    What an earlier run wrote to the outputs in a folder that is read is no document; a document there is not overwritten.
    """
    from kzalign.extract.readers import Entry, file_of, find_documents, is_own_output
    from kzalign.store import is_same, refuse_inputs

    refuse_inputs(outputs, paths)
    ours = [one for one in outputs if one.is_file() and is_own_output(one)]

    def is_ours(place: Any) -> bool:
        return isinstance(place, Entry) and any(is_same(place.path, own) for own in ours)

    others: list[Any] = []
    found = [place for place in find_documents(paths, config.extract, others) if not is_ours(place)]
    others = [place for place in others if not is_ours(place)]
    refuse_inputs(outputs, map(file_of, [*found, *others]))
    if count := kept.count():
        say("going on:", f"what {count} documents gave an earlier run is in {kept.folder}")
    return _processed(found[:limit], [] if limit else others, config, jobs, aligned, kept)


def _processed(
    found: list[Any], others: list[Any], config: Config, jobs: int | None, aligned: bool, kept: "Kept"
) -> Iterator[Any]:
    """Yields what the documents give, and a reject for each of the others, which no reader takes."""
    from kzalign.extract.readers import printable
    from kzalign.pipeline import process_all

    for document in progress(process_all(found, config, aligned, jobs, kept), "documents", len(found)):
        for reject in document.rejects:
            if reject.stage == "read":
                say("skipped", f"{document.entry['file']}: {reject.reason}")
        yield document.entry
        yield from document.rejects
        yield from document.articles
    for other in others:
        yield Reject("read", printable(other.name), other.problem, {"file": printable(other.name)})
    if others:
        suffixes = Counter(printable(other.suffix.lower()) or "without a suffix" for other in others)
        told = ", ".join(f"{count} {suffix}" for suffix, count in suffixes.most_common())
        say("not read:", f"{len(others)} files of other formats ({told}); the rejects name them")
