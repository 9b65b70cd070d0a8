"""Slows a process and all that it has started: `python slow.py PID TIMES`, until it is ended. On Linux only.

A browser's own throttling leaves workers alone. Here all of the browser stands still most of the time, in steps
too short to be seen: of `TIMES` steps it runs one.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Iterable
from pathlib import Path

STEP = 0.003
"""Seconds."""
LOOK = 0.02
"""Seconds after which new processes are looked for."""


def family(pid: int) -> set[int]:
    """The process, all that it has started, and what they have."""
    found = {pid}
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                found |= family(int(child))
    return found


def tell(pids: Iterable[int], number: signal.Signals) -> None:
    """Sends a signal to those that are still there."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def slow(pid: int, times: float) -> None:
    """Lets the process run one step of so many, until somebody ends this one."""
    pids: set[int] = set()
    looked = 0.0
    try:
        while True:
            if time.monotonic() - looked > LOOK:
                pids, looked = family(pid), time.monotonic()
            tell(pids, signal.SIGCONT)
            start = time.perf_counter()
            time.sleep(STEP)
            tell(pids, signal.SIGSTOP)
            ran = time.perf_counter() - start  # longer than a step, if the machine is busy
            time.sleep(ran * (times - 1))
    finally:
        tell(family(pid), signal.SIGCONT)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    slow(int(sys.argv[1]), float(sys.argv[2]))
