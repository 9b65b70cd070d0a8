"""Parquet read and written by Arrow alone: columns of few distinct texts stay in their dictionaries on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

BUFFER = 1 << 20
"""The bytes of a column that are read at once, so that a large group of rows does not stand in memory."""


def schema(path: Path) -> pa.Schema:
    """The columns of a file."""
    return pq.read_schema(path)


def row_count(path: Path) -> int:
    """The number of rows of a file."""
    return int(pq.read_metadata(path).num_rows)


def read(path: Path, skip: int, most: int, repeated: Collection[str] = ()) -> Iterator[pa.RecordBatch]:
    """The rows after the first ones, at most so many in a batch.

    The repeated columns, if they are texts, come as dictionaries.
    """
    with _open(path, repeated) as file:
        for group in range(file.num_row_groups):
            rows = file.metadata.row_group(group).num_rows
            if rows <= skip:
                skip -= rows
                continue
            for batch in file.iter_batches(most, row_groups=[group]):
                if skip < batch.num_rows:
                    yield batch.slice(skip)
                skip = max(skip - batch.num_rows, 0)


def write(path: Path, columns: pa.Schema, batches: Iterable[pa.RecordBatch]) -> None:
    """Writes each batch as a group of rows, so that its dictionaries stay, while the next one is made."""
    # Arrow's own schema is left out, so that what was a dictionary on the way is a text again for each reader.
    with pq.ParquetWriter(path, columns, store_schema=False) as writer, ThreadPoolExecutor(1) as pool:
        writing: Future[None] | None = None
        for batch in batches:
            if writing:
                writing.result()
            writing = pool.submit(writer.write_batch, batch) if batch.num_rows else None
        if writing:
            writing.result()


def join(path: Path, parts: Sequence[Path], most: int, repeated: Collection[str]) -> None:
    """Writes the rows of several files with the same columns into one."""
    with _open(parts[0], repeated) as first:
        columns = first.schema_arrow
    write(path, columns, (batch for part in parts for batch in read(part, 0, most, repeated)))


def _open(path: Path, repeated: Collection[str]) -> pq.ParquetFile:
    texts = [field.name for field in schema(path) if field.name in repeated and _is_text(field.type)]
    return pq.ParquetFile(path, read_dictionary=texts, pre_buffer=False, buffer_size=BUFFER)


def _is_text(type_: pa.DataType) -> bool:
    if pa.types.is_dictionary(type_):
        type_ = type_.value_type
    return bool(pa.types.is_string(type_) or pa.types.is_large_string(type_))
