"""Duplicates, splits, repeated pairs and test sentences: what is found, time and memory on invented articles.

    python scripts/benchmark_duplicates.py examples/gold [--articles 100000] [-o eval/results/duplicates.json]

An article is sentences of the gold recombined, most words drawn anew from the gold's words, up to the length of a real
abstract. One in ten articles is planted: the copy, in one of KINDS' ways, of one that came before. Times are processor
time of one process and leave out the making of articles; memory is what the process grew by.
"""

import argparse
import json
import random
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from itertools import islice, pairwise
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from kzalign.config import BuildConfig
from kzalign.corpus.decontaminate import Contamination
from kzalign.corpus.duplicates import Fingerprints
from kzalign.corpus.seen import SeenPairs, pair_key
from kzalign.corpus.splits import assign
from kzalign.records import LANGS, PAIRS, Article, Segment, Version
from kzalign.text.wording import wording

WORDS = 180
FRESH = 0.6
"""Share of words drawn anew: leaves unrelated abstracts about as alike as those of real journals are."""
ISSUE = 25
TEST_SENTENCES = 18_000
SAMPLE = 20_000
"""Articles of which the planted copies are compared word by word."""
Texts = dict[str, list[list[str]]]
"""By language, sentences as lists of words."""


class Maker:
    """Makes the n-th article; the same each time it is asked for."""

    def __init__(self, gold: Path) -> None:
        """Takes a folder of gold articles."""
        found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted(gold.glob("*.json"))]
        self.pool = {
            lang: [s.split() for d in found if lang in d["versions"] for s in d["versions"][lang]["sentences"]] for lang in LANGS
        }
        self.words = {lang: [word for sentence in pool for word in sentence] for lang, pool in self.pool.items()}

    def fresh(self, number: int) -> Texts:
        """Returns the texts of an article that is like no other."""
        rng = random.Random(f"fresh {number}")
        texts: Texts = {}
        for lang in LANGS:
            texts[lang] = []
            while sum(map(len, texts[lang])) < WORDS:
                texts[lang].append(self.changed(rng.choice(self.pool[lang]), lang, FRESH, rng))
        return texts

    def changed(self, sentence: list[str], lang: str, share: float, rng: random.Random) -> list[str]:
        """Returns the sentence with a share of its words replaced."""
        return [rng.choice(self.words[lang]) if rng.random() < share else word for word in sentence]

    def all_changed(self, texts: Texts, share: float, rng: random.Random) -> Texts:
        """Returns the texts with a share of their words replaced."""
        return {lang: [self.changed(s, lang, share, rng) for s in sentences] for lang, sentences in texts.items()}

    def article(self, number: int) -> tuple[Article, int | None, str]:
        """Returns the n-th article, the one it copies, and how."""
        kind = list(KINDS)[number // 10 % len(KINDS)] if number % 10 == 9 else "unrelated"
        original = None if kind == "unrelated" else number - 5
        rng = random.Random(f"copy {number}")
        texts = self.fresh(number) if original is None else KINDS[kind](self, self.fresh(original), rng)
        versions = {}
        for lang, sentences in texts.items():
            joined = [" ".join(sentence) for sentence in sentences]
            versions[lang] = Version(lang, f"{lang} {number}", " ".join(joined), tuple(joined))
        issue = f"issue-{number // ISSUE if original is None else 10**6 + number}"
        return Article(f"article-{number:06d}", issue, versions=versions), original, kind


def another_language_set(maker: Maker, texts: Texts, rng: random.Random) -> Texts:
    """Returns one version as it was and one that the original has not."""
    return {"ru": texts["ru"], "kk": maker.fresh(rng.randrange(10**8, 10**9))["kk"]}


def translated_anew(maker: Maker, texts: Texts, rng: random.Random) -> Texts:
    """Returns a version with a few words changed, and the others in other words."""
    return maker.all_changed(texts, 0.9, rng) | {"ru": [maker.changed(s, "ru", 0.03, rng) for s in texts["ru"]]}


def another_study(maker: Maker, texts: Texts, rng: random.Random) -> Texts:
    """Returns the same wording with other digits in its numbers: no duplicate."""
    digits = {digit: rng.choice([other for other in "0123456789" if other != digit]) for digit in "0123456789"}
    table = str.maketrans(digits)
    return {lang: [[word.translate(table) for word in s] for s in sentences] for lang, sentences in texts.items()}


KINDS: dict[str, Callable[[Maker, Texts, random.Random], Texts]] = {
    "exact": lambda maker, texts, rng: texts,
    "2 % of words": lambda maker, texts, rng: maker.all_changed(texts, 0.02, rng),
    "5 % of words": lambda maker, texts, rng: maker.all_changed(texts, 0.05, rng),
    "10 % of words": lambda maker, texts, rng: maker.all_changed(texts, 0.10, rng),
    "20 % of words": lambda maker, texts, rng: maker.all_changed(texts, 0.20, rng),
    "another set of languages": another_language_set,
    "translated anew": translated_anew,
    "another study in the same words": another_study,
}


def true_likeness(first: Article, second: Article) -> float:
    """Returns the greatest Jaccard index of word pairs between abstracts, from the words themselves."""
    best = 0.0
    for a in first.versions.values():
        for b in second.versions.values():
            left, right = wording(a.abstract).split(), wording(b.abstract).split()
            x, y = set(pairwise(left)), set(pairwise(right))
            best = max(best, len(x & y) / len(x | y))
    return best


def memory() -> float:
    """Returns the peak of the process's memory so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1000


def measure_duplicates(maker: Maker, size: int) -> dict[str, Any]:
    """Returns what the planted copies came to, with times and memory."""
    for number in range(100):
        maker.article(number)
    config, prints, seconds, before = BuildConfig(), Fingerprints(), 0.0, memory()
    planted: dict[int, tuple[int, str]] = {}
    for number in range(size):
        article, original, kind = maker.article(number)
        if original is not None:
            planted[number] = (original, kind)
        start = time.process_time()
        prints.add(article)
        seconds += time.process_time() - start
    taken = memory() - before
    start = time.process_time()
    relations = prints.resolve(config)
    resolved = time.process_time() - start
    start = time.process_time()
    assignment = assign(relations, config)
    assigned = time.process_time() - start
    start = time.process_time()
    dropped = relations.duplicates(assignment.conflicts)
    decided = time.process_time() - start
    peak = memory() - before
    ids = [entry.id for entry in relations.entries]
    ties = {(tie.first, tie.second) for tie in relations.ties}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    levels: defaultdict[str, Counter[str]] = defaultdict(Counter)
    right = 0
    for number, (original, kind) in planted.items():
        pair = {ids[number], ids[original]}
        is_dropped = any(name in dropped and dropped[name].of in pair for name in pair)
        right += is_dropped and kind != "another study in the same words"
        found[kind].update(planted=1, dropped=is_dropped, tied=(original, number) in ties)
        if number < SAMPLE:
            likeness = true_likeness(maker.article(number)[0], maker.article(original)[0])
            level = "0.8 and more" if likeness >= 0.8 else "0.5 to 0.8" if likeness >= 0.5 else "less"
            if kind != "another study in the same words":
                levels[level].update(pairs=1, dropped=is_dropped, tied=(original, number) in ties)
    split = Counter(assignment.splits[ids[n]] for n in range(size) if n not in planted and ids[n] in assignment.splits)
    return {
        "articles": size,
        "planted": {kind: dict(counts) for kind, counts in found.items()},
        "a sample of the planted by true likeness": {level: dict(counts) for level, counts in sorted(levels.items())},
        "dropped": len(dropped),
        "precision of what is dropped": round(right / max(1, len(dropped)), 5),
        "ties of unrelated articles": len(ties - {(original, number) for number, (original, _) in planted.items()}),
        "conflicts of splits": len(assignment.conflicts),
        "shares of unplanted articles": {name: round(n / split.total(), 4) for name, n in sorted(split.items())},
        "seconds": {
            "add": round(seconds, 1),
            "resolve": round(resolved, 1),
            "assign": round(assigned, 2),
            "duplicates": round(decided, 2),
        },
        "MB after add": round(taken),
        "peak MB": round(peak),
    }


def segments(maker: Maker, articles: int) -> Iterator[tuple[Segment, str]]:
    """Yields the segments of articles: sentence with sentence, in all pairs and the triple."""
    for number in range(articles):
        article, _, _ = maker.article(number)
        for name in (*PAIRS, "kk-ru-en"):
            langs = name.split("-")
            if set(langs) <= set(article.versions):
                rows = zip(*(article.versions[lang].sentences for lang in langs), strict=False)
                for row, texts in enumerate(rows):
                    text = dict(zip(langs, texts, strict=True))
                    yield Segment(f"{article.id}/{name}/{row:03d}", article.id, article.issue_id, text, {}, {}, {}, "train"), name


def measure_seen(maker: Maker, articles: int) -> dict[str, Any]:
    """Returns what SeenPairs takes for all segments of some articles."""
    before, seen, seconds, repeated, count = memory(), SeenPairs(), 0.0, 0, 0
    for segment, name in segments(maker, articles):
        start = time.process_time()
        repeated += seen.first(pair_key(segment, name), segment.id) is not None
        seconds += time.process_time() - start
        count += 1
    return {
        "segments": count,
        "repeated": repeated,
        "seconds": round(seconds, 1),
        "microseconds a segment": round(seconds / count * 1e6, 1),
        "peak MB": round(memory() - before),
    }


def measure_contamination(maker: Maker, articles: int) -> dict[str, Any]:
    """Returns what Contamination takes with TEST_SENTENCES sentences, every tenth of them of the articles."""
    rng = random.Random(2)
    before, sentences, taken, seconds, flagged, count, wrong = memory(), [], set(), 0.0, set(), 0, 0
    for number in range(TEST_SENTENCES):
        lang = rng.choice(LANGS)
        words = maker.changed(rng.choice(maker.pool[lang]), lang, 0.9, rng)
        sentences.append((f"test:{number}", " ".join(words)))
    for segment, _ in islice(segments(maker, articles), 0, None, 40):
        taken.add(segment.id)
        sentences.append((f"taken:{segment.id}", next(iter(segment.text.values()))))
    start = time.process_time()
    contamination = Contamination(sentences)
    loaded, grown = time.process_time() - start, memory() - before
    for segment, _ in segments(maker, articles):
        start = time.process_time()
        place = contamination.overlap(segment)
        seconds += time.process_time() - start
        if place is not None:
            flagged.add(segment.id)
            wrong += place.startswith("test:")
        count += 1
    return {
        "test sentences": len(contamination),
        "seconds to load": round(loaded, 2),
        "MB": round(grown),
        "segments": count,
        "microseconds a segment": round(seconds / count * 1e6, 1),
        "rows taken as test sentences": len(taken),
        "of these flagged": len(taken & flagged),
        "flagged": len(flagged),
        "flagged by the sentence of no article": wrong,
    }


MEASURES = {"duplicates": measure_duplicates, "repeated pairs": measure_seen, "test sentences": measure_contamination}


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    result: dict[str, Any] = {"command": f"python scripts/benchmark_duplicates.py examples/gold --articles {arguments.articles}"}
    sizes = {"test sentences": min(arguments.articles, 5000)}
    for name, measure in MEASURES.items():
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as alone:
            size = sizes.get(name, arguments.articles)
            result[name] = alone.submit(measure, Maker(arguments.gold), size).result()
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
