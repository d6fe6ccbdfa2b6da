"""The corpus filters on the gold: what each refuses of right and wrong segments, and what it finds of planted errors.

python scripts/measure_filters.py GOLD_DIR [-o eval/results/filters.json]

The gold's articles are repaired and aligned anew as a build does; a segment is right where the gold has the same
sentences together. Every error of filter_noise.py is planted once into every right segment that can bear it.
"""

import argparse
import json
import random
import time
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

from filter_noise import BOILERPLATE, NOISES, spoil

from kzalign.align import LexicalAligner, align, make_aligner
from kzalign.bench.gold import load_gold
from kzalign.config import AlignConfig, FiltersConfig
from kzalign.corpus.filters import FILTERS, Context, Judged, Recurrence, judge
from kzalign.corpus.segments import TRIPLE
from kzalign.pipeline import cut_article, repaired
from kzalign.records import PAIRS, Article, Segment, Version
from kzalign.text.language import detect
from kzalign.text.script import identify

SEED = 7


def segments_of(article: Article) -> list[Segment]:
    """Returns the segments of an aligned article, of whatever score."""
    return [segment for rows in cut_article(article, "train").segments.values() for segment in rows]


def key(segment: Segment) -> tuple[Any, ...]:
    """Returns what makes two segments the same: the article and the sentences."""
    return segment.article_id, tuple(sorted(segment.sentence_ids.items()))


def strangers(gold: list[Article], aligner: LexicalAligner, rng: random.Random) -> list[Segment]:
    """Returns the segments that hold a sentence of another article, put in before aligning."""
    found: list[Segment] = []
    for number, article in enumerate(gold):
        for lang, version in article.versions.items():
            donors = [
                a.versions[lang] for k, a in enumerate(gold) if k != number and lang in a.versions and a.versions[lang].sentences
            ]
            if not version.sentences or not donors:
                continue
            at = rng.randrange(len(version.sentences))
            sentences = list(version.sentences)
            sentences[at] = rng.choice(rng.choice(donors).sentences)
            spoilt = replace(
                article, versions=article.versions | {lang: replace(version, sentences=tuple(sentences))}, alignment={}
            )
            found += [s for s in segments_of(align(spoilt, aligner)) if at in s.sentence_ids.get(lang, ())]
    return found


def languages(gold: list[Article]) -> dict[str, Any]:
    """Returns how many sentences of each language are told for what they are."""
    right: Counter[str] = Counter()
    count: Counter[str] = Counter()
    for article in gold:
        for lang, version in article.versions.items():
            for sentence in version.sentences:
                found = identify(sentence)
                count[lang] += 1
                right[lang] += (found.lang, found.script) == (lang, "Latn" if lang == "en" else "Cyrl")
    return {lang: {"sentences": count[lang], "right": right[lang]} for lang in count}


def timed(segments: list[Segment], recurrence: Recurrence) -> float:
    """Returns the microseconds of processor time that a segment takes, the best of five passes."""
    detect("жылыту")
    best = float("inf")
    for _ in range(5):
        context = Context(recurrence)
        start = time.process_time()
        for segment in segments:
            judge(segment, context, FiltersConfig())
        best = min(best, time.process_time() - start)
    return round(best / len(segments) * 1e6, 1)


def refusals(judged: list[Judged]) -> dict[str, dict[str, int]]:
    """Returns by filter how many segments it refuses alone, and how many it is the first to refuse."""
    alone = Counter(name for verdict in judged for name in verdict.refused)
    first = Counter(verdict.refused[0] for verdict in judged if verdict.refused)
    return {name: {"alone": alone[name], "in order": first[name]} for name in FILTERS}


