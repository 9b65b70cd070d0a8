"""Firefox, driven by WebDriver BiDi, which it supports by itself."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from websockets.sync.client import ClientConnection, connect

from .window import PATIENCE, BrowserError, click_actions, key_actions, start_listener

QUIET = "".join(
    f"user_pref({json.dumps(name)}, {json.dumps(value)});\n"
    for name, value in {
        "app.normandy.enabled": False,
        "app.update.disabledForTesting": True,
        "browser.safebrowsing.update.enabled": False,
        "browser.shell.checkDefaultBrowser": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "network.captive-portal-service.enabled": False,
        "network.connectivity-service.enabled": False,
        "services.settings.server": "data:,#remote-settings-dummy/v1",
    }.items()
)
"""Preferences of a Firefox that sends no requests of its own."""


LOADING = 5
"""Seconds that a page may take to load before another one replaces it; some pages of tests never do."""


class FirefoxWindow:
    def __init__(self, firefox: Firefox) -> None:
        self.call = firefox.call
        self.user = self.call("browser.createUserContext")["userContext"]
        self.context = self.call("browsingContext.create", type="tab", userContext=self.user)["context"]
        self.resize(1280, 720)

    def goto(self, address: str) -> None:
        # Firefox may never report that a page is complete which replaces one that is still loading.
        end = time.monotonic() + LOADING
        while time.monotonic() < end:
            with contextlib.suppress(BrowserError):  # it may be replaced just now
                if self.evaluate("document.readyState") == "complete":
                    break
            time.sleep(0.02)
        self.call("browsingContext.navigate", context=self.context, url=address, wait="complete")

    def run(self, expression: str) -> dict[str, Any]:
        target = {"context": self.context}
        result = self.call(
            "script.evaluate", expression=expression, target=target, awaitPromise=True, userActivation=True
        )
        if error := result.get("exceptionDetails"):
            raise BrowserError(error["text"])
        return dict(result["result"])

    def evaluate(self, expression: str) -> str:
        return str(self.run(expression)["value"])

    def press(self, keys: Sequence[str]) -> None:
        self.call("input.performActions", context=self.context, actions=key_actions(keys))

    def click(self, x: int, y: int) -> None:
        self.call("input.performActions", context=self.context, actions=click_actions(x, y))

    def set_files(self, selector: str, paths: Sequence[Path]) -> None:
        field = self.run(f"document.querySelector({json.dumps(selector)})")
        element = {"sharedId": field["sharedId"]}
        self.call("input.setFiles", context=self.context, element=element, files=[str(path) for path in paths])

    def resize(self, width: int, height: int) -> None:
        self.call("browsingContext.setViewport", context=self.context, viewport={"width": width, "height": height})

    def go(self, steps: int) -> None:
        if steps:
            self.call("browsingContext.traverseHistory", context=self.context, delta=steps)
        else:
            self.call("browsingContext.reload", context=self.context, wait="complete")

    def close(self) -> None:
        self.call("browser.removeUserContext", userContext=self.user)


class Firefox:
    name = "Firefox"

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self.calls = 0
        self.version = self.call("session.new", capabilities={})["capabilities"]["browserVersion"]

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command of WebDriver BiDi, and wait for its result."""
        self.calls += 1
        self.connection.send(json.dumps({"id": self.calls, "method": method, "params": params}))
        while True:
            answer = json.loads(self.connection.recv(PATIENCE))
            if answer.get("id") == self.calls:
                if answer["type"] == "error":
                    raise BrowserError(f"{answer['error']}: {answer['message']}")
                return dict(answer["result"])

    def window(self) -> FirefoxWindow:
        return FirefoxWindow(self)


def find_firefox() -> str | None:
    names = ("firefox-esr", "firefox", "/Applications/Firefox.app/Contents/MacOS/firefox")
    return os.environ.get("FIREFOX_PATH") or next(filter(None, map(shutil.which, names)), None)


@contextlib.contextmanager
def start_firefox(path: str) -> Iterator[Firefox]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        (Path(profile) / "user.js").write_text(QUIET, encoding="utf-8")
        command = [path, "--headless", "--no-remote", "--remote-debugging-port=0", "--profile", profile]
        with (
            start_listener(command, "WebDriver BiDi listening on") as (_, address),
            connect(f"{address}/session", max_size=None, compression=None) as connection,
        ):
            yield Firefox(connection)
