"""Links that carry answers: the part of an address behind its #, which no browser sends to a server.

    #question=answer&question=first&question=second&policy-version=…

Answers stand by question id, several of one question one after the other. The version is there to say
when the policy has changed since; a shop that links from its order page to prefill what it knows leaves it
out. An id has no hyphen, so none can clash. The browser itself takes an address apart and puts it together:
here are the pairs of names and texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from checker.policy import Policy
from checker.web.dialog import Given

VERSION = "policy-version"
MOST = 200
"""The most pairs that are read: no link of ours has as many."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link brings: answers as they came, not yet read, and the version it was made with."""

    answers: Mapping[str, object]
    version: str | None


def write(policy: Policy, answers: Mapping[str, Given], *, amounts: bool = False) -> Iterator[tuple[str, str]]:
    """The pairs for the answers of a walk; what things cost only when it is asked for."""
    for name, answer in answers.items():
        if amounts or not policy.questions[name].is_amount:
            for part in [answer] if isinstance(answer, str) else answer:
                yield name, part
    yield VERSION, version(policy)


def read(policy: Policy, pairs: object) -> Link:
    """Read the pairs of a link. What the policy does not ask is left out; the answers are read later, as any others."""
    answers: dict[str, object] = {}
    several: dict[str, list[str]] = {}
    made_with = None
    for name, text in filter(_is_pair, pairs[:MOST] if isinstance(pairs, list) else []):
        if name == VERSION:
            made_with = text
        elif name in policy.questions and policy.questions[name].answer in ("proof", "amounts"):
            answers[name] = several.setdefault(name, [])
            several[name].append(text)
        elif name in policy.questions:
            answers[name] = text
    return Link(answers, made_with)


def version(policy: Policy) -> str:
    """Names the text of a policy: the editor's version, and the part of the digest that is of the policy alone."""
    return f"{policy.version}-{policy.digest[:8]}"


def _is_pair(given: object) -> bool:
    return isinstance(given, list) and len(given) == 2 and all(isinstance(part, str) for part in given)
