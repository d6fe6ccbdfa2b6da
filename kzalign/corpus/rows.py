"""A Parquet file's rows, also for stages that do not know Parquet."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from kzalign.errors import KzalignError


def parquet_rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yields a file's rows; raises KzalignError for a file that is not there or is not Parquet."""
    if not path.is_file():
        raise KzalignError(f"{path}: no such file")
    try:
        with pq.ParquetFile(path) as file:
            for batch in file.iter_batches(batch_size=1000):
                yield from batch.to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise KzalignError(f"{path}: cannot be read as Parquet: {str(error).splitlines()[0]}") from None
