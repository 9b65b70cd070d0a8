"""The reader: YAML text to data, each value with its place in the file.

The schema is YAML 1.2's core, so that NO and 12:30 are texts. Constructs that could surprise an editor or harm the
build are errors: duplicate keys, references, tags, invisible characters, several documents, deep nesting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml
import yamlcore

from macros.policyfile.characters import (
    character_message,
    invisible_characters,
    is_typographic_quote,
    misplaced_character,
    typographic_quotes_message,
)
from macros.policyfile.errors import KeyPath, PolicyError, PolicyErrors, Problem
from macros.policyfile.yaml_hints import (
    COMMA,
    PLACEHOLDER_FIRST,
    QUOTES,
    list_in_entry_hint,
    list_sign_hint,
    lookalike_hint,
    merge_conflicts,
    missing_space_hint,
    special_space_hint,
    syntax_hint,
)

MAX_BYTES = 300_000
"""Of a policy file. YAML needs seconds for more."""
MAX_VALUES = 10_000
"""Of a policy, lists and mappings included. A thousand rules have fewer."""
MAX_DEPTH = 20
"""Of keys and lists inside each other."""

type _Event = Any  # PyYAML's stubs lack the anchors and marks of events

_COLON = re.compile(r"\s*:")
_COMMENT = re.compile(r"[ \t]+#")
_SPECIAL_SIGN = (
    "YAML reads a word that begins with {sign} as {what}, which a policy does not use. "
    "If it is text, put it on the next line after >, or in quotes."
)


class Unquoted(int):
    """A number, true or false, which YAML reads as text only in quotes."""

    text: str


@dataclass(frozen=True, slots=True)
class Place:
    """The marks of a value and of its key."""

    start: yaml.Mark
    end: yaml.Mark
    key: yaml.Mark


@dataclass(frozen=True, slots=True)
class Source:
    """A policy file. Its data are dicts, lists, texts, None for an empty value, and `Unquoted`."""

    name: str
    text: str
    data: Any
    places: dict[KeyPath, Place]
    comment_paths: frozenset[KeyPath]
    """Paths of the texts without quotes that have a comment behind them on the same line."""

    def error(self, problem: Problem) -> PolicyError:
        """The problem with its line; if its part is missing, that of the nearest part that exists."""
        path = problem.path
        while path not in self.places:
            path = path[:-1]
        place = self.places[path]
        mark = place.key if problem.at_key else place.start
        line, column = mark.line + 1, mark.column + 1
        index = self.text.find(problem.inside, place.start.index, place.end.index) if problem.inside else -1
        if index >= 0:
            line, column = position(self.text, index)
        return PolicyError(self.name, line, column, problem.path, problem.message)


def position(text: str, index: int) -> tuple[int, int]:
    """Line and column of a character, from 1."""
    return text.count("\n", 0, index) + 1, index - text.rfind("\n", 0, index)


def parse(source: bytes | str, name: str) -> Source:
    """The source of a policy. Raises PolicyErrors for a text that is no YAML, or has constructs that are forbidden."""
    text = _decode(source, name)
    reader = _Reader(name, text)
    try:
        data = reader.document()
    except _UnreadableError:
        pass
    except yaml.MarkedYAMLError as error:
        reader.refuse_syntax(*syntax_hint(error, text))
    if reader.errors:
        raise PolicyErrors(reader.errors)
    return Source(name, text, data, reader.places, frozenset(reader.comment_paths))


def _decode(source: bytes | str, name: str) -> str:
    def refuse(line: int, column: int, message: str) -> PolicyErrors:
        return PolicyErrors([PolicyError(name, line, column, (), message)])

    if isinstance(source, str):
        source = source.encode("utf-8", "surrogatepass")
    if len(source) > MAX_BYTES:
        message = f"is larger than {MAX_BYTES:,} bytes. A policy is much shorter: is this the right file?"
        raise refuse(1, 1, message)
    try:
        text = source.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = error.object[: error.start].decode("utf-8", "replace")
        where = position(before, len(before))
        raise refuse(*where, "is not a text in UTF-8. Save the file with the encoding UTF-8.") from None
    text = re.sub("\r\n?", "\n", text)  # as YAML reads it
    errors = [
        PolicyError(name, *position(text, text.index(sign)), (), character_message(sign))
        for sign in invisible_characters(text)
    ]
    errors += [PolicyError(name, line, 1, (), message) for line, message in merge_conflicts(text)]
    if errors:
        raise PolicyErrors(errors)
    return text


def _is(event: _Event, kind: type) -> bool:
    return isinstance(event, kind)


class _UnreadableError(Exception):
    """The rest of the text cannot be read after the last recorded error."""


class _Reader:
    """Builds data from PyYAML's events, and records places and errors."""

    def __init__(self, name: str, text: str) -> None:
        self.name = name
        self.text = text
        self.errors: list[PolicyError] = []
        self.count = 0
        self.places: dict[KeyPath, Place] = {}
        self.comment_paths: set[KeyPath] = set()
        self.loader = yamlcore.CoreLoader("")  # resolves numbers
        self.events: Iterator[_Event] = yaml.parse(text, Loader=yamlcore.CoreLoader)

    def refuse(self, mark: yaml.Mark, message: str, path: KeyPath = ()) -> None:
        self.errors.append(PolicyError(self.name, mark.line + 1, mark.column + 1, path, message))

    def refuse_syntax(self, mark: yaml.Mark, message: str) -> None:
        """Records a syntax error, unless an error just before is the cause."""
        if not any(mark.line <= error.line <= mark.line + 1 for error in self.errors):
            self.refuse(mark, message)

    def document(self) -> Any:
        """The data of the only document."""
        data: Any = None
        is_document = False
        for event in self.events:
            if _is(event, yaml.DocumentStartEvent):
                if is_document:
                    self.refuse(event.start_mark, "begins a second document. Remove this line of dashes.")
                    break
                is_document = True
                event = next(self.events)
                data = self.node(event, (), event.start_mark)
                is_document = data is not None
                if is_document and not self.errors and not isinstance(data, dict):
                    line = self.text.split("\n")[event.start_mark.line]
                    begins = 0, 'must begin with a key, a colon and a space, such as "title: …".'
                    column, message = lookalike_hint(line) or begins
                    self.errors.append(PolicyError(self.name, event.start_mark.line + 1, column + 1, (), message))
        if not is_document and not self.errors:
            self.errors.append(PolicyError(self.name, 1, 1, (), "is empty. Write the policy into it."))
        return data

    def node(self, event: _Event, path: KeyPath, key: yaml.Mark) -> Any:
        if _is(event, yaml.AliasEvent):
            what = _SPECIAL_SIGN.format(sign="*", what="a reference to another place")
            self.refuse(event.start_mark, what, path)
            return ""
        if event.anchor is not None:
            what = _SPECIAL_SIGN.format(sign="&", what="a name for a place")
            self.refuse(event.start_mark, what, path)
        if event.tag is not None:
            self.refuse(event.start_mark, _SPECIAL_SIGN.format(sign="!", what="a type"), path)
        self.count += 1
        if self.count > MAX_VALUES:
            self.refuse(event.start_mark, f"is part {MAX_VALUES:,}. A policy has fewer: is this the right file?")
            raise _UnreadableError
        if len(path) > MAX_DEPTH:
            message = f"is nested more than {MAX_DEPTH} levels deep. Is there a bracket or a line too much?"
            self.refuse(event.start_mark, message)
            raise _UnreadableError
        if _is(event, yaml.ScalarEvent):
            self.places[path] = Place(event.start_mark, event.end_mark, key)
            if event.implicit[0] and _COMMENT.match(self.text, event.end_mark.index):
                self.comment_paths.add(path)
            return self.scalar(event, path)
        start = event.start_mark
        is_mapping = _is(event, yaml.MappingStartEvent)
        data, end = self.mapping(path, start) if is_mapping else self.sequence(path)
        self.places[path] = Place(start, end, key)
        return data

    def scalar(self, event: _Event, path: KeyPath) -> str | Unquoted | None:
        for character in invisible_characters(event.value):  # written as an escape in double quotes
            self.refuse(event.start_mark, character_message(character), path)
        tag = self.loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        if tag.endswith(":str") or event.tag is not None:
            return str(event.value)
        if tag.endswith(":null"):
            return None
        value = Unquoted()
        value.text = event.value
        return value

    def check_key(self, event: _Event, path: KeyPath) -> None:
        """Records characters that make a key look like another."""
        if character := misplaced_character(event.value):
            index = self.text.find(character, event.start_mark.index, event.end_mark.index)
            line, column = position(self.text, max(index, event.start_mark.index))
            self.errors.append(PolicyError(self.name, line, column, path, character_message(character)))
        elif message := typographic_quotes_message(event.value) or list_sign_hint(event.value):
            self.refuse(event.start_mark, message, path)

    def check_entry(self, event: _Event, path: KeyPath) -> None:
        """Records further entries inside of a list entry without quotes."""
        lines = self.text[event.start_mark.index : event.end_mark.index].split("\n")
        if hint := list_in_entry_hint(lines):
            number, message = hint
            column = len(lines[number]) - len(lines[number].lstrip()) + 1
            self.errors.append(PolicyError(self.name, event.start_mark.line + number + 1, column, path, message))

    def sequence(self, path: KeyPath) -> tuple[list[Any], yaml.Mark]:
        items: list[Any] = []
        for event in self.events:
            if _is(event, yaml.SequenceEndEvent):
                break
            if _is(event, yaml.ScalarEvent) and event.style is None:
                self.check_entry(event, (*path, len(items)))
            items.append(self.node(event, (*path, len(items)), event.start_mark))
        return items, event.end_mark

    def mapping(self, path: KeyPath, start: yaml.Mark) -> tuple[dict[str, Any], yaml.Mark]:
        items: dict[str, Any] = {}
        first_lines: dict[str, int] = {}
        keys_alone: dict[str, yaml.Mark] = {}
        for event in self.events:
            if _is(event, yaml.MappingEndEvent):
                break
            if not _is(event, yaml.ScalarEvent):
                self.refuse(event.start_mark, PLACEHOLDER_FIRST, path)
                raise _UnreadableError
            key, mark = event.value, event.start_mark
            self.scalar(event, path)
            if _COLON.match(self.text, event.end_mark.index):
                self.check_key(event, (*path, key))
            else:
                keys_alone[key] = mark
            value = self.node(next(self.events), (*path, key), mark)
            if key in first_lines:
                message = f"stands here twice, first in line {first_lines[key]}. Keep one of the two."
                self.refuse(mark, message, (*path, key))
            first_lines.setdefault(key, mark.line + 1)
            items[key] = value
        for key, mark in keys_alone.items():
            value = self.text[: mark.index].rpartition(":")[2].lstrip()
            if space := special_space_hint(key):
                self.refuse(mark, space[1], path)
            elif ":" in key:
                self.refuse(mark, missing_space_hint(key), path)
            elif is_typographic_quote(value[:1]):
                self.refuse(mark, QUOTES.format(opening=value[0]), path)
            elif len(items) == 1:
                self.refuse(start, PLACEHOLDER_FIRST, path)
            else:
                self.refuse(mark, COMMA, path)
        return items, event.end_mark
