"""The conditions of a policy in words, as HTML for the pages.

Each test of a condition is a short sentence of a fixed form, so that it is correct with the phrases of any policy. The
outcomes stand apart, because pages show them as badges. Each name in a sentence has its id as an attribute, so that a
program can read the page as a person does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from markupsafe import Markup, escape

from checker.engine.compile import ANY, OUTCOME, CompiledPolicy
from checker.engine.diagram import HOLDS
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import value_by
from checker.policy import Comparison, Condition, Policy, When, as_ids, as_list
from checker.values.durations import Duration


@dataclass(frozen=True, slots=True)
class Alternative:
    """One way to fulfil a condition: one of the outcomes, and all of the sentences."""

    outcomes: tuple[str, ...]
    """In the policy's order; empty if any outcome will do."""
    sentences: tuple[Markup, ...]
    """Empty if any answers will do."""


def marked(id_: str, text: str) -> Markup:
    """A text of the policy in an element with the id of its item."""
    return Markup('<span data-id="{}">{}</span>').format(id_, text)


class Conditions:
    """The conditions of one policy in words."""

    def __init__(self, policy: Policy) -> None:
        """Takes the policy of the conditions."""
        self._policy = policy
        self._messages = policy.messages

    def say(self, key: str, /, **parts: object) -> Markup:
        """A message as HTML. The parts are escaped unless they are markup."""
        escaped: dict[str, Any] = {name: escape(part) for name, part in parts.items()}
        return Markup(self._messages.say(key, **escaped))

    def join(self, parts: Iterable[str], last: str = "or") -> Markup:
        """A list in words as HTML, its parts escaped unless they are markup."""
        return Markup(self._messages.join(map(escape, parts), last))

    def alternatives(self, when: When) -> tuple[Alternative, ...]:
        """The alternatives of a condition; empty if it always holds."""
        alternatives = tuple(Alternative(self._outcomes(part), self._sentences(part)) for part in as_list(when))
        return alternatives if all(item.outcomes or item.sentences for item in alternatives) else ()

    def alternatives_under(self, when: When, compiled: CompiledPolicy, outcome: str) -> tuple[Alternative, ...] | None:
        """The alternatives of a condition that can hold under a known outcome; None if none can."""
        decided = compiled.outcome, compiled.rank[outcome]
        parts = [
            part
            for part in as_list(when)
            if compiled.store.witness([(compiled.condition(part), HOLDS), decided]) is not None
        ]
        if not parts:
            return None
        return self.alternatives(
            tuple({name: test for name, test in part.items() if name != OUTCOME} for part in parts)
        )

    def duration(self, value: str) -> Markup:
        """A duration by the name of its value, with the answers that it depends on if any."""
        by, durations = value_by(self._policy, value)
        if by is None:
            return escape(self._duration(durations[""]))
        return self.join(
            self.say("pages.length_for", length=self._duration(text), choice=self._quote(by, choice))
            for choice, text in durations.items()
        )

    def _duration(self, text: str) -> str:
        return Duration.parse(text, self._messages).in_words(self._messages)

    def labels(self, question: str, answers: Iterable[str]) -> list[Markup]:
        """Answers to a question as short phrases."""
        offered = self._policy.questions[question].offered
        return [marked(f"{question}.{answer}", offered[answer].phrase) for answer in answers]

    def question(self, question: str) -> Markup:
        """A question for the middle of a sentence."""
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
            return self._grant_sentence(question, test)
        if not isinstance(test, Comparison):
            return self._answer_sentence("only", question, as_ids(test))
        if test.not_ is not None:
            return self._answer_sentence("except", question, as_ids(test.not_))
        ask = self.question(question)
        if test.within is not None:
            return self.say("pages.within", question=ask, length=self.duration(test.within))
        assert test.longer_ago_than is not None
        return self.say("pages.longer_ago", question=ask, length=self.duration(test.longer_ago_than))

    def _answer_sentence(self, kind: str, question: str, answers: tuple[str, ...]) -> Markup:
        """The sentence on some answers: their noun phrases; with the question if one has none, such as a mere yes."""
        offered = self._policy.questions[question].offered
        phrases = self.join(self._quote(question, answer) for answer in answers)
        if all(offered[answer].in_words for answer in answers):
            return self.say(f"pages.{kind}", answers=phrases)
        return self.say(f"pages.{kind}_answer", answers=phrases, question=self.question(question))

    def _grant_sentence(self, kind: str, test: str | tuple[str, ...] | Comparison) -> Markup:
        """The sentence on the remedies or costs that a condition names."""
        names = self._policy.remedies if kind == REMEDIES else self._policy.costs
        negated = isinstance(test, Comparison)
        ids = as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)
        things = self.join(
            self._messages.say(f"pages.any_{kind}") if id_ == ANY else marked(f"{kind}.{id_}", names[id_])
            for id_ in ids
        )
        return self.say("pages.not_granted" if negated else "pages.granted", things=things)

    def _quote(self, question: str, answer: str) -> Markup:
        """An answer inside a sentence: its noun phrase, or else its title in quotes."""
        choice = self._policy.questions[question].offered[answer]
        return marked(f"{question}.{answer}", choice.in_words or self._messages.say("pages.quote", text=choice.title))
