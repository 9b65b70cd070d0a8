"""The statutory holidays of the calendar's country as plain dates, so that the checker needs no library to count.

The library `holidays` knows them, in the version that is pinned. How far it is to be trusted is decided here:

- where a law fixes the holidays, for the year in which the policy begins to hold and the years beside it;
- where each year's announcement moves working days, until the last one that the library knows;
- where somebody has to see the moon, until the first date that the library calls an estimate.
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
from macros.policyfile.errors import ENGLISH, Path, Problem

COUNTRY: Path = ("calendar", "country")
UNSETTLED = timedelta(7)
"""How many days an estimate may be wrong by, and how far an announcement may reach into the year before its own."""


def statutory(policy: Policy, country: str) -> Holidays | Problem:
    """The holidays of a country, or of a part of it; or why they are not known when the policy begins to hold."""
    code, _, part = country.partition("-")
    if code not in _codes():
        return Problem(COUNTRY, f'there is no country "{country}". {_meant(country, policy.language)}')
    parts = getattr(library, code).subdivisions
    if part and part not in parts:
        possible = ", ".join([code, *(f"{code}-{each}" for each in parts)])
        return Problem(COUNTRY, f'"{code}" has no part "{part}" with holidays of its own. Possible: {possible}.')
    start, name = policy.valid_from, _name(code, policy.language)
    years = range(start.year - 1, start.year + 2)
    # In English, so that an estimate can be told by its name.
    known = library.country_holidays(code, part or None, years=years, expand=False, language="en_US")
    if not known:
        return Problem(COUNTRY, f"no holidays of {name} are known for this time. Take this line away.")
    first, last = _settled(known, start)
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


def _settled(known: library.HolidayBase, start: date) -> tuple[date, date]:
    """The first and the last day round the start of a policy of which it is settled whether they are holidays."""
    last_year = known.end_year
    if known.has_substituted_holidays:
        last_year = min(last_year, max(known.special_public_holidays))
    estimates = [day for day, name in known.items() if "estimated" in name]
    unsettled = [date(last_year + 1, 1, 1), *(day for day in estimates if day >= start)]
    first = max([date(min(known.years), 1, 1), *(day + UNSETTLED for day in estimates if day < start)])
    return first, min(date(max(known.years), 12, 31), *(day - UNSETTLED for day in unsettled))


def _meant(written: str, language: str) -> str:
    """What to write in place of a country's name, or of something else that is no code."""
    if written.upper() in EntityLoader.get_country_codes(include_aliases=True):
        meant = getattr(library, written.upper()).country
    else:
        codes = {
            _name(code, spoken).casefold(): code
            for code in _codes()
            for spoken in ("en", language, *get_official_languages(code))
        }
        near = get_close_matches(written.casefold(), codes, n=1, cutoff=0.8)
        meant = codes[near[0]] if near else None
    if meant is None:
        return f'Write the two capital letters of its code, such as "CN" for {_name("CN", language)}.'
    return f'Did you mean "{meant}", for {_name(meant, language)}?'


def _codes() -> set[str]:
    return {*EntityLoader.get_country_codes(include_aliases=False)}


def _name(country: str, language: str) -> str:
    """The name of a country as customers read it; in English where the language has none for it."""
    return _names(language).get(country) or _names("en")[country]


@cache
def _names(language: str) -> Mapping[str, str]:
    try:
        return Locale.parse(language, sep="-").territories
    except (UnknownLocaleError, ValueError):
        return {}
