"""Reports of real edits of the policy."""

from __future__ import annotations

import functools
import json
from datetime import date
from typing import Any

import pytest

from bench.generate import shorter
from checker import Checker, Policy
from macros.diff import Difference, Version, difference, render
from macros.diff import version as read_version
from macros.diff.report.report import report
from macros.policyfile import formatter
from tests.support.paths import POLICIES
from tests.support.renaming import old as first_name
from tests.support.renaming import renamed, rewritten

FROZEN = (POLICIES / "frozen.yaml").read_text(encoding="utf-8")
TODAY = date(2026, 11, 22)
version = functools.cache(read_version)

LONGER = ("standard: 15 days", "standard: 20 days")
RENAMED_CLASS = [
    ("      shortage:\n        title:", "      missing:\n        title:"),
    ("{problem.shortage", "{problem.missing"),
    ("problem: shortage", "problem: missing"),
    ("[shortage, wrong_item]", "[missing, wrong_item]"),
]
REMOVED_CLASS = [
    ("      other:\n        title: Something else is wrong\n", "      gone:\n        title: Something else is wrong\n"),
    ("        in words: another problem\n        examples:\n          - an order that has not arrived yet\n", ""),
    ("      gone:\n        title: Something else is wrong\n", ""),
    ("    rules:\n      - when: {problem: other}\n        outcome: review\n", ""),
    ("      problem: other\n", "      problem: quality\n"),
]
ADDED_QUESTION = [
    (
        "  applied_on:\n    ask:",
        "  used:\n    ask: Did you use it?\n    answer: one choice\n    choices:\n"
        '      unused: {title: "No"}\n      was_used: {title: "Yes"}\n  applied_on:\n    ask:',
    ),
    (
        "      - when: {problem: change_of_mind}\n        outcome: excluded\n",
        "      - when: {problem: change_of_mind}\n        outcome: excluded\n"
        "      - when: {problem: wrong_item, used: was_used}\n        outcome: excluded\n",
    ),
    (
        "      product: standard\n      cause: none\n",
        "      product: standard\n      cause: none\n      used: unused\n",
    ),
]


GRANTED = (
    ("back. The platform bears all costs.\n", "back, {remedies.refund}. {costs.platform}.\n"),
    ("is of: order_total}\n        when: {outcome: eligible}", "is of: order_total}\n        when: {remedies: refund}"),
    (
        "{payout} of that day.\n        when: {outcome: eligible}",
        "{payout} of that day.\n        when: {costs: platform}",
    ),
)


def edited(*edits: tuple[str, str], source: str = FROZEN) -> str:
    for before, after in edits:
        assert before in source, before
        source = source.replace(before, after)
    return source


def compare(*edits: tuple[str, str]) -> Difference:
    return difference(version(FROZEN, "old.yaml"), version(edited(*edits), "new.yaml"), TODAY)


def report_text(*edits: tuple[str, str]) -> list[str]:
    return [line.strip() for line in render(compare(*edits), "terminal").splitlines() if line.strip()]


def headings(difference: Difference) -> list[str]:
    return [section.heading for section in report(difference).sections]


def test_later_deadline_is_reported_with_cases_and_consequences() -> None:
    text = render(compare(LONGER), "terminal")
    assert text.startswith(
        """\
old.yaml → new.yaml
The outcome changes in 4 of 420 cases: 4 better.
The version is still “1.0”. Give this change a version of its own.

Better for customers
  • It is too late to apply → You can apply (3 of 420 cases)
      – A quality problem, a shortage or a wrong item · 16–20 days ago · standard products · no such event
      With it: the product sent to you again; your money back; The platform bears all costs; 5 pieces of proof; \
4 steps; 2 reminders
      No longer: 1 reminder
      The reason: The time to apply → Quality problems, Missing items and Wrong items
      For example: What went wrong? It is damaged, faulty or not as described · On which day did your order reach you? \
6 November 2026 · Which kind of product is it? A standard product · Did something beyond anyone's control cause the \
problem? No, or not that I know of · On which day do you apply? 22 November 2026
      To see it: check/#problem=quality&received_on=2026-11-06&product=standard&cause=none&applied_on=2026-11-22&
"""
    )
    assert (
        """
  • The last day: 15 days → 20 days (4 of 84 cases)
      – Any answer but “a problem with a return parcel” or “a change of mind” · standard products · no such event
"""
        in text
    )
    assert text.endswith(
        """
Values
  • window for standard products: 15 days → 20 days
      It is named in “The time to apply”.
"""
    )


