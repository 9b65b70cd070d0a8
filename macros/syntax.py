"""YAML's mistakes in an editor's words: what usually causes them, and what to write instead."""

from __future__ import annotations

import re
from typing import Any

import yaml

PLACEHOLDER_FIRST = (
    "YAML reads a text that begins with { as a list of keys. "
    "Put the text on the next line: write > after the colon, and below it the text, indented."
)
COMMA = "a comma inside {…} begins a new key. Give each key a line of its own, or put the text in quotes."

# A {name} with text behind it, where YAML expects a comma, a bracket or the end of the line.
_PLACEHOLDER_AND_MORE = re.compile(r"(?:[:,\[{-]|^)\s*(\{\s*\w[\w.]*\s*\})\s*[^\s\]}#]")

# What PyYAML says, and what an editor should hear. The first that is found in its message counts.
_CAUSES = (
    (
        "mapping values are not allowed here",
        "a colon with a space begins a value, and a value cannot begin here. If the colon belongs to the text, "
        "put the text in quotes, or on the next line after >. Else look at the indentation of this line and of "
        "the one above.",
    ),
    ("'\\t' that cannot start", "a line cannot be indented with a tab. Use spaces."),
    ("found a tab", "a line cannot be indented with a tab. Use spaces."),
    (
        "that cannot start any token",
        "a text cannot begin with this character. Put the text in quotes, or on the next line after >.",
    ),
    (
        "while scanning a quoted scalar",
        "a text begins with a quotation mark here, and the mark that ends it is missing or not the same.",
    ),
    (
        "while scanning a double-quoted scalar",
        "a backslash has a meaning of its own between double quotation marks. Use single ones, or put the text "
        "on the next line after >.",
    ),
    (
        "could not find expected ':'",
        "this line is neither a key nor part of a text. A key needs a colon and a space behind it; a text that "
        "goes on must be indented deeper than its key.",
    ),
    (
        "while scanning a block scalar",
        "after > or | the line must end. Put the text on the next line, indented.",
    ),
    (
        "while scanning an alias",
        "a text cannot begin with *. Put it on the next line after >, or in quotes.",
    ),
    (
        "while scanning an anchor",
        "a text cannot begin with &. Put it on the next line after >, or in quotes.",
    ),
    (
        "while scanning a tag",
        "a text cannot begin with !. Put it on the next line after >, or in quotes.",
    ),
    ("tag handle", "a text cannot begin with !. Put it on the next line after >, or in quotes."),
    ("directive", "a line cannot begin with %. Put the text in quotes, or on the next line after >."),
    (
        "while parsing a flow mapping",
        "this { is not closed where YAML expects it. Is a comma or the bracket } missing? Does a text inside "
        "hold a comma, a colon or a bracket? Then put that text in quotes.",
    ),
    (
        "while parsing a flow sequence",
        "this [ is not closed where YAML expects it. Is a comma or the bracket ] missing? Does a text inside "
        "hold a comma, a colon or a bracket? Then put that text in quotes.",
    ),
    (
        "while parsing a block collection",
        "this line does not fit the list above. Every entry begins with a dash, the dashes one below the other.",
    ),
    (
        "sequence entries are not allowed here",
        "a list cannot begin on this line. Begin it on the next line, or write it as [one, two].",
    ),
    (
        "block end",
        "this line does not fit those above. Is it indented differently from its neighbours? Does text stand "
        "behind a closing quotation mark?",
    ),
    (
        "document start",
        "this line does not fit those above. The keys of the first level begin at the start of the line.",
    ),
)
_FROM_THE_BEGINNING = (
    "while scanning a quoted scalar",
    "could not find expected ':'",
    "while scanning an alias",
    "while scanning an anchor",
    "while scanning a tag",
    "while parsing a flow mapping",
    "while parsing a flow sequence",
)
"""What is noticed only further on: an editor looks for the place where it began."""
_UNKNOWN = "cannot be read here. Look for a wrong indentation, or a missing colon, quotation mark or bracket."


def explain(error: yaml.MarkedYAMLError, text: str) -> tuple[Any, str]:
    """The place and the sentence for a mistake of syntax."""
    mark: Any = error.problem_mark or error.context_mark
    lines = text.split("\n")
    for number in (mark.line, mark.line - 1):
        found = _PLACEHOLDER_AND_MORE.search(lines[number]) if 0 <= number < len(lines) else None
        if found:
            return yaml.Mark(mark.name, 0, number, found.start(1), None, 0), PLACEHOLDER_FIRST
    said = f"{error.context or ''} {error.problem or ''}"
    for sign, message in _CAUSES:
        if sign in said:
            begun = error.context_mark if sign in _FROM_THE_BEGINNING else None
            return begun or mark, message
    return mark, _UNKNOWN
