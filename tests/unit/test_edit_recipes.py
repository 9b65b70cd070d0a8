"""Tasks of editors, each one edit of the file: the page, the verdict, the report, and the error of a typical slip."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from copy import deepcopy
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from checker import Checker, Policy
from checker.explain.explanation import explain
from checker.policy import Example
from checker.values.durations import Duration
from checker.verdict import Verdict
from checker.web.permalink import read as read_link
from macros.analysis.load import check_source, loads
from macros.diff import difference, render, version
from macros.policyfile.errors import PolicyErrors
from macros.policyfile.formatter import edit_yaml
from macros.policyfile.yaml_reader import Source, parse
from tests.support.edit_recipes import TASKS, AbsentError, Edit, Parts, first, longer
from tests.support.guide import GUIDE, LINKS, guide, links
from tests.support.markup import render_macro, visible_text, words
from tests.support.paths import POLICIES
from tests.support.words import MESSAGES, say


@dataclass(frozen=True)
class Edited:
    """A policy as it is, or after an edit, and what is said of that."""

    policy: Policy
    parts: Parts
    report: list[str]

    def page(self, macro: str) -> str:
        return visible_text(render_macro(self.policy, macro))

    @functools.cached_property
    def case(self) -> Example:
        """The first worked example that is covered."""
        return next(example for example in self.policy.examples.values() if example.outcome == self.parts.covered)

    def decide(self, today: date | None = None, /, **answers: str | None) -> Verdict:
        """The verdict on that case, of the first class that is covered, with other answers where they are given."""
        case: dict[str, object] = {
            name: [*given] if isinstance(given, tuple) else given for name, given in self.case.answers.items()
        }
        case |= {self.parts.asks_class: self.parts.first, **answers}
        return Checker(self.policy).decide(case, today or self.case.today)

    def sentences(self, **answers: str) -> list[str]:
        """All that the customer is told, with the address that each line leads to."""
        explanation = explain(self.policy, self.decide(**answers))
        tasks = (*explanation.now, *explanation.after)
        items = [
            *explanation.texts,
            *explanation.notices,
            *(item for task in tasks for item in (*task.texts, *task.items, *task.links, *task.addresses)),
            *(item for section in explanation.sections for item in section.items),
        ]
        texts = [text for item in items for text in (item.text, item.note, item.href) if text]
        return [explanation.headline.title, *(task.title for task in tasks), *texts]

    def days_ago(self, days: int) -> str:
        return (self.case.today - timedelta(days)).isoformat()

    def received(self) -> str:
        """The question for the day from which the time to apply is counted."""
        return next(name for name, question in self.policy.questions.items() if question.counted_to)

    def title(self, question: str, choice: str) -> str:
        return str(self.parts.data["questions"][question]["choices"][choice]["title"])

    def new_answer(self, question: str, choice: str) -> str:
        return f"• New: the answer “{choice}” to “{self.policy.questions[question].ask}”"


class Before(Edited):
    """A policy as it is; gives it after a task."""

    def __init__(self, text: str) -> None:
        super().__init__(loads(text), edited(text, lambda _: None)[1], [])
        self.text = text
        self.version = version(text, "before")

    def after(self, task: str) -> Edited:
        edit, _ = TASKS[task]
        text, parts = edited(self.text, edit)
        old, new = self.version, version(text, "after")
        assert (old.mistakes, new.mistakes) == ((), ())
        assert new.policy is not None
        diff = difference(old, new, self.case.today)
        report = [line.strip() for line in render(diff, "terminal").splitlines() if line.strip()]
        return Edited(new.policy, parts, report)


def edited(text: str, edit: Edit) -> tuple[str, Parts]:
    """The text of a policy after an edit, and the parts that it has then."""
    parts: list[Parts] = []

    def take(data: Any) -> None:
        edit(Parts(data))
        parts.append(Parts(data))

    return edit_yaml(text, take), parts[0]


@pytest.fixture(scope="module", params=["tea", pytest.param("frozen", marks=pytest.mark.deep)])
def before(request: pytest.FixtureRequest) -> Before:
    """The policy of the guide, and the frozen copy of the shop's."""
    return Before((POLICIES / f"{request.param}.yaml").read_text(encoding="utf-8"))


def days(length: str) -> int:
    return Duration.parse(length, MESSAGES).most


STAYS = "The outcome stays the same in all {cases} cases. What goes with it changes."
SAME = "None of the {cases} cases that both versions know is decided differently."
WORDS = "Wording only: no case is decided differently. All {cases} cases were compared."


def lead(after: Edited) -> str:
    """The first sentence of the report, without the number of cases."""
    number = next(word for word in after.report[1].split() if word.replace(",", "").isdecimal())
    return after.report[1].replace(number, "{cases}", 1)


# ---- the tasks


