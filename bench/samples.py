"""The cases that every engine decides: each cell of the case space, and random days in addition."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from checker.answers.parse import Answers
from checker.engine.compile import CompiledPolicy
from checker.engine.variables import Variable
from macros.export import choice_of, days_of

NO_CHOICE, NO_DAYS = "", -1
"""The facts of a date question: its choice if a date is answered, its days if none is."""

type Facts = dict[str, str | int]


@dataclass(frozen=True, slots=True)
class Sample:
    """A case with all answers, as the checker and as the other engines read it.

    The others get the days between the dates, which the checker counts itself.
    """

    answers: Answers
    facts: Facts

    def typed(self) -> Facts:
        """The answers with their days counted, as `CompiledPolicy.decide` reads them."""
        days = {
            name.removesuffix(days_of("")): fact
            for name, fact in self.facts.items()
            if name.endswith(days_of("")) and fact != NO_DAYS
        }
        return {**self.answers.choices, **days}

    def raw(self) -> dict[str, str]:
        """The answers as a customer types them."""
        return {**self.answers.choices, **{name: day.isoformat() for name, day in self.answers.dates.items()}}


def columns(facts: Facts) -> dict[str, str | int | None]:
    """The facts as exported decisions take them, None in the place of a missing choice or number of days."""
    return {name: None if fact in (NO_CHOICE, NO_DAYS) else fact for name, fact in facts.items()}


def cells(cases: CompiledPolicy, today: date) -> Iterator[Sample]:
    """Every cell once; a range of days with its first day."""
    return (_sample(cases.variables, values, None, today) for values in itertools.product(*_values(cases)))


def random_days(cases: CompiledPolicy, today: date, number: int, seed: int = 1) -> Iterator[Sample]:
    """Random cells, with random days of their ranges."""
    random = Random(seed)
    for _ in range(number):
        yield _sample(cases.variables, [random.choice(values) for values in _values(cases)], random, today)


def _values(cases: CompiledPolicy) -> list[range]:
    return [range(variable.size) for variable in cases.variables]


def _sample(variables: Sequence[Variable], values: Sequence[int], random: Random | None, today: date) -> Sample:
    choices: dict[str, str] = {}
    dates: dict[str, date] = {}
    facts: Facts = {}
    for variable, value in zip(variables, values, strict=True):
        if variable.counted_to:
            dates[variable.counted_to] = today
        if value < len(variable.first_days):
            days = _day(variable.first_days, value, random)
            dates[variable.question] = today - timedelta(days)
            facts |= {choice_of(variable.question): NO_CHOICE, days_of(variable.question): days}
        else:
            choice = choices[variable.question] = variable.choices[value - len(variable.first_days)]
            is_date = bool(variable.first_days)
            facts[choice_of(variable.question) if is_date else variable.question] = choice
            facts |= {days_of(variable.question): NO_DAYS} if is_date else {}
    stored = choices | {name: day.isoformat() for name, day in dates.items()}
    return Sample(Answers({**choices, **dates}, stored), facts)


def _day(starts: Sequence[int], index: int, random: Random | None) -> int:
    """A day of a range of days; one without an end counts as long as all before it."""
    start = starts[index]
    end = starts[index + 1] if index + 1 < len(starts) else 2 * start + 1
    return random.randrange(start, end) if random else start
