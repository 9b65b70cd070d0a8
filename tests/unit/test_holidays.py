"""Statutory holidays: a line in policy.yaml names the country, and from then on working days leave its holidays out."""

from __future__ import annotations

import dataclasses
import subprocess
import sys
from collections.abc import Iterable
from contextlib import suppress
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import holidays as library
import pytest
from babel import Locale, UnknownLocaleError
from holidays.countries.germany import Germany
from holidays.registry import EntityLoader
from hypothesis import given
from hypothesis import strategies as st

from checker import Checker, Policy
from checker.explain.explanation import explain
from checker.policy import Holidays
from checker.values.durations import WEEKDAYS, add
from macros.analysis.load import check, load, loads
from macros.analysis.proof import proof_lines
from macros.cli import main
from macros.policyfile.errors import KeyPath, PolicyErrors
from macros.policyfile.holidays import COUNTRY, WEEKENDS, WORKING_DAYS, statutory_holidays
from macros.policyfile.holidays import hints as country_hints
from macros.project import ROOT
from macros.runtime.bundle import published
from tests.support.markup import pages_of, render_macro, visible_text
from tests.support.paths import POLICIES
from tests.support.words import in_words, say

FROZEN = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
WEEK = ("monday", "tuesday", "wednesday", "thursday", "friday")
BROKEN = {"problem": "quality", "product": "standard", "cause": "none"}


def with_country(country: str, *, since: str = "2026-09-01") -> Policy:
    """The frozen policy with one line more."""
    text = FROZEN.replace("\ncalendar:\n", f"\ncalendar:\n  country: {country}\n")
    return loads(text.replace("valid from: 2026-11-22", f"valid from: {since}"))


def known(policy: Policy) -> Holidays:
    assert policy.holidays is not None
    return policy.holidays


@pytest.fixture(scope="module")
def chinese() -> Policy:
    return with_country("CN")


# ---- which days


def test_holidays_and_worked_weekends_of_china_are_as_announced(chinese: Policy) -> None:
    """By the notice of the State Council for the year 2026."""
    year = [day for day in known(chinese).exceptions if day.year == 2026]
    worked = [day for day in year if day.weekday() > 4]
    periods = [((1, 1), (1, 3)), ((2, 15), (2, 23)), ((4, 4), (4, 6)), ((5, 1), (5, 5)), ((6, 19), (6, 21)),
             ((9, 25), (9, 27)), ((10, 1), (10, 7))]  # fmt: skip
    off = {
        date(2026, *first) + timedelta(days)
        for first, last in periods
        for days in range((date(2026, *last) - date(2026, *first)).days + 1)
    }
    assert worked == [date(2026, *day) for day in [(1, 4), (2, 14), (2, 28), (5, 9), (9, 20), (10, 10)]]
    assert {*year} - {*worked} == {day for day in off if day.weekday() < 5}


def test_holidays_contain_only_days_that_differ_from_the_week() -> None:
    text = FROZEN.replace("\ncalendar:\n", "\ncalendar:\n  country: CN\n").replace(", friday]", ", friday, saturday]")
    days = known(loads(text)).exceptions
    assert date(2026, 2, 14) not in days, "a Saturday that is worked is worked anyway"
    assert date(2026, 10, 3) in days, "a Saturday that is a holiday is none"
    assert date(2026, 2, 15) not in days, "a Sunday is free anyway"


def test_subdivision_has_its_own_holidays() -> None:
    corpus_christi = date(2026, 6, 4)
    assert corpus_christi not in known(with_country("DE")).exceptions
    assert corpus_christi in known(with_country("DE-BY")).exceptions
    assert known(with_country("DE-BY")).country == "Germany, BY"


def test_country_names_are_the_common_ones() -> None:
    text = FROZEN.replace("\ncalendar:\n", "\ncalendar:\n  country: CN\n")
    assert known(loads(text)).country == "China"
    assert known(loads(text.replace("language: en", "language: en-GB"))).country == "China"


# ---- until when


def test_holidays_fixed_by_law_are_known_for_the_adjacent_years() -> None:
    holidays = known(with_country("DE"))
    assert (holidays.first, holidays.last) == (date(2025, 1, 1), date(2027, 12, 31))


def test_holidays_announced_yearly_are_known_until_the_last_announcement(chinese: Policy) -> None:
    announced = max(library.country_holidays("CN").special_public_holidays)
    end = date(announced + 1, 1, 1) - timedelta(7)
    assert known(chinese).last == min(end, date(2027, 12, 31))


