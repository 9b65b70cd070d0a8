"""Every setting in policy.yaml matters: a mutant changes a page and a verdict, or is refused."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, timedelta
from functools import cached_property
from importlib import import_module
from itertools import count
from pathlib import Path
from random import Random
from typing import Any

import pytest
from bs4 import BeautifulSoup

from checker import Policy
from checker.answers.parse import AnswerErrors
from checker.explain.explanation import explain
from checker.verdict import dumps
from macros.analysis import load
from macros.pages.macros import MACROS, Pages
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.yaml_reader import parse
from tests.conftest import LIVE
from tests.support.case_enumeration import TODAY, Answers, cells, with_proof_and_amounts
from tests.support.markup import IDLE, pages_of, render_pages
from tests.support.pages_oracle import Reader
from tests.support.paths import POLICIES
from tests.support.policy_mutations import Place, mutations, replace_setting, settings, texts

LIKELY = {"examples": "worked_examples", "clauses": "policy_text", "questions": "form", "invariants": "proof_report"}
"""The page on which a mutation shows most likely; the others are rendered only if it does not."""
RESULT = ("at", "yours", "address")
"""The settings that say where something stands in a result."""
FRAME = {
    ("version",),
    ("valid from",),
    *(
        ("shop", name)
        for name in ("brand", "logo", "accent", "legal notice", "privacy", "repository", "apply at", "contact")
    ),
}
"""The settings that stand in the frame of each page."""
FROZEN = POLICIES / "frozen.yaml"
WEEK = [TODAY + timedelta(days) for days in range(7)]


class Rendering:
    """The pages and verdicts of a policy, rendered on demand."""

    def __init__(self, policy: Policy) -> None:
        self.policy = dataclasses.replace(policy, digest="")  # else every page would be another
        self._pages = pages_of(self.policy)
        self._parts: dict[str, str] = {}
        self._verdicts: dict[int, str] = {}

    def part(self, macro: str) -> str:
        """A part of a page, without the ids in it."""
        if macro not in self._parts:
            self._parts[macro] = re.sub(r' data-id="[^"]*"', "", self._pages.render(macro))
        return self._parts[macro]

    def verdict(self, number: int, answers: Answers, today: date) -> str:
        """The verdict on a case, or its errors."""
        if number not in self._verdicts:
            try:
                self._verdicts[number] = dumps(self._pages.checker.decide(answers, today).to_json())
            except AnswerErrors as errors:
                self._verdicts[number] = str(errors)
        return self._verdicts[number]

    def result(self, number: int, answers: Answers, today: date) -> str:
        """The explanation of a case, or the errors."""
        try:
            return dumps(explain(self.policy, self._pages.checker.decide(answers, today)).to_json())
        except AnswerErrors as errors:
            return f"{number}: {errors}"


class Mutants:
    """A policy and its mutants."""

    def __init__(self, file: Path, change: Callable[[dict[str, Any]], dict[str, Any]] = dict) -> None:
        self.source = parse(file.read_bytes(), file.name)
        self.data = change(self.source.data)
        self.texts = texts(load.written_policy(self.source)) & {place for place, _ in settings(self.data)}
        policy = self.check_source(self.data)
        self.rendering = Rendering(policy)
        self._parts = [name for name in MACROS if name not in IDLE]
        spaces = [[*with_proof_and_amounts(cells(policy, today), policy)] for today in WEEK]
        self._cells = [(cell, WEEK[n % 7]) for n, cell in enumerate(map(_nth, count(), zip(*spaces, strict=True)))]
        Random(1).shuffle(self._cells)

    def read(self, place: Place, setting: str | None) -> Rendering | None:
        """The pages and verdicts of a mutant; None if it is refused."""
        try:
            return Rendering(self.check_source(replace_setting(self.data, place, setting)))
        except PolicyErrors as refused:
            return None if all(error.message for error in refused.errors) else Rendering(self.rendering.policy)

    def refused_names(self) -> set[Place]:
        """The settings that are refused with an unknown name. All are changed at once, and each must be named."""
        data = self.data
        for place, setting in settings(self.data):
            if place not in self.texts:
                for new in (new for kind, new in mutations(self.data, setting) if kind == "nobody's name"):
                    data = replace_setting(data, place, new)
        with pytest.raises(PolicyErrors) as refused:
            self.check_source(data)
        return {error.path for error in refused.value.errors}

    def check_source(self, data: Any) -> Policy:
        policy, _ = load.check_source(dataclasses.replace(self.source, data=data))
        return policy

    def is_behaviour(self, place: Place) -> bool:
        """Whether the checker decides anything by what stands there."""
        if place[0] == "values":
            rules = settings(self.data["clauses"])
            return place[1] in {setting for where, setting in rules if ("clauses", *where) not in self.texts}
        if place[0] == "clauses":
            return place[-1] not in ("topic", "written")
        return place[0] == "calendar" or (place[0] == "questions" and place[-1] not in ("about", "answer"))

    def same_pages(self, other: Rendering, place: Place) -> bool:
        likely_first = sorted(self._parts, key=lambda name: name != LIKELY.get(str(place[0])))
        return all(self.rendering.part(name) == other.part(name) for name in likely_first)

    def same_verdicts(self, other: Rendering) -> bool:
        cells = ((number, *cell) for number, cell in enumerate(self._cells))
        return all(self.rendering.verdict(*cell) == other.verdict(*cell) for cell in cells)

    def same_results(self, other: Rendering) -> bool:
        """Whether no case is explained in another way."""
        cells = ((number, *cell) for number, cell in enumerate(self._cells))
        return all(self.rendering.result(*cell) == other.result(*cell) for cell in cells)

    @cached_property
    def _statements(self) -> list[object]:
        return [*page_statements(self.rendering.policy)]

    def reads_the_same(self, other: Rendering) -> bool:
        """Whether who reads the pages alone is told the same of every case: then the verdicts must be the same."""
        return [*page_statements(other.policy)] == self._statements


def page_statements(policy: Policy) -> Iterator[object]:
    """The texts of the pages about each case."""
    reader = Reader(render_pages(policy).__getitem__)
    yield (
        reader.pages.calendar,
        reader.pages.waits,
        reader.pages.shares,
        reader.pages.asked,
        reader.pages.counted,
        (policy.version, policy.valid_from),  # in the foot of each page
    )
    yield from (reader.facts(case) for case in reader.completions({}, TODAY))


def _nth(number: int, cells: tuple[Answers, ...]) -> Answers:
    return cells[number % len(cells)]


def other_country(data: dict[str, Any]) -> dict[str, Any]:
    """The policy in a country, where it names none; else in none; and of a shop that has entered no address.

    Some settings count in one of the two alone.
    """
    calendar = dict(data["calendar"])
    if calendar.pop("country", None) is None:
        calendar["country"] = "NL"
    return {**data, "calendar": calendar, "shop": {**data["shop"], "contact": "", "apply at": ""}}


@pytest.fixture(scope="module")
def mutants(live_file: Path) -> Mutants:
    return Mutants(live_file)


@pytest.fixture(scope="module")
def frozen_mutants() -> Mutants:
    return Mutants(FROZEN)


def sample(mutants: Mutants, size: int | None) -> Collection[Place]:
    """A random sample of the settings to change, or all of them."""
    places = [place for place, _ in settings(mutants.data) if place not in mutants.texts]
    return {*Random(1).sample(places, size or len(places))}


def survivors(mutants: Mutants, wanted: Callable[[Place], bool]) -> Iterator[tuple[Place, str]]:
    """The surviving mutants: settings, not texts, that could be changed without the effect that they should have."""
    refused = {("nobody's name", place) for place in mutants.refused_names()}
    for place, setting in settings(mutants.data):
        if place in mutants.texts or not wanted(place):
            continue
        others = mutations(mutants.data, setting)
        read = [(new, mutants.read(place, new)) for kind, new in others if (kind, place) not in refused]
        accepted = [(new, other) for new, other in read if other]
        for new, other in accepted:
            if mutants.same_pages(other, place) and not stands_elsewhere(mutants, other, place):
                yield place, f"{new!r} for {setting!r} changes no page"
        is_idle = (
            mutants.is_behaviour(place)
            and place[-1] not in RESULT
            and all(mutants.same_verdicts(other) for _, other in accepted)
        )
        # The rest of its condition may imply a setting.
        if is_idle and not all(mutants.reads_the_same(other) for _, other in accepted):
            yield place, f"nothing else than {setting!r} changes a verdict"


def stands_elsewhere(mutants: Mutants, other: Rendering, place: Place) -> bool:
    """Whether a setting shows in the frame, where other tests look, or in some result."""
    if place[-1] in (*RESULT, "changeable"):
        return not mutants.same_results(other)
    return place in FRAME


@pytest.mark.parametrize("size", [5, pytest.param(None, marks=pytest.mark.deep)], ids=["some", "all"])
def test_policy_mutation_changes_a_page_and_a_verdict_or_is_refused(
    live_file: Path, mutants: Mutants, size: int | None
) -> None:
    """Some settings in the short lane and after each edit, all of the live policy in the deep lane."""
    if size is None and live_file != LIVE:
        pytest.skip("all settings are changed in the live policy alone")
    idle = [*survivors(mutants, sample(mutants, size).__contains__)]
    if idle:
        idle = [*survivors(Mutants(live_file, other_country), [place for place, _ in idle].__contains__)]
    assert idle == []


def unique_marks(mutants: Mutants) -> dict[Place, str]:
    """For each text a word that stands nowhere else."""
    return {place: f"Zq{number}zq" for number, place in enumerate(sorted(mutants.texts, key=str))}


def missing_texts(mutants: Mutants) -> list[Place]:
    """The texts of which another one is on no page. All are changed at once, each in a way of its own."""
    data, marks, before = mutants.data, unique_marks(mutants), dict(settings(mutants.data))
    for place, mark in marks.items():
        data = replace_setting(data, place, f"{before[place].rstrip()} {mark}")
    policy = mutants.check_source(data)
    rendering = " ".join(BeautifulSoup(page, "html.parser").get_text() for page in render_pages(policy).values())
    return [place for place, mark in marks.items() if mark not in rendering and not is_elsewhere(place)]


def is_elsewhere(place: Place) -> bool:
    """Whether a text stands in the frame, beside the answers of a result, or in a letter, where other tests look."""
    return place == ("title",) or "letter" in place or (place[0] == "questions" and place[-1] == "label")


def test_every_policy_text_is_on_a_page(live_file: Path, mutants: Mutants) -> None:
    absent = {*missing_texts(mutants)}
    if absent:
        absent &= {*missing_texts(Mutants(live_file, other_country))}
    assert absent == set()


def test_empty_text_is_refused(frozen_mutants: Mutants) -> None:
    mutants = frozen_mutants
    left = set(mutants.texts)
    while True:  # of many mistakes not all are named at once
        data = mutants.data
        for place in left:
            data = replace_setting(data, place, "")
        try:
            mutants.check_source(data)
        except PolicyErrors as refused:
            named = left & {error.path for error in refused.errors}
        else:
            named = set()
        if not named:
            break
        left -= named
    assert left == {("editors note",)}


# ---- and it is seen when one is idle


def leave_empty(monkeypatch: pytest.MonkeyPatch, *macros: str) -> None:
    render = Pages.render
    monkeypatch.setattr(Pages, "render", lambda pages, macro: "" if macro in macros else render(pages, macro))


def test_mutant_without_effect_on_pages_is_detected(frozen_mutants: Mutants, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_empty(monkeypatch, "policy_text")
    one = next(place for place, _ in settings(frozen_mutants.data) if place[-1] == "topic")
    assert {place for place, _ in survivors(Mutants(FROZEN), lambda place: place == one)} == {one}


@pytest.mark.deep
def test_mutant_without_effect_on_verdicts_is_detected(
    frozen_mutants: Mutants, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(import_module("checker.decide"), "add", lambda start, *_: start)
    days = [place for place, _ in settings(frozen_mutants.data) if place[0] == "calendar"]
    assert [place for place, _ in survivors(Mutants(FROZEN), days.__contains__)] == days


def test_text_missing_on_pages_is_detected(frozen_mutants: Mutants, monkeypatch: pytest.MonkeyPatch) -> None:
    leave_empty(monkeypatch, "editors_note")
    assert missing_texts(frozen_mutants) == [("editors note",)]
