"""How often each check speaks of the gold's own translations, and how often it sees a fault put into them.

    python scripts/measure_checks.py GOLD [-o eval/results/checks.json]

Segments are the gold's beads in all six directions. `false alarms` are rates of the references themselves; for lost terms
these are mostly other words for the same thing. A fault is put into every segment and every whole
abstract that can have it; `seen` is the share of these where its check counts more than it does without the fault.
"""

import argparse
import json
import re
from collections.abc import Callable
from pathlib import Path

from kzalign.bench.gold import load_gold
from kzalign.bench.mt.checks import CHECKS, Case
from kzalign.bench.mt.evalset import terms_of
from kzalign.bench.mt.terms import holds_term
from kzalign.records import PAIRS, Article
from kzalign.text.sentences import split_sentences


def without_terms(case: Case) -> str | None:
    """Returns the reference without the words of the target terms, where source and reference hold one."""
    text = case.reference
    for source, target in case.terms:
        if holds_term(case.source, source, case.source_lang) and holds_term(text, target, case.target_lang):
            stems = [re.escape(word[: max(3, len(word) - 3)]) for word in re.findall(r"\w+", target.lower())]
            text = re.sub(rf"(?i)\b(?:{'|'.join(stems)})\w*", "", text)
    return text if text != case.reference else None


def fewer_sentences(case: Case) -> str | None:
    """Returns the reference without its last sentence, where it has as many as the source."""
    sentences = split_sentences([case.reference])
    return " ".join(sentences[:-1]) if 1 < len(sentences) == len(split_sentences([case.source])) else None


FAULTS: dict[str, tuple[str, Callable[[Case], str | None]]] = {
    "source copied": ("untranslated", lambda case: case.source),
    "source copied, other language": ("off-target", lambda case: case.source),
    "nothing": ("empty", lambda case: ""),
    "last sentence dropped": ("dropped-sentences", fewer_sentences),
    "numbers left out": ("lost-numbers", lambda c: re.sub(r"\d+", "", c.reference) if re.search(r"\d\d", c.source) else None),
    "last three words ten times": ("repetition", lambda case: " ".join([case.reference, *case.reference.split()[-3:] * 10])),
    "last word ten times": ("repetition", lambda case: " ".join([case.reference, *case.reference.split()[-1:] * 10])),
    "terms left out": ("lost-terms", without_terms),
}


def cases_of(article: Article, direction: str) -> list[Case]:
    """Returns the article's beads with two sides as segments of a direction, the reference as hypothesis."""
    source, target = direction.split("-")
    pair = direction if direction in PAIRS else f"{target}-{source}"
    found = []
    for bead in article.alignment.get(pair, ()):
        sides = {
            lang: " ".join(article.versions[lang].sentences[i] for i in side)
            for lang, side in zip(pair.split("-"), (bead.left, bead.right), strict=True)
        }
        if all(sides.values()):
            terms = terms_of(article, source, target)
            found.append(Case(sides[source], sides[target], sides[target], source, target, terms))
    return found


def abstract_of(cases: list[Case]) -> Case:
    """Returns an article's segments as one."""
    source, reference = (" ".join(texts) for texts in ((c.source for c in cases), (c.reference for c in cases)))
    return cases[0]._replace(source=source, hypothesis=reference, reference=reference)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    articles = load_gold(arguments.gold)
    directions = [*PAIRS, *("-".join(reversed(pair.split("-"))) for pair in PAIRS)]
    cases = [case for direction in directions for article in articles for case in cases_of(article, direction)]
    alarms = {}
    for name, check in CHECKS.items():
        tallies = [check(case) for case in cases]
        hit, of = (sum(column) for column in zip(*tallies, strict=True))
        alarms[name] = [round(hit / max(1, of), 4), hit, of]
    seen = {}
    groups = [cases_of(article, direction) for direction in directions for article in articles]
    abstracts = [abstract_of(group) for group in groups if group]
    for name, (checked, damage) in FAULTS.items():
        count = CHECKS[checked]
        damaged = [(case, case._replace(hypothesis=text)) for case in cases + abstracts if (text := damage(case)) is not None]
        right = sum(count(bad).hit > count(case).hit for case, bad in damaged)
        seen[name] = [checked, round(right / max(1, len(damaged)), 4), len(damaged)]
    result = {
        "command": "python scripts/measure_checks.py GOLD",
        "segments": len(cases),
        "false alarms: rate, counted, of": alarms,
        "faults: check, share seen, of": seen,
    }
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