def test_window_is_changed(before: Before) -> None:
    parts = before.parts
    done = before.after("change a window")
    old = parts.data["values"][parts.window][parts.usual_kind]
    new = longer(old, 5)
    assert new in done.page("policy_text")
    received = {done.received(): done.days_ago(days(new)), parts.asks_kind: parts.usual_kind}
    assert before.decide(**received).outcome != parts.covered
    assert done.decide(**received).outcome == parts.covered
    kind = (done.policy.questions[parts.asks_kind].choices or {})[parts.usual_kind].in_words
    assert "Better for customers" in done.report
    assert f"• {parts.window} for {kind}: {old} → {new}" in done.report


def test_product_kind_with_its_own_window_is_added(before: Before) -> None:
    parts = before.parts
    done = before.after("add a kind of product with its own window")
    kind = parts.new("sample")
    own = days(done.parts.data["values"][parts.window][kind])
    assert "samples" in done.page("outcomes").lower()
    received = done.received()
    late, in_time = (done.decide(**{parts.asks_kind: kind, received: done.days_ago(ago)}) for ago in (own + 1, own))
    assert in_time.outcome == parts.covered
    assert late.outcome != parts.covered
    assert lead(done) == SAME
    assert before.new_answer(parts.asks_kind, parts.new("A sample")) in done.report
    assert f"• {parts.window} for samples: new → 2 days" in done.report


def test_problem_class_is_added(before: Before) -> None:
    parts = before.parts
    done = before.after("add a class of problem")
    assert "Late parcels It came after the promised day." in done.page("policy_text")
    verdict = done.decide(**{parts.asks_class: parts.new("too_late")})
    assert (verdict.outcome, [reason.clause for reason in verdict.reasons]) == (
        parts.covered,
        [parts.new("late_parcels")],
    )
    assert lead(done) == SAME
    assert done.report[-2:] == [
        "• New: the clause “Late parcels”",
        before.new_answer(parts.asks_class, parts.new("It came too late")),
    ]


def test_example_is_added_to_a_class(before: Before) -> None:
    parts = before.parts
    done = before.after("add an example to a class")
    example = parts.new("something quite like it")
    assert example in done.page("policy_text")
    assert done.decide().outcome == parts.covered
    assert lead(done) == "No case is decided differently. All {cases} cases were compared."
    examples = parts.classes[parts.first].get("examples", [])
    assert done.report[-2:] == [f"- {', '.join(examples)}", f"+ {', '.join([*examples, example])}"]


def test_force_majeure_cause_is_added(before: Before) -> None:
    parts = before.parts
    done = before.after("add a cause that is beyond anyone's control")
    assert "a strike" in done.page("outcomes").lower()
    assert done.decide(**{parts.asks_cause: parts.new("strike")}).outcome == parts.refused
    assert lead(done) == SAME
    assert f"– {done.policy.outcomes[parts.refused].title}: Every case" in done.report
    assert done.report[-1] == before.new_answer(parts.asks_cause, parts.new("Yes, a strike"))


def test_proof_item_is_added_for_one_class(before: Before) -> None:
    parts = before.parts
    done = before.after("add a piece of proof for one class")
    assert "A picture of the label Its number must be there." in done.page("rules")
    item = parts.new("label_picture")
    assert set(done.decide().needed) - set(before.decide().needed) == {item}
    others = [class_ for class_, _ in parts.ruled(parts.covered) if class_ != parts.first]
    assert all(item not in done.decide(**{parts.asks_class: class_}).needed for class_ in others)
    assert lead(done) == STAYS
    assert done.report[3] == "Worse for customers"
    assert done.report[4].startswith("• Now asked for as proof: A picture of the label (")


def test_review_time_is_changed(before: Before) -> None:
    parts = before.parts
    done = before.after("change the review time")
    old = parts.data["values"][parts.wait]
    new = longer(old, 2)
    assert new in done.page("policy_text")
    assert new in done.page("rules")
    [sooner], [later] = before.decide().dates.values(), done.decide().dates.values()
    assert all(late > early for early, late in zip(sooner, later, strict=True))
    assert lead(done) == STAYS
    assert f"• {parts.wait}: {old} → {new}" in done.report


def test_holiday_country_is_set(before: Before) -> None:
    done = before.after("set the country of the statutory holidays")
    holidays = done.policy.holidays
    assert holidays is not None
    assert say("holidays.left_out", country=holidays.country, last=holidays.last) in done.page("rules")

    def dates(of: Edited, day: date) -> list[tuple[date, date]]:
        return [*of.decide(day, **{of.received(): day.isoformat()}).dates.values()]

    holiday = next(day for day in holidays.exceptions if day > done.policy.valid_from)
    [plain], [skipped] = (dates(side, holiday - timedelta(1)) for side in (before, done))
    assert all(early < late for early, late in zip(plain, skipped, strict=True))
    assert dates(done, holidays.last) == [], "past its end nobody guesses"
    until = [
        note.text
        for clause in before.policy.clauses.values()
        for note in clause.interpretations.values()
        if note.until == "a country is named"
    ]
    assert [text for text in until if text in done.page("policy_text")] == []
    assert lead(done) == STAYS
    assert "calendar, country:" in done.report
    assert done.report[-1] == f"+ {done.policy.calendar.country}"


