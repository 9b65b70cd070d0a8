"""The situations on the language's page about timelines read as that page says."""

from __future__ import annotations

from datetime import date

import pytest

from checker import Checker
from checker.explain.explanation import explain
from macros.analysis.load import load
from tests.support.paths import POLICIES
from tests.support.result_reader import entries, sections
from tests.support.words import say


def last_day(day: date, left: int) -> str:
    return say("timeline.last_day_future", date=day, count=left)


REACHED = {"problem": "quality", "received_on": "2026-11-22", "product": "standard", "cause": "none"}
SITUATIONS = {
    "simple window": (
        ("frozen", date(2026, 11, 27), REACHED),
        "You can apply",
        [f"{last_day(date(2026, 12, 7), 10)} | After that: It is too late to apply."],
        [date(2026, 12, 7)],
    ),
    "the same, over": (
        ("frozen", date(2026, 12, 20), REACHED),
        "It is too late to apply",
        ["The last day to apply was 7 December 2026."],
        [],
    ),
    "too early, then all of it": (
        ("parcels", date(2026, 11, 27), {"route": "abroad", "sent_on": "2026-10-03", "seen_on": "never_seen"}),
        "It is too early",
        ["From 3 December 2026: All of your money or a new parcel."],
        [date(2026, 12, 3)],
    ),
    "three tiers": (
        ("battery", date(2026, 11, 27), {"bought_on": "2024-08-31", "use": "private"}),
        "A new battery for a part of its price",
        [
            "Until 30 April 2027: you pay 25 % of the price of a new battery",
            "From 1 May 2027 until 31 October 2028: you pay 50 % of the price of a new battery",
            "From 1 November 2028 until 31 August 2031: you pay 75 % of the price of a new battery",
            "From 1 September 2031: The warranty is over",
        ],
        [date(2027, 4, 30)],
    ),
    "free label, then paid label": (
        ("shoes", date(2026, 11, 5), {"trouble": "size", "member": "none", "delivered_on": "2026-10-30"}),
        "You can send it back",
        [
            f"{last_day(date(2026, 11, 29), 24)} | After that: It is too late.",
            "Until 14 November 2026: The label is free. | After that: The label costs you 7 USD.",
        ],
        [date(2026, 11, 14), date(2026, 11, 29)],
    ),
    "one remedy, then another": (
        ("parcels", date(2026, 11, 27), {"route": "inland", "sent_on": "2026-11-12", "seen_on": "never_seen"}),
        "All of your money or a new parcel",
        [
            "Last day to apply: 10 February 2027. | After that: It is too late.",
            "Until 12 December 2026: a new parcel. | After that: your money back.",
        ],
        [date(2027, 2, 10)],
    ),
}  # fmt: skip


@pytest.mark.parametrize("situation", SITUATIONS)
def test_situation_reads_as_the_language_says(situation: str) -> None:
    (name, today, raw), title, lines, days = SITUATIONS[situation]
    policy = load(POLICIES / f"{name}.yaml")
    verdict = Checker(policy).decide(raw, today)
    explanation = explain(policy, verdict).to_json()
    assert explanation["headline"]["title"] == title
    items = sections(policy, explanation)["deadlines"]
    assert [" | ".join(filter(None, item[:2])) for item in items] == lines
    assert entries(policy, verdict) == days
