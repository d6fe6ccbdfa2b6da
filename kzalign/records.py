"""The records every stage reads and writes, and their JSON form.

A gold file and a line of output are the same type, so that scoring is a comparison.
"""

import json
from dataclasses import asdict, dataclass, field, replace
from typing import Any

LANGS = ("kk", "ru", "en")
PAIRS = ("kk-ru", "kk-en", "ru-en")

Spans = tuple[tuple[int, int], ...]
"""1-based inclusive line ranges, as `sed -n` counts them."""


def dumps(value: Any) -> str:
    """Returns one line of JSON, keys in the order given, letters unescaped."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


SOURCE = ("authors", "doi", "udc", "irsti", "journal", "issn", "volume", "issue", "pages", "year", "licence")
"""What a format may say about where an article comes from."""


@dataclass(frozen=True, slots=True)
class Part:
    """Lines of a document that its format names as a title, an abstract, keywords, or one of SOURCE.

    `group`: what the format says belongs together, such as a language's code. It is never taken for the language.
    """

    role: str
    lines: tuple[int, int]
    group: str = ""


@dataclass(frozen=True, slots=True)
class Marked:
    """An article whose parts its format names, in the document's order."""

    lines: tuple[int, int]
    parts: tuple[Part, ...]


@dataclass(frozen=True, slots=True)
class Margin:
    """A running head, a foot or a page's number, which is no line of the document; pages count from 1."""

    page: int
    text: str
    foot: bool = False


@dataclass(frozen=True, slots=True)
class Issue:
    """One document as a reader yields it: numbered lines, before any repair.

    `pages`: the line that each page begins with, where there are pages. `unread`: what gave no text, each with its place
    and the reason. `marked`: the articles, where the format names their parts; else they are found in the lines.
    `recognised`: by the number of a line that OCR read, the confidence of each of its words; `recogniser`: what read them.
    `margins`: what runs from page to page and was taken off the lines, in the document's order. `bad_bytes`: how many bytes
    were no text of the encoding; U+FFFD stands in their places.
    """

    id: str
    origin: str
    sha256: str
    encoding: str
    lines: tuple[str, ...]
    pages: tuple[int, ...] = ()
    unread: tuple[str, ...] = ()
    marked: tuple[Marked, ...] = ()
    recognised: dict[int, tuple[float, ...]] = field(default_factory=dict)
    recogniser: str = ""
    margins: tuple[Margin, ...] = ()
    bad_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Machine:
    """How a version was made by machine translation."""

    model: str
    """`model@revision`."""
    settings: str
    """The beginning of the SHA-256 of the run's settings, which the output's manifest spells out."""
    date: str
    """The day the run began, as 2026-01-31."""
    source: str
    """The language it was translated from."""
    fields: tuple[str, ...]
    """What the machine wrote, of title, abstract and keywords; the rest is the author's."""
    flags: dict[str, tuple[str, ...]] = field(default_factory=dict)
    """By place (`title/0`, `abstract/3`: the sentence's index, `keywords/1`) the checks that the text failed."""

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Machine":
        """Returns the record that a JSON object describes."""
        flags = {place: tuple(names) for place, names in data["flags"].items()}
        return cls(data["model"], data["settings"], data["date"], data["source"], tuple(data["fields"]), flags)


OPTIONAL = frozenset(("original", "machine", "ocr"))
"""Fields of a version that its object lacks where they are None."""


@dataclass(frozen=True, slots=True)
class Version:
    """One language of an article.

    `confidence`: of the language. `original`: the abstract's lines unrepaired, where that differs. `machine`: None for a text
    that people wrote. `ocr`: the mean confidence of the words that OCR read of it; None where it read none.
    """

    lang: str
    title: str | None = None
    abstract: str = ""
    sentences: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    title_lines: Spans = ()
    heading_line: int | None = None
    abstract_lines: Spans = ()
    keywords_lines: Spans = ()
    confidence: float = 1.0
    original: str | None = None
    machine: Machine | None = None
    ocr: float | None = None

    def to_json(self) -> dict[str, Any]:
        """Returns the object that a language of an article is in a line of articles.jsonl."""
        data = {name: getattr(self, name) for name in self.__slots__ if name != "lang"}
        if self.machine:
            data["machine"] = asdict(self.machine)
        return {name: value for name, value in data.items() if value is not None or name not in OPTIONAL}

    @classmethod
    def from_json(cls, lang: str, data: dict[str, Any]) -> "Version":
        """Returns the version that a JSON object (gold or output) describes."""
        sentences = tuple(data.get("sentences") or ())
        return cls(
            lang=lang,
            title=data.get("title"),
            abstract=data.get("abstract") or " ".join(sentences),
            sentences=sentences,
            keywords=tuple(data.get("keywords") or ()),
            title_lines=_spans(data.get("title_lines")),
            heading_line=data.get("heading_line"),
            abstract_lines=_spans(data.get("abstract_lines")),
            keywords_lines=_spans(data.get("keywords_lines")),
            confidence=float(data.get("confidence", 1.0)),
            original=data.get("original"),
            machine=Machine.from_json(data["machine"]) if data.get("machine") else None,
            ocr=None if data.get("ocr") is None else float(data["ocr"]),
        )


