"""Segments and articles to Parquet files that the Hub's `datasets` opens as they are."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.corpus.filters import FILTERS
from kzalign.corpus.provenance import BRIEF, COLUMNS, LISTS, columns_of
from kzalign.corpus.segments import SPLITS, TRIPLE
from kzalign.records import LANGS, PAIRS, Article, Segment

ROWS_PER_GROUP = 2_000
ROWS_PER_FILE = 200_000
CONFIGS: dict[str, tuple[str, ...]] = {**{pair: tuple(pair.split("-")) for pair in PAIRS}, TRIPLE: LANGS}
ARTICLES = "articles"
MEASURES = tuple(name for name in FILTERS if name != "alignment")
"""What the filters other than the alignment's have measured: the columns of `scores`."""

SPAN = pa.list_(pa.list_(pa.int32()))
BEAD = pa.struct([("left", pa.list_(pa.int32())), ("right", pa.list_(pa.int32())), ("score", pa.float32())])


def _by_lang(langs: tuple[str, ...], kind: pa.DataType) -> pa.DataType:
    return pa.struct([(lang, kind) for lang in langs])


def _provenance(names: Sequence[str]) -> list[tuple[str, pa.DataType]]:
    """Returns the columns that say where an article comes from."""
    kinds = {"year": pa.int32(), **dict.fromkeys(LISTS, pa.list_(pa.string()))}
    return [(name, kinds.get(name, pa.string())) for name in names]


def segment_schema(langs: tuple[str, ...]) -> pa.Schema:
    """Returns the columns of a pair or triple configuration; `translation` is the Hub's sorted Translation."""
    schema = pa.schema(
        [
            ("id", pa.string()),
            ("article_id", pa.string()),
            ("issue_id", pa.string()),
            ("licence", pa.string()),
            *_provenance(BRIEF),
            ("translation", _by_lang(tuple(sorted(langs)), pa.string())),
            ("score", pa.float32()),
            ("scores", pa.struct([(name, pa.float32()) for name in MEASURES])),
            ("sentence_ids", _by_lang(langs, pa.list_(pa.int32()))),
            ("lines", _by_lang(langs, SPAN)),
        ]
    )
    return schema.with_metadata(_features(schema, langs))


def article_schema() -> pa.Schema:
    """Returns the columns of the `articles` configuration: whole abstracts for document-level work."""
    return pa.schema(
        [
            ("id", pa.string()),
            ("issue_id", pa.string()),
            ("licence", pa.string()),
            *_provenance(COLUMNS),
            ("title", _by_lang(LANGS, pa.string())),
            ("abstract", _by_lang(LANGS, pa.string())),
            ("sentences", _by_lang(LANGS, pa.list_(pa.string()))),
            ("keywords", _by_lang(LANGS, pa.list_(pa.string()))),
            ("abstract_lines", _by_lang(LANGS, SPAN)),
            ("alignment", pa.struct([(pair, pa.list_(BEAD)) for pair in PAIRS])),
            ("machine_translated", _by_lang(LANGS, pa.string())),
            ("notes", pa.list_(pa.string())),
        ]
    )


def _features(schema: pa.Schema, langs: tuple[str, ...]) -> dict[bytes, bytes]:
    """Returns the metadata by which `datasets` knows `translation` as what it is."""
    features: dict[str, Any] = {}
    for field in schema:
        features[field.name] = _feature(field.type)
    features["translation"] = {"languages": list(langs), "_type": "Translation"}
    return {b"huggingface": json.dumps({"info": {"features": features}}).encode()}


def _feature(kind: pa.DataType) -> Any:
    if pa.types.is_struct(kind):
        return {field.name: _feature(field.type) for field in kind}
    if pa.types.is_list(kind):
        return {"feature": _feature(kind.value_type), "_type": "List"}
    return {"dtype": {"float": "float32"}.get(str(kind), str(kind)), "_type": "Value"}


