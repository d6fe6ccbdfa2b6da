"""Tesseract, run as a program of its own for each page: it may hang, swell or die without the run.

The program is asked for words with boxes as tab-separated values. A library bound to it would need its headers to build, and
would take the reading process down with it.
"""

import math
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain, groupby, pairwise
from pathlib import Path
from statistics import median

from kzalign.config import ExtractConfig
from kzalign.errors import KzalignError
from kzalign.extract.readers.mixups import unmixed
from kzalign.extract.readers.words import BLANKS, PITCH, Recognised, Word

PROGRAM = "tesseract"
INSTALL = "Debian and Ubuntu: apt install {}; macOS: brew install tesseract tesseract-lang"
PATIENCE = 30
"""Seconds in which Tesseract says which languages it has."""

PAGE_LEVEL, LINE_LEVEL, WORD_LEVEL = "1", "4", "5"
COLUMNS = 12
"""Of a row: level, page, block, paragraph, line, word, left, top, width, height, confidence, text."""

CELL = 2.0
"""Gap, in heights of the line, between the cells of a table."""

WIDER = 2.0
"""How much wider such a gap is than the line's usual one: lines of narrow columns are stretched."""


@dataclass(frozen=True, slots=True)
class Engine:
    """A Tesseract that has the languages asked for."""

    program: str
    version: str
    languages: str
    turns: bool
    """Whether it has what finds a page's orientation."""

    @property
    def name(self) -> str:
        """Returns the program, its version and its languages."""
        return f"{PROGRAM} {self.version} {self.languages}"


def find_engine(languages: str) -> Engine:
    """Returns the Tesseract on the PATH; raises KzalignError that says what to install where it or a language is missing."""
    wanted = languages.split("+")
    packages = " ".join((PROGRAM + "-ocr", *(_package(lang) for lang in wanted)))
    program = shutil.which(PROGRAM)
    if program is None:
        raise KzalignError(f"OCR needs Tesseract, which is not on the PATH; {INSTALL.format(packages)}")
    version, have = _asked(program, os.environ.get("TESSDATA_PREFIX"))
    if missing := [lang for lang in wanted if lang not in have]:
        packages = " ".join(map(_package, missing))
        raise KzalignError(f"Tesseract {version} has no language {', '.join(missing)}; {INSTALL.format(packages)}")
    return Engine(program, version, languages, "osd" in have)


def _package(lang: str) -> str:
    return f"{PROGRAM}-ocr-{lang.replace('_', '-')}"


