"""The check page as a customer fills it in: what it shows is what Python says to the same answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from checker import Policy
from checker.messages import say
from checker.web.api import answer
from macros.cli import main
from tests.support.browser_session import Walker
from tests.support.check_page import RESULT, Customer, one_for_each_outcome

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


def test_each_outcome_is_reached_by_the_form_and_is_pythons_to_the_byte(
    chromium_walker: Walker, policy: Policy, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walker = chromium_walker
    walker.before_each_page(HEAR)
    examples = one_for_each_outcome(policy)
    customer = Customer(walker, policy, next(iter(examples.values())).today)
    customer.open()
    for outcome, example in examples.items():
        customer.be_on(example.today)
        given = {name: str(example.answers[name]) for name in customer.way(example.answers)}
        for name in given:
            walker.see(f'[data-view="{name}"] h2')
            customer.click_answer(name, given[name])
        customer.arrives(RESULT, given)
        assert walker.see(".check-outcome h2") == policy.outcomes[outcome].title
        assert walker.evaluate("() => document.querySelector('.check-outcome').dataset.tone") == (
            policy.outcomes[outcome].tone
        )
        message = {"answers": given, "asked": [name], "today": str(example.today), "digest": policy.digest}
        said = walker.evaluate("() => replies.at(-1)")
        assert said == answer(json.dumps(message), customer.checker), outcome
        file = tmp_path / "answers.json"
        file.write_text(json.dumps(given), encoding="utf-8")
        assert main(["decide", str(file), "--today", str(example.today)]) == 0
        assert json.loads(capsys.readouterr().out) == json.loads(said)["verdict"], outcome
        walker.click("button", say("keep.clear"))


def test_a_reason_shows_its_clause_in_place_and_leads_to_it_on_the_policy_page(
    chromium_walker: Walker, policy: Policy
) -> None:
    walker = chromium_walker
    example = next(iter(policy.examples.values()))
    customer = Customer(walker, policy, example.today)
    way = customer.way(example.answers)
    customer.open("check/#" + "&".join(f"{name}={example.answers[name]}" for name in way))
    customer.arrives(RESULT, {name: example.answers[name] for name in way})
    [reason, *_] = customer.reply(example.answers)["verdict"]["reasons"]
    clause = f'[data-section="why"] [data-clause="{reason["clause"]}"]'
    assert policy.clauses[reason["clause"]].title == walker.see(f"{clause} summary")
    walker.click(f"{clause} p:last-child a")
    walker.wait_for("(id) => location.hash === `#${id}` && scrollY > 0", reason["clause"])
    assert walker.address == f"policy/#{reason['clause']}"
    top = "(id) => document.getElementById(id).getBoundingClientRect().top"
    assert 0 <= walker.evaluate(top, reason["clause"]) < walker.evaluate("() => innerHeight")
