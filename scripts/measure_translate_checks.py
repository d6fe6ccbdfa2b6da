"""How often the checks of bulk translation flag what is good, and how often they see what is wrong.

    python scripts/measure_translate_checks.py --gold DIR [-o eval/results/translate_checks.json]

The good hypotheses are human: the one-to-one beads of the gold. The bad ones are made from them: cut to the half, the
source copied, three words again and again, every number of two digits changed, the sentence in the third language, the
hypothesis of another sentence.
"""

import argparse
import json
import random
import re
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from kzalign.bench.gold import load_gold
from kzalign.mt.bulk.checks import Pair, flags_of
from kzalign.records import LANGS, PAIRS, Article


class Example(NamedTuple):
    """A source, its translation, the target, the same sentence in the third language, another sentence of the target."""

    source: str
    hypothesis: str
    target: str
    third: str
    other: str


def cut(example: Example) -> str:
    """Returns the first half of the words."""
    words = example.hypothesis.split()
    return " ".join(words[: len(words) // 2])


def looped(example: Example) -> str:
    """Returns the hypothesis with its last three words said five times more."""
    words = example.hypothesis.split()
    return " ".join([*words, *words[-3:] * 5])


def renumbered(example: Example) -> str:
    """Returns the hypothesis with each number's digits moved by one."""
    return re.sub(r"\d{2,}", lambda match: "".join(str((int(d) + 1) % 10) for d in match[0]), example.hypothesis)


FAULTS: dict[str, Callable[[Example], str]] = {
    "none (human translation)": lambda example: example.hypothesis,
    "empty": lambda example: "",
    "cut to the half": cut,
    "the source copied": lambda example: example.source,
    "a loop": looped,
    "numbers changed": renumbered,
    "the third language": lambda example: example.third,
    "another sentence": lambda example: example.other,
}


def examples(articles: list[Article]) -> list[Example]:
    """Returns both directions of all one-to-one beads whose sentence has a counterpart in the third language."""
    chance = random.Random(1)
    found = []
    for article in articles:
        for pair in PAIRS:
            for langs in (pair.split("-"), pair.split("-")[::-1]):
                source, target = langs
                (third,) = set(LANGS) - set(langs)
                partner = matches(article, source, third)
                sentences = article.versions[target].sentences if target in article.versions else ()
                for i, j in matches(article, source, target).items():
                    others = [s for k, s in enumerate(sentences) if k != j]
                    if i in partner and others:
                        texts = article.versions[source].sentences[i], sentences[j]
                        found.append(
                            Example(*texts, target, article.versions[third].sentences[partner[i]], chance.choice(others))
                        )
    return found


def matches(article: Article, source: str, target: str) -> dict[int, int]:
    """Returns the one-to-one beads of two languages as indices."""
    turned = f"{source}-{target}" not in PAIRS
    beads = article.alignment.get(f"{target}-{source}" if turned else f"{source}-{target}", ())
    sides = [(b.right, b.left) if turned else (b.left, b.right) for b in beads]
    return {left[0]: right[0] for left, right in sides if len(left) == len(right) == 1}


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--gold", type=Path, required=True)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    pairs = examples(load_gold(arguments.gold))
    rates: dict[str, Any] = {}
    for name, fault in FAULTS.items():
        flags: Counter[str] = Counter()
        made = [(example, fault(example)) for example in pairs]
        changed = [(e, h) for e, h in made if h != e.hypothesis or name.startswith("none")]
        for example, hypothesis in changed:
            names = flags_of(Pair(example.source, hypothesis, example.target))
            flags.update(["any flag"] * bool(names))
            flags.update(names)
        rates[name] = {"examples": len(changed)} | {flag: round(n / len(changed), 4) for flag, n in flags.most_common()}
    result = {"command": "python scripts/measure_translate_checks.py --gold GOLD", "flagged, by fault": rates}
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
