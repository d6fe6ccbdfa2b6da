"""Language and script of the gold's sentences, and of its Kazakh ones put into Latin and Arabic letters.

    python scripts/measure_offtarget.py GOLD [--lines kk=FILE ru=FILE…] [-o eval/results/offtarget.json]

`--lines` adds files with one sentence a line, counted apart as `other text`. Sentences of X-WMT that were mistaken at first
were looked at and rules made better by them, so that its figures are not those of unseen text.

Alphabets: Latin of 2017 (apostrophes), of 2018 (acutes) and of 2021, the informal one without marks, and Arabic (töte jazu).
"""

import argparse
import json
import re
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from kzalign.bench.gold import load_gold
from kzalign.text.script import identify

SAME = dict(zip("абвгдезклмнопрсфтхһ", "abvgdezklmnoprsfthh", strict=True))
RUSSIAN = {"ц": "ts", "щ": "sh", "э": "e", "ъ": "", "ь": ""}
LATIN = {
    "2017": SAME
    | RUSSIAN
    | {"ә": "a'", "ғ": "g'", "и": "i'", "й": "i'", "ң": "n'", "ө": "o'", "ш": "s'", "ч": "c'", "у": "y'", "ү": "u'", "і": "i"}
    | {"ы": "y", "ұ": "u", "ж": "j", "қ": "q", "ю": "i'y'", "я": "i'a", "ё": "i'o"},
    "2018": SAME
    | RUSSIAN
    | {"ә": "á", "ғ": "ǵ", "и": "ı", "й": "ı", "ң": "ń", "ө": "ó", "ш": "sh", "ч": "ch", "у": "ý", "ү": "ú", "і": "i"}
    | {"ы": "y", "ұ": "u", "ж": "j", "қ": "q", "ю": "ıý", "я": "ıa", "ё": "ıo"},
    "2021": SAME
    | RUSSIAN
    | {"ә": "ä", "ғ": "ğ", "и": "i", "й": "i", "ң": "ñ", "ө": "ö", "ш": "ş", "ч": "tş", "у": "u", "ү": "ü", "і": "ı"}
    | {"ы": "y", "ұ": "ū", "ж": "j", "қ": "q", "ю": "iu", "я": "ia", "ё": "io"},
    "informal": SAME
    | RUSSIAN
    | {"ә": "a", "ғ": "g", "и": "i", "й": "y", "ң": "n", "ө": "o", "ш": "sh", "ч": "ch", "у": "u", "ү": "u", "і": "i"}
    | {"ы": "y", "ұ": "u", "ж": "zh", "қ": "k", "ю": "yu", "я": "ya", "ё": "yo"},
}
ARABIC = {
    **dict(zip("абвгғдежзийкқлмнңоөпрстуұүфхһчшыіэә", "ابۆگعدەجزييكقلمنڭووپرستۋۇۇفحھچشىىەا", strict=True)),
    **{"ц": "تس", "щ": "شش", "ю": "يۋ", "я": "يا", "ё": "يو", "ъ": "", "ь": ""},
}


def to_latin(alphabet: str) -> Callable[[str], str]:
    """Returns what puts Kazakh into that Latin alphabet, capitals kept."""
    capitals = {letter.upper(): letters.capitalize() for letter, letters in LATIN[alphabet].items()}
    table = {ord(letter): letters for letter, letters in (LATIN[alphabet] | capitals).items()}
    return lambda text: text.translate(table)


def to_arabic(text: str) -> str:
    """Returns Kazakh in töte jazu: a hamza before a word of front vowels that holds none of г, к and е."""

    def word(match: re.Match[str]) -> str:
        front = set(match[0]) & set("әөүі") and not set(match[0]) & set("гке")
        return ("ٴ" if front else "") + "".join(ARABIC[letter] for letter in match[0])

    return re.sub(r"[а-яёәғқңөұүһі]+", word, text.lower()).translate(str.maketrans(",;?", "،؛؟"))


def grouped(sentences: dict[str, list[str]]) -> dict[str, tuple[str, list[str]]]:
    """Returns by name each language's sentences as they are, and the Kazakh ones in every other alphabet."""
    groups = {f"{lang} {'Latn' if lang == 'en' else 'Cyrl'}": (lang, texts) for lang, texts in sentences.items()}
    groups |= {f"kk Latn {name}": ("kk", list(map(to_latin(name), sentences["kk"]))) for name in LATIN}
    return groups | {"kk Arab": ("kk", list(map(to_arabic, sentences["kk"])))}


def main() -> None:
    """Counts what every group of sentences was taken for, prints and writes."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("gold", type=Path)
    parser.add_argument("--lines", nargs="*", default=[], metavar="LANG=FILE")
    parser.add_argument("-o", "--output", type=Path, default=None)
    parser.add_argument("--wrong", action="store_true", help="Print the sentences that were mistaken.")
    arguments = parser.parse_args()
    sentences: dict[str, list[str]] = {"kk": [], "ru": [], "en": []}
    for article in load_gold(arguments.gold):
        for lang, version in article.versions.items():
            sentences[lang] += version.sentences
    others: dict[str, list[str]] = {"kk": [], "ru": [], "en": []}
    for lang, _, name in (given.partition("=") for given in arguments.lines):
        others[lang] += Path(name).read_text(encoding="utf-8").splitlines()
    groups = grouped(sentences) | {f"{name}, other text": group for name, group in grouped(others).items() if group[1]}
    identify("жылыту")
    rows: dict[str, dict[str, object]] = {}
    for name, (lang, texts) in groups.items():
        start = time.process_time()
        found = [identify(text) for text in texts]
        seconds = time.process_time() - start
        right = [(f.lang, f.script) == (lang, name.replace(",", "").split()[1]) for f in found]
        taken = Counter(f"{f.lang} {f.script}" for f in found)
        rows[name] = {
            "n": len(texts),
            "accuracy": round(sum(right) / max(1, len(texts)), 4),
            "taken for": dict(taken.most_common()),
            "microseconds a sentence": round(1e6 * seconds / max(1, len(texts))),
        }
        if arguments.wrong:
            print(*(f"{name}: {f}: {text}" for f, text, ok in zip(found, texts, right, strict=True) if not ok), sep="\n")
    result = {
        "command": "python scripts/measure_offtarget.py GOLD --lines kk=kk-ru.kk ru=kk-ru.ru en=en-kk.en (X-WMT)",
        "groups": rows,
    }
    print(json.dumps(result, indent=1, ensure_ascii=False))
    if arguments.output:
        arguments.output.write_text(json.dumps(result, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
