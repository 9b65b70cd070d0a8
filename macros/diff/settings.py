"""The texts and settings of a policy by path, with the ids of the new version, so that two versions can be compared."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from checker.engine.compile import OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Comparison, Policy, When, as_ids, as_list, key
from macros.diff.alignment import POLICY_PARTS, Alignment
from macros.policyfile.errors import KeyPath

_ELSEWHERE = frozenset(["counted_to", "digest", "expect", "grants", "holidays", "rules", "share", "values", "when"])
"""Fields that decide, and fields that are compared elsewhere."""

_ID_FIELDS = {"topic": "topics", "clause": "clauses", "outcome": "outcomes", "never worse if sooner": "questions"}
"""Keys whose value is an id, and the part of the policy with this id."""

_DECIDED = {OUTCOME: "outcomes", REMEDIES: "remedies", COSTS: "costs"}
"""Names in conditions that are no questions, and the part of the policy with their ids."""


def settings(policy: Policy, alignment: Alignment) -> dict[KeyPath, str]:
    """The texts and settings of a policy by path, all under the new ids. Defaults are omitted."""
    return {_new_path(path, alignment): text for path, text in _fields(policy, (), alignment)}


def _fields(part: Any, path: KeyPath, alignment: Alignment) -> Iterator[tuple[KeyPath, str]]:
    if isinstance(part, Mapping):
        for name, item in part.items():
            yield from _fields(item, (*path, name), alignment)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        for field in dataclasses.fields(part):
            value, here = getattr(part, field.name), (*path, key(field.name))
            if path[:1] == ("invariants",) and field.name in ("when", "always"):
                if value is not None:
                    yield here, condition(value, alignment)
            elif field.name not in _ELSEWHERE and value != field.default:
                yield from _fields(value, here, alignment)
    elif text := (", ".join(part) if isinstance(part, tuple) else str(part).strip()):
        yield path, _new_text(path, text, alignment)


def _new_path(path: KeyPath, alignment: Alignment) -> KeyPath:
    steps = [*path]
    if path[0] in POLICY_PARTS and len(path) > 1:
        steps[1] = alignment.new_id(str(path[0]), str(path[1]))
    if path[0] == "questions" and path[2:3] in (("choices",), ("or",)):
        steps[3] = alignment.new_answer(str(path[1]), str(path[3]))
    if path[0] == "clauses" and len(path) > 3:
        steps[3] = alignment.new_id(str(path[2]), str(path[3]))
    if path[0] == "examples" and path[2:3] == ("answers",):
        steps[3] = alignment.new_id("questions", str(path[3]))
    return tuple(steps)


def _new_text(path: KeyPath, text: str, alignment: Alignment) -> str:
    """The text at a path; the new id if it is an id."""
    if len(path) == 3 and path[2] in _ID_FIELDS:
        return alignment.new_id(_ID_FIELDS[str(path[2])], text)
    if path[0] == "examples" and path[2:3] == ("answers",):
        question = str(path[3])
        return ", ".join(alignment.new_answer(question, alignment.new_id("proof", id_)) for id_ in text.split(", "))
    return text


def condition(when: When, alignment: Alignment) -> str:
    """A condition on one line, much as policy.yaml has it."""
    return " or ".join(
        ", ".join(
            f"{name if name in _DECIDED else alignment.new_id('questions', name)}: {_test(name, test, alignment)}"
            for name, test in all_of.items()
        )
        or "always"
        for all_of in as_list(when)
    )


def _test(name: str, test: str | tuple[str, ...] | Comparison, alignment: Alignment) -> str:
    if isinstance(test, Comparison) and test.not_ is None:
        kind = "longer ago than" if test.longer_ago_than else "within"
        return f"{kind} {alignment.new_id('values', test.longer_ago_than or test.within or '')}"
    ids = as_ids(test.not_ or () if isinstance(test, Comparison) else test)
    part = _DECIDED.get(name)
    text = "/".join(alignment.new_id(part, id_) if part else alignment.new_answer(name, id_) for id_ in ids)
    return f"not {text}" if isinstance(test, Comparison) else text
