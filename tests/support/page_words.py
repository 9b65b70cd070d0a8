"""A reader of pages: ids from attributes, figures and conditions from the visible text.

The few sentences of `GRAMMAR` are the reader's own English. What they do not cover cannot be read, and is objected to.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bs4 import BeautifulSoup, Tag

UNKNOWN = "unknown"

ID = r"⟦([\w.]+)⟧"
"""Pattern of a name in a text: `⟦id⟧` replaces its words."""
IDS = rf"{ID}(?:, {ID})*(?: or {ID})?"
LENGTH = r"\d+ days?"
LENGTHS = rf"(?:{LENGTH}|{LENGTH} for {ID}(?:, {LENGTH} for {ID})*(?: or {LENGTH} for {ID})?)"
GRAMMAR = {
    "outcome": rf"Only when the answer is: (?P<outcomes>{IDS})\.",
    "granted": rf"Only where this is granted: (?P<granted>{IDS})\.",
    "not granted": rf"Only where this is not granted: (?P<granted>{IDS})\.",
    "only": rf"Only for: (?P<answers>{IDS})\.",
    "except": rf"Except: (?P<answers>{IDS})\.",
    "only answer": rf"Only with the answer (?P<answers>{IDS}) to “{ID}”\.",
    "except answer": rf"Except with the answer (?P<answers>{IDS}) to “{ID}”\.",
    "within": rf"Only when the answer to “(?P<question>{ID})” is a day no longer ago than (?P<length>{LENGTHS})\.",
    "longer": rf"Only when the answer to “(?P<question>{ID})” is a day longer ago than (?P<length>{LENGTHS})\.",
}
DAY_RANGES: dict[str, Callable[..., tuple[int, int | None]]] = {
    r"the same day": lambda: (0, 0),
    r"any day": lambda: (0, None),
    r"(\d+) days? ago": lambda day: (day, day),
    r"(\d+)–(\d+) days ago": lambda least, most: (least, most),
    r"up to (\d+) days? ago": lambda most: (0, most),
    r"more than (\d+) days? ago": lambda most: (most + 1, None),
}

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
class Row:
    cells: Mapping[str, Callable[[str | int], bool]]
    outcome: str
    clauses: tuple[str, ...]


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
        for hidden in copy.select(".decisions__label"):
            hidden.decompose()
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
            matched(re.escape("One of these is enough:"), text(lines[0]))
            assert isinstance(several, Tag)
            return tuple(self._way(li) for li in several.find_all("li", recursive=False))
        return ALWAYS if text(lines[0]) == "In every case." else (self._way(lines[0]),)

    def _way(self, line: Tag) -> Way:
        outcomes: frozenset[str] = frozenset()
        grants, tests = [], []
        for sentence in re.split(r"(?<=\.) (?=Only|Except)", self.read(line)):
            read = ((kind, found) for kind, pattern in GRAMMAR.items() if (found := re.fullmatch(pattern, sentence)))
            kind, found = next(read, ("", None))
            if found is None:
                raise PagesError(f"cannot be read: {sentence}")
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
        lengths = {id_ or None: int(days) for days, id_ in re.findall(rf"(\d+) days?(?: for {ID})?", found["length"])}

        def compared(answer: str | int, case: Case) -> bool:
            if isinstance(answer, str):
                return False
            [days] = [
                days for id_, days in lengths.items() if id_ is None or case[id_.split(".")[0]] == id_.split(".")[1]
            ]
            return answer <= days if kind == "within" else answer > days

        return Comparison(question, compared, frozenset(lengths.items()))

    def cell(self, question: str, td: Tag) -> Callable[[str | int], bool]:
        text = self.read(td)
        if text == "any answer":
            return lambda answer: True
        choices: set[str] = set()
        day_ranges: list[tuple[int, int | None]] = []
        for part in re.split(r", | or ", text):
            if match := re.fullmatch(ID, part):
                named, _, choice = match[1].partition(".")
                assert named == question
                choices.add(choice)
            else:
                day_ranges.append(_day_range(part))
        return lambda answer: (
            answer in choices
            if isinstance(answer, str)
            else any(least <= answer and (most is None or answer <= most) for least, most in day_ranges)
        )

    def wait(self, p: Tag) -> Wait:
        length, counted = (self.read(element) for element in p.find_all("span", recursive=False))
        match = matched(r"Within (\d+)(?:–(\d+))?( working)? days?", length)
        after = matched(rf"Counted from the day of “{ID}”", counted)[1]
        least, most = int(match[1]), int(match[2] or match[1])
        return Wait(str(p["data-id"]), least, most, bool(match[3]), after)

    def calendar(self, stated: Tag) -> Calendar:
        weekdays, *holidays = [self.read(line) for line in stated.find_all("p", class_="quiet", recursive=False)]
        known = [matched(r".+They are known until (.+)\.", line)[1] for line in holidays]
        days = frozenset(re.findall(ID, matched(r"Working days are (.+)\.", weekdays)[1]))
        exceptions = frozenset(day(text(li)) for li in stated.select("li"))
        return Calendar(days, exceptions, day(known[0]) if known else None)


def article(html: str) -> Tag:
    page = BeautifulSoup(html, "html.parser")
    article = page.select_one("article")
    return article if isinstance(article, Tag) else page


def text(tag: Any) -> str:
    return " ".join(tag.get_text().split())


def matched(pattern: str, text: str) -> re.Match[str]:
    match = re.fullmatch(pattern, text)
    if not match:
        raise PagesError(f"cannot be read: {text}")
    return match


def day(text: str) -> date:
    return datetime.strptime(text, "%d %B %Y").date()


def _day_range(text: str) -> tuple[int, int | None]:
    for pattern, element in DAY_RANGES.items():
        if match := re.fullmatch(pattern, text):
            return element(*map(int, match.groups()))
    raise PagesError(f"cannot be read: {text}")
