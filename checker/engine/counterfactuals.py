"""Counterfactuals: for each other outcome the fewest answers that would have to be different."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from checker.engine.evaluate import Evaluation
from checker.verdict import Answered, Change


def counterfactuals(evaluation: Evaluation, changeable: Collection[str]) -> Iterator[Change]:
    """The smallest changes of changeable questions, all ties, strongest outcome first.

    A counted span can be changed at its start date or at its end date. There are none while the outcome is
    open, and none that depend on an open answer.
    """
    compiled = evaluation.compiled
    now = evaluation.terminals(compiled.outcome)
    if len(now) > 1:
        return
    movable = {
        number
        for number, variable in enumerate(compiled.variables)
        if variable.question in changeable or variable.counted_to in changeable
    }
    for rank, ways in sorted(compiled.store.nearest(compiled.outcome, evaluation.values, movable).items()):
        if rank in now or rank == compiled.undecided:
            continue
        for way in _joined(ways):
            options = [_answers(evaluation, variable, values, changeable) for variable, values in sorted(way.items())]
            for answers in product(*options):
                yield Change(outcome=compiled.outcomes[rank], answers=answers)


def _joined(ways: Iterable[dict[int, frozenset[int]]]) -> list[dict[int, frozenset[int]]]:
    """The ways, with those joined that move the same single variable."""
    single: dict[int, frozenset[int]] = {}
    others = []
    for way in ways:
        if len(way) == 1:
            [(variable, values)] = way.items()
            single[variable] = single.get(variable, frozenset()) | values
        else:
            others.append(way)
    return [{variable: values} for variable, values in sorted(single.items())] + others


def _answers(
    evaluation: Evaluation, number: int, values: frozenset[int], changeable: Collection[str]
) -> list[Answered]:
    """The answers that give the variable one of the values."""
    variable = evaluation.compiled.variables[number]
    answers = []
    choices = variable.choices_of(values)
    if choices and variable.question in changeable:
        answers.append(Answered(question=variable.question, choices=choices))
    for least, most in variable.day_ranges(values):
        start, end = evaluation.answers.dates.get(variable.question), evaluation.answers.dates[variable.counted_to]
        if variable.question in changeable:
            answers.append(
                Answered(question=variable.question, first=_shift(end, most, -1), last=_shift(end, least, -1))
            )
        if start and variable.counted_to in changeable:
            answers.append(
                Answered(question=variable.counted_to, first=_shift(start, least, 1), last=_shift(start, most, 1))
            )
    return answers


def _shift(day: date, days: int | None, direction: int) -> date | None:
    return None if days is None else day + timedelta(direction * days)