def test_lunar_holidays_are_known_until_the_first_estimate() -> None:
    emirates = library.country_holidays("AE", years=range(2025, 2028), expand=False, language="en_US")
    estimates = [day for day, name in emirates.items() if "estimated" in name and day >= date(2026, 9, 1)]
    assert known(with_country("AE")).last == min([*estimates, date(2028, 1, 7)]) - timedelta(7)


def test_past_estimate_of_a_holiday_ends_the_known_range() -> None:
    morocco = library.country_holidays("MA", years=range(2025, 2028), expand=False, language="en_US")
    past = max(day for day, name in morocco.items() if "estimated" in name and day < date(2026, 9, 15))
    assert known(with_country("MA", since="2026-09-15")).first == past + timedelta(7)


def test_country_with_outdated_data_is_an_error_with_its_last_day(chinese: Policy) -> None:
    far = dataclasses.replace(chinese, valid_from=date(2080, 5, 1))
    last = in_words(date(max(library.country_holidays("CN").special_public_holidays) + 1, 1, 1) - timedelta(7))
    problem = statutory_holidays(far, "CN")
    assert not isinstance(problem, Holidays)
    assert (problem.path, problem.message) == (
        ("calendar", "country"),
        f"the holidays of China are known only from 1 January 2079 to {last}, and this policy holds from 1 May 2080. "
        'Ask for a newer version of the package "holidays", or take this line away.',
    )


@pytest.mark.parametrize(
    "country", ["AU", "BG", "BR", "CA", "CH", "ES", "GB", "IN", "JP", "LK", "MY", "RU", "US", "VN"]
)
def test_every_country_has_known_holidays_or_an_error(country: str, chinese: Policy) -> None:
    holidays = statutory_holidays(chinese, country)
    if isinstance(holidays, Holidays):
        assert holidays.first <= chinese.valid_from <= holidays.last
        assert all(holidays.first <= day <= holidays.last for day in holidays.exceptions)
    else:
        assert "known" in holidays.message


# ---- counting


@given(
    start=st.dates(date(2026, 1, 1), date(2026, 3, 1)),
    days=st.integers(1, 30),
    week=st.sets(st.sampled_from(WEEKDAYS), min_size=1),
    exceptions=st.sets(st.dates(date(2026, 1, 1), date(2026, 4, 30)), max_size=20),
    last=st.dates(date(2026, 1, 1), date(2026, 4, 30)),
)
def test_counting_skips_holidays_within_the_known_range(
    start: date, days: int, week: set[str], exceptions: set[date], last: date
) -> None:
    holidays = Holidays(country="X", first=date(2026, 1, 10), last=last, exceptions=tuple(exceptions))
    following = [start + timedelta(number) for number in range(1, 400)]
    worked = [day for day in following if (day in exceptions) != (WEEKDAYS[day.weekday()] in week)]
    by_hand = worked[days - 1]
    is_known = holidays.first <= following[0] and by_hand <= last
    assert add(start, days, "working_day", week, holidays) == (by_hand if is_known else None)


def test_calendar_days_need_no_holidays() -> None:
    holidays = Holidays(country="X", first=date(2026, 1, 1), last=date(2026, 1, 31), exceptions=())
    assert add(date(2026, 1, 25), 10, "day", WEEK, holidays) == date(2026, 2, 4)


def test_holidays_move_dates_and_no_outcome(chinese: Policy, frozen: Policy) -> None:
    answers = BROKEN | {"received_on": "2026-09-22", "applied_on": "2026-09-24"}
    plain, verdict = (Checker(policy).decide(answers, date(2026, 9, 24)) for policy in (frozen, chinese))
    # From a Thursday: Friday to Sunday are the Mid-Autumn Festival.
    assert verdict.dates == {"review_starts_by": (date(2026, 9, 29), date(2026, 9, 30))}
    assert plain.dates == {"review_starts_by": (date(2026, 9, 28), date(2026, 9, 29))}
    interpretations = tuple(name for name in plain.interpretations if name != "no_holidays")
    assert verdict.interpretations == interpretations
    assert (
        dataclasses.replace(
            verdict,
            dates=plain.dates,
            interpretations=plain.interpretations,
            valid_from=plain.valid_from,
            digest=plain.digest,
        )
        == plain
    )


