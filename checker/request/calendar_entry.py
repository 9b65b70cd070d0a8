"""The days of a case that matter as a calendar file (RFC 5545), for the customer's own calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from checker.policy import Policy
from checker.request.letter import one_line
from checker.verdict import Verdict

_PRODUCT = "-//policy checker//dates//EN"
_NINE_THE_DAY_BEFORE = "-PT15H"  # before the midnight that starts the day
_LONGEST_LINE = 75  # octets
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]")


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


def calendar_entry(policy: Policy, verdict: Verdict, address: str) -> str | None:
    """The days of a case as a calendar file with an alarm on the day before each; None if there is none.

    Calendars are often shared, so it holds no answer and no outcome, and the address of the check page has no
    fragment. The same day has the same UID, so adding it twice shows it once.
    """
    page = _plain_address(address)
    days = calendar_days(verdict)
    if not days:
        return None
    events = (line for day, kind in days for line in _event(policy, day, kind, page, verdict.today))
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{_PRODUCT}", *events, "END:VCALENDAR"]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _event(policy: Policy, day: date, kind: str, page: str, today: date) -> list[str]:
    say, title = policy.messages.say, one_line(policy.title)
    description = f"{say(f'calendar_entry.{kind}_description')}\n{say('calendar_entry.no_promise', address=page)}"
    return [
        "BEGIN:VEVENT",
        f"UID:{sha256(f'{title}\n{page}\n{kind}\n{day}'.encode()).hexdigest()}",
        f"DTSTAMP:{_compact(today)}T000000Z",
        f"DTSTART;VALUE=DATE:{_compact(day)}",
        f"DTEND;VALUE=DATE:{_compact(day + timedelta(1))}",
        f"SUMMARY:{say(f'calendar_entry.{kind}', title=title).translate(_ESCAPES)}",
        f"DESCRIPTION:{description.translate(_ESCAPES)}",
        f"URL:{page}",
        "TRANSP:TRANSPARENT",  # the time counts as free
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{_NINE_THE_DAY_BEFORE}",
        f"DESCRIPTION:{say(f'calendar_entry.{kind}_alarm', title=title).translate(_ESCAPES)}",
        "END:VALARM",
        "END:VEVENT",
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
