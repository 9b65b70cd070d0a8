"""Reads policy.yaml: the only file that does."""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import yaml
import yamlcore
from pydantic import TypeAdapter

from checker.policy import Policy
from macros.texts import fill

ROOT = Path(__file__).resolve().parent.parent
MODEL = TypeAdapter(Policy)


def load(path: Path) -> Policy:
    """Reads and checks a policy file.

    Raises:
        OSError: The file cannot be read.
    """
    return loads(path.read_bytes(), path.name)


def loads(source: bytes | str, name: str = "policy.yaml") -> Policy:
    """Reads and checks the source of a policy; `name` stands before the place of every mistake."""
    data: dict[str, Any] = yaml.load(source, Loader=yamlcore.CoreLoader)
    policy = fill(MODEL.validate_python(data))
    return dataclasses.replace(policy, digest=digest(data))


def digest(data: object, checker: Path = ROOT / "checker") -> str:
    """Names a policy's content and the code that decides by it: 16 hex digits.

    Comments and layout of policy.yaml do not count, nor does the policy that the build puts beside the code.
    """
    content = hashlib.sha256(json.dumps(data, sort_keys=False, ensure_ascii=False).encode())
    for file in sorted(checker.rglob("*")):
        if file.is_file() and file.name != "published.py" and "__pycache__" not in file.parts:
            content.update(f"\0{file.relative_to(checker).as_posix()}\0".encode())
            content.update(file.read_bytes())
    return content.hexdigest()[:16]
