"""The hints: YAML's syntax errors explained to editors, with their usual cause and the correction."""

from __future__ import annotations

import contextlib
import re
from dataclasses import dataclass
from typing import Any

import yaml
import yamlcore

from macros.policyfile.characters import SPECIAL_SPACE, character_message, is_typographic_quote

PLACEHOLDER_FIRST = (
    "YAML reads a text that begins with { as a list of keys. "
    "Put the text on the next line: write > after the colon, and below it the text, indented."
)
_NOT_CLOSED = (
    "a text begins with a quotation mark here, and the next such mark stands only in line {line}. "
    "Write the missing one where the text ends."
)
COMMA = "a comma inside {…} begins a new key. Give each key a line of its own, or put the text in quotes."

_UNFINISHED_MERGE = (
    "a merge was left unfinished here. Keep what is right of the two sides, and delete the marks of the merge "
    "in {lines}."
)
QUOTES = (
    "this text stands in typographic quotation marks, {opening}, which YAML takes for a part of it. "
    'Write straight ones, ", in their place.'
)
_LIST_SIGN = 'an entry of a list begins with a dash and a space: write "- " in place of "{sign}".'
_IN_FLOW = (
    'inside {{…}} or […], YAML gives "{sign}" a meaning of its own. If it belongs to a text, put that text in quotes.'
)
_FLOW_NOT_CLOSED = (
    "this {opening} is not closed where YAML expects it. Is a comma or the bracket {closing} missing? Does a text "
    "inside hold a comma, a colon, a bracket or a # ? Then put that text in quotes."
)
_COMMA_MISSING = " Else look whether a comma is missing before it."
_DASH_TOO_DEEP = (
    "this line is indented deeper than the entry above, and so is read as a part of it. Put the dashes of a list one "
    "below the other."
)

_CONFLICT_MARKER = re.compile(r"([ \t]*)(<{7,}|>{7,}|\|{7,}|={7,})(?:\s|$)")
"""A conflict marker of git. It may be indented, if somebody has moved the lines."""
_LIST_SIGN_PATTERN = re.compile(r"\s*(?:- +)*([•‣◦⁃∙▪▫■□●○·*+–—−‐‑](?=\s)|-(?=\w))")
_KEY_OF_LIST = re.compile(rf"{_LIST_SIGN_PATTERN.pattern}\s*[\w ]+:(?:\s|$)")
_SPECIAL_SPACE = re.compile(
    rf"""[ ]*(?:-[ ]+)* (?: ({SPECIAL_SPACE})\s*(?:-|[\w ]+:)(?:\s|$)   # an indent
                          | -({SPECIAL_SPACE})
                          | [^:]*?({SPECIAL_SPACE}):(?:\s|$)            # round the colon of the key
                          | [^:]*?:({SPECIAL_SPACE}) )""",
    re.VERBOSE,
)
"""A special space where YAML needs an ordinary one."""
_BEGINNING = re.compile(r"\s*(?:- +)*(?:[\w ]+:\s+)?(\S)")
_BEGINNING_IN_FLOW = re.compile(r"[\[{,:]\s*([^\s\[{])")

_PLACEHOLDER_AND_TEXT = re.compile(r"(?:[:,\[{-]|^)\s*(\{\s*\w[\w.]*\s*\})\s*[^\s\]}#]")
"""A {name} before text, where YAML expects a comma, a bracket or the end of the line."""
_NAMES = re.compile(r"\w+:\w+")

_UNKNOWN = "cannot be read here. Look for a wrong indentation, or a missing colon, quotation mark or bracket."

type Hint = tuple[int, str]
"""Line or column, from 0 unless said otherwise, and message."""


@dataclass(frozen=True, slots=True)
class Cause:
    """A message to editors in place of PyYAML's messages that contain one of the phrases."""

    phrases: tuple[str, ...]
    message: str
    at_beginning: bool = False
    """Whether to name the place where the construct begins, not where PyYAML noticed the error."""


