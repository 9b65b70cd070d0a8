"""What stands beside the text of a clause: what follows from it, and a drawing of the times that it names."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup, escape

from checker.engine.variables import value_by
from checker.explain.timeline import BLOCKS, Tree, window_bar
from checker.policy import Clause, Comparison, Estimate, Grant, Policy, When, as_list
from checker.values.durations import WEEKDAYS, Duration, holidays_left_out, waits
from macros.pages.condition_text import Conditions, marked
from macros.policyfile import figures, texts


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One thing that follows from a clause, and when."""

    text: Markup
    when: When | None
    """None for what stands on this page only."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A length of time that a rule compares a date with, as a drawing beside its words."""

    length: str
    label: Markup
    """The length, and for which answers it is that long."""
    bar: Tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """The lengths of time that one value can have, with the sentence that tells how to read them."""

    windows: tuple[Window, ...]
    caption: Markup


@dataclass(frozen=True, kw_only=True, slots=True)
class WorkingDays:
    """The days that are counted."""

    text: Markup
    """The days of the week."""
    holidays: str | None
    """Whose statutory holidays are left out, and until when they are known; None where no country is named."""
    exceptions: Mapping[str, tuple[str, ...]]
    """The days of the week that are left out all the same, and the other days that are worked, in words."""


class Clauses:
    """The clauses of one policy."""

    def __init__(self, policy: Policy, conditions: Conditions) -> None:
        """Takes the policy, and its conditions in words."""
        self.policy = policy
        self.conditions = conditions

    def effects(self, clause: Clause) -> dict[str, list[Effect]]:
        """What follows from a clause, by its kind."""
        outcomes = self.policy.outcomes
        kinds: dict[str, list[tuple[When | None, Markup]]] = {
            "rules": [(rule.when, marked(rule.outcome, outcomes[rule.outcome].title)) for rule in clause.rules],
            "grants": [(grant.when, self._granted(grant)) for grant in clause.grants],
            "proof": [(item.when, marked(name, item.title)) for name, item in clause.proof.items()],
            "steps": [(step.when, marked(name, step.title)) for name, step in clause.steps.items()],
            "estimates": [(each.when, self._worked_out(name, each)) for name, each in clause.estimates.items()],
            "reminders": [(note.when, marked(name, note.text)) for name, note in clause.reminders.items()],
            "readings": [
                (note.when, marked(name, " ".join(note.text.split())))
                for name, note in clause.interpretations.items()
                if note.when is not None
            ],
        }
        return {
            kind: [Effect(text=text, when=when) for when, text in effects] for kind, effects in kinds.items() if effects
        }

    def working_days(self, clause: Clause) -> WorkingDays | None:
        """Which days are counted, where the text or a step of a clause counts in working days."""
        messages = self.policy.messages
        named = [
            Duration.parse(text, messages)
            for text in texts.value_texts(self.policy).values()
            if (figure := figures.read(text)) and figure.counts_days and str(figure) in clause.text
        ]
        counted = [*named, *(wait for step in clause.steps.values() for wait in waits(self.policy, step))]
        if all(length.unit == "day" for length in counted):
            return None
        worked, names = self.policy.calendar.working_days, messages.say("date.weekdays").split()
        days = [marked(day, name) for day, name in zip(WEEKDAYS, names, strict=True) if day in worked]
        exceptions = self.policy.holidays.exceptions if self.policy.holidays else ()
        left_out = [day for day in exceptions if WEEKDAYS[day.weekday()] in worked]
        return WorkingDays(
            text=self.conditions.say("pages.working_days", days=self.conditions.join(days, "and")),
            holidays=holidays_left_out(self.policy, counted),
            exceptions={
                "left_out": tuple(map(messages.date, left_out)),
                "worked": tuple(messages.date(day) for day in exceptions if day not in left_out),
            },
        )

    def windows(self, clause: Clause) -> list[Windows]:
        """The lengths of time that a clause's rules compare a date with."""
        compared = {
            (question, test.longer_ago_than or test.within or "")
            for rule in clause.rules
            for all_of in as_list(rule.when)
            for question, test in all_of.items()
            if isinstance(test, Comparison) and test.not_ is None
        }
        return [self._windows(question, value) for question, value in sorted(compared)]

    def _windows(self, question: str, value: str) -> Windows:
        messages = self.policy.messages
        by, lengths = value_by(self.policy, value)
        choices: dict[Duration, list[str]] = {}
        for choice, length in lengths.items():
            choices.setdefault(Duration.parse(length, messages), []).append(choice)
        longest = max(length.most for length in choices)
        windows = (
            Window(
                length=length.in_words(messages),
                label=self.conditions.say(
                    "pages.window",
                    length=length.in_words(messages),
                    choices=self.conditions.join(self.conditions.labels(by, held), "and"),
                )
                if by
                else escape(length.in_words(messages)),
                bar=window_bar(length.most, longest),
            )
            for length, held in choices.items()
        )
        caption = self.conditions.say(
            "pages.window_blocks" if longest <= BLOCKS else "pages.window_bars",
            question=self.conditions.asked(question),
        )
        return Windows(windows=tuple(windows), caption=caption)

    def _granted(self, grant: Grant) -> Markup:
        parts = [
            self.conditions.join(
                marked(f"remedies.{remedy}", self.policy.remedies[remedy]) for remedy in grant.remedies
            )
        ]
        if grant.costs is not None:
            parts.append(marked(f"costs.{grant.costs}", self.policy.costs[grant.costs]))
        return Markup(". ").join(filter(None, parts))

    def _worked_out(self, name: str, estimate: Estimate) -> Markup:
        """An estimate with the questions that it is worked out from, as customers read them."""
        share = estimate.share
        amounts = {"of": share.of, "that": share.that, "whole": share.is_of}
        asked = {part: self.conditions.asked(question) for part, question in amounts.items()}
        return self.conditions.say("pages.estimate", title=marked(name, estimate.title), **asked)
