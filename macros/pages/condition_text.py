"""Says in words, for the pages, what the conditions of a policy ask for.

What a condition asks of the answers is said in short sentences of one form each, and never in one long one: so they
are right for any policy, whatever its phrases. The outcomes that it names stand apart: pages show them as signs.
What is named in a sentence bears its id as an attribute, so that a program can read the page as a person does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from checker.engine.compile import ANY, OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import value_by
from checker.policy import Comparison, Condition, Policy, When, as_ids, as_list
from checker.values.durations import Duration


@dataclass(frozen=True, slots=True)
class Case:
    """One way in which a condition can hold: under one of the outcomes, and with all of the sentences true."""

    outcomes: tuple[str, ...]
    """In the policy's order; none when any outcome will do."""
    sentences: tuple[Markup, ...]
    """What the answers must be; none when any answers will do."""


def marked(id_: str, text: str) -> Markup:
    """A text of the policy with the id of what it names."""
    return Markup('<span data-id="{}">{}</span>').format(id_, text)


class Conditions:
    """The conditions of one policy in words."""

    def __init__(self, policy: Policy) -> None:
        """Takes the policy whose questions the conditions name."""
        self._policy = policy
        self._messages = policy.messages

    def say(self, key: str, /, **parts: object) -> Markup:
        """Words of the catalogue as HTML: what is put into them is escaped, unless it is markup already."""
        escaped: dict[str, Any] = {name: escape(part) for name, part in parts.items()}
        return Markup(self._messages.say(key, **escaped))

    def join(self, parts: Iterable[str], last: str = "or") -> Markup:
        """A list in words as HTML."""
        return Markup(self._messages.join(map(escape, parts), last))

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

    def length(self, value: str) -> Markup:
        """A value in words, or how long it is for each answer that it depends on."""
        by, lengths = value_by(self._policy, value)
        if by is None:
            return escape(self._duration(lengths[""]))
        return self.join(
            self.say("pages.length_for", length=self._duration(length), choice=self._quoted(by, choice))
            for choice, length in lengths.items()
        )

    def _duration(self, text: str) -> str:
        return Duration.parse(text, self._messages).in_words(self._messages)

    def labels(self, question: str, answers: Iterable[str]) -> list[Markup]:
        """Some of the answers to a question as short phrases."""
        offered = self._policy.questions[question].offered
        return [marked(f"{question}.{answer}", offered[answer].phrase) for answer in answers]

    def asked(self, question: str) -> Markup:
        """A question in the middle of a sentence."""
        return marked(question, self._policy.questions[question].ask)

    def _outcomes(self, condition: Condition) -> tuple[str, ...]:
        test = condition.get(OUTCOME)
        if test is None:
            return ()
        if isinstance(test, Comparison):
            return tuple(outcome for outcome in self._policy.outcomes if outcome not in as_ids(test.not_ or ()))
        return tuple(outcome for outcome in self._policy.outcomes if outcome in as_ids(test))

    def _sentences(self, condition: Condition) -> tuple[Markup, ...]:
        return tuple(self._sentence(question, test) for question, test in condition.items() if question != OUTCOME)

    def _sentence(self, question: str, test: str | tuple[str, ...] | Comparison) -> Markup:
        if question in (REMEDIES, COSTS):
            return self._granted(question, test)
        if not isinstance(test, Comparison):
            return self._answered("only", question, as_ids(test))
        if test.not_ is not None:
            return self._answered("except", question, as_ids(test.not_))
        ask = self.asked(question)
        if test.within is not None:
            return self.say("pages.within", question=ask, length=self.length(test.within))
        assert test.longer_ago_than is not None
        return self.say("pages.longer_ago", question=ask, length=self.length(test.longer_ago_than))

    def _answered(self, kind: str, question: str, answers: tuple[str, ...]) -> Markup:
        """Noun phrases say it in short. An answer that has none, such as a mere yes, needs its question."""
        offered = self._policy.questions[question].offered
        phrases = self.join(self._quoted(question, answer) for answer in answers)
        if all(offered[answer].in_words for answer in answers):
            return self.say(f"pages.{kind}", answers=phrases)
        return self.say(f"pages.{kind}_answer", answers=phrases, question=self.asked(question))

    def _granted(self, kind: str, test: str | tuple[str, ...] | Comparison) -> Markup:
        """What an invariant asks of the grants."""
        names = self._policy.remedies if kind == REMEDIES else self._policy.costs
        refused = isinstance(test, Comparison)
        ids = as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)
        things = self.join(
            self._messages.say(f"pages.any_{kind}") if id_ == ANY else marked(f"{kind}.{id_}", names[id_])
            for id_ in ids
        )
        return self.say("pages.not_granted" if refused else "pages.granted", things=things)

    def _quoted(self, question: str, answer: str) -> Markup:
        """An answer inside a sentence: as its noun phrase, or else in the customer's words."""
        choice = self._policy.questions[question].offered[answer]
        return marked(f"{question}.{answer}", choice.in_words or self._messages.say("pages.quote", text=choice.title))
