"""What a translation benchmark asks: sources, references, the article each segment is of, and the articles' own terms."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from kzalign.errors import KzalignError, unknown
from kzalign.records import LANGS, Article

Terms = tuple[tuple[str, str], ...]
"""Keywords of one article, source and target."""

SHOWN = 60


@dataclass(frozen=True, slots=True)
class EvalSet:
    """n segments of one direction, such as `ru-kk`; the segments of an article stand together."""

    name: str
    direction: str
    sources: tuple[str, ...]
    references: tuple[str, ...]
    articles: tuple[str, ...]
    terms: Mapping[str, Terms] = field(default_factory=dict)

    def __post_init__(self) -> None:
        source, _, target = self.direction.partition("-")
        for lang in (source, target):
            if lang not in LANGS:
                raise unknown(f"language in '{self.direction}' of {self.name}:", lang, LANGS)
        if not self.references:
            raise KzalignError(f"{self.name}: no segment: there is nothing to score")
        counts = {"sources": len(self.sources), "references": len(self.references), "article ids": len(self.articles)}
        if len(set(counts.values())) > 1:
            raise KzalignError(f"{self.name}: {', '.join(f'{n} {what}' for what, n in counts.items())}: they must be as many")
        runs = [article for article, _ in groupby(self.articles)]
        again = next((article for place, article in enumerate(runs) if article in runs[:place]), None)
        if again is not None:
            raise KzalignError(f"{self.name}: the segments of article {again} do not stand together: sort them by article")

    @property
    def langs(self) -> tuple[str, str]:
        """Returns the source's and the target's language."""
        source, _, target = self.direction.partition("-")
        return source, target

    def check_hypotheses(self, system: str, hypotheses: Sequence[str]) -> None:
        """Raises KzalignError where a system has more or fewer hypotheses than there are references, naming the first odd one."""
        have, want = len(hypotheses), len(self.references)
        if have == want:
            return
        where = f"{system}: {have} hypotheses for the {want} references of {self.name}"
        if have < want:
            raise KzalignError(
                f"{where}: the first without one is {have + 1} (article {self.articles[have]}): '{_short(self.sources[have])}'"
            )
        raise KzalignError(f"{where}: the first too many is {want + 1}: '{_short(hypotheses[want])}'")

    def whole_articles(self) -> "EvalSet":
        """Returns the set with one segment an article: its sources and references joined by spaces."""
        articles = tuple(dict.fromkeys(self.articles))
        return replace(self, sources=self.join(self.sources), references=self.join(self.references), articles=articles)

    def join(self, texts: Sequence[str]) -> tuple[str, ...]:
        """Returns the texts of each article joined by spaces, empty ones left out, in the articles' order."""
        pairs = groupby(zip(self.articles, texts, strict=True), key=lambda pair: pair[0])
        return tuple(" ".join(text for _, text in group if text.strip()) for _, group in pairs)


def terms_of(article: Article, source: str, target: str) -> Terms:
    """Returns the article's author keywords as pairs; none where the two lists differ in length and so in order."""
    lists = [article.versions[lang].keywords if lang in article.versions else () for lang in (source, target)]
    return tuple(zip(*lists, strict=True)) if len(lists[0]) == len(lists[1]) else ()


def _short(text: str) -> str:
    return text if len(text) <= SHOWN else f"{text[:SHOWN]}…"
