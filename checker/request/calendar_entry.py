"""The days of a case that matter as a calendar file (RFC 5545), for the customer's own calendar."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from checker.policy import Policy
from checker.request.letter import one_line
from checker.verdict import Verdict

_PRODUCT = "-//policy checker//dates//EN"
_NINE_THE_DAY_BEFORE = "-PT15H"  # before the midnight that starts the day
_LONGEST_LINE = 75  # octets
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_NAMES = {"last_day": "last_day", "worse": "change", "better": "change"}
"""The name of the entry of each kind of day. A corrected date may turn what gets worse into what gets better."""
_MOST = 2**31 - 1  # of the integers of RFC 5545
_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]")


@dataclass(frozen=True, kw_only=True, slots=True)
class Saved:
    """An entry as the saved calendar files have it."""

    files: int = 0
    """How many of them there are."""
    day: date | None = None
    """The day in the last of them; None if that cancels the entry."""

    @classmethod
    def read(cls, raw: object) -> dict[str, Saved]:
        """The readable entries in a JSON object, by name."""
        entries = raw if isinstance(raw, Mapping) else {}
        return {name: saved for name in dict.fromkeys(_NAMES.values()) if (saved := cls._read(entries.get(name)))}

    @classmethod
    def _read(cls, raw: object) -> Saved | None:
        entry = raw if isinstance(raw, Mapping) else {}
        files, day = entry.get("files"), entry.get("day")
        if type(files) is not int or not 0 < files < _MOST:
            return None
        try:
            return cls(files=files, day=None if day is None else date.fromisoformat(day))
        except (TypeError, ValueError):
            return None

    def to_json(self) -> dict[str, Any]:
        """The JSON object that is read again."""
        return {"files": self.files, "day": self.day and self.day.isoformat()}


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """An entry of a calendar file."""

    name: str
    kind: str
    """Of its day, or ``cancelled``."""
    day: date
    saved: Saved
    """The entry in earlier files."""


def calendar_days(verdict: Verdict) -> list[tuple[date, str]]:
    """The days that are worth an entry, none of them past, each with the kind of its entry.

    They are the last day to act, and the next change: the first day of something better, or the last day before
    something worse. Where several are possible, the earliest counts: it is the safe one.
    """
    last_days = [(deadline.last_day, "last_day") for deadline in verdict.deadlines]
    next_stretches = (timeline.stretches[n] for timeline in verdict.timelines for n in timeline.to_come[:1])
    changes = [
        (stretch.first if stretch.effect == "better" else stretch.first - timedelta(1), stretch.effect)
        for stretch in next_stretches
        if stretch.effect
    ]
    upcoming = ([entry for entry in entries if entry[0] >= verdict.today] for entries in (changes, last_days))
    return [min(entries) for entries in upcoming if entries]


def calendar_entries(verdict: Verdict, saved: Mapping[str, Saved]) -> list[Entry]:
    """The entries of a calendar file after those of ``saved``, by name.

    An earlier entry whose day is not past, and not a day of the verdict any more, is cancelled.
    """
    days = {_NAMES[kind]: (day, kind) for day, kind in calendar_days(verdict)}
    cancelled = {
        name: (entry.day, "cancelled") for name, entry in saved.items() if entry.day and entry.day >= verdict.today
    }
    return [
        Entry(name=name, kind=kind, day=day, saved=saved.get(name, Saved()))
        for name, (day, kind) in sorted((cancelled | days).items())
    ]


def saved_after(entries: Iterable[Entry]) -> dict[str, Saved]:
    """The saved entries after one more file."""
    return {
        entry.name: Saved(files=entry.saved.files + 1, day=None if entry.kind == "cancelled" else entry.day)
        for entry in entries
    }


def calendar_file(policy: Policy, entries: Iterable[Entry], case: str, today: date, address: str) -> str:
    """The calendar file, with an alarm on the day before each entry.

    ``case`` is a random number of the case. So an entry with a corrected date replaces the earlier one (RFC 5546,
    section 2.1.5). The texts say so too: some calendars, such as Outlook on desktops, keep the earlier entry.

    Calendars are often shared, so it holds no answer and no outcome, and the address of the check page has no
    fragment.
    """
    page = _plain_address(address)
    events = (line for entry in entries for line in _event(policy, entry, f"{case}-{entry.name}", today, page))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", "METHOD:PUBLISH", *events, "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(policy: Policy, entry: Entry, uid: str, today: date, page: str) -> list[str]:
    say, title, kind = policy.messages.say, one_line(policy.title), entry.kind
    texts = [f"{kind}_description"]
    if entry.saved.day not in (None, entry.day):
        texts.append("replaces")
    description = " ".join(say(f"calendar_entry.{text}") for text in texts)
    description += f"\n{say('calendar_entry.no_promise', address=page)}"
    return [
        "BEGIN:VEVENT",
        f"UID:{uid}",
        f"SEQUENCE:{entry.saved.files}",
        f"DTSTAMP:{_compact(today)}T{_time(entry.saved.files)}Z",
        f"DTSTART;VALUE=DATE:{_compact(entry.day)}",  # it lasts the day, without an end
        f"SUMMARY:{say(f'calendar_entry.{kind}', title=title).translate(_ESCAPES)}",
        f"DESCRIPTION:{description.translate(_ESCAPES)}",
        f"URL:{page}",
        "TRANSP:TRANSPARENT",  # the time counts as free
        *(["STATUS:CANCELLED"] if kind == "cancelled" else _alarm(say(f"calendar_entry.{kind}_alarm", title=title))),
        "END:VEVENT",
    ]


def _time(sequence: int) -> str:
    """A time of day that rises with the sequence, because the checker has no clock."""
    minutes, seconds = divmod(min(sequence, 24 * 60 * 60 - 1), 60)
    return f"{minutes // 60:02}{minutes % 60:02}{seconds:02}"


def _alarm(text: str) -> list[str]:
    return [
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{_NINE_THE_DAY_BEFORE}",
        f"DESCRIPTION:{text.translate(_ESCAPES)}",
        "END:VALARM",
    ]


def _plain_address(address: str) -> str:
    """The address without its fragment, in the characters of RFC 3986."""
    page = one_line(address.partition("#")[0])  # without urllib, whose imports take a browser long
    return _NOT_IN_ADDRESSES.sub(lambda sign: "".join(f"%{octet:02X}" for octet in sign[0].encode()), page)


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")


def _folded(line: str) -> str:
    """The line in folded pieces: none is too long, or ends inside a character."""
    pieces, length = [""], 0
    for letter in line:
        length += len(letter.encode())
        if length > _LONGEST_LINE:
            pieces.append("")
            length = 1 + len(letter.encode())  # each further piece begins with a space
        pieces[-1] += letter
    return "\r\n ".join(pieces)
