"""Chromium, driven by Playwright."""

from __future__ import annotations

import contextlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

from playwright.sync_api import Browser, Error, Page, Playwright, sync_playwright

from .window import BrowserError


class ChromiumWindow:
    def __init__(self, browser: Browser) -> None:
        self.requests: list[str] = []
        self.context = browser.new_context()
        self.context.on("request", lambda request: self.requests.append(request.url))
        self.page: Page = self.context.new_page()
        # A page's CSP blocks Playwright's own evaluate(), but not the debugger's.
        self.debugger = self.context.new_cdp_session(self.page)

    def goto(self, address: str) -> None:
        self.page.goto(address)

    def evaluate(self, expression: str) -> str:
        try:
            options = {"expression": expression, "awaitPromise": True, "returnByValue": True, "userGesture": True}
            result = self.debugger.send("Runtime.evaluate", options)
        except Error as error:
            raise BrowserError(error.message) from error
        if details := result.get("exceptionDetails"):
            raise BrowserError(details.get("exception", details).get("description", details["text"]))
        return str(result["result"]["value"])

    def press(self, keys: Sequence[str]) -> None:
        [*_, last] = keys
        if len(keys) == len(last) == 1:
            self.page.keyboard.type(last)  # also types letters that are on no American keyboard
        else:
            self.page.keyboard.press("+".join(keys))

    def click(self, x: int, y: int) -> None:
        self.page.mouse.click(x, y)

    def set_files(self, selector: str, paths: Sequence[Path]) -> None:
        self.page.set_input_files(selector, list(paths))

    def resize(self, width: int, height: int) -> None:
        self.page.set_viewport_size({"width": width, "height": height})

    def go(self, steps: int) -> None:
        {-1: self.page.go_back, 0: self.page.reload, 1: self.page.go_forward}[steps]()

    def close(self) -> None:
        self.context.close()


class Chromium:
    name = "Chromium"

    def __init__(self, browser: Browser) -> None:
        self.browser = browser
        self.version = browser.version

    def window(self) -> ChromiumWindow:
        return ChromiumWindow(self.browser)


PLAIN_HOST = "shop.test"
"""A name of this computer that Chromium takes for another one: over plain http, its pages are no secure context."""
ARGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    f"--host-resolver-rules=MAP {PLAIN_HOST} 127.0.0.1",
)


def find_chromium() -> str | None:
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
    return os.environ.get("BROWSER_PATH") or next(filter(None, map(shutil.which, names)), None)


_playwrights: list[Playwright] = []
"""The running Playwright, if any: a process can start one only, however many browsers it drives."""


@contextlib.contextmanager
def start_chromium(path: str) -> Iterator[Chromium]:
    with contextlib.ExitStack() as stack:
        if not _playwrights:
            _playwrights.append(stack.enter_context(sync_playwright()))
            stack.callback(_playwrights.clear)
        browser = _playwrights[0].chromium.launch(executable_path=path, args=[*ARGS])
        stack.callback(browser.close)
        yield Chromium(browser)