def by_configuration(segments: list[Segment], labels: list[bool], judged: list[Judged]) -> dict[str, dict[str, Any]]:
    """Returns of the pairs together, of each pair and of the triples how many are right, how many kept, how many both."""
    found = {}
    for name, configs in {"pairs": PAIRS, **{pair: (pair,) for pair in PAIRS}, TRIPLE: (TRIPLE,)}.items():
        own = [
            (label, not verdict.refused)
            for segment, label, verdict in zip(segments, labels, judged, strict=True)
            if segment.id.split("/")[-2] in configs
        ]
        right, kept, both = sum(label for label, _ in own), sum(taken for _, taken in own), sum(map(all, own))
        found[name] = {"right": right, "kept": kept, "right of kept": _share(both, kept), "kept of right": _share(both, right)}
    return found


def main() -> None:
    """Measures and prints."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=None)
    parser.add_argument(
        "--show", action="store_true", help="print the right segments that are refused and the planted that are not"
    )
    arguments = parser.parse_args()
    config, rng = FiltersConfig(), random.Random(SEED)
    gold = [repaired(article) for article in load_gold(arguments.gold)]
    aligner = make_aligner(AlignConfig())
    true = {key(segment) for article in gold for segment in segments_of(article)}
    segments = [s for article in gold for s in segments_of(align(replace(article, alignment={}), aligner))]
    recurrence = Recurrence()
    for article in gold:
        recurrence.add(article)
    for number in range(int(config.recurrence) + 1):
        versions = {lang: Version(lang, sentences=(text,)) for lang, text in BOILERPLATE.items()}
        recurrence.add(replace(gold[0], id=f"boilerplate-{number}", versions=versions))
    context = Context(recurrence.freeze())
    labels = [key(segment) in true for segment in segments]
    judged = [judge(segment, context, config) for segment in segments]
    right = [verdict for verdict, label in zip(judged, labels, strict=True) if label]
    wrong = [verdict for verdict, label in zip(judged, labels, strict=True) if not label]
    kept_right, kept_wrong = sum(not v.refused for v in right), sum(not v.refused for v in wrong)
    clean = [s for s, verdict, label in zip(segments, judged, labels, strict=True) if label and not verdict.refused]
    planted: dict[str, dict[str, Any]] = {}
    caught: Counter[str] = Counter()
    stranger = strangers(gold, aligner, rng)
    made = {name: [s for segment in clean if (s := spoil(segment, noise, rng))] for name, noise in NOISES.items()}
    for name, spoilt in {"a sentence of another article": stranger, **made}.items():
        meant = NOISES[name].filters if name in NOISES else ("alignment",)
        verdicts = [judge(segment, context, config) for segment in spoilt]
        caught.update(f for verdict in verdicts for f in verdict.refused)
        planted[name] = {
            "segments": len(spoilt),
            "filters": list(meant),
            "found by them": _share(sum(bool(set(v.refused) & set(meant)) for v in verdicts), len(spoilt)),
            "found by any": _share(sum(bool(v.refused) for v in verdicts), len(spoilt)),
        }
        if arguments.show:
            for segment, verdict in zip(spoilt, verdicts, strict=True):
                if not set(verdict.refused) & set(meant):
                    print("MISSED", name, verdict.refused, {m: round(verdict.scores[m], 3) for m in meant}, segment.text)
    refused = refusals(right)
    if arguments.show:
        for segment, verdict, label in zip(segments, judged, labels, strict=True):
            if label and verdict.refused:
                print("REFUSED", verdict.refused, {n: round(verdict.scores[n], 3) for n in verdict.refused}, segment.text)
    result = {
        "command": "python scripts/measure_filters.py GOLD",
        "segments": len(segments),
        "right": sum(labels),
        "kept": kept_right + kept_wrong,
        "right of kept": _share(kept_right, kept_right + kept_wrong),
        "kept of right": _share(kept_right, len(right)),
        "by configuration": by_configuration(segments, labels, judged),
        "microseconds a segment": timed(segments, recurrence),
        "sentences by language": languages(gold),
        "right segments refused": refused,
        "wrong segments refused": refusals(wrong),
        "precision on planted errors": {n: _share(caught[n], caught[n] + refused[n]["alone"]) for n in FILTERS},
        "planted errors": planted,
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _share(part: int, whole: int) -> float | None:
    return round(part / whole, 4) if whole else None


if __name__ == "__main__":
    main()
