"""A Parquet file's rows, for stages that may not know Parquet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.errors import KzalignError


def parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yields a file's rows as dictionaries; raises KzalignError for a file that is not Parquet."""
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches():
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise KzalignError(f"{path}: cannot be read as Parquet: {error}") from None
