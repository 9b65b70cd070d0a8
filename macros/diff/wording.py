"""The sentences of the report: wording.toml."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

WORDING: Mapping[str, Mapping[str, Any]] = tomllib.loads(
    Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
)
"""Every section of wording.toml, by name."""


def sentence(key: str, /, **names: object) -> str:
    """The sentence for ``section.name``, with ``{name}`` filled in. Raises KeyError if there is none."""
    section, _, name = key.partition(".")
    return str(WORDING[section][name]).format(**names)
