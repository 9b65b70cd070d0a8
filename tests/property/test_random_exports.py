"""Exported decisions of random small policies, with parts of the answers unknown, against brute force."""

from __future__ import annotations

import itertools

from hypothesis import given

from checker import Policy
from macros.export import decision_table
from tests.support.brute_force import ByHand, cases, domains, policies
from tests.support.decision_consumers import Facts, in_sqlite
from tests.support.fuzzing import random_inputs


@given(policy=policies(gapless=True))
@random_inputs(200)
def test_case_has_the_outcome_that_all_its_completions_have(policy: Policy) -> None:
    table, by_hand = decision_table(policy), ByHand(policy)
    space = domains(policy)
    columns: list[Facts] = []
    expected: list[str | None] = []
    for values in itertools.product(*((*values, None) for values in space.values())):
        case = dict(zip(space, values, strict=True))
        known = {name: value for name, value in case.items() if value is not None}
        outcomes = {by_hand.outcome(completion) for completion in cases(policy, known)}
        expected.append(next(iter(outcomes)) if len(outcomes) == 1 else None)
        columns.append(
            {
                item.name: case[item.question] if isinstance(case[item.question], str) == bool(item.choices) else None
                for item in table.inputs
            }
        )
    assert in_sqlite(table, columns) == expected
