"""Answers that list the proof items which a customer has."""

from __future__ import annotations

from datetime import date

from checker.answers.kinds.kind import AnswerKind, StoredAnswer
from checker.policy import Policy, Question
from checker.values.normalize import InvalidInputError, short


class ProofKind(AnswerKind[frozenset[str]]):
    """Any of the policy's proof items, by id."""

    name = "proof"
    view = "prepare"
    is_proof = True
    is_list = True

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> frozenset[str]:
        """The ids of the items. Raises InvalidInputError for anything but a list of such ids."""
        if not isinstance(raw, (list, tuple)) or not all(isinstance(item, str) for item in raw):
            raise InvalidInputError("proof_list")
        for item in raw:
            if item not in policy.proof:
                raise InvalidInputError("proof_item", given=short(item))
        return frozenset(raw)

    def stored(self, value: frozenset[str]) -> StoredAnswer:
        """The ids, sorted."""
        return sorted(value)

    def ids(self, policy: Policy, question: Question) -> tuple[str, ...]:
        """The ids of all proof items."""
        return (*policy.proof,)

    def text(self, policy: Policy, question: Question, answer: StoredAnswer) -> str:
        """The titles of the items, joined."""
        messages, proof = policy.messages, policy.proof
        return messages.join(proof[item].title for item in answer) or messages.say("pages.nothing")

    def default(self, question: Question, today: date) -> frozenset[str]:
        """No items."""
        return frozenset()
