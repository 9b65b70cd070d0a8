"""Links that carry answers: the part of an address behind its #, which no browser sends to a server.

    #question=answer&question=first&question=second&policy-version=…

Answers stand by question id, several of one question one after the other. The version is there to say
when the policy has changed since; a shop that links from its order page to prefill what it knows leaves it
out. An id has no hyphen, so none can clash.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import parse_qsl, urlencode

from checker.flow import Given
from checker.policy import Policy

VERSION = "policy-version"
LONGEST = 4000
"""No link of ours comes near it in characters; beyond it nobody can have meant it."""

MOST = 200
"""The most answers that are read from a link."""


@dataclass(frozen=True, slots=True)
class Link:
    """What a link brings: answers as they came, not yet read, and the version it was made with."""

    answers: Mapping[str, object]
    version: str | None


def write(policy: Policy, answers: Mapping[str, Given], *, amounts: bool = False) -> str:
    """The link's part behind the # for the answers of a walk; what things cost only when it is asked for."""
    shared = {name: answer for name, answer in answers.items() if amounts or not policy.questions[name].is_amount}
    return urlencode({**shared, VERSION: version(policy)}, doseq=True)


def read(policy: Policy, fragment: str) -> Link:
    """Take a link apart. What the policy does not ask is left out; the answers are read later, as any others."""
    try:
        pairs = parse_qsl(fragment[:LONGEST].removeprefix("#"), max_num_fields=MOST)
    except ValueError:  # more than we ever write
        pairs = []
    answers: dict[str, str] = {}
    several: dict[str, list[str]] = {}
    for name, text in pairs:
        if name in policy.questions and policy.questions[name].answer in ("proof", "amounts"):
            several.setdefault(name, []).append(text)
        elif name in policy.questions:
            answers[name] = text
    return Link({**answers, **several}, dict(pairs).get(VERSION))


def version(policy: Policy) -> str:
    """Names the text of a policy: the editor's version, and the part of the digest that is of the policy alone."""
    return f"{policy.version}-{policy.digest[:8]}"
