"""A JsonLogic rule, of operators that mean the same in every engine."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from checker.answers.parse import UNKNOWN
from macros.export.table import Days, DecisionTable, Input, OneOf


def json_logic(table: DecisionTable) -> dict[str, Any]:
    """The rule, with the policy and the inputs beside it.

    Its value is the id of the outcome; null if several are possible or an input is invalid.
    """
    return {
        "policy": {
            "title": table.title,
            "version": table.version,
            "valid_from": table.valid_from.isoformat(),
            "digest": table.digest,
        },
        "inputs": {item.name: _input(item) for item in table.inputs},
        "rule": {"if": [*_branches(table), None]},
    }


def _input(item: Input) -> dict[str, Any]:
    if item.choices:
        return {"question": item.question, "choices": [*item.choices]}
    return {"question": item.question, "days_to": item.counted_to}


def _branches(table: DecisionTable) -> Iterator[object]:
    invalid = [*map(_invalid, table.inputs)]
    invalid += [
        {"and": [_is_one_of(choice.name, choice.choices), {"!==": [{"var": days.name}, None]}]}
        for choice, days in table.alternatives
    ]
    if invalid:
        yield from ({"or": invalid}, None)
    for row in table.rows:
        yield from ({"and": [*map(_test, row.tests)]} if row.tests else True, row.outcome)


def _invalid(item: Input) -> object:
    """The test that an input holds something else than an answer; a missing one is null."""
    if item.choices:
        return {"!": _is_one_of(item.name, (*item.choices, UNKNOWN, None))}
    return {"<": [{"var": item.name}, 0]}


def _test(test: OneOf | Days) -> object:
    if isinstance(test, OneOf):
        return _is_one_of(test.input, test.choices)
    value = {"var": test.input}
    compared = {">=": [value, test.first]} if test.last is None else {"<=": [test.first, value, test.last]}
    return {"and": [{"!==": [value, None]}, compared]}  # JavaScript compares null as if it were 0


def _is_one_of(name: str, values: Iterable[str | None]) -> object:
    return {"in": [{"var": name}, [*values]]}
