"""An SQL expression, of words that every database knows."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from checker.answers.parse import UNKNOWN
from macros.export.table import Days, DecisionTable, Input, OneOf


def sql(table: DecisionTable) -> str:
    """One expression whose value is the id of the outcome; NULL if several are possible or an input is invalid."""
    return "\n".join([*_comment(table), "CASE", *_branches(table), "END", ""])


def _comment(table: DecisionTable) -> Iterator[str]:
    """The policy and the columns. No text of the policy can end a comment of one line."""
    yield f"-- {table.stamp}"
    yield "-- The outcome of a case; NULL while several are possible, and for answers that do not exist. Columns:"
    for item in table.inputs:
        if item.choices:
            instead = "" if item.name == item.question else f", the answer to {_name(item.question)} if it is no date"
            yield f"-- {_name(item.name)}{instead}: {', '.join(item.choices)}; NULL if unknown"
        else:
            days = f"{_name(item.question)} to {_name(item.counted_to)}"
            yield f"-- {_name(item.name)}: the whole days from {days}; NULL if unknown"
    for one, other in table.alternatives:
        yield f"-- Of {_name(one.name)} and {_name(other.name)} one has a value."


def _branches(table: DecisionTable) -> Iterator[str]:
    invalid = [*map(_invalid, table.inputs)]
    invalid += [
        f"{_name(one.name)} <> {_text(UNKNOWN)} AND {_name(other.name)} >= 0" for one, other in table.alternatives
    ]
    if invalid:
        yield "\n    OR ".join(["  WHEN " + invalid[0], *invalid[1:]]) + "\n    THEN NULL"
    for row in table.rows:
        tests = " AND ".join(map(_test, row.tests)) or "1 = 1"
        yield f"  WHEN {tests} THEN {_text(row.outcome)} -- {', '.join(row.clauses)}"
    yield "  ELSE NULL"


def _invalid(item: Input) -> str:
    """The test that a column holds something else than an answer."""
    return (
        f"{_name(item.name)} NOT IN ({_texts((*item.choices, UNKNOWN))})" if item.choices else f"{_name(item.name)} < 0"
    )


def _test(test: OneOf | Days) -> str:
    name = _name(test.input)
    if isinstance(test, OneOf):
        return f"{name} IN ({_texts(test.choices)})"
    return f"{name} >= {test.first}" if test.last is None else f"{name} BETWEEN {test.first} AND {test.last}"


def _texts(texts: Iterable[str]) -> str:
    return ", ".join(map(_text, texts))


def _text(text: str) -> str:
    return "'" + text.replace("'", "''") + "'"


def _name(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
