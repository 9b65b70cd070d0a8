"""The timelines of small random policies are those of the interpreter that goes day by day."""

from __future__ import annotations

from typing import Any

from hypothesis import given

from checker import Checker
from macros.policyfile.schema import MODEL
from tests.support.brute_force import LONGEST, TODAY, answers, cases, trees
from tests.support.day_by_day import DayByDay
from tests.support.fuzzing import random_inputs
from tests.support.timeline_oracle import TimelineOracle


@given(tree=trees(gapless=True))
@random_inputs(200)
def test_timeline_of_a_random_policy_is_that_of_the_oracle(tree: dict[str, Any]) -> None:
    policy, oracle = MODEL.validate_python(tree), DayByDay(tree)
    checker = Checker(policy)
    for case in cases(policy):
        if case["received"] in (0, LONGEST, LONGEST + 1, "waiting"):
            time = TimelineOracle(oracle, case, TODAY, TODAY)
            verdict = checker.decide(answers(case), TODAY).to_json()
            assert verdict["timeline"] == ([{"stretches": time.timeline}] if time.timeline else []), case
            assert verdict["deadlines"] == ([time.deadline] if time.deadline else []), case
