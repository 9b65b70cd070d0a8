"""Visits of all pages in turns, round after round, each in a new browser."""

from __future__ import annotations

import contextlib
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median

from bench.start.chromium import ChromiumProfile, fresh_chromium
from bench.start.host import Host, Line
from bench.start.pages import Case
from bench.start.visit import Visit, leave, visit
from tests.support.browsers import KINDS
from tests.support.browsers.window import Window

SLOW = Path(__file__).with_name("slow.py")
SETTLE = 1.0
"""Seconds to wait after the start of a browser."""
STAY = 6.0
"""Seconds on a page before leaving it: time for the page to fill its caches."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    """The customer's network and device."""

    name: str
    bits: float = 0
    """Per second; 0 for full speed."""
    delay: float = 0
    """Seconds from a request to the first byte."""
    slower: int = 1
    """The factor by which the processor is slower than this machine."""

    def line(self) -> Line | None:
        """A new connection of this network; None for full speed."""
        return Line(self.bits, self.delay) if self.bits else None


@dataclass(frozen=True, slots=True)
class Runs:
    """The visits of one page, round after round."""

    first: list[Visit] = field(default_factory=list)
    second: list[Visit] = field(default_factory=list)


class DifferentVerdictError(Exception):
    """A page shows another verdict than the checker, so comparing times is meaningless."""


def chromium() -> contextlib.AbstractContextManager[ChromiumProfile]:
    """A new Chromium. Raises FileNotFoundError if none is installed."""
    path = KINDS["chromium"].find()
    if not path:
        raise FileNotFoundError(KINDS["chromium"].missing)
    return fresh_chromium(path)


def compare(host: Host, paths: Sequence[str], cases: Sequence[Case]) -> None:
    """Checks that every page shows the same verdict for every case.

    Raises:
        DifferentVerdictError: A page shows another.
    """
    with chromium() as window:
        for path in paths:
            for case in cases:
                text = visit(window, host, f"{path}#{case.link}").text
                if text != case.title:
                    raise DifferentVerdictError(f"{path} shows {text!r} and not {case.title!r} to {case.link}.")
                leave(window)


def in_chromium(host: Host, pages: Mapping[str, str], condition: Condition, rounds: int) -> dict[str, Runs]:
    """A first and a second visit of each page."""
    runs = {name: Runs() for name in pages}
    for _ in range(rounds):
        for name, path in pages.items():
            with visitor(host, condition) as window:
                runs[name].first.append(visit(window, host, path))
                time.sleep(STAY)
                leave(window)
                runs[name].second.append(visit(window, host, path))
    return runs


def elsewhere(host: Host, new_window: Callable[[], Window], pages: Mapping[str, str], rounds: int) -> dict[str, Runs]:
    """A first visit of each page in a browser that is no Chromium."""
    runs = {name: Runs() for name in pages}
    host.line = None
    for _ in range(rounds):
        for name, path in pages.items():
            with contextlib.closing(new_window()) as window:
                leave(window)
                time.sleep(SETTLE)
                runs[name].first.append(visit(window, host, path))
    return runs


@contextlib.contextmanager
def visitor(host: Host, condition: Condition) -> Iterator[ChromiumProfile]:
    """A new Chromium on such a network and such a device."""
    host.line = condition.line()
    with chromium() as window, contextlib.ExitStack() as stack:
        time.sleep(SETTLE)
        if condition.slower > 1:
            command = [sys.executable, str(SLOW), str(window.pid), str(condition.slower)]
            brake = stack.enter_context(subprocess.Popen(command))
            stack.callback(brake.terminate)
        yield window


def seconds(visits: Sequence[Visit]) -> float:
    """The median seconds."""
    return median(visit.seconds for visit in visits)


def ratio(visits: Sequence[Visit], base: Sequence[Visit]) -> float:
    """The median over the rounds of the seconds divided by those of another page."""
    return median(one.seconds / other.seconds for one, other in zip(visits, base, strict=True))
