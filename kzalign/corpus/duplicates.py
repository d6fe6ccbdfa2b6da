"""Articles published twice, articles too alike to stand in different splits, and pairs of sentences that come again."""

from array import array
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from sys import intern

import numpy as np

from kzalign.config import BuildConfig
from kzalign.corpus.signatures import Signatures
from kzalign.corpus.wording import evidence, joined_key
from kzalign.records import LANGS, Article
from kzalign.text.wording import text_key, wording


@dataclass(frozen=True, slots=True)
class Entry:
    """What is remembered of an article.

    `key` is a hash of its titles and abstracts; `earlier` are the splits in which an earlier corpus has its abstracts.
    """

    id: str
    issue_id: str
    key: int
    earlier: tuple[str, ...]
    versions: int
    sentences: int


@dataclass(frozen=True, slots=True)
class Duplicate:
    """Why an article is dropped: `of` is the article kept, `lang` the version of the dropped one that showed it."""

    of: str
    kind: str
    lang: str
    likeness: float


@dataclass(frozen=True, slots=True)
class Tie:
    """Two articles, by number in the input, and their most alike abstracts; `kind` is exact, near or alike."""

    first: int
    second: int
    kind: str
    likeness: float
    langs: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Relations:
    """All articles in the input's order, and the ties between them."""

    entries: tuple[Entry, ...]
    ties: tuple[Tie, ...]

    def duplicates(self, without: Collection[str] = ()) -> dict[str, Duplicate]:
        """Returns, by id, the articles to drop and what each repeats; `without` are ids that are dropped anyway.

        Of two the one with more versions is kept, then with more sentences, then the first of the input. Only what
        repeats an article that is kept is dropped: a chain of small changes ends where the kept article is no longer near.
        """
        near: defaultdict[int, list[Tie]] = defaultdict(list)
        for tie in self.ties:
            if tie.kind != "alike":
                near[tie.first].append(tie)
                near[tie.second].append(tie)
        kept: set[int] = set()
        dropped: dict[str, Duplicate] = {}
        for number in sorted(near, key=lambda n: (-self.entries[n].versions, -self.entries[n].sentences, n)):
            entry = self.entries[number]
            if entry.id in without:
                continue
            of_kept = [tie for tie in near[number] if _other(tie, number) in kept]
            if not of_kept:
                kept.add(number)
                continue
            tie = max(of_kept, key=lambda t: (t.kind == "exact", t.likeness, -_other(t, number)))
            lang = tie.langs[number == tie.second]
            dropped[entry.id] = Duplicate(self.entries[_other(tie, number)].id, tie.kind, lang, tie.likeness)
        return dropped


class Fingerprints:
    """Takes every article once, in order, and keeps of it what tells whether it comes again: about 2.2 KB."""

    def __init__(self, kept: Mapping[int, str] | None = None) -> None:
        """Takes the splits of an earlier corpus, as read_splits returns them, or none."""
        self._kept = kept or {}
        self._entries: list[Entry] = []
        self._signatures = Signatures()
        self._owners, self._langs, self._keys = array("I"), array("B"), array("Q")

    def add(self, article: Article) -> None:
        """Takes one article."""
        abstracts = {lang: v.abstract for lang, v in article.versions.items() if v.abstract}
        texts = evidence(abstracts)
        for lang, text in texts:
            self._owners.append(len(self._entries))
            self._langs.append(LANGS.index(lang))
            self._signatures.add(text)
        titles = [wording(v.title or "") if (v := article.versions.get(lang)) else "" for lang in LANGS]
        sentences = sum(len(v.sentences) for v in article.versions.values())
        keys = [text_key(text) for _, text in texts]
        self._keys.extend(keys)
        key = joined_key([*titles, *map(str, keys)])
        earlier = tuple(sorted({self._kept[text] for text in keys if text in self._kept}))
        self._entries.append(Entry(article.id, intern(article.issue_id), key, earlier, len(abstracts), sentences))

    def resolve(self, config: BuildConfig) -> Relations:
        """Returns the relations of the articles taken.

        A tie is a likeness (Jaccard index of pairs of neighbouring words) of two abstracts, whatever their languages, of
        at least `same_split`; it is near from `near_duplicate` on, unless each abstract has a number that the other lacks.
        """
        left, right = self._signatures.candidates()
        owners = np.array(self._owners)
        apart = owners[left] != owners[right]
        left, right = left[apart], right[apart]
        likeness = self._signatures.likeness(left, right)
        alike = likeness >= min(config.same_split, config.near_duplicate)
        best: dict[tuple[int, int], Tie] = {}
        for a, b, score in zip(left[alike].tolist(), right[alike].tolist(), likeness[alike].tolist(), strict=True):
            near = score >= config.near_duplicate and not self._signatures.contradict(a, b)
            kind = "exact" if self._keys[a] == self._keys[b] else "near" if near else "alike"
            first, second = self._owners[a], self._owners[b]
            tie = Tie(first, second, kind, round(score, 4), (LANGS[self._langs[a]], LANGS[self._langs[b]]))
            known = best.get((first, second))
            if known is None or _strength(tie) > _strength(known):
                best[first, second] = tie
        return Relations(tuple(self._entries), tuple(best[pair] for pair in sorted(best)))


def _other(tie: Tie, number: int) -> int:
    return tie.first + tie.second - number


def _strength(tie: Tie) -> tuple[bool, bool, float]:
    return tie.kind == "exact", tie.kind == "near", tie.likeness
