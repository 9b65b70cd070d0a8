"""Warnings of `policy check`: rules and grants without effect, and good cases without a grant."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from hypothesis import given

from checker import Policy
from checker.policy import Grant
from macros.analysis.load import check
from macros.analysis.redundancy import redundancies
from tests.support.brute_force import ByHand, Case, cases, policies
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
    "a grant whose costs never win": (
        GRANT,
        f"{GRANT}      - when: {{outcome: eligible, problem: quality}}\n        remedies: [refund]\n"
        "        costs: customer\n",
        [
            "clauses › remedy › grants › 2: adds nothing: wherever it holds, another of the grants of this clause "
            "gives refund too, and platform wins over customer. Without it customers get the same, but answers may "
            "cite other clauses. Change its conditions or what it gives, or take the grant away."
        ],
    ),
    "a grant whose costs win nowhere alone": (
        GRANT,
        GRANT.replace("eligible", "eligible, problem: quality")
        + GRANT.replace("platform", "customer")
        + "      - when: {outcome: eligible, product: standard}\n        costs: customer\n",
        [
            "clauses › remedy › grants › 3: adds nothing: wherever it holds, another of the grants of this clause "
            "gives customer too, or platform wins over customer. Without it customers get the same, but answers may "
            "cite other clauses. Change its conditions or what it gives, or take the grant away."
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
    text = FROZEN.replace(before, after).replace("bears all costs\n", "bears all costs\n  customer: You bear them\n", 1)
    invariants = text.index("invariants:\n")
    _, warnings = check(text[:invariants] + text[text.index("# ", invariants) :])
    found = [warning for warning in warnings if warning.path[0] == "clauses"]
    assert [warning.text for warning in found] == expected
    for warning in found:
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
            others = [each for clause in policy.clauses.values() for each in clause.rules if each is not part_of_clause]
            own = [each for each in cases(policy) if by_hand.matches(part_of_clause.when, each)]
            alike = [each for each in others if each.outcome == part_of_clause.outcome]
            won = [each for each in own if by_hand.outcome(each) == part_of_clause.outcome]
            assert all(any(by_hand.matches(each.when, case) for each in alike) for case in won)


@given(policies(gapless=True))
@random_inputs(200)
def test_grants_without_the_redundant_ones_give_the_same_and_each_of_them_adds_something(policy: Policy) -> None:
    by_hand = ByHand(policy)
    paths = {problem.path for problem in redundancies(policy) if "adds nothing" in problem.message}
    redundant = [grant for (name, at), grant in policy.grants.items() if ("clauses", name, "grants", at) in paths]
    needed = [grant for grant in policy.grants.values() if not any(grant is each for each in redundant)]

    def given_by(grants: Sequence[Grant], case: Case) -> object:
        holding = [each for each in by_hand.grants(case) if any(each is grant for grant in grants)]
        return {remedy for each in holding for remedy in each.remedies}, by_hand.strongest_costs(holding)

    everything = [*cases(policy)]
    for case in everything:
        assert given_by(needed, case) == given_by([*policy.grants.values()], case)
    for grant in needed:
        fewer = [each for each in needed if each is not grant]
        fits = any(by_hand.holds(grant.when, case) for case in everything)
        assert not fits or any(given_by(fewer, case) != given_by(needed, case) for case in everything)
