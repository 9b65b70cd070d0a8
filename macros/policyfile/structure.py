"""From data to a `Policy`, with a message for editors about each key that is missing, misspelt or of the wrong type.

Pydantic finds the mistakes; the JSON Schema says for the messages what may stand at a path.
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
from macros.policyfile.errors import ENGLISH, KeyPath, Problem
from macros.policyfile.schema import BUILD_KEYS, MODEL, schema
from macros.policyfile.suggestions import closest_name, suggestion
from macros.policyfile.yaml_hints import lookalike_hint
from macros.policyfile.yaml_reader import Unquoted

_TYPE_NAMES = {"string": "a text", "array": "a list", "object": "keys with values"}
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
MAX_PROBLEMS = 100
"""The most mistakes that are reported at once."""
_CONDITION = re.compile(r"\b(if|when|unless|only|show|hide|skip|depends?|requires?|visible|condition)(?:\b|_)")
"""Names that other tools give to keys for "ask this only if …"."""
_NOT_NEEDED = (
    "a question needs no condition, and there is no such key: the checker asks only what can still change the answer. "
    "Take it away."
)
_TWO_ANSWERS = (
    "A value depends on the answer to one question at most. If two count, enter a value for each answer to the other, "
    "and let rules choose between them."
)
_VALUE_NAME = re.compile(r"(A|The) value\b")
"""The beginning of the description of a key that takes the name of a value."""
_FIGURE = re.compile(r"[1-9]\d{0,2}", re.ASCII)
_FILLER = "?"
SAMPLE_DATE = date(2000, 12, 31).isoformat()
"""A sample of a date, with a day that cannot be taken for a month."""


@dataclass(frozen=True, slots=True)
class Structure:
    """The policy that the data gives, and what is wrong with it."""

    policy: Policy | None
    """None if the data has mistakes that cannot be mended."""
    problems: tuple[Problem, ...] = ()
    filled: frozenset[KeyPath] = frozenset()
    """Paths at which a filler stands, so that the rest could be checked."""


def check_structure(data: dict[str, Any]) -> Structure:
    """The policy and its problems. Simple mistakes are mended in a copy of the data, to find others behind them."""
    data = copy.deepcopy(data)
    problems: dict[Problem, None] = {}
    filled: set[KeyPath] = set()
    problems |= dict.fromkeys(_problem("extra", (name,), data) for name in BUILD_KEYS if name in data)
    for name in BUILD_KEYS:
        data.pop(name, None)
    while True:
        try:
            policy = MODEL.validate_json(json.dumps(data), strict=True)
        except ValidationError as error:
            mistakes = list(islice(_validation_errors(error, data), MAX_PROBLEMS))
        else:
            mistakes = list(islice(chain(_non_iso_dates(policy, data), _empty_values(data)), MAX_PROBLEMS))
            if not mistakes:
                return Structure(policy, tuple(problems), frozenset(filled))
        # Misspelt keys are mended first, so that the keys they were meant to be are not reported as missing.
        mistakes = [mistake for mistake in mistakes if mistake[0] == "extra"] or mistakes
        before = len(problems)
        problems |= dict.fromkeys(_problem(mistake, path, data) for mistake, path in mistakes)
        mended = [_is_mended(mistake, path, data, filled) for mistake, path in mistakes]
        if not all(mended) or len(problems) == before or len(problems) >= MAX_PROBLEMS:
            return Structure(None, tuple(problems))


def _validation_errors(error: ValidationError, data: Any) -> Iterator[tuple[str, KeyPath]]:
    """The mistakes, ``missing``, ``extra`` or ``value``, with their paths."""
    for details in error.errors(include_url=False, include_context=False, include_input=False):
        mistake = {"missing": "missing", "unexpected_keyword_argument": "extra"}.get(details["type"], "value")
        path = _path(details["loc"], data, lacks_last=mistake == "missing")
        # Where a union of types may stand, pydantic reports each of its types that does not.
        is_certain = mistake != "value" or details["type"] in ("literal_error", "date_parsing")
        if is_certain or _json_type(_value_at(data, path)) not in _json_types(path):
            yield mistake, path


def _path(loc: tuple[int | str, ...], data: Any, *, lacks_last: bool) -> KeyPath:
    """The path in the data, without pydantic's names for the types of a union."""
    path: list[str | int] = []
    for number, step in enumerate(loc):
        if step in data if isinstance(data, dict) else isinstance(data, list) and isinstance(step, int):
            data = data[step]
        elif not (lacks_last and number == len(loc) - 1):
            continue
        path.append(step)
    return tuple(path)


def _problem(mistake: str, path: KeyPath, data: Any) -> Problem:
    if mistake == "missing":
        about = str(_specs(path)[0].get("description", "")).split(". ")[0].rstrip(".")
        return Problem(path[:-1], f'lacks the line "{path[-1]}: …" ({about[:1].lower()}{about[1:]}).')
    if mistake == "extra":
        keys = _known_keys(path[:-1])
        name = str(path[-1])
        if len(path) == 3 and path[0] == "questions" and not closest_name(name, keys) and _CONDITION.search(name):
            return Problem(path, _NOT_NEEDED, at_key=True)
        return Problem(path, f"there is no such key here. {suggestion(name, keys)}", at_key=True)
    return Problem(path, _value_message(_value_at(data, path), path))


