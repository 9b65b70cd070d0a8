"""An interpreter of policy.yaml that goes day by day. It imports nothing of the product.

A case gives each closed question a choice, or for a date the number of days from it to the day of acting. What holds
some days later is what holds with all these numbers greater by so many.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

type Case = Mapping[str, str | int]
type Source = tuple[str, str, str, int]
"""A rule, grant or item: what it gives, by kind and id, then its clause and its number there."""

KINDS = ("outcome", "remedies", "costs", "proof", "steps", "estimates")
"""All that is decided, in the order in which a sentence names what differs."""
ITEMS = ("proof", "steps", "estimates")
NOTES = ("reminders", "interpretations")
COMPARISONS = ("within", "longer ago than")
TONES = ("bad", "neutral", "good")


@dataclass(frozen=True)
class Day:
    """The decisions of a day, by kind. Outcome and costs are one id, or none."""

    outcome: tuple[str, ...]
    costs: tuple[str, ...]
    remedies: tuple[str, ...]
    proof: tuple[str, ...]
    steps: tuple[str, ...]
    estimates: tuple[str, ...]
    holding: frozenset[Source]
    """All that holds, whether it counts or not."""

    @cached_property
    def decision(self) -> tuple[tuple[str, ...], ...]:
        return tuple(getattr(self, kind) for kind in KINDS)


@dataclass(frozen=True)
class Stretch:
    """Days on which the same is decided: the first and the last, counted from the day of acting; None for no end."""

    first: int
    last: int | None
    day: Day
    """The decisions of the first of them, and so of all of them."""
    end: Day
    """The same on the last of them: by other rules, perhaps."""


class DayByDay:
    """One policy."""

    def __init__(self, tree: Any) -> None:
        """Takes the YAML data of its file, in which all is text."""
        self.tree = tree
        questions = self.tree["questions"]
        self.dates = {name: question["counted to"] for name, question in questions.items() if "counted to" in question}
        self.choices = {
            name: [*question.get("choices", {}), *question.get("or", {})]
            for name, question in questions.items()
            if "choices" in question or name in self.dates
        }
        self.compared = sorted({days for name in _compared(self.tree) for days in self._lengths(name).values()})
        self.longest = max(self.compared, default=0)
        self._days: dict[tuple[str | int, ...], Day] = {}

    @classmethod
    def of(cls, file: Path) -> DayByDay:
        return cls(yaml.load(file.read_text(encoding="utf-8"), yaml.BaseLoader))

    # ---- one case on one day

    def day(self, case: Case) -> Day:
        """The decisions in a case. A number of days counts only by the lengths that it is greater than."""
        key = tuple(
            case[name] if isinstance(case[name], str) else sum(int(case[name]) > days for days in self.compared)
            for name in self.choices
        )
        if key not in self._days:
            self._days[key] = self._day(case)
        return self._days[key]

    def _day(self, case: Case) -> Day:
        rules = frozenset(self._sources("rules", "outcome", case))
        asked_for = {outcome for _, outcome, *_ in rules}
        known: dict[str, Any] = dict(case) | {
            "outcome": next(each for each in self.tree["outcomes"] if each in asked_for)
        }
        grants = frozenset(self._sources("grants", "remedies", known)) | frozenset(
            self._sources("grants", "costs", known)
        )
        known["remedies"] = [
            id_ for id_ in self._named_remedies() if any(each[:2] == ("remedies", id_) for each in grants)
        ]
        known["costs"] = [id_ for id_ in self.tree["costs"] if any(each[:2] == ("costs", id_) for each in grants)][:1]
        items = {kind: [*self._items(kind, known)] for kind in (*ITEMS, *NOTES)}
        return Day(
            outcome=(known["outcome"],),
            costs=(*known["costs"],),
            remedies=(*known["remedies"],),
            **{kind: tuple(id_ for _, id_, *_ in items[kind]) for kind in ITEMS},
            holding=rules | grants | {source for found in items.values() for source in found},
        )

    def _sources(self, part: str, kind: str, case: Mapping[str, Any]) -> Iterator[Source]:
        """The rules that hold with their outcome, or the grants with each of their remedies, or with their costs."""
        for clause, entries in self.tree["clauses"].items():
            for number, entry in enumerate(entries.get(part, ())):
                if self.holds(entry["when"], case):
                    yield from ((kind, id_, clause, number) for id_ in _listed(entry.get(kind, ())))

    def _items(self, kind: str, case: Mapping[str, Any]) -> Iterator[Source]:
        country = "country" in self.tree["calendar"]
        for clause, entries in self.tree["clauses"].items():
            for id_, item in entries.get(kind, {}).items():
                if "when" in item and self.holds(item["when"], case) and not (country and "until" in item):
                    yield kind, id_, clause, 0

    def _named_remedies(self) -> Iterable[str]:
        """The remedies in the order in which the grants name them."""
        grants = [grant for clause in self.tree["clauses"].values() for grant in clause.get("grants", ())]
        return dict.fromkeys(id_ for grant in grants for id_ in _listed(grant.get("remedies", ())))

    def holds(self, when: Any, case: Mapping[str, Any]) -> bool:
        """Whether a condition holds: all lines of it, or of one of a list."""
        ways = when if isinstance(when, list) else [when]
        return any(all(self._passes(name, test, case) for name, test in way.items()) for way in ways)

    def _passes(self, name: str, test: Any, case: Mapping[str, Any]) -> bool:
        answer = case.get(name)
        if not isinstance(test, Mapping):
            given = _listed(answer or ())
            return any(id_ in given or (id_ == "any" and len(given) > 0) for id_ in _listed(test))
        [(word, value)] = test.items()
        if word == "not":
            return not self._passes(name, value, case)
        assert word in COMPARISONS
        if not isinstance(answer, int):
            return False
        lengths = self._lengths(value)
        days = lengths[""] if "" in lengths else lengths[case[self.tree["values"][value]["by"]]]
        return answer <= days if word == "within" else answer > days

    def _lengths(self, name: str) -> dict[str, int]:
        """A length in days for each answer that it depends on; under "" if it depends on none."""
        value = self.tree["values"][name]
        texts = {id_: text for id_, text in value.items() if id_ != "by"} if isinstance(value, Mapping) else {"": value}
        return {id_: int(re.fullmatch(r"(\d+) days?", text)[1]) for id_, text in texts.items()}  # type: ignore[index]

    # ---- one case on all days

    def timeline(self, case: Case) -> list[Stretch]:
        """The stretches of a case, from its latest date on until two days past the longest length."""
        given = [days for days in case.values() if isinstance(days, int)]
        if not given:
            return [Stretch(0, None, self.day(case), self.day(case))]
        days = range(-min(given), self.longest + 2 - min(given) + 1)
        each = [
            (shift, self.day({name: a + shift if isinstance(a, int) else a for name, a in case.items()}))
            for shift in days
        ]
        starts = [n for n in range(len(each)) if n == 0 or each[n][1].decision != each[n - 1][1].decision]
        ends = [*(n - 1 for n in starts[1:]), len(each) - 1]
        return [
            Stretch(each[n][0], each[end][0] if end + 1 < len(each) else None, each[n][1], each[end][1])
            for n, end in zip(starts, ends, strict=True)
        ]

    def tone(self, day: Day) -> int:
        return TONES.index(self.tree["outcomes"][day.outcome[0]]["tone"])

    def change(self, before: Day, after: Day) -> str | None:
        """Whether what is decided gets better or worse for the customer; None where that cannot be said."""
        if difference := self.tone(after) - self.tone(before):
            return "better" if difference > 0 else "worse"
        if before.outcome != after.outcome:
            return None
        more = {*after.remedies} - {*before.remedies}, {*before.remedies} - {*after.remedies}
        found = {"better" for _ in more[0]} | {"worse" for _ in more[1]}
        if before.costs != after.costs:
            if not (before.costs and after.costs):
                return None
            order = [*self.tree["costs"]]
            found.add("better" if order.index(after.costs[0]) < order.index(before.costs[0]) else "worse")
        return found.pop() if len(found) == 1 else None

    def deadline(self, stretches: Sequence[Stretch]) -> int | None:
        """The place of the last stretch before a last day, where the page may say that there is one."""
        good = [n for n, stretch in enumerate(stretches) if self.tone(stretch.day)]
        if not good or good[-1] == len(stretches) - 1 or len({stretches[n].day.outcome for n in good}) > 1:
            return None
        return good[-1] if all(n in good for n in range(present(stretches), good[-1] + 1)) else None

    def windows(self, clause: str, question: str, case: Case) -> dict[int, set[str]]:
        """The days after the question's date after which something gets worse because of the clause, with what ends."""
        found = {}
        for days in range(self.longest + 1):
            before, after = self.day({**case, question: days}), self.day({**case, question: days + 1})
            kinds = ["outcome"] if before.outcome != after.outcome else ["remedies", "costs"]
            if self.change(before, after) == "worse" and clause in citable(before, after, kinds):
                ends = ((kind, {*getattr(before, kind)} - {*getattr(after, kind)}) for kind in kinds)
                found[days] = {id_ if kind == "outcome" else f"{kind}.{id_}" for kind, ids in ends for id_ in ids}
        return found

    def asks_for(self, clause: str, question: str, case: Case, days: int) -> bool:
        """Whether the answers of a case are such that a rule or grant of the clause holds on one side of a day only."""
        entries = self.tree["clauses"][clause]
        whens = [entry["when"] for part in ("rules", "grants") for entry in entries.get(part, ())]
        sides = [{**case, question: days}, {**case, question: days + 1}]
        return any(len({self.holds(_answers(when), side) for side in sides}) > 1 for when in whens)


