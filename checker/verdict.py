"""The verdict of a case. Ids come from policy.yaml; the JSON keys are the same for all policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import astuple, dataclass
from datetime import date
from typing import Any, Literal

from checker.values.estimates import Working


@dataclass(frozen=True, kw_only=True, slots=True)
class Reason:
    """A clause that holds in this case, and the outcome that it asks for."""

    clause: str
    outcome: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Answered:
    """Other answers to a question: some choices, or the days from ``first`` to ``last``, None for no end."""

    question: str
    choices: tuple[str, ...] = ()
    first: date | None = None
    last: date | None = None

    def to_json(self) -> dict[str, Any]:
        """The answers as a JSON object."""
        if self.choices:
            return {"question": self.question, "any_of": [*self.choices]}
        first, last = (day and day.isoformat() for day in (self.first, self.last))
        return {"question": self.question, "from": first, "to": last}


@dataclass(frozen=True, kw_only=True, slots=True)
class Branch:
    """Some of the answers to an open question, any of them, and the outcomes that they leave possible."""

    answers: tuple[Answered, ...]
    outcomes: tuple[str, ...]

    def to_json(self) -> dict[str, Any]:
        """The branch as a JSON object."""
        return {"answers": [answer.to_json() for answer in self.answers], "possible": [*self.outcomes]}


type Effect = Literal["better", "worse"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Deadline:
    """The last day to act: of the whole timeline one outcome alone is not bad, and from the day after on all is bad."""

    last_day: date
    days_left: int | None
    """Days from the day of acting: 0 on the last day, None after it."""
    then: str
    """The outcome after the last day."""
    clause: str | None = None
    """The clause that ends the time."""
    given: tuple[Answered, ...] = ()
    """The answers under which this is the last day, where open answers allow several."""

    def to_json(self) -> dict[str, Any]:
        """The deadline as a JSON object; ``given`` stands there only when it takes certain answers."""
        last_day = {"last_day": self.last_day.isoformat(), "days_left": self.days_left, "then": self.then}
        return last_day | _given_json(self.given)


@dataclass(frozen=True, slots=True)
class Decision:
    """All that is decided on a day of acting and shown, as far as it is certain; items by id, in the file's order."""

    outcome: str | None
    remedies: tuple[str, ...] = ()
    costs: str | None = None
    proof: tuple[str, ...] = ()
    steps: tuple[str, ...] = ()
    estimates: tuple[str, ...] = ()

    def differences(self, other: Decision) -> tuple[str, ...]:
        """The fields in which the other decision differs: the outcome; else what is granted; else what follows."""
        groups = ("outcome",), ("remedies", "costs"), ("proof", "steps", "estimates")
        differing = ([name for name in group if getattr(self, name) != getattr(other, name)] for group in groups)
        return tuple(next(filter(None, differing), ()))

    def common(self, other: Decision) -> Decision:
        """The part of this decision that the other one shares."""
        own, others = astuple(self), astuple(other)
        return Decision(*(_common(one, two) for one, two in zip(own, others, strict=True)))

    def to_json(self) -> dict[str, Any]:
        """The decision as a JSON object."""
        return {
            "outcome": self.outcome,
            "grants": {"remedies": [*self.remedies], "costs": self.costs} if self.remedies or self.costs else {},
            "proof": [*self.proof],
            "steps": [*self.steps],
            "estimates": [*self.estimates],
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Stretch:
    """A run of days of acting on which the same is decided."""

    first: date
    last: date | None
    """None for no end."""
    counted_from: date
    """The date of the case that its first day is counted from."""
    decision: Decision
    effect: Effect | None = None
    """The effect on the customer of the change from the stretch before; None if neither can be said."""
    clause: str | None = None
    """A clause with a rule, grant or item that makes the change."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Timeline:
    """The stretches of a case, at least two: all its answers are held but the day of acting."""

    question: str
    """The question of the day of acting."""
    acting: date
    """The day of acting in this case, which need not be today."""
    stretches: tuple[Stretch, ...]
    deadline: Deadline | None
    given: tuple[Answered, ...] = ()
    """The answers that it takes, where open answers allow several timelines."""

    @property
    def now(self) -> int:
        """The number of the stretch of the day of acting."""
        return sum(stretch.first <= self.acting for stretch in self.stretches) - 1

    @property
    def to_come(self) -> range:
        """The numbers of the stretches that begin after the day of acting, up to the deadline if there is one."""
        numbers = range(self.now + 1, len(self.stretches))
        if self.deadline is None:
            return numbers
        return range(numbers.start, sum(stretch.first <= self.deadline.last_day for stretch in self.stretches))

    def differences(self, number: int) -> tuple[str, ...]:
        """The fields in which the decision of a stretch differs from the stretch before."""
        before, after = self.stretches[number - 1 : number + 1]
        return before.decision.differences(after.decision)

    def visible_change(self, number: int) -> tuple[object, ...]:
        """The change at the beginning of a stretch, as far as a page shows it."""
        before, after = self.stretches[number - 1 : number + 1]
        names = self.differences(number)
        return after.effect, *((name, getattr(before.decision, name), getattr(after.decision, name)) for name in names)

    def to_json(self) -> dict[str, Any]:
        """The timeline as a JSON object; the first stretch has no change."""
        stretches = []
        for number, stretch in enumerate(self.stretches):
            days = {"from": stretch.first.isoformat(), "to": stretch.last and stretch.last.isoformat()}
            stretches.append(days | stretch.decision.to_json() | ({"change": stretch.effect} if number else {}))
        return _given_json(self.given) | {"stretches": stretches}


@dataclass(frozen=True, kw_only=True, slots=True)
class RuledOut:
    """A clause that would decide otherwise, and the questions whose answers keep it from it."""

    clause: str
    outcome: str
    because: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """Another outcome, and the fewest answers that would have to be different for it."""

    outcome: str
    answers: tuple[Answered, ...]

    def to_json(self) -> dict[str, Any]:
        """The change as a JSON object."""
        return {"outcome": self.outcome, "answers": [answer.to_json() for answer in self.answers]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """The answer to a case: as much as the answers given decide, and what is still open."""

    outcome: str | None
    """None while open answers could still change it."""
    possible: tuple[str, ...]
    """The outcomes that are still possible, strongest first."""
    ask: str | None
    """The first question whose answer can still change what is shown."""
    open: tuple[str, ...]
    """While the outcome is open, the questions that keep it so, "I don't know" among their answers."""
    branches: tuple[Branch, ...]
    """The same questions with each of their answers, those together that leave the same outcomes possible."""
    reasons: tuple[Reason, ...]
    other_matches: tuple[Reason, ...]
    """Weaker rules that hold too."""
    ruled_out: tuple[RuledOut, ...]
    """Stronger rules that do not hold, whatever is still open."""
    timelines: tuple[Timeline, ...]
    """Several where open answers decide which one holds. The earliest last day comes first: the safe one."""
    remedies: tuple[str, ...]
    costs: str | None
    granted_by: Mapping[tuple[str, str], str]
    """The clause whose grant gives each remedy and the costs in this case, by part and id."""
    dates: Mapping[str, tuple[date, date]]
    """First and last day that a step is expected on."""
    unknown_dates: tuple[str, ...]
    """Those dates that cannot be given, because the holidays of that time are not known yet."""
    needed: tuple[str, ...]
    """The proof items this case needs."""
    possibly_needed: tuple[str, ...]
    """The proof items that it needs under some of the answers that are still open."""
    provided: tuple[str, ...]
    """The needed and possibly needed items that the customer has."""
    steps: tuple[str, ...]
    reminders: tuple[str, ...]
    interpretations: tuple[str, ...]
    """The interpretations that bear on this case."""
    amounts: tuple[str, ...]
    """The questions whose amounts an estimate is worked out from."""
    estimates: Mapping[str, Working]
    changes: tuple[Change, ...]
    """Counterfactuals of the outcome, in questions that the policy calls changeable."""
    today: date
    """The day of asking."""
    version: str
    valid_from: date
    digest: str

    @property
    def in_force(self) -> bool:
        """Whether the policy holds on the day of asking."""
        return self.valid_from <= self.today

    @property
    def deadlines(self) -> tuple[Deadline, ...]:
        """The last days that are possible, the earliest first."""
        return tuple(timeline.deadline for timeline in self.timelines if timeline.deadline)

    @property
    def missing(self) -> tuple[str, ...]:
        """The proof items that the customer needs and does not have."""
        return tuple(item for item in self.needed if item not in self.provided)

    def _grants(self) -> dict[str, Any]:
        """The remedies and costs with their clauses; empty without any."""
        if not self.granted_by:
            return {}
        clauses = {id_: clause for (part, id_), clause in self.granted_by.items() if part == "remedies"}
        by = {"remedies": clauses, "costs": self.granted_by.get(("costs", self.costs or ""))}
        return {"remedies": [*self.remedies], "costs": self.costs, "by": by}

    def to_json(self) -> dict[str, Any]:
        """The verdict as a JSON object: days as year-month-day, amounts as decimal strings."""
        return {
            "outcome": self.outcome,
            "possible": [*self.possible],
            "ask": self.ask,
            "open": [*self.open],
            "branches": [branch.to_json() for branch in self.branches],
            "reasons": [{"clause": reason.clause} for reason in self.reasons],
            "other_matches": [{"clause": reason.clause, "outcome": reason.outcome} for reason in self.other_matches],
            "ruled_out": [
                {"clause": rule.clause, "outcome": rule.outcome, "because": [*rule.because]} for rule in self.ruled_out
            ],
            "deadlines": [deadline.to_json() for deadline in self.deadlines],
            "timeline": [timeline.to_json() for timeline in self.timelines],
            "grants": self._grants(),
            "dates": {name: [day.isoformat() for day in days] for name, days in self.dates.items()},
            "unknown_dates": [*self.unknown_dates],
            "proof": {
                "needed": [*self.needed],
                "provided": [*self.provided],
                "missing": [*self.missing],
                "possible": [*self.possibly_needed],
            },
            "steps": [*self.steps],
            "reminders": [*self.reminders],
            "interpretations": [*self.interpretations],
            "estimates": {name: str(working.result) for name, working in self.estimates.items()},
            "changes": [change.to_json() for change in self.changes],
            "policy": {
                "version": self.version,
                "valid_from": self.valid_from.isoformat(),
                "in_force": self.in_force,
                "digest": self.digest,
            },
        }


def _given_json(answers: tuple[Answered, ...]) -> dict[str, Any]:
    return {"given": [answer.to_json() for answer in answers]} if answers else {}


def _common(one: Any, two: Any) -> Any:
    if isinstance(one, tuple):
        return tuple(id_ for id_ in one if id_ in two)
    return one if one == two else None


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dumps(value: object) -> str:
    """JSON as every part of the product writes it: one line, the same bytes everywhere."""
    return _ENCODER.encode(value)
