"""Lengths of time and working days."""

from __future__ import annotations

import dataclasses
from datetime import date

import pytest

from checker import Policy
from checker.policy import Holidays
from checker.values.durations import Duration, add, holidays_left_out, waits
from tests.support.words import MESSAGES, in_words, say

WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")


@pytest.mark.parametrize(
    ("text", "duration", "written"),
    [
        ("15 days", Duration(15, 15, "day"), "15 days"),
        ("1 day", Duration(1, 1, "day"), "1 day"),
        ("2–3 working days", Duration(2, 3, "working_day"), "2–3 working days"),
        ("2 - 3 working days", Duration(2, 3, "working_day"), "2–3 working days"),
        ("1 working day", Duration(1, 1, "working_day"), "1 working day"),
    ],
)
def test_duration_round_trips(text: str, duration: Duration, written: str) -> None:
    assert Duration.parse(text, MESSAGES) == duration
    assert duration.in_words(MESSAGES) == written


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("-5 days", "must be at least 1 day, got -5 days"),
        ("0 days", "must be at least 1 day, got 0 days"),
        ("3–2 days", "must go from the shorter time to the longer, got 3–2 days"),
        ("9999 days", "must be at most 3660 days, got 9999 days"),
        ("two weeks", "must be a length of time such as 10 days or 4–5 working days, got 'two weeks'"),
        ("15", "must be a length of time such as 10 days or 4–5 working days, got '15'"),
        ("٣ days", "must be a length of time such as 10 days or 4–5 working days, got '٣ days'"),
    ],
)
def test_invalid_duration_is_explained(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=f"^{message}$".replace("(", r"\(")):
        Duration.parse(text, MESSAGES)


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 22), 2, date(2026, 11, 24)),  # from a Sunday
        (date(2026, 11, 20), 1, date(2026, 11, 23)),  # over a weekend
        (date(2026, 11, 18), 2, date(2026, 11, 20)),
        (date(2026, 11, 21), 5, date(2026, 11, 27)),
    ],
)
def test_working_days_skip_weekends(start: date, days: int, end: date) -> None:
    assert add(start, days, "working_day", WEEK) == end


def test_calendar_days_count_every_day() -> None:
    assert add(date(2028, 2, 25), 7, "day", WEEK) == date(2028, 3, 3)


def test_date_in_words_names_the_month() -> None:
    assert in_words(date(2026, 11, 2)) == "2 November 2026"


KNOWN = Holidays(
    country="Nowhere",
    first=date(2026, 11, 24),
    last=date(2026, 11, 30),
    exceptions=(date(2026, 11, 26), date(2026, 11, 28)),
)
"""From Tuesday to Monday. Thursday is a holiday, and Saturday is worked."""


@pytest.mark.parametrize(
    ("start", "days", "end"),
    [
        (date(2026, 11, 23), 1, date(2026, 11, 24)),  # the first day that is known
        (date(2026, 11, 24), 2, date(2026, 11, 27)),
        (date(2026, 11, 27), 2, date(2026, 11, 30)),  # the last one
        (date(2026, 11, 27), 3, None),
        (date(2026, 11, 22), 1, None),
        (date(2026, 11, 30), 0, date(2026, 11, 30)),
    ],
)
def test_working_days_are_counted_within_the_known_holidays(start: date, days: int, end: date | None) -> None:
    assert add(start, days, "working_day", WEEK, KNOWN) == end


def test_holiday_note_is_shown_for_working_days_alone(frozen: Policy) -> None:
    policy = dataclasses.replace(frozen, holidays=KNOWN)
    days, working = Duration(15, 15, "day"), Duration(2, 3, "working_day")
    sentence = say("holidays.left_out", country="Nowhere", last=date(2026, 11, 30))
    assert [holidays_left_out(policy, lengths) for lengths in ([], [days], [days, working])] == [None, None, sentence]
    assert holidays_left_out(frozen, [working]) is None


def test_step_waits_for_each_of_its_dates(frozen: Policy) -> None:
    steps = frozen.clauses["review"].steps
    assert waits(frozen, steps["review_starts"]) == [Duration(2, 3, "working_day")]
    assert waits(frozen, steps["decision"]) == []
