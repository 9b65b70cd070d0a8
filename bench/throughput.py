"""Many cases at once: the seconds of each case in files, arrays and databases, and what limits each way.

They are seconds of a processor, so it is no matter how many threads a way takes, and what else the machine does.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

import duckdb

from bench.measure import Task
from bench.peers import compare
from bench.samples import Sample, columns
from checker.decide import Checker
from checker.policy import Policy
from macros.batch.columns import Columns
from macros.batch.decider import Decider
from macros.batch.files import Run
from macros.export import decision_table, sql
from macros.pages.exported import exported

ROWS = 2_000_000
"""About the cases in the Parquet file, in DuckDB and in arrays. SQLite, which is slower, has the samples alone."""

ARRAYS = "policy decide --input, the decisions alone"
FILES = "policy decide --input, Parquet to Parquet"
COPY = "DuckDB, copy of the same Parquet"
CASE = "DuckDB, exported SQL, in memory"
"""The way that the others are compared with."""
PARQUET = "DuckDB, exported SQL, Parquet to Parquet"
SQLITE = "SQLite, exported SQL, in memory"
CHECKER = "checker, one case after the other"

LIMITS = {
    ARRAYS: "memory: one look-up in a table for a few questions together",
    FILES: "reading and writing the columns, among them the clause and the last day",
    COPY: "reading and writing the columns; it decides nothing",
    CASE: "comparing texts, one row of the decision after the other",
    PARQUET: "the same, then counting days, reading and writing",
    SQLITE: "interpreting the expression anew for each case",
    CHECKER: "Python's loop, with a look-up for each question on the way",
    "zen-engine, expression": "making values of its own of each case",
    "zen-engine, decision table": "making a graph's input and output of each case",
    "json-logic-js": "walking through the rule anew for each case",
}
"""The work that takes most of the time of each way."""


@contextmanager
def many(policy: Policy, samples: Sequence[Sample], expected: Sequence[str]) -> Iterator[Mapping[str, Task]]:
    """A task for each way that measures the seconds of one case, after checking its decisions. DuckDB has one thread.

    Raises:
        DifferentOutcomeError: A case is decided otherwise than expected.
    """
    table, checker, today = decision_table(policy), Checker(policy), policy.valid_from
    names = [item.name for item in table.inputs]
    facts = [{name: case[name] for name in names} for case in (columns(sample.facts) for sample in samples)]
    times = ROWS // len(samples)
    rows = times * len(samples)
    outcome = sql(table)
    inputs = ", ".join(["*", *exported(policy).columns])
    quoted = ", ".join(f'"{name}"' for name in names)
    with TemporaryDirectory() as name, duckdb.connect() as duck, closing(sqlite3.connect(":memory:")) as lite:
        folder = Path(name)
        source, output = folder / "cases.parquet", folder / "decided.parquet"
        (folder / "samples.json").write_text(json.dumps([sample.raw() for sample in samples]), encoding="utf-8")
        duck.execute("SET threads = 1")
        duck.execute(f"CREATE TABLE samples AS FROM read_json('{folder / 'samples.json'}')")
        repeated = f"SELECT samples.* FROM samples, range({times}) AS turns(turn) ORDER BY turn, samples.rowid"
        duck.execute(f"COPY ({repeated}) TO '{source}'")
        duck.execute(f"CREATE TABLE cases AS SELECT {quoted} FROM (SELECT {inputs} FROM '{source}')")
        lite.execute(f"CREATE TABLE cases ({quoted})")
        lite.executemany(
            f"INSERT INTO cases VALUES ({', '.join('?' * len(names))})", [[*case.values()] for case in facts]
        )
        reader, decider = Columns(checker, today, {}), Decider(checker)
        batches = [reader.read(batch).values for batch in duck.read_parquet(str(source)).to_arrow_reader(1 << 16)]

        def in_arrays() -> list[str]:
            numbers = [decider.outcomes(values) for values in batches]
            return [" ".join(decider.possible[number]) for part in numbers for number in part.tolist()]

        def in_files() -> None:
            Run(checker, today, source, output, force=True)()

        def in_parquet() -> None:
            decided = f"SELECT *, {outcome} AS outcome FROM (SELECT {inputs} FROM '{source}')"
            duck.execute(f"COPY ({decided}) TO '{output}' (FORMAT parquet)")

        def first(query: str, database: duckdb.DuckDBPyConnection | sqlite3.Connection) -> list[object]:
            return [found for (found,) in database.execute(query).fetchall()[: len(samples)]]

        compare(ARRAYS, facts, in_arrays()[: len(samples)], expected)
        compare(CASE, facts, first(f"SELECT {outcome} FROM cases", duck), expected)
        compare(SQLITE, facts, first(f"SELECT {outcome} FROM cases", lite), expected)
        for name, write in {FILES: in_files, PARQUET: in_parquet}.items():
            write()
            compare(name, facts, first(f"SELECT outcome FROM '{output}'", duck), expected)

        count = f"SELECT count({outcome}) FROM cases"
        yield {
            ARRAYS: _of_each(lambda: [*map(decider.outcomes, batches)], rows),
            FILES: _of_each(in_files, rows),
            COPY: _of_each(lambda: duck.execute(f"COPY (FROM '{source}') TO '{output}'"), rows),
            CASE: _of_each(lambda: duck.execute(count).fetchall(), rows),
            PARQUET: _of_each(in_parquet, rows),
            SQLITE: _of_each(lambda: lite.execute(count).fetchall(), len(samples)),
        }


def _of_each(function: Callable[[], object], cases: int) -> Task:
    """A task that measures one call for all cases, and returns the processor's seconds for each."""

    def task() -> float:
        start = process_time()
        function()
        return (process_time() - start) / cases

    return task
