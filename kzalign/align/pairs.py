"""Pairs of sentences to learn from: a corpus folder that kzalign built, aligned articles, or two columns."""

from collections.abc import Callable
from pathlib import Path

from kzalign.align.lexicon_files import Langs, check_langs, check_order, read_sides, told_langs
from kzalign.config import FiltersConfig
from kzalign.errors import KzalignError, unknown
from kzalign.records import PAIRS
from kzalign.store import read_articles

Pairs = dict[Langs, list[tuple[str, str]]]
"""By languages, left and right sentences."""

FOLDER = "folder"


def read_pairs(path: Path, langs: Langs | None = None) -> Pairs:
    """Returns the pairs of sentences of these languages, or of all that the corpus has; KzalignError where there is none."""
    if langs is not None:
        check_langs(langs)
    if not path.exists():
        raise KzalignError(f"{path}: no such file or folder")
    kind = FOLDER if path.is_dir() else path.suffix.lower()
    if kind not in CORPORA:
        raise KzalignError(f"{path}: {unknown('kind of corpus', kind, CORPORA)}")
    found = {pair: texts for pair, texts in CORPORA[kind](path, langs).items() if texts}
    if not found:
        raise KzalignError(f"{path}: no pair of sentences{' in ' + ' and '.join(langs) if langs else ''} in it")
    return found


def _wanted(langs: Langs | None) -> list[str]:
    return [pair for pair in PAIRS if langs is None or set(pair.split("-")) == set(langs)]


def _key(pair: str) -> Langs:
    left, right = pair.split("-")
    return left, right


def _read_folder(path: Path, langs: Langs | None) -> Pairs:
    import pyarrow as pa
    import pyarrow.parquet as pq

    found: Pairs = {}
    for pair in _wanted(langs):
        left, right = _key(pair)
        for file in sorted(path.glob(f"data/{pair}/*.parquet")):
            try:
                rows = pq.read_table(file, columns=["translation"])["translation"].to_pylist()
                found.setdefault((left, right), []).extend((row[left], row[right]) for row in rows)
            except (OSError, pa.ArrowInvalid, KeyError, TypeError) as error:
                raise KzalignError(f"{file}: not a corpus file of kzalign: {' '.join(str(error).split())}") from None
    if not any(path.glob("data/*/*.parquet")):
        raise KzalignError(f"{path}: not a corpus of kzalign: it has no data/kk-ru/*.parquet")
    return found


def _read_aligned(path: Path, langs: Langs | None) -> Pairs:
    """Returns the beads that a build would keep."""
    found: Pairs = {}
    aligned = False
    for article in read_articles(path):
        aligned = aligned or bool(article.alignment)
        for pair in _wanted(langs):
            left, right = (article.versions[lang].sentences if lang in article.versions else () for lang in _key(pair))
            for bead in article.alignment.get(pair, ()):
                if bead.left and bead.right and bead.score >= FiltersConfig().alignment:
                    texts = " ".join(left[i] for i in bead.left), " ".join(right[j] for j in bead.right)
                    found.setdefault(_key(pair), []).append(texts)
    if not aligned:
        raise KzalignError(f"{path}: no article in it is aligned: run `kzalign align {path} -o aligned.jsonl` first")
    return found


def _read_columns(path: Path, langs: Langs | None) -> Pairs:
    langs = told_langs(langs, f"{path}: two columns do not say their languages")
    pairs = read_sides(path, langs, "\t", lambda side: bool(side.strip()))
    check_order(pairs, langs, str(path))
    return {langs: pairs}


CORPORA: dict[str, Callable[[Path, Langs | None], Pairs]] = {
    FOLDER: _read_folder,
    ".jsonl": _read_aligned,
    ".tsv": _read_columns,
}
