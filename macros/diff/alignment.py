"""What is the same thing in two versions of a policy, though its id is another."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.policy import Policy

type Ids = Mapping[str, str]
"""The ids of the old version, and those of the new version for the same things."""

WHOLE = (
    *("questions", "outcomes", "remedies", "costs", "topics", "values", "clauses", "summary", "examples"),
    "invariants",
)
"""The parts of a policy that hold things by id."""

OF_CLAUSES = ("proof", "steps", "reminders", "interpretations", "estimates")
"""The parts of clauses that hold things by id. Such a thing may move to another clause."""

_SHOWN = {
    "questions": ("ask", "answer"),
    "outcomes": ("title", "text"),
    "clauses": ("title", "text"),
    "summary": ("title", "text"),
    "examples": ("title", "story"),
    "invariants": ("text",),
    "proof": ("title",),
    "steps": ("title", "text"),
    "reminders": ("text",),
    "interpretations": ("text",),
    "estimates": ("title",),
}
"""What customers read of a thing. The parts that are not named here hold texts, and no more."""


@dataclass(frozen=True, slots=True)
class Names:
    """The ids under which things stand that are in both versions."""

    parts: Mapping[str, Ids] = field(default_factory=dict)
    answers: Mapping[str, Ids] = field(default_factory=dict)
    """By the old id of a question."""

    def new(self, part: str, name: str) -> str:
        """The new id of a thing; its own where it is in the old version alone."""
        return self.parts.get(part, {}).get(name, name)

    def answer(self, question: str, name: str) -> str:
        """The new id of an answer to a question, which is named by its old id."""
        return self.answers.get(question, {}).get(name, name)


def same_things(old: Policy, new: Policy) -> Names:
    """Finds what is in both versions: under one id, or under another one with the very same words.

    So what is renamed and reworded at once counts as taken away and added. That errs on the safe side: links that
    name the old id are lost in any case.
    """
    parts = {part: _same(part, getattr(old, part), getattr(new, part)) for part in (*WHOLE, *OF_CLAUSES)}
    answers = {
        name: _same("answers", old.questions[name].offered, new.questions[now].offered)
        for name, now in parts["questions"].items()
    }
    return Names(parts, answers)


def _same(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Ids:
    gone = {name: _shown(part, thing) for name, thing in old.items() if name not in new}
    came = {name: _shown(part, thing) for name, thing in new.items() if name not in old}
    found = {name: name for name in old if name in new}
    for name, words in gone.items():
        equivalent_values = [other for other, said in came.items() if said == words]
        if len(equivalent_values) == 1 and [*gone.values()].count(words) == 1:
            found[name] = equivalent_values[0]
    return {name: found[name] for name in old if name in found}


def _shown(part: str, thing: Any) -> object:
    if part == "values" and not isinstance(thing, str):
        return [length for key, length in thing.items() if key != "by"]
    return [getattr(thing, name) for name in _SHOWN[part]] if part in _SHOWN else thing
