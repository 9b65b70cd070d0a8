"""Nothing moves under a customer's finger: a view is whole when it is shown, whatever the checker answers later."""

from __future__ import annotations

from typing import Any

import pytest

from checker import Policy
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, REFUND, RESULT, CheckPage, example_with_amounts

RECORD_PLACES = """
const TARGETS = ":is(h1, a, button, summary, label, textarea, input)";
const places = (view) => new Map(
  walk.find(`[data-view="${view}"] ${TARGETS}`, null).map((node) => [node, node.getBoundingClientRect().top + scrollY]),
);
const waiting = new Set();
const { postMessage } = Worker.prototype;
Worker.prototype.postMessage = function (message, transfer = []) {
  if (!waiting.size) this.addEventListener("message", ({ data }) => waiting.delete(data.id));
  waiting.add(message.id);
  postMessage.call(this, message, transfer);
};
globalThis.shown = {};
const record = () => {
  const view = document.querySelector("main [data-view]:not([hidden])")?.dataset.view;
  if (view && view !== shown.view) globalThis.shown = { view, places: places(view) };
};
addEventListener("DOMContentLoaded", () => {
  record();
  new MutationObserver(record).observe(document, { subtree: true, attributeFilter: ["hidden"] });
});
globalThis.shifts = (view) => {
  if (shown.view !== view || waiting.size) return null;
  const now = places(view);
  const moved = [...shown.places].filter(([node, top]) => !(Math.abs(now.get(node) - top) < 1));
  return { targets: now.size, moved: moved.map(([node, top]) => [walk.describe(node), top, now.get(node)]) };
};
"""
"""Records where the controls of a view are in the moment in which it is shown."""


def expect_no_shift(session: BrowserSession, view: str) -> None:
    """Wait until the checker has answered everything; check that each target of the view is where it was at first."""
    found: dict[str, Any] = session.wait_for("(view) => shifts(view)", view)
    assert found["moved"] == [], view
    assert found["targets"] > 1, view


@pytest.mark.browser
@pytest.mark.parametrize("width", [360, 1280])
def test_no_target_moves_after_its_view_is_shown(chromium_session: BrowserSession, policy: Policy, width: int) -> None:
    session = chromium_session
    session.resize(width, 800)
    session.add_init_script(RECORD_PLACES)
    example = example_with_amounts(policy)
    check_page = CheckPage(session, policy, example.today)
    answers = {name: example.answers[name] for name in check_page.question_path(example.answers)}
    check_page.open()
    for number, (name, answer) in enumerate(answers.items()):
        session.expect_visible(f'[data-view="{name}"] h1')
        expect_no_shift(session, name)
        if number:
            session.reload()
            check_page.expect_view(name, answers)
            expect_no_shift(session, name)
        check_page.click_answer(name, answer)
    for view in (RESULT, PREPARE, RESULT, REFUND):
        if view != RESULT or session.address.endswith(PREPARE):
            session.click(f'[href="#{view}"]')
        for _ in range(2):
            expect_no_shift(session, view)
            check_page.expect_view(view, answers)
            session.reload()
