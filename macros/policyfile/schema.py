"""The shape of policy.yaml as a JSON Schema, from the same model that the build validates with.

Editors' programs read it while they type: the first line of policy.yaml names it.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from pydantic import TypeAdapter

import checker.policy
from checker.policy import Holidays, Policy, TextType
from macros.policyfile.texts import fields

MODEL = TypeAdapter(Policy)
BUILD_KEYS = ("holidays", "digest")
"""Keys of the policy that only the build fills in."""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12. What only the build fills in is left out."""
    made = MODEL.json_schema()
    for name, spec in {Policy.__name__: made, **made["$defs"]}.items():
        part = getattr(checker.policy, name)
        for _, key, text in fields(part) if isinstance(part, type) else ():
            if text:
                _mark_texts(spec["properties"][key], text)
    for built in BUILD_KEYS:
        del made["properties"][built]
    del made["$defs"][Holidays.__name__]
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "description": Policy.__doc__,
        **_tidy(made),
    }


def schema_text() -> str:
    """The content of policy.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _mark_texts(spec: dict[str, Any], text: TextType) -> None:
    """Says of the texts in a field whether they are plain or Markdown."""
    if spec.get("type") == "string":
        spec["contentMediaType"] = text.media
    inner = [*spec.get("anyOf", ()), spec.get("items"), spec.get("additionalProperties")]
    for each in inner:
        if isinstance(each, dict):
            _mark_texts(each, text)


def _tidy(part: Any) -> Any:
    """What only pydantic needs is left out: each key as its own title, and null for a key that is not there."""
    if isinstance(part, list):
        return [_tidy(item) for item in part]
    if not isinstance(part, dict):
        return part
    tidied = {
        key: {name: _tidy(of) for name, of in value.items()} if key == "properties" else _tidy(value)
        for key, value in part.items()
        if key != "title" and not (key == "default" and value is None)  # a key named title is among the properties
    }
    options = [option for option in tidied.pop("anyOf", ()) if option != {"type": "null"}]
    return tidied | (options[0] if len(options) == 1 else {"anyOf": options} if options else {})
