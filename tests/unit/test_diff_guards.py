"""Invariants that guard less than before lead the report, each with a case that nothing guards any more."""

from __future__ import annotations

import pytest

from macros.diff import difference, render
from tests.support.words import join, say
from tests.unit.test_diff import FROZEN, TODAY, compare, edited, headings, report_text, version

COVERED = """\
  remedies_need_a_covered_case:
    text: A remedy is granted only in a case that is covered.
    when: {remedies: any}
    always: {outcome: eligible}
"""
SOONER = """\
  sooner_is_never_worse:
    text: To apply earlier never makes the outcome worse.
    never worse if sooner: applied_on
"""
WINDOW = """\
  in_time:
    text: Nobody is too late within the window.
    when: {received_on: {within: window}}
    always: {outcome: {not: expired}}
"""
WINDOWS = ("standard: 15 days", "standard: 9 days")
ALWAYS = say("proof.always")
DEMANDS = "    when: {remedies: any}\n    always: {outcome: eligible}\n"


def only(*outcomes: str) -> str:
    return say("pages.outcomes", outcomes=join((say("pages.quote", text=title) for title in outcomes), "or"))


def test_removed_invariant_is_reported_first() -> None:
    first = "A rule that must always hold is gone: “A remedy is granted only in a case that is covered.”"
    assert report_text((COVERED, "")) == [
        "old.yaml → new.yaml",
        first,
        "No case is decided differently. All 336 cases were compared.",
        "The version is still “1.0”. Give this change a version of its own.",
        "Rules that must always hold",
        f"• {first}",
        "Nothing forbids this any more: the outcome “This is not covered” · the product sent to you again · The "
        "platform bears all costs",
        "what it demands:",
        "- A remedy is granted only in a case that is covered.",
        "- Only where this is granted: anything at all.",
        f"- {ALWAYS} {only('You can apply')}",
    ]


def test_weaker_invariant_is_shown_in_both_versions() -> None:
    weaker = "    when: {remedies: refund, problem: quality}\n    always: {outcome: [eligible, review]}\n"
    assert report_text((DEMANDS, weaker))[4:] == [
        "Rules that must always hold",
        "• A rule that must always hold is weaker: “A remedy is granted only in a case that is covered.”",
        "Nothing forbids this any more: A quality problem · the outcome “This is not covered” · the product sent to "
        "you again · The platform bears all costs",
        "what it demands:",
        "A remedy is granted only in a case that is covered.",
        "- Only where this is granted: anything at all.",
        f"- {ALWAYS} {only('You can apply')}",
        "+ Only where this is granted: your money back. Only for: a quality problem.",
        f"+ {ALWAYS} {only('The platform decides case by case', 'You can apply')}",
    ]


def test_invariant_that_allows_worse_earlier_days_names_the_question() -> None:
    assert report_text((SOONER, ""))[4:] == [
        "Rules that must always hold",
        "• A rule that must always hold is gone: “To apply earlier never makes the outcome worse.”",
        "Nothing forbids any more that an earlier day is worse as the answer to “On which day do you apply?”",
        "what it demands:",
        "- To apply earlier never makes the outcome worse.",
        "- It is proved for each earlier day as the answer to “On which day do you apply?”.",
    ]


@pytest.mark.parametrize(
    ("edits", "weaker"),
    [
        ([(DEMANDS, DEMANDS.replace("eligible", "[eligible, review]"))], ["remedies_need_a_covered_case"]),
        ([(DEMANDS, DEMANDS.replace("any}", "any, product: standard}"))], ["remedies_need_a_covered_case"]),
        ([("always: {costs: platform}", "always: {costs: any}")], []),
        ([("always: {costs: platform}", "always: {costs: {not: platform}}"), ("        costs: platform\n", "")],
         ["remedies_cost_the_customer_nothing"]),
        ([(DEMANDS, "    when: {outcome: {not: eligible}}\n    always: {remedies: {not: any}}\n")], []),
        ([(DEMANDS, DEMANDS.replace("any", "[reissue, refund]"))], []),
        ([(COVERED, COVERED.replace("any", "reissue") + COVERED.replace("any", "refund").replace("need", "take"))], []),
        ([(SOONER, SOONER.replace("applied_on", "received_on"))], []),
        ([(COVERED, COVERED.replace("remedies_need", "they_need"))], []),
        ([(COVERED, COVERED + WINDOW)], []),
    ],
    ids=["more outcomes", "fewer cases", "the one bearer", "no bearer", "turned round", "all remedies", "in two",
         "the other date", "renamed", "one more"],
)  # fmt: skip
def test_invariant_implied_by_the_others_is_not_weaker(edits: list[tuple[str, str]], weaker: list[str]) -> None:
    assert [guard.id for guard in compare(*edits).weakened_invariants] == weaker


def test_shorter_window_weakens_an_invariant_that_compares_with_it() -> None:
    old, new = (
        edited((COVERED, COVERED + WINDOW), ("standard: 15 days", f"standard: {days} days")) for days in (15, 9)
    )
    diff = difference(version(old, "old"), version(new, "new"), TODAY)
    assert headings(diff)[:2] == ["Rules that must always hold", "Worse for customers"]
    lines = render(diff, "terminal").splitlines()
    assert lines[1] == "A rule that must always hold is weaker: “Nobody is too late within the window.”"
    case = "10–15 days ago · standard products · the outcome “It is too late to apply”"
    assert f"      Nothing forbids this any more: {case}" in lines


def test_changed_invariant_without_a_decidable_old_version_is_named() -> None:
    broken = FROZEN.replace("outcome: expired", "outcome: expird")
    after = edited((DEMANDS, DEMANDS.replace("any", "refund")))
    diff = difference(version(broken, "old"), version(after, "new"), TODAY)
    lines = render(diff, "terminal").splitlines()
    assert lines[1] == "A rule that must always hold is another: “A remedy is granted only in a case that is covered.”"
    assert "        - when remedies: any\n        + when remedies: refund\n" in "\n".join(lines) + "\n"
