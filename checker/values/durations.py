"""Durations in calendar days or working days."""

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
"""The longest duration in days that a policy may name: a longer one is a typing mistake."""

type Unit = Literal["day", "working_day"]
UNITS: tuple[Unit, ...] = get_args(Unit.__value__)

_FIGURE = re.compile(r"(-?\d{1,6})(?:\s*[–-]\s*(\d{1,6}))?", re.ASCII)
_SPACES = re.compile(r"\s+", re.ASCII)


@dataclass(frozen=True, slots=True)
class Duration:
    """From ``least`` to ``most`` days or working days; both are equal for a single figure."""

    least: int
    most: int
    unit: Unit

    @classmethod
    @cache
    def parse(cls, text: str, messages: Messages) -> Duration:
        """Reads figure and unit in the language of ``messages``. Raises ValueError, with a message for the editor."""

        def sample(least: int, most: int, unit: Unit = "day") -> str:
            return cls(least, most, unit).in_words(messages)

        match = _FIGURE.search(text)
        words = _SPACES.sub(" ", text.strip().replace(match[0], "{figure}", 1)) if match else ""
        unit = next((unit for unit in UNITS if words in messages.forms(f"duration.{unit}")), None)
        if not match or not unit:
            samples = f"{sample(10, 10)} or {sample(4, 5, 'working_day')}"
            raise ValueError(f"must be a length of time such as {samples}, got {text!r}")
        least, most = match.groups()
        duration = cls(int(least), int(most or least), unit)
        if duration.least < 1:
            raise ValueError(f"must be at least {sample(1, 1)}, got {text}")
        if duration.most < duration.least:
            raise ValueError(f"must go from the shorter time to the longer, got {text}")
        if duration.most > LONGEST:
            raise ValueError(f"must be at most {sample(LONGEST, LONGEST)}, got {text}")
        return duration

    def in_words(self, messages: Messages) -> str:
        """The duration as customers read it."""
        figure = f"{self.least}" if self.least == self.most else f"{self.least}–{self.most}"
        return messages.say(f"duration.{self.unit}", count=self.most, figure=figure)


def add(
    start: date, days: int, unit: str, working_days: Collection[str], holidays: Holidays | None = None
) -> date | None:
    """The day that is ``days`` days or working days after ``start``; None if the count leaves the known holidays.

    Raises OverflowError if the day is past the calendar.
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
    """The durations after which a step gives its dates."""
    return [Duration.parse(str(policy.values[expected.wait]), policy.messages) for expected in step.expect.values()]


def holidays_left_out(policy: Policy, durations: Iterable[Duration]) -> str | None:
    """A sentence on the holidays that working days leave out; None if all durations are in calendar days."""
    holidays = policy.holidays
    if holidays is None or all(duration.unit == "day" for duration in durations):
        return None
    return policy.messages.say("holidays.left_out", country=holidays.country, last=holidays.last)
