"""Slows down a process and its descendants until it is terminated: `python slow.py PID TIMES`. Linux only.

A browser's own throttling does not affect workers. Here the whole browser is stopped most of the time, in very short
steps: it runs one of `TIMES` steps.
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
SEARCH_INTERVAL = 0.02
"""Seconds between searches for new processes."""


def family(pid: int) -> set[int]:
    """The process and its descendants."""
    pids = {pid}
    with contextlib.suppress(OSError):
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            for child in children.read_text().split():
                pids |= family(int(child))
    return pids


def send_signal(pids: Iterable[int], number: signal.Signals) -> None:
    """Sends a signal to the processes that still exist."""
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, number)


def slow(pid: int, times: float) -> None:
    """Runs the process for one of so many steps, until this one is terminated."""
    pids: set[int] = set()
    looked = 0.0
    try:
        while True:
            if time.monotonic() - looked > SEARCH_INTERVAL:
                pids, looked = family(pid), time.monotonic()
            send_signal(pids, signal.SIGCONT)
            start = time.perf_counter()
            time.sleep(STEP)
            send_signal(pids, signal.SIGSTOP)
            ran = time.perf_counter() - start  # longer than a step, if the machine is busy
            time.sleep(ran * (times - 1))
    finally:
        send_signal(family(pid), signal.SIGCONT)


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, lambda *_: sys.exit())
    slow(int(sys.argv[1]), float(sys.argv[2]))