@lru_cache(maxsize=8)
def _asked(program: str, data: str | None) -> tuple[str, frozenset[str]]:
    """Returns the version and the languages that the program names; `data` is where the environment says these are."""
    said = []
    for question in ("--version", "--list-langs"):
        try:
            done = subprocess.run([program, question], capture_output=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
        except subprocess.TimeoutExpired:
            raise KzalignError(f"{program} {question} says nothing for {PATIENCE} seconds: install Tesseract anew") from None
        except OSError as error:
            raise KzalignError(f"{program} cannot be run: {error.strerror or error}") from None
        # older versions answer on the other stream
        said.append((done.stdout + b"\n" + done.stderr).decode("utf-8", errors="replace"))
    version = re.search(r"tesseract\s+v?([\d.]+\S*)", said[0])
    return version[1] if version else "of unknown version", frozenset(re.findall(r"^[\w/]+$", said[1].replace("\r", ""), re.M))


class Reading:
    """Tesseract at work on the image in a file."""

    def __init__(self, engine: Engine, image: Path, config: ExtractConfig, options: tuple[str, ...] = ()) -> None:
        self.image = image
        self.answer, self.complaint = image.with_suffix(".tsv"), image.with_suffix(".log")
        command = [engine.program, str(image), "stdout", "-l", engine.languages, *options, "-c", "tessedit_create_tsv=1"]
        with self.answer.open("wb") as out, self.complaint.open("wb") as log:
            self.process = subprocess.Popen(
                command, stdin=subprocess.DEVNULL, stdout=out, stderr=log, env=os.environ | {"OMP_THREAD_LIMIT": "1"}
            )
        _limit(self.process.pid, config)

    def ended(self) -> bool:
        """Says whether it is done."""
        return self.process.poll() is not None

    def kill(self) -> None:
        """Ends it, whatever it does."""
        self.process.kill()
        self.process.wait()

    def result(self) -> str:
        """Returns its answer; raises ValueError with why there is none."""
        if self.process.returncode:
            said = self.complaint.read_text("utf-8", errors="replace").strip().splitlines()
            # the first error is the cause; before it come guesses, after it what follows from it
            cause = next((line for line in said if line.startswith("Error")), said[-1] if said else "")
            why = f": {' '.join(cause.split())[:200]}" if cause else ""
            raise ValueError(f"OCR failed (exit code {self.process.returncode}{why})")
        return self.answer.read_text("utf-8", errors="replace")


def _limit(process: int, config: ExtractConfig) -> None:
    """Limits the memory and the time of the processor that a process may take, where the system keeps such limits of others."""
    try:
        from resource import RLIMIT_AS, RLIMIT_CPU, prlimit
    except ImportError:
        return
    seconds, memory = int(config.ocr_seconds) + 2, int(config.max_memory_megabytes * 1e6)
    try:
        prlimit(process, RLIMIT_CPU, (seconds, seconds))
        prlimit(process, RLIMIT_AS, (memory, memory))
    except (OSError, ValueError):
        # it has ended already, or the system's own limits are lower
        return


@dataclass(frozen=True, slots=True)
class _Row:
    """A line or a word of the answer, its box in pixels, y downwards."""

    level: str
    place: tuple[str, ...]
    left: int
    top: int
    width: int
    height: int
    confidence: float
    text: str


def lines_from(answer: str, scale: float | None, height: float) -> list[Word]:
    """Returns the lines of Tesseract's answer in its reading order, blank ones where paragraphs stand apart.

    Boxes are in points, `scale` for a pixel; without it the page is taken for one of `height` points.
    """
    rows = list(_rows(answer))
    pixels = max((row.height for row in rows if row.level == PAGE_LEVEL), default=0) or 1
    points = scale or height / pixels
    lines: list[Word] = []
    last: tuple[str, ...] = ()
    for place, group in groupby((row for row in rows if row.level in (LINE_LEVEL, WORD_LEVEL)), key=lambda row: row.place):
        first, *words = group
        if first.level != LINE_LEVEL or not words:
            continue
        line = _line(first, words, points, height)
        above = lines[-1] if lines else None
        if above and place[:-1] != last[:-1] and _apart(above, line):
            lines.append(Word("", line.left, line.top, line.left, line.top))
        lines.append(line)
        last = place
    return lines


def _rows(answer: str) -> Iterator[_Row]:
    """Yields what the answer has of pages, of lines, and of words that are no blanks."""
    for text in answer.split("\n"):
        cells = text.rstrip("\r").split("\t")
        if len(cells) != COLUMNS or cells[0] not in (PAGE_LEVEL, LINE_LEVEL, WORD_LEVEL):
            continue
        if cells[0] == WORD_LEVEL and not cells[11].strip():
            continue
        try:
            left, top, width, height = map(int, cells[6:10])
            yield _Row(cells[0], tuple(cells[1:5]), left, top, width, height, float(cells[10]), cells[11].strip())
        except ValueError:
            continue


def _line(line: _Row, words: list[_Row], points: float, height: float) -> Recognised:
    gaps = [b.left - a.left - a.width for a, b in pairwise(words)]
    cell = max(CELL * line.height, WIDER * median(gaps)) if len(gaps) > 1 else math.inf
    blanks = [BLANKS if gap > cell else " " for gap in gaps]
    text = "".join(chain.from_iterable(zip(["", *blanks], (word.text for word in words), strict=True)))
    sure = tuple(min(1.0, max(0.0, word.confidence / 100)) for word in words)
    right = (words[-1].left + words[-1].width) * points
    bottom, top = height - (line.top + line.height) * points, height - line.top * points
    return Recognised(unmixed(text), line.left * points, bottom, right, top, confidences=sure)


def _apart(above: Word, line: Word) -> bool:
    """Says whether a blank line stands between two lines, or the second one begins another column."""
    return above.bottom - line.top > (PITCH - 1) * max(above.height, line.height) or line.middle > above.middle