def citable(before: Day, after: Day, kinds: Iterable[str]) -> frozenset[str]:
    """The clauses with a rule, grant or item that holds on one of two days only, and gives what that day only shows."""
    return frozenset(
        clause
        for day, other in ((before, after), (after, before))
        for kind, id_, clause, _ in day.holding - other.holding
        if kind in kinds and id_ in getattr(day, kind) and id_ not in getattr(other, kind)
    )


def _answers(when: Any) -> list[dict[str, Any]]:
    """A condition without what it asks of the outcome."""
    ways = when if isinstance(when, list) else [when]
    return [{name: test for name, test in way.items() if name != "outcome"} for way in ways]


def present(stretches: Sequence[Stretch]) -> int:
    """The place of the stretch that holds the day of acting."""
    return max(n for n, stretch in enumerate(stretches) if stretch.first <= 0)


def _compared(tree: Any) -> Iterator[str]:
    """The names of the lengths that dates are compared with."""
    if isinstance(tree, Mapping):
        yield from (tree[word] for word in COMPARISONS if isinstance(tree.get(word), str))
    parts = tree.values() if isinstance(tree, Mapping) else tree if isinstance(tree, list) else ()
    for part in parts:
        yield from _compared(part)


def _listed(ids: Any) -> Sequence[Any]:
    return [ids] if isinstance(ids, str | int) else [*ids]
