"""Answers that are money: one amount, or several that are added up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from checker.answers.kinds.kind import AnswerKind, StoredAnswer
from checker.policy import Policy, Question
from checker.values.amounts import read_amount, read_amounts


class AmountKind(AnswerKind[tuple[Decimal, ...]]):
    """One amount."""

    name = "amount"
    view = "refund"
    is_money = True

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> tuple[Decimal, ...]:
        """The amount. Raises InvalidInputError if the raw answer is none."""
        return (read_amount(raw),)

    def stored(self, value: tuple[Decimal, ...]) -> StoredAnswer:
        """The amount in digits."""
        return str(value[0])

    def text(self, policy: Policy, question: Question, answer: StoredAnswer) -> str:
        """The amounts in digits, joined."""
        return policy.messages.join([answer] if isinstance(answer, str) else answer)


class AmountsKind(AmountKind):
    """A list of amounts."""

    name = "amounts"
    is_list = True

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> tuple[Decimal, ...]:
        """The amounts without empty entries. Raises InvalidInputError, with the number of the entry."""
        return read_amounts(raw)

    def stored(self, value: tuple[Decimal, ...]) -> StoredAnswer:
        """The amounts in digits."""
        return [str(amount) for amount in value]
