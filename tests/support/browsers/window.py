"""The interface to browsers, and helpers that their drivers share."""

from __future__ import annotations

import contextlib
import re
import subprocess
import threading
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

PATIENCE = 60
"""Seconds until a silent browser fails the test."""

KEYS = {
    "Backspace": "\ue003",
    "Tab": "\ue004",
    "Enter": "\ue006",
    "Shift": "\ue008",
    "Control": "\ue009",
    "Escape": "\ue00c",
    "Space": " ",
    "End": "\ue010",
    "Home": "\ue011",
    "ArrowLeft": "\ue012",
    "ArrowUp": "\ue013",
    "ArrowRight": "\ue014",
    "ArrowDown": "\ue015",
    "Delete": "\ue017",
}
"""The keys with names, as WebDriver writes them."""


class BrowserError(Exception):
    """An error that a browser reports."""


class Window(Protocol):
    """One window with one page and empty storage."""

    def goto(self, address: str) -> None:
        """Open an address, and return once it has loaded."""

    def evaluate(self, expression: str) -> str:
        """The string of a promise that an expression returns. Raises BrowserError if it throws."""

    def press(self, keys: Sequence[str]) -> None:
        """Press keys together, the first one first: names of KEYS or single letters."""

    def click(self, x: int, y: int) -> None:
        """Click at a point of the viewport, in CSS pixels."""

    def set_files(self, selector: str, paths: Sequence[Path]) -> None:
        """Choose files in a file field."""

    def resize(self, width: int, height: int) -> None:
        """Set the size of the viewport in CSS pixels."""

    def go(self, steps: int) -> None:
        """Go back (-1), forward (1), or load again (0), as with the browser's buttons."""

    def close(self) -> None:
        """Close the window."""


class Browser(Protocol):
    """A browser that has been started."""

    name: str
    version: str

    def window(self) -> Window:
        """Open a window."""


def key_actions(keys: Sequence[str]) -> list[Mapping[str, Any]]:
    values = [KEYS.get(key, key) for key in keys]
    actions = [{"type": "keyDown", "value": value} for value in values]
    actions += [{"type": "keyUp", "value": value} for value in reversed(values)]
    return [{"type": "key", "id": "keyboard", "actions": actions}]


def click_actions(x: int, y: int) -> list[Mapping[str, Any]]:
    move = {"type": "pointerMove", "x": x, "y": y, "duration": 0}
    actions = [move, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}]
    return [{"type": "pointer", "id": "mouse", "parameters": {"pointerType": "mouse"}, "actions": actions}]


@contextlib.contextmanager
def terminate_at_exit[Process: subprocess.Popen[Any]](process: Process) -> Iterator[Process]:
    """Terminate a process at the end of the block."""
    try:
        yield process
    finally:
        process.terminate()
        process.wait()


@contextlib.contextmanager
def start_listener(command: Sequence[str], words: str) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """Run a browser until the end of the block; yields it and its address, which follows `words` on standard error."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    with terminate_at_exit(process):
        assert process.stderr
        matches = (re.search(rf"{words} (\S+)", line) for line in process.stderr)
        address = next(filter(None, matches), None)
        if not address:
            raise BrowserError(f"{command[0]} did not start")
        threading.Thread(target=process.stderr.read, daemon=True).start()  # it blocks when its pipe is full
        yield process, address[1]
