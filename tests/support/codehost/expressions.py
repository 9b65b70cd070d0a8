"""What a workflow writes between `${{` and `}}`, as far as ours use it."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

_PLACE = re.compile(r"\$\{\{(.*?)\}\}", re.DOTALL)
_STRING = re.compile(r"('(?:[^']|'')*')")


class Context(dict[str, Any]):
    """A mapping whose entries are read with a dot. What is not there is empty, as on the host."""

    def __getattr__(self, name: str) -> Any:
        return context(self.get(name, ""))


def context(value: Any) -> Any:
    """A value in which mappings can be read with dots."""
    return Context(value) if isinstance(value, Mapping) else value


def evaluated(expression: str, given: Mapping[str, Any]) -> Any:
    """The value of an expression in a context.

    Raises:
        NameError, SyntaxError: It uses more than is known here.
    """
    parts = _STRING.split(expression)
    for at in range(0, len(parts), 2):  # between the strings
        python = parts[at].replace("&&", " and ").replace("||", " or ")
        parts[at] = re.sub(r"!(?!=)", " not ", python)
    for at in range(1, len(parts), 2):
        parts[at] = repr(parts[at][1:-1].replace("''", "'"))
    functions = {"contains": lambda found, item: item in found, "fromJSON": json.loads, "__builtins__": {}}
    names = {name: context(value) for name, value in given.items()}
    return eval("".join(parts).strip(), functions | names)


def filled(text: str, given: Mapping[str, Any]) -> str:
    """A text with the value of each expression in it."""
    return _PLACE.sub(lambda place: str(evaluated(place[1], given)), text)


def holds(condition: str, given: Mapping[str, Any]) -> bool:
    """Whether an `if` holds; with and without `${{ }}`."""
    whole = _PLACE.fullmatch(condition.strip())
    return bool(evaluated(" ".join((whole[1] if whole else condition).split()), given))
