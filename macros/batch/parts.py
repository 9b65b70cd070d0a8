"""Parts of an output: batches of rows decided on their way from one file into another."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from itertools import chain
from pathlib import Path
from typing import IO

import duckdb
import numpy as np
import pyarrow as pa

from checker.answers.parse import AnswerError
from checker.verdict import dumps
from macros.batch import parquet
from macros.batch.progress import Progress
from macros.batch.rows import DECIDED, STAMP, Rejected, Rows
from macros.batch.sources import IS_CASE, LINE, Format, Source, connect, first_line, identifier, literal

type Report = Callable[[Progress], None]
"""A function that is called after each batch, with the progress so far."""

_NO_CASE = AnswerError(None, "The line is not a JSON object, or has a key twice.")
_OPTIONS = {"csv": "FORMAT csv, HEADER", "json": "FORMAT json", "parquet": "FORMAT parquet"}


class WriteError(Exception):
    """A part cannot be written. The message names it, and the reason."""


class Part:
    """A part of the output, which takes rows from the input until it is full, or stopped."""

    def __init__(
        self, rows: Rows, source: Source, progress: Progress, rejects: IO[bytes], *, most: int, stopped: threading.Event
    ) -> None:
        """``progress`` moves on with each batch; ``most`` is the most rows of the part."""
        self._rows, self._source, self._progress, self._rejects = rows, source, progress, rejects
        self._end, self._stopped = progress.rows + most, stopped
        self._is_last = False
        self._error: Exception | None = None

    def write(self, path: Path, format_: Format, batches: Iterator[pa.RecordBatch], report: Report) -> bool:
        """Writes the part; whether it is the last one. Raises WriteError, and what reading the batches raises."""
        decided = self._decided(batches, report)
        first = next(decided, None)
        schema = first.schema if first is not None else self._empty_schema()
        stream = chain([first] if first is not None else [], decided)
        try:
            if format_ == self._source.format == "parquet":
                parquet.write(path, schema, stream)
            else:
                self._copy(path, format_, pa.RecordBatchReader.from_batches(schema, stream))
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            if self._error:
                raise self._error from None
            raise WriteError(f"{path}: {first_line(error)}") from None
        return self._is_last

    def _copy(self, path: Path, format_: Format, batches: pa.RecordBatchReader) -> None:
        with connect() as connection:
            connection.register("decided", batches)
            connection.execute(f"COPY ({self._selected(format_)}) TO {literal(str(path))} ({_OPTIONS[format_]})")

    def _selected(self, format_: Format) -> str:
        columns = [self._converted(name, format_) for name in self._source.names if name not in (*DECIDED, *STAMP)]
        columns += [f"{name}::VARCHAR AS {name}" if type_ == pa.string() else name for name, type_ in DECIDED.items()]
        columns += [f"{name}::VARCHAR AS {name}" for name in STAMP]
        return f"SELECT {', '.join(columns)} FROM decided"

    def _converted(self, name: str, format_: Format) -> str:
        """A column of the input, in the output's format: JSON stays JSON there, and becomes text elsewhere."""
        column = identifier(name)
        if self._source.format != "json":
            return column
        if format_ == "json":
            return f"{column}::JSON AS {column}"
        text = f"json_extract_string({column}, '$')"
        return f"CASE json_type({column}) WHEN 'VARCHAR' THEN {text} ELSE {column} END AS {column}"

    def _decided(self, batches: Iterator[pa.RecordBatch], report: Report) -> Iterator[pa.RecordBatch]:
        try:
            while self._progress.rows < self._end and not self._stopped.is_set():
                batch = next(batches, None)
                if batch is None:
                    self._is_last = True
                    return
                yield self._batch(batch)
                report(self._progress)
        except Exception as error:  # DuckDB passes on its text alone
            self._error = error
            raise

    def _batch(self, batch: pa.RecordBatch) -> pa.RecordBatch:
        progress = self._progress
        columns, rejected = self._rows(batch)
        rejections = {bad.row: self._rejection(bad, batch) for bad in rejected}
        out = np.zeros(batch.num_rows, np.bool_)
        if self._source.format == "json":
            out = ~np.asarray(batch.column(IS_CASE))
            rejections |= dict(self._lines(batch, np.flatnonzero(out).tolist()))
        for row, rejection in sorted(rejections.items()):
            out[row] = True
            place = {"row": progress.rows + row + 1}
            self._rejects.write(dumps(place | rejection).encode() + b"\n")
        own = {name: batch.column(name) for name in self._source.names if name not in (*DECIDED, *STAMP)}
        stamp = (self._rows.policy.version, self._rows.policy.digest)
        arrays = own | columns | {name: _repeat(text, len(out)) for name, text in zip(STAMP, stamp, strict=True)}
        decided = pa.RecordBatch.from_arrays([*arrays.values()], names=[*arrays])
        if out.any():
            decided = decided.filter(pa.array(~out))
        progress.rows += batch.num_rows
        progress.rejected += len(rejections)
        progress.decided += decided.num_rows
        for count in decided.column("possible").value_counts().to_pylist():
            outcomes = count["values"]
            progress.outcomes[outcomes] = progress.outcomes.get(outcomes, 0) + count["counts"]
        return decided

    def _lines(self, batch: pa.RecordBatch, rows: list[int]) -> Iterator[tuple[int, dict[str, object]]]:
        """The rejections of lines that are no objects. An empty line is none."""
        for row in rows:
            text = batch.column(LINE)[row].as_py()
            if text and text.strip():
                yield row, {"text": text, "errors": [_NO_CASE.to_json()]}

    def _rejection(self, bad: Rejected, batch: pa.RecordBatch) -> dict[str, object]:
        errors = [error.to_json() for error in bad.errors]
        if self._source.format == "json":
            return {"text": batch.column(LINE)[bad.row].as_py(), "errors": errors}
        values = {name: batch.column(name)[bad.row].as_py() for name in self._source.names}
        plain = (str, int, float, type(None))
        texts = {name: value if isinstance(value, plain) else str(value) for name, value in values.items()}
        return {"values": texts, "errors": errors}

    def _empty_schema(self) -> pa.Schema:
        own = [field for field in self._source.schema if field.name not in (*DECIDED, *STAMP)]
        return pa.schema([*own, *DECIDED.items(), *((name, pa.string()) for name in STAMP)])


def _repeat(text: str, rows: int) -> pa.Array:
    return pa.DictionaryArray.from_arrays(pa.array(np.zeros(rows, np.int32)), pa.array([text]))
