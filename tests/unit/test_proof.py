"""Proofs of a policy: each kind of defect, planted in the frozen one, is reported with its line and a witness."""

from __future__ import annotations

import pytest

from checker import Policy
from checker.engine.compile import CompiledPolicy
from macros.analysis.load import loads
from macros.analysis.proof import proof_lines, prove
from macros.policyfile.errors import PolicyErrors
from tests.support.paths import POLICIES

FROZEN = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")

DEFECTS: dict[str, tuple[str, str, str]] = {
    "a gap": (
        "- when: {problem: other}\n        outcome: review",
        "- when: {problem: other, product: standard}\n        outcome: review",
        "clauses: no rule decides this case: today: 2026-11-22, answers: {problem: other, received_on: 2026-11-22, "
        "product: factory_special, cause: none}. Add a rule for it to a clause.",
    ),
    "a dead rule": (
        "- when: {problem: wrong_item}\n        outcome: eligible",
        "- when: {problem: wrong_item}\n        outcome: eligible\n"
        "      - when: {problem: change_of_mind}\n        outcome: eligible",
        "clauses › wrong_item › rules › 2: never decides: wherever it holds, a stronger outcome wins, such as "
        'excluded by "no_change_of_mind" in this case: today: 2026-11-22, answers: {problem: change_of_mind, '
        "received_on: 2026-11-22, product: standard, cause: none}. Change its conditions, or take the rule away.",
    ),
    "a rule that cannot hold": (
        "- when: {problem: wrong_item}\n        outcome: eligible",
        "- when: {problem: wrong_item}\n        outcome: eligible\n"
        "      - when: {received_on: {longer ago than: window, }, problem: {not: [quality, shortage, wrong_item, "
        "return_logistics, other, change_of_mind]}}\n        outcome: eligible",
        "clauses › wrong_item › rules › 2: fits no case: its conditions never hold together. Change them, or take the "
        "rule away.",
    ),
    "a dead question": (
        "  applied_on:\n    ask:",
        "  colour:\n    ask: Which colour is it?\n    answer: one choice\n    choices:\n"
        "      red: {title: Red}\n      blue: {title: Blue}\n  applied_on:\n    ask:",
        "questions › colour: changes nothing, whatever the answer. Use this question in a rule, or take it away.",
    ),
    "a step after a remedy that is never granted": (
        "in your account balance within\n          {payout} of that day.\n        when: {outcome: eligible}",
        "in your account balance within\n          {payout} of that day.\n"
        "        when: {outcome: review, remedies: refund}",
        "clauses › money_back › steps › money_arrives › when: fits no case: its conditions never hold together. Change "
        "them, or take this part away.",
    ),
    "an invariant on grants that is broken": (
        "- when: {outcome: eligible}\n        remedies: [reissue, refund]",
        "- when: {outcome: [eligible, review]}\n        remedies: [reissue, refund]",
        "invariants › remedies_need_a_covered_case: does not hold in this case: today: 2026-11-22, answers: "
        "{problem: quality, received_on: not_received, product: standard, cause: none}. Mend the rules or the grants.",
    ),
    "an invariant on the day of applying that is broken": (
        "- when: {received_on: {longer ago than: window}}\n        outcome: expired",
        "- when: {received_on: {within: window}, problem: shortage}\n        outcome: expired\n"
        "      - when: {received_on: {longer ago than: window}, problem: {not: shortage}}\n        outcome: expired",
        "invariants › sooner_is_never_worse: does not hold: this case is bad for the customer, and would be good some "
        "days later: today: 2026-11-22, answers: {problem: shortage, received_on: 2026-11-22, product: "
        "factory_special, cause: none}. Mend the rules.",
    ),
    "a value that misses an answer": (
        "    factory_special: 7 days\n",
        "",
        'values › window: lacks a line for "factory_special", which is an answer to "product". Say what it is then.',
    ),
}


def defective_policy(defect: str) -> str:
    before, after, _ = DEFECTS[defect]
    assert FROZEN.count(before) == 1, "the defect has one place to be sown in"
    return FROZEN.replace(before, after)


@pytest.mark.parametrize("defect", DEFECTS)
def test_defect_is_reported_with_its_place_and_a_witness(defect: str) -> None:
    with pytest.raises(PolicyErrors) as caught:
        loads(defective_policy(defect), "policy.yaml")
    problems = {str(error).partition(": ")[2]: error for error in caught.value.errors}
    message = DEFECTS[defect][2]
    assert message in problems
    near = " ".join(defective_policy(defect).splitlines()[: problems[message].line][-2:])
    assert any(str(step) in near for step in ("- when:", *problems[message].path)), "it is the line to mend"


def test_frozen_policy_has_no_defect(frozen: Policy) -> None:
    proof = prove(CompiledPolicy(frozen))
    assert (proof.problems, proof.cases, proof.rules) == ((), 6 * 4 * 2 * 7, 9)
    assert proof.invariants == tuple(frozen.invariants)


def test_equivalent_answers_are_listed_and_no_error(frozen: Policy) -> None:
    assert prove(CompiledPolicy(frozen)).equivalent_values == (
        ("cause", ("war", "natural_disaster", "riot", "disease", "flight_restriction")),
    )


def test_overlap_names_the_winning_clause(frozen: Policy) -> None:
    wins = {overlap.wins: set(overlap.loses) for overlap in prove(CompiledPolicy(frozen)).overlaps}
    assert wins["return_logistics"] == {"how_long", "not_received"}
    assert wins["how_long"] == {"quality", "shortage", "wrong_item", "other"}
    assert "quality" not in wins


def test_proof_summary_has_one_line_per_property(frozen: Policy) -> None:
    lines = [*proof_lines(frozen)]
    assert lines[0] == "336 different cases were looked at, and all 9 rules."
    assert "holds in every case: To apply earlier never makes the outcome worse." in lines
    assert "decided alike in every case: cause: war, natural_disaster, riot, disease and flight_restriction" in lines


def test_clause_with_two_outcomes_does_not_overlap_itself() -> None:
    before, after = (
        "      - when: {problem: quality}\n        outcome: eligible\n",
        "      - when: {problem: quality}\n        outcome: eligible\n"
        "      - when: {problem: quality, received_on: not_received}\n        outcome: review\n",
    )
    overlaps = prove(CompiledPolicy(loads(FROZEN.replace(before, after)))).overlaps
    assert [overlap.loses for overlap in overlaps if overlap.wins == "quality"] == []
    assert any("quality" in overlap.loses for overlap in overlaps)
