"""The last day to apply, as calendars read it."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from icalendar import Calendar

from checker import Checker, Policy, Verdict
from checker.request.calendar_entry import Saved, calendar_days, calendar_entries, calendar_file, saved_after
from checker.request.letter import one_line
from tests.support.fuzzing import random_inputs
from tests.support.hostile import JSON
from tests.support.words import say

TODAY = date(2026, 11, 22)
NUMBER = "0123456789abcdef0123456789abcdef"
ADDRESS = "https://shop.example/check/"
CASE = {"problem": "quality", "received_on": "2026-11-19", "product": "standard", "cause": "none"}


def verdict(policy: Policy, **answers: object) -> Verdict:
    return Checker(policy).decide(CASE | answers, TODAY)


def calendar_entry(policy: Policy, case: Verdict, address: str) -> str | None:
    """The first calendar file of a case; None if it has no entry."""
    entries = calendar_entries(case, {})
    return calendar_file(policy, entries, NUMBER, case.today, address) if entries else None


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
    assert properties(calendar) == {"VERSION": "2.0", "PRODID": "-//policy checker//dates//EN", "METHOD": "PUBLISH"}
    assert properties(event) == {
        "UID": f"{NUMBER}-last_day",
        "SEQUENCE": 0,
        "DTSTAMP": datetime(2026, 11, 22, tzinfo=UTC),
        "DTSTART": date(2026, 12, 4),
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


class CalendarApp:
    """A calendar that imports files as RFC 5546 says: by UID, and then by SEQUENCE and DTSTAMP."""

    def __init__(self) -> None:
        self.events: dict[str, Any] = {}
        self.saved: dict[str, Saved] = {}

    def add(self, policy: Policy, case: Verdict, number: str = NUMBER) -> None:
        """Imports the next file of a case, if it has one."""
        entries = calendar_entries(case, self.saved)
        if not entries:
            return
        self.saved |= saved_after(entries)
        self.saved = Saved.read(json.loads(json.dumps({name: saved.to_json() for name, saved in self.saved.items()})))
        events: list[Any] = Calendar.from_ical(calendar_file(policy, entries, number, case.today, ADDRESS)).events
        for event in events:
            uid = str(event["UID"])
            known = self.events.get(uid)
            if known:  # each of them rises, because some calendars look at one alone
                assert event["SEQUENCE"] > known["SEQUENCE"]
                assert event["DTSTAMP"].dt > known["DTSTAMP"].dt
            self.events[uid] = event

    @property
    def days(self) -> list[date]:
        """The days that are shown."""
        return [event["DTSTART"].dt for event in self.events.values() if event.get("STATUS") != "CANCELLED"]


def test_corrected_date_replaces_the_earlier_entry(frozen: Policy) -> None:
    app = CalendarApp()
    for received, day in (("2026-11-19", date(2026, 12, 4)), ("2026-11-17", date(2026, 12, 2)), ("2026-11-17", None)):
        app.add(frozen, verdict(frozen, received_on=received))
        [event] = app.events.values()
        replaces = say("calendar_entry.replaces") in event["DESCRIPTION"]
        assert (app.days, replaces) == ([day or date(2026, 12, 2)], day == date(2026, 12, 2))


def test_entry_of_another_case_stays(frozen: Policy) -> None:
    app = CalendarApp()
    app.add(frozen, verdict(frozen))
    app.saved = {}
    app.add(frozen, verdict(frozen, received_on="2026-11-17"), NUMBER[::-1])
    assert app.days == [date(2026, 12, 4), date(2026, 12, 2)]


@pytest.mark.parametrize(
    "answers", [{"received_on": "2026-11-01"}, {"received_on": "unknown"}, {"cause": "war"}], ids=str
)
def test_entry_that_does_not_count_any_more_is_cancelled(frozen: Policy, answers: dict[str, str]) -> None:
    app = CalendarApp()
    app.add(frozen, verdict(frozen))
    app.add(frozen, verdict(frozen, **answers))
    [event] = app.events.values()
    assert (event["DTSTART"].dt, event.walk("VALARM")) == (date(2026, 12, 4), [])
    assert event["SUMMARY"] == say("calendar_entry.cancelled", title=frozen.title)
    assert event["DESCRIPTION"].startswith(say("calendar_entry.cancelled_description"))
    assert app.days == []
    assert calendar_entries(verdict(frozen, **answers), app.saved) == [], "cancelled once"
    app.add(frozen, verdict(frozen))
    assert app.days == [date(2026, 12, 4)], "corrected back"


def test_entry_whose_day_is_past_stays(frozen: Policy) -> None:
    app = CalendarApp()
    app.add(frozen, verdict(frozen))
    for later, days in ((date(2026, 12, 4), [date(2026, 12, 4)]), (date(2026, 12, 5), [date(2026, 12, 4)])):
        app.add(frozen, Checker(frozen).decide(CASE, later))
        assert app.days == days
    assert app.saved["last_day"].files == 2


def test_correction_may_turn_a_day_before_the_worse_into_a_day_of_the_better(frozen: Policy) -> None:
    def changing(effect: str) -> Any:
        stretch = SimpleNamespace(first=date(2026, 12, 24), effect=effect)
        timeline = SimpleNamespace(stretches=[stretch], to_come=[0])
        return SimpleNamespace(timelines=[timeline], deadlines=[], today=TODAY)

    app = CalendarApp()
    for effect, day in (("worse", 23), ("better", 24)):
        app.add(frozen, changing(effect))
        [event] = app.events.values()
        assert (app.days, event["SUMMARY"]) == (
            [date(2026, 12, day)],
            say(f"calendar_entry.{effect}", title=frozen.title),
        )


@given(JSON)
@random_inputs(300)
def test_any_json_is_read_as_saved_entries(raw: object) -> None:
    entries = {"last_day": raw, "change": {"files": raw, "day": raw}, "other": {"files": 1, "day": None}}
    for value in (raw, entries):
        for name, saved in Saved.read(value).items():
            assert name in ("last_day", "change")
            assert saved.files > 0
            assert Saved.read({name: saved.to_json()}) == {name: saved}


@pytest.mark.parametrize(
    "entry", [{"files": 0, "day": None}, {"files": 1, "day": "2026-13-01"}, {"files": 1, "day": 5}]
)
def test_damaged_saved_entry_is_dropped(entry: object) -> None:
    whole = {"files": 2, "day": "2026-12-01"}
    assert Saved.read({"last_day": entry, "change": whole}) == {"change": Saved(files=2, day=date(2026, 12, 1))}


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
