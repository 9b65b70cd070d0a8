"""Says in words, for the pages, what the conditions of a policy ask for.

What a condition asks of the answers is said in short sentences of one form each, and never in one long one: so they
are right for any policy, whatever its phrases. The outcomes that it names stand apart: pages show them as signs.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from checker.cases import OUTCOME
from checker.levels import as_ids, as_list
from checker.policy import Choice, Condition, Policy, Test, When
from checker.words import join, say


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a condition can hold: under one of the outcomes, and with all of the sentences true."""

    outcomes: tuple[str, ...]
    """In the policy's order; none when any outcome will do."""
    sentences: tuple[str, ...]
    """What the answers must be; none when any answers will do."""


class Conditions:
    """The conditions of one policy in words."""

    def __init__(self, policy: Policy) -> None:
        """Takes the policy whose questions the conditions name."""
        self._policy = policy

    def cases(self, when: When) -> tuple[Case, ...]:
        """The ways in which a condition can hold, of which any one is enough; none when it holds always."""
        cases = tuple(Case(self._outcomes(part), self._sentences(part)) for part in as_list(when))
        return cases if all(case.outcomes or case.sentences for case in cases) else ()

    def beside_outcome(self, when: When, outcome: str) -> tuple[Case, ...] | None:
        """What a condition asks once the outcome is known; None when it cannot hold under it."""
        parts = [part for part in as_list(when) if OUTCOME not in part or outcome in self._outcomes(part)]
        if not parts:
            return None
        return self.cases(tuple({name: test for name, test in part.items() if name != OUTCOME} for part in parts))

    def length(self, value: str) -> str:
        """A value in words, or how long it is for each answer that it depends on."""
        length = self._policy.values[value]
        if isinstance(length, str):
            return length
        offered = self._policy.questions[length["by"]].offered
        lengths = ((days, _phrase(offered[choice])) for choice, days in length.items() if choice != "by")
        return join((say("pages.length_for", length=days, choice=phrase) for days, phrase in lengths), "or")

    def labels(self, question: str, answers: Iterable[str]) -> list[str]:
        """Some of the answers to a question as short phrases."""
        offered = self._policy.questions[question].offered
        return [offered[answer].phrase for answer in answers]

    def _outcomes(self, condition: Condition) -> tuple[str, ...]:
        test = condition.get(OUTCOME)
        if test is None:
            return ()
        if isinstance(test, Test):
            return tuple(outcome for outcome in self._policy.outcomes if outcome not in as_ids(test.not_ or ()))
        return tuple(outcome for outcome in self._policy.outcomes if outcome in as_ids(test))

    def _sentences(self, condition: Condition) -> tuple[str, ...]:
        return tuple(self._sentence(question, test) for question, test in condition.items() if question != OUTCOME)

    def _sentence(self, question: str, test: str | tuple[str, ...] | Test) -> str:
        if not isinstance(test, Test):
            return self._answered("only", question, as_ids(test))
        if test.not_ is not None:
            return self._answered("except", question, as_ids(test.not_))
        ask = self._policy.questions[question].ask
        if test.within is not None:
            return say("pages.within", question=ask, length=self.length(test.within))
        assert test.longer_ago_than is not None
        return say("pages.longer_ago", question=ask, length=self.length(test.longer_ago_than))

    def _answered(self, kind: str, question: str, answers: tuple[str, ...]) -> str:
        """Noun phrases say it in short. An answer that has none, such as a mere yes, needs its question."""
        asked = self._policy.questions[question]
        choices = [asked.offered[answer] for answer in answers]
        phrases = join(map(_phrase, choices), "or")
        if all(choice.in_words for choice in choices):
            return say(f"pages.{kind}", answers=phrases)
        return say(f"pages.{kind}_answer", answers=phrases, question=asked.ask)


def _phrase(choice: Choice) -> str:
    """An answer inside a sentence: as its noun phrase, or else in the customer's words."""
    return choice.in_words or say("pages.quote", text=choice.title)
