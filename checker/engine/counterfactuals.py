"""What would change the outcome: for each other outcome the fewest answers that would have to be different."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import date, timedelta
from itertools import product

from checker.engine.evaluate import Case
from checker.verdict import Answered, Change


def changes(case: Case, changeable: Collection[str]) -> Iterator[Change]:
    """The smallest changes of changeable questions, all ties, strongest outcome first.

    A day that is counted moves with either end of the count. There are none while the outcome is open, and
    none that depend on an open answer.
    """
    cases = case.cases
    now = case.leaves(cases.outcome)
    if len(now) > 1:
        return
    movable = {
        number
        for number, level in enumerate(cases.levels)
        if level.question in changeable or level.counted_to in changeable
    }
    for rank, ways in sorted(cases.store.nearest(cases.outcome, case.values, movable).items()):
        if rank in now or rank == cases.undecided:
            continue
        for way in _joined(ways):
            options = [_answers(case, level, values, changeable) for level, values in sorted(way.items())]
            for answers in product(*options):
                yield Change(outcome=cases.outcomes[rank], answers=answers)


def _joined(ways: Iterable[dict[int, frozenset[int]]]) -> list[dict[int, frozenset[int]]]:
    """The ways with those made one that move the same single level."""
    single: dict[int, frozenset[int]] = {}
    others = []
    for way in ways:
        if len(way) == 1:
            [(level, values)] = way.items()
            single[level] = single.get(level, frozenset()) | values
        else:
            others.append(way)
    return [{level: values} for level, values in sorted(single.items())] + others


def _answers(case: Case, number: int, values: frozenset[int], changeable: Collection[str]) -> list[Answered]:
    """The answers that give the level one of the values."""
    level = case.cases.levels[number]
    answers = []
    choices = level.chosen(values)
    if choices and level.question in changeable:
        answers.append(Answered(question=level.question, choices=choices))
    for least, most in level.days(values):
        start, end = case.answers.dates.get(level.question), case.answers.dates[level.counted_to]
        if level.question in changeable:
            answers.append(Answered(question=level.question, first=_shift(end, most, -1), last=_shift(end, least, -1)))
        if start and level.counted_to in changeable:
            answers.append(
                Answered(question=level.counted_to, first=_shift(start, least, 1), last=_shift(start, most, 1))
            )
    return answers


def _shift(day: date, days: int | None, direction: int) -> date | None:
    return None if days is None else day + timedelta(direction * days)
