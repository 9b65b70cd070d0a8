"""One visit of a page, measured in the browser: from the navigation to the visible answer."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from bench.start.host import Host
from tests.support.browsers import BrowserError

WATCH = Path(__file__).with_name("watch.js").read_text(encoding="utf-8").strip()
TIME_VERDICTS = Path(__file__).with_name("time_verdicts.js").read_text(encoding="utf-8").strip()
PATIENCE = 300
"""Seconds to wait for an answer."""
PAUSE = 0.05
"""Seconds between two polls. The page measures the time itself, so polling does not distort it."""


class Window(Protocol):
    """The interface of a browser's window."""

    def goto(self, address: str) -> None:
        """Open an address."""

    def evaluate(self, expression: str) -> str:
        """Run an expression that gives a string or a promise of one; a BrowserError if it throws."""


class NoAnswerError(Exception):
    """A page has shown no answer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """The measurements of one visit."""

    seconds: float
    """From the navigation to the answer."""
    bytes: int
    """Bytes sent by the server until then, with headers."""
    text: str
    """The answer's first line."""


def visit(window: Window, host: Host, path: str) -> Visit:
    """Navigates to a page and waits for the answer.

    Raises:
        NoAnswerError: No answer is shown in time.
    """
    host.reset()
    state = _arrive(window, host.address + path, lambda state: "at" in state)
    return Visit(state["at"] / 1000, sum(size for _, size in host.sent), state["text"])


def read(window: Window, host: Host, path: str) -> int:
    """Opens a page; returns the bytes of its HTML, CSS and JavaScript on the wire until it has loaded."""
    host.reset()
    _arrive(window, host.address + path, lambda state: state["loaded"])
    return sum(size for sent, size in host.sent if sent.endswith(("/", ".html", ".css", ".js", ".mjs")))


def leave(window: Window) -> None:
    """Navigates to an empty page."""
    window.goto("about:blank")
    time.sleep(0.3)


def time_verdicts(window: Window, links: list[str], rounds: int) -> list[float]:
    """The seconds of each verdict in the running worker, from request to response, on our page with an answer."""
    return [
        milliseconds / 1000
        for milliseconds in json.loads(window.evaluate(f"{TIME_VERDICTS}({json.dumps(links)}, {rounds})"))
    ]


def _arrive(window: Window, address: str, is_done: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    window.evaluate(f"(location.assign({json.dumps(address)}), '')")
    page = json.dumps(address.partition("#")[0])
    end = time.monotonic() + PATIENCE
    state = None
    while time.monotonic() < end:
        try:
            text = window.evaluate(f"{WATCH}({page})")
        except BrowserError:  # the page is just being replaced
            continue
        if text:
            state = json.loads(text)
            if is_done(state):
                return dict(state)
            time.sleep(PAUSE)
    raise NoAnswerError(f"{address} shows no answer after {PATIENCE} seconds, only {state}")
