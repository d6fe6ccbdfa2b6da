"""Terms that a translation has to use: a user's list, and the keywords that the authors gave in both languages.

A term is found in a text whatever its ending: each of its words is known by its stem.
"""

import hashlib
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from kzalign.errors import KzalignError
from kzalign.mt.contract import Terms
from kzalign.records import LANGS, Article

WORD = re.compile(r"[^\W_]+(?:['’-][^\W_]+)*")
STEM = 3
"""Letters of a stem by which terms are looked up."""
MAX_ENDING = 10
"""Letters that may follow a stem."""
VOICED = str.maketrans("ғгб", "қкп")
"""A Kazakh stem's last consonant before a vowel, and as the dictionary has it."""

Stems = tuple[str, ...]


@lru_cache(maxsize=100_000)
def stem_of(word: str) -> str:
    """Returns the beginning that the forms of a word share: short words lose no letter, long ones up to three."""
    word = word.lower().replace("ё", "е")
    cut = 0 if len(word) < 4 else 1 if len(word) < 6 else 2 if len(word) < 9 else 3
    return word[: len(word) - cut].translate(VOICED)


def stems_of(term: str) -> Stems:
    """Returns the stems of a term's words."""
    return tuple(stem_of(word) for word in WORD.findall(term))


def words_of(text: str) -> list[str]:
    """Returns the folded words of a text, as `has_term` takes them."""
    return [word.lower().replace("ё", "е").translate(VOICED) for word in WORD.findall(text)]


def has_term(words: Sequence[str], stems: Stems) -> bool:
    """Says whether the words hold the term in any form."""
    return any(_stands_at(words, start, stems) for start in range(len(words))) if stems else False


def _stands_at(words: Sequence[str], start: int, stems: Stems) -> bool:
    return start + len(stems) <= len(words) and all(
        word.startswith(stem) and len(word) <= len(stem) + MAX_ENDING
        for word, stem in zip(words[start : start + len(stems)], stems, strict=True)
    )


class Glossary:
    """A user's terms: an entry has by language the variants that are allowed, the first being preferred."""

    def __init__(self, entries: Iterable[dict[str, tuple[str, ...]]], sha256: str = "") -> None:
        self.sha256 = sha256
        self._terms: dict[tuple[str, str], dict[str, list[tuple[Stems, str, tuple[str, ...]]]]] = {}
        for entry in entries:
            for source in entry:
                for target in entry:
                    if source != target:
                        self._add(source, target, entry[source], entry[target])

    def _add(self, source: str, target: str, terms: tuple[str, ...], translations: tuple[str, ...]) -> None:
        table = self._terms.setdefault((source, target), defaultdict(list))
        for term in terms:
            if stems := stems_of(term):
                table[stems[0][:STEM]].append((stems, term, translations))

    def terms_in(self, text: str, source: str, target: str, own: Terms = ()) -> Terms:
        """Returns the entries, and those of the article's `own` keywords, whose source term stands in the text, longest first."""
        table = self._terms.get((source, target), {})
        if not table and not own:
            return ()
        words = words_of(text)
        found = {term: translations for term, translations in own if has_term(words, stems_of(term))}
        for start, word in enumerate(words):
            entries = table.get(word[:STEM], ())
            found |= {term: translations for stems, term, translations in entries if _stands_at(words, start, stems)}
        return tuple(sorted(found.items(), key=lambda item: (-len(item[0]), item[0])))


def keyword_terms(article: Article, source: str, target: str) -> Terms:
    """Returns the authors' keywords in both languages, where the lists are equally long (they are in the same order)."""
    left, right = (article.versions[lang].keywords if lang in article.versions else () for lang in (source, target))
    return tuple((a, (b,)) for a, b in zip(left, right, strict=True)) if len(left) == len(right) else ()


def missed_terms(hypothesis: str, terms: Terms) -> Iterator[str]:
    """Yields the source terms none of whose translations the hypothesis has in any form."""
    words = words_of(hypothesis) if terms else []
    for term, translations in terms:
        if not any(has_term(words, stems_of(translation)) for translation in translations):
            yield term


def read_glossary(path: Path) -> Glossary:
    """Returns the glossary of a TSV whose first line names its languages; `|` separates variants.

    Raises KzalignError as `file:line: what is wrong`.
    """
    try:
        data = path.read_bytes()
        lines = data.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise KzalignError(f"{path}: not UTF-8 (bad byte at offset {error.start}): convert it first") from None
    except OSError as error:
        raise KzalignError(f"{path}: cannot be read: {error.strerror or error}") from None
    langs = lines[0].split("\t") if lines else []
    if len(set(langs) & set(LANGS)) < 2:
        raise KzalignError(f"{path}:1: the first line names the columns, at least two of them of {', '.join(LANGS)}")
    entries = []
    for number, line in enumerate(lines[1:], 2):
        cells = line.split("\t")
        if not line.strip():
            continue
        if len(cells) != len(langs):
            raise KzalignError(f"{path}:{number}: {len(cells)} cells where the first line has {len(langs)}")
        variants = {lang: tuple(filter(None, map(str.strip, cell.split("|")))) for lang, cell in zip(langs, cells, strict=True)}
        entries.append({lang: found for lang, found in variants.items() if found and lang in LANGS})
    return Glossary(entries, hashlib.sha256(data).hexdigest())
