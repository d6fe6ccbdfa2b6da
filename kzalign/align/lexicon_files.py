"""A user's lexicon in the formats dictionaries come in, and kzalign's own TSV out.

A format is an entry of READERS. Only kzalign's TSV says which languages it holds; the others are told.
"""

import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from pathlib import Path

from kzalign.align.dix import read_dix
from kzalign.align.lexicon import COLUMNS, Entry, Lexicon, read_entries, read_lexicon, shipped_entries
from kzalign.errors import KzalignError, unknown
from kzalign.records import LANGS

Langs = tuple[str, str]
Words = tuple[str, ...]
Reader = Callable[[Path, Langs | None], list[Entry]]

USER = "user"
"""The domain of a user's entries; kzalign's own TSV keeps the domains it has."""

SHOWN = 3
"""Bad lines that an error spells out; it counts the rest."""

CYRILLIC, LATIN, KAZAKH = (re.compile(f"[{letters}]", re.IGNORECASE) for letters in ("а-яё", "a-z", "әіңғүұқөһ"))
LOOKS: dict[str, Callable[[str], bool]] = {
    "kk": lambda text: KAZAKH.search(text) is not None,
    "ru": lambda text: CYRILLIC.search(text) is not None and KAZAKH.search(text) is None,
    "en": lambda text: LATIN.search(text) is not None and CYRILLIC.search(text) is None,
}


def read_user_lexicon(path: Path, langs: Langs | None = None) -> list[Entry]:
    """Returns a lexicon file's entries, one for each left-hand side; raises KzalignError as `file:line: what is wrong`."""
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        raise KzalignError(f"{path}: {unknown('kind of lexicon', path.suffix, READERS)}")
    if langs is not None:
        check_langs(langs)
    return reader(path, langs)


def check_langs(langs: Langs) -> None:
    """Raises KzalignError unless the two languages are known and differ."""
    for lang in langs:
        if lang not in LANGS:
            raise unknown("language", lang, LANGS)
    if langs[0] == langs[1]:
        raise KzalignError(f"--langs {langs[0]} {langs[1]}: a lexicon is between two different languages")


def check_order(texts: Iterable[tuple[str, str]], langs: Langs, where: str) -> None:
    """Raises KzalignError where the letters of the two columns fit the languages better the other way round."""
    left, right = (LOOKS[lang] for lang in langs)
    balance = sum(left(a) + right(b) - right(a) - left(b) for a, b in texts)
    if balance < 0:
        raise KzalignError(f"{where}: the letters say that it holds {langs[1]} first: give --langs {langs[1]} {langs[0]}")


def has_letters(text: str) -> bool:
    """Says whether there is a letter in the text."""
    return any(map(str.isalpha, text))


def read_rows(path: Path) -> list[tuple[int, str]]:
    """Returns the numbered lines of a UTF-8 file that are not blank; raises KzalignError where it cannot be read."""
    try:
        data = path.read_bytes()
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise KzalignError(f"{path}:{line}: not UTF-8: save the file as UTF-8") from None
    except OSError as error:
        raise KzalignError(f"{path}: {error.strerror or error}") from None
    return [(number, line.rstrip("\r")) for number, line in enumerate(text.split("\n"), 1) if line.strip()]


def read_sides(path: Path, langs: Langs, separator: str, complete: Callable[[str], bool] = has_letters) -> list[tuple[str, str]]:
    """Returns the two sides of every line, without a header that names the languages; one KzalignError tells all bad lines."""
    pairs: list[tuple[str, str]] = []
    problems: list[str] = []
    for number, line in read_rows(path):
        sides = line.split(separator)
        if number == 1 and tuple(sides) == langs:
            continue
        if len(sides) != 2:
            shape = separator.join(langs).replace("\t", "<tab>")
            problems.append(f"{path}:{number}: {len(sides)} parts where '{shape}' is expected")
        elif not all(map(complete, sides)):
            problems.append(f"{path}:{number}: no word on the {'right' if complete(sides[0]) else 'left'}")
        else:
            pairs.append((sides[0], sides[1]))
    if problems:
        more = f"; and {len(problems) - SHOWN} more bad lines" if len(problems) > SHOWN else ""
        raise KzalignError("; ".join(problems[:SHOWN]) + more)
    return pairs


