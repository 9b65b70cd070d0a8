"""The content of a site's pages: its questions, its table of outcomes, its clauses and their effects."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cached_property

from bs4 import Tag

from tests.support.page_words import (
    ID,
    IDS,
    UNKNOWN,
    Calendar,
    Line,
    PagesError,
    Wait,
    When,
    Words,
    article,
    matched,
    pattern,
)
from tests.support.words import say

TONES = ["bad", "neutral", "good"]


class Pages:
    """The pages of one site."""

    def __init__(self, page: Callable[[str], str]) -> None:
        """Takes what gives the HTML of a page by its name."""
        self.pages = {name: article(page(name)) for name in ("check", "cases", "policy", "rules")}
        self.words = Words()
        self.tones: dict[str, int] = {}
        """The tone of each outcome, 0 for bad."""
        self.costs: list[str] = []
        """The costs by id, the strongest first; empty if there is one alone."""

    @cached_property
    def asked(self) -> dict[str, list[str]]:
        """The closed questions in their order, each with its choices."""
        form = {
            str(fieldset["data-question"]): [str(radio["value"]) for radio in fieldset.select("input[type=radio]")]
            for fieldset in self.pages["check"].select("form fieldset[data-question]")
            if fieldset["data-answer"] in ("one choice", "date")
        }
        ends = {*self.counted.values()}
        return {name: [c for c in choices if c != UNKNOWN] for name, choices in form.items() if name not in ends}

    @cached_property
    def counted(self) -> dict[str, str]:
        """The questions for a date, each with the one whose date the days are counted to."""
        lines = [self.words.read(line) for line in self.pages["rules"].select(".counted")]
        stated = pattern("rules.counted", question=f"(?P<question>{ID})", end=f"(?P<end>{ID})")
        found = [matched(stated, line) for line in lines]
        return {re.sub(ID, r"\1", one["question"]): re.sub(ID, r"\1", one["end"]) for one in found}

    @cached_property
    def outcomes(self) -> list[str]:
        """All outcomes, the strongest first."""
        [order], items = self.pages["rules"].select(".order"), self.pages["rules"].select(".outcomes > li")
        ids = rf"(?P<costs>{ID}(?:, {ID})*(?: {re.escape(say('list.and'))} {ID})?)"
        costs = pattern("rules.costs_order", costs=ids)
        stated = matched(rf"{pattern('rules.strongest_first')}(?: {costs})?", self.words.read(order))
        self.costs = re.findall(ID, stated["costs"] or "")
        for item in items:
            [mark] = item.select(".mark")
            [tone] = {*mark["class"]} - {"mark"}
            self.tones[self.words.outcome(mark.select("[data-id]")[0])] = TONES.index(tone.removeprefix("mark--"))
        return [*self.tones]

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the table of outcomes."""
        lines = []
        for tr in self.pages["cases"].select("tbody tr"):
            [case], [outcome] = tr.select(".case"), tr.select(".mark [data-id]")
            clauses = tuple(str(a["href"]).partition("#")[2] for a in case.select(".case__clauses a"))
            lines.append(Line(self.words.case(case), self.words.outcome(outcome), clauses))
        return lines

    @cached_property
    def effects(self) -> dict[str, list[tuple[str, Tag, When | None]]]:
        """The effects on the page of rules by kind, each with its clause, its entry and its condition."""
        effects: dict[str, list[tuple[str, Tag, When | None]]] = {}
        for section in self.pages["rules"].select("section[id]"):
            for li in section.select("section > ul[data-kind] > li"):
                if li.parent and li.p:
                    kind = str(li.parent["data-kind"])
                    effects.setdefault(kind, []).append((str(section["id"]), li.p, self.words.when(li)))
        return effects

    @cached_property
    def rules(self) -> list[tuple[str, str, When]]:
        """Every rule: its clause, its outcome, its condition."""
        return [(clause, str(p.span["data-id"]), when or ()) for clause, p, when in self.effects["rules"]]  # type: ignore[index]

    @cached_property
    def grants(self) -> list[tuple[list[str], When]]:
        """Every grant: its remedies and costs, each with its kind, and its condition."""
        found = []
        for _, p, when in self.effects.get("grants", []):
            ids = re.findall(ID, matched(rf"(?:{IDS})?(?:\. )?(?:{ID})?", self.words.read(p))[0])
            found.append((ids, when or ()))
        return found

    @cached_property
    def shares(self) -> dict[str, tuple[str, str, str]]:
        """The inputs of each estimate: amount, part and whole."""
        named = {name: f"(?P<{name}>{ID})" for name in ("title", "of", "that", "whole")}
        read = [
            matched(pattern("rules.estimate", **named), self.words.read(p))
            for _, p, _ in self.effects.get("estimates", [])
        ]
        found = [[re.sub(ID, r"\1", one[name]) for name in named] for one in read]
        return {name: (of, that, whole) for name, of, that, whole in found}

    @cached_property
    def conditions(self) -> dict[tuple[str, str], When]:
        """The condition of all that comes with an outcome, by kind and id."""
        found = {
            (kind, str(p.select("[data-id]")[0]["data-id"])): when
            for kind in ("proof", "steps", "reminders", "interpretations", "estimates")
            for _, p, when in self.effects.get(kind, [])
        }
        return {key: when for key, when in found.items() if when is not None}

    @cached_property
    def waits(self) -> dict[str, tuple[Wait, ...]]:
        """The dates that each step is expected on."""
        return {
            str(p.select("[data-id]")[0]["data-id"]): tuple(
                self.words.wait(wait) for wait in p.find_next_siblings("p", class_="wait__length")
            )
            for _, p, _ in self.effects.get("steps", [])
        }

    @cached_property
    def calendar(self) -> Calendar:
        """The working days."""
        stated = {self.words.calendar(tag) for tag in self.pages["rules"].select(".working-days")}
        if len(stated) > 1:
            raise PagesError(f"working days are not the same everywhere: {stated}")
        return stated.pop() if stated else Calendar(frozenset(), frozenset(), None)

    @cached_property
    def figures(self) -> list[int]:
        """Every number of days that a condition or the table names."""
        whens = [
            *(when for _, _, when in self.rules),
            *(when for _, when in self.grants),
            *self.conditions.values(),
        ]
        tests = [test for when in whens for way in when for test in way.tests]
        tests += [test for line in self.lines for test in line.tests]
        return sorted({days for test in tests for _, days in test.figures})
