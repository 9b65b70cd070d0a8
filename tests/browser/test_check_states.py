"""Accessibility of every state of the check page, in light and dark: two engines, its structure, and its HTML."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Literal

import pytest

from checker import Policy
from checker.answers.kinds import is_step
from checker.answers.parse import UNKNOWN
from checker.web.permalink import VERSION
from tests.support.accessibility import (
    COLOURS,
    RECORD_ANNOUNCEMENTS,
    announcements,
    emulate_color_scheme,
    structure_problems,
    violations,
)
from tests.support.browser_session import BrowserSession
from tests.support.check_page import (
    PREPARE,
    REFUND,
    RESULT,
    CheckPage,
    example_by_outcome,
    example_with_amounts,
    write_photo,
)
from tests.support.ibm import COLOURS as IBM_COLOURS
from tests.support.ibm import Finding, findings, known, outdated
from tests.support.nu import html_errors
from tests.support.overrides import hold, not_found, stub_worker
from tests.support.words import say

pytestmark = pytest.mark.browser

SCHEMES: dict[Literal["light", "dark"], tuple[Sequence[str] | None, Sequence[str] | None]] = {
    "light": (None, None),
    "dark": (COLOURS, IBM_COLOURS),
}
"""For each preferred colour scheme, the rules that axe and IBM's engine check; None for all."""


class Inspector:
    """Collects the problems of the states of a page, in light and in dark."""

    def __init__(self, session: BrowserSession, folder: Path) -> None:
        self.session = session
        self.folder = folder
        self.problems: dict[str, list[str]] = {}
        self.html: dict[Path, str] = {}
        """The state whose HTML each file holds."""
        self.to_confirm: dict[str, Finding] = {}
        """The questions of IBM's engine to a person, by rule."""

    def inspect(self, state: str) -> None:
        """Record the problems of a state."""
        assert state not in self.problems
        self.problems[state] = structure_problems(self.session)
        file = self.folder / f"{len(self.html)}.html"
        file.write_text(self.session.chromium.page.content(), encoding="utf-8")
        self.html[file] = state
        for scheme, (axe, ibm) in SCHEMES.items():
            emulate_color_scheme(self.session, scheme)
            self.session.wait_for("() => !document.getAnimations().some((item) => item instanceof CSSTransition)")
            self.problems[state] += [f"{scheme}: {line}" for line in violations(self.session, only=axe)]
            self.session.chromium.page.mouse.move(0, 0)  # IBM's engine cannot read the mixed colours of what is hovered
            for finding in findings(self.session, only=ibm):
                if finding.violation:
                    self.problems[state].append(f"{scheme}: {finding}")
                elif not ibm:
                    self.to_confirm[finding.rule] = finding

    def expect_none(self) -> None:
        """Fail with the problems of all states."""
        assert self.problems
        for file, errors in html_errors([*self.html]).items():
            self.problems[self.html[file]] += errors
        lines = [f"{state}: {line}" for state, problems in self.problems.items() for line in dict.fromkeys(problems)]
        lines += [f"to confirm: {finding}" for rule, finding in self.to_confirm.items() if rule not in known("check")]
        assert not lines, "\n".join(lines)


