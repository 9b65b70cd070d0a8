"""Says the policy's conditions in words, for the pages: "“What went wrong?” is “Something is missing”"."""

from __future__ import annotations

from collections.abc import Iterable

from checker.cases import OUTCOME
from checker.levels import as_ids, as_list
from checker.policy import Condition, Policy, Test, When
from checker.words import join, say


class Conditions:
    """The conditions of one policy in words."""

    def __init__(self, policy: Policy) -> None:
        """Takes the policy whose questions the conditions name."""
        self._policy = policy

    def sentence(self, when: When) -> str:
        """The whole condition, or that it holds always."""
        alternatives = [self.without_outcome(part, outcome=True) for part in as_list(when)]
        if not all(alternatives):
            return say("pages.always")
        return join((join(parts) for parts in alternatives), "or")

    def without_outcome(self, condition: Condition, *, outcome: bool = False) -> list[str]:
        """The lines of a condition, each in words; the one on the outcome only when asked for."""
        return [self._line(question, test) for question, test in condition.items() if outcome or question != OUTCOME]

    def beside_outcome(self, when: When) -> str | None:
        """What a condition asks besides the outcome; None when it asks nothing more."""
        alternatives = [self.without_outcome(part) for part in as_list(when)]
        return join((join(parts) for parts in alternatives), "or") if all(alternatives) else None

    def outcomes(self, when: When) -> tuple[str, ...]:
        """The outcomes under which a condition can hold, in the policy's order."""
        return tuple(
            outcome
            for outcome in self._policy.outcomes
            if any(_allows(part.get(OUTCOME), outcome) for part in as_list(when))
        )

    def in_outcome(self, when: When, outcome: str) -> When | None:
        """The part of a condition that can hold under an outcome; None when no part can."""
        return tuple(part for part in as_list(when) if _allows(part.get(OUTCOME), outcome)) or None

    def length(self, value: str) -> str:
        """A value in words, or for which answer it is how long."""
        length = self._policy.values[value]
        if isinstance(length, str):
            return length
        offered = self._policy.questions[length["by"]].offered
        return join(
            (
                say("pages.length_for", length=days, choice=offered[choice].phrase)
                for choice, days in length.items()
                if choice != "by"
            ),
            "or",
        )

    def labels(self, question: str, answers: Iterable[str]) -> list[str]:
        """Some of the answers to a question as short phrases."""
        offered = self._policy.questions[question].offered
        return [offered[answer].phrase for answer in answers]

    def answer(self, question: str, answer: str) -> str:
        """One of the answers to a question, as a customer would say it."""
        choice = self._policy.questions[question].offered.get(answer)
        return choice.title if choice else answer

    def _line(self, question: str, test: str | tuple[str, ...] | Test) -> str:
        subject = (
            say("pages.the_outcome")
            if question == OUTCOME
            else say("pages.quote", text=self._policy.questions[question].ask)
        )
        if isinstance(test, Test):
            if test.not_ is not None:
                return say("pages.is_not", subject=subject, answers=self._answers(question, test.not_))
            if test.within is not None:
                return say("pages.within", subject=subject, length=self.length(test.within))
            assert test.longer_ago_than is not None
            return say("pages.longer_ago", subject=subject, length=self.length(test.longer_ago_than))
        return say("pages.is", subject=subject, answers=self._answers(question, test))

    def _answers(self, question: str, answers: str | tuple[str, ...]) -> str:
        titles = (
            self._policy.outcomes[id_].title if question == OUTCOME else self.answer(question, id_)
            for id_ in as_ids(answers)
        )
        return join((say("pages.quote", text=title) for title in titles), "or")


def _allows(test: str | tuple[str, ...] | Test | None, outcome: str) -> bool:
    if test is None:
        return True
    if isinstance(test, Test):
        return outcome not in as_ids(test.not_ or ())
    return outcome in as_ids(test)
