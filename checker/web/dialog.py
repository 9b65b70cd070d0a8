"""From one question to the next: which answers count, and which question is asked after them.

Nothing is remembered but the answers. Each time the way is walked anew from its start: the checker names
the question that matters next, the answer that is there for it is taken, and so on. So an answer that was
changed keeps all later ones that still matter, and the others count no more.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import date

from checker.answers.parse import UNKNOWN, AnswerError, AnswerErrors, Answers, parse_answers
from checker.decide import Checker
from checker.policy import Policy, Question

type Given = str | list[str]
"""An answer as links and stores hold it: a day as year-month-day, several things as a list."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Walk:
    """How far a set of answers leads."""

    answers: Mapping[str, Given]
    """Those that count, by question."""
    step: str | None
    """The question to ask next; None when the answers lead to the result."""
    errors: tuple[AnswerError, ...] = ()
    """What is wrong with an answer: with one on the way, then ``step`` names it, or with one that the result uses."""


def walk(checker: Checker, raw: Mapping[str, object], today: date, asked: Collection[str] = ()) -> Walk:
    """Walk from the first question as far as the answers lead. Answers to questions that do not matter are left out.

    Where two answers do not fit together, the mistake is in the one that was ``asked`` for just now.
    """
    policy = checker.policy
    taken: dict[str, Given] = {}
    read = parse_answers(policy, taken, today)
    while (step := checker.ask(read)) and is_asked(policy.questions[step]):
        if raw.get(step) is None:
            return Walk(answers=taken, step=step)
        end = policy.questions[step].counted_to
        for name in sorted(filter(None, (step, end)), key=lambda name: name in asked):
            if raw.get(name) is None:
                continue
            try:
                read = parse_answers(policy, taken | {name: raw[name]}, today)
            except AnswerErrors as found:
                errors = tuple(_of(error, name, policy) for error in found.errors)
                return Walk(answers=taken, step=name, errors=errors)
            if (kept := _kept(policy, read, name)) is not None:
                taken[name] = kept
    return _with_tools(policy, taken, raw, today)


def is_asked(question: Question) -> bool:
    """Whether a question is asked on the way. What is ready and what it cost are asked beside the result."""
    return question.answer in ("one choice", "date") and not question.unless_given


def given(policy: Policy, answers: Mapping[str, Given], today: date | None = None) -> Iterator[tuple[str, str]]:
    """The answers of a walk in words, by question; with ``today`` also the day that stands for what nobody gave."""
    for name, answer in answers.items():
        if is_asked(policy.questions[name]):
            yield name, said(policy, name, answer)
    for name, question in policy.questions.items():
        if question.unless_given and name in answers:
            yield name, said(policy, name, answers[name])
        elif question.unless_given and today and any(policy.questions[each].counted_to == name for each in answers):
            yield name, policy.messages.say("form.today", date=today)


def said(policy: Policy, question: str, answer: Given) -> str:
    """One answer as the customer would say it."""
    if answer == UNKNOWN:
        return policy.messages.say("pages.unknown")
    if isinstance(answer, list):
        proof = policy.proof
        return policy.messages.join(
            proof[part].title if part in proof else part for part in answer
        ) or policy.messages.say("pages.nothing")
    if choice := policy.questions[question].offered.get(answer):
        return choice.title
    return policy.messages.date(date.fromisoformat(answer)) if policy.questions[question].answer == "date" else answer


def fitting(policy: Policy, raw: Mapping[str, object], today: date) -> dict[str, object]:
    """Those of some answers that the policy can read. The others may come from a link or a visit of long ago."""
    with suppress(AnswerErrors):
        parse_answers(policy, raw, today)
        return {**raw}
    kept: dict[str, object] = {}
    for name in policy.questions:
        if raw.get(name) is not None:
            try:
                parse_answers(policy, kept | {name: raw[name]}, today)
            except AnswerErrors:
                continue
            kept[name] = raw[name]
    return kept


def _of(error: AnswerError, name: str, policy: Policy) -> AnswerError:
    """The error as one of the answer just read: its day may lie before the one that is counted from."""
    if error.question is None or error.question == name:
        return error
    return AnswerError(name, policy.messages.say("error.before", question=policy.questions[error.question].ask))


def _with_tools(policy: Policy, taken: dict[str, Given], raw: Mapping[str, object], today: date) -> Walk:
    """The walk to a result, with what is ready and what it cost. A mistake there keeps nobody from the result."""
    tools = {
        name: raw[name]
        for name, question in policy.questions.items()
        if question.answer not in ("one choice", "date") and raw.get(name) is not None
    }
    errors: tuple[AnswerError, ...] = ()
    while True:
        try:
            read = parse_answers(policy, taken | tools, today)
            break
        except AnswerErrors as found:
            errors += found.errors
            tools = {name: answer for name, answer in tools.items() if all(name != each.question for each in errors)}
    kept = {name: kept for name in tools if (kept := _kept(policy, read, name)) is not None}
    return Walk(answers=taken | kept, step=None, errors=errors)


def _kept(policy: Policy, answers: Answers, name: str) -> Given | None:
    """An answer as links and stores hold it; None for none."""
    kind = policy.questions[name].answer
    if name in answers.choices:
        return answers.choices[name]
    if name not in answers.given:
        return None
    if kind == "proof":
        return sorted(answers.proof)
    if name in answers.amounts:
        return [str(part) for part in answers.parts[name]] if kind == "amounts" else str(answers.amounts[name])
    return answers.dates[name].isoformat() if name in answers.dates else UNKNOWN
