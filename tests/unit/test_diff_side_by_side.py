"""Words and rules side by side: the clauses of which one of the two changed alone, and when wording only is said."""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from checker import Policy
from macros.diff import Version, difference, render
from macros.diff.alignment import Alignment
from macros.diff.wording import sentence
from tests.property.test_diff_decisions import both, pairs
from tests.support.brute_force import ByHand
from tests.support.fuzzing import random_inputs
from tests.support.paths import POLICIES
from tests.support.words import say
from tests.unit.test_diff import FROZEN, LONGER, TODAY, compare, edited, report_text, version

DECIDES = say("rules.rules")
TEA = (POLICIES / "tea.yaml").read_text(encoding="utf-8")
WORDING = "Wording only: no case is decided differently. All 336 cases were compared."
READING = sentence("clauses.interpretation")
NO_CASE = "No case is decided differently. All 336 cases were compared."

CHANGE_OF_MIND = [
    (
        "{problem: change_of_mind}\n        outcome: excluded",
        "{problem: change_of_mind, product: factory_special}\n        outcome: excluded",
    ),
    ("      - when: {problem: wrong_item}\n", "      - when: {problem: [wrong_item, change_of_mind]}\n"),
    (
        "      problem: change_of_mind\n    outcome",
        "      problem: change_of_mind\n      product: factory_special\n    outcome",
    ),
]
UNNAMED = ("or within {time_to_tell.bags} if it is tea bags", "or sooner if it is tea bags")


def section(lines: list[str], heading: str) -> list[str]:
    """The lines of one section."""
    headings = ["Rules that changed under the same words", "Words that changed over the same rules"]
    headings += ["Links and examples", "Values", "Words and settings", "New, gone, renamed and moved"]
    start = lines.index(heading) + 1
    return [*itertools.takewhile(lambda line: line not in headings, lines[start:])]


def test_clause_with_a_changed_rule_is_shown_with_its_text() -> None:
    assert section(report_text(*CHANGE_OF_MIND), "Rules that changed under the same words") == [
        "• The clause “Wrong items”",
        "What it decides changed, its words did not. Do they still say the same?",
        "what customers read:",
        "title: Wrong items",
        "text: What you got is not the item that you ordered.",
        "what it decides:",
        "Stands under: What is covered",
        f"- {DECIDES}: You can apply. Only for: a wrong item.",
        f"+ {DECIDES}: You can apply. Only for: a wrong item or a change of mind.",
        "• The clause “No returns without a reason”",
        "What it decides changed, its words did not. Do they still say the same?",
        "what customers read:",
        "title: No returns without a reason",
        "text: Our products are specially selected and cannot be sold again. So you cannot return or exchange a "
        "product just because you do not want it any more.",
        f"{READING}: In another place the policy says this: if you are not satisfied, you can send the goods back and "
        'get your money back under a "return and refund policy". That text is not part of this policy. The two do not '
        "fit together. We follow the rule above until the shop settles it.",
        "title of a card on the home page: What is not covered",
        "text of a card on the home page: A change of mind, or a problem from an event beyond anyone's control.",
        "what it decides:",
        "Stands under: What is not covered",
        f"- {DECIDES}: This is not covered. Only for: a change of mind.",
        f"+ {DECIDES}: This is not covered. Only for: a change of mind. Only for: factory special products.",
        f"{say('rules.interpretations')}: In another place the policy says this: if you are not satisfied, you can "
        "send the goods … Only for: a change of mind.",
    ]


def test_reworded_clause_is_shown_once_with_its_rules() -> None:
    lines = report_text(("What you got is not the item that you ordered.", "We sent you something else."))
    assert lines[1] == NO_CASE
    assert lines[3:] == [
        "Words that changed over the same rules",
        "• The clause “Wrong items”",
        "Its words changed, what it decides did not. Do they still say the same?",
        "what customers read:",
        "title: Wrong items",
        "- text: What you got is not the item that you ordered.",
        "+ text: We sent you something else.",
        "what it decides:",
        "Stands under: What is covered",
        f"{DECIDES}: You can apply. Only for: a wrong item.",
    ]


