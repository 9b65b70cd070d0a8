"""Puts values and answers into the policy's texts: `{review_time}`, `{window.standard}`, `{problem.quality}`."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Mapping
from typing import Any

from checker.policy import Choice, Policy

PLACEHOLDER = re.compile(r"\{([^{}]*)\}")


def fill(policy: Policy) -> Policy:
    """The same policy with every placeholder replaced."""
    names = placeholders(policy)

    def filled(part: Any) -> Any:
        if isinstance(part, str):
            return PLACEHOLDER.sub(lambda match: names[match[1]], part)
        if isinstance(part, Mapping):
            return {key: filled(value) for key, value in part.items()}
        if isinstance(part, tuple):
            return tuple(map(filled, part))
        if dataclasses.is_dataclass(part) and not isinstance(part, type):
            changes = {field.name: filled(getattr(part, field.name)) for field in dataclasses.fields(part)}
            return dataclasses.replace(part, **changes)
        return part

    result: Policy = filled(policy)
    return result


def placeholders(policy: Policy) -> dict[str, str]:
    """Every placeholder that a text of this policy may use, and what it puts in."""
    names: dict[str, str] = {}
    for value, length in policy.values.items():
        if isinstance(length, str):
            names[value] = length
        else:
            names |= {f"{value}.{choice}": days for choice, days in length.items() if choice != "by"}
    for id_, question in policy.questions.items():
        choices: Mapping[str, Choice] = {**(question.choices or {}), **(question.or_ or {})}
        for choice_id, choice in choices.items():
            names[f"{id_}.{choice_id}"] = choice.in_words or choice.title
            if choice.examples:
                names[f"{id_}.{choice_id}.examples"] = listed(choice.examples)
    return names


def listed(items: tuple[str, ...]) -> str:
    """A list in running text: "a, b and c"."""
    *first, last = items
    return f"{', '.join(first)} and {last}" if first else last
