"""The standard layout of policy.yaml: how deep lines are indented, and where spaces stand. Comments stay."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from typing import Any

import yaml
import yamlcore
from ruamel.yaml import YAML

from macros.load import loads


class LayoutError(Exception):
    """A policy cannot be laid out anew; the message says why, and what to do."""


def laid_out(source: bytes, name: str = "policy.yaml") -> str:
    """The same policy, with the same comments, in the standard layout.

    Raises:
        PolicyErrors: The policy has mistakes.
        LayoutError: The layout would change what the policy says, or lose a comment.
    """
    policy = loads(source, name)
    text = source.decode("utf-8-sig").replace("\r\n", "\n")
    new = _dumped(text)
    if loads(new, name) != policy or [*_comments(new)] != [*_comments(text)] or _dumped(new) != new:
        raise LayoutError(
            f"{name}: cannot be laid out without a change of what it says, or of its comments. It stays as it was. "
            "Most often a comment stands in an odd place: give it a line of its own, above a key."
        )
    return new


def edited(text: str, edit: Callable[[Any], object]) -> str:
    """A policy in the standard layout after an edit of its parts, dicts and lists that know their comments."""
    handler = YAML()
    handler.indent(mapping=2, sequence=4, offset=2)
    handler.width = 120
    handler.preserve_quotes = True
    handler.brace_single_entry_mapping_in_flow_sequence = True  # else [{a: b}] would become [a: b]
    parts = handler.load(text)
    edit(parts)
    stream = io.StringIO()
    handler.dump(parts, stream)
    return stream.getvalue()


def _dumped(text: str) -> str:
    return edited(text, lambda _: None)


def _comments(text: str) -> Iterator[str]:
    """All comments in their order: what begins with a # between two parts of YAML, and behind > or |."""
    end = 0
    for token in yaml.scan(text, Loader=yamlcore.CoreLoader):
        yield from _commented(text[end : token.start_mark.index])
        end = token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in (">", "|"):
            yield from _commented(text[token.start_mark.index : end].partition("\n")[0])


def _commented(text: str) -> Iterator[str]:
    for line in text.splitlines():
        _, sign, comment = line.partition("#")
        if sign:
            yield comment.rstrip()
