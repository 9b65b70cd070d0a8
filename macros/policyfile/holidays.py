"""The statutory holidays of the calendar's country as plain dates, so that the checker needs no library to count.

They come from the pinned version of the library `holidays`. Its dates are used:

- where a law fixes the holidays, for the year in which the policy begins to hold and the years before and after;
- where each year's announcement moves working days, until the last announcement that the library knows;
- where a holiday depends on the sight of the moon, until the first date that the library calls an estimate.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from difflib import get_close_matches
from functools import cache

import holidays as library
from babel import Locale, UnknownLocaleError
from babel.languages import get_official_languages
from holidays.registry import EntityLoader

from checker.policy import Holidays, Policy
from checker.values.durations import WEEKDAYS
from macros.policyfile.errors import ENGLISH, KeyPath, Problem

COUNTRY: KeyPath = ("calendar", "country")
WORKING_DAYS: KeyPath = ("calendar", "working days")
WEEKENDS = ({"saturday", "sunday"}, {"friday", "saturday"}, {"thursday", "friday"}, {"friday"}, {"sunday"})
"""All weekends of countries, by Unicode's CLDR."""
UNCERTAINTY = timedelta(7)
"""The possible error of an estimate, and the reach of an announcement into the year before its own."""


def statutory_holidays(policy: Policy, country: str) -> Holidays | Problem:
    """The holidays of a country, or of a part of it; a problem if they are not known for the policy's first day."""
    code, _, part = country.partition("-")
    if code not in _codes():
        return Problem(COUNTRY, f'there is no country "{country}". {_country_suggestion(country, policy.language)}')
    parts = getattr(library, code).subdivisions
    if part and part not in parts:
        possible = ", ".join([code, *(f"{code}-{name}" for name in parts)])
        return Problem(COUNTRY, f'"{code}" has no part "{part}" with holidays of its own. Possible: {possible}.')
    start, name = policy.valid_from, _name(code, policy.language)
    years = range(start.year - 1, start.year + 2)
    # In English, so that an estimate can be recognised by its name.
    known = library.country_holidays(code, part or None, years=years, expand=False, language="en_US")
    if not known:
        return Problem(COUNTRY, f"no holidays of {name} are known for this time. Take this line away.")
    first, last = _reliable_range(known, start)
    if not first <= start <= last:
        return Problem(
            COUNTRY,
            f"the holidays of {name} are known only from {ENGLISH.date(first)} to {ENGLISH.date(last)}, and this "
            f'policy holds from {ENGLISH.date(start)}. Ask for a newer version of the package "holidays", or take '
            "this line away.",
        )
    days = (first + timedelta(number) for number in range((last - first).days + 1))
    exceptions = (
        day
        for day in days
        if day in (known if WEEKDAYS[day.weekday()] in policy.calendar.working_days else known.weekend_workdays)
    )
    return Holidays(country=f"{name}, {part}" if part else name, first=first, last=last, exceptions=tuple(exceptions))


def hints(policy: Policy) -> Iterator[Problem]:
    """Hints about a policy with holidays: its week is not the country's, or it leaves out the holidays of all parts."""
    country = policy.calendar.country or ""
    if holidays := policy.holidays:
        if problem := _week_problem(policy, country):
            yield problem
        if problem := _parts_problem(country, holidays):
            yield problem


def _week_problem(policy: Policy, country: str) -> Problem | None:
    """The problem that working days hold a day of the country's weekend in place of another one; None if they do not.

    Only a week that is usual elsewhere is a problem: any other one may be the shop's own. Of a country only those days
    count on which the library and the CLDR agree; of a part the library knows more.
    """
    week, weekend = policy.calendar.working_days, country_weekend(country, policy.valid_from)
    other = weekend if "-" in country else _weekend_by_cldr(country, weekend)
    off = [day for day in WEEKDAYS if day in weekend & other]
    counted = [day for day in week if day in off]
    missing = [day for day in WEEKDAYS if day not in {*week, *weekend, *other}]
    if not (counted and missing and set(WEEKDAYS) - set(week) in WEEKENDS):
        return None
    counted_days, missing_days, off_days = (ENGLISH.join(map(str.capitalize, days)) for days in (counted, missing, off))
    own = ", ".join(sorted({*WEEKDAYS} - {*off}, key=_place_in_week))
    return Problem(
        WORKING_DAYS,
        f"count {counted_days}, and leave out {missing_days}. In {_name(country.partition('-')[0], 'en')} the weekend "
        f"is {off_days}. Unless the shop works so, write [{own}].",
    )


