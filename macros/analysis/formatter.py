"""The standard layout of policy.yaml: how deep lines are indented, and where spaces stand. Comments stay."""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from itertools import takewhile, zip_longest
from typing import Any

import yaml
import yamlcore
from ruamel.yaml import YAML

from checker.policy import Policy
from macros.analysis.load import loads
from macros.policyfile.errors import PolicyError

_MARK = b"\xef\xbb\xbf"


class LayoutError(Exception):
    """A policy cannot be laid out anew; the message says why, and what to do. It differs from the given line on."""

    def __init__(self, line: int, remedy: str) -> None:
        self.line = line
        super().__init__(
            "cannot be laid out without a change of what it says, or of its comments. It stays as it was. " + remedy
        )


_COMMENT = "Most often a comment stands in an odd place: give it a line of its own, above a key."
_NO_DATE = "Most often a text looks like a date, and is none: put it in quotes."


def laid_out(source: bytes, name: str = "policy.yaml") -> str:
    """The same policy, with the same comments, in the standard layout.

    Raises:
        PolicyErrors: The policy has mistakes.
        LayoutError: The layout would change what the policy says, or lose a comment.
    """
    return _same(loads(source, name), _text(source), name)


def warnings(policy: Policy, source: bytes, name: str) -> Iterator[PolicyError]:
    """What `policy format` would change in a policy without mistakes: the first line of each kind of change."""
    if source.startswith(_MARK):
        yield PolicyError(
            name, 1, 1, (), "the file begins with a byte order mark. Run `make format`, which mends the file."
        )
    if b"\r" in source:
        ends = [number for number, line in enumerate(_lines(source), 1) if line.endswith("\r")]
        others = f", as do {len(ends) - 1} more" if ends[1:] else ""
        message = (
            f"this line ends with a carriage return, as on Windows{others}. Run `make format`, which mends the file."
        )
        yield PolicyError(name, ends[0], len(_lines(source)[ends[0] - 1]), (), message)
    text = _text(source)
    try:
        new = _same(policy, text, name)
    except LayoutError as error:
        yield PolicyError(name, error.line, 1, (), str(error))
        return
    if new != text:
        line, column, shown = _first_difference(text, new)
        message = f"the standard layout has {shown} here. Run `make format`, which puts the whole file in order."
        yield PolicyError(name, line, column, (), message)


def _same(policy: Policy, text: str, name: str) -> str:
    """The policy's text in the standard layout, if that says the same."""
    try:
        new = _dumped(text)
        if new == text:
            return text
        same = loads(new, name) == policy and [*_comments(new)] == [*_comments(text)] and _dumped(new) == new
    except Exception as error:  # ruamel.yaml takes what looks like a date for one, and has other limits
        raise LayoutError(1, _NO_DATE if isinstance(error, ValueError) else _COMMENT) from error
    if not same:
        raise LayoutError(_first_difference(text, new)[0], _COMMENT)
    return new


def _text(source: bytes) -> str:
    return re.sub("\r\n?", "\n", source.decode("utf-8-sig"))


def _lines(source: bytes) -> list[str]:
    return re.split("(?<=\r)(?!\n)|\n", source.decode("utf-8-sig"))


def _first_difference(text: str, new: str) -> tuple[int, int, str]:
    """Line and column where two texts differ first, and what the new one has in that line."""
    pairs = zip_longest(text.split("\n"), new.split("\n"))
    different = ((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    number, (old, wanted) = next(different, (1, ("", "")))
    shown = "no line" if wanted is None else f"`{wanted}`" if wanted else "an empty line"
    same = takewhile(lambda both: both[0] == both[1], zip(old or "", wanted or "", strict=False))
    return number, len([*same]) + 1, shown


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
