"""Raw answers, as they come from a form or a file, to typed answers: or errors that name the question."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from checker.messages import join, say
from checker.policy import Choice, Policy, Question
from checker.values.amounts import as_amount, in_figures, read_amounts
from checker.values.dates import read_date
from checker.values.durations import in_words
from checker.values.normalize import InvalidInputError, is_blank, short

UNKNOWN = "unknown"
"""The answer "I don't know"."""

LATEST_TODAY = date(9000, 1, 1)
"""Beyond it a device's clock is wrong, and sums of days could leave the calendar."""

_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


@dataclass(frozen=True, slots=True)
class AnswerError:
    """What is wrong with an answer; ``question`` is None when it concerns no single one."""

    question: str | None
    message: str
    choices: tuple[str, ...] = ()
    """The ids that would be an answer: for who sends answers by id. Customers choose by title."""

    def to_json(self) -> dict[str, object]:
        """The error as a JSON object."""
        about = {"question": self.question, "message": self.message}
        return {**about, "choices": [*self.choices]} if self.choices else {**about}


class AnswerErrors(ValueError):
    """All that is wrong with a set of answers, in the order of the policy's questions."""

    def __init__(self, errors: Iterable[AnswerError]) -> None:
        self.errors = tuple(errors)
        super().__init__("\n".join(f"{error.question}: {error.message}" for error in self.errors))

    def to_json(self) -> dict[str, object]:
        """The object that stands in place of a verdict."""
        return {"errors": [error.to_json() for error in self.errors]}


@dataclass(frozen=True, slots=True)
class Answers:
    """What a customer answered. A question that is in none of the four is open."""

    choices: Mapping[str, str]
    dates: Mapping[str, date]
    parts: Mapping[str, tuple[Decimal, ...]]
    """The amounts, by question: one, or those of a list."""
    proof: frozenset[str]
    given: frozenset[str]
    """The questions that have an answer, "I don't know" among them: they are not asked again."""

    @property
    def amounts(self) -> dict[str, Decimal]:
        """The amounts by question, each list added up."""
        return {name: sum(parts, Decimal()) for name, parts in self.parts.items()}


def parse_answers(policy: Policy, raw: object, today: date) -> Answers:
    """Read ``{question id: answer}``. Raises AnswerErrors with everything that is wrong, and nothing else.

    A missing answer, a null and ``unknown`` leave the question open, and so does an amount that was left empty; a date
    question may say in the policy that today stands in for it.
    """
    if today > LATEST_TODAY:
        raise AnswerErrors([AnswerError(None, say("error.today"))])
    if not isinstance(raw, Mapping):
        raise AnswerErrors([AnswerError(None, say("error.answers_object"))])
    errors = [AnswerError(str(name), _unknown_question(policy, name)) for name in raw if name not in policy.questions]
    choices: dict[str, str] = {}
    dates: dict[str, date] = {}
    parts: dict[str, tuple[Decimal, ...]] = {}
    proof: frozenset[str] = frozenset()
    given: set[str] = set()
    for name, question in policy.questions.items():
        answer = raw.get(name)
        if answer is not None and _left_empty(question, answer):
            answer = None
        if answer is not None:
            given.add(name)
        if (answer is None or answer == UNKNOWN) and question.unless_given:
            dates[name] = today
        if answer is None or answer == UNKNOWN:
            continue
        try:
            if question.answer == "proof":
                proof = _proof(policy, answer)
            elif question.is_amount:
                parts[name] = read_amounts(answer) if question.answer == "amounts" else (as_amount(answer),)
            elif isinstance(answer, str) and answer in question.offered:
                choices[name] = answer
            elif question.answer == "date":
                dates[name] = _date(question, answer, today)
            else:
                errors.append(_no_choice(name, question.offered, answer))
        except InvalidInputError as bad:
            errors.append(AnswerError(name, str(bad)))
    errors += [*_dates_in_order(policy, dates), *_shares_in_range(policy, parts)]
    if errors:
        order = [*policy.questions]
        errors.sort(key=lambda error: order.index(error.question) if error.question in order else len(order))
        raise AnswerErrors(errors)
    return Answers(choices, dates, parts, proof, frozenset(given))


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
        return say("error.did_you_mean", question=short(str(name)), near=near[0])
    return say("error.unknown_question", question=short(str(name)))


def _left_empty(question: Question, answer: object) -> bool:
    """Whether nothing was filled in where nothing needs to be."""
    entries = answer if question.answer == "amounts" and isinstance(answer, (list, tuple)) else [answer]
    return bool(question.is_amount or question.unless_given) and all(map(is_blank, entries))


def _no_choice(name: str, choices: Mapping[str, Choice], answer: object) -> AnswerError:
    if is_blank(answer):
        message = say("error.choice_blank", unknown=say("pages.unknown"))
    elif isinstance(answer, str):
        message = say("error.choice", given=short(answer))
    else:
        message = say("error.choice_text")
    return AnswerError(name, message, (*choices, UNKNOWN))


def _date(question: Question, answer: object, today: date) -> date:
    if is_blank(answer):
        titles = [*(choice.title for choice in question.offered.values()), say("pages.unknown")]
        answers = join((say("pages.quote", text=title) for title in titles), "or")
        raise InvalidInputError(say("error.date_blank", answers=answers))
    if not isinstance(answer, str):
        raise InvalidInputError(say("error.date_whole"))
    day = read_date(answer, today)
    if question.counted_to and day > today:
        raise InvalidInputError(say("error.future", day=in_words(day), date=in_words(today)))
    return day


def _proof(policy: Policy, answer: object) -> frozenset[str]:
    if not isinstance(answer, (list, tuple)) or not all(isinstance(item, str) for item in answer):
        raise InvalidInputError(say("error.proof_list"))
    items = policy.proof
    for given in answer:
        if given not in items:
            raise InvalidInputError(say("error.proof_item", given=short(given)))
    return frozenset(answer)


def _dates_in_order(policy: Policy, dates: Mapping[str, date]) -> Iterator[AnswerError]:
    for name, day in dates.items():
        counted_to = policy.questions[name].counted_to or ""
        end = dates.get(counted_to)
        if end and day > end:
            asked = policy.questions[counted_to].ask
            yield AnswerError(name, say("error.after", day=in_words(day), date=in_words(end), question=asked))


def _shares_in_range(policy: Policy, parts: Mapping[str, tuple[Decimal, ...]]) -> Iterator[AnswerError]:
    """What no share can be worked out of, each mistake once."""
    if not parts:
        return
    amounts = {name: sum(each, Decimal()) for name, each in parts.items()}
    shares = [estimate.share for estimate in policy.estimates.values()]
    compared = {(share.is_of, name): None for share in shares for name in (share.is_of, share.of, share.that)}
    for whole, name in compared:
        most, amount = amounts.get(whole), amounts.get(name)
        if most is None or amount is None:
            continue
        if not most and name == whole:
            yield AnswerError(name, say("error.share_zero"))
        elif most and amount > most:
            kind = "share_above" if len(parts[name]) == 1 else "share_above_sum"
            asked = policy.questions[whole].ask
            message = say(f"error.{kind}", amount=in_figures(amount), whole=in_figures(most), question=asked)
            yield AnswerError(name, message)
