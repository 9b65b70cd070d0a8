"""Answer kinds: one class for each, with all that depends on the kind of a question's answer.

A new kind is a class in a file of its own, an entry in ``KINDS``, a word in ``checker.policy.Question.answer``,
a template in ``macros/pages/templates/answers/`` and a line in ``docs/assets/check/fields.js``; a new type of
value joins ``Value``. Rules compare choices and counted dates only: another closed domain needs
``checker/engine/variables.py`` and ``compile.py``, too.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from checker.answers.kinds.amount import AmountKind, AmountsKind
from checker.answers.kinds.choice import ChoiceKind
from checker.answers.kinds.date import DateKind
from checker.answers.kinds.kind import AnswerKind, Domain, StoredAnswer, Value
from checker.answers.kinds.proof import ProofKind
from checker.policy import Question

__all__ = ["KINDS", "AnswerKind", "Domain", "StoredAnswer", "Value", "is_step", "kind_of"]

KINDS: Mapping[str, AnswerKind[Any]] = {
    kind.name: kind for kind in (ChoiceKind(), DateKind(), AmountKind(), AmountsKind(), ProofKind())
}
"""The kinds by their word in policy.yaml."""


def kind_of(question: Question) -> AnswerKind[Any]:
    """The kind of the question's answer."""
    return KINDS[question.answer]


def is_step(question: Question) -> bool:
    """Whether the question is a step before the result: not one of proof or refund, and not one with a default."""
    return kind_of(question).view == "step" and not question.unless_given