def test_earlier_deadline_is_worse_and_reported_first() -> None:
    diff = compare(("standard: 15 days", "standard: 10 days"))
    assert headings(diff) == ["Worse for customers", "Different for customers", "Values"]
    assert report(diff).sections[0].items[-1].text == "The last day: 15 days → 10 days"


def test_reworded_policy_is_reported_as_wording_only() -> None:
    lines = report_text(("The law where you live", "The law of your country"), ('"1.0"', '"1.1"'))
    assert lines[1] == "Wording only: no case is decided differently. All 336 cases were compared."
    assert lines[2:] == [
        "Words and settings",
        *("• The policy as a whole", "version:", "- 1.0", "+ 1.1"),
        *("• The clause “Your legal rights”", "reminders, text:"),
        "- This answer is about this policy only. The law where you live may give you more rights.",
        "+ This answer is about this policy only. The law of your country may give you more rights.",
    ]


def test_reworded_clause_beside_a_changed_rule_is_wording_only() -> None:
    lines = report_text(LONGER, ('You can answer "I don\'t know"', 'You may answer "I don\'t know"'))
    assert "• The clause “When you do not know an answer”: wording only, no case is decided differently by it" in lines


def test_changed_value_is_not_reported_again_as_text() -> None:
    assert [thing.id for thing in compare(LONGER).item_changes] == []


def test_renamed_answer_is_recognised_with_its_links() -> None:
    assert report_text(*RENAMED_CLASS)[1:] == [
        "No case is decided differently. All 336 cases were compared.",
        "The version is still “1.0”. Give this change a version of its own.",
        "Links and examples",
        "• Shared links lose the answer “Something is missing” to “What went wrong?”. Customers are asked again.",
        "Keep the name shortage, and no link breaks.",
        "• The worked example “A shelf without its screws”: its answer to “What went wrong?” fits no more",
        "The new version has changed it.",
        "New, gone, renamed and moved",
        "• Under another name: the answer “Something is missing” to “What went wrong?” (shortage → missing)",
    ]


@pytest.mark.parametrize(
    "source", [FROZEN, edited(*GRANTED)], ids=["frozen", "what is granted in conditions and texts"]
)
def test_policy_with_all_ids_renamed_changes_no_decision(source: str) -> None:
    found = difference(version(rewritten(source), "old"), version(renamed(source), "new"), TODAY)
    assert found.same_decisions
    assert (found.value_changes, found.item_changes, found.clauses_to_review) == ((), (), ())
    assert {each.kind for each in found.structure_changes} == {"renamed"}
    assert all(first_name(str(each.after)) == each.before for each in found.structure_changes)


def test_reworded_remedy_is_one_change_though_other_texts_name_it() -> None:
    source = edited(*GRANTED)
    reworded = source.replace("refund: your money back", "refund: all of your money")
    found = difference(version(source, "old"), version(reworded, "new"), TODAY)
    assert [(item.part, item.id) for item in found.item_changes] == [("remedies", "refund")]
    assert found.clauses_to_review == ()


def test_removed_class_is_reported_with_cases_links_and_examples() -> None:
    lines = report_text(*REMOVED_CLASS)
    assert lines[1] == "None of the 280 cases that both versions know is decided differently."
    at = lines.index("Rules that changed under the same words")
    assert lines[at + 1 : at + 3] == [
        "• The clause “Other problems”",
        "What it decides changed, its words did not. Do they still say the same?",
    ]
    assert [*lines[3:9], *lines[lines.index("Links and examples") :][:6]] == [
        "Cases that are gone",
        "• “Something else is wrong” as an answer to “What went wrong?” (56 cases)",
        "– This is not covered: Any answer but “no such event”",
        "– The platform decides case by case: Up to 7 days ago or not arrived · no such event; or Up to 15 days ago or "
        "not arrived · standard products · no such event",
        "– It is too late to apply: More than 7 days ago · factory special products · no such event; or More than "
        "15 days ago · no such event",
        "For example: What went wrong? Something else is wrong · On which day did your order reach you? 22 November "
        "2026 · Which kind of product is it? A standard product · Did something beyond anyone's control cause the "
        "problem? Yes, war · On which day do you apply? 22 November 2026",
        "Links and examples",
        "• Shared links lose the answer “Something else is wrong” to “What went wrong?”. Customers are asked again.",
        "• The worked example “An order that has not arrived”: its answer to “What went wrong?” fits no more",
        "The new version has changed it.",
        "Words and settings",
        "• The worked example “An order that has not arrived”",
    ]
    assert lines[-1] == "• Gone: the answer “Something else is wrong” to “What went wrong?”"


