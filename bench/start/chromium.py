"""A Chromium with a new profile, in a process of its own; caches work as at home.

It is controlled without Playwright, which would pause every worker to inspect it.
"""

from __future__ import annotations

import contextlib
import json
import tempfile
from collections.abc import Iterator
from typing import Any
from urllib.parse import urlsplit
from urllib.request import urlopen

from websockets.sync.client import ClientConnection, connect

from tests.support.browsers import BrowserError
from tests.support.browsers.chromium import ARGS
from tests.support.browsers.window import start_listener

PATIENCE = 300
"""Seconds to wait for an answer; a slowed browser is busy for long."""

QUIET = (
    *ARGS,
    "--headless=new",
    "--no-first-run",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
)


class ChromiumProfile:
    """One window of a new Chromium; a `Window` of bench/start/visit.py."""

    def __init__(self, connection: ClientConnection, pid: int) -> None:
        self.connection = connection
        self.pid = pid
        self.calls = 0
        self.version = str(self.call("Browser.getVersion")["product"]).partition("/")[2]

    def call(self, method: str, **params: object) -> dict[str, Any]:
        """Send a command of the DevTools protocol, and wait for its answer."""
        self.calls += 1
        self.connection.send(json.dumps({"id": self.calls, "method": method, "params": params}))
        while True:
            answer = json.loads(self.connection.recv(PATIENCE))
            if answer.get("id") == self.calls:
                if "error" in answer:
                    raise BrowserError(answer["error"]["message"])
                return dict(answer["result"])

    def goto(self, address: str) -> None:
        """Open an address."""
        self.call("Page.navigate", url=address)

    def evaluate(self, expression: str) -> str:
        """Run an expression that gives a string or a promise of one; a BrowserError if it throws."""
        result = self.call("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if thrown := result.get("exceptionDetails"):
            raise BrowserError(thrown.get("exception", thrown).get("description", thrown["text"]))
        return str(result["result"].get("value", ""))


@contextlib.contextmanager
def fresh_chromium(path: str) -> Iterator[ChromiumProfile]:
    """A Chromium with an empty profile; it ends with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
        with start_listener(command, "DevTools listening on") as (process, address):
            with urlopen(f"http://{urlsplit(address).netloc}/json/list") as answer:
                [page] = [target for target in json.load(answer) if target["type"] == "page"]
            with connect(page["webSocketDebuggerUrl"], max_size=None, compression=None) as connection:
                chromium = ChromiumProfile(connection, process.pid)
                try:
                    yield chromium
                finally:
                    chromium.call("Browser.close")  # the process may be a script that has started the browser
