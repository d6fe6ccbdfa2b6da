"""How much of the gold's abstracts, titles, keywords, sentences and aligned pairs a system found.

A gold abstract is found when an article of the same issue has that language's abstract equal to it after
folding (exact), or similar (near). A gold article is whole when one system article has all of its abstracts
and no other. Sentences and pairs are compared as folded text over the articles matched so.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from kzalign.bench.folding import fold, similarity
from kzalign.bench.report import Agreement, Share, table
from kzalign.bench.resampling import Bootstrap, signature
from kzalign.errors import KzalignError
from kzalign.records import PAIRS, Article, Version

NEAR = 0.95
"""Similarity from which on an abstract counts as found."""

ENDS = 40
"""Folded characters that a candidate shares at either end, or whose sequel it holds, before the slow comparison."""


@dataclass(frozen=True, slots=True)
class Finding:
    """What is wrong with one article: where is a language, a pair, or `*` for the whole."""

    article_id: str
    where: str
    figure: str
    what: str

    def __str__(self) -> str:
        """Returns the finding as one line."""
        return f"{self.article_id} {self.where} {self.figure}: {self.what}"


@dataclass(frozen=True, slots=True)
class ExtractionReport:
    """The figures over all gold articles, and all that is wrong, article by article."""

    exact: Share
    near: Share
    extra: int
    whole: Share
    titles: Share
    keywords: Share
    sentences: Agreement
    pairs: dict[str, Agreement]
    findings: tuple[Finding, ...]
    signature: str
    aligned: bool = True
    """Whether an article of the gold's issues has any bead: of pairs nothing can be said where none has."""

    def to_json(self) -> dict[str, Any]:
        """Returns the report as one JSON object, figures rounded to four places."""
        return {
            "versions": self.exact.of,
            "extra": self.extra,
            **{name: share.to_json() for name, share in self._shares().items()},
            "sentences": self.sentences.to_json(),
            "pairs": {pair: agreement.to_json() for pair, agreement in self.pairs.items()} if self.aligned else None,
            "findings": [[f.article_id, f.where, f.figure, f.what] for f in self.findings],
            "signature": self.signature,
        }

    def lines(self) -> list[str]:
        """Returns the figures as lines of plain text, without the findings."""
        shares = [(name, f"{share.hit}/{share.of}", str(share.estimate)) for name, share in self._shares().items()]
        agreements = {"sentences": self.sentences, **{f"pairs {pair}": a for pair, a in self.pairs.items() if self.aligned}}
        return [
            *table(("figure", "found", "share"), [*shares, ("extra", str(self.extra), "")]),
            "",
            *table(("figure", "precision", "recall", "F1"), [(name, *a.cells()) for name, a in agreements.items()]),
            *([] if self.aligned else ["pairs: not aligned: run `kzalign align` on the articles first"]),
            "",
            self.signature,
        ]

    def _shares(self) -> dict[str, Share]:
        return {
            "exact": self.exact,
            "near": self.near,
            "whole": self.whole,
            "titles": self.titles,
            "keywords": self.keywords,
        }


@dataclass(frozen=True, slots=True)
class _Candidate:
    """A system article with its folded abstracts by language."""

    article: Article
    abstracts: dict[str, str]


@dataclass(frozen=True, slots=True, order=True)
class _Match:
    """The abstract nearest to a gold one. The order of the fields is the order of preference."""

    similarity: float
    right_label: bool
    candidate: int
    lang: str


@dataclass(frozen=True, slots=True)
class _Tally:
    """What one gold article adds to the figures."""

    article_id: str
    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)
    used: set[tuple[int, str]] = field(default_factory=set)

    def count(self, name: str, hit: int, of: int) -> None:
        self.counts[f"{name} hit"] += hit
        self.counts[f"{name} of"] += of

    def note(self, where: str, figure: str, what: str) -> None:
        self.findings.append(Finding(self.article_id, where, figure, what))


def score_extraction(articles: Sequence[Article], gold: Sequence[Article]) -> ExtractionReport:
    """Returns how the articles compare with the gold; beads that name sentences their text lacks are a KzalignError."""
    issues: dict[str, list[_Candidate]] = {article.issue_id: [] for article in gold}
    for article in articles:
        if article.issue_id in issues:
            issues[article.issue_id].append(_candidate(article))
    tallies = []
    used: dict[str, set[tuple[int, str]]] = defaultdict(set)
    for article in gold:
        tally = _score_article(article, issues[article.issue_id])
        used[article.issue_id] |= tally.used
        tallies.append(tally)
    extra = [finding for issue, candidates in issues.items() for finding in _extra(candidates, used[issue])]
    bootstrap = Bootstrap.draw(len(gold))
    there = [candidate.article for candidates in issues.values() for candidate in candidates]
    aligned = not there or any(article.alignment for article in there)
    findings = [finding for tally in tallies for finding in tally.findings if aligned or finding.figure != "pairs"]

    def column(name: str) -> list[int]:
        return [tally.counts[name] for tally in tallies]

    def share(name: str) -> Share:
        return bootstrap.share(column(f"{name} hit"), column(f"{name} of"))

    def agreement(name: str) -> Agreement:
        hit = column(f"{name} hit")
        return bootstrap.agreement((hit, column(f"{name} system")), (hit, column(f"{name} of")))

    return ExtractionReport(
        exact=share("exact"),
        near=share("near"),
        extra=len(extra),
        whole=share("whole"),
        titles=share("titles"),
        keywords=share("keywords"),
        sentences=agreement("sentences"),
        pairs={pair: agreement(pair) for pair in (*PAIRS, "all")},
        findings=(*findings, *extra),
        signature=signature("extraction", len(gold)),
        aligned=aligned,
    )


