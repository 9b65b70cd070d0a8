"""Dates as customers type them: three fields joined by spaces, or a whole date pasted into one.

A date decides money, so none is guessed: a spelling with two readings is an error that names both.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import suppress
from datetime import date, timedelta
from functools import lru_cache

from checker.messages import Messages
from checker.values.durations import LONGEST
from checker.values.normalize import LONGEST as LONGEST_TEXT
from checker.values.normalize import InvalidInputError, normalize, short

_SIGNS = ".,/-"
_PART = re.compile(rf"\d+|[^\d {_SIGNS}]+")
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(
    r"(?<=\d)(?:T|,? )\d{1,2}:\d{2}(?::\d{2}(?:[.,]\d{1,9})?)?"  # behind a date
    r"(?: ?[ap]\.?m\.?)?(?: ?(?:Z|UTC|GMT))?(?: ?[+-]\d{2}(?::?\d{2})?)?$",
    re.IGNORECASE,
)
_IN_BRACKETS = re.compile(r"\(([^\W\d_]+)\.?\)")
_EAST_ASIAN = re.compile(r"(令和|民國|民国)?(\d{1,4})[年년] ?(\d{1,2})[月월] ?(\d{1,2})[日号號일]")
_ERAS = {"令和": 2018, "民國": 1911, "民国": 1911}
"""The last year before each era."""
_COMPACT = re.compile(r"(\d{4})(0\d|1[0-2])([0-3]\d)")
_SHORTEST_NAME = 3
"""The least letters of an abbreviated name of a month or a day."""

_KINDS = ("day", "month", "year")

type _Parts = tuple[str, str, str]
"""Day, month and year as text."""


def iso_date(text: str) -> date | None:
    """The day that a text of the form year-month-day names; None for any other text."""
    if _ISO_DATE.fullmatch(text):
        with suppress(ValueError):
            return date.fromisoformat(text)
    return None


@lru_cache(maxsize=64)  # a dialog reads the same few dates at every step
def read_date(raw: str, today: date, messages: Messages) -> date:
    """Reads a date; a year of two figures belongs to the century of ``today``.

    The month may be a number, its name in the language of ``messages``, or an unambiguous beginning of it; today and
    yesterday may be words. A time of day is left out, never converted. A day of the week must be that of the date.
    Raises InvalidInputError if the text is no date, has two readings, lacks a part, contradicts itself, or is too far
    from today to count days.
    """
    if len(raw) > LONGEST_TEXT:
        raise _no_date(raw, today)
    text = normalize(raw)
    parts, weekday = _parts(text, messages)
    words = [part for part in parts if not part.isdecimal()]
    too_long = any(part.isdecimal() and len(part) > 4 for part in parts)
    if len(parts) > 3 or len(words) > 1 or too_long or text.startswith((*_SIGNS,)):
        raise _no_date(text, today)
    if weekday is not None and not parts:
        raise InvalidInputError("weekday_alone", given=short(text), sample=today)
    if weekday is None and len(parts) == len(words) == 1 and (day := _named_day(parts[0], today, messages)):
        return day
    if len(parts) < 3:
        raise _incomplete(raw, parts, today, messages)
    orders = [*_orders((parts[0], parts[1], parts[2]), signs={*_SIGNS} & {*text})]
    orders = [order for order in orders if _month(order[1], messages)] or orders[:1]
    readings: dict[date, None] = {}
    for order in orders:
        with suppress(InvalidInputError):
            readings[_day(order, text, today, messages)] = None
    fitting = [day for day in readings if weekday in (None, day.weekday())]
    if len(fitting) > 1:
        both = messages.join(map(messages.date, fitting), "or")
        raise InvalidInputError("date_readings", given=short(text), readings=both)
    if fitting:
        return fitting[0]
    if readings and weekday is not None:
        day, name = next(iter(readings)), messages.weekdays[weekday]
        raise InvalidInputError("weekday", given=short(text), weekday=name, day=day, day_name=messages.weekday(day))
    return _day(orders[0], text, today, messages)  # raises the error


def _parts(text: str, messages: Messages) -> tuple[list[str], int | None]:
    """The numbers and words of a date, without those that say nothing; and the number of the day of the week in it."""
    text = _IN_BRACKETS.sub(r" \1 ", _TIME.sub("", text)).strip()
    if written := _EAST_ASIAN.fullmatch(text):
        era, year, month, day = written.groups()
        return [str(int(year) + _ERAS[era]).zfill(4) if era else year, month, day], None
    if compact := _COMPACT.fullmatch(text):
        return [*compact.groups()], None
    ordinals = "|".join(messages.say("date.ordinals").split())
    text = re.sub(rf"(?<=\d)(?:{ordinals})(?![^\W\d_])", "", text, flags=re.IGNORECASE)
    fillers = messages.say("date.fillers").split()
    parts = [part for part in _PART.findall(text) if part.casefold() not in fillers]
    weekdays = {part: number for part in parts if (number := _weekday(part, messages)) is not None}
    if len(weekdays) != 1:
        return parts, None
    [(name, number)] = weekdays.items()
    parts.remove(name)
    return parts, number


def _weekday(text: str, messages: Messages) -> int | None:
    """The number of a day of the week from its name or the beginning of it; None for anything else."""
    if _month(text, messages) is not None or len(text) < _SHORTEST_NAME:
        return None
    names = [name.casefold() for name in messages.weekdays]
    days = [number for number, name in enumerate(names) if name.startswith(text.casefold())]
    return days[0] if len(days) == 1 else None


def _named_day(text: str, today: date, messages: Messages) -> date | None:
    """Today or yesterday, by the words of the buttons beside a date; None for any other text."""
    names = [messages.say(f"form.{name}_button").casefold() for name in ("today", "yesterday")]
    return today - timedelta(names.index(text.casefold())) if text.casefold() in names and today > date.min else None


def _orders(parts: _Parts, signs: set[str]) -> Iterator[_Parts]:
    """The possible orders of three parts: several only for numbers with signs between them."""
    first, second, third = parts
    if first.isdecimal() and len(first) == 4:
        yield third, second, first
    elif not first.isdecimal():
        yield second, first, third
    else:
        yield parts
        if second.isdecimal() and "/" in signs:
            yield second, first, third
        if second.isdecimal() and signs and len(first) == len(third) == 2:
            yield third, second, first


def _day(parts: _Parts, text: str, today: date, messages: Messages) -> date:
    day, month, year = parts
    number = _month(month, messages)
    if number is None:
        raise InvalidInputError("month", given=short(month))
    if not year.isdecimal() or len(year) not in (2, 4):
        raise InvalidInputError("year", given=short(year))
    full = int(year) if len(year) == 4 else today.year // 100 * 100 + int(year)
    if abs(full - today.year) > LONGEST // 365:
        raise InvalidInputError("date_far", year=full)
    if not day.isdecimal() or len(day) > 2:
        raise _no_date(text, today)
    try:
        result = date(full, number, int(day))
    except ValueError:
        raise InvalidInputError("no_such_day", day=int(day), month=messages.months[number - 1], year=full) from None
    if abs((result - today).days) > LONGEST:
        raise InvalidInputError("date_far", year=full)
    return result


def _month(text: str, messages: Messages) -> int | None:
    """The number of a month from a number, a name, or an unambiguous prefix of a name; None for anything else."""
    if text.isdecimal():
        return int(text) if len(text) <= 2 and 1 <= int(text) <= 12 else None
    names = [name.casefold() for name in messages.months]
    prefix = text.casefold()
    if prefix in names:
        return names.index(prefix) + 1
    months = [number for number, name in enumerate(names, 1) if name.startswith(prefix)]
    return months[0] if len(months) == 1 and len(prefix) >= _SHORTEST_NAME else None


def _incomplete(raw: str, parts: list[str], today: date, messages: Messages) -> InvalidInputError:
    """The error for a date that lacks a part; it names the part if the fields or the other parts tell it."""
    if any(_month(part, messages) is None for part in parts if not part.isdecimal()):
        return _no_date(normalize(raw), today)
    present = _fields(raw) or _kinds(parts)
    if not present:
        return InvalidInputError("date_whole")
    missing = [messages.say(f"error.{kind}_part") for kind in _KINDS if kind not in present]
    return InvalidInputError("date_missing", parts=messages.join(missing))


def _fields(text: str) -> set[str]:
    """The filled ones of three fields, if the text is three fields joined by spaces."""
    fields = dict(zip(_KINDS, text.split(" "), strict=False)) if text.count(" ") == 2 else {}
    filled = {kind: field.strip() for kind, field in fields.items() if field.strip()}
    whole = all(_PART.fullmatch(field) for field in filled.values())
    numbers = all(field.isdecimal() for kind, field in filled.items() if kind != "month")
    return {*filled} if whole and numbers and len(filled.get("day", "")) <= 2 else set()


def _kinds(parts: list[str]) -> set[str]:
    """The kinds that the parts must have, whatever fields they are from; empty if ambiguous, as for a single number."""
    word = any(not part.isdecimal() for part in parts)
    years = [part for part in parts if part.isdecimal() and len(part) > 2]
    if len(parts) == 2 and not years:
        return {"day", "month"}
    return {"month", *(["year"] if years else [])} if word else set()


def _no_date(text: str, today: date) -> InvalidInputError:
    return InvalidInputError("date", given=short(text), sample=today)
