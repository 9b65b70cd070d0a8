"""The parts of an explanation: plain texts with the clauses that they come from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Amount:
    """A line of a receipt."""

    label: str
    amount: str


@dataclass(frozen=True, slots=True)
class Item:
    """A sentence, the clause that it comes from, and a second line in smaller type."""

    text: str
    clause: str | None = None
    note: str | None = None
    href: str | None = None
    """The link of an address in the text, https or mailto; or of a question, # and its id."""
    receipt: tuple[Amount, ...] = ()
    """The amounts that an estimate comes from, and at last the estimate."""


@dataclass(frozen=True, slots=True)
class Task:
    """Something that the customer does, or that happens: a heading and what stands below it."""

    id: str
    """A step or a question; or `proof`, `remedies`, `dates`, `next`."""
    title: str
    """Empty for a task of sentences alone."""
    clause: str | None = None
    """The clause that the title comes from."""
    texts: tuple[Item, ...] = ()
    items: tuple[Item, ...] = ()
    """The proof to get ready, or the answers to an open question, each with the outcomes to which it can lead."""
    links: tuple[Item, ...] = ()
    """Questions whose answers can be changed."""
    addresses: tuple[Item, ...] = ()
    """The addresses to turn to; one without a link says that the shop has not entered it."""


@dataclass(frozen=True, slots=True)
class Section:
    """Items under a heading. The id is the same in every language."""

    id: str
    heading: str
    items: tuple[Item, ...]
    fold: Literal["why", "unclear"] | None = None
    """The fold that holds it."""
