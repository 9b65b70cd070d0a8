"""WebKit in GTK's MiniBrowser, driven by WebDriver on a virtual screen."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import socket
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

from .window import PATIENCE, BrowserError, click_actions, key_actions, terminate_at_exit


class WebKitWindow:
    def __init__(self, webkit: WebKit) -> None:
        self.webkit = webkit
        options = {"binary": webkit.path, "args": ["--automation", "--full-screen"]}  # without a tool bar
        capabilities = {"alwaysMatch": {"webkitgtk:browserOptions": options}}
        session = webkit.call("POST", "/session", {"capabilities": capabilities})
        self.version = session["capabilities"]["browserVersion"]
        self.session = f"/session/{session['sessionId']}"
        self.resize(1280, 720)

    def call(self, path: str, **params: object) -> Any:
        return self.webkit.call("POST", f"{self.session}{path}", params)

    def goto(self, address: str) -> None:
        self.call("/url", url=address)

    def evaluate(self, expression: str) -> str:
        return str(self.call("/execute/sync", script=f"return {expression}", args=[]))

    def press(self, keys: Sequence[str]) -> None:
        self.call("/actions", actions=key_actions(keys))

    def click(self, x: int, y: int) -> None:
        self.call("/actions", actions=click_actions(x, y))

    def set_files(self, selector: str, paths: Sequence[Path]) -> None:
        [field] = self.call("/element", using="css selector", value=selector).values()
        self.call(f"/element/{field}/value", text="\n".join(map(str, paths)))

    def resize(self, width: int, height: int) -> None:
        self.call("/window/rect", width=width, height=height)

    def go(self, steps: int) -> None:
        self.call({-1: "/back", 0: "/refresh", 1: "/forward"}[steps])

    def close(self) -> None:
        self.webkit.call("DELETE", self.session)


class WebKit:
    name = "WebKit"

    def __init__(self, path: str, port: int) -> None:
        self.path = path
        self.port = port
        window = self.window()
        self.version = window.version
        window.close()

    def call(self, method: str, path: str, params: Mapping[str, object] | None = None) -> Any:
        """Send a command of WebDriver, and wait for its result."""
        body = None if params is None else json.dumps(params)
        connection = HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        with contextlib.closing(connection):
            connection.request(method, path, body, {"Content-Type": "application/json"})
            response = connection.getresponse()
            value = json.loads(response.read())["value"]
        if response.status != 200:
            raise BrowserError(f"{value['error']}: {value['message']}")
        return value

    def window(self) -> WebKitWindow:
        """Start a new browser process; no two can run at once."""
        return WebKitWindow(self)


def find_webkit() -> str | None:
    browsers = (
        *Path("/usr/lib").glob("*/webkit2gtk-4.1/MiniBrowser"),
        *Path("/usr/libexec").glob("webkit2gtk-4.1/MiniBrowser"),
    )
    tools = shutil.which("WebKitWebDriver") and shutil.which("Xvfb")
    return next(map(str, browsers), None) if tools else None


@contextlib.contextmanager
def start_webkit(path: str) -> Iterator[WebKit]:
    with contextlib.ExitStack() as stack:
        reads, writes = os.pipe()
        screen = ["Xvfb", "-displayfd", str(writes), "-screen", "0", "1920x1200x24", "-nolisten", "tcp", "-noreset"]
        stack.enter_context(terminate_at_exit(subprocess.Popen(screen, pass_fds=[writes], stderr=subprocess.DEVNULL)))
        os.close(writes)
        with os.fdopen(reads, encoding="ascii") as file:
            display = file.readline().strip()
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        settings = {"DISPLAY": f":{display}", "WEBKIT_DISABLE_COMPOSITING_MODE": "1", "LIBGL_ALWAYS_SOFTWARE": "1"}
        driver = subprocess.Popen(["WebKitWebDriver", f"--port={port}"], env={**os.environ, **settings})
        stack.enter_context(terminate_at_exit(driver))
        while driver.poll() is None:  # it does not report when it listens
            with contextlib.suppress(ConnectionRefusedError), socket.create_connection(("127.0.0.1", port)):
                break
        yield WebKit(path, port)
