"""A browser session: the commands in which tests of pages are written, once for all browsers."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.browsers import Browser, BrowserError
from tests.support.browsers.chromium import ChromiumWindow
from tests.support.servers import SiteServer

PATIENCE = 60
"""Seconds until a wait fails. A busy machine needs half of it to start the runtime."""

ACTIVE = "async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"
"""Whether the service worker of the site is active."""

PAUSE = 0.02
"""Seconds between two evaluations of a condition."""


class BrowserSession:
    """One window of any browser.

    An element is named by a target and, where that is not enough, its accessible name: `("button", "Continue")`. The
    target is a role (button, checkbox, heading, link, radio, textbox) or a CSS selector. Only visible elements count.
    Actions wait until exactly one element matches.
    JavaScript is always passed as a function; arguments and result are JSON, and a promise is awaited.
    """

    def __init__(self, kind: str, browser: Browser, site_server: SiteServer) -> None:
        self.kind = kind
        self.browser = browser
        self.window = browser.window()
        self.server = site_server
        self.closed = False

    def close(self) -> None:
        """Close the window, if it is still open."""
        if not self.closed:
            self.window.close()
        self.closed = True

    @property
    def chromium(self) -> ChromiumWindow:
        """The window of a Chromium session, for commands of Chromium alone."""
        assert isinstance(self.window, ChromiumWindow)
        return self.window

    # ---- navigation

    def open(self, path: str = "") -> None:
        """Open a page of the site by its path, and return once it has loaded."""
        self.window.goto(self.server.address + path)

    @property
    def address(self) -> str:
        """The page's path and fragment, without a slash in front."""
        return str(self.evaluate("() => location.href")).removeprefix(self.server.address)

    def back(self) -> None:
        """Press the browser's back button."""
        self.window.go(-1)

    def forward(self) -> None:
        """Press the browser's forward button."""
        self.window.go(1)

    def reload(self) -> None:
        """Load the page again."""
        self.window.go(0)

    def resize(self, width: int, height: int) -> None:
        """Give the page a size in CSS pixels. WebKit's window is at least 334 wide."""
        self.window.resize(width, height)

    def stop_clock(self, moment: str) -> None:
        """Stop the clock at a moment such as 2026-11-22T12:00:00, in local time, on this page and all later ones."""
        self.server.moment = moment
        self.evaluate("(moment) => { globalThis.walk?.stop(moment) }", moment)

    def add_init_script(self, script: str) -> None:
        """Run a script before the own scripts of each page that is opened later."""
        self.server.init_script += f"\n{{{script}}}"

    # ---- conditions

    def evaluate(self, function: str, *args: object) -> Any:
        """The result of a JavaScript function. Raises BrowserError if it throws."""
        arguments = ", ".join(map(json.dumps, args))
        call = f"(async () => JSON.stringify((await ({function})({arguments})) ?? null))()"
        return json.loads(self.window.evaluate(call))

    def wait_for(self, condition: str, *args: object) -> Any:
        """Wait until the result of a JavaScript function is truthy, on this page or one that is opened meanwhile."""
        # Polls from outside, because a promise never settles when its page is left.
        end = time.monotonic() + PATIENCE
        last: object = None
        while time.monotonic() < end:
            try:
                last = self.evaluate(condition, *args)
            except BrowserError as error:  # the page may be unloading
                last = error
            else:
                if last:
                    return last
            time.sleep(PAUSE)
        raise AssertionError(f"{condition} with {args} is still {last!r} after {PATIENCE} seconds")

    def expect_visible(self, target: str, name: str | None = None) -> str:
        """Wait until exactly one such element is visible; returns its text."""
        only = "const [one, ...more] = walk.find(...element)"
        condition = f"(...element) => {{ {only}; return one && !more.length && [one.innerText.trim()] }}"
        [text] = self.wait_for(condition, target, name)
        return str(text)

    def visible_texts(self, target: str, name: str | None = None) -> list[str]:
        """The texts of all such elements that are visible now."""
        return list(
            self.evaluate("(...element) => walk.find(...element).map((node) => node.innerText.trim())", target, name)
        )

    def expect_absent(self, target: str, name: str | None = None) -> None:
        """Wait until no such element is visible."""
        self.wait_for("(...element) => walk.find(...element).length === 0", target, name)

    def active_element(self) -> str:
        """The element with the focus, as `radio I don't know`."""
        return str(self.evaluate("() => walk.describe(document.activeElement)"))

    def expect_focus(self, target: str, name: str | None = None) -> None:
        """Wait until such an element has the focus."""
        self.wait_for("(...element) => walk.find(...element).includes(document.activeElement)", target, name)

    @property
    def problems(self) -> list[str]:
        """The problems of all pages so far: errors, console errors and CSP violations."""
        return self.server.problems

    # ---- actions

    def click(self, target: str, name: str | None = None) -> None:
        """Click on an element, once nothing covers it and it does not move. See `skip_pause`."""
        find = "const all = walk.find(...element); walk.skipPause();"
        place = f"(...element) => {{ {find} return all.length === 1 && walk.aim(all[0]) }}"
        is_missed = True
        while is_missed:
            before = None
            while before != (point := self.wait_for(place, target, name)):
                before = point
                time.sleep(PAUSE)
            self.window.click(*point)
            is_missed = self._is_missed()

    def _is_missed(self) -> bool:
        """Whether the page has moved, so that the latest click would have hit another element. It did nothing then."""
        try:
            return bool(self.evaluate("() => globalThis.walk?.release()"))
        except BrowserError:  # the click has led to another page
            return False

    def skip_pause(self) -> None:
        """Let the time pass in which the check page ignores second taps."""
        self.evaluate("() => globalThis.walk?.skipPause()")

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `Tab`, `Shift+Tab`, `Enter`, `Space`, `ArrowDown`, `a`, …"""
        for key in keys:
            if key in ("Enter", "Space"):
                self.skip_pause()
            self.window.press(key.split("+") if len(key) > 1 else [key])

    def type(self, text: str) -> None:
        """Type a text, letter by letter."""
        self.press(*text)

    def tab_to(self, target: str, name: str | None = None, key: str = "Tab") -> list[str]:
        """Press Tab until an element has the focus; returns all stops, including the last one."""
        stops: list[str] = []
        while len(stops) < 200:
            self.press(key)
            stops.append(self.active_element())
            if self.evaluate("(...element) => walk.find(...element).includes(document.activeElement)", target, name):
                return stops
        raise AssertionError(f"{key} does not lead to {target} {name or ''}, only to {dict.fromkeys(stops)}")

    def choose_files(self, selector: str, paths: Sequence[Path]) -> None:
        """Choose files in the file field of this CSS selector."""
        self.window.set_files(selector, paths)
