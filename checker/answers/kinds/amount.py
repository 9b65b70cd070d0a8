"""Answers that are money: one amount, or several that are added up."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date
from decimal import Decimal

from checker.answers.kinds.kind import AnswerKind, StoredAnswer
from checker.policy import Policy, Question
from checker.values.amounts import in_figures, read_amount, read_amounts
from checker.values.normalize import InvalidInputError

_TO_THE_HUNDREDTH = re.compile(r"\d+[.,]\d\d", re.ASCII)


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

    def link_text(self, stored: str) -> str:
        """The amount with two decimal places, which show that nothing of it is missing."""
        return in_figures(Decimal(stored))

    def is_link_text(self, text: str, *, is_open: bool) -> bool:
        """Whether it is an amount, with two decimal places where it is open."""
        with suppress(InvalidInputError):
            read_amount(text)
            return not is_open or bool(_TO_THE_HUNDREDTH.fullmatch(text))
        return False

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
