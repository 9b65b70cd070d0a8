"""The home page and the ways into the check: their links are answers that count, and their steps hold in every case."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from bs4 import BeautifulSoup

from checker import Checker, Policy
from checker.answers.kinds import is_step, kind_of
from checker.answers.parse import UNKNOWN, parse_answers
from checker.web.dialog import follow_answers
from checker.web.permalink import Link, read
from macros.analysis.load import load
from tests.support.case_enumeration import TODAY, cells
from tests.support.markup import render_macro, visible_text, words
from tests.support.paths import POLICIES
from tests.support.words import say

FILES = sorted(POLICIES.glob("*.yaml"))


@pytest.fixture(params=FILES, ids=lambda file: file.stem, scope="module")
def any_policy(request: pytest.FixtureRequest) -> Policy:
    return load(request.param)


def links(policy: Policy, page: BeautifulSoup, selector: str) -> Iterator[tuple[str, dict[str, str]]]:
    """The links of a page into the check: the text of each, and its answers as the check page reads them."""
    for a in page.select(selector):
        address = urlsplit(str(a["href"]))
        if address.path == "../check/":
            link = read(policy, address.fragment)
            assert len(link.answers) == address.fragment.count("&")
            assert link == Link(answers=link.answers)
            yield visible_text(a), {name: str(answer) for name, answer in link.answers.items()}


def test_choices_on_home_answer_the_first_question(any_policy: Policy) -> None:
    checker = Checker(any_policy)
    first = follow_answers(checker, {}, TODAY).step
    assert first
    found = [*links(any_policy, render_macro(any_policy, "home"), ".start a")]
    question = any_policy.questions[first]
    if not kind_of(question).options(question):
        assert found == [(say("title.check"), {})]
        return
    assert found == [(words(choice.title), {first: id_}) for id_, choice in question.offered.items()]
    for _, answers in found:
        path = follow_answers(checker, answers, TODAY)
        assert not path.errors
        assert path.step != first


def test_home_says_how_many_questions_there_are_at_most(any_policy: Policy) -> None:
    checker = Checker(any_policy)

    def longest(answers: dict[str, str]) -> int:
        step = follow_answers(checker, answers, TODAY).step
        if step is None:
            return 0
        days = [TODAY.isoformat()] if any_policy.questions[step].counted_to else []
        return 1 + max(
            longest({**answers, step: each}) for each in (*any_policy.questions[step].offered, *days, UNKNOWN)
        )

    text = visible_text(render_macro(any_policy, "home").select(".start > p:last-child")[0])
    assert text.startswith(say("home.questions", count=longest({})))


def test_links_of_clauses_carry_answers_that_every_case_of_the_clause_has(any_policy: Policy) -> None:
    checker = Checker(any_policy)
    page = render_macro(any_policy, "policy_text")
    for id_, clause in any_policy.clauses.items():
        found = [answers for _, answers in links(any_policy, page, f"#{id_} .clause__head a")]
        assert len(found) == bool(clause.rules)
        for answers in found:
            parse_answers(any_policy, answers, TODAY)
            for cell in cells(any_policy):
                if UNKNOWN in cell.values() or len(cell) < sum(map(is_step, any_policy.questions.values())):
                    continue
                if any(reason.clause == id_ for reason in checker.decide(cell, TODAY).reasons):
                    assert cell.items() >= answers.items()


def test_steps_on_home_follow_in_every_good_case_and_no_others_do(any_policy: Policy) -> None:
    checker = Checker(any_policy)
    good = {id_ for id_, outcome in any_policy.outcomes.items() if outcome.tone == "good"}
    verdicts = [checker.decide(cell, TODAY) for cell in cells(any_policy) if UNKNOWN not in cell.values()]
    following = [{*verdict.steps} for verdict in verdicts if verdict.outcome in good]
    certain = [step for step in any_policy.steps if following and all(step in steps for steps in following)]
    shown = [str(li["data-id"]) for li in render_macro(any_policy, "home").select(".steps > li")]
    assert shown == (certain if len(certain) > 1 else [])


def test_some_home_page_shows_steps_and_some_does_not() -> None:
    assert {bool(render_macro(load(file), "home").select(".steps")) for file in FILES} == {True, False}


def test_step_that_fails_in_one_good_case_is_not_on_home(frozen: Policy) -> None:
    shown = {str(li["data-id"]) for li in render_macro(frozen, "home").select(".steps > li")}
    assert "decision" in shown
    clause = frozen.clauses["review"]
    step = dataclasses.replace(
        clause.steps["decision"], when={"outcome": "eligible", "problem": ("quality", "shortage")}
    )
    review = dataclasses.replace(clause, steps={**clause.steps, "decision": step})
    changed = dataclasses.replace(frozen, clauses={**frozen.clauses, "review": review})
    left = {str(li["data-id"]) for li in render_macro(changed, "home").select(".steps > li")}
    assert left == shown - {"decision"}


def test_parts_without_content_vanish_from_home(frozen: Policy) -> None:
    bare = dataclasses.replace(frozen, summary={})
    assert render_macro(bare, "home").select("#home-Short") == []
    assert render_macro(frozen, "home").select("#home-Short") != []


def test_live_home_links_to_its_own_pages(draft_site: Path) -> None:
    page = BeautifulSoup((draft_site / "index.html").read_text(encoding="utf-8"), "html.parser")
    assert [a["href"] for a in page.select("main > .wrap > .actions a")] == ["policy/", "cases/"]
