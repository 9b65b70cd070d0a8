"""What an editor may want to know of a policy that is right."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from checker.policy import Policy, Test
from macros.errors import Problem
from macros.texts import used
from macros.whens import conditions, whens


def hints(policy: Policy) -> Iterator[Problem]:
    """What is not entered yet, and what nothing uses. Takes the policy with its texts as they are written."""
    if not policy.shop.contact:
        yield Problem(("shop", "contact"), "is empty. The pages cannot say whom to ask until you enter it.")
    if not policy.shop.apply_at:
        yield Problem(("shop", "apply at"), "is empty. The pages cannot say where to apply until you enter it.")
    clauses = policy.clauses.values()
    grants = [grant for clause in clauses for grant in clause.grants]
    in_use: dict[str, tuple[str, Collection[str | None]]] = {
        "values": ("rule, step or text", _values_in_use(policy)),
        "outcomes": ("rule", {rule.outcome for clause in clauses for rule in clause.rules}),
        "remedies": ("grant", {remedy for grant in grants for remedy in grant.remedies}),
        "costs": ("grant", {grant.costs for grant in grants}),
        "topics": ("clause", {clause.topic for clause in clauses}),
    }
    for part, (what, names) in in_use.items():
        for name in getattr(policy, part):
            if name not in names:
                yield Problem((part, name), f"no {what} uses this.", at_key=True)


def _values_in_use(policy: Policy) -> set[str]:
    names = {name.partition(".")[0] for name in used(policy)}
    for clause in policy.clauses.values():
        names |= {expected.wait for step in clause.steps.values() for expected in step.expect.values()}
    for path, when in whens(policy):
        for _, condition in conditions(path, when):
            tests = (test for test in condition.values() if isinstance(test, Test))
            names |= {name for test in tests for name in (test.longer_ago_than, test.within) if name}
    return names
