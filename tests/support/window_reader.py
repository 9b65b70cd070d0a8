"""A reader of the windows that pages name, and their differences from those of the oracle that goes day by day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from bs4 import Tag

from tests.support.day_by_day import Case, DayByDay
from tests.support.page_words import ALWAYS, ID, PagesError, When, Words, article, matched, pattern, text


@dataclass(frozen=True)
class Window:
    """A window as a reader understands it: its length, the answers of its label, and its conditions."""

    days: int
    label: Mapping[str, frozenset[str]]
    ends: frozenset[str]
    """The ends that it names; empty where it names none."""
    when: When

    def fits(self, case: Case) -> bool:
        labelled = all(case[question] in choices for question, choices in self.label.items())
        return labelled and any(way.holds(case, None) for way in self.when)


class WindowReader:
    """A reader of the windows of the home page, the policy, the outcomes and the rules."""

    def __init__(self, html: Mapping[str, str]) -> None:
        self.words = Words()
        pages = {name: article(html[name]) for name in ("index", "policy", "cases", "rules")}
        self.clauses = {str(part["id"]) for part in pages["policy"].select("section.clause[id]")}
        self.pages = {name: self.windows(page) for name, page in pages.items()}

    def windows(self, page: Tag) -> dict[str, dict[str, list[Window]]]:
        """The windows on a page, by clause and by the date that they are counted from."""
        found: dict[str, dict[str, list[Window]]] = {}
        for drawn in page.select(".windows"):
            windows = [self._window(div) for div in drawn.select(".window")]
            found.setdefault(str(drawn["data-clause"]), {})[str(drawn["data-question"])] = windows
        return found

    def _window(self, div: Tag) -> Window:
        assert isinstance(div.p, Tag)
        [figure] = div.p.select(".figure")
        [days] = map(int, re.findall(r"\d+", matched(pattern("duration.day", figure=r"\d+"), text(figure))[0]))
        label = self.words.read(div.p)
        if days != int(str(div["data-days"])) or not label.startswith(text(figure)):
            raise PagesError(f"{label}: {div['data-days']} days are said to be {days}")
        answers: dict[str, set[str]] = {}
        for question, _, choice in (id_.partition(".") for id_ in re.findall(ID, label)):
            answers.setdefault(question, set()).add(choice)
        choices = {question: frozenset(ids) for question, ids in answers.items()}
        ends = [id_ for stated in div.select(".window__ends") for id_ in re.findall(ID, self.words.read(stated))]
        return Window(days, choices, frozenset(ends), self.words.when(div) or ALWAYS)


def cases(oracle: DayByDay, question: str) -> Iterator[Case]:
    """Every case without the question's date: the other dates are at every length, and on the day after it."""
    days = sorted({0, *(length + off for length in oracle.compared for off in (0, 1))})
    domains = [
        [0] if name == question else [*choices, *(days if name in oracle.dates else ())]
        for name, choices in oracle.choices.items()
    ]
    yield from (dict(zip(oracle.choices, values, strict=True)) for values in product(*domains))


def differences(oracle: DayByDay, clause: str, windows: Mapping[str, list[Window]]) -> Iterator[str]:
    """The differences between the windows that are drawn for a clause and those of the oracle."""
    for question in oracle.dates:
        own = windows.get(question, [])
        ends: list[set[str]] = [set() for _ in own]
        for case in cases(oracle, question):
            decided = oracle.windows(clause, question, case)
            fitting = [n for n, window in enumerate(own) if window.fits({**case, question: window.days})]
            drawn = {own[n].days for n in fitting}
            if decided and drawn != decided.keys():
                yield f"{clause}: {drawn} drawn, {decided} decided: {case}"
            for days in drawn - decided.keys():
                if not oracle.asks_for(clause, question, case, days):
                    yield f"{clause}: {days} drawn for {case}, whose answers its rules and grants do not ask for"
            for n in fitting:
                ends[n] |= decided.get(own[n].days, set())
        for n, window in enumerate(own):
            if not ends[n]:
                yield f"{clause}: {window.days} drawn, and nothing ends"
            if window.ends != ends[n] and (window.ends or any(other.isdisjoint(ends[n]) for other in ends)):
                yield f"{clause}: {window.days} drawn for the end of {window.ends}, {ends[n]} ends"


def all_differences(oracle: DayByDay, html: Mapping[str, str]) -> list[str]:
    """The differences on each of the pages that name windows."""
    reader = WindowReader(html)
    assert reader.clauses == {*oracle.tree["clauses"]}
    return [
        line
        for page in reader.pages.values()
        for clause in reader.clauses
        for line in differences(oracle, clause, page.get(clause, {}))
    ]
