"""Expressions between `${{` and `}}`, as far as our workflows use them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STRING = re.compile(r"('(?:[^']|'')*')")


class Context(dict[str, Any]):
    """A mapping with attribute access; missing entries are empty, as on the host."""

    def __getattr__(self, name: str) -> Any:
        return context(self.get(name, ""))


def context(value: Any) -> Any:
    """A value whose mappings have attribute access."""
    return Context(value) if isinstance(value, Mapping) else value


def evaluate(expression: str, variables: Mapping[str, Any]) -> Any:
    """The value of an expression in a context.

    Raises:
        NameError, SyntaxError: The expression uses an unsupported feature.
    """
    parts = _STRING.split(expression)
    for at in range(0, len(parts), 2):  # between the strings
        python = parts[at].replace("&&", " and ").replace("||", " or ")
        parts[at] = re.sub(r"!(?!=)", " not ", python)
    for at in range(1, len(parts), 2):
        parts[at] = repr(parts[at][1:-1].replace("''", "'"))
    functions = {"contains": lambda items, item: item in items, "fromJSON": json.loads, "__builtins__": {}}
    names = {name: context(value) for name, value in variables.items()}
    return eval("".join(parts).strip(), functions | names)


def interpolate(text: str, variables: Mapping[str, Any]) -> str:
    """A text in which each expression is replaced by its value."""
    return _PLACE.sub(lambda place: str(evaluate(place[1], variables)), text)


def holds(condition: str, variables: Mapping[str, Any]) -> bool:
    """Whether an `if` holds; with and without `${{ }}`."""
    whole = _PLACE.fullmatch(condition.strip())
    return bool(evaluate(" ".join((whole[1] if whole else condition).split()), variables))
