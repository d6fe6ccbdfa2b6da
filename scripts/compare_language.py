"""Language identification on the gold: lingua and py3langid, both restricted to kk, ru and en.

python scripts/compare_language.py GOLD_DIR [-o eval/results/language.json]        (needs py3langid beside kzalign)
"""

import argparse
import json
import time
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from kzalign.bench.gold import load_gold
from kzalign.text.language import detect


def items(gold: Path) -> dict[str, list[tuple[str, str]]]:
    """Returns (language, text) of every abstract, title, sentence, keyword list and keyword of the gold."""
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in ("abstract", "title", "sentence", "keyword list", "keyword")}
    for article in load_gold(gold):
        for lang, v in article.versions.items():
            found["sentence"] += [(lang, s) for s in v.sentences]
            found["keyword"] += [(lang, k) for k in v.keywords]
            found["abstract"] += [(lang, v.abstract)] if v.abstract else []
            found["title"] += [(lang, v.title)] if v.title else []
            found["keyword list"] += [(lang, ", ".join(v.keywords))] if v.keywords else []
    return found


def with_lingua(text: str) -> str | None:
    """Returns the language as kzalign detects it."""
    found = detect(text)
    return found.lang if found else None


def with_py3langid() -> Callable[[str], str]:
    """Returns py3langid's classifier of the three languages."""
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(["kk", "ru", "en"])
    return lambda text: str(identifier.classify(text)[0])


def main() -> None:
    """Counts the errors and times both."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("-o", "--output", type=Path, default=None)
    arguments = parser.parse_args()
    found = items(arguments.gold)
    detectors: dict[str, Callable[[str], str | None]] = {
        f"lingua {version('lingua-language-detector')}": with_lingua,
        f"py3langid {version('py3langid')}": with_py3langid(),
    }
    result: dict[str, object] = {"command": "python scripts/compare_language.py GOLD"}
    result["texts"] = {kind: len(texts) for kind, texts in found.items()}
    for name, classify in detectors.items():
        classify("жылыту")
        start = time.perf_counter()
        wrong = {kind: sum(classify(text) != lang for lang, text in texts) for kind, texts in found.items()}
        result[name] = {"wrong": wrong, "seconds": round(time.perf_counter() - start, 3)}
    print(json.dumps(result, indent=1))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
