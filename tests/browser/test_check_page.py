"""The check page shows what Python decides for the same answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from checker import Policy
from checker.web.api import answer
from macros.cli import main
from tests.support.browser_session import BrowserSession
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.check_page import RESULT, CheckPage, example_by_outcome
from tests.support.words import say

pytestmark = pytest.mark.browser

# Records the responses of the worker, to the byte.
RECORD_RESPONSES = """
globalThis.responses = [];
globalThis.Worker = class extends Worker {
  constructor(...args) {
    super(...args);
    this.addEventListener("message", ({ data: { value } }) => typeof value === "string" && responses.push(value));
  }
};
"""


def test_form_reaches_each_outcome_with_the_bytes_of_python(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = chromium_session
    session.add_init_script(RECORD_RESPONSES)
    examples = example_by_outcome(policy)
    check_page = CheckPage(session, policy, next(iter(examples.values())).today)
    check_page.open()
    for outcome, example in examples.items():
        check_page.set_today(example.today)
        answers = {name: example.answers[name] for name in check_page.question_path(example.answers)}
        check_page.click_through(answers)
        assert session.expect_visible(".check-outcome h1 b") == policy.outcomes[outcome].title
        mood = check_page.response(answers)["explanation"]["headline"]["mood"]
        assert session.evaluate("() => document.querySelector('.check-outcome').dataset.mood") == mood
        message = {"answers": answers, "asked": [[*answers][-1]], "today": str(example.today), "digest": policy.digest}
        response = session.evaluate("() => responses.at(-1)")
        assert response == answer(json.dumps(message), check_page.checker), outcome
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(answers), encoding="utf-8")
        assert main(["decide", str(file), "--today", str(example.today)]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(response)["verdict"], outcome
        session.click("button", say("keep.clear"))


def test_reason_opens_its_clause_and_links_to_the_policy_page(chromium_session: BrowserSession, policy: Policy) -> None:
    session = chromium_session
    example = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, example.today)
    check_page.open(check_page.link(example.answers))
    check_page.expect_view(RESULT, example.answers)
    [reason, *_] = check_page.response(example.answers)["verdict"]["reasons"]
    session.click('[data-fold="why"] summary')
    clause = f'[data-fold="why"] [data-clause="{reason["clause"]}"]'
    assert session.expect_visible(f"{clause} b") == policy.clauses[reason["clause"]].title
    session.click(f"{clause} p:last-child a")
    session.wait_for("(id) => location.hash === `#${id}` && scrollY > 0", reason["clause"])
    assert session.address == f"policy/#{reason['clause']}"
    top = "(id) => document.getElementById(id).getBoundingClientRect().top"
    assert 0 <= session.evaluate(top, reason["clause"]) < session.evaluate("() => innerHeight")


def test_draft_starts_from_its_sources_and_asks_for_no_snapshot(
    open_session: Callable[..., BrowserSession], draft_site: Path, policy: Policy
) -> None:
    example = next(iter(policy.examples.values()))
    session = open_session("chromium", draft_site)
    CheckPage(session, policy, example.today).open_result(example.answers)
    assert session.expect_visible(".check-outcome h1 b") == policy.outcomes[example.outcome].title
    assert isinstance(session.window, ChromiumWindow)
    assert [address for address in session.window.requests if "/snapshot/" in address] == []