def country_weekend(country: str, day: date) -> set[str]:
    """The weekdays that are the weekend of a country, or of a part of it, in the week from a day on."""
    code, _, part = country.partition("-")
    known = library.country_holidays(code, part or None, years=day.year)
    days = (day + timedelta(number) for number in range(7))
    return {WEEKDAYS[day.weekday()] for day in days if known.is_weekend(day)}


def _weekend_by_cldr(country: str, unknown: set[str]) -> set[str]:
    """The weekend of a country by Unicode's CLDR; `unknown` if it does not know the country."""
    try:
        locale = Locale.parse(f"und_{country}")
    except (UnknownLocaleError, ValueError):
        return unknown
    length = (locale.weekend_end - locale.weekend_start) % 7 + 1
    return {WEEKDAYS[(locale.weekend_start + number) % 7] for number in range(length)}


def _place_in_week(day: str) -> int:
    """The place of a weekday in a week that begins with Sunday, as where Friday is off."""
    return (WEEKDAYS.index(day) + 1) % 7


def _parts_problem(country: str, holidays: Holidays) -> Problem | None:
    """The problem that a country's parts have different holidays, and none is named; None if that is not so."""
    parts = () if "-" in country else getattr(library, country).subdivisions
    years = range(holidays.first.year, holidays.last.year + 1)

    def days(part: str | None) -> frozenset[date]:
        known = library.country_holidays(country, part, years=years, expand=False)
        return frozenset(day for day in known if holidays.first <= day <= holidays.last)

    of_part = {part: days(part) for part in parts}
    if len({*of_part.values()}) < 2:
        return None
    national = days(None)
    sample = [f'"{country}-{part}"' for part, own in of_part.items() if own != national][:3]
    return Problem(
        COUNTRY,
        f"the parts of {_name(country, 'en')} have different holidays, and those of a part alone are not left out. "
        f"Name the part in which the shop works, such as {ENGLISH.join(sample, 'or')}.",
    )


def _reliable_range(known: library.HolidayBase, start: date) -> tuple[date, date]:
    """The first and last day of the range round the start of a policy in which all holidays are certain."""
    last_year = known.end_year
    if known.has_substituted_holidays:
        last_year = min(last_year, max(known.special_public_holidays))
    estimates = [day for day, name in known.items() if "estimated" in name]
    uncertain = [date(last_year + 1, 1, 1), *(day for day in estimates if day >= start)]
    first = max([date(min(known.years), 1, 1), *(day + UNCERTAINTY for day in estimates if day < start)])
    return first, min(date(max(known.years), 12, 31), *(day - UNCERTAINTY for day in uncertain))


def _country_suggestion(written: str, language: str) -> str:
    """The suggestion for a text that is no country code, such as a country's name."""
    if written.upper() in EntityLoader.get_country_codes(include_aliases=True):
        code = getattr(library, written.upper()).country
    else:
        codes = {
            _name(country, spoken).casefold(): country
            for country in _codes()
            for spoken in ("en", language, *get_official_languages(country))
        }
        near = get_close_matches(written.casefold(), codes, n=1, cutoff=0.8)
        code = codes[near[0]] if near else None
    if code is None:
        return f'Write the two capital letters of its code, such as "CN" for {_name("CN", language)}.'
    return f'Did you mean "{code}", for {_name(code, language)}?'


def _codes() -> set[str]:
    return {*EntityLoader.get_country_codes(include_aliases=False)}


def _name(country: str, language: str) -> str:
    """The name of a country in a language; in English if the language has none."""
    return _names(language).get(country) or _names("en")[country]


@cache
def _names(language: str) -> Mapping[str, str]:
    try:
        return Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return {}
