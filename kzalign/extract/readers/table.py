"""Tables of articles: JSONL, CSV, TSV and Parquet whose columns are titles, abstracts and keywords, one row an article."""

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from kzalign.config import ExtractConfig
from kzalign.extract.readers.content import Content, Unreadable
from kzalign.extract.readers.folder import own_output
from kzalign.extract.readers.sheet import Sheet
from kzalign.records import SOURCE
from kzalign.text.decode import decode

COLUMN = re.compile(
    r"(?P<role>title|name|название|заголовок|атауы|тақырып|abstract|annotation|summary|аннотация|аңдатпа|реферат|түйіндеме|"
    r"keywords?|key_words|ключевые[_ ]слова|түйін[_ ]сөздер|"
    r"authors?|doi|udc|удк|irsti|мрнти|ғтамр|journal|журнал|issn|volume|issue|pages|year|licen[cs]e)"
    r"(?:[_.\- ]*(?P<group>kk|kz|kaz|kazakh|ru|rus|russian|en|eng|english))?",
    re.I,
)
"""The name of a column that holds a part, with the language that it is said to be in."""

ROLES = {
    **{name: name for name in SOURCE},
    **{"author": "authors", "license": "licence", "удк": "udc", "мрнти": "irsti", "ғтамр": "irsti", "журнал": "journal"},
    **dict.fromkeys(("title", "name", "название", "заголовок", "атауы", "тақырып"), "title"),
    **dict.fromkeys(("abstract", "annotation", "summary", "аннотация", "аңдатпа", "реферат", "түйіндеме"), "abstract"),
}
"""A column's word and the part; any other word of COLUMN is keywords."""

Row = Mapping[str, Any]


def read_csv(data: bytes, config: ExtractConfig) -> Content:
    """Returns the articles of a CSV or TSV file; the separator is the one that its first line has most of."""
    decoded = decode(data)
    head = decoded.text.partition("\n")[0]
    separator = max("\t;,", key=head.count)
    csv.field_size_limit(max(csv.field_size_limit(), config.max_line_chars))
    try:
        rows = [row for row in csv.DictReader(io.StringIO(decoded.text, newline=""), delimiter=separator) if any(row.values())]
    except csv.Error as error:
        raise Unreadable(f"broken CSV: {error}") from None
    return _content(rows, decoded.encoding, decoded.bad_bytes)


def read_jsonl(data: bytes, config: ExtractConfig) -> Content:
    """Returns the articles of lines of JSON; raises Unreadable that names a line which is no object."""
    decoded = decode(data)
    rows: list[Row] = []
    for number, line in enumerate(decoded.text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except ValueError:
            raise Unreadable(f"line {number} is not JSON") from None
        if not isinstance(row, dict):
            raise Unreadable(f"line {number} is no JSON object")
        if own := own_output(row):
            raise Unreadable(own)
        rows.append(row)
    return _content(rows, decoded.encoding, decoded.bad_bytes)


def read_parquet(data: bytes, config: ExtractConfig) -> Content:
    """Returns the articles of a Parquet file; only the columns that hold parts are read."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(io.BytesIO(data))
        names = [name for name in table.schema_arrow.names if COLUMN.fullmatch(name)]
        rows = [row for batch in table.iter_batches(columns=names) for row in batch.to_pylist()]
    except (pa.ArrowException, OSError) as error:
        raise Unreadable(f"broken Parquet: {str(error).splitlines()[0]}") from None
    return _content(rows, "parquet")


def _content(rows: Iterable[Row], encoding: str, bad_bytes: int = 0) -> Content:
    sheet = Sheet()
    columns: set[str] = set()
    for row in rows:
        for name, value in _flat(row):
            columns.add(name)
            column = COLUMN.fullmatch(name)
            if column:
                group = (column["group"] or "").lower()
                sheet.add(ROLES.get(column["role"].lower(), "keywords"), _texts(value), group)
        sheet.close_article()
    content = sheet.content(encoding, bad_bytes)
    if not any(part.role == "abstract" for article in content.marked for part in article.parts):
        raise Unreadable(
            f"no column with abstracts (title, abstract, abstract_kk …) among {', '.join(sorted(columns)[:8]) or 'none'}"
        )
    return content


def _flat(row: Row) -> Iterator[tuple[str, Any]]:
    """Yields the row's columns; an object's keys go with its name: {"title": {"kk": …}} is title_kk."""
    for name, value in row.items():
        if isinstance(value, dict):
            yield from ((f"{name}_{key}", inner) for key, inner in value.items())
        elif isinstance(name, str):
            yield name.strip().lstrip("\ufeff"), value


def _texts(value: Any) -> list[str]:
    """Returns the paragraphs of a cell."""
    if isinstance(value, list):
        return [item for item in value if isinstance(item, str)]
    if isinstance(value, str):
        return value.splitlines()
    return [str(value)] if isinstance(value, int) else []
