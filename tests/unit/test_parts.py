"""Each part of a verdict is decided, explained and compared: a part that joins the registry cannot be forgotten."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pytest

from checker import Checker, Policy
from checker.engine.parts import COSTS, PARTS, REMEDIES
from checker.explain.explanation import explain
from checker.policy import Clause
from checker.verdict import Verdict
from macros.diff.alignment import align
from macros.diff.decisions import decisions
from tests.support.case_enumeration import TODAY, cells, with_proof_and_amounts


@pytest.fixture(scope="module")
def verdicts(frozen: Policy) -> list[Verdict]:
    return decided(frozen, frozen)


def decided(policy: Policy, whole: Policy) -> list[Verdict]:
    """The verdicts of a policy on every case of the whole one, without the next question."""
    checker = Checker(policy)
    return [replace(checker.decide(case, TODAY), ask=None) for case in with_proof_and_amounts(cells(whole), whole)]


def without(policy: Policy, part: str) -> Policy:
    """The policy in which no item of the part is ever in a verdict."""

    def bare(clause: Clause) -> Clause:
        if part == REMEDIES:
            return replace(clause, grants=tuple(replace(grant, remedies=()) for grant in clause.grants))
        if part == COSTS:
            return replace(clause, grants=tuple(replace(grant, costs=None) for grant in clause.grants))
        never: dict[str, Any] = {part: {id_: replace(item, when=()) for id_, item in getattr(clause, part).items()}}
        return replace(clause, **never)

    return replace(policy, clauses={id_: bare(clause) for id_, clause in policy.clauses.items()})


def test_every_part_of_a_clause_is_in_the_registry() -> None:
    names = {field.name for field in fields(Clause)} - {"title", "topic", "text", "rules", "grants"}
    assert names | {REMEDIES, COSTS} == {*PARTS}


@pytest.mark.parametrize("part", PARTS)
def test_every_part_is_decided_explained_and_compared(frozen: Policy, verdicts: list[Verdict], part: str) -> None:
    bare = without(frozen, part)
    pairs = zip(verdicts, decided(bare, frozen), strict=True)
    differing = [(one, other) for one, other in pairs if one.to_json() != other.to_json()]
    assert differing, "decide leaves the part out"
    assert any(explain(frozen, one) != explain(frozen, other) for one, other in differing)
    changes = decisions(frozen, bare, align(frozen, bare), TODAY).changes
    assert part in {change.kind for change in changes}