def _value_message(value: Any, path: KeyPath) -> str:
    """The message about a value that is not valid at the path."""
    specs = _specs(path)
    wanted = " or ".join(name for kind, name in _TYPE_NAMES.items() if kind in _json_types(path))
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
    if _VALUE_NAME.match(specs[0].get("description", "")):
        return "must be the name of a value. Enter the length of time under `values`, and write its name here."
    if isinstance(value, Unquoted) and "string" in _json_types(path):
        return f'must be a text. Put it in quotes: "{value.text}".'
    if isinstance(value, str) and (choices := specs[0].get("enum")):
        return f'cannot be "{value}". {suggestion(value, choices)}'
    if isinstance(value, str) and specs[0].get("format") == "date":
        if _DATE.fullmatch(value):
            return f"{value} is not a date of the calendar."
        return f'must be a date, year-month-day, such as {SAMPLE_DATE}. It says "{value}".'
    if isinstance(value, str) and _json_types(path) == {"array"}:
        sign = lookalike_hint(value)
        return sign[1] if sign else f"must be a list. For a list of one write [{value}]."
    if isinstance(value, dict) and _json_types(path) == {"string"}:
        return "must be a text. Put quotes around all of it, so that the colon in it counts as a part of the text."
    return f"must be {wanted}."


def _non_iso_dates(policy: Policy, data: Any) -> Iterator[tuple[str, KeyPath]]:
    """Dates in seconds since 1970, which pydantic accepts."""
    dates: dict[KeyPath, Any] = {("valid from",): policy.valid_from}
    dates |= {("examples", name, "today"): example.today for name, example in policy.examples.items()}
    return (("value", path) for path, day in dates.items() if _value_at(data, path) != day.isoformat())


def _empty_values(part: Any, path: KeyPath = ()) -> Iterator[tuple[str, KeyPath]]:
    """Keys without a value. Pydantic accepts them where the key is optional."""
    if part is None:
        yield "value", path
    for step, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from _empty_values(inner, (*path, step))


def misleading_names(
    part: Any, texts: Collection[KeyPath], unknown: Collection[KeyPath], path: KeyPath = ()
) -> Iterator[Problem]:
    """Problems of ids, values and words of the language that look like others because of a special character.

    Paths of `texts`, where such characters are allowed, and of `unknown` keys are left out.
    """
    if path in texts or path in unknown:
        return
    for step, inner in part.items() if isinstance(part, dict) else enumerate(part) if isinstance(part, list) else ():
        yield from misleading_names(inner, texts, unknown, (*path, step))
    if isinstance(part, str):
        is_figure = path[0] == "values" and path[-1] != "by"  # has messages of its own
        if not is_figure and (character := misplaced_character(part)):
            yield Problem(path, character_message(character), inside=character)
        elif message := typographic_quotes_message(part):
            yield Problem(path, message)


def _is_mended(mistake: str, path: KeyPath, data: Any, filled: set[KeyPath]) -> bool:
    """Whether the mistake could be mended in the data without errors elsewhere."""
    parent, last = _value_at(data, path[:-1]), path[-1]
    if mistake == "extra":
        value = parent.pop(last)
        like = closest_name(str(last), _known_keys(path[:-1]))
        if like and like not in parent:
            parent[like] = value
        return True
    spec = _specs(path)[0]
    if _json_types(path) == {"array"}:
        filler: Any = [_FILLER] if _json_types((*path, 0)) == {"string"} and "enum" not in _specs((*path, 0))[0] else []
    elif "string" not in _json_types(path):
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


def _value_at(data: Any, path: KeyPath) -> Any:
    for step in path:
        data = data[step]
    return data


def _json_type(value: Any) -> str:
    return {dict: "object", list: "array", str: "string", type(None): "null"}.get(type(value), "number")


def _json_types(path: KeyPath) -> set[str]:
    """The JSON types that may stand at the path."""
    return {spec["type"] for spec in _specs(path) if "type" in spec}


def _known_keys(path: KeyPath) -> list[str]:
    """The keys of the language at the path."""
    return [key for spec in _specs(path) for key in spec.get("properties", ())]


def _specs(path: KeyPath) -> list[dict[str, Any]]:
    """The parts of the schema for the path, the key's own description first."""
    specs = _alternatives(schema())
    for step in path:
        if isinstance(step, int):
            parts = [spec.get("items") for spec in specs]
        else:
            parts = [spec.get("properties", {}).get(step) or spec.get("additionalProperties") for spec in specs]
        specs = [alternative for part in parts if part for alternative in _alternatives(part)]
    return specs


def _alternatives(spec: dict[str, Any]) -> list[dict[str, Any]]:
    """The alternatives of a schema, with its references resolved."""
    if reference := spec.get("$ref"):
        named = _alternatives(schema()["$defs"][reference.rpartition("/")[2]])
        return [{**target, **{key: value for key, value in spec.items() if key != "$ref"}} for target in named]
    if options := spec.get("anyOf"):
        about = {"description": spec["description"]} if "description" in spec else {}
        return [about | alternative for option in options for alternative in _alternatives(option)]
    return [spec]
