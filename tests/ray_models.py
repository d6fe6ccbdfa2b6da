"""Models for the tests of the ray engine: workers import them by name and write down what they do."""

import os
import signal
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from translators import Speller

from kzalign.errors import KzalignError
from kzalign.mt.backend import Hypothesis
from kzalign.mt.contract import Terms
from kzalign.records import dumps


class Logged(Speller):
    """A model that is told to take its time, and writes down each opening and each batch in a file of its own.

    `together`: how many must have been opened before any translates; a busy machine may open one long before the other.
    """

    def __init__(self, log: Path, seconds: float = 0.0, together: int = 1) -> None:
        super().__init__()
        self.seconds, self.together, self.folder = seconds, together, log
        log.mkdir(exist_ok=True)
        handle, _ = tempfile.mkstemp(dir=log)
        self.log = os.fdopen(handle, "w", encoding="utf-8")
        self.note("opened", [])

    def note(self, what: str, texts: Sequence[str]) -> None:
        """Writes a line."""
        self.log.write(dumps([os.getpid(), what, list(texts)]) + "\n")
        self.log.flush()

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns the texts spelled; asked for `a-3` once more it does better."""
        deadline = time.monotonic() + 240
        while len(list(self.folder.iterdir())) < self.together:
            assert time.monotonic() < deadline, "the others were not opened"
            time.sleep(0.01)
        self.note(target, texts)
        time.sleep(self.seconds)
        return ["Нет" if "номер 3 " in text else self.one(text, target) for text in texts]

    def generate(self, texts: Sequence[str], source: str, target: str, glossary: Sequence[Terms], **settings: Any) -> list[Any]:
        """Returns the texts spelled."""
        self.note(f"{target} again", texts)
        return [Hypothesis(self.one(text, target)) for text in texts]


class Bug(Logged):
    """A model with a bug in its fifth batch."""

    done = 0

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns the texts spelled, four times."""
        self.done += 1
        if self.done > 4:
            raise ZeroDivisionError("a bug of the model")
        return super().translate(texts, source, target)


class Refusing(Logged):
    """A model that cannot go on, for a reason that the user can mend."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Raises what a backend raises."""
        raise KzalignError("http://model: no answer")


class Deadly(Logged):
    """A model that takes its process with it at one text."""

    def translate(self, texts: Sequence[str], source: str, target: str) -> list[str]:
        """Returns the texts spelled, if it lives."""
        if any("номер 7 " in text for text in texts):
            os.kill(os.getpid(), signal.SIGKILL)
        return super().translate(texts, source, target)


class Unlike(Logged):
    """A model that is another one in each process."""

    @property
    def setup(self) -> str:
        """Returns what differs."""
        return f"on device {os.getpid()}"


class Absent(Logged):
    """A model that is not there."""

    def __init__(self, log: Path) -> None:
        raise KzalignError("no such model on this node")