# The first that matches PyYAML's message counts.
_CAUSES = (
    Cause(
        ("mapping values are not allowed here",),
        "a colon with a space begins a value, and a value cannot begin here. If the colon belongs to the text, "
        "put the text in quotes, or on the next line after >. Else look at the indentation of this line and of "
        "the one above.",
    ),
    Cause(
        (
            "that cannot start any token",
            "while scanning an alias",
            "while scanning an anchor",
            "while parsing a tag",
            "while scanning a tag",
            "mapping keys are not allowed here",
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
        ("while scanning a block scalar",), "after > or | the line must end. Put the text on the next line, indented."
    ),
    Cause(("while parsing a flow mapping",), _FLOW_NOT_CLOSED.format(opening="{", closing="}"), at_beginning=True),
    Cause(("while parsing a flow sequence",), _FLOW_NOT_CLOSED.format(opening="[", closing="]"), at_beginning=True),
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


def missing_space_hint(written: str) -> str:
    """The message about a key and a value with no space behind the colon."""
    key, _, value = written.partition(":")
    message = f'a colon needs a space behind it: write "{key}: {value}" in place of "{written}".'
    if not _NAMES.fullmatch(written):
        return message
    return f"{message} If it is a name inside a text, write {{{key}.{value}}}, and put the text in quotes."


def merge_conflicts(text: str) -> list[Hint]:
    """Line, from 1, and message of each unfinished merge, even if some of its markers are missing."""
    conflicts: list[list[int]] = []
    is_open = False
    for number, line in enumerate(text.split("\n"), 1):
        marker = _CONFLICT_MARKER.match(line)
        if marker is None or (marker[1] and marker[2][0] == "=" and not is_open):  # indented, it underlines a heading
            continue
        if marker[2][0] == "<" or not is_open:
            conflicts.append([])
        conflicts[-1].append(number)
        is_open = marker[2][0] != ">"
    return [(lines[0], _merge_message(lines)) for lines in conflicts]


def _merge_message(lines: list[int]) -> str:
    *others, last = map(str, lines)
    return _UNFINISHED_MERGE.format(lines=f"lines {', '.join(others)} and {last}" if others else f"line {last}")


def list_sign_hint(text: str) -> str | None:
    """The message about a sign that begins a list entry in other programs, but not in YAML."""
    match = _LIST_SIGN_PATTERN.match(text)
    return _LIST_SIGN.format(sign=match[1]) if match else None


def list_in_entry_hint(lines: list[str]) -> Hint | None:
    """Line and message for a line inside of a list entry that looks like the next entry."""
    for number, line in enumerate(lines[1:], 1):
        if line.lstrip().startswith("- "):
            return number, _DASH_TOO_DEEP
        if message := list_sign_hint(line):
            return number, message
    return None


def special_space_hint(line: str) -> Hint | None:
    """Column and message for a special space where YAML needs an ordinary one."""
    match = _SPECIAL_SPACE.match(line)
    if match is None:
        return None
    column = match.start(match.lastindex or 0)
    return column, character_message(line[column])


def lookalike_hint(line: str, *, is_above: bool = False) -> Hint | None:
    """Column and message for a character that looks like YAML, on the line of an error or on one above."""
    if space := special_space_hint(line):
        return space
    if match := (_KEY_OF_LIST if is_above else _LIST_SIGN_PATTERN).match(line):
        return match.start(1), _LIST_SIGN.format(sign=match[1])
    return None


def _quotes_hint(line: str) -> Hint | None:
    """Column and message for a text that begins with a typographic quotation mark."""
    beginnings = [*_BEGINNING.finditer(line)][:1]
    if re.search(r"[\[{]", line):
        beginnings += _BEGINNING_IN_FLOW.finditer(line)
    for beginning in beginnings:
        if is_typographic_quote(beginning[1]):
            return beginning.start(1), QUOTES.format(opening=beginning[1])
    return None


def syntax_hint(error: yaml.MarkedYAMLError, text: str) -> tuple[Any, str]:
    """Mark and message for a syntax error."""
    mark: Any = error.problem_mark or error.context_mark
    lines = text.split("\n")
    problem = f"{error.context or ''} {error.problem or ''}"
    if "'\\t' that cannot start" in problem:
        return mark, _tab_hint(lines[mark.line], mark.column)
    for number in (mark.line, mark.line - 1):
        placeholder = _PLACEHOLDER_AND_TEXT.search(lines[number]) if 0 <= number < len(lines) else None
        if placeholder:
            return _mark(number, placeholder.start(1)), PLACEHOLDER_FIRST
    if quote := _open_quote(mark, text):
        return quote, _NOT_CLOSED.format(line=mark.line + 1)
    nearby = {mark.line, error.context_mark.line if error.context_mark else mark.line}
    for number in sorted({*nearby, max(mark.line - 1, 0)}, reverse=True):
        if number < len(lines) and (hint := lookalike_hint(lines[number], is_above=number not in nearby)):
            return _mark(number, hint[0]), hint[1]
    if hint := _quotes_hint(lines[mark.line]):
        return _mark(mark.line, hint[0]), hint[1]
    sign = text[mark.index : mark.index + 1]
    if "while parsing a flow" in problem and (
        sign in ("?", "-", "[", "{") or (sign == ":" and ": " in lines[mark.line][: mark.column])
    ):
        return mark, _IN_FLOW.format(sign=sign) + (_COMMA_MISSING if sign in ":[{" else "")
    for cause in _CAUSES:
        if any(phrase in problem for phrase in cause.phrases):
            beginning = error.context_mark if cause.at_beginning else None
            return beginning or mark, cause.message
    return mark, _UNKNOWN


def _mark(line: int, column: int) -> yaml.Mark:
    return yaml.Mark("", 0, line, column, None, 0)


def _tab_hint(line: str, column: int) -> str:
    if not line[:column].strip():
        if not line.strip():
            return "this line holds nothing but a tab. Delete the tab."
        return "a line cannot be indented with a tab. Use spaces."
    if not line[column:].strip():
        return "this line ends with a tab. Delete it."
    return "a tab stands in this line. Write a space in its place."


def _open_quote(mark: yaml.Mark, text: str) -> yaml.Mark | None:
    """The start of a quoted text that ends on the line of an error and begins on one above."""
    last: Any = None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yamlcore.CoreLoader):
            if isinstance(token, yaml.ScalarToken) and token.end_mark.index <= mark.index:
                last = token
    is_open = last and last.style in ("'", '"') and last.start_mark.line < last.end_mark.line == mark.line
    return last.start_mark if is_open else None
