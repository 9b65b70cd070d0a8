"""The last day to apply, as calendars read it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from checker import Checker, Policy, Verdict
from checker.request.calendar_entry import calendar_days, calendar_entry
from checker.request.letter import one_line
from tests.support.fuzzing import random_inputs
from tests.support.words import say

TODAY = date(2026, 11, 22)
ADDRESS = "https://shop.example/check/"
CASE = {"problem": "quality", "received_on": "2026-11-19", "product": "standard", "cause": "none"}


def verdict(policy: Policy, **answers: object) -> Verdict:
    return Checker(policy).decide(CASE | answers, TODAY)


def read(text: str | None) -> tuple[Any, Any, Any]:
    """The calendar, its only event and the event's only alarm."""
    assert text
    calendar = Calendar.from_ical(text)
    [event] = calendar.subcomponents
    [alarm] = event.subcomponents
    for part in (calendar, event, alarm):
        assert part.errors == []
    return calendar, event, alarm


def properties(part: Any) -> dict[str, object]:
    return {name: getattr(value, "dt", value) for name, value in part.items()}


def test_calendar_library_reads_every_property(frozen: Policy) -> None:
    calendar, event, alarm = read(calendar_entry(frozen, verdict(frozen), ADDRESS))
    assert properties(calendar) == {"VERSION": "2.0", "PRODID": "-//policy checker//dates//EN"}
    assert properties(event) == {
        "UID": event["UID"],
        "DTSTAMP": datetime(2026, 11, 22, tzinfo=UTC),
        "DTSTART": date(2026, 12, 4),
        "DTEND": date(2026, 12, 5),
        "SUMMARY": say("calendar_entry.last_day", title=frozen.title),
        "DESCRIPTION": (
            f"{say('calendar_entry.last_day_description')}\n{say('calendar_entry.no_promise', address=ADDRESS)}"
        ),
        "URL": ADDRESS,
        "TRANSP": "TRANSPARENT",
    }
    assert properties(alarm) == {
        "ACTION": "DISPLAY",
        "TRIGGER": timedelta(hours=-15),
        "DESCRIPTION": say("calendar_entry.last_day_alarm", title=frozen.title),
    }


def test_special_characters_are_escaped(frozen: Policy) -> None:
    text = calendar_entry(replace(frozen, title="a;b,c\\d:e"), verdict(frozen), ADDRESS)
    assert text
    assert "SUMMARY:" + say("calendar_entry.last_day", title="a\\;b\\,c\\\\d:e") in text.split("\r\n")


def test_alarm_is_on_the_day_before(frozen: Policy) -> None:
    _, event, alarm = read(calendar_entry(frozen, verdict(frozen), ADDRESS))
    rings = datetime.combine(event["DTSTART"].dt, datetime.min.time()) + alarm["TRIGGER"].dt
    assert rings.date() == event["DTSTART"].dt - timedelta(1)


@pytest.mark.parametrize(
    ("answers", "day"),
    [
        ({}, date(2026, 12, 4)),
        ({"received_on": "2026-11-07"}, TODAY),
        ({"received_on": "2026-11-06"}, None),
        ({"product": "unknown"}, date(2026, 11, 26)),
        ({"product": "unknown", "received_on": "2026-11-12"}, date(2026, 11, 27)),  # the earlier one is over
        ({"cause": "war"}, None),
        ({"received_on": "unknown"}, None),
    ],
)
def test_safe_day_is_the_earliest_that_is_not_over(frozen: Policy, answers: dict[str, str], day: date | None) -> None:
    case = verdict(frozen, **answers)
    assert calendar_days(case) == ([(day, "last_day")] if day else [])
    text = calendar_entry(frozen, case, ADDRESS)
    assert (text and read(text)[1]["DTSTART"].dt) == day


def test_event_of_the_same_last_day_has_the_same_uid(frozen: Policy) -> None:
    def name(today: date, address: str = ADDRESS, policy: Policy = frozen, **answers: str) -> str:
        case = Checker(policy).decide(CASE | answers, today)
        return str(read(calendar_entry(policy, case, address))[1]["UID"])

    same = name(TODAY)
    assert same == name(TODAY + timedelta(3)) == name(TODAY, problem="shortage")
    others = {
        name(TODAY, received_on="2026-11-20"),
        name(TODAY, address="https://other.example/"),
        name(TODAY, policy=replace(frozen, title="Another policy")),
    }
    assert len(others | {same}) == 4


def test_calendar_entry_contains_no_answer(frozen: Policy) -> None:
    case = verdict(frozen)
    assert calendar_entry(frozen, case, f"{ADDRESS}#problem=quality") == calendar_entry(frozen, case, ADDRESS)


def test_address_with_line_breaks_adds_no_property(frozen: Policy) -> None:
    _, event, _ = read(calendar_entry(frozen, verdict(frozen), "https://shop.example/a b\r\nATTACH:x\u202e/ä"))
    assert event["URL"] == "https://shop.example/a%20b%20ATTACH:x/%C3%A4"
    assert "ATTACH" not in event


@random_inputs(200)
@given(title=st.text(st.characters()), address=st.text(st.characters()))
def test_random_texts_round_trip_in_folded_lines(frozen: Policy, title: str, address: str) -> None:
    text = calendar_entry(replace(frozen, title=title), verdict(frozen), address)
    assert text
    assert text.endswith("\r\n")
    for line in text.removesuffix("\r\n").split("\r\n"):
        assert 0 < len(line.encode("utf-8")) <= 75
        assert set(line).isdisjoint("\r\n")
    _, event, alarm = read(text)
    assert event["SUMMARY"] == say("calendar_entry.last_day", title=one_line(title))
    assert alarm["DESCRIPTION"] == say("calendar_entry.last_day_alarm", title=one_line(title))
    assert event["DESCRIPTION"].endswith(event["URL"])
    assert event["URL"].isascii()


@random_inputs(200)
@given(title=st.text("äöü€😀,;\\ x", min_size=60, max_size=300))
def test_long_line_is_folded_between_characters(frozen: Policy, title: str) -> None:
    text = calendar_entry(replace(frozen, title=title), verdict(frozen), ADDRESS)
    assert text
    assert max(len(line.encode("utf-8")) for line in text.split("\r\n")) >= 72
    assert read(text)[1]["SUMMARY"] == say("calendar_entry.last_day", title=one_line(title))