def test_new_question_is_compared_for_every_answer() -> None:
    diff = compare(*ADDED_QUESTION)
    assert diff.decisions is not None
    assert diff.decisions.cases == 2 * 336
    lines = report_text(*ADDED_QUESTION)
    assert lines[1] == "The outcome changes in 8 of 672 cases: 5 worse and 3 different."
    assert "– A wrong item · not arrived · no such event · Did you use it? “Yes”" in lines
    assert lines[-1] == "• New: the question “Did you use it?”"


def test_question_without_common_answers_counts_as_two() -> None:
    ids = [
        ("standard", "usual"),
        ("factory_special", "special"),
        ("usual products", "goods"),
        ("special products", "x"),
    ]
    words = [("A standard product", "Goods"), ("A factory special product", "Special goods")]
    diff = compare(*words, *ids)
    assert diff.decisions is not None
    assert diff.decisions.cases == 336 * 2
    assert diff.decisions.unshared_answers == ()


def test_removed_remedy_is_worse_and_removed_proof_is_better() -> None:
    remedy = compare(("remedies: [reissue, refund]", "remedies: [refund]"))
    assert report_text(("remedies: [reissue, refund]", "remedies: [refund]"))[3:5] == [
        "Worse for customers",
        "• No longer granted: the product sent to you again (9 of 336 cases)",
    ]
    assert remedy.decisions is not None
    assert [change.effect for change in remedy.decisions.changes] == ["worse"]
    proof = compare(
        ("problem: shortage, outcome: [eligible", "problem: shortage, product: standard, outcome: [eligible")
    )
    assert proof.decisions is not None
    assert [(change.id, change.effect) for change in proof.decisions.changes] == [("weighing_pictures", "better")]


def test_changes_in_the_same_cases_are_reported_together() -> None:
    lines = report_text(
        ("{outcome: eligible}\n        remedies", "{outcome: eligible, problem: quality}\n        remedies")
    )
    assert lines[4:7] == [
        "• No longer granted: the product sent to you again; your money back (6 of 336 cases)",
        "– A shortage or a wrong item · up to 7 days ago · no such event",
        "– A shortage or a wrong item · up to 15 days ago · standard products · no such event",
    ]


def test_longer_wait_changes_dates_and_no_outcome() -> None:
    lines = report_text(("review_start: 2–3 working days", "review_start: 4–6 working days"))
    assert lines[1] == "The outcome stays the same in all 336 cases. What goes with it changes."
    assert lines[4] == "• The date of “The review starts”: 2–3 working days → 4–6 working days (12 of 336 cases)"


def test_example_with_another_outcome_is_named() -> None:
    lines = report_text(
        ("- when: {cause: {not: none}}", "- when: {cause: {not: [none, natural_disaster]}}"),
        (
            "      cause: natural_disaster\n    outcome: excluded",
            "      cause: natural_disaster\n    outcome: eligible",
        ),
    )
    at = lines.index("• The worked example “Goods spoiled by a flood”: This is not covered → You can apply")
    assert lines[at + 1] == "The new version has changed it."


def test_policy_compared_with_itself_has_no_changes() -> None:
    assert report_text() == ["old.yaml → new.yaml", "Nothing changes."]


def test_reordered_policy_is_reported_and_changes_no_case() -> None:
    def reverse_keys(parts: Any) -> None:
        for whole, key in (
            (parts["questions"]["cause"], "choices"),
            (parts, "topics"),
            (parts["clauses"]["proof"], "proof"),
            (parts, "examples"),
        ):
            whole[key] = dict(reversed([*whole[key].items()]))

    diff = difference(
        version(FROZEN, "old.yaml"), version(formatter.edit_yaml(FROZEN, reverse_keys), "new.yaml"), TODAY
    )
    assert render(diff, "terminal").splitlines() == [
        "old.yaml → new.yaml",
        "No case is decided differently. All 336 cases were compared.",
        "The version is still “1.0”. Give this change a version of its own.",
        "",
        "New, gone, renamed and moved",
        "  • In another order: topics",
        "  • In another order: examples",
        "  • In another order: answers of “Did something beyond anyone's control cause the problem?”",
        "  • In another order: proof of “What to send”",
    ]


def test_reordered_condition_changes_no_case() -> None:
    assert report_text(("{problem: quality, outcome: eligible}", "{outcome: eligible, problem: quality}"))[1:] == [
        "Wording only: no case is decided differently. All 336 cases were compared.",
        "The version is still “1.0”. Give this change a version of its own.",
    ]


