"""The shape of policy.yaml as a JSON Schema, from the same model that the build validates with.

Editors' programs read it while they type: the first line of policy.yaml names it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from checker.policy import Holidays, Policy

MODEL = TypeAdapter(Policy)
BUILT = ("holidays", "digest")
"""Keys of the policy that only the build fills in."""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12. What only the build fills in is left out."""
    made = MODEL.json_schema()
    for built in BUILT:
        del made["properties"][built]
    del made["$defs"][Holidays.__name__]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": Policy.__doc__,
        **_without_titles(made),
    }


def schema_text() -> str:
    """The content of policy.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _without_titles(part: Any) -> Any:
    """Pydantic repeats every key as its title; a key named ``title`` is another matter."""
    if isinstance(part, list):
        return [_without_titles(item) for item in part]
    if not isinstance(part, dict):
        return part
    return {
        key: {name: _without_titles(of) for name, of in value.items()}
        if key == "properties"
        else _without_titles(value)
        for key, value in part.items()
        if key != "title"
    }
