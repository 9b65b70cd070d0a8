"""The windows of small random policies are those of the interpreter that goes day by day."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given

from checker.engine.compile import CompiledPolicy
from macros.pages.windows import windows
from macros.policyfile.schema import MODEL
from tests.support.brute_force import QUESTIONS, Case, cases, made_up, trees
from tests.support.day_by_day import DayByDay
from tests.support.fuzzing import random_inputs

PART = {"title": "t", "topic": "all", "text": "t"}
HIDDEN = made_up(  # for p1 the first window ends nothing, as another rule of its clause is stronger
    values={"plain": "2 days", "window": "4 days"},
    questions={name: {"ask": name, **question} for name, question in QUESTIONS.items()},
    outcomes={"o1": "good", "o2": "good", "o3": "bad"},
    clauses={
        "clause_0": PART | {"rules": [{"when": {"received": {"within": "plain"}}, "outcome": "o2"}]},
        "clause_1": PART | {"rules": [{"when": {}, "outcome": "o3"}]},
        "clause_2": PART | {"rules": [{"when": {"received": {"within": "window"}, "product": "p1"}, "outcome": "o1"}]},
        "rest": PART,
    },
)


@example(tree=HIDDEN)
@given(tree=trees(gapless=True))
@random_inputs(200)
def test_window_of_a_random_policy_is_that_of_the_oracle(tree: dict[str, Any]) -> None:
    rules = [rule for clause in tree["clauses"].values() for rule in clause.get("rules", ())]
    one, other = tree["clauses"]["rest"], tree["clauses"]["clause_0"]
    tree = {**tree, "clauses": {"one": one | {"rules": rules[::2]}, "other": other | {"rules": rules[1::2]}}}
    oracle, compiled = DayByDay(tree), CompiledPolicy(MODEL.validate_python(tree))
    found = windows(compiled)

    def values(case: Case) -> list[int]:
        return [
            0 if variable.question == "received" else variable.values[case[variable.question]]
            for variable in compiled.variables
        ]

    everything = [(case, values(case)) for case in cases(compiled.policy) if case["received"] == 0]
    for clause in tree["clauses"]:
        own = found.get(clause, {}).get("received", ())
        for case, point in everything:
            decided = oracle.windows(clause, "received", case)
            drawn = {
                window.days: {*window.ends}
                for window in own
                for cube in window.cubes
                if all(
                    value in values or variable.question == "received"
                    for value, values, variable in zip(point, cube, compiled.variables, strict=True)
                )
            }
            if decided:
                assert drawn.keys() == decided.keys(), (clause, case)
                assert all(decided[days] <= drawn[days] for days in decided), (clause, case)
            assert all(oracle.asks_for(clause, "received", case, days) for days in drawn.keys() - decided.keys())
