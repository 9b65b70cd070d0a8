"""Second taps on all buttons: the page and what leaves it are the same as after one tap."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from checker import Policy
from tests.browser.test_history import Visitor, change, examples, visitor
from tests.browser.test_stored_pictures import add_two
from tests.support.browser_session import BrowserSession
from tests.support.check_page import PREPARE, REFUND, CheckPage, example_with_amounts

pytestmark = pytest.mark.browser

__all__ = ["examples", "visitor"]  # fixtures

STAND_STILL = """
  globalThis.walk?.skipPause();
  const now = performance.now();
  performance.now = () => now;
  Object.defineProperty(Event.prototype, "timeStamp", { get: () => now });
"""
"""Stops the time of taps: each one falls into the half second of the one before, however busy the machine is."""

POINT = """(selector) => {
  const [button] = walk.find(selector, null);
  return button && walk.point(button);
}"""

FILE_FIELDS = """() => {
  globalThis.opened = 0;
  addEventListener("click", (event) => {
    if (event.target.type !== "file") return;
    opened++;
    event.preventDefault();
  });
}"""
"""Counts the file fields that open, and keeps them shut."""

SNAPSHOT = """async () => {
  const { href } = document.querySelector("[href*='checker.js']");
  const names = ["checker", "result", "prepare", "keep", "refund"];
  const modules = names.map((name) => href.replace("checker.js", `${name}.js`));
  const [{ ask }] = await Promise.all(modules.map((module) => import(module))); // a result waits for them
  await ask("answer", { answers: {} }); // the checker responds in order: what was asked before is done
  const frame = () => new Promise(requestAnimationFrame);
  await frame().then(frame);
  const stored = JSON.parse(localStorage.getItem(`check ${location.pathname}`));
  const fields = [...document.querySelectorAll(".check :is(input, textarea)")];
  return {
    address: location.hash,
    heading: walk.find("h1", null).map((node) => node.innerText),
    fields: fields.map(({ id, type, value, checked }) => [id, type === "file" ? "" : value, checked]),
    focus: walk.describe(document.activeElement),
    open: document.querySelectorAll("details[open]").length,
    pictures: document.querySelectorAll(".check-picture").length,
    opened: globalThis.opened,
    stored: stored && [stored.answers, stored.letter, stored.saved, stored.storedPictures],
    downloads: outputs.downloads.map(([name]) => name),
    copies: outputs.copies,
    shares: outputs.shares.length,
  };
}"""
"""All that a tap can change, once the checker has nothing left to do."""


class Scene:
    """A visitor before a tap, with what the scenes of the table need."""

    def __init__(self, visitor: Visitor, policy: Policy, folder: Path) -> None:
        self.visitor = visitor
        self.session = visitor.session
        self.policy = policy
        self.folder = folder

    def own_result(self) -> None:
        self.visitor.check_own()

    def dated_result(self) -> None:
        page = CheckPage(self.session, self.policy, self.policy.valid_from)
        for example in self.policy.examples.values():
            page.set_today(example.today)
            if "calendar" in page.response(example.answers)["offers"]:
                return page.open_result(example.answers)
        pytest.skip("The live policy has no worked example with an entry for a calendar.")

    def shared_result(self) -> None:
        self.visitor.open_shared_beside_own()

    def start(self) -> None:
        self.visitor.check_own()
        self.session.open("policy/")
        self.visitor.page.open()

    def question(self) -> None:
        self.visitor.check_own()
        change(self.visitor, self.visitor.own)

    def pictures(self) -> None:
        add_two(self.session, self.policy, self.folder)

    def letter(self) -> None:
        self.pictures()
        self.session.evaluate(FILE_FIELDS)

    def estimate(self) -> None:
        example = example_with_amounts(self.policy)
        page = CheckPage(self.session, self.policy, example.today)
        page.open_result(example.answers, amounts=True)
        page.open_view(REFUND, example.answers)

    def estimate_with_rows(self) -> None:
        self.estimate()
        for _ in range(2):
            self.session.click("[data-do=add-amount]")

    def home(self) -> None:
        self.session.add_init_script(STAND_STILL)
        self.session.open()


BUTTONS: dict[str, tuple[Callable[[Scene], None], str]] = {
    "use these answers": (Scene.shared_result, "[data-do=resume]"),
    "go on": (Scene.start, "[data-do=resume]"),
    "start again": (Scene.own_result, ".check-share [data-do=clear]"),
    "start again at the start": (Scene.start, '[data-part="welcome"] [data-do=clear]'),
    "check another problem": (Scene.own_result, "[data-do=another]"),
    "change": (Scene.own_result, ".check-row:last-child a"),
    "back": (Scene.question, "[data-do=back]"),
    "prepare": (Scene.own_result, f'[href="#{PREPARE}"]'),
    "back to the result": (Scene.pictures, f'.box[data-view="{PREPARE}"] .back a'),
    "remove a picture": (Scene.pictures, ".check-picture:first-child button"),
    "add pictures": (Scene.letter, "[data-item]:has(.check-picture) .check-add"),
    "download": (Scene.pictures, "[data-do=pack]"),
    "copy the text": (Scene.pictures, "[data-do=copy-letter]"),
    "share the text": (Scene.pictures, "[data-do=share-letter]"),
    "calendar": (Scene.dated_result, "[data-do=calendar]"),
    "copy link": (Scene.own_result, "[data-do=link]"),
    "share": (Scene.own_result, "[data-do=share]"),
    "fold": (Scene.own_result, ".fold:not([hidden]) summary"),
    "add an amount": (Scene.estimate, "[data-do=add-amount]"),
    "remove an amount": (Scene.estimate_with_rows, ".check-amount:nth-of-type(2) .check-remove"),
    "estimate": (Scene.estimate, ".check-refund [type=submit]"),
    "home page": (Scene.home, '.start a[href*="="]'),
}
"""How to come to a button, and the button."""


@pytest.mark.parametrize("name", BUTTONS)
def test_second_tap_changes_nothing(name: str, visitor: Visitor, policy: Policy, tmp_path: Path) -> None:
    begin, button = BUTTONS[name]
    session = visitor.session
    scene = Scene(visitor, policy, tmp_path)

    def tap(*, again: bool) -> Any:
        begin(scene)
        place = session.wait_for(POINT, button)
        before = session.evaluate(SNAPSHOT) if name != "home page" else None
        session.evaluate(f"() => {{{STAND_STILL}}}")
        for _ in range(1 + again):
            session.window.click(*place)
        session.wait_for(STARTED)
        after = session.evaluate(SNAPSHOT)
        assert after != before
        if again:  # the second tap of a slow double tap meets what has taken the button's place
            session.window.click(*place)
            return session.evaluate(SNAPSHOT)
        return after

    once = tap(again=False)
    start_again(session)
    assert tap(again=True) == once


STARTED = "() => document.querySelector('[data-started]') && walk.find('h1', null).length"


def start_again(session: BrowserSession) -> None:
    """Forget all cases, and open another page."""
    session.evaluate("() => { localStorage.clear(); sessionStorage.clear(); }")
    session.open("policy/")
