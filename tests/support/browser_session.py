"""A customer who walks through the site: the words in which a walk is written, once for all browsers."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tests.support.browsers import Browser, BrowserError
from tests.support.servers import SiteServer

PATIENCE = 60
"""Seconds until something that never comes is a failure: a busy machine needs half of it to start the runtime."""

ACTIVE = "async () => (await navigator.serviceWorker.getRegistration())?.active?.state === 'activated'"
"""Whether the browser keeps the site of a page."""

PAUSE = 0.02
"""Seconds between two looks at a page."""


class BrowserSession:
    """Looks at pages, presses keys and clicks, in one window of any browser.

    A thing on a page is named by a target and, where that is not enough, its name: `("button", "Continue")`. The
    target is a role (button, checkbox, heading, link, radio, textbox) or a CSS selector; the name is what a screen
    reader would say. Only what can be seen counts. Whatever acts on a thing waits until there is exactly one.
    JavaScript is always given as a function; its arguments and its result cross as JSON, and a promise is awaited.
    """

    def __init__(self, kind: str, browser: Browser, site_server: SiteServer) -> None:
        self.kind = kind
        self.browser = browser
        self.window = browser.window()
        self.server = site_server
        self.closed = False

    def close(self) -> None:
        """Close the window; the second time, do nothing."""
        if not self.closed:
            self.window.close()
        self.closed = True

    # ---- where

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
        """Let it be this moment, as 2026-11-22T12:00:00 of the local time, on this page and all that follow."""
        self.server.moment = moment
        self.evaluate("(moment) => { globalThis.walk?.stop(moment) }", moment)

    def before_each_page(self, script: str) -> None:
        """Run a script before the own scripts of each page that is opened from now on."""
        self.server.before += f"\n{{{script}}}"

    # ---- what is there

    def evaluate(self, function: str, *given: object) -> Any:
        """What a JavaScript function gives for these arguments; a BrowserError if it throws."""
        arguments = ", ".join(map(json.dumps, given))
        call = f"(async () => JSON.stringify((await ({function})({arguments})) ?? null))()"
        return json.loads(self.window.evaluate(call))

    def wait_for(self, condition: str, *given: object) -> Any:
        """The first true thing that a JavaScript function gives, also when other pages are opened meanwhile."""
        # Looked at from outside, again and again: a promise of a page that is left may never be kept.
        end = time.monotonic() + PATIENCE
        last: object = None
        while time.monotonic() < end:
            try:
                last = self.evaluate(condition, *given)
            except BrowserError as error:  # the page is just going away, perhaps
                last = error
            else:
                if last:
                    return last
            time.sleep(PAUSE)
        raise AssertionError(f"{condition} with {given} is still {last!r} after {PATIENCE} seconds")

    def see(self, target: str, name: str | None = None) -> str:
        """Wait until exactly one such thing can be seen; its text, as it is laid out."""
        found = (
            "(...thing) => { const all = walk.find(...thing); return all.length === 1 && [all[0].innerText.trim()] }"
        )
        [text] = self.wait_for(found, target, name)
        return str(text)

    def sees(self, target: str, name: str | None = None) -> list[str]:
        """The texts of all such things that can be seen now."""
        return list(
            self.evaluate("(...thing) => walk.find(...thing).map((node) => node.innerText.trim())", target, name)
        )

    def sees_no(self, target: str, name: str | None = None) -> None:
        """Wait until no such thing can be seen."""
        self.wait_for("(...thing) => walk.find(...thing).length === 0", target, name)

    def focus(self) -> str:
        """The thing that has the focus, as `radio I don't know`."""
        return str(self.evaluate("() => walk.describe(document.activeElement)"))

    def focused(self, target: str, name: str | None = None) -> None:
        """Wait until such a thing has the focus."""
        self.wait_for("(...thing) => walk.find(...thing).includes(document.activeElement)", target, name)

    @property
    def wrong(self) -> list[str]:
        """What went wrong on the pages so far: errors, what the console calls one, what a security policy refused."""
        return self.server.wrong

    # ---- what a customer does

    def click(self, target: str, name: str | None = None) -> None:
        """Click on a thing, once nothing covers it and it stands still."""
        place = "(...thing) => { const all = walk.find(...thing); return all.length === 1 && walk.point(all[0]) }"
        before = None
        while before != (point := self.wait_for(place, target, name)):
            before = point
            time.sleep(PAUSE)
        self.window.click(*point)

    def press(self, *keys: str) -> None:
        """Press keys one after the other: `Tab`, `Shift+Tab`, `Enter`, `Space`, `ArrowDown`, `a`, …"""
        for key in keys:
            self.window.press(key.split("+") if len(key) > 1 else [key])

    def type(self, text: str) -> None:
        """Type a text, letter by letter."""
        self.press(*text)

    def search(self, text: str) -> None:
        """Type a text into the search of the site, and wait until something is found."""
        focus = "() => { document.querySelector('.md-search__input').focus() }"
        self.evaluate(focus)
        self.wait_for("() => 'component$' in globalThis")  # the theme wakes now, and takes the focus
        self.evaluate(focus)
        self.type(text)
        self.wait_for("() => Boolean(document.querySelector('.md-search-result__item mark'))")

    def tab_to(self, target: str, name: str | None = None, key: str = "Tab") -> list[str]:
        """Press Tab until a thing has the focus; all the stops on the way, the last one included."""
        stops: list[str] = []
        while len(stops) < 200:
            self.press(key)
            stops.append(self.focus())
            if self.evaluate("(...thing) => walk.find(...thing).includes(document.activeElement)", target, name):
                return stops
        raise AssertionError(f"{key} does not lead to {target} {name or ''}, only to {dict.fromkeys(stops)}")

    def choose_files(self, selector: str, paths: Sequence[Path]) -> None:
        """Choose files in the file field of this CSS selector."""
        self.window.set_files(selector, paths)
