"""The hand-made answers: a folder of JSON files, one article each."""

import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from kzalign.errors import KzalignError
from kzalign.records import PAIRS, Article


def load_gold(folder: Path) -> list[Article]:
    """Returns the articles of the folder's *.json in order of file name; a KzalignError names all that is wrong in any file."""
    paths = sorted(folder.glob("*.json"))
    if not paths:
        raise KzalignError(f"{folder}: no *.json here; name a folder of gold files")
    articles: list[Article] = []
    problems: list[str] = []
    for path in paths:
        try:
            article = _read(path)
        except KzalignError as error:
            problems.append(str(error))
            continue
        problems += [f"{path}: {problem}" for problem in violations(article)]
        articles.append(article)
    seen = Counter(article.id for article in articles)
    problems += [f"{folder}: id '{name}' in {n} files" for name, n in seen.items() if n > 1]
    if problems:
        raise KzalignError("; ".join(problems))
    return articles


def _read(path: Path) -> Article:
    try:
        return Article.from_json(json.loads(path.read_text(encoding="utf-8-sig")))
    except KeyError as error:
        raise KzalignError(f"{path}: lacks {error}") from error
    except UnicodeDecodeError as error:
        raise KzalignError(f"{path}: byte {error.start} is not UTF-8") from error
    except json.JSONDecodeError as error:
        raise KzalignError(f"{path}: line {error.lineno} is not JSON: {error.msg}") from error
    except (AttributeError, IndexError, TypeError, ValueError) as error:
        raise KzalignError(f"{path}: not a gold article: {error}") from error


def violations(article: Article) -> Iterator[str]:
    """Yields what keeps the article's beads from covering every sentence of every pair of its languages exactly once."""
    for pair, beads in article.alignment.items():
        if pair not in PAIRS:
            yield f"pair '{pair}' is not one of {', '.join(PAIRS)}"
            continue
        if any(not bead.left and not bead.right for bead in beads):
            yield f"{pair}: a bead is empty on both sides"
    for pair in PAIRS:
        left, right = pair.split("-")
        texts = [article.versions[lang].sentences if lang in article.versions else () for lang in (left, right)]
        if pair in article.alignment:
            yield from _cover(pair, left, len(texts[0]), [bead.left for bead in article.alignment[pair]])
            yield from _cover(pair, right, len(texts[1]), [bead.right for bead in article.alignment[pair]])
        elif all(texts):
            yield f"{pair}: no alignment, though both texts are there"


def _cover(pair: str, lang: str, size: int, sides: list[tuple[int, ...]]) -> Iterator[str]:
    times = Counter(index for side in sides for index in side)
    wrong = {
        "in no bead": [i for i in range(size) if not times[i]],
        "more than once": [i for i in range(size) if times[i] > 1],
        f"outside the text of {size}": [i for i in times if i not in range(size)],
    }
    for what, indices in wrong.items():
        if indices:
            yield f"{pair}: {lang} sentences {indices} {what}"
