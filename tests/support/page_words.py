"""A reader of pages: ids from attributes, figures and conditions from the visible text.

`GRAMMAR` has the sentences of the catalogue. What they do not cover cannot be read, and is objected to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bs4 import BeautifulSoup, Tag

from checker.messages import TRADE
from tests.support.words import MESSAGES, say

UNKNOWN = "unknown"

ID = r"⟦([\w.]+)⟧"
"""Pattern of a name in a text: `⟦id⟧` replaces its words."""


def pattern(key: str, **parts: str) -> str:
    """The pattern of a sentence of the catalogue, from one for each of its parts; words of the trade may be any."""
    parts = {**{word: ".+" for each in TRADE for word in (each, each.capitalize())}, **parts}
    marks = {name: f"PART{place}END" for place, name in enumerate(parts)}
    forms = {re.escape(form.format_map(marks)) for form in MESSAGES.forms(key)}
    either = f"(?:{'|'.join(sorted(forms))})"
    return re.sub(r"PART(\d+)END", lambda mark: [*parts.values()][int(mark[1])], either)


AND, OR = re.escape(say("list.and")), re.escape(say("list.or"))
IDS = rf"{ID}(?:, {ID})*(?: {OR} {ID})?"
LENGTH = pattern("duration.day", figure=r"\d+")
LENGTH_FOR = pattern("pages.length_for", length=LENGTH, choice=ID)
LENGTHS = rf"(?:{LENGTH}|{LENGTH_FOR}(?:, {LENGTH_FOR})*(?: {OR} {LENGTH_FOR})?)"
GRAMMAR = {
    "outcome": pattern("pages.outcomes", outcomes=rf"(?P<outcomes>{IDS})"),
    "granted": pattern("pages.granted", things=rf"(?P<granted>{IDS})"),
    "not granted": pattern("pages.not_granted", things=rf"(?P<granted>{IDS})"),
    "only": pattern("pages.only", answers=rf"(?P<answers>{IDS})"),
    "except": pattern("pages.except", answers=rf"(?P<answers>{IDS})"),
    "only answer": pattern("pages.only_answer", answers=rf"(?P<answers>{IDS})", question=ID),
    "except answer": pattern("pages.except_answer", answers=rf"(?P<answers>{IDS})", question=ID),
    "within": pattern("pages.within", question=rf"(?P<question>{ID})", length=rf"(?P<length>{LENGTHS})"),
    "longer": pattern("pages.longer_ago", question=rf"(?P<question>{ID})", length=rf"(?P<length>{LENGTHS})"),
}
DAYS_AGO = {"longer": pattern("days_ago.over", count=r"(\d+)"), "within": pattern("days_ago.up_to", count=r"(\d+)")}

type Case = Mapping[str, str | int]
"""For each closed question a choice, or the days that a date lies back."""


class PagesError(AssertionError):
    """The pages cannot be read, or say two different things."""


@dataclass(frozen=True)
class Comparison:
    """One sentence of a condition."""

    question: str
    holds: Callable[[str | int, Case], bool]
    figures: frozenset[tuple[str | None, int]] = frozenset()
    """The lengths of time in it, each with the answer that it is for."""


@dataclass(frozen=True)
class Way:
    """One way in which a condition holds: under one of the outcomes, if any are named, and with all tests passed."""

    outcomes: frozenset[str]
    tests: tuple[Comparison, ...]
    grants: tuple[tuple[bool, frozenset[str]], ...] = ()
    """Whether it takes one of these remedies and costs, or none of them."""

    def holds(self, case: Case, outcome: str | None, granted: Collection[str] = ()) -> bool:
        if self.outcomes and outcome not in self.outcomes:
            return False
        if any(ids.isdisjoint(granted) == needed for needed, ids in self.grants):
            return False
        return self.fits(case)

    def fits(self, case: Case) -> bool:
        """Whether all tests of answers are passed."""
        return all(test.holds(case[test.question], case) for test in self.tests)


type When = tuple[Way, ...]
ALWAYS: When = (Way(frozenset(), ()),)


@dataclass(frozen=True)
class Line:
    """A line of the table of outcomes."""

    tests: tuple[Comparison, ...]
    outcome: str
    clauses: tuple[str, ...]

    def fits(self, case: Case) -> bool:
        return all(test.holds(case[test.question], case) for test in self.tests)


@dataclass(frozen=True)
class Wait:
    name: str
    least: int
    most: int
    working: bool
    after: str


@dataclass(frozen=True)
class Calendar:
    weekdays: frozenset[str]
    exceptions: frozenset[date]
    """The days that are not what their day of the week is."""
    last: date | None
    """The last day of which that is known; None where it is always known."""

    def counts(self, day: date) -> bool | None:
        """Whether a day is a working day; None where nobody knows."""
        if self.last and day > self.last:
            return None
        return (f"{day:%A}".lower() in self.weekdays) != (day in self.exceptions)


class Words:
    """Reads parts of pages, and remembers what things are called on all of them."""

    def __init__(self) -> None:
        self.named: dict[str, str] = {}
        """Answers and outcomes by id, as customers read them."""

    def read(self, tag: Tag) -> str:
        """The text of a part of a page, with what names something as ⟦its id⟧."""
        copy = BeautifulSoup(str(tag), "html.parser")
        for named in copy.select("[data-id]"):
            if named.find_parent(attrs={"data-id": True}) or named.name != "span":
                continue
            self.name(str(named["data-id"]), text(named))
            named.replace_with(f"⟦{named['data-id']}⟧")
        return text(copy)

    def name(self, id_: str, text: str) -> None:
        """An answer has one name on all pages, and no other answer has it."""
        title = text.strip("“”")
        if self.named.setdefault(id_, title) != title:
            raise PagesError(f"{id_} is called {title!r} and {self.named[id_]!r}")
        question = id_.partition(".")[0]
        if [other for other in self.named if other.startswith(f"{question}.") and self.named[other] == title] > [id_]:
            raise PagesError(f"two answers are called {title!r}")

    def outcome(self, badge: Tag) -> str:
        self.name(str(badge["data-id"]), text(badge))
        return str(badge["data-id"])

    def when(self, of: Tag) -> When | None:
        """The condition that stands below something; None where none stands there."""
        lines = of.find_all("p", class_="cases", recursive=False)
        if not lines:
            return None
        if (several := of.find("ul", class_="cases__any", recursive=False)) is not None:
            matched(pattern("pages.any_case"), text(lines[0]))
            assert isinstance(several, Tag)
            return tuple(self._way(li) for li in several.find_all("li", recursive=False))
        return ALWAYS if text(lines[0]) == say("pages.every_case") else (self._way(lines[0]),)

    def _way(self, line: Tag) -> Way:
        outcomes: frozenset[str] = frozenset()
        grants, tests = [], []
        rest = self.read(line)
        while rest:
            read = ((kind, found) for kind, one in GRAMMAR.items() if (found := re.match(rf"{one}(?: |$)", rest)))
            kind, found = next(read, ("", None))
            if found is None:
                raise PagesError(f"cannot be read: {rest}")
            rest = rest[found.end() :]
            if kind == "outcome":
                outcomes = frozenset(re.findall(ID, found["outcomes"]))
            elif kind.endswith("granted"):
                grants.append((kind == "granted", frozenset(re.findall(ID, found["granted"]))))
            else:
                tests.append(self._test(kind, found))
        return Way(outcomes, tuple(tests), tuple(grants))

    def _one_of(self, answers: str, *, positive: bool) -> Comparison:
        ids = [id_.split(".") for id_ in re.findall(ID, answers)]
        [question], choices = {question for question, _ in ids}, {choice for _, choice in ids}
        return Comparison(question, lambda answer, _: (answer in choices) == positive)

    def _test(self, kind: str, found: re.Match[str]) -> Comparison:
        if "answers" in found.groupdict():
            return self._one_of(found["answers"], positive=kind.startswith("only"))
        [question] = re.findall(ID, found["question"])
        alone, several = re.fullmatch(LENGTH, found["length"]), re.finditer(LENGTH_FOR, found["length"])
        lengths: dict[str | None, int] = {one[1]: _figure(one[0]) for one in several}
        return _days_test(question, kind, {None: _figure(alone[0])} if alone else lengths)

    def case(self, line: Tag) -> tuple[Comparison, ...]:
        """The tests of a line of the table of outcomes; none if it fits every case."""
        stated = line.select("p[data-question]")
        if not stated:
            matched(pattern("outcomes.any_case"), text(line.p))
        return tuple(self._answers(str(p["data-question"]), p.select(".case__answer")) for p in stated)

    def _answers(self, question: str, answers: list[Tag]) -> Comparison:
        """The test of some answers, or of days that depend on another answer."""
        read = [self.read(answer) for answer in answers]
        any_but = re.fullmatch(pattern("outcomes.any_but", answers=rf"({IDS})"), read[0])
        if any_but or re.fullmatch(IDS, read[0]):
            [stated] = read
            test = self._one_of(any_but[1] if any_but else stated, positive=not any_but)
            if test.question != question:
                raise PagesError(f"{stated} are answers to {test.question}, not to {question}")
            return test
        for kind, days in DAYS_AGO.items():
            alone = re.fullmatch(days, read[0])
            if alone and len(read) == 1:
                return _days_test(question, kind, {None: _figure(read[0])})
            for_choice = pattern(
                "outcomes.days_for", days=f"(?P<days>{days})", choices=f"(?P<choices>{ID}(?:, {ID})*(?: {AND} {ID})?)"
            )
            each = [found for one in read if (found := re.fullmatch(for_choice, one))]
            if len(each) == len(read):
                return _days_test(
                    question,
                    kind,
                    {id_: _figure(one["days"]) for one in each for id_ in re.findall(ID, one["choices"])},
                )
        raise PagesError(f"cannot be read: {read}")

    def wait(self, p: Tag) -> Wait:
        length, counted = (self.read(element) for element in p.find_all("span", recursive=False))
        after = matched(pattern("pages.expect_from", question=ID), counted)[1]
        for unit in ("day", "working_day"):
            figure = pattern(f"duration.{unit}", figure=r"(\d+)(?:–(\d+))?")
            if match := re.fullmatch(pattern("pages.expect", length=figure), length):
                least, *most = [int(group) for group in match.groups() if group]
                return Wait(str(p["data-id"]), least, most[0] if most else least, unit == "working_day", after)
        raise PagesError(f"cannot be read: {length}")

    def calendar(self, stated: Tag) -> Calendar:
        [weekdays], holidays = stated.select(".weekdays"), stated.select(".holidays")
        country = pattern("holidays.left_out", country="(.+)", last="(.+)")
        known = [matched(country, text(line))[2] for line in holidays]
        days = frozenset(re.findall(ID, matched(pattern("rules.working_days", days="(.+)"), self.read(weekdays))[1]))
        exceptions = frozenset(day(text(li)) for li in stated.select("li"))
        return Calendar(days, exceptions, day(known[0]) if known else None)


def article(html: str) -> Tag:
    page = BeautifulSoup(html, "html.parser")
    main = page.select_one("main")
    return main if isinstance(main, Tag) else page


def text(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def matched(pattern: str, text: str) -> re.Match[str]:
    match = re.fullmatch(pattern, text)
    if not match:
        raise PagesError(f"cannot be read: {text}")
    return match


def day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


def _figure(text: str) -> int:
    [figure] = re.findall(r"\d+", re.sub(ID, "", text))
    return int(figure)


def _days_test(question: str, kind: str, lengths: Mapping[str | None, int]) -> Comparison:
    """Compares days with a length of time, which may depend on an answer: each length with the id of that answer."""

    def compared(answer: str | int, case: Case) -> bool:
        if isinstance(answer, str):
            return False
        [days] = [days for id_, days in lengths.items() if id_ is None or case[id_.split(".")[0]] == id_.split(".")[1]]
        return answer <= days if kind == "within" else answer > days

    return Comparison(question, compared, frozenset(lengths.items()))
