"""Dates as customers type them: each is read as one day, or explained in a sentence that says what to do."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker.values.dates import read_date
from checker.values.durations import LONGEST
from checker.values.normalize import InvalidInputError
from tests.support.fuzzing import random_inputs
from tests.support.words import MESSAGES, in_words, join, say

TODAY = date(2026, 11, 22)
THIRD = date(2026, 11, 3)
MONTHS = say("date.months").split()


def read(typed: str, today: date = TODAY) -> date | str:
    """The day, or the sentence that explains why there is none."""
    try:
        return read_date(typed, today, MESSAGES)
    except InvalidInputError as bad:
        return bad.in_words(MESSAGES)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-11-03", THIRD),
        ("2026-11-3", THIRD),
        ("2026/11/3", THIRD),
        ("2026 11 3", THIRD),
        ("2026 nov 3", THIRD),
        ("3 11 2026", THIRD),
        ("03 11 26", THIRD),
        ("3 nov 2026", THIRD),
        ("3 November 2026", THIRD),
        ("3 NOVEMB 2026", THIRD),
        ("3. Nov 26", THIRD),
        ("3nov2026", THIRD),
        ("3-nov-2026", THIRD),
        ("Nov 3, 2026", THIRD),
        ("November 3 2026", THIRD),
        ("3.11.2026", THIRD),
        ("3. 11. 2026.", THIRD),
        ("3-11-2026", THIRD),
        ("3 – 11 – 2026", THIRD),
        ("3.11.26", THIRD),
        ("  3   nov\t2026 ", THIRD),
        ("3\u00a0nov\u202f2026", THIRD),  # spaces that do not break
        ("\u200e3 nov 2026\u200e", THIRD),  # what a paste brings along unseen
        ("٣ ١١ ٢٠٢٦", THIRD),
        ("３ １１ ２０２６", THIRD),
        ("13/11/2026", date(2026, 11, 13)),
        ("11/13/2026", date(2026, 11, 13)),
        ("11/11/2026", date(2026, 11, 11)),
        ("20 11 26", date(2026, 11, 20)),  # three fields say which is the year
        ("29 2 2028", date(2028, 2, 29)),
        ("3 sept 2026", date(2026, 9, 3)),
        ("3 may 2026", date(2026, 5, 3)),
        ("3rd November 2026", THIRD),
        ("Nov. 3RD, 2026", THIRD),
        ("the 3rd of November 2026", THIRD),
        ("on 3rd nov 2026", THIRD),
        ("Tuesday, 3 November 2026", THIRD),
        ("Tue 3 Nov 2026", THIRD),
        ("3 November 2026 (Tues.)", THIRD),
        ("Tue 3/11/2026", THIRD),  # 11 March is a Wednesday
        ("Wed 3/11/2026", date(2026, 3, 11)),
        ("2026-11-03T14:30:00+08:00", THIRD),
        ("2026-11-03T23:59:59.999Z", THIRD),  # the day as it is written
        ("2026-11-03 00:30", THIRD),
        ("3 November 2026, 2:30 p.m.", THIRD),
        ("20261103", THIRD),
        ("2026年11月3日", THIRD),
        ("２０２６年１１月０３日", THIRD),
        ("令和8年11月3日", THIRD),
        ("民國115年11月3日", THIRD),
        ("2026년 11월 3일", THIRD),
        ("2026. 11. 3.", THIRD),
        ("३/११/२०२६ Tue", THIRD),
        ("۳ ۱۱ ۲۰۲۶", THIRD),
        ("\u200f3\u200f.11.2026\u200f", THIRD),
        ("Today", TODAY),
        ("today.", TODAY),
        (" yesterday  ", TODAY - timedelta(1)),
        ("23 11 2026", date(2026, 11, 23)),  # that it is still to come matters to some questions only
    ],
)
def test_date_in_any_spelling_is_read(typed: str, day: date) -> None:
    assert read_date(typed, TODAY, MESSAGES) == day


def nonsense(typed: str) -> str:
    return say("error.date", given=typed, sample=TODAY)


def either(typed: str, one: str, other: str) -> str:
    return say("error.date_readings", given=typed, readings=join([one, other], "or"))


def other_weekday(typed: str, weekday: str, day_name: str) -> str:
    return say("error.weekday", given=typed, weekday=weekday, day=THIRD, day_name=day_name)


def no_such_day(day: int, month: str) -> str:
    return say("error.no_such_day", day=day, month=month, year=2026)


def missing(*parts: str) -> str:
    return say("error.date_missing", parts=join(say(f"error.{part}_part") for part in parts))


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("3/11/2026", either("3/11/2026", "3 November 2026", "11 March 2026")),
        ("3/11 2026", either("3/11 2026", "3 November 2026", "11 March 2026")),
        ("３／１１／２６", either("3/11/26", "3 November 2026", "11 March 2026")),
        ("20.11.26", either("20.11.26", "20 November 2026", "26 November 2020")),
        ("31 11 2026", no_such_day(31, "November")),
        ("29 2 2026", no_such_day(29, "February")),
        ("0 11 2026", no_such_day(0, "November")),
        ("2026-02-30", no_such_day(30, "February")),
        ("11/31/2026", no_such_day(31, "November")),
        ("3 13 2026", say("error.month", given="13")),
        ("31/31/2026", say("error.month", given="31")),
        ("3 novmber 2026", say("error.month", given="novmber")),
        ("3 ju 2026", say("error.month", given="ju")),
        ("3 no 2026", say("error.month", given="no")),
        ("3 nov 202", say("error.year", given="202")),
        ("3 nov 6", say("error.year", given="6")),
        ("3 11 nov", say("error.year", given="nov")),
        ("3 11 2062", say("error.date_far", year=2062)),
        ("3 11 99", say("error.date_far", year=2099)),
        ("3 11 2016", say("error.date_far", year=2016)),  # farther than LONGEST by days alone
        ("0000-01-01", say("error.date_far", year=0)),
        # as the page joins its three fields
        ("3 11 ", missing("year")),
        ("3  2026", missing("month")),
        (" 11 2026", missing("day")),
        (" nov 26", missing("day")),
        ("3  ", missing("month", "year")),
        (" 11 ", missing("day", "year")),
        ("  2026", missing("day", "month")),
        # a whole date that lacks a part
        ("3 11", missing("year")),
        ("3 nov  ", missing("year")),
        ("nov 2026  ", missing("day")),
        ("2026-11", say("error.date_whole")),
        ("2026  ", say("error.date_whole")),
        ("", say("error.date_whole")),
        ("tomorrow", nonsense("tomorrow")),
        ("x  ", nonsense("x")),
        ("this 3 nov 2026", nonsense("this 3 nov 2026")),
        ("-3 11 2026", nonsense("-3 11 2026")),
        ("03112026", nonsense("03112026")),
        ("202611", nonsense("202611")),
        ("2026-11-03T10", nonsense("2026-11-03T10")),
        ("3 11 20:26", missing("year")),
        ("3th nov", missing("year")),
        ("Tuesday 3 November", missing("year")),
        ("Friday", say("error.weekday_alone", given="Friday", sample=TODAY)),
        ("on Fri.", say("error.weekday_alone", given="on Fri.", sample=TODAY)),
        ("last Friday", nonsense("last Friday")),
        ("Friday today", nonsense("Friday today")),
        ("Monday Tuesday 3 nov 2026", nonsense("Monday Tuesday 3 nov 2026")),
        ("tu 3 nov 2026", nonsense("tu 3 nov 2026")),
        ("Friday, 3 November 2026", other_weekday("Friday, 3 November 2026", "Friday", "Tuesday")),
        ("3.11.2026 (Fri)", other_weekday("3.11.2026 (Fri)", "Friday", "Tuesday")),
        ("Fri 3/11/2026", other_weekday("Fri 3/11/2026", "Friday", "Tuesday")),
        ("29/8/1405", say("error.date_far", year=1405)),  # the year of another calendar
        ("平成30年11月3日", nonsense("平成30年11月3日")),
        ("2026年13月3日", say("error.month", given="13")),
        ("3²11 2026", nonsense("3²11 2026")),
        ("123 11 2026", nonsense("123 11 2026")),
        ("\ud800", nonsense("�")),
        ("9" * 10**6, nonsense("9" * 39 + "…")),
    ],
)
def test_invalid_date_is_explained(typed: str, message: str) -> None:
    assert read(typed) == message


def test_two_digit_year_is_in_the_current_century() -> None:
    assert read_date("3 nov 26", date(1926, 1, 1), MESSAGES) == date(1926, 11, 3)


SPELLINGS = (
    "{y:04}-{m:02}-{d:02}",
    "{y:04}/{m}/{d}",
    "{d} {m} {y:04}",
    "{d}.{m}.{y:04}",
    "{d:02}-{m:02}-{y:04}",
    "{d} {name} {y:04}",
    "{d}. {short} {y:04}",
    "{name} {d}, {y:04}",
    "{short} {d} {y:04}",
)


@given(
    today=st.dates(date(1900, 1, 1), date(9000, 1, 1)),
    back=st.integers(-3000, 3000),
    spelling=st.sampled_from(SPELLINGS),
)
@random_inputs(300)
def test_date_in_every_spelling_round_trips(today: date, back: int, spelling: str) -> None:
    day = today + timedelta(back)
    name = MONTHS[day.month - 1]
    typed = spelling.format(d=day.day, m=day.month, y=day.year, name=name, short=name[:3].lower())
    assert read_date(typed, today, MESSAGES) == day


@given(day=st.dates(date(2018, 1, 1), TODAY), month_first=st.booleans())
def test_date_with_slashes_is_read_or_listed_among_the_readings(day: date, month_first: bool) -> None:
    first, second = (day.month, day.day) if month_first else (day.day, day.month)
    answer = read(f"{first}/{second}/{day.year}")
    if day.day > 12 or day.day == day.month:
        assert answer == day
    else:
        assert in_words(day) in str(answer)


PIECES = st.sampled_from(
    [*MONTHS, "nov", "3", "11", "26", "2026", "0", "00", "31", " ", " ", ".", "/", "-", ",", "²", "x"]
)


@given(
    typed=st.text(max_size=120) | st.lists(PIECES, max_size=9).map("".join), today=st.dates(max_value=date(9000, 1, 1))
)
@random_inputs(1000)
def test_random_text_gives_a_near_date_or_an_error(typed: str, today: date) -> None:
    answer = read(typed, today)
    if isinstance(answer, date):
        assert abs((answer - today).days) <= LONGEST
    else:
        assert re.fullmatch(r".{10,180}", answer)
