"""The last day to apply as a calendar file (RFC 5545), for the customer's own calendar."""

from __future__ import annotations

import re
from datetime import date, timedelta
from hashlib import sha256

from checker.policy import Policy
from checker.request.letter import one_line
from checker.verdict import Verdict

_MAKER = "-//policy checker//last day//EN"
_NINE_THE_DAY_BEFORE = "-PT15H"  # counted from the midnight with which the day begins
_LONGEST_LINE = 75  # octets
_NOT_IN_ADDRESSES = re.compile(r"[^A-Za-z0-9._~:/?\[\]@!$&'()*+,;=%-]")


def last_day(verdict: Verdict) -> date | None:
    """The safe last day: the earliest that is not over. None where there is none."""
    return next((each.last_day for each in verdict.deadlines if each.last_day >= verdict.today), None)


def calendar_entry(policy: Policy, verdict: Verdict, address: str) -> str | None:
    """The safe last day as a calendar file with a reminder on the day before; None where there is none.

    It says no answer and no outcome, as calendars are often shared: of the address of the check page, what
    follows a ``#`` is left out. The same last day makes the same event, so adding it twice shows it once.
    """
    day = last_day(verdict)
    if day is None:
        return None
    messages = policy.messages
    title, page = one_line(policy.title), _plain_address(address)
    description = f"{messages.say('appointment.description')}\n{messages.say('appointment.no_promise', address=page)}"
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:{_MAKER}",
        "BEGIN:VEVENT",
        f"UID:{sha256(f'{title}\n{page}\n{day}'.encode()).hexdigest()}",
        f"DTSTAMP:{_compact(verdict.today)}T000000Z",
        f"DTSTART;VALUE=DATE:{_compact(day)}",
        f"DTEND;VALUE=DATE:{_compact(day + timedelta(1))}",
        f"SUMMARY:{_escaped(messages.say('appointment.summary', title=title))}",
        f"DESCRIPTION:{_escaped(description)}",
        f"URL:{page}",
        "TRANSP:TRANSPARENT",  # it keeps no time busy
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"TRIGGER:{_NINE_THE_DAY_BEFORE}",
        f"DESCRIPTION:{_escaped(messages.say('appointment.alarm', title=title))}",
        "END:VALARM",
        "END:VEVENT",
        "END:VCALENDAR",
    ]
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _plain_address(address: str) -> str:
    """The address without its fragment, in the signs that addresses are made of (RFC 3986)."""
    page = one_line(address.partition("#")[0])  # by hand: urllib would make the browser wait for its imports
    return _NOT_IN_ADDRESSES.sub(lambda sign: "".join(f"%{octet:02X}" for octet in sign[0].encode()), page)


def _compact(day: date) -> str:
    return day.isoformat().replace("-", "")


def _escaped(text: str) -> str:
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def _folded(line: str) -> str:
    """The line in pieces of which none is too long, and none ends inside a letter."""
    pieces, length = [""], 0
    for letter in line:
        length += len(letter.encode())
        if length > _LONGEST_LINE:
            pieces.append("")
            length = 1 + len(letter.encode())  # each further piece begins with a space
        pieces[-1] += letter
    return "\r\n ".join(pieces)
