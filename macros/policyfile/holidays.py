"""The statutory holidays of the calendar's country as plain dates, so that the checker needs no library to count.

They come from the pinned version of the library `holidays`. Its dates are used:

- where a law fixes the holidays, for the year in which the policy begins to hold and the years before and after;
- where each year's announcement moves working days, until the last announcement that the library knows;
- where a holiday depends on the sight of the moon, until the first date that the library calls an estimate.
"""

from __future__ import annotations

from collections.abc import Mapping
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