@pytest.mark.parametrize(
    ("before", "after", "clause"),
    [
        ("    title: Wrong items\n", "    title: Another item\n", "wrong_item"),
        ("your money back.\n    clause", "your money.\n    clause", "remedy"),
        ("Then your refund is worked out", "Your refund is worked out", "discounts"),
        ("The policy gives examples, not a full list.", "The list is not full.", "force_majeure"),
        ("    clause: no_change_of_mind\n", "    clause: affected_items\n", "no_change_of_mind"),
    ],
    ids=["title", "card", "text", "reading", "card of another clause"],
)
def test_reworded_deciding_clause_is_not_wording_only(before: str, after: str, clause: str) -> None:
    diff = compare((before, after))
    assert [(side.clause, side.changed) for side in diff.clauses_to_review] == [(clause, "words")]
    assert not diff.wording_only
    assert diff.same_decisions


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The sender address on your package", "The sender's address on your package"),
        ("Apply for the items with the problem only.", "Apply only for the items with the problem."),
        ("{problem: quality, outcome: eligible}", "{outcome: eligible, problem: quality}"),
        ("- when: {problem: quality}\n", "- when: [{problem: quality}, {problem: quality}]\n"),
        ("in words: a wrong item", "in words: an item that you did not order"),
    ],
    ids=["a clause that decides nothing", "a reminder", "order", "the same condition", "an answer"],
)
def test_wording_only_needs_unchanged_deciding_clauses(before: str, after: str) -> None:
    assert report_text((before, after))[1] == WORDING


@pytest.mark.parametrize("figure", ["30 days", "a fortnight", "thirty\xa0days", "２０ %"])
def test_changed_figure_in_a_text_is_not_wording_only(figure: str) -> None:
    source = FROZEN.replace("They may go further.", f"They may go further, up to {figure}.")
    diff = difference(version(source, "old"), version(FROZEN, "new"), TODAY)
    assert (diff.same_decisions, diff.wording_only, diff.clauses_to_review) == (True, False, ())
    assert render(diff, "terminal").splitlines()[1] == NO_CASE


def test_old_version_with_text_errors_alone_is_compared_in_every_case() -> None:
    wrong = edited(("within {window.standard} of", "within 30 days of"), ("{problem.shortage}", "{problem.shortages}"))
    lines = render(difference(version(wrong, "old.yaml"), version(FROZEN, "new.yaml"), TODAY), "terminal").splitlines()
    assert lines[1] == NO_CASE
    assert lines[2].startswith("By the rules of today, the old version has mistakes. The first is: old.yaml:")
    assert "        - text: Apply within 30 days of the day your order reached you. For factory special" in str(lines)


def test_clause_with_another_title_is_listed_with_its_text() -> None:
    lines = report_text(("title: Wrong items\n    topic: covered", "title: Wrong items\n    topic: not_covered"))
    items = section(lines, "Rules that changed under the same words")
    assert lines[1] == NO_CASE
    assert items[0] == "• The clause “Wrong items”"
    assert items[-3:-1] == ["- Stands under: What is covered", "+ Stands under: What is not covered"]


def test_changed_figure_missing_in_the_text_counts_as_a_changed_rule() -> None:
    old, new = (edited(UNNAMED, *edits, source=TEA) for edits in ([], [("bags: 6 days", "bags: 4 days")]))
    diff = difference(version(old, "old"), version(new, "new"), TODAY)
    lines = [line.strip() for line in render(diff, "terminal").splitlines()]
    assert section(lines, "Rules that changed under the same words")[:9] == [
        "• The clause “Tell us in time”",
        "Its figures changed, and it does not name them: time_to_tell for tea bags. Do its words still say the same?",
        "what customers read:",
        "title: Tell us in time",
        "text: Tell us within 12 days, or sooner if it is tea bags.",
        "title of a card on the home page: In short",
        "text of a card on the home page: Tell us within 12 days.",
        "what it decides:",
        "Stands under: When we help",
    ]


def test_changed_figure_named_in_the_text_is_listed_as_a_value_alone() -> None:
    assert compare(LONGER).clauses_to_review == ()


