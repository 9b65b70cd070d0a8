"""A reader of the site, who knows the pages and nothing else, and says what the checker must answer.

It imports nothing of the product. It objects to pages that it cannot read or that contradict each other.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cached_property
from typing import Any

from tests.support.page_words import UNKNOWN, Case, PagesError, When
from tests.support.site_pages import Pages


@dataclass
class Facts:
    """The statements of the pages about one case without open questions."""

    outcome: str
    rules: frozenset[int]
    """The rules that hold, by their places on the pages."""
    provided: set[tuple[str, str]] = field(default_factory=set)
    """All else that holds, by kind and id."""
    payer: str | None = None


class Reader:
    """The reader of one site."""

    def __init__(self, page: Callable[[str], str]) -> None:
        """Takes what gives the HTML of a page by its name."""
        self.pages = Pages(page)
        self._memo: dict[tuple[str | int, ...], Facts] = {}
        self._ends: dict[tuple[tuple[str, str | int], ...], tuple[int, str] | None] = {}

    # ---- what they say of a case

    def facts(self, case: Case) -> Facts:
        """All that the pages say of a case; PagesError where they contradict each other."""
        key = tuple(case.values())
        if key not in self._memo:
            self._memo[key] = self._facts(case)
        return self._memo[key]

    def _facts(self, case: Case) -> Facts:
        lines = [line for line in self.pages.lines if line.fits(case)]
        if not lines:
            raise PagesError(f"{case}: no line of the table fits")
        outcome = lines[0].outcome
        clauses: dict[str, list[str]] = {}
        rules = [
            place for place, (*_, when) in enumerate(self.pages.rules) if any(way.holds(case, None) for way in when)
        ]
        for clause, asked_for, _ in map(self.pages.rules.__getitem__, rules):
            clauses.setdefault(asked_for, []).append(clause)
        strongest = next((each for each in self.pages.outcomes if each in clauses), None)
        if outcome != strongest:
            raise PagesError(f"{case}: the table says {outcome}, the clauses say {strongest}")
        for line in lines:
            if not {*line.clauses} & {*clauses.get(line.outcome, ())}:
                raise PagesError(f"{case}: the table names {line.clauses}, the clauses are {clauses}")
        named = {clause for line in lines if line.outcome == outcome for clause in line.clauses}
        if not named >= {*clauses[outcome]}:
            raise PagesError(f"{case}: the table names {named} alone, the clauses are {clauses[outcome]}")

        def holding(when: When) -> bool:
            return any(way.holds(case, outcome, granted) for way in when)

        granted: set[str] = set()
        given = {id_ for ids, when in self.pages.grants if holding(when) for id_ in ids}
        remedies = {id_ for id_ in given if id_.startswith("remedies.")}
        costs = sorted(given - remedies, key=(self.pages.costs or [*given]).index)[:1]
        granted |= remedies.union(costs)
        granted |= {f"{id_.partition('.')[0]}.any" for id_ in granted}
        provided = {key for key, when in self.pages.conditions.items() if holding(when)}
        provided |= {("remedies", id_.removeprefix("remedies.")) for id_ in remedies}
        return Facts(outcome, frozenset(rules), provided, costs[0].removeprefix("costs.") if costs else None)

    # ---- what they say to a customer

    def predicted(self, answers: Mapping[str, Any], today: date) -> dict[str, Any]:
        """The verdict on some answers, of which closed ones may be unknown or missing, under the keys of its JSON."""
        completions = [*self.completions(answers, today)]
        facts = [self.facts(case) for case in completions]
        possible = [each for each in self.pages.outcomes if any(fact.outcome == each for fact in facts)]
        certain, maybe = (
            set.intersection(*(fact.provided for fact in facts)),
            set.union(*(fact.provided for fact in facts)),
        )
        outcome = possible[0] if len(possible) == 1 else None
        payers = {fact.payer for fact in facts}
        costs = payers.pop() if len(payers) == 1 else None
        remedies = sorted(id_ for kind, id_ in certain if kind == "remedies")
        steps = sorted(id_ for kind, id_ in certain if kind == "steps")
        items = [id_ for kind, id_ in self.pages.conditions if kind == "proof"]
        needed = [id_ for id_ in items if ("proof", id_) in certain]
        perhaps = [id_ for id_ in items if ("proof", id_) in maybe and id_ not in needed]
        had = next((answer for answer in answers.values() if isinstance(answer, list)), [])
        return {
            "outcome": outcome,
            "possible": possible,
            "open": [] if outcome else [*self._open(answers, completions)],
            **self._cited(outcome, facts),
            "deadlines": self._deadlines(answers, completions, today),
            "grants": {"remedies": remedies, "costs": costs} if remedies or costs else {},
            "dates": self._dates(steps, answers, today),
            "proof": {
                "needed": needed,
                "provided": [id_ for id_ in (*needed, *perhaps) if id_ in had],
                "missing": [id_ for id_ in needed if id_ not in had],
                "possible": perhaps,
            },
            "steps": steps,
            "reminders": sorted(id_ for kind, id_ in certain if kind == "reminders"),
            "interpretations": sorted(id_ for kind, id_ in certain if kind == "interpretations"),
            "estimates": dict(self._estimates(sorted(id_ for kind, id_ in certain if kind == "estimates"), answers)),
        }

    def completions(self, answers: Mapping[str, Any], today: date) -> Iterator[dict[str, str | int]]:
        """Every case that the answers leave possible."""
        domains: dict[str, Sequence[str | int]] = {}
        for name, choices in self.pages.asked.items():
            answer = answers.get(name, UNKNOWN)
            if answer == UNKNOWN:
                domains[name] = [*choices, *(self.days if name in self.pages.counted else ())]
            elif answer in choices:
                domains[name] = [answer]
            else:
                domains[name] = [
                    (self._day(self.pages.counted[name], answers, today) - date.fromisoformat(answer)).days
                ]
        return (dict(zip(domains, case, strict=True)) for case in itertools.product(*domains.values()))

    @cached_property
    def days(self) -> list[int]:
        """Numbers of days that stand for all: each figure, and the day after it."""
        return sorted({0, *self.pages.figures, *(days + 1 for days in self.pages.figures)})

    def _day(self, question: str, answers: Mapping[str, Any], today: date) -> date:
        return date.fromisoformat(answers[question]) if question in answers else today

    def _open(self, answers: Mapping[str, Any], completions: Sequence[Case]) -> Iterator[str]:
        """The questions without an answer on which the outcome depends."""
        for name in self.pages.asked:
            if answers.get(name, UNKNOWN) != UNKNOWN:
                continue
            ends: dict[tuple[str | int, ...], set[str]] = {}
            for case in completions:
                rest = tuple(answer for each, answer in case.items() if each != name)
                ends.setdefault(rest, set()).add(self.facts(case).outcome)
            if any(len(found) > 1 for found in ends.values()):
                yield name

    def _cited(self, outcome: str | None, facts: Sequence[Facts]) -> dict[str, Any]:
        """The clauses of rules that decide; of those that hold too; of those that are stronger and do not hold."""
        if outcome is None:
            return {"reasons": [], "other_matches": [], "ruled_out": []}

        def asking(rules: frozenset[int]) -> set[tuple[str, str]]:
            return {self.pages.rules[place][:2] for place in rules}

        always = asking(frozenset.intersection(*(fact.rules for fact in facts)))
        some = asking(frozenset.union(*(fact.rules for fact in facts)))
        reasons = sorted(clause for clause, o in always if o == outcome)
        at = self.pages.outcomes.index(outcome)
        return {
            "reasons": reasons or sorted(clause for clause, o in some if o == outcome),
            "other_matches": sorted((clause, o) for clause, o in always if o in self.pages.outcomes[at + 1 :]),
            "ruled_out": sorted({(clause, o) for clause, o, _ in self.pages.rules if o in self.pages.outcomes[:at]}),
        }

    def _deadlines(self, answers: Mapping[str, Any], completions: Sequence[Case], today: date) -> list[Any]:
        """The last days that are possible; none where they hang on a date that is open."""
        given = {name: answers.get(name, UNKNOWN) for name in self.pages.counted}
        dates = [name for name, answer in given.items() if answer not in (UNKNOWN, *self.pages.asked[name])]
        if not dates or UNKNOWN in given.values():
            return []
        acting = self._day(self.pages.counted[dates[0]], answers, today)
        ends = {end for case in completions if (end := self._deadline(dates, case))}
        return sorted(
            ((acting + timedelta(last)).isoformat(), last if last >= 0 else None, then) for last, then in ends
        )

    def _deadline(self, dates: Sequence[str], case: Case) -> tuple[int, str] | None:
        """The last day of the one outcome that is not bad, counted from the day of acting, and the outcome after it."""
        key = tuple(case.items())
        if key not in self._ends:
            passed = {name: int(case[name]) for name in dates}
            starts = {day - days for days in passed.values() for day in (0, *self.days)}
            days = sorted(day for day in starts if day >= -min(passed.values()))
            outcomes = [self.facts({**case, **{name: passed[name] + day for name in dates}}).outcome for day in days]
            good = [n for n, outcome in enumerate(outcomes) if self.pages.tones[outcome]]
            now = sum(day <= 0 for day in days) - 1
            one = len({outcomes[n] for n in good}) == 1 and good[-1] + 1 < len(days)
            ends = one and all(n in good for n in range(now, good[-1] + 1))
            self._ends[key] = (days[good[-1] + 1] - 1, outcomes[good[-1] + 1]) if ends else None
        return self._ends[key]

    def _dates(self, steps: Iterable[str], answers: Mapping[str, Any], today: date) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for wait in (wait for step in steps for wait in self.pages.waits[step]):
            given = answers.get(wait.after, UNKNOWN)
            if wait.after in self.pages.asked and given in (UNKNOWN, *self.pages.asked[wait.after]):
                continue
            start = self._day(wait.after, answers, today)
            days = [self._after(start, length, wait.working) for length in (wait.least, wait.most)]
            if all(days):
                found[wait.name] = [day.isoformat() for day in days if day]
        return found

    def _after(self, day: date, length: int, working: bool) -> date | None:
        while length:
            day += timedelta(1)
            counts = self.pages.calendar.counts(day) if working else True
            if counts is None:
                return None
            length -= counts
        return day

    def _estimates(self, names: Iterable[str], answers: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
        for name in names:
            given = [answers.get(question) for question in self.pages.shares[name]]
            if all(given):
                of, that, whole = (
                    sum(map(Decimal, each if isinstance(each, list) else [each]), Decimal()) for each in given
                )
                yield name, str((of * that / whole).quantize(Decimal("0.01"), ROUND_HALF_UP))
