"""Lengths of time and days: windows in calendar days, waits in working days, dates in words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Literal, get_args

from checker.messages import Messages
from checker.policy import Holidays, Policy, Step, Weekday

WEEKDAYS: tuple[str, ...] = get_args(Weekday.__value__)
LONGEST = 3660
"""The longest length of time in days that a policy may name: beyond it, somebody mistyped."""

type Unit = Literal["day", "working_day"]
UNITS: tuple[Unit, ...] = get_args(Unit.__value__)

_FIGURE = r"(-?\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?"


@dataclass(frozen=True, slots=True)
class Duration:
    """A length of time: from ``least`` to ``most`` days or working days; the same twice for a single figure."""

    least: int
    most: int
    unit: Unit

    @classmethod
    @cache
    def parse(cls, text: str, messages: Messages) -> Duration:
        """Read figure and unit, in the words of the policy's language.

        Raises:
            ValueError: The text is not a duration, or is out of range. The message is for the editor.
        """
        pairs = ((unit, pattern.fullmatch(text.strip())) for pattern, unit in _patterns(messages))
        unit, match = next(((unit, match) for unit, match in pairs if match), (UNITS[0], None))
        if not match:
            samples = (cls(10, 10, "day").in_words(messages), cls(4, 5, "working_day").in_words(messages))
            raise ValueError(f"must be a length of time such as {samples[0]} or {samples[1]}, got {text!r}")
        least, most = match.groups()
        duration = cls(int(least), int(most or least), unit)
        if duration.least < 1:
            raise ValueError(f"must be at least {cls(1, 1, 'day').in_words(messages)}, got {text}")
        if duration.most < duration.least:
            raise ValueError(f"must go from the shorter time to the longer, got {text}")
        if duration.most > LONGEST:
            raise ValueError(f"must be at most {cls(LONGEST, LONGEST, 'day').in_words(messages)}, got {text}")
        return duration

    def in_words(self, messages: Messages) -> str:
        """The length of time as customers read it."""
        figure = f"{self.least}" if self.least == self.most else f"{self.least}–{self.most}"
        return messages.say(f"duration.{self.unit}", count=self.most, figure=figure)


@cache
def _patterns(messages: Messages) -> tuple[tuple[re.Pattern[str], Unit], ...]:
    """The spellings of a duration, singular and plural, each with its unit."""
    return tuple(
        (re.compile(re.escape(form).replace(r"\ ", r"\s+").replace(r"\{figure\}", _FIGURE), re.ASCII), unit)
        for unit in UNITS
        for form in messages.forms(f"duration.{unit}")
    )


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
    return [Duration.parse(str(policy.values[each.wait]), policy.messages) for each in step.expect.values()]


def holidays_left_out(policy: Policy, lengths: Iterable[Duration]) -> str | None:
    """Which holidays are left out and until when they are known, where one of the lengths is in working days."""
    if policy.holidays is None or all(length.unit == "day" for length in lengths):
        return None
    last = policy.messages.date(policy.holidays.last)
    return policy.messages.say("holidays.left_out", country=policy.holidays.country, last=last)
