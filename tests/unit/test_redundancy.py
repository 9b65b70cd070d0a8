"""Warnings of `policy check`: rules and grants without effect, and good cases without a grant."""

from __future__ import annotations

import pytest
from hypothesis import given

from checker import Policy
from macros.analysis.load import check
from macros.analysis.redundancy import redundancies
from tests.support.brute_force import ByHand, cases, policies
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES

FROZEN = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
GRANT = "      - when: {outcome: eligible}\n        remedies: [reissue, refund]\n        costs: platform\n"
QUALITY = "      - when: {problem: quality}\n        outcome: eligible\n"
WARNINGS: dict[str, tuple[str, str, list[str]]] = {
    "a grant below a more general one": (
        GRANT,
        f"{GRANT}      - when: {{outcome: eligible, problem: quality}}\n        remedies: [refund]\n",
        [
            "clauses › remedy › grants › 2: adds nothing: wherever it holds, another of the grants of this clause "
            "gives refund too. Without it customers get the same, but answers may cite other clauses. Change its "
            "conditions or what it gives, or take the grant away."
        ],
    ),
    "a grant above a more general one": (
        GRANT,
        f"      - when: {{outcome: eligible, problem: quality}}\n        remedies: [refund]\n{GRANT}",
        [
            "clauses › remedy › grants › 1: adds nothing: wherever it holds, another of the grants of this clause "
            "gives refund too. Without it customers get the same, but answers may cite other clauses. Change its "
            "conditions or what it gives, or take the grant away."
        ],
    ),
    "a grant that adds a remedy": (
        GRANT,
        GRANT.replace("reissue, refund", "reissue") + "      - when: {outcome: eligible}\n        remedies: [refund]\n",
        [],
    ),
    "a class without a grant": (
        "- when: {outcome: eligible}\n        remedies",
        "- when: {outcome: eligible, problem: [quality, shortage]}\n        remedies",
        [
            "clauses › wrong_item › rules › 1: decides eligible, and no grant gives anything in this case: today: "
            "2026-11-22, answers: {problem: wrong_item, received_on: 2026-11-22, product: standard, cause: none}. Add "
            "a grant, if customers are to get something there."
        ],
    ),
    "no grant at all": (GRANT, "      []\n", []),
    "a rule beside a more general one": (
        "      - when: {problem: wrong_item}\n        outcome: eligible\n",
        "      - when: {problem: wrong_item}\n        outcome: eligible\n"
        "      - when: {problem: quality, product: standard}\n        outcome: eligible\n",
        [
            'clauses › wrong_item › rules › 2: decides nothing of its own: wherever it decides, "quality" asks for '
            "eligible too. Without it no outcome changes, but answers may give other reasons. Change its conditions, "
            "or take the rule away."
        ],
    ),
    "a rule that two others cover": (
        QUALITY,
        "      - when: {problem: quality, product: standard}\n        outcome: eligible\n"
        "      - when: {problem: quality, product: factory_special}\n        outcome: eligible\n" + QUALITY,
        [
            "clauses › quality › rules › 3: decides nothing of its own: wherever it decides, another of the rules of "
            "this clause asks for eligible too. Without it no outcome changes, but answers may give other reasons. "
            "Change its conditions, or take the rule away."
        ],
    ),
    "a rule that a stronger outcome leaves to another": (
        "      - when: {cause: {not: none}}\n        outcome: excluded\n",
        "      - when: {cause: {not: none}}\n        outcome: excluded\n"
        "      - when: {problem: quality, received_on: {longer ago than: window}}\n        outcome: expired\n",
        [
            'clauses › force_majeure › rules › 2: decides nothing of its own: wherever it decides, "how_long" asks for '
            "expired too. Without it no outcome changes, but answers may give other reasons. Change its conditions, or "
            "take the rule away."
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("what", WARNINGS)
def test_redundant_part_is_a_warning_with_its_line(what: str) -> None:
    before, after, expected = WARNINGS[what]
    assert FROZEN.count(before) == 1
    text = FROZEN.replace(before, after)
    if what == "no grant at all":
        text = text[: text.index("invariants:\n")] + text[text.index("# ", text.index("invariants:\n")) :]
    _, warnings = check(text)
    redundant = [warning for warning in warnings if warning.path[0] == "clauses"]
    assert [warning.text for warning in redundant] == expected
    for warning in redundant:
        assert "- when:" in text.splitlines()[warning.line - 1]


@given(policies(gapless=True))
@random_inputs(100)
def test_policy_without_redundant_parts_decides_as_before(policy: Policy) -> None:
    by_hand = ByHand(policy)
    for problem in redundancies(policy):
        _, name, part, number = problem.path
        part_of_clause = getattr(policy.clauses[str(name)], str(part))[int(number)]
        if "no grant gives anything" in problem.message:
            assert any(
                by_hand.outcome(case) == part_of_clause.outcome and not by_hand.grants(case)
                for case in cases(policy)
                if by_hand.matches(part_of_clause.when, case)
            )
        elif part == "rules":
            others = [rule for clause in policy.clauses.values() for rule in clause.rules if rule is not part_of_clause]
            own = [case for case in cases(policy) if by_hand.matches(part_of_clause.when, case)]
            alike = [rule for rule in others if rule.outcome == part_of_clause.outcome]
            won = [case for case in own if by_hand.outcome(case) == part_of_clause.outcome]
            assert all(any(by_hand.matches(rule.when, case) for rule in alike) for case in won)
        else:
            for case in cases(policy):
                granted = [grant for grant in by_hand.grants(case) if grant is not part_of_clause]
                if by_hand.holds(part_of_clause.when, case):
                    assert {*part_of_clause.remedies} <= {remedy for grant in granted for remedy in grant.remedies}
                    assert part_of_clause.costs is None or part_of_clause.costs in {grant.costs for grant in granted}
