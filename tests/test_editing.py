"""What editors do to the policy, each by one edit of policy.yaml: what page, verdict and report say, and of a slip."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest
from guide import GUIDE, LINKS, guide, links
from markup import rendered, shown, words
from tasks import TASKS, Parts, longer

from checker import Checker, Policy
from checker.calendar import Duration, in_words
from checker.explain import explain
from checker.link import read as read_link
from checker.verdict import Verdict
from macros.diff import difference, render, version
from macros.layout import edited
from macros.load import ROOT, PolicyErrors, loads

LIVE = (ROOT / "policy.yaml").read_text(encoding="utf-8")


def parts_of(text: str) -> Parts:
    data: list[Any] = []
    edited(text, data.append)
    return Parts(data[0])


BEFORE = parts_of(LIVE)
CLASS, CLAUSE, CAUSE, KIND_ADDED = map(BEFORE.new, ("too_late", "late_parcels", "strike", "sample"))
PROOF, QUESTION, REMINDER, OTHER_NAME = map(BEFORE.new, ("label_picture", "used", "keep_it", "fault_found"))
EXAMPLE, TO_KEEP = map(BEFORE.new, ("something quite like it", "Keep what came with it."))


@dataclass(frozen=True)
class After:
    """A policy after an edit, and what is said of that."""

    policy: Policy
    parts: Parts
    report: list[str]

    def page(self, macro: str) -> str:
        return shown(rendered(self.policy, macro))

    def decide(self, **answers: str | None) -> Verdict:
        """The verdict on a covered case of the first class, with other answers where they are given."""
        return Checker(self.policy).decide(covered_case(self.policy) | answers, today(self.policy))

    def said(self, **answers: str) -> list[str]:
        """All that the customer is told, with the address that each line leads to."""
        sections = explain(self.policy, self.decide(**answers)).sections
        return [
            text
            for section in sections
            for item in (*section.items, *section.readings)
            for text in (item.text, item.note, item.href)
            if text
        ]

    def days_ago(self, days: int) -> str:
        return (today(self.policy) - timedelta(days)).isoformat()


@functools.cache
def after(task: str) -> After:
    edit, _ = TASKS[task]
    text = edited(LIVE, lambda data: edit(Parts(data)))
    old, new = version(LIVE, "before"), version(text, "after")
    assert (old.mistakes, new.mistakes) == ((), ())
    assert old.policy is not None
    assert new.policy is not None
    found = difference(old, new, today(old.policy))
    report = [line.strip() for line in render(found, "terminal").splitlines() if line.strip()]
    return After(new.policy, parts_of(text), report)


def live() -> After:
    return After(loads(LIVE), BEFORE, [])


def _covered(policy: Policy) -> Iterator[tuple[date, dict[str, Any]]]:
    for example in policy.examples.values():
        if example.outcome == BEFORE.covered and "unknown" not in example.answers.values():
            answers = {name: [*given] if isinstance(given, tuple) else given for name, given in example.answers.items()}
            yield example.today, answers | {BEFORE.asks_class: BEFORE.first}


def today(policy: Policy) -> date:
    return next(_covered(policy))[0]


def covered_case(policy: Policy) -> dict[str, Any]:
    return next(_covered(policy))[1]


def asks_received(policy: Policy) -> str:
    return next(name for name, question in policy.questions.items() if question.counted_to)


def days(length: str) -> int:
    return Duration.parse(length).most


def title(parts: Parts, question: str, choice: str) -> str:
    return str(parts.data["questions"][question]["choices"][choice]["title"])


def asked(question: str) -> str:
    return str(BEFORE.data["questions"][question]["ask"])


def new_answer(question: str, choice: str) -> str:
    return f"• New: the answer “{choice}” to “{asked(question)}”"


STAYS = "The outcome stays the same in all {cases} cases. What goes with it changes."
SAME = "None of the {cases} cases that both versions know is decided differently."
WORDS = "Wording only: no case is decided differently. All {cases} cases were compared."


def lead(after: After) -> str:
    """The first sentence of the report, without the number of cases."""
    number = next(word for word in after.report[1].split() if word.replace(",", "").isdecimal())
    return after.report[1].replace(number, "{cases}", 1)


# ---- the tasks


def test_a_window_is_changed() -> None:
    done = after("change a window")
    old = BEFORE.data["values"][BEFORE.window][BEFORE.usual_kind]
    new = longer(old, 5)
    assert new in done.page("policy_text")
    received = {asks_received(done.policy): done.days_ago(days(new)), BEFORE.asks_kind: BEFORE.usual_kind}
    assert live().decide(**received).outcome != BEFORE.covered
    assert done.decide(**received).outcome == BEFORE.covered
    kind = done.policy.questions[BEFORE.asks_kind].choices[BEFORE.usual_kind].in_words
    assert "Better for customers" in done.report
    assert f"• {BEFORE.window} for {kind}: {old} → {new}" in done.report


def test_a_kind_of_product_with_its_own_window_is_added() -> None:
    done = after("add a kind of product with its own window")
    own = days(done.parts.data["values"][BEFORE.window][KIND_ADDED])
    assert "samples" in done.page("cases").lower()
    received = asks_received(done.policy)
    late, in_time = (
        done.decide(**{BEFORE.asks_kind: KIND_ADDED, received: done.days_ago(ago)}) for ago in (own + 1, own)
    )
    assert in_time.outcome == BEFORE.covered
    assert late.outcome != BEFORE.covered
    assert lead(done) == SAME
    assert new_answer(BEFORE.asks_kind, BEFORE.new("A sample")) in done.report
    assert f"• {BEFORE.window} for samples: new → 2 days" in done.report


def test_a_class_of_problem_is_added() -> None:
    done = after("add a class of problem")
    assert "Late parcels It came after the promised day." in done.page("policy_text")
    verdict = done.decide(**{BEFORE.asks_class: CLASS})
    assert (verdict.outcome, [reason.clause for reason in verdict.reasons]) == (BEFORE.covered, [CLAUSE])
    assert lead(done) == SAME
    assert done.report[-2:] == [
        "• New: the clause “Late parcels”",
        new_answer(BEFORE.asks_class, BEFORE.new("It came too late")),
    ]


def test_an_example_is_added_to_a_class() -> None:
    done = after("add an example to a class")
    assert EXAMPLE in done.page("policy_text")
    assert done.decide().outcome == BEFORE.covered
    assert lead(done) == "No case is decided differently. All {cases} cases were compared."
    examples = BEFORE.classes[BEFORE.first].get("examples", [])
    assert done.report[-2:] == [f"- {', '.join(examples)}", f"+ {', '.join([*examples, EXAMPLE])}"]


def test_a_cause_beyond_anyones_control_is_added() -> None:
    done = after("add a cause that is beyond anyone's control")
    assert "a strike" in done.page("cases").lower()
    assert done.decide(**{BEFORE.asks_cause: CAUSE}).outcome == BEFORE.refused
    assert lead(done) == SAME
    assert f"– {done.policy.outcomes[BEFORE.refused].title}: Every case" in done.report
    assert done.report[-1] == new_answer(BEFORE.asks_cause, BEFORE.new("Yes, a strike"))


def test_a_piece_of_proof_is_added_for_one_class() -> None:
    done = after("add a piece of proof for one class")
    assert "A picture of the label Its number must be there." in done.page("proof_list")
    assert set(done.decide().needed) - set(live().decide().needed) == {PROOF}
    others = [each for each, _ in BEFORE.ruled(BEFORE.covered) if each != BEFORE.first]
    assert all(PROOF not in done.decide(**{BEFORE.asks_class: each}).needed for each in others)
    assert lead(done) == STAYS
    assert done.report[3] == "Worse for customers"
    assert done.report[4].startswith("• Now asked for as proof: A picture of the label (")


def test_the_review_time_is_changed() -> None:
    done = after("change the review time")
    old = BEFORE.data["values"][BEFORE.wait]
    new = longer(old, 2)
    assert new in done.page("policy_text")
    assert new in done.page("steps")
    [before], [later] = live().decide().dates.values(), done.decide().dates.values()
    assert all(late > early for early, late in zip(before, later, strict=True))
    assert lead(done) == STAYS
    assert f"• {BEFORE.wait}: {old} → {new}" in done.report


def test_the_country_of_the_statutory_holidays_is_set() -> None:
    done = after("set the country of the statutory holidays")
    holidays = done.policy.holidays
    assert holidays is not None
    left_out = f"Statutory holidays are left out ({holidays.country}). They are known until {in_words(holidays.last)}."
    assert left_out in done.page("policy_text")

    def dates(of: After, day: date) -> list[tuple[date, date]]:
        case = covered_case(of.policy) | {asks_received(of.policy): day.isoformat()}
        return [*Checker(of.policy).decide(case, day).dates.values()]

    holiday = next(day for day in holidays.exceptions if day > done.policy.valid_from)
    [plain], [skipped] = (dates(each, holiday - timedelta(1)) for each in (live(), done))
    assert all(early < late for early, late in zip(plain, skipped, strict=True))
    assert dates(done, holidays.last) == [], "past its end nobody guesses"
    until = [
        note.text
        for clause in live().policy.clauses.values()
        for note in clause.interpretations.values()
        if note.until == "a country is named"
    ]
    assert [text for text in until if text in done.page("policy_text")] == []
    assert lead(done) == STAYS
    assert "calendar, country:" in done.report
    assert done.report[-1] == f"+ {done.policy.calendar.country}"


def test_a_question_on_which_an_exclusion_depends_is_added() -> None:
    done = after("add a question on which an exclusion depends")
    assert "Did you use it?" in done.page("cases")
    assert done.decide(**{QUESTION: "unused"}).outcome == BEFORE.covered
    assert done.decide(**{QUESTION: "was_used"}).outcome == BEFORE.refused
    assert done.decide(**{QUESTION: "unknown"}).outcome is None
    covered, refused = (done.policy.outcomes[each].title for each in (BEFORE.covered, BEFORE.refused))
    assert done.report[3] == "Worse for customers"
    assert done.report[4].startswith(f"• {covered} → {refused} (")
    assert done.report[-1] == "• New: the question “Did you use it?”"


def test_a_reminder_is_added_for_some_cases() -> None:
    done = after("add a reminder for some cases")
    assert TO_KEEP in done.page("reminders")
    assert TO_KEEP in done.said()
    other = next(each for each, _ in BEFORE.ruled(BEFORE.covered) if each != BEFORE.first)
    assert TO_KEEP not in done.said(**{BEFORE.asks_class: other})
    assert lead(done) == STAYS
    assert done.report[4].startswith(f"• Now reminded of: {TO_KEEP} (")


def test_a_class_is_renamed_and_links_to_it_still_work() -> None:
    done = after("rename a class without breaking links")
    assert "a defect" in done.page("cases").lower()
    link = read_link(done.policy, [[BEFORE.asks_class, BEFORE.first]])
    assert done.decide(**link.answers).outcome == BEFORE.covered  # type: ignore[arg-type]
    assert lead(done) == WORDS
    assert "Links and examples" not in done.report
    at = done.report.index("answer, title:")
    assert done.report[at + 1 : at + 3] == [
        f"- {title(BEFORE, BEFORE.asks_class, BEFORE.first)}",
        "+ It does not do what it should",
    ]


def test_a_clause_is_reworded_and_nothing_is_decided_otherwise() -> None:
    done = after("reword a clause")
    assert "Tell us what is wrong. " in done.page("policy_text")
    assert done.decide().outcome == BEFORE.covered
    assert lead(done) == f"No{WORDS.removeprefix('Wording only: no')}"
    assert done.report[done.report.index("Words that changed over the same rules") + 1] == (
        f"• The clause “{BEFORE.first_clause['title']}”"
    )


def test_the_contact_and_the_address_are_entered() -> None:
    done = after("enter the contact and the address where to apply")
    for address in ("help@shop.example", "https://shop.example/apply"):
        assert address in done.page("contact")
        assert f"+ {address}" in done.report
    assert "https://shop.example/apply" in done.said()
    assert lead(done) == WORDS


REMOVAL = "remove a class of problem"
NONE_TO_REMOVE = pytest.mark.skipif(not all(BEFORE.removable), reason="no class stands for itself alone")


@NONE_TO_REMOVE
def test_a_class_of_problem_is_removed() -> None:
    done = after(REMOVAL)
    class_, clause = BEFORE.removable
    gone = title(BEFORE, BEFORE.asks_class, class_)
    assert words(BEFORE.clauses[clause]["text"]) not in done.page("policy_text")
    assert read_link(done.policy, [[BEFORE.asks_class, class_]]).answers
    with pytest.raises(Exception, match=class_):
        done.decide(**{BEFORE.asks_class: class_})
    assert lead(done) == SAME
    assert f"• Gone: the answer “{gone}” to “{asked(BEFORE.asks_class)}”" in done.report
    lost = f"• Shared links lose the answer “{gone}” to “{asked(BEFORE.asks_class)}”. Customers are asked again."
    assert lost in done.report


def test_a_reading_is_settled_and_becomes_a_part_of_its_clause() -> None:
    done = after("settle a reading")
    clause, name = BEFORE.reading
    sentence = words(live().policy.clauses[clause].interpretations[name].text)
    assert sentence in words(done.policy.clauses[clause].text)
    assert sentence in done.page("policy_text")
    assert sentence in map(words, live().said())
    assert sentence not in map(words, done.said())
    assert lead(done) == STAYS
    assert f"• The clause “{BEFORE.clauses[clause]['title']}”" in done.report


# ---- the slips

FIRST, KIND, WINDOW = BEFORE.first, BEFORE.asks_kind, BEFORE.window
REMOVED, REMOVED_CLAUSE = BEFORE.removable
FIRST_CLAUSE = next(BEFORE.ruled(BEFORE.covered))[1]
PROOF_CLAUSE = next(id_ for id_, clause in BEFORE.clauses.items() if "proof" in clause)
USUAL = BEFORE.data["values"][WINDOW][BEFORE.usual_kind]
EXAMPLES = len(BEFORE.classes[FIRST].get("examples", ()))
REVIEW = Duration.parse(BEFORE.data["values"][BEFORE.wait])


MESSAGES = {
    "change a window": f"values › {WINDOW} › {BEFORE.usual_kind}: must be a length of time with its unit, such as 20 "
    "days or 20 working days.",
    "add a kind of product with its own window": f'values › {WINDOW}: lacks a line for "{KIND_ADDED}", which is an '
    f'answer to "{KIND}". Say what it is then.',
    "add a class of problem": "clauses: no rule decides this case: today: …, answers: {…}. Add a rule for it "
    "to a clause.",
    "add an example to a class": f"questions › {BEFORE.asks_class} › choices › {FIRST} › examples › "
    f"{EXAMPLES + 1}: must be a text. Put quotes around all of it, so that the colon in "
    "it counts as a part of the text.",
    "add a cause that is beyond anyone's control": f"questions › {BEFORE.asks_cause} › choices › {CAUSE}: lacks "
    'the line "title: …" (the answer as a customer would say it).',
    "add a piece of proof for one class": f"clauses › {PROOF_CLAUSE} › proof › {PROOF} › when › "
    f'{BEFORE.asks_class}: "{FIRST}y" is no answer to "{BEFORE.asks_class}". Did you mean "{FIRST}"?',
    "change the review time": f"values › {BEFORE.wait}: must go from the shorter time to the longer, got "
    f"{REVIEW.most}–{REVIEW.least} working days.",
    "set the country of the statutory holidays": 'calendar › country: there is no country "Germany". '
    'Did you mean "DE", for Germany?',
    "add a question on which an exclusion depends": f"questions › {QUESTION}: changes nothing, whatever the answer. "
    "Use this question in a rule, or take it away.",
    "add a reminder for some cases": f"clauses › {FIRST_CLAUSE} › reminders › {REMINDER} › when: fits no case: its "
    "conditions never hold together. Change them, or take this part away.",
    "rename a class without breaking links": f"clauses › {FIRST_CLAUSE} › rules › 1 › when › {BEFORE.asks_class}: "
    f'"{FIRST}" is no answer to "{BEFORE.asks_class}". …',
    "reword a clause": f'clauses › {FIRST_CLAUSE} › text: spells out "{USUAL}". Write '
    f"{{{WINDOW}.{BEFORE.usual_kind}}}, so that it stands in one place.",
    "enter the contact and the address where to apply": "shop › apply at: must be a web address that begins with "
    "https://.",
    REMOVAL: f"clauses › {REMOVED_CLAUSE} › rules › 1 › when › {BEFORE.asks_class}: "
    f'"{REMOVED}" is no answer to "{BEFORE.asks_class}". …',
    "settle a reading": f"examples › … › outcome: you expect {BEFORE.covered}, but the policy decides "
    f'{BEFORE.refused}, because of "{FIRST_CLAUSE}". Change the answers, the rules or what you expect.',
}
"""By task. Where it says …, there is an example of a case, the name of an example, or what may be meant."""


@pytest.mark.parametrize(
    "task", [pytest.param(task, marks=NONE_TO_REMOVE if task == REMOVAL else ()) for task in TASKS]
)
def test_a_slip_is_told_in_words_that_say_what_to_do(task: str) -> None:
    _, slip = TASKS[task]
    with pytest.raises(PolicyErrors) as told:
        loads(edited(LIVE, lambda data: slip(Parts(data))))
    said = [error.said for error in told.value.errors]
    wanted = re.escape(MESSAGES[task]).replace("…", ".+")
    assert any(re.fullmatch(wanted, each) for each in said), said


def test_every_task_has_a_slip_that_is_told() -> None:
    assert MESSAGES.keys() == TASKS.keys()


def test_the_guide_for_contributors_leads_to_every_task() -> None:
    said = LINKS.read_text(encoding="utf-8").splitlines()
    assert [line for line in said if f"({GUIDE.name}#" in line] == links()


def test_the_guide_by_example_shows_what_really_happens() -> None:
    assert GUIDE.read_text(encoding="utf-8") == guide(), "write it anew: PYTHONPATH=. .venv/bin/python tests/guide.py"
