"""All texts and settings of a policy by their places, so that two versions can be laid side by side."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from checker.engine.compile import OUTCOME
from checker.engine.parts import COSTS, REMEDIES
from checker.policy import Comparison, Policy, When, as_ids, as_list, key
from macros.diff.alignment import WHOLE, Names
from macros.policyfile.errors import Path

_ELSEWHERE = frozenset(["counted_to", "digest", "expect", "grants", "holidays", "rules", "share", "values", "when"])
"""Fields that decide, and fields that are compared elsewhere."""

_IDS = {"topic": "topics", "clause": "clauses", "outcome": "outcomes", "never worse if sooner": "questions"}
"""Keys of things that hold an id, and the part of the policy that it stands in."""

_DECIDED = {OUTCOME: "outcomes", REMEDIES: "remedies", COSTS: "costs"}
"""What a condition may name besides questions."""


def settings(policy: Policy, names: Names) -> dict[Path, str]:
    """Every text and setting by its place, all under the new ids. What is as if it were not written is left out."""
    return {_place(path, names): text for path, text in _leaves(policy, (), names)}


def _leaves(part: Any, path: Path, names: Names) -> Iterator[tuple[Path, str]]:
    if isinstance(part, Mapping):
        for name, item in part.items():
            yield from _leaves(item, (*path, name), names)
    elif dataclasses.is_dataclass(part) and not isinstance(part, type):
        for field in dataclasses.fields(part):
            value, here = getattr(part, field.name), (*path, key(field.name))
            if path[:1] == ("invariants",) and field.name in ("when", "always"):
                if value is not None:
                    yield here, condition(value, names)
            elif field.name not in _ELSEWHERE and value != field.default:
                yield from _leaves(value, here, names)
    elif text := (", ".join(part) if isinstance(part, tuple) else str(part).strip()):
        yield path, _renamed(path, text, names)


def _place(path: Path, names: Names) -> Path:
    steps = [*path]
    if path[0] in WHOLE and len(path) > 1:
        steps[1] = names.new(str(path[0]), str(path[1]))
    if path[0] == "questions" and path[2:3] in (("choices",), ("or",)):
        steps[3] = names.answer(str(path[1]), str(path[3]))
    if path[0] == "clauses" and len(path) > 3:
        steps[3] = names.new(str(path[2]), str(path[3]))
    if path[0] == "examples" and path[2:3] == ("answers",):
        steps[3] = names.new("questions", str(path[3]))
    return tuple(steps)


def _renamed(path: Path, text: str, names: Names) -> str:
    """What stands there; an id as the new version has it."""
    if len(path) == 3 and path[2] in _IDS:
        return names.new(_IDS[str(path[2])], text)
    if path[0] == "examples" and path[2:3] == ("answers",):
        return ", ".join(names.answer(str(path[3]), names.new("proof", each)) for each in text.split(", "))
    return text


def condition(when: When, names: Names) -> str:
    """A condition much as policy.yaml has it."""
    return " or ".join(
        ", ".join(
            f"{name if name in _DECIDED else names.new('questions', name)}: {_test(name, test, names)}"
            for name, test in all_of.items()
        )
        or "always"
        for all_of in as_list(when)
    )


def _test(name: str, test: str | tuple[str, ...] | Comparison, names: Names) -> str:
    if isinstance(test, Comparison) and test.not_ is None:
        kind = "longer ago than" if test.longer_ago_than else "within"
        return f"{kind} {names.new('values', test.longer_ago_than or test.within or '')}"
    ids = as_ids(test.not_ or () if isinstance(test, Comparison) else test)
    part = _DECIDED.get(name)
    said = "/".join(names.new(part, each) if part else names.answer(name, each) for each in ids)
    return f"not {said}" if isinstance(test, Comparison) else said
