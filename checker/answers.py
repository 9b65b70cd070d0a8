"""Raw answers, as they come from a form or a file, to typed answers: or errors that name the question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checker.calendar import LONGEST, in_words
from checker.policy import Policy, Question
from checker.words import join, say

UNKNOWN = "unknown"
"""The answer "I don't know"."""

LATEST_TODAY = date(9000, 1, 1)
"""Beyond it a device's clock is wrong, and sums of days could leave the calendar."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_AMOUNT = re.compile(r"\d{1,12}([.,]\d{1,2})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What is wrong with an answer; ``question`` is None when it concerns no single one."""

    question: str | None
    message: str


class AnswerErrors(ValueError):
    """All that is wrong with a set of answers, in the order of the policy's questions."""

    def __init__(self, errors: Iterable[AnswerError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{error.question}: {error.message}" for error in self.errors))

    def to_json(self) -> dict[str, object]:
        """The object that stands in place of a verdict."""
        return {"errors": [{"question": each.question, "message": each.message} for each in self.errors]}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a customer answered. A question that is in none of the four is open."""

    choices: Mapping[str, str]
    dates: Mapping[str, date]
    amounts: Mapping[str, Decimal]
    proof: frozenset[str]
    given: frozenset[str]
    """The questions that have an answer, "I don't know" among them: they are not asked again."""


class _Bad(Exception):
    """An answer that is none; the message is the customer's."""


def parse_answers(policy: Policy, raw: object, today: date) -> Answers:
    """Read ``{question id: answer}``. Raises AnswerErrors with everything that is wrong, and nothing else.

    A missing answer, a null and ``unknown`` leave the question open; a date question may say in the
    policy that today stands in for it.
    """
    if today > LATEST_TODAY:
        raise AnswerErrors([AnswerError(None, say("error.today"))])
    if not isinstance(raw, Mapping):
        raise AnswerErrors([AnswerError(None, say("error.answers_object"))])
    errors = [AnswerError(str(name), _unknown_question(policy, name)) for name in raw if name not in policy.questions]
    choices: dict[str, str] = {}
    dates: dict[str, date] = {}
    amounts: dict[str, Decimal] = {}
    proof: frozenset[str] = frozenset()
    given = {name for name in policy.questions if raw.get(name) is not None}
    for name, question in policy.questions.items():
        answer = raw.get(name)
        if (answer is None or answer == UNKNOWN) and question.unless_given:
            dates[name] = today
        if answer is None or answer == UNKNOWN:
            continue
        try:
            if question.answer == "one choice":
                choices[name] = _choice(question.choices or {}, answer)
            elif question.answer == "proof":
                proof = _proof(policy, answer)
            elif question.answer == "amount":
                amounts[name] = _amount(answer)
            elif isinstance(answer, str) and answer in (question.or_ or {}):
                choices[name] = answer
            else:
                dates[name] = _date(question, answer, today)
        except _Bad as bad:
            errors.append(AnswerError(name, str(bad)))
    errors += [*_dates_in_order(policy, dates), *_shares_in_range(policy, amounts)]
    if errors:
        order = [*policy.questions]
        errors.sort(key=lambda error: order.index(error.question) if error.question in order else len(order))
        raise AnswerErrors(errors)
    return Answers(choices, dates, amounts, proof, frozenset(given))


def parse_today(raw: object) -> date:
    """The day of asking, year-month-day. Raises AnswerErrors when it is not a date."""
    if isinstance(raw, str) and _DATE.fullmatch(raw):
        try:
            return date.fromisoformat(raw)
        except ValueError:
            pass
    raise AnswerErrors([AnswerError(None, say("error.today"))])


def _unknown_question(policy: Policy, name: object) -> str:
    near = difflib.get_close_matches(str(name)[:80], policy.questions, n=1)
    if near:
        return say("error.did_you_mean", question=_short(name), near=near[0])
    return say("error.unknown_question", question=_short(name))


def _choice(choices: Mapping[str, object], answer: object) -> str:
    if isinstance(answer, str) and answer in choices:
        return answer
    listed = join([*choices, UNKNOWN], "or")
    if isinstance(answer, str):
        raise _Bad(say("error.choice", given=_short(answer), choices=listed))
    raise _Bad(say("error.choice_text", choices=listed))


def _date(question: Question, answer: object, today: date) -> date:
    if not isinstance(answer, str):
        raise _Bad(say("error.date_text"))
    if not _DATE.fullmatch(answer):
        raise _Bad(say("error.date", given=_short(answer)))
    try:
        day = date.fromisoformat(answer)
    except ValueError:
        raise _Bad(say("error.no_such_day", given=answer)) from None
    if question.counted_to and day > today:
        raise _Bad(say("error.future", date=in_words(today)))
    if abs((day - today).days) > LONGEST:
        raise _Bad(say("error.date_far"))
    return day


def _proof(policy: Policy, answer: object) -> frozenset[str]:
    if not isinstance(answer, (list, tuple)):
        raise _Bad(say("error.proof_list"))
    items = {item for clause in policy.clauses.values() for item in clause.proof}
    for given in answer:
        if not isinstance(given, str) or given not in items:
            raise _Bad(say("error.proof_item", given=_short(given)))
    return frozenset(answer)


def _amount(answer: object) -> Decimal:
    if not isinstance(answer, str):
        raise _Bad(say("error.amount_text"))
    if not _AMOUNT.fullmatch(answer.strip()):
        raise _Bad(say("error.amount", given=_short(answer)))
    return Decimal(answer.strip().replace(",", "."))


def _dates_in_order(policy: Policy, dates: Mapping[str, date]) -> Iterator[AnswerError]:
    for name, day in dates.items():
        end = dates.get(policy.questions[name].counted_to or "")
        if end and day > end:
            yield AnswerError(name, say("error.after", date=in_words(end)))


def _shares_in_range(policy: Policy, amounts: Mapping[str, Decimal]) -> Iterator[AnswerError]:
    if not amounts:
        return
    shares = [each.share for clause in policy.clauses.values() for each in clause.estimates.values()]
    for share in shares:
        whole = amounts.get(share.is_of)
        if whole is None:
            continue
        if not whole:
            yield AnswerError(share.is_of, say("error.share_zero"))
            continue
        for name in (share.of, share.that):
            if amounts.get(name, whole) > whole:
                asked = policy.questions[share.is_of].ask
                yield AnswerError(name, say("error.share_above", whole=whole, question=asked))


def _short(answer: object) -> str:
    text = str(answer)
    return text if len(text) <= 40 else text[:39] + "…"