def test_question_for_an_exclusion_is_added(before: Before) -> None:
    parts = before.parts
    done = before.after("add a question on which an exclusion depends")
    assert "Did you use it?" in done.page("outcomes")
    outcomes = {
        answer: done.decide(**{parts.new("used"): answer}).outcome for answer in ("unused", "was_used", "unknown")
    }
    assert outcomes == {"unused": parts.covered, "was_used": parts.refused, "unknown": None}
    covered, refused = (done.policy.outcomes[outcome].title for outcome in (parts.covered, parts.refused))
    assert done.report[3] == "Worse for customers"
    assert done.report[4].startswith(f"• {covered} → {refused} (")
    assert done.report[-1] == "• New: the question “Did you use it?”"


def test_reminder_is_added_for_some_cases(before: Before) -> None:
    parts = before.parts
    done = before.after("add a reminder for some cases")
    reminder = parts.new("Keep what came with it.")
    assert reminder in done.page("rules")
    assert reminder in done.sentences()
    other = next(class_ for class_, _ in parts.ruled(parts.covered) if class_ != parts.first)
    assert reminder not in done.sentences(**{parts.asks_class: other})
    assert lead(done) == STAYS
    assert done.report[4].startswith(f"• Now reminded of: {reminder} (")


def test_renamed_class_keeps_old_links_working(before: Before) -> None:
    parts = before.parts
    done = before.after("rename a class without breaking links")
    assert "a defect" in done.page("outcomes").lower()
    answers = read_link(done.policy, f"{parts.asks_class}={parts.first}&").answers
    assert answers == {parts.asks_class: parts.first}
    assert done.decide(**{parts.asks_class: parts.first}).outcome == parts.covered
    assert lead(done) == WORDS
    assert "Links and examples" not in done.report
    at = done.report.index("answer, title:")
    assert done.report[at + 1 : at + 3] == [
        f"- {before.title(parts.asks_class, parts.first)}",
        "+ It does not do what it should",
    ]


def test_reworded_clause_changes_no_decision(before: Before) -> None:
    parts = before.parts
    done = before.after("reword a clause")
    assert "Tell us what is wrong. " in done.page("policy_text")
    assert done.decide().outcome == parts.covered
    assert lead(done) == f"No{WORDS.removeprefix('Wording only: no')}"
    assert done.report[done.report.index("Words that changed over the same rules") + 1] == (
        f"• The clause “{parts.first_clause['title']}”"
    )


def test_contact_and_address_are_entered(before: Before) -> None:
    done = before.after("enter the contact and the address where to apply")
    for address in ("help@shop.example", "https://shop.example/apply"):
        assert f"+ {address}" in done.report
    assert "https://shop.example/apply" in done.sentences()
    assert lead(done) == WORDS


def test_problem_class_is_removed(before: Before) -> None:
    parts = before.parts
    done = before.after("remove a class of problem")
    class_, clause = parts.removable
    gone = f"the answer “{before.title(parts.asks_class, class_)}” to “{before.policy.questions[parts.asks_class].ask}”"
    assert words(parts.clauses[clause]["text"]) not in done.page("policy_text")
    assert read_link(done.policy, f"{parts.asks_class}={class_}&").unread == (parts.asks_class,)
    with pytest.raises(Exception, match=class_):
        done.decide(**{parts.asks_class: class_})
    assert lead(done) == SAME
    assert f"• Gone: {gone}" in done.report
    assert f"• Shared links lose {gone}. Customers are asked again." in done.report


def test_interpretation_is_moved_into_its_clause(before: Before) -> None:
    parts = before.parts
    done = before.after("settle a reading")
    clause, name = parts.reading
    sentence = words(before.policy.clauses[clause].interpretations[name].text)
    assert sentence in words(done.policy.clauses[clause].text)
    assert sentence in done.page("policy_text")
    assert sentence in map(words, before.sentences())
    assert sentence not in map(words, done.sentences())
    assert lead(done) == STAYS
    assert f"• The clause “{parts.clauses[clause]['title']}”" in done.report


# ---- the slips


