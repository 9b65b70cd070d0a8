"""Many cases at once: the seconds that each case takes in databases, and what limits each way to decide many."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from bench.measure import Task, timed
from bench.peers import compare
from bench.samples import Sample, columns
from checker.policy import Policy
from macros.export import decision_table, sql

ROWS = 1_000_000
"""The cases in DuckDB and in the Parquet file, at least. SQLite, which is slower, has the samples alone."""

CHECKER = "checker, one case after the other"
CASE = "DuckDB, exported SQL, in memory"
"""The way that the others are compared with."""
PARQUET = "DuckDB, exported SQL, Parquet to Parquet"
COPY = "DuckDB, copy of the same Parquet"
SQLITE = "SQLite, exported SQL, in memory"

LIMITS = {
    CASE: "comparing texts, one row of the decision after the other",
    PARQUET: "the same, and reading and writing the columns",
    COPY: "reading and writing the columns; it decides nothing",
    SQLITE: "interpreting the expression anew for each case",
    CHECKER: "Python's loop, with a look-up for each question on the way",
    "zen-engine, expression": "making values of its own of each case",
    "zen-engine, decision table": "making a graph's input and output of each case",
    "json-logic-js": "walking through the rule anew for each case",
}
"""The work that takes most of the time of each way."""


@contextmanager
def databases(policy: Policy, samples: Sequence[Sample], expected: Sequence[str]) -> Iterator[Mapping[str, Task]]:
    """A task for each way to decide in a database, after checking that it decides as expected. All run in one thread.

    Raises:
        DifferentOutcomeError: A database decides otherwise.
    """
    table = decision_table(policy)
    names = [item.name for item in table.inputs]
    facts = [{name: case[name] for name in names} for case in (columns(sample.facts) for sample in samples)]
    outcome = sql(table)
    times = -(-ROWS // len(facts))
    with TemporaryDirectory() as folder, duckdb.connect() as duck, closing(sqlite3.connect(":memory:")) as lite:
        duck.execute("SET threads = 1")
        file = Path(folder) / "samples.json"
        file.write_text(json.dumps(facts), encoding="utf-8")
        duck.execute(f"CREATE TABLE samples AS SELECT * FROM read_json('{file}')")
        duck.execute(f"CREATE TABLE cases AS SELECT samples.* FROM samples, range({times})")
        lite.execute(f"CREATE TABLE cases ({', '.join(f'"{name}"' for name in names)})")
        lite.executemany(
            f"INSERT INTO cases VALUES ({', '.join('?' * len(names))})", [[*case.values()] for case in facts]
        )
        cases, decided = Path(folder) / "cases.parquet", Path(folder) / "decided.parquet"
        duck.execute(f"COPY cases TO '{cases}'")

        select = f"SELECT {outcome} FROM"
        for name, rows in {
            CASE: duck.execute(f"{select} samples").fetchall(),
            SQLITE: lite.execute(f"{select} cases").fetchall(),
        }.items():
            compare(name, facts, [found for (found,) in rows], expected)

        count = f"SELECT count({outcome}) FROM cases"
        yield {
            CASE: _of_each(lambda: duck.execute(count).fetchall(), times * len(facts)),
            PARQUET: _of_each(
                lambda: duck.execute(f"COPY (SELECT *, {outcome} AS outcome FROM '{cases}') TO '{decided}'"),
                times * len(facts),
            ),
            COPY: _of_each(lambda: duck.execute(f"COPY (FROM '{cases}') TO '{decided}'"), times * len(facts)),
            SQLITE: _of_each(lambda: lite.execute(count).fetchall(), len(facts)),
        }


def _of_each(function: Callable[[], object], cases: int) -> Task:
    """A task that measures one call for all cases, and returns the seconds of each."""
    task = timed(function)
    return lambda: task() / cases
