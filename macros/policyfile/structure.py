"""Data to a `Policy`: every key that is missing, misspelt or of the wrong kind is named in an editor's words.

Pydantic finds the mistakes. What each is called comes from the JSON Schema, which knows what may stand where.
"""

from __future__ import annotations

import copy
import json
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import chain, islice
from typing import Any

from pydantic import ValidationError

from checker.policy import Policy
from checker.values.durations import UNITS, Duration
from macros.policyfile.characters import character_message, misplaced_character, typographic_quotes_message
from macros.policyfile.errors import ENGLISH, Path, Problem
from macros.policyfile.schema import BUILD_KEYS, MODEL, schema
from macros.policyfile.suggestions import closest_name, suggestion
from macros.policyfile.yaml_hints import lookalike_hint
from macros.policyfile.yaml_reader import Unquoted

_KINDS = {"string": "a text", "array": "a list", "object": "keys with values"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MOST = 100
"""Mistakes that are named at once: who has more has another problem."""
_CONDITION = re.compile(r"\b(if|when|unless|only|show|hide|skip|depends?|requires?|visible|condition)(?:\b|_)")
"""How keys for "ask this only if …" are called elsewhere."""
_NOT_NEEDED = (
    "a question needs no condition, and there is no such key: the checker asks only what can still change the answer. "
    "Take it away."
)
_TWO_ANSWERS = (
    "A value depends on the answer to one question at most. If two count, enter a value for each answer to the other, "
    "and let rules choose between them."
)
_NAMES_VALUE = re.compile(r"(A|The) value\b")
"""How a key's description begins where the name of a value stands."""
_FIGURE = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_FILLER = "?"
SAMPLE_DATE = date(2000, 12, 31).isoformat()
"""Shows how a date is written: its day cannot be taken for a month."""


@dataclass(frozen=True, slots=True)
class Shaped:
    """What could be made of the data, and what is wrong with it."""

    policy: Policy | None
    """None where the problems leave nothing else to look at."""
    problems: tuple[Problem, ...] = ()
    filled: frozenset[Path] = frozenset()
    """Where something was only filled in, so that the rest could be looked at."""


def shaped(data: dict[str, Any]) -> Shaped:
    """Makes the policy; simple mistakes are mended in a copy, to find the others behind them."""
    data = copy.deepcopy(data)
    problems: dict[Problem, None] = {}
    filled: set[Path] = set()
    problems |= dict.fromkeys(_problem("extra", (name,), data) for name in BUILD_KEYS if name in data)
    for name in BUILD_KEYS:
        data.pop(name, None)
    while True:
        try:
            policy = MODEL.validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            mistakes = list(islice(_mistakes(error, data), MOST))
        else:
            mistakes = list(islice(chain(_wrong_dates(policy, data), _empty(data)), MOST))
            if not mistakes:
                return Shaped(policy, tuple(problems), frozenset(filled))
        # A misspelt key is mended first: then the key that it was meant to be is not missing.
        mistakes = [each for each in mistakes if each[0] == "extra"] or mistakes
        before = len(problems)
        problems |= dict.fromkeys(_problem(mistake, path, data) for mistake, path in mistakes)
        mended = [_mend(mistake, path, data, filled) for mistake, path in mistakes]
        if not all(mended) or len(problems) == before or len(problems) >= MOST:
            return Shaped(None, tuple(problems))


def _mistakes(error: ValidationError, data: Any) -> Iterator[tuple[str, Path]]:
    """What is wrong, ``missing``, ``extra`` or ``value``, and where."""
    for each in error.errors(include_url=False, include_context=False, include_input=False):
        mistake = {"missing": "missing", "unexpected_keyword_argument": "extra"}.get(each["type"], "value")
        path = _path(each["loc"], data, lacks_last=mistake == "missing")
        # Where several kinds may stand, pydantic complains about each that does not.
        chosen = mistake != "value" or each["type"] in ("literal_error", "date_parsing")
        if chosen or _kind(_at(data, path)) not in _kinds(path):
            yield mistake, path


def _path(loc: tuple[int | str, ...], data: Any, *, lacks_last: bool) -> Path:
    """The way through the data; pydantic's names for the kinds it tried are left out."""
    path: list[str | int] = []
    for number, step in enumerate(loc):
        if step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int):
            data = data[step]
        elif not (lacks_last and number == len(loc) - 1):
            continue
        path.append(step)
    return tuple(path)


def _problem(mistake: str, path: Path, data: Any) -> Problem:
    if mistake == "missing":
        about = str(_specs(path)[0].get("description", "")).split(". ")[0].rstrip(".")
        return Problem(path[:-1], f'lacks the line "{path[-1]}: …" ({about[:1].lower()}{about[1:]}).')
    if mistake == "extra":
        keys = _keys(path[:-1])
        name = str(path[-1])
        if len(path) == 3 and path[0] == "questions" and not closest_name(name, keys) and _CONDITION.search(name):
            return Problem(path, _NOT_NEEDED, at_key=True)
        return Problem(path, f"there is no such key here. {suggestion(name, keys)}", at_key=True)
    return Problem(path, _wrong(_at(data, path), path))