@pytest.mark.deep
def test_every_state_of_the_check_page_is_accessible(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    examples = example_by_outcome(policy)
    released = threading.Event()
    session.server.overrides["*.wasm"] = hold(released)
    session.add_init_script(RECORD_ANNOUNCEMENTS)
    check_page = CheckPage(session, policy, policy.valid_from)
    inspector = Inspector(session, tmp_path)
    inspect = inspector.inspect

    # Before the checker has started.
    clock = session.chromium.page.clock
    clock.install(time=f"{policy.valid_from}T12:00:00")
    check_page.open()
    inspect("start")
    way = check_page.question_path({name: UNKNOWN for name, question in policy.questions.items() if is_step(question)})
    session.evaluate("() => document.querySelectorAll('[data-next]').forEach((field) => delete field.dataset.next)")
    check_page.click_answer(way[0], UNKNOWN)
    session.expect_visible('[role="status"]', say("page.waiting"))
    inspect("loading")
    clock.fast_forward("00:08")
    session.expect_focus('[data-notice="late"]')
    inspect("late")
    assert announcements(session)[-1].startswith(say("page.late"))
    released.set()

    # Each question, and its error for no answer.
    answers: dict[str, Any] = {way[0]: UNKNOWN}
    for question in way[1:]:
        check_page.expect_view(question, answers)
        inspect(f"question {question}")
        session.click("button", say("form.next"))
        session.expect_focus(".check-errors")
        inspect(f"error at {question}")
        check_page.click_answer(question, UNKNOWN)
        answers[question] = UNKNOWN
    check_page.expect_view(RESULT, answers)
    inspect("undecided")

    # Each outcome, with all details open.
    for outcome, example in examples.items():
        check_page.set_today(example.today)
        check_page.follow_link(check_page.link(example.answers))
        check_page.expect_view(RESULT, example.answers)
        inspect(outcome)
        session.evaluate("() => document.querySelectorAll('.check details').forEach((fold) => { fold.open = true })")
        inspect(f"{outcome}, opened")

    # The request.
    example = example_with_amounts(policy)
    answers = dict(example.answers)
    check_page.set_today(example.today)
    check_page.follow_link(check_page.link(answers))
    check_page.expect_view(RESULT, answers)
    check_page.open_view(PREPARE, answers)
    inspect("request")
    item, *_ = check_page.response(answers)["verdict"]["proof"]["needed"]
    (tmp_path / "notes.jpg").write_text("no picture")
    pictures = [write_photo(tmp_path / f"{number}.jpg") for number in range(2)]
    session.choose_files(f"#pictures-{item}", [*pictures, tmp_path / "notes.jpg"])
    session.wait_for("() => walk.find('.check-picture', null).length === 2 && walk.find('.check-error', null).length")
    inspect("request with pictures")
    session.evaluate("() => { document.querySelector('#check-order').value = '1'.repeat(200) }")
    session.click("#check-order")
    session.press("1")
    session.click("[data-do=pack]")
    session.expect_focus("#check-order")
    inspect("request with an error")
    session.tab_to("link", say("form.to_result"))  # there is no keyboard trap
    session.press("Enter")
    check_page.expect_view(RESULT, answers)

    # The refund.
    check_page.open_view(REFUND, answers)
    inspect("refund")
    session.click("button", say("form.add"))
    session.click("button", say("refund.submit"))
    session.expect_focus(".check-errors")
    inspect("refund with an error")
    for text in "0", "0":
        session.click("button", say("form.add"))
        session.type(text)
    session.evaluate("() => walk.find('.check-remove', null)[0].click()")
    assert session.active_element().startswith("textbox")
    session.click("button", say("form.add"))
    session.type("0")
    inspect("refund of several items")
    check_page.follow_link(check_page.link(answers, amounts=True))
    check_page.expect_view(RESULT, answers)
    check_page.open_view(REFUND, answers)
    session.click("button", say("refund.submit"))
    session.expect_focus(".check-estimate")
    inspect("estimate")

    # A link of an earlier policy.
    link = check_page.link(answers)
    check_page.follow_link(link[: link.index(VERSION)] + f"{VERSION}=0-00000000")
    check_page.expect_view(RESULT, answers)
    assert session.expect_visible('[data-part="notices"]') == say("notice.changed")
    assert say("notice.changed") in announcements(session)
    inspect("link of an earlier policy")
    inspector.expect_none()
    assert outdated("check", inspector.to_confirm) == []


def test_every_notice_of_the_check_page_is_accessible(
    chromium_session: BrowserSession, policy: Policy, tmp_path: Path
) -> None:
    session = chromium_session
    inspector = Inspector(session, tmp_path)
    session.add_init_script(RECORD_ANNOUNCEMENTS)
    check_page = CheckPage(session, policy, policy.valid_from)
    first = next(iter(policy.questions))
    worker = "worker.js"
    session.server.overrides[worker] = stub_worker("JSON.stringify({ updated: true })")
    check_page.open()
    check_page.click_answer(first, UNKNOWN)
    session.expect_focus('[data-notice="updated"]')
    inspector.inspect("updated")
    assert announcements(session)[-1].startswith(say("page.updated"))

    session.evaluate(
        "(answers) => localStorage.setItem(`check ${location.pathname}`, answers)",
        f'{{"answers": {{"{first}": "{UNKNOWN}"}}}}',
    )
    check_page.open()
    assert session.expect_visible('[data-part="welcome"]').startswith(say("keep.welcome"))
    inspector.inspect("welcome")

    session.server.overrides[worker] = not_found
    check_page.open()
    check_page.click_answer(first, UNKNOWN)
    session.expect_focus('[data-notice="host"]')
    inspector.inspect("host")
    assert announcements(session)[-1].startswith(say("page.host"))
    session.problems.clear()
    inspector.expect_none()


def test_skip_link_leads_to_the_question(session: BrowserSession, policy: Policy) -> None:
    session.open("check/")
    session.press("Tab")
    assert session.evaluate("() => document.activeElement.hash") == "#main-part"
    session.press("Enter")
    stops = session.tab_to(
        f"#answer-{next(iter(policy.questions))}-{next(iter(next(iter(policy.questions.values())).offered))}"
    )
    assert len(stops) == 1
