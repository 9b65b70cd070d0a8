"""Every state of the check page: what axe finds in light and dark, and the structure that a screen reader needs."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from checker import Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from checker.web.permalink import VERSION
from tests.support.accessibility import ANNOUNCED, COLOURS, emulate, faults, heard, violations
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, one_for_each_outcome, photograph, with_amounts
from tests.support.servers import Reply
from tests.support.words import say

pytestmark = pytest.mark.browser

SCHEMES = {"light": ("default", None), "dark": ("slate", COLOURS)}
"""What a customer likes, what the theme calls it, and what axe looks at. A theme changes when a page is opened."""


class Inspector:
    """Looks at the states of a page, one after the other, in light and in dark."""

    def __init__(self, session: BrowserSession) -> None:
        self.session = session
        self.found: dict[str, list[str]] = {}

    def look(self, state: str) -> None:
        """Take down what is wrong in this state."""
        assert state not in self.found
        self.found[state] = faults(self.session)
        for scheme, (name, only) in SCHEMES.items():
            emulate(self.session, scheme)
            self.session.evaluate("(name) => { document.body.dataset.mdColorScheme = name }", name)
            self.session.wait_for("() => !document.getAnimations().some((each) => each instanceof CSSTransition)")
            self.found[state] += [f"{scheme}: {line}" for line in violations(self.session, only=only)]

    def found_nothing(self) -> None:
        """Nothing is wrong in any state."""
        assert self.found
        lines = [f"{state}: {line}" for state, found in self.found.items() for line in dict.fromkeys(found)]
        assert not lines, "\n".join(lines)


@pytest.mark.deep
def test_every_state_of_the_check_page_is_accessible(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    examples = one_for_each_outcome(policy)
    held = threading.Event()
    session.server.plays["*.wasm"] = lambda reply: reply if held.wait(60) else None
    session.before_each_page(ANNOUNCED)
    check_page = CheckPage(session, policy, policy.valid_from)
    inspector = Inspector(session)
    look = inspector.look

    # Before the checker is there.
    clock = session.window.page.clock  # type: ignore[attr-defined]
    clock.install(time=f"{policy.valid_from}T12:00:00")
    check_page.open()
    look("start")
    way = check_page.way({name: UNKNOWN for name, question in policy.questions.items() if is_step(question)})
    session.evaluate("() => document.querySelectorAll('[data-next]').forEach((each) => delete each.dataset.next)")
    check_page.click_answer(way[0], UNKNOWN)
    session.see('[role="status"]', say("page.waiting"))
    look("loading")
    clock.fast_forward("00:08")
    session.focused('[data-notice="late"]')
    look("late")
    assert heard(session)[-1].startswith(say("page.late"))
    held.set()

    # Each question, and what it says to no answer at all.
    given = {way[0]: UNKNOWN}
    for question in way[1:]:
        check_page.arrives(question, given)
        look(f"question {question}")
        session.click("button", say("form.next"))
        session.focused(".check-errors")
        look(f"error at {question}")
        check_page.click_answer(question, UNKNOWN)
        given[question] = UNKNOWN
    check_page.arrives(RESULT, given)
    look("undecided")

    # Each outcome, with all that can be opened.
    for outcome, example in examples.items():
        check_page.be_on(example.today)
        check_page.follow(check_page.link(example.answers))
        check_page.arrives(RESULT, example.answers)
        look(outcome)
        session.evaluate("() => document.querySelectorAll('.check details').forEach((fold) => { fold.open = true })")
        look(f"{outcome}, opened")

    # The request.
    example = with_amounts(policy)
    answers = dict(example.answers)
    check_page.be_on(example.today)
    check_page.follow(check_page.link(answers))
    check_page.arrives(RESULT, answers)
    check_page.goes_to(PREPARE, answers)
    look("request")
    item, *_ = check_page.reply(answers)["verdict"]["proof"]["needed"]
    (tmp_path / "notes.jpg").write_text("no picture")
    pictures = [photograph(tmp_path / f"{number}.jpg") for number in range(2)]
    session.choose_files(f"#pictures-{item}", [*pictures, tmp_path / "notes.jpg"])
    session.wait_for("() => walk.find('.check-picture', null).length === 2 && walk.find('.check-error', null).length")
    session.click("button", say("prepare.preview"))
    look("request with pictures")
    session.evaluate("() => { document.querySelector('#check-order').value = '1'.repeat(200) }")
    session.click("#check-order")
    session.press("1")
    session.click("button", say("prepare.pack"))
    session.focused("#check-order")
    look("request with an error")
    session.tab_to("link", say("form.to_result"))  # nothing on the way keeps the focus
    session.press("Enter")
    check_page.arrives(RESULT, answers)

    # The refund.
    check_page.goes_to(REFUND, answers)
    look("refund")
    session.click("button", say("form.add"))
    session.click("button", say("refund.submit"))
    session.focused(".check-errors")
    look("refund with an error")
    for text in "0", "0":
        session.click("button", say("form.add"))
        session.type(text)
    session.evaluate("() => walk.find('.check-remove', null)[0].click()")
    assert session.focus().startswith("textbox")
    session.click("button", say("form.add"))
    session.type("0")
    look("refund of several items")
    check_page.follow(check_page.link(answers, amounts=True))
    check_page.arrives(RESULT, answers)
    check_page.goes_to(REFUND, answers)
    session.click("button", say("refund.submit"))
    session.focused(".check-estimate")
    look("estimate")

    # A link of another time.
    link = check_page.link(answers)
    check_page.follow(link[: link.index(VERSION)] + f"{VERSION}=0")
    check_page.arrives(RESULT, answers)
    assert session.see('[data-part="notices"]') == say("notice.changed")
    assert say("notice.changed") in heard(session)
    look("link of an earlier policy")
    inspector.found_nothing()


WORKER = """onmessage = ({ data: { id, name } }) => {
  postMessage({ id, value: name === "started" || JSON.stringify({ updated: true }) });
};
postMessage({});"""


def test_every_notice_of_the_check_page_is_accessible(chromium_session: BrowserSession, policy: Policy) -> None:
    session = chromium_session
    inspector = Inspector(session)
    session.before_each_page(ANNOUNCED)
    check_page = CheckPage(session, policy, policy.valid_from)
    first = next(iter(policy.questions))
    worker = "worker.js"
    session.server.plays[worker] = lambda reply: Reply(type=reply.type, body=WORKER.encode())
    check_page.open()
    check_page.click_answer(first, UNKNOWN)
    session.focused('[data-notice="updated"]')
    inspector.look("updated")
    assert heard(session)[-1].startswith(say("page.updated"))

    session.evaluate(
        "(answers) => localStorage.setItem(`check ${location.pathname}`, answers)",
        f'{{"answers": {{"{first}": "{UNKNOWN}"}}}}',
    )
    check_page.open()
    assert session.see('[data-part="welcome"]').startswith(say("keep.welcome"))
    inspector.look("welcome")

    session.server.plays[worker] = lambda reply: Reply(status=404, type="text/plain", body=b"")
    check_page.open()
    check_page.click_answer(first, UNKNOWN)
    session.focused('[data-notice="failed"]')
    inspector.look("failed")
    assert heard(session)[-1].startswith(say("page.failed"))
    session.wrong.clear()
    inspector.found_nothing()


def test_skip_link_leads_to_the_question(session: BrowserSession, policy: Policy) -> None:
    session.open("check/")
    session.press("Tab")
    assert session.evaluate("() => document.activeElement.matches('.md-skip')")
    session.press("Enter")
    stops = session.tab_to(
        f"#answer-{next(iter(policy.questions))}-{next(iter(next(iter(policy.questions.values())).offered))}"
    )
    assert len(stops) <= 2  # the heading's own link may come first
