"""The base class of answer kinds: the facts and functions in which the answers to questions differ."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import ClassVar, Literal

from checker.policy import Policy, Question
from checker.values.normalize import is_blank

type Value = str | date | tuple[Decimal, ...] | frozenset[str]
"""A typed answer: a choice, a date, amounts, or proof items."""

type StoredAnswer = str | list[str]
"""An answer as links and the browser's storage hold it: dates as year-month-day, several items as a list."""


@dataclass(frozen=True, slots=True)
class Domain:
    """The closed domain of a question, of which the decision diagram makes a variable."""

    choices: tuple[str, ...]
    counted_to: str = ""
    """The question whose date ends the count of days; empty if the choices are the whole domain."""


class AnswerKind[V: Value](ABC):
    """One kind of answer. ``V`` is the type of its parsed answers."""

    name: ClassVar[str]
    """The word in policy.yaml, in the line ``answer: …`` of a question."""
    view: ClassVar[Literal["step", "prepare", "refund"]] = "step"
    """The view of the check page that asks: a step on the way to the result, or one of the views beside the result."""
    keys: ClassVar[tuple[str, ...]] = ()
    """Fields of ``Question`` that have a meaning for this kind; other kinds that do not list them forbid them."""
    counts_days: ClassVar[bool] = False
    """Whether the answer is a date, from which days can be counted."""
    is_money: ClassVar[bool] = False
    """Whether the answer is money: estimates use it, and links leave it out unless amounts are asked for."""
    is_proof: ClassVar[bool] = False
    """Whether the answer lists proof items."""
    is_list: ClassVar[bool] = False
    """Whether the stored answer is a list, with one pair for each entry in a link."""

    @abstractmethod
    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> V:
        """The typed answer. Raises InvalidInputError if the raw answer cannot be read."""

    def stored(self, value: V) -> StoredAnswer:
        """The canonical form of a typed answer, for links and storage."""
        return str(value)

    def ids(self, policy: Policy, question: Question) -> tuple[str, ...]:
        """The ids that can be the answer, or in it."""
        return (*question.offered,)

    def link_text(self, stored: str) -> str:
        """A stored answer, or an entry of one, as links spell it."""
        return stored

    def is_link_text(self, text: str, *, is_open: bool) -> bool:
        """Whether a text of a link, no id, is an answer; with ``is_open`` nothing shows that it was not cut."""
        return False

    def text(self, policy: Policy, question: Question, answer: StoredAnswer) -> str:
        """The stored answer in the customer's words: here the title of a choice."""
        return question.offered[str(answer)].title

    def is_optional_blank(self, question: Question, raw: object) -> bool:
        """Whether the field is empty and may be: an amount, or a question with a default."""
        entries = raw if self.is_list and isinstance(raw, (list, tuple)) else [raw]
        return bool(self.is_money or question.unless_given) and all(map(is_blank, entries))

    def default(self, question: Question, today: date) -> V | None:
        """The value of a missing or unknown answer; None leaves the question open."""
        return None

    def options(self, question: Question) -> tuple[str, ...]:
        """The ids of all possible answers, among those of ``question.offered``; empty if other answers are possible."""
        return ()

    def domain(self, question: Question) -> Domain | None:
        """The closed domain of the question; None if rules cannot compare its answers."""
        return Domain(options) if (options := self.options(question)) else None