def _abstract(version: Version) -> str:
    return version.abstract or " ".join(version.sentences)


def _candidate(article: Article) -> _Candidate:
    return _Candidate(article, {lang: fold(_abstract(version)) for lang, version in article.versions.items()})


def _langs_with_text(article: Article) -> list[str]:
    return [lang for lang, version in article.versions.items() if version.abstract or version.sentences]


def _extra(candidates: Iterable[_Candidate], used: set[tuple[int, str]]) -> Iterator[Finding]:
    for number, candidate in enumerate(candidates):
        for lang in _langs_with_text(candidate.article):
            if (number, lang) not in used:
                yield Finding(candidate.article.id, lang, "extra", "matches no gold abstract")


def _score_article(gold: Article, candidates: Sequence[_Candidate]) -> _Tally:
    tally = _Tally(gold.id)
    with_text = [lang for lang, version in gold.versions.items() if version.sentences]
    matches = _match_versions(gold, candidates, tally)
    home = _home([match.candidate for match in matches.values()]) if with_text else None
    if with_text:
        whole = home is not None and _is_whole(with_text, matches, candidates[home].article, home)
        tally.count("whole", whole, 1)
        if not whole:
            tally.note("*", "whole", "no article with all of its abstracts and no other")
    system = candidates[home].article if home is not None else Article("", gold.issue_id)
    for lang in with_text:
        _score_content(gold.versions[lang], system.versions.get(lang, Version(lang)), tally)
    for pair in gold.alignment:
        _score_pair(gold, system, pair, tally)
    return tally


def _match_versions(gold: Article, candidates: Sequence[_Candidate], tally: _Tally) -> dict[str, _Match]:
    """Returns the matches with the right label, and counts all of them."""
    matches = {}
    for lang, version in gold.versions.items():
        want = fold(" ".join(version.sentences))
        if not want:
            continue
        match = _nearest(want, lang, candidates)
        found = match.similarity if match and match.right_label else 0.0
        tally.count("exact", found == 1.0, 1)
        tally.count("near", found >= NEAR, 1)
        if match:
            tally.used.add((match.candidate, match.lang))
        if match is None:
            tally.note(lang, "versions", "not found")
        elif not match.right_label:
            tally.note(lang, "versions", f"labelled {match.lang}")
        else:
            matches[lang] = match
            if found < 1.0:
                tally.note(lang, "versions", f"similarity {found:.3f}")
    return matches


def _nearest(want: str, lang: str, candidates: Sequence[_Candidate]) -> _Match | None:
    matches = (
        _Match(similarity(want, have), have_lang == lang, number, have_lang)
        for number, candidate in enumerate(candidates)
        for have_lang, have in candidate.abstracts.items()
        if have and _comparable(want, have)
    )
    return max(matches, default=None)


def _comparable(want: str, have: str) -> bool:
    """An empty sequel is in every text: an abstract shorter than `ENDS` is compared with all of the issue's."""
    return have[:ENDS] == want[:ENDS] or have[-ENDS:] == want[-ENDS:] or want[ENDS : ENDS + 50] in have


def _home(numbers: list[int]) -> int | None:
    """Returns the article that most matches are in; a tie falls by the order of the set, as in the gold's own scorer."""
    return max(set(numbers), key=numbers.count) if numbers else None


def _is_whole(with_text: list[str], matches: Mapping[str, _Match], article: Article, home: int) -> bool:
    found = {lang for lang, match in matches.items() if match.candidate == home and match.similarity >= NEAR}
    return found >= set(with_text) >= set(_langs_with_text(article))


def _score_content(gold: Version, system: Version, tally: _Tally) -> None:
    want, have = [fold(s) for s in gold.sentences], [fold(s) for s in system.sentences]
    hit = set(want) & set(have)
    tally.count("sentences", len(hit), len(want))
    tally.counts["sentences system"] += len(have)
    if missed := [s for s in want if s not in hit]:
        tally.note(gold.lang, "sentences", f"{len(missed)} of {len(want)} missed")
    if gold.title:
        same = fold(gold.title) == fold(system.title or "")
        tally.count("titles", same, 1)
        if not same:
            tally.note(gold.lang, "titles", f"differs: {system.title}" if system.title else "missing")
    keywords = {fold(keyword) for keyword in system.keywords}
    absent = [keyword for keyword in gold.keywords if fold(keyword) not in keywords]
    tally.count("keywords", len(gold.keywords) - len(absent), len(gold.keywords))
    if absent:
        tally.note(gold.lang, "keywords", f"missing: {', '.join(absent)}")


def _score_pair(gold: Article, system: Article, pair: str, tally: _Tally) -> None:
    want, have = _pair_texts(gold, pair), _pair_texts(system, pair)
    for name in (pair, "all"):
        tally.count(name, len(want & have), len(want))
        tally.counts[f"{name} system"] += len(have)
    if want != have:
        tally.note(pair, "pairs", f"{len(want - have)} gold pairs missed, {len(have - want)} wrong")


def _pair_texts(article: Article, pair: str) -> set[tuple[str, str]]:
    left, right = pair.split("-")
    if left not in article.versions or right not in article.versions:
        return set()
    return {
        (_text(article, left, bead.left), _text(article, right, bead.right))
        for bead in article.alignment.get(pair, ())
        if bead.left and bead.right
    }


def _text(article: Article, lang: str, indices: tuple[int, ...]) -> str:
    sentences = article.versions[lang].sentences
    foreign = [i for i in indices if i not in range(len(sentences))]
    if foreign:
        raise KzalignError(f"{article.id}: a bead names {lang} sentences {foreign} of {len(sentences)}: align the article again")
    return fold("".join(sentences[i] for i in indices))
