"""Three browsers behind one small interface: Chromium, Firefox and WebKit.

Chromium is driven by Playwright. Firefox understands WebDriver BiDi by itself, and WebKit brings a driver for
WebDriver: both are standards, and tests need only a few messages of each.
"""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from functools import partial

import pytest

from .chromium import find_chromium, start_chromium
from .firefox import find_firefox, start_firefox
from .old_chromium import find_old_chromium, start_old_chromium
from .webkit import find_webkit, start_webkit
from .window import Browser, BrowserError, Window

__all__ = ["DEEP_BUT_CHROMIUM", "KINDS", "OLD", "Browser", "BrowserError", "Kind", "Window"]


@dataclass(frozen=True, kw_only=True)
class Kind:
    """A kind of browser: how to find it, start it and install it."""

    find: Callable[[], str | None]
    start: Callable[[str], AbstractContextManager[Browser]]
    missing: str


KINDS = {
    "chromium": Kind(
        find=find_chromium,
        start=start_chromium,
        missing="No Chromium here. To get it: run make test, or name one in BROWSER_PATH.",
    ),
    "firefox": Kind(
        find=find_firefox,
        start=start_firefox,
        missing="No Firefox here. To get it: install Firefox (Debian: apt-get install firefox-esr),"
        " or name one in FIREFOX_PATH.",
    ),
    "webkit": Kind(
        find=find_webkit,
        start=start_webkit,
        missing="No WebKitGTK here. To get it, on Linux only: apt-get install webkit2gtk-driver xvfb.",
    ),
}
OLD = {
    name: Kind(
        find=partial(find_old_chromium, name),
        start=start_old_chromium,
        missing=f"No {name} here. To get it, on Linux on x86-64 only: run make test-deep.",
    )
    for name in ("chromium-oldest", "chromium-too-old")
}
"""The oldest supported Chromium that can be had, and one that is too old."""
DEEP_BUT_CHROMIUM = [name if name == "chromium" else pytest.param(name, marks=pytest.mark.deep) for name in KINDS]
"""Parameters of long tests: `make test` runs them in Chromium, `make test-deep` in the others."""
