"""The response to a set of answers: all that a page shows next."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from checker.answers.kinds import is_step, kind_of
from checker.answers.parse import AnswerError, parse_today
from checker.decide import Checker
from checker.explain.explanation import explain
from checker.policy import Policy
from checker.request.calendar_entry import Entry, Saved, calendar_entries
from checker.request.letter import LetterInput
from checker.request.proof import ProofState, proof_states
from checker.web import permalink
from checker.web.dialog import answers_in_words, follow_answers, progress, readable_answers
from checker.web.parameters import Parameters


class Case:
    """The answers of a call, the path through the questions that they give, and their verdict.

    With ``asked`` the customer has just answered these questions, and is shown the errors of the answers. Without it
    the answers come from a store, or from the link in ``link``: those that do not fit the policy are dropped, with a
    notice. Of a ``known`` link, whose answers come from the store, only the notices count. With ``another`` only the
    answers about the order are used. ``opened`` is the view of an address: a notice says if it needs answers and there
    are none. Others say that the browser stores nothing, if it is ``unstored``, and that it has ``lost`` pictures.

    The stored answers hold the proof that the customer sends separately. What ``letter`` and ``pictures`` provide
    counts in this call alone. ``saved`` are the entries of the case in calendar files that were saved.

    Raises AnswerErrors if ``today`` is no date.
    """

    def __init__(self, checker: Checker, parameters: Parameters) -> None:
        self._checker = checker
        self.policy = checker.policy
        self.today = parse_today(parameters.get("today"), self.policy.messages)
        self.notices: list[str] = []
        self._latest = parameters["asked"] if isinstance(parameters.get("asked"), list) else None
        self._raw = self._read(parameters)
        self.walk = follow_answers(checker, self._raw, self.today, self._latest or ())
        if self._raw and self.walk.step and parameters.get("opened") == "check-prepare":
            self.notices.append(self.policy.messages.say("prepare.first"))
        self.saved = Saved.read(parameters.get("saved"))
        self.letter = LetterInput.read(parameters.get("letter"))
        verdict = checker.decide(self.walk.answers, self.today)
        self._separately = verdict.provided
        self.verdict = verdict
        ready = {entry.item for entry in self.proof(_pictures(parameters)) if entry.is_ready}
        requested = (*verdict.needed, *verdict.possibly_needed)
        self.verdict = replace(verdict, provided=tuple(item for item in requested if item in ready))
        self.stored = self.walk.answers.stored
        # The day of acting is worth an answer where today is too late.
        late = self.walk.step is None and any(deadline.days_left is None for deadline in self.verdict.deadlines)
        self.answer_texts = [*answers_in_words(self.policy, self.stored, self.today if late else None)]

    def _read(self, parameters: Parameters) -> dict[str, object]:
        policy, answers = self.policy, parameters.get("answers")
        if "link" in parameters:
            link = permalink.read(policy, parameters["link"])
            if parameters.get("known") is not True:
                answers = link.answers
            self.notices += _link_notices(policy, link)
        if not isinstance(answers, Mapping):
            answers = {}
        raw = {name: answers[name] for name in policy.questions if answers.get(name) not in (None, [])}
        if parameters.get("another"):
            raw = {name: answer for name, answer in raw.items() if policy.questions[name].about == "order"}
        if parameters.get("lost") is True:
            self.notices.append(self.policy.messages.say("notice.lost"))
        if parameters.get("unstored") is True:
            self.notices.append(self.policy.messages.say("notice.unstored"))
        if self._latest is not None:
            return raw
        valid = readable_answers(policy, raw, self.today)
        if len(valid) < len(raw):
            self.notices.append(self.policy.messages.say("notice.dropped"))
        elif not raw and parameters.get("opened") not in (None, "", next(iter(policy.questions), None)):
            self.notices.append(self.policy.messages.say("notice.no_answers"))
        self.notices = [*dict.fromkeys(self.notices)]
        return valid

    def proof(self, pictures: Iterable[tuple[str, str]]) -> Iterator[ProofState]:
        """The state of each proof item with these pictures, which are ids of proof items with file names."""
        described = self.letter.is_described
        return proof_states(self.policy, self.verdict, self._separately, pictures, described=described)

    @property
    def calendar_entries(self) -> list[Entry]:
        """The entries of the case's next calendar file."""
        return calendar_entries(self.verdict, self.saved)

    @property
    def answers(self) -> dict[str, object]:
        """All valid answers, also those that do not count at present: they may count again."""
        wrong = {error.question for error in self.walk.errors}
        return {name: answer for name, answer in self._raw.items() if name not in wrong} | {**self.stored}

    def known(self, cases: Iterable[Mapping[str, Any]]) -> int | None:
        """The index of the first case that has the answers of the link; None if none has them.

        Each case is an object of ``answers`` and ``visited``. It has the answers of the link if it gives the same link,
        with amounts or without. If it is the case that the page has ``visited`` at this address, it is enough that it
        has the answers to the questions: what is given beside them, and the day, may have changed since then.
        """
        for index, case in enumerate(cases):
            answers = case.get("answers")
            if isinstance(answers, Mapping) and self._has_answers_of_link(answers, visited=case.get("visited") is True):
                return index
        return None

    def _has_answers_of_link(self, answers: Mapping[str, object], *, visited: bool) -> bool:
        questions = self.policy.questions
        if visited:
            steps = {name: answer for name, answer in self._raw.items() if is_step(questions[name])}
            return bool(steps) and all(answers.get(name) == answer for name, answer in steps.items())
        readable = readable_answers(self.policy, answers, self.today)
        stored = follow_answers(self._checker, readable, self.today).answers.stored
        own = [*permalink.write(self.policy, self.stored, amounts=True)]
        links = ([*permalink.write(self.policy, stored, amounts=amounts)] for amounts in (False, True))
        return bool(self.stored) and own in links

    def errors(self) -> Iterator[AnswerError]:
        """The errors of the answers, and of amounts that are missing for an estimate."""
        yield from self.walk.errors
        known = {error.question for error in self.walk.errors} | self.stored.keys()
        for name, question in self.policy.questions.items():
            if kind_of(question).is_money and name in (self._latest or ()) and name not in known:
                yield AnswerError(name, self.policy.messages.say("error.amount_blank", question=question.name))

    def offers(self) -> Iterator[str]:
        """The tools that fit the verdict."""
        verdict, outcome = self.verdict, self.policy.outcomes.get(self.verdict.outcome or "")
        if verdict.needed or verdict.possibly_needed or (outcome and outcome.letter):
            yield "prepare"
        if verdict.amounts:
            yield "refund"
        if verdict.estimates:
            yield "amounts"
        if self.calendar_entries:
            yield "calendar"


