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
class Clauses:
    """The clauses of one policy."""

    policy: Policy
    conditions: Conditions

    def consequences(self, clause: Clause) -> dict[str, list[tuple[When | None, Markup]]]:
        """The consequences of a clause by kind, each kind under the name of its message.

        Each has its condition, None if it is shown on this page only, and its text.
        """
        outcomes = self.policy.outcomes
        kinds: dict[str, list[tuple[When | None, Markup]]] = {
            "rules": [(rule.when, marked(rule.outcome, outcomes[rule.outcome].title)) for rule in clause.rules],
            "grants": [(grant.when, self._grant(grant)) for grant in clause.grants],
            "proof": [(item.when, marked(name, item.title)) for name, item in clause.proof.items()],
            "steps": [(step.when, marked(name, step.title)) for name, step in clause.steps.items()],
            "estimates": [(item.when, self._estimate(name, item)) for name, item in clause.estimates.items()],
            "reminders": [(note.when, marked(name, note.text)) for name, note in clause.reminders.items()],
            "interpretations": [
                (note.when, marked(name, " ".join(note.text.split())))
                for name, note in clause.interpretations.items()
                if note.when is not None
            ],
        }
        return {kind: items for kind, items in kinds.items() if items}

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
            text=self.conditions.say("pages.working_days", days=self.conditions.join(days, "and")),
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
        return self.conditions.say("pages.estimate", title=marked(name, estimate.title), of=of, that=that, whole=whole)
