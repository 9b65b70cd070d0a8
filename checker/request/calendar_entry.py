"""The last day to apply as a calendar file (RFC 5545), for the customer's own calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from checker.policy import Policy
from checker.request.letter import one_line
from checker.verdict import Verdict

_PRODUCT = "-//policy checker//last day//EN"
_NINE_THE_DAY_BEFORE = "-PT15H"  # before the midnight that starts the day
_LONGEST_LINE = 75  # octets
_ESCAPES = str.maketrans({"\\": "\\\\", ";": "\\;", ",": "\\,", "\n": "\\n"})
_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]")


def last_day(verdict: Verdict) -> date | None:
    """The safe last day: the earliest that is not over; None if there is none."""
    days = (deadline.last_day for deadline in verdict.deadlines)
    return next((day for day in days if day >= verdict.today), None)


def calendar_entry(policy: Policy, verdict: Verdict, address: str) -> str | None:
    """The safe last day as a calendar file with an alarm on the day before; None if there is none.

    Calendars are often shared, so it holds no answer and no outcome, and the address of the check page has no
    fragment. The same last day has the same UID, so adding it twice shows it once.
    """
    day = last_day(verdict)
    if day is None:
        return None
    say = policy.messages.say
    title, page = one_line(policy.title), _plain_address(address)
    description = f"{say('calendar_entry.description')}\n{say('calendar_entry.no_promise', address=page)}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_PRODUCT}",
        "BEGIN:VEVENT",
        f"UID:{sha256(f'{title}\n{page}\n{day}'.encode()).hexdigest()}",
        f"DTSTAMP:{_compact(verdict.today)}T000000Z",
        f"DTSTART;VALUE=DATE:{_compact(day)}",
        f"DTEND;VALUE=DATE:{_compact(day + timedelta(1))}",
        f"SUMMARY:{say('calendar_entry.summary', title=title).translate(_ESCAPES)}",
        f"DESCRIPTION:{description.translate(_ESCAPES)}",
        f"URL:{page}",
        "TRANSP:TRANSPARENT",  # the time counts as free
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{_NINE_THE_DAY_BEFORE}",
        f"DESCRIPTION:{say('calendar_entry.alarm', title=title).translate(_ESCAPES)}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


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
