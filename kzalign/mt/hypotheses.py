"""Hypotheses that something else made, read from a file: a line a text, or JSONL with a field."""

import json
from collections.abc import Sequence
from pathlib import Path

from kzalign.config import MtConfig
from kzalign.errors import KzalignError, unknown
from kzalign.mt.backend import EMPTY, Backend, Hypothesis, check_pair
from kzalign.mt.cards import MtCard
from kzalign.store import read_lines


class FileBackend(Backend):
    """A file of hypotheses; `{source}` and `{target}` in its name stand for the languages, so that each pair has its own."""

    def __init__(self, card: MtCard, settings: MtConfig) -> None:
        self._field = settings.field
        super().__init__(card, card.revision, "file")

    def hypotheses(self, texts: Sequence[str], source: str, target: str) -> list[Hypothesis]:
        """Returns the file's hypotheses; their number, and sources where it has any, must be those of the texts."""
        check_pair(self._card, source, target)
        path = Path(self._card.url.replace("{source}", source).replace("{target}", target))
        lines = read_lines(path)
        if path.suffix == ".jsonl":
            lines = [self._hypothesis(line, texts, i, path) for i, line in enumerate(lines)]
        if len(lines) != len(texts):
            some = min(len(lines), len(texts))
            first = f"text {some + 1} ('{texts[some][:60]}') has none" if len(texts) > some else f"line {some + 1} has no text"
            raise KzalignError(f"{path}: {len(lines)} hypotheses for {len(texts)} texts ({source}-{target}): {first}")
        found = [Hypothesis(line, () if line.strip() else (EMPTY,)) for line in lines]
        self._flags.update(flag for hypothesis in found for flag in hypothesis.flags)
        return found

    def _hypothesis(self, line: str, texts: Sequence[str], i: int, path: Path) -> str:
        where = f"{path}:{i + 1}"
        try:
            data = json.loads(line)
        except ValueError:
            raise KzalignError(f"{where}: not JSON; expected one object a line with the field '{self._field}'") from None
        if not isinstance(data, dict):
            raise KzalignError(f"{where}: not a JSON object with the field '{self._field}'")
        if self._field not in data:
            raise KzalignError(f"{where}: {unknown('field', self._field, data)}; set mt.field to the field of hypotheses")
        if not isinstance(data[self._field], str):
            raise KzalignError(f"{where}: the field '{self._field}' is not a text")
        source = data.get("source")
        if isinstance(source, str) and i < len(texts) and source != texts[i]:
            raise KzalignError(f"{where}: is of the source '{source[:60]}', but text {i + 1} is '{texts[i][:60]}'")
        return str(data[self._field])
