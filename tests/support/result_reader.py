"""A reader of what a customer gets: the sections of an explanation, and the days in a calendar file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from checker import Policy, Verdict
from checker.request.calendar_entry import calendar_entry


def sections(explanation: Mapping[str, Any]) -> dict[str, list[tuple[str, str | None, str | None]]]:
    """The items of each section, each with its second line and the clause that it cites; readings as one section."""
    found: dict[str, list[tuple[str, str | None, str | None]]] = {}
    for section in explanation["sections"]:
        for id_, items in ((section["id"], section["items"]), ("interpretations", section["interpretations"])):
            found.setdefault(id_, []).extend((item["text"], item["note"], item["clause"]) for item in items)
    return found


def entries(policy: Policy, verdict: Verdict) -> list[date]:
    """The days of the entries of a calendar file."""
    text = calendar_entry(policy, verdict, "https://shop.example/check/") or ""
    return [date.fromisoformat(day) for day in re.findall(r"^DTSTART;VALUE=DATE:(\d+)", text, re.MULTILINE)]
