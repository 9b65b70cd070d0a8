"""Files of many cases, batch by batch: CSV and JSON Lines as DuckDB reads them, and Parquet."""

from __future__ import annotations

import csv
import gzip
import json
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal

import duckdb
import pyarrow as pa

from macros.batch import parquet
from macros.batch.columns import Encoding

type Format = Literal["csv", "json", "parquet"]

SUFFIXES: dict[str, Format] = {".csv": "csv", ".jsonl": "json", ".ndjson": "json", ".parquet": "parquet"}
BATCH = 1 << 17
"""The rows of a batch, more than in the groups of most Parquet files."""
LONGEST_LINE = 1 << 24
"""The most bytes of a line of CSV or JSON Lines."""

_LINE = "line"
_DELIMITERS = ",;\t|"


class SourceError(Exception):
    """A file cannot be read as cases. The message is one sentence or two, for the person who named the file."""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no row."""

    line: int
    text: str
    reason: str


def format_of(path: Path) -> Format:
    """The format of a file, by its name. Raises SourceError."""
    name = path.name.removesuffix(".gz")
    for suffix, format_ in SUFFIXES.items():
        if name.endswith(suffix):
            return format_
    raise SourceError(f"{path}: the name must end with one of {', '.join(SUFFIXES)}.")


def literal(text: str) -> str:
    """The text as a string of SQL."""
    return "'" + text.replace("'", "''") + "'"


def identifier(name: str) -> str:
    """The name as an identifier of SQL."""
    return '"' + name.replace('"', '""') + '"'


class Source:
    """A file of cases. Raises SourceError, and OSError if it cannot be opened."""

    def __init__(self, path: Path, repeated: Collection[str] = ()) -> None:
        """With the names of the columns whose texts are few, and stand in many rows."""
        self.path, self.format, self._repeated = path, format_of(path), repeated
        with path.open("rb"):
            pass
        self._connection = connect()
        self._bad_lines: list[BadLine] | None = None
        try:
            self.names = {"csv": self._header, "json": self._keys, "parquet": self._fields}[self.format]()
        except (duckdb.Error, pa.ArrowException) as error:
            raise SourceError(f"{path}: {first_line(error)}") from None
        if not all(self.names) or (self.format == "csv" and not self.names):
            raise SourceError(f"{path}: every column must have a name.")
        lower = [name.lower() for name in self.names]
        if twice := [name for name in self.names if lower.count(name.lower()) > 1]:
            raise SourceError(f"{path}: more than one column is called {', '.join(twice)}, if capitals do not count.")

    @property
    def encodings(self) -> dict[str, Encoding]:
        """The encoding of each column of texts."""
        return dict.fromkeys(self.names, "json" if self.format == "json" else "text")

    @property
    def rows(self) -> int | None:
        """The number of rows, if the file says it."""
        if self.format != "parquet":
            return None
        return parquet.row_count(self.path)

    @property
    def schema(self) -> pa.Schema:
        """The types of the columns."""
        if self.format == "parquet":
            return parquet.schema(self.path)
        return pa.schema([(name, pa.string()) for name in self.names])

    def batches(self, skip: int) -> Iterator[pa.RecordBatch]:
        """The rows in the file's order, without the first ones. Raises SourceError if reading fails."""
        try:
            if self.format == "parquet":
                yield from parquet.read(self.path, skip, BATCH, self._repeated)
                return
            yield from self._connection.sql(f"{self._query()} OFFSET {skip}").to_arrow_reader(BATCH)
            if self.format == "csv":
                self._bad_lines = [BadLine(*row) for row in self._connection.execute(_REJECTS).fetchall()]
        except (duckdb.Error, pa.ArrowException, OSError) as error:
            raise SourceError(f"{self.path}: {first_line(error)}") from None

    @property
    def bad_lines(self) -> Sequence[BadLine]:
        """The lines that are no rows, once all batches have been read. Those of JSON Lines are rows without a case."""
        return self._bad_lines or ()

    def _relation(self) -> str:
        path = literal(str(self.path))
        shape = f"auto_detect = false, store_rejects = true, max_line_size = {LONGEST_LINE}"
        if self.format == "json":
            columns = f"delim = e'\\x01', quote = '', escape = '', header = false, columns = {{'{_LINE}': 'VARCHAR'}}"
        else:
            fields = ", ".join(f"{literal(name)}: 'VARCHAR'" for name in self.names)
            sign = literal(self._delimiter)
            columns = f"delim = {sign}, quote = '\"', escape = '\"', header = true, columns = {{{fields}}}"
        return f"read_csv({path}, {shape}, {columns})"

    def _query(self) -> str:
        if self.format != "json":
            return f"SELECT * FROM {self._relation()}"
        shape = literal(json.dumps(dict.fromkeys(self.names, "JSON")))
        fields = ", ".join(f"fields.{identifier(name)}::VARCHAR AS {identifier(name)}" for name in self.names)
        return (
            f"SELECT {fields}, {_LINE} AS {identifier(LINE)}, fields IS NOT NULL AS {identifier(IS_CASE)} FROM "
            f"(SELECT {_LINE}, CASE WHEN {_IS_CASE} THEN json_transform({_LINE}, {shape}) END AS fields "
            f"FROM {self._relation()})"
        )

    def _fields(self) -> list[str]:
        return [*self.schema.names]

    def _header(self) -> list[str]:
        with _opened(self.path) as file:
            first = file.readline(LONGEST_LINE)
        try:
            text = first.decode("utf-8-sig").rstrip("\r\n")
        except UnicodeDecodeError:
            raise SourceError(f"{self.path}: is not in UTF-8. Save it as CSV in UTF-8.") from None
        self._delimiter = max(_DELIMITERS, key=text.count)
        try:
            return next(csv.reader([text], delimiter=self._delimiter, strict=True), [])
        except csv.Error:
            raise SourceError(f"{self.path}: the first line must hold the names of the columns, and no more.") from None

    def _keys(self) -> list[str]:
        """All keys of all lines, those of the first line first."""
        lines = (
            f"SELECT json_keys({_LINE}) AS keys, row_number() OVER () AS row FROM {self._relation()} WHERE {_IS_CASE}"
        )
        keys = f"SELECT unnest(keys) AS key, row, generate_subscripts(keys, 1) AS place FROM ({lines})"
        rows = self._connection.execute(f"SELECT key FROM ({keys}) GROUP BY key ORDER BY min((row, place))")
        return [name for (name,) in rows.fetchall()]


