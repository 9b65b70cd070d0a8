"""The closed questions of a policy as variables of a diagram: each answer is a small number.

A counted date is cut at the durations that the policy compares it with, so that it has few values:
a range of days up to each duration, one for all older days, and the choices that may be answered instead.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from checker.answers.kinds import kind_of
from checker.engine.parts import ITEMS, conditions_of_items
from checker.policy import Comparison, Policy, as_list
from checker.values.durations import Duration


@dataclass(frozen=True)
class Variable:
    """A closed question. Its values are the ranges of days, if it is a date, and then the choices."""

    question: str
    choices: tuple[str, ...]
    first_days: tuple[int, ...] = ()
    """The first day of each range, counted back; empty unless the question is a date."""
    counted_to: str = ""
    """For a date, the question whose date the days are counted to."""

    @property
    def size(self) -> int:
        """The number of values."""
        return len(self.first_days) + len(self.choices)

    @property
    def oldest(self) -> int:
        """The value of a date further back than every duration."""
        return len(self.first_days) - 1

    @cached_property
    def values(self) -> Mapping[str | int, int]:
        """The value of each choice, and of each number of days but the oldest."""
        days = {day: bisect(self.first_days, day) - 1 for day in range(self.first_days[-1] if self.first_days else 0)}
        return {choice: len(self.first_days) + number for number, choice in enumerate(self.choices)} | days

    @cached_property
    def domain(self) -> tuple[int, ...]:
        """All values."""
        return tuple(range(self.size))

    def value_of(self, days: int) -> int:
        """The value of a date so many days back."""
        return self.values.get(days, self.oldest)

    def choices_of(self, values: Iterable[int]) -> tuple[str, ...]:
        """The choices among the values."""
        return tuple(
            self.choices[value - len(self.first_days)] for value in sorted(values) if value >= len(self.first_days)
        )

    def day_ranges(self, values: Iterable[int]) -> Iterator[tuple[int, int | None]]:
        """The days of the values: least and most of each run of adjacent ranges; None for no end."""
        ranges = sorted(value for value in values if value < len(self.first_days))
        for first in (value for value in ranges if value - 1 not in ranges):
            last = next(value for value in range(first, len(self.first_days)) if value + 1 not in ranges)
            most = self.first_days[last + 1] - 1 if last + 1 < len(self.first_days) else None
            yield self.first_days[first], most


def value_by(policy: Policy, name: str) -> tuple[str | None, Mapping[str, str]]:
    """The question that a value depends on, with its duration for each answer; else None, with the one duration."""
    value = policy.values[name]
    if isinstance(value, str):
        return None, {"": value}
    return value["by"], {choice: text for choice, text in value.items() if choice != "by"}


def variables(policy: Policy) -> Iterator[Variable]:
    """The closed questions of a policy, in the file's order."""
    for name, question in policy.questions.items():
        if (domain := kind_of(question).domain(question)) is not None:
            first_days = (0, *sorted(_cuts(policy, name))) if domain.counted_to else ()
            yield Variable(name, domain.choices, first_days, domain.counted_to)


def _cuts(policy: Policy, question: str) -> set[int]:
    """The first days after each duration that the question's date is compared with."""
    rules = (rule.when for rule in policy.rules.values())
    grants = (grant.when for grant in policy.grants.values())
    items = (when for part in ITEMS for when in conditions_of_items(policy, part).values())
    invariants = (when for item in policy.invariants.values() for when in (item.when, item.always) if when is not None)
    whens = [*rules, *grants, *items, *invariants]
    tests = [all_of[question] for when in whens for all_of in as_list(when) if question in all_of]
    names = {test.longer_ago_than or test.within for test in tests if isinstance(test, Comparison)} - {None}
    return {
        Duration.parse(text, policy.messages).most + 1
        for name in names
        for text in value_by(policy, str(name))[1].values()
    }