def _wrong(value: Any, path: Path) -> str:
    """What should stand here instead of the value."""
    specs = _specs(path)
    wanted = " or ".join(name for kind, name in _KINDS.items() if kind in _kinds(path))
    if isinstance(value, Unquoted) and ("enum" in specs[0] or specs[0].get("format") == "date"):
        value = value.text
    if value is None:
        needed = any(path[-1] in spec.get("required", ()) for spec in _specs(path[:-1]))
        return f"is empty. Write {wanted} behind the colon{'.' if needed else ', or take the key away.'}"
    if isinstance(value, (dict, list)) and path[0] == "values" and len(path) == 3:
        return f"must be {'one question' if path[-1] == 'by' else 'one figure'}. {_TWO_ANSWERS}"
    if isinstance(value, Unquoted) and path[0] == "values":
        figure = int(value.text) if _FIGURE.fullmatch(value.text) else 10
        days, working_days = (Duration(figure, figure, unit).in_words(ENGLISH) for unit in UNITS)
        return f"must have its unit, such as {days}, {working_days}, {figure} % or {figure} USD."
    if _NAMES_VALUE.match(specs[0].get("description", "")):
        return "must be the name of a value. Enter the length of time under `values`, and write its name here."
    if isinstance(value, Unquoted) and "string" in _kinds(path):
        return f'must be a text. Put it in quotes: "{value.text}".'
    if isinstance(value, str) and (choices := specs[0].get("enum")):
        return f'cannot be "{value}". {suggestion(value, choices)}'
    if isinstance(value, str) and specs[0].get("format") == "date":
        if _DATE.fullmatch(value):
            return f"{value} is not a date of the calendar."
        return f'must be a date, year-month-day, such as {SAMPLE_DATE}. It says "{value}".'
    if isinstance(value, str) and _kinds(path) == {"array"} and (sign := lookalike_hint(value)):
        return sign[1]
    if isinstance(value, str) and _kinds(path) == {"array"}:
        return f"must be a list. For a list of one write [{value}]."
    if isinstance(value, dict) and _kinds(path) == {"string"}:
        return "must be a text. Put quotes around all of it, so that the colon in it counts as a part of the text."
    return f"must be {wanted}."


def _wrong_dates(policy: Policy, data: Any) -> Iterator[tuple[str, Path]]:
    """Dates that are seconds since 1970: pydantic takes them for dates, an editor does not."""
    dates: dict[Path, Any] = {("valid from",): policy.valid_from}
    dates |= {("examples", name, "today"): example.today for name, example in policy.examples.items()}
    return (("value", path) for path, day in dates.items() if _at(data, path) != day.isoformat())


def _empty(part: Any, path: Path = ()) -> Iterator[tuple[str, Path]]:
    """Keys without a value: where one may be left out, pydantic takes that for leaving it out."""
    if part is None:
        yield "value", path
    for step, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from _empty(inner, (*path, step))


def odd_names(part: Any, texts: Collection[Path], unknown: Collection[Path], path: Path = ()) -> Iterator[Problem]:
    """Characters that make an id, a value or a word of the language another one, though it looks the same.

    Args:
        part: The data at the path.
        texts: Paths of the texts, where such characters are at home.
        unknown: Paths of the keys that the language does not know.
        path: The way to the part.
    """
    if path in texts or path in unknown:
        return
    for step, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from odd_names(inner, texts, unknown, (*path, step))
    if isinstance(part, str):
        is_figure = path[0] == "values" and path[-1] != "by"  # says itself how it is written
        if not is_figure and (character := misplaced_character(part)):
            yield Problem(path, character_message(character), inside=character)
        elif message := typographic_quotes_message(part):
            yield Problem(path, message)


def _mend(mistake: str, path: Path, data: Any, filled: set[Path]) -> bool:
    """Mends the data where that cannot lead to errors elsewhere; says whether it could."""
    parent, last = _at(data, path[:-1]), path[-1]
    if mistake == "extra":
        value = parent.pop(last)
        like = closest_name(str(last), _keys(path[:-1]))
        if like and like not in parent:
            parent[like] = value
        return True
    spec = _specs(path)[0]
    if _kinds(path) == {"array"}:
        filler: Any = [_FILLER] if _kinds((*path, 0)) == {"string"} and "enum" not in _specs((*path, 0))[0] else []
    elif "string" not in _kinds(path):
        return False
    elif choices := spec.get("enum"):
        is_there = isinstance(parent, list) or last in parent
        like = closest_name(str(parent[last]), choices) if is_there else None
        if like is None:
            return False
        filler = like
    else:
        filler = SAMPLE_DATE if spec.get("format") == "date" else _FILLER
    parent[last] = filler
    filled.add(path)
    return True


def _at(data: Any, path: Path) -> Any:
    for step in path:
        data = data[step]
    return data


def _kind(value: Any) -> str:
    kinds = {dict: "object", list: "array", str: "string", type(None): "null"}
    return kinds.get(type(value), "number")


def _kinds(path: Path) -> set[str]:
    """What kinds of data may stand at the path."""
    return {spec["type"] for spec in _specs(path) if "type" in spec}


def _keys(path: Path) -> list[str]:
    """The keys that the language knows at the path."""
    return [key for spec in _specs(path) for key in spec.get("properties", ())]


def _specs(path: Path) -> list[dict[str, Any]]:
    """The parts of the schema that describe what may stand at the path; the key's own description first."""
    specs = _alternatives(schema())
    for step in path:
        inner: list[dict[str, Any]] = []
        for spec in specs:
            if isinstance(step, int):
                part = spec.get("items")
            else:
                part = spec.get("properties", {}).get(step) or spec.get("additionalProperties")
            inner += _alternatives(part) if part else []
        specs = inner
    return specs


def _alternatives(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The schema with its references followed and its alternatives laid out."""
    if reference := spec.get("$ref"):
        named = _alternatives(schema()["$defs"][reference.rpartition("/")[2]])
        return [{**each, **{key: value for key, value in spec.items() if key != "$ref"}} for each in named]
    if options := spec.get("anyOf"):
        about = {"description": spec["description"]} if "description" in spec else {}
        return [about | alternative for option in options for alternative in _alternatives(option)]
    return [spec]
