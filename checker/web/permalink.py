"""Links that carry answers in their fragment, the part behind the #, which no browser sends to a server.

    #question=answer&question=first&question=second&policy-version=…

A question with several answers has several pairs. The version shows whether the policy has changed since then; a shop
that links from its order page with the answers that it knows leaves it out. No id has a hyphen, so none is like it. The
browser encodes and decodes the fragment; this module has the pairs of names and texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from checker.answers.kinds import StoredAnswer, kind_of
from checker.policy import Policy

VERSION = "policy-version"


def write(policy: Policy, answers: Mapping[str, StoredAnswer], *, amounts: bool = False) -> Iterator[tuple[str, str]]:
    """The pairs of a link for some answers, with amounts of money only if asked for."""
    for name, answer in answers.items():
        if amounts or not kind_of(policy.questions[name]).is_money:
            for text in [answer] if isinstance(answer, str) else answer:
                yield name, text
    yield VERSION, version(policy)


def read(policy: Policy, pairs: object) -> tuple[dict[str, Any], str | None]:
    """The raw answers of a link with these pairs, without unknown questions; and the version that it was made with."""
    answers: dict[str, Any] = {}
    link_version = None
    for name, text in filter(_is_pair, pairs if isinstance(pairs, list) else []):
        if name == VERSION:
            link_version = text
        elif name in policy.questions and kind_of(policy.questions[name]).is_list:
            answers.setdefault(name, []).append(text)
        elif name in policy.questions:
            answers[name] = text
    return answers, link_version


def version(policy: Policy) -> str:
    """The editor's version of the policy and the part of the digest that depends on the policy alone."""
    return f"{policy.version}-{policy.digest[:8]}"


def _is_pair(pair: object) -> bool:
    return isinstance(pair, list) and len(pair) == 2 and all(isinstance(part, str) for part in pair)
