"""The branches at an open question: its answers, grouped by the outcomes that they leave possible."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from checker.engine.evaluate import Evaluation
from checker.verdict import Answered, Branch


def branches(evaluation: Evaluation, question: str) -> Iterator[Branch]:
    """The branches at a question that has no answer, in the order of its answers."""
    compiled = evaluation.compiled
    number = compiled.variable[question]
    values_by_outcomes: dict[tuple[int, ...], list[int]] = {}
    for value in evaluation.values[number]:
        ranks = tuple(sorted(evaluation.under({number: (value,)}).terminals(compiled.outcome)))
        values_by_outcomes.setdefault(ranks, []).append(value)
    for ranks, values in values_by_outcomes.items():
        answers = tuple(_answers(evaluation, number, values))
        yield Branch(answers=answers, outcomes=tuple(compiled.outcomes[rank] for rank in ranks))


def _answers(evaluation: Evaluation, number: int, values: list[int]) -> Iterator[Answered]:
    """The days of the values, each run of them, and then the choices."""
    variable = evaluation.compiled.variables[number]
    end = evaluation.answers.dates.get(variable.counted_to)
    for least, most in variable.day_ranges(values) if end else ():
        yield Answered(question=variable.question, first=_before(end, most), last=_before(end, least))
    if choices := variable.choices_of(values):
        yield Answered(question=variable.question, choices=choices)


def _before(day: date | None, days: int | None) -> date | None:
    """The day so many days before; None for no end, which the first year is too."""
    return None if day is None or days is None or days >= day.toordinal() else day - timedelta(days)