def test_date_note_names_the_skipped_holidays(chinese: Policy) -> None:
    answers = BROKEN | {"received_on": "2026-09-22"}
    rendered = explain(chinese, Checker(chinese).decide(answers, date(2026, 9, 24)))
    known_until = say("holidays.left_out", country="China", last=known(chinese).last)
    [review] = [item for task in rendered.after if task.id == "review_starts" for item in task.texts if item.note]
    assert review.note == f"{say('result.expected', days='29–30 September 2026')}. {known_until}"


@pytest.mark.parametrize("days_before_the_end", [-1, 0, 1, 2])
def test_date_beyond_the_known_holidays_is_unknown(days_before_the_end: int, chinese: Policy) -> None:
    last = known(chinese).last
    today = last - timedelta(days_before_the_end)
    verdict = Checker(chinese).decide(BROKEN | {"received_on": today.isoformat()}, today)
    assert (verdict.outcome, verdict.dates, verdict.unknown_dates) == ("eligible", {}, ("review_starts_by",))
    assert verdict.deadlines[0].last_day == today + timedelta(15), "the time to apply is in calendar days"
    assert verdict.to_json()["unknown_dates"] == ["review_starts_by"]
    unknown = say("holidays.unknown", country="China", first=known(chinese).first, last=last)
    after = explain(chinese, verdict).after
    assert [item.note for task in after for item in task.texts if item.note] == [unknown]


def test_policy_without_a_country_mentions_no_holidays(frozen: Policy) -> None:
    assert (frozen.calendar.country, frozen.holidays) == (None, None)
    verdict = Checker(frozen).decide(BROKEN | {"received_on": "2026-09-22"}, date(2026, 9, 24))
    words = say("holidays.left_out", country="", last="").partition(" (")[0]
    assert words not in str(explain(frozen, verdict))
    assert words not in pages_of(frozen).render("policy_text")


# ---- the week and the parts of a country


def week_of(days: Iterable[str]) -> str:
    return FROZEN.replace("[monday, tuesday, wednesday, thursday, friday]", f"[{', '.join(days)}]")


def hints(country: str, days: Iterable[str] = WEEK) -> dict[KeyPath, str]:
    """The hints about the calendar of a policy with this country and week, by their paths."""
    text = week_of(days).replace("\ncalendar:\n", f"\ncalendar:\n  country: {country}\n")
    return {error.path: error.message for error in check(text)[1] if error.path in (COUNTRY, WORKING_DAYS)}


SUNDAY_TO_THURSDAY = ("sunday", "monday", "tuesday", "wednesday", "thursday")


@pytest.mark.parametrize(
    ("country", "week", "counted", "missing", "weekend"),
    [
        ("SA", WEEK, "Friday", "Sunday", "Friday and Saturday"),
        ("IL", WEEK, "Friday", "Sunday", "Friday and Saturday"),
        ("EG", (*WEEK, "saturday"), "Friday and Saturday", "Sunday", "Friday and Saturday"),
        ("AE", SUNDAY_TO_THURSDAY, "Sunday", "Friday", "Saturday and Sunday"),
        ("DE", SUNDAY_TO_THURSDAY, "Sunday", "Friday", "Saturday and Sunday"),
        ("IN", SUNDAY_TO_THURSDAY, "Sunday", "Friday", "Sunday"),  # on Saturday the sources disagree
        ("MY-02", WEEK, "Friday", "Sunday", "Friday and Saturday"),  # Kedah
    ],
)
def test_week_of_another_country_is_a_hint(
    country: str, week: tuple[str, ...], counted: str, missing: str, weekend: str
) -> None:
    name = {"SA": "Saudi Arabia", "IL": "Israel", "EG": "Egypt", "AE": "United Arab Emirates", "DE": "Germany"}
    name["IN"] = "India"
    own = [day for day in ("sunday", *WEEKDAYS[:6]) if day.capitalize() not in weekend]
    message = hints(country, week)[WORKING_DAYS]
    assert message == (
        f"count {counted}, and leave out {missing}. In {name.get(country, 'Malaysia')} the weekend is {weekend}. "
        f"Unless the shop works so, write [{', '.join(own)}]."
    )
    assert WORKING_DAYS not in hints(country, own), "what the hint says is right"


