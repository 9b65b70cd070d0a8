"""The parts of a clause beside its text: its consequences and its working days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from checker.policy import Clause, Estimate, Grant, Policy, When, as_ids
from checker.values.durations import WEEKDAYS, Duration, holidays_left_out, waits
from macros.pages.condition_text import Conditions, marked
from macros.policyfile import figures, texts


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDays:
    """The days that count as working days."""

    text: Markup
    """The days of the week."""
    holidays: str | None
    """The country whose public holidays are left out, and their last known day; None if no country is named."""
    exceptions: Mapping[str, tuple[str, ...]]
    """Dates in words: `left_out` are holidays on working days, `worked` are working days on days off."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """Something that follows from the text of a clause."""

    id: str
    """Its id; empty for rules and grants."""
    text: Markup
    when: When | None
    """Its condition; None if it is in no verdict."""


@dataclass(frozen=True, slots=True)
class Clauses:
    """The clauses of one policy."""

    policy: Policy
    conditions: Conditions

    def consequences(self, clause: Clause) -> dict[str, list[Consequence]]:
        """The consequences of a clause by kind, each kind under the name of its message in the section `rules`."""
        outcomes = self.policy.outcomes
        kinds: dict[str, list[tuple[str, Markup, When | None]]] = {
            "rules": [("", marked(rule.outcome, outcomes[rule.outcome].title), rule.when) for rule in clause.rules],
            "grants": [("", self._grant(grant), grant.when) for grant in clause.grants],
            "proof": [(id_, marked(id_, item.title), item.when) for id_, item in clause.proof.items()],
            "steps": [(id_, marked(id_, step.title), step.when) for id_, step in clause.steps.items()],
            "estimates": [(id_, self._estimate(id_, item), item.when) for id_, item in clause.estimates.items()],
            "reminders": [
                (id_, marked(id_, note.title or note.text), note.when) for id_, note in clause.reminders.items()
            ],
            "interpretations": [
                (id_, marked(id_, " ".join(note.text.split())), note.when)
                for id_, note in clause.interpretations.items()
                if note.when is not None
            ],
        }
        return {kind: [Consequence(*item) for item in items] for kind, items in kinds.items() if items}

    def is_applied(self, id_: str) -> bool:
        """Whether the page of rules says something of a clause."""
        clause = self.policy.clauses[id_]
        return bool(self.consequences(clause)) or self.working_days(clause) is not None

    def working_days(self, clause: Clause) -> WorkingDays | None:
        """The working days; None unless the text or a step of a clause counts in working days."""
        messages = self.policy.messages
        in_text = [
            Duration.parse(text, messages)
            for text in texts.value_texts(self.policy).values()
            if (figure := figures.read(text)) and figure.counts_days and str(figure) in clause.text
        ]
        durations = [*in_text, *(wait for step in clause.steps.values() for wait in waits(self.policy, step))]
        if all(duration.unit == "day" for duration in durations):
            return None
        worked, names = self.policy.calendar.working_days, messages.say("date.weekdays").split()
        days = [marked(day, name) for day, name in zip(WEEKDAYS, names, strict=True) if day in worked]
        exceptions = self.policy.holidays.exceptions if self.policy.holidays else ()
        left_out = [day for day in exceptions if WEEKDAYS[day.weekday()] in worked]
        return WorkingDays(
            text=self.conditions.say("rules.working_days", days=self.conditions.join(days, "and")),
            holidays=holidays_left_out(self.policy, durations),
            exceptions={
                "left_out": tuple(map(messages.date, left_out)),
                "worked": tuple(messages.date(day) for day in exceptions if day not in left_out),
            },
        )

    def _grant(self, grant: Grant) -> Markup:
        remedies = (marked(f"remedies.{id_}", self.policy.remedies[id_]) for id_ in grant.remedies)
        costs = (marked(f"costs.{id_}", self.policy.costs[id_]) for id_ in as_ids(grant.costs or ()))
        return Markup(". ").join(filter(None, [self.conditions.join(remedies), *costs]))

    def _estimate(self, name: str, estimate: Estimate) -> Markup:
        """An estimate with the questions of its amounts."""
        of, that, whole = map(self.conditions.question, estimate.share.questions)
        return self.conditions.say("rules.estimate", title=marked(name, estimate.title), of=of, that=that, whole=whole)
