"""The mistakes of a policy file, each with its path, its line and a message."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass

from checker.messages import messages
from macros.policyfile.suggestions import suggestion

ENGLISH = messages("en")
"""The words of the interface in English, for editors."""

type KeyPath = tuple[str | int, ...]
"""The path to a part of the policy: keys as they stand in the file, and positions in lists from 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a part of the policy, before its line is looked up."""

    path: KeyPath
    message: str
    at_key: bool = False
    """Whether the mistake is the last key of the path, not its value."""
    inside: str = ""
    """The wrong piece of a text of several lines."""


@dataclass(frozen=True, slots=True)
class PolicyError:
    """A mistake in policy.yaml. Line and column are counted from 1, as editors count them."""

    name: str
    line: int
    column: int
    path: KeyPath
    message: str

    def __str__(self) -> str:
        """``policy.yaml:17:18: values › window › standard: must be at least 1 …, got -5 …``, always on one line."""
        return " ".join(f"{self.name}:{self.line}:{self.column}: {self.text}".splitlines())

    @property
    def text(self) -> str:
        """The path and the message, without the line."""
        path = " › ".join(str(step + 1) if isinstance(step, int) else step for step in self.path)
        return f"{path + ': ' if path else ''}{self.message}"


class PolicyErrors(Exception):
    """A policy cannot be used. Carries all its mistakes, in the order of the file.

    `note` is a sentence about the checks that these mistakes prevented.
    """

    def __init__(self, errors: Iterable[PolicyError], note: str = "") -> None:
        self.note = note
        self.errors = tuple(sorted(dict.fromkeys(errors), key=lambda error: (error.line, error.column)))
        super().__init__("\n".join(map(str, self.errors)))


def shorten(piece: str) -> str:
    """The first 60 characters of a text, for a message."""
    return piece if len(piece) <= 60 else f"{piece[:60]}…"


def unknown_name(
    path: KeyPath, what: str, name: str, possible: Collection[str], *, at_key: bool = False
) -> Iterator[Problem]:
    """A problem if the name is not one of those possible."""
    if name not in possible:
        yield Problem(path, f'there is no {what} "{name}". {suggestion(name, possible)}', at_key=at_key)


def duplicates(path: KeyPath, items: Iterable[str]) -> Iterator[Problem]:
    """A problem for each item that stands earlier in the list, too."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item in seen:
            yield Problem((*path, number), f'"{item}" stands here twice. Keep one of the two.')
        seen.add(item)