def messages(parts: Parts) -> dict[str, Callable[[], str]]:
    """The errors of the slip of each task.

    Where it says …, there is an example of a case, the name of an example, or what may be meant.
    """
    data, new = parts.data, parts.new

    def clause() -> str:
        return first(parts.ruled(parts.covered), "class that is covered")[1]

    def review_time() -> str:
        [few, many, unit] = re.fullmatch(r"(\d+)–(\d+) (.+)", data["values"][parts.wait]).groups()  # type: ignore[union-attr]
        return f"values › {parts.wait}: must go from the shorter time to the longer, got {many}–{few} {unit}."

    return {
        "change a window": lambda: (
            f"values › {parts.window} › {parts.usual_kind}: must have its unit, such as 20 days, 20 working days, "
            "20 % or 20 USD."
        ),
        "add a kind of product with its own window": lambda: (
            f'values › {parts.window}: lacks a line for "{new("sample")}", which is an answer to "{parts.asks_kind}". '
            "Say what it is then."
        ),
        "add a class of problem": lambda: (
            "clauses: no rule decides this case: today: …, answers: {…}. Add a rule for it to a clause."
        ),
        "add an example to a class": lambda: (
            f"questions › {parts.asks_class} › choices › {parts.first} › examples › "
            f"{len(parts.classes[parts.first].get('examples', ())) + 1}: must be a text. Put quotes around all of it, "
            "so that the colon in it counts as a part of the text."
        ),
        "add a cause that is beyond anyone's control": lambda: (
            f'questions › {parts.asks_cause} › choices › {new("strike")}: lacks the line "title: …" (the answer as a '
            "customer would say it)."
        ),
        "add a piece of proof for one class": lambda: (
            f"clauses › {parts.proof_clause} › proof › {new('label_picture')} › when › {parts.asks_class}: "
            f'"{parts.first}y" is no answer to "{parts.asks_class}". Did you mean "{parts.first}"?'
        ),
        "change the review time": review_time,
        "set the country of the statutory holidays": lambda: (
            'calendar › country: there is no country "Germany". Did you mean "DE", for Germany?'
        ),
        "add a question on which an exclusion depends": lambda: (
            f"questions › {new('used')}: changes nothing, whatever the answer. Use this question in a rule, or take it "
            "away."
        ),
        "add a reminder for some cases": lambda: (
            f"clauses › {clause()} › reminders › {new('keep_it')} › when: fits no case: its conditions never hold "
            "together. Change them, or take this part away."
        ),
        "rename a class without breaking links": lambda: (
            f'… › when › {parts.asks_class}: "{parts.first}" is no answer to "{parts.asks_class}". …'
        ),
        "reword a clause": lambda: (
            f'clauses › {clause()} › text: spells out "{data["values"][parts.window][parts.usual_kind]}". Write '
            f"{{{parts.window}.{parts.usual_kind}}}, so that it stands in one place."
        ),
        "enter the contact and the address where to apply": lambda: (
            "shop › apply at: must be a web address that begins with https://."
        ),
        "remove a class of problem": lambda: (
            f"clauses › {parts.removable[1]} › rules › 1 › when › {parts.asks_class}: "
            f'"{parts.removable[0]}" is no answer to "{parts.asks_class}". …'
        ),
        "settle a reading": lambda: (
            f"examples › … › outcome: you expect {parts.covered}, but the policy decides {parts.refused}, because of "
            f'"{clause()}". Change the answers, the rules or what you expect.'
        ),
    }


def expect_advice(task: str, parts: Parts, refused: PolicyErrors) -> None:
    """See that a slip is told in these words."""
    sentences = [error.text for error in refused.errors]
    wanted = re.escape(messages(parts)[task]()).replace("…", ".+")
    assert any(re.fullmatch(wanted, sentence) for sentence in sentences), sentences


@pytest.mark.parametrize("task", TASKS)
def test_slip_is_an_error_that_says_what_to_do(task: str, before: Before) -> None:
    _, slip = TASKS[task]
    with pytest.raises(PolicyErrors) as refused:
        loads(edited(before.text, slip)[0])
    expect_advice(task, before.parts, refused.value)


# ---- the live policy, whatever it has become


@pytest.fixture(scope="module")
def source(live_file: Path) -> Source:
    return parse(live_file.read_bytes(), live_file.name)


@pytest.mark.parametrize("task", TASKS)
def test_task_can_be_done_to_the_live_policy(task: str, source: Source) -> None:
    data = deepcopy(source.data)
    try:
        TASKS[task][0](Parts(data))
        check_source(replace(source, data=data))
    except (AbsentError, PolicyErrors) as unfit:
        pytest.skip(f"{task}: {unfit}")
    assert data != source.data


# ---- the guide


def test_contributing_guide_links_every_task() -> None:
    sentences = LINKS.read_text(encoding="utf-8").splitlines()
    assert [line for line in sentences if f"({GUIDE.name}#" in line] == links()


@pytest.mark.deep
def test_guide_by_example_is_up_to_date() -> None:
    assert GUIDE.read_text(encoding="utf-8") == guide(), "write it anew: .venv/bin/python -m tests.support.guide"
