"""Pages and checker agree: the oracle that reads the pages alone predicts every verdict."""

from __future__ import annotations

import contextlib
import itertools
import re
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from checker import Checker, Policy
from macros.analysis.load import load
from tests.conftest import LIVE
from tests.support.case_enumeration import TODAY, Answers, with_proof_and_amounts
from tests.support.markup import render_pages
from tests.support.page_words import UNKNOWN, PagesError
from tests.support.pages_oracle import Reader
from tests.support.paths import POLICIES
from tests.support.words import say

OTHERS = sorted(path for path in POLICIES.glob("*.yaml") if path.name != "frozen.yaml")
OFFSET = timedelta(3)
"""Time between the application and the day of the check."""

type Pages = Callable[[str], str]


def of_site(site: Path) -> Pages:
    return lambda name: (site / name / "index.html").read_text(encoding="utf-8")


def cells(reader: Reader) -> Iterator[Answers]:
    """Every case that the pages distinguish: all answers, including none and "I don't know", and all days."""
    for applied in (TODAY, TODAY - OFFSET):
        asked = [
            [
                *choices,
                UNKNOWN,
                *((applied - timedelta(day)).isoformat() for day in reader.days if name in reader.pages.counted),
            ]
            for name, choices in reader.pages.asked.items()
        ]
        given = {end: applied.isoformat() for end in reader.pages.counted.values() if applied != TODAY}
        for number in range(len(asked) + 1):
            for answers in itertools.product(*asked[:number]):
                yield dict(zip(reader.pages.asked, answers, strict=False)) | given


def comparable(verdict: dict[str, Any]) -> dict[str, Any]:
    """The parts of a verdict that pages show; unordered lists are sorted."""
    selected = {**verdict}
    for name in ("steps", "reminders", "interpretations"):
        selected[name] = sorted(verdict[name])
    selected["reasons"] = sorted(each["clause"] for each in verdict["reasons"])
    for name in ("other_matches", "ruled_out"):
        selected[name] = sorted({(each["clause"], each["outcome"]) for each in verdict[name]})
    if verdict["grants"]:
        selected["grants"] = {"remedies": sorted(verdict["grants"]["remedies"]), "costs": verdict["grants"]["costs"]}
    selected["deadlines"] = sorted(
        {(each["last_day"], each["days_left"], each["then"]) for each in verdict["deadlines"]}
    )
    return selected


def differences(pages: Pages, policy: Policy, step: int = 1) -> tuple[Counter[str], Counter[str]]:
    """The number of cells by outcome, and for each part of the verdict the number of cells in which the pages differ.

    Args:
        step: Only one of so many cells is compared.
    """
    reader, checker = Reader(pages), Checker(policy)
    outcomes: Counter[str] = Counter()
    differing: Counter[str] = Counter()
    for cell in with_proof_and_amounts(islice(cells(reader), None, None, step), policy):
        predicted = reader.predicted(cell, TODAY)
        verdict = comparable(checker.decide(cell, TODAY).to_json())
        outcomes[verdict["outcome"] or "undecided"] += 1
        differing.update({part: predicted[part] != verdict[part] for part in predicted})
    return outcomes, differing


def test_live_pages_predict_the_verdict_of_every_cell(draft_site: Path, policy: Policy, live_file: Path) -> None:
    outcomes, differing = differences(of_site(draft_site), policy, 1 if live_file == LIVE else 23)
    if live_file == LIVE:
        assert {*outcomes} - {"undecided"} == {*policy.outcomes}
    assert {part: number for part, number in differing.items() if number} == {}


@pytest.mark.parametrize("file", OTHERS, ids=lambda file: file.stem)
def test_pages_of_other_policies_predict_the_verdict_of_every_cell(file: Path) -> None:
    policy = load(file)
    outcomes, differing = differences(render_pages(policy).__getitem__, policy)
    assert {*outcomes} - {"undecided"} == {*policy.outcomes}
    assert {part: number for part, number in differing.items() if number} == {}


# ---- mutations of a page are detected

ONLY, EXCEPT = (say(f"pages.{kind}", answers="|").partition("|")[0] for kind in ("only", "except"))
ONLY_WITH, EXCEPT_WITH = (
    say(f"pages.{kind}_answer", answers="|", question="").partition("|")[0] for kind in ("only", "except")
)
YEAR, LESS = (say("duration.day", figure=days) for days in (365, 364))
MUTATIONS = {
    "a figure in the table": ("cases", "28 days ago for", "27 days ago for"),
    "an answer in the table": ("cases", 'data-id="trouble.gone">“I lost it”', 'data-id="trouble.nothing">“Nothing”'),
    "the question of a test": ("cases", '<p data-question="trouble">', '<p data-question="medium">'),
    "the order of the lines": ("cases", "(?s)(<tr id.*?</tr>\n)(<tr id.*?</tr>\n)", r"\2\1"),
    "a line left out": ("cases", '(?s)<tr id="outcome-desk">.*?</tr>', ""),
    "a figure in a rule": ("rules", YEAR, LESS),
    "an answer in a rule": ("rules", ONLY, EXCEPT),
    "the name of an answer": ("rules", "“It has stains”", "“I lost it”"),
    "an outcome in the table": ("cases", 'data-id="desk">The desk decides', 'data-id="fine">You are in time'),
    "the clause of a line": ("cases", '<a href="../policy/#lost">', '<a href="../policy/#late">'),
    "the order of the outcomes": (
        "rules",
        '(?s)(<li data-tone="good">.*?</li>\n)(<li data-tone="bad">.*?</li>\n)',
        r"\2\1",
    ),
    "the tone of an outcome": ("rules", 'mark--bad">', 'mark--neutral">'),
    "what is granted": ("rules", 'data-id="remedies.longer"', 'data-id="remedies.shorter"'),
    "who pays": ("rules", "costs.library", "costs.reader"),
    "when it is granted": ("rules", EXCEPT, ONLY),
    "the proof": ("rules", 'data-id="the_copy">', 'data-id="a_copy">'),
    "how long a step takes": ("rules", "2–3 working days</span>", "2–4 working days</span>"),
    "from when a step is counted": (
        *("rules", 'data-id="returned_on">When do you bring it back.</span>”</span>'),
        'data-id="borrowed_on">When did you borrow it?</span>”</span>',
    ),
    "which days are worked": ("rules", '<span data-id="wednesday">', '<span data-id="thursday">'),
    "what an estimate is worked out from": ("rules", 'data-id="damage_part"', 'data-id="price"'),
    "when a reading is said": ("rules", 'data-id="borrowed_on.reading_room"', 'data-id="borrowed_on.never_had"'),
    "when a reminder is given": ("rules", f"(dry_it.*?){ONLY_WITH}", rf"\1{EXCEPT_WITH}"),
}


@pytest.fixture(scope="module")
def library() -> tuple[Policy, dict[str, str]]:
    policy = load(next(file for file in OTHERS if file.stem == "library"))
    return policy, render_pages(policy)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_changed_page_no_longer_predicts_the_verdicts(mutation: str, library: tuple[Policy, dict[str, str]]) -> None:
    policy, pages = library
    name, before, after = MUTATIONS[mutation]
    changed = {**pages, name: re.sub(before, after, pages[name], count=1)}
    assert changed != pages
    with contextlib.suppress(PagesError):
        _, differing = differences(changed.__getitem__, policy)
        assert differing.total()
