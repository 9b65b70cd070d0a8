"""The words of the interface: one catalogue, so that a translation touches no code and no template."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

LANGUAGES = ("en",)
"""The languages that the catalogue speaks: a policy is written in one of them."""


@cache
def catalogue() -> dict[str, Any]:
    """Every section of messages.toml, by name."""
    return tomllib.loads(files("checker").joinpath("messages.toml").read_text(encoding="utf-8"))


def say(key: str, /, *, count: int | None = None, **names: object) -> str:
    """The words for ``section.name``, with ``{name}`` filled in; ``count`` picks ``one`` or ``other``.

    Raises KeyError when the catalogue has no such words: a mistake of ours, never of a customer.
    """
    section, _, name = key.partition(".")
    words = catalogue()[section][name]
    if isinstance(words, dict):
        words = words["one" if count == 1 else "other"]
    return str(words).format(count=count, **names)


def join(items: Iterable[str], last: str = "and") -> str:
    """``a, b and c``, with the joining word of the catalogue's ``list`` section."""
    *head, tail = list(items) or [""]
    return f"{', '.join(head)} {say(f'list.{last}')} {tail}" if head else tail
