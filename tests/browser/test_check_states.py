"""Every state of the check page: what axe finds in light and dark, and the structure that a screen reader needs."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from checker import Policy
from checker.answers.parse import UNKNOWN
from checker.messages import say
from checker.web.dialog import is_asked
from checker.web.permalink import VERSION
from tests.support.accessibility import ANNOUNCED, COLOURS, emulate, faults, heard, violations
from tests.support.browser_session import Walker
from tests.support.check_page import PREPARE, REFUND, RESULT, Customer, one_for_each_outcome, photograph, with_amounts
from tests.support.servers import Reply

pytestmark = pytest.mark.browser

SCHEMES = {"light": ("default", None), "dark": ("slate", COLOURS)}
"""What a customer likes, what the theme calls it, and what axe looks at. A theme changes when a page is opened."""


class Inspector:
    """Looks at the states of a page, one after the other, in light and in dark."""

    def __init__(self, walker: Walker) -> None:
        self.walker = walker
        self.found: dict[str, list[str]] = {}

    def look(self, state: str) -> None:
        """Take down what is wrong in this state."""
        assert state not in self.found
        self.found[state] = faults(self.walker)
        for scheme, (name, only) in SCHEMES.items():
            emulate(self.walker, scheme)
            self.walker.evaluate("(name) => { document.body.dataset.mdColorScheme = name }", name)
            self.walker.wait_for("() => !document.getAnimations().some((each) => each instanceof CSSTransition)")
            self.found[state] += [f"{scheme}: {line}" for line in violations(self.walker, only=only)]

    def found_nothing(self) -> None:
        """Nothing is wrong in any state."""
        assert self.found
        lines = [f"{state}: {line}" for state, found in self.found.items() for line in dict.fromkeys(found)]
        assert not lines, "\n".join(lines)


@pytest.mark.deep
def test_no_state_of_the_check_page_hinders_anybody(chromium_walker: Walker, policy: Policy, tmp_path: Path) -> None:
    walker = chromium_walker
    examples = one_for_each_outcome(policy)
    held = threading.Event()
    walker.stage.plays["*.wasm"] = lambda reply: reply if held.wait(60) else None
    walker.before_each_page(ANNOUNCED)
    customer = Customer(walker, policy, policy.valid_from)
    inspector = Inspector(walker)
    look = inspector.look

    # Before the checker is there.
    clock = walker.window.page.clock  # type: ignore[attr-defined]
    clock.install(time=f"{policy.valid_from}T12:00:00")
    customer.open()
    look("start")
    way = customer.way({name: UNKNOWN for name, question in policy.questions.items() if is_asked(question)})
    walker.evaluate("() => document.querySelectorAll('[data-next]').forEach((each) => delete each.dataset.next)")
    customer.click_answer(way[0], UNKNOWN)
    walker.see('[role="status"]', say("page.waiting"))
    look("loading")
    clock.fast_forward("00:08")
    walker.focused('[data-notice="late"]')
    look("late")
    assert heard(walker)[-1].startswith(say("page.late"))
    held.set()

    # Each question, and what it says to no answer at all.
    given = {way[0]: UNKNOWN}
    for question in way[1:]:
        customer.arrives(question, given)
        look(f"question {question}")
        walker.click("button", say("form.next"))
        walker.focused(".check-errors")
        look(f"error at {question}")
        customer.click_answer(question, UNKNOWN)
        given[question] = UNKNOWN
    customer.arrives(RESULT, given)
    look("undecided")

    # Each outcome, with all that can be opened.
    for outcome, example in examples.items():
        customer.be_on(example.today)
        customer.follow(customer.link(example.answers))
        customer.arrives(RESULT, example.answers)
        look(outcome)
        walker.evaluate("() => document.querySelectorAll('.check details').forEach((fold) => { fold.open = true })")
        look(f"{outcome}, opened")

    # The request.
    example = with_amounts(policy)
    answers = dict(example.answers)
    customer.be_on(example.today)
    customer.follow(customer.link(answers))
    customer.arrives(RESULT, answers)
    customer.goes_to(PREPARE, answers)
    look("request")
    item, *_ = customer.reply(answers)["verdict"]["proof"]["needed"]
    (tmp_path / "notes.jpg").write_text("no picture")
    pictures = [photograph(tmp_path / f"{number}.jpg") for number in range(2)]
    walker.choose_files(f"#pictures-{item}", [*pictures, tmp_path / "notes.jpg"])
    walker.wait_for("() => walk.find('.check-picture', null).length === 2 && walk.find('.check-error', null).length")
    walker.click("button", say("prepare.preview"))
    look("request with pictures")
    walker.evaluate("() => { document.querySelector('#check-order').value = '1'.repeat(200) }")
    walker.click("#check-order")
    walker.press("1")
    walker.click("button", say("prepare.pack"))
    walker.focused("#check-order")
    look("request with an error")
    walker.tab_to("link", say("form.to_result"))  # nothing on the way keeps the focus
    walker.press("Enter")
    customer.arrives(RESULT, answers)

    # The refund.
    customer.goes_to(REFUND, answers)
    look("refund")
    walker.click("button", say("form.add"))
    walker.click("button", say("refund.submit"))
    walker.focused(".check-errors")
    look("refund with an error")
    for text in "0", "0":
        walker.click("button", say("form.add"))
        walker.type(text)
    walker.evaluate("() => walk.find('.check-remove', null)[0].click()")
    assert walker.focus().startswith("textbox")
    walker.click("button", say("form.add"))
    walker.type("0")
    look("refund of several items")
    customer.follow(customer.link(answers, amounts=True))
    customer.arrives(RESULT, answers)
    customer.goes_to(REFUND, answers)
    walker.click("button", say("refund.submit"))
    walker.focused(".check-estimate")
    look("estimate")

    # A link of another time.
    link = customer.link(answers)
    customer.follow(link[: link.index(VERSION)] + f"{VERSION}=0")
    customer.arrives(RESULT, answers)
    assert walker.see('[data-part="notices"]') == say("notice.changed")
    assert say("notice.changed") in heard(walker)
    look("link of an earlier policy")
    inspector.found_nothing()


WORKER = """onmessage = ({ data: { id, name } }) => {
  postMessage({ id, value: name === "started" || JSON.stringify({ updated: true }) });
};
postMessage({});"""


def test_no_notice_of_the_check_page_hinders_anybody(chromium_walker: Walker, policy: Policy) -> None:
    walker = chromium_walker
    inspector = Inspector(walker)
    walker.before_each_page(ANNOUNCED)
    customer = Customer(walker, policy, policy.valid_from)
    first = next(iter(policy.questions))
    worker = "worker.js"
    walker.stage.plays[worker] = lambda reply: Reply(type=reply.type, body=WORKER.encode())
    customer.open()
    customer.click_answer(first, UNKNOWN)
    walker.focused('[data-notice="updated"]')
    inspector.look("updated")
    assert heard(walker)[-1].startswith(say("page.updated"))

    walker.evaluate(
        "(answers) => localStorage.setItem(`check ${location.pathname}`, answers)",
        f'{{"answers": {{"{first}": "{UNKNOWN}"}}}}',
    )
    customer.open()
    assert walker.see('[data-part="welcome"]').startswith(say("keep.welcome"))
    inspector.look("welcome")

    walker.stage.plays[worker] = lambda reply: Reply(status=404, type="text/plain", body=b"")
    customer.open()
    customer.click_answer(first, UNKNOWN)
    walker.focused('[data-notice="failed"]')
    inspector.look("failed")
    assert heard(walker)[-1].startswith(say("page.failed"))
    walker.wrong.clear()
    inspector.found_nothing()


def test_the_way_past_the_menu_leads_to_the_question(walker: Walker, policy: Policy) -> None:
    walker.open("check/")
    walker.press("Tab")
    assert walker.evaluate("() => document.activeElement.matches('.md-skip')")
    walker.press("Enter")
    stops = walker.tab_to(
        f"#answer-{next(iter(policy.questions))}-{next(iter(next(iter(policy.questions.values())).offered))}"
    )
    assert len(stops) <= 2  # the heading's own link may come first
