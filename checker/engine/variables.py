"""The closed questions of a policy as levels of a diagram: each answer is a small number.

A date that is counted is cut at the lengths of time that the policy compares it with, so that it has
few values: a span of days up to each of those lengths, one beyond them, and what may be answered instead.
"""

from __future__ import annotations

from bisect import bisect
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from checker.answers.kinds import kind_of
from checker.engine.parts import PARTS, part_conditions
from checker.policy import Comparison, Policy, as_list
from checker.values.durations import Duration


@dataclass(frozen=True)
class Variable:
    """One question of the space. Its values are the spans of days, if it is a date, and then the choices."""

    question: str
    choices: tuple[str, ...]
    starts: tuple[int, ...] = ()
    """The first day of each span, counted back; empty unless the question is a date."""
    counted_to: str = ""
    """For a date, the question whose date the days are counted to."""

    @property
    def size(self) -> int:
        """How many values the level has."""
        return len(self.starts) + len(self.choices)

    @property
    def beyond(self) -> int:
        """The value of a date that lies further back than every length of time."""
        return len(self.starts) - 1

    @cached_property
    def values(self) -> Mapping[str | int, int]:
        """The value of each choice, and of each number of days that lies not beyond."""
        days = {day: bisect(self.starts, day) - 1 for day in range(self.starts[-1] if self.starts else 0)}
        return {choice: len(self.starts) + number for number, choice in enumerate(self.choices)} | days

    @cached_property
    def every(self) -> tuple[int, ...]:
        """All values."""
        return tuple(range(self.size))

    def span(self, days: int) -> int:
        """The value of a date that lies so many days back."""
        return self.values.get(days, self.beyond)

    def chosen(self, values: Iterable[int]) -> tuple[str, ...]:
        """The choices among the values."""
        return tuple(self.choices[value - len(self.starts)] for value in sorted(values) if value >= len(self.starts))

    def days(self, values: Iterable[int]) -> Iterator[tuple[int, int | None]]:
        """The values' days, as least and most of each run of spans that follow each other; None for no end."""
        spans = sorted(value for value in values if value < len(self.starts))
        for first in (span for span in spans if span - 1 not in spans):
            last = next(span for span in range(first, len(self.starts)) if span + 1 not in spans)
            most = self.starts[last + 1] - 1 if last + 1 < len(self.starts) else None
            yield self.starts[first], most


def value_by(policy: Policy, name: str) -> tuple[str | None, Mapping[str, str]]:
    """The question that a value depends on and its length for each answer; None and the one length else."""
    value = policy.values[name]
    if isinstance(value, str):
        return None, {"": value}
    return value["by"], {choice: text for choice, text in value.items() if choice != "by"}


def variables(policy: Policy) -> Iterator[Variable]:
    """The closed questions of a policy, in the file's order."""
    for name, question in policy.questions.items():
        if (domain := kind_of(question).domain(question)) is not None:
            starts = (0, *sorted(_cuts(policy, name))) if domain.counted_to else ()
            yield Variable(name, domain.choices, starts, domain.counted_to)


def _cuts(policy: Policy, question: str) -> set[int]:
    """The first days after every length of time that the question's date is compared with."""
    rules = (rule.when for rule in policy.rules.values())
    parts = (when for part in PARTS for when in part_conditions(policy, part).values())
    invariants = (when for each in policy.invariants.values() for when in (each.when, each.always) if when is not None)
    whens = [*rules, *parts, *invariants]
    tests = [all_of[question] for when in whens for all_of in as_list(when) if question in all_of]
    names = {test.longer_ago_than or test.within for test in tests if isinstance(test, Comparison)} - {None}
    return {
        Duration.parse(text, policy.messages).most + 1
        for name in names
        for text in value_by(policy, str(name))[1].values()
    }
