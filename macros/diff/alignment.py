"""Pairs of ids under which two versions of a policy hold the same item."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from checker.policy import Policy

type Ids = Mapping[str, str]
"""Old id to new id, for the items of both versions."""

POLICY_PARTS = (
    *("questions", "outcomes", "remedies", "costs", "topics", "values", "clauses", "summary", "examples"),
    "invariants",
)
"""The parts of a policy that hold items by id."""

CLAUSE_PARTS = ("proof", "steps", "reminders", "interpretations", "estimates")
"""The parts of clauses that hold items by id. An item may move to another clause."""

_WORDS = {
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
"""The fields by which a renamed item is recognised. The items of all other parts are mere texts."""


@dataclass(frozen=True, slots=True)
class Alignment:
    """The ids of the items that are in both versions."""

    parts: Mapping[str, Ids] = field(default_factory=dict)
    answers: Mapping[str, Ids] = field(default_factory=dict)
    """By the old id of the question."""

    def new_id(self, part: str, name: str) -> str:
        """The new id of an item; the old id if only the old version has it."""
        return self.parts.get(part, {}).get(name, name)

    def new_answer(self, question: str, name: str) -> str:
        """The new id of an answer, by the old ids of its question and of itself."""
        return self.answers.get(question, {}).get(name, name)


def align(old: Policy, new: Policy) -> Alignment:
    """Pairs the items with the same id, and those under different ids with exactly the same words.

    An item that is renamed and reworded at once counts as removed and added. That errs on the safe side: links that
    name the old id are lost in any case.
    """
    parts = {part: _ids(part, getattr(old, part), getattr(new, part)) for part in (*POLICY_PARTS, *CLAUSE_PARTS)}
    answers = {
        name: _ids("answers", old.questions[name].offered, new.questions[new_name].offered)
        for name, new_name in parts["questions"].items()
    }
    return Alignment(parts, answers)


def _ids(part: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Ids:
    removed = {name: _words(part, item) for name, item in old.items() if name not in new}
    added = {name: _words(part, item) for name, item in new.items() if name not in old}
    ids = {name: name for name in old if name in new}
    for name, words in removed.items():
        matches = [other for other, other_words in added.items() if other_words == words]
        if len(matches) == 1 and [*removed.values()].count(words) == 1:
            ids[name] = matches[0]
    return {name: ids[name] for name in old if name in ids}


def _words(part: str, item: Any) -> object:
    if part == "values" and not isinstance(item, str):
        return [duration for key, duration in item.items() if key != "by"]
    return [getattr(item, name) for name in _WORDS[part]] if part in _WORDS else item