def lexicon_lines(entries: Iterable[Entry]) -> Iterator[str]:
    """Yields the lines of kzalign's TSV, header first; a language that an entry lacks is an empty cell."""
    yield "\t".join(COLUMNS) + "\n"
    for entry in entries:
        yield "\t".join([*("|".join(entry.words.get(lang, ())) for lang in LANGS), entry.domain]) + "\n"


def grouped(pairs: Iterable[tuple[Words, Words]], langs: Langs, domain: str) -> list[Entry]:
    """Returns one entry for each left-hand side in the order given, with all its translations."""
    found: dict[Words, dict[str, None]] = {}
    for left, right in pairs:
        found.setdefault(left, {}).update(dict.fromkeys(right))
    return [Entry({langs[0]: left, langs[1]: tuple(right)}, domain) for left, right in found.items()]


@lru_cache(maxsize=1)
def lexicon_with(paths: tuple[str, ...]) -> Lexicon | None:
    """Returns None for the lexicon that ships alone, or it with the entries of these TSV files; KzalignError for a bad one."""
    if not paths:
        return None
    return Lexicon([*shipped_entries(), *(entry for path in paths for entry in read_lexicon(Path(path)))])


def _read_tsv(path: Path, langs: Langs | None) -> list[Entry]:
    rows = read_rows(path)
    first, columns = (rows[0][0], rows[0][1].count("\t") + 1) if rows else (1, 0)
    if columns == 2:
        langs = told_langs(langs, f"{path}:{first}: two columns do not say their languages")
    if langs is not None and columns == len(COLUMNS):
        raise KzalignError(f"{path}:{first}: {columns} columns are kzalign's own, which say their languages: leave out --langs")
    if langs is not None:
        return _entries(path, read_sides(path, langs, "\t"), langs)
    lines = dict(rows)
    return _some(read_entries((lines.get(n, "") for n in range(1, max(lines, default=0) + 1)), str(path)), path)


def _read_dic(path: Path, langs: Langs | None) -> list[Entry]:
    langs = told_langs(langs, f"{path}: a {path.suffix} file does not say its languages")
    return _entries(path, read_sides(path, langs, " @ "), langs)


def _read_dix(path: Path, langs: Langs | None) -> list[Entry]:
    langs = told_langs(langs, f"{path}: a {path.suffix} file does not say its languages")
    return _entries(path, read_dix(path), langs)


def _entries(path: Path, pairs: list[tuple[str, str]], langs: Langs) -> list[Entry]:
    check_order(pairs, langs, str(path))
    return _some(grouped(((_variants(left), _variants(right)) for left, right in pairs), langs, USER), path)


def _some(entries: list[Entry], path: Path) -> list[Entry]:
    if not entries:
        raise KzalignError(f"{path}: no entry in it")
    return entries


def told_langs(langs: Langs | None, problem: str) -> Langs:
    """Returns the languages that the user gave; a KzalignError with the problem asks for them."""
    if langs is None:
        raise KzalignError(f"{problem}: give --langs, such as --langs kk ru")
    return langs


def _variants(side: str) -> Words:
    """Returns a side's variants with their letters composed and single spaces: what a lookup will meet."""
    variants = (" ".join(unicodedata.normalize("NFC", variant).split()) for variant in side.split("|"))
    return tuple(dict.fromkeys(filter(None, variants)))


READERS: dict[str, Reader] = {".tsv": _read_tsv, ".dic": _read_dic, ".dix": _read_dix}
"""By suffix: the readers of lexicon files, given the languages in the order their words stand in a line."""