def segment_row(segment: Segment, licence: str | None, provenance: Mapping[str, Any]) -> dict[str, Any]:
    """Returns a judged segment's columns; `provenance` are those of BRIEF, of its article."""
    return {
        "id": segment.id,
        "article_id": segment.article_id,
        "issue_id": segment.issue_id,
        "licence": licence,
        **provenance,
        "translation": segment.text,
        "score": segment.scores["alignment"],
        "scores": {name: segment.scores.get(name) for name in MEASURES},
        "sentence_ids": segment.sentence_ids,
        "lines": segment.lines,
    }


def article_row(article: Article, licence: str | None) -> dict[str, Any]:
    """Returns an article's columns; a language it lacks is null. `machine_translated` names the model of what a machine made."""
    versions = {lang: article.versions.get(lang) for lang in LANGS}
    return {
        "id": article.id,
        "issue_id": article.issue_id,
        "licence": licence,
        **columns_of(article),
        "title": {lang: v.title if v else None for lang, v in versions.items()},
        "abstract": {lang: (v.abstract or None) if v else None for lang, v in versions.items()},
        "sentences": {lang: v.sentences if v else None for lang, v in versions.items()},
        "keywords": {lang: v.keywords if v else None for lang, v in versions.items()},
        "abstract_lines": {lang: v.abstract_lines if v else None for lang, v in versions.items()},
        "alignment": {
            pair: [{"left": b.left, "right": b.right, "score": b.score} for b in article.alignment[pair]]
            if pair in article.alignment
            else None
            for pair in PAIRS
        },
        "machine_translated": {lang: v.machine.model if v and v.machine else None for lang, v in versions.items()},
        "notes": article.notes,
    }


SCHEMAS: dict[str, pa.Schema] = {
    **{name: segment_schema(langs) for name, langs in CONFIGS.items()},
    ARTICLES: article_schema(),
}


class Table:
    """One configuration's one split: rows in, row groups out, files numbered when their count is known."""

    def __init__(self, folder: Path, split: str, schema: pa.Schema) -> None:
        self._folder, self._split, self._schema = folder, split, schema
        self._waiting: list[pa.Table] = []
        self._waiting_rows = 0
        self._writer: pq.ParquetWriter | None = None
        self._files: list[Path] = []
        self._in_file = 0
        self.count = 0

    def add(self, rows: pa.Table) -> None:
        """Takes rows of the table's schema; how they are heaped does not show in the files."""
        self._waiting.append(rows)
        self._waiting_rows += rows.num_rows
        self.count += rows.num_rows
        if self._waiting_rows >= ROWS_PER_GROUP:
            whole = pa.concat_tables(self._waiting)
            while whole.num_rows >= ROWS_PER_GROUP:
                self._write(whole.slice(0, ROWS_PER_GROUP))
                whole = whole.slice(ROWS_PER_GROUP)
            self._waiting, self._waiting_rows = [whole], whole.num_rows

    def _write(self, rows: pa.Table) -> None:
        if self._writer is None or self._in_file >= ROWS_PER_FILE:
            self._open()
        assert self._writer is not None
        self._writer.write_table(rows.combine_chunks())
        self._in_file += rows.num_rows

    def _open(self) -> None:
        if self._writer is not None:
            self._writer.close()
        self._folder.mkdir(parents=True, exist_ok=True)
        path = self._folder / f"{self._split}-{len(self._files):05d}.parquet"
        self._writer = pq.ParquetWriter(path, self._schema, compression="zstd", write_page_index=False)
        self._files.append(path)
        self._in_file = 0

    def close(self) -> list[Path]:
        """Writes what is left and returns the files under their final names; a split without rows has none."""
        if not self.count:
            return []
        if self._waiting_rows:
            self._write(pa.concat_tables(self._waiting))
        assert self._writer is not None
        self._writer.close()
        total = len(self._files)
        return [
            path.rename(path.with_name(f"{self._split}-{k:05d}-of-{total:05d}.parquet")) for k, path in enumerate(self._files)
        ]


def open_tables(folder: Path) -> dict[tuple[str, str], Table]:
    """Returns the tables of all configurations and splits under `folder`."""
    return {(name, split): Table(folder / name, split, schema) for name, schema in SCHEMAS.items() for split in SPLITS}
