"""A reader of the windows that pages draw, and their differences from those of the oracle that goes day by day."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product

from bs4 import Tag

from tests.support.day_by_day import Case, DayByDay
from tests.support.page_words import ALWAYS, ID, PagesError, When, Words, article, matched


@dataclass(frozen=True)
class Window:
    """A window as a reader understands it: its length, the answers of its label, and its conditions."""

    days: int
    end: float
    """The end of its bar, in percent."""
    label: Mapping[str, frozenset[str]]
    ends: frozenset[str]
    """The ends that the label names; empty where it names none."""
    when: When

    def fits(self, case: Case) -> bool:
        labelled = all(case[question] in choices for question, choices in self.label.items())
        return labelled and any(way.holds(case, None) for way in self.when)


class WindowReader:
    """A reader of the windows of the policy page and of the home page."""

    def __init__(self, html: Mapping[str, str]) -> None:
        self.words = Words()
        policy, home = article(html["policy"]), article(html["index"])
        self.clauses = {str(h3["id"]): self.windows(h3.find_next_sibling("div")) for h3 in policy.select("h3[id]")}
        self.cards = [
            (str(card.select("a[href*='#']")[0]["href"]).partition("#")[2], self.windows(card))
            for card in home.select(".card")
        ]
        drawn = [*chain(*(own for clause in self.clauses.values() for own in clause.values()))]
        drawn += chain(*(own for _, card in self.cards for own in card.values()))
        day = 100 / (max((window.days for window in drawn), default=0) + 1)
        for window in drawn:
            if not window.days < window.end / day <= window.days + 1.01:
                raise PagesError(f"{window.days} days are drawn as {window.end / day}")

    def windows(self, part: object) -> dict[str, list[Window]]:
        """The windows in a part of a page, by the date that they are counted from."""
        assert isinstance(part, Tag)
        found: dict[str, list[Window]] = {}
        for figure in part.select("figure.windows"):
            if figure.figcaption and str(figure["data-question"]) not in re.findall(
                ID, self.words.read(figure.figcaption)
            ):
                raise PagesError(f"the windows of {figure['data-question']} are counted from another day")
            windows = [self._window(div) for div in figure.select(".window")]
            found.setdefault(str(figure["data-question"]), []).extend(windows)
        return found

    def _window(self, div: Tag) -> Window:
        assert isinstance(div.p, Tag)
        label = self.words.read(div.p)
        days = int(matched(r"(\d+) days?\b.*", label)[1])
        bar = div.select("rect")
        if days != int(str(div["data-days"])) or len(bar) not in (1, days):
            raise PagesError(f"{label}: {div['data-days']} days are drawn in {len(bar)} blocks")
        end = sum(float(str(bar[-1][side]).rstrip("%")) for side in ("x", "width"))
        answers: dict[str, set[str]] = {}
        for question, _, choice in (id_.partition(".") for id_ in re.findall(ID, label.partition(":")[0])):
            answers.setdefault(question, set()).add(choice)
        choices = {question: frozenset(ids) for question, ids in answers.items()}
        ends = frozenset(re.findall(ID, label.partition(":")[2]))
        return Window(days, end, choices, ends, self.words.when(div) or ALWAYS)


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
    """The differences on the policy page and on the cards of the home page."""
    reader = WindowReader(html)
    assert {*reader.clauses} == {*oracle.tree["clauses"]}
    parts = [*reader.clauses.items(), *reader.cards]
    return [line for clause, windows in parts for line in differences(oracle, clause, windows)]
