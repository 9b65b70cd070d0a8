"""Small wrong changes to the settings in policy.yaml, as an editor may make them."""

from __future__ import annotations

import copy
import dataclasses
import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from typing import Any

from checker import Policy
from checker.policy import key
from macros.policyfile.texts import without_texts

type Place = tuple[str | int, ...]

LENGTH = re.compile(r"(\d+)(?:[–-](\d+))?( working)? (days?)")
PAIRS = (("yes", "no"), ("order", "problem"), ("amount", "amounts"), ("good", "bad"), ("neutral", "good"))
"""Words of the language of which either can stand where the other does."""


def settings(data: Any, place: Place = ()) -> Iterator[tuple[Place, str]]:
    """Every single text, id, figure and word of a policy, with its place."""
    if isinstance(data, str):
        yield place, data
    else:
        for name, part in data.items() if isinstance(data, dict) else enumerate(data):
            yield from settings(part, (*place, name))


def texts(written: Policy) -> set[Place]:
    """The places of all texts that customers or editors read."""
    return {*_changed(written, without_texts(written), ())}


def _changed(one: Any, other: Any, place: Place) -> Iterator[Place]:
    if isinstance(one, str):
        if one != other:
            yield place
    elif isinstance(one, Mapping):
        for name in one:
            yield from _changed(one[name], other[name], (*place, name))
    elif isinstance(one, tuple):
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _changed(mine, theirs, (*place, number))
    elif dataclasses.is_dataclass(one):
        for field in dataclasses.fields(one):
            yield from _changed(getattr(one, field.name), getattr(other, field.name), (*place, key(field.name)))


def mutations(data: Mapping[str, Any], setting: str) -> Iterator[tuple[str, Any]]:
    """Mutations of a setting, each with its kind: a duration, a day, an amount, a name, or nothing."""
    if match := LENGTH.fullmatch(setting):
        least, most, working, days = match.groups()
        yield "length", f"{int(least) + 1}–{int(most) + 1}{working or ''} days" if most else f"{int(least) + 1} days"
        yield "length", f"{int(least) - 1}{f'–{most}' if most else ''}{working or ''} {days}"
        yield "unit", f"{least}{f'–{most}' if most else ''} {'' if working else 'working '}{days}"
    elif re.fullmatch(r"\d{4}-\d\d-\d\d", setting):
        yield "day", (date.fromisoformat(setting) + timedelta(1)).isoformat()
        yield "day", (date.fromisoformat(setting) - timedelta(1)).isoformat()
    elif re.fullmatch(r"[\d.]+", setting):
        yield "number", str(float(setting) + 1)
    elif setting:
        for group in (*PAIRS, *_names(data)):
            if setting in group and len(group) > 1:
                yield "name", group[(group.index(setting) + 1) % len(group)]
        yield "nobody's name", "no_such_name"
    else:
        yield "text", "https://new.example/"
    yield "nothing", None


def _names(data: Mapping[str, Any]) -> Iterator[tuple[str, ...]]:
    """The names of one kind: one can be mistaken for the next."""
    for kind in ("values", "questions", "outcomes", "remedies", "costs", "topics", "clauses"):
        yield (*data[kind],)
    for question in data["questions"].values():
        yield (*question.get("choices", ()), *question.get("or", ()))
    yield tuple(name for clause in data["clauses"].values() for name in clause.get("proof", ()))
    yield ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


def replace_setting(data: Any, place: Place, setting: Any) -> Any:
    """The same policy with another setting; without it if that is None."""
    *way, last = place
    new = part = copy.copy(data)
    for name in way:
        part[name] = copy.copy(part[name])
        part = part[name]
    if setting is None:
        del part[last]
    else:
        part[last] = setting
    return new
