"""One visit of a page, measured in the browser itself: from the navigation to the answer that can be seen."""

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
TALK = Path(__file__).with_name("talk.js").read_text(encoding="utf-8").strip()
PATIENCE = 300
"""Seconds until a page that shows nothing is given up."""
PAUSE = 0.05
"""Seconds between two looks at a page. It keeps the time itself, so none is lost."""


class Window(Protocol):
    """What is needed of a browser's window."""

    def goto(self, address: str) -> None:
        """Open an address."""

    def evaluate(self, expression: str) -> str:
        """Run an expression that gives a string or a promise of one; a BrowserError if it throws."""


class NoAnswerError(Exception):
    """A page has shown no answer."""


@dataclass(frozen=True, slots=True)
class Visit:
    """What was seen."""

    seconds: float
    """From the navigation to the answer."""
    bytes: int
    """That the server had sent until then, headers too."""
    text: str
    """The answer's first line."""


def visit(window: Window, host: Host, path: str) -> Visit:
    """Goes to a page from where the window is, until there is an answer.

    Raises:
        NoAnswerError: There is none for a long time.
    """
    host.forget()
    noted = _arrive(window, host.address + path, lambda noted: "at" in noted)
    return Visit(noted["at"] / 1000, sum(size for _, size in host.sent), noted["text"])


def read(window: Window, host: Host, path: str) -> int:
    """Opens a page to read. Gives the bytes of its HTML, CSS and JavaScript on the wire, until it has loaded."""
    host.forget()
    _arrive(window, host.address + path, lambda noted: noted["loaded"])
    return sum(size for sent, size in host.sent if sent.endswith(("/", ".html", ".css", ".js", ".mjs")))


def leave(window: Window) -> None:
    """Leaves the page for an empty one."""
    window.goto("about:blank")
    time.sleep(0.3)


def talk(window: Window, links: list[str], rounds: int) -> list[float]:
    """The seconds of each verdict in the running worker, message to message, on our page with an answer."""
    return [took / 1000 for took in json.loads(window.evaluate(f"{TALK}({json.dumps(links)}, {rounds})"))]


def _arrive(window: Window, address: str, there: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
    window.evaluate(f"(location.assign({json.dumps(address)}), '')")
    page = json.dumps(address.partition("#")[0])
    end = time.monotonic() + PATIENCE
    noted = None
    while time.monotonic() < end:
        try:
            text = window.evaluate(f"{WATCH}({page})")
        except BrowserError:  # the page is just being changed for another
            continue
        if text:
            noted = json.loads(text)
            if there(noted):
                return dict(noted)
            time.sleep(PAUSE)
    raise NoAnswerError(f"{address} shows no answer after {PATIENCE} seconds, only {noted}")
