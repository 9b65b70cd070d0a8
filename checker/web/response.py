"""What the checker replies to a set of answers: all that a page shows next."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.answers.kinds import kind_of
from checker.answers.parse import AnswerError, parse_today
from checker.decide import Checker
from checker.explain.explanation import explain
from checker.explain.timeline import case_timeline
from checker.request.calendar_entry import last_day
from checker.web import permalink
from checker.web.dialog import answers_in_words, follow_answers, readable_answers


class Case:
    """The answers of one request, how far they lead, and what the policy says to them.

    With ``asked`` the customer has just answered these questions, and hears what is wrong with the answers. Without
    it the answers come from a store, or from the link in ``link``: what does not fit the policy is left out, and
    said. With ``another`` only what belongs to the order is taken over.

    Raises AnswerErrors where the day is none.
    """

    def __init__(self, checker: Checker, message: Mapping[str, Any]) -> None:
        self.policy = checker.policy
        self.today = parse_today(message.get("today"), self.policy.messages)
        self.notices: list[str] = []
        self._asked = message["asked"] if isinstance(message.get("asked"), list) else None
        self._raw = self._read(message)
        self.walk = follow_answers(checker, self._raw, self.today, self._asked or ())
        self.verdict = checker.decide(self.walk.answers, self.today)
        self.given = [*answers_in_words(self.policy, self.walk.answers, None if self.walk.step else self.today)]

    def _read(self, message: Mapping[str, Any]) -> dict[str, object]:
        policy, answers = self.policy, message.get("answers")
        if "link" in message:
            came = permalink.read(policy, message["link"])
            answers = came.answers
            if came.version not in (None, permalink.version(policy)):
                self.notices.append(self.policy.messages.say("notice.changed"))
        if not isinstance(answers, Mapping):
            answers = {}
        raw = {name: answers[name] for name in policy.questions if answers.get(name) not in (None, [])}
        if message.get("another"):
            raw = {name: answer for name, answer in raw.items() if policy.questions[name].about == "order"}
        if self._asked is not None:
            return raw
        kept = readable_answers(policy, raw, self.today)
        if len(kept) < len(raw):
            self.notices.append(self.policy.messages.say("notice.dropped"))
        return kept

    @property
    def answers(self) -> dict[str, object]:
        """All answers to hold: also those that do not count just now, as they may count again."""
        wrong = {error.question for error in self.walk.errors}
        return {name: answer for name, answer in self._raw.items() if name not in wrong} | {**self.walk.answers}

    def errors(self) -> Iterator[AnswerError]:
        """What is wrong with the answers, and which amounts are missing though an estimate was asked for."""
        yield from self.walk.errors
        heard = {error.question for error in self.walk.errors} | self.walk.answers.keys()
        for name, question in self.policy.questions.items():
            if (blank := kind_of(question).blank_error) and name in (self._asked or ()) and name not in heard:
                yield AnswerError(name, self.policy.messages.say(blank, question=question.ask))

    def offers(self) -> Iterator[str]:
        """What a customer can do with the verdict."""
        verdict = self.verdict
        if verdict.needed or verdict.possibly_needed:
            yield "prepare"
        if verdict.amounts:
            yield "refund"
        if verdict.estimates:
            yield "amounts"
        if last_day(verdict):
            yield "calendar"


def reply(checker: Checker, message: Mapping[str, Any]) -> dict[str, Any]:
    """What a page shows next, as a JSON object.

    The answers to hold, the next question or null for the result, the answers in words, errors and notices, what can
    be done with the result, the links that carry the answers, and the verdict with its words and its drawing.
    Raises AnswerErrors where the day is none.
    """
    case = Case(checker, message)
    policy, verdict, answers = checker.policy, case.verdict, case.walk.answers
    return {
        "answers": case.answers,
        "step": case.walk.step,
        "given": [{"question": name, "ask": policy.questions[name].ask, "answer": text} for name, text in case.given],
        "errors": [error.to_json() for error in case.errors()],
        "notices": case.notices,
        "offers": [*case.offers()],
        "links": {
            "plain": [*permalink.write(policy, answers)],
            "amounts": [*permalink.write(policy, answers, amounts=True)],
        },
        "stamp": policy.messages.say(
            "result.stamp",
            today=case.today,
            version=verdict.version,
            valid_from=verdict.valid_from,
        ),
        "verdict": verdict.to_json(),
        "explanation": explain(policy, verdict).to_json(),
        "timeline": case_timeline(policy, verdict),
    }