@pytest.mark.parametrize(
    ("country", "week"),
    [
        ("CN", WEEK),
        ("SA", SUNDAY_TO_THURSDAY),
        ("DE", (*WEEK, "saturday")),  # a longer week is the shop's own
        ("SA", SUNDAY_TO_THURSDAY[:4]),
        ("SA", WEEKDAYS),
        ("NL", WEEKDAYS[1:6]),
        ("BN", WEEK),  # the sources disagree about its weekend
        ("MY", WEEK),
    ],
)
def test_week_that_may_be_the_shop_s_own_is_no_hint(country: str, week: tuple[str, ...]) -> None:
    assert WORKING_DAYS not in hints(country, week)


def test_weekends_of_countries_are_those_of_the_cldr() -> None:
    weekends = set()
    for country in EntityLoader.get_country_codes(include_aliases=False):
        with suppress(UnknownLocaleError):
            locale = Locale.parse(f"und_{country}")
            weekends.add((locale.weekend_start, locale.weekend_end))
    assert {(WEEKDAYS.index(days[0]), WEEKDAYS.index(days[-1])) for days in map(in_order, WEEKENDS)} == weekends


def in_order(days: Iterable[str]) -> list[str]:
    return sorted(days, key=WEEKDAYS.index)


def test_parts_with_different_holidays_are_a_hint() -> None:
    assert hints("DE")[COUNTRY] == (
        "the parts of Germany have different holidays, and those of a part alone are not left out. "
        'Name the part in which the shop works, such as "DE-BB", "DE-BE" or "DE-BW".'
    )
    for country in ("DE-BB", "DE-BY", "CN", "SA", "NL"):
        assert COUNTRY not in hints(country), country


def test_parts_that_are_all_alike_are_no_hint(monkeypatch: pytest.MonkeyPatch) -> None:
    parts = ("NW", "RP")
    assert len({known(with_country(f"DE-{part}")).exceptions for part in parts}) == 1
    monkeypatch.setattr(Germany, "subdivisions", parts)
    assert COUNTRY not in hints("DE")
    monkeypatch.setattr(Germany, "subdivisions", (*parts, "HE"))
    assert COUNTRY in hints("DE")


@pytest.mark.parametrize("country", sorted(EntityLoader.get_country_codes(include_aliases=False)))
def test_week_and_parts_that_a_hint_names_give_none(country: str, chinese: Policy) -> None:
    calendar = dataclasses.replace(chinese.calendar, country=country)
    holidays = statutory_holidays(dataclasses.replace(chinese, calendar=calendar), country)
    if not isinstance(holidays, Holidays):
        return
    for week in (WEEK, SUNDAY_TO_THURSDAY, ("saturday", *SUNDAY_TO_THURSDAY)):
        calendar = dataclasses.replace(calendar, country=country, working_days=cast(Any, week))
        policy = dataclasses.replace(chinese, calendar=calendar, holidays=holidays)
        for problem in country_hints(policy):
            if problem.path == WORKING_DAYS:
                own = tuple(problem.message.partition("[")[2].partition("]")[0].split(", "))
                calendar = dataclasses.replace(calendar, working_days=cast(Any, own))
            else:
                part = problem.message.partition('"')[2].partition('"')[0]
                calendar = dataclasses.replace(calendar, country=part)
        assert [*country_hints(dataclasses.replace(policy, calendar=calendar))] == []


# ---- what editors and customers see


def test_pages_name_the_calendar_of_working_days(chinese: Policy) -> None:
    sentence = say("holidays.left_out", country="China", last=known(chinese).last)
    page = render_macro(chinese, "rules")
    clauses = {section["id"]: visible_text(section) for section in page.select("section[id]")}
    assert {id_ for id_, text in clauses.items() if sentence in text} == {"review", "money_back"}
    steps = {visible_text(item) for item in page.select("[data-kind=steps] li")}
    assert [text.startswith("The review starts") for text in steps if sentence in text] == [True]


def test_interpretation_until_a_country_is_set_disappears_with_one(chinese: Policy, frozen: Policy) -> None:
    def readings(policy: Policy) -> set[str]:
        return {name for clause in policy.clauses.values() for name in clause.interpretations}

    assert readings(frozen) - readings(chinese) == {"no_holidays"}
    sentence = frozen.clauses["review"].interpretations["no_holidays"].text
    case = BROKEN | {"received_on": "2026-09-22"}
    for policy, there in ((frozen, True), (chinese, False)):
        verdict = Checker(policy).decide(case, date(2026, 9, 24))
        assert (sentence in str(explain(policy, verdict))) is there
        assert (sentence in visible_text(render_macro(policy, "policy_text"))) is there


