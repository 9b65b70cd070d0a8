"""From one question to the next: which answers count, and which question is asked after them.

The only state is the raw answers. Each call follows them from the first question on: the checker names the question
that matters next, its answer is read, and so on. After a changed answer, later answers count if they still matter.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from itertools import takewhile
from typing import TypedDict

from checker.answers.kinds import StoredAnswer, is_step, kind_of
from checker.answers.parse import UNKNOWN, AnswerError, AnswerErrors, Answers, parse_answers
from checker.decide import Checker
from checker.policy import Policy


class Progress(TypedDict):
    """The place of a question on its path."""

    position: int
    """How many questions have been asked, with this one."""
    total: int
    """As in ``DialogPath.totals``."""
    text: str
    """Both in words."""


@dataclass(frozen=True, kw_only=True, slots=True)
class DialogPath:
    """The result of following a set of answers from the first question on."""

    answers: Answers
    """The answers that count."""
    step: str | None
    """The question to ask next; None if the answers lead to the result."""
    errors: tuple[AnswerError, ...] = ()
    """Mistakes in the answer to ``step``, or in answers that the result uses."""
    totals: Mapping[str, int] = field(default_factory=dict)
    """For each question on the path, ``step`` included, the most questions that a path can have at that place.

    So many are asked if the customer knows none of the answers that follow: an answer can only spare questions. The
    total never grows from one question to the next, and is never less than the question's own position.
    """


def follow_answers(checker: Checker, raw: Mapping[str, object], today: date, asked: Collection[str] = ()) -> DialogPath:
    """The path from the first question as far as the answers lead, without answers to questions that do not matter.

    Of two answers that contradict each other, the one in ``asked``, the questions just answered, is the mistake.
    """
    policy = checker.policy
    answers = parse_answers(policy, {}, today)
    totals: dict[str, int] = {}
    while left := _steps_left(checker, answers):
        step = left[0]
        totals[step] = len(totals) + len(left)
        if raw.get(step) is None:
            return DialogPath(answers=answers, step=step, totals=totals)
        end = policy.questions[step].counted_to
        for name in sorted(filter(None, (step, end)), key=lambda name: name in asked):
            if raw.get(name) is None:
                continue
            try:
                answers = parse_answers(policy, {**answers.stored, name: raw[name]}, today)
            except AnswerErrors as refusal:
                errors = tuple(_of_question(error, name, policy) for error in refusal.errors)
                return DialogPath(answers=answers, step=name, errors=errors, totals=totals)
    return _to_result(policy, answers, raw, today, totals)


def longest_path(checker: Checker) -> int:
    """The most questions that are asked on the way to a result."""
    return len(_steps_left(checker, parse_answers(checker.policy, {}, checker.policy.valid_from)))


def progress(policy: Policy, path: DialogPath) -> dict[str, Progress]:
    """The progress of each question on a path."""
    say = policy.messages.say
    return {
        name: {
            "position": position,
            "total": total,
            "text": say("form.progress" if position < total else "form.progress_last", position=position, total=total),
        }
        for position, (name, total) in enumerate(path.totals.items(), 1)
    }


def answers_in_words(
    policy: Policy, answers: Mapping[str, StoredAnswer], today: date | None = None
) -> Iterator[tuple[str, str]]:
    """The answers of a path in words, by question; with ``today`` also the days for which today is the default."""
    for name, answer in answers.items():
        if is_step(policy.questions[name]):
            yield name, answer_text(policy, name, answer)
    for name, question in policy.questions.items():
        if question.unless_given and name in answers:
            yield name, answer_text(policy, name, answers[name])
        elif question.unless_given and today and any(policy.questions[start].counted_to == name for start in answers):
            yield name, policy.messages.say("form.today", date=policy.messages.date(today))


def answer_text(policy: Policy, name: str, answer: StoredAnswer) -> str:
    """The answer to a question in the customer's words."""
    question = policy.questions[name]
    if answer == UNKNOWN:
        return policy.messages.say("pages.unknown")
    return kind_of(question).text(policy, question, answer)


def readable_answers(policy: Policy, raw: Mapping[str, object], today: date) -> dict[str, object]:
    """The answers that fit the policy; those of an old link or an old visit may not."""
    readable: dict[str, object] = {}
    for name in policy.questions:
        if raw.get(name) is not None:
            with suppress(AnswerErrors):
                parse_answers(policy, readable | {name: raw[name]}, today)
                readable[name] = raw[name]
    return readable


def _of_question(error: AnswerError, name: str, policy: Policy) -> AnswerError:
    """The error, moved to the question just answered if it names the other date of a count."""
    if error.question is None or error.question == name:
        return error
    return AnswerError(name, policy.messages.say("error.before", question=policy.questions[error.question].ask))


def _steps_left(checker: Checker, answers: Answers) -> list[str]:
    """The steps that can still be asked, the next one first; empty if the result is next."""
    questions = checker.policy.questions
    return [*takewhile(lambda name: is_step(questions[name]), checker.to_ask(answers))]


def _to_result(
    policy: Policy, answers: Answers, raw: Mapping[str, object], today: date, totals: Mapping[str, int]
) -> DialogPath:
    """The path to a result, with the answers given beside it. Mistakes in those do not hold up the result."""
    beside = {
        name: raw[name]
        for name, question in policy.questions.items()
        if kind_of(question).view != "step" and raw.get(name) is not None
    }
    errors: tuple[AnswerError, ...] = ()
    while True:
        try:
            all_answers = parse_answers(policy, {**answers.stored, **beside}, today)
            return DialogPath(answers=all_answers, step=None, errors=errors, totals=totals)
        except AnswerErrors as refusal:
            errors += refusal.errors
            wrong = {error.question for error in errors}
            beside = {name: answer for name, answer in beside.items() if name not in wrong}