def _link_notices(policy: Policy, link: permalink.Link) -> Iterator[str]:
    """Notices of damage to a link and of a change of the policy, which only a whole link can show."""
    say = policy.messages.say
    if link.is_current is False:
        yield say("notice.changed")
    if link.unread and link.is_current is False:
        yield say("notice.dropped")
    elif link.unread:
        names = policy.messages.join(say("pages.quote", text=policy.questions[name].name) for name in link.unread)
        yield say("notice.damaged", names=names)
    elif link.is_cut:
        yield say("notice.cut")


def _pictures(parameters: Parameters) -> Iterator[tuple[str, str]]:
    """The proof items of the pictures in a call that may have none; their names do not matter there."""
    pictures = parameters.get("pictures")
    for picture in pictures if isinstance(pictures, list) else ():
        if isinstance(picture, dict) and isinstance(picture.get("item"), str):
            yield picture["item"], ""


def respond(checker: Checker, parameters: Parameters) -> dict[str, Any]:
    """The response as a JSON object.

    It has the valid answers, the next question or null for the result, the answers in words, the progress of each
    question on the path, errors and notices, the tools that fit, the links with the answers, and the verdict with its
    explanation.

    Raises AnswerErrors if ``today`` is no date.
    """
    case = Case(checker, parameters)
    policy, verdict = checker.policy, case.verdict
    say = policy.messages.say
    return {
        "answers": case.answers,
        "step": case.walk.step,
        "given": [
            {"question": name, "name": policy.questions[name].name, "answer": text} for name, text in case.answer_texts
        ],
        "progress": progress(policy, case.walk),
        "errors": [error.to_json() for error in case.errors()],
        "notices": case.notices,
        "offers": [*case.offers()],
        "links": {
            "plain": [*permalink.write(policy, case.stored)],
            "amounts": [*permalink.write(policy, case.stored, amounts=True)],
        },
        "stamp": say("result.stamp", today=case.today, version=verdict.version, valid_from=verdict.valid_from),
        "verdict": verdict.to_json(),
        "explanation": explain(policy, verdict).to_json(),
    }
