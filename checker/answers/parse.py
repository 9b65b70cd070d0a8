"""From raw answers, of a form, a link or a file, to typed answers, or to errors that name their question."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from checker.answers.kinds import StoredAnswer, Value, kind_of
from checker.messages import Messages
from checker.policy import Policy
from checker.values.amounts import in_figures
from checker.values.dates import iso_date
from checker.values.normalize import InvalidInputError, short

UNKNOWN = "unknown"
"""The answer "I don't know"."""

LATEST_TODAY = date(9000, 1, 1)
"""The latest day of asking: a later one means a wrong clock, and sums of days could leave the calendar."""


@dataclass(frozen=True, slots=True)
class AnswerError:
    """A mistake in an answer; ``question`` is None if it concerns no single question."""

    question: str | None
    message: str
    choices: tuple[str, ...] = ()
    """The ids that would be an answer, for clients that send ids. Customers choose by title."""

    def to_json(self) -> dict[str, object]:
        """The error as a JSON object."""
        about = {"question": self.question, "message": self.message}
        return {**about, "choices": [*self.choices]} if self.choices else {**about}


class AnswerErrors(ValueError):
    """All mistakes in a set of answers, in the order of the policy's questions."""

    def __init__(self, errors: Iterable[AnswerError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{error.question}: {error.message}" for error in self.errors))

    def to_json(self) -> dict[str, object]:
        """The JSON object that is returned instead of a verdict."""
        return {"errors": [error.to_json() for error in self.errors]}


@dataclass(frozen=True)
class Answers:
    """The typed answers of a customer."""

    values: Mapping[str, Value]
    """The answers by question. A question without one is open."""
    stored: Mapping[str, StoredAnswer]
    """The same in canonical form, ``unknown`` included. A question with one is not asked again."""

    @cached_property
    def choices(self) -> dict[str, str]:
        """The ids of choices, by question."""
        return {name: value for name, value in self.values.items() if isinstance(value, str)}

    @cached_property
    def dates(self) -> dict[str, date]:
        """The dates, by question."""
        return {name: value for name, value in self.values.items() if isinstance(value, date)}

    @cached_property
    def amounts(self) -> dict[str, tuple[Decimal, ...]]:
        """The amounts by question: one, or those of a list."""
        return {name: value for name, value in self.values.items() if isinstance(value, tuple)}

    @cached_property
    def proof(self) -> frozenset[str]:
        """The proof items that the customer has."""
        return next((value for value in self.values.values() if isinstance(value, frozenset)), frozenset())


def parse_answers(policy: Policy, raw: object, today: date) -> Answers:
    """Typed answers for ``{question id: raw answer}``. Raises AnswerErrors, which names all mistakes.

    A question without an answer, ``unknown`` included, is open or has its default. An optional field may be empty.
    """
    say = policy.messages.say
    if today > LATEST_TODAY:
        raise AnswerErrors([AnswerError(None, say("error.today"))])
    if not isinstance(raw, Mapping):
        raise AnswerErrors([AnswerError(None, say("error.answers_object"))])
    errors = [AnswerError(str(name), _unknown_question(policy, name)) for name in raw if name not in policy.questions]
    values: dict[str, Value] = {}
    stored: dict[str, StoredAnswer] = {}
    for name, question in policy.questions.items():
        kind, answer = kind_of(question), raw.get(name)
        if kind.is_optional_blank(question, answer):
            answer = None
        is_open = answer is None or answer == UNKNOWN
        try:
            value = kind.default(question, today) if is_open else kind.parse(policy, question, answer, today)
        except InvalidInputError as error:
            options = kind.options(question)
            choices = (*options, UNKNOWN) if options else ()
            errors.append(AnswerError(name, error.in_words(policy.messages), choices))
            continue
        if value is not None:
            values[name] = value
        if answer is not None:
            stored[name] = UNKNOWN if value is None else kind.stored(value)
    answers = Answers(values, stored)
    errors += [*_dates_in_order(policy, answers.dates), *_shares_in_range(policy, answers.amounts)]
    if errors:
        order = [*policy.questions]
        errors.sort(key=lambda error: order.index(error.question) if error.question in order else len(order))
        raise AnswerErrors(errors)
    return answers


def parse_today(raw: object, messages: Messages) -> date:
    """The day of asking from year-month-day. Raises AnswerErrors if it is not a date."""
    if isinstance(raw, str) and (day := iso_date(raw)):
        return day
    raise AnswerErrors([AnswerError(None, messages.say("error.today"))])


def _unknown_question(policy: Policy, name: object) -> str:
    near = difflib.get_close_matches(str(name)[:80], policy.questions, n=1)
    if near:
        return policy.messages.say("error.did_you_mean", question=short(str(name)), near=near[0])
    return policy.messages.say("error.unknown_question", question=short(str(name)))


def _dates_in_order(policy: Policy, dates: Mapping[str, date]) -> Iterator[AnswerError]:
    """Errors of dates that lie after the date to which their days are counted."""
    messages = policy.messages
    for name, day in dates.items():
        counted_to = policy.questions[name].counted_to or ""
        end = dates.get(counted_to)
        if end and day > end:
            asked = policy.questions[counted_to].ask
            message = messages.say("error.after", day=messages.date(day), date=messages.date(end), question=asked)
            yield AnswerError(name, message)


def _shares_in_range(policy: Policy, amounts: Mapping[str, tuple[Decimal, ...]]) -> Iterator[AnswerError]:
    """Errors of amounts from which no share can be worked out, each once."""
    if not amounts:
        return
    say = policy.messages.say
    totals = {name: sum(parts, Decimal()) for name, parts in amounts.items()}
    shares = [estimate.share for estimate in policy.estimates.values()]
    compared = dict.fromkeys((share.is_of, name) for share in shares for name in share.questions)
    for whole, name in compared:
        most, total = totals.get(whole), totals.get(name)
        if most is None or total is None:
            continue
        if not most and name == whole:
            yield AnswerError(name, say("error.share_zero"))
        elif most and total > most:
            code = "share_above" if len(amounts[name]) == 1 else "share_above_sum"
            asked = policy.questions[whole].ask
            message = say(f"error.{code}", amount=in_figures(total), whole=in_figures(most), question=asked)
            yield AnswerError(name, message)
