"""Answers that are a date, or one of the choices that a question offers instead of a date."""

from __future__ import annotations

from datetime import date

from checker.answers.kinds.kind import AnswerKind, Domain, StoredAnswer
from checker.policy import Policy, Question
from checker.values.dates import iso_date, read_date
from checker.values.normalize import InvalidInputError, is_blank


class DateKind(AnswerKind[str | date]):
    """A date, or the id of a choice."""

    name = "date"
    keys = ("counted_to", "unless_given", "or_")
    counts_days = True

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> str | date:
        """A date or the id of a choice. Raises InvalidInputError for neither, and for a counted date after today."""
        messages = policy.messages
        if isinstance(raw, str) and raw in question.offered:
            return raw
        if is_blank(raw):
            titles = [*(choice.title for choice in question.offered.values()), messages.say("pages.unknown")]
            answers = messages.join((messages.say("pages.quote", text=title) for title in titles), "or")
            raise InvalidInputError(
                "date_blank", date=question.in_words or messages.say("error.any_date"), answers=answers
            )
        if not isinstance(raw, str):
            raise InvalidInputError("date_whole")
        day = read_date(raw, today, messages)
        if question.counted_to and day > today:
            raise InvalidInputError("future", day=day, date=today)
        return day

    def is_link_text(self, text: str, *, is_open: bool) -> bool:
        """Whether it is year-month-day, which shows that nothing of it is missing."""
        return iso_date(text) is not None

    def text(self, policy: Policy, question: Question, answer: StoredAnswer) -> str:
        """The title of a choice, or the date in words."""
        if answer in question.offered:
            return super().text(policy, question, answer)
        return policy.messages.date(date.fromisoformat(str(answer)))

    def default(self, question: Question, today: date) -> date | None:
        """The day of asking, if the policy has it as the default."""
        return today if question.unless_given else None

    def domain(self, question: Question) -> Domain | None:
        """The choices and the days up to another date; None if the policy does not count the days."""
        return Domain((*question.offered,), question.counted_to) if question.counted_to else None