def test_reminder_until_a_country_is_set_disappears_with_one() -> None:
    text = FROZEN.replace("      check_parcel:\n", "      check_parcel:\n        until: a country is named\n")
    assert "check_parcel" in loads(text).clauses["return_parcel"].reminders
    named = text.replace("\ncalendar:\n", "\ncalendar:\n  country: DE\n")
    assert [*loads(named).clauses["return_parcel"].reminders] == ["wrong_item_in_parcel"]


def test_check_reports_the_known_holidays_and_their_end(chinese: Policy, frozen: Policy) -> None:
    lines = [
        line
        for policy in (chinese, frozen)
        for line in proof_lines(policy)
        if line.startswith("working days leave out")
    ]
    last = known(chinese).last
    assert lines == [
        f"working days leave out the statutory holidays (China), which are known from 2025-01-01 to {last}."
    ]


def named_end(country: str, day: date, *, fails: bool) -> list[str]:
    """The warnings or errors about the end of the known holidays, on a day."""
    text = FROZEN.replace("\ncalendar:\n", f"\ncalendar:\n  country: {country}\n")
    try:
        _, warnings = check(text, today=None if fails else day, holidays_until=day if fails else None)
    except PolicyErrors as errors:
        warnings = errors.errors
    return [str(error) for error in warnings if error.path == COUNTRY and "known to" in error.message]


@pytest.mark.parametrize("fails", [False, True])
def test_check_warns_of_the_day_on_which_known_holidays_end(fails: bool) -> None:
    line = FROZEN.splitlines().index("calendar:") + 2
    rendered = (
        "policy.yaml:{line}:12: calendar › country: the holidays of {name} are known to {last} only: past that the "
        "checker gives no date that is counted in working days. {advice}"
    )
    update = "Update the package that knows them: `uv lock --upgrade-package holidays`."
    publish = "Publish a new version, with a later `valid from`."
    for country, name, advice in (("AE", "United Arab Emirates", update), ("DE", "Germany", publish)):
        last = known(with_country(country, since="2026-11-22")).last
        expected = rendered.format(line=line, name=name, last=in_words(last), advice=advice)
        before, then, after = (named_end(country, last + timedelta(days), fails=fails) for days in (-1, 0, 1))
        assert before == []
        assert then == after == [expected]


def test_later_valid_from_extends_the_holidays_fixed_by_law() -> None:
    assert known(with_country("DE", since="2027-03-01")).last > known(with_country("DE")).last


def test_weekly_check_fails_before_the_known_holidays_end(tmp_path: Path) -> None:
    file = tmp_path / "policy.yaml"
    file.write_text(FROZEN.replace("\ncalendar:\n", "\ncalendar:\n  country: DE\n"), encoding="utf-8")
    last = known(load(file)).last
    before, then = ((last - timedelta(days)).isoformat() for days in (1, 0))
    assert main(["check", str(file), "--holidays-until", before]) == 0
    assert main(["check", str(file), "--holidays-until", then]) == 1
    assert main(["check", str(file), "--today", then]) == 0, "a warning alone"
    file.write_text(FROZEN, encoding="utf-8")
    assert main(["check", str(file), "--holidays-until", "2100-01-01"]) == 0, "no country, no holidays"


def test_country_changes_the_digest(chinese: Policy) -> None:
    assert with_country("DE").digest != chinese.digest
    assert with_country("CN").digest == chinese.digest


def test_holiday_dates_change_the_digest(monkeypatch: pytest.MonkeyPatch, chinese: Policy) -> None:
    fewer = dataclasses.replace(known(chinese), exceptions=known(chinese).exceptions[1:])
    monkeypatch.setattr("macros.policyfile.holidays.statutory_holidays", lambda policy, country: fewer)
    assert with_country("CN").digest != chinese.digest


def test_published_holidays_stay_small(chinese: Policy) -> None:
    without = dataclasses.replace(chinese, holidays=None)
    assert 0 < len(published(chinese)) - len(published(without)) < 3000


def test_policy_without_a_country_does_not_import_holidays() -> None:
    check = "main(['check', 'tests/policies/frozen.yaml'])"
    program = f"import sys; from macros.cli import main; {check}; sys.exit('holidays' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], cwd=ROOT, stdout=subprocess.DEVNULL, check=True)
