"""The standard layout of policy.yaml: indentation and spaces. Comments stay."""

from __future__ import annotations

import io
import json
import re
from codecs import BOM_UTF8
from collections.abc import Callable, Iterator
from itertools import takewhile, zip_longest
from typing import Any

import yaml
import yamlcore
from ruamel.yaml import YAML

from macros.policyfile.errors import PolicyError
from macros.policyfile.yaml_reader import parse

_ODD_COMMENT = "Most often a comment stands in an odd place: give it a line of its own, above a key."
_NO_DATE = "Most often a text looks like a date, and is none: put it in quotes."


class LayoutError(Exception):
    """The layout would change a policy; the message says what to do. `line` is the first that would differ."""

    def __init__(self, line: int, remedy: str) -> None:
        self.line = line
        super().__init__(
            "cannot be laid out without a change of what it says, or of its comments. It stays as it was. " + remedy
        )


def format_policy(source: bytes) -> str:
    """The text of a policy without mistakes, in the standard layout, with the same data and comments.

    Raises LayoutError if the layout would change the data, or lose a comment.
    """
    text = _decode(source)
    try:
        formatted = _dump(text)
        same = formatted == text or (
            _same_data(formatted, text)
            and [*_comments(formatted)] == [*_comments(text)]
            and _dump(formatted) == formatted
        )
    except Exception as error:  # ruamel.yaml takes what looks like a date for one, and has other limits
        raise LayoutError(1, _NO_DATE if isinstance(error, ValueError) else _ODD_COMMENT) from error
    if not same:
        raise LayoutError(_first_difference(text, formatted)[0], _ODD_COMMENT)
    return formatted


def layout_warnings(source: bytes, name: str) -> Iterator[PolicyError]:
    """The first line of each kind of change that `policy format` would make to a policy without mistakes."""
    if source.startswith(BOM_UTF8):
        yield PolicyError(
            name, 1, 1, (), "the file begins with a byte order mark. Run `make format`, which mends the file."
        )
    if b"\r" in source:
        lines = re.split("(?<=\r)(?!\n)|\n", source.decode("utf-8-sig"))
        ends = [number for number, line in enumerate(lines, 1) if line.endswith("\r")]
        others = f", as do {len(ends) - 1} more" if ends[1:] else ""
        message = (
            f"this line ends with a carriage return, as on Windows{others}. Run `make format`, which mends the file."
        )
        yield PolicyError(name, ends[0], len(lines[ends[0] - 1]), (), message)
    text = _decode(source)
    try:
        formatted = format_policy(source)
    except LayoutError as error:
        yield PolicyError(name, error.line, 1, (), str(error))
        return
    if formatted != text:
        line, column, wanted = _first_difference(text, formatted)
        message = f"the standard layout has {wanted} here. Run `make format`, which puts the whole file in order."
        yield PolicyError(name, line, column, (), message)


def edit_yaml(text: str, edit: Callable[[Any], object]) -> str:
    """The YAML text in the standard layout, after `edit` has changed its data in place. Comments stay."""
    handler = YAML()
    handler.indent(mapping=2, sequence=4, offset=2)
    handler.width = 120
    handler.preserve_quotes = True
    handler.brace_single_entry_mapping_in_flow_sequence = True  # else [{a: b}] would become [a: b]
    data = handler.load(text)
    edit(data)
    stream = io.StringIO()
    handler.dump(data, stream)
    return stream.getvalue()


def _dump(text: str) -> str:
    return edit_yaml(text, lambda _: None)


def _decode(source: bytes) -> str:
    return re.sub("\r\n?", "\n", source.decode("utf-8-sig"))


def _same_data(one: str, other: str) -> bool:
    """Whether two texts hold equal data in the same order, and have comments behind the same plain scalars."""
    sources = [parse(text, "") for text in (one, other)]
    first, second = ((json.dumps(source.data), source.comment_paths) for source in sources)
    return first == second


def _first_difference(text: str, formatted: str) -> tuple[int, int, str]:
    """Line and column of the first difference, and a description of that line of the formatted text."""
    pairs = zip_longest(text.split("\n"), formatted.split("\n"))
    different = ((number, pair) for number, pair in enumerate(pairs, 1) if pair[0] != pair[1])
    number, (old, new) = next(different, (1, ("", "")))
    wanted = "no line" if new is None else f"`{new}`" if new else "an empty line"
    same = takewhile(lambda both: both[0] == both[1], zip(old or "", new or "", strict=False))
    return number, len([*same]) + 1, wanted


def _comments(text: str) -> Iterator[str]:
    """The comments in their order, from between the tokens and from behind the signs > and |."""
    end = 0
    for token in yaml.scan(text, Loader=yamlcore.CoreLoader):
        yield from _comments_between_tokens(text[end : token.start_mark.index])
        end = token.end_mark.index
        if isinstance(token, yaml.ScalarToken) and token.style in (">", "|"):
            yield from _comments_between_tokens(text[token.start_mark.index : end].partition("\n")[0])


def _comments_between_tokens(text: str) -> list[str]:
    return [line.partition("#")[2].rstrip() for line in text.splitlines() if "#" in line]
