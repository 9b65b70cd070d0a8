"""A Chromium that knows nothing yet, in a process of its own: what it keeps from visit to visit, it keeps as at home.

It is spoken to without Playwright, which would hold up every worker until it has looked at it.
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
"""Seconds after which a browser that says nothing is given up: a slowed one is busy for long."""

QUIET = (
    *ARGS,
    "--headless=new",
    "--no-first-run",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-sync",
)


class ChromiumProfile:
    """One window of a fresh Chromium, as `tests.browsers` asks for one."""

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
    """Starts a Chromium with nothing in its memory and ends it with the block."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        command = [path, *QUIET, "--remote-debugging-port=0", f"--user-data-dir={profile}", "about:blank"]
        with start_listener(command, "DevTools listening on") as (process, address):
            with urlopen(f"http://{urlsplit(address).netloc}/json/list") as answer:
                [page] = [target for target in json.load(answer) if target["type"] == "page"]
            with connect(page["webSocketDebuggerUrl"], max_size=None, compression=None) as connection:
                yield ChromiumProfile(connection, process.pid)
