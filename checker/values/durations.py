"""Lengths of time and days: windows in calendar days, waits in working days, dates in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

from checker.messages import say
from checker.policy import Holidays, Policy, Step, Weekday

WEEKDAYS: tuple[str, ...] = get_args(Weekday.__value__)
LONGEST = 3660
"""The longest length of time in days that a policy may name: beyond it, somebody mistyped."""

type Unit = Literal["day", "working_day"]
UNITS: tuple[Unit, ...] = get_args(Unit.__value__)

_DURATION = re.compile(r"(-?\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?\s+(working\s+)?days?", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: from ``least`` to ``most`` days or working days; the same twice for a single figure."""

    least: int
    most: int
    unit: Unit

    @classmethod
    @cache
    def parse(cls, text: str) -> Duration:
        """Read figure and unit, as the policy writes them. Raises ValueError with a sentence for the editor."""
        match = _DURATION.fullmatch(text.strip())
        if not match:
            samples = cls(10, 10, "day"), cls(4, 5, "working_day")
            raise ValueError(f"must be a length of time such as {samples[0]} or {samples[1]}, got {text!r}")
        least, most, working = match.groups()
        duration = cls(int(least), int(most or least), "working_day" if working else "day")
        if duration.least < 1:
            raise ValueError(f"must be at least {cls(1, 1, 'day')}, got {text}")
        if duration.most < duration.least:
            raise ValueError(f"must go from the shorter time to the longer, got {text}")
        if duration.most > LONGEST:
            raise ValueError(f"must be at most {cls(LONGEST, LONGEST, 'day')}, got {text}")
        return duration

    def __str__(self) -> str:
        """The length of time as customers read it."""
        figure = f"{self.least}" if self.least == self.most else f"{self.least}–{self.most}"
        return say(f"duration.{self.unit}", count=self.most, figure=figure)


def add(
    start: date, days: int, unit: str, working_days: Collection[str], holidays: Holidays | None = None
) -> date | None:
    """The day that lies ``days`` days or working days after ``start``.

    None where a day would have to be counted of which it is not known whether it is a holiday. Raises OverflowError
    past the calendar.
    """
    if unit == "day":
        return start + timedelta(days)
    day = start
    while days:
        day += timedelta(1)
        if holidays and not holidays.first <= day <= holidays.last:
            return None
        is_exception = holidays is not None and day in holidays.exceptions
        days -= (WEEKDAYS[day.weekday()] in working_days) != is_exception
    return day


def waits(policy: Policy, step: Step) -> list[Duration]:
    """How long the dates of a step are waited for."""
    return [Duration.parse(str(policy.values[each.wait])) for each in step.expect.values()]


def holidays_left_out(policy: Policy, lengths: Iterable[Duration]) -> str | None:
    """Which holidays are left out and until when they are known, where one of the lengths is in working days."""
    if policy.holidays is None or all(length.unit == "day" for length in lengths):
        return None
    return say("holidays.left_out", country=policy.holidays.country, last=in_words(policy.holidays.last))


def in_words(day: date) -> str:
    """The date as customers read it: the day, the month's name and the year."""
    return say("date.text", day=day.day, month=say("date.months").split()[day.month - 1], year=day.year)
