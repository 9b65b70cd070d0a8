"""A reader of what a customer gets: the sections of an explanation, and the days in a calendar file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from checker import Policy, Verdict
from checker.request.calendar_entry import calendar_entries, calendar_file

type Lines = dict[str, list[tuple[str, str | None, str | None]]]
"""Items by kind, each with its second line and the clause that it cites."""


def sections(policy: Policy, explanation: Mapping[str, Any]) -> Lines:
    """All that an explanation says: its sections, and its tasks as the parts of the policy that they show."""
    kinds = {
        (item.text.strip(), policy.clause_of(part, id_)): part
        for part in ("steps", "reminders", "interpretations")
        for id_, item in getattr(policy, part).items()
    }
    found: Lines = {}

    def add(kind: str, item: Mapping[str, Any]) -> None:
        found.setdefault(kind, []).append((item["text"], item["note"], item["clause"]))

    for section in explanation["sections"]:
        for item in section["items"]:
            add(section["id"], item)
    for item in (*explanation["texts"], *explanation["notices"]):
        add(kinds.get((item["text"], item["clause"]), "text"), item)
    for task in (*explanation["now"], *explanation["after"]):
        if task["id"] == "remedies" and task["clause"]:
            add("grants", {"text": task["title"], "note": None, "clause": task["clause"]})
        for item in task["texts"]:
            add(kinds.get((item["text"], item["clause"]), "grants" if task["id"] == "remedies" else "text"), item)
        for item in task["items"]:
            add("proof" if task["id"] == "proof" else "branches", item)
    return found


def entries(policy: Policy, verdict: Verdict) -> list[date]:
    """The days of the entries of a calendar file."""
    text = calendar_file(policy, calendar_entries(verdict, {}), "a1", verdict.today, "https://shop.example/check/")
    return [date.fromisoformat(day) for day in re.findall(r"^DTSTART;VALUE=DATE:(\d+)", text, re.MULTILINE)]
