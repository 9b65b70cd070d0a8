"""The values of many cases, as arrays: what is left of the answers once they are read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from checker.answers.parse import Answers
from checker.engine.variables import Variable
from macros.batch.walk import Codes

NO_DAY = np.iinfo(np.int32).min
"""The day of a case whose question has no date as its answer."""

EPOCH = date(1970, 1, 1).toordinal()
"""Days are counted from 1970 on, as Arrow counts them."""


def day_number(day: date) -> int:
    """The day as a number."""
    return day.toordinal() - EPOCH


def date_of(number: int) -> date:
    """The date of a day number."""
    return date.fromordinal(number + EPOCH)


@dataclass(frozen=True, slots=True)
class Values:
    """The answers of many cases to the questions that decide."""

    codes: Sequence[Codes]
    """For each variable the value of each case; the variable's size where the question is open."""
    days: Mapping[str, Codes]
    """For each date that is counted, or counted to, the day of each case; NO_DAY where the answer is no date."""

    def __len__(self) -> int:
        return len(next(iter((*self.codes, *self.days.values())), ()))

    def dates(self, case: int) -> dict[str, date]:
        """The dates of one case."""
        numbers = {question: int(days[case]) for question, days in self.days.items()}
        return {question: date_of(number) for question, number in numbers.items() if number != NO_DAY}

    def answers(self, case: int, variables: Sequence[Variable]) -> Answers:
        """The answers of one case, as the checker takes them."""
        dates = self.dates(case)
        choices: dict[str, str] = {}
        for variable, codes in zip(variables, self.codes, strict=True):
            if variable.question not in dates and (code := int(codes[case])) < variable.size:
                choices[variable.question] = variable.choices[code - len(variable.first_days)]
        return Answers({**choices, **dates}, {})