LINE, IS_CASE = "the line", "is a case"
"""Columns that JSON Lines have beside their keys: the whole line, and whether it is an object. No id has a space."""

_IS_CASE = (
    f"CASE WHEN json_valid({_LINE}) AND json_type({_LINE}) = 'OBJECT' "
    f"THEN len(json_keys({_LINE})) = len(list_distinct(json_keys({_LINE}))) ELSE false END"
)
"""Whether a line is an object with each key once; else it could be read in two ways."""

_REJECTS = (
    "SELECT line, any_value(csv_line), string_agg(error_message, ' ') FROM reject_errors GROUP BY line ORDER BY line"
)


def connect() -> duckdb.DuckDBPyConnection:
    """A new connection that asks nothing of the network and keeps the order of rows."""
    connection = duckdb.connect(config={"autoinstall_known_extensions": False})
    connection.execute("SET preserve_insertion_order = true")
    connection.execute("SET enable_progress_bar = false")
    return connection


def first_line(error: Exception) -> str:
    """The first line of an error of DuckDB, which goes on with advice for programmers."""
    return str(error).partition("\n")[0].removeprefix("Invalid Input Error: ")


def _opened(path: Path) -> IO[bytes]:
    opens: Callable[..., IO[bytes]] = gzip.open if path.name.endswith(".gz") else open  # type: ignore[assignment]
    return opens(path, "rb")
