"""What is said when policy.yaml cannot be used: every mistake, its place, and what to do about it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from checker.messages import messages
from macros.policyfile.characters import appearance

ENGLISH = messages("en")
"""The words in which editors read of mistakes and changes, whatever the policy's language."""

type Path = tuple[str | int, ...]
"""The way to a part of the policy: keys as they stand in the file, and positions in lists from 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake in a part of the policy, before its line is looked up."""

    path: Path
    message: str
    at_key: bool = False
    """The mistake is the last key of the path, not its value."""
    inside: str = ""
    """The piece of the text that is wrong, for texts of several lines."""


@dataclass(frozen=True, slots=True)
class PolicyError:
    """A mistake in policy.yaml. Line and column are counted from 1, as editors count them."""

    name: str
    line: int
    column: int
    path: Path
    message: str

    def __str__(self) -> str:
        """``policy.yaml:17:18: values › window › standard: must be at least 1 …, got -5 …``, on one line."""
        return f"{self.name}:{self.line}:{self.column}: {self.said}"

    @property
    def said(self) -> str:
        """The mistake without its line: the way to the part of the policy, and what is wrong there."""
        path = " › ".join(str(step + 1) if isinstance(step, int) else step for step in self.path)
        return f"{path + ': ' if path else ''}{self.message}"


class PolicyErrors(Exception):
    """A policy cannot be used. Carries all its mistakes, in the order of the file.

    Because of them something could not be looked at: `unseen` says what, in a sentence.
    """

    def __init__(self, errors: Iterable[PolicyError], unseen: str = "") -> None:
        self.unseen = unseen
        self.errors = tuple(sorted(dict.fromkeys(errors), key=lambda error: (error.line, error.column)))
        super().__init__("\n".join(map(str, self.errors)))


def suggestion(wrong: str, possible: Iterable[str]) -> str:
    """``Did you mean "window"?``, or else the list of what is possible."""
    names = list(possible)
    if sentence := meant(wrong, names):
        return sentence
    return f"Possible: {', '.join(names)}." if names else "There is none yet."


def meant(wrong: str, possible: Collection[str]) -> str | None:
    """``Did you mean "window"?``, where one of the names is so much like another; None where none is."""
    equivalent_values = [] if wrong.isascii() else [name for name in possible if appearance(name) == appearance(wrong)]
    if equivalent_values:
        return f'It looks like "{equivalent_values[0]}", but not all of its letters are Latin. Type it anew.'
    like = near(wrong, possible)
    return f'Did you mean "{like}"?' if like else None


def near(wrong: str, possible: Iterable[str]) -> str | None:
    """The name that is so much like another that it must be meant."""
    return next(iter(get_close_matches(wrong, possible, n=1, cutoff=0.7)), None)


def known(path: Path, what: str, name: str, possible: Collection[str], *, at_key: bool = False) -> Iterator[Problem]:
    """A problem where a name leads nowhere."""
    if name not in possible:
        yield Problem(path, f'there is no {what} "{name}". {suggestion(name, possible)}', at_key=at_key)


def twice(path: Path, items: Iterable[str]) -> Iterator[Problem]:
    """A problem for every item that a list holds already."""
    seen: set[str] = set()
    for number, item in enumerate(items):
        if item in seen:
            yield Problem((*path, number), f'"{item}" stands here twice. Keep one of the two.')
        seen.add(item)