def test_changed_rule_beside_a_changed_figure_is_listed() -> None:
    narrowed = (
        "{received_on: {longer ago than: window}}\n        outcome: expired",
        "{received_on: {longer ago than: window}, cause: none}\n        outcome: expired",
    )
    sides = compare(LONGER, narrowed).clauses_to_review
    assert [(side.clause, side.changed) for side in sides] == [("how_long", "rules")]


def test_value_used_in_texts_alone_is_compared_as_text() -> None:
    old, new = (
        TEA.replace("  look: 3–4 working days", f"  look: 3–4 working days\n  off: {off}").replace(
            "Show us what is wrong.", "Show us what is wrong. You pay {off}."
        )
        for off in ("20 %", "2 weeks")
    )
    diff = difference(version(old, "old"), version(new, "new"), TODAY)
    assert (diff.old.mistakes, diff.new.mistakes) == ((), ())
    assert [line.strip() for line in render(diff, "terminal").splitlines()][-2:] == [
        "• off: 20 % → 2 weeks",
        "It is named in “What to show”.",
    ]


def test_text_in_a_comment_cannot_end_its_code_block() -> None:
    text = 'text: "What you got is not the item.\\n\\n```\\n\\n# Not a heading"'
    old = FROZEN.replace("text: >\n      What you got is not the item that you ordered.", text)
    new = old.replace("- when: {problem: wrong_item}", "- when: {problem: wrong_item, cause: none}")
    assert old != FROZEN != new
    shown = render(difference(version(old, "old"), version(new, "new"), TODAY), "markdown")
    assert "\n      text: What you got is not the item.\n      \n      ```\n      \n      # Not a heading\n" in shown


def table(policy: Policy, clause: str, alignment: Alignment, space: dict[str, tuple[str | int, ...]]) -> object:
    """The outcome and the cases of each rule of a clause, under the new ids, by brute force."""
    by_hand = ByHand(policy)
    outcomes: dict[str, set[tuple[str | int, ...]]] = {}
    for values in itertools.product(*space.values()):
        case = dict(zip(space, values, strict=True))
        for rule in policy.clauses[clause].rules:
            if by_hand.matches(rule.when, case):
                outcomes.setdefault(alignment.new_id("outcomes", rule.outcome), set()).add(values)
    return outcomes


@given(pairs(), st.data())
@random_inputs(100)
def test_clause_with_changed_rules_and_unchanged_text_is_listed(
    pair: tuple[Policy, Policy], data: st.DataObject
) -> None:
    old, new = pair
    rewritten = data.draw(st.sets(st.sampled_from(sorted(new.clauses))))
    clauses = {
        name: replace(clause, text=f"{clause.text} Anew.") if name in rewritten else clause
        for name, clause in new.clauses.items()
    }
    new = replace(new, clauses=clauses)
    before, after = (Version(name="", written=policy, policy=policy) for policy in (old, new))
    diff = difference(before, after, TODAY)
    listed = {side.clause: side.changed for side in diff.clauses_to_review}
    for name, now in diff.alignment.parts["clauses"].items():
        changed = table(old, name, diff.alignment, both(old, new)) != table(new, now, Alignment(), both(old, new))
        if changed and now not in rewritten:
            assert listed[now] == "rules"
        if now in rewritten and not changed and listed.get(now) != "rules":
            decides = [policy.clauses[clause] for policy, clause in ((old, name), (new, now))]
            assert (
                (now in listed) or not any(side.rules for side in decides) or old.clauses[name] != pair[1].clauses[now]
            )


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("review_start: 2–3 working days", "review_start: 2-3 Working Days"),
        ("standard: 15 days", "standard: 15  days"),
        ("clause: how_long", "clause: how_logn"),
        ('contact: ""', "contact: nobody"),
        ("language: en\n", "language: e\n"),
        ("none\n    outcome: expired\n", "none\n    outcome: eligible\n"),
    ],
    ids=["a value for texts", "a window", "a card", "the contact", "the language", "an example"],
)
def test_harmless_error_in_the_old_version_does_not_prevent_comparison(right: str, wrong: str) -> None:
    diff = difference(version(edited((right, wrong)), "old"), version(FROZEN, "new"), TODAY)
    assert diff.old.mistakes
    assert diff.decisions is not None
    assert diff.decisions.cases == 336