@dataclass(frozen=True, slots=True)
class Bead:
    """Sentences `left` together translate sentences `right`; score is a probability in [0, 1]."""

    left: tuple[int, ...]
    right: tuple[int, ...]
    score: float = 1.0

    def to_json(self) -> list[Any]:
        """Returns `[[left…], [right…], score]`."""
        return [list(self.left), list(self.right), round(self.score, 4)]


@dataclass(frozen=True, slots=True)
class Article:
    """An article's versions by language and, after align, its beads by pair.

    `source`: by a name of SOURCE, what the document's format says about where the article comes from.
    """

    id: str
    issue_id: str
    article_lines: tuple[int, int] = (0, 0)
    versions: dict[str, Version] = field(default_factory=dict)
    alignment: dict[str, tuple[Bead, ...]] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    source: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def human(self) -> "Article":
        """Returns the article without the versions that a machine made and their alignments."""
        made = {lang for lang, version in self.versions.items() if version.machine}
        if not made:
            return self
        versions = {lang: version for lang, version in self.versions.items() if lang not in made}
        alignment = {pair: beads for pair, beads in self.alignment.items() if not made & set(pair.split("-"))}
        return replace(self, versions=versions, alignment=alignment)

    def to_json(self) -> dict[str, Any]:
        """Returns the object that one line of articles.jsonl holds."""
        return {
            "id": self.id,
            "issue_id": self.issue_id,
            "article_lines": list(self.article_lines),
            "versions": {lang: self.versions[lang].to_json() for lang in LANGS if lang in self.versions},
            "alignment": {p: [b.to_json() for b in self.alignment[p]] for p in PAIRS if p in self.alignment},
            "notes": list(self.notes),
            **({"source": {name: list(values) for name, values in self.source.items()}} if self.source else {}),
        }

    @classmethod
    def from_json(cls, data: dict[str, Any]) -> "Article":
        """Returns the article of an output line or a gold file; raises KeyError, TypeError or ValueError if it is neither."""
        issue_id = data.get("issue_id") or data["seed"].rsplit(".", 1)[0]
        versions = {lang: Version.from_json(lang, v) for lang, v in data["versions"].items()}
        for lang in versions:
            if lang not in LANGS:
                raise ValueError(f"language '{lang}' is not one of {', '.join(LANGS)}")
        alignment = {
            pair: tuple(Bead(tuple(b[0]), tuple(b[1]), float(b[2]) if len(b) > 2 else 1.0) for b in beads)
            for pair, beads in (data.get("alignment") or {}).items()
        }
        first, last = data.get("article_lines") or (0, 0)
        source = {name: tuple(values) for name, values in (data.get("source") or {}).items()}
        return cls(data["id"], issue_id, (first, last), versions, alignment, tuple(data.get("notes") or ()), source)


@dataclass(frozen=True, slots=True)
class Segment:
    """A published row: the same sentence or sentences in two or three languages."""

    id: str
    article_id: str
    issue_id: str
    text: dict[str, str]
    sentence_ids: dict[str, tuple[int, ...]]
    lines: dict[str, Spans]
    scores: dict[str, float]
    split: str


@dataclass(frozen=True, slots=True)
class Reject:
    """What a stage dropped, and why."""

    stage: str
    id: str
    reason: str
    record: dict[str, Any] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """Returns the object that one line of rejects.jsonl holds."""
        return {"stage": self.stage, "id": self.id, "reason": self.reason, "record": self.record}


@dataclass(frozen=True, slots=True)
class Score:
    """One figure of a model on a benchmark: value and 95 % interval in the metric's unit, over n segments or counted things."""

    benchmark: str
    model: str
    pair: str
    metric: str
    value: float
    interval: tuple[float, float]
    n: int
    signature: str

    def to_json(self) -> dict[str, Any]:
        """Returns the object that one line of scores.jsonl holds, figures rounded to six places."""
        data = asdict(self)
        return data | {"value": round(self.value, 6), "interval": [round(bound, 6) for bound in self.interval]}


def _spans(value: Any) -> Spans:
    return tuple((int(first), int(last)) for first, last in value or ())
