"""YAML's mistakes in an editor's words: what usually causes them, and what to write instead."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any

import yaml
import yamlcore

PLACEHOLDER_FIRST = (
    "YAML reads a text that begins with { as a list of keys. "
    "Put the text on the next line: write > after the colon, and below it the text, indented."
)
NOT_CLOSED = (
    "a text begins with a quotation mark here, and the next such mark stands only in line {line}. "
    "Write the missing one where the text ends."
)
COMMA = "a comma inside {…} begins a new key. Give each key a line of its own, or put the text in quotes."

# A {name} with text behind it, where YAML expects a comma, a bracket or the end of the line.
_PLACEHOLDER_AND_MORE = re.compile(r"(?:[:,\[{-]|^)\s*(\{\s*\w[\w.]*\s*\})\s*[^\s\]}#]")

_NAMES = re.compile(r"\w+:\w+")

_UNKNOWN = "cannot be read here. Look for a wrong indentation, or a missing colon, quotation mark or bracket."


@dataclass(frozen=True, slots=True)
class Cause:
    """What an editor should hear when PyYAML says one of the signs."""

    signs: tuple[str, ...]
    message: str
    at_beginning: bool = False
    """PyYAML notices it only further on; an editor looks for the place where it began."""


# The first that is found in PyYAML's message counts.
_CAUSES = (
    Cause(
        ("mapping values are not allowed here",),
        "a colon with a space begins a value, and a value cannot begin here. If the colon belongs to the text, "
        "put the text in quotes, or on the next line after >. Else look at the indentation of this line and of "
        "the one above.",
    ),
    Cause(("'\\t' that cannot start",), "a line cannot be indented with a tab. Use spaces."),
    Cause(
        (
            "that cannot start any token",
            "while scanning an alias",
            "while scanning an anchor",
            "while parsing a tag",
            "while parsing a node",
            "while parsing a block node",
            "parsing a directive",
            "YAML document",
        ),
        "a text cannot begin with this character. Put the text in quotes, or on the next line after >.",
        at_beginning=True,
    ),
    Cause(
        ("while scanning a quoted scalar",),
        "a text begins with a quotation mark here, and the mark that ends it is missing or not the same.",
        at_beginning=True,
    ),
    Cause(
        ("while scanning a double-quoted scalar",),
        "a backslash has a meaning of its own between double quotation marks. Use single ones, or put the text "
        "on the next line after >.",
    ),
    Cause(
        ("could not find expected ':'",),
        "this line is neither a key nor part of a text. A key needs a colon and a space behind it; a text that "
        "goes on must be indented deeper than its key.",
        at_beginning=True,
    ),
    Cause(
        ("while scanning a block scalar",),
        "after > or | the line must end. Put the text on the next line, indented.",
    ),
    Cause(
        ("while parsing a flow mapping",),
        "this { is not closed where YAML expects it. Is a comma or the bracket } missing? Does a text inside "
        "hold a comma, a colon, a bracket or a # ? Then put that text in quotes.",
        at_beginning=True,
    ),
    Cause(
        ("while parsing a flow sequence",),
        "this [ is not closed where YAML expects it. Is a comma or the bracket ] missing? Does a text inside "
        "hold a comma, a colon, a bracket or a # ? Then put that text in quotes.",
        at_beginning=True,
    ),
    Cause(
        ("while parsing a block collection",),
        "this line does not fit the list above. Every entry begins with a dash, the dashes one below the other.",
    ),
    Cause(
        ("sequence entries are not allowed here",),
        "a list cannot begin on this line. Begin it on the next line, or write it as [one, two].",
    ),
    Cause(
        ("block end",),
        "this line does not fit those above. Is it indented differently from its neighbours? Does text stand "
        "behind a closing quotation mark? Has the line above a # in its text?",
    ),
    Cause(
        ("document start",),
        "this line does not fit those above. The keys of the first level begin at the start of the line.",
    ),
)


def no_space(written: str) -> str:
    """What to write in place of a key and a value that a colon without a space joins."""
    key, _, value = written.partition(":")
    mend = f'a colon needs a space behind it: write "{key}: {value}" in place of "{written}".'
    if not _NAMES.fullmatch(written):
        return mend
    return f"{mend} If it is a name inside a text, write {{{key}.{value}}}, and put the text in quotes."


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[Any, str]:
    """The place and the sentence for a mistake of syntax."""
    mark: Any = error.problem_mark or error.context_mark
    lines = text.split("\n")
    for number in (mark.line, mark.line - 1):
        found = _PLACEHOLDER_AND_MORE.search(lines[number]) if 0 <= number < len(lines) else None
        if found:
            return yaml.Mark(mark.name, 0, number, found.start(1), None, 0), PLACEHOLDER_FIRST
    if opened := _opened_above(mark, text):
        return opened, NOT_CLOSED.format(line=mark.line + 1)
    said = f"{error.context or ''} {error.problem or ''}"
    for cause in _CAUSES:
        if any(sign in said for sign in cause.signs):
            begun = error.context_mark if cause.at_beginning else None
            return begun or mark, cause.message
    return mark, _UNKNOWN


def _opened_above(mark: yaml.Mark, text: str) -> yaml.Mark | None:
    """Where a text in quotes began that ends on the line of a mistake, and began on one above."""
    last: Any = None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yamlcore.CoreLoader):
            if isinstance(token, yaml.ScalarToken) and token.end_mark.index <= mark.index:
                last = token
    begun = last is not None and last.style in ("'", '"') and last.start_mark.line < last.end_mark.line == mark.line
    return last.start_mark if begun else None
