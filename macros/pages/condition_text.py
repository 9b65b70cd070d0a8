"""The conditions of a policy in words, as HTML for the pages.

Each test of a condition is a short sentence of a fixed form, so that it is correct with the phrases of any policy. Each
name in a sentence has its id as an attribute, so that a program can read the page as a person does.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from markupsafe import Markup, escape

from checker.engine.compile import ANY, OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.engine.variables import Variable, value_by
from checker.policy import Comparison, Policy, When, as_ids, as_list
from checker.values.durations import Duration

type Sentences = tuple[Markup, ...]
"""One way to fulfil a condition: all of the sentences must hold."""


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

    def alternatives(self, when: When) -> tuple[Sentences, ...]:
        """The alternatives of a condition; empty if it always holds."""
        alternatives = tuple(
            tuple(self._sentence(name, test) for name, test in condition.items()) for condition in as_list(when)
        )
        return alternatives if all(alternatives) else ()

    def answers(self, variable: Variable, values: frozenset[int]) -> list[Sentences]:
        """Some of the answers to a question: alternatives, of which any one is enough."""
        question, choices = variable.question, variable.choices_of(values)
        missing = tuple(choice for choice in variable.choices if choice not in choices)
        days = [*variable.day_ranges(values)]
        if days == [(0, None)] or (not days and not variable.first_days and len(missing) < len(choices)):
            return [(self._answer_sentence("except", question, missing),)]
        sentences = [self._days(question, least, most) for least, most in days]
        return [*sentences, (self._answer_sentence("only", question, choices),)] if choices else sentences

    def _days(self, question: str, least: int, most: int | None) -> Sentences:
        """Some days as the answer to a question."""
        bounds = {"longer_ago": least - 1 if least else None, "within": most}
        ask = self.question(question)
        return tuple(
            self.say(f"pages.{kind}", question=ask, length=self.days(bound))
            for kind, bound in bounds.items()
            if bound is not None
        )

    def days(self, days: int) -> str:
        """A number of days in words."""
        return Duration(days, days, "day").in_words(self._messages)

    def duration(self, value: str) -> Markup:
        """A duration by the name of its value, with the answers that it depends on if any."""
        by, durations = value_by(self._policy, value)
        if by is None:
            return escape(self._duration(durations[""]))
        return self.join(
            self.say("pages.length_for", length=self._duration(text), choice=self.quote(by, choice))
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

    def day(self, question: str) -> Markup:
        """The day that answers a question, as the subject of a sentence."""
        day = self._policy.questions[question].in_words
        if day is None:
            return self.say("pages.day_of", question=self._policy.questions[question].ask)
        return escape(day[:1].upper() + day[1:])

    def _outcomes(self, test: str | tuple[str, ...] | Comparison) -> tuple[str, ...]:
        """The outcomes that pass a test, in the policy's order."""
        if isinstance(test, Comparison):
            return tuple(outcome for outcome in self._policy.outcomes if outcome not in as_ids(test.not_ or ()))
        return tuple(outcome for outcome in self._policy.outcomes if outcome in as_ids(test))

    def _sentence(self, question: str, test: str | tuple[str, ...] | Comparison) -> Markup:
        if question == OUTCOME:
            titles = {id_: self._policy.outcomes[id_].title for id_ in self._outcomes(test)}
            outcomes = (marked(id_, self._messages.say("pages.quote", text=title)) for id_, title in titles.items())
            return self.say("pages.outcomes", outcomes=self.join(outcomes))
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
        phrases = self.join(self.quote(question, answer) for answer in answers)
        if all(offered[answer].in_words for answer in answers):
            return self.say(f"pages.{kind}", answers=phrases)
        return self.say(f"pages.{kind}_answer", answers=phrases, question=self.question(question))

    def _grant_sentence(self, kind: str, test: str | tuple[str, ...] | Comparison) -> Markup:
        """The sentence on the remedies or costs that a condition names."""
        names = self._policy.remedies if kind == REMEDIES else self._policy.costs
        negated = isinstance(test, Comparison)
        ids = as_ids((test.not_ or ()) if isinstance(test, Comparison) else test)
        things = self.join(
            marked(f"{kind}.{id_}", self._messages.say(f"pages.any_{kind}") if id_ == ANY else names[id_])
            for id_ in ids
        )
        return self.say("pages.not_granted" if negated else "pages.granted", things=things)

    def quote(self, question: str, answer: str) -> Markup:
        """An answer inside a sentence: its noun phrase, or else its title in quotes."""
        choice = self._policy.questions[question].offered[answer]
        return marked(f"{question}.{answer}", choice.in_words or self._messages.say("pages.quote", text=choice.title))
