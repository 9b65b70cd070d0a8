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
from tests.support.words import MESSAGES, in_words, say

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
        ("23 11 2026", date(2026, 11, 23)),  # that it is still to come matters to some questions only
    ],
)
def test_date_in_any_spelling_is_read(typed: str, day: date) -> None:
    assert read_date(typed, TODAY, MESSAGES) == day


def nonsense(typed: str) -> str:
    return f"“{typed}” is not a date that we can read. Write the day, the month and the year, such as 22 November 2026."


def either(typed: str, one: str, other: str) -> str:
    return f"“{typed}” can mean {one} or {other}. Write the one that you mean, with the month as a word."


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ("3/11/2026", either("3/11/2026", "3 November 2026", "11 March 2026")),
        ("3/11 2026", either("3/11 2026", "3 November 2026", "11 March 2026")),
        ("３／１１／２６", either("3/11/26", "3 November 2026", "11 March 2026")),
        ("20.11.26", either("20.11.26", "20 November 2026", "26 November 2020")),
        ("31 11 2026", "There is no day 31 in November 2026. Check the day and the month."),
        ("29 2 2026", "There is no day 29 in February 2026. Check the day and the month."),
        ("0 11 2026", "There is no day 0 in November 2026. Check the day and the month."),
        ("2026-02-30", "There is no day 30 in February 2026. Check the day and the month."),
        ("11/31/2026", "There is no day 31 in November 2026. Check the day and the month."),
        ("3 13 2026", "“13” is not a month. Write its name, or a number from 1 to 12."),
        ("31/31/2026", "“31” is not a month. Write its name, or a number from 1 to 12."),
        ("3 novmber 2026", "“novmber” is not a month. Write its name, or a number from 1 to 12."),
        ("3 ju 2026", "“ju” is not a month. Write its name, or a number from 1 to 12."),
        ("3 no 2026", "“no” is not a month. Write its name, or a number from 1 to 12."),
        ("3 nov 202", "“202” is not a year. Write all four figures."),
        ("3 nov 6", "“6” is not a year. Write all four figures."),
        ("3 11 nov", "“nov” is not a year. Write all four figures."),
        ("3 11 2062", "The year 2062 is too far away to count from. Check it."),
        ("3 11 99", "The year 2099 is too far away to count from. Check it."),
        ("3 11 2016", "The year 2016 is too far away to count from. Check it."),  # farther than LONGEST by days alone
        ("0000-01-01", "The year 0 is too far away to count from. Check it."),
        # as the page joins its three fields
        ("3 11 ", "Give the year too."),
        ("3  2026", "Give the month too."),
        (" 11 2026", "Give the day too."),
        (" nov 26", "Give the day too."),
        ("3  ", "Give the month and the year too."),
        (" 11 ", "Give the day and the year too."),
        ("  2026", "Give the day and the month too."),
        # a whole date that lacks a part
        ("3 11", "Give the year too."),
        ("3 nov  ", "Give the year too."),
        ("nov 2026  ", "Give the day too."),
        ("2026-11", "Give the whole date: the day, the month and the year."),
        ("2026  ", "Give the whole date: the day, the month and the year."),
        ("", "Give the whole date: the day, the month and the year."),
        ("tomorrow", nonsense("tomorrow")),
        ("x  ", nonsense("x")),
        ("the 3 nov 2026", nonsense("the 3 nov 2026")),
        ("-3 11 2026", nonsense("-3 11 2026")),
        ("20261103", nonsense("20261103")),
        ("2026-11-03T10:00", nonsense("2026-11-03T10:00")),
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
        assert re.fullmatch(r".{10,180}\.", answer)
