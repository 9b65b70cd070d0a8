"""Answers that are one of the question's choices."""

from __future__ import annotations

from datetime import date

from checker.answers.kinds.kind import AnswerKind
from checker.policy import Policy, Question
from checker.values.normalize import InvalidInputError, is_blank, short


class ChoiceKind(AnswerKind[str]):
    """One of the choices, by id."""

    name = "one choice"
    keys = ("choices",)

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> str:
        """The id of the choice. Raises InvalidInputError for anything else."""
        if isinstance(raw, str) and raw in question.offered:
            return raw
        if is_blank(raw):
            raise InvalidInputError("choice_blank", unknown=policy.messages.say("pages.unknown"))
        if isinstance(raw, str):
            raise InvalidInputError("choice", given=short(raw))
        raise InvalidInputError("choice_text")

    def options(self, question: Question) -> tuple[str, ...]:
        """The ids of the choices."""
        return (*question.offered,)
