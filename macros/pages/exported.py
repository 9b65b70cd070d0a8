"""The exported decision on the page for data teams: this policy's expression, and its examples as rows to try it."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

from checker import Policy
from checker.answers.parse import parse_answers
from macros.export import DecisionTable, ExportErrors, Input, decision_table, sql


@dataclass(frozen=True, slots=True)
class Exported:
    """The parts of the page; without a table the policy is too large to be exported."""

    expression: str
    """The SQL expression, or the errors."""
    cases: str = ""
    """The worked examples as CSV: a column for each question that counts, with ids and dates as answers."""
    columns: tuple[str, ...] = ()
    """The inputs that are no such column, each as an expression of DuckDB with its name."""
    today: str = ""
    """A day of asking on which no answer of the examples lies in the future."""


def exported(policy: Policy) -> Exported:
    """The parts for one policy."""
    try:
        table = decision_table(policy)
    except ExportErrors as errors:
        return Exported(str(errors))
    columns = tuple(_column(item) for item in table.inputs if item.name != item.question)
    today = max((example.today for example in policy.examples.values()), default=policy.valid_from)
    return Exported(sql(table), _cases(policy, table), columns, today.isoformat())


def _cases(policy: Policy, table: DecisionTable) -> str:
    counted = [name for item in table.inputs for name in (item.question, item.counted_to) if name]
    questions = [name for name in policy.questions if name in counted]
    file = io.StringIO()
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(["example", *questions])
    for id_, example in policy.examples.items():
        answers = parse_answers(policy, example.answers, example.today)
        cells = {**answers.stored, **{name: day.isoformat() for name, day in answers.dates.items()}}
        writer.writerow([id_, *(cells.get(name, "") for name in questions)])
    return file.getvalue()


def _column(item: Input) -> str:
    day = _date(item.question)
    if item.choices:
        return f'CASE WHEN {day} IS NULL THEN "{item.question}" END AS "{item.name}"'
    return f"date_diff('day', {day}, {_date(item.counted_to)}) AS \"{item.name}\""


def _date(question: str) -> str:
    return f'TRY_CAST("{question}" AS DATE)'