def test_old_version_with_errors_is_compared_by_text() -> None:
    broken = FROZEN.replace("outcome: expired", "outcome: expird").replace("Missing items", "Lost items")
    diff = difference(version(broken, "old.yaml"), version(FROZEN, "new.yaml"), TODAY)
    text = render(diff, "terminal")
    assert (
        "Cases were not compared: by the rules of today, the old version has mistakes. The first is: old.yaml:" in text
    )
    assert 'there is no outcome "expird". Did you mean "expired"?' in text
    assert "        - title: Lost items\n        + title: Missing items\n" in text
    assert "        - expird: received_on: longer ago than window\n        + expired: received_on: longer" in text
    assert not diff.same_decisions


def test_report_case_of_the_live_policy_leads_to_both_outcomes(policy: Policy) -> None:
    after = shorter(policy)
    old, new = (Version(name=name, written=side, policy=side) for name, side in (("old", policy), ("new", after)))
    diff = difference(old, new, policy.valid_from)
    assert diff.decisions is not None
    outcomes = [change for change in diff.decisions.changes if change.kind == "outcome"]
    assert outcomes
    for change in outcomes:
        for side, outcome in ((policy, change.before), (after, change.after)):
            for case in (change.case, *(statement.case for statement in change.statements)):
                assert Checker(side).decide(case, policy.valid_from).outcome == outcome


def test_scattered_cases_are_counted_and_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("checker.engine.cover.MAX_PATHS", 0)
    assert report_text(LONGER)[4:6] == [
        "• It is too late to apply → You can apply (3 of 420 cases)",
        "– These cases have too little in common to be listed.",
    ]


def test_long_list_is_cut_with_a_note(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.diff.report.cases._MAX_STATEMENTS", 1)
    lines = report_text(("remedies: [reissue, refund]", "remedies: [refund]"))
    assert lines[5:7] == [
        "– A quality problem, a shortage or a wrong item · up to 7 days ago · no such event",
        "– and 1 more, which --format json lists",
    ]


def test_too_complex_versions_are_compared_without_cases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("macros.diff.case_space.LIMIT", 5)
    lines = report_text(LONGER)
    assert lines[1].startswith("Cases were not compared: they are too many. Look first at the rules that ask “")
    assert lines[3:] == [
        "Values",
        "• window for standard products: 15 days → 20 days",
        "It is named in “The time to apply”.",
    ]


def test_json_report_contains_the_text_report() -> None:
    data = json.loads(render(compare(LONGER), "json"))
    assert data["compared"]["old"] == {"name": "old.yaml", "version": "1.0", "mistakes": []}
    flips = [change for change in data["decisions"]["changes"] if change["kind"] == "outcome"]
    assert [(flip["before"], flip["after"], flip["cases"], flip["of"], flip["effect"]) for flip in flips] == [
        ("expired", "eligible", 3, 420, "better"),
        ("expired", "review", 1, 420, "better"),
    ]
    assert flips[0]["statements"][0]["answers"][1] == {
        "question": "received_on",
        "choices": [],
        "days": [[16, 20]],
        "old_only": False,
    }


def test_markdown_report_folds_a_case_and_its_link() -> None:
    text = render(compare(LONGER), "markdown")
    assert (
        "  - <details><summary>For example</summary>What went wrong? It is damaged, faulty or not as described<br>"
        "On which day did your order reach you? 6 November 2026<br>Which kind of product is it? A standard product<br>"
        "Did something beyond anyone's control cause the problem? No, or not that I know of<br>"
        "On which day do you apply? 22 November 2026<br><code>check/#problem=quality&amp;received_on=2026-11-06"
        "&amp;product=standard&amp;cause=none&amp;applied_on=2026-11-22&amp;</code></details>\n"
    ) in text


def test_long_markdown_report_is_folded_and_cut() -> None:
    other = (POLICIES / "library.yaml").read_text(encoding="utf-8")
    diff = difference(version(FROZEN, "old.yaml"), version(other, "new.yaml"), TODAY)
    text = render(diff, "markdown")
    [words] = [section for section in report(diff).sections if section.heading == "Words and settings"]
    number = len(words.items)
    assert number > 30
    assert f"### Words and settings\n\n<details><summary>All {number}</summary>\n\n- **" in text
    assert f"- and {number - 30} more, which `policy diff` lists\n\n</details>\n" in text
    assert text.count("<details>") == text.count("</details>")


def test_multiline_text_is_indented_in_the_terminal_report() -> None:
    forged = "It is damaged\n\nWording only: no case is decided differently."
    lines = report_text(("title: It is damaged, faulty or not as described", f"title: {json.dumps(forged)}"), LONGER)
    assert any(
        "What went wrong? It is damaged Wording only: no case is decided differently. ·" in line for line in lines
    )
    assert [line for line in lines if line.startswith("Wording only")] == []
