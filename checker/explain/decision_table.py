"""The decision table: every case, in as few rows as joining can reach."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from checker.decide import Checker
from checker.engine.compile import CompiledPolicy
from checker.engine.cover import CoverTooLargeError, Cube, cover
from checker.engine.nodes import HOLDS
from checker.engine.variables import Variable
from checker.messages import Messages
from checker.policy import Question


@dataclass(frozen=True, slots=True)
class Cell:
    """Some of the answers to a question."""

    days: tuple[str, ...]
    """Ranges of days that a date lies back, in words."""
    choices: tuple[str, ...]
    """The choices, by id."""


@dataclass(frozen=True, slots=True)
class Row:
    """Some cases that have the same outcome."""

    cells: Mapping[str, Cell | None]
    """By question, the answers; None where any answer will do."""
    outcome: str
    clauses: tuple[str, ...]
    """The clauses that decide in the cases of the row."""


@dataclass(frozen=True, slots=True)
class Table:
    """All cases. The questions are those that decide anything, in the policy's order."""

    questions: tuple[str, ...]
    rows: tuple[Row, ...]


def decision_table(checker: Checker) -> Table | None:
    """The table of a policy's outcomes: every case is in at least one row, and rows that overlap have the same outcome.

    None if the policy is too large for a table.
    """
    compiled = checker.compiled
    variables, questions = compiled.variables, [*compiled.policy.questions]
    file_order = sorted(range(len(variables)), key=lambda n: questions.index(variables[n].question))
    try:
        cubes = cover(compiled.store, compiled.outcome, compiled.store.paths(compiled.outcome))
    except CoverTooLargeError:
        return None
    cubes.sort(key=lambda item: (item[1], [sorted(item[0][n]) for n in file_order]))
    used = [n for n in file_order if any(len(cube[n]) < variables[n].size for cube, _ in cubes)]
    rows = tuple(
        Row(
            {variables[n].question: _cell(variables[n], cube[n], compiled.policy.messages) for n in used},
            compiled.outcomes[terminal],
            tuple(_deciding(compiled, cube, terminal)),
        )
        for cube, terminal in cubes
    )
    return Table(tuple(variables[n].question for n in used), rows)


def _deciding(compiled: CompiledPolicy, cube: Cube, terminal: int) -> dict[str, None]:
    """The clauses that decide in every case of the row; if there are none, those that decide in some."""
    own = [(rule.clause, compiled.store.terminals(rule.when, cube)) for rule in compiled.rules if rule.rank == terminal]
    always = {clause: None for clause, ends in own if ends == {HOLDS}}
    return always or {clause: None for clause, ends in own if HOLDS in ends}


def _cell(variable: Variable, values: frozenset[int], messages: Messages) -> Cell | None:
    if len(values) == variable.size:
        return None
    return Cell(
        tuple(_day_range(least, most, messages) for least, most in variable.day_ranges(values)),
        variable.choices_of(values),
    )


def labels(
    question: Question, choices: Iterable[str], days: Iterable[tuple[int, int | None]], messages: Messages
) -> tuple[str, ...]:
    """Some answers in words: days that a date lies back, as least and most, and choices."""
    return (
        *(_day_range(least, most, messages) for least, most in days),
        *(question.offered[choice].phrase for choice in choices),
    )


def _day_range(least: int, most: int | None, messages: Messages) -> str:
    say = messages.say
    if most is None:
        return say("days_ago.over", count=least - 1) if least else say("days_ago.any")
    if least == most:
        return say("days_ago.exact", count=least) if least else say("days_ago.today")
    return say("days_ago.between", least=least, most=most) if least else say("days_ago.up_to", count=most)
