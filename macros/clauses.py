"""What stands beside the text of a clause: what follows from it, and a drawing of the times that it names."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from checker.calendar import Duration, holidays_left_out, waits
from checker.levels import as_list, value_by
from checker.policy import Clause, Grant, Policy, Share, Test, When
from checker.timeline import BLOCKS, Tree, window_bar
from checker.words import join, say
from macros import texts
from macros.conditions import Conditions


@dataclass(frozen=True, kw_only=True, slots=True)
class Effect:
    """One thing that follows from a clause, and when; always, where there is no condition."""

    text: str
    when: When | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """A length of time that a rule compares a date with, as a drawing beside its words."""

    length: str
    label: str
    """The length, and for which answers it is that long."""
    bar: Tree


@dataclass(frozen=True, kw_only=True, slots=True)
class Windows:
    """The lengths of time that one value can have, with the sentence that tells how to read them."""

    windows: tuple[Window, ...]
    caption: str


class Clauses:
    """The clauses of one policy."""

    def __init__(self, policy: Policy, conditions: Conditions) -> None:
        """Takes the policy, and its conditions in words."""
        self.policy = policy
        self.conditions = conditions

    def effects(self, clause: Clause) -> dict[str, list[Effect]]:
        """What follows from a clause, by the heading of its kind."""
        kinds: dict[str, list[tuple[When | None, str]]] = {
            "rules": [(rule.when, self.policy.outcomes[rule.outcome].title) for rule in clause.rules],
            "grants": [(grant.when, self._granted(grant)) for grant in clause.grants],
            "proof": [(item.when, item.title) for item in clause.proof.values()],
            "steps": [(step.when, step.title) for step in clause.steps.values()],
            "estimates": [
                (estimate.when, say("pages.estimate", title=estimate.title, **self._asked(estimate.share)))
                for estimate in clause.estimates.values()
            ],
            "reminders": [(note.when, note.text) for note in clause.reminders.values()],
        }
        return {
            say(f"pages.{kind}"): [Effect(text=text.strip(), when=when) for when, text in effects]
            for kind, effects in kinds.items()
            if effects
        }

    def holidays(self, clause: Clause) -> str | None:
        """Which holidays are left out, where the text or a step of a clause counts in working days."""
        lengths = map(Duration.parse, texts.lengths(self.policy).values())
        named = [length for length in lengths if str(length) in clause.text]
        return holidays_left_out(
            self.policy, [*named, *(wait for step in clause.steps.values() for wait in waits(self.policy, step))]
        )

    def windows(self, clause: Clause) -> list[Windows]:
        """The lengths of time that a clause's rules compare a date with."""
        compared = {
            (question, test.longer_ago_than or test.within or "")
            for rule in clause.rules
            for all_of in as_list(rule.when)
            for question, test in all_of.items()
            if isinstance(test, Test) and test.not_ is None
        }
        return [self._windows(question, value) for question, value in sorted(compared)]

    def _windows(self, question: str, value: str) -> Windows:
        by, lengths = value_by(self.policy, value)
        choices: dict[Duration, list[str]] = {}
        for choice, length in lengths.items():
            choices.setdefault(Duration.parse(length), []).append(choice)
        longest = max(length.most for length in choices)
        windows = (
            Window(
                length=str(length),
                label=say("pages.window", length=length, choices=join(self.conditions.labels(by, held)))
                if by
                else str(length),
                bar=window_bar(length.most, longest),
            )
            for length, held in choices.items()
        )
        caption = say(
            "pages.window_blocks" if longest <= BLOCKS else "pages.window_bars",
            question=self.policy.questions[question].ask,
        )
        return Windows(windows=tuple(windows), caption=caption)

    def _granted(self, grant: Grant) -> str:
        parts = [join((self.policy.remedies[remedy] for remedy in grant.remedies), "or")]
        if grant.costs is not None:
            parts.append(self.policy.costs[grant.costs])
        return ". ".join(filter(None, parts))

    def _asked(self, share: Share) -> dict[str, Any]:
        """The questions that a share is worked out from, as customers read them."""
        amounts = {"of": share.of, "that": share.that, "whole": share.is_of}
        return {name: self.policy.questions[question].ask for name, question in amounts.items()}
