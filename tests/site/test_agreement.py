"""Pages and checker agree: the oracle that reads the pages alone predicts every verdict."""

from __future__ import annotations

import contextlib
import itertools
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
    selected = {**verdict, "policy": {name: verdict["policy"][name] for name in ("version", "valid_from")}}
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

MUTATIONS = {
    "a figure in the table": ("cases", "29–365 days ago", "30–365 days ago"),
    "a figure in a rule": ("policy", "longer ago than 365 days", "longer ago than 364 days"),
    "an answer in a rule": ("policy", "Only for:", "Except:"),
    "the name of an answer": ("policy", "“It has stains”", "“I lost it”"),
    "an outcome in the table": ("cases", 'data-id="desk">The desk decides', 'data-id="fine">You are in time'),
    "the clause of a line": ("cases", '<a href="../policy/#lost">', '<a href="../policy/#late">'),
    "the order of the outcomes": ("cases", 'id="outcome-dropped"', 'id="outcome-fine"'),
    "what is granted": ("policy", 'data-id="remedies.longer"', 'data-id="remedies.shorter"'),
    "who pays": ("policy", "costs.library", "costs.reader"),
    "when it is granted": ("policy", "Except:", "Only for:"),
    "the proof": ("prepare", '<li data-id="the_copy">', '<li data-id="a_copy">'),
    "how long a step takes": ("prepare", "Within 2–3 working days", "Within 2–4 working days"),
    "from when a step is counted": ("prepare", 'data-id="returned_on"', 'data-id="borrowed_on"'),
    "which days are worked": ("policy", '<span data-id="wednesday">', '<span data-id="thursday">'),
    "what an estimate is worked out from": ("policy", 'data-id="damage_part"', 'data-id="price"'),
    "when a reading is said": ("policy", 'data-id="borrowed_on.reading_room"', 'data-id="borrowed_on.never_had"'),
    "when a reminder is given": ("prepare", "Only with", "Except with"),
    "the version": ("policy", "Version 7", "Version 8"),
    "the day from which it holds": ("policy", "valid from 1 September", "valid from 2 September"),
}


@pytest.fixture(scope="module")
def library() -> tuple[Policy, dict[str, str]]:
    policy = load(next(file for file in OTHERS if file.stem == "library"))
    return policy, render_pages(policy)


@pytest.mark.parametrize("mutation", MUTATIONS)
def test_changed_page_no_longer_predicts_the_verdicts(mutation: str, library: tuple[Policy, dict[str, str]]) -> None:
    policy, pages = library
    name, before, after = MUTATIONS[mutation]
    changed = {**pages, name: pages[name].replace(before, after, 1)}
    assert changed != pages
    with contextlib.suppress(PagesError):
        _, differing = differences(changed.__getitem__, policy)
        assert differing.total()
