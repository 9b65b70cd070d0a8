"""The verdict of a case. Ids come from policy.yaml; the JSON keys are the same for all policies."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

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
class Deadline:
    """The last day on which the outcome stays what it is; a past day where it has changed already."""

    last_day: date
    days_left: int | None
    """Days from the day of applying: 0 on the last day, None after it."""
    then: str
    """The outcome after the last day."""
    applied_on: date
    """The day of applying that it was counted from, which need not be today."""
    start: date
    """The day on which the time began."""
    given: tuple[Answered, ...] = ()
    """The answers under which this is the last day, where open answers allow several."""

    def to_json(self) -> dict[str, Any]:
        """The deadline as a JSON object; ``given`` stands there only when it takes certain answers."""
        last_day = {"last_day": self.last_day.isoformat(), "days_left": self.days_left, "then": self.then}
        return last_day | ({"given": [answer.to_json() for answer in self.given]} if self.given else {})


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
    reasons: tuple[Reason, ...]
    other_matches: tuple[Reason, ...]
    """Weaker rules that hold too."""
    ruled_out: tuple[RuledOut, ...]
    """Stronger rules that do not hold, whatever is still open."""
    deadlines: tuple[Deadline, ...]
    """Earliest first: the safe one."""
    remedies: tuple[str, ...]
    costs: str | None
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
    def missing(self) -> tuple[str, ...]:
        """The proof items that the customer needs and does not have."""
        return tuple(item for item in self.needed if item not in self.provided)

    def to_json(self) -> dict[str, Any]:
        """The verdict as a JSON object: days as year-month-day, amounts as decimal strings."""
        return {
            "outcome": self.outcome,
            "possible": [*self.possible],
            "ask": self.ask,
            "open": [*self.open],
            "reasons": [{"clause": reason.clause} for reason in self.reasons],
            "other_matches": [{"clause": reason.clause, "outcome": reason.outcome} for reason in self.other_matches],
            "ruled_out": [
                {"clause": rule.clause, "outcome": rule.outcome, "because": [*rule.because]} for rule in self.ruled_out
            ],
            "deadlines": [deadline.to_json() for deadline in self.deadlines],
            "grants": {"remedies": [*self.remedies], "costs": self.costs} if self.remedies or self.costs else {},
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


_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def dumps(value: object) -> str:
    """JSON as every part of the product writes it: one line, the same bytes everywhere."""
    return _ENCODER.encode(value)
