"""Builds a corpus of many synthetic articles and measures time and memory.

    python scripts/benchmark_scale.py [--articles 100000] [--jobs 2] [-o eval/results/scale.json]

The articles recombine the sentences of the project's own examples and test documents. Each sentence gets a beginning of
its own, made of the lexicon's trilingual entries and a number, so that no two articles are alike; titles and keywords are
made likewise. Documents hold 20 articles each, no sentence twice in their abstracts; the second and third language stand
at an article's start or at its end. Memory is the proportional set size of all processes, a megabyte 1e6 bytes.
"""

import argparse
import json
import os
import platform
import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

from benchmark_build import timed

from kzalign.align.lexicon import COMMON, read_entries
from kzalign.bench.gold import load_gold
from kzalign.records import LANGS

ROOT = Path(__file__).resolve().parents[1]
PER_DOCUMENT = 20
WIDTH = 96
HEADINGS = {"kk": "Аңдатпа", "ru": "Аннотация", "en": "Abstract"}
KEYWORDS = {"kk": "Түйін сөздер", "ru": "Ключевые слова", "en": "Keywords"}
LEAD = {"kk": "{0}, {1} және {2} туралы ({3})", "ru": "О том, что {0}, {1} и {2} ({3})", "en": "On {0}, {1} and {2} ({3})"}
TITLE = {
    "kk": "{0} және {1}: {2} аясындағы {3} мәселесі",
    "ru": "{0} и {1}: проблема {3} в контексте {2}",
    "en": "{0} and {1}: the problem of {3} in the context of {2}",
}

Trilingual = dict[str, str]


def sentences() -> list[Trilingual]:
    """Returns the sentences of the examples and the test documents that stand in all three languages, one to one."""
    found = []
    for article in [*load_gold(ROOT / "examples" / "gold"), *load_gold(ROOT / "tests" / "documents" / "gold")]:
        if len(article.alignment) < len(LANGS):
            continue
        to = {
            pair: {b.left[0]: b.right[0] for b in beads if len(b.left) == len(b.right) == 1}
            for pair, beads in article.alignment.items()
        }
        for kk, ru in to["kk-ru"].items():
            if to["kk-en"].get(kk) is not None and to["ru-en"].get(ru) == to["kk-en"][kk]:
                places = {"kk": kk, "ru": ru, "en": to["kk-en"][kk]}
                found.append({lang: article.versions[lang].sentences[i] for lang, i in places.items()})
    return found


def concepts() -> list[Trilingual]:
    """Returns the lexicon's entries, the first form of each."""
    path = ROOT / "kzalign" / "align" / "lexicon.tsv"
    entries = read_entries(path.read_text(encoding="utf-8").splitlines(), path.name)
    whole = [entry.words for entry in entries if all(entry.words.values()) and entry.domain not in COMMON]
    return [{lang: forms[lang][0] for lang in LANGS} for forms in whole]


def article(rng: random.Random, chosen: list[Trilingual], words: list[Trilingual]) -> dict[str, tuple[str, str, str]]:
    """Returns title, abstract and keywords by language."""
    extra = [(rng.sample(words, 3), rng.randint(2, 99_999)) for _ in chosen]
    title, terms = rng.sample(words, 4), rng.sample(words, 5)
    made = {}
    for lang in LANGS:
        leads = [LEAD[lang].format(*(w[lang] for w in more), number) for more, number in extra]
        texts = [f"{lead[0].upper()}{lead[1:]}: {s[lang]}" for lead, s in zip(leads, chosen, strict=True)]
        made[lang] = (TITLE[lang].format(*(w[lang] for w in title)).upper(), " ".join(texts), ", ".join(w[lang] for w in terms))
    return made


def wrapped(text: str) -> Iterator[str]:
    """Yields the text in lines of a page's width."""
    line = ""
    for word in text.split():
        if len(line) + len(word) >= WIDTH:
            yield line
            line = word
        else:
            line = f"{line} {word}".strip()
    yield line


def block(lang: str, version: tuple[str, str, str]) -> list[str]:
    """Returns the lines of one version."""
    title, abstract, keywords = version
    return [*wrapped(title), "", HEADINGS[lang], "", *wrapped(abstract), "", *wrapped(f"{KEYWORDS[lang]}: {keywords}."), ""]


def body(rng: random.Random, pool: list[Trilingual], lang: str) -> list[str]:
    """Returns a short article's own text."""
    heads = {"kk": ("Кіріспе", "Қорытынды"), "ru": ("Введение", "Заключение"), "en": ("Introduction", "Conclusion")}[lang]
    lines = []
    for head in heads:
        lines += [head, "", *wrapped(" ".join(s[lang] for s in rng.sample(pool, 3))), ""]
    return lines


def document(rng: random.Random, pool: list[Trilingual], words: list[Trilingual], number: int) -> str:
    """Returns one issue's text."""
    lines: list[str] = []
    heap = rng.sample(pool, len(pool))
    for _ in range(number):
        made = article(rng, [heap.pop() for _ in range(min(len(heap), rng.randint(4, 8)))], words)
        first = rng.choice(LANGS)
        others = [lang for lang in LANGS if lang != first]
        together = rng.random() < 0.5
        lines += block(first, made[first])
        late = [line for lang in others for line in block(lang, made[lang])]
        own = body(rng, pool, first)
        lines += [*late, *own] if together else [*own, *late]
    return "\n".join(lines) + "\n"


def main() -> None:
    """Makes the documents, builds, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--articles", type=int, default=100_000)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--keep", type=Path, help="folder that keeps the documents and the corpus")
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    pool, words = sentences(), concepts()
    with tempfile.TemporaryDirectory() as name:
        folder = arguments.keep or Path(name)
        (folder / "documents").mkdir(parents=True, exist_ok=True)
        rng = random.Random(arguments.seed)
        paths = []
        for k in range(0, arguments.articles, PER_DOCUMENT):
            path = folder / "documents" / f"issue-{k // PER_DOCUMENT:05d}.txt"
            path.write_text(document(rng, pool, words, min(PER_DOCUMENT, arguments.articles - k)), encoding="utf-8")
            paths.append(path)
        measured = timed([folder / "documents"], folder / "corpus", arguments.jobs)
        manifest = json.loads((folder / "corpus" / "manifest.json").read_text(encoding="utf-8"))
        megabytes = sum(path.stat().st_size for path in paths) / 1e6
    result = {
        "command": f"python scripts/benchmark_scale.py --articles {arguments.articles} --jobs {arguments.jobs}",
        "machine": {"cores": os.cpu_count(), "python": platform.python_version()},
        "articles": {"made": arguments.articles, "found": manifest["articles"]},
        "documents MB": round(megabytes, 1),
        "rows": manifest["rows"],
        "rejects": manifest["rejects"],
        **measured,
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
