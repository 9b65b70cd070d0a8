"""The JSON Schema of policy.yaml, from the model that validates it.

Text editors read it for completion: the first line of policy.yaml names it.
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
"""Keys of a policy that are set by the loader, not by editors."""


@cache
def schema() -> dict[str, Any]:
    """The JSON Schema, draft 2020-12, without the keys that the loader sets."""
    model = MODEL.json_schema()
    for name, spec in {Policy.__name__: model, **model["$defs"]}.items():
        part = getattr(checker.policy, name)
        for _, key, text in fields(part) if isinstance(part, type) else ():
            if text:
                _mark_texts(spec["properties"][key], text)
    for build_key in BUILD_KEYS:
        del model["properties"][build_key]
    del model["$defs"][Holidays.__name__]
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "description": Policy.__doc__, **_tidy(model)}


def schema_text() -> str:
    """The content of policy.schema.json."""
    return json.dumps(schema(), ensure_ascii=False, indent=2) + "\n"


def _mark_texts(spec: dict[str, Any], text: TextType) -> None:
    """Marks the texts in a field as plain or Markdown."""
    if spec.get("type") == "string":
        spec["contentMediaType"] = text.media
    for part in (*spec.get("anyOf", ()), spec.get("items"), spec.get("additionalProperties")):
        if isinstance(part, dict):
            _mark_texts(part, text)


def _tidy(part: Any) -> Any:
    """The schema without what only pydantic needs: titles that repeat the key, and null for an absent key."""
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
