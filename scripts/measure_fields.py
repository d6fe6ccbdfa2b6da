"""How well texts of several languages in one field are told apart.

The abstracts of articles that `kzalign extract` found are put into one paragraph each, in three orders, and split again.

Example: `python scripts/measure_fields.py articles.jsonl`
"""

import argparse
import json
import sys
from pathlib import Path

from kzalign.console import fail_clearly
from kzalign.harvest.texts import MIN_RUN, paragraphs_of, runs_of
from kzalign.records import LANGS
from kzalign.store import read_articles

ORDERS = (("kk", "ru", "en"), ("ru", "en", "kk"), ("en", "kk", "ru"))


def main() -> None:
    """Prints how many fields came apart into exactly the texts that were put together."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path, nargs="+", help="articles.jsonl from `kzalign extract`")
    right = fields = 0
    for path in parser.parse_args().articles:
        for article in read_articles(path):
            texts = {lang: " ".join(article.versions[lang].abstract.split()) for lang in LANGS if lang in article.versions}
            texts = {lang: text for lang, text in texts.items() if len(text) >= MIN_RUN}
            if len(texts) < 2:
                continue
            for order in ORDERS:
                given = [(lang, texts[lang]) for lang in order if lang in texts]
                found = [(run.lang, run.text) for run in runs_of(paragraphs_of(" ".join(text for _, text in given)))]
                fields += 1
                right += found == given
    print(json.dumps({"fields": fields, "right": right, "share": round(right / max(fields, 1), 4)}))


if __name__ == "__main__":
    sys.exit(fail_clearly(main))
