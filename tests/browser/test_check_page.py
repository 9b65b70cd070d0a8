"""The check page as a customer fills it in: what it shows is what Python says to the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker import Policy
from checker.web.api import answer
from macros.cli import main
from tests.support.browser_session import BrowserSession
from tests.support.check_page import RESULT, CheckPage, one_for_each_outcome
from tests.support.words import say

pytestmark = pytest.mark.browser

# Keeps what the worker replies, to the byte.
HEAR = """
globalThis.replies = [];
globalThis.Worker = class extends Worker {
  constructor(...given) {
    super(...given);
    this.addEventListener("message", ({ data: { value } }) => typeof value === "string" && replies.push(value));
  }
};
"""


def test_form_reaches_each_outcome_with_the_bytes_of_python(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    session = chromium_session
    session.before_each_page(HEAR)
    examples = one_for_each_outcome(policy)
    check_page = CheckPage(session, policy, next(iter(examples.values())).today)
    check_page.open()
    for outcome, example in examples.items():
        check_page.be_on(example.today)
        given = {name: str(example.answers[name]) for name in check_page.way(example.answers)}
        for name in given:
            session.see(f'[data-view="{name}"] h2')
            check_page.click_answer(name, given[name])
        check_page.arrives(RESULT, given)
        assert session.see(".check-outcome h2") == policy.outcomes[outcome].title
        assert session.evaluate("() => document.querySelector('.check-outcome').dataset.tone") == (
            policy.outcomes[outcome].tone
        )
        message = {"answers": given, "asked": [name], "today": str(example.today), "digest": policy.digest}
        said = session.evaluate("() => replies.at(-1)")
        assert said == answer(json.dumps(message), check_page.checker), outcome
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(given), encoding="utf-8")
        assert main(["decide", str(file), "--today", str(example.today)]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(said)["verdict"], outcome
        session.click("button", say("keep.clear"))


def test_reason_opens_its_clause_and_links_to_the_policy_page(chromium_session: BrowserSession, policy: Policy) -> None:
    session = chromium_session
    example = next(iter(policy.examples.values()))
    check_page = CheckPage(session, policy, example.today)
    way = check_page.way(example.answers)
    check_page.open("check/#" + "&".join(f"{name}={example.answers[name]}" for name in way))
    check_page.arrives(RESULT, {name: example.answers[name] for name in way})
    [reason, *_] = check_page.reply(example.answers)["verdict"]["reasons"]
    clause = f'[data-section="why"] [data-clause="{reason["clause"]}"]'
    assert policy.clauses[reason["clause"]].title == session.see(f"{clause} summary")
    session.click(f"{clause} p:last-child a")
    session.wait_for("(id) => location.hash === `#${id}` && scrollY > 0", reason["clause"])
    assert session.address == f"policy/#{reason['clause']}"
    top = "(id) => document.getElementById(id).getBoundingClientRect().top"
    assert 0 <= session.evaluate(top, reason["clause"]) < session.evaluate("() => innerHeight")
