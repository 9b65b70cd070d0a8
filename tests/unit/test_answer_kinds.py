"""Answer kinds: a table of what each does, and a new kind that works wherever the others do."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import date
from decimal import Decimal
from typing import Any, get_args, get_type_hints

import pytest

from checker import AnswerErrors, Checker, Policy
from checker.answers.kinds import KINDS, AnswerKind, Domain, StoredAnswer, is_step, kind_of
from checker.answers.parse import parse_answers
from checker.policy import Choice, Question, Rule
from checker.values.normalize import InvalidInputError
from checker.web import permalink
from checker.web.api import answer
from checker.web.dialog import answer_text, follow_answers
from macros.pages.macros import TEMPLATES
from macros.policyfile import references
from tests.support.paths import ROOT
from tests.support.words import say

TODAY = date(2026, 11, 22)

# The question of the frozen policy, its raw answer, typed, stored and in words.
TABLE: dict[str, tuple[str, object, object, StoredAnswer, str]] = {
    "one choice": ("product", "standard", "standard", "standard", "A standard product"),
    "date": ("received_on", "3 nov 26", date(2026, 11, 3), "2026-11-03", "3 November 2026"),
    "amount": ("paid", "12,50", (Decimal("12.50"),), "12.50", "12.50"),
    "amounts": ("affected_total", ["5", "", "7"], (Decimal(5), Decimal(7)), ["5", "7"], "5 and 7"),
    "proof": ("proof", ["description"], frozenset(["description"]), ["description"], "A description of the problem"),
}


def test_every_kind_has_a_row_a_word_of_the_language_a_template_and_its_fields() -> None:
    assert [*KINDS] == [*TABLE]
    assert {*KINDS} == {*get_args(get_type_hints(Question)["answer"])}
    assert {path.stem.replace("_", " ") for path in (TEMPLATES / "answers").glob("[!_]*.html")} == {*KINDS}
    script = (ROOT / "docs/assets/check/fields.js").read_text(encoding="utf-8")
    assert re.findall(r'^  "?([\w ]+?)"?: \{ read', script, re.MULTILINE) == [*KINDS]


@pytest.mark.parametrize("kind", TABLE)
def test_an_answer_is_parsed_stored_and_worded(frozen: Policy, kind: str) -> None:
    name, raw, value, stored, text = TABLE[kind]
    assert frozen.questions[name].answer == kind
    answers = parse_answers(frozen, {name: raw}, TODAY)
    assert answers.values[name] == value
    assert answers.stored == {name: stored}
    assert answer_text(frozen, name, stored) == text
    assert parse_answers(frozen, {name: stored}, TODAY) == answers


@pytest.mark.parametrize("kind", TABLE)
def test_a_stored_answer_goes_through_a_link(frozen: Policy, kind: str) -> None:
    name, _, _, stored, _ = TABLE[kind]
    pairs = [*permalink.write(frozen, {name: stored}, amounts=True)]
    given = permalink.read(frozen, "&".join(map("=".join, pairs))).answers
    assert parse_answers(frozen, given, TODAY).values == parse_answers(frozen, {name: stored}, TODAY).values
    assert len(pairs) - 1 == (len(stored) if KINDS[kind].is_list else 1)
    assert (len([*permalink.write(frozen, {name: stored})]) == 1) == KINDS[kind].is_money


def test_closed_domains_are_those_of_choices_and_of_counted_days(frozen: Policy) -> None:
    domains = {name: kind_of(question).domain(question) for name, question in frozen.questions.items()}
    assert domains["received_on"] == Domain(("not_received",), "applied_on")
    assert domains["product"] == Domain(("standard", "factory_special"))
    assert not any(domains[name] for name in ("applied_on", "proof", "order_total", "paid", "affected_total"))


class RatingKind(AnswerKind[str]):
    """Stars, one for each step up the question's choices: a kind that the language does not have."""

    name = "rating"
    keys = ("choices",)

    def parse(self, policy: Policy, question: Question, raw: object, today: date) -> str:
        stars = {"*" * number: option for number, option in enumerate(self.options(question), 1)}
        choice = stars.get(raw, raw) if isinstance(raw, str) else ""
        if choice not in self.options(question):
            raise InvalidInputError("choice_text")
        return choice

    def options(self, question: Question) -> tuple[str, ...]:
        return tuple(question.choices or ())


@pytest.fixture
def rated(frozen: Policy, monkeypatch: pytest.MonkeyPatch) -> Policy:
    """The frozen policy with a question of another kind that can decide before all others."""
    monkeypatch.setitem(KINDS, RatingKind.name, RatingKind())
    choices = {name: Choice(title=name.capitalize()) for name in ("poor", "fair", "good")}
    question = Question(ask="How good is it?", answer="rating", choices=choices)  # type: ignore[arg-type]
    name, clause = next(iter(frozen.clauses.items()))
    strongest = next(iter(frozen.outcomes))
    clause = dataclasses.replace(clause, rules=(*clause.rules, Rule(when={"stars": "good"}, outcome=strongest)))
    questions = {"stars": question, **frozen.questions}
    return dataclasses.replace(frozen, questions=questions, clauses={**frozen.clauses, name: clause})


def test_a_new_kind_is_asked_decided_worded_and_linked(rated: Policy) -> None:
    checker = Checker(rated)
    assert is_step(rated.questions["stars"])
    assert [*references.problems(rated)] == []
    assert follow_answers(checker, {}, TODAY).step == "stars"
    path = follow_answers(checker, {"stars": "***"}, TODAY)
    assert (path.answers.stored, path.step) == ({"stars": "good"}, None)
    parameters = {"answers": {"stars": "***"}, "asked": ["stars"], "today": TODAY.isoformat(), "digest": rated.digest}
    response = json.loads(answer(json.dumps(parameters), checker))
    assert response["verdict"]["outcome"] == next(iter(rated.outcomes))
    assert response["given"][0] == {"question": "stars", "name": "How good is it?", "answer": "Good"}
    link = response["links"]["plain"]
    assert link[0] == ["stars", "good"]
    text = "&".join(map("=".join, link))
    assert permalink.read(rated, text).answers == {"stars": "good"}
    assert json.loads(answer(json.dumps(parameters | {"link": text}), checker)) == response


def test_a_mistake_in_a_new_kind_names_the_question_and_its_options(rated: Policy) -> None:
    with pytest.raises(AnswerErrors) as refusal:
        parse_answers(rated, {"stars": 4}, TODAY)
    errors: Any = refusal.value.to_json()["errors"]
    assert errors == [
        {"question": "stars", "message": say("error.choice_text"), "choices": ["poor", "fair", "good", "unknown"]}
    ]
