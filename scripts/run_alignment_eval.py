"""Runs the alignment benchmarks that a TOML file defines and writes the figures with the versions that made them.

python scripts/run_alignment_eval.py eval/alignment.toml [-o eval/results/alignment.json]
"""

import argparse
import json
import platform
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from kzalign import __version__
from kzalign.align import LexicalAligner, align
from kzalign.bench import trust
from kzalign.bench.alignment import read_vecalign, roc_auc, score_alignment
from kzalign.bench.gold import load_gold
from kzalign.bench.stress import stress
from kzalign.records import PAIRS, Article, Bead
from kzalign.store import read_lines


def figures(
    gold: Mapping[str, Mapping[str, Sequence[Bead]]], system: Mapping[str, Mapping[str, Sequence[Bead]]]
) -> dict[str, Any]:
    """Returns strict and lax F1 over all pairs with their intervals."""
    report = score_alignment(gold, system)
    return {kind: getattr(report, kind)["all"].f1.to_json() for kind in ("strict", "lax")}


def kept(
    gold: Mapping[str, Mapping[str, Sequence[Bead]]], system: Mapping[str, Mapping[str, Sequence[Bead]]], at: float
) -> dict[str, float]:
    """Returns the share of the beads at or over a score that are right, and the share of the gold's beads among them."""
    right = total = wanted = 0
    for article, pairs in gold.items():
        for pair, beads in pairs.items():
            want = {(b.left, b.right) for b in beads if b.left and b.right}
            have = {(b.left, b.right) for b in system[article][pair] if b.left and b.right and b.score >= at}
            right, total, wanted = right + len(have & want), total + len(have), wanted + len(want)
    return {"at": at, "right": round(right / max(1, total), 4), "kept": round(right / max(1, wanted), 4)}


def with_text(articles: Sequence[Article]) -> list[Article]:
    """Returns the articles with the versions that have sentences, where there are two or more."""
    cut = [replace(a, versions={lang: v for lang, v in a.versions.items() if v.sentences}) for a in articles]
    return [
        replace(a, alignment={p: b for p, b in a.alignment.items() if all(lang in a.versions for lang in p.split("-"))})
        for a in cut
        if len(a.versions) > 1
    ]


def on_gold(settings: dict[str, Any], root: Path, aligner: LexicalAligner) -> dict[str, Any]:
    """Returns the figures on the gold as it is, on the gold damaged, and for telling translations apart."""
    articles = with_text(load_gold(root / settings["path"]))

    def run(
        chosen: Sequence[Article],
    ) -> tuple[Mapping[str, Mapping[str, Sequence[Bead]]], Mapping[str, Mapping[str, Sequence[Bead]]]]:
        aligned = {a.id: align(replace(a, alignment={}), aligner).alignment for a in chosen}
        return {a.id: dict(a.alignment) for a in chosen}, {a.id: {p: aligned[a.id][p] for p in a.alignment} for a in chosen}

    result: dict[str, Any] = {"gold": figures(*run(articles)) | {"kept": kept(*run(articles), settings["kept_at"])}}
    for damage in settings["stress"]:
        damaged = [
            replace(stress(a, damage["delete"], damage["merge"], seed), id=f"{a.id}/{seed}")
            for seed in damage["seeds"]
            for a in articles
        ]
        gold, system = run(with_text(damaged))
        result[damage["name"]] = figures(gold, system) | {"kept": kept(gold, system, settings["kept_at"])}
    own, others = [], []
    for k, article in enumerate(articles):
        aligned = align(replace(article, alignment={}), aligner)
        own += [trust(aligned, pair) for pair in aligned.alignment]
        for step in range(1, len(articles)):
            other = articles[(k + step) % len(articles)]
            for pair in PAIRS:
                left, right = pair.split("-")
                if left in article.versions and right in other.versions:
                    mixed = replace(article, versions={left: article.versions[left], right: other.versions[right]}, alignment={})
                    others.append(trust(align(mixed, aligner), pair))
    result["telling translations from other articles' abstracts, AUC"] = roc_auc(own, others).to_json() | {"pairs": len(others)}
    return result


def on_lines(settings: dict[str, Any], root: Path, aligner: LexicalAligner) -> dict[str, Any]:
    """Returns the figures on texts of sentences in any two languages."""
    first, second = settings["langs"]
    gold, system = {}, {}
    for name in settings["texts"]:
        base = root / settings["path"] / name
        texts = [read_lines(base.with_suffix(f".{lang}")) for lang in (first, second)]
        gold[name] = {"kk-ru": read_vecalign(base.with_suffix(f".{settings['suffix']}"))}
        system[name] = {"kk-ru": aligner.align_texts(texts[0], texts[1], (first, second))}
    return figures(gold, system)


def main() -> None:
    """Runs all and writes the result."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("definition", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    definition = tomllib.loads(arguments.definition.read_text(encoding="utf-8"))
    root, aligner = arguments.definition.parent, LexicalAligner.with_lexicon()
    result = {
        "command": f"python scripts/run_alignment_eval.py eval/{arguments.definition.name}",
        "versions": {"kzalign": __version__, "python": platform.python_version()},
        "gold": on_gold(definition["gold"], root, aligner),
        "lines": on_lines(definition["lines"], root, aligner),
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
