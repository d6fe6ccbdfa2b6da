"""Words broken at a line's end: how often the hyphen is kept or dropped as the gold has the word.

    python scripts/measure_hyphens.py DOCUMENTS GOLD [DOCUMENTS GOLD …] [--show] [-o eval/results/hyphens.json]

A break counts where the gold's sentences and titles hold exactly one of the two words, joined and hyphened.
"""

import argparse
import json
import re
from collections import Counter
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from kzalign.bench.gold import load_gold
from kzalign.config import ExtractConfig
from kzalign.extract.joining import HYPHEN_END, SUSPENDED, Words, first_word, keeps_hyphen
from kzalign.extract.readers import read_issue

WORD = re.compile(r"\w+(?:-\w+)*")


def breaks(folder: Path, gold: Path) -> Iterator[tuple[str, str, bool, bool]]:
    """Yields of each break the document, the word as it is hyphened, whether the hyphen is kept and whether it should be."""
    known: Counter[str] = Counter()
    for article in load_gold(gold):
        for version in article.versions.values():
            known.update(WORD.findall(" ".join((*version.sentences, version.title or "")).lower()))
    for path in sorted(folder.glob("*.txt")):
        lines = [text for line in read_issue(path, ExtractConfig()).lines if (text := line.strip())]
        words = Words("\n".join(lines))
        for line, following in pairwise(lines):
            first = HYPHEN_END.search(line) if line.endswith(("-", "‐")) else None
            second = first_word(following)
            if not first or not second or second in SUSPENDED:
                continue
            joined, hyphened = known[f"{first[1]}{second}".lower()], known[f"{first[1]}-{second}".lower()]
            if bool(joined) != bool(hyphened):
                yield path.name, f"{first[1]}-{second}", keeps_hyphen(first[1], following, words), bool(hyphened)


def main() -> None:
    """Measures, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folders", type=Path, nargs="+", help="a folder of documents and the folder of its gold, by turns")
    parser.add_argument("--show", action="store_true", help="print the words that come out wrong")
    parser.add_argument("-o", "--output", type=Path)
    arguments = parser.parse_args()
    if len(arguments.folders) % 2:
        parser.error("name a gold folder after each folder of documents")
    found = [one for k in range(0, len(arguments.folders), 2) for one in breaks(*arguments.folders[k : k + 2])]
    if arguments.show:
        for name, word, kept, wanted in found:
            if kept != wanted:
                print(f"{name}: {word} is {'kept' if kept else 'joined'}")
    result = {
        "command": "python scripts/measure_hyphens.py DOCUMENTS GOLD …",
        "hyphened": sum(wanted for *_, wanted in found),
        "joined": sum(not wanted for *_, wanted in found),
        "right": sum(kept == wanted for *_, kept, wanted in found),
        "hyphened and kept": sum(kept and wanted for *_, kept, wanted in found),
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
